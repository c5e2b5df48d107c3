#include "gateway/subscription/turns.h"

#include "gateway/base/limits.h"
#include "tests/sim/seeds.h"
#include "tests/sim/sim_world.h"
#include "tests/subscription/stage.h"

#include <boost/asio/io_context.hpp>
#include <gtest/gtest.h>

#include <algorithm>
#include <deque>
#include <map>
#include <numeric>

namespace vardbron::subscription {
namespace {

using namespace std::chrono_literals;

/// Askers, by number, and the turns that they have.
class Askers {
 public:
  explicit Askers(Turns::Bounds bounds) : turns(bounds, {}, world.io().get_executor()) {}

  void ask(int who) {
    world.spawn(asking(who));
    world.run_for(Instant(0));
  }
  void leave(int who) {
    turns.leave(&marks_[who]);
    world.run_for(Instant(0));
  }
  void end(int who) {
    has.erase(who);
    world.run_for(Instant(0));
  }
  void prepared(int who, std::size_t bytes) {
    has.at(who)->prepared(bytes);
    world.run_for(Instant(0));
  }

  sim::SimWorld world;
  Turns turns;
  std::map<int, std::unique_ptr<Turns::Turn>> has;
  std::vector<int> order;  ///< in which they got turns
  std::vector<int> without;

 private:
  Task<> asking(int who) {
    std::unique_ptr<Turns::Turn> turn = co_await turns.take(&marks_[who]);
    (turn ? order : without).push_back(who);
    if (turn) has[who] = std::move(turn);
  }

  std::map<int, char> marks_;
};

using Order = std::vector<int>;

TEST(Turns, AreTakenAtOnceUpToTheBoundAndThenInOrder) {
  Askers askers({2, 1000});
  for (const int who : {1, 2, 3, 4}) askers.ask(who);
  EXPECT_EQ(askers.order, (Order{1, 2}));
  askers.end(2);
  EXPECT_EQ(askers.order, (Order{1, 2, 3}));
  askers.prepared(1, 10);
  EXPECT_EQ(askers.order, (Order{1, 2, 3, 4}));
}

TEST(Turns, WaitForTheBytesOfThoseThatAreNotAnswered) {
  Askers askers({4, 100});
  askers.ask(1);
  askers.prepared(1, 99);
  askers.ask(2);
  askers.prepared(2, 500);  // more than there is room for: how many they are is known only then
  askers.ask(3);
  EXPECT_EQ(askers.order, (Order{1, 2}));
  askers.end(1);
  EXPECT_EQ(askers.order, (Order{1, 2}));
  askers.end(2);
  EXPECT_EQ(askers.order, (Order{1, 2, 3}));
}

TEST(Turns, AreNotWaitedForByWhoLeaves) {
  Askers askers({1, 1000});
  for (const int who : {1, 2, 3}) askers.ask(who);
  askers.leave(2);
  askers.leave(1);  // it does not wait
  EXPECT_EQ(askers.without, (Order{2}));
  askers.end(1);
  EXPECT_EQ(askers.order, (Order{1, 3}));
}

TEST(Turns, AreNotGivenAnyMoreOnceTheyAreClosed) {
  Askers askers({1, 1000});
  for (const int who : {1, 2, 3}) askers.ask(who);
  askers.turns.close();
  askers.world.run_for(Instant(0));
  askers.ask(4);
  EXPECT_EQ(askers.without, (Order{2, 3, 4}));
  askers.end(1);
  EXPECT_EQ(askers.order, (Order{1}));
}

TEST(Turns, OfCancelledTasksGoToTheNext) {
  Askers askers({1, 1000});
  for (const int who : {1, 2}) askers.ask(who);
  askers.world.cancel_all();
  EXPECT_EQ(askers.turns.waiting(), 0u);
  askers.end(1);
  askers.ask(3);
  EXPECT_EQ(askers.order, (Order{1, 3}));
}

TEST(Turns, HaveTheirPlacesByTurns) {
  asio::io_context first, second;
  sim::SimWorld world;
  Turns turns({8, 1000}, {first.get_executor(), second.get_executor()}, world.io().get_executor());
  std::vector<std::unique_ptr<Turns::Turn>> taken;
  for (int at = 0; at < 4; ++at) taken.push_back(world.complete(turns.take(nullptr)));
  for (std::size_t at = 0; at < taken.size(); ++at) EXPECT_EQ(taken[at]->place() == first.get_executor(), at % 2 == 0) << at;
}

/// Who should have which turn.
struct Model {
  std::size_t preparing() const {
    return static_cast<std::size_t>(std::count_if(held.begin(), held.end(), [](const auto& each) { return each.second == 0; }));
  }
  std::size_t bytes() const {
    return std::accumulate(held.begin(), held.end(), std::size_t(0),
                           [](auto sum, const auto& each) { return sum + each.second; });
  }
  void settle() {
    while (!waiting.empty() && preparing() < bounds.at_once && bytes() < bounds.bytes_max) {
      order.push_back(waiting.front());
      held[waiting.front()] = 0;
      waiting.pop_front();
    }
  }

