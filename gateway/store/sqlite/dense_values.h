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
/// than limits::search_looked_up_max owners, so from then on such a value gets no further rows: most rows of a change would be
/// of this kind, and each would change another page. A value that was dense once stays so. One thread, the writer's.
class DenseValues {
 public:
  explicit DenseValues(Database& database);

  /// Whether the value of the row has no complete list.
  bool is_dense(const KeyRow& row);
  /// No row has the value yet, so that nothing is to be looked up.
  void is_new(const KeyRow& row) { counts_.try_emplace({row.audience, row.parameter, row.value, row.text}); }
  /// A row was added, or removed.
  void added(const KeyRow& row);
  void removed(const KeyRow& row);
  /// Forgets what was counted in a transaction that was rolled back.
  void forget() { counts_.clear(); }

 private:
  std::size_t& count_of(const KeyRow& row);

  Statement is_dense_, count_tokens_, count_texts_, insert_;
  struct Value {
    std::int64_t audience = 0, parameter = 0, token = 0;
    std::string text;
    bool operator==(const Value&) const = default;
  };
  struct Hash {
    std::size_t operator()(const Value& value) const;
  };
  std::unordered_map<Value, std::size_t, Hash> counts_;  ///< bounded
};

}  // namespace vardbron::store
