#include "gateway/rest/answer_log.h"

#include "gateway/base/check.h"
#include "gateway/base/log.h"
#include "gateway/http/encode.h"

#include <algorithm>
#include <span>

namespace vardbron::rest {

namespace {

constexpr std::array<std::string_view, 8> methods{"GET", "HEAD", "POST", "PUT", "DELETE", "PATCH", "OPTIONS", "other"};
constexpr std::array<std::string_view, 5> classes{"1xx", "2xx", "3xx", "4xx", "5xx"};

// The statuses of refusals. Their figures exist from the start, since the first increase of a new series is not seen as one.
constexpr std::array refusals{400u, 401u, 403u, 404u, 405u, 406u, 408u, 409u, 410u, 412u, 413u, 414u,
                              415u, 417u, 422u, 428u, 429u, 431u, 500u, 501u, 503u, 504u, 505u};

std::size_t place_of(std::string_view name, std::span<const std::string_view> names, std::size_t otherwise) {
  const auto found = std::find(names.begin(), names.end(), name);
  return found == names.end() ? otherwise : static_cast<std::size_t>(found - names.begin());
}

bool is_refusal(const Answered& answer) {
  const bool is_state = answer.route == "/health" || answer.route == "/ready";
  return answer.status >= 400 && !answer.is_logged && !(is_state && answer.status == 503);
}

std::string reason_of(unsigned status) {
  const std::string_view known = http::reason(status);
  return std::string(known.empty() ? "Other" : known);
}

}  // namespace

AnswerLog::AnswerLog(Metrics& metrics, access::StrangerLog& strangers) : metrics_(metrics), strangers_(strangers) {
  static_assert(methods.size() == methods_max && classes.size() == classes_max);
  CHECK(labels().size() <= routes_max);
  for (unsigned status : refusals) refusal_figure(status);
}

void AnswerLog::answered(const Answered& answer) {
  const std::size_t route = place_of(answer.route, labels(), place_of(other_route, labels(), 0));
  count(route, answer.method, answer.status);
  Histogram* seconds = seconds_[route].load();
  if (seconds == nullptr) {
    seconds = &metrics_.histogram("vardbron_http_request_seconds", "From a request's last byte to its answer, by route.",
                                  {{"route", std::string(labels()[route])}});
    seconds_[route] = seconds;
  }
  seconds->observe(answer.seconds);
  if (!is_refusal(answer)) return;
  refusal_figure(answer.status).add();
  const std::string reason = reason_of(answer.status);
  if (answer.status == 401) return strangers_.refused(answer.peer, answer.method);
  if (answer.organisation.empty()) return strangers_.unread(answer.peer, reason);
  log::warning("a request was refused", {{"organisation", std::string_view(answer.organisation)},
                                         {"method", std::string_view(answer.method)},
                                         {"route", answer.route},
                                         {"status", std::int64_t{answer.status}},
                                         {"reason", std::string_view(reason)}});
}

void AnswerLog::unread(std::string_view peer, unsigned status) {
  count(place_of(unread_route, labels(), 0), methods.back(), status);
  refusal_figure(status).add();
  if (status != 500) strangers_.unread(peer, reason_of(status));
}

void AnswerLog::count(std::size_t route, std::string_view method, unsigned status) {
  const std::size_t at_method = place_of(method, methods, methods.size() - 1);
  const std::size_t at_class = std::clamp<std::size_t>(status / 100, 1, classes.size()) - 1;
  std::atomic<Counter*>& place = requests_[route][at_method][at_class];
  Counter* counter = place.load();
  if (counter == nullptr) {
    counter = &metrics_.counter("vardbron_http_requests_total", "Answers to requests, by route, method and class of the status.",
                                {{"route", std::string(labels()[route])},
                                 {"method", std::string(methods[at_method])},
                                 {"status", std::string(classes[at_class])}});
    place = counter;
  }
  counter->add();
}

Counter& AnswerLog::refusal_figure(unsigned status) {
  return metrics_.counter("vardbron_http_refusals_total",
                          "Requests that were refused, by why. Messages in quarantine are in vardbron_quarantined_total.",
                          {{"reason", reason_of(status)}});
}

}  // namespace vardbron::rest
