#pragma once

#include "gateway/base/random.h"
#include "tests/system/store/watched_files.h"

#include <cstddef>
#include <map>
#include <set>
#include <string>
#include <utility>
#include <vector>

namespace vardbron::store {

/// What a store asked of its files, in order, and what a disk may hold when the power is cut between two of these calls.
class CrashRecord {
 public:
  /// What the disk made of the calls that no sync had ended.
  enum class Unsynced : std::uint8_t {
    None,     ///< nothing reached it
    All,      ///< everything did
    InOrder,  ///< everything up to one call, which is torn
    Calls,    ///< some of the calls, whole
    Sectors,  ///< some sectors of 512 bytes of each call
    Garbage   ///< likewise, and new sectors of a file contain old data of the disk
  };
  static constexpr int ways = 6;

  /// `found`: what the files held before.
  explicit CrashRecord(std::map<std::string, std::string> found = {}) : found_(std::move(found)) {}

  FileAnswer note(const FileCall& call);  ///< for WatchedFiles
  std::size_t calls() const { return calls_.size(); }

  /// Files by name as they may be after a power failure following the first `calls` calls.
  std::map<std::string, std::string> files(std::size_t calls, Unsynced way, Random& random) const;

 private:
  struct Call {
    FileCall::Kind kind{};
    std::string file;
    std::size_t at = 0;
    std::string bytes;
    bool is_of_folder = false;  ///< a sync that keeps what was made and removed in the folder, too
  };
  std::map<std::string, std::string> found_;
  std::vector<Call> calls_;
  std::set<std::string> opened_;  ///< logs and journals that were not synced since
};

}  // namespace vardbron::store
