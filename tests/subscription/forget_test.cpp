// Concern: creating and deleting subscriptions leaves nothing that grows, except what the law requires.
#include "gateway/base/limits.h"
#include "gateway/base/log.h"
#include "gateway/care/notifications.h"
#include "tests/subscription/stage.h"

#include <gtest/gtest.h>

#include <map>
#include <memory>
#include <string>

namespace vardbron::subscription {
namespace {

using namespace std::chrono_literals;

store::Reader as(const std::string& organisation) { return {organisation, false}; }

void end(Stage& stage, const std::string& id) {
  ASSERT_TRUE(stage.world.complete(stage.subscription_service().end(as(nacka), id)));
  stage.run_for(1s);
}

std::size_t events_of(Stage& stage, const std::string& id) {
  return stage.store.tables().events(id, 1, 1'000'000, 1'000'000).size();
}

TEST(ForgottenSubscriptions, LeaveNeitherARowNorEventsAndStayGone) {
  Stage stage;
  stage.receiver("a.example");
  const std::string ended = stage.subscribe(nacka, to("a.example")), kept = stage.subscribe(nacka, to("a.example"));
  for (int at = 0; at < 5; ++at) stage.happen({nacka});
  stage.run_for(10s);

  end(stage, ended);

  EXPECT_EQ(stage.store.tables().subscriptions().size(), 1u);
  EXPECT_EQ(events_of(stage, ended), 0u);
  EXPECT_EQ(events_of(stage, kept), 5u);
  std::map<std::string, int> noted;
  for (const store::AuditRow& row : stage.store.tables().audit_rows(0, 1'000)) ++noted[row.action];
  EXPECT_EQ(noted, (std::map<std::string, int>{{"create", 2}, {"deliver", 10}, {"delete", 1}})) << "the access log keeps all";
  Result<store::Resource> gone = stage.world.complete(stage.subscription_service().read(as(nacka), ended));
  ASSERT_FALSE(gone);
  EXPECT_EQ(gone.failure().cause, Cause::Gone);
  EXPECT_TRUE(stage.world.complete(stage.subscription_service().read_version(as(nacka), ended, 1)));
  EXPECT_TRUE(stage.world.complete(stage.subscription_service().end(as(nacka), ended))) << "a DELETE may be sent again";
  EXPECT_TRUE(stage.store.tables().verify().is_clean());
}

TEST(ForgottenSubscriptions, AreForgottenInSteps) {
  Stage stage;
  stage.receiver("a.example");
  const std::string id = stage.subscribe(nacka, to("a.example"));
  const std::size_t events = 2 * limits::forgotten_events_per_commit_max + 1;
  store::Change change;
  const auto audience = std::make_shared<const store::Audience>(store::Audience{id, {id}});
  change.events.assign(events, {audience, std::string(topic_root) + "case", "case-1", "Encounter/e1", {}});
  ASSERT_TRUE(stage.world.complete(stage.store.commit(std::move(change))));
  ASSERT_EQ(events_of(stage, id), events);
  const std::uint64_t before = stage.store.writes();

  end(stage, id);

  EXPECT_EQ(events_of(stage, id), 0u);
  EXPECT_EQ(stage.store.writes() - before, 2u + 3u) << "the deletion, its status, and three steps";
}

TEST(ForgottenSubscriptions, ThatAreOffAndNotDeletedKeepTheirNumbers) {
  Stage stage;
  stage.receiver("a.example");
  const std::string id = stage.subscribe(nacka, to("a.example"));
  stage.happen({nacka});
  Wish off = to("a.example");
  off.further = "\"id\":\"" + id + "\",";
  off.status = "off";
  ASSERT_TRUE(stage.world.complete(stage.subscription_service().update(as(nacka), id, off.json(), 0)));
  stage.run_for(1min);
  stage.crash_and_restart();
  stage.run_for(1min);

  EXPECT_EQ(stage.state(id).events, 1);
  EXPECT_EQ(events_of(stage, id), 1u);

  end(stage, id);
  EXPECT_TRUE(stage.store.tables().subscriptions().empty());
  EXPECT_EQ(events_of(stage, id), 0u);
}

TEST(ForgottenSubscriptions, AreForgottenAtTheNextStartWhenTheStoreDidNotTakeIt) {
  Stage stage;
  stage.receiver("a.example");
  const std::string id = stage.subscribe(nacka, to("a.example"));
  stage.happen({nacka});
  stage.run_for(10s);
  stage.store.fail_write(3, Cause::Busy);
  end(stage, id);
  EXPECT_EQ(events_of(stage, id), 1u);

  stage.crash_and_restart();
  stage.run_for(1s);
  EXPECT_TRUE(stage.store.tables().subscriptions().empty());
  EXPECT_EQ(events_of(stage, id), 0u);
}

TEST(ForgottenSubscriptions, AnEventThatIsCommittedByWhoHadNotHeardOfItIsForgottenToo) {
  Stage stage;
  stage.receiver("a.example");
  const std::string id = stage.subscribe(nacka, to("a.example"));
  const std::shared_ptr<const Matcher> old = stage.deliverer().matcher();
  end(stage, id);
  ASSERT_TRUE(stage.store.tables().subscriptions().empty());
  care::CaseEvent event;
  event.event = "admission";
  event.party = nacka;
  event.case_key = "case-1";
  event.focus = "Encounter/e1";
  store::Change change;
  change.events = old->match(event);
  ASSERT_EQ(change.events.size(), 1u);
  Result<store::Committed> committed = stage.world.complete(stage.store.commit(std::move(change)));
  ASSERT_TRUE(committed);
  stage.deliverer().notify(*committed);
  stage.run_for(1s);

  EXPECT_TRUE(stage.store.tables().subscriptions().empty());
  EXPECT_EQ(events_of(stage, id), 0u);
}

// Concern: a row that somebody took out of the store, or that a disk lost, takes the events with it, and nobody is told.
TEST(ForgottenSubscriptions, OneWhoseSubscriptionIsMissingIsNotForgotten) {
  Stage stage;
  for (const char* status : {"active", "error", "off", "requested"}) {
    std::string id = std::string("lost-") + status;
    store::Change change;
    change.events.push_back(
        {std::make_shared<const store::Audience>(store::Audience{id, {id}}), "topic", "case-1", "Encounter/e1", {}});
    ASSERT_TRUE(stage.world.complete(stage.store.commit(std::move(change))));
    ASSERT_TRUE(stage.world.complete(stage.store.set_subscription_status(id, status, "")));
  }
  ASSERT_TRUE(stage.world.complete(stage.store.set_subscription_status("half made", "requested", "")));
  testing::internal::CaptureStderr();
  log::start(log::Level::Info, log::Shape::Plain);
  stage.crash_and_restart();
  stage.run_for(1s);
  log::stop();
  const std::string said = testing::internal::GetCapturedStderr();

  EXPECT_EQ(stage.store.tables().subscriptions().size(), 4u);
  for (const char* status : {"active", "error", "off", "requested"}) {
    const std::string id = std::string("lost-") + status;
    EXPECT_EQ(stage.state(id).status, status);
    EXPECT_EQ(events_of(stage, id), 1u) << id;
    EXPECT_NE(said.find(id), std::string::npos) << said;
  }
  EXPECT_EQ(said.find("half made"), std::string::npos) << "it never had one";
}

/// Rows about subscriptions after that many were created, notified of an event, and deleted.
std::size_t rows_after(std::size_t cycles) {
  Stage stage;
  stage.receiver("a.example");
  for (std::size_t at = 0; at < cycles; ++at) {
    Result<store::Resource> made = stage.create(nacka, to("a.example"));
    CHECK(made);
    stage.run_for(10ms);
    if (at % 10 == 0) stage.happen({nacka});
    CHECK(stage.world.complete(stage.subscription_service().end(as(nacka), made->id)));
    stage.run_for(10ms);
  }
  stage.run_for(1min);
  std::size_t rows = 0;
  for (const store::SubscriptionState& state : stage.store.tables().subscriptions()) rows += 1 + events_of(stage, state.id);
  return rows;
}

TEST(ForgottenSubscriptions, LeaveNoMoreRowsAfterManyThanAfterTen) {
  EXPECT_EQ(rows_after(10), 0u);
  EXPECT_EQ(rows_after(500), 0u);
}

}  // namespace
}  // namespace vardbron::subscription
