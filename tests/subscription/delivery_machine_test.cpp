#include "gateway/subscription/delivery_machine.h"

#include "gateway/base/reached.h"
#include "tests/sim/seeds.h"
#include "tests/subscription/machine_driver.h"

#include <gtest/gtest.h>

#include <vector>

namespace vardbron::subscription {
namespace {

using namespace std::chrono_literals;

TEST(DeliveryMachine, JudgesAnswersByTheTable) {
  struct Row {
    unsigned status;
    Verdict verdict;
  };
  const Row table[] = {
      {0, Verdict::TryAgain},      {100, Verdict::TryAgain},    {200, Verdict::Delivered},   {202, Verdict::Delivered},
      {204, Verdict::Delivered},   {299, Verdict::Delivered},   {301, Verdict::Misdirected}, {307, Verdict::Misdirected},
      {400, Verdict::Refused},     {401, Verdict::Misdirected}, {403, Verdict::Misdirected}, {404, Verdict::Misdirected},
      {405, Verdict::Misdirected}, {408, Verdict::TryAgain},    {409, Verdict::Misdirected}, {410, Verdict::Leave},
      {413, Verdict::Refused},     {415, Verdict::Refused},     {422, Verdict::Refused},     {425, Verdict::TryAgain},
      {429, Verdict::TryAgain},    {500, Verdict::TryAgain},    {502, Verdict::TryAgain},    {503, Verdict::TryAgain},
      {504, Verdict::TryAgain},    {599, Verdict::TryAgain}};
  for (const Row& row : table) EXPECT_EQ(judge(row.status), row.verdict) << row.status;
}

// --- every state and every event ---------------------------------------------------------------------------------------

// A machine in some state, mostly with a step whose outcome is to come.
using Make = Driver (*)();

Driver handshake_due() { return Driver({}, requested(0, 3)); }
Driver handshake_made() { return handshake_due().until("prepare handshake"); }
Driver handshake_sent() { return handshake_due().until("post handshake"); }
Driver outcome_written() { return handshake_due().until("set active"); }
Driver idle() { return Driver({.heartbeat = 60s}, active(3, 3)); }
Driver events_made() { return Driver({}, active(0, 3)).until("prepare event-notification"); }
Driver bounds_written() { return Driver({.batch_max = 10}, active(0, 3)).until("begin"); }
Driver events_sent() { return Driver({}, active(0, 3)).until("post event-notification"); }
Driver advanced() { return Driver({}, active(0, 3)).until("advance"); }
Driver paused() { return events_sent().answered(503, 60s); }
Driver resting() { return events_sent().trouble(); }
Driver stopped() { return Driver({}, in_error(0, 3, store::DeliveryHold::Stopped)); }
Driver left() { return events_sent().answered(410).until("set error"); }
Driver given_up() {
  return Driver({.refusals_max = 1}, in_error(0, 3, store::DeliveryHold::None))
      .until("post event-notification")
      .answered(400)
      .until("dead letter");
}
Driver heartbeat_made() { return idle().after(60s).until("prepare heartbeat"); }
Driver heartbeat_sent() { return idle().after(60s).until("post heartbeat"); }

using Meanwhile = void (*)(Driver&);
const Meanwhile meanwhile[] = {
    [](Driver&) {},
    [](Driver& driver) { driver.machine.committed(5); },
    [](Driver& driver) { driver.machine.changed(driver.settings, DeliveryMachine::Asks::Handshake); },
    [](Driver& driver) { driver.machine.switched_off(); },
    [](Driver& driver) { driver.machine.stop_asked(); },
    [](Driver& driver) {
      driver.settings.end = driver.wall();
      driver.machine.changed(driver.settings, DeliveryMachine::Asks::Nothing);
    },
};

// What comes next when the step given went well, and before that one of these happened: nothing, more events, a change by the
// subscriber, switched off, stop asked, the subscription's end.
TEST(DeliveryMachine, DecidesByStateAndEvent) {
  const std::string events = "prepare event-notification", post = "post event-notification", handshake = "prepare handshake";
  struct Row {
    const char* state;
    Make make;
    std::string next[std::size(meanwhile)];
  };
  const Row table[] = {
      {"handshake due", handshake_due, {handshake, handshake, handshake, "end", "end", "set off"}},
      {"handshake made", handshake_made, {"post handshake", "post handshake", handshake, "end", "end", "set off"}},
      {"handshake sent", handshake_sent, {"set active", "set active", handshake, "end", "end", "set off"}},
      {"outcome written", outcome_written, {events, events, "set active, handshake due", "end", "end", "set off"}},
      {"idle", idle, {"wait", events, handshake, "end", "end", "set off"}},
      {"events made", events_made, {post, post, handshake, "end", "end", "set off"}},
      {"bounds written", bounds_written, {post, post, handshake, "end", "end", "set off"}},
      {"events sent", events_sent, {"advance", "advance", "advance", "advance", "advance", "set off"}},
      {"advanced", advanced, {events, events, handshake, "end", "end", "set off"}},
      {"paused", paused, {"wait", "wait", handshake, "end", "end", "set off"}},
      {"resting", resting, {"wait", "wait", "wait", "end", "end", "wait"}},
      {"stopped", stopped, {"wait", "wait", handshake, "end", "end", "set off"}},
      {"left", left, {"wait", "wait", "set error, handshake due", "end", "end", "set off"}},
      {"given up", given_up, {events, events, handshake, "end", "end", "set off"}},
      {"heartbeat made", heartbeat_made, {"post heartbeat", events, handshake, "end", "end", "set off"}},
      {"heartbeat sent", heartbeat_sent, {"wait", events, handshake, "end", "end", "set off"}},
  };
  for (const Row& row : table) {
    for (std::size_t event = 0; event < std::size(meanwhile); ++event) {
      Driver driver = row.make();
      meanwhile[event](driver);
      driver.went_well();
      EXPECT_EQ(name(driver.next()), row.next[event]) << row.state << ", event " << event;
    }
  }
}

// The step is trouble of our own, or throws: what is done next, and what once a moment has passed.
TEST(DeliveryMachine, TriesAgainAfterTroubleOfItsOwnAndBlamesNobody) {
  const std::string events = "prepare event-notification";
  struct Row {
    Make make;
    std::string next, later, when_thrown;
  };
  const Row table[] = {
      {handshake_made, "wait", "prepare handshake", "wait"},
      {handshake_sent, "wait", "prepare handshake", "wait"},
      {outcome_written, "wait", "set active", "wait"},
      {events_made, "wait", events, "set error"},  // what is thrown at a notification is its own
      {events_sent, "wait", events, "set error"},
      {bounds_written, "wait", events, "wait"},
      {advanced, "wait", "advance", "wait"},
      {left, "wait", "set error", "wait"},
      {given_up, "wait", "dead letter", "wait"},
      {heartbeat_sent, "wait", "wait", "wait"},
  };
  for (const Row& row : table) {
    auto before = times_reached("subscription: our own trouble counts no attempt");
    Driver driver = row.make();
    const std::string what = name(driver.given);
    driver.machine.trouble(driver.now);
    EXPECT_EQ(name(driver.next()), row.next) << what;
    driver.now += limits::retry_pause_first;
    EXPECT_EQ(name(driver.next()), row.later) << what;
    EXPECT_EQ(times_reached("subscription: our own trouble counts no attempt") > before, what != "post heartbeat") << what;

    Driver thrown = row.make();
    thrown.machine.threw(thrown.now, thrown.random);
    EXPECT_EQ(name(thrown.next()), row.when_thrown) << what;
  }
}

TEST(DeliveryMachine, WhatIsThrownBetweenStepsIsNobodysOwn) {
  Driver driver({}, active(0, 1));
  driver.machine.threw(driver.now, driver.random);
  EXPECT_EQ(driver.next().until.at, driver.now + limits::retry_pause_first);
}

// --- handshake, stop, end ----------------------------------------------------------------------------------------------

// Source: backport guide, handshake: one attempt, and the text says nothing of what answered.
TEST(DeliveryMachine, AHandshakeMakesItActiveOrStopsIt) {
  for (unsigned status : {0u, 100u, 200u, 204u, 300u, 400u, 404u, 410u, 429u, 500u}) {
    Driver driver = handshake_sent();
    driver.answered(status);

    DeliveryMachine::Step step = driver.next();

    const bool is_well = status / 100 == 2;
    EXPECT_EQ(step.status, is_well ? Status::Active : Status::Error) << status;
    EXPECT_EQ(step.hold, is_well ? store::DeliveryHold::None : store::DeliveryHold::Stopped) << status;
    EXPECT_EQ(step.why, is_well ? "" : "Stopped: the handshake failed.") << status;
    driver.machine.written();
    EXPECT_EQ(driver.machine.status(), step.status);
    EXPECT_EQ(name(driver.after(24h).next()), is_well ? "prepare event-notification" : "wait") << status;
  }
}

TEST(DeliveryMachine, ARestartFindsOutWhatIsDueFromStatusAndHold) {
  using enum store::DeliveryHold;
  struct Row {
    Status status;
    store::DeliveryHold hold;
    const char* next;
  };
  const Row table[] = {
      {Status::Requested, None, "prepare handshake"},
      {Status::Active, None, "prepare event-notification"},
      {Status::Error, None, "prepare event-notification"},
      {Status::Error, HandshakeDue, "prepare handshake"},
      {Status::Active, HandshakeDue, "prepare handshake"},
      {Status::Error, Stopped, "wait"},
      {Status::Off, None, "end"},
  };
  for (const Row& row : table) {
    DeliveryMachine::State state = active(0, 2);
    state.status = row.status;
    state.hold = row.hold;
    EXPECT_EQ(name(Driver({}, state).next()), row.next);
  }
}

TEST(DeliveryMachine, ItsEndWaitsUntilItHasComeForCertainAndIsLookedForInSteps) {
  Driver driver({}, active(3, 3));
  driver.settings.end = driver.wall() + 150s;
  driver.machine.changed(driver.settings, DeliveryMachine::Asks::Nothing);

  for (std::chrono::seconds left : {60s, 60s, 30s}) {
    DeliveryMachine::Step step = driver.next();
    ASSERT_EQ(name(step), "wait");
    EXPECT_EQ(step.until.at, driver.now + left);
    driver.now = step.until.at;
  }
  EXPECT_EQ(name(driver.next()), "set off");
  driver.machine.written();
  EXPECT_EQ(name(driver.next()), "end");
  EXPECT_TRUE(driver.machine.has_ended());
  EXPECT_EQ(driver.machine.status(), Status::Off);
}

// Concern: what was answered and is not written down is sent again after the next start.
TEST(DeliveryMachine, WritesDownWhatWasAnsweredWhenItStopsOnceAndNoMore) {
  for (Meanwhile stop : {meanwhile[3], meanwhile[4]}) {
    for (bool is_taken : {true, false}) {
      Driver driver = events_sent();
      stop(driver);
      driver.answered(200);
      ASSERT_EQ(name(driver.next()), "advance");
      if (is_taken) driver.machine.written();
      if (!is_taken) driver.machine.trouble(driver.now);
      EXPECT_EQ(name(driver.next()), "end");
      EXPECT_EQ(driver.machine.delivered(), is_taken ? 1 : 0);
    }
  }
}

// Concern: a stop comes between the write that covers the mark of a change and the one that mends it.
TEST(DeliveryMachine, MarksAHandshakeThatIsDueBeforeItEndsOnceAndNoMore) {
  for (bool is_taken : {true, false}) {
    Driver driver = outcome_written();
    driver.machine.changed(driver.settings, DeliveryMachine::Asks::Handshake);
    driver.machine.stop_asked();
    driver.went_well();
    ASSERT_EQ(name(driver.next()), "set active, handshake due");
    if (is_taken) driver.machine.written();
    if (!is_taken) driver.machine.trouble(driver.now);
    EXPECT_EQ(name(driver.next()), "end");
  }
}

TEST(DeliveryMachine, WhatIsSwitchedOffAndComesBackBeginsWithAHandshake) {
  Driver driver = events_sent();
  driver.machine.switched_off();
  driver.machine.changed(driver.settings, DeliveryMachine::Asks::Handshake);
  EXPECT_EQ(driver.machine.status(), Status::Requested);
  driver.answered(200);
  EXPECT_EQ(driver.until("prepare handshake").machine.delivered(), 1);
}

TEST(DeliveryMachine, AHandshakeThatTheStoreDoesNotKnowOfIsMarkedBeforeItIsMade) {
  for (Make make : {idle, stopped, events_made, paused}) {
    Driver driver = make();
    driver.machine.changed(driver.settings, DeliveryMachine::Asks::UnmarkedHandshake);
    driver.went_well();
    DeliveryMachine::Step step = driver.next();
    EXPECT_EQ(name(step), "set " + std::string(to_string(driver.machine.status())) + ", handshake due");
    driver.went_well();
    EXPECT_EQ(name(driver.next()), "prepare handshake");
  }
}

// --- events ------------------------------------------------------------------------------------------------------------

TEST(DeliveryMachine, SendsWhatIsWaitingUpToTheBatch) {
  Driver driver({.batch_max = 10}, active(3, 20));
  DeliveryMachine::Step step = driver.next();
  EXPECT_EQ(name(step), "prepare event-notification");
  EXPECT_EQ(step.from, 4);
  EXPECT_EQ(step.to, 13);
}

TEST(DeliveryMachine, AdvancesOnlyBehindAnAnswer) {
  Driver driver({.batch_max = 10}, active(0, 2));
  driver.until("post event-notification").answered(204);
  EXPECT_EQ(driver.machine.delivered(), 0);
  EXPECT_EQ(driver.until("advance").given.to, 2);
  driver.machine.written();
  EXPECT_EQ(driver.machine.delivered(), 2);
  EXPECT_EQ(driver.next().until.at, Instant::max());
}

// Concern: the receiver knows a repeated notification by its id, which is made of its bounds.
TEST(DeliveryMachine, RepeatsANotificationWithTheSameBounds) {
  Driver driver({.batch_max = 10}, active(0, 2));
  EXPECT_EQ(driver.until("post event-notification").given.to, 2);
  driver.machine.committed(9);

  DeliveryMachine::Step again = driver.answer(503);
  EXPECT_EQ(again.from, 1);
  EXPECT_EQ(again.to, 2);
  EXPECT_EQ(again.attempt, 2);

  DeliveryMachine::Step following = driver.answer(200);
  EXPECT_EQ(following.from, 3);
  EXPECT_EQ(following.to, 9);
  EXPECT_EQ(following.attempt, 1);
}

TEST(DeliveryMachine, PausesLongerEachTimeUpToTheCap) {
  Driver driver({}, active(0, 1));
  std::chrono::nanoseconds longest = limits::retry_pause_first;
  for (int attempt = 1; attempt < 20; ++attempt) {
    const Instant sent = driver.until("post event-notification").now;
    const Instant pause = driver.answered(503).until("prepare event-notification").now - sent;
    EXPECT_GE(pause, longest / 2) << attempt;
    EXPECT_LE(pause, longest) << attempt;
    longest = std::min<std::chrono::nanoseconds>(longest * 2, limits::retry_pause_max);
  }
}

TEST(DeliveryMachine, WaitsAsLongAsTheReceiverAsksButNotForEver) {
  for (std::chrono::nanoseconds asked : {100s, 899s, 901s, 31'536'000s}) {
    for (unsigned status : {429u, 503u, 404u}) {
      Driver driver = events_sent();
      const Instant sent = driver.now;
      driver.answered(status, asked).until("prepare event-notification");
      EXPECT_EQ(driver.now - sent, std::min<std::chrono::nanoseconds>(asked, limits::retry_pause_max)) << status;
    }
  }
}

TEST(DeliveryMachine, GoesOnAtOnceWhenTheSubscriberAsks) {
  Driver driver = paused();
  const Instant before = driver.now;
  driver.machine.changed(driver.settings, DeliveryMachine::Asks::Handshake);

  DeliveryMachine::Step step = driver.until("post handshake").answered(200).until("post event-notification").given;

  EXPECT_EQ(driver.now, before);
  EXPECT_EQ(step.attempt, 1);
}

TEST(DeliveryMachine, MarksErrorOnceAndGoesOnTrying) {
  Driver driver = events_sent();
  for (int attempt = 1; attempt < limits::delivery_attempts_before_error; ++attempt) driver.answer(0);
  EXPECT_TRUE(driver.errors.empty());
  for (int attempt = 0; attempt < 10; ++attempt) EXPECT_EQ(name(driver.answer(0)), "post event-notification");
  EXPECT_EQ(driver.errors.size(), 1u);
  EXPECT_EQ(driver.machine.status(), Status::Error);
  EXPECT_EQ(driver.machine.error(), "The receiver cannot be reached or does not take notifications.");
}

// Source: backport guide, errors: taking an error back is the subscriber's act.
TEST(DeliveryMachine, StaysInErrorWhenTheReceiverAnswersAgain) {
  Driver driver = events_sent();
  for (int attempt = 0; attempt < limits::delivery_attempts_before_error; ++attempt) driver.answer(0);
  EXPECT_EQ(driver.answer(200).from, 2);
  EXPECT_EQ(driver.machine.status(), Status::Error);
  driver.machine.changed(driver.settings, DeliveryMachine::Asks::Handshake);
  driver.answered(200).until("post handshake").answered(200).until("prepare event-notification");
  EXPECT_EQ(driver.machine.status(), Status::Active);
  EXPECT_EQ(driver.machine.error(), "");
}

TEST(DeliveryMachine, IsInErrorAtOnceWhenTheEndpointIsWrong) {
  for (unsigned status : {301u, 401u, 403u, 404u, 405u}) {
    Driver driver = events_sent();
    DeliveryMachine::Step step = driver.answer(status);
    EXPECT_EQ(driver.errors.size(), 1u) << status;
    EXPECT_EQ(name(step), "post event-notification") << status;
    EXPECT_EQ(step.from, 1) << status;
  }
}

// Concern: a receiver that wants no more is not called again after a restart either, whatever it answered before.
TEST(DeliveryMachine, StopsWhenTheReceiverIsGoneUntilTheSubscriberAsks) {
  for (bool is_in_error : {false, true}) {
    auto before = times_reached("delivery: the receiver wants no more");
    Driver driver = events_sent();
    if (is_in_error) driver.answer(404);
    EXPECT_EQ(driver.answered(410).until("set error").given.hold, store::DeliveryHold::Stopped);
    driver.machine.written();
    driver.machine.committed(5);
    EXPECT_EQ(driver.next().until.at, Instant::max());
    EXPECT_EQ(driver.machine.error(), "Stopped: the receiver answered 410, it wants no more notifications.");
    EXPECT_EQ(times_reached("delivery: the receiver wants no more"), before + 1);

    driver.machine.changed(driver.settings, DeliveryMachine::Asks::Handshake);
    EXPECT_EQ(driver.until("post handshake").answered(200).until("post event-notification").given.from, 1);
  }
}

// Concern: one event that a receiver cannot process must not block the following ones, nor be given up together with others.
TEST(DeliveryMachine, GivesUpTheOneEventThatIsRefusedAlone) {
  auto cut = times_reached("delivery: a refused notification is cut into single events");
  Driver driver({.batch_max = 10}, active(0, 4));
  DeliveryMachine::Step step = driver.until("post event-notification").given;
  ASSERT_EQ(step.to, 4);

  // The receiver chokes on event 3, alone or among others.
  while (name(step) == "post event-notification") {
    bool holds_three = step.from <= 3 && 3 <= step.to;
    step = driver.answer(holds_three ? 422 : 200);
  }

  EXPECT_EQ(driver.given_up, std::vector<std::int64_t>{3});
  EXPECT_EQ(driver.machine.delivered(), 4);
  EXPECT_EQ(driver.errors.size(), 1u);
  EXPECT_EQ(times_reached("delivery: a refused notification is cut into single events"), cut + 1);
}

// Concern: a receiver that refuses everything after a bad update must not empty its own queue into the dead letters.
TEST(DeliveryMachine, GivesUpOneEventOnlyWhenTheReceiverRefusesEverything) {
  Driver driver({.batch_max = 10}, active(0, 50));
  driver.until("post event-notification");
  for (int attempt = 0; attempt < 100; ++attempt) ASSERT_EQ(name(driver.answer(400)), "post event-notification");
  EXPECT_EQ(driver.given_up, std::vector<std::int64_t>{1});
  EXPECT_GT(driver.now, 24h / 4);
}

TEST(DeliveryMachine, GivesUpAtTheLimitOfRefusalsAndOfAttemptsAndNotBefore) {
  struct Row {
    unsigned status;
    int times;
    std::string_view why;
  };
  for (const Row& row : {Row{422, limits::delivery_refusals_max, "Given up: the receiver refuses this event."},
                         Row{500, limits::delivery_attempts_max, "Given up after the last attempt."}}) {
    Driver driver = Driver({}, active(0, 2)).until("post event-notification");
    for (int time = 1; time < row.times; ++time) driver.answer(row.status);
    EXPECT_TRUE(driver.given_up.empty()) << row.status;
    EXPECT_EQ(driver.answered(row.status).until("dead letter").given.why, row.why);
    EXPECT_EQ(driver.until("post event-notification").given.from, 2);
    EXPECT_EQ(driver.machine.error(), driver.errors.front());
  }
}

TEST(DeliveryMachine, GivesUpWhatCannotBeMadeHoweverManyThereAre) {
  Driver driver({.batch_max = 10}, active(0, 5));
  while (name(driver.until("prepare event-notification").given) != "wait") driver.cannot_be_made();
  EXPECT_EQ(driver.given_up, (std::vector<std::int64_t>{1, 2, 3, 4, 5}));
  EXPECT_LT(driver.now, 5min);
}

// --- heartbeat ---------------------------------------------------------------------------------------------------------

TEST(DeliveryMachine, GivesASignOfLifeOnlyInAWholePeriodOfSilence) {
  Driver driver = idle();
  EXPECT_EQ(driver.until("post heartbeat").now, 60s);
  EXPECT_EQ(driver.answered(500).until("post heartbeat").now, 120s);  // whatever comes of it
  driver.answered(200).after(30s).machine.committed(4);
  driver.until("post event-notification");
  EXPECT_EQ(driver.now, 150s);
  EXPECT_EQ(driver.answered(200).until("post heartbeat").now, 210s);
}

TEST(DeliveryMachine, GivesNoSignOfLifeWhileItHasSomethingToSayOrNothingMayBeSent) {
  for (Make make : {paused, stopped, resting}) {
    Driver driver = make();
    driver.settings.heartbeat = 1s;
    driver.machine.changed(driver.settings, DeliveryMachine::Asks::Nothing);
    for (int look = 0; look < 4; ++look) EXPECT_NE(name(driver.after(200ms).next()), "prepare heartbeat");
  }
}

}  // namespace
}  // namespace vardbron::subscription
