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

/// An immutable picture of who wants to be told what. Any thread.
class Matcher {
 public:
  Matcher() = default;
  /// Takes those that are counted: status Active, and Error, where counting goes on (backport guide, errors).
  explicit Matcher(const std::vector<std::shared_ptr<const Subscription>>& subscriptions);

  /// One row per subscription that is to be told, in order of subscription id. A correction or a cancellation is told to those
  /// who were told what it is about, too.
  std::vector<store::EventWrite> match(const Happening& happening) const;

  std::size_t size() const { return size_; }

 private:
  using Same = std::vector<std::shared_ptr<const Subscription>>;
  std::unordered_map<std::string, Same> by_organisation_;
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
