#include "tests/system/store/crash_record.h"
#include "tests/system/store/store_story.h"

#include <gmock/gmock.h>
#include <gtest/gtest-spi.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <map>
#include <string>
#include <utility>

// Concern: whenever the power is cut, and whatever the disk made of what was not synced, the store opens and has what it said it
// has.

namespace vardbron::store {
namespace {

using Unsynced = CrashRecord::Unsynced;

/// A scenario on recorded files, and what was kept after how many calls.
struct Recorded {
  CrashRecord record;
  std::vector<std::pair<std::size_t, Kept>> kept;

  std::vector<Kept> kept_before(std::size_t calls) const {
    std::vector<Kept> all;
    for (const auto& [at, each] : kept) {
      if (at <= calls) all.push_back(each);
    }
    return all;
  }
};

/// The key of the stores' seals, which is made and synced before it is used, and is no file of SQLite's.
void lay_key(const std::filesystem::path& folder) {
  std::filesystem::create_directories(folder);
  const std::filesystem::path key = folder / "seal.key.new";  // to be used by a store without a seal too
  std::ofstream(key) << std::string(64, 'a') << '\n';
  std::filesystem::permissions(key, std::filesystem::perms::owner_read | std::filesystem::perms::owner_write);
}

Recorded record_story(bool copies_log) {
  Recorded made;
  WatchedFiles files([&](const FileCall& call) { return made.record.note(call); });
  SqliteHouse house(SqliteHouse::Closed{});
  lay_key(house.file().parent_path());
  StoreStory story([&](const Kept& kept) { made.kept.emplace_back(made.record.calls(), kept); });
  story.play(house, copies_log);
  house.close();
  return made;
}

void lay(const std::filesystem::path& folder, const std::map<std::string, std::string>& files) {
  lay_key(folder);
  for (const auto& [name, content] : files) {
    std::ofstream(folder / name, std::ios::binary).write(content.data(), static_cast<std::streamsize>(content.size()));
  }
}

struct CrashPoint {
  std::size_t calls = 0;
  Unsynced way{};
  std::uint64_t seed = 0;
};

/// A store on these files has what was kept. Gives what it asked of them from its start to its close.
CrashRecord expect_promises_on(const std::map<std::string, std::string>& files, const std::vector<Kept>& kept) {
  CrashRecord record(files);
  WatchedFiles watched([&](const FileCall& call) { return record.note(call); });
  SqliteHouse house(SqliteHouse::Closed{});
  lay(house.file().parent_path(), files);
  Result<void> opened = house.try_open();
  EXPECT_TRUE(opened.ok()) << opened.failure().says;
  if (!opened) return record;
  expect_promises(house, kept);
  house.close();
  return record;
}

// At every third point the power is cut once more, while the store is at what it does after the first cut.
void expect_promises_after(const Recorded& story, const CrashPoint& point) {
  SeededRandom random(point.seed);
  const std::vector<Kept> kept = story.kept_before(point.calls);
  const CrashRecord second = expect_promises_on(story.record.files(point.calls, point.way, random), kept);
  if (testing::Test::HasFailure() || point.seed % 3 != 0) return;
  SCOPED_TRACE("and a second cut");
  const std::size_t calls = random.below(second.calls() + 1);
  expect_promises_on(second.files(calls, static_cast<Unsynced>(random.below(CrashRecord::ways)), random), kept);
}

std::size_t points_wanted() {
  const char* given = std::getenv("VARDBRON_CRASH_POINTS");
  return given != nullptr ? std::stoul(given) : 200;
}

TEST(CrashPoints, LoseNothingThatWasKeptAndLeaveNothingHalfThere) {
  const Recorded stories[] = {record_story(true), record_story(false)};
  SeededRandom random(4711);
  const std::size_t points = points_wanted();
  for (std::size_t number = 0; number < points; ++number) {
    const Recorded& story = stories[number % 2];
    CrashPoint point;
    point.calls = random.below(story.record.calls() + 1);
    point.way = static_cast<Unsynced>(random.below(CrashRecord::ways));
    point.seed = random.next();
    SCOPED_TRACE("crash point " + std::to_string(number) + ": behind " + std::to_string(point.calls) + " calls, way " +
                 std::to_string(static_cast<int>(point.way)));
    expect_promises_after(story, point);
    if (HasFailure()) return;
  }
  std::printf("%zu crash points in stories of %zu and %zu calls\n", points, stories[0].record.calls(), stories[1].record.calls());
}

// The bench itself: a disk that never gets to hear of the log's syncs loses what was kept, and that is seen.
TEST(CrashPoints, AreSharpEnoughToFindALogThatWasNotSynced) {
  Recorded story;
  {
    WatchedFiles files([&](const FileCall& call) {
      const bool is_dropped = call.kind == FileCall::Kind::Sync && call.file.ends_with("-wal") && !story.kept.empty();
      return is_dropped ? FileAnswer{} : story.record.note(call);
    });
    SqliteHouse house(SqliteHouse::Closed{});
    lay_key(house.file().parent_path());
    StoreStory([&](const Kept& kept) { story.kept.emplace_back(story.record.calls(), kept); }).play(house, false);
    house.close();
  }

  testing::TestPartResultArray seen;
  {
    testing::ScopedFakeTestPartResultReporter kept_away(testing::ScopedFakeTestPartResultReporter::INTERCEPT_ONLY_CURRENT_THREAD,
                                                        &seen);
    expect_promises_after(story, {story.kept.at(4).first, Unsynced::None, 1});
  }

  ASSERT_GT(seen.size(), 0);
  EXPECT_THAT(seen.GetTestPartResult(0).message(), testing::HasSubstr("kept, and gone"));
}

}  // namespace
}  // namespace vardbron::store
