#include "gateway/store/sqlite/read_queue.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <random>
#include <string>
#include <vector>

// Concern: whoever asks for much waits for itself, and keeps nobody else waiting.

namespace vardbron::store {
namespace {

class Numbered final : public ReadJob {
 public:
  explicit Numbered(int number) : number(number) {}
  void run(ReadTables&) override {}
  void fail(Failure) override {}
  const int number;
};

struct Queue {
  explicit Queue(std::size_t threads) : queue(threads) {}
  void put(const std::string& owner, int number) { queue.put(owner, std::make_unique<Numbered>(number)); }
  /// "owner number", or "" if no job may run.
  std::string take() {
    std::optional<ReadQueue::Taken> taken = queue.take();
    if (!taken) return {};
    running.push_back(taken->owner);
    return taken->owner + " " + std::to_string(static_cast<Numbered&>(*taken->job).number);
  }
  void end(const std::string& owner) {
    running.erase(std::find(running.begin(), running.end(), owner));
    queue.give_back(owner);
  }
  ReadQueue queue;
  std::vector<std::string> running;
};

TEST(ReadQueue, LeavesOneOfTwoThreadsToOthers) {
  Queue two(2);
  for (int number = 1; number <= 3; ++number) two.put("a", number);
  EXPECT_EQ(two.take(), "a 1");
  EXPECT_EQ(two.take(), "") << "the second thread is not for the same organisation";
  two.put("b", 1);
  EXPECT_EQ(two.take(), "b 1");
  EXPECT_EQ(two.take(), "");
  two.end("a");
  EXPECT_EQ(two.take(), "a 2");
  two.end("b");
  EXPECT_EQ(two.take(), "");
  EXPECT_EQ(two.queue.size(), 1u);
}

TEST(ReadQueue, GivesTheOwnersTurns) {
  Queue one(1);
  for (int number = 1; number <= 3; ++number) one.put("a", number);
  one.put("b", 1);
  one.put("c", 1);
  one.put("b", 2);
  std::vector<std::string> order;
  for (std::string next = one.take(); !next.empty(); next = one.take()) {
    order.push_back(next);
    one.end(next.substr(0, next.find(' ')));
  }
  EXPECT_THAT(order, testing::ElementsAre("a 1", "b 1", "c 1", "a 2", "b 2", "a 3"));
}

TEST(ReadQueue, LetsTheStoreItselfHaveEveryThread) {
  Queue two(2);
  for (int number = 1; number <= 3; ++number) two.put("", number);
  EXPECT_EQ(two.take(), " 1");
  EXPECT_EQ(two.take(), " 2");
  EXPECT_EQ(two.take(), "") << "there is no third";
}

TEST(ReadQueue, GivesAllAwayThatWait) {
  Queue two(2);
  two.put("a", 1);
  two.put("a", 2);
  two.put("b", 3);
  ASSERT_EQ(two.take(), "a 1");
  EXPECT_EQ(two.queue.take_all().size(), 2u);
  EXPECT_EQ(two.queue.size(), 0u);
  EXPECT_EQ(two.take(), "");
  two.put("b", 4);
  EXPECT_EQ(two.take(), "b 4");
}

// Invariants of any order of events: jobs of an owner in their order, each once; with two threads none has both, and a free one
// is idle only if nobody waits who has none.
TEST(ReadQueue, HoldsItsPromisesWhateverHappens) {
  for (unsigned seed = 1; seed <= 200; ++seed) {
    std::mt19937 random(seed);
    Queue queue(2);
    std::map<std::string, int> given, taken;
    for (int step = 0; step < 300; ++step) {
      const std::string owner(1, static_cast<char>('a' + random() % 4));
      if (random() % 2 == 0) {
        queue.put(owner, ++given[owner]);
      } else if (!queue.running.empty() && random() % 2 == 0) {
        queue.end(std::string(queue.running[random() % queue.running.size()]));
      }
      const std::string next = queue.take();
      const auto waits = [&](const std::string& who) { return given[who] > taken[who]; };
      const auto runs = [&](const std::string& who) {
        return std::find(queue.running.begin(), queue.running.end(), who) != queue.running.end();
      };
      if (!next.empty()) {
        const std::string who = next.substr(0, next.find(' '));
        ASSERT_EQ(next, who + " " + std::to_string(++taken[who])) << "seed " << seed;
        ASSERT_EQ(std::count(queue.running.begin(), queue.running.end(), who), 1) << "seed " << seed;
      } else if (queue.running.size() < 2) {
        for (const char* who : {"a", "b", "c", "d"}) ASSERT_TRUE(!waits(who) || runs(who)) << "seed " << seed << " " << who;
      }
    }
    int left = 0;
    for (const auto& [owner, count] : given) left += count - taken[owner];
    ASSERT_EQ(queue.queue.size(), static_cast<std::size_t>(left)) << "seed " << seed;
  }
}

}  // namespace
}  // namespace vardbron::store
