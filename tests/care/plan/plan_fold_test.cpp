#include "gateway/care/plan/plan_fold.h"

#include "tests/care/plan/plan_story.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace vardbron::care::plan {
namespace {

using Decision = Consent::Decision;

TEST(Plan, GoesFromNeedToFollowUp) {
  PlanStory story;
  story.need();
  EXPECT_EQ(state_of(story.fold()), "behov-bedomt");
  story.consent(Decision::Given, "2026-03-12T12:00:00");
  EXPECT_EQ(state_of(story.fold()), "samtyckt");
  story.call("2026-03-13T10:00:00", "2026-03-20T13:00:00+01:00");
  EXPECT_EQ(state_of(story.fold()), "kallad");
  story.says(vc07(), Event::PlanHeld, "2026-03-20T14:00:00");
  EXPECT_EQ(state_of(story.fold()), "hallen");
  story.agreed("2026-03-20T15:00:00");
  EXPECT_EQ(state_of(story.fold()), "upprattad");
  story.says(vc07(), Event::PlanFollowedUp, "2026-05-04T10:00:00");
  const Facts facts = story.fold("2026-05-05T00:00:00");
  EXPECT_EQ(state_of(facts), "uppfoljd");
  EXPECT_EQ(facts.follow_ups_held(), 1);
  EXPECT_TRUE(facts.findings.empty()) << facts.findings.front().says;
}

// LUS 4:3: the first call decides the clock, whatever the meeting is moved to.
TEST(Plan, ARebookedMeetingIsTheSameOneAndTheFirstCallIsKept) {
  PlanStory story;
  story.need();
  const Notice& first = story.call("2026-03-13T10:00:00", "2026-03-20T13:00:00+01:00");
  story.says(hsv1(), Event::PlanAnswer, "2026-03-14T08:00:00").plan =
      PlanContent{.participants = {{hsv1().id, "", "", "", "accepted"}}};
  EXPECT_EQ(story.fold().find(hsv1().id)->said.answer, "accepted");
  story.call("2026-03-16T10:00:00", "2026-03-24T13:00:00+01:00");
  const Facts facts = story.fold();
  EXPECT_EQ(state_of(facts), "ombokad");
  ASSERT_EQ(facts.meetings.size(), 1u);
  EXPECT_EQ(facts.meetings[0].at.start, "2026-03-24T13:00:00+01:00");
  EXPECT_EQ(facts.meetings[0].rebooked, 1);
  ASSERT_TRUE(facts.first_call);
  EXPECT_EQ(facts.first_call->at, first.happened);
  EXPECT_EQ(facts.first_call->by, vc07());
  EXPECT_EQ(facts.find(hsv1().id)->said.answer, "") << "nobody has answered for the new time";
}

TEST(Plan, IsNotAgreedBeforeThePersonIsKnownToConsent) {
  PlanStory story;
  story.call("2026-03-13T10:00:00", "2026-03-20T13:00:00+01:00");
  story.agreed("2026-03-20T15:00:00");
  EXPECT_EQ(state_of(story.fold()), "kallad");
  EXPECT_TRUE(has_finding(story.fold(), "not-allowed-in-state", "consents"));
  story.consent(Decision::Given, "2026-03-20T13:30:00");
  EXPECT_EQ(state_of(story.fold()), "upprattad") << "the consent had come late";
}

TEST(Plan, TheConsentMayComeWithThePlanItself) {
  PlanStory story;
  Notice& plan = story.agreed("2026-03-20T15:00:00");
  plan.consent = Consent{Decision::Given, false, {"sip"}, "Patienten", ""};
  EXPECT_EQ(state_of(story.fold()), "upprattad");
}

TEST(Plan, IsNotPermittedByAConsentToSomethingElse) {
  for (const char* scope : {"utlamnande", "arbetsgivare", "sammanhallen-journal"}) {
    PlanStory story;
    story.need();
    Notice& plan = story.agreed("2026-03-20T15:00:00");
    plan.consent = Consent{Decision::Given, false, {scope}, "Patienten", ""};
    EXPECT_EQ(state_of(story.fold()), "behov-bedomt") << scope;
    story.consent(Decision::Given, "2026-03-12T12:00:00");
    EXPECT_EQ(state_of(story.fold()), "upprattad") << scope;
    story.consent(Decision::Withdrawn, "2026-03-21T12:00:00").consent->scopes = {scope};
    EXPECT_EQ(state_of(story.fold()), "upprattad") << scope;
    EXPECT_TRUE(has_finding(story.fold(), "consent-of-another-kind")) << scope;
  }
}

TEST(Plan, ThatLacksAPointIsNoneAndTheFindingNamesThePoint) {
  PlanStory story;
  story.until_meeting();
  story.agreed("2026-03-20T15:00:00").plan->main_responsible.clear();
  const Facts facts = story.fold();
  EXPECT_EQ(state_of(facts), "hallen");
  EXPECT_TRUE(has_finding(facts, "plan-lacks-point", "vilken huvudman som har det övergripande ansvaret"));
  EXPECT_TRUE(facts.activities.empty());
}

// A kind that asks for less does not let a plan through once it is a SIP.
TEST(Plan, ThatIsRevisedStatesThePointsOfItsOwnKind) {
  PlanStory story;
  story.until_meeting();
  story.agreed("2026-03-20T15:00:00");
  Notice& revised = story.agreed("2026-04-20T15:00:00", Event::PlanRevised);
  revised.plan->kind = PlanKind::Vp;
  revised.plan->main_responsible.clear();
  EXPECT_EQ(state_of(story.fold("2026-04-21T00:00:00")), "upprattad");
}

TEST(Plan, IsNotOfInterestWhenThePersonSaysNo) {
  PlanStory story;
  story.need();
  story.call("2026-03-13T10:00:00", "2026-03-20T13:00:00+01:00");
  story.consent(Decision::Refused, "2026-03-14T10:00:00");
  const Facts facts = story.fold();
  EXPECT_EQ(state_of(facts), "ej-aktuell");
  EXPECT_EQ(facts.meetings[0].status, Meeting::Status::Cancelled);
  EXPECT_TRUE(view_of(facts).is_refused);
}

TEST(Plan, NeedsNoStayAndBeginsAtAnybodysWish) {
  PlanStory story;
  Notice& wish = story.says(soc1(), Event::PlanNeed, "2026-03-12T11:00:00", {vc07()});
  wish.case_identity = {};
  wish.case_key.clear();
  wish.plan = PlanContent{"urn:example:plans", "P1", PlanKind::Sip, "narstaende"};
  const Facts facts = story.fold();
  EXPECT_EQ(state_of(facts), "behov-bedomt");
  EXPECT_EQ(facts.wished_by, "narstaende");
  EXPECT_FALSE(facts.stay);
  EXPECT_EQ(facts.opener, soc1().id);
}

// LPT 7 a §: "Vårdplanen är upprättad när den har justerats av enheterna."
TEST(Plan, OfForcedCareIsAgreedWhenEveryUnitHasApprovedIt) {
  PlanStory story;
  Notice& drawn_up = story.agreed("2026-03-20T15:00:00");
  from(drawn_up, med5(), {vc07(), soc1()});
  drawn_up.plan->kind = PlanKind::SplptLrv;
  drawn_up.plan->decision = "Beslut om boendestöd";
  EXPECT_EQ(state_of(story.fold()), "justeras");
  story.says(soc1(), Event::PlanApproved, "2026-03-21T10:00:00");
  EXPECT_EQ(state_of(story.fold()), "justeras");
  EXPECT_TRUE(story.fold().activities.empty());
  story.says(vc07(), Event::PlanApproved, "2026-03-22T10:00:00");
  const Facts facts = story.fold();
  EXPECT_EQ(state_of(facts), "upprattad");
  EXPECT_EQ(facts.current().agreed->text, "2026-03-22T10:00:00+01:00");
  EXPECT_EQ(activity_status(facts, "a1"), "requested");
}

TEST(Plan, OfForcedCareIsDrawnUpByTheRegion) {
  PlanStory story;
  Notice& drawn_up = story.agreed("2026-03-20T15:00:00");
  from(drawn_up, soc1(), {vc07()});
  drawn_up.plan->kind = PlanKind::SplptLrv;
  drawn_up.plan->decision = "Beslut om boendestöd";
  EXPECT_EQ(state_of(story.fold()), "ingen");
  EXPECT_TRUE(has_finding(story.fold(), "not-allowed-in-state", "drawn up by the region"));
}

TEST(Plan, EndsWhenThePersonDiesAndIsAsBeforeWhenTheDeathIsCancelled) {
  PlanStory story;
  story.until_meeting();
  story.agreed("2026-03-20T15:00:00");
  story.call("2026-04-01T10:00:00", "2026-05-04T10:00:00+02:00");
  const std::string before = to_text(story.fold());
  StayView stay;
  stay.case_key = "hospital|urn:example:cases|1";
  stay.person = Person{.identifiers = story.need().person.identifiers};
  stay.person.deceased = true;
  stay.person.deceased_at = "2026-04-10T03:00:00+02:00";
  stay.viewers = {med5().id};
  story.person.others = {stay};
  const Facts facts = story.fold("2026-06-01T00:00:00");
  EXPECT_EQ(state_of(facts), "avliden");
  EXPECT_EQ(activity_status(facts, "a1"), "cancelled");
  EXPECT_EQ(facts.meetings.back().status, Meeting::Status::Cancelled);
  EXPECT_EQ(facts.next_change, std::nullopt) << "no reminder ever";
  story.person.others.clear();
  EXPECT_NE(to_text(story.fold()), to_text(facts));
}

TEST(Plan, IsCancelledWithAllThatWasSaidOfIt) {
  PlanStory story;
  const Notice& need = story.need();
  const Notice& call = story.call("2026-03-13T10:00:00", "2026-03-20T13:00:00+01:00");
  story.cancel(call, "2026-03-14T10:00:00");
  EXPECT_EQ(state_of(story.fold()), "behov-bedomt") << "what was true before the call";
  story.cancel(need, "2026-03-14T11:00:00");
  const Facts facts = story.fold();
  EXPECT_EQ(state_of(facts), "makulerad");
  EXPECT_EQ(facts.viewers, (std::vector<std::string>{hsv1().id, soc1().id, vc07().id})) << "they have to hide it";
}

TEST(Plan, ACorrectionTakesThePlaceOfWhatItCorrects) {
  PlanStory story;
  story.until_meeting();
  const Notice& agreed = story.agreed("2026-03-20T15:00:00");
  Notice& corrected = story.correct(agreed, "2026-03-21T09:00:00");
  corrected.plan->follow_up->due = "2026-04-20";
  const Facts facts = story.fold();
  EXPECT_EQ(state_of(facts), "upprattad");
  ASSERT_EQ(facts.follow_ups.size(), 1u);
  EXPECT_EQ(facts.follow_ups[0].deadline, moment("2026-04-20T23:59:59.999"));
}

TEST(Plan, OfAnArendeIsOpenedByItsPartiesOnly) {
  PlanStory story;
  StayView stay;
  stay.case_key = "urn:example:cases|4711";
  stay.person = Person{.identifiers = {{"http://electronichealth.se/identifier/personnummer", "195009072553"}}};
  stay.viewers = {hsv1().id, med5().id, soc1().id, vc07().id};
  std::sort(stay.viewers.begin(), stay.viewers.end());
  story.person.others = {stay};
  story.says(soc_1280(), Event::PlanNeed, "2026-03-11T11:00:00");
  EXPECT_EQ(state_of(story.fold()), "ingen");
  EXPECT_TRUE(story.fold().viewers.empty());
  story.need();
  EXPECT_EQ(state_of(story.fold()), "behov-bedomt");
}

TEST(Plan, NothingOfAStrangerCounts) {
  PlanStory story;
  story.until_meeting();
  story.says(soc_1280(), Event::PlanClosed, "2026-03-21T11:00:00");
  EXPECT_EQ(state_of(story.fold()), "hallen");
  EXPECT_TRUE(has_finding(story.fold(), "no-participant"));
}

TEST(Plan, IsAboutOnePerson) {
  PlanStory story;
  story.need();
  story.says(vc07(), Event::PlanClosed, "2026-03-21T11:00:00").person.identifiers[0].value = "196101182803";
  EXPECT_EQ(state_of(story.fold()), "behov-bedomt");
  EXPECT_TRUE(has_finding(story.fold(), "no-participant", "another person"));
}

TEST(Plan, ReviewsAreVersionsAndTheOldOneIsReplaced) {
  PlanStory story;
  story.until_meeting();
  story.agreed("2026-03-20T15:00:00");
  Notice& revised = story.agreed("2026-04-20T15:00:00", Event::PlanRevised);
  revised.plan->activities[0].text = "Hemtjänst en gång om dagen";
  revised.plan->activities.pop_back();
  const Facts facts = story.fold("2026-04-21T00:00:00");
  EXPECT_EQ(state_of(facts), "reviderad");
  ASSERT_EQ(facts.editions.size(), 2u);
  EXPECT_EQ(facts.editions[0].status, Edition::Status::Replaced);
  EXPECT_EQ(facts.current().content.activities[0].text, "Hemtjänst en gång om dagen");
  ASSERT_EQ(facts.activities.size(), 2u);
  EXPECT_EQ(activity_status(facts, "a1"), "requested") << "carried over";
  EXPECT_EQ(activity_status(facts, "a2"), "cancelled");
  EXPECT_EQ(facts.follow_ups.size(), 1u) << "moved, not booked twice";
}

}  // namespace
}  // namespace vardbron::care::plan
