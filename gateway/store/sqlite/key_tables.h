#pragma once

// Tested by tests/system/store/sqlite/search_tables_test.cpp.

#include "gateway/store/sqlite/database.h"
#include "gateway/store/sqlite/stored_keys.h"

#include <cstdint>
#include <span>
#include <string>
#include <vector>

namespace vardbron::store {

/// One row of a table of keys: which resources of an audience have a value.
struct KeyRow {
  enum class Table : std::uint8_t { Token, Reference, Date, String, Number };
  Table table = Table::Token;
  std::int64_t audience = 0;
  std::int64_t first = 0, last = 0;  ///< token or target; a date's first and last millisecond
  std::int64_t parameter = 0;
  std::string text;
  double low = 0, high = 0;
  std::int64_t resource = 0;
  auto operator<=>(const KeyRow&) const = default;
};

/// The rows of a resource's keys, ascending, without duplicates. A deleted resource has no keys.
std::vector<KeyRow> key_rows(std::int64_t resource, std::int64_t audience, std::span<const StoredKey> keys);

/// Writes the tables of keys. Their rows follow from the rows of `resource`, so they are not sealed; a verification compares
/// them. One thread.
class KeyWriter {
 public:
  explicit KeyWriter(Database& database);
  void insert(const KeyRow& row);
  void erase(const KeyRow& row);

 private:
  Statement insert_token_, insert_reference_, insert_date_, insert_string_, insert_number_;
  Statement erase_token_, erase_reference_, erase_date_, erase_string_, erase_number_;
};

/// Looks for rows of the tables of keys.
class KeyReader {
 public:
  explicit KeyReader(Database& database);
  bool has(const KeyRow& row);  ///< and each index of the table has it

 private:
  Statement token_, reference_, date_, last_date_, string_, number_;
};

}  // namespace vardbron::store
