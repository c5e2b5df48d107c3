#pragma once

// Tested by tests/system/store/sqlite/pending_keys_test.cpp and tests/system/store/sqlite/search_walk_test.cpp.

#include "gateway/base/clock.h"
#include "gateway/store/sqlite/database.h"
#include "gateway/store/sqlite/dense_values.h"
#include "gateway/store/sqlite/key_tables.h"
#include "gateway/store/sqlite/name_tables.h"

#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <tuple>
#include <unordered_map>
#include <utility>
#include <vector>

namespace vardbron::store {

/// A resource that a change wrote, with the keys that it had before. Its keys now are in its own row.
struct UnwrittenKeys {
  std::int64_t resource = 0, type = 0, patient_case = 0;
  struct Version {
    std::int64_t audience = 0;
    std::string keys;  ///< packed
  };
  std::optional<Version> before;  ///< none: it was not there, or deleted
};

/// As bytes of a row of unwritten_key, and back. Other bytes than those give what could be read.
void put_unwritten_keys(std::string& into, const UnwrittenKeys& keys);
std::vector<UnwrittenKeys> unpack_unwritten_keys(std::string_view bytes);

/// Rows of the tables of keys that committed changes ask for and that are not written yet. A change would dirty a page for nearly
/// each of its rows; those of many changes are written together, in the order of the tables. Until then a change is one row of
/// unwritten_key, from which the others are made after a crash. Who searches has them written before. One thread, the writer's.
class PendingKeys {
 public:
  PendingKeys(Database& database, NameTables& names);
  /// Reads what is on the disk: after opening, and after a transaction that was rolled back.
  void load();

  void begin(std::int64_t change, WallTime at);  ///< a change; then its resources in any order
  /// The case of a resource of the change.
  void place(std::int64_t resource, std::int64_t patient_case) { case_of_[resource] = patient_case; }
  /// `keys`: those that the resource has now, shown to the audience; null: it is deleted.
  void add(const UnwrittenKeys& change, std::int64_t audience, const std::vector<StoredKey>* keys);
  void end();

  std::size_t changes() const { return changes_; }
  void write();  ///< all of them, in the open transaction

 private:
  struct Asked {
    std::int64_t type = 0;
    KeyRow row;
    bool is_added = false;  ///< else removed
  };
  struct Sorted {
    Sorted(const KeyRow& row, const Asked* of);
    bool operator<(const Sorted& other) const;

    KeyRow::Table table;
    std::int64_t audience, parameter, first;  ///< the beginning of the row; a row has a value or times
    const Asked* asked;
  };
  struct ShownChange {
    std::int64_t party = 0, at = 0, change = 0;
    auto operator<=>(const ShownChange&) const = default;
  };
  std::int64_t of_type(std::int64_t type);
  std::vector<KeyRow> rows_of(const UnwrittenKeys& of, std::int64_t audience, std::string_view packed);
  void ask(std::int64_t type, std::vector<KeyRow> rows, bool is_added);
  void load_parties(std::int64_t change, std::int64_t at, std::string_view packed);
  void add_stored(std::int64_t resource);
  bool is_held(const Asked& asked);
  bool is_of_same_case(const KeyRow& reference);
  void insert(const KeyRow& row);

  NameTables& names_;
  KeyWriter keys_;
  DenseValues dense_;
  Statement insert_unwritten_, select_unwritten_, delete_unwritten_, insert_change_key_;
  Statement select_resource_, select_owned_, select_owner_;
  std::vector<Asked> asked_;  ///< in the order of the changes
  std::vector<ShownChange> shown_;
  std::map<std::tuple<Owner, std::int64_t, std::int64_t>, std::vector<KeyRow>> held_;  ///< by owner, type and audience
  std::unordered_map<std::int64_t, std::int64_t> case_of_;                             ///< of resources that are referred to
  std::size_t changes_ = 0;
  std::int64_t change_ = 0, at_ = 0;  ///< the one that was begun
  std::string packed_;                ///< of it
  std::vector<std::int64_t> parties_;
};

}  // namespace vardbron::store
