#include "gateway/store/sqlite/row_print.h"

#include "gateway/store/sqlite/database.h"

#include <sqlite3.h>

#include <algorithm>
#include <bit>
#include <cstring>

namespace vardbron::store {

namespace {

constexpr char integer_kind = 'i', real_kind = 'r', text_kind = 't', blob_kind = 'b', null_kind = 'n';
constexpr std::uint64_t odd = 0x9E3779B97F4A7C15ull;

std::uint64_t hash(std::string_view text) {  // FNV-1a
  std::uint64_t hash = 0xCBF29CE484222325ull;
  for (const char byte : text) hash = (hash ^ static_cast<unsigned char>(byte)) * 0x100000001B3ull;
  return hash;
}

void append(std::string& bytes, std::int64_t number) {
  char eight[sizeof number];
  std::memcpy(eight, &number, sizeof number);
  bytes.append(eight, sizeof eight);
}

// Given by SQLite as the text of an expression.
ColumnValue default_of(Database& database, const std::string& expression) {
  Statement select = database.prepare("SELECT " + expression);
  select.query();
  if (!select.next()) return {};
  const int type = select.type(0);
  if (type == SQLITE_INTEGER) return {integer_kind, select.integer(0), {}};
  if (type == SQLITE_TEXT) return {text_kind, 0, select.string(0)};
  if (type == SQLITE_BLOB) return {blob_kind, 0, select.string(0)};
  return {};
}

void add_selects(SealedTable& table, const std::vector<std::string>& numbers) {
  const std::string all = "SELECT * FROM \"" + table.name + "\"";
  table.first = all + " LIMIT -1 + 0*(?1+?2+?3)";
  if (numbers.size() != table.key.size() || numbers.empty() || numbers.size() > 2) return;
  const std::string key = numbers.size() == 1 ? numbers[0] : numbers[0] + ", " + numbers[1];
  const std::string behind = numbers.size() == 1 ? numbers[0] + ">?1" : '(' + key + ")>(?1, ?2)";
  table.first = all + " WHERE ?1=?1 AND ?2=?2 ORDER BY " + key + " LIMIT ?3";
  table.next = all + " WHERE " + behind + " AND ?2=?2 ORDER BY " + key + " LIMIT ?3";
}

}  // namespace

std::vector<SealedTable> sealed_tables(Database& database) {
  std::vector<SealedTable> tables;
  Statement names = database.prepare(
      "SELECT name FROM sqlite_schema WHERE type='table' AND name NOT LIKE 'sqlite_%' "
      "AND name<>'seal' AND name NOT LIKE '%\\_key' ESCAPE '\\' ORDER BY name");
  Statement columns = database.prepare(
      "SELECT cid, pk, type='INTEGER', name, iif(\"notnull\", coalesce(dflt_value, ''), '') "
      "FROM pragma_table_info(?) ORDER BY cid");
  names.query();
  while (names.next()) {
    SealedTable& table = tables.emplace_back();
    table.name = names.string(0);
    columns.query(std::string_view(table.name));
    std::vector<std::string> numbers;
    while (columns.next()) {
      if (columns.text(3) == "chain") table.chain = table.columns;
      ++table.columns;
      const std::string otherwise = columns.string(4);
      table.defaults.push_back(otherwise.empty() ? ColumnValue{} : default_of(database, otherwise));
      if (columns.integer(1) == 0) continue;
      table.key.push_back(static_cast<std::size_t>(columns.integer(0)));
      if (columns.integer(2) != 0) numbers.push_back('"' + columns.string(3) + '"');
    }
    table.is_numbered = table.key.size() == 1 && numbers.size() == 1;
    add_selects(table, numbers);
  }
  return tables;
}

void RowPrinter::begin(const SealedTable& table) {
  table_ = &table;
  bytes_.assign(table.name);
  bytes_ += '\0';
  column_ = 0;
  place_ = 0;
  key_numbers_ = {};
  keys_ = 0;
}

bool RowPrinter::is_key() const { return std::find(table_->key.begin(), table_->key.end(), column_) != table_->key.end(); }

// Each value with its kind and its length, so that no two rows give the same bytes.
void RowPrinter::add(char kind, std::int64_t number) {
  if (column_ == table_->chain) return skip();
  bytes_ += kind;
  append(bytes_, number);
  if (is_key()) {
    place_ = place_ * odd + static_cast<std::uint64_t>(number);
    if (keys_ < key_numbers_.size()) key_numbers_[keys_++] = number;
  }
  ++column_;
}

void RowPrinter::add(char kind, std::string_view bytes) {
  if (column_ == table_->chain) return skip();
  bytes_ += kind;
  append(bytes_, static_cast<std::int64_t>(bytes.size()));
  bytes_ += bytes;
  if (is_key()) place_ = place_ * odd + hash(bytes);
  ++column_;
}

void RowPrinter::add(const ColumnValue& value) {
  if (value.kind == 0) return add(null_kind, std::int64_t{0});
  value.kind == integer_kind ? add(value.kind, value.number) : add(value.kind, std::string_view(value.bytes));
}

void RowPrinter::add(sqlite3_value* value) {
  const int type = sqlite3_value_type(value);
  if (type == SQLITE_INTEGER) return add(integer_kind, sqlite3_value_int64(value));
  // The hook gives NULL for a column that was added to its table later than the row (SQLite 3.40, sqlite3_preupdate_old).
  if (type == SQLITE_NULL) return add(table_->defaults[column_]);
  if (type == SQLITE_FLOAT) return add(real_kind, std::bit_cast<std::int64_t>(sqlite3_value_double(value)));
  const void* bytes = sqlite3_value_blob(value);
  const auto size = static_cast<std::size_t>(sqlite3_value_bytes(value));
  add(type == SQLITE_TEXT ? text_kind : blob_kind,
      bytes == nullptr ? std::string_view() : std::string_view(static_cast<const char*>(bytes), size));
}

RowPrint RowPrinter::end() { return {Wide::from(key_.sign(bytes_)), place_, key_numbers_}; }

RowPrint RowPrinter::of(const SealedTable& table, const Statement& row) {
  begin(table);
  for (int column = 0; column < row.columns(); ++column) {
    const int type = row.type(column);
    if (type == SQLITE_INTEGER)
      add(integer_kind, row.integer(column));
    else if (type == SQLITE_NULL)
      add(null_kind, std::int64_t{0});
    else if (type == SQLITE_FLOAT)
      add(real_kind, std::bit_cast<std::int64_t>(row.real(column)));
    else
      add(type == SQLITE_TEXT ? text_kind : blob_kind, row.text(column));
  }
  return end();
}

void TableSum::add(const RowPrint& row) {
  ++rows;
  prints += row.print;
  places += row.print.times(row.place);
}

void TableSum::take(const RowPrint& row) {
  --rows;
  prints -= row.print;
  places -= row.print.times(row.place);
}

TableSum sum_of(Database& database, const SealedTable& table, const HmacKey& key) {
  TableSum sum;
  RowPrinter printer(key);
  Statement rows = database.prepare("SELECT * FROM \"" + table.name + "\"");
  rows.query();
  while (rows.next()) sum.add(printer.of(table, rows));
  return sum;
}

}  // namespace vardbron::store
