#pragma once

// Tested by tests/system/store/sqlite/search_tables_test.cpp.

#include "gateway/base/clock.h"
#include "gateway/store/sqlite/database.h"
#include "gateway/store/sqlite/name_tables.h"
#include "gateway/store/store.h"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>

namespace vardbron::store {

/// The row of a resource: its current version.
struct ResourceRow {
  std::int64_t number = 0, type = 0, patient_case = 0, version = 0, at = 0, audience = 0, change = 0, position = 0;
  bool deleted = false;
  std::string id, digest, keys;
};

/// What is known of a resource's current version without its body.
struct ResourceHead {
  std::int64_t version = 0, at = 0, patient_case = 0, audience = 0;
  bool deleted = false;
};

/// Rows of resources that a party may see: each statement looks for the party too, so that what others store costs nothing. One
/// thread.
class ResourceRows {
 public:
  ResourceRows(Database& database, NameTables& names);

  /// The number of the party that reads; nobody's if the store never heard of it.
  std::int64_t party_of(const Reader& reader);

  std::optional<ResourceRow> find(std::int64_t party, std::int64_t number);
  std::optional<ResourceRow> find(std::int64_t party, std::string_view type, std::string_view id);
  /// Kept while nothing is committed: several deliveries ask for the same ones, each for a party of its own. `snapshot`: the
  /// number of the transaction that is open.
  std::optional<ResourceHead> head(std::int64_t snapshot, std::int64_t party, const std::string& type, const std::string& id);
  /// Of any resource, also of one that is only referred to; number 0 = none. Its user looks for the party next.
  struct Place {
    std::int64_t number = 0, patient_case = 0;
  };
  Place place_of(std::string_view type, std::string_view id);
  Place place_of(std::int64_t number);
  /// "Type/id" of a resource that another refers to.
  const std::string& reference_to(std::int64_t number);

 private:
  std::optional<ResourceRow> take(Statement& row);
  void forget_old_heads(std::int64_t snapshot);

  NameTables& names_;
  Statement by_number_, by_name_, head_, data_version_, number_, name_, case_;
  std::int64_t heads_snapshot_ = -1, heads_version_ = -1;
  std::unordered_map<std::string, ResourceHead> heads_;
  std::unordered_map<std::int64_t, std::string> references_;
};

}  // namespace vardbron::store
