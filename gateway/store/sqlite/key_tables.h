#pragma once

// Tested by tests/system/store/sqlite/search_tables_test.cpp.

#include "gateway/store/sqlite/database.h"
#include "gateway/store/sqlite/stored_keys.h"

#include <cstdint>
#include <span>
#include <string>
#include <vector>

namespace vardbron::store {

/// What the tables of keys refer to: a case, by its number; or a resource without a case, by its own number made negative. A
/// case's resources refer to one another and share most values, so that one row serves them all.
using Owner = std::int64_t;
inline Owner owner_of(std::int64_t patient_case, std::int64_t resource) { return patient_case > 0 ? patient_case : -resource; }

/// One row of a table of keys: a resource of the owner, of the parameter's type and shown to the audience, has the value. Rows
/// are ordered as their tables are.
struct KeyRow {
  enum class Table : std::uint8_t { Token, Reference, Date, Period, String, Number };
  Table table = Table::Token;
  std::int64_t audience = 0, parameter = 0;
  std::int64_t value = 0;            ///< token or target
  std::int64_t first = 0, last = 0;  ///< of a date in milliseconds; of a period last and first
  std::string text;
  double low = 0, high = 0;
  Owner owner = 0;
  auto operator<=>(const KeyRow&) const = default;
};

/// Of what length a date is found by its beginning alone: that of a day. Longer ones are in period_key too, by their end.
inline constexpr std::int64_t short_date_ms = 86'400'000;

/// The rows of a resource's keys, ascending, without duplicates. `of_type` is the parameter that every resource of the type has;
/// a deleted resource has no rows.
std::vector<KeyRow> key_rows(Owner owner, std::int64_t audience, std::int64_t of_type, std::span<const StoredKey> keys);

/// Writes the tables of keys. Their rows follow from the rows of `resource`, so they are not sealed; a verification compares
/// them. One thread.
class KeyWriter {
 public:
  explicit KeyWriter(Database& database);
  bool insert(const KeyRow& row);  ///< false: it is there already
  bool erase(const KeyRow& row);   ///< false: it was not there

 private:
  Database& database_;
  Statement insert_token_, insert_reference_, insert_date_, insert_period_, insert_string_, insert_number_;
  Statement erase_token_, erase_reference_, erase_date_, erase_period_, erase_string_, erase_number_;
};

/// Looks for rows of the tables of keys.
class KeyReader {
 public:
  explicit KeyReader(Database& database);
  bool has(const KeyRow& row);

 private:
  Statement token_, reference_, date_, period_, string_, number_;
};

}  // namespace vardbron::store
