// Tested by tests/rest/service_test.cpp and tests/rest/routes_test.cpp.

#include "gateway/rest/handlers.h"

#include <utility>

namespace vardbron::rest {

namespace {

http::Response answer_of(HealthWatch::Answer answer) {
  return plain_answer(answer.status, "application/json", std::move(answer.body));
}

}  // namespace

http::Response health(const ServiceParts& parts, const Call& call) {
  return parts.health == nullptr ? not_found(parts, call) : answer_of(parts.health->health());
}

http::Response ready(const ServiceParts& parts, const Call& call) {
  return parts.health == nullptr ? not_found(parts, call) : answer_of(parts.health->ready());
}

http::Response metrics(const ServiceParts& parts, const Call&) {
  return plain_answer(200, "text/plain; version=0.0.4; charset=utf-8", parts.metrics.text());
}

}  // namespace vardbron::rest
