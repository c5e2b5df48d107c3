#pragma once

// Tested by tests/system/store/sqlite/sqlite_store_test.cpp and tests/system/store/sqlite/tamper_test.cpp.

#include "gateway/store/sqlite/database.h"
#include "gateway/store/sqlite/event_streams.h"
#include "gateway/store/store.h"

#include <cstdint>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

namespace vardbron::store {

/// A subscription, and where the number of its last event is read: that of the stream less `before`, or state.events.
struct SubscriptionNow {
  SubscriptionState state;
  std::int64_t stream = 0;  ///< that it follows; 0 = none
  std::int64_t before = 0;
  std::int64_t first = 0;  ///< its first event of that stream, as it counts
};

/// The subscriptions changed by a transaction. A forgotten one may have been created again since.
struct SubscriptionChanges {
  std::vector<std::string> forgotten;  ///< ids
  std::vector<SubscriptionNow> changed;
  std::vector<std::pair<std::int64_t, std::int64_t>> streams;  ///< stream, number of its last event
  std::vector<StreamEvent> events;                             ///< in order
};

/// Subscriptions, as the writer sees them. Counters are kept here and reach the file once per group. One thread.
class SubscriptionWriter {
 public:
  explicit SubscriptionWriter(Database& database);
  void load();

  std::vector<CommittedEvent> append(const std::vector<EventWrite>& events, WallTime at);
  void set_status(const std::string& id, const std::string& status, const std::string& error, DeliveryHold hold);
  bool forget(const std::string& id);  ///< Store::forget_subscription
  Result<void> begin_notification(const std::string& id, std::int64_t to);
  Result<void> advance(const std::string& id, std::int64_t number);
  Result<void> dead_letter(const std::string& id, std::int64_t number, const std::string& reason);

  /// Writes the changes since the last flush and returns them; they are valid once the transaction is committed.
  SubscriptionChanges flush();
  SubscriptionChanges everything() const;
  std::vector<SubscriptionState> all() const;

 private:
  struct Row {
    bool changed = false;
    SubscriptionState state;  ///< `events` is in the follower
    Follower follower;
  };
  Row& row(const std::string& id);
  void touch(Row& row);
  SubscriptionNow now_of(const Row& row) const;

  EventStreams streams_;
  Statement select_, insert_, update_, delete_, dead_letter_, delete_dead_letters_;
  std::unordered_map<std::string, Row> rows_;  // their places stay
  std::unordered_map<std::int64_t, Row*> by_number_;
  std::int64_t last_number_ = 0;
  std::vector<Row*> changed_;
  std::vector<std::string> forgotten_;
};

}  // namespace vardbron::store
