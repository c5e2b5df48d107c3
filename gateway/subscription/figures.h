#pragma once

#include "gateway/base/metrics.h"
#include "gateway/subscription/notification.h"
#include "gateway/subscription/subscription.h"

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>

namespace vardbron::subscription {

/// Result of one call to a receiver. One for each Verdict (delivery_machine.h), and more.
enum class Attempted : std::uint8_t { Delivered, NoAnswer, Unavailable, Misdirected, Refused, Gone, NotCalled };

/// Status 0 means no answer at all.
Attempted attempted_with(unsigned status);

/// Figures of all subscriptions together. The number of series does not grow with theirs. Any thread.
class DeliveryFigures {
 public:
  /// `metrics` outlives it.
  explicit DeliveryFigures(Metrics& metrics);
  DeliveryFigures(const DeliveryFigures&) = delete;

  void attempted(NotificationType type, Attempted outcome);
  void given_up() { given_up_.add(); }

 private:
  friend class QueueShare;
  static constexpr std::size_t types = 3, outcomes = 7, statuses = 3;

  std::array<std::array<Counter*, outcomes>, types> attempts_{};
  std::array<Gauge*, statuses> subscriptions_{}, waiting_{};
  Counter& given_up_;
};

/// One subscription's part of the queues by status, until it is destroyed.
class QueueShare {
 public:
  explicit QueueShare(DeliveryFigures& figures) : figures_(figures) {}
  QueueShare(const QueueShare&) = delete;
  ~QueueShare() { leave(); }

  /// `waiting`: events that are not delivered. One that is off does not count.
  void set(Status status, std::int64_t waiting);

 private:
  void leave();

  DeliveryFigures& figures_;
  std::optional<std::size_t> place_;
  std::int64_t waiting_ = 0;
};

}  // namespace vardbron::subscription
