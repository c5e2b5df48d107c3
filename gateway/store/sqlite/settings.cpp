#include "gateway/store/sqlite/settings.h"

#include "gateway/base/limits.h"

#include <optional>

namespace vardbron::store {

// wal_autocheckpoint is not set: setting it, also to 0, removes the hook by which the log's pages are counted (database.cpp).
std::vector<Setting> writing_settings() {
  const std::string log_bytes = std::to_string(limits::store_log_finish_bytes);
  return {{"journal_mode", "WAL", "wal"},
          {"synchronous", "FULL", "2"},  // without it the last commits may be lost at a power cut
          {"locking_mode", "NORMAL", "normal"},
          {"journal_size_limit", log_bytes, log_bytes},  // the log's file shrinks to this when the log starts again
          {"mmap_size", "0", ""},
          {"cache_size", "-65536", "-65536"},
          {"temp_store", "MEMORY", "2"},
          {"cell_size_check", "ON", "1"}};
}

// Nothing is mapped: a file that is cut short, or a disk that fails, would end the process by SIGBUS.
std::vector<Setting> reading_settings() {
  return {{"mmap_size", "0", ""},
          {"cache_size", "-4096", "-4096"},  // of each; the system keeps pages below them all
          {"temp_store", "MEMORY", "2"},
          {"cell_size_check", "ON", "1"},
          {"query_only", "ON", "1"}};
}

Result<void> set_up(Database& database, const std::vector<Setting>& settings) {
  for (const Setting& setting : settings) database.execute("PRAGMA " + std::string(setting.name) + "=" + setting.value);
  for (const Setting& setting : settings) {
    std::string reported = database.word("PRAGMA " + std::string(setting.name));
    if (std::optional<Failure> failure = database.take_failure()) return *std::move(failure);
    const bool is_unmapped =
        std::string_view(setting.name) == "mmap_size" && reported == "0";  // "": files of a kind that cannot map
    if (reported == setting.reported || is_unmapped) continue;
    return Failure{Cause::Broken,
                   "The store's file does not take a setting: " + std::string(setting.name) + " is " + reported + ", not " +
                       setting.reported + ".",
                   ""};
  }
  return done();
}

}  // namespace vardbron::store
