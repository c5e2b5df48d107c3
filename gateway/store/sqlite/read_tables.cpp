#include "gateway/store/sqlite/read_tables.h"

#include "gateway/store/rules.h"

#include <algorithm>

namespace vardbron::store {

namespace {

WallTime wall_time(std::int64_t milliseconds) { return WallTime{std::chrono::milliseconds{milliseconds}}; }

Failure gone() { return {Cause::Gone, "The resource was deleted.", ""}; }

}  // namespace

ReadTables::ReadTables(Database& database)
    : snapshot_(database),
      compressor_(database.dictionaries()),
      names_(database),
      rows_(database, names_),
      versions_(database, names_),
      changes_(database, snapshot_),
      search_(database, snapshot_, names_, rows_, versions_, changes_),
      history_(snapshot_, names_, rows_, versions_, changes_),
      journal_(database, snapshot_),
      events_(database, snapshot_),
      audit_(database, snapshot_),
      case_(database.prepare("SELECT id, version, link, seen, next FROM patient_case WHERE key=?")),
      link_(database.prepare("SELECT previous, journal, happened, identity, kind, size, body FROM link WHERE number=?")),
      case_resources_(
          database.prepare("SELECT type, version, digest, id, number FROM resource WHERE patient_case=?1 AND patient_case>0")),
      due_(database.prepare(
          "SELECT next, key FROM patient_case WHERE next > 0 AND (next, key) > (?, ?) ORDER BY next, key LIMIT ?")),
      seen_(database.prepare("SELECT seen, key FROM patient_case WHERE (seen, key) > (?, ?) ORDER BY seen, key LIMIT ?")) {}

void ReadTables::rest(std::size_t bytes) {
  if (snapshot_.is_due(bytes)) snapshot_.renew();
}

Case ReadTables::load_head(const std::string& key, Place& place) {
  Case loaded;
  loaded.key = key;
  case_.query(std::string_view(key));
  if (!case_.next()) return loaded;
  place = {case_.integer(0), case_.integer(2)};
  loaded.version = case_.integer(1);
  loaded.times.seen = wall_time(case_.integer(3));
  if (const std::int64_t next = case_.integer(4); next != 0) loaded.times.next_change = wall_time(next);
  case_.reset();
  return loaded;
}

void ReadTables::load_resources(std::int64_t id, std::vector<CaseResource>& into) {
  case_resources_.query(id);
  std::vector<std::pair<std::int64_t, CaseResource>> resources;
  while (case_resources_.next()) {
    resources.emplace_back(case_resources_.integer(4),
                           CaseResource{names_.type_name(case_resources_.integer(0)), id_of(case_resources_, 3),
                                        case_resources_.integer(1), to_hex(case_resources_.text(2))});
  }
  std::sort(resources.begin(), resources.end(), [](const auto& left, const auto& right) { return left.first < right.first; });
  for (auto& [number, resource] : resources) into.push_back(std::move(resource));
}

Result<Case> ReadTables::load_case(const std::string& key, std::size_t links_max, const std::optional<KnownCase>& known) {
  Place place;
  Case loaded = load_head(key, place);
  if (loaded.version == 0 && place.id == 0) return loaded;
  loaded.is_as_known = known && known->version == loaded.version && known->times == loaded.times;
  loaded.is_long = !loaded.is_as_known && static_cast<std::uint64_t>(loaded.version) > links_max;
  if (loaded.is_as_known || loaded.is_long) return loaded;
  return load_rest(std::move(loaded), place, std::size_t(-1));
}

Result<Case> ReadTables::load_newest(const std::string& key, std::size_t links) {
  Place place;
  Case loaded = load_head(key, place);
  if (loaded.version == 0 && place.id == 0) return loaded;
  return load_rest(std::move(loaded), place, links);
}

Result<Case> ReadTables::load_rest(Case loaded, const Place& place, std::size_t links_max) {
  load_resources(place.id, loaded.resources);
  Result<void> links = load_links(place.link, links_max, loaded.links);
  if (!links) return std::move(links).failure();
  if (loaded.links.size() != std::min(links_max, static_cast<std::size_t>(loaded.version))) {
    return Failure{Cause::Broken, "The case has not the links that it should have.", ""};
  }
  return loaded;
}

// Links never change, so those of the version read above exist in every later snapshot too.
Result<void> ReadTables::load_links(std::int64_t newest, std::size_t count, std::vector<ChainLink>& into) {
  for (std::int64_t link = newest; link != 0 && into.size() < count;) {
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

Result<Resource> ReadTables::read_head(const Reader& reader, const std::string& type, const std::string& id) {
  const std::optional<ResourceHead> head = rows_.head(snapshot_.number(), rows_.party_of(reader), type, id);
  if (!head) return not_found();
  if (head->deleted) return gone();
  return Resource{type, id, head->version, wall_time(head->at), false, versions_.case_key(head->patient_case), ""};
}

Result<Resource> ReadTables::read(const Reader& reader, const std::string& type, const std::string& id, std::int64_t version,
                                  Bodies bodies) {
  if (bodies == Bodies::Without && version == 0) return read_head(reader, type, id);
  const std::optional<ResourceRow> row = rows_.find(rows_.party_of(reader), type, id);
  if (!row) return not_found();
  if (version < 0 || version > row->version) return not_found();
  const std::int64_t wanted = version == 0 ? row->version : version;
  Result<StoredVersion> found = versions_.version(rows_.party_of(reader), *row, wanted);
  if (!found) return std::move(found).failure();
  if (found->head.deleted) return gone();
  return versions_.make(*row, *found);
}

}  // namespace vardbron::store
