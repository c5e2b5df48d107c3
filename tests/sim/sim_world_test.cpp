#include "tests/sim/sim_world.h"

#include "gateway/base/within.h"
#include "tests/sim/seeds.h"

#include <gtest/gtest.h>

#include <array>
#include <string>
#include <vector>

namespace vardbron::sim {
namespace {

using namespace std::chrono_literals;

Task<void> note_after(SimClock& clock, Instant pause, int name, std::vector<int>& order) {
  co_await clock.sleep_until(clock.now() + pause);
  order.push_back(name);
}

Task<bool> sleep_long(SimClock& clock, bool& came) {
  came = co_await clock.sleep_until(1h);
  co_return came;
}

Task<void> sleep_and_note(SimClock& clock, std::optional<bool>& came) { came = co_await clock.sleep_until(1h); }

TEST(SimClock, WakesTheWaitingInTheOrderOfTheirMomentsWithoutTimePassing) {
  SimWorld world;
  std::vector<int> order;
  world.spawn(note_after(world.clock, 3h, 3, order));
  world.spawn(note_after(world.clock, 1h, 1, order));
  world.spawn(note_after(world.clock, 2h, 2, order));

  world.run();

  EXPECT_EQ(order, (std::vector<int>{1, 2, 3}));
  EXPECT_EQ(world.clock.now(), Instant{3h});
}

TEST(SimClock, TellsASleeperThatItWasCancelled) {
  SimWorld world;
  std::optional<bool> came;
  world.spawn(sleep_and_note(world.clock, came));
  world.run_for(1s);

  world.cancel_all();

  EXPECT_EQ(came, false);
  EXPECT_EQ(world.clock.waiting(), 0u);
  EXPECT_EQ(world.tasks(), 0u);
}

TEST(SimClock, StandsAtTheEndOfTheSpanWhenNothingIsDue) {
  SimWorld world;
  bool came = false;
  std::optional<bool> unused;
  world.spawn(sleep_and_note(world.clock, unused));

  world.run_for(59min);

  EXPECT_EQ(world.clock.now(), Instant{59min});
  EXPECT_FALSE(unused);
  EXPECT_TRUE(world.complete(sleep_long(world.clock, came)));
}

Task<void> serve_echo(net::Listener& listener, std::string& heard) {
  Result<net::StreamPtr> accepted = co_await listener.accept();
  if (!accepted) co_return;
  net::StreamPtr stream = *std::move(accepted);
  std::array<char, 512> room{};
  Deadline never{Instant::max()};
  for (;;) {
    Result<std::size_t> got = co_await stream->read_some(room, never);
    if (!got || *got == 0) co_return;
    std::string part(room.data(), *got);
    heard += part;
    Result<void> sent = co_await stream->write_all(part, never);
    if (!sent) co_return;
  }
}

struct Heard {
  std::string bytes;
  std::optional<Failure> failure;
};

Task<Heard> say(SimWorld& world, std::string words, Deadline until) {
  Heard heard;
  net::Address peer{"peer.test", 80, false};
  Result<net::StreamPtr> dialled = co_await world.net.dial(std::move(peer), until);
  if (!dialled) {
    heard.failure = dialled.failure();
    co_return heard;
  }
  net::StreamPtr stream = *std::move(dialled);
  Result<void> sent = co_await stream->write_all(words, until);
  if (!sent) heard.failure = sent.failure();
  std::array<char, 512> room{};
  while (!heard.failure && heard.bytes.size() < words.size()) {
    Result<std::size_t> got = co_await stream->read_some(room, until);
    if (!got) heard.failure = got.failure();
    if (got && *got == 0) heard.failure = Failure{Cause::Broken, "the peer ended", ""};
    if (got) heard.bytes.append(room.data(), *got);
  }
  Deadline until_close = until;
  co_await stream->close(until_close);
  co_return heard;
}

struct Spoken {
  Heard answer;
  std::string at_peer;
  Instant took{0};
  bool operator==(const Spoken& other) const {
    return answer.bytes == other.answer.bytes && answer.failure == other.answer.failure && at_peer == other.at_peer &&
           took == other.took;
  }
};

Spoken speak(std::uint64_t seed, NetFaults faults, std::string words, Instant patience = 1min) {
  Spoken spoken;
  SimWorld world(seed, faults);
  auto listener = world.net.listen("peer.test", 80);
  world.spawn(serve_echo(*listener, spoken.at_peer));
  spoken.answer = world.complete(say(world, words, world.clock.in(patience)));
  spoken.took = world.clock.now();
  world.cancel_all();
  return spoken;
}

const std::string words = "the patient is ready to leave, says the ward; " + std::string(3000, 'x');

TEST(SimNet, CarriesEverythingInOrderThroughDelaysAndSlices) {
  for_each_seed(100, [](std::uint64_t seed) {
    NetFaults faults{.delay_min = 1ms, .delay_max = 90ms, .slice_bytes_max = 7};
    Spoken spoken = speak(seed, faults, words);
    EXPECT_EQ(spoken.answer.failure, std::nullopt);
    EXPECT_EQ(spoken.answer.bytes, words);
    EXPECT_EQ(spoken.at_peer, words);
    EXPECT_GE(spoken.took, Instant{3ms});
  });
}

TEST(SimNet, RunsTheSameWayForTheSameSeed) {
  NetFaults faults{.delay_max = 50ms, .slice_bytes_max = 40, .refuse = 50'000, .cut = 50'000, .stall = 50'000};
  for_each_seed(100, [&faults](std::uint64_t seed) { EXPECT_EQ(speak(seed, faults, words), speak(seed, faults, words)); });
}

TEST(SimNet, LetsThePeerReadOnlyABeginningOfWhatACutWriteSent) {
  for_each_seed(100, [](std::uint64_t seed) {
    NetFaults faults{.slice_bytes_max = 40, .cut = 1'000'000};
    Spoken spoken = speak(seed, faults, words);
    ASSERT_TRUE(spoken.answer.failure);
    EXPECT_EQ(spoken.answer.failure->cause, Cause::Broken);
    EXPECT_TRUE(words.starts_with(spoken.at_peer));
  });
}

TEST(SimNet, RefusesWhereNobodyListens) {
  SimWorld world;

  Heard heard = world.complete(say(world, "hello", world.clock.in(1s)));

  ASSERT_TRUE(heard.failure);
  EXPECT_EQ(heard.failure->cause, Cause::Broken);
}

TEST(SimNet, TimesOutAtTheDeadlineWhenTheLineStalls) {
  Spoken stalled = speak(1, NetFaults{.stall = 1'000'000}, words, 30s);
  Spoken not_answered = speak(1, NetFaults{.dial_stall = 1'000'000}, words, 20s);

  ASSERT_TRUE(stalled.answer.failure);
  EXPECT_EQ(stalled.answer.failure->cause, Cause::TimedOut);
  EXPECT_EQ(stalled.took, Instant{30s});
  ASSERT_TRUE(not_answered.answer.failure);
  EXPECT_EQ(not_answered.answer.failure->cause, Cause::TimedOut);
  EXPECT_EQ(not_answered.took, Instant{20s});
}

TEST(SimNet, MakesAWriterWaitForAReaderThatDoesNotRead) {
  SimWorld world(1, NetFaults{.window_bytes = 100});
  auto [near, far] = world.net.connect();

  Result<void> sent = world.complete(near->write_all(words, world.clock.in(5s)));

  ASSERT_FALSE(sent);
  EXPECT_EQ(sent.failure().cause, Cause::TimedOut);
  EXPECT_EQ(world.clock.now(), Instant{5s});
}

TEST(SimNet, DeliversAfterHealingWhatWasWrittenDuringSilence) {
  SimWorld world;
  auto [near, far] = world.net.connect("near.test", "far.test");
  world.net.silence("far.test");
  Result<void> sent = world.complete(near->write_all("late", world.clock.in(5s)));
  ASSERT_TRUE(sent);
  std::array<char, 16> room{};
  Result<std::size_t> nothing = world.complete(far->read_some(room, world.clock.in(1s)));
  ASSERT_FALSE(nothing);

  world.net.heal("far.test");
  Result<std::size_t> got = world.complete(far->read_some(room, world.clock.in(1s)));

  ASSERT_TRUE(got);
  EXPECT_EQ(std::string_view(room.data(), *got), "late");
}

TEST(SimNet, ResetsOpenConnectionsOfAHostThatIsCutOff) {
  SimWorld world;
  auto [near, far] = world.net.connect("near.test", "far.test");

  world.net.cut_off("far.test");
  std::array<char, 16> room{};
  Result<std::size_t> got = world.complete(near->read_some(room, world.clock.in(1s)));

  ASSERT_FALSE(got);
  EXPECT_EQ(got.failure().cause, Cause::Broken);
}

}  // namespace
}  // namespace vardbron::sim
