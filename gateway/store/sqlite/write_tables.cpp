#include "gateway/store/sqlite/write_tables.h"

#include "gateway/base/check.h"
#include "gateway/store/rules.h"
#include "gateway/store/sqlite/sealer.h"

#include <algorithm>

namespace vardbron::store {

WriteTables::WriteTables(Database& database, Clock& clock, Random& random, Sealer* sealer)
    : database_(database),
      clock_(clock),
      sealer_(sealer),
      names_(database),
      keys_(database, names_),
      journal_(database, random),
      resources_(database, names_, keys_),
      subscriptions_(database),
      audit_(database),
      begin_(database.prepare("BEGIN IMMEDIATE")),
      commit_(database.prepare("COMMIT")),
      rollback_(database.prepare("ROLLBACK")),
      vouch_(database.prepare(
          "INSERT INTO setting VALUES('last vouched', ?) ON CONFLICT(name) DO UPDATE SET value=excluded.value")) {
  load();
}

void WriteTables::load() {
  names_.forget();
  keys_.load();
  journal_.load();
  resources_.load();
  subscriptions_.load();
  audit_.load();
  if (sealer_ != nullptr) sealer_->load();
  last_ = std::max({last_, resources_.last_time(), audit_.last_time()});
  is_loaded_ = !database_.health().failure;
}

void WriteTables::begin() {
  if (!is_loaded_) load();  // its state could not be read when the last group failed
  begin_.run();
  if (sealer_ != nullptr) sealer_->begin();
}

Result<Committed> WriteTables::commit(const PreparedChange& prepared) {
  const Change& change = prepared.change;
  Result<void> checked = check_change(change);
  if (checked) checked = resources_.check(change);
  if (!checked) return std::move(checked).failure();
  if (change.journal_number < 0 || change.journal_number > journal_.last()) {
    return Failure{Cause::NotFound, "There is no such journal entry.", ""};
  }
  Committed committed;
  committed.at = tick();
  if (prepared.journal) {
    JournalEntry entry = journal_.append(*prepared.journal, change.outcome, prepared.receipt);
    committed.journal_number = entry.number;
    committed.journal_id = std::move(entry.id);
  } else if (change.journal_number != 0) {
    committed.journal_number = change.journal_number;
    committed.journal_id = journal_.settle(change.journal_number, change.outcome, prepared.receipt);
  }
  committed.versions = resources_.write(prepared, committed.journal_number, committed.at);
  committed.events = subscriptions_.append(change.events, committed.at);
  audit_.append(change.audit, committed.at);
  return committed;
}

JournalEntry WriteTables::journal(const PreparedMessage& message) {
  tick();
  return journal_.append(message, Outcome::Pending, {});
}

void WriteTables::set_subscription_status(const std::string& id, const std::string& status, const std::string& error,
                                          DeliveryHold hold) {
  subscriptions_.set_status(id, status, error, hold);
}

bool WriteTables::forget_subscription(const std::string& id) { return subscriptions_.forget(id); }

Result<void> WriteTables::begin_notification(const std::string& id, std::int64_t to) {
  return subscriptions_.begin_notification(id, to);
}

Result<void> WriteTables::advance(const std::string& id, std::int64_t number) { return subscriptions_.advance(id, number); }

Result<void> WriteTables::dead_letter(const std::string& id, std::int64_t number, const std::string& reason) {
  return subscriptions_.dead_letter(id, number, reason);
}

void WriteTables::audit(const std::vector<AuditRow>& rows) { audit_.append(rows, tick()); }

void WriteTables::vouch() { vouch_.run(clock_.wall().time_since_epoch().count()); }

WallTime WriteTables::vouched_at() {
  return WallTime{std::chrono::milliseconds{database_.number("SELECT value FROM setting WHERE name='last vouched'")}};
}

std::string WriteTables::person_secret() {
  Statement row = database_.prepare("SELECT value FROM setting WHERE name='person secret'");
  row.query();
  return row.next() ? row.string(0) : std::string();
}

Result<SubscriptionChanges> WriteTables::end() {
  SubscriptionChanges changed = subscriptions_.flush();
  if (sealer_ != nullptr) sealer_->seal(journal_.end(), audit_.end());
  if (!database_.health().failure) commit_.run();
  if (!database_.health().failure) {
    if (sealer_ != nullptr) sealer_->committed();
    return changed;
  }
  REACHED("store: a group fell");
  std::optional<Failure> failure = database_.take_failure();
  if (database_.in_transaction()) rollback_.run();
  load();
  database_.take_failure();
  return *std::move(failure);
}

WallTime WriteTables::tick() {
  last_ = next_time(last_, clock_.wall());
  return last_;
}

}  // namespace vardbron::store
