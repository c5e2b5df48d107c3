#include "gateway/store/sqlite/search_reader.h"

#include "gateway/base/limits.h"
#include "gateway/search/match.h"

#include <algorithm>
#include <limits>
#include <utility>

namespace vardbron::store {

namespace {

Failure too_costly() {
  return {Cause::TooLarge,
          "Its chains look at more than " + std::to_string(limits::search_chain_steps_max) +
              " resources: narrow the search, or do without its total.",
          ""};
}

constexpr std::int64_t all_of_them = std::numeric_limits<std::int64_t>::max();

bool is_descending(const search::Query& query) { return !query.sort.empty() && query.sort.front().is_descending; }

/// The times between which a hit was last updated.
ChangeWalk::Way way_of(std::int64_t party, std::int64_t type, const search::Query& query) {
  using search::Prefix;
  ChangeWalk::Way way;
  way.party = party;
  way.type = type;
  for (const search::Criterion& criterion : query.criteria) {
    const bool narrows =
        criterion.parameter == "_lastUpdated" && criterion.modifier == search::Modifier::None && criterion.operands.size() == 1;
    if (!narrows) continue;
    const search::Operand& operand = criterion.operands.front();
    const Prefix prefix = operand.prefix;
    const bool is_from = prefix == Prefix::Eq || prefix == Prefix::Gt || prefix == Prefix::Ge || prefix == Prefix::Sa;
    const bool is_to = prefix == Prefix::Eq || prefix == Prefix::Lt || prefix == Prefix::Le || prefix == Prefix::Eb;
    if (is_from) way.earliest = std::max(way.earliest, operand.from_ms);
    if (is_to) way.latest = std::min(way.latest, operand.to_ms);
  }
  return way;
}

}  // namespace

SearchReader::SearchReader(Database& database, Snapshot& snapshot, NameTables& names, ResourceRows& rows, VersionReader& versions,
                           ChangeWalk& changes)
    : snapshot_(snapshot),
      names_(names),
      rows_(rows),
      versions_(versions),
      changes_(changes),
      index_(database, names, rows),
      match_(names, rows, index_) {}

void SearchReader::rest(std::size_t bytes) {
  if (snapshot_.is_due(bytes)) snapshot_.renew();
}

Result<Page> SearchReader::search(const Reader& reader, const search::Query& query, const std::stop_token& ended) {
  const bool is_natural = search::is_natural(query.sort);
  Result<std::optional<PagePlace>> from =
      parse_token(query.before.empty() ? query.after : query.before, is_natural ? 0 : query.sort.size() + 1);
  if (!from) return std::move(from).failure();
  match_.begin();
  ended_ = ended;
  Result<Page> page = search(rows_.party_of(reader), query, *from);
  ended_ = {};
  return page;
}

Result<Page> SearchReader::search(std::int64_t party, const search::Query& query, const std::optional<PagePlace>& from) {
  const bool is_backwards = !query.before.empty();
  const KeyIndex::Numbers candidates = index_.candidates(party, query);
  const std::size_t count = served_count(query.count);
  const Slice slice{from, is_backwards, count == 0 ? 0 : count + 1};
  const bool is_counted = query.total != search::Total::None || query.count == 0;
  const bool is_exact = query.total == search::Total::Accurate || query.count == 0;
  const std::int64_t count_max = is_exact ? all_of_them : static_cast<std::int64_t>(limits::search_estimated_max);
  Page page;
  std::vector<Hit> hits;
  std::optional<std::int64_t> total;
  if (candidates || !search::is_natural(query.sort)) {
    Result<std::vector<Hit>> all = sorted(party, query, candidates);
    if (!all) return std::move(all).failure();
    total = static_cast<std::int64_t>(all->size());
    hits = cut(query, *std::move(all), slice);
  } else {
    const bool is_from_the_start = !from;  // then the results of the page are among those that are counted
    Walked walk = walked(party, query, slice, is_counted && is_from_the_start ? count_max : 0);
    hits = std::move(walk.hits);
    if (is_counted) total = is_from_the_start ? walk.count : walked(party, query, {}, count_max).count;
  }
  if (std::optional<Failure> why = ended_by()) return *std::move(why);
  const bool has_more = count > 0 && hits.size() > count;
  if (has_more) hits.erase(is_backwards ? hits.begin() : hits.end() - 1);
  if (!hits.empty() && (is_backwards || has_more)) page.after = to_token(hits.back().place);
  if (!hits.empty() && (is_backwards ? has_more : from.has_value())) page.before = to_token(hits.front().place);
  const bool is_whole = !from && !has_more;  // then the total is known
  if (is_counted || is_whole) page.total = total.value_or(static_cast<std::int64_t>(hits.size()));
  Result<void> added = add_resources(party, query, hits, page);
  if (!added) return std::move(added).failure();
  return page;
}

std::optional<Failure> SearchReader::ended_by() const {
  if (match_.is_too_costly()) return too_costly();
  if (ended_.stop_requested()) return not_waited_for();
  return std::nullopt;
}

PagePlace SearchReader::place_of(const search::Query& query, const ResourceRow& row) {
  PagePlace place{{}, row.at, row.change, row.position};
  if (search::is_natural(query.sort)) return place;
  const auto is_sorted_by = [&](std::string_view parameter) {
    return std::any_of(query.sort.begin(), query.sort.end(),
                       [&](const search::SortKey& each) { return each.parameter == parameter; });
  };
  place.values = search::sort_values(query.sort, match_.keys_of(row, is_sorted_by));
  place.values.push_back({false, row.id});
  return place;
}

SearchReader::Hit SearchReader::hit_of(const search::Query& query, ResourceRow&& row) {
  Hit hit{place_of(query, row), row.number, snapshot_.number(), {}};
  hit.row = std::move(row);
  return hit;
}

void SearchReader::each(std::int64_t party, const search::Query& query, const ChangeWalk::Way& way, const Visit& visit) {
  changes_.walk(way, [&](const ChangeWalk::Written& written) {
    if (ended_by()) return false;
    if (written.head.deleted) return true;
    std::optional<ResourceRow> row = match_.accept(party, query, written.head.resource);
    // A later version is found where it was written.
    if (!row || row->change != written.change || row->version != written.head.version) return true;
    return visit(*std::move(row));
  });
}

SearchReader::Walked SearchReader::walked(std::int64_t party, const search::Query& query, const Slice& slice,
                                          std::int64_t count_max) {
  Walked walk;
  if (slice.count == 0 && count_max == 0) return walk;
  ChangeWalk::Way way = way_of(party, names_.find_type(query.resource_type), query);
  way.is_descending = is_descending(query) != slice.is_backwards;
  way.from = slice.from;
  each(party, query, way, [&](ResourceRow&& row) {
    if (walk.hits.size() < slice.count) walk.hits.push_back(hit_of(query, std::move(row)));
    return ++walk.count < count_max || walk.hits.size() < slice.count;
  });
  if (slice.is_backwards) std::reverse(walk.hits.begin(), walk.hits.end());
  return walk;
}

Result<std::vector<SearchReader::Hit>> SearchReader::sorted(std::int64_t party, const search::Query& query,
                                                            const KeyIndex::Numbers& candidates) {
  std::vector<Hit> hits;
  const auto add = [&](ResourceRow&& row) {
    hits.push_back(hit_of(query, std::move(row)));
    if (hits.size() > limits::search_looked_up_max) hits.back().row.reset();  // so many rows are not kept
    return hits.size() <= limits::search_sorted_max;
  };
  if (candidates) {
    for (const std::int64_t number : *candidates) {
      if (std::optional<ResourceRow> row = match_.accept(party, query, number)) add(*std::move(row));
      if (ended_by()) break;
      rest();
    }
  } else {
    each(party, query, way_of(party, names_.find_type(query.resource_type), query), add);
  }
  if (std::optional<Failure> why = ended_by()) return *std::move(why);
  if (hits.size() > limits::search_sorted_max) {
    return Failure{Cause::TooLarge,
                   "More than " + std::to_string(limits::search_sorted_max) +
                       " resources would have to be sorted: narrow the search, or sort by _lastUpdated.",
                   "_sort"};
  }
  std::sort(hits.begin(), hits.end(),
            [&](const Hit& left, const Hit& right) { return comes_before(query.sort, left.place, right.place); });
  return hits;
}

std::vector<SearchReader::Hit> SearchReader::cut(const search::Query& query, std::vector<Hit> all, const Slice& slice) {
  const auto is_past = [&](const Hit& hit) {
    return slice.is_backwards ? !comes_before(query.sort, hit.place, *slice.from)
                              : !comes_before(query.sort, *slice.from, hit.place);
  };
  if (slice.from) std::erase_if(all, is_past);
  if (all.size() <= slice.count) return all;
  const auto excess = static_cast<std::ptrdiff_t>(all.size() - slice.count);
  slice.is_backwards ? all.erase(all.begin(), all.begin() + excess) : all.erase(all.end() - excess, all.end());
  return all;
}

// The search may have taken several snapshots; the row in this one decides what is returned.
std::optional<ResourceRow> SearchReader::row_to_show(std::int64_t party, const search::Query& query, Hit& hit) {
  if (hit.row && hit.snapshot == snapshot_.number()) return std::move(hit.row);
  return match_.accept(party, query, hit.number);
}

Result<void> SearchReader::add_resources(std::int64_t party, const search::Query& query, std::span<Hit> hits, Page& page) {
  std::vector<ResourceRow> shown;
  for (Hit& hit : hits) {
    std::optional<ResourceRow> row = row_to_show(party, query, hit);
    if (std::optional<Failure> why = ended_by()) return *std::move(why);
    if (!row) continue;
    Result<StoredVersion> version = versions_.newest(*row);
    if (!version) return std::move(version).failure();
    page.resources.push_back(versions_.make(*row, *version));
    if (!query.includes.empty()) shown.push_back(*std::move(row));
    rest(page.resources.back().body.size());
  }
  return query.includes.empty() ? done() : add_included(party, query, std::move(shown), page);
}

Result<void> SearchReader::add_included(std::int64_t party, const search::Query& query, std::vector<ResourceRow> from,
                                        Page& page) {
  std::set<std::int64_t> known;
  for (const ResourceRow& row : from) known.insert(row.number);
  for (bool is_first = true; !from.empty(); is_first = false) {
    std::vector<ResourceRow> found;
    for (const ResourceRow& row : from) {
      if (std::optional<Failure> why = ended_by()) return *std::move(why);
      for (const search::Include& include : query.includes) {
        if (!is_first && !include.is_iterated) continue;
        for (const std::int64_t number : included_by(party, row, include)) {
          if (known.contains(number)) continue;
          std::optional<ResourceRow> one = rows_.find(party, number);
          if (!one || one->deleted) continue;
          const std::string& wanted = include.is_reversed ? include.source : include.target;
          if (!wanted.empty() && names_.type_name(one->type) != wanted) continue;
          if (page.included.size() >= limits::search_included_max) {
            page.is_cut = true;
            return done();
          }
          Result<StoredVersion> version = versions_.newest(*one);
          if (!version) return std::move(version).failure();
          page.included.push_back(versions_.make(*one, *version));
          known.insert(number);
          found.push_back(*std::move(one));
        }
      }
      rest();
    }
    from = std::move(found);
  }
  return done();
}

std::vector<std::int64_t> SearchReader::included_by(std::int64_t party, const ResourceRow& row, const search::Include& include) {
  if (include.is_reversed) {
    if (!include.target.empty() && names_.type_name(row.type) != include.target) return {};
    const std::int64_t type = names_.find_type(include.source);
    return index_.references(party, type, names_.find_parameter(type, include.parameter), row.number,
                             limits::search_included_max + 1);
  }
  std::vector<std::int64_t> targets;
  if (names_.type_name(row.type) != include.source) return targets;
  for (const StoredKey& key : unpack_stored_keys(row.keys)) {
    const bool is_asked = include.parameter == "*" || names_.parameter_code(key.parameter) == include.parameter;
    if (is_asked && key.kind == StoredKey::Kind::Reference) targets.push_back(key.number);
  }
  return targets;
}

}  // namespace vardbron::store
