#include "gateway/store/sqlite/resource_table.h"

#include "gateway/base/check.h"
#include "gateway/store/rules.h"

#include <algorithm>

namespace vardbron::store {

namespace {

std::string_view bytes_of(const Sha256& digest) { return {reinterpret_cast<const char*>(digest.data()), digest.size()}; }

std::int64_t count_of(std::size_t size) { return static_cast<std::int64_t>(size); }

bool is_posted(const search::Key& key) {
  using search::KeyKind;
  bool exact = key.kind == KeyKind::Token || key.kind == KeyKind::Reference || key.kind == KeyKind::Uri;
  return exact && !key.common && !key.value.empty();
}

std::int64_t milliseconds(WallTime time) { return time.time_since_epoch().count(); }

}  // namespace

ResourceWriter::ResourceWriter(Database& database, HashIndex& terms)
    : hash_index_(terms),
      last_change_(database.prepare("SELECT number, at FROM change ORDER BY number DESC LIMIT 1")),
      last_link_(database.prepare("SELECT max(number) FROM link")),
      last_resource_(database.prepare("SELECT max(number) FROM resource")),
      last_case_(database.prepare("SELECT max(id) FROM patient_case")),
      select_case_(database.prepare("SELECT version, link, seen, next FROM patient_case WHERE id=? AND key=?")),
      insert_case_(database.prepare("INSERT INTO patient_case(id, version, link, seen, next, key) VALUES(?,?,?,?,?,?)")),
      update_case_(database.prepare("UPDATE patient_case SET version=?, link=?, seen=?, next=? WHERE id=?")),
      insert_link_(database.prepare("INSERT INTO link(number, previous, journal, happened, identity, kind, size, body) "
                                    "VALUES(?,?,?,?,?,?,?,?)")),
      groups_(database.prepare("SELECT member FROM posting WHERE term=?")),
      rows_(database.prepare("SELECT number, version, place, id FROM resource WHERE number BETWEEN ? AND ?")),
      parties_(database.prepare("SELECT parties FROM resource WHERE number=?")),
      insert_(database.prepare("INSERT INTO resource(number, version, place, at, deleted, id, parties, digest, keys) "
                               "VALUES(?,?,?,?,?,?,?,?,?)")),
      update_(database.prepare(
          "UPDATE resource SET version=?, place=?, at=?, deleted=?, parties=?, digest=?, keys=? WHERE number=?")),
      insert_change_(database.prepare("INSERT INTO change(number, at, heads, size, bodies) VALUES(?,?,?,?,?)")),
      insert_posting_(database.prepare("INSERT OR IGNORE INTO posting(term, member) VALUES(?,?)")) {}

void ResourceWriter::load() {
  auto newest = [](Statement& statement) {
    statement.query();
    std::int64_t number = statement.next() ? statement.integer(0) : 0;
    statement.reset();
    return number;
  };
  last_change_.query();
  bool any = last_change_.next();
  change_ = any ? last_change_.integer(0) : 0;
  if (any) last_time_ = std::max(last_time_, WallTime{std::chrono::milliseconds{last_change_.integer(1)}});
  last_change_.reset();
  link_ = newest(last_link_);
  group_ = std::max(group_of(newest(last_resource_)), newest(last_case_));
}

Result<void> ResourceWriter::check(const Change& change) {
  checked_.clear();
  checked_case_ = {};
  known_groups_.clear();
  known_rows_.clear();
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
    const Current current = look_up(write);
    if (current.version != write.expected_version) {
      return Failure{Cause::Conflict, "The resource has changed since it was read.", write.type + "/" + write.id};
    }
    if (current.number != 0 && !change.case_key.empty() && group_of(current.number) != checked_case_.group) {
      return Failure{Cause::Invalid, "The resource does not belong to this case.", write.type + "/" + write.id};
    }
    checked_.push_back(current);
  }
  if (!has_numbers_for_new(change)) {
    return Failure{Cause::TooLarge, "The case holds as many resources as the store takes of one case.", ""};
  }
  return done();
}

bool ResourceWriter::has_numbers_for_new(const Change& change) {
  if (change.case_key.empty()) return true;
  const auto fresh = std::count_if(checked_.begin(), checked_.end(), [](const Current& each) { return each.number == 0; });
  if (fresh == 0) return true;
  std::int64_t last = 0;
  if (checked_case_.group != 0) {
    const std::vector<Row>& rows = rows_of(checked_case_.group);
    if (!rows.empty()) last = (rows.back().current.number - first_of_group(checked_case_.group)) >> type_bits;
  }
  return last + fresh < (std::int64_t{1} << slot_bits);
}

const std::vector<std::int64_t>& ResourceWriter::groups_of(std::int64_t term) {
  auto [found, is_new] = known_groups_.try_emplace(term);
  if (!is_new) return found->second;
  groups_.query(term);
  while (groups_.next()) found->second.push_back(groups_.integer(0));
  return found->second;
}

const std::vector<ResourceWriter::Row>& ResourceWriter::rows_of(std::int64_t group) {
  auto [found, is_new] = known_rows_.try_emplace(group);
  if (!is_new) return found->second;
  rows_.query(first_of_group(group), last_of_group(group));
  while (rows_.next()) {
    found->second.push_back({{rows_.integer(0), rows_.integer(1), rows_.integer(2)}, rows_.string(3)});
  }
  return found->second;
}

