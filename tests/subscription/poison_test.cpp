// Concern: one event, or one Subscription, that cannot be read back blocks neither the following ones nor other subscribers.
#include "gateway/fhir/check.h"
#include "gateway/formats/json/parse.h"
#include "r4.h"
#include "tests/subscription/stage.h"

#include <gtest/gtest.h>

#include <string>

namespace vardbron::subscription {
namespace {

using namespace std::chrono_literals;

Wish full(const std::string& host) {
  Wish wish = to(host);
  wish.content = "full-resource";
  return wish;
}

store::Event event(Stage& stage, const std::string& id, std::int64_t number) {
  std::vector<store::Event> found = stage.store.tables().events(id, number, number, 1);
  CHECK(!found.empty());
  return found.front();
}

TEST(Poison, AnEventWhoseResourceCannotBeReadIsGivenUpAndThoseBehindItArrive) {
  Stage stage;
  Receiver& receiver = stage.receiver("a.example");
  const std::string id = stage.subscribe(nacka, full("a.example"));
  stage.store.tables().damage_resource("Encounter", "e2");

  for (const char* focus : {"e1", "e2", "e3"}) stage.happen({nacka}, "admission", focus);
  stage.run_for(5min);

  EXPECT_EQ(receiver.numbers(), (Numbers{1, 3}));
  EXPECT_TRUE(event(stage, id, 2).dead);
  EXPECT_NE(event(stage, id, 2).reason.find("cannot read back"), std::string::npos) << event(stage, id, 2).reason;
  EXPECT_EQ(stage.state(id).status, "error");
  EXPECT_EQ(stage.state(id).delivered, 3);
}

TEST(Poison, OneResourceThatCannotBeReadIsNamedAmongTheEventsThatAreAskedFor) {
  for (const char* content : {"full-resource", "id-only"}) {
    Stage stage;
    Wish wish = to("a.example");
    wish.content = content;
    stage.receiver("a.example");
    const std::string id = stage.subscribe(nacka, wish);
    for (const char* focus : {"e1", "e2", "e3"}) stage.happen({nacka}, "admission", focus);
    stage.run_for(1min);
    stage.store.tables().damage_resource("Encounter", "e2");

    Result<std::string> events = stage.world.complete(stage.subscription_service().events({nacka, false}, id, {}));

    ASSERT_TRUE(events) << events.failure().says;
    for (const char* number : {"1", "2", "3"})
      EXPECT_NE(events->find("\"event-number\",\"valueString\":\"" + std::string(number) + "\""), std::string::npos) << *events;
    EXPECT_NE(
        events->find("\"fullUrl\":\"https://gateway.example/fhir/Encounter/e2\",\"request\":{\"method\":\"GET\",\"url\":"
                     "\"Encounter/e2\"},\"response\":{\"status\":\"500\",\"outcome\":{\"resourceType\":\"OperationOutcome\""),
        std::string::npos)
        << *events;
    EXPECT_EQ(events->find("\"resourceType\":\"Encounter\",\"id\":\"e3\"") != std::string::npos,
              std::string(content) == "full-resource");
    Result<tree::Document> bundle = json::parse(*events, r4().names());
    ASSERT_TRUE(bundle);
    const Result<void> sound = fhir::check_values(*bundle, r4());
    EXPECT_TRUE(sound) << sound.failure().says;
  }
}

TEST(Poison, ManyOfThemInARowAreGivenUpOneByOne) {
  Stage stage;
  Receiver& receiver = stage.receiver("a.example");
  stage.subscribe(nacka, full("a.example"));
  for (const char* focus : {"e2", "e3", "e4"}) stage.store.tables().damage_resource("Encounter", focus);

  for (const char* focus : {"e1", "e2", "e3", "e4", "e5"}) stage.happen({nacka}, "admission", focus);
  stage.run_for(10min);

  EXPECT_EQ(receiver.numbers(), (Numbers{1, 5}));
}

TEST(Poison, AnEventThatIsNotInTheStoreAnyMoreIsGivenUp) {
  Stage stage;
  Receiver& receiver = stage.receiver("a.example");
  const std::string id = stage.subscribe(nacka, to("a.example"));
  stage.store.tables().lose_event(id, 2);

  for (const char* focus : {"e1", "e2", "e3"}) stage.happen({nacka}, "admission", focus);
  stage.run_for(5min);

  EXPECT_EQ(receiver.numbers(), (Numbers{1, 3}));
  EXPECT_EQ(stage.state(id).delivered, 3);
}

TEST(Poison, WhatIsThrownInOneLoopEndsNeitherItNorTheOthers) {
  Stage stage;
  Receiver& a = stage.receiver("a.example");
  Receiver& b = stage.receiver("b.example");
  stage.subscribe(nacka, to("a.example"));
  stage.subscribe(huddinge, to("b.example"));
  stage.happen({nacka, huddinge});
  stage.store.throw_at_read(1);
  stage.run_for(1min);
  stage.happen({nacka, huddinge});
  stage.run_for(1min);
  EXPECT_EQ(a.numbers(), up_to(2));
  EXPECT_EQ(b.numbers(), up_to(2));
}

TEST(Poison, ASubscriptionThatCannotBeReadDoesNotKeepTheGatewayFromStarting) {
  Stage stage;
  Receiver& receiver = stage.receiver("a.example");
  stage.subscribe(nacka, to("a.example"));
  const std::string damaged = stage.subscribe(huddinge, to("b.example"));
  stage.store.tables().damage_resource("Subscription", damaged);

  stage.crash_and_restart();
  stage.happen({nacka, huddinge});
  stage.run_for(1min);

  EXPECT_EQ(receiver.numbers(), up_to(1));
  EXPECT_EQ(stage.state(damaged).status, "error");
  EXPECT_NE(stage.state(damaged).error.find("cannot read the Subscription back"), std::string::npos)
      << stage.state(damaged).error;
}

}  // namespace
}  // namespace vardbron::subscription
