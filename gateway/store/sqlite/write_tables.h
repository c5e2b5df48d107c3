#pragma once

#include "gateway/base/clock.h"
#include "gateway/base/random.h"
#include "gateway/store/sqlite/audit_table.h"
#include "gateway/store/sqlite/database.h"
#include "gateway/store/sqlite/journal_table.h"
#include "gateway/store/sqlite/name_tables.h"
#include "gateway/store/sqlite/pending_keys.h"
#include "gateway/store/sqlite/prepared.h"
#include "gateway/store/sqlite/resource_table.h"
#include "gateway/store/sqlite/subscription_table.h"

#include <cstddef>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace vardbron::store {

class Sealer;

/// All writes, on the one writing connection: begin(), any number of changes, end(). One thread.
/// A change is checked before its first row is written, so a refused one leaves no rows for the others of its group, and
/// no savepoint is needed. Only the disk can fail later, and then the whole group fails.
class WriteTables {
 public:
  /// `sealer` may be null: then nothing is sealed. The arguments outlive it.
  WriteTables(Database& database, Clock& clock, Random& random, Sealer* sealer = nullptr);
  void load();

  void begin();
  Result<Committed> commit(const PreparedChange& prepared);
  JournalEntry journal(const PreparedMessage& message);
  void set_subscription_status(const std::string& id, const std::string& status, const std::string& error, DeliveryHold hold);
  bool forget_subscription(const std::string& id);
  Result<void> begin_notification(const std::string& id, std::int64_t to);
  Result<void> advance(const std::string& id, std::int64_t number);
  Result<void> dead_letter(const std::string& id, std::int64_t number, const std::string& reason);
  void audit(const std::vector<AuditRow>& rows);
  /// Writes a row that is never read, so that the result of end() shows whether the disk works.
  void vouch();
  /// Commits, synced; returns the subscriptions that changed. On failure everything since begin() is undone.
  Result<SubscriptionChanges> end();

  /// How many changes wait for their keys to be written, which is done in a transaction like any other.
  std::size_t changes_without_keys() const { return keys_.changes(); }
  void write_keys() { keys_.write(); }

  std::int64_t last_journal_number() const { return journal_.last(); }
  std::vector<SubscriptionState> subscriptions() const { return subscriptions_.all(); }
  SubscriptionChanges all_subscriptions() const { return subscriptions_.everything(); }
  WallTime last_time() const { return last_; }  ///< of the last commit
  WallTime vouched_at();
  std::string person_secret();  ///< Store::person_secret

 private:
  WallTime tick();

  Database& database_;
  Clock& clock_;
  Sealer* sealer_;
  NameTables names_;
  PendingKeys keys_;
  JournalWriter journal_;
  ResourceWriter resources_;
  SubscriptionWriter subscriptions_;
  AuditWriter audit_;
  Statement begin_, commit_, rollback_, vouch_;
  WallTime last_{};
  bool is_loaded_ = false;
};

}  // namespace vardbron::store
