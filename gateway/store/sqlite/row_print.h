#pragma once

// Tested by tests/system/store/sqlite/tamper_test.cpp.

#include "gateway/base/hmac.h"
#include "gateway/store/sqlite/wide.h"

#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

struct sqlite3_value;

namespace vardbron::store {

class Database;
class Statement;

/// A value of a column, as it is hashed.
struct ColumnValue {
  char kind = 0;  ///< as RowPrinter writes it; 0 = none
  std::int64_t number = 0;
  std::string bytes;
};

/// A table whose rows' prints are summed.
struct SealedTable {
  std::string name;
  std::vector<std::size_t> key;  ///< columns of its primary key
  std::size_t columns = 0;
  std::size_t chain = SIZE_MAX;  ///< column of the table's hash chain, which is verified separately and not summed: a chain that
                                 ///< was computed again would hide which row was changed
  std::vector<ColumnValue> defaults;  ///< of columns that are never NULL: the value in a row that is older than its column
  bool is_numbered = false;           ///< the key is one whole number
  std::string first,
      next;  ///< SELECT of its first ?3 rows, and of those after a key (?1, ?2); of all when the key has other kinds
};

/// All tables of the file but that of the seal, and those that follow from others (their names end in _key), by name.
std::vector<SealedTable> sealed_tables(Database& database);

/// The first two numbers of a row's key, by which rows are read in order; zero if the key has none.
using RowKey = std::array<std::int64_t, 2>;

/// One row as it is summed: its print, which can only be made with the key, and its place, by which it is found again.
struct RowPrint {
  Wide print;
  std::uint64_t place = 0;  ///< the number of a row that has one; for other keys a hash
  RowKey key{};
};

/// Makes prints. Its memory is reused; one thread.
class RowPrinter {
 public:
  explicit RowPrinter(const HmacKey& key) : key_(key) {}  ///< the key outlives it

  void begin(const SealedTable& table);
  void add(sqlite3_value* value);  ///< the columns in their order
  RowPrint end();

  /// A row of SELECT * FROM the table.
  RowPrint of(const SealedTable& table, const Statement& row);

 private:
  void add(const ColumnValue& value);
  void add(char kind, std::int64_t number);
  void add(char kind, std::string_view bytes);
  void skip() { ++column_; }
  bool is_key() const;

  const HmacKey& key_;
  const SealedTable* table_ = nullptr;
  std::size_t column_ = 0;
  std::string bytes_;
  std::uint64_t place_ = 0;
  RowKey key_numbers_{};
  std::size_t keys_ = 0;
};

/// The sums of a table's rows, modulo 2^256. Any other set of rows has other sums, unless it was made with the key; the sum of
/// prints times places shows where one row differs.
struct TableSum {
  std::int64_t rows = 0;
  Wide prints, places;

  void add(const RowPrint& row);
  void take(const RowPrint& row);
  bool operator==(const TableSum&) const = default;
};

/// Reads the whole table.
TableSum sum_of(Database& database, const SealedTable& table, const HmacKey& key);

}  // namespace vardbron::store
