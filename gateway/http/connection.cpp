#include "gateway/http/connection.h"

#include "gateway/base/limits.h"
#include "gateway/base/log.h"
#include "gateway/http/body_reader.h"
#include "gateway/http/date.h"
#include "gateway/http/encode.h"
#include "gateway/http/server.h"

#include <boost/asio/error.hpp>
#include <boost/system/system_error.hpp>

#include <utility>

namespace vardbron::http {

Task<void> serve_connection(net::StreamPtr stream, const Handler& handler, Clock& clock, const bool& stopping,
                            OnUnread on_unread, const Refuser* refuser) {
  Connection connection(std::move(stream), handler, clock, stopping, on_unread, refuser);
  co_await connection.serve();
}

Connection::Connection(net::StreamPtr stream, const Handler& handler, Clock& clock, const bool& stopping,
                       const OnUnread& on_unread, const Refuser* refuser)
    : stream_(std::move(stream)),
      handler_(handler),
      clock_(clock),
      stopping_(stopping),
      on_unread_(on_unread),
      refuser_(refuser),
      inbox_(*stream_) {}

void Connection::tell_unread(unsigned status) const {
  if (on_unread_) on_unread_(stream_->peer(), status);
}

Task<void> Connection::serve() {
  for (std::size_t served = 1; !stopping_; ++served) {
    auto incoming = co_await read_request();
    if (std::holds_alternative<Ended>(incoming)) break;
    if (auto* refusal = std::get_if<Refusal>(&incoming)) {
      co_await refuse(std::move(*refusal));
      break;
    }
    auto& [request, asked_to_stay] = std::get<Incoming>(incoming);
    bool to_head = request.method == "HEAD";
    Response response = co_await handle(std::move(request));
    bool keep_alive = asked_to_stay && !stopping_ && served < limits::requests_per_connection_max;
    bool answered = co_await answer(std::move(response), keep_alive, to_head);
    if (!answered || !keep_alive) break;
  }
  Deadline until = clock_.in(limits::linger_time_max);
  co_await stream_->close(until);
}

void Connection::end_if_idle() {
  if (is_idle_) stream_->abort();
}

Task<std::variant<Connection::Incoming, Refusal, Connection::Ended>> Connection::read_request() {
  auto read = co_await read_head();
  if (std::holds_alternative<Ended>(read)) co_return Ended{};
  if (auto* refusal = std::get_if<Refusal>(&read)) co_return std::move(*refusal);
  auto& head = std::get<RequestHead>(read);
  head_.method = std::move(head.method);
  head_.target = std::move(head.target);
  head_.fields = std::move(head.fields);
  // Who asks first is not told to send what is refused. Source: RFC 9110, 10.1.1.
  const bool is_too_large = head.framing.length.value_or(0) > limits::body_bytes_max;
  if (head.expects_continue && !is_too_large && inbox_.is_empty()) {
    Deadline until = clock_.in(limits::answer_write_time_max);
    Result<void> sent = co_await stream_->write_all("HTTP/1.1 100 Continue\r\n\r\n", until);
    if (!sent) co_return Ended{};
  }

  std::string body;
  if (head.framing.chunked || head.framing.length.value_or(0) > 0) {
    BodyPace pace{clock_.now(), clock_.in(limits::body_time_max)};
    BodyRequest wanted{head.framing, limits::body_bytes_max, pace};
    auto outcome = co_await read_body(inbox_, std::move(wanted));
    if (auto* refusal = std::get_if<Refusal>(&outcome)) co_return std::move(*refusal);
    if (auto* failure = std::get_if<Failure>(&outcome)) {
      if (failure->cause != Cause::TimedOut) co_return Ended{};
      co_return Refusal{408, "The body did not arrive in time."};
    }
    body = std::move(std::get<std::string>(outcome));
  }
  Incoming incoming;
  incoming.keep_alive = head.keep_alive;
  incoming.request = std::exchange(head_, Request());
  incoming.request.body = std::move(body);
  incoming.request.peer = stream_->peer();
  incoming.request.over_tls = stream_->over_tls();
  co_return std::move(incoming);
}

// A kept connection may be silent for long; once a head has begun, or was never begun at all, it must come quickly and whole.
Task<std::variant<RequestHead, Refusal, Connection::Ended>> Connection::read_head() {
  bool is_first = std::exchange(is_first_, false);
  Deadline idle_until = clock_.in(limits::idle_time_max);
  Deadline until = clock_.in(limits::header_time_max);
  HeadScanner scanner;
  while (!scanner.scan(inbox_.view())) {
    if (scanner.refusal()) co_return *scanner.refusal();
    bool begun = !inbox_.is_empty();
    is_idle_ = !begun;
    Deadline next = begun || is_first ? until : idle_until;
    Result<std::size_t> got = co_await inbox_.more(next);
    is_idle_ = false;
    if (!got && got.failure().cause == Cause::TimedOut && begun) co_return Refusal{408, "The head did not arrive in time."};
    if (!got || *got == 0) co_return Ended{};
    if (!begun) until = clock_.in(limits::header_time_max);
  }
  auto parsed = parse_request_head(inbox_.view().substr(0, scanner.head_bytes()));
  if (auto* refusal = std::get_if<Refusal>(&parsed)) co_return std::move(*refusal);
  inbox_.use(scanner.head_bytes());
  co_return std::move(std::get<RequestHead>(parsed));
}

// The last door: whatever escapes from the gateway ends as an answer here, not as a dead process.
Task<Response> Connection::handle(Request request) {
  Response response;
  try {
    response = co_await handler_(std::move(request));
    if (are_sendable(response.fields)) co_return std::move(response);
    log::error("an answer had a field that cannot be sent");
  } catch (const boost::system::system_error& thrown) {
    if (thrown.code() == asio::error::operation_aborted) throw;
    log::error("a request's handler threw a system error");
  } catch (const std::exception&) {
    log::error("a request's handler threw");
  }
  response = Response();
  response.status = 500;
  tell_unread(response.status);
  response.fields.push_back({"Content-Type", "text/plain; charset=utf-8"});
  response.body = "The gateway failed at this request. It is not known whether anything of it was kept.\n";
  co_return std::move(response);
}

Task<bool> Connection::answer(Response response, bool keep_alive, bool to_head) {
  AnswerFrame frame{keep_alive, to_head, date()};
  std::string text = encode_answer(response, frame);
  Deadline until = clock_.in(limits::answer_write_time_max);
  Result<void> sent = co_await stream_->write_all(text, until);
  co_return sent.ok();
}

Task<void> Connection::refuse(Refusal refusal) {
  tell_unread(refusal.status);
  Response response;
  if (refuser_ != nullptr) {
    response = (*refuser_)(std::move(head_), std::move(refusal));
  } else {
    response.status = refusal.status;
    response.fields.push_back({"Content-Type", "text/plain; charset=utf-8"});
    response.body = std::move(refusal.says) + " Nothing of the request was kept.\n";
  }
  bool answered = co_await answer(std::move(response), false, false);
  (void)answered;
}

std::string_view Connection::date() {
  auto second = std::chrono::floor<std::chrono::seconds>(clock_.wall());
  if (date_.empty() || second != date_second_) {
    date_second_ = second;
    date_ = http_date(second);
  }
  return date_;
}

}  // namespace vardbron::http
