#pragma once

// Tested by tests/system/store/sqlite/event_streams_test.cpp.

#include "gateway/base/result.h"
#include "gateway/store/sqlite/subscription_table.h"
#include "gateway/store/store.h"

#include <cstdint>
#include <functional>
#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

namespace vardbron::store {

/// An event that is not delivered yet.
struct WaitingEvent {
  std::string subscription;
  std::int64_t number = 0;
};

/// All subscriptions as they are on the disk, or as accepted advances will leave them. Any thread.
class SubscriptionStates {
 public:
  Result<SubscriptionState> find(const std::string& id) const;
  /// With the number of its last event in `state`; nothing if there is none of that id.
  std::optional<SubscriptionNow> now_of(const std::string& id) const;
  std::vector<SubscriptionState> all() const;  ///< in order of id

  /// The oldest one of all that wait is among these: not more than one for each stream, and of subscriptions that are off none.
  std::vector<WaitingEvent> oldest_waiting() const;

  /// After a transaction.
  void publish(const SubscriptionChanges& committed);
  /// After the file was opened (again). Advances that were accepted stay.
  void replace(const SubscriptionChanges& all);
  /// Every event up to `number` is done. `accept` is called with the number that is reached; if it returns false nothing changes
  /// and the answer is Busy. NotFound.
  Result<void> advance(const std::string& id, std::int64_t number, const std::function<bool(std::int64_t reached)>& accept);

 private:
  SubscriptionState shown(const SubscriptionNow& known) const;
  void put(const SubscriptionNow& now, std::int64_t delivered);

  mutable std::mutex guard_;
  std::map<std::string, SubscriptionNow> known_;
  std::unordered_map<std::int64_t, std::int64_t> streams_;
};

}  // namespace vardbron::store
