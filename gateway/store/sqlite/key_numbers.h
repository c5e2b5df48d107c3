#pragma once

// Tested by tests/system/store/sqlite/search_tables_test.cpp.

#include "gateway/fhir/reference.h"
#include "gateway/search/query.h"
#include "gateway/store/sqlite/database.h"
#include "gateway/store/sqlite/name_tables.h"
#include "gateway/store/sqlite/stored_keys.h"

#include <cstdint>
#include <functional>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace vardbron::store {

/// Gives numbers to resources and to what their keys name. A resource that is referred to before it is stored gets a row without
/// a version, so that a reference always is a number. One thread, the writing connection's.
class KeyNumbers {
 public:
  KeyNumbers(Database& database, NameTables& names);
  void load();

  std::int64_t next_resource() { return ++last_; }
  /// Knows the number of a resource whose row is written later in the transaction; all are forgotten with forget().
  void note(std::string_view type, std::string_view id, std::int64_t number);
  void forget() { known_.clear(); }

  std::vector<StoredKey> stored(std::string_view type, std::span<const search::Key> keys);

 private:
  void add(std::int64_t type, const search::Key& key, StoredKey& into);
  std::int64_t number_of(const fhir::Reference& reference, std::string_view written);

  NameTables& names_;
  Statement last_resource_, select_, insert_;
  struct Hash {
    using is_transparent = void;
    std::size_t operator()(std::string_view text) const { return std::hash<std::string_view>()(text); }
  };
  std::unordered_map<std::string, std::int64_t, Hash, std::equal_to<>> known_;  ///< by "Type/id"
  std::int64_t last_ = 0;
};

}  // namespace vardbron::store
