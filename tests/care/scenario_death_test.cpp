// Scenario 27, part by part, in one ärende; what a death in one ärende does to the others is in person_view_test.cpp and
// tests/exchange/care_rules_test.cpp.
#include "gateway/care/chain/task_status.h"
#include "tests/care/scenario.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace vardbron::care {
namespace {

using enum CaseTaskKind;
using testing::HasSubstr;
using testing::Not;

std::string plan_of(const Projection& now) { return to_text(find_resource(now, "CarePlan")->document); }

/// Ready for discharge on the 12th, called to a SIP on the 20th, with a contact of the health centre.
struct Called : Start {
  Called() {
    n6("2026-03-12T10:00:00");
    n8();
    contact.contact = Contact{"Bo Lind", "010-1", "1"};
  }
  Notice& contact = party(vc07(), Event::FastVardkontakt, "2026-03-11T10:00:00");
};

void expect_nothing_open(const Projection& now, const std::string& where) {
  for (const CaseTask& task : now.case_tasks)
    EXPECT_FALSE(is_open_status(task.status)) << where << " " << to_string(task.kind) << " " << task.party << " " << task.status;
  for (const ContactReport& each : now.contacts)
    if (each.appointment) EXPECT_FALSE(each.appointment->until.empty()) << where << " " << each.appointment->contact.name;
  if (find_resource(now, "CarePlan")) EXPECT_THAT(plan_of(now), HasSubstr("status=revoked")) << where;
}

TEST(Scenario27, ADeathRevokesThePlanCancelsTheTasksEndsTheContactsAndStopsTheClock) {
  Called start;
  start.ward(Event::Death, "2026-03-16T10:00:00");
  const Projection now = start.later("2026-03-16T10:00:00");
  expect_nothing_open(now, "in the stay");
  EXPECT_EQ(status_of(now, TaOverPatient, hsv1()), "cancelled");
  EXPECT_EQ(status_of(now, KvitteraInskrivning, soc1()), "cancelled");
  ASSERT_EQ(now.contacts.size(), 1u);
  EXPECT_EQ(now.contacts[0].appointment->until, "2026-03-16T10:00:00+01:00");
  EXPECT_THAT(to_text(find_resource(now, "CareTeam", "Bo Lind")->document), HasSubstr("status=inactive"));
  EXPECT_EQ(charged(now).days, "1") << "the 15th";
  EXPECT_EQ(charged(now).first, "2026-03-15");
  EXPECT_EQ(charged(now).state, "stannad");
}

TEST(Scenario27, AfterADeathTimeAloneChangesNothing) {
  Called start;
  start.ward(Event::Death, "2026-03-16T10:00:00");
  const std::string then = to_text(start.later("2026-03-16T10:00:00"));
  for (const char* later : {"2026-03-17T00:00:00", "2026-04-16T10:00:00", "2027-03-16T10:00:00"}) {
    EXPECT_FALSE(start.later(later).next_change) << later << ": nobody is reminded of anything";
    EXPECT_EQ(to_text(start.later(later)), then) << later;
  }
}

TEST(Scenario27, ACancelledDeathLeavesAllAsBefore) {
  Called start;
  const Projection before = start.later("2026-03-16T12:00:00");
  Notice& death = start.ward(Event::Death, "2026-03-16T10:00:00");
  start.cancel(death, "2026-03-16T11:00:00");
  const Projection after = start.later("2026-03-16T12:00:00");
  EXPECT_EQ(after.standing, before.standing);
  EXPECT_EQ(after.case_tasks, before.case_tasks);
  EXPECT_EQ(after.contacts, before.contacts);
  EXPECT_EQ(after.charges, before.charges);
  EXPECT_EQ(plan_of(after), plan_of(before));
  EXPECT_EQ(after.next_change, before.next_change);
  EXPECT_EQ(after.stay, before.stay);
  EXPECT_EQ(find_resource(after, "Patient", "deceased"), nullptr);
}

TEST(Scenario27, ADeathEndsWhatIsOpenInWhateverStateTheCaseIs) {
  using Step = void (*)(Called&);
  const std::vector<std::pair<std::string, Step>> states = {
      {"ready", [](Called&) {}},
      {"planning", [](Called& start) { start.ward(Event::DischargeReadyWithdrawn, "2026-03-13T10:00:00"); }},
      {"interrupted", [](Called& start) { start.ward(Event::Interruption, "2026-03-13T10:00:00"); }},
      {"discharged", [](Called& start) { start.out("2026-03-13T10:00:00"); }},
      {"closed",
       [](Called& start) {
         start.out("2026-03-13T10:00:00");
         start.ward(Event::CaseClosed, "2026-03-14T10:00:00");
         start.n8("2026-03-15T10:00:00");
         start.party(soc1(), Event::FastVardkontakt, "2026-03-15T11:00:00").contact = Contact{"Eva Ek", "", "3"};
       }},
      {"interrupted and closed, then discharged", [](Called& start) {
         start.ward(Event::Interruption, "2026-03-13T10:00:00");
         start.ward(Event::CaseClosed, "2026-03-14T10:00:00");
         start.out("2026-03-15T10:00:00");
         start.n8("2026-03-15T11:00:00");
       }}};
  for (const auto& [name, bring] : states) {
    Called start;
    bring(start);
    start.ward(Event::Death, "2026-03-16T10:00:00");
    expect_nothing_open(start.later("2026-03-20T12:00:00"), name);
    const Projection now = start.later("2026-03-20T12:00:00");
    EXPECT_EQ(now.next_change.has_value(), now.standing.state == State::Avslutad) << name;
    if (now.next_change) EXPECT_GT(*now.next_change, moment("2026-06-01T00:00:00")) << name << ": when Patient is left";
  }
}

TEST(Scenario27, AfterADeathNobodyIsAppointedOrCalledInAClosedCaseEither) {
  Called start;
  start.out("2026-03-13T10:00:00");
  start.ward(Event::CaseClosed, "2026-03-14T10:00:00");
  start.ward(Event::Death, "2026-03-16T10:00:00");
  Notice& contact = start.party(vc07(), Event::FastVardkontakt, "2026-03-17T10:00:00");
  contact.contact = Contact{"Eva Ek", "", "1"};
  Notice& call = start.n8("2026-03-17T11:00:00");
  const Projection now = start.later();
  for (const Notice* each : {&contact, &call}) {
    EXPECT_EQ(link_status_of(now, *each), LinkStatus::History);
    EXPECT_TRUE(finding_says(now, *each, "not-allowed-in-state", "the patient is dead"));
  }
  expect_nothing_open(now, "closed");
}

TEST(Scenario27, ADeathAfterTheDischargeLeavesWhereThePatientWentAsItWas) {
  Called start;
  start.out("2026-03-13T10:00:00").stay.discharged_to = "hem";
  start.ward(Event::Death, "2026-03-16T10:00:00");
  const Projection now = start.later();
  const std::string encounter = to_text(find_resource(now, "Encounter")->document);
  EXPECT_THAT(encounter, HasSubstr("end=2026-03-13T10:00:00+01:00"));
  EXPECT_THAT(encounter, AllOf(HasSubstr("code=hem"), Not(HasSubstr("code=avliden "))));
  EXPECT_NE(find_resource(now, "Patient", "deceasedBoolean=true"), nullptr);
}

}  // namespace
}  // namespace vardbron::care
