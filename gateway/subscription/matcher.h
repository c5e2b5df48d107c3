#pragma once

#include "gateway/store/store.h"
#include "gateway/subscription/subscription.h"

#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace vardbron::subscription {

/// Something happened in a case. Whoever computes the change fills it in; the matcher turns it into the rows of the commit.
struct Happening {
  std::string event;                    ///< code of CodeSystem/notice-event, or "task"
  std::string about;                    ///< `corrected`, `nullified`: event code of the notice it is about; else ""
  std::vector<std::string> parties;     ///< organisations that may be told; nobody else is
  std::vector<std::string> recipients;  ///< those the notice is addressed to, for the filter `recipient`; empty = the parties
  std::vector<std::string> kommuner;    ///< four-digit codes of the municipalities concerned, for the filter `jurisdiction`
  std::string case_key;
  std::string focus;                 ///< "Type/id"
  std::vector<std::string> context;  ///< further "Type/id"; a "Patient/.." makes the filter `patient` work
};

/// Whether a subscription of that status has its events counted: Active, and Error, where counting goes on (backport guide,
/// errors).
bool is_counted(Status status);

/// An immutable picture of who wants to be told what. Any thread.
class Matcher {
 public:
  using Subscriptions = std::vector<std::shared_ptr<const Subscription>>;

  Matcher() = default;
  /// Those that are counted; the status in them is not looked at.
  explicit Matcher(const Subscriptions& subscriptions);
  /// The same picture with these in the place of all that the organisation had. Costs what there are organisations, not
  /// subscriptions.
  Matcher with(const std::string& organisation, Subscriptions subscriptions) const;

  /// One row per subscription that is to be told, in order of subscription id. A correction or a cancellation is told to those
  /// who were told what it is about, too.
  std::vector<store::EventWrite> match(const Happening& happening) const;

  std::size_t size() const { return size_; }

 private:
  std::unordered_map<std::string, std::shared_ptr<const Subscriptions>> by_organisation_;
  std::size_t size_ = 0;
};

/// Where the committing threads find the picture of the moment. Any thread.
class CurrentMatcher {
 public:
  std::shared_ptr<const Matcher> now() const;
  void replace(std::shared_ptr<const Matcher> matcher);

 private:
  mutable std::mutex lock_;
  std::shared_ptr<const Matcher> matcher_ = std::make_shared<const Matcher>();
};

}  // namespace vardbron::subscription
