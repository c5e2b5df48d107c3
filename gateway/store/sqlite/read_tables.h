#pragma once

// Tested by tests/system/store/sqlite/sqlite_store_test.cpp and tests/system/store/sqlite/log_test.cpp.

#include "gateway/store/sqlite/audit_table.h"
#include "gateway/store/sqlite/database.h"
#include "gateway/store/sqlite/event_reader.h"
#include "gateway/store/sqlite/hash_index.h"
#include "gateway/store/sqlite/journal_table.h"
#include "gateway/store/sqlite/pack.h"
#include "gateway/store/sqlite/snapshot.h"
#include "gateway/store/store.h"

#include <cstdint>
#include <optional>
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
  std::vector<CaseDue> cases_due(const CaseDue& after, std::size_t count);
  std::vector<CaseDue> cases_seen(const CaseDue& after, std::size_t count);
  Result<Resource> read(const Reader& reader, const std::string& type, const std::string& id, std::int64_t version,
                        Bodies bodies = Bodies::With);
  Result<Page> search(const Reader& reader, const search::Query& query);

  JournalReader& journal() { return journal_; }
  EventReader& events() { return events_; }
  AuditReader& audit() { return audit_; }

 private:
  struct Found {
    std::int64_t number = 0, version = 0, place = 0;
    WallTime at{};
    bool deleted = false;
    std::string parties, digest;
  };
  /// A hit of a search: small, because there may be as many as there are resources.
  struct Hit {
    std::int64_t number = 0, place = 0;
  };
  /// A row that a search has accepted.
  struct Accepted {
    std::int64_t place = 0;
    std::string id, digest;
  };
  /// One version as in its change's row.
  struct Version {
    VersionHead head;
    WallTime at{};
    std::string_view body;  ///< valid until the next change is read
  };
  std::vector<std::int64_t> groups_of(const std::vector<std::int64_t>& terms);
  std::optional<Found> find(const std::string& type, const std::string& id);
  Result<Version> version_at(std::int64_t place);
  std::string case_key(std::int64_t group);                                                     ///< "" = the group is no case
  static bool is_newest(const Version& version, std::int64_t number, std::string_view digest);  ///< from the resource's row
  Result<Resource> make_resource(std::string_view type, std::string_view id, const Version& version);
  /// Hashes of which a hit's group must have at least one; nothing if the criterion does not narrow the search.
  std::vector<std::int64_t> narrowing_terms(const search::Query& query, const search::Criterion& criterion, bool& narrows);
  /// Groups that may contain a hit; none = all of them may.
  std::optional<std::vector<std::int64_t>> candidates(const Reader& reader, const search::Query& query);
  std::int64_t count_postings(const std::vector<std::int64_t>& terms);
  std::vector<Hit> hits(const Reader& reader, const search::Query& query);
  /// Of the resources with a number in that range.
  struct Range {
    std::int64_t first = 0, last = 0;
  };
  /// Of the current row of rows_; nothing if it is no hit.
  std::optional<Accepted> accept(std::int64_t type, const Reader& reader, const search::Query& query);
  void take_hits(Range range, const Reader& reader, const search::Query& query, std::vector<Hit>& into);
  /// Rows (moment, key) of cases after `after`.
  std::vector<CaseDue> cases_in_order(Statement& rows, const CaseDue& after, std::size_t count);
  Result<void> load_links(std::int64_t newest, std::vector<ChainLink>& into);
  /// Counts what was read, and takes a new snapshot when due. No statement may be half read.
  void rest(std::size_t bytes = 0);

  Snapshot snapshot_;
  Compressor compressor_;
  HashIndex hash_index_;
  JournalReader journal_;
  EventReader events_;
  AuditReader audit_;
  Statement case_, link_, case_resources_, due_, seen_, case_key_;
  Statement named_, change_, count_, groups_, rows_;
  // The last change read: resources that are read together were mostly written together.
  std::int64_t open_ = 0;
  WallTime open_at_{};
  std::vector<VersionHead> heads_;
  std::string bodies_;
};

}  // namespace vardbron::store
