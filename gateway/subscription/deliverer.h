#pragma once

#include "gateway/base/clock.h"
#include "gateway/base/limits.h"
#include "gateway/base/metrics.h"
#include "gateway/base/random.h"
#include "gateway/base/task.h"
#include "gateway/fhir/definitions.h"
#include "gateway/net/byte_stream.h"
#include "gateway/store/store.h"
#include "gateway/subscription/endpoints.h"
#include "gateway/subscription/matcher.h"

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <utility>

namespace vardbron::subscription {

/// What delivery works with; everything outlives the Deliverer.
struct DeliveryParts {
  store::Store& store;
  net::Dialer& dialer;
  Clock& clock;
  Random& random;
  const Endpoints& endpoints;
  const fhir::Definitions& definitions;
  std::string base_url;  ///< as the subscribers know us: "https://host/fhir"
  std::size_t subscriptions_per_organisation = limits::subscriptions_per_organisation;
  std::size_t subscriptions_max = limits::subscriptions_max;  ///< of all organisations together
  Metrics* metrics = nullptr;                                 ///< of the gateway; may be null
  asio::any_io_executor conversions{};  ///< where notifications are turned into XML; empty: where they are delivered
};

/// A place for one more subscription, held until the subscription has its loop or was not made after all. A resource.
class Place {
 public:
  explicit Place(std::function<void()> give_back) : give_back_(std::move(give_back)) {}
  Place(const Place&) = delete;
  Place& operator=(const Place&) = delete;
  ~Place() { give_back_(); }

 private:
  std::function<void()> give_back_;
};

/// Owns one loop per subscription: handshake, notifications in order, retries, heartbeats, the end. One loop's trouble never
/// delays another. Lives on the executor given; `changed`, `notify` and `matcher` may be called from any thread. Whoever started
/// it awaits stop() before it goes.
class Deliverer {
 public:
  Deliverer(DeliveryParts parts, asio::any_io_executor executor);
  ~Deliverer();
  Deliverer(const Deliverer&) = delete;

  /// Reads all subscriptions from the store and starts their loops; those that were `requested` get their handshake (again).
  Task<Result<void>> start();

  /// A Subscription was written: created, changed, or switched off. Looks at the store again; `requested` starts the handshake.
  /// Does not wait for it. Any thread.
  Task<Result<void>> changed(std::string id);

  /// Before a subscription is made, or one that was off goes on. Forbidden: the organisation has as many as it may have, or all
  /// together have. Any thread.
  Task<Result<std::unique_ptr<Place>>> place_for(std::string organisation);

  /// An event with this number was committed for this subscription. Wakes its loop. Any thread; cheap.
  void notify(std::string_view subscription, std::int64_t number);
  /// The same for everything a commit gave.
  void notify(const store::Committed& committed);

  /// Who is to be told, for the threads that commit. Any thread.
  std::shared_ptr<const Matcher> matcher() const;

  /// Lets answers under way come in (until the deadline), then ends all loops. Nothing is lost: what was not answered is sent
  /// again after the next start.
  Task<void> stop(Deadline until);

 private:
  struct State;
  std::shared_ptr<State> state_;
};

}  // namespace vardbron::subscription
