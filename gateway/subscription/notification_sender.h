#pragma once

// Tested by tests/subscription/deliverer_test.cpp, tests/subscription/wire_test.cpp and tests/subscription/poison_test.cpp.

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

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

namespace vardbron::subscription {

/// A notification as it is posted.
struct PreparedNotification {
  NotificationType type = NotificationType::EventNotification;
  std::shared_ptr<const Subscription> subscription;  ///< as it was when the notification was made
  std::string id;                                    ///< by which the receiver recognises duplicates
  Result<std::string> body{std::string()};           ///< in the subscriber's syntax; or why that is not possible
  std::int64_t from = 0, to = 0;                     ///< the events in it
  std::vector<store::AuditRow> rows;                 ///< which of them it shows, for the access log
  std::size_t left_out = 0;                          ///< resources that are included by reference only
};

/// Makes one subscription's notifications and posts them. One thread, and one call at a time.
class NotificationSender {
 public:
  /// All of it outlives the sender.
  struct Parts {
    store::Store& store;
    http::Client& client;
    Clock& clock;
    Random& random;
    const fhir::Definitions& definitions;
    const BundleWriter& writer;
    asio::any_io_executor conversions;  ///< where XML is made; may be empty: on the caller's
    DeliveryFigures& figures;
  };

  explicit NotificationSender(Parts parts) : parts_(std::move(parts)) {}

  enum class Outcome : std::uint8_t { Ready, CannotBeMade, StoreTrouble };
  struct Made {
    Outcome outcome = Outcome::StoreTrouble;
    PreparedNotification notification;  ///< Ready
  };
  struct Events {
    std::int64_t from = 0, to = 0;
    bool may_end_earlier = false;  ///< it may contain fewer than these events, if they do not fit
  };
  /// `facts` of `subscription`. CannotBeMade: an event, or a resource of it, cannot be read.
  Task<Made> make(std::shared_ptr<const Subscription> subscription, StatusFacts facts, Events events);
  /// A handshake or a heartbeat.
  Task<PreparedNotification> make_empty(std::shared_ptr<const Subscription> subscription, StatusFacts facts);

  struct Posted {
    DeliveryMachine::Answer answer;
    bool is_our_trouble = false;  ///< this machine has no room for a connection: the receiver was not called
    std::string because;          ///< "status 500", or why there is no answer
  };
  /// One attempt, for as long as the subscriber allows. `notification` outlives the call; its body is gone afterwards.
  Task<Posted> post(PreparedNotification& notification);

 private:
  Task<Result<std::vector<store::Event>>> read(std::string id, Events events);
  Task<Result<std::vector<ShownEvent>>> show(const Subscription& subscription, const std::vector<store::Event>& events,
                                             bool may_end_earlier);
  Task<Result<std::string>> in_syntax(Syntax syntax, std::string bundle);
  Task<Result<http::Response>> send(PreparedNotification& notification);

  Parts parts_;
  RepeatedTrouble reading_, calling_;
};

}  // namespace vardbron::subscription
