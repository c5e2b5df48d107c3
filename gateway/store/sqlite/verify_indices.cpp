#include "gateway/store/sqlite/verify_walk.h"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace vardbron::store {

namespace {

constexpr std::int64_t rows_per_look = 500;

/// An index of a table whose rows have numbers. The others, and primary keys of tables without row numbers, are tables by
/// themselves to SQLite, and are read when their rows are; those of tables of keys are compared with the resources.
struct Index {
  std::string name, table;
  std::string condition;  ///< which rows it has; "" = all
  std::string same;       ///< SQL: `entry` of the index is the one of row `kept`

  std::string and_condition() const { return condition.empty() ? "" : condition + " AND "; }
  std::string source() const { return '"' + table + "\" AS entry INDEXED BY \"" + name + '"'; }
};

std::vector<Index> indices(VerifyWalk& walk) {
  std::vector<Index> all;
  Statement rows = walk.database.prepare(
      "SELECT name, tbl_name, coalesce(sql, '') FROM sqlite_schema WHERE type='index' "
      "AND tbl_name NOT LIKE '%\\_key' ESCAPE '\\' ORDER BY name");
  Statement columns = walk.database.prepare("SELECT name FROM pragma_index_info(?) ORDER BY seqno");
  rows.query();
  while (rows.next()) {
    Index index{rows.string(0), rows.string(1), "", "entry.rowid=kept.rowid"};
    const std::string sql = rows.string(2);
    constexpr std::string_view where = " WHERE ";
    if (const std::size_t at = sql.find(where); at != std::string::npos) index.condition = sql.substr(at + where.size());
    columns.query(std::string_view(index.name));
    while (columns.next()) index.same += " AND entry.\"" + columns.string(0) + "\"=kept.\"" + columns.string(0) + '"';
    all.push_back(std::move(index));
  }
  return all;
}

/// One finding for each index whose pages cannot be read: later rows would only repeat it.
bool failed(VerifyWalk& walk, const Index& index) {
  std::optional<Failure> failure = walk.database.take_failure();
  if (!failure) return false;
  walk.report.add(index.table, 0, "Index " + index.name + ": " + failure->says);
  return true;
}

// A row that is missing in an index is not found by it: a waiting notice would never be processed.
bool verify_rows(VerifyWalk& walk, const Index& index) {
  Statement rows = walk.database.prepare(
      "SELECT kept.rowid, " + (index.condition.empty() ? "" : "NOT (" + index.condition + ") OR ") + "EXISTS(SELECT 1 FROM " +
      index.source() + " WHERE " + index.and_condition() + index.same + ") FROM \"" + index.table +
      "\" AS kept NOT INDEXED WHERE kept.rowid>?1 ORDER BY kept.rowid LIMIT ?2");
  std::int64_t last = 0, count = 0;
  for (bool any = true; any;) {
    if (!walk.renew()) return false;
    any = false;
    rows.query(last, rows_per_look);
    while (rows.next()) {
      if (!walk.is_behind(index.table, rows.integer(0), last)) {
        rows.reset();
        return false;
      }
      any = true;
      last = rows.integer(0);
      ++count;
      if (rows.integer(1) != 0) continue;
      walk.report.add(index.table, last, "Index " + index.name + " does not have the row: who looks there does not find it.");
    }
    if (failed(walk, index)) return false;
    walk.progress(index.name, count);
  }
  return true;
}

// Of one moment: an index of rows that wait for something has few entries, and one of subscriptions too.
void verify_entries(VerifyWalk& walk, const Index& index) {
  if (!walk.renew()) return;
  Statement entries = walk.database.prepare("SELECT entry.rowid FROM " + index.source() + " WHERE " + index.and_condition() +
                                            "NOT EXISTS(SELECT 1 FROM \"" + index.table + "\" AS kept NOT INDEXED WHERE " +
                                            index.and_condition() + index.same + ")");
  entries.query();
  while (entries.next()) {
    walk.report.add(index.table, entries.integer(0), "Index " + index.name + " has an entry that the row does not have.");
  }
  failed(walk, index);
}

}  // namespace

void verify_indices(VerifyWalk& walk) {
  if (!walk.renew()) return;
  const std::vector<Index> all = indices(walk);
  if (walk.failed("sqlite_schema", 0)) return;
  for (const Index& index : all) {
    if (verify_rows(walk, index)) verify_entries(walk, index);
  }
}

}  // namespace vardbron::store
