#include "gateway/base/limits.h"
#include "tests/subscription/stage.h"

#include <gtest/gtest.h>

#include <algorithm>

namespace vardbron::subscription {
namespace {

using namespace std::chrono_literals;

store::Reader as(const std::string& organisation) { return {organisation, false}; }

Wish in_full(const std::string& host) {
  Wish wish = to(host);
  wish.content = "full-resource";
  return wish;
}

// --- how many ----------------------------------------------------------------------------------------------------------

TEST(Places, AreTakenByOneOrganisationUpToItsLimitAndLeftToTheOthers) {
  Stage stage;
  for (std::size_t at = 0; at < limits::subscriptions_per_organisation; ++at) ASSERT_TRUE(stage.create(nacka, to("a.example")));

  Result<store::Resource> one_more = stage.create(nacka, to("a.example"));

  ASSERT_FALSE(one_more);
  EXPECT_EQ(one_more.failure().cause, Cause::Forbidden);
  EXPECT_EQ(one_more.failure().says,
            "Your organisation has 100 subscriptions, and may have no more than 100. End one that you do not need "
            "(DELETE /fhir/Subscription/id), or ask whoever runs the gateway.");
  EXPECT_TRUE(stage.create(huddinge, to("b.example")));
}

TEST(Places, AreFreeAgainWhenASubscriptionHasEnded) {
  Stage stage;
  stage.receiver("a.example");
  std::string first = stage.subscribe(nacka, to("a.example"));
  for (std::size_t at = 1; at < limits::subscriptions_per_organisation; ++at) ASSERT_TRUE(stage.create(nacka, to("a.example")));
  stage.run_for(2s);
  auto put = [&](const std::string& status) {
    Wish wish = to("a.example");
    wish.further = "\"id\":\"" + first + "\",";
    wish.status = status;
    Result<store::Resource> now = stage.world.complete(stage.subscription_service().update(as(nacka), first, wish.json(), 0));
    stage.run_for(2s);
    return now.ok() ? "taken" : now.failure().says.substr(0, 35);
  };
  EXPECT_EQ(put("off"), "taken");

  EXPECT_TRUE(stage.create(nacka, to("a.example")));
  EXPECT_EQ(put("requested"), "Your organisation has 100 subscript");
}

TEST(Places, AreNotUsedUpByWishesThatAreRefused) {
  Stage stage;
  Wish wrong = to("a.example");
  wrong.filters = {"colour=red"};
  for (std::size_t at = 0; at < limits::subscriptions_per_organisation; ++at) ASSERT_FALSE(stage.create(nacka, wrong));
  stage.run_for(1s);

  EXPECT_TRUE(stage.create(nacka, to("a.example")));
}

TEST(Places, OfAllTogetherHaveALimitToo) {
  Stage stage;
  stage.stop_deliverer();
  stage.subscriptions_max = 3;
  stage.start_deliverer();
  for (int at = 0; at < 3; ++at) ASSERT_TRUE(stage.create(nacka, to("a.example")));

  Result<store::Resource> one_more = stage.create(huddinge, to("b.example"));

  ASSERT_FALSE(one_more);
  EXPECT_EQ(one_more.failure().says, "The gateway has no place for another subscription; ask whoever runs it.");
}

// Created and ended subscriptions leave nothing that costs time for every event.
TEST(Places, AreGivenBackHoweverOften) {
  Stage stage;
  stage.receiver("a.example");
  for (std::size_t at = 0; at < 2 * limits::subscriptions_per_organisation; ++at) {
    Result<store::Resource> made = stage.create(nacka, to("a.example"));
    ASSERT_TRUE(made) << at;
    ASSERT_TRUE(stage.world.complete(stage.subscription_service().end(as(nacka), made->id)));
    stage.run_for(10ms);
  }
  EXPECT_EQ(stage.deliverer().matcher()->size(), 0u);
}

// --- what a subscription says --------------------------------------------------------------------------------------------

TEST(Limits, OfFiltersAndHeadersAreReachedAndNotPassed) {
  Stage stage;
  Wish wish;
  wish.filters.assign(limits::subscription_filters_max, "event=discharge");
  for (std::size_t at = 0; at < limits::subscription_headers_max; ++at) wish.headers.push_back("X-" + std::to_string(at) + ": y");
  EXPECT_TRUE(stage.create(nacka, wish));

  Wish more_filters = wish, more_headers = wish;
  more_filters.filters.push_back("event=death");
  more_headers.headers.push_back("X-More: y");

  EXPECT_EQ(stage.create(nacka, more_filters).failure().says, "A subscription has at most 32 filters.");
  EXPECT_EQ(stage.create(nacka, more_headers).failure().says, "A subscription has at most 32 headers.");
}

TEST(Limits, OfHeadersNameThoseThatAreNotTheSubscribers) {
  Stage stage;
  for (const char* name : {"Content_Length", "Transfer_Encoding", "transfer_encoding", "Date", "date", "Content-Length", "Host",
                           "Connection", "Keep-Alive", "Keep_Alive", "Proxy-Connection", "Proxy-Authenticate", "TE", "Trailer",
                           "Upgrade", "HTTP2-Settings", "Content-Range", "Idempotency_Key", "X_Request_Id"}) {
    Wish wish;
    wish.headers = {std::string(name) + ": 5"};
    Result<store::Resource> made = stage.create(nacka, wish);
    ASSERT_FALSE(made) << name;
    EXPECT_EQ(made.failure().where, "Subscription.channel.header[0]");
    EXPECT_TRUE(made.failure().says.starts_with("Leave the header " + std::string(name) + " away: ")) << made.failure().says;
  }
  Wish wish;
  wish.headers = {"Content_Length: 5"};
  EXPECT_EQ(stage.create(nacka, wish).failure().says,
            "Leave the header Content_Length away: some servers read it as Content-Length, and Content-Length belongs to the "
            "connection or is set by the gateway.");
  wish.headers = {"Authorization: Bearer x", "X-Date: today", "Content-Language: sv", "My_Unit: 7"};
  EXPECT_TRUE(stage.create(nacka, wish));
}

// --- how much one notification says --------------------------------------------------------------------------------------

TEST(Limits, OfEventsInOneNotificationAreReachedAndNotPassed) {
  Stage stage;
  Receiver& receiver = stage.receiver("a.example");
  stage.subscribe(nacka, to("a.example"));
  stage.world.net.cut_off("a.example");
  const auto most = static_cast<std::int64_t>(limits::events_per_notification_max);
  for (std::int64_t at = 0; at < 2 * most; ++at) stage.happen({nacka}, "admission", "e" + std::to_string(at % 7));
  stage.world.net.heal("a.example");
  stage.run_for(10min);

  EXPECT_EQ(receiver.numbers(), up_to(2 * most));
  std::size_t largest = 0;
  for (const Received& read : receiver.taken()) largest = std::max(largest, read.numbers.size());
  EXPECT_EQ(largest, limits::events_per_notification_max);
}

TEST(Limits, OfANotificationCutItIntoSeveral) {
  Stage stage;
  Receiver& receiver = stage.receiver("a.example");
  stage.subscribe(nacka, in_full("a.example"));
  stage.world.net.cut_off("a.example");
  stage.encounter_bytes = 100'000;
  for (int at = 0; at < 50; ++at) stage.happen({nacka}, "admission", "e" + std::to_string(at));
  stage.world.net.heal("a.example");
  stage.run_for(10min);

  EXPECT_EQ(receiver.numbers(), up_to(50));
  std::size_t most = 0;
  for (const Received& read : receiver.taken()) {
    EXPECT_LE(read.request.body.size(), limits::notification_bytes_max);
    EXPECT_EQ(read.events, read.numbers.back());
    most = std::max(most, read.numbers.size());
  }
  EXPECT_EQ(most, limits::notification_bytes_max / 100'000);
}

TEST(Limits, OfANotificationLeaveAResourceThatIsTooLargeToBeFetched) {
  Stage stage;
  Receiver& receiver = stage.receiver("a.example");
  stage.subscribe(nacka, in_full("a.example"));
  stage.encounter_bytes = limits::notification_bytes_max;
  stage.happen({nacka}, "admission", "large");
  stage.encounter_bytes = 0;
  stage.happen({nacka}, "admission", "small");
  stage.run_for(1min);

  ASSERT_EQ(receiver.numbers(), up_to(2));
  const std::string first = receiver.taken()[0].request.body;
  EXPECT_NE(first.find("\"fullUrl\":\"https://gateway.example/fhir/Encounter/large\",\"request\""), std::string::npos) << first;
  EXPECT_NE(receiver.taken().back().request.body.find("Encounter/small\",\"resource\":{"), std::string::npos);
}

// A repetition keeps its key, so it keeps its events; what grew beyond the limit meanwhile is named.
TEST(Limits, OfANotificationHoldForItsRepetitionsToo) {
  Stage stage;
  Receiver& receiver = stage.receiver("a.example");
  stage.subscribe(nacka, in_full("a.example"));
  receiver.answer = [](const Received& read) { return read.numbers.empty() || read.numbers.front() == 1 ? 200u : 503u; };
  stage.world.net.cut_off("a.example");
  for (int at = 0; at < 5; ++at) stage.happen({nacka}, "admission", "e" + std::to_string(at));
  stage.world.net.heal("a.example");
  stage.run_for(10s);
  std::vector<Received> before = receiver.all();
  ASSERT_GT(before.back().numbers.size(), 1u);

  stage.encounter_bytes = limits::notification_bytes_max / 2;
  for (int at = 0; at < 5; ++at) stage.change_parties("e" + std::to_string(at), {nacka});
  receiver.answer = [](const Received&) { return 200u; };
  stage.run_for(10min);

  EXPECT_EQ(receiver.numbers(), up_to(5));
  EXPECT_EQ(receiver.taken()[1].id, before.back().id);
  for (const Received& read : receiver.taken()) EXPECT_LE(read.request.body.size(), limits::notification_bytes_max);
}

TEST(Limits, OfANotificationHoldForEventsThatAreAskedForToo) {
  Stage stage;
  stage.receiver("a.example");
  std::string id = stage.subscribe(nacka, in_full("a.example"));
  stage.encounter_bytes = 100'000;
  for (int at = 0; at < 20; ++at) stage.happen({nacka}, "admission", "e" + std::to_string(at));
  stage.run_for(1s);

  Result<std::string> events = stage.world.complete(stage.subscription_service().events(as(nacka), id, {}));

  ASSERT_TRUE(events);
  EXPECT_LE(events->size(), limits::notification_bytes_max);
  EXPECT_GT(events->size(), limits::notification_bytes_max - 102'000);
}

TEST(Limits, OfEventsThatAreAskedForAreReachedAndNotPassed) {
  Stage stage;
  stage.receiver("a.example");
  std::string id = stage.subscribe(nacka, to("a.example"));
  const auto most = static_cast<std::int64_t>(limits::events_per_query_max);
  for (std::int64_t at = 0; at < most + 1; ++at) stage.happen({nacka}, "admission", "e" + std::to_string(at % 7));
  stage.run_for(1s);

  Result<std::string> events = stage.world.complete(stage.subscription_service().events(as(nacka), id, {}));

  ASSERT_TRUE(events);
  auto number = [](std::int64_t of) { return "\"event-number\",\"valueString\":\"" + std::to_string(of) + "\""; };
  EXPECT_NE(events->find(number(most)), std::string::npos);
  EXPECT_EQ(events->find(number(most + 1)), std::string::npos);
}

}  // namespace
}  // namespace vardbron::subscription