  Turns::Bounds bounds;
  std::deque<int> waiting{};
  std::map<int, std::size_t> held{};  ///< bytes; 0: it prepares
  Order order{};
};

void one_step(Askers& askers, Model& model, Random& random, int who) {
  const std::uint64_t choice = random.below(4);
  if (choice == 0) {
    model.waiting.push_back(who);
    model.settle();
    return askers.ask(who);
  }
  if (choice == 1 && !model.waiting.empty()) {
    const int leaving = model.waiting[random.below(model.waiting.size())];
    std::erase(model.waiting, leaving);
    return askers.leave(leaving);
  }
  if (model.held.empty()) return;
  auto& [holder, bytes] = *std::next(model.held.begin(), static_cast<std::ptrdiff_t>(random.below(model.held.size())));
  const int number = holder;
  if (choice == 2 && bytes == 0) {
    const std::size_t taken = bytes = 1 + static_cast<std::size_t>(random.below(150));
    model.settle();
    return askers.prepared(number, taken);
  }
  model.held.erase(number);
  model.settle();
  askers.end(number);
}

// Whoever asks, leaves, prepares and ends in whatever order: nobody waits while there is room, and nobody overtakes.
TEST(Turns, AreGivenInOrderAsSoonAsThereIsRoom) {
  sim::for_each_seed(40, [](std::uint64_t seed) {
    SeededRandom random(seed);
    Model model{{1 + static_cast<std::size_t>(random.below(4)), 1 + static_cast<std::size_t>(random.below(300))}};
    Askers askers(model.bounds);
    for (int step = 1; step <= 300; ++step) {
      one_step(askers, model, random, step);
      ASSERT_EQ(askers.order, model.order) << "step " << step;
      ASSERT_EQ(askers.turns.waiting(), model.waiting.size());
    }
  });
}

// --- deliveries that take turns ----------------------------------------------------------------------------------------

/// Subscriptions of nacka at a.example that have a backlog, and one of huddinge at b.example that is up to date.
class Backlogs : public testing::Test {
 protected:
  static constexpr std::size_t body_bytes = 60'000, bytes_of_one = limits::prompt_events_max * body_bytes;

  std::vector<std::string> make(std::size_t subscriptions, std::size_t events, const std::string& content) {
    Wish wish = to("a.example");
    wish.content = content;
    std::vector<std::string> ids;
    for (std::size_t at = 0; at < subscriptions; ++at) {
      wish.endpoint = "https://a.example/" + std::to_string(at);  // calls of one endpoint are fewer (receiver_calls.h)
      ids.push_back(stage_.subscribe(nacka, wish));
    }
    stage_.subscribe(huddinge, to("b.example"));
    stage_.stop_deliverer();
    if (content == "full-resource") stage_.encounter_bytes = body_bytes;
    for (std::size_t at = 0; at < events; ++at) stage_.happen({nacka}, "admission", "e" + std::to_string(at));
    return ids;
  }
  std::size_t came() { return late_.all().size() - late_.taken("handshake").size(); }

