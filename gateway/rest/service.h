#pragma once

#include "gateway/access/authenticator.h"
#include "gateway/access/caller.h"
#include "gateway/access/sealed_text.h"
#include "gateway/base/clock.h"
#include "gateway/base/fair_shares.h"
#include "gateway/base/guarded_clock.h"
#include "gateway/base/metrics.h"
#include "gateway/base/random.h"
#include "gateway/base/task.h"
#include "gateway/care/chain/policies.h"
#include "gateway/exchange/backlog.h"
#include "gateway/exchange/case_repair.h"
#include "gateway/exchange/map_registry.h"
#include "gateway/exchange/message_path.h"
#include "gateway/fhir/definitions.h"
#include "gateway/http/message.h"
#include "gateway/http/refusal.h"
#include "gateway/rest/answer_log.h"
#include "gateway/rest/call.h"
#include "gateway/rest/health_watch.h"
#include "gateway/rest/own_definitions.h"
#include "gateway/search/indexer.h"
#include "gateway/store/store.h"
#include "gateway/subscription/subscription_service.h"

#include <string>
#include <variant>

namespace vardbron::rest {

/// What the service works with; everything outlives it.
struct ServiceParts {
  const access::Authenticator& authenticator;
  exchange::MessagePath& path;
  exchange::Backlog& backlog;
  store::Store& store;
  subscription::SubscriptionService& subscription_service;
  asio::any_io_executor subscription_executor;  ///< of the SubscriptionService
  const fhir::Definitions& definitions;
  const search::Indexer& indexer;
  Clock& clock;
  Random& random;
  Metrics& metrics;
  const access::SealedText& sealed;  ///< for links that carry what a POST asked for
  std::string base_url;              ///< as callers reach us, without a slash at the end: "https://host/fhir"
  AnswerLog& answers;
  const care::Policies& policies;       ///< the agreements by which months are summed
  exchange::MapKeeper* maps = nullptr;  ///< null: maps never change
  HealthWatch* health = nullptr;        ///< null: /health checks nothing
  GuardedClock* clock_guard = nullptr;  ///< if this or `repair` is null, operators cannot change the time
  exchange::CaseRepair* repair = nullptr;
  FairShares* requests = nullptr;                   ///< in progress, by organisation; null: unlimited
  const exchange::MapRegistry* registry = nullptr;  ///< of the maps that make R5; null: none do
  const OwnDefinitions* own_definitions = nullptr;  ///< null: none are served
};

/// Answers HTTP: the intake of notices, FHIR R4 REST, and what operators need. routes.cpp has the table of methods, paths and
/// rights. One per thread.
///
/// Every request but those of rows with Right::Open has a Caller; a caller who is unknown, or no party to what is asked for, gets
/// an answer that does not show what exists.
class Service {
 public:
  explicit Service(ServiceParts parts);
  /// To a HEAD as to a GET: the connection sends the length and leaves the body out (RFC 9110, 9.3.2).
  Task<http::Response> answer(http::Request request);
  /// For a request that could not be read; `head` is the part that was. It is counted here, as the caller's if its token is
  /// valid.
  http::Response refuse(http::Request head, http::Refusal refusal) const;
  /// For a request whose body has not come yet: the caller's organisation, or the answer to an unknown caller.
  std::variant<std::string, http::Response> check_head(const http::Request& head) const;

 private:
  void count_refused(const http::Request& head, unsigned status) const;

  ServiceParts parts_;
};

}  // namespace vardbron::rest
