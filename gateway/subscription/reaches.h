#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <unordered_map>

namespace vardbron::subscription {

/// Whether the events of a subscription get to its endpoint at this moment.
enum class Reach : std::uint8_t {
  Delivering,
  NotTaking,  ///< the endpoint did not take the last notification; it is tried further
  Stopped     ///< nothing is sent before the subscriber asks again
};

/// How many subscriptions are in each state.
struct Reached {
  std::size_t delivering = 0, not_taking = 0, stopped = 0;
  std::size_t all() const { return delivering + not_taking + stopped; }
  Reached& operator+=(const Reached& more);
  bool operator==(const Reached&) const = default;
};

/// The state of the subscriptions of each audience (matcher.h). Any thread.
class Reaches {
 public:
  Reached of(const std::string& audience) const;

 private:
  friend class ReachShare;
  void change(const std::string& audience, std::optional<Reach> from, std::optional<Reach> to);

  mutable std::mutex lock_;
  std::unordered_map<std::string, Reached> by_audience_;
};

/// One subscription's part of it, until it is destroyed.
class ReachShare {
 public:
  explicit ReachShare(std::shared_ptr<Reaches> reaches) : reaches_(std::move(reaches)) {}
  ReachShare(const ReachShare&) = delete;
  ~ReachShare() { set({}); }

  /// Of another audience from now on.
  void belong_to(std::string audience);
  /// Nothing: its events are not counted.
  void set(std::optional<Reach> reach);

 private:
  std::shared_ptr<Reaches> reaches_;
  std::string audience_;
  std::optional<Reach> reach_;
};

}  // namespace vardbron::subscription
