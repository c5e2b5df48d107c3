#pragma once

#include "gateway/base/clock.h"
#include "gateway/base/random.h"
#include "gateway/base/task.h"
#include "gateway/fhir/definitions.h"
#include "gateway/search/query.h"
#include "gateway/store/store.h"
#include "gateway/subscription/deliverer.h"
#include "gateway/subscription/endpoints.h"
#include "gateway/subscription/notification.h"

#include <cstdint>
#include <set>
#include <string>
#include <vector>

namespace vardbron::subscription {

/// $status. Empty lists: everything that the reader may see. Source: backport guide, OperationDefinition subscription-status.
struct StatusQuery {
  std::vector<std::string> ids;       ///< ORed
  std::vector<std::string> statuses;  ///< ORed
};

/// $events; both bounds are included. Source: backport guide, OperationDefinition subscription-events.
struct EventsQuery {
  std::int64_t since = 0;  ///< 0 = from the first
  std::int64_t until = 0;  ///< 0 = to the last
};

/// Creates, changes and reads Subscriptions, for `rest`. Everything lives as long as the gateway; any thread, if Random allows
/// it.
class SubscriptionService {
 public:
  struct Parts {
    store::Store& store;
    Deliverer& deliverer;
    const Endpoints& endpoints;
    const fhir::Definitions& definitions;
    Clock& clock;
    Random& random;
    std::string base_url;
  };

  explicit SubscriptionService(Parts parts);

  /// Checks, stores as `requested` (or `off`) and starts the handshake. `resource` is the Subscription as it was sent; returns it
  /// as readers see it. Failures are those of parse_subscription and of the store.
  Task<Result<store::Resource>> create(std::string organisation, std::string resource_json);
  struct Made {
    store::Resource resource;
    bool is_new = false;
  };
  /// The same, unless the organisation has one that matches: then that one is returned, and `resource_json` is ignored. Conflict:
  /// several match. Busy: another conditional create of the organisation is in progress. Source: FHIR R4 http.html#ccreate.
  Task<Result<Made>> create_if_none(std::string organisation, std::string resource_json, search::Query condition);
  /// The same for an existing one. `expected_version` 0 = any. A header value that is still masked keeps the stored one. Status
  /// `requested` or `active` after an error starts the handshake again; `off` ends it. A write that changes nothing adds no
  /// version.
  Task<Result<store::Resource>> update(store::Reader reader, std::string id, std::string resource_json,
                                       std::int64_t expected_version);
  /// Deletes it: reads give Gone, searches do not find it, its numbers end, and nothing more is sent. Its events are deleted in
  /// steps. A second call has no effect. `expected_version` 0 = any; Conflict: another one is current.
  Task<Result<void>> end(store::Reader reader, std::string id, std::int64_t expected_version = 0);

  /// As readers see it: the current status, an `error` text, and no header value.
  Task<Result<store::Resource>> read(store::Reader reader, std::string id);
  /// One version as it was written; the newest as by `read`. NotFound.
  Task<Result<store::Resource>> read_version(store::Reader reader, std::string id, std::int64_t version);
  /// All that the reader may see and that match: criteria may name _id, url, status (the current one) and criteria. In the
  /// query's order, on one page.
  Task<Result<std::vector<store::Resource>>> search(store::Reader reader, search::Query query);

  /// $status at the type: Bundle (searchset) as FHIR JSON. An id that the reader may not see is left out.
  Task<Result<std::string>> status(store::Reader reader, StatusQuery query);
  /// $status at an instance. NotFound.
  Task<Result<std::string>> status_of(store::Reader reader, std::string id);
  /// $events: Bundle (history) as FHIR JSON, as the subscriber sees it now, with an OperationOutcome for a resource that cannot
  /// be read; at most limits::events_per_query_max events from the first one asked for, and at most
  /// limits::notification_bytes_max (but at least one event); for the rest callers ask again from the next number. NotFound;
  /// Invalid: invalid bounds.
  Task<Result<std::string>> events(store::Reader reader, std::string id, EventsQuery query);

 private:
  struct Known;  // a stored Subscription, read

  Task<Result<Known>> load(store::Reader reader, std::string id);
  Task<Result<std::vector<Known>>> load_all(store::Reader reader);
  Task<Result<store::Resource>> shown(store::Reader reader, std::string id);
  enum class Effect : std::uint8_t {
    None,
    OnText,  ///< on what is read of the Subscription only
    OnDeliveries
  };
  Effect effect_of(const Known& known, tree::Item wish, Status status) const;
  Task<Result<void>> rewrite(Known known, std::string body);
  Task<Result<void>> write(Known known, std::string body, Status status);
  Result<std::string> bundle_of(const std::vector<Known>& known);
  std::string new_id();

  Parts parts_;
  BundleWriter writer_;
  std::set<std::string> making_;  // organisations whose conditional create is in progress
};

}  // namespace vardbron::subscription