  Stage stage_{1, {}, {.read_max = 3ms}};
  Receiver& late_ = stage_.receiver("a.example");
  Receiver& prompt_ = stage_.receiver("b.example");
};

TEST_F(Backlogs, ArePreparedSoManyAtOnceAndAllAreDelivered) {
  make(60, 2 * limits::prompt_events_max, "id-only");
  stage_.start_deliverer();
  stage_.run_for(1min);

  EXPECT_EQ(stage_.store.lists_read_at_once(), limits::backlogs_prepared_at_once_max);
  EXPECT_EQ(late_.numbers().size(), 60 * 2 * limits::prompt_events_max);
}

TEST_F(Backlogs, HoldOnlySoManyBytesAndKeepNobodyWaitingWhoIsUpToDate) {
  constexpr std::size_t events = limits::prompt_events_max + 4;
  make(90, events, "full-resource");
  late_.thinks_for = 20s;
  stage_.start_deliverer();
  stage_.run_for(10s);

  EXPECT_LE(came(), limits::prepared_bytes_max / bytes_of_one + limits::backlogs_prepared_at_once_max);
  EXPECT_GE(came(), limits::prepared_bytes_max / limits::notification_bytes_max);
  stage_.happen({huddinge}, "admission", "fresh");
  stage_.run_for(1s);
  EXPECT_EQ(prompt_.numbers(), up_to(1));
  late_.thinks_for = 0s;
  stage_.run_for(5min);
  EXPECT_EQ(late_.numbers().size(), 90 * events);
}

// Concern: whoever takes its events one by one would get one for each hundred of every other.
TEST_F(Backlogs, OfSmallNotificationsWaitForNoLargeOnes) {
  Receiver& patient = stage_.receiver("c.example");
  Wish one_by_one = to("c.example");
  one_by_one.channel_extensions = Wish::extension("backport-max-count", "PositiveInt", "1");
  stage_.subscribe(nacka, one_by_one);
  constexpr std::int64_t events = limits::prompt_events_max + 4;
  make(90, static_cast<std::size_t>(events), "full-resource");
  late_.thinks_for = 20s;
  stage_.start_deliverer();
  stage_.run_for(10s);

  EXPECT_EQ(patient.numbers(), up_to(events));
}

TEST_F(Backlogs, OfReceiversThatFailedHoldLess) {
  constexpr std::size_t subscriptions = 80;
  make(subscriptions, limits::prompt_events_max + 4, "full-resource");
  late_.answer = [](const Received&) { return 503u; };
  stage_.start_deliverer();
  stage_.run_for(400ms);
  ASSERT_EQ(came(), subscriptions);
  late_.thinks_for = 20s;
  stage_.run_for(15s);

  EXPECT_LE(came() - subscriptions, limits::repeated_bytes_max / bytes_of_one + limits::backlogs_prepared_at_once_max);
  EXPECT_GE(came() - subscriptions, limits::repeated_bytes_max / limits::notification_bytes_max);
}

TEST_F(Backlogs, LetAChangedSubscriptionGoOnAtOnceWhileItWaits) {
  const std::vector<std::string> ids = make(90, limits::prompt_events_max + 4, "full-resource");
  late_.thinks_for = 20s;
  stage_.start_deliverer();
  stage_.run_for(10s);
  Receiver& other = stage_.receiver("c.example");
  Wish wish = to("c.example");
  wish.further = "\"id\":\"" + ids.back() + "\",";
  wish.status = "requested";
  store::Reader owner{nacka, false};
  ASSERT_TRUE(stage_.world.complete(stage_.subscription_service().update(std::move(owner), ids.back(), wish.json(), 0)));
  stage_.run_for(2s);

  EXPECT_EQ(other.taken("handshake").size(), 1u);
}

// Stopped while most wait for a turn, and started again: every event comes, in order.
TEST_F(Backlogs, AreInOrderHoweverOftenTheGatewayStopsWhileTheyWait) {
  constexpr auto events = static_cast<std::int64_t>(5 * limits::prompt_events_max);
  make(12, static_cast<std::size_t>(events), "id-only");
  SeededRandom random(5);
  for (int round = 0; round < 12; ++round) {
    stage_.start_deliverer();
    stage_.run_for(std::chrono::milliseconds(random.below(60)));
    stage_.stop_deliverer();
  }
  stage_.start_deliverer();
  stage_.run_for(1min);
  std::map<std::string, std::int64_t> reached;
  for (const Received& each : late_.taken()) {
    const std::size_t at = each.request.body.find("/Subscription/");
    std::int64_t& last = reached[each.request.body.substr(at, 50)];
    for (const std::int64_t number : each.numbers) {
      EXPECT_LE(number, last + 1);
      last = std::max(last, number);
    }
  }
  EXPECT_EQ(reached.size(), 12u);
  for (const auto& [subscription, last] : reached) EXPECT_EQ(last, events) << subscription;
}

}  // namespace
}  // namespace vardbron::subscription
