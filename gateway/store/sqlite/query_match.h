#pragma once

// Tested by tests/system/store/sqlite/search_tables_test.cpp and tests/system/store/sqlite/search_walk_test.cpp.

#include "gateway/base/limits.h"
#include "gateway/search/query.h"
#include "gateway/store/sqlite/key_index.h"
#include "gateway/store/sqlite/name_tables.h"
#include "gateway/store/sqlite/resource_rows.h"
#include "gateway/store/sqlite/stored_keys.h"

#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace vardbron::store {

/// Decides whether resources meet a query, as a party sees them. One thread.
class QueryMatch {
 public:
  QueryMatch(NameTables& names, ResourceRows& rows, KeyIndex& index);

  /// Before each search.
  void begin() {
    chain_steps_ = 0;
    index_.begin();
  }
  /// The chains of the search look at more than limits::search_chain_steps_max resources: its answers since then are wrong.
  bool is_too_costly() const { return chain_steps_ > limits::search_chain_steps_max; }

  /// The row of a resource that the party may see, if it is of the query's type, not deleted, and meets it.
  std::optional<ResourceRow> accept(std::int64_t party, const search::Query& query, std::int64_t number);
  bool meets(std::int64_t party, const search::Query& query, const ResourceRow& row);
  bool meets(const search::Criterion& criterion, const ResourceRow& row);
  /// The keys whose parameter is wanted, _id and _lastUpdated too.
  std::vector<search::Key> keys_of(const ResourceRow& row, const std::function<bool(std::string_view)>& is_wanted);

 private:
  search::Key key_of(const StoredKey& stored);
  bool meets_forward(std::int64_t party, const ResourceRow& row, const search::Chain& chain, std::size_t step);
  bool meets_reversed(std::int64_t party, const ResourceRow& row, const search::Chain& chain, std::size_t step);
  bool meets_at(std::int64_t party, const ResourceRow& row, const search::Chain& chain, std::size_t step);
  bool is_in(const search::Compartment& compartment, const ResourceRow& row);

  NameTables& names_;
  ResourceRows& rows_;
  KeyIndex& index_;
  std::size_t chain_steps_ = 0;
};

}  // namespace vardbron::store
