// Concern: a receiver that fails is one line of the log and one figure for each attempt, and the figures do not grow with
// receivers.
#include "gateway/subscription/figures.h"

#include "exposition.h"
#include "logged.h"
#include "tests/subscription/stage.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace vardbron::subscription {
namespace {

using namespace std::chrono_literals;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;

double attempts(Stage& stage, const std::string& type, const std::string& outcome) {
  const Exposition reported(stage.metrics.text());
  EXPECT_THAT(reported.faults(), IsEmpty());
  return reported.value("vardbron_delivery_attempts_total{outcome=\"" + outcome + "\",type=\"" + type + "\"}");
}

double of_status(Stage& stage, const std::string& name, const std::string& status) {
  return Exposition(stage.metrics.text()).value(name + "{status=\"" + status + "\"}");
}

TEST(DeliveryFigures, EachAttemptThatFailsIsOneLineAndOneFigure) {
  struct Row {
    unsigned status;
    std::string outcome;
  };
  for (const Row& row : {Row{503, "unavailable"}, Row{429, "unavailable"}, Row{404, "misdirected"}, Row{302, "misdirected"},
                         Row{422, "refused"}, Row{410, "gone"}}) {
    Logged logged;
    Stage stage;
    Receiver& receiver = stage.receiver("a.example");
    stage.subscribe(nacka, to("a.example"));
    receiver.answer = [&](const Received&) { return row.status; };
    stage.happen({nacka});
    stage.run_for(10ms);
    EXPECT_EQ(attempts(stage, "handshake", "delivered"), 1);
    EXPECT_EQ(attempts(stage, "event-notification", row.outcome), 1) << row.status;
    std::size_t failed = 0;
    for (const std::string& line : logged.lines("warning"))
      if (line.find("\"event\":\"notification not delivered\"") != std::string::npos) ++failed;
    EXPECT_EQ(failed, 1u) << row.status;
  }
}

TEST(DeliveryFigures, AReceiverThatIsSilentIsToldOfWithoutAnAnswer) {
  Stage stage;
  Receiver& receiver = stage.receiver("a.example");
  stage.subscribe(nacka, to("a.example"));
  receiver.stop();
  stage.happen({nacka});
  stage.run_for(500ms);
  EXPECT_EQ(attempts(stage, "event-notification", "no answer"), 1);
}

TEST(DeliveryFigures, AHandshakeThatFailsIsOneLineAndOneFigure) {
  Logged logged;
  Stage stage;
  stage.receiver("a.example").answer = [](const Received&) { return 500u; };
  stage.subscribe(nacka, to("a.example"));
  stage.run_for(10ms);
  EXPECT_EQ(attempts(stage, "handshake", "unavailable"), 1);
  EXPECT_EQ(of_status(stage, "vardbron_subscriptions", "error"), 1);
  const std::vector<std::string> lines = logged.lines("warning");
  ASSERT_THAT(lines, SizeIs(1));
  EXPECT_THAT(lines[0], HasSubstr("\"event\":\"a handshake failed\""));
  EXPECT_THAT(lines[0], HasSubstr("\"host\":\"a.example\""));
  EXPECT_THAT(lines[0], HasSubstr("\"port\":443"));
  EXPECT_THAT(lines[0], HasSubstr("\"because\":\"status 500\""));
}

TEST(DeliveryFigures, AHandshakeThatNobodyAnswersIsLoggedWithItsReason) {
  Logged logged;
  Stage stage;
  stage.subscribe(nacka, to("b.example"));
  stage.run_for(1h);
  const std::vector<std::string> lines = logged.lines("warning");
  ASSERT_THAT(lines, SizeIs(1));
  EXPECT_THAT(lines[0], HasSubstr("\"host\":\"b.example\""));
  EXPECT_THAT(lines[0], HasSubstr("\"because\":\"the connection was refused\""));
}

TEST(DeliveryFigures, AHeartbeatThatIsRefusedIsOneLineAndOneFigure) {
  Logged logged;
  Stage stage;
  Receiver& receiver = stage.receiver("a.example");
  stage.subscribe(nacka, with(to("a.example"), "backport-heartbeat-period", "UnsignedInt", "60"));
  receiver.answer = [](const Received&) { return 500u; };
  stage.run_for(61s);
  EXPECT_EQ(attempts(stage, "heartbeat", "unavailable"), 1);
  const std::vector<std::string> lines = logged.lines("warning");
  ASSERT_THAT(lines, SizeIs(1));
  EXPECT_THAT(lines[0], HasSubstr("\"event\":\"heartbeat not delivered\""));
}

TEST(DeliveryFigures, TheQueuesAreToldByStatusAndEmptyWhenAllIsDelivered) {
  Logged logged;
  Stage stage;
  Receiver& receiver = stage.receiver("a.example");
  const std::string id = stage.subscribe(nacka, to("a.example"));
  EXPECT_EQ(of_status(stage, "vardbron_subscriptions", "active"), 1);
  receiver.answer = [](const Received&) { return 503u; };
  for (int at = 0; at < 7; ++at) stage.happen({nacka}, "admission", "e" + std::to_string(at));
  stage.run_for(1s);
  EXPECT_EQ(of_status(stage, "vardbron_delivery_events_waiting", "active"), 7);
  stage.run_for(30min);
  EXPECT_EQ(of_status(stage, "vardbron_subscriptions", "active"), 0);
  EXPECT_EQ(of_status(stage, "vardbron_subscriptions", "error"), 1);
  EXPECT_EQ(of_status(stage, "vardbron_delivery_events_waiting", "active"), 0);
  EXPECT_EQ(of_status(stage, "vardbron_delivery_events_waiting", "error"), 7);

  receiver.answer = [](const Received&) { return 200u; };
  stage.run_for(30min);
  EXPECT_EQ(of_status(stage, "vardbron_delivery_events_waiting", "error"), 0);
  Result<void> ended = stage.world.complete(stage.subscription_service().end({nacka, false}, id));
  EXPECT_TRUE(ended);
  stage.run_for(1s);
  EXPECT_EQ(of_status(stage, "vardbron_subscriptions", "error"), 0);

  std::size_t in_error = 0;
  for (const std::string& line : logged.lines("warning"))
    if (line.find("\"event\":\"a subscription is in error\"") != std::string::npos) ++in_error;
  EXPECT_EQ(in_error, 1u);
}

TEST(DeliveryFigures, WhatWaitsIsToldAgainAfterARestart) {
  Stage stage;
  Receiver& receiver = stage.receiver("a.example");
  stage.subscribe(nacka, to("a.example"));
  receiver.answer = [](const Received&) { return 503u; };
  for (int at = 0; at < 3; ++at) stage.happen({nacka}, "admission", "e" + std::to_string(at));
  stage.run_for(1s);
  stage.crash_and_restart();
  EXPECT_EQ(of_status(stage, "vardbron_subscriptions", "active"), 1);
  EXPECT_EQ(of_status(stage, "vardbron_delivery_events_waiting", "active"), 3);
}

TEST(DeliveryFigures, AHundredSubscriptionsAreAsManySeriesAsNone) {
  Stage stage;
  stage.receiver("a.example");
  const std::size_t before = Exposition(stage.metrics.text()).series().size();
  for (int at = 0; at < 100; ++at) stage.subscribe(nacka, to("a.example"));
  stage.happen({nacka});
  stage.run_for(1s);
  EXPECT_EQ(of_status(stage, "vardbron_subscriptions", "active"), 100);
  EXPECT_EQ(Exposition(stage.metrics.text()).series().size(), before);
}

}  // namespace
}  // namespace vardbron::subscription
