#pragma once

// Tested by tests/system/store/sqlite/live_copy_test.cpp.

#include "gateway/base/result.h"
#include "gateway/store/sqlite/database.h"
#include "gateway/store/sqlite/file_changes.h"

#include <cstddef>
#include <cstdint>
#include <functional>
#include <string_view>

namespace vardbron::store {

/// Gets the copy's pages, in any order; a page that comes again replaces the one before. False: it takes no more.
class PageSink {
 public:
  virtual ~PageSink() = default;
  virtual bool begin(std::int64_t pages) = 0;                             ///< about how many there will be
  virtual bool put(std::int64_t first_page, std::string_view pages) = 0;  ///< pages are 1, 2, 3 ..
  virtual bool end(std::int64_t pages) = 0;                               ///< exactly so many; further ones are cut off
};

struct LiveCopyBounds {
  std::size_t last_pages_max = 2048;  ///< that are read while checkpoints wait
  int rounds_max = 200;
};

/// Copies the file of a store that is written to meanwhile: the whole file, then again and again what checkpoints have changed in
/// it, until that is little; this is read while no checkpoint runs, so that the copy is the store after one commit, with every
/// commit that was in the log when the last round began as far as no reader was in the way of copying it. Neither commits nor
/// readers wait, and the log is not held. `database` (Connections::open_checkpointer) is used by this call only. Cancelled: the
/// sink takes no more, or `is_stopped`. Busy: the sink is slower than the store is written, or the disk fails.
Result<void> copy_live(Database& database, FileChanges& changes, PageSink& sink, const std::function<bool()>& is_stopped,
                       LiveCopyBounds bounds = {});

}  // namespace vardbron::store
