#include "gateway/store/sqlite/dense_values.h"

#include "gateway/base/limits.h"

#include <functional>
#include <limits>

namespace vardbron::store {

namespace {

constexpr std::size_t counted_values_max = 50'000;
constexpr std::size_t dense = std::numeric_limits<std::size_t>::max();
constexpr auto rows_max = static_cast<std::int64_t>(limits::search_looked_up_max) + 1;

bool may_be_dense(const KeyRow& row) { return row.table == KeyRow::Table::Token || row.table == KeyRow::Table::String; }

}  // namespace

DenseValues::DenseValues(Database& database)
    : is_dense_(database.prepare("SELECT 1 FROM dense_value WHERE audience=? AND parameter=? AND token=? AND text=?")),
      count_tokens_(database.prepare(
          "SELECT count(*) FROM (SELECT 1 FROM token_key WHERE audience=? AND parameter=? AND token=? LIMIT ?)")),
      count_texts_(database.prepare(
          "SELECT count(*) FROM (SELECT 1 FROM string_key WHERE audience=? AND parameter=? AND text=? LIMIT ?)")),
      insert_(database.prepare("INSERT OR IGNORE INTO dense_value(audience, parameter, token, text) VALUES(?,?,?,?)")) {}

std::size_t& DenseValues::count_of(const KeyRow& row) {
  if (counts_.size() >= counted_values_max) counts_.clear();
  auto [found, is_new] = counts_.try_emplace({row.audience, row.parameter, row.value, row.text});
  if (!is_new) return found->second;
  is_dense_.query(row.audience, row.parameter, row.value, std::string_view(row.text));
  if (is_dense_.next()) found->second = dense;
  is_dense_.reset();
  if (found->second == dense) return found->second;
  Statement& count = row.table == KeyRow::Table::Token ? count_tokens_ : count_texts_;
  if (row.table == KeyRow::Table::Token) {
    count.query(row.audience, row.parameter, row.value, rows_max);
  } else {
    count.query(row.audience, row.parameter, std::string_view(row.text), rows_max);
  }
  if (count.next()) found->second = static_cast<std::size_t>(count.integer(0));
  count.reset();
  return found->second;
}

bool DenseValues::is_dense(const KeyRow& row) { return may_be_dense(row) && count_of(row) == dense; }

void DenseValues::added(const KeyRow& row) {
  if (!may_be_dense(row)) return;
  std::size_t& count = count_of(row);
  if (count == dense || ++count <= limits::search_looked_up_max) return;
  insert_.run(row.audience, row.parameter, row.value, std::string_view(row.text));
  count = dense;
}

void DenseValues::removed(const KeyRow& row) {
  if (!may_be_dense(row)) return;
  const auto found = counts_.find({row.audience, row.parameter, row.value, row.text});
  if (found != counts_.end() && found->second != dense && found->second > 0) --found->second;
}

std::size_t DenseValues::Hash::operator()(const Value& value) const {
  constexpr std::size_t odd = 0x9E3779B97F4A7C15;
  std::size_t hash = std::hash<std::string>()(value.text);
  for (const std::int64_t number : {value.audience, value.parameter, value.token})
    hash = (hash ^ static_cast<std::size_t>(number)) * odd;
  return hash ^ (hash >> 32);
}

}  // namespace vardbron::store
