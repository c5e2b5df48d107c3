#pragma once

// Tested by tests/system/store/sqlite/search_tables_test.cpp and tests/system/store/sqlite/search_walk_test.cpp.

#include "gateway/store/sqlite/change_reader.h"
#include "gateway/store/sqlite/database.h"
#include "gateway/store/sqlite/resource_rows.h"
#include "gateway/store/store.h"

#include <cstdint>
#include <optional>
#include <string>

namespace vardbron::store {

/// Reads the versions that a party may see. One thread.
class VersionReader : public ChangeReader {
 public:
  VersionReader(Database& database, NameTables& names);

  /// A version of a resource whose newest one the party may see. NotFound: this one was not for the party, or is hidden by now.
  Result<StoredVersion> version(std::int64_t party, const ResourceRow& row, std::int64_t number);
  /// Whether it was for the party and is not hidden; of the newest one always.
  bool may_see(std::int64_t party, const ResourceRow& row, std::int64_t number);
  /// When a version was made; nothing if there is none.
  std::optional<std::int64_t> time_of(const ResourceRow& row, std::int64_t version);

  /// A deleted version has no body.
  Resource make(const ResourceRow& row, const StoredVersion& version);
  const std::string& case_key(std::int64_t patient_case);  ///< "" = none

 private:
  struct Place {
    std::int64_t change = 0, position = 0, audience = 0;
  };
  std::optional<Place> place_of(const ResourceRow& row, std::int64_t number);
  bool may_see(std::int64_t party, const ResourceRow& row, const Place& former);

  NameTables& names_;
  Statement version_, version_time_, case_key_, hidden_before_;
  // Resources that are read together are mostly of one case, whose key never changes.
  std::int64_t last_case_ = 0;
  std::string last_case_key_;
};

}  // namespace vardbron::store
