#include "gateway/store/sqlite/read_tables.h"

#include "gateway/store/meta.h"
#include "gateway/store/rules.h"
#include "gateway/store/sqlite/resource_table.h"

#include <algorithm>
#include <limits>

namespace vardbron::store {

namespace {

constexpr std::int64_t counted_postings_max = 10'000;

WallTime wall_time(std::int64_t milliseconds) { return WallTime{std::chrono::milliseconds{milliseconds}}; }

Failure not_where_it_should_be() { return {Cause::Broken, "A stored version is not where it should be.", ""}; }

Failure not_as_stored() { return {Cause::Broken, "A stored resource is not what was stored.", ""}; }

Failure gone() { return {Cause::Gone, "The resource was deleted.", ""}; }

}  // namespace

ReadTables::ReadTables(Database& database)
    : snapshot_(database),
      compressor_(database.dictionaries()),
      hash_index_(database),
      journal_(database, snapshot_),
      events_(database, snapshot_),
      audit_(database, snapshot_),
      case_(database.prepare("SELECT version, link, seen, next FROM patient_case WHERE id=? AND key=?")),
      link_(database.prepare("SELECT previous, journal, happened, identity, kind, size, body FROM link WHERE number=?")),
      case_resources_(database.prepare("SELECT number, version, digest, id FROM resource WHERE number BETWEEN ? AND ?")),
      due_(database.prepare(
          "SELECT next, key FROM patient_case WHERE next > 0 AND (next, key) > (?, ?) ORDER BY next, key LIMIT ?")),
      seen_(database.prepare("SELECT seen, key FROM patient_case WHERE (seen, key) > (?, ?) ORDER BY seen, key LIMIT ?")),
      case_key_(database.prepare("SELECT key FROM patient_case WHERE id=?")),
      named_(database.prepare("SELECT number, version, place, at, deleted, parties, digest FROM resource WHERE "
                              "number BETWEEN ? AND ? AND (number & 255)=? AND id=?")),
      change_(database.prepare("SELECT at, heads, size, bodies FROM change WHERE number=?")),
      count_(database.prepare("SELECT count(*) FROM (SELECT 1 FROM posting WHERE term=? LIMIT ?)")),
      groups_(database.prepare("SELECT member FROM posting WHERE term=? AND member>? ORDER BY member")),
      rows_(database.prepare(
          "SELECT number, place, at, deleted, id, parties, keys, digest FROM resource WHERE number BETWEEN ? AND ?")) {}

void ReadTables::rest(std::size_t bytes) {
  if (snapshot_.is_due(bytes)) snapshot_.renew();
}

Result<Case> ReadTables::load_case(const std::string& key, std::size_t links_max, const std::optional<KnownCase>& known) {
  Case loaded;
  loaded.key = key;
  std::int64_t group = 0, link = 0;
  for (std::int64_t candidate : groups_of({hash_index_.of_case(key)})) {
    case_.query(candidate, std::string_view(key));
    if (!case_.next()) continue;
    group = candidate;
    loaded.version = case_.integer(0);
    link = case_.integer(1);
    loaded.times.seen = wall_time(case_.integer(2));
    if (std::int64_t next = case_.integer(3); next != 0) loaded.times.next_change = wall_time(next);
    case_.reset();
  }
  if (group == 0) return loaded;
  loaded.is_as_known = known && known->version == loaded.version && known->times == loaded.times;
  loaded.is_long = !loaded.is_as_known && static_cast<std::uint64_t>(loaded.version) > links_max;
  if (loaded.is_as_known || loaded.is_long) return loaded;
  case_resources_.query(first_of_group(group), last_of_group(group));
  while (case_resources_.next()) {
    std::string type(hash_index_.type_name(case_resources_.integer(0) & type_mask));
    loaded.resources.push_back(
        {std::move(type), case_resources_.string(3), case_resources_.integer(1), to_hex(case_resources_.text(2))});
  }
  Result<void> links = load_links(link, loaded.links);
  if (!links) return std::move(links).failure();
  if (static_cast<std::int64_t>(loaded.links.size()) != loaded.version) {
    return Failure{Cause::Broken, "The case has not the links that it should have.", ""};
  }
  return loaded;
}

// Links never change, so those of the version read above exist in every later snapshot too.
Result<void> ReadTables::load_links(std::int64_t newest, std::vector<ChainLink>& into) {
  for (std::int64_t link = newest; link != 0;) {
    link_.query(link);
    if (!link_.next()) break;
    ChainLink taken;
    link = link_.integer(0);
    taken.journal_number = link_.integer(1);
    taken.happened = wall_time(link_.integer(2));
    taken.identity = link_.string(3);
    taken.kind = link_.string(4);
    Result<std::string> body = compressor_.restore(link_.text(6), static_cast<std::size_t>(link_.integer(5)));
    link_.reset();
    if (!body) return std::move(body).failure();
    taken.body = *std::move(body);
    rest(taken.body.size());
    into.push_back(std::move(taken));
  }
  std::reverse(into.begin(), into.end());
  return done();
}

std::vector<CaseDue> ReadTables::cases_due(const CaseDue& after, std::size_t count) { return cases_in_order(due_, after, count); }

std::vector<CaseDue> ReadTables::cases_seen(const CaseDue& after, std::size_t count) {
  return cases_in_order(seen_, after, count);
}

std::vector<CaseDue> ReadTables::cases_in_order(Statement& rows, const CaseDue& after, std::size_t count) {
  std::vector<CaseDue> found;
  CaseDue last = after;
  const auto start = [&] {
    const auto left = static_cast<std::int64_t>(count - found.size());
    rows.query(last.at.time_since_epoch().count(), std::string_view(last.case_key), left);
  };
  start();
  while (rows.next()) {
    last = {wall_time(rows.integer(0)), rows.string(1)};
    found.push_back(last);
    if (!snapshot_.is_due()) continue;
    snapshot_.renew();
    start();
  }
  return found;
}

std::vector<std::int64_t> ReadTables::groups_of(const std::vector<std::int64_t>& terms) {
  std::vector<std::int64_t> groups;
  for (std::int64_t term : terms) {
    groups_.query(term, std::numeric_limits<std::int64_t>::min());
    while (groups_.next()) {
      groups.push_back(groups_.integer(0));
      if (!snapshot_.is_due()) continue;
      snapshot_.renew();
      groups_.query(term, groups.back());
    }
  }
  std::sort(groups.begin(), groups.end());
  groups.erase(std::unique(groups.begin(), groups.end()), groups.end());
  return groups;
}

std::optional<ReadTables::Found> ReadTables::find(const std::string& type, const std::string& id) {
  const std::int64_t number = hash_index_.find_type(type);
  if (number == 0) return std::nullopt;
  for (std::int64_t group : groups_of({hash_index_.of_name(type, id)})) {
    named_.query(first_of_group(group), last_of_group(group), number, std::string_view(id));
    if (!named_.next()) continue;
    Found found{named_.integer(0),      named_.integer(1), named_.integer(2), wall_time(named_.integer(3)),
                named_.integer(4) != 0, named_.string(5),  named_.string(6)};
    named_.reset();
    return found;
  }
  return std::nullopt;
}

Result<Resource> ReadTables::read(const Reader& reader, const std::string& type, const std::string& id, std::int64_t version,
                                  Bodies bodies) {
  std::optional<Found> found = find(type, id);
  if (!found || !may_see(reader, split_lines(found->parties))) return not_found();
  if (version < 0 || version > found->version) return not_found();
  if (bodies == Bodies::Without && (version == 0 || version == found->version)) {
    if (found->deleted) return gone();
    return Resource{type, id, found->version, found->at, false, case_key(group_of(found->number)), ""};
  }
  Result<Version> wanted = version_at(found->place);
  if (wanted && !is_newest(*wanted, found->version, found->digest)) return not_as_stored();
  while (wanted && version != 0 && wanted->head.version != version) {
    wanted = version_at(wanted->head.previous);
    rest(bodies_.size());
  }
  if (!wanted) return std::move(wanted).failure();
  return make_resource(type, id, *wanted);
}

Result<ReadTables::Version> ReadTables::version_at(std::int64_t place) {
  const std::int64_t change = place >> index_bits;
  const auto index = static_cast<std::size_t>(place & ((std::int64_t{1} << index_bits) - 1));
  if (change != open_) {
    open_ = 0;
    change_.query(change);
    if (!change_.next()) return not_where_it_should_be();
    open_at_ = wall_time(change_.integer(0));
    heads_ = unpack_heads(change_.text(1));
    Result<std::string> bodies = compressor_.restore(change_.text(3), static_cast<std::size_t>(change_.integer(2)));
    change_.reset();
    if (!bodies) return std::move(bodies).failure();
    bodies_ = *std::move(bodies);
    open_ = change;
  }
  std::size_t begin = 0;
  for (std::size_t before = 0; before < std::min(index, heads_.size()); ++before) begin += heads_[before].size;
  if (index >= heads_.size() || begin + heads_[index].size > bodies_.size()) {
    return not_where_it_should_be();
  }
  return Version{heads_[index], open_at_, std::string_view(bodies_).substr(begin, heads_[index].size)};
}

bool ReadTables::is_newest(const Version& version, std::int64_t number, std::string_view digest) {
  if (version.head.version != number) return false;
  if (version.head.deleted) return true;
  const Sha256 found = sha256(version.body);
  return digest == std::string_view(reinterpret_cast<const char*>(found.data()), found.size());
}

Result<Resource> ReadTables::make_resource(std::string_view type, std::string_view id, const Version& version) {
  if (version.head.deleted) return gone();
  Resource resource;
  resource.type = type;
  resource.id = id;
  resource.version = version.head.version;
  resource.last_updated = version.at;
  resource.case_key = case_key(group_of(version.head.resource));
  resource.body = with_meta(version.body, resource.version, resource.last_updated);
  return resource;
}

std::string ReadTables::case_key(std::int64_t group) {
  case_key_.query(group);
  std::string key = case_key_.next() ? case_key_.string(0) : std::string();
  case_key_.reset();
  return key;
}

Result<Page> ReadTables::search(const Reader& reader, const search::Query& query) {
  Result<std::int64_t> after = parse_after(query.after);
  if (!after) return std::move(after).failure();
  std::vector<Hit> found = hits(reader, query);
  std::sort(found.begin(), found.end(), [&](const Hit& left, const Hit& right) {
    return query.descending ? left.place > right.place : left.place < right.place;
  });
  Page page;
  page.total = static_cast<std::int64_t>(found.size());
  std::erase_if(found,
                [&](const Hit& hit) { return *after != 0 && (query.descending ? hit.place >= *after : hit.place <= *after); });
  std::size_t count = served_count(query.count);
  const std::int64_t type = hash_index_.find_type(query.resource_type);
  for (std::size_t at = 0; at < std::min(count, found.size()); ++at) {
    // The search may have taken several snapshots, so the row in this one decides what is returned.
    rows_.query(found[at].number, found[at].number);
    std::optional<Accepted> row = rows_.next() ? accept(type, reader, query) : std::nullopt;
    rows_.reset();
    if (!row) continue;
    Result<Version> version = version_at(row->place);
    if (!version) return std::move(version).failure();
    if (!is_newest(*version, version->head.version, row->digest)) return not_as_stored();
    Result<Resource> resource = make_resource(query.resource_type, row->id, *version);
    if (!resource) return std::move(resource).failure();
    page.resources.push_back(*std::move(resource));
    rest(page.resources.back().body.size());
  }
  if (count > 0 && found.size() > count) page.after = to_after(found[count - 1].place);
  return page;
}

std::vector<ReadTables::Hit> ReadTables::hits(const Reader& reader, const search::Query& query) {
  std::vector<Hit> found;
  const std::int64_t type = hash_index_.find_type(query.resource_type);
  if (type == 0 || (!reader.sees_all && reader.organisation.empty())) return found;
  std::optional<std::vector<std::int64_t>> groups = candidates(reader, query);
  if (!groups) take_hits({0, std::numeric_limits<std::int64_t>::max()}, reader, query, found);
  for (std::int64_t group : groups.value_or(std::vector<std::int64_t>())) {
    take_hits({first_of_group(group), last_of_group(group)}, reader, query, found);
  }
  return found;
}

std::optional<ReadTables::Accepted> ReadTables::accept(std::int64_t type, const Reader& reader, const search::Query& query) {
  if ((rows_.integer(0) & type_mask) != type || rows_.integer(3) != 0) return std::nullopt;
  if (!may_see(reader, split_lines(rows_.text(5)))) return std::nullopt;
  Accepted row{rows_.integer(1), rows_.string(4), rows_.string(7)};
  std::vector<search::Key> keys = unpack_keys(rows_.text(6));
  add_own_keys(keys, row.id, wall_time(rows_.integer(2)));
  if (!meets(query, keys)) return std::nullopt;
  return row;
}

void ReadTables::take_hits(Range range, const Reader& reader, const search::Query& query, std::vector<Hit>& into) {
  const std::int64_t type = hash_index_.find_type(query.resource_type);
  rows_.query(range.first, range.last);
  while (rows_.next()) {
    const std::int64_t number = rows_.integer(0);
    if (std::optional<Accepted> row = accept(type, reader, query)) into.push_back({number, row->place});
    if (!snapshot_.is_due()) continue;
    snapshot_.renew();
    rows_.query(number + 1, range.last);
  }
}

// Each of the conditions gives a superset of the hits; the one with the fewest postings is used.
std::optional<std::vector<std::int64_t>> ReadTables::candidates(const Reader& reader, const search::Query& query) {
  std::optional<std::vector<std::int64_t>> best;
  std::int64_t best_count = 0;
  auto consider = [&](std::vector<std::int64_t> terms) {
    std::int64_t count = count_postings(terms);
    if (best && count >= best_count) return;
    best = std::move(terms);
    best_count = count;
  };
  if (!reader.sees_all) consider({hash_index_.of(reader.organisation)});
  for (const search::Criterion& criterion : query.criteria) {
    bool narrows = false;
    std::vector<std::int64_t> terms = narrowing_terms(query, criterion, narrows);
    if (narrows) consider(std::move(terms));
  }
  if (!best) return std::nullopt;
  return groups_of(*best);
}

std::vector<std::int64_t> ReadTables::narrowing_terms(const search::Query& query, const search::Criterion& criterion,
                                                      bool& narrows) {
  using search::KeyKind;
  using search::Modifier;
  std::vector<std::int64_t> terms;
  narrows = false;
  bool exact = criterion.kind == KeyKind::Token || criterion.kind == KeyKind::Reference || criterion.kind == KeyKind::Uri;
  bool positive = criterion.modifier == Modifier::None || criterion.modifier == Modifier::Identifier;
  if (!exact || !positive) return terms;
  bool is_id = criterion.parameter == "_id";
  if (!is_id && hash_index_.is_common(criterion.parameter)) return terms;
  for (const search::Operand& operand : criterion.operands) {
    if (operand.value.empty()) return terms;  // "system|" means any value
    terms.push_back(is_id ? hash_index_.of_name(query.resource_type, operand.value) : hash_index_.of(operand.value));
  }
  narrows = true;
  std::sort(terms.begin(), terms.end());
  terms.erase(std::unique(terms.begin(), terms.end()), terms.end());
  return terms;
}

std::int64_t ReadTables::count_postings(const std::vector<std::int64_t>& terms) {
  std::int64_t count = 0;
  for (std::int64_t term : terms) {
    count_.query(term, counted_postings_max);
    if (count_.next()) count += count_.integer(0);
    count_.reset();
  }
  return count;
}

}  // namespace vardbron::store
