#include "gateway/store/sqlite/resource_table.h"

#include "gateway/store/rules.h"

#include <algorithm>

namespace vardbron::store {

namespace {

constexpr int type_bits = 8;

std::string_view bytes_of(const Sha256& digest) { return {reinterpret_cast<const char*>(digest.data()), digest.size()}; }

std::int64_t count_of(std::string_view bytes) { return static_cast<std::int64_t>(bytes.size()); }

bool is_posted(const search::Key& key) {
  using search::KeyKind;
  bool exact = key.kind == KeyKind::Token || key.kind == KeyKind::Reference || key.kind == KeyKind::Uri;
  return exact && !key.common && !key.value.empty();
}

std::int64_t milliseconds(WallTime time) { return time.time_since_epoch().count(); }

}  // namespace

ResourceWriter::ResourceWriter(Database& database, Terms& terms)
    : terms_(terms),
      last_change_(database.prepare("SELECT change, at FROM version ORDER BY change DESC LIMIT 1")),
      last_link_(database.prepare("SELECT max(number) FROM link")),
      select_case_(database.prepare("SELECT version, link, seen, next FROM patient_case WHERE id=?")),
      insert_case_(database.prepare("INSERT INTO patient_case(id, version, link, key, seen, next) VALUES(?,?,?,?,?,?)")),
      update_case_(database.prepare("UPDATE patient_case SET version=?, link=?, seen=?, next=? WHERE id=?")),
      insert_link_(database.prepare("INSERT INTO link(number, previous, journal, happened, identity, kind, size, body) "
                                    "VALUES(?,?,?,?,?,?,?,?)")),
      select_(database.prepare("SELECT version, change, terms FROM resource WHERE id=?")),
      parties_(database.prepare("SELECT parties FROM version WHERE change=?")),
      insert_(database.prepare("INSERT INTO resource(id, version, change, digest, terms, name) VALUES(?,?,?,?,?,?)")),
      update_(database.prepare("UPDATE resource SET version=?, change=?, digest=?, terms=? WHERE id=?")),
      insert_version_(
          database.prepare("INSERT INTO version(change, resource, version, previous, at, deleted, patient_case, parties, "
                           "keys, size, body) VALUES(?,?,?,?,?,?,?,?,?,?,?)")),
      insert_posting_(database.prepare("INSERT INTO posting(term, resource) VALUES(?,?)")),
      delete_posting_(database.prepare("DELETE FROM posting WHERE term=? AND resource=?")) {}

void ResourceWriter::load() {
  last_change_.query();
  bool any = last_change_.next();
  change_ = any ? last_change_.integer(0) : 0;
  if (any) last_time_ = std::max(last_time_, WallTime{std::chrono::milliseconds{last_change_.integer(1)}});
  last_change_.reset();
  last_link_.query();
  link_ = last_link_.next() ? last_link_.integer(0) : 0;
  last_link_.reset();
}

Result<void> ResourceWriter::check(const Change& change) {
  checked_.clear();
  checked_case_ = {};
  if (!change.case_key.empty()) {
    checked_case_ = look_up_case(change.case_key);
    if (checked_case_.version != change.case_version) {
      return Failure{Cause::Conflict, "The case has changed since it was read.", ""};
    }
    if (change.times && checked_case_.seen != milliseconds(change.case_seen)) {
      return Failure{Cause::Conflict, "Time has passed in the case since it was read.", ""};
    }
  }
  for (const ResourceWrite& write : change.resources) {
    checked_.push_back(look_up(write));
    if (checked_.back().version != write.expected_version) {
      return Failure{Cause::Conflict, "The resource has changed since it was read.", write.type + "/" + write.id};
    }
  }
  return done();
}

ResourceWriter::Current ResourceWriter::look_up(const ResourceWrite& write) {
  Current current;
  std::int64_t type = terms_.find_type(write.type);
  std::int64_t term = type == 0 ? 0 : terms_.find(resource_term(write.type, write.id));
  if (term == 0) return current;
  std::int64_t id = (term << type_bits) | type;
  select_.query(id);
  if (select_.next()) {
    current.id = id;
    current.version = select_.integer(0);
    current.change = select_.integer(1);
    current.terms = unpack_numbers(select_.text(2));
  }
  select_.reset();
  return current;
}

ResourceWriter::CurrentCase ResourceWriter::look_up_case(const std::string& key) {
  CurrentCase current;
  std::int64_t term = terms_.find(case_term(key));
  if (term == 0) return current;
  select_case_.query(term);
  if (select_case_.next()) {
    current.id = term;
    current.version = select_case_.integer(0);
    current.link = select_case_.integer(1);
    current.seen = select_case_.integer(2);
    current.next = select_case_.integer(3);
  }
  select_case_.reset();
  return current;
}

std::vector<ResourceVersion> ResourceWriter::write(const PreparedChange& prepared, std::int64_t journal_number, WallTime at,
                                                   Squeezer& squeezer) {
  const Change& change = prepared.change;
  last_time_ = at;
  std::int64_t case_id = write_links(change, journal_number, squeezer);
  std::vector<ResourceVersion> versions;
  versions.reserve(change.resources.size());
  for (std::size_t at_write = 0; at_write < change.resources.size(); ++at_write) {
    versions.push_back(
        write_one(change.resources[at_write], prepared.writes[at_write], checked_[at_write], case_id, at, squeezer));
  }
  return versions;
}

std::int64_t ResourceWriter::write_links(const Change& change, std::int64_t journal_number, Squeezer& squeezer) {
  if (change.case_key.empty() || (change.links.empty() && change.resources.empty() && !change.times)) return 0;
  std::int64_t previous = checked_case_.link;
  for (const ChainLink& link : change.links) {
    std::string_view body = squeezer.squeeze(link.body);
    insert_link_.run(++link_, previous, journal_number, link.happened.time_since_epoch().count(), std::string_view(link.identity),
                     std::string_view(link.kind), count_of(link.body), Blob{body});
    previous = link_;
  }
  std::int64_t version = change.case_version + static_cast<std::int64_t>(change.links.size());
  std::int64_t seen = checked_case_.seen, next = checked_case_.next;
  if (change.times) {
    seen = milliseconds(change.times->seen);
    next = change.times->next_change ? milliseconds(*change.times->next_change) : 0;
  }
  if (checked_case_.id != 0) {
    update_case_.run(version, previous, seen, next, checked_case_.id);
    return checked_case_.id;
  }
  std::int64_t id = terms_.make(case_term(change.case_key));
  insert_case_.run(id, version, previous, std::string_view(change.case_key), seen, next);
  return id;
}

ResourceVersion ResourceWriter::write_one(const ResourceWrite& write, const PreparedChange::Write& prepared, Current& current,
                                          std::int64_t case_id, WallTime at, Squeezer& squeezer) {
  bool is_new = current.id == 0;
  if (is_new) current.id = (terms_.make(resource_term(write.type, write.id)) << type_bits) | terms_.make_type(write.type);
  std::string parties = prepared.parties;
  if (write.deleted && parties.empty() && !is_new) {
    parties_.query(current.change);
    if (parties_.next()) parties = parties_.string(0);
    parties_.reset();
  }
  std::int64_t version = current.version + 1;
  std::int64_t change = ++change_;
  std::string_view body = write.deleted ? std::string_view() : squeezer.squeeze(write.body);
  insert_version_.run(change, current.id, version, current.change, at.time_since_epoch().count(),
                      static_cast<std::int64_t>(write.deleted), case_id, std::string_view(parties), Blob{prepared.keys},
                      write.deleted ? std::int64_t{0} : count_of(write.body), Blob{body});
  std::vector<std::int64_t> terms = terms_of(write, case_id, current);
  std::string packed = pack_numbers(terms);
  if (is_new) {
    insert_.run(current.id, version, change, Blob{bytes_of(prepared.digest)}, Blob{packed}, std::string_view(write.id));
  } else {
    update_.run(version, change, Blob{bytes_of(prepared.digest)}, Blob{packed}, current.id);
  }
  post(current.id, current.terms, terms);
  return {write.type, write.id, version};
}

std::vector<std::int64_t> ResourceWriter::terms_of(const ResourceWrite& write, std::int64_t case_id, const Current& current) {
  std::vector<std::int64_t> terms;
  if (case_id != 0) terms.push_back(-case_id);
  for (std::int64_t term : current.terms) {
    if (term < 0) terms.push_back(term);  // once of a case, always of that case
  }
  if (!write.deleted) {
    for (const search::Key& key : write.keys) {
      if (is_posted(key)) terms.push_back(terms_.make(key.value));
      if (key.common) terms_.note_common(key.parameter);
    }
    for (const std::string& party : write.parties) terms.push_back(terms_.make(party));
  }
  std::sort(terms.begin(), terms.end());
  terms.erase(std::unique(terms.begin(), terms.end()), terms.end());
  return terms;
}

void ResourceWriter::post(std::int64_t resource, const std::vector<std::int64_t>& before,
                          const std::vector<std::int64_t>& after) {
  for (std::int64_t term : after) {
    if (!std::binary_search(before.begin(), before.end(), term)) insert_posting_.run(term, resource);
  }
  for (std::int64_t term : before) {
    if (!std::binary_search(after.begin(), after.end(), term)) delete_posting_.run(term, resource);
  }
}

}  // namespace vardbron::store
