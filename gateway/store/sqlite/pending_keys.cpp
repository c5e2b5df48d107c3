#include "gateway/store/sqlite/pending_keys.h"

#include "gateway/store/sqlite/varint.h"

#include <algorithm>
#include <iterator>
#include <set>

namespace vardbron::store {

void put_unwritten_keys(std::string& into, const UnwrittenKeys& keys) {
  for (const std::int64_t each : {keys.resource, keys.type, keys.patient_case}) put_signed(into, each);
  put_number(into, keys.before ? 1 : 0);
  if (!keys.before) return;
  put_signed(into, keys.before->audience);
  put_text(into, keys.before->keys);
}

std::vector<UnwrittenKeys> unpack_unwritten_keys(std::string_view packed) {
  std::vector<UnwrittenKeys> all;
  Unpacker bytes(packed);
  while (bytes.more()) {
    UnwrittenKeys keys;
    for (std::int64_t* each : {&keys.resource, &keys.type, &keys.patient_case}) *each = bytes.signed_number();
    if (bytes.number() != 0) {
      const std::int64_t audience = bytes.signed_number();
      keys.before = {audience, std::string(bytes.text())};
    }
    if (bytes.good()) all.push_back(std::move(keys));
  }
  return all;
}

PendingKeys::PendingKeys(Database& database, NameTables& names)
    : names_(names),
      keys_(database),
      dense_(database),
      insert_unwritten_(database.prepare("INSERT INTO unwritten_key(change, at, parties, resources) VALUES(?,?,?,?)")),
      select_unwritten_(database.prepare("SELECT change, at, parties, resources FROM unwritten_key ORDER BY change")),
      delete_unwritten_(database.prepare("DELETE FROM unwritten_key")),
      insert_change_key_(database.prepare("INSERT OR IGNORE INTO change_key(party, at, change) VALUES(?,?,?)")),
      select_resource_(database.prepare("SELECT type, patient_case, audience, deleted, keys FROM resource WHERE number=?")),
      select_owned_(
          database.prepare("SELECT keys FROM resource INDEXED BY resource_owner WHERE patient_case=? AND patient_case>0 "
                           "AND type=? AND audience=? AND version>0 AND deleted=0")),
      select_owner_(database.prepare("SELECT patient_case FROM resource WHERE number=?")) {}

void PendingKeys::load() {
  asked_.clear();
  shown_.clear();
  held_.clear();
  case_of_.clear();
  dense_.forget();
  changes_ = 0;
  std::set<std::int64_t> resources;
  select_unwritten_.query();
  while (select_unwritten_.next()) {
    ++changes_;
    load_parties(select_unwritten_.integer(0), select_unwritten_.integer(1), select_unwritten_.text(2));
    for (const UnwrittenKeys& each : unpack_unwritten_keys(select_unwritten_.text(3))) {
      resources.insert(each.resource);
      if (each.before) ask(each.type, rows_of(each, each.before->audience, each.before->keys), false);
    }
  }
  for (const std::int64_t each : resources) add_stored(each);
}

PendingKeys::Sorted::Sorted(const KeyRow& row, const Asked* of)
    : table(row.table), audience(row.audience), parameter(row.parameter), first(row.value + row.first), asked(of) {}

// A whole row is compared only where its beginning does not decide.
bool PendingKeys::Sorted::operator<(const Sorted& other) const {
  const auto begins =
      std::tie(table, audience, parameter, first) <=> std::tie(other.table, other.audience, other.parameter, other.first);
  if (begins != 0) return begins < 0;
  const std::partial_ordering order = asked->row <=> other.asked->row;
  return order != 0 ? order < 0 : asked < other.asked;
}

void PendingKeys::load_parties(std::int64_t change, std::int64_t at, std::string_view packed) {
  Unpacker bytes(packed);
  while (bytes.more()) {
    const std::int64_t party = bytes.signed_number();
    if (bytes.good()) shown_.push_back({party, at, change});
  }
}

void PendingKeys::add_stored(std::int64_t resource) {
  select_resource_.query(resource);
  if (select_resource_.next() && select_resource_.integer(3) == 0) {
    UnwrittenKeys now;
    now.resource = resource;
    now.type = select_resource_.integer(0);
    now.patient_case = select_resource_.integer(1);
    ask(now.type, rows_of(now, select_resource_.integer(2), select_resource_.string(4)), true);
  }
  select_resource_.reset();
}

void PendingKeys::begin(std::int64_t change, WallTime at) {
  change_ = change;
  at_ = at.time_since_epoch().count();
  parties_.clear();
  packed_.clear();
}

void PendingKeys::add(const UnwrittenKeys& change, std::int64_t audience, const std::vector<StoredKey>* keys) {
  put_unwritten_keys(packed_, change);
  std::vector<KeyRow> old, now;
  if (change.before) old = rows_of(change, change.before->audience, change.before->keys);
  if (keys != nullptr) now = key_rows(owner_of(change.patient_case, change.resource), audience, of_type(change.type), *keys);
  const auto difference = [](const std::vector<KeyRow>& left, const std::vector<KeyRow>& right) {
    std::vector<KeyRow> rows;
    std::set_difference(left.begin(), left.end(), right.begin(), right.end(), std::back_inserter(rows));
    return rows;
  };
  if (old.empty()) {
    ask(change.type, std::move(now), true);
  } else {
    ask(change.type, difference(old, now), false);
    ask(change.type, difference(now, old), true);
  }
  parties_.push_back(all_seeing);
  const std::vector<std::int64_t>& members = names_.members(audience);
  parties_.insert(parties_.end(), members.begin(), members.end());
}

void PendingKeys::end() {
  std::sort(parties_.begin(), parties_.end());
  parties_.erase(std::unique(parties_.begin(), parties_.end()), parties_.end());
  std::string parties;
  for (const std::int64_t each : parties_) {
    shown_.push_back({each, at_, change_});
    put_signed(parties, each);
  }
  insert_unwritten_.run(change_, at_, Blob{parties}, Blob{packed_});
  ++changes_;
}

std::int64_t PendingKeys::of_type(std::int64_t type) { return names_.make_parameter(type, type_parameter); }

std::vector<KeyRow> PendingKeys::rows_of(const UnwrittenKeys& of, std::int64_t audience, std::string_view packed) {
  std::vector<StoredKey> keys = unpack_stored_keys(packed);
  names_.complete(keys);
  return key_rows(owner_of(of.patient_case, of.resource), audience, of_type(of.type), keys);
}

void PendingKeys::ask(std::int64_t type, std::vector<KeyRow> rows, bool is_added) {
  for (KeyRow& row : rows) asked_.push_back({type, std::move(row), is_added});
}

// Of several changes of one row the last one counts. Rows that are adjacent are written one after the other.
void PendingKeys::write() {
  std::vector<Sorted> sorted;
  sorted.reserve(asked_.size());
  for (const Asked& each : asked_) sorted.push_back({each.row, &each});
  std::sort(sorted.begin(), sorted.end());
  for (std::size_t at = 0; at < sorted.size(); ++at) {
    const Asked& asked = *sorted[at].asked;
    if (at + 1 < sorted.size() && sorted[at + 1].asked->row == asked.row) continue;
    if (asked.is_added || is_held(asked)) {
      insert(asked.row);
    } else if (keys_.erase(asked.row)) {
      dense_.removed(asked.row);
    }
  }
  std::sort(shown_.begin(), shown_.end());
  for (const ShownChange& each : shown_) insert_change_key_.run(each.party, each.at, each.change);
  delete_unwritten_.run();
  asked_.clear();
  shown_.clear();
  held_.clear();
  case_of_.clear();
  names_.forget_new_tokens();
  changes_ = 0;
}

void PendingKeys::insert(const KeyRow& row) {
  if (is_of_same_case(row)) return;
  if (row.table == KeyRow::Table::Token && names_.is_new_token(row.value)) dense_.is_new(row);
  if (!dense_.is_dense(row) && keys_.insert(row)) dense_.added(row);
}

/// Another resource of the case has the value too.
bool PendingKeys::is_held(const Asked& asked) {
  const KeyRow& row = asked.row;
  if (row.owner < 0) return false;
  auto [held, is_new] = held_.try_emplace({row.owner, asked.type, row.audience});
  if (is_new) {
    std::vector<KeyRow>& all = held->second;
    UnwrittenKeys of;
    of.type = asked.type;
    of.patient_case = row.owner;
    select_owned_.query(row.owner, asked.type, row.audience);
    while (select_owned_.next()) {
      std::vector<KeyRow> rows = rows_of(of, row.audience, select_owned_.text(0));
      std::move(rows.begin(), rows.end(), std::back_inserter(all));
    }
    std::sort(all.begin(), all.end());
  }
  return std::binary_search(held->second.begin(), held->second.end(), row);
}

/// What resources of one case refer to in it is found by the case.
bool PendingKeys::is_of_same_case(const KeyRow& reference) {
  if (reference.table != KeyRow::Table::Reference || reference.owner < 0) return false;
  auto [found, is_new] = case_of_.try_emplace(reference.value);
  if (is_new) {
    select_owner_.query(reference.value);
    if (select_owner_.next()) found->second = select_owner_.integer(0);
    select_owner_.reset();
  }
  return found->second == reference.owner;
}

}  // namespace vardbron::store
