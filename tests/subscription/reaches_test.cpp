// Concern: a sender hears that an organisation is notified although its subscription gets nothing.
#include "gateway/subscription/reaches.h"

#include "tests/subscription/machine_driver.h"
#include "tests/subscription/stage.h"

#include <gtest/gtest.h>

#include <memory>
#include <ostream>

namespace vardbron::subscription {

void PrintTo(const Reached& reached, std::ostream* out) {
  *out << reached.delivering << " delivering, " << reached.not_taking << " not taking, " << reached.stopped << " stopped";
}

namespace {

using namespace std::chrono_literals;
using store::DeliveryHold;

constexpr Reached delivering{.delivering = 1}, not_taking{.not_taking = 1}, stopped{.stopped = 1};

TEST(Reaches, CountTheSubscriptionsOfEachAudience) {
  const auto reaches = std::make_shared<Reaches>();
  ReachShare first(reaches), second(reaches);
  {
    ReachShare third(reaches);
    for (ReachShare* each : {&first, &second, &third}) each->belong_to("one");
    first.set(Reach::Delivering);
    second.set(Reach::NotTaking);
    third.set(Reach::Stopped);
    EXPECT_EQ(reaches->of("one"), (Reached{1, 1, 1}));
  }
  EXPECT_EQ(reaches->of("one"), (Reached{1, 1, 0}));

  first.belong_to("other");
  second.set({});
  second.belong_to("other");
  EXPECT_EQ(reaches->of("one"), Reached());
  EXPECT_EQ(reaches->of("other"), delivering);
  EXPECT_EQ(reaches->of("third"), Reached());
}

TEST(Reaches, FollowTheLastAnswerOfTheEndpoint) {
  struct Row {
    const char* what;
    DeliveryMachine::State state;
    std::vector<unsigned> answers;
    Reach reach;
  };
  const Row table[] = {
      {"new, all delivered", active(3, 3), {}, Reach::Delivering},
      {"taken", active(0, 3), {200}, Reach::Delivering},
      {"one failure", active(0, 3), {503}, Reach::NotTaking},
      {"no answer", active(0, 3), {0, 0}, Reach::NotTaking},
      {"wrong credentials", active(0, 3), {401}, Reach::NotTaking},
      {"refused", active(0, 3), {400}, Reach::NotTaking},
      {"taken again", active(0, 3), {503, 200}, Reach::Delivering},
      {"in error, and taken since", in_error(0, 3, DeliveryHold::None), {200}, Reach::Delivering},
      {"in error, events wait", in_error(0, 3, DeliveryHold::None), {}, Reach::NotTaking},
      {"in error, nothing waits", in_error(3, 3, DeliveryHold::None), {}, Reach::Delivering},
      {"handshake failed before", in_error(0, 3, DeliveryHold::Stopped), {}, Reach::Stopped},
      {"handshake due", in_error(0, 3, DeliveryHold::HandshakeDue), {}, Reach::NotTaking},
      {"wants no more", active(0, 3), {410}, Reach::NotTaking},
  };
  for (const Row& row : table) {
    Driver driver({}, row.state);
    for (const unsigned status : row.answers) driver.until("post event-notification").answered(status);
    EXPECT_EQ(driver.machine.reach(), row.reach) << row.what;
  }
  EXPECT_EQ(Driver({}, active(0, 3)).until("post").answered(410).until("wait").machine.reach(), Reach::Stopped);
  EXPECT_EQ(Driver({}, requested(0, 3)).until("post handshake").answered(500).until("wait").machine.reach(), Reach::Stopped);
  Driver heartbeat({.heartbeat = 60s}, active(3, 3));
  EXPECT_EQ(heartbeat.until("post heartbeat").answered(503).machine.reach(), Reach::NotTaking);
  EXPECT_EQ(heartbeat.until("post heartbeat").answered(200).machine.reach(), Reach::Delivering);
}

/// The subscriptions that an event for Nacka is for, by their state now.
Reached reached(Stage& stage) {
  const std::shared_ptr<const Matcher> matcher = stage.deliverer().matcher();
  care::CaseEvent event;
  event.event = "admission";
  event.party = nacka;
  event.case_key = "case-e1";
  event.focus = "Encounter/e1";
  Reached all;
  for (const store::EventWrite& each : matcher->match(event)) all += matcher->reached(*each.to);
  return all;
}

TEST(Reaches, OfASubscriptionWhoseEndpointIsDownAreNotThoseThatAreNotified) {
  Stage stage;
  stage.receiver("a.example");
  stage.subscribe(nacka, to("a.example"));
  EXPECT_EQ(reached(stage), delivering);

  stage.world.net.cut_off("a.example");
  stage.happen({nacka});
  stage.run_for(10min);
  EXPECT_EQ(reached(stage), not_taking);
  stage.crash_and_restart();
  stage.run_for(1s);
  EXPECT_EQ(reached(stage), not_taking);

  stage.world.net.heal("a.example");
  stage.run_for(30min);
  EXPECT_EQ(reached(stage), delivering);
}

TEST(Reaches, OfASubscriptionWhoseHandshakeFailedAreStoppedUntilItAsksAgain) {
  Stage stage;
  Receiver& receiver = stage.receiver("a.example");
  receiver.answer = [](const Received&) { return 500u; };
  const std::string id = stage.subscribe(nacka, to("a.example"));
  EXPECT_EQ(reached(stage), stopped);
  stage.crash_and_restart();
  EXPECT_EQ(reached(stage), stopped);

  receiver.answer = [](const Received&) { return 200u; };
  Wish again = to("a.example");
  again.further = "\"id\":\"" + id + "\",";
  ASSERT_TRUE(stage.world.complete(stage.subscription_service().update({nacka, false}, id, again.json(), 0)));
  stage.run_for(2s);
  EXPECT_EQ(reached(stage), delivering);
  ASSERT_TRUE(stage.world.complete(stage.subscription_service().end({nacka, false}, id)));
  stage.run_for(2s);
  EXPECT_EQ(reached(stage), Reached());
}

TEST(Reaches, OfOneOrganisationAreThoseOfEachSubscription) {
  Stage stage;
  stage.receiver("a.example");
  stage.receiver("b.example");
  stage.subscribe(nacka, to("a.example"));
  stage.subscribe(nacka, to("b.example"));
  stage.subscribe(nacka, to("c.example"));  // nobody there
  EXPECT_EQ(reached(stage), (Reached{.delivering = 2, .stopped = 1}));
  stage.world.net.cut_off("b.example");
  stage.happen({nacka});
  stage.run_for(1min);
  EXPECT_EQ(reached(stage), (Reached{1, 1, 1}));
}

}  // namespace
}  // namespace vardbron::subscription
