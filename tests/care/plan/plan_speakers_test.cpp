#include "gateway/care/plan/plan_speakers.h"

#include "tests/care/plan/plan_story.h"

#include <gtest/gtest.h>

#include <string>

// Concern: who may agree a plan and record consent is what the gateway knows, and not what a sender calls itself.

namespace vardbron::care::plan {
namespace {

using Decision = Consent::Decision;

/// A company that calls itself a region's health centre.
Party company(Role role = Role::Oppenvard) {
  return {"SE5565594230-VC1", {"urn:oid:1.2.752.29.4.19", "SE5565594230-VC1"}, "Vårdbolaget", "", role};
}

/// A plan to which the company is called.
PlanStory with_company(const Party& called) {
  PlanStory story;
  story.says(vc07(), Event::PlanNeed, "2026-03-12T11:00:00", {hsv1(), soc1(), called});
  story.consent(Decision::Given, "2026-03-12T12:00:00");
  return story;
}

TEST(PlanSpeakers, WhatASenderCallsItselfAgreesNoPlan) {
  PlanStory story = with_company(company(Role::Unknown));
  story.agreed("2026-03-20T15:00:00").sender = company();
  const Facts facts = story.fold();
  EXPECT_EQ(state_of(facts), "samtyckt");
  EXPECT_TRUE(has_finding(facts, "not-allowed-in-state", "known as none by its HSA-id"));
}

TEST(PlanSpeakers, NeitherDoesTheFirstNoticeOfAPlan) {
  PlanStory story;
  story.agreed("2026-03-20T15:00:00").sender = company();
  EXPECT_EQ(state_of(story.fold()), "ingen");
}

TEST(PlanSpeakers, WhatAUnitOfAHuvudmanCallsItDoes) {
  PlanStory story = with_company(company(Role::Oppenvard));
  from(story.agreed("2026-03-20T15:00:00"), company(), {vc07(), hsv1(), soc1()});
  EXPECT_EQ(state_of(story.fold()), "upprattad");
}

TEST(PlanSpeakers, WhoIsNoHuvudmanWithdrawsConsentForItselfAlone) {
  PlanStory story = with_company(company(Role::Unknown));
  from(story.consent(Decision::Withdrawn, "2026-03-13T10:00:00"), company(), {});
  from(story.consent(Decision::Withdrawn, "2026-03-13T11:00:00", {soc1()}), company(), {});
  Facts facts = story.fold();
  EXPECT_EQ(state_of(facts), "samtyckt");
  EXPECT_TRUE(has_finding(facts, "not-a-huvudman", "Tell one of those who takes part"));
  EXPECT_EQ(facts.viewers.size(), 4u);
  from(story.consent(Decision::Withdrawn, "2026-03-13T12:00:00", {company()}), company(), {});
  EXPECT_EQ(story.fold().viewers.size(), 3u) << "it does not get the plan any more";
}

// Who begins a plan and says itself that the person consents would read the person by it.
TEST(PlanSpeakers, WhoIsNoHuvudmanGivesNoConsent) {
  PlanStory story;
  from(story.need(), company(), {});
  from(story.consent(Decision::Given, "2026-03-13T10:00:00"), company(), {});
  EXPECT_EQ(story.fold().consent, Sharing::NotAsked);
}

TEST(PlanSpeakers, ABodyIsKnownByItsNumber) {
  EXPECT_EQ(huvudman_by_number(vc07()), Huvudman::Region);
  EXPECT_EQ(huvudman_by_number(soc1()), Huvudman::Kommun);
  EXPECT_EQ(huvudman_by_number(company()), Huvudman::Other);
  Party gotland{"SE2120000803-VC1", {}, "", "", Role::Oppenvard};
  EXPECT_EQ(huvudman_by_number(gotland), Huvudman::Region);
  gotland.role = Role::Socialtjanst;
  EXPECT_EQ(huvudman_by_number(gotland), Huvudman::Kommun);
}

}  // namespace
}  // namespace vardbron::care::plan
