#pragma once

#include "gateway/store/sqlite/audit_table.h"
#include "gateway/store/sqlite/database.h"
#include "gateway/store/sqlite/journal_table.h"
#include "gateway/store/sqlite/pack.h"
#include "gateway/store/sqlite/subscription_table.h"
#include "gateway/store/sqlite/terms.h"
#include "gateway/store/store.h"

#include <cstdint>
#include <set>
#include <string>
#include <vector>

namespace vardbron::store {

/// All that is read, on one reading connection. Each call sees one moment of the store. One thread.
class ReadTables {
 public:
  explicit ReadTables(Database& database);

  /// Around each call of the others; end() is Broken when something could not be read.
  void begin() { begin_.run(); }
  Result<void> end();

  Result<Case> load_case(const std::string& key);
  std::vector<CaseDue> cases_due(const CaseDue& after, std::size_t count);
  Result<Resource> read(const Reader& reader, const std::string& type, const std::string& id, std::int64_t version);
  Result<Page> search(const Reader& reader, const search::Query& query);

  JournalReader& journal() { return journal_; }
  EventReader& events() { return events_; }
  AuditReader& audit() { return audit_; }

 private:
  struct Hit {
    std::int64_t change = 0;
    std::string id;
  };
  std::int64_t resource_id(const std::string& type, const std::string& id);
  Result<Resource> take_version(const std::string& type, const std::string& id);
  /// Terms of which a hit must mention at least one; nothing when the criterion does not narrow.
  std::vector<std::int64_t> narrowing_terms(const search::Query& query, const search::Criterion& criterion, bool& narrows);
  std::vector<std::int64_t> candidates(const Reader& reader, const search::Query& query);
  std::int64_t count_postings(const std::vector<std::int64_t>& terms);
  std::vector<Hit> hits(const Reader& reader, const search::Query& query);

  Squeezer squeezer_;
  Terms terms_;
  JournalReader journal_;
  EventReader events_;
  AuditReader audit_;
  Statement begin_, end_, rollback_;
  Statement case_, link_, case_resources_, due_, case_key_;
  Statement resource_, version_, version_head_, count_, postings_, of_type_;
  Database& database_;
};

}  // namespace vardbron::store
