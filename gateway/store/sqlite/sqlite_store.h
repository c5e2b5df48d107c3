#pragma once

#include "gateway/base/clock.h"
#include "gateway/base/random.h"
#include "gateway/store/samples.h"
#include "gateway/store/sqlite/log_policy.h"
#include "gateway/store/store.h"
#include "gateway/store/verify_report.h"

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace vardbron::store {

struct SqliteOptions {
  std::filesystem::path directory;  ///< created if missing; one process at a time
  std::size_t readers = 2;          ///< threads for long reads
  std::size_t callers = 2;          ///< how many callers may read a few rows on their own thread at once
  /// Called once, on any thread, for each page that cannot be read because it is not what was written.
  std::function<void(std::int64_t page)> on_broken_page{};
  std::filesystem::path seal_key{};  ///< file with the key of the store's seal (sealer.h); "" = seal.key in the directory
  bool is_sealed_anew = false;       ///< the store is sealed as it is, whatever its seal contains
  /// Exports the seal as a line, on the writer's thread: at the start, at the end, and when `seal_pause` has passed with changes,
  /// or `seal_entries` journal entries came, since the last one. It must not wait.
  std::function<void(const std::string& line)> on_seal{};
  std::chrono::nanoseconds seal_pause{};
  std::int64_t seal_entries = 0;      ///< 0 = however many
  std::filesystem::path seal_file{};  ///< the file of the lines, read by a verification; "" = none
  /// The store was restored from a backup: the last seal that had been handed outside (sealer.h).
  std::optional<std::int64_t> restored_after{};
  std::function<void(const Restoration& restoration)> on_restored{};  ///< called when it is opened, for each that is noted in it
  LogSizes log{};                                                     ///< smaller in tests only
  Samples samples{};  ///< what bodies are compressed with from now on; none = each alone, or as they were before
  /// For a store of an earlier form: the search keys of a resource's body (steps.h).
  std::function<std::optional<std::vector<search::Key>>(std::string_view type, std::string_view body)> keys_of{};
};

/// The form of the tables that this program reads and writes: the file's user_version once the store is open.
int store_form();

/// The file with the key of the seal.
std::filesystem::path seal_key_of(const SqliteOptions& options);

/// Opens the embedded store. Broken: the directory is in use or not writable, or has a file that is not ours or newer than this
/// program, or the seal is not that of the key. Clock and random are used by the store's own threads and outlive it; random is
/// used by one of them. Calls are answered on the executor they were awaited on; that executor's context outlives the call.
Result<std::unique_ptr<Store>> open_sqlite_store(const SqliteOptions& options, Clock& clock, Random& random);

}  // namespace vardbron::store
