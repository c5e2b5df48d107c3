#include "gateway/base/limits.h"
#include "gateway/base/random.h"
#include "tests/play/play.h"

#include <gtest/gtest.h>

#include <atomic>
#include <cstdlib>
#include <set>
#include <thread>

namespace vardbron::play {
namespace {

// How often the gateway is killed: 50 in a usual run, more by VARDBRON_KILLS.
std::size_t kills_wanted() {
  const char* given = std::getenv("VARDBRON_KILLS");
  return given ? std::stoul(given) : 50;
}

// Numbers 1 .. highest all came. What came twice is bounded by what can be in flight at a kill.
void expect_no_gap(const PlayedReceiver& receiver, std::int64_t counted, std::size_t kills) {
  const std::vector<SeenEvent> seen = receiver.seen();
  std::set<std::int64_t> numbers;
  for (const SeenEvent& event : seen) numbers.insert(event.number);
  EXPECT_EQ(static_cast<std::int64_t>(numbers.size()), counted);
  if (numbers.empty()) return;
  EXPECT_EQ(*numbers.begin(), 1);
  EXPECT_EQ(*numbers.rbegin(), counted);
  EXPECT_LE(seen.size() - numbers.size(), kills * 2 * limits::events_per_notification_max);
}

TEST(KillNine, LosesNothingAcknowledgedAndLeavesNoGapInAnySubscribersNumbers) {
  const std::size_t kills = kills_wanted();
  const std::filesystem::path folder = std::filesystem::temp_directory_path() / ("vardbron-crash-" + std::to_string(getpid()));
  {
    Play play(VARDBRON_BINARY_DIR "/bin/vardbron", folder, 2);
    ASSERT_TRUE(play.gateway().start());
    ASSERT_TRUE(play.subscribe());
    SystemRandom random;
    std::vector<Acknowledged> acknowledged;
    for (std::size_t kill = 0; kill < kills; ++kill) {
      std::atomic<bool> stop = false;
      std::thread killer([&] {
        std::this_thread::sleep_for(std::chrono::milliseconds(20 + random.below(150)));
        play.gateway().kill();
      });
      std::vector<Acknowledged> some = play.send(4, stop);
      killer.join();
      acknowledged.insert(acknowledged.end(), some.begin(), some.end());
      ASSERT_TRUE(play.gateway().start()) << "after kill " << kill;
    }
    EXPECT_GT(acknowledged.size(), kills);
    ASSERT_TRUE(play.wait_for_delivery(std::chrono::seconds(60)));
    const std::vector<std::int64_t> counted = play.counted();
    for (std::size_t i = 0; i < counted.size(); ++i) expect_no_gap(*play.receivers()[i], counted[i], kills);

    // Every acknowledged message is known: sent again it gets the same receipt, and nothing new is told.
    for (const Acknowledged& each : acknowledged) EXPECT_EQ(play.send_again(each.message), each.receipt) << each.message;
    EXPECT_EQ(play.counted(), counted);
    EXPECT_TRUE(play.gateway().terminate());
    std::printf(
        "%zu kills, %zu notices acknowledged, none lost; events seen by each subscriber: %lld, by number of copies: %zu and "
        "%zu\n",
        kills, acknowledged.size(), static_cast<long long>(counted[0]), play.receivers()[0]->seen().size(),
        play.receivers()[1]->seen().size());
  }
  std::filesystem::remove_all(folder);
}

}  // namespace
}  // namespace vardbron::play
