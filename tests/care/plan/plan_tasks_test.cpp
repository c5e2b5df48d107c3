#include "gateway/care/plan/plan_tasks.h"

#include "gateway/time/civil.h"
#include "tests/care/plan/plan_story.h"

#include <gtest/gtest.h>

#include <chrono>
#include <optional>
#include <string>

namespace vardbron::care::plan {
namespace {

const ActivityTask* find_activity(const Facts& facts, std::string_view key) {
  for (const ActivityTask& each : facts.activities)
    if (each.activity.key == key) return &each;
  return nullptr;
}

TEST(PlanTasks, AnInsatsIsATaskOfTheUnitThatIsResponsible) {
  PlanStory story = agreed_story();
  const Facts facts = story.fold("2026-04-01T12:00:00");
  const ActivityTask* help = find_activity(facts, "a1");
  ASSERT_NE(help, nullptr);
  EXPECT_EQ(help->owner, soc1().id);
  EXPECT_EQ(help->requester, vc07().id) << "the main responsible is notified when it is late";
  EXPECT_EQ(help->deadline, moment("2026-05-31T23:59:59.999"));
  EXPECT_FALSE(help->is_late);
}

TEST(PlanTasks, ItsOwnerSaysWhatBecameOfIt) {
  PlanStory story = agreed_story();
  Notice& done = story.says(soc1(), Event::PlanActivity, "2026-04-02T10:00:00");
  done.plan = PlanContent{.activities = {{"a1", "", "", "", "", "", "completed", "Hemtjänsten är igång"}}};
  const Facts facts = story.fold("2026-04-03T00:00:00");
  EXPECT_EQ(activity_status(facts, "a1"), "completed");
  EXPECT_EQ(find_activity(facts, "a1")->activity.outcome, "Hemtjänsten är igång");
}

TEST(PlanTasks, AnotherUnitDoesNot) {
  PlanStory story = agreed_story();
  Notice& done = story.says(hsv1(), Event::PlanActivity, "2026-04-02T10:00:00");
  done.plan = PlanContent{.activities = {{"a1", "", "", "", "", "", "completed", ""}}};
  const Facts facts = story.fold("2026-04-03T00:00:00");
  EXPECT_EQ(activity_status(facts, "a1"), "requested");
  EXPECT_TRUE(has_finding(facts, "not-the-responsible-unit"));
}

TEST(PlanTasks, AFollowUpGetsLateAtTheEndOfItsDay) {
  PlanStory story = agreed_story();
  Facts facts = story.fold("2026-05-04T23:59:59");
  ASSERT_EQ(facts.follow_ups.size(), 1u);
  EXPECT_FALSE(facts.follow_ups[0].is_late);
  EXPECT_EQ(facts.next_change, moment("2026-05-05T00:00:00"));
  EXPECT_EQ(view_of(facts).follow_up, time::day_of(moment("2026-05-04T12:00:00")));
  facts = story.fold("2026-05-05T00:00:00");
  EXPECT_TRUE(facts.follow_ups[0].is_late);
  EXPECT_EQ(facts.follow_ups[0].requester, vc07().id);
}

TEST(PlanTasks, FollowUpsAreCountedAndTheNextOneIsBooked) {
  PlanStory story = agreed_story();
  story.says(vc07(), Event::PlanFollowedUp, "2026-05-04T10:00:00").plan =
      PlanContent{.follow_up = PlanFollowUp{"2026-08-10", "mote", soc1().id}};
  story.says(vc07(), Event::PlanFollowedUp, "2026-08-10T10:00:00");
  story.says(vc07(), Event::PlanFollowedUp, "2026-09-10T10:00:00");
  const Facts facts = story.fold("2026-10-01T00:00:00");
  EXPECT_EQ(facts.follow_ups_held(), 3) << "one of them that nobody had booked";
  ASSERT_EQ(facts.follow_ups.size(), 3u);
  EXPECT_EQ(facts.follow_ups[1].owner, soc1().id);
  EXPECT_EQ(facts.follow_ups[1].held, "2026-08-10T10:00:00+02:00");
  for (const FollowUpTask& each : facts.follow_ups) EXPECT_FALSE(each.is_late);
}

// kv_typ_av_fast_kontakt 4: fast vårdkontakt med övergripande samordningsansvar.
TEST(PlanTasks, TheContactWithOverallCoordinationCallsTheFollowUp) {
  PlanStory story = agreed_story();
  StayView stay;
  stay.case_key = "hospital|urn:example:cases|1";
  stay.contacts = {{"c1", Contact{"Kim Ek", "", "4", {}, {}, {}}, hsv1(), "2026-03-01", ""}};
  story.person.others = {stay};
  EXPECT_EQ(story.fold().follow_ups[0].owner, hsv1().id);
}

TEST(PlanTasks, TheOwnerWritesItsTask) {
  PlanStory story = agreed_story();
  const Facts before = story.fold();
  Write write;
  write.identity = "w1";
  write.task = id_of(before, "Task", "folj-upp|" + before.follow_ups[0].name);
  write.status = "completed";
  write.organisation = vc07().id;
  write.at = {moment("2026-05-03T10:00:00"), "2026-05-03T10:00:00+02:00"};
  Chain chain = story.chain();
  chain.emplace_back(write);
  EXPECT_EQ(fold(chain, {}, {}, moment("2026-06-01T00:00:00")).follow_ups_held(), 1);
  std::get<Write>(chain.back()).organisation = hsv1().id;
  const Facts of_another = fold(chain, {}, {}, moment("2026-06-01T00:00:00"));
  EXPECT_EQ(of_another.follow_ups_held(), 0);
  EXPECT_TRUE(of_another.follow_ups[0].is_late);
}

TEST(PlanTasks, AClosedPlanAsksForNothing) {
  PlanStory story = agreed_story();
  story.says(vc07(), Event::PlanClosed, "2026-04-02T10:00:00");
  const Facts facts = story.fold("2026-12-01T00:00:00");
  EXPECT_EQ(activity_status(facts, "a1"), "cancelled");
  EXPECT_EQ(facts.follow_ups[0].status, "cancelled");
  EXPECT_EQ(facts.next_change, std::nullopt);
}

TEST(PlanTasks, ADateIsOverAtItsEndAndATextThatIsNoneIsNoDeadline) {
  EXPECT_EQ(end_of("2026-05-04"), moment("2026-05-04T23:59:59.999"));
  EXPECT_EQ(end_of("2026-05-04T10:00:00+02:00"), moment("2026-05-04T10:00:00"));
  EXPECT_EQ(end_of(""), std::nullopt);
  EXPECT_EQ(end_of("2026-05"), std::nullopt);
}

}  // namespace
}  // namespace vardbron::care::plan
