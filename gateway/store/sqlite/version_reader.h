#pragma once

// Tested by tests/system/store/sqlite/search_tables_test.cpp and tests/system/store/sqlite/search_walk_test.cpp.

#include "gateway/store/sqlite/database.h"
#include "gateway/store/sqlite/pack.h"
#include "gateway/store/sqlite/resource_rows.h"
#include "gateway/store/store.h"

#include <cstdint>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace vardbron::store {

/// One version as in its change's row.
struct StoredVersion {
  VersionHead head;
  WallTime at{};
  std::string_view body;  ///< valid until the next change is read
};

/// Reads the bodies of versions. One thread.
class VersionReader {
 public:
  VersionReader(Database& database, NameTables& names);

  /// Broken: it is not there.
  Result<StoredVersion> at(std::int64_t change, std::int64_t position);
  Result<StoredVersion> version(const ResourceRow& row, std::int64_t number);
  /// The current one; Broken if it is not what the row's digest was made of.
  Result<StoredVersion> newest(const ResourceRow& row);
  /// When a version was made; nothing if there is none.
  std::optional<std::int64_t> time_of(const ResourceRow& row, std::int64_t version);

  /// A deleted version has no body.
  Resource make(const ResourceRow& row, const StoredVersion& version);
  const std::string& case_key(std::int64_t patient_case);  ///< "" = none
  std::size_t bytes_read() const { return bodies_.size(); }

 private:
  NameTables& names_;
  Compressor compressor_;
  Statement change_, version_, version_time_, case_key_;
  // Resources that are read together are mostly of one case, whose key never changes.
  std::int64_t last_case_ = 0;
  std::string last_case_key_;
  // The last change read: resources that are read together were mostly written together.
  std::int64_t open_ = 0;
  WallTime open_at_{};
  std::vector<VersionHead> heads_;
  std::string bodies_;
};

}  // namespace vardbron::store
