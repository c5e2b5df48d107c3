#pragma once

// Tested by tests/system/store/sqlite/search_tables_test.cpp and tests/system/app/carry_over_test.cpp.

#include "gateway/store/sqlite/database.h"
#include "gateway/store/sqlite/pack.h"
#include "gateway/store/sqlite/resource_rows.h"
#include "gateway/store/store.h"

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace vardbron::store {

/// One version as in its change's row.
struct StoredVersion {
  VersionHead head;
  WallTime at{};
  std::string_view body;  ///< valid until the next change is read
};

/// Reads what changes wrote, of stores of any form since there are changes. One thread.
class ChangeReader {
 public:
  explicit ChangeReader(Database& database);

  /// Broken: it is not there.
  Result<StoredVersion> at(std::int64_t change, std::int64_t position);
  /// The current version; Broken if it is not what the row's digest was made of.
  Result<StoredVersion> newest(const ResourceRow& row);
  std::size_t bytes_read() const { return bodies_.size(); }

 private:
  Compressor compressor_;
  Statement change_;
  // The last change read: resources that are read together were mostly written together.
  std::int64_t open_ = 0;
  WallTime open_at_{};
  std::vector<VersionHead> heads_;
  std::string bodies_;
};

}  // namespace vardbron::store
