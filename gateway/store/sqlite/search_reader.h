#pragma once

// Tested by tests/system/store/sqlite/search_tables_test.cpp and tests/system/store/sqlite/search_walk_test.cpp.

#include "gateway/store/rules.h"
#include "gateway/store/sqlite/change_walk.h"
#include "gateway/store/sqlite/key_index.h"
#include "gateway/store/sqlite/query_match.h"
#include "gateway/store/sqlite/resource_rows.h"
#include "gateway/store/sqlite/snapshot.h"
#include "gateway/store/sqlite/version_reader.h"
#include "gateway/store/store.h"

#include <cstdint>
#include <functional>
#include <optional>
#include <set>
#include <span>
#include <stop_token>
#include <vector>

namespace vardbron::store {

/// Searches. If a part of the query is met by few resources an index gives them; else the changes that the reader may see are
/// walked in their order until the page is full, which is soon, since many meet it. One thread.
class SearchReader {
 public:
  SearchReader(Database& database, Snapshot& snapshot, NameTables& names, ResourceRows& rows, VersionReader& versions,
               ChangeWalk& changes);

  /// TooLarge; Cancelled: `ended` was requested. Both end the search where it is.
  Result<Page> search(const Reader& reader, const search::Query& query, const std::stop_token& ended);

 private:
  struct Hit {
    PagePlace place;
    std::int64_t number = 0;
    std::int64_t snapshot = 0;       ///< of which `row` is
    std::optional<ResourceRow> row;  ///< none: it is read again when it is shown
  };
  /// What is asked for, in the order of the page: backwards for the page before a place.
  struct Slice {
    std::optional<PagePlace> from;  ///< not included
    bool is_backwards = false;
    std::size_t count = 0;
  };
  struct Walked {
    std::vector<Hit> hits;   ///< of the slice
    std::int64_t count = 0;  ///< of rows that were met
  };
  using Visit = std::function<bool(ResourceRow&&)>;

  Result<Page> search(std::int64_t party, const search::Query& query, const std::optional<PagePlace>& from);
  /// Why the search ends before its time.
  std::optional<Failure> ended_by() const;
  Hit hit_of(const search::Query& query, ResourceRow&& row);
  PagePlace place_of(const search::Query& query, const ResourceRow& row);
  /// Every row that meets the query, in the order of the commits, until visit() is false.
  void each(std::int64_t party, const search::Query& query, const ChangeWalk::Way& way, const Visit& visit);
  /// Until the slice is full and so many rows were counted.
  Walked walked(std::int64_t party, const search::Query& query, const Slice& slice, std::int64_t count_max);
  /// All of them, sorted. TooLarge.
  Result<std::vector<Hit>> sorted(std::int64_t party, const search::Query& query, const KeyIndex::Numbers& candidates);
  static std::vector<Hit> cut(const search::Query& query, std::vector<Hit> all, const Slice& slice);
  std::optional<ResourceRow> row_to_show(std::int64_t party, const search::Query& query, Hit& hit);
  Result<void> add_resources(std::int64_t party, const search::Query& query, std::span<Hit> hits, Page& page);
  Result<void> add_included(std::int64_t party, const search::Query& query, std::vector<ResourceRow> from, Page& page);
  std::vector<std::int64_t> included_by(std::int64_t party, const ResourceRow& row, const search::Include& include);
  void rest(std::size_t bytes = 0);

  Snapshot& snapshot_;
  NameTables& names_;
  ResourceRows& rows_;
  VersionReader& versions_;
  ChangeWalk& changes_;
  KeyIndex index_;
  QueryMatch match_;
  std::stop_token ended_;  ///< of the running search
};

}  // namespace vardbron::store
