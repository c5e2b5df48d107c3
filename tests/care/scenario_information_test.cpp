// Scenario 23: the information that the hospital owes those who take over, on the day of the discharge (LUS 3:2).
#include "gateway/time/civil.h"
#include "tests/care/scenario.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <vector>

namespace vardbron::care {
namespace {

using enum CaseTaskKind;

struct Discharged : Start {
  explicit Discharged(std::string_view at = "2026-03-17T13:45:00") : discharge(out(at)) {
    discharge.stay.period_end = discharge.happened.text;
  }
  Notice& inform(std::string_view at) {
    Notice& notice = ward(Event::DischargeInformation, at);
    notice.payloads = {{"sammanfattning", "Ny läkemedelslista", {}}};
    return notice;
  }
  std::string status(std::string_view now = "2026-03-17T20:00:00") const {
    return status_of(later(now), Informationsoverforing, med5());
  }

  Notice& discharge;
};

const CaseTask* task_of(const Projection& now) { return find_case_task(now, Informationsoverforing, med5()); }

bool is_late(const Projection& now) {
  const CaseTask* task = task_of(now);
  return task && task->is_late;
}

TEST(Scenario23, WithoutInformationTheHospitalsTaskIsLateAfterTheDayOfTheDischarge) {
  Discharged stay;
  stay.n1.stay.planned_discharge = "2026-03-19";
  const Projection same_day = stay.later("2026-03-17T23:59:59.999+01:00");
  ASSERT_TRUE(task_of(same_day) && task_of(same_day)->deadline);
  EXPECT_EQ(time::format_local(*task_of(same_day)->deadline), "2026-03-17T23:59:59.999+01:00");
  EXPECT_EQ(task_of(same_day)->requester, med5().id);
  EXPECT_EQ(task_of(same_day)->status, "requested");
  EXPECT_FALSE(is_late(same_day));
  EXPECT_EQ(same_day.next_change, moment("2026-03-18T00:00:00+01:00"));

  const Projection after = stay.later("2026-03-18T00:00:00+01:00");
  EXPECT_TRUE(is_late(after));
  EXPECT_EQ(notified(case_events(same_day, after)), std::vector{med5().id + " task"});
  EXPECT_NE(find_resource(after, "Task", "code=informationsoverforing"), nullptr);
}

TEST(Scenario23, InformationOnTheSameDayCompletesIt) {
  Discharged stay;
  const Projection before = stay.later("2026-03-17T14:00:00");
  Notice& information = stay.inform("2026-03-17T18:00:00");
  EXPECT_EQ(stay.status("2026-03-17T19:00:00"), "completed");
  EXPECT_FALSE(is_late(stay.later()));
  EXPECT_EQ(notified(case_events(before, stay.later("2026-03-17T19:00:00"))).size(), 3u) << "the receivers";

  stay.cancel(information, "2026-03-17T19:00:00");
  EXPECT_EQ(stay.status(), "requested") << "it was taken back";
}

TEST(Scenario23, InformationOfTheDayAfterCompletesItToo) {
  Discharged stay;
  stay.inform("2026-03-18T09:00:00");
  EXPECT_EQ(stay.status("2026-03-18T10:00:00"), "completed");
}

TEST(Scenario23, InformationBeforeTheDischargeOpensItCompleted) {
  for (const char* at : {"2026-03-17T13:45:00", "2026-03-17T09:00:00", "2026-03-16T09:00:00"}) {
    Discharged stay;
    stay.inform(at);
    EXPECT_EQ(stay.status(), "completed") << at;
  }
  Discharged withdrawn;
  withdrawn.n6("2026-03-12T10:00:00");
  withdrawn.inform("2026-03-12T11:00:00");
  withdrawn.ward(Event::DischargeReadyWithdrawn, "2026-03-13T10:00:00");
  EXPECT_EQ(withdrawn.status(), "requested") << "that was for a discharge that did not come";
}

TEST(Scenario23, ACorrectionKeepsItCompletedAndANoticeThatHoldsNothingDoesNotComplete) {
  Discharged stay;
  Notice& information = stay.inform("2026-03-17T18:00:00");
  Notice& corrected = stay.correct(information, "2026-03-17T18:30:00");
  EXPECT_EQ(stay.status(), "completed");
  corrected.payloads.clear();
  EXPECT_EQ(stay.status(), "requested");
  corrected.reason = "Inga insatser behövs";
  EXPECT_EQ(stay.status(), "completed");
}

TEST(Scenario23, InformationThatNoPartyGetsDoesNotCompleteIt) {
  Discharged stay;
  stay.receivers = {soc1(), vc07()};
  stay.ward(Event::PartyChanged, "2026-03-16T10:00:00");
  stay.inform("2026-03-17T18:00:00").receivers = {hsv1()};
  EXPECT_EQ(stay.status(), "requested") << "it was removed from the case";
  stay.inform("2026-03-17T18:30:00").receivers = {soc1(), vc07()};
  EXPECT_EQ(stay.status(), "completed");
}

TEST(Scenario23, InformationIsOwedToEachUnitThatTakesOver) {
  Discharged stay;
  Notice& first = stay.inform("2026-03-17T15:00:00");
  first.receivers = {hsv1()};
  const Projection partly = stay.later("2026-03-17T16:00:00");
  EXPECT_EQ(task_of(partly)->status, "requested");
  EXPECT_TRUE(finding_says(partly, first, "information-incomplete", "SE2120990011-SOC1, SE2321990018-VC07"));
  EXPECT_NE(find_resource(partly, "Task", "Information saknas hos: Biståndsenheten, Exempelstads kommun; Vårdcentralen Linden."),
            nullptr);
  EXPECT_TRUE(is_late(stay.later("2026-03-18T00:00:00"))) << "two got none on the day";

  Notice& second = stay.inform("2026-03-17T17:00:00");
  second.receivers = {soc1(), vc07()};
  const Projection all = stay.later("2026-03-17T20:00:00");
  EXPECT_EQ(task_of(all)->status, "completed");
  EXPECT_FALSE(finding_says(all, second, "information-incomplete"));
  EXPECT_EQ(find_resource(all, "Task", "Information saknas"), nullptr);

  stay.cancel(first, "2026-03-17T19:00:00");
  EXPECT_EQ(stay.status(), "requested") << "home care has none any more";
}

TEST(Scenario23, InformationBeforeTheDischargeThatSomeLackLeavesItOpenAndTheDischargeIsAnsweredSo) {
  Discharged stay;
  Notice& information = stay.inform("2026-03-16T09:00:00");
  information.receivers = {hsv1(), soc1()};
  const Projection now = stay.later("2026-03-17T20:00:00");
  EXPECT_EQ(task_of(now)->status, "requested");
  EXPECT_FALSE(finding_says(now, information, "information-incomplete")) << "there is time until the discharge";
  EXPECT_TRUE(finding_says(now, stay.discharge, "information-incomplete", "SE2321990018-VC07"));
  information.receivers.clear();
  EXPECT_EQ(stay.status(), "completed") << "to all";
  EXPECT_FALSE(has_finding(stay.later(), "information-incomplete"));
}

TEST(Scenario23, WhoIsNoPartyAtTheDischargeIsOwedNone) {
  Discharged stay;
  stay.inform("2026-03-16T09:00:00").receivers = {hsv1(), soc1()};
  stay.receivers = {hsv1(), soc1()};
  stay.ward(Event::PartyChanged, "2026-03-16T10:00:00");
  EXPECT_EQ(stay.status(), "completed");
}

TEST(Scenario23, ACaseThatIsClosedThoughSomeLackTheInformationNamesThem) {
  Discharged stay;
  stay.inform("2026-03-17T14:00:00").receivers = {hsv1()};
  Notice& closed = stay.ward(Event::CaseClosed, "2026-03-17T15:00:00");
  EXPECT_TRUE(finding_says(stay.later(), closed, "no-discharge-information", "SE2120990011-SOC1, SE2321990018-VC07"));
}

TEST(Scenario23, ACancelledDischargeAsksForNothingAndACorrectedOneMovesTheDeadline) {
  Discharged stay;
  Notice& corrected = stay.correct(stay.discharge, "2026-03-18T09:00:00");
  corrected.stay.period_end = "2026-03-18T09:00:00+01:00";
  const Projection moved = stay.later("2026-03-18T10:00:00");
  EXPECT_EQ(time::format_local(*task_of(moved)->deadline), "2026-03-18T23:59:59.999+01:00");
  EXPECT_FALSE(is_late(moved));

  Discharged cancelled;
  cancelled.cancel(cancelled.discharge, "2026-03-17T15:00:00");
  EXPECT_EQ(cancelled.status(), "entered-in-error");
  EXPECT_FALSE(is_late(cancelled.later()));
}

TEST(Scenario23, AStayThatIsNotTakenOverOpensNone) {
  Start died;
  died.ward(Event::Death, "2026-03-17T13:00:00");
  EXPECT_EQ(task_of(died.later()), nullptr);
  Discharged dead;
  dead.discharge.stay.discharged_to = "avliden";
  EXPECT_EQ(dead.status(), "cancelled");
  Discharged at_home;
  at_home.ward(Event::Death, "2026-03-17T19:00:00");
  EXPECT_EQ(at_home.status(), "cancelled");
  Discharged interrupted;
  interrupted.ward(Event::Interruption, "2026-03-16T10:00:00");
  EXPECT_EQ(interrupted.status(), "cancelled");
  Discharged left_by_all;
  left_by_all.ward(Event::PartyChanged, "2026-03-16T10:00:00").receivers = {med5()};
  EXPECT_EQ(left_by_all.status(), "cancelled");

  Discharged other_way;
  other_way.policy.discharge_information_is_wanted = false;
  EXPECT_EQ(other_way.status(), "cancelled");

  Story inside;
  inside.add(Event::AdmissionLocal, "2026-03-10T08:00:00");
  inside.add(Event::Discharge, "2026-03-17T13:00:00").receivers.clear();
  EXPECT_TRUE(inside.project("2026-03-17T14:00:00").case_tasks.empty()) << "nobody outside knows of the stay";
}

TEST(Scenario23, ACaseThatIsClosedWithoutInformationSaysSo) {
  Discharged stay;
  Notice& closed = stay.ward(Event::CaseClosed, "2026-03-17T15:00:00");
  EXPECT_EQ(stay.status(), "cancelled");
  EXPECT_TRUE(finding_says(stay.later(), closed, "no-discharge-information", "LUS 3:2"));
  stay.inform("2026-03-17T14:00:00");
  EXPECT_EQ(stay.status(), "completed");
  EXPECT_FALSE(has_finding(stay.later(), "no-discharge-information"));
}

// Stores have cases whose patients left long before there was such a Task.
TEST(Scenario23, AStayThatEndedLongAgoHasNoLateTask) {
  Discharged stay;
  const Projection last = stay.later("2026-03-31T23:59:59.999");
  EXPECT_TRUE(is_late(last));
  EXPECT_EQ(last.next_change, moment("2026-04-01T00:00:00"));
  const Projection over = stay.later("2026-04-01T00:00:00");
  EXPECT_EQ(task_of(over)->status, "cancelled");
  EXPECT_FALSE(is_late(over));
  EXPECT_FALSE(over.next_change);
  EXPECT_TRUE(case_events(last, over).empty());

  // Somebody's notice makes the case be worked out again.
  stay.n8("2026-06-01T10:00:00");
  for (const CaseEvent& event : case_events(last, stay.later("2026-06-01T10:00:00"))) EXPECT_NE(event.event, "task");

  stay.inform("2026-06-02T10:00:00");
  EXPECT_EQ(stay.status("2026-06-02T11:00:00"), "completed") << "late, and not never";
  stay.policy.discharge_information_asked_days = 1;
  EXPECT_EQ(Discharged().status("2026-03-19T00:00:00"), "requested");
}

TEST(Scenario23, TheTaskReachesTheWardThatDischarges) {
  Start start;
  const Projection before = start.later("2026-03-17T13:00:00");
  Notice& discharge = start.out("2026-03-17T13:45:00");
  const Projection now = start.later("2026-03-17T13:50:00");
  std::vector<std::string> lines = notified(case_events(before, now));
  EXPECT_EQ(std::count(lines.begin(), lines.end(), med5().id + " task"), 1);
  for (const CaseEvent& event : case_events(before, now)) {
    if (event.party == med5().id) {
      EXPECT_EQ(event.focus, "Task/" + task_of(now)->id);
    }
  }
  const std::string id = task_of(now)->id;

  // Another ward of the hospital sends the discharge: the Task is for the ward that the case is open for, and stays the same one.
  Party other = med5();
  other.id = other.identifier.value = "SE2321990018-MED6";
  discharge.sender = other;
  EXPECT_EQ(start.later("2026-03-17T14:00:00").case_tasks.back().party, med5().id);
  from(start.ward(Event::Transfer, "2026-03-16T10:00:00"), other, {});
  EXPECT_EQ(start.later("2026-03-17T14:00:00").case_tasks.back().party, other.id);
  EXPECT_EQ(start.later("2026-03-17T14:00:00").case_tasks.back().id, id);
}

TEST(Scenario23, TheHospitalMayCompleteItsTaskItself) {
  Discharged stay;
  stay.write(med5(), Informationsoverforing, "completed", "2026-03-17T15:00:00");
  EXPECT_EQ(stay.status(), "completed");
  stay.write(soc1(), Informationsoverforing, "completed", "2026-03-17T15:00:00");
  EXPECT_TRUE(has_finding(stay.later(), "write-unknown-task"));
}

}  // namespace
}  // namespace vardbron::care
