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
#include "gateway/subscription/places.h"

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

namespace vardbron::subscription {

/// What the Deliverer works with; everything outlives it.
struct DeliveryParts {
  store::Store& store;
  net::Dialer& dialer;
  Clock& clock;
  Random& random;
  const Endpoints& endpoints;
  const fhir::Definitions& definitions;
  std::string base_url;  ///< as subscribers reach us: "https://host/fhir"
  std::size_t subscriptions_per_organisation = limits::subscriptions_per_organisation;
  std::size_t subscriptions_max = limits::subscriptions_max;  ///< of all organisations together
  Metrics* metrics = nullptr;                                 ///< of the gateway; may be null
  asio::any_io_executor conversions{};                ///< where notifications are converted to XML; empty: on the delivering one
  std::vector<asio::any_io_executor> preparations{};  ///< where those of backlogs are prepared; none: on the delivering one
};

/// Owns one loop per subscription: handshake, notifications in order, retries, heartbeats, the end. Backlogs are prepared in
/// turns (turns.h); no loop that is up to date waits for another. Runs on the executor given; `changed`, `notify` and `matcher`
/// may be called from any thread. Its owner awaits stop() before destroying it.
class Deliverer {
 public:
  Deliverer(DeliveryParts parts, asio::any_io_executor executor);
  ~Deliverer();
  Deliverer(const Deliverer&) = delete;

  /// Reads all subscriptions from the store and starts their loops; those that were `requested` get their handshake (again).
  Task<Result<void>> start();

  /// A Subscription was written: created, changed, or switched off. Reads it from the store again; `requested` starts the
  /// handshake. Does not wait for it. Any thread.
  Task<Result<void>> changed(std::string id);
  /// Likewise, if all that changed since that version is what no notification depends on: no handshake is due.
  Task<Result<void>> changed_slightly(std::string id, std::int64_t since_version);

  /// To be called before a subscription is created, or one that was off is continued. Forbidden: the limit of the organisation or
  /// of all together is reached. Any thread.
  Task<Result<std::unique_ptr<Place>>> place_for(std::string organisation);

  /// Wakes the loops that wait for events of that commit. Any thread; cheap.
  void notify(const store::Committed& committed);

  /// The subscriptions to notify, for the threads that commit. Any thread.
  std::shared_ptr<const Matcher> matcher() const;

  /// Waits for outstanding answers (until the deadline), then ends all loops. Nothing is lost: a notification without an answer
  /// is sent again after the next start.
  Task<void> stop(Deadline until);

 private:
  struct State;
  std::shared_ptr<State> state_;
};

}  // namespace vardbron::subscription
