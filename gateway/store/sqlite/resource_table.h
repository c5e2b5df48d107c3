#pragma once

// Tested by tests/system/store/sqlite/sqlite_store_test.cpp and tests/system/store/sqlite/tamper_test.cpp.

#include "gateway/store/sqlite/database.h"
#include "gateway/store/sqlite/key_numbers.h"
#include "gateway/store/sqlite/name_tables.h"
#include "gateway/store/sqlite/pending_keys.h"
#include "gateway/store/sqlite/prepared.h"
#include "gateway/store/store.h"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace vardbron::store {

/// Cases with their links, and resources with their versions and keys, as the writer sees them. One thread.
class ResourceWriter {
 public:
  ResourceWriter(Database& database, NameTables& names, PendingKeys& pending);
  void load();
  WallTime last_time() const { return last_time_; }

  /// Conflict if the case or one of the resources is not what the change was computed on. Writes nothing.
  Result<void> check(const Change& change);
  /// Writes the links and resources of a change, directly after a check() without failure.
  std::vector<ResourceVersion> write(const PreparedChange& prepared, std::int64_t journal_number, WallTime at);

 private:
  struct Current {
    std::int64_t number = 0, version = 0;  ///< number 0: no row; version 0: only referred to
    std::int64_t patient_case = 0, audience = 0, change = 0, position = 0;
    bool deleted = false;
    std::string keys;
    bool is_new = false;
  };
  struct CurrentCase {
    std::int64_t id = 0, version = 0, link = 0, seen = 0, next = 0, hidden_before = 0;
  };

  Current look_up(std::string_view type, std::string_view id);
  CurrentCase look_up_case(const std::string& key);
  Result<void> check(const CasePart& part);
  /// The case's id. `body`: the stored one of the part's first link, moved past its last.
  std::int64_t write_links(const CasePart& part, const CurrentCase& current, std::vector<std::string>::const_iterator& body,
                           std::int64_t journal_number);
  VersionHead write_one(const ResourceWrite& write, const Sha256& digest, Current& current, std::int64_t patient_case,
                        std::size_t position, WallTime at);

  NameTables& names_;
  KeyNumbers numbers_;
  PendingKeys& pending_;
  Statement last_change_, last_link_, last_case_;
  Statement select_case_, insert_case_, update_case_, make_due_, insert_link_;
  Statement select_, insert_, update_, insert_version_, insert_change_;
  std::vector<Current> checked_;            ///< of all resources, in the order of parts_of(change)
  std::vector<CurrentCase> checked_cases_;  ///< of its parts
  std::int64_t change_ = 0, link_ = 0, case_ = 0;
  WallTime last_time_{};
};

}  // namespace vardbron::store
