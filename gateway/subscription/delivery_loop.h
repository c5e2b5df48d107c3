#pragma once

#include "gateway/base/async_event.h"
#include "gateway/base/clock.h"
#include "gateway/base/random.h"
#include "gateway/base/repeated_trouble.h"
#include "gateway/base/task.h"
#include "gateway/fhir/definitions.h"
#include "gateway/http/client.h"
#include "gateway/store/store.h"
#include "gateway/subscription/delivery_machine.h"
#include "gateway/subscription/figures.h"
#include "gateway/subscription/notification.h"

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace vardbron::subscription {

/// What a lane works with; everything outlives it.
struct DeliveryLoopParts {
  store::Store& store;
  http::Client& client;
  Clock& clock;
  Random& random;
  const fhir::Definitions& definitions;
  const BundleWriter& writer;
  asio::any_io_executor conversions;     ///< may be empty
  std::function<void()> status_changed;  ///< the picture of who is counted must be made anew
  DeliveryFigures& figures;
};

/// One subscription's way out: what DeliveryMachine decides is done here, one thing after the other. One thread. A named
/// coroutine runs it; everything else only leaves a message and rings.
class DeliveryLoop {
 public:
  DeliveryLoop(DeliveryLoopParts parts, std::shared_ptr<const Subscription> subscription, const store::SubscriptionState& state,
               const asio::any_io_executor& executor);

  /// Ends when the subscription is off, or stop() was called and the attempt under way was answered.
  Task<> run();
  /// After run() threw, and before it is called again.
  Task<> recover();

  void committed(std::int64_t number);
  /// The subscriber changed it. `handshake`: before anything else is sent.
  void changed(std::shared_ptr<const Subscription> subscription, bool handshake);
  void switch_off();
  void stop();

  std::shared_ptr<const Subscription> subscription() const { return subscription_; }
  Status status() const { return status_; }
  bool ended() const { return ended_; }

 private:
  bool goes_on() const { return !stopping_ && status_ != Status::Off; }
  bool is_over() const;
  Deadline next_moment(bool with_heartbeat) const;
  StatusFacts facts(NotificationType type, std::int64_t events) const;

  Task<> perform(DeliveryMachine::Step step);
  Task<> send_events(DeliveryMachine::Step step);
  bool take_answer(const DeliveryMachine::Step& step, const Result<http::Response>& answer);
  Task<Result<std::vector<ShownEvent>>> look(const Subscription& subscription, const std::vector<store::Event>& events);
  Task<> pause(std::chrono::nanoseconds length);
  Task<> wait_for_news(bool with_heartbeat);
  Task<> shake_hands();
  Task<> beat();
  Task<> rest_after_trouble();
  void cannot_be_made(std::string_view because);
  Task<bool> set_status(Status status, std::string error, store::DeliveryHold hold = store::DeliveryHold::None);
  void share_queue() { share_.set(status_, machine_.committed() - machine_.delivered()); }
  Task<Result<std::string>> in_syntax(Syntax syntax, std::string bundle);
  Task<Result<http::Response>> post(NotificationType type, std::shared_ptr<const Subscription> subscription,
                                    Result<std::string> body, std::string id);
  Task<Result<http::Response>> send(std::shared_ptr<const Subscription> subscription, Result<std::string> body, std::string id);

  DeliveryLoopParts parts_;
  std::shared_ptr<const Subscription> subscription_;
  Status status_ = Status::Requested;
  std::string error_;
  DeliveryMachine machine_;
  QueueShare share_;
  AsyncEvent wakeup_;
  std::vector<store::AuditRow> shown_;  ///< what was delivered, until the advance that tells it is taken
  RepeatedTrouble reading_, calling_;
  Instant last_contact_{0};
  bool handshake_due_ = false;
  bool stopping_ = false;
  bool ended_ = false;
};

}  // namespace vardbron::subscription
