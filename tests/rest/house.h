#pragma once

#include "gateway/base/limits.h"
#include "gateway/rest/service.h"
#include "gateway/search/served.h"
#include "gateway/subscription/deliverer.h"
#include "tests/exchange/spine.h"

#include <boost/asio/io_context.hpp>
#include <gtest/gtest.h>

#include <optional>
#include <string>
#include <string_view>

namespace vardbron::rest {

using exchange::ANotice;

inline constexpr const char* hospital_token = "hospital-token-of-a-test";
inline constexpr const char* home_care_token = "home-care-token-of-a-test";
inline constexpr const char* health_centre_token = "health-centre-token-of-a-test";
inline constexpr const char* other_unit_token = "other-unit-token-of-a-test";  ///< of the municipality of home care
inline constexpr const char* hospital_reader_token = "hospital-reader-token-of-a-test";
inline constexpr const char* stranger_token = "stranger-token-of-a-test";
inline constexpr const char* other_hospital_token = "other-hospital-token-of-a-test";
inline constexpr const char* operator_token = "operator-token-of-a-test";

/// Answers every request for other maps from the test's data.
class PlayedKeeper final : public exchange::MapKeeper {
 public:
  Task<exchange::MapChange> reload() override {
    asked += "reload ";
    co_return next;
  }
  Task<exchange::MapChange> roll_back() override {
    asked += "rollback ";
    co_return next;
  }
  exchange::MapChange next{.digest = "d1", .maps = 2, .cases = 39, .failures = {}, .is_new = true};
  std::string asked;
};

/// The service on a simulated store and network.
struct House {
  /// `registry`: of the maps that make FHIR R5; it outlives the house.
  explicit House(const exchange::MapRegistry* registry = nullptr) {
    Result<access::Authenticator> opened =
        access::Authenticator::open({{exchange::hospital, "Sjukhuset", hospital_token, true, false, false},
                                     {exchange::home_care, "Hemsjukvården", home_care_token, false, true, false},
                                     {exchange::health_centre, "Vårdcentralen", health_centre_token, false, true, false},
                                     {"SE2120990011-EKO1", "Ekonomi", other_unit_token, false, true, false},
                                     {exchange::hospital, "Sjukhuset", hospital_reader_token, false, true, false},
                                     {"SE2120990029-HSV9", "Grannen", stranger_token, false, true, false},
                                     {"SE2321990016-MED1", "Ett annat sjukhus", other_hospital_token, true, false, false},
                                     {"SE2321990018-DRIFT", "Drift", operator_token, false, false, true}});
    CHECK(opened);
    authenticator.emplace(std::move(*opened));
    const fhir::Definitions& definitions = exchange::empty_library().definitions();
    const asio::any_io_executor executor = spine.world.io().get_executor();
    subscription::DeliveryParts delivery{spine.store, spine.world.net, spine.world.clock, spine.world.random,
                                         endpoints,   definitions,     base_url};
    deliverer.emplace(std::move(delivery), executor);
    subscription::SubscriptionService::Parts subscription_parts{spine.store,       *deliverer,         endpoints, definitions,
                                                                spine.world.clock, spine.world.random, base_url};
    subscription_service.emplace(std::move(subscription_parts));
    backlog.emplace(spine.store, *spine.path, spine.world.clock, executor);
    strangers.emplace(spine.store, spine.world.clock, executor);
    answers.emplace(metrics, *strangers);
    health.emplace(watched, nullptr, guard, metrics, executor);
    exchange::CaseParts cases{watched,
                              {definitions.names(), spine.policy, exchange::indexer()},
                              [this] { return spine.matcher; },
                              [](const store::Committed&) {}};
    repair.emplace(std::move(cases), guard);
    spine.world.spawn(health->look());
    spine.world.run();
    ServiceParts parts{*authenticator,
                       *spine.path,
                       *backlog,
                       watched,
                       *subscription_service,
                       executor,
                       definitions,
                       exchange::indexer(),
                       spine.world.clock,
                       spine.world.random,
                       metrics,
                       sealed,
                       base_url,
                       *answers,
                       spine.policy,
                       &keeper,
                       &*health,
                       &guard,
                       &*repair,
                       &requests,
                       registry,
                       &own_definitions};
    service.emplace(std::move(parts));
  }

  ~House() {
    const Deadline at_once{spine.world.clock.now()};
    spine.world.spawn(deliverer->stop(at_once));
    spine.world.run_for(std::chrono::seconds(1));
  }

  http::Response ask(std::string method, std::string target, const std::string& token, std::string body = "",
                     http::Fields fields = {}) {
    http::Request request;
    request.method = std::move(method);
    request.target = std::move(target);
    request.fields = std::move(fields);
    if (!token.empty()) request.fields.push_back({"Authorization", "Bearer " + token});
    const bool says_type = !http::find(request.fields, "Content-Type").empty();
    const bool is_form = request.target.find("/_search") != std::string::npos;
    const char* type = is_form ? "application/x-www-form-urlencoded" : "application/fhir+json";
    if (!body.empty() && !says_type) request.fields.push_back({"Content-Type", type});
    request.body = std::move(body);
    request.peer = peer;
    return spine.world.complete(service->answer(std::move(request)));
  }
  http::Response send(const ANotice& notice) { return ask("POST", "/fhir/$process-message", hospital_token, notice.json()); }
  std::string first_id(const std::string& type) {
    if (type == "Patient") return spine.patients().front().id;  // no case's
    for (const store::CaseResource& each : spine.stored_case("A-1").resources) {
      if (each.type == type) return each.id;
    }
    return {};
  }

  const std::string base_url = "http://gateway.example/fhir";
  std::string peer = "192.0.2.7";
  exchange::Spine spine;
  subscription::Endpoints endpoints = *subscription::Endpoints::open({{exchange::home_care, "https://a.example"}}, false);
  Metrics metrics;
  FairShares requests{limits::requests_under_way_max};
  std::optional<access::Authenticator> authenticator;
  std::optional<subscription::Deliverer> deliverer;
  std::optional<subscription::SubscriptionService> subscription_service;
  std::optional<exchange::Backlog> backlog;
  GuardedClock guard{spine.world.clock};
  store::WatchedStore watched{{spine.store, metrics, spine.world.clock}};
  std::optional<HealthWatch> health;
  std::optional<exchange::CaseRepair> repair;
  std::optional<access::StrangerLog> strangers;
  std::optional<AnswerLog> answers;
  access::SealedText sealed{spine.world.random};
  std::optional<Service> service;
  PlayedKeeper keeper;
  OwnDefinitions own_definitions;  ///< none, until a test has some
};

inline Task<int> looked(HealthWatch& health) {
  co_await health.look();
  co_return 0;
}

inline bool holds(const http::Response& response, std::string_view text) { return response.body.find(text) != std::string::npos; }

}  // namespace vardbron::rest
