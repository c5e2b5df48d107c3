#include "gateway/store/sqlite/key_tables.h"

#include <algorithm>
#include <utility>

namespace vardbron::store {

namespace {

KeyRow row_of(std::int64_t resource, std::int64_t audience, const StoredKey& key) {
  using Kind = StoredKey::Kind;
  using Table = KeyRow::Table;
  KeyRow row;
  row.audience = audience;
  row.parameter = key.parameter;
  row.resource = resource;
  switch (key.kind) {
    case Kind::Token:
    case Kind::ReferenceByValue: row.first = key.number; break;
    case Kind::Reference:
      row.table = Table::Reference;
      row.first = key.number;
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

}  // namespace

std::vector<KeyRow> key_rows(std::int64_t resource, std::int64_t audience, std::span<const StoredKey> keys) {
  std::vector<KeyRow> rows;
  rows.reserve(keys.size());
  for (const StoredKey& key : keys) rows.push_back(row_of(resource, audience, key));
  std::sort(rows.begin(), rows.end());
  rows.erase(std::unique(rows.begin(), rows.end()), rows.end());
  return rows;
}

KeyWriter::KeyWriter(Database& database)
    : insert_token_(database.prepare("INSERT INTO token_key(audience, parameter, token, resource) VALUES(?,?,?,?)")),
      insert_reference_(database.prepare("INSERT INTO reference_key(audience, parameter, target, resource) VALUES(?,?,?,?)")),
      insert_date_(database.prepare("INSERT INTO date_key(audience, parameter, first, last, resource) VALUES(?,?,?,?,?)")),
      insert_string_(database.prepare("INSERT INTO string_key(audience, parameter, text, resource) VALUES(?,?,?,?)")),
      insert_number_(database.prepare("INSERT INTO number_key(audience, parameter, low, high, resource) VALUES(?,?,?,?,?)")),
      erase_token_(database.prepare("DELETE FROM token_key WHERE audience=? AND parameter=? AND token=? AND resource=?")),
      erase_reference_(
          database.prepare("DELETE FROM reference_key WHERE audience=? AND parameter=? AND target=? AND resource=?")),
      erase_date_(
          database.prepare("DELETE FROM date_key WHERE audience=? AND parameter=? AND first=? AND last=? AND resource=?")),
      erase_string_(database.prepare("DELETE FROM string_key WHERE audience=? AND parameter=? AND text=? AND resource=?")),
      erase_number_(
          database.prepare("DELETE FROM number_key WHERE audience=? AND parameter=? AND low=? AND high=? AND resource=?")) {}

void KeyWriter::insert(const KeyRow& row) {
  using Table = KeyRow::Table;
  switch (row.table) {
    case Table::Token: return insert_token_.run(row.audience, row.parameter, row.first, row.resource);
    case Table::Reference: return insert_reference_.run(row.audience, row.parameter, row.first, row.resource);
    case Table::Date: return insert_date_.run(row.audience, row.parameter, row.first, row.last, row.resource);
    case Table::String: return insert_string_.run(row.audience, row.parameter, std::string_view(row.text), row.resource);
    case Table::Number: return insert_number_.run(row.audience, row.parameter, row.low, row.high, row.resource);
  }
}

void KeyWriter::erase(const KeyRow& row) {
  using Table = KeyRow::Table;
  switch (row.table) {
    case Table::Token: return erase_token_.run(row.audience, row.parameter, row.first, row.resource);
    case Table::Reference: return erase_reference_.run(row.audience, row.parameter, row.first, row.resource);
    case Table::Date: return erase_date_.run(row.audience, row.parameter, row.first, row.last, row.resource);
    case Table::String: return erase_string_.run(row.audience, row.parameter, std::string_view(row.text), row.resource);
    case Table::Number: return erase_number_.run(row.audience, row.parameter, row.low, row.high, row.resource);
  }
}

KeyReader::KeyReader(Database& database)
    : token_(database.prepare("SELECT 1 FROM token_key WHERE audience=? AND parameter=? AND token=? AND resource=?")),
      reference_(database.prepare("SELECT 1 FROM reference_key WHERE audience=? AND parameter=? AND target=? AND resource=?")),
      date_(database.prepare("SELECT 1 FROM date_key WHERE audience=? AND parameter=? AND first=? AND last=? AND resource=?")),
      last_date_(
          database.prepare("SELECT 1 FROM date_key INDEXED BY date_key_last WHERE audience=?1 AND parameter=?2 AND last=?4 "
                           "AND first=?3 AND resource=?5")),
      string_(database.prepare("SELECT 1 FROM string_key WHERE audience=? AND parameter=? AND text=? AND resource=?")),
      number_(database.prepare("SELECT 1 FROM number_key WHERE audience=? AND parameter=? AND low=? AND high=? AND resource=?")) {
}

bool KeyReader::has(const KeyRow& row) {
  using Table = KeyRow::Table;
  const auto found = [](Statement& statement) {
    const bool any = statement.next();
    statement.reset();
    return any;
  };
  switch (row.table) {
    case Table::Token: return found(token_.query(row.audience, row.parameter, row.first, row.resource));
    case Table::Reference: return found(reference_.query(row.audience, row.parameter, row.first, row.resource));
    case Table::Date: return found(date_.query(row.audience, row.parameter, row.first, row.last, row.resource));
    case Table::String: return found(string_.query(row.audience, row.parameter, std::string_view(row.text), row.resource));
    case Table::Number: return found(number_.query(row.audience, row.parameter, row.low, row.high, row.resource));
  }
  return false;
}

}  // namespace vardbron::store
