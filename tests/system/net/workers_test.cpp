#include "gateway/net/workers.h"

#include "gateway/base/clock.h"

#include <gtest/gtest.h>

#include <atomic>
#include <latch>
#include <mutex>
#include <set>
#include <thread>

namespace vardbron::net {
namespace {

using namespace std::chrono_literals;

TEST(Workers, RunWhatIsPostedEachOnItsOwnThread) {
  Workers workers(3);
  std::mutex guard;
  std::set<std::thread::id> threads;
  std::latch all(6);
  for (std::size_t i = 0; i < 6; ++i) {
    workers.post(i % 3, [&guard, &threads, &all] {
      std::lock_guard lock(guard);
      threads.insert(std::this_thread::get_id());
      all.count_down();
    });
  }

  workers.start();
  all.wait();
  workers.join();

  EXPECT_EQ(threads.size(), 3u);
  EXPECT_FALSE(threads.contains(std::this_thread::get_id()));
}

Task<void> sleep_twice(std::atomic<int>& woken) {
  RealClock clock;
  for (int i = 0; i < 2; ++i) {
    bool came = co_await clock.sleep_until(clock.now() + 1ms);
    woken += came;
  }
}

TEST(Workers, LetTasksEndBeforeTheyAreJoined) {
  Workers workers(2);
  std::atomic<int> woken = 0;
  workers.start();
  for (std::size_t i = 0; i < 10; ++i) workers.spawn(i % 2, sleep_twice(woken));

  workers.join();

  EXPECT_EQ(woken, 20);
}

Task<void> sleep_for_ever() {
  RealClock clock;
  co_await clock.sleep_until(clock.now() + 1h);
}

TEST(Workers, EndAtOnceWhenStopped) {
  Workers workers(2);
  workers.start();
  workers.spawn(0, sleep_for_ever());

  workers.stop();
  workers.join();

  EXPECT_EQ(workers.size(), 2u);
}

}  // namespace
}  // namespace vardbron::net
