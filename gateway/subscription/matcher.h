#pragma once

#include "gateway/store/store.h"
#include "gateway/subscription/subscription.h"

#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace vardbron::care {
struct CaseEvent;
}

namespace vardbron::subscription {

/// Whether a subscription of that status has its events counted: Active, and Error, where counting goes on (backport guide,
/// errors).
bool is_counted(Status status);

/// An immutable snapshot of all subscriptions. Any thread.
class Matcher {
 public:
  using Subscriptions = std::vector<std::shared_ptr<const Subscription>>;

  Matcher() = default;
  /// Those that are counted; their status is ignored.
  explicit Matcher(const Subscriptions& subscriptions);
  /// A copy in which these replace all of the organisation's. The cost grows with the organisations, not the subscriptions.
  Matcher with(const std::string& organisation, Subscriptions subscriptions) const;

  /// One row for each subscription of the event's party that is notified, in order of subscription id. Of a correction or a
  /// cancellation those are notified too that were notified of the notice it is about. History is an update (topic.h).
  std::vector<store::EventWrite> match(const care::CaseEvent& event) const;

  std::size_t size() const { return size_; }

 private:
  std::unordered_map<std::string, std::shared_ptr<const Subscriptions>> by_organisation_;
  std::size_t size_ = 0;
};

/// The current snapshot, for the committing threads. Any thread.
class CurrentMatcher {
 public:
  std::shared_ptr<const Matcher> now() const;
  void replace(std::shared_ptr<const Matcher> matcher);

 private:
  mutable std::mutex lock_;
  std::shared_ptr<const Matcher> matcher_ = std::make_shared<const Matcher>();
};

}  // namespace vardbron::subscription
