#include "gateway/store/sqlite/history_reader.h"

#include "gateway/store/rules.h"

#include <limits>
#include <utility>

namespace vardbron::store {

namespace {

std::int64_t milliseconds(WallTime time) { return time.time_since_epoch().count(); }

}  // namespace

HistoryReader::HistoryReader(Snapshot& snapshot, NameTables& names, ResourceRows& rows, VersionReader& versions,
                             ChangeWalk& changes)
    : snapshot_(snapshot), names_(names), rows_(rows), versions_(versions), changes_(changes) {}

Result<Page> HistoryReader::history(const Reader& reader, const HistoryQuery& query, const std::stop_token& ended) {
  ended_ = ended;
  Result<std::optional<PagePlace>> from = parse_token(query.after, 0);
  if (!from) return std::move(from).failure();
  const std::int64_t party = rows_.party_of(reader);
  Result<Page> page = query.id.empty() ? of_type(party, query, *from) : of_one(party, query, *from);
  if (std::exchange(ended_, {}).stop_requested()) return not_waited_for();
  return page;
}

bool HistoryReader::was_current(const HistoryQuery& query, const ResourceRow& row, std::int64_t version, std::int64_t at) {
  if (query.since && at < milliseconds(*query.since)) return false;
  if (query.at_last && at > milliseconds(*query.at_last)) return false;
  if (!query.at_first) return true;
  const std::optional<std::int64_t> replaced = versions_.time_of(row, version + 1);
  return !replaced || *replaced > milliseconds(*query.at_first);
}

// The place of a version of one resource is its number.
Result<Page> HistoryReader::of_one(std::int64_t party, const HistoryQuery& query, const std::optional<PagePlace>& from) {
  std::optional<ResourceRow> row = rows_.find(party, query.type, query.id);
  if (!row) return not_found();
  Page page;
  const std::size_t count = served_count(query.count);
  for (std::int64_t number = from ? from->change - 1 : row->version; number > 0; --number) {
    if (ended_.stop_requested()) break;
    const std::optional<std::int64_t> at = versions_.time_of(*row, number);
    if (query.since && at && *at < milliseconds(*query.since)) break;
    if (!at || !was_current(query, *row, number, *at) || !versions_.may_see(party, *row, number)) continue;
    if (page.resources.size() == count) {
      if (count > 0) page.after = to_token({{}, 0, page.resources.back().version, 0});
      break;
    }
    Result<StoredVersion> version = versions_.version(party, *row, number);
    if (!version) return std::move(version).failure();
    page.resources.push_back(versions_.make(*row, *version));
    if (snapshot_.is_due(page.resources.back().body.size())) snapshot_.renew();
  }
  return page;
}

Result<Page> HistoryReader::of_type(std::int64_t party, const HistoryQuery& query, const std::optional<PagePlace>& from) {
  Page page;
  std::optional<Failure> failure;
  const std::size_t count = served_count(query.count);
  ChangeWalk::Way way;
  way.party = party;
  way.type = names_.find_type(query.type);
  way.is_descending = true;
  way.from = from;
  if (query.since) way.earliest = milliseconds(*query.since);
  if (query.at_last) way.latest = milliseconds(*query.at_last);
  std::optional<PagePlace> last;
  changes_.walk(way, [&](const ChangeWalk::Written& written) {
    if (ended_.stop_requested()) return false;
    const std::optional<ResourceRow> row = rows_.find(party, written.head.resource);
    if (!row || !was_current(query, *row, written.head.version, written.at)) return true;
    if (!versions_.may_see(party, *row, written.head.version)) return true;
    if (page.resources.size() == count) {
      if (last) page.after = to_token(*last);
      return false;
    }
    Result<StoredVersion> version = versions_.at(written.change, written.position);
    if (!version) failure = std::move(version).failure();
    if (failure) return false;
    page.resources.push_back(versions_.make(*row, *version));
    last = PagePlace{{}, written.at, written.change, written.position};
    return true;
  });
  if (failure) return *std::move(failure);
  return page;
}

}  // namespace vardbron::store
