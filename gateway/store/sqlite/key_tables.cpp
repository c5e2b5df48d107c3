#include "gateway/store/sqlite/key_tables.h"

#include <sqlite3.h>

#include <algorithm>
#include <limits>
#include <utility>

namespace vardbron::store {

namespace {

using Table = KeyRow::Table;

KeyRow row_of(Owner owner, std::int64_t audience, const StoredKey& key) {
  using Kind = StoredKey::Kind;
  KeyRow row;
  row.audience = audience;
  row.parameter = key.parameter;
  row.owner = owner;
  switch (key.kind) {
    case Kind::Token:
    case Kind::ReferenceByValue: row.value = key.number; break;
    case Kind::Reference:
      row.table = Table::Reference;
      row.value = key.number;
      break;
    case Kind::Date:
      row.table = Table::Date;
      row.first = key.from_ms;
      row.last = key.to_ms;
      break;
    case Kind::String:
    case Kind::SharedString:
    case Kind::Uri:
      row.table = Table::String;
      row.text = key.text;
      break;
    case Kind::Number:
    case Kind::Quantity:
      row.table = Table::Number;
      row.low = key.low;
      row.high = key.high;
      break;
  }
  return row;
}

// In unsigned numbers, which do not overflow: an open period begins or ends at the ends of time.
bool is_long(const KeyRow& date) {
  return static_cast<std::uint64_t>(date.last) - static_cast<std::uint64_t>(date.first) > short_date_ms;
}

}  // namespace

std::vector<KeyRow> key_rows(Owner owner, std::int64_t audience, std::int64_t of_type, std::span<const StoredKey> keys) {
  std::vector<KeyRow> rows;
  rows.reserve(keys.size() + 1);
  KeyRow of_its_type;
  of_its_type.audience = audience;
  of_its_type.parameter = of_type;
  of_its_type.owner = owner;
  rows.push_back(std::move(of_its_type));
  for (const StoredKey& key : keys) {
    rows.push_back(row_of(owner, audience, key));
    if (rows.back().table != Table::Date || !is_long(rows.back())) continue;
    KeyRow period = rows.back();
    period.table = Table::Period;
    std::swap(period.first, period.last);
    rows.push_back(std::move(period));
  }
  std::sort(rows.begin(), rows.end());
  rows.erase(std::unique(rows.begin(), rows.end()), rows.end());
  return rows;
}

KeyWriter::KeyWriter(Database& database)
    : database_(database),
      insert_token_(database.prepare("INSERT OR IGNORE INTO token_key(audience, parameter, token, owner) VALUES(?,?,?,?)")),
      insert_reference_(
          database.prepare("INSERT OR IGNORE INTO reference_key(audience, parameter, target, owner) VALUES(?,?,?,?)")),
      insert_date_(database.prepare("INSERT OR IGNORE INTO date_key(audience, parameter, first, last, owner) VALUES(?,?,?,?,?)")),
      insert_period_(
          database.prepare("INSERT OR IGNORE INTO period_key(audience, parameter, last, first, owner) VALUES(?,?,?,?,?)")),
      insert_string_(database.prepare("INSERT OR IGNORE INTO string_key(audience, parameter, text, owner) VALUES(?,?,?,?)")),
      insert_number_(
          database.prepare("INSERT OR IGNORE INTO number_key(audience, parameter, low, high, owner) VALUES(?,?,?,?,?)")),
      erase_token_(database.prepare("DELETE FROM token_key WHERE audience=? AND parameter=? AND token=? AND owner=?")),
      erase_reference_(database.prepare("DELETE FROM reference_key WHERE audience=? AND parameter=? AND target=? AND owner=?")),
      erase_date_(database.prepare("DELETE FROM date_key WHERE audience=? AND parameter=? AND first=? AND last=? AND owner=?")),
      erase_period_(
          database.prepare("DELETE FROM period_key WHERE audience=? AND parameter=? AND last=? AND first=? AND owner=?")),
      erase_string_(database.prepare("DELETE FROM string_key WHERE audience=? AND parameter=? AND text=? AND owner=?")),
      erase_number_(
          database.prepare("DELETE FROM number_key WHERE audience=? AND parameter=? AND low=? AND high=? AND owner=?")) {}

bool KeyWriter::insert(const KeyRow& row) {
  switch (row.table) {
    case Table::Token: insert_token_.run(row.audience, row.parameter, row.value, row.owner); break;
    case Table::Reference: insert_reference_.run(row.audience, row.parameter, row.value, row.owner); break;
    case Table::Date: insert_date_.run(row.audience, row.parameter, row.first, row.last, row.owner); break;
    case Table::Period: insert_period_.run(row.audience, row.parameter, row.first, row.last, row.owner); break;
    case Table::String: insert_string_.run(row.audience, row.parameter, std::string_view(row.text), row.owner); break;
    case Table::Number: insert_number_.run(row.audience, row.parameter, row.low, row.high, row.owner); break;
  }
  return sqlite3_changes(database_.connection()) > 0;
}

bool KeyWriter::erase(const KeyRow& row) {
  switch (row.table) {
    case Table::Token: erase_token_.run(row.audience, row.parameter, row.value, row.owner); break;
    case Table::Reference: erase_reference_.run(row.audience, row.parameter, row.value, row.owner); break;
    case Table::Date: erase_date_.run(row.audience, row.parameter, row.first, row.last, row.owner); break;
    case Table::Period: erase_period_.run(row.audience, row.parameter, row.first, row.last, row.owner); break;
    case Table::String: erase_string_.run(row.audience, row.parameter, std::string_view(row.text), row.owner); break;
    case Table::Number: erase_number_.run(row.audience, row.parameter, row.low, row.high, row.owner); break;
  }
  return sqlite3_changes(database_.connection()) > 0;
}

KeyReader::KeyReader(Database& database)
    : token_(database.prepare("SELECT 1 FROM token_key WHERE audience=? AND parameter=? AND token=? AND owner=?")),
      reference_(database.prepare("SELECT 1 FROM reference_key WHERE audience=? AND parameter=? AND target=? AND owner=?")),
      date_(database.prepare("SELECT 1 FROM date_key WHERE audience=? AND parameter=? AND first=? AND last=? AND owner=?")),
      period_(database.prepare("SELECT 1 FROM period_key WHERE audience=? AND parameter=? AND last=? AND first=? AND owner=?")),
      string_(database.prepare("SELECT 1 FROM string_key WHERE audience=? AND parameter=? AND text=? AND owner=?")),
      number_(database.prepare("SELECT 1 FROM number_key WHERE audience=? AND parameter=? AND low=? AND high=? AND owner=?")) {}

bool KeyReader::has(const KeyRow& row) {
  const auto found = [](Statement& statement) {
    const bool any = statement.next();
    statement.reset();
    return any;
  };
  switch (row.table) {
    case Table::Token: return found(token_.query(row.audience, row.parameter, row.value, row.owner));
    case Table::Reference: return found(reference_.query(row.audience, row.parameter, row.value, row.owner));
    case Table::Date: return found(date_.query(row.audience, row.parameter, row.first, row.last, row.owner));
    case Table::Period: return found(period_.query(row.audience, row.parameter, row.first, row.last, row.owner));
    case Table::String: return found(string_.query(row.audience, row.parameter, std::string_view(row.text), row.owner));
    case Table::Number: return found(number_.query(row.audience, row.parameter, row.low, row.high, row.owner));
  }
  return false;
}

}  // namespace vardbron::store
