#include "tests/system/store/store_story.h"
#include "tests/system/store/watched_files.h"

#include <gtest/gtest.h>

#include <cstdio>
#include <cstdlib>
#include <string>

// Concern: whichever call to the disk fails, nothing is lost that the store said was kept, and nothing is half there.

namespace vardbron::store {
namespace {

using Kind = FileCall::Kind;

/// What a disk does to the n-th call of a kind.
struct Fault {
  const char* name;
  Kind kind;
  int code;
  bool is_lasting;           ///< from then on, until the disk is mended; else once
  std::int64_t written = 0;  ///< of a failing write
  std::size_t step = 1;      ///< n walks 1, 1 + step, ..; each n with VARDBRON_EVERY_FAULT=1
};

void PrintTo(const Fault& fault, std::ostream* out) { *out << fault.name; }

/// Fails as the fault says from the n-th call on, until it is mended.
class FaultyDisk {
 public:
  FaultyDisk(const Fault& fault, std::size_t n) : fault_(fault), n_(n) {}
  FileAnswer answer(const FileCall& call) {
    if (call.kind != fault_.kind || is_mended_) return {};
    ++calls_;
    if (calls_ < n_ || (calls_ > n_ && !fault_.is_lasting)) return {};
    was_met_ = true;
    return {fault_.code, fault_.written};
  }
  void mend() { is_mended_ = true; }
  bool was_met() const { return was_met_; }

 private:
  const Fault& fault_;
  std::size_t n_, calls_ = 0;
  bool is_mended_ = false, was_met_ = false;
};

class FaultWalk : public testing::TestWithParam<Fault> {};

TEST_P(FaultWalk, LosesNothingThatWasKeptAndLeavesNothingHalfThere) {
  const Fault& fault = GetParam();
  const std::size_t step = std::getenv("VARDBRON_EVERY_FAULT") != nullptr ? 1 : fault.step;
  std::size_t walked = 0;
  for (std::size_t n = 1;; n += step, ++walked) {
    SCOPED_TRACE("call " + std::to_string(n));
    FaultyDisk disk(fault, n);
    WatchedFiles files([&](const FileCall& call) { return disk.answer(call); });
    SqliteHouse house(SqliteHouse::Closed{});
    StoreStory story;

    story.play(house, true);
    if (!disk.was_met() && house.is_open()) house.close();  // which meets it, or the walk is over
    const bool was_met = disk.was_met();
    disk.mend();

    if (house.is_open()) {
      expect_it_goes_on(house);
      house.close();
    }
    house.open();
    expect_promises(house, story.kept());
    if (HasFailure() || !was_met) break;
  }
  std::printf("%s: failed at %zu calls, one after the other\n", fault.name, walked);
  EXPECT_GT(walked, 0u) << "the story does not meet this fault";
}

// ENOSPC and EDQUOT are covered by the tests of the whole program (tests/system/app).
INSTANTIATE_TEST_SUITE_P(Disk, FaultWalk,
                         testing::Values(Fault{"AWriteFailsOnce", Kind::Write, SQLITE_IOERR_WRITE, false, 0, 3},
                                         Fault{"WritesFail", Kind::Write, SQLITE_IOERR_WRITE, true, 0, 5},
                                         Fault{"TheDiskIsFullOnce", Kind::Write, SQLITE_FULL, false, 0, 5},
                                         Fault{"TheDiskIsFull", Kind::Write, SQLITE_FULL, true, 0, 7},
                                         Fault{"TheDiskIsFullInTheMiddleOfAWrite", Kind::Write, SQLITE_FULL, false, 1000, 5},
                                         Fault{"TheDiskIsReadOnly", Kind::Write, SQLITE_READONLY, true, 0, 7},
                                         Fault{"AWriteIsCutShort", Kind::Write, SQLITE_IOERR_WRITE, false, 700, 5},
                                         Fault{"ASyncFailsOnce", Kind::Sync, SQLITE_IOERR_FSYNC, false, 0, 2},
                                         Fault{"SyncsFail", Kind::Sync, SQLITE_IOERR_FSYNC, true, 0, 3},
                                         Fault{"ATruncationFails", Kind::Truncate, SQLITE_IOERR_TRUNCATE, false},
                                         Fault{"AFileIsNotOpened", Kind::Open, SQLITE_CANTOPEN, false},
                                         Fault{"FilesAreNotOpened", Kind::Open, SQLITE_CANTOPEN, true},
                                         Fault{"AReadFailsOnce", Kind::Read, SQLITE_IOERR_READ, false, 0, 9},
                                         Fault{"ReadsFail", Kind::Read, SQLITE_IOERR_READ, true, 0, 29},
                                         Fault{"TheIndexOfTheLogCannotGrow", Kind::Map, SQLITE_IOERR_SHMSIZE, false}),
                         [](const auto& each) { return std::string(each.param.name); });

}  // namespace
}  // namespace vardbron::store
