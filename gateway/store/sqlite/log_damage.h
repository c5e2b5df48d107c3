#pragma once

// Tested by tests/system/store/sqlite/log_sums_test.cpp and tests/system/app/verify_command_test.cpp.

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>

namespace vardbron::store {

class LogSums;

/// Commits of the write-ahead log that SQLite would not read.
struct LogDamage {
  std::int64_t frame = 0;    ///< the first one with a wrong checksum, 1, 2, 3 ..; 0 = the log's header
  std::int64_t commits = 0;  ///< after it
  std::string says() const;  ///< a sentence
};

/// SQLite reads a log up to the first frame whose checksum is wrong and treats the rest as a transaction that a crash cut off.
/// That is right as long as at most one commit follows the frame: each commit is synced before the next one begins. Two or more
/// mean that acknowledged data were changed on the disk. nullopt: no log, or none that is damaged. To be called before the file
/// is opened. `sums`, if given, become those of the valid frames, which SQLite will read.
/// Source: SQLite's file format, section 4, "The Write-Ahead Log".
std::optional<LogDamage> find_log_damage(const std::filesystem::path& log, LogSums* sums = nullptr);

}  // namespace vardbron::store
