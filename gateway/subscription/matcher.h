#pragma once

#include "gateway/store/store.h"
#include "gateway/subscription/reaches.h"
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
  /// Those that are counted; their status is ignored. `reaches`: what their deliveries say; null: all get what is sent to them.
  explicit Matcher(const Subscriptions& subscriptions, std::shared_ptr<const Reaches> reaches = nullptr);
  /// A copy in which the subscription of that id is this one; null: there is none.
  Matcher with(const std::string& organisation, const std::string& id, std::shared_ptr<const Subscription> subscription) const;

  /// One event for each audience of the event's party that is notified. Of a correction or a cancellation those are notified too
  /// that were notified of the notice it is about. History is an update (topic.h).
  std::vector<store::EventWrite> match(const care::CaseEvent& event) const;
  /// How many of those that an event is for get it now. Their number is that of the snapshot, their state that of this moment.
  Reached reached(const store::Audience& audience) const;

  std::size_t size() const { return size_; }
  bool has(const std::string& organisation, const std::string& id) const;

 private:
  /// Those of one organisation with the same topic and filters: they are notified of the same events.
  struct Group {
    std::shared_ptr<const Subscription> one;
    std::shared_ptr<const store::Audience> audience;
  };
  using Groups = std::vector<Group>;  // in order of the audience's name

  std::unordered_map<std::string, std::shared_ptr<const Groups>> by_organisation_;
  std::size_t size_ = 0;
  std::shared_ptr<const Reaches> reaches_;
};

/// Who asks for the same events has the same name, and nobody else.
std::string audience_name(const Subscription& subscription);

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
