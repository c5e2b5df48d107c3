#include "tests/care/plan/plan_story.h"

#include <gtest/gtest.h>

#include <string>

// Concern: the newest decision of the person counts, and all that a plan is made of follows it.

namespace vardbron::care::plan {
namespace {

using Decision = Consent::Decision;

/// Taken by the gateway at that time, whatever its sender says.
Notice& taken(Notice& notice, std::string_view at) {
  notice.received = moment(at);
  return notice;
}

TEST(PlanConsent, OneThatIsDatedAheadDoesNotOutliveALaterWithdrawal) {
  PlanStory story;
  story.need();
  taken(story.consent(Decision::Given, "2027-03-12T12:00:00"), "2026-03-12T12:00:00");
  Facts facts = story.fold();
  EXPECT_EQ(facts.consent, Sharing::Permitted);
  EXPECT_TRUE(has_finding(facts, "consent-to-come", "event-time"));
  taken(story.consent(Decision::Withdrawn, "2026-03-13T10:00:00"), "2026-03-13T10:01:00");
  facts = story.fold();
  EXPECT_EQ(facts.consent, Sharing::Denied);
  EXPECT_EQ(state_of(facts), "ej-aktuell");
}

TEST(PlanConsent, NeitherWhenTheWithdrawalHappenedBeforeItWasTaken) {
  PlanStory story;
  story.need();
  taken(story.consent(Decision::Given, "2026-03-12T18:00:00"), "2026-03-12T12:00:00");
  taken(story.consent(Decision::Withdrawn, "2026-03-12T11:30:00"), "2026-03-12T12:05:00");
  EXPECT_EQ(story.fold().consent, Sharing::Denied);
}

TEST(PlanConsent, AWithdrawalThatIsDatedAheadHoldsFromWhenItWasTaken) {
  PlanStory story;
  story.need();
  taken(story.consent(Decision::Withdrawn, "2027-03-12T12:00:00"), "2026-03-12T12:00:00").case_key = "plan|sip|A";
  taken(story.consent(Decision::Given, "2026-03-13T10:00:00"), "2026-03-13T10:01:00");
  EXPECT_EQ(story.fold().consent, Sharing::Permitted) << "the person consented again";
}

TEST(PlanConsent, ADateOfTheConsentAheadIsWarnedOf) {
  PlanStory story;
  story.need();
  taken(story.consent(Decision::Given, "2026-03-12T12:00:00"), "2026-03-12T12:01:00").consent->at = "2027-01-01";
  EXPECT_TRUE(has_finding(story.fold(), "consent-to-come", "Consent.dateTime"));
}

TEST(PlanConsent, TheSendersClockMayBeAFewMinutesAhead) {
  PlanStory story;
  story.need();
  taken(story.consent(Decision::Given, "2026-03-12T12:04:00"), "2026-03-12T12:00:00");
  EXPECT_FALSE(has_finding(story.fold(), "consent-to-come"));
}

TEST(PlanConsent, GivenAgainMakesADraftThatHoldsWhenItIsAgreedAgain) {
  PlanStory story = agreed_story();
  story.consent(Decision::Withdrawn, "2026-03-25T10:00:00");
  story.consent(Decision::Given, "2026-03-26T10:00:00");
  Facts facts = story.fold();
  EXPECT_EQ(state_of(facts), "samtyckt");
  EXPECT_EQ(facts.current().status, Edition::Status::Draft);
  EXPECT_FALSE(facts.current().agreed);
  EXPECT_EQ(activity_status(facts, "a1"), "cancelled");
  story.agreed("2026-03-27T10:00:00");
  facts = story.fold();
  EXPECT_EQ(facts.current().status, Edition::Status::Active);
  EXPECT_EQ(facts.editions.size(), 1u);
  EXPECT_EQ(activity_status(facts, "a1"), "requested");
}

TEST(PlanConsent, GivenAgainForAUnitAsksForItsInsatserAgain) {
  PlanStory story = agreed_story();
  story.consent(Decision::Withdrawn, "2026-03-25T10:00:00", {soc1()});
  EXPECT_EQ(activity_status(story.fold(), "a1"), "cancelled");
  story.consent(Decision::Given, "2026-03-26T10:00:00", {soc1()});
  EXPECT_EQ(activity_status(story.fold(), "a1"), "requested");
}

TEST(PlanConsent, WithdrawnFromARevisedPlanLeavesTheFormerVersionReplaced) {
  PlanStory story = agreed_story();
  story.agreed("2026-03-22T10:00:00", Event::PlanRevised);
  story.consent(Decision::Withdrawn, "2026-03-25T10:00:00");
  story.consent(Decision::Given, "2026-03-26T10:00:00");
  const Facts facts = story.fold();
  ASSERT_EQ(facts.editions.size(), 2u);
  EXPECT_EQ(facts.editions[0].status, Edition::Status::Replaced);
  EXPECT_EQ(&facts.current(), &facts.editions[1]);
}

TEST(PlanDeath, WhoAsksForSomethingAfterwardsIsWarned) {
  PlanStory story;
  StayView dead;
  dead.case_key = "SE2321990018-MED5|urn:test|D";
  dead.person.identifiers = story.need().person.identifiers;
  dead.person.deceased = true;
  dead.person.deceased_at = "2026-03-10T10:00:00+01:00";
  dead.said = dead.death_noted = moment("2026-03-10T10:00:00");
  story.person.others = {dead};
  EXPECT_TRUE(has_finding(story.fold(), "dead-elsewhere"));
}

TEST(PlanReceipt, OfAParticipantIsKept) {
  PlanStory story;
  Notice& need = story.need();
  need.identity = {"urn:test", "N-1"};
  Notice& receipt = story.says(soc1(), Event::Receipt, "2026-03-12T12:00:00");
  receipt.acknowledges = Identity{"", "N-1"};
  const Facts facts = story.fold();
  ASSERT_EQ(facts.received.size(), 1u);
  EXPECT_EQ(facts.received.begin()->first.second, soc1().id);
}

}  // namespace
}  // namespace vardbron::care::plan
