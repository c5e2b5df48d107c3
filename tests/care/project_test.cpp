#include "gateway/care/project.h"

#include "gateway/time/civil.h"
#include "tests/care/story.h"

#include <gtest/gtest.h>

#include <string>

namespace vardbron::care {
namespace {

using enum CaseTaskKind;

std::string deadline(const Projection& projection, CaseTaskKind kind, const Party& party) {
  const CaseTask* case_task = find_case_task(projection, kind, party);
  return case_task && case_task->deadline ? time::format_local(*case_task->deadline) : "none";
}

bool says(const Projection& projection, std::string_view type, std::string_view text) {
  return find_resource(projection, type, text) != nullptr;
}

TEST(Case, StaysInsideTheRegionUntilAnAdmissionNoticeExists) {
  Story story;
  story.add(Event::AdmissionLocal, "2025-03-20T08:00:00+01:00");

  Projection inside = story.project();

  EXPECT_EQ(inside.standing.state, State::InskrivenEjMeddelad);
  EXPECT_EQ(inside.parties, std::vector{hospital().id});
  EXPECT_TRUE(case_events({}, inside).empty());
  EXPECT_TRUE(inside.case_tasks.empty());

  story.add(Event::Admission, "2025-03-20T10:00:00+01:00");
  Projection outside = story.project();
  EXPECT_EQ(notified(case_events(inside, outside)).size(), 3u);
}

TEST(Case, KeepsADischargeToItselfUntilItsAdmissionHasCome) {
  Story story;
  Notice& discharge = story.add(Event::Discharge, "2025-03-24T10:00:00+01:00");
  Projection before = story.project();
  EXPECT_EQ(communication_status(before, discharge, social()), "not-done");
  EXPECT_TRUE(case_events({}, before).empty());
  EXPECT_TRUE(before.parties.empty());

  story.add(Event::Admission, "2025-03-20T10:00:00+01:00");

  Projection after = story.project();
  EXPECT_EQ(communication_status(after, discharge, social()), "completed");
  EXPECT_EQ(after.standing.state, State::Utskriven);
  EXPECT_EQ(notified(case_events(before, after)).size(), 7u) << "both notices, to three parties; its Task, to the hospital";
}

TEST(Case, TellsEachPartyOfItsOwnTasks) {
  Story story;
  Notice& admission = story.add(Event::Admission, "2025-03-20T10:00:00+01:00");

  Projection now = story.project();

  EXPECT_EQ(now.standing.state, State::Inskriven);
  EXPECT_EQ(encounter_status(now), "in-progress");
  for (const Party& party : {clinic(), social(), nursing()}) {
    EXPECT_EQ(status_of(now, KvitteraInskrivning, party), "requested");
    EXPECT_EQ(communication_status(now, admission, party), "completed");
  }
  EXPECT_EQ(status_of(now, UtseFastVardkontakt, clinic()), "requested");
  EXPECT_EQ(status_of(now, UtseFastVardkontakt, social()), "none");
  EXPECT_EQ(deadline(now, UtseFastVardkontakt, clinic()), "2025-03-26T23:59:59.999+01:00");
  EXPECT_EQ(status_of(now, TaOverPatient, nursing()), "none");
}

TEST(Case, CountsTwentyFourHoursAcrossBothChangesOfTheClock) {
  Story spring, autumn;
  spring.add(Event::Admission, "2025-03-29T10:00:00+01:00");
  autumn.add(Event::Admission, "2025-10-25T10:00:00+02:00");

  EXPECT_EQ(deadline(spring.project(), KvitteraInskrivning, social()), "2025-03-30T11:00:00+02:00");
  EXPECT_EQ(deadline(autumn.project(), KvitteraInskrivning, social()), "2025-10-26T09:00:00+01:00");
}

TEST(Case, StartsTheClocksOfSipAndHandoverWhenThePatientIsReady) {
  Story story;
  story.add(Event::Admission, "2025-03-20T10:00:00+01:00");
  story.add(Event::DischargeReady, "2025-03-27T12:00:01+01:00");

  Projection now = story.project("2025-03-27T12:00:00Z");

  EXPECT_EQ(now.standing.state, State::Utskrivningsklar);
  EXPECT_EQ(deadline(now, KallaTillSip, clinic()), "2025-03-30T23:59:59.999+02:00");  // the day of 23 hours
  EXPECT_EQ(deadline(now, TaOverPatient, nursing()), "2025-03-30T23:59:59.999+02:00");
  EXPECT_EQ(deadline(now, TaOverPatient, social()), "2025-03-30T23:59:59.999+02:00");
  EXPECT_EQ(status_of(now, TaOverPatient, clinic()), "none");
  EXPECT_TRUE(says(now, "Encounter", "utskrivningsklar valueDateTime=2025-03-27T12:00:01+01:00"));
}

TEST(Case, TakesTheDeadlineFromTheAgreement) {
  Story story;
  story.policy = stockholm_psychiatric();
  story.policy.sip_call_is_wanted = false;
  story.add(Event::Admission, "2025-10-20T10:00:00+02:00");
  story.add(Event::DischargeReady, "2025-10-22T11:00:00+02:00");

  Projection now = story.project("2025-10-22T12:00:00Z");

  EXPECT_EQ(deadline(now, TaOverPatient, nursing()), "2025-10-26T23:59:59.999+01:00");  // the day of 25 hours
  EXPECT_NE(status_of(now, KallaTillSip, clinic()), "requested");
}

TEST(Case, MarksALateTaskAndSaysWhenTheNextOneGetsLate) {
  Story story;
  story.add(Event::Admission, "2025-03-20T10:00:00+01:00");

  Projection before = story.project("2025-03-21T09:00:00Z");
  EXPECT_FALSE(says(before, "Task", "forsenad"));
  ASSERT_TRUE(before.next_change);
  EXPECT_EQ(*before.next_change, moment("2025-03-21T10:00:00.001+01:00"));

  Projection after = story.project("2025-03-21T09:00:00.001Z");
  EXPECT_TRUE(says(after, "Task", "forsenad"));
}

TEST(Case, WithdrawsWhatReadinessAskedFor) {
  Story story;
  story.add(Event::Admission, "2025-03-20T10:00:00+01:00");
  story.add(Event::DischargeReady, "2025-03-22T10:00:00+01:00");
  story.add(Event::DischargeReadyWithdrawn, "2025-03-23T10:00:00+01:00");

  Projection now = story.project();

  EXPECT_EQ(now.standing.state, State::Planeras);
  EXPECT_EQ(status_of(now, TaOverPatient, nursing()), "cancelled");
  EXPECT_FALSE(says(now, "Encounter", "StructureDefinition/utskrivningsklar"));

  story.add(Event::DischargeReady, "2025-03-24T10:00:00+01:00");
  Projection again = story.project();
  EXPECT_EQ(status_of(again, TaOverPatient, nursing()), "requested");
  EXPECT_EQ(deadline(again, TaOverPatient, nursing()), "2025-03-26T23:59:59.999+01:00") << "counted from zero";
}

// Rule 5: cancelling restores the state before the cancelled event.
TEST(Case, RestoresWhatWasTrueBeforeACancelledNotice) {
  struct Row {
    Event event;
    std::string_view before, after;
  };
  constexpr Row table[] = {
      {Event::DischargeReady, "in-progress", "in-progress"}, {Event::LeaveStart, "in-progress", "onleave"},
      {Event::Discharge, "in-progress", "finished"},         {Event::Death, "in-progress", "finished"},
      {Event::Interruption, "in-progress", "in-progress"},
  };
  for (const Row& row : table) {
    Story story;
    story.add(Event::Admission, "2025-03-20T10:00:00+01:00");
    Projection before = story.project();
    Notice& mistake = story.add(row.event, "2025-03-22T10:00:00+01:00");
    Projection wrong = story.project();
    story.cancel(mistake, "2025-03-22T11:00:00+01:00");

    Projection after = story.project();

    EXPECT_EQ(encounter_status(wrong), row.after) << to_string(row.event);
    EXPECT_EQ(after.standing, before.standing) << to_string(row.event);
    EXPECT_EQ(encounter_status(after), row.before);
    EXPECT_EQ(to_text(find_resource(after, "Encounter")->document), to_text(find_resource(before, "Encounter")->document));
    EXPECT_EQ(to_text(find_resource(after, "Patient")->document), to_text(find_resource(before, "Patient")->document));
    EXPECT_EQ(communication_status(after, mistake, social()), "entered-in-error");
    EXPECT_EQ(status_of(after, KvitteraInskrivning, social()), "requested") << "reminders live again";
  }
}

TEST(Case, LetsACancellationComeBeforeWhatItCancels) {
  Story story;
  story.add(Event::Admission, "2025-03-20T10:00:00+01:00");
  Notice& discharge = story.add(Event::Discharge, "2025-03-22T10:00:00+01:00");
  Notice& cancellation = story.cancel(discharge, "2025-03-22T11:00:00+01:00");
  Chain chain = story.chain();
  Chain without = {chain[0], chain[2]};

  Projection early = story.project(without);
  Projection late = story.project(chain);

  EXPECT_EQ(communication_status(early, cancellation, social()), "not-done");
  EXPECT_EQ(late.standing.state, State::Inskriven);
  EXPECT_EQ(communication_status(late, cancellation, social()), "completed");
  EXPECT_EQ(notified(case_events(early, late)),
            (std::vector<std::string>{nursing().id + " nullified", social().id + " nullified", clinic().id + " nullified"}));
}

TEST(Case, RestoresACancelledNoticeWhenTheCancellationIsCancelled) {
  Story story;
  story.add(Event::Admission, "2025-03-20T10:00:00+01:00");
  Notice& discharge = story.add(Event::Discharge, "2025-03-22T10:00:00+01:00");
  Notice& cancellation = story.cancel(discharge, "2025-03-22T11:00:00+01:00");
  story.cancel(cancellation, "2025-03-22T12:00:00+01:00");

  EXPECT_EQ(story.project().standing.state, State::Utskriven);
}

TEST(Case, HidesThePersonWhenTheWholeCaseIsCancelled) {
  Story story;
  Notice& admission = story.add(Event::Admission, "2025-03-20T10:00:00+01:00");
  Notice& leave = story.add(Event::LeaveStart, "2025-03-21T10:00:00+01:00");
  Projection before = story.project();
  story.cancel(admission, "2025-03-21T11:00:00+01:00");

  Projection after = story.project();

  EXPECT_EQ(after.standing.state, State::Makulerad);
  EXPECT_EQ(encounter_status(after), "entered-in-error");
  EXPECT_FALSE(says(after, "Patient", "Berg"));
  EXPECT_FALSE(says(after, "Patient", "1950"));
  EXPECT_TRUE(may_see(after, social())) << "who was told has to hide it";
  EXPECT_EQ(communication_status(after, admission, social()), "entered-in-error");
  EXPECT_EQ(communication_status(after, leave, social()), "entered-in-error");
  EXPECT_EQ(status_of(after, KvitteraInskrivning, social()), "entered-in-error");
  EXPECT_EQ(case_events(before, after).front().event, "nullified");
}

TEST(Case, OnlyTheOriginatorMayCancel) {
  Story story;
  Notice& admission = story.add(Event::Admission, "2025-03-20T10:00:00+01:00");
  story.cancel(admission, "2025-03-20T11:00:00+01:00").sender = social();

  Projection now = story.project();

  EXPECT_EQ(now.standing.state, State::Inskriven);
  EXPECT_TRUE(has_finding(now, "not-the-originator"));
}

TEST(Case, AnotherWardOfTheRegionMaySpeakAndAnotherRegionMayNot) {
  Story story;
  story.add(Event::Admission, "2025-03-20T10:00:00+01:00");
  story.add(Event::DischargeReady, "2025-03-21T10:00:00+01:00").sender = other_ward();
  Notice& foreign = story.add(Event::Discharge, "2025-03-22T10:00:00+01:00");
  foreign.sender = far_hospital();
  Notice& municipal = story.add(Event::Discharge, "2025-03-22T11:00:00+01:00");
  municipal.sender = nursing();

  Projection now = story.project();

  EXPECT_EQ(now.standing.state, State::Utskrivningsklar);
  EXPECT_EQ(link_status_of(now, foreign), LinkStatus::Withheld);
  EXPECT_EQ(link_status_of(now, municipal), LinkStatus::Withheld);
  EXPECT_EQ(communication_status(now, foreign, social()), "not-done");
}

TEST(Case, KeepsANoticeAboutAnotherPatientAway) {
  Story story;
  story.add(Event::Admission, "2025-03-20T10:00:00+01:00");
  Notice& wrong = story.add(Event::Discharge, "2025-03-22T10:00:00+01:00");
  wrong.person.identifiers[0].value = "196101182803";

  Projection now = story.project();

  EXPECT_EQ(link_status_of(now, wrong), LinkStatus::Withheld);
  EXPECT_TRUE(has_finding(now, "other-patient"));
  EXPECT_FALSE(says(now, "Patient", "196101182803"));
}

TEST(Case, GivesAPersonANumberBesideItsReserveNumber) {
  Story story;
  story.add(Event::Admission, "2025-03-20T10:00:00+01:00").person.identifiers = {{"urn:oid:1.2.752.97.3.1.3", "991981000010"}};
  story.add(Event::DischargeReady, "2025-03-22T10:00:00+01:00");

  Projection now = story.project();

  EXPECT_TRUE(says(now, "Patient", "991981000010"));
  EXPECT_TRUE(says(now, "Patient", "195009072553"));
  EXPECT_TRUE(has_finding(now, "patient-identifier-changed"));
}

TEST(Case, TellsARemovedPartyOnceAndNothingAfterwards) {
  Story story;
  story.add(Event::Admission, "2025-03-20T10:00:00+01:00");
  Projection first = story.project();
  Notice& change = story.add(Event::PartyChanged, "2025-03-21T10:00:00+01:00");
  change.receivers = {clinic(), social(), new_nursing()};

  Projection second = story.project();

  EXPECT_FALSE(may_see(second, nursing()));
  EXPECT_TRUE(may_see(second, new_nursing()));
  EXPECT_EQ(status_of(second, KvitteraInskrivning, nursing()), "cancelled");
  EXPECT_EQ(status_of(second, KvitteraInskrivning, new_nursing()), "requested");
  std::vector<CaseEvent> events = case_events(first, second);
  EXPECT_EQ(notified(events).size(), 4u);
  for (const CaseEvent& event : events)
    if (event.party == nursing().id) {
      EXPECT_TRUE(event.focus.starts_with("Communication/")) << "the case itself is closed to it";
      EXPECT_TRUE(event.context.empty());
    }

  Notice& ready = story.add(Event::DischargeReady, "2025-03-22T10:00:00+01:00");
  Projection third = story.project();
  EXPECT_EQ(communication_status(third, ready, nursing()), "not-done");
  EXPECT_TRUE(has_finding(third, "removed-party"));
  for (const CaseEvent& event : case_events(second, third)) EXPECT_NE(event.party, nursing().id);
}

TEST(Case, LetsAPartyPutItsOwnUnitInItsPlaceAndNobodyElses) {
  Story story;
  story.add(Event::Admission, "2025-03-20T10:00:00+01:00");
  from(story.add(Event::PartyChanged, "2025-03-21T10:00:00+01:00"), nursing(), {clinic(), social(), new_nursing()});
  Notice& greedy =
      from(story.add(Event::PartyChanged, "2025-03-21T11:00:00+01:00"), new_nursing(), {new_nursing(), far_social()});

  Projection now = story.project();

  EXPECT_TRUE(may_see(now, new_nursing()));
  EXPECT_FALSE(may_see(now, nursing()));
  EXPECT_FALSE(may_see(now, far_social()));
  EXPECT_TRUE(may_see(now, clinic()));
  EXPECT_EQ(link_status_of(now, greedy), LinkStatus::Withheld);
}

TEST(Case, WarnsWhenSomebodyLeavesWithoutFastVardkontakt) {
  Story without, with;
  for (Story* story : {&without, &with}) {
    story->add(Event::Admission, "2025-03-20T10:00:00+01:00");
    if (story == &with) {
      Notice& notice = from(story->add(Event::FastVardkontakt, "2025-03-21T10:00:00+01:00"), clinic(), {hospital(), nursing()});
      notice.contact = Contact{"Bo Lind", "010-2", "4"};
    }
    story->add(Event::Discharge, "2025-03-22T10:00:00+01:00");
  }

  EXPECT_TRUE(has_finding(without.project(), "no-fast-vardkontakt"));
  EXPECT_FALSE(has_finding(with.project(), "no-fast-vardkontakt"));
  EXPECT_EQ(status_of(with.project(), UtseFastVardkontakt, clinic()), "completed");
  EXPECT_TRUE(says(with.project(), "CareTeam", "Bo Lind"));
}

TEST(Case, HidesTheAddressOfAProtectedPersonInEveryResource) {
  Story story;
  story.add(Event::Admission, "2025-03-20T10:00:00+01:00");
  EXPECT_TRUE(says(story.project(), "Patient", "Brogatan"));

  Notice& marked = story.add(Event::DischargeReady, "2025-03-21T10:00:00+01:00");
  marked.person.protection = Protection::SkyddadFolkbokforing;

  Projection now = story.project();
  for (const Projected& resource : now.resources) {
    EXPECT_EQ(to_text(resource.document).find("Brogatan"), std::string::npos) << resource.type;
    if (resource.is_deleted) continue;
    EXPECT_NE(to_text(resource.document).find("skyddadFolkbokforing"), std::string::npos) << resource.type;
  }
}

TEST(Case, AcknowledgesTheNoticeThatAReceiptNames) {
  Story story;
  Notice& admission = story.add(Event::Admission, "2025-03-20T10:00:00+01:00");
  story.receipt(admission, social(), "2025-03-20T10:30:00+01:00");

  Projection now = story.project();

  EXPECT_EQ(now.standing.state, State::Planeras);
  EXPECT_EQ(status_of(now, KvitteraInskrivning, social()), "completed");
  EXPECT_TRUE(says(now, "Communication", "received=2025-03-20T10:30:00+01:00"));
  EXPECT_TRUE(says(now, "Communication", "inResponseTo"));
}

TEST(Case, EndsEveryTaskWhenThePatientDies) {
  Story story;
  story.add(Event::Admission, "2025-03-20T10:00:00+01:00");
  story.add(Event::DischargeReady, "2025-03-21T10:00:00+01:00");
  story.add(Event::Death, "2025-03-22T10:00:00+01:00");

  Projection now = story.project("2025-03-23T00:00:00Z");

  EXPECT_EQ(now.standing.state, State::Avliden);
  for (const CaseTask& case_task : now.case_tasks) EXPECT_EQ(case_task.status, "cancelled");
  EXPECT_FALSE(now.next_change);
  EXPECT_TRUE(says(now, "Patient", "deceasedBoolean=true"));
}

TEST(Case, NeedsANewCaseForANewStay) {
  Story story;
  story.add(Event::Admission, "2025-03-20T10:00:00+01:00");
  story.add(Event::Discharge, "2025-03-22T10:00:00+01:00");
  Notice& again = story.add(Event::Admission, "2025-03-25T10:00:00+01:00");

  Projection now = story.project();

  EXPECT_EQ(now.standing.state, State::Utskriven);
  EXPECT_EQ(link_status_of(now, again), LinkStatus::History);
  EXPECT_EQ(communication_status(now, again, social()), "completed") << "told, though it changes nothing";
}

}  // namespace
}  // namespace vardbron::care
