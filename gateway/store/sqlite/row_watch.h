#pragma once

// Tested by tests/system/store/sqlite/tamper_test.cpp.

#include "gateway/store/sqlite/row_follower.h"
#include "gateway/store/sqlite/row_print.h"

#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

struct sqlite3;

namespace vardbron::store {

/// Sees every row that its connection writes (SQLite's pre-update hook) and updates the sums of the tables. Made before the
/// writing statements are prepared, so that none of them empties a table unseen. One thread, the connection's.
class RowWatch {
 public:
  RowWatch(Database& database, const HmacKey& key);  ///< both outlive it
  ~RowWatch();
  RowWatch(const RowWatch&) = delete;
  RowWatch& operator=(const RowWatch&) = delete;

  const std::map<std::string, TableSum>& sums() const { return sums_; }
  void set_sums(std::map<std::string, TableSum> sums);
  bool has_changed() const { return changed_; }  ///< since set_sums() or keep()
  void keep() { changed_ = false; }
  /// Whether a row could not be seen; the sums are then wrong, and the transaction must not be committed.
  bool is_blind() const { return blind_; }
  const std::vector<SealedTable>& tables() const { return tables_; }
  /// Whether the rows are kept for take_rows() too.
  void record(bool is_recorded) { is_recorded_ = is_recorded; }
  std::vector<RowChange> take_rows() { return std::exchange(rows_, {}); }

 private:
  static void see(void* self, sqlite3* database, int what, const char* schema, const char* table, long long before,
                  long long after);
  void see(sqlite3* database, int what, std::string_view name);
  template <class Value>
  bool print(const SealedTable& table, sqlite3* database, Value value, RowPrint& into);

  sqlite3* database_;
  RowPrinter printer_;
  std::vector<SealedTable> tables_;
  std::map<std::string, TableSum> sums_;
  std::vector<TableSum*> sum_of_;  ///< in the order of tables_
  bool changed_ = false, blind_ = false, is_recorded_ = false;
  std::vector<RowChange> rows_;
};

}  // namespace vardbron::store
