#pragma once

#include "gateway/base/clock.h"
#include "gateway/base/random.h"
#include "gateway/store/store.h"

#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>

namespace vardbron::store {

struct SqliteOptions {
  std::filesystem::path directory;  ///< made when it is missing; one process at a time
  std::size_t readers = 2;          ///< threads, for what takes long
  std::size_t callers = 2;          ///< how many threads may read a few rows by themselves at once
  /// Told once, on any thread, of each page that cannot be read because the disk gives something else than what was written.
  std::function<void(std::int64_t page)> on_broken_page{};
};

/// Opens the embedded store. Broken: the directory is in use, not writable, or holds a file that is not ours or newer than this
/// program. Clock and random are used by the store's own threads and outlive it; random is used by one of them.
/// Calls are answered on the executor they were awaited on; that executor's context outlives the call.
Result<std::unique_ptr<Store>> open_sqlite_store(const SqliteOptions& options, Clock& clock, Random& random);

}  // namespace vardbron::store
