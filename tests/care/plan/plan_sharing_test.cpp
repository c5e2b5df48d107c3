#include "tests/care/plan/plan_story.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <vector>

// Concern: who reads a plan. The person decides with whom it is shared, at any time.

namespace vardbron::care::plan {
namespace {

using Decision = Consent::Decision;
using Ids = std::vector<std::string>;

TEST(PlanSharing, APlanIsForThoseWhoTakePart) {
  PlanStory story;
  story.until_meeting();
  EXPECT_EQ(story.fold().viewers, (Ids{hsv1().id, soc1().id, vc07().id}));
}

TEST(PlanSharing, ConsentWithdrawnForOneUnitEndsItsSightAtOnce) {
  PlanStory story;
  story.until_meeting();
  story.agreed("2026-03-20T15:00:00");
  story.consent(Decision::Withdrawn, "2026-03-25T10:00:00", {soc1()});
  const Facts facts = story.fold();
  EXPECT_EQ(state_of(facts), "upprattad") << "it does not undo what was agreed";
  EXPECT_EQ(facts.viewers, (Ids{hsv1().id, vc07().id}));
  EXPECT_EQ(activity_status(facts, "a1"), "cancelled");
  EXPECT_EQ(activity_status(facts, "a2"), "requested");
  for (const ActivityTask& each : facts.activities)
    if (each.activity.key == "a1") EXPECT_EQ(each.reason, "ändrade deltagare") << "without why";
  EXPECT_EQ(facts.changes.back(), "2026-03-25T10:00:00+01:00");
  EXPECT_EQ(view_of(facts).participants, (Ids{hsv1().id, vc07().id}));
}

TEST(PlanSharing, WhatTheUnitSaysAfterThatCountsNothing) {
  PlanStory story;
  story.until_meeting();
  story.consent(Decision::Withdrawn, "2026-03-25T10:00:00", {soc1()});
  story.says(soc1(), Event::PlanClosed, "2026-03-26T10:00:00");
  EXPECT_EQ(state_of(story.fold()), "hallen");
  story.consent(Decision::Given, "2026-03-25T12:00:00", {soc1()});
  EXPECT_EQ(state_of(story.fold()), "avslutad") << "the person had consented again";
}

TEST(PlanSharing, ARefusalBeforeTheUnitIsNamedHoldsWhenItIs) {
  PlanStory story;
  story.says(vc07(), Event::PlanNeed, "2026-03-12T11:00:00", {hsv1()});
  story.consent(Decision::Refused, "2026-03-12T12:00:00", {soc1()});
  story.call("2026-03-13T10:00:00", "2026-03-20T13:00:00+01:00");
  EXPECT_EQ(story.fold().viewers, (Ids{hsv1().id, vc07().id}));
}

TEST(PlanSharing, WhoIsNamedNoMoreReadsNoMore) {
  PlanStory story;
  story.until_meeting();
  story.agreed("2026-03-20T15:00:00");
  story.says(vc07(), Event::PlanParticipants, "2026-03-25T10:00:00", {hsv1()});
  const Facts facts = story.fold();
  EXPECT_EQ(facts.viewers, (Ids{hsv1().id, vc07().id}));
  EXPECT_EQ(facts.find(soc1().id)->until, "2026-03-25T10:00:00+01:00");
  EXPECT_EQ(activity_status(facts, "a1"), "cancelled");
}

TEST(PlanSharing, APersonWithoutOrganisationTakesPartAndReadsNothing) {
  PlanStory story;
  story.need().plan = PlanContent{.participants = {{"", "narstaende", "Maj Berg", "070-1", ""}}};
  const Facts facts = story.fold();
  ASSERT_NE(facts.find("person|narstaende|Maj Berg"), nullptr);
  EXPECT_EQ(facts.viewers, (Ids{hsv1().id, soc1().id, vc07().id}));
}

TEST(PlanSharing, WhoIsNoHuvudmanDecidesNothing) {
  Party employer{"SE5565594230-ARB", {"urn:oid:1.2.752.29.4.19", "SE5565594230-ARB"}, "Arbetsgivaren AB", "", Role::Unknown};
  PlanStory story;
  Notice& need = story.need();
  need.receivers.push_back(employer);
  story.until_meeting();
  story.says(employer, Event::PlanClosed, "2026-03-26T10:00:00");
  EXPECT_EQ(state_of(story.fold()), "hallen");
  EXPECT_TRUE(has_finding(story.fold(), "not-allowed-in-state", "the region's and the municipality's"));
}

}  // namespace
}  // namespace vardbron::care::plan
