#include "gateway/store/sqlite/read_tables.h"

#include "gateway/store/rules.h"
#include "gateway/store/stamp.h"

#include <algorithm>

namespace vardbron::store {

namespace {

constexpr int type_bits = 8;
constexpr std::int64_t type_mask = (1 << type_bits) - 1;
constexpr std::int64_t counted_postings_max = 10'000;

WallTime wall_time(std::int64_t milliseconds) { return WallTime{std::chrono::milliseconds{milliseconds}}; }

}  // namespace

ReadTables::ReadTables(Database& database)
    : terms_(database),
      journal_(database, terms_),
      events_(database),
      audit_(database),
      begin_(database.prepare("BEGIN")),
      end_(database.prepare("COMMIT")),
      rollback_(database.prepare("ROLLBACK")),
      case_(database.prepare("SELECT version, link, seen, next FROM patient_case WHERE id=?")),
      link_(database.prepare("SELECT previous, journal, happened, identity, kind, size, body FROM link WHERE number=?")),
      case_resources_(database.prepare("SELECT r.id, r.version, r.digest, r.name FROM posting p CROSS JOIN resource r ON "
                                       "r.id = p.resource WHERE p.term=? ORDER BY p.resource")),
      due_(database.prepare(
          "SELECT next, key FROM patient_case WHERE next > 0 AND (next, key) > (?, ?) ORDER BY next, key LIMIT ?")),
      case_key_(database.prepare("SELECT key FROM patient_case WHERE id=?")),
      resource_(database.prepare("SELECT version, change, name FROM resource WHERE id=?")),
      version_(database.prepare(
          "SELECT version, previous, at, deleted, patient_case, parties, size, body FROM version WHERE change=?")),
      version_head_(database.prepare("SELECT at, deleted, parties, keys FROM version WHERE change=?")),
      count_(database.prepare("SELECT count(*) FROM (SELECT 1 FROM posting WHERE term=? LIMIT ?)")),
      postings_(database.prepare("SELECT resource FROM posting WHERE term=? AND (resource & 255)=?")),
      of_type_(database.prepare("SELECT id FROM resource WHERE (id & 255)=?")),
      database_(database) {}

Result<void> ReadTables::end() {
  if (!database_.health().failure) end_.run();
  std::optional<Failure> failure = database_.take_failure();
  if (!failure) return done();
  if (database_.in_transaction()) rollback_.run();
  database_.take_failure();
  return *std::move(failure);
}

Result<Case> ReadTables::load_case(const std::string& key) {
  Case loaded;
  loaded.key = key;
  std::int64_t term = terms_.find(case_term(key));
  if (term == 0) return loaded;
  case_.query(term);
  if (!case_.next()) return loaded;
  loaded.version = case_.integer(0);
  std::int64_t link = case_.integer(1);
  loaded.times.seen = wall_time(case_.integer(2));
  if (std::int64_t next = case_.integer(3); next != 0) loaded.times.next_change = wall_time(next);
  case_.reset();
  while (link != 0) {
    link_.query(link);
    if (!link_.next()) break;
    ChainLink taken;
    link = link_.integer(0);
    taken.journal_number = link_.integer(1);
    taken.happened = wall_time(link_.integer(2));
    taken.identity = link_.string(3);
    taken.kind = link_.string(4);
    Result<std::string> body = squeezer_.restore(link_.text(6), static_cast<std::size_t>(link_.integer(5)));
    if (!body) return std::move(body).failure();
    taken.body = *std::move(body);
    loaded.links.push_back(std::move(taken));
  }
  link_.reset();
  std::reverse(loaded.links.begin(), loaded.links.end());
  case_resources_.query(-term);
  while (case_resources_.next()) {
    std::string type(terms_.type_name(case_resources_.integer(0) & type_mask));
    loaded.resources.push_back(
        {std::move(type), case_resources_.string(3), case_resources_.integer(1), to_hex(case_resources_.text(2))});
  }
  return loaded;
}

std::vector<CaseDue> ReadTables::cases_due(const CaseDue& after, std::size_t count) {
  std::vector<CaseDue> due;
  due_.query(after.at.time_since_epoch().count(), std::string_view(after.case_key), static_cast<std::int64_t>(count));
  while (due_.next()) due.push_back({wall_time(due_.integer(0)), due_.string(1)});
  return due;
}

std::int64_t ReadTables::resource_id(const std::string& type, const std::string& id) {
  std::int64_t type_number = terms_.find_type(type);
  std::int64_t term = type_number == 0 ? 0 : terms_.find(resource_term(type, id));
  return term == 0 ? 0 : (term << type_bits) | type_number;
}

Result<Resource> ReadTables::read(const Reader& reader, const std::string& type, const std::string& id, std::int64_t version) {
  std::int64_t row = resource_id(type, id);
  if (row == 0) return not_found();
  resource_.query(row);
  if (!resource_.next() || resource_.text(2) != id) return not_found();
  std::int64_t newest = resource_.integer(0), change = resource_.integer(1);
  resource_.reset();
  version_.query(change);
  if (!version_.next() || !may_see(reader, split_lines(version_.text(5)))) return not_found();
  if (version < 0 || version > newest) return not_found();
  while (version != 0 && version_.integer(0) != version) {
    std::int64_t previous = version_.integer(1);
    version_.query(previous);
    if (!version_.next()) return not_found();
  }
  Result<Resource> taken = take_version(type, id);
  version_.reset();
  return taken;
}

Result<Resource> ReadTables::take_version(const std::string& type, const std::string& id) {
  if (version_.integer(3) != 0) return Failure{Cause::Gone, "The resource was deleted.", ""};
  Resource resource;
  resource.type = type;
  resource.id = id;
  resource.version = version_.integer(0);
  resource.last_updated = wall_time(version_.integer(2));
  case_key_.query(version_.integer(4));
  if (case_key_.next()) resource.case_key = case_key_.string(0);
  case_key_.reset();
  Result<std::string> body = squeezer_.restore(version_.text(7), static_cast<std::size_t>(version_.integer(6)));
  if (!body) return std::move(body).failure();
  resource.body = stamped(*body, resource.version, resource.last_updated);
  return resource;
}

Result<Page> ReadTables::search(const Reader& reader, const search::Query& query) {
  Result<std::int64_t> after = parse_after(query.after);
  if (!after) return std::move(after).failure();
  std::vector<Hit> found = hits(reader, query);
  std::sort(found.begin(), found.end(), [&](const Hit& left, const Hit& right) {
    return query.descending ? left.change > right.change : left.change < right.change;
  });
  Page page;
  page.total = static_cast<std::int64_t>(found.size());
  std::erase_if(found,
                [&](const Hit& hit) { return *after != 0 && (query.descending ? hit.change >= *after : hit.change <= *after); });
  std::size_t count = served_count(query.count);
  for (std::size_t at = 0; at < std::min(count, found.size()); ++at) {
    version_.query(found[at].change);
    if (!version_.next()) continue;  // health says why
    Result<Resource> resource = take_version(query.resource_type, found[at].id);
    version_.reset();
    if (!resource) return std::move(resource).failure();
    page.resources.push_back(*std::move(resource));
  }
  if (count > 0 && found.size() > count) page.after = to_after(found[count - 1].change);
  return page;
}

std::vector<ReadTables::Hit> ReadTables::hits(const Reader& reader, const search::Query& query) {
  std::vector<Hit> found;
  for (std::int64_t candidate : candidates(reader, query)) {
    resource_.query(candidate);
    if (!resource_.next()) continue;
    Hit hit{resource_.integer(1), resource_.string(2)};
    resource_.reset();
    version_head_.query(hit.change);
    bool current = version_head_.next() && version_head_.integer(1) == 0;
    if (current && may_see(reader, split_lines(version_head_.text(2)))) {
      std::vector<search::Key> keys = unpack_keys(version_head_.text(3));
      add_own_keys(keys, hit.id, wall_time(version_head_.integer(0)));
      if (meets(query, keys)) found.push_back(std::move(hit));
    }
    version_head_.reset();
  }
  return found;
}

// Any one of the conditions gives a superset of the hits; the one with the fewest postings is walked.
std::vector<std::int64_t> ReadTables::candidates(const Reader& reader, const search::Query& query) {
  std::vector<std::int64_t> found;
  std::int64_t type = terms_.find_type(query.resource_type);
  if (type == 0 || (!reader.sees_all && reader.organisation.empty())) return found;
  bool narrowed = false;
  std::vector<std::int64_t> best;
  std::int64_t best_count = 0;
  auto consider = [&](std::vector<std::int64_t> terms) {
    std::int64_t count = count_postings(terms);
    if (!narrowed || count < best_count) {
      best = std::move(terms);
      best_count = count;
    }
    narrowed = true;
  };
  if (!reader.sees_all) consider({terms_.find(reader.organisation)});
  for (const search::Criterion& criterion : query.criteria) {
    bool narrows = false;
    std::vector<std::int64_t> terms = narrowing_terms(query, criterion, narrows);
    if (narrows && criterion.parameter == "_id") {
      for (std::int64_t term : terms) found.push_back((term << type_bits) | type);
      std::erase(found, type);
      return found;
    }
    if (narrows) consider(std::move(terms));
  }
  if (!narrowed) {
    of_type_.query(type);
    while (of_type_.next()) found.push_back(of_type_.integer(0));
  }
  for (std::int64_t term : best) {
    if (term == 0) continue;  // the text never stood anywhere
    postings_.query(term, type);
    while (postings_.next()) found.push_back(postings_.integer(0));
  }
  std::sort(found.begin(), found.end());
  found.erase(std::unique(found.begin(), found.end()), found.end());
  return found;
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
  if (!is_id && terms_.is_common(criterion.parameter)) return terms;
  for (const search::Operand& operand : criterion.operands) {
    if (operand.value.empty()) return terms;  // "system|" asks for any value
    terms.push_back(terms_.find(is_id ? resource_term(query.resource_type, operand.value) : operand.value));
  }
  narrows = true;
  std::sort(terms.begin(), terms.end());
  terms.erase(std::unique(terms.begin(), terms.end()), terms.end());
  return terms;
}

std::int64_t ReadTables::count_postings(const std::vector<std::int64_t>& terms) {
  std::int64_t count = 0;
  for (std::int64_t term : terms) {
    if (term == 0) continue;
    count_.query(term, counted_postings_max);
    if (count_.next()) count += count_.integer(0);
    count_.reset();
  }
  return count;
}

}  // namespace vardbron::store
