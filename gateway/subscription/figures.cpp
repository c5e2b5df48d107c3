#include "gateway/subscription/figures.h"

#include "gateway/base/check.h"
#include "gateway/subscription/delivery_machine.h"

#include <string>
#include <string_view>

namespace vardbron::subscription {

namespace {

// In the order of the enumerators.
constexpr std::string_view types_sent[] = {"handshake", "heartbeat", "event-notification"};
constexpr std::string_view outcomes_had[] = {"delivered", "no answer", "unavailable", "misdirected",
                                             "refused",   "gone",      "not called"};
constexpr Status counted[] = {Status::Requested, Status::Active, Status::Error};

double number(std::int64_t value) { return static_cast<double>(value); }

}  // namespace

Attempted attempted_with(unsigned status) {
  if (status == 0) return Attempted::NoAnswer;
  switch (judge(status)) {
    case Verdict::Delivered: return Attempted::Delivered;
    case Verdict::TryAgain: return Attempted::Unavailable;
    case Verdict::Misdirected: return Attempted::Misdirected;
    case Verdict::Refused: return Attempted::Refused;
    case Verdict::Leave: break;
  }
  return Attempted::Gone;
}

DeliveryFigures::DeliveryFigures(Metrics& metrics)
    : given_up_(
          metrics.counter("vardbron_delivery_events_given_up_total", "Events that no attempt brought to their subscriber.")) {
  static_assert(std::size(types_sent) == types && std::size(outcomes_had) == outcomes && std::size(counted) == statuses);
  for (std::size_t type = 0; type < types; ++type) {
    for (std::size_t outcome = 0; outcome < outcomes; ++outcome) {
      attempts_[type][outcome] =
          &metrics.counter("vardbron_delivery_attempts_total", "Notifications that were sent to subscribers, by what came of it.",
                           {{"type", std::string(types_sent[type])}, {"outcome", std::string(outcomes_had[outcome])}});
    }
  }
  for (std::size_t place = 0; place < statuses; ++place) {
    const Metrics::Labels labels{{"status", std::string(to_string(counted[place]))}};
    subscriptions_[place] = &metrics.gauge("vardbron_subscriptions", "Subscriptions that are not off, by their status.", labels);
    waiting_[place] = &metrics.gauge("vardbron_delivery_events_waiting",
                                     "Events that their subscriber has not got, by the status of the subscription.", labels);
  }
}

void DeliveryFigures::attempted(NotificationType type, Attempted outcome) {
  const auto at = static_cast<std::size_t>(type);
  CHECK(at < types);
  attempts_[at][static_cast<std::size_t>(outcome)]->add();
}

void QueueShare::set(Status status, std::int64_t waiting) {
  const std::size_t place = static_cast<std::size_t>(status);
  if (place_ && *place_ == place) {
    if (waiting != waiting_) figures_.waiting_[place]->add(number(waiting - waiting_));
    waiting_ = waiting;
    return;
  }
  leave();
  if (status == Status::Off) return;
  place_ = place;
  waiting_ = waiting;
  figures_.subscriptions_[place]->add(1);
  figures_.waiting_[place]->add(number(waiting));
}

void QueueShare::leave() {
  if (!place_) return;
  figures_.subscriptions_[*place_]->add(-1);
  figures_.waiting_[*place_]->add(-number(waiting_));
  place_.reset();
}

}  // namespace vardbron::subscription
