#pragma once

// Tested by tests/system/store/sqlite/dense_values_test.cpp and tests/system/store/sqlite/search_walk_test.cpp.

#include "gateway/store/sqlite/database.h"
#include "gateway/store/sqlite/key_tables.h"

#include <cstddef>
#include <cstdint>
#include <string>
#include <unordered_map>

namespace vardbron::store {

/// Values that many resources of an audience have, such as status=completed. A search does not use an index that gives it more
/// than limits::search_looked_up_max resources, so from then on such a value gets no further rows: most rows of a change would be
/// of this kind, and each would change another page. A value that was dense once stays so. One thread, the writer's.
class DenseValues {
 public:
  explicit DenseValues(Database& database);

  /// Whether the row is to be written; counts it.
  bool takes(const KeyRow& row);
  /// A row was removed.
  void removed(const KeyRow& row);
  /// Forgets what was counted in a transaction that was rolled back.
  void forget() { counts_.clear(); }

 private:
  std::size_t& count_of(const KeyRow& row);

  Statement is_dense_, count_tokens_, count_texts_, insert_;
  std::unordered_map<std::string, std::size_t> counts_;  ///< by audience, parameter and value; bounded
};

}  // namespace vardbron::store
