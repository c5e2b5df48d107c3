#pragma once

// Tested by tests/subscription/deliverer_test.cpp, tests/subscription/handshake_test.cpp and tests/subscription/walk_test.cpp.

#include "gateway/base/async_event.h"
#include "gateway/base/task.h"
#include "gateway/store/store.h"
#include "gateway/subscription/delivery_machine.h"
#include "gateway/subscription/figures.h"
#include "gateway/subscription/notification_sender.h"
#include "gateway/subscription/places.h"
#include "gateway/subscription/reaches.h"
#include "gateway/subscription/receiver_calls.h"
#include "gateway/subscription/turns.h"

#include <cstdint>
#include <functional>
#include <memory>

namespace vardbron::subscription {

/// One subscription's deliveries: carries out the steps of DeliveryMachine, one after the other. One thread. A named coroutine
/// runs it; everything else is an event of the machine.
class DeliveryLoop {
 public:
  /// Everything outlives the loop.
  struct Parts {
    NotificationSender::Parts sending;
    /// Called when counting of its events (matcher.h) starts or stops, or it has ended by itself.
    std::function<void()> counted_changed;
    std::shared_ptr<Places> places;  ///< of which it has one while it is not off
    Turns& turns;                    ///< of those with a backlog
    Turns& repeats;                  ///< of those whose receiver failed
    std::shared_ptr<Reaches> reaches;
    ReceiverCalls& calls;
  };

  DeliveryLoop(Parts parts, std::shared_ptr<const Subscription> subscription, const store::SubscriptionState& state,
               const asio::any_io_executor& executor);

  /// Ends when the subscription is off, or stop() was called and the running attempt was answered. An exception ends a step, not
  /// the loop.
  Task<> run();

  void committed(std::int64_t number);
  /// The subscriber changed it.
  void changed(std::shared_ptr<const Subscription> subscription, DeliveryMachine::Asks asks);
  void switch_off();
  void stop();

  std::shared_ptr<const Subscription> subscription() const { return subscription_; }
  Status status() const { return machine_.status(); }
  bool ended() const { return machine_.has_ended(); }

 private:
  using Step = DeliveryMachine::Step;

  Task<> carry_out_safely(Step step);
  Task<> carry_out(Step step);
  Task<> wait(Deadline until);
  Task<> prepare(Step step);
  /// False: the loop has something else to do, which the machine knows.
  Task<bool> take_call(Step step);
  /// False: the loop has something else to do.
  Task<bool> take_turn(Step step);
  Task<NotificationSender::Made> make(StatusFacts facts, Step step);
  Task<> post(Step step);
  Task<> dead_letter(Step step);
  Task<> set_status(Step step);
  bool take(const Result<void>& written);
  void log_handshake(const NotificationSender::Posted& posted) const;
  void log_not_delivered(const Step& step, unsigned status) const;
  void share_queue();
  void wake();
  Instant now() const { return parts_.sending.clock.now(); }

  Parts parts_;
  std::shared_ptr<const Subscription> subscription_;
  DeliveryMachine machine_;
  NotificationSender sender_;
  QueueShare share_;
  ReachShare reach_;
  std::unique_ptr<Place> place_;
  AsyncEvent wakeup_;
  std::unique_ptr<ReceiverCalls::Call> call_;  ///< from before the preparation until the answer
  std::unique_ptr<Turns::Turn> turn_;          ///< while it prepares or holds what it has prepared; null: it needs none
  PreparedNotification prepared_;              ///< of the last finished Prepare
};

}  // namespace vardbron::subscription
