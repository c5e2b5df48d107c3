#include "gateway/care/plan_projection.h"

#include "gateway/fhir/check.h"
#include "tests/care/our_definitions.h"
#include "tests/care/plan/plan_story.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <vector>

namespace vardbron::care {
namespace {

using plan::PlanStory;

/// The chain of a plan, as it is stored: each link has its key.
Chain chain_of(const PlanStory& story, std::string_view key = "plan|sip|h|urn:example:cases|4711") {
  Chain chain = story.chain();
  for (Link& link : chain)
    if (Notice* notice = std::get_if<Notice>(&link)) notice->case_key = key;
  return chain;
}

Projection projected(const PlanStory& story, std::string_view now = "2026-04-01T12:00:00") {
  return project(chain_of(story), Policies(story.policy), moment(now), r4().names(), nullptr, nullptr, story.person);
}

TEST(PlanProjection, IsChosenByTheKeyOfTheChain) {
  PlanStory story;
  story.need();
  EXPECT_FALSE(is_plan(story.chain()));
  EXPECT_TRUE(is_plan(chain_of(story)));
  const Projection now = projected(story);
  EXPECT_EQ(now.case_key, "plan|sip|h|urn:example:cases|4711");
  EXPECT_EQ(now.plan_state, "behov-bedomt");
  EXPECT_EQ(now.focus(), "CarePlan/" + now.plan);
}

TEST(PlanProjection, NotifiesThoseWhoTakePartButItsSender) {
  PlanStory story;
  story.need();
  EXPECT_EQ(notified(case_events({}, projected(story))),
            (std::vector<std::string>{hsv1().id + " plan.need", soc1().id + " plan.need"}));
}

TEST(PlanProjection, TheOthersLearnThatTheParticipantsChangedAndNotWhy) {
  PlanStory story = plan::agreed_story();
  const Projection before = projected(story);
  story.consent(Consent::Decision::Withdrawn, "2026-03-25T10:00:00", {soc1()}).reason = "Litar inte på dem";
  const Projection after = projected(story);
  EXPECT_EQ(notified(case_events(before, after)), std::vector<std::string>{hsv1().id + " plan.participants"});
  for (const Projected& each : after.resources) EXPECT_EQ(to_text(each.document).find("Litar inte"), std::string::npos);
}

TEST(PlanProjection, ALateFollowUpIsAnEventForItsOwnerAndTheMainResponsible) {
  PlanStory story = plan::agreed_story();
  const std::vector<std::string> events =
      notified(case_events(projected(story, "2026-05-04T23:00:00"), projected(story, "2026-05-05T00:00:00")));
  EXPECT_EQ(events, std::vector<std::string>{vc07().id + " task"});
}

TEST(PlanProjection, HasATaskForEachInsatsThatItsOwnerMayWrite) {
  const PlanStory story = plan::agreed_story();
  const Projection now = projected(story);
  const CaseTask* task = find_case_task(now, CaseTaskKind::Insats, soc1());
  ASSERT_NE(task, nullptr);
  Write write;
  write.task = task->id;
  write.status = "completed";
  write.organisation = soc1().id;
  EXPECT_TRUE(check_write(now, write));
  write.organisation = hsv1().id;
  EXPECT_EQ(check_write(now, write).failure().cause, Cause::Forbidden);
}

TEST(PlanProjection, IsKnownToThePersonsOtherCases) {
  PlanStory story;
  story.need().person.protection = Protection::Sekretessmarkering;
  const Projection now = projected(story);
  EXPECT_EQ(now.stay.case_key, now.case_key);
  EXPECT_EQ(now.stay.viewers, now.parties);
  EXPECT_EQ(now.stay.person.protection, Protection::Sekretessmarkering);
  EXPECT_TRUE(now.stay.since.empty()) << "it is no stay";
}

TEST(PlanProjection, EveryResourceIsOneThatR4Knows) {
  PlanStory story = plan::agreed_story();
  story.consent(Consent::Decision::Withdrawn, "2026-03-25T10:00:00");
  for (const Projected& each : projected(story).resources) {
    EXPECT_THAT(undefined_in(each.document), testing::IsEmpty());
    for (const fhir::Issue& issue : fhir::check(each.document, r4())) ADD_FAILURE() << issue.says << " at " << issue.where;
  }
  EXPECT_TRUE(projected(story).hides_former_versions) << "what the plan was is not read any more";
}

}  // namespace
}  // namespace vardbron::care