ResourceWriter::Current ResourceWriter::look_up(const ResourceWrite& write) {
  const std::int64_t type = hash_index_.find_type(write.type);
  if (type == 0) return {};
  for (std::int64_t group : groups_of(hash_index_.of_name(write.type, write.id))) {
    for (const Row& row : rows_of(group)) {
      if ((row.current.number & type_mask) == type && row.id == write.id) return row.current;
    }
  }
  return {};
}

ResourceWriter::CurrentCase ResourceWriter::look_up_case(const std::string& key) {
  for (std::int64_t group : groups_of(hash_index_.of_case(key))) {
    select_case_.query(group, std::string_view(key));
    if (!select_case_.next()) continue;
    CurrentCase current{group, select_case_.integer(0), select_case_.integer(1), select_case_.integer(2),
                        select_case_.integer(3)};
    select_case_.reset();
    return current;
  }
  return {};
}

std::vector<ResourceVersion> ResourceWriter::write(const PreparedChange& prepared, std::int64_t journal_number, WallTime at) {
  const Change& change = prepared.change;
  last_time_ = at;
  slots_.clear();
  postings_.clear();
  std::int64_t group = write_links(prepared, journal_number);
  std::vector<ResourceVersion> versions;
  if (change.resources.empty()) {
    post();
    return versions;
  }
  ++change_;
  std::vector<VersionHead> heads;
  for (std::size_t index = 0; index < change.resources.size(); ++index) {
    const ResourceWrite& write = change.resources[index];
    const Current& current = checked_[index];
    VersionHead head{current.number, current.version + 1, current.place, write.deleted ? 0 : write.body.size(), write.deleted};
    if (head.resource == 0) head.resource = new_number(group, write);
    write_one(write, prepared.writes[index], head, change_ << index_bits | count_of(index), at);
    heads.push_back(head);
    versions.push_back({write.type, write.id, head.version});
  }
  std::string packed = pack_heads(heads);
  insert_change_.run(change_, at.time_since_epoch().count(), Blob{packed}, count_of(prepared.bodies_size), Blob{prepared.bodies});
  post();
  return versions;
}

std::int64_t ResourceWriter::write_links(const PreparedChange& prepared, std::int64_t journal_number) {
  const Change& change = prepared.change;
  if (change.case_key.empty() || (change.links.empty() && change.resources.empty() && !change.times)) return 0;
  std::int64_t previous = checked_case_.link;
  for (std::size_t index = 0; index < change.links.size(); ++index) {
    const ChainLink& link = change.links[index];
    insert_link_.run(++link_, previous, journal_number, link.happened.time_since_epoch().count(), std::string_view(link.identity),
                     std::string_view(link.kind), count_of(link.body.size()), Blob{prepared.links[index]});
    previous = link_;
  }
  std::int64_t version = change.case_version + count_of(change.links.size());
  std::int64_t seen = checked_case_.seen, next = checked_case_.next;
  if (change.times) {
    seen = milliseconds(change.times->seen);
    next = change.times->next_change ? milliseconds(*change.times->next_change) : 0;
  }
  if (checked_case_.group != 0) {
    update_case_.run(version, previous, seen, next, checked_case_.group);
    return checked_case_.group;
  }
  std::int64_t group = ++group_;
  insert_case_.run(group, version, previous, seen, next, std::string_view(change.case_key));
  postings_.push_back({hash_index_.of_case(change.case_key), group});
  return group;
}

// In its case's group; a resource of no case begins one of its own.
std::int64_t ResourceWriter::new_number(std::int64_t group, const ResourceWrite& write) {
  if (group == 0) group = ++group_;
  auto [slot, is_first] = slots_.try_emplace(group, 0);
  if (is_first) {
    const std::vector<Row>& rows = rows_of(group);
    if (!rows.empty()) slot->second = (rows.back().current.number - first_of_group(group)) >> type_bits;
  }
  ++slot->second;
  CHECK(slot->second < (std::int64_t{1} << slot_bits));  // ensured by check()
  return first_of_group(group) | slot->second << type_bits | hash_index_.make_type(write.type);
}

void ResourceWriter::write_one(const ResourceWrite& write, const PreparedChange::Write& prepared, const VersionHead& head,
                               std::int64_t place, WallTime at) {
  std::string parties = prepared.parties;
  if (write.deleted && parties.empty() && head.version > 1) {
    parties_.query(head.resource);
    if (parties_.next()) parties = parties_.string(0);
    parties_.reset();
  }
  const auto deleted = static_cast<std::int64_t>(write.deleted);
  const std::int64_t now = at.time_since_epoch().count();
  const Blob digest{bytes_of(prepared.digest)}, keys{prepared.keys};
  if (head.version == 1) {
    insert_.run(head.resource, head.version, place, now, deleted, std::string_view(write.id), std::string_view(parties), digest,
                keys);
  } else {
    update_.run(head.version, place, now, deleted, std::string_view(parties), digest, keys, head.resource);
  }
  collect_terms(write, group_of(head.resource));
}

void ResourceWriter::collect_terms(const ResourceWrite& write, std::int64_t group) {
  postings_.push_back({hash_index_.of_name(write.type, write.id), group});
  if (write.deleted) return;
  for (const search::Key& key : write.keys) {
    if (is_posted(key)) postings_.push_back({hash_index_.of(key.value), group});
    if (key.common) hash_index_.note_common(key.parameter);
  }
  for (const std::string& party : write.parties) postings_.push_back({hash_index_.of(party), group});
}

void ResourceWriter::post() {
  std::sort(postings_.begin(), postings_.end());
  postings_.erase(std::unique(postings_.begin(), postings_.end()), postings_.end());
  for (const Posting& posting : postings_) insert_posting_.run(posting.term, posting.group);
}

}  // namespace vardbron::store
