// Debian's SQLite has the pre-update hook; its header declares it with this macro only.
#define SQLITE_ENABLE_PREUPDATE_HOOK 1

#include "gateway/store/sqlite/row_watch.h"

#include "gateway/store/sqlite/database.h"

#include <sqlite3.h>

#include <utility>

namespace vardbron::store {

RowWatch::RowWatch(Database& database, const HmacKey& key)
    : database_(database.connection()), printer_(key), tables_(sealed_tables(database)) {
  set_sums({});
  sqlite3_preupdate_hook(database_, see, this);
}

RowWatch::~RowWatch() { sqlite3_preupdate_hook(database_, nullptr, nullptr); }

void RowWatch::set_sums(std::map<std::string, TableSum> sums) {
  sums_ = std::move(sums);
  sum_of_.clear();
  for (const SealedTable& table : tables_) sum_of_.push_back(&sums_[table.name]);
  changed_ = false;
  blind_ = false;
}

void RowWatch::see(void* self, sqlite3* database, int what, const char* schema, const char* table, long long, long long) {
  if (std::string_view(schema) == "main") static_cast<RowWatch*>(self)->see(database, what, table);
}

void RowWatch::see(sqlite3* database, int what, std::string_view name) {
  for (std::size_t at = 0; at < tables_.size(); ++at) {
    const SealedTable& table = tables_[at];
    if (table.name != name) continue;
    changed_ = true;
    RowPrint row;
    if (what != SQLITE_INSERT) {
      if (!print(table, database, sqlite3_preupdate_old, row)) return;
      sum_of_[at]->take(row);
      if (is_recorded_) rows_.push_back({at, false, row});
    }
    if (what != SQLITE_DELETE) {
      if (!print(table, database, sqlite3_preupdate_new, row)) return;
      sum_of_[at]->add(row);
      if (is_recorded_) rows_.push_back({at, true, row});
    }
  }
}

template <class Value>
bool RowWatch::print(const SealedTable& table, sqlite3* database, Value value, RowPrint& into) {
  printer_.begin(table);
  for (int column = 0; column < static_cast<int>(table.columns); ++column) {
    sqlite3_value* found = nullptr;
    if (value(database, column, &found) != SQLITE_OK || found == nullptr) {
      blind_ = true;
      return false;
    }
    printer_.add(found);
  }
  into = printer_.end();
  return true;
}

}  // namespace vardbron::store
