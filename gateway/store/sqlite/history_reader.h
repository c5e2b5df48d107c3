#pragma once

// Tested by tests/system/store/sqlite/search_tables_test.cpp and tests/system/store/sqlite/search_walk_test.cpp.

#include "gateway/store/sqlite/change_walk.h"
#include "gateway/store/sqlite/name_tables.h"
#include "gateway/store/sqlite/resource_rows.h"
#include "gateway/store/sqlite/snapshot.h"
#include "gateway/store/sqlite/version_reader.h"
#include "gateway/store/store.h"

#include <cstdint>
#include <optional>
#include <stop_token>

namespace vardbron::store {

/// Versions of one resource or of all of a type, newest first. A party that may see the newest version may see those before it.
/// One thread.
class HistoryReader {
 public:
  HistoryReader(Snapshot& snapshot, NameTables& names, ResourceRows& rows, VersionReader& versions, ChangeWalk& changes);

  /// Cancelled: `ended` was requested.
  Result<Page> history(const Reader& reader, const HistoryQuery& query, const std::stop_token& ended);

 private:
  Result<Page> of_one(std::int64_t party, const HistoryQuery& query, const std::optional<PagePlace>& from);
  Result<Page> of_type(std::int64_t party, const HistoryQuery& query, const std::optional<PagePlace>& from);
  /// Whether a version made at `at` was current at some time of the period asked for.
  bool was_current(const HistoryQuery& query, const ResourceRow& row, std::int64_t version, std::int64_t at);

  Snapshot& snapshot_;
  NameTables& names_;
  ResourceRows& rows_;
  VersionReader& versions_;
  ChangeWalk& changes_;
  std::stop_token ended_;  ///< of the running call
};

}  // namespace vardbron::store
