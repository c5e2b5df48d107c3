#include "gateway/subscription/delivery_machine.h"

#include "gateway/base/reached.h"
#include "tests/sim/seeds.h"

#include <gtest/gtest.h>

#include <set>
#include <vector>

namespace vardbron::subscription {
namespace {

using namespace std::chrono_literals;
using Action = DeliveryMachine::Action;

constexpr std::chrono::nanoseconds at_once{0};

DeliveryMachine::Settings settings(std::int64_t batch) {
  DeliveryMachine::Settings made;
  made.batch_max = batch;
  return made;
}

DeliveryMachine::Standing standing(std::int64_t delivered, std::int64_t committed) {
  return {delivered, committed, false, false};
}

// Does what the machine says until it wants to send or wait again, and keeps what it saw on the way.
struct Driver {
  explicit Driver(DeliveryMachine walked) : machine(walked) {}

  DeliveryMachine machine;
  SeededRandom random{7};
  std::vector<std::int64_t> given_up;
  int errors = 0;
  std::chrono::nanoseconds rested{0};

  DeliveryMachine::Step settle() {
    for (;;) {
      DeliveryMachine::Step step = machine.next();
      if (step.action == Action::Pause) {
        rested += step.pause;
        machine.rested();
      } else if (step.action == Action::Advance) {
        machine.advanced();
      } else if (step.action == Action::DeadLetter) {
        given_up.push_back(step.from);
        machine.dead_lettered();
      } else if (step.action == Action::MarkError) {
        ++errors;
        machine.marked();
      } else {
        return step;
      }
    }
  }
  DeliveryMachine::Step answer(unsigned status) {
    machine.answered(status, at_once, random);
    return settle();
  }
};

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

TEST(DeliveryMachine, WaitsWhileThereIsNothing) {
  DeliveryMachine machine(settings(10), standing(3, 3));

  EXPECT_EQ(machine.next().action, Action::Wait);
}

TEST(DeliveryMachine, SendsWhatIsWaitingUpToTheBatch) {
  DeliveryMachine machine(settings(10), standing(3, 20));

  DeliveryMachine::Step step = machine.next();

  EXPECT_EQ(step.action, Action::Send);
  EXPECT_EQ(step.from, 4);
  EXPECT_EQ(step.to, 13);
}

TEST(DeliveryMachine, AdvancesOnlyBehindAnAnswer) {
  Driver driver(DeliveryMachine(settings(10), standing(0, 2)));
  ASSERT_EQ(driver.settle().to, 2);

  driver.machine.answered(204, at_once, driver.random);
  DeliveryMachine::Step step = driver.machine.next();

  EXPECT_EQ(step.action, Action::Advance);
  EXPECT_EQ(step.to, 2);
  EXPECT_EQ(driver.machine.delivered(), 0);
  driver.machine.advanced();
  EXPECT_EQ(driver.machine.delivered(), 2);
  EXPECT_EQ(driver.machine.next().action, Action::Wait);
}

// Concern: the receiver knows a repeated notification by its id, which is made of its bounds.
TEST(DeliveryMachine, RepeatsANotificationWithTheSameBounds) {
  Driver driver(DeliveryMachine(settings(10), standing(0, 2)));
  ASSERT_EQ(driver.settle().to, 2);
  driver.machine.committed(9);

  DeliveryMachine::Step again = driver.answer(503);
  EXPECT_EQ(again.from, 1);
  EXPECT_EQ(again.to, 2);

  DeliveryMachine::Step following = driver.answer(200);
  EXPECT_EQ(following.from, 3);
  EXPECT_EQ(following.to, 9);
}

TEST(DeliveryMachine, PausesLongerEachTimeUpToTheCap) {
  Driver driver(DeliveryMachine(settings(1), standing(0, 1)));
  std::chrono::nanoseconds longest = limits::retry_pause_first;
  for (int attempt = 1; attempt < 20; ++attempt) {
    driver.settle();
    driver.machine.answered(503, at_once, driver.random);
    DeliveryMachine::Step step = driver.machine.next();
    if (step.action == Action::MarkError) {
      driver.machine.marked();
      step = driver.machine.next();
    }
    ASSERT_EQ(step.action, Action::Pause);
    EXPECT_GE(step.pause, longest / 2) << attempt;
    EXPECT_LE(step.pause, longest) << attempt;
    longest = std::min<std::chrono::nanoseconds>(longest * 2, limits::retry_pause_max);
    driver.machine.rested();
  }
}

TEST(DeliveryMachine, RestsAsLongAsTheReceiverAsksButNotForEver) {
  Driver driver(DeliveryMachine(settings(1), standing(0, 1)));
  driver.settle();
  driver.machine.answered(429, 100s, driver.random);
  EXPECT_EQ(driver.machine.next().pause, 100s);
  driver.machine.rested();
  driver.settle();
  driver.machine.answered(503, 24h * 365, driver.random);
  EXPECT_EQ(driver.machine.next().pause, limits::retry_pause_max);
}

TEST(DeliveryMachine, MarksErrorOnceAndGoesOnTrying) {
  Driver driver(DeliveryMachine(settings(1), standing(0, 1)));
  driver.settle();
  for (int attempt = 1; attempt < limits::delivery_attempts_before_error; ++attempt) driver.answer(0);
  EXPECT_EQ(driver.errors, 0);

  for (int attempt = 0; attempt < 10; ++attempt) EXPECT_EQ(driver.answer(0).action, Action::Send);

  EXPECT_EQ(driver.errors, 1);
  EXPECT_TRUE(driver.machine.in_error());
}

// Source: backport guide, errors: taking an error back is the subscriber's act.
TEST(DeliveryMachine, StaysInErrorWhenTheReceiverAnswersAgain) {
  Driver driver(DeliveryMachine(settings(1), standing(0, 2)));
  driver.settle();
  for (int attempt = 0; attempt < limits::delivery_attempts_before_error; ++attempt) driver.answer(0);

  EXPECT_EQ(driver.answer(200).from, 2);

  EXPECT_TRUE(driver.machine.in_error());
  driver.machine.resume();
  EXPECT_FALSE(driver.machine.in_error());
}

TEST(DeliveryMachine, IsInErrorAtOnceWhenTheEndpointIsWrong) {
  for (unsigned status : {301u, 401u, 403u, 404u, 405u}) {
    Driver driver(DeliveryMachine(settings(1), standing(0, 1)));
    driver.settle();

    DeliveryMachine::Step step = driver.answer(status);

    EXPECT_EQ(driver.errors, 1) << status;
    EXPECT_EQ(step.action, Action::Send) << status;
    EXPECT_EQ(step.from, 1) << status;
  }
}

TEST(DeliveryMachine, HaltsWhenTheReceiverIsGoneUntilTheSubscriberAsks) {
  auto before = times_reached("delivery: the receiver wants no more");
  Driver driver(DeliveryMachine(settings(1), standing(0, 1)));
  driver.settle();

  EXPECT_EQ(driver.answer(410).action, Action::Halt);
  driver.machine.committed(5);
  EXPECT_EQ(driver.settle().action, Action::Halt);
  EXPECT_EQ(driver.errors, 1);
  EXPECT_EQ(times_reached("delivery: the receiver wants no more"), before + 1);

  driver.machine.resume();
  EXPECT_EQ(driver.settle().action, Action::Send);
}

TEST(DeliveryMachine, SendsNothingBeforeTheHandshakeIsMended) {
  DeliveryMachine machine(settings(1), DeliveryMachine::Standing{0, 3, true, true});

  EXPECT_EQ(machine.next().action, Action::Halt);
  machine.resume();
  EXPECT_EQ(machine.next().action, Action::Send);
  machine.halt();
  EXPECT_EQ(machine.next().action, Action::Halt);
  EXPECT_TRUE(machine.in_error());
}

// Concern: one event that a receiver cannot process must not block the following ones, nor be given up together with others.
TEST(DeliveryMachine, GivesUpTheOneEventThatIsRefusedAlone) {
  auto cut = times_reached("delivery: a refused notification is cut into single events");
  Driver driver(DeliveryMachine(settings(10), standing(0, 4)));
  DeliveryMachine::Step step = driver.settle();
  ASSERT_EQ(step.to, 4);

  // The receiver chokes on event 3, alone or among others.
  while (step.action == Action::Send) {
    bool holds_three = step.from <= 3 && 3 <= step.to;
    step = driver.answer(holds_three ? 422 : 200);
  }

  EXPECT_EQ(driver.given_up, std::vector<std::int64_t>{3});
  EXPECT_EQ(driver.machine.delivered(), 4);
  EXPECT_EQ(driver.errors, 1);
  EXPECT_EQ(times_reached("delivery: a refused notification is cut into single events"), cut + 1);
}

// Concern: a receiver that refuses everything after a bad update must not empty its own queue into the dead letters.
TEST(DeliveryMachine, GivesUpOneEventOnlyWhenTheReceiverRefusesEverything) {
  Driver driver(DeliveryMachine(settings(10), standing(0, 50)));
  driver.settle();

  for (int attempt = 0; attempt < 100; ++attempt) ASSERT_EQ(driver.answer(400).action, Action::Send);

  EXPECT_EQ(driver.given_up, std::vector<std::int64_t>{1});
  EXPECT_GT(driver.rested, 24h / 4);
}

TEST(DeliveryMachine, GivesUpTheFirstEventBehindTheLastAttempt) {
  Driver driver(DeliveryMachine(settings(10), standing(0, 3)));
  driver.settle();

  for (int attempt = 1; attempt < limits::delivery_attempts_max; ++attempt) driver.answer(500);
  EXPECT_TRUE(driver.given_up.empty());
  EXPECT_GT(driver.rested, 36h);
  DeliveryMachine::Step step = driver.answer(500);

  EXPECT_EQ(driver.given_up, std::vector<std::int64_t>{1});
  EXPECT_EQ(step.from, 2);
}

TEST(DeliveryMachine, GoesOnAtOnceWhenTheSubscriberAsks) {
  Driver driver(DeliveryMachine(settings(1), standing(0, 1)));
  driver.settle();
  driver.machine.answered(503, 900s, driver.random);
  ASSERT_EQ(driver.machine.next().action, Action::Pause);

  driver.machine.resume();

  EXPECT_EQ(driver.machine.next().action, Action::Send);
  EXPECT_EQ(driver.machine.attempts(), 0);
}

// Invariants over random answers: every event is answered 2xx or given up, in order, none twice, none left out; a notification
// never changes its bounds while it is repeated, unless it was refused.
void walk(std::uint64_t seed) {
  SeededRandom chance(seed);
  DeliveryMachine::Settings how = settings(static_cast<std::int64_t>(1 + chance.below(7)));
  how.attempts_max = 12;
  DeliveryMachine machine(how, standing(0, 0));
  std::int64_t committed = 0, done = 0, sent_from = 0, sent_to = 0;
  unsigned last = 200;
  const unsigned answers[] = {200, 200, 200, 204, 0, 503, 429, 404, 400, 422, 410, 500};
  for (int step_count = 0; step_count < 2'000; ++step_count) {
    if (chance.below(4) == 0) machine.committed(committed += static_cast<std::int64_t>(chance.below(5)));
    if (chance.below(200) == 0) machine.resume();
    DeliveryMachine::Step step = machine.next();
    switch (step.action) {
      case Action::Send:
        ASSERT_EQ(step.from, done + 1);
        ASSERT_LE(step.to, committed);
        ASSERT_LT(step.to - step.from, how.batch_max);
        if (sent_from == step.from && judge(last) != Verdict::Refused) {
          ASSERT_EQ(step.to, sent_to);
        }
        sent_from = step.from;
        sent_to = step.to;
        last = answers[chance.below(std::size(answers))];
        machine.answered(last, at_once, chance);
        break;
      case Action::Advance:
        ASSERT_EQ(step.to, sent_to);
        ASSERT_EQ(judge(last), Verdict::Delivered);
        done = step.to;
        machine.advanced();
        break;
      case Action::DeadLetter:
        ASSERT_EQ(step.from, done + 1);
        done = step.from;
        sent_from = 0;
        machine.dead_lettered();
        break;
      case Action::Pause:
        ASSERT_LE(step.pause, how.pause_max);
        machine.rested();
        break;
      case Action::MarkError:
        ASSERT_FALSE(machine.in_error());
        ASSERT_FALSE(step.why.empty());
        machine.marked();
        break;
      case Action::Halt: machine.resume(); break;
      case Action::Wait: ASSERT_EQ(done, committed); break;
    }
    ASSERT_EQ(machine.delivered(), done);
  }
  EXPECT_GT(done, 100);
}

TEST(DeliveryMachine, KeepsOrderAndLeavesNothingOutUnderRandomAnswers) { sim::for_each_seed(200, walk); }

TEST(DeliveryMachine, GivesARefusedEventUpAtItsLimitAndNotBefore) {
  Driver driver(DeliveryMachine(settings(1), standing(0, 1)));
  driver.settle();

  for (int refusal = 1; refusal < limits::delivery_refusals_max; ++refusal) driver.answer(422);
  EXPECT_TRUE(driver.given_up.empty());
  driver.answer(422);

  EXPECT_EQ(driver.given_up, (std::vector<std::int64_t>{1}));
}

// --- the bounds of a notification -------------------------------------------------------------------------------------

TEST(DeliveryMachine, RepeatsWhatWasUnderWayBeforeARestartWithinItsOldBounds) {
  DeliveryMachine::Standing before = standing(2, 9);
  before.under_way = 5;
  DeliveryMachine machine(settings(100), before);
  machine.committed(20);

  DeliveryMachine::Step step = machine.next();

  EXPECT_EQ(step.action, Action::Send);
  EXPECT_EQ(step.from, 3);
  EXPECT_EQ(step.to, 5);
  EXPECT_TRUE(machine.is_fixed());
  EXPECT_FALSE(machine.must_be_written());
}

TEST(DeliveryMachine, ForgetsANotificationThatIsDone) {
  for (std::int64_t under_way : {0, 1, 2}) {
    DeliveryMachine::Standing before = standing(2, 9);
    before.under_way = under_way;
    EXPECT_EQ(DeliveryMachine(settings(100), before).next().to, 9) << under_way;
  }
}

TEST(DeliveryMachine, WritesDownOnlyBoundsThatARestartWouldNotFindAgain) {
  struct Row {
    const char* what;
    std::int64_t batch, committed;
    bool expected;
  };
  for (const Row& row : {Row{"one by one", 1, 5, false}, Row{"full", 5, 5, false}, Row{"more behind it", 5, 9, false},
                         Row{"others may join", 100, 5, true}, Row{"one, where more could be", 100, 1, true}}) {
    DeliveryMachine machine(settings(row.batch), standing(0, row.committed));
    ASSERT_EQ(machine.next().action, Action::Send);
    EXPECT_EQ(machine.must_be_written(), row.expected) << row.what;
    machine.written();
    EXPECT_FALSE(machine.must_be_written()) << row.what;
  }
}

TEST(DeliveryMachine, WritesDownBoundsThatChangedAfterAll) {
  Driver driver(DeliveryMachine(settings(5), standing(0, 5)));
  EXPECT_EQ(driver.settle().to, 5);
  driver.machine.shorten(3);
  EXPECT_TRUE(driver.machine.must_be_written());
  driver.machine.written();
  driver.machine.fix();

  EXPECT_EQ(driver.answer(413).to, 1);  // refused, and cut into single events
  EXPECT_TRUE(driver.machine.must_be_written());
  driver.machine.written();
  driver.machine.use(settings(1));

  EXPECT_FALSE(driver.machine.must_be_written());
}

TEST(DeliveryMachine, KeepsTheBoundsOfWhatIsUnderWayThroughAFailedHandshake) {
  Driver driver(DeliveryMachine(settings(100), standing(0, 3)));
  EXPECT_EQ(driver.settle().to, 3);
  driver.machine.fix();
  driver.answer(0);
  driver.machine.halt();
  driver.machine.committed(9);

  driver.machine.resume();

  EXPECT_EQ(driver.settle().to, 3);
}

}  // namespace
}  // namespace vardbron::subscription
