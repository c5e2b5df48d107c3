#include "gateway/base/limits.h"
#include "tests/sim/seeds.h"
#include "tests/subscription/stage.h"

#include <gtest/gtest.h>

#include <map>
#include <set>

namespace vardbron::subscription {
namespace {

using namespace std::chrono_literals;

std::string_view field(const Received& read, std::string_view name) { return http::find(read.request.fields, name); }

sim::NetFaults bad_net(Random& chance) {
  sim::NetFaults faults;
  faults.delay_max = std::chrono::milliseconds(1 + chance.below(200));
  faults.slice_bytes_max = 1 + chance.below(2000);
  faults.refuse = chance.below(200'000);
  faults.dial_stall = chance.below(50'000);
  faults.cut = chance.below(100'000);
  faults.stall = chance.below(30'000);
  return faults;
}

sim::StoreFaults bad_disk(Random& chance) {
  sim::StoreFaults faults;
  faults.write_max = std::chrono::milliseconds(chance.below(5));
  faults.sync_max = std::chrono::milliseconds(chance.below(20));
  faults.read_max = std::chrono::milliseconds(chance.below(5));
  return faults;
}

// The order in which a receiver first heard of each event: what it keeps after it has thrown away what it heard before.
std::vector<std::int64_t> first_heard(const Receiver& receiver) {
  std::vector<std::int64_t> order;
  std::set<std::int64_t> seen;
  for (std::int64_t number : receiver.numbers()) {
    if (seen.insert(number).second) order.push_back(number);
  }
  return order;
}

struct Subscriber {
  std::string host, organisation, id;
};

void make_mood(Receiver& receiver, Random& chance) {
  const unsigned moods[] = {200, 200, 200, 503, 500, 429, 404};
  unsigned mood = moods[chance.below(std::size(moods))];
  receiver.answer = [mood](const Received& read) { return read.type == "handshake" ? 200u : mood; };
  receiver.thinks_for = std::chrono::milliseconds(chance.below(3) == 0 ? chance.below(40'000) : 0);
}

// Random events, faults of net and disk, failing receivers and crashes; then none. Each receiver that got anything got every
// event, in order, at least once, and only events in flight were repeated.
void walk(std::uint64_t seed) {
  SeededRandom chance(seed * 7919);
  Stage stage(seed);
  std::vector<Subscriber> subscribers{{"a.example", nacka, ""}, {"b.example", nacka, ""}, {"c.example", huddinge, ""}};
  for (Subscriber& subscriber : subscribers) {
    stage.receiver(subscriber.host);
    Wish wish;
    wish.endpoint = "https://" + subscriber.host + "/hook";
    wish.channel_extensions = Wish::extension("backport-max-count", "PositiveInt", std::to_string(1 + chance.below(10)));
    subscriber.id = stage.subscribe(subscriber.organisation, wish);
    ASSERT_EQ(stage.state(subscriber.id).status, "active");
  }

  stage.world.net.set_faults(bad_net(chance));
  stage.store.set_faults(bad_disk(chance));
  std::map<std::string, std::int64_t> happened;
  for (int step = 0; step < 60; ++step) {
    std::vector<std::string> parties;
    if (chance.below(3) != 0) parties.push_back(nacka);
    if (chance.below(3) == 0) parties.push_back(huddinge);
    stage.happen(parties, "admission", "e" + std::to_string(chance.below(5)) + "-" + std::to_string(parties.size()));
    for (const std::string& party : parties) ++happened[party];
    stage.run_for(std::chrono::milliseconds(chance.below(chance.below(4) == 0 ? 100'000 : 50)));
    if (chance.below(10) == 0) make_mood(stage.receiver(subscribers[chance.below(3)].host), chance);
    if (chance.below(25) == 0) stage.crash_and_restart();
  }

  stage.world.net.set_faults({});
  stage.store.set_faults({});
  for (const Subscriber& subscriber : subscribers) {
    stage.receiver(subscriber.host).answer = [](const Received&) { return 200u; };
    stage.receiver(subscriber.host).thinks_for = 0s;
  }
  stage.run_for(limits::retry_pause_max + 1h);

  for (const Subscriber& subscriber : subscribers) {
    store::SubscriptionState state = stage.state(subscriber.id);
    EXPECT_EQ(state.events, happened[subscriber.organisation]);
    EXPECT_EQ(state.delivered, state.events);
    std::vector<std::int64_t> heard = first_heard(stage.receiver(subscriber.host));
    ASSERT_EQ(heard.size(), static_cast<std::size_t>(state.events));
    for (std::size_t at = 0; at < heard.size(); ++at) ASSERT_EQ(heard[at], static_cast<std::int64_t>(at + 1));
  }
}

TEST(Walk, TellsEveryEventInOrderAtLeastOnceOnceTheFaultsAreOver) { sim::for_each_seed(20, walk); }

// Concern: only what was under way may come twice, and under its old key and bounds, also after a crash.
void walk_with_keys(std::uint64_t seed) {
  SeededRandom chance(seed * 104'729);
  Stage stage(seed);
  Receiver& receiver = stage.receiver("a.example");
  Wish wish;
  const std::uint64_t batches[] = {1, 3, 100};
  wish.channel_extensions =
      Wish::extension("backport-max-count", "PositiveInt", std::to_string(batches[chance.below(std::size(batches))]));
  std::string id = stage.subscribe(nacka, wish);
  stage.world.net.set_faults(bad_net(chance));
  stage.store.set_faults(bad_disk(chance));

  for (int step = 0; step < 40; ++step) {
    stage.happen({nacka});
    stage.run_for(std::chrono::milliseconds(chance.below(chance.below(3) == 0 ? 5'000 : 100)));
    if (chance.below(8) == 0) stage.crash_and_restart();
  }
  stage.world.net.set_faults({});
  stage.store.set_faults({});
  stage.run_for(limits::retry_pause_max + 1h);

  std::map<std::int64_t, std::string> key_of;
  std::map<std::string, std::vector<std::int64_t>> numbers_under;
  std::int64_t highest = 0;
  for (const Received& read : receiver.all()) {
    if (read.numbers.empty()) continue;
    EXPECT_EQ(field(read, "Idempotency-Key"), read.id);
    for (std::int64_t number : read.numbers) {
      auto known = key_of.emplace(number, read.id).first;
      EXPECT_EQ(known->second, read.id) << number;
    }
    auto known = numbers_under.emplace(read.id, read.numbers).first;
    EXPECT_EQ(known->second, read.numbers);
    highest = std::max(highest, read.numbers.back());
  }
  EXPECT_EQ(highest, 40);
}

TEST(Walk, RepeatsWhatWasUnderWayUnderItsOldKeyAlsoAfterACrash) { sim::for_each_seed(200, walk_with_keys); }

}  // namespace
}  // namespace vardbron::subscription
