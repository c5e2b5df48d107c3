#pragma once

// Tested by tests/system/store/sqlite/log_sums_test.cpp and tests/system/app/verify_command_test.cpp.

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>

namespace vardbron::store {

class LogSums;

/// Commits of the write-ahead log that nobody would read any more.
struct LogDamage {
  std::int64_t frame = 0;    ///< the first one that does not fit, 1, 2, 3 ..; 0 = the log's header
  std::int64_t commits = 0;  ///< behind it
  std::string says() const;  ///< a sentence
};

/// SQLite reads a log up to the first frame whose checksum is wrong and takes the rest for a transaction that a crash cut off. It
/// is that as long as one commit at most lies behind the frame: each commit is synced before the next one begins. Two or more
/// mean that what was acknowledged was changed on the disk. nullopt: no log, or none that is damaged. To be asked before the file
/// is opened. `sums`, when there are some, become those of the frames that fit, which are what SQLite will read.
/// Source: SQLite's file format, section 4, "The Write-Ahead Log".
std::optional<LogDamage> find_log_damage(const std::filesystem::path& log, LogSums* sums = nullptr);

}  // namespace vardbron::store
