#include "tests/care/scenario.h"

#include <gtest/gtest.h>

#include <string>
#include <string_view>

// Concern: what the plan of an ärende is decides whether a call to a SIP is asked for, and what the clock asks.

namespace vardbron::care {
namespace {

/// N6 without a call, and out: what the ärende reads of its plan.
Start with_plan(std::string_view kind, std::string_view state) {
  Start start;
  start.n6("2026-03-12T10:00:00");
  start.out("2026-03-17T10:00:00");
  StayView plan;
  plan.case_key = arende_plan_key(start.n1.case_key);
  plan.person.identifiers = start.n1.person.identifiers;
  plan.said = moment("2026-03-12T15:00:00");
  plan.plan_kind = kind;
  plan.plan_state = state;
  start.person.others = {plan};
  return start;
}

TEST(Scenario39, OfAPlanThatThePersonRefusedNoCallIsAskedFor) {
  const Start start = with_plan("SIP", "ej-aktuell");
  EXPECT_EQ(status_of(start.later(), CaseTaskKind::KallaTillSip, vc07()), "cancelled");
  EXPECT_EQ(charged(start.later()).days, "2") << "the condition of the call falls";
  Start by_other_policy = with_plan("SIP", "ej-aktuell");
  by_other_policy.policy.refused_plan_needs_no_call = false;
  EXPECT_EQ(status_of(by_other_policy.later(), CaseTaskKind::KallaTillSip, vc07()), "requested");
}

TEST(Scenario46, ASamordnadVardplanTakesThePlaceOfTheSip) {
  const Start start = with_plan("SPLPTLRV", "justeras");
  EXPECT_EQ(status_of(start.later(), CaseTaskKind::KallaTillSip, vc07()), "cancelled");
  EXPECT_EQ(charged(start.later()).days, "2");
}

TEST(Scenario46, AnyOtherPlanLeavesTheCallAskedFor) {
  const Start start = with_plan("SIP", "behov-bedomt");
  EXPECT_EQ(status_of(start.later(), CaseTaskKind::KallaTillSip, vc07()), "requested");
}

}  // namespace
}  // namespace vardbron::care
