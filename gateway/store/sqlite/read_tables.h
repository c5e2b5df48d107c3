#pragma once

// Tested by tests/system/store/sqlite/sqlite_store_test.cpp and tests/system/store/sqlite/log_test.cpp.

#include "gateway/store/sqlite/audit_table.h"
#include "gateway/store/sqlite/change_walk.h"
#include "gateway/store/sqlite/database.h"
#include "gateway/store/sqlite/event_reader.h"
#include "gateway/store/sqlite/history_reader.h"
#include "gateway/store/sqlite/journal_table.h"
#include "gateway/store/sqlite/name_tables.h"
#include "gateway/store/sqlite/pack.h"
#include "gateway/store/sqlite/resource_rows.h"
#include "gateway/store/sqlite/search_reader.h"
#include "gateway/store/sqlite/snapshot.h"
#include "gateway/store/sqlite/version_reader.h"
#include "gateway/store/store.h"

#include <cstdint>
#include <optional>
#include <stop_token>
#include <string>
#include <string_view>
#include <vector>

namespace vardbron::store {

/// All reads, on one reading connection. One thread. A long call sees each resource, entry, event and row at one moment, but not
/// all at the same (Snapshot); a case's version and resources are of one moment and its links match them.
class ReadTables {
 public:
  explicit ReadTables(Database& database);

  /// Around each call of the others; end() is Broken or Busy if something could not be read.
  void begin() { snapshot_.begin(); }
  Result<void> end() { return snapshot_.end(); }
  Snapshot& snapshot() { return snapshot_; }

  Result<Case> load_case(const std::string& key, std::size_t links_max, const std::optional<KnownCase>& known);
  Result<Case> load_newest(const std::string& key, std::size_t links);
  std::vector<CaseDue> cases_due(const CaseDue& after, std::size_t count);
  std::vector<CaseDue> cases_seen(const CaseDue& after, std::size_t count);
  /// `bodies` counts for the newest version (0).
  Result<Resource> read(const Reader& reader, const std::string& type, const std::string& id, std::int64_t version,
                        Bodies bodies = Bodies::With);
  Result<Page> search(const Reader& reader, const search::Query& query, const std::stop_token& ended = {}) {
    return search_.search(reader, query, ended);
  }
  Result<Page> history(const Reader& reader, const HistoryQuery& query, const std::stop_token& ended = {}) {
    return history_.history(reader, query, ended);
  }

  JournalReader& journal() { return journal_; }
  EventReader& events() { return events_; }
  AuditReader& audit() { return audit_; }

 private:
  Result<Resource> read_head(const Reader& reader, const std::string& type, const std::string& id);
  /// Rows (moment, key) of cases after `after`.
  std::vector<CaseDue> cases_in_order(Statement& rows, const CaseDue& after, std::size_t count);
  /// A row of patient_case, and the newest link; 0: there is none.
  struct Place {
    std::int64_t id = 0, link = 0;
  };
  /// Without links and resources.
  Case load_head(const std::string& key, Place& place);
  Result<Case> load_rest(Case loaded, const Place& place, std::size_t links_max);
  void load_resources(std::int64_t id, std::vector<CaseResource>& into);
  Result<void> load_links(std::int64_t newest, std::size_t count, std::vector<ChainLink>& into);
  /// Counts what was read, and takes a new snapshot when due. No statement may be half read.
  void rest(std::size_t bytes = 0);

  Snapshot snapshot_;
  Compressor compressor_;
  NameTables names_;
  ResourceRows rows_;
  VersionReader versions_;
  ChangeWalk changes_;
  SearchReader search_;
  HistoryReader history_;
  JournalReader journal_;
  EventReader events_;
  AuditReader audit_;
  Statement case_, link_, case_resources_, due_, seen_;
};

}  // namespace vardbron::store
