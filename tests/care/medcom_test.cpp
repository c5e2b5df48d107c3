#include "tests/care/story.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

// The flows of MedCom's acceptance tests for receivers, as canonical notices. Danish hospitals identify units by SOR, notify one
// receiver, and send no planned discharge.
namespace vardbron::care {
namespace {

Party sor(std::string number, std::string name) {
  return {"urn:oid:1.2.208.176.1.1|" + number, {"urn:oid:1.2.208.176.1.1", number}, std::move(name), "", Role::Unknown};
}

Party herlev() { return sor("265161000016000", "Hjerteafdelingen"); }
Party care_home() { return sor("953741000016009", "Plejecenter"); }

Notice& danish(Notice& notice, std::string start = "2023-03-01T12:00:00+01:00") {
  from(notice, herlev(), {care_home()});
  notice.person = {};
  notice.person.identifiers = {{"urn:oid:1.2.208.176.1.2", "2509479989"}};
  notice.person.deceased = notice.event == Event::Death;
  notice.stay.provider.clear();
  notice.stay.planned_discharge.clear();
  notice.stay.period_start = std::move(start);
  return notice;
}

Notice& stin(Story& story) { return danish(story.add(Event::Admission, "2023-03-01T12:00:02+01:00")); }

TEST(MedCom, AdmissionThenDischargeEndsTheStay) {  // STIN, SLHJ
  Story story;
  stin(story);
  Projection in = story.project();
  danish(story.add(Event::Discharge, "2023-03-07T09:45:32+01:00")).stay.period_end = "2023-03-07T09:45:30+01:00";

  Projection out = story.project();

  EXPECT_EQ(encounter_status(in), "in-progress");
  EXPECT_EQ(encounter_status(out), "finished");
  EXPECT_EQ(notified(case_events(in, out)), std::vector{care_home().id + " discharge"});
}

TEST(MedCom, LeaveBeginsAndEnds) {  // STIN, STOR, SLOR
  Story story;
  stin(story);
  danish(story.add(Event::LeaveStart, "2023-03-03T14:00:12+01:00"));
  Projection away = story.project();
  danish(story.add(Event::LeaveEnd, "2023-03-05T15:30:02+01:00"));

  Projection back = story.project();

  EXPECT_EQ(encounter_status(away), "onleave");
  EXPECT_EQ(encounter_status(back), "in-progress");
  EXPECT_NE(find_resource(back, "Encounter", "statusHistory"), nullptr);
}

TEST(MedCom, DischargeFromLeaveEndsBoth) {  // STIN, STOR, SLHJ
  Story story;
  stin(story);
  danish(story.add(Event::LeaveStart, "2023-03-03T14:00:12+01:00"));
  danish(story.add(Event::Discharge, "2023-03-05T12:00:00+01:00"));

  Projection now = story.project();

  EXPECT_EQ(encounter_status(now), "finished");
  EXPECT_FALSE(now.standing.on_leave);
}

TEST(MedCom, CancelledAdmissionMakesThePersonActiveAgain) {  // STIN, AN_STIN
  Story story;
  Notice& admission = stin(story);
  danish(story.cancel(admission, "2023-03-01T14:00:02+01:00"));

  Projection now = story.project();

  EXPECT_EQ(encounter_status(now), "entered-in-error");
  EXPECT_EQ(communication_status(now, admission, care_home()), "entered-in-error");
}

TEST(MedCom, CorrectedAdmissionReplacesTheTimeAndAsksNobodyTwice) {  // STIN, RE_STIN
  Story story;
  Notice& admission = stin(story);
  Projection before = story.project();
  Notice& correction = story.correct(admission, "2023-03-01T15:00:02+01:00");
  correction.stay.period_start = "2023-03-01T08:00:00+01:00";

  Projection after = story.project();

  EXPECT_NE(find_resource(after, "Encounter", "start=2023-03-01T08:00:00+01:00"), nullptr);
  EXPECT_EQ(communication_status(after, admission, care_home()), "entered-in-error");
  EXPECT_EQ(communication_status(after, correction, care_home()), "completed");
  EXPECT_EQ(before.case_tasks.size(), after.case_tasks.size()) << "no second report is asked for";
  EXPECT_EQ(notified(case_events(before, after)), std::vector{care_home().id + " corrected"});
}

TEST(MedCom, CancellingACorrectedAdmissionCancelsBothVersions) {  // STIN, RE_STIN, AN_STIN
  Story story;
  Notice& admission = stin(story);
  Notice& correction = story.correct(admission, "2023-03-01T15:00:02+01:00");
  correction.stay.period_start = "2023-03-01T13:00:00+01:00";
  danish(story.cancel(correction, "2023-03-01T16:00:00+01:00"));

  Projection now = story.project();

  EXPECT_EQ(encounter_status(now), "entered-in-error");
  EXPECT_EQ(link_status_of(now, admission), LinkStatus::Nullified);
  EXPECT_EQ(link_status_of(now, correction), LinkStatus::Nullified);
}

// Some sources put the time of the correction where the time of the event belongs: a leave must not move before its admission.
TEST(MedCom, CorrectedAdmissionKeepsItsPlaceBeforeTheLeave) {
  Story story;
  Notice& admission = stin(story);
  danish(story.add(Event::LeaveStart, "2023-03-03T14:00:12+01:00"));
  story.correct(admission, "2023-03-04T10:00:00+01:00");

  EXPECT_EQ(encounter_status(story.project()), "onleave");
}

TEST(MedCom, AcuteBecomesInpatientWithoutASecondReport) {  // STAA, STIN
  Story story;
  Notice& acute = danish(story.add(Event::Admission, "2023-02-28T10:00:06+01:00"), "2023-02-28T10:00:04+01:00");
  acute.stay.class_code = "EMER";
  Projection before = story.project();
  stin(story);

  Projection after = story.project();

  EXPECT_NE(find_resource(before, "Encounter", "EMER"), nullptr);
  EXPECT_NE(find_resource(after, "Encounter", "IMP"), nullptr);
  EXPECT_EQ(before.case_tasks.size(), after.case_tasks.size());
}

TEST(MedCom, LateAdmissionAfterDischargeIsHistoryOnly) {  // STAA, SLHJ, and STIN late
  Story story;
  Notice& acute = danish(story.add(Event::Admission, "2023-02-28T10:00:06+01:00"), "2023-02-28T10:00:04+01:00");
  acute.stay.class_code = "EMER";
  danish(story.add(Event::Discharge, "2023-03-03T15:00:00+01:00"));
  Projection before = story.project();
  Notice& late = danish(story.add(Event::Admission, "2023-03-01T15:00:00+01:00"), "2023-03-01T15:00:00+01:00");

  Projection after = story.project();

  EXPECT_EQ(encounter_status(after), "finished");
  EXPECT_EQ(communication_status(after, late, care_home()), "completed");
  EXPECT_EQ(notified(case_events(before, after)), std::vector{care_home().id + " admission (history)"});
}

TEST(MedCom, DeathStopsEverythingFromEveryState) {  // MORS; STIN, MORS; STIN, STOR, MORS
  for (bool is_on_leave : {false, true}) {
    Story story;
    stin(story);
    if (is_on_leave) danish(story.add(Event::LeaveStart, "2023-03-03T14:00:12+01:00"));
    danish(story.add(Event::Death, "2023-03-04T12:00:00+01:00"));
    danish(story.add(Event::LeaveEnd, "2023-03-05T12:00:00+01:00"));

    Projection now = story.project();

    EXPECT_EQ(encounter_status(now), "finished");
    EXPECT_EQ(now.standing.state, State::Avliden);
    EXPECT_NE(find_resource(now, "Patient", "deceasedBoolean=true"), nullptr);
  }
}

TEST(MedCom, CancelledDeathRestoresTheLeave) {  // AN_MORS
  Story story;
  stin(story);
  danish(story.add(Event::LeaveStart, "2023-03-03T14:00:12+01:00"));
  Notice& death = danish(story.add(Event::Death, "2023-03-04T12:00:00+01:00"));
  danish(story.cancel(death, "2023-03-04T13:00:00+01:00"));

  Projection now = story.project();

  EXPECT_EQ(encounter_status(now), "onleave");
  EXPECT_EQ(find_resource(now, "Patient", "deceased"), nullptr);
}

TEST(MedCom, TheSameNoticeTwiceIsThereOnce) {  // TEK_DUB
  Story story;
  stin(story);
  Chain once = story.chain();
  Chain twice = {once[0], once[0]};

  EXPECT_EQ(to_text(story.project(twice)), to_text(story.project(once)));
}

}  // namespace
}  // namespace vardbron::care
