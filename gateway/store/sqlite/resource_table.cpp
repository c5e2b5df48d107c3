#include "gateway/store/sqlite/resource_table.h"

#include "gateway/store/rules.h"

#include <algorithm>

namespace vardbron::store {

namespace {

std::string_view bytes_of(const Sha256& digest) { return {reinterpret_cast<const char*>(digest.data()), digest.size()}; }

std::int64_t count_of(std::size_t size) { return static_cast<std::int64_t>(size); }

std::int64_t milliseconds(WallTime time) { return time.time_since_epoch().count(); }

/// 0: time alone does not change it.
std::int64_t next_of(const CaseTimes& times) { return times.next_change ? milliseconds(*times.next_change) : 0; }

std::int64_t newest(Statement& statement) {
  statement.query();
  const std::int64_t number = statement.next() ? statement.integer(0) : 0;
  statement.reset();
  return number;
}

}  // namespace

ResourceWriter::ResourceWriter(Database& database, NameTables& names, PendingKeys& pending)
    : names_(names),
      numbers_(database, names),
      pending_(pending),
      last_change_(database.prepare("SELECT number, at FROM change ORDER BY number DESC LIMIT 1")),
      last_link_(database.prepare("SELECT max(number) FROM link")),
      last_case_(database.prepare("SELECT max(id) FROM patient_case")),
      select_case_(database.prepare("SELECT id, version, link, seen, next, hidden_before FROM patient_case WHERE key=?")),
      insert_case_(
          database.prepare("INSERT INTO patient_case(id, version, link, seen, next, key, hidden_before) VALUES(?,?,?,?,?,?,?)")),
      update_case_(database.prepare("UPDATE patient_case SET version=?, link=?, seen=?, next=?, hidden_before=? WHERE id=?")),
      make_due_(database.prepare("UPDATE patient_case SET next=iif(next=0 OR next>?1, ?1, max(next-1, 1)) WHERE key=?2")),
      insert_link_(database.prepare("INSERT INTO link(number, previous, journal, happened, identity, kind, size, body) "
                                    "VALUES(?,?,?,?,?,?,?,?)")),
      select_(database.prepare("SELECT number, version, patient_case, audience, change, position, deleted, keys FROM resource "
                               "WHERE id=? AND type=?")),
      insert_(database.prepare("INSERT INTO resource(number, type, id, patient_case, version, at, deleted, audience, change, "
                               "position, digest, keys) VALUES(?,?,?,?,?,?,?,?,?,?,?,?)")),
      update_(database.prepare("UPDATE resource SET patient_case=?, version=?, at=?, deleted=?, audience=?, change=?, "
                               "position=?, digest=?, keys=? WHERE number=?")),
      insert_version_(database.prepare("INSERT INTO version(resource, version, change, position, audience) VALUES(?,?,?,?,?)")),
      insert_change_(database.prepare("INSERT INTO change(number, at, heads, size, bodies) VALUES(?,?,?,?,?)")) {}

void ResourceWriter::load() {
  last_change_.query();
  const bool any = last_change_.next();
  change_ = any ? last_change_.integer(0) : 0;
  if (any) last_time_ = std::max(last_time_, WallTime{std::chrono::milliseconds{last_change_.integer(1)}});
  last_change_.reset();
  link_ = newest(last_link_);
  numbers_.load();
  case_ = newest(last_case_);
}

Result<void> ResourceWriter::check(const Change& change) {
  checked_.clear();
  checked_cases_.clear();
  for (const CasePart* part : parts_of(change)) {
    Result<void> checked = check(*part);
    if (!checked) return checked;
  }
  return done();
}

Result<void> ResourceWriter::check(const CasePart& part) {
  CurrentCase of_part;
  if (!part.case_key.empty()) {
    of_part = look_up_case(part.case_key);
    if (of_part.version != part.case_version) return Failure{Cause::Conflict, "The case has changed since it was read.", ""};
    const bool is_of_then = of_part.seen == milliseconds(part.case_times.seen) && of_part.next == next_of(part.case_times);
    if (part.times && !is_of_then) return Failure{Cause::Conflict, "Time has passed in the case since it was read.", ""};
  }
  for (const ResourceWrite& write : part.resources) {
    Current current = look_up(write.type, write.id);
    if (current.version != write.expected_version) {
      return Failure{Cause::Conflict, "The resource has changed since it was read.", write.type + "/" + write.id};
    }
    const bool is_of_case = current.patient_case != 0 && current.patient_case == of_part.id;
    const bool is_others = current.version != 0 && !part.case_key.empty() && !is_of_case;
    if (is_others) return Failure{Cause::Invalid, "The resource does not belong to this case.", write.type + "/" + write.id};
    checked_.push_back(std::move(current));
  }
  checked_cases_.push_back(of_part);
  return done();
}

ResourceWriter::Current ResourceWriter::look_up(std::string_view type, std::string_view id) {
  const StoredId stored_id(id);
  Current current;
  select_.query(stored_id.column(), names_.find_type(type));
  if (select_.next()) {
    current = {select_.integer(0), select_.integer(1), select_.integer(2),      select_.integer(3),
               select_.integer(4), select_.integer(5), select_.integer(6) != 0, select_.string(7)};
  }
  select_.reset();
  return current;
}

ResourceWriter::CurrentCase ResourceWriter::look_up_case(const std::string& key) {
  CurrentCase current;
  select_case_.query(std::string_view(key));
  if (select_case_.next()) {
    current = {select_case_.integer(0), select_case_.integer(1), select_case_.integer(2),
               select_case_.integer(3), select_case_.integer(4), select_case_.integer(5)};
  }
  select_case_.reset();
  return current;
}

std::vector<ResourceVersion> ResourceWriter::write(const PreparedChange& prepared, std::int64_t journal_number, WallTime at) {
  const Change& change = prepared.change;
  last_time_ = at;
  numbers_.forget();
  const std::vector<const CasePart*> parts = parts_of(change);
  std::vector<std::int64_t> case_of_part;
  std::size_t resources = 0;
  auto body = prepared.links.begin();
  for (std::size_t part = 0; part < parts.size(); ++part) {
    case_of_part.push_back(write_links(*parts[part], checked_cases_[part], body, journal_number));
    resources += parts[part]->resources.size();
  }
  for (const std::string& each : change.due_cases) make_due_.run(milliseconds(at), std::string_view(each));
  std::vector<ResourceVersion> versions;
  if (resources == 0) return versions;
  pending_.begin(++change_, at);
  // First all numbers: resources of one change refer to one another.
  std::size_t index = 0;
  for (std::size_t part = 0; part < parts.size(); ++part) {
    for (const ResourceWrite& write : parts[part]->resources) {
      Current& current = checked_[index++];
      current.is_new = current.number == 0;
      if (current.is_new) current.number = numbers_.next_resource();
      pending_.place(current.number, current.version > 0 ? current.patient_case : case_of_part[part]);
      numbers_.note(write.type, write.id, current.number);
    }
  }
  std::vector<VersionHead> heads;
  for (std::size_t part = 0; part < parts.size(); ++part) {
    for (const ResourceWrite& write : parts[part]->resources) {
      const std::size_t at_index = heads.size();
      heads.push_back(write_one(write, prepared.digests[at_index], checked_[at_index], case_of_part[part], at_index, at));
      versions.push_back({write.type, write.id, heads.back().version});
    }
  }
  const std::string packed = pack_heads(heads);
  insert_change_.run(change_, milliseconds(at), Blob{packed}, count_of(prepared.bodies_size), Blob{prepared.bodies});
  pending_.end();
  return versions;
}

std::int64_t ResourceWriter::write_links(const CasePart& part, const CurrentCase& current,
                                         std::vector<std::string>::const_iterator& body, std::int64_t journal_number) {
  const bool touches = !part.links.empty() || !part.resources.empty() || part.times || part.hides_former_versions;
  if (part.case_key.empty() || !touches) return 0;
  std::int64_t previous = current.link;
  for (const ChainLink& link : part.links) {
    insert_link_.run(++link_, previous, journal_number, milliseconds(link.happened), std::string_view(link.identity),
                     std::string_view(link.kind), count_of(link.body.size()), Blob{*body++});
    previous = link_;
  }
  const std::int64_t version = part.case_version + count_of(part.links.size());
  std::int64_t seen = current.seen, next = current.next;
  if (part.times) {
    seen = milliseconds(part.times->seen);
    next = next_of(*part.times);
  }
  // What this change itself writes is not hidden.
  const std::int64_t hidden_before = part.hides_former_versions ? change_ + 1 : current.hidden_before;
  if (current.id != 0) {
    update_case_.run(version, previous, seen, next, hidden_before, current.id);
    return current.id;
  }
  insert_case_.run(++case_, version, previous, seen, next, std::string_view(part.case_key), hidden_before);
  return case_;
}

VersionHead ResourceWriter::write_one(const ResourceWrite& write, const Sha256& digest, Current& current,
                                      std::int64_t patient_case, std::size_t position, WallTime at) {
  const bool keeps_parties = write.deleted && write.parties.empty() && current.version > 0;
  const std::int64_t audience = keeps_parties ? current.audience : names_.make_audience(write.parties);
  std::optional<std::vector<StoredKey>> keys;
  if (!write.deleted) keys = numbers_.stored(write.type, write.keys);
  const std::string packed = keys ? pack(*keys) : std::string();
  const std::int64_t version = current.version + 1, of_case = current.version > 0 ? current.patient_case : patient_case;
  const std::int64_t type = names_.make_type(write.type);
  const std::int64_t now = milliseconds(at), deleted = write.deleted ? 1 : 0;
  const StoredId id(write.id);
  const Blob digest_bytes{bytes_of(digest)}, key_bytes{packed};
  if (current.is_new) {
    insert_.run(current.number, type, id.column(), of_case, version, now, deleted, audience, change_, count_of(position),
                digest_bytes, key_bytes);
  } else {
    update_.run(of_case, version, now, deleted, audience, change_, count_of(position), digest_bytes, key_bytes, current.number);
  }
  if (current.version > 0)
    insert_version_.run(current.number, current.version, current.change, current.position, current.audience);
  UnwrittenKeys unwritten{current.number, type, of_case, {}};
  if (current.version > 0 && !current.deleted) unwritten.before = {current.audience, current.keys};
  pending_.add(unwritten, audience, keys ? &*keys : nullptr);
  return {current.number, version, type, write.deleted ? 0 : write.body.size(), write.deleted};
}

}  // namespace vardbron::store
