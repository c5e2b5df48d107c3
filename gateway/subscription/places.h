#pragma once

// Tested by tests/subscription/limits_test.cpp.

#include "gateway/base/result.h"

#include <cstddef>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <unordered_map>

namespace vardbron::subscription {

/// A reservation of one more subscription, kept until the subscription has its loop or its creation has failed. A resource.
class Place {
 public:
  explicit Place(std::function<void()> give_back) : give_back_(std::move(give_back)) {}
  Place(const Place&) = delete;
  Place& operator=(const Place&) = delete;
  ~Place() { give_back_(); }

 private:
  std::function<void()> give_back_;
};

/// How many subscriptions each organisation has that are not off, and how many it may have. Any thread.
class Places : public std::enable_shared_from_this<Places> {
 public:
  Places(std::size_t of_one_max, std::size_t of_all_max) : of_one_max_(of_one_max), of_all_max_(of_all_max) {}

  /// Forbidden: the limit of the organisation is reached; Busy: that of all together.
  Result<std::unique_ptr<Place>> reserve(const std::string& organisation);
  /// For one that is there, whatever the limits.
  std::unique_ptr<Place> take(const std::string& organisation);

 private:
  std::unique_ptr<Place> counted(const std::string& organisation);  // under the lock
  void give_back(const std::string& organisation);

  const std::size_t of_one_max_, of_all_max_;
  std::mutex lock_;
  std::unordered_map<std::string, std::size_t> taken_;
  std::size_t all_ = 0;
};

}  // namespace vardbron::subscription
