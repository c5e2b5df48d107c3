#pragma once

// Tested by tests/system/store/sqlite/sqlite_store_test.cpp and tests/system/store/sqlite/tamper_test.cpp.

#include "gateway/store/sqlite/database.h"
#include "gateway/store/sqlite/snapshot.h"
#include "gateway/store/store.h"

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace vardbron::store {

/// The subscriptions changed by a transaction. A forgotten one may have been created again since.
struct SubscriptionChanges {
  std::vector<std::string> forgotten;  ///< ids
  std::vector<SubscriptionState> changed;
};

/// Subscriptions and their events, as the writer sees them. Counters are kept here and reach the file once per group. One thread.
class SubscriptionWriter {
 public:
  explicit SubscriptionWriter(Database& database);
  void load();

  std::int64_t append(const EventWrite& event, WallTime at);  ///< the number given
  void set_status(const std::string& id, const std::string& status, const std::string& error, DeliveryHold hold);
  bool forget(const std::string& id);  ///< Store::forget_subscription
  Result<void> begin_notification(const std::string& id, std::int64_t to);
  Result<void> advance(const std::string& id, std::int64_t number);
  Result<void> dead_letter(const std::string& id, std::int64_t number, const std::string& reason);

  /// Writes the changes since the last flush and returns them; they are valid once the transaction is committed.
  SubscriptionChanges flush();
  std::vector<SubscriptionState> all() const;

 private:
  struct Row {
    std::int64_t number = 0;  ///< 0: not in the file yet
    bool changed = false;
    SubscriptionState state;
  };
  Row& row(const std::string& id);

  Statement select_, insert_, update_, delete_, insert_event_, delete_events_, dead_letter_;
  std::map<std::string, Row> rows_;
  std::int64_t last_number_ = 0;
  std::vector<Row*> changed_;
  std::vector<std::string> forgotten_;
};

class EventReader {
 public:
  EventReader(Database& database, Snapshot& snapshot);
  /// Time of the event; nothing if there is none.
  std::optional<WallTime> came(const std::string& subscription, std::int64_t number);
  std::vector<Event> events(const std::string& subscription, std::int64_t from, std::int64_t to, std::size_t count);

 private:
  Snapshot& snapshot_;
  Statement number_, select_, at_;
};

}  // namespace vardbron::store
