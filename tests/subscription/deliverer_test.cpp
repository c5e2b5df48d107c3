#include "gateway/subscription/deliverer.h"

#include "gateway/base/limits.h"
#include "gateway/base/log.h"
#include "gateway/base/reached.h"
#include "tests/subscription/stage.h"

#include <gtest/gtest.h>

namespace vardbron::subscription {
namespace {

using namespace std::chrono_literals;
std::string_view field(const Received& read, std::string_view name) { return http::find(read.request.fields, name); }

// --- order and numbers -----------------------------------------------------------------------------------------------

TEST(Deliverer, TellsEventsInOrderWithoutGaps) {
  Stage stage;
  Receiver& receiver = stage.receiver("a.example");
  stage.subscribe(nacka, to("a.example"));

  for (int at = 0; at < 50; ++at) stage.happen({nacka}, "admission", "e" + std::to_string(at));
  stage.run_for(1s);

  EXPECT_EQ(receiver.numbers(), up_to(50));
  std::int64_t reported = 0;
  for (const Received& read : receiver.taken()) {
    reported += static_cast<std::int64_t>(read.numbers.size());
    EXPECT_EQ(read.events, reported);
    EXPECT_EQ(read.status, "active");
  }
}

TEST(Deliverer, NumbersEachSubscriptionByItself) {
  Stage stage;
  Receiver& a = stage.receiver("a.example");
  Receiver& b = stage.receiver("b.example");
  stage.subscribe(nacka, to("a.example"));
  stage.subscribe(huddinge, to("b.example"));

  stage.happen({nacka});
  stage.happen({nacka, huddinge});
  stage.happen({huddinge});
  stage.happen({nacka});
  stage.run_for(1s);

  EXPECT_EQ(a.numbers(), up_to(3));
  EXPECT_EQ(b.numbers(), up_to(2));
}

TEST(Deliverer, PutsNoMoreEventsIntoANotificationThanAskedFor) {
  Stage stage;
  Receiver& receiver = stage.receiver("a.example");
  stage.subscribe(nacka, with(to("a.example"), "backport-max-count", "PositiveInt", "3"));
  receiver.thinks_for = 1s;

  for (int at = 0; at < 20; ++at) stage.happen({nacka}, "admission", "e" + std::to_string(at));
  stage.run_for(60s);

  EXPECT_EQ(receiver.numbers(), up_to(20));
  std::size_t most = 0;
  for (const Received& read : receiver.taken()) most = std::max(most, read.numbers.size());
  EXPECT_EQ(most, 3u);
}

TEST(Deliverer, WritesDownWhatWasDelivered) {
  Stage stage;
  stage.receiver("a.example");
  std::string id = stage.subscribe(nacka, to("a.example"));

  for (int at = 0; at < 3; ++at) stage.happen({nacka});
  stage.run_for(1s);

  EXPECT_EQ(stage.state(id).events, 3);
  EXPECT_EQ(stage.state(id).delivered, 3);
}

// --- promise 5: one dead or slow subscriber delays nobody else --------------------------------------------------------

enum class Trouble { Dead, Silent, Slow, Refusing };

void one_in_trouble(Trouble trouble) {
  Stage stage;
  Receiver& ill = stage.receiver("a.example");
  Receiver& well = stage.receiver("b.example");
  std::string ill_id = stage.subscribe(nacka, to("a.example"));
  stage.subscribe(nacka, to("b.example"));
  if (trouble == Trouble::Dead) stage.world.net.cut_off("a.example");
  if (trouble == Trouble::Silent) stage.world.net.silence("a.example");
  if (trouble == Trouble::Slow) ill.thinks_for = 20s;
  if (trouble == Trouble::Refusing) ill.answer = [](const Received&) { return 500u; };

  for (int at = 0; at < 20; ++at) {
    Instant happened = stage.world.clock.now();
    stage.happen({nacka}, "admission", "e" + std::to_string(at));
    stage.run_for(10ms);
    ASSERT_EQ(well.numbers().size(), static_cast<std::size_t>(at + 1));
    EXPECT_LE(well.all().back().at - happened, 1ms);
  }

  stage.world.net.heal("a.example");
  ill.answer = [](const Received&) { return 200u; };
  ill.thinks_for = 0s;
  stage.run_for(1h);
  Numbers reported = ill.numbers();
  EXPECT_EQ(reported, up_to(20));
  EXPECT_EQ(stage.state(ill_id).delivered, 20);
}

TEST(Deliverer, IsNotDelayedByADeadSubscriber) { one_in_trouble(Trouble::Dead); }
TEST(Deliverer, IsNotDelayedByASilentSubscriber) { one_in_trouble(Trouble::Silent); }
TEST(Deliverer, IsNotDelayedByASlowSubscriber) { one_in_trouble(Trouble::Slow); }
TEST(Deliverer, IsNotDelayedByASubscriberThatRefuses) { one_in_trouble(Trouble::Refusing); }

// Half of what one gateway may have: nobody answers any of them, and one is well.
TEST(Deliverer, IsNotDelayedByTwoHundredDeadSubscribers) {
  Stage stage;
  Receiver& well = stage.receiver("b.example");
  stage.subscribe(nacka, to("b.example"));
  stage.receiver("a.example");
  stage.receiver("c.example");
  for (std::size_t at = 1; at < limits::subscriptions_per_organisation; ++at) {
    ASSERT_TRUE(stage.create(nacka, to("a.example")));
    ASSERT_TRUE(stage.create(huddinge, to("c.example")));
  }
  stage.run_for(10s);
  stage.world.net.silence("a.example");
  stage.world.net.cut_off("c.example");

  for (int at = 0; at < 20; ++at) {
    Instant happened = stage.world.clock.now();
    stage.happen({nacka, huddinge}, "admission", "e" + std::to_string(at));
    stage.run_for(100ms);
    ASSERT_EQ(well.numbers().size(), static_cast<std::size_t>(at + 1));
    EXPECT_LE(well.all().back().at - happened, 1ms);
  }
}

// Concern: a receiver is not blamed for what this machine lacks.
TEST(Deliverer, CountsNoAttemptWhileThisMachineHasNoRoomForAConnection) {
  Stage stage;
  Receiver& receiver = stage.receiver("a.example");
  std::string id = stage.subscribe(nacka, to("a.example"));
  stage.run_for(limits::kept_connection_time_max);
  stage.world.net.set_faults(sim::NetFaults{.no_descriptor = 1'000'000});
  stage.happen({nacka});
  stage.run_for(1h);
  EXPECT_EQ(stage.state(id).status, "active");
  EXPECT_TRUE(receiver.numbers().empty());

  stage.world.net.set_faults({});
  stage.run_for(limits::retry_pause_first + 1s);

  EXPECT_EQ(receiver.numbers(), up_to(1));
}

TEST(Deliverer, ShakesHandsLaterWhenThisMachineHasNoRoomForAConnection) {
  Stage stage;
  stage.receiver("a.example");
  stage.world.net.set_faults(sim::NetFaults{.no_descriptor = 1'000'000});
  std::string id = stage.subscribe(nacka, to("a.example"));
  stage.run_for(1h);
  EXPECT_EQ(stage.state(id).status, "requested");

  stage.world.net.set_faults({});
  stage.run_for(limits::retry_pause_first + 1s);

  EXPECT_EQ(stage.state(id).status, "active");
}

// --- retries ---------------------------------------------------------------------------------------------------------

TEST(Deliverer, RepeatsANotificationUnderTheSameKeyWithGrowingPauses) {
  Stage stage;
  Receiver& receiver = stage.receiver("a.example");
  stage.subscribe(nacka, to("a.example"));
  receiver.answer = [&receiver](const Received&) { return receiver.all().size() < 9 ? 503u : 200u; };

  stage.happen({nacka});
  stage.run_for(1h);

  std::vector<Received> all = receiver.all();
  ASSERT_EQ(all.size(), 9u);
  for (std::size_t at = 2; at < all.size(); ++at) {
    EXPECT_EQ(all[at].id, all[1].id);
    EXPECT_EQ(field(all[at], "Idempotency-Key"), all[1].id);
    EXPECT_NE(field(all[at], "X-Request-Id"), field(all[at - 1], "X-Request-Id"));
    Instant longest = limits::retry_pause_first * (1 << (at - 2)), pause = all[at].at - all[at - 1].at;
    EXPECT_GE(pause, longest / 2) << at;
    EXPECT_LE(pause, longest + 1ms) << at;
  }
  EXPECT_EQ(receiver.numbers(), up_to(1));
}

TEST(Deliverer, WaitsAsLongAsTheReceiverAsks) {
  Stage stage;
  Receiver& receiver = stage.receiver("a.example");
  stage.subscribe(nacka, to("a.example"));
  receiver.answer = [&receiver](const Received&) { return receiver.all().size() < 3 ? 429u : 200u; };
  receiver.retry_after = "77";

  stage.happen({nacka});
  stage.run_for(1h);

  ASSERT_EQ(receiver.all().size(), 3u);
  EXPECT_GE(receiver.all()[2].at - receiver.all()[1].at, 77s);
}

TEST(Deliverer, WaitsForAnAnswerNoLongerThanTheSubscriberAsked) {
  Stage stage;
  Receiver& receiver = stage.receiver("a.example");
  stage.subscribe(nacka, with(to("a.example"), "backport-timeout", "UnsignedInt", "3"));
  receiver.thinks_for = 10s;

  Instant happened = stage.world.clock.now();
  stage.happen({nacka});
  stage.run_for(8s);

  ASSERT_GE(receiver.all().size(), 3u);
  EXPECT_GE(receiver.all()[2].at - happened, 3500ms);
  EXPECT_LE(receiver.all()[2].at - happened, 4100ms);
}

// Takes a request and hangs up in the middle of its answer, as a receiver that is killed does.
Task<> hang_up_once(net::Listener& listener, Clock& clock) {
  Result<net::StreamPtr> stream = co_await listener.accept();
  CHECK(stream);
  char bytes[512];
  Deadline until = clock.in(10s);
  Result<std::size_t> got = co_await (*stream)->read_some(bytes, until);
  CHECK(got);
  Result<void> sent = co_await (*stream)->write_all("HTTP/1.1 200 OK\r\nContent-Len", until);
  CHECK(sent);
  co_await (*stream)->close(until);
}

TEST(Deliverer, RepeatsWhatAReceiverHungUpOnInTheMiddleOfItsAnswer) {
  Stage stage;
  std::string id = stage.subscribe(nacka, to("c.example"));  // nobody there yet: in error
  std::unique_ptr<net::Listener> listener = stage.world.net.listen("c.example", 443);
  stage.world.spawn(hang_up_once(*listener, stage.world.clock));
  ASSERT_TRUE(stage.world.complete(stage.store.set_subscription_status(id, "active", "")));
  stage.crash_and_restart();

  stage.happen({nacka});
  stage.run_for(100ms);
  listener.reset();
  Receiver& receiver = stage.receiver("c.example");
  stage.run_for(10s);

  EXPECT_EQ(receiver.numbers(), up_to(1));
  EXPECT_EQ(stage.state(id).delivered, 1);
}

// --- error -----------------------------------------------------------------------------------------------------------

// Source: backport guide, errors: counting, status and $status go on.
TEST(Deliverer, GoesOnCountingAndTryingInError) {
  Stage stage;
  Receiver& receiver = stage.receiver("a.example");
  std::string id = stage.subscribe(nacka, to("a.example"));
  receiver.answer = [](const Received&) { return 500u; };
  stage.happen({nacka});
  stage.run_for(10min);
  ASSERT_EQ(stage.state(id).status, "error");

  for (int at = 0; at < 4; ++at) stage.happen({nacka});
  EXPECT_EQ(stage.state(id).events, 5);
  receiver.answer = [](const Received&) { return 200u; };
  stage.run_for(1h);

  EXPECT_EQ(receiver.numbers(), up_to(5));
  EXPECT_EQ(stage.state(id).status, "error");  // taking it back is the subscriber's act
  EXPECT_EQ(receiver.taken().back().status, "error");
}

TEST(Deliverer, GoesOnAtOnceWhenTheSubscriberTakesTheErrorBack) {
  Stage stage;
  Receiver& receiver = stage.receiver("a.example");
  std::string id = stage.subscribe(nacka, to("a.example"));
  receiver.answer = [](const Received&) { return 500u; };
  stage.happen({nacka});
  stage.run_for(2h);
  receiver.answer = [](const Received&) { return 200u; };

  Wish again = to("a.example");
  again.further = "\"id\":\"" + id + "\",";
  store::Reader reader{nacka, false};
  ASSERT_TRUE(stage.world.complete(stage.subscription_service().update(reader, id, again.json(), 0)));
  stage.run_for(1s);

  EXPECT_EQ(stage.state(id).status, "active");
  EXPECT_EQ(stage.state(id).error, "");
  EXPECT_EQ(receiver.numbers(), up_to(1));
}

TEST(Deliverer, LeavesAReceiverAloneThatAnswers410) {
  for (const bool is_in_error : {false, true}) {
    Stage stage;
    Receiver& receiver = stage.receiver("a.example");
    std::string id = stage.subscribe(nacka, to("a.example"));
    receiver.answer = [&](const Received&) { return is_in_error && receiver.all().size() == 2 ? 404u : 410u; };
    stage.happen({nacka});
    stage.run_for(24h);
    stage.crash_and_restart();
    stage.happen({nacka});
    stage.run_for(24h);

    EXPECT_EQ(stage.state(id).status, "error");
    EXPECT_EQ(stage.state(id).error, "Stopped: the receiver answered 410, it wants no more notifications.");
    EXPECT_EQ(stage.state(id).events, 2);
    EXPECT_EQ(receiver.all().size(), is_in_error ? 3u : 2u);  // the handshake, and one notification until it answered 410
  }
}

TEST(Deliverer, BuriesTheOneEventThatIsRefusedAndTellsTheRest) {
  Stage stage;
  Receiver& receiver = stage.receiver("a.example");
  std::string id = stage.subscribe(nacka, to("a.example"));
  receiver.answer = [](const Received& read) {
    bool holds_two = std::find(read.numbers.begin(), read.numbers.end(), 2) != read.numbers.end();
    return holds_two ? 422u : 200u;
  };

  for (int at = 0; at < 4; ++at) stage.happen({nacka}, "admission", "e" + std::to_string(at));
  stage.run_for(1h);

  EXPECT_EQ(receiver.numbers(), (Numbers{1, 3, 4}));
  EXPECT_EQ(stage.state(id).status, "error");
  std::vector<store::Event> all = *stage.world.complete(stage.store.events(id, 1, 4, 10));
  ASSERT_EQ(all.size(), 4u);
  EXPECT_TRUE(all[1].dead);
}

// --- rights ----------------------------------------------------------------------------------------------------------

TEST(Deliverer, TellsNobodyOfACaseItIsNoPartyTo) {
  Stage stage;
  Receiver& a = stage.receiver("a.example");
  Receiver& b = stage.receiver("b.example");
  stage.subscribe(nacka, to("a.example"));
  std::string id = stage.subscribe(huddinge, to("b.example"));

  stage.happen({nacka});
  stage.run_for(1h);

  EXPECT_EQ(a.numbers(), up_to(1));
  EXPECT_TRUE(b.taken().empty());
  EXPECT_EQ(stage.state(id).events, 0);
}

// Concern: rights change between match and send, and what was right then must not be shown now (reliability 3.7).
TEST(Deliverer, WithholdsWhatTheSubscriberMayNotSeeAnyMore) {
  auto before = times_reached("subscription: an event is withheld from who left the case");
  Stage stage;
  Receiver& receiver = stage.receiver("a.example");
  Wish wish = to("a.example");
  wish.content = "full-resource";
  std::string id = stage.subscribe(nacka, wish);
  receiver.answer = [](const Received&) { return 503u; };
  stage.happen({nacka, huddinge}, "admission", "left");
  stage.run_for(10s);
  ASSERT_NE(receiver.all().back().request.body.find("Encounter/left"), std::string::npos);

  stage.change_parties("left", {huddinge});
  receiver.answer = [](const Received&) { return 200u; };
  stage.run_for(1h);

  EXPECT_EQ(receiver.numbers(), up_to(1));
  EXPECT_EQ(receiver.all().back().request.body.find("left"), std::string::npos);
  EXPECT_GT(times_reached("subscription: an event is withheld from who left the case"), before);
  std::vector<store::AuditRow> rows = *stage.world.complete(stage.store.audit_rows(0, 100));
  EXPECT_EQ(rows.back().action, "withhold");
}

TEST(Deliverer, WritesDownWhatItShowedToWhom) {
  Stage stage;
  stage.receiver("a.example");
  std::string id = stage.subscribe(nacka, to("a.example"));

  stage.happen({nacka}, "admission", "e7");
  stage.run_for(1s);

  std::vector<store::AuditRow> rows = *stage.world.complete(stage.store.audit_rows(0, 100));
  ASSERT_FALSE(rows.empty());
  EXPECT_EQ(rows.back().action, "deliver");
  EXPECT_EQ(rows.back().caller, nacka);
  EXPECT_EQ(rows.back().subject, "Encounter/e7");
  EXPECT_EQ(rows.back().case_key, "case-e7");
}

// --- restart, stop, store in trouble -----------------------------------------------------------------------------------

TEST(Deliverer, GoesOnAfterACrashWhereItStood) {
  Stage stage;
  Receiver& receiver = stage.receiver("a.example");
  std::string id = stage.subscribe(nacka, to("a.example"));
  receiver.answer = [](const Received&) { return 503u; };
  for (int at = 0; at < 3; ++at) stage.happen({nacka});

  stage.crash_and_restart();
  receiver.answer = [](const Received&) { return 200u; };
  stage.run_for(1min);

  EXPECT_EQ(receiver.numbers(), up_to(3));
  EXPECT_EQ(stage.state(id).delivered, 3);
}

TEST(Deliverer, LetsTheAnswerUnderWayComeInWhenItStops) {
  Stage stage;
  Receiver& receiver = stage.receiver("a.example");
  std::string id = stage.subscribe(nacka, to("a.example"));
  receiver.thinks_for = 2s;
  stage.happen({nacka});
  stage.run_for(1s);

  Deadline until = stage.world.clock.in(10s);
  stage.world.spawn(stage.deliverer().stop(until));
  stage.run_for(5s);

  EXPECT_EQ(stage.world.complete(stage.store.events(id, 1, 1, 1))->size(), 1u);
  stage.start_deliverer();
  stage.run_for(1h);
  EXPECT_EQ(receiver.numbers(), up_to(1));  // once, not twice
}

TEST(Deliverer, RestsAndGoesOnWhenTheStoreIsInTrouble) {
  auto before = times_reached("subscription: our own trouble counts no attempt");
  int places = 0;
  for (Cause cause : {Cause::Busy, Cause::Broken}) {
    for (std::uint64_t nth = 1; nth <= 3; ++nth) {
      for (bool write : {true, false}) {
        Stage stage;
        Receiver& receiver = stage.receiver("a.example");
        std::string id = stage.subscribe(nacka, to("a.example"));
        if (write) stage.store.fail_write(nth + 1, cause);  // the first write is the commit of the event itself
        if (!write) stage.store.fail_read(nth, cause);
        stage.happen({nacka});
        stage.run_for(1min);

        ASSERT_FALSE(receiver.numbers().empty()) << nth;
        EXPECT_EQ(receiver.numbers().back(), 1) << nth;
        EXPECT_EQ(stage.state(id).delivered, 1) << nth;
        EXPECT_EQ(stage.state(id).status, "active") << nth;
        ++places;
      }
    }
  }
  EXPECT_GE(times_reached("subscription: our own trouble counts no attempt"), before + static_cast<std::uint64_t>(places) / 2);
}

std::size_t count(const std::string& text, const std::string& part) {
  std::size_t times = 0;
  for (std::size_t at = text.find(part); at != std::string::npos; at = text.find(part, at + 1)) ++times;
  return times;
}

TEST(Deliverer, AStoreThatCannotBeReadForLongIsToldAFewTimesAndThatItIsOver) {
  Stage stage;
  Receiver& receiver = stage.receiver("a.example");
  stage.subscribe(nacka, to("a.example"));
  for (std::uint64_t read = 1; read <= 300; ++read) stage.store.fail_read(read, Cause::Busy);
  testing::internal::CaptureStderr();
  log::start(log::Level::Info, log::Shape::Plain);
  stage.happen({nacka});
  stage.run_for(10min);
  log::stop();
  const std::string reported = testing::internal::GetCapturedStderr();
  EXPECT_EQ(count(reported, "events cannot be read"), 5u) << reported;  // after 0, 10, 30, 70 and 150 seconds
  EXPECT_EQ(count(reported, "events can be read again"), 1u) << reported;
  EXPECT_EQ(receiver.numbers(), up_to(1));
}

TEST(Deliverer, CountsButNeverCallsASubscriptionWhoseEndpointIsNotAgreedAnyMore) {
  Stage stage;
  Receiver& receiver = stage.receiver("a.example");
  std::string id = stage.subscribe(nacka, to("a.example"));

  stage.endpoints = Endpoints();
  stage.crash_and_restart();
  stage.happen({nacka});
  stage.run_for(24h);

  EXPECT_EQ(stage.state(id).status, "error");
  EXPECT_EQ(stage.state(id).events, 1);
  EXPECT_TRUE(receiver.taken().empty());
}

}  // namespace
}  // namespace vardbron::subscription
