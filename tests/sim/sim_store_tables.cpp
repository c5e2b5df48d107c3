#include "tests/sim/sim_store_tables.h"

#include "gateway/base/limits.h"
#include "gateway/base/uuid.h"
#include "gateway/store/chain.h"
#include "gateway/store/meta.h"
#include "gateway/store/rules.h"

#include <algorithm>

namespace vardbron::sim {

using store::AuditRow;
using store::Case;
using store::Change;
using store::Committed;
using store::Event;
using store::JournalEntry;
using store::Outcome;
using store::Resource;
using store::SubscriptionState;

Result<Committed> SimTables::commit(const Change& change, WallTime now, Random& random) {
  Result<void> checked = check_current(change);
  if (!checked) return std::move(checked).failure();
  Committed committed;
  committed.at = tick(now);
  if (change.journal) {
    JournalEntry& entry = append_journal(*change.journal, random);
    committed.journal_number = entry.number;
  } else {
    committed.journal_number = change.journal_number;
  }
  if (committed.journal_number != 0) {
    JournalEntry& entry = journal_[static_cast<std::size_t>(committed.journal_number - 1)];
    entry.outcome = change.outcome;
    entry.receipt = change.receipt;
    committed.journal_id = entry.id;
  }
  for (const store::CasePart* part : store::parts_of(change)) {
    if (part->hides_former_versions) {
      for (auto& [name, versions] : resources_)
        if (versions.front().resource.case_key == part->case_key)
          for (Version& version : versions) version.hidden_when_former = true;
    }
    for (const store::ResourceWrite& resource : part->resources)
      committed.versions.push_back({resource.type, resource.id, write(resource, part->case_key, committed.at)});
    append_links(*part, committed.journal_number);
  }
  for (const std::string& each : change.due_cases) make_due(each, committed.at);
  for (const store::EventWrite& event : change.events) {
    committed.events.push_back(append_event(event, committed.at));
  }
  audit(change.audit, now);
  return committed;
}

Result<void> SimTables::check_current(const Change& change) const {
  Result<void> checked = store::check_change(change);
  if (!checked) return checked;
  if (change.journal_number < 0 || change.journal_number > static_cast<std::int64_t>(journal_.size())) {
    return Failure{Cause::NotFound, "There is no such journal entry.", ""};
  }
  for (const store::CasePart* part : store::parts_of(change)) {
    checked = check_part(*part);
    if (!checked) return checked;
  }
  return done();
}

Result<void> SimTables::check_part(const store::CasePart& part) const {
  if (!part.case_key.empty()) {
    auto found = cases_.find(part.case_key);
    std::size_t version = found == cases_.end() ? 0 : found->second.links.size();
    if (static_cast<std::int64_t>(version) != part.case_version) {
      return Failure{Cause::Conflict, "The case has changed since it was read.", ""};
    }
    if (part.times && part.case_times != (found == cases_.end() ? store::CaseTimes{} : found->second.times)) {
      return Failure{Cause::Conflict, "Time has passed in the case since it was read.", ""};
    }
  }
  for (const store::ResourceWrite& write : part.resources) {
    auto found = resources_.find({write.type, write.id});
    std::size_t version = found == resources_.end() ? 0 : found->second.size();
    if (static_cast<std::int64_t>(version) != write.expected_version) {
      return Failure{Cause::Conflict, "The resource has changed since it was read.", write.type + "/" + write.id};
    }
    bool is_others = version > 0 && !part.case_key.empty() && found->second.front().resource.case_key != part.case_key;
    if (is_others) return Failure{Cause::Invalid, "The resource does not belong to this case.", write.type + "/" + write.id};
  }
  return done();
}

JournalEntry& SimTables::append_journal(const store::RawMessage& message, Random& random) {
  JournalEntry entry;
  entry.number = static_cast<std::int64_t>(journal_.size()) + 1;
  entry.id = to_string(uuid_v7(message.received, random));
  entry.message = message;
  journal_chain_ = store::chain_link(journal_chain_, entry, sha256(message.body));
  entry.chain = to_hex(journal_chain_);
  journal_.push_back(std::move(entry));
  return journal_.back();
}

bool SimTables::may_see(const store::Reader& reader, const std::vector<std::string>& parties) const {
  const bool is_for_all = std::find(parties.begin(), parties.end(), store::every_organisation) != parties.end();
  return store::may_see(reader, parties) || (is_for_all && parties_.contains(reader.organisation));
}

std::int64_t SimTables::write(const store::ResourceWrite& write, const std::string& case_key, WallTime at) {
  std::vector<Version>& versions = resources_[{write.type, write.id}];
  Version version;
  version.change = ++changes_;
  version.digest = to_hex(sha256(write.body));
  version.keys = write.keys;
  store::add_own_keys(version.keys, write.id, at);
  version.parties = write.parties;
  parties_.insert(write.parties.begin(), write.parties.end());
  if (write.deleted && write.parties.empty() && !versions.empty()) version.parties = versions.back().parties;
  const std::string& of_case = versions.empty() ? case_key : versions.front().resource.case_key;
  version.resource = Resource{write.type, write.id, write.expected_version + 1, at, write.deleted, of_case, {}};
  if (!write.deleted) version.resource.body = store::with_meta(write.body, version.resource.version, at);
  versions.push_back(std::move(version));
  return versions.back().resource.version;
}

void SimTables::append_links(const store::CasePart& part, std::int64_t journal_number) {
  if (part.case_key.empty()) return;
  bool touched = !part.links.empty() || !part.resources.empty() || part.times;
  if (!touched) return;
  CaseRow& row = cases_[part.case_key];
  if (part.times) set_times(part.case_key, row, *part.times);
  for (store::ChainLink link : part.links) {
    link.journal_number = journal_number;
    row.links.push_back(std::move(link));
  }
  for (const store::ResourceWrite& write : part.resources) {
    Name name{write.type, write.id};
    if (std::find(row.resources.begin(), row.resources.end(), name) == row.resources.end()) row.resources.push_back(name);
  }
}

void SimTables::set_times(const std::string& case_key, CaseRow& row, const store::CaseTimes& times) {
  if (row.times.next_change) due_.erase({*row.times.next_change, case_key});
  row.times = times;
  if (row.times.next_change) due_.insert({*row.times.next_change, case_key});
}

void SimTables::make_due(const std::string& case_key, WallTime at) {
  auto found = cases_.find(case_key);
  if (found == cases_.end()) return;
  store::CaseTimes times = found->second.times;
  const bool is_due = times.next_change && *times.next_change <= at;
  times.next_change = is_due ? *times.next_change - std::chrono::milliseconds(1) : at;
  set_times(case_key, found->second, times);
}

// Each subscription has its own rows here: what is shared is a matter of stores that write to disks.
store::CommittedEvent SimTables::append_event(const store::EventWrite& event, WallTime at) {
  auto before = std::make_shared<std::vector<std::int64_t>>();
  for (const std::string& id : event.to->subscriptions) {
    SubscriptionState& state = subscriptions_[id];
    if (state.id.empty()) {
      state.id = id;
      state.status = "requested";
    }
    Event row;
    row.subscription = id;
    row.number = ++state.events;
    row.at = at;
    row.topic = event.topic;
    row.case_key = event.case_key;
    row.focus = event.focus;
    row.context = event.context;
    events_[id].push_back(std::move(row));
    before->push_back(-state.events);
  }
  return {event.to, 0, std::move(before)};
}

// The store's time never goes back, so that _lastUpdated orders what was written.
WallTime SimTables::tick(WallTime now) {
  last_ = store::next_time(last_, now);
  return last_;
}

Result<JournalEntry> SimTables::journal(const store::RawMessage& message, WallTime now, Random& random) {
  tick(now);
  return append_journal(message, random);
}

Result<JournalEntry> SimTables::find_message(const std::string& sender, const std::string& identity) const {
  auto same = [&](const JournalEntry& entry) { return entry.message.sender == sender && entry.message.identity == identity; };
  auto found = std::find_if(journal_.rbegin(), journal_.rend(), same);
  if (identity.empty() || found == journal_.rend()) return Failure{Cause::NotFound, "There is no such message.", ""};
  return *found;
}

Result<JournalEntry> SimTables::journal_entry(std::int64_t number) const {
  if (number < 1 || number > static_cast<std::int64_t>(journal_.size())) {
    return Failure{Cause::NotFound, "There is no such journal entry.", ""};
  }
  return journal_[static_cast<std::size_t>(number - 1)];
}

Result<JournalEntry> SimTables::journal_entry(std::string_view sender, std::string_view id) const {
  auto same = [&](const JournalEntry& entry) { return entry.id == id && entry.message.sender == sender; };
  auto found = std::ranges::find_if(journal_, same);
  if (found == journal_.end()) return Failure{Cause::NotFound, "There is no such journal entry.", ""};
  return *found;
}

std::vector<JournalEntry> SimTables::journal_entries(Outcome outcome, std::int64_t after, std::size_t count) const {
  std::vector<JournalEntry> entries;
  for (const JournalEntry& entry : journal_) {
    if (entries.size() == count) break;
    if (entry.number > after && entry.outcome == outcome) entries.push_back(entry);
  }
  return entries;
}

Result<std::int64_t> SimTables::verify_journal() const {
  Sha256 chain{};
  for (const JournalEntry& entry : journal_) {
    chain = store::chain_link(chain, entry, sha256(entry.message.body));
    if (to_hex(chain) != entry.chain) {
      return Failure{Cause::Broken, "Journal entry " + std::to_string(entry.number) + " does not fit the chain.", ""};
    }
  }
  return static_cast<std::int64_t>(journal_.size());
}

Case SimTables::load_case(const std::string& key, std::size_t links_max, const std::optional<store::KnownCase>& known) const {
  Case loaded;
  loaded.key = key;
  auto found = cases_.find(key);
  if (found == cases_.end()) return loaded;
  loaded.times = found->second.times;
  loaded.version = static_cast<std::int64_t>(found->second.links.size());
  loaded.is_as_known = known && known->version == loaded.version && known->times == loaded.times;
  loaded.is_long = !loaded.is_as_known && found->second.links.size() > links_max;
  if (loaded.is_as_known || loaded.is_long) return loaded;
  loaded.links = found->second.links;
  for (const Name& name : found->second.resources) {
    const Version& newest = resources_.at(name).back();
    loaded.resources.push_back({name.first, name.second, newest.resource.version, newest.digest});
  }
  return loaded;
}

std::vector<store::CaseDue> SimTables::cases_due(const store::CaseDue& after, std::size_t count) const {
  std::vector<store::CaseDue> due;
  for (auto each = due_.upper_bound(after); each != due_.end() && due.size() < count; ++each) due.push_back(*each);
  return due;
}

std::vector<store::CaseDue> SimTables::cases_seen(const store::CaseDue& after, std::size_t count) const {
  std::vector<store::CaseDue> seen;
  for (const auto& [key, row] : cases_) {
    store::CaseDue one{row.times.seen, key};
    if (one > after) seen.push_back(std::move(one));
  }
  std::sort(seen.begin(), seen.end());
  if (seen.size() > count) seen.resize(count);
  return seen;
}

Result<Resource> SimTables::read(const store::Reader& reader, const std::string& type, const std::string& id,
                                 std::int64_t version) const {
  auto found = resources_.find({type, id});
  if (found == resources_.end() || !may_see(reader, found->second.back().parties)) return store::not_found();
  if (damaged_.contains({type, id})) return Failure{Cause::Broken, "A stored body cannot be unpacked.", ""};
  const std::vector<Version>& versions = found->second;
  if (version < 0 || version > static_cast<std::int64_t>(versions.size())) return store::not_found();
  const std::size_t at = version == 0 ? versions.size() - 1 : static_cast<std::size_t>(version - 1);
  if (!may_see_version(reader, versions, at)) return store::not_found();
  const Resource& resource = versions[at].resource;
  if (resource.deleted) return Failure{Cause::Gone, "The resource was deleted.", ""};
  return resource;
}

// Who may see the newest one.
bool SimTables::may_see_version(const store::Reader& reader, const std::vector<Version>& versions, std::size_t at) const {
  if (at + 1 == versions.size()) return true;
  return !versions[at].hidden_when_former && may_see(reader, versions[at].parties);
}

std::vector<SubscriptionState> SimTables::subscriptions() const {
  std::vector<SubscriptionState> all;
  for (const auto& [id, state] : subscriptions_) all.push_back(state);
  return all;
}

Result<SubscriptionState> SimTables::subscription(const std::string& id) const {
  auto found = subscriptions_.find(id);
  if (found == subscriptions_.end()) return Failure{Cause::NotFound, "There is no such subscription.", ""};
  return found->second;
}

void SimTables::set_subscription_status(const std::string& id, const std::string& status, const std::string& error,
                                        store::DeliveryHold hold) {
  SubscriptionState& state = subscriptions_[id];
  state.id = id;
  state.status = status;
  state.error = error;
  state.hold = hold;
}

bool SimTables::forget_subscription(const std::string& id) {
  const auto found = subscriptions_.find(id);
  if (found == subscriptions_.end()) return true;
  std::vector<Event>& events = events_[id];
  events.resize(events.size() - std::min(events.size(), limits::forgotten_events_per_commit_max));
  SubscriptionState& state = found->second;
  state.events = static_cast<std::int64_t>(events.size());
  state.delivered = std::min(state.delivered, state.events);
  state.under_way = std::min(state.under_way, state.events);
  if (!events.empty()) return false;
  events_.erase(id);
  subscriptions_.erase(found);
  return true;
}

std::vector<Event> SimTables::events(const std::string& subscription, std::int64_t from, std::int64_t to,
                                     std::size_t count) const {
  std::vector<Event> found;
  auto row = events_.find(subscription);
  if (row == events_.end()) return found;
  for (const Event& event : row->second) {
    if (found.size() == count) break;
    const bool is_asked_for = event.number >= from && event.number <= to;
    if (is_asked_for && !lost_.contains({subscription, event.number})) found.push_back(event);
  }
  return found;
}

Result<void> SimTables::begin_notification(const std::string& subscription, std::int64_t to) {
  auto found = subscriptions_.find(subscription);
  if (found == subscriptions_.end()) return Failure{Cause::NotFound, "There is no such subscription.", ""};
  found->second.under_way = to;
  return done();
}

Result<void> SimTables::advance(const std::string& subscription, std::int64_t number) {
  auto found = subscriptions_.find(subscription);
  if (found == subscriptions_.end()) return Failure{Cause::NotFound, "There is no such subscription.", ""};
  found->second.delivered = std::max(found->second.delivered, std::min(number, found->second.events));
  return done();
}

Result<void> SimTables::dead_letter(const std::string& subscription, std::int64_t number, const std::string& reason) {
  auto found = events_.find(subscription);
  if (found == events_.end() || number < 1 || number > static_cast<std::int64_t>(found->second.size())) {
    return Failure{Cause::NotFound, "There is no such event.", ""};
  }
  Event& event = found->second[static_cast<std::size_t>(number - 1)];
  event.dead = true;
  event.reason = reason;
  return advance(subscription, number);
}

void SimTables::audit(const std::vector<AuditRow>& rows, WallTime now) {
  for (AuditRow row : rows) {
    row.number = static_cast<std::int64_t>(audit_.size()) + 1;
    row.at = tick(now);
    Sha256 previous = audit_chain_.empty() ? Sha256{} : audit_chain_.back();
    audit_chain_.push_back(store::chain_link(previous, row));
    audit_.push_back(std::move(row));
  }
}

std::vector<AuditRow> SimTables::audit_rows(std::int64_t after, std::size_t count) const {
  std::vector<AuditRow> rows;
  for (const AuditRow& row : audit_) {
    if (rows.size() == count) break;
    if (row.number > after) rows.push_back(row);
  }
  return rows;
}

Result<std::int64_t> SimTables::verify_audit() const {
  Sha256 chain{};
  for (std::size_t at = 0; at < audit_.size(); ++at) {
    chain = store::chain_link(chain, audit_[at]);
    if (chain != audit_chain_[at]) {
      return Failure{Cause::Broken, "Audit row " + std::to_string(at + 1) + " does not fit the chain.", ""};
    }
  }
  return static_cast<std::int64_t>(audit_.size());
}

store::VerifyReport SimTables::verify() const {
  store::VerifyReport report;
  report.journal = static_cast<std::int64_t>(journal_.size());
  report.audit = static_cast<std::int64_t>(audit_.size());
  report.cases = static_cast<std::int64_t>(cases_.size());
  for (const auto& [name, versions] : resources_) report.versions += static_cast<std::int64_t>(versions.size());
  report.resources = static_cast<std::int64_t>(resources_.size());
  for (const auto& [id, events] : events_) report.events += static_cast<std::int64_t>(events.size());
  for (const auto& [key, row] : cases_) report.links += static_cast<std::int64_t>(row.links.size());
  Sha256 chain{};
  for (const JournalEntry& entry : journal_) {
    chain = store::chain_link(chain, entry, sha256(entry.message.body));
    if (to_hex(chain) == entry.chain) continue;
    report.add("journal", entry.number, "The entry does not fit the chain.");
    break;
  }
  if (Result<std::int64_t> audit = verify_audit(); !audit) report.add("audit", 0, audit.failure().says);
  return report;
}

void SimTables::damage_journal(std::int64_t number) {
  JournalEntry& entry = journal_.at(static_cast<std::size_t>(number - 1));
  entry.damaged = true;
  entry.message.body.clear();
}

void SimTables::damage_links(const std::string& case_key) {
  for (store::ChainLink& link : cases_.at(case_key).links) link.body = "{";
}

void SimTables::flip_a_byte_of_journal(std::int64_t number) {
  std::string& body = journal_.at(static_cast<std::size_t>(number - 1)).message.body;
  CHECK(!body.empty());
  body[body.size() / 2] = static_cast<char>(body[body.size() / 2] ^ 1);
}

}  // namespace vardbron::sim
