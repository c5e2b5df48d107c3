#include "gateway/base/reached.h"
#include "tests/subscription/stage.h"

#include <gtest/gtest.h>

namespace vardbron::subscription {
namespace {

using namespace std::chrono_literals;

TEST(Handshake, ComesFirstAndMakesTheSubscriptionActive) {
  Stage stage;
  Receiver& receiver = stage.receiver("a.example");

  std::string id = stage.subscribe(nacka, to("a.example"));

  ASSERT_EQ(receiver.all().size(), 1u);
  EXPECT_EQ(receiver.all()[0].type, "handshake");
  EXPECT_EQ(receiver.all()[0].status, "requested");
  EXPECT_EQ(receiver.all()[0].events, 0);
  EXPECT_EQ(stage.state(id).status, "active");
  EXPECT_EQ(stage.deliverer().matcher()->size(), 1u);
}

// Concern: with thousands of subscriptions each new matcher copies their ids.
TEST(Handshake, ThatIsNotAnsweredYetMakesNoNewMatcher) {
  Stage stage;
  stage.receiver("a.example").thinks_for = 10s;
  const std::shared_ptr<const Matcher> before = stage.deliverer().matcher();
  stage.subscribe(nacka, to("a.example"));
  EXPECT_EQ(stage.deliverer().matcher(), before);
  stage.run_for(20s);
  EXPECT_EQ(stage.deliverer().matcher()->size(), 1u);
}

TEST(Handshake, PutsTheSubscriptionInErrorWhenItIsNotAnswered2xx) {
  for (unsigned status : {100u, 300u, 401u, 404u, 410u, 500u}) {
    auto before = times_reached("subscription: a handshake fails");
    Stage stage;
    Receiver& receiver = stage.receiver("a.example");
    receiver.answer = [status](const Received&) { return status; };

    std::string id = stage.subscribe(nacka, to("a.example"));
    stage.happen({nacka});
    stage.run_for(24h);

    EXPECT_EQ(stage.state(id).status, "error") << status;
    EXPECT_EQ(receiver.all().size(), 1u) << status;
    EXPECT_EQ(times_reached("subscription: a handshake fails"), before + 1) << status;
  }
}

TEST(Handshake, PutsTheSubscriptionInErrorWhenNobodyIsThere) {
  Stage stage;

  std::string id = stage.subscribe(nacka, to("a.example"));

  EXPECT_EQ(stage.state(id).status, "error");
}

// Concern: the error of a handshake must not reveal our network to a subscriber.
TEST(Handshake, DoesNotTellWhyItFailed) {
  Stage stage;
  stage.receiver("a.example").answer = [](const Received&) { return 403u; };

  std::string refused = stage.subscribe(nacka, to("a.example")), absent = stage.subscribe(nacka, to("b.example"));

  EXPECT_EQ(stage.state(refused).error, stage.state(absent).error);
}

TEST(Handshake, IsRepeatedWhenTheSubscriberAsksAgain) {
  Stage stage;
  Receiver& receiver = stage.receiver("a.example");
  receiver.answer = [](const Received&) { return 500u; };
  std::string id = stage.subscribe(nacka, to("a.example"));
  stage.happen({nacka});
  receiver.answer = [](const Received&) { return 204u; };

  Wish again = to("a.example");
  again.further = "\"id\":\"" + id + "\",";
  store::Reader reader{nacka, false};
  ASSERT_TRUE(stage.world.complete(stage.subscription_service().update(reader, id, again.json(), 0)));
  stage.run_for(1s);

  EXPECT_EQ(stage.state(id).status, "active");
  EXPECT_EQ(receiver.taken("handshake").size(), 1u);
  EXPECT_EQ(receiver.numbers(), up_to(1));  // counted while it was in error
}

// Source: backport guide 1.1.0, channels (errors in the initial handshake SHALL result in `error`) and errors (recovering from it
// is the client's: a server that took the error back would hide a gap). So it is not repeated by itself; it is seen, and costs
// nothing.
TEST(Handshake, ThatFailedIsSeenInStatusUntilTheSubscriberAsksAgainAndCostsNoEvent) {
  for (const unsigned status : {0u, 503u}) {
    Stage stage;
    if (status != 0) stage.receiver("a.example").answer = [status](const Received&) { return status; };
    const std::string id = stage.subscribe(nacka, to("a.example"));
    for (int at = 0; at < 40; ++at) stage.happen({nacka}, "admission", "e" + std::to_string(at));
    Receiver& receiver = stage.receiver("a.example");
    receiver.answer = [](const Received&) { return 200u; };
    stage.run_for(24h);
    stage.crash_and_restart();
    stage.run_for(24h);
    EXPECT_EQ(receiver.taken("handshake").size() + receiver.taken().size(), 0u) << status;

    store::Reader reader{nacka, false};
    const Result<std::string> seen = stage.world.complete(stage.subscription_service().status_of(reader, id));
    ASSERT_TRUE(seen);
    for (const char* part : {R"("status","valueCode":"error")", R"("events-since-subscription-start","valueString":"40")",
                             R"("text":"Stopped: the handshake failed.")"})
      EXPECT_NE(seen->find(part), std::string::npos) << part << " in " << *seen;

    Wish again = to("a.example");
    again.further = "\"id\":\"" + id + "\",";
    ASSERT_TRUE(stage.world.complete(stage.subscription_service().update(reader, id, again.json(), 0)));
    stage.run_for(1min);
    EXPECT_EQ(receiver.taken("handshake").size(), 1u) << status;
    EXPECT_EQ(receiver.numbers(), up_to(40)) << status;
    EXPECT_EQ(stage.state(id).status, "active");
  }
}

// Concern: whoever corrects a text would have its notifications held up, and get a call that means nothing.
TEST(Handshake, IsNotMadeWhenOnlyTheReasonIsAnother) {
  Stage stage;
  Receiver& receiver = stage.receiver("a.example");
  const std::string id = stage.subscribe(nacka, to("a.example"));
  stage.run_for(1s);
  ASSERT_EQ(receiver.taken("handshake").size(), 1u);
  const auto put = [&](Wish wish, const std::string& reason) {
    wish.further = "\"id\":\"" + id + "\",";
    wish.reason = reason;
    store::Reader reader{nacka, false};
    Result<store::Resource> now = stage.world.complete(stage.subscription_service().update(reader, id, wish.json(), 0));
    CHECK(now);
    stage.run_for(1s);
    return *std::move(now);
  };

  const store::Resource other = put(to("a.example"), "other words");
  EXPECT_EQ(other.version, 2);
  EXPECT_NE(other.body.find("other words"), std::string::npos);
  EXPECT_EQ(stage.state(id).status, "active");
  EXPECT_EQ(receiver.taken("handshake").size(), 1u);
  stage.happen({nacka});
  stage.run_for(1s);
  EXPECT_EQ(receiver.numbers(), up_to(1));

  // And what is changed beside the reason, or after it, is agreed on as ever.
  Wish fuller = to("a.example");
  fuller.filters = {"event=admission"};
  put(fuller, "more words");
  EXPECT_EQ(receiver.taken("handshake").size(), 2u);
  put(fuller, "most words");
  stage.crash_and_restart();
  stage.run_for(1s);
  EXPECT_EQ(receiver.taken("handshake").size(), 2u);
  put(to("a.example"), "most words");
  EXPECT_EQ(receiver.taken("handshake").size(), 3u);
}

TEST(Handshake, IsMadeAfterARestartWhenItWasStillDue) {
  Stage stage;
  ASSERT_TRUE(stage.create(nacka, to("a.example")));
  stage.crash_and_restart();
  Receiver& receiver = stage.receiver("a.example");
  std::string id = stage.subscribe(nacka, to("a.example"));
  stage.crash_and_restart();
  stage.run_for(1s);

  EXPECT_EQ(stage.state(id).status, "active");
  EXPECT_EQ(receiver.taken("handshake").size(), 1u);
}

TEST(Handshake, IsMadeWithANewEndpointBeforeAnythingElseGoesThere) {
  Stage stage;
  Receiver& old = stage.receiver("a.example");
  Receiver& other = stage.receiver("b.example");
  std::string id = stage.subscribe(nacka, to("a.example"));
  stage.happen({nacka});
  stage.run_for(1s);

  Wish moved = to("b.example");
  moved.further = "\"id\":\"" + id + "\",";
  moved.status = "active";
  store::Reader reader{nacka, false};
  ASSERT_TRUE(stage.world.complete(stage.subscription_service().update(reader, id, moved.json(), 0)));
  stage.happen({nacka});
  stage.run_for(1s);

  EXPECT_EQ(old.numbers(), up_to(1));
  ASSERT_EQ(other.all().size(), 2u);
  EXPECT_EQ(other.all()[0].type, "handshake");
  EXPECT_EQ(other.numbers(), Numbers{2});
}

Task<> put(SubscriptionService& service, std::string id, Wish wish) {
  wish.further = "\"id\":\"" + id + "\",";
  wish.status = "active";
  store::Reader reader{nacka, false};
  std::string json = wish.json();
  Result<store::Resource> made = co_await service.update(std::move(reader), std::move(id), std::move(json), 0);
  (void)made;  // of two at one time one may be refused
}

// Concern: the outcome of one handshake is written just when the next one is marked as due, and covers that mark. An endpoint
// that does not answer its handshake gets nothing else all the same, also after a crash.
TEST(Handshake, IsAnsweredByANewEndpointBeforeAnythingElseHoweverCloseTheChangesAre) {
  std::size_t called = 0;
  for (const bool crashes : {false, true}) {
    for (std::chrono::milliseconds apart = 0ms; apart < 600ms; apart += 10ms) {
      Stage stage;
      stage.receiver("a.example");
      Receiver& b = stage.receiver("b.example");
      Receiver& c = stage.receiver("c.example");
      const std::string id = stage.subscribe(nacka, to("a.example"));
      b.thinks_for = 100ms;
      c.answer = [](const Received& read) { return read.type == "handshake" ? 500u : 200u; };
      stage.store.set_faults(sim::StoreFaults{.write_min = 50ms, .write_max = 50ms, .sync_min = 50ms, .sync_max = 50ms});
      stage.world.spawn(put(stage.subscription_service(), id, to("b.example")));
      stage.run_for(apart);
      stage.world.spawn(put(stage.subscription_service(), id, to("c.example")));
      stage.run_for(250ms);
      if (crashes) stage.crash_and_restart();
      stage.happen({nacka});
      stage.run_for(1min);

      for (const Received& read : c.all()) EXPECT_EQ(read.type, "handshake") << apart.count() << ' ' << crashes;
      if (!c.all().empty()) ++called;
    }
  }
  EXPECT_GT(called, 20u);
}

}  // namespace
}  // namespace vardbron::subscription
