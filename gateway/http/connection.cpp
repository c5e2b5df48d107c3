#include "gateway/http/connection.h"

#include "gateway/base/limits.h"
#include "gateway/base/log.h"
#include "gateway/http/encode.h"
#include "gateway/http/forwarded.h"
#include "gateway/http/server.h"
#include "gateway/time/http_date.h"

#include <boost/asio/error.hpp>
#include <boost/system/system_error.hpp>

#include <algorithm>
#include <utility>

namespace vardbron::http {

Task<void> serve_connection(net::StreamPtr stream, const Serving& serving, Clock& clock, const bool& stopping) {
  Connection connection(std::move(stream), serving, clock, stopping);
  co_await connection.serve();
}

Connection::Connection(net::StreamPtr stream, const Serving& serving, Clock& clock, const bool& stopping)
    : stream_(std::move(stream)),
      serving_(serving),
      origin_(stream_->peer()),
      share_(serving.bodies, net::network_of(origin_)),
      clock_(clock),
      stopping_(stopping),
      read_buffer_(*stream_) {}

void Connection::tell_unread(unsigned status) const {
  if (serving_.on_unread) serving_.on_unread(origin_, status);
}

Task<void> Connection::serve() {
  for (std::size_t served = 1; !stopping_; ++served) {
    auto incoming = co_await read_request();
    if (std::holds_alternative<Ended>(incoming)) break;
    if (auto* refusal = std::get_if<Refusal>(&incoming)) {
      co_await refuse(std::move(*refusal));
      break;
    }
    if (auto* turned_away = std::get_if<Response>(&incoming)) {
      bool answered = co_await answer(std::move(*turned_away), false, to_head_);
      if (answered) co_await drop_body();
      break;
    }
    auto& [request, asked_to_stay] = std::get<Incoming>(incoming);
    Response response = co_await handle(std::move(request));
    share_.give_back();
    bool keep_alive = asked_to_stay && !stopping_ && served < limits::requests_per_connection_max;
    bool answered = co_await answer(std::move(response), keep_alive, to_head_);
    if (!answered || !keep_alive) break;
  }
  Deadline until = clock_.in(limits::linger_time_max);
  co_await stream_->close(until);
}

void Connection::end_if_idle() {
  if (is_idle_) stream_->abort();
}

void Connection::look_for_caller() {
  if (handling_ == Handling::Looked && stream_->has_peer_ended()) abandoned_.request_stop();
  if (handling_ == Handling::New) handling_ = Handling::Looked;
}

Task<Connection::Reading> Connection::read_request() {
  RequestReader reader;
  head_ = Request();
  origin_ = stream_->peer();
  head_.peer = origin_;
  if (Trouble trouble = co_await read_head(reader)) {
    to_head_ = read_buffer_.view().starts_with("HEAD ");  // what is refused was not taken
    co_return as_reading(std::move(*trouble));
  }
  to_head_ = reader.request().method == "HEAD";
  find_origin(reader.request());
  read_buffer_.use(reader.read(read_buffer_.view()));
  Trouble trouble;
  if (!reader.is_whole() && !reader.refusal()) trouble = co_await before_body(reader);
  if (!trouble) trouble = co_await read_body(reader);
  if (!trouble) co_return Incoming{std::move(reader.request()), reader.keep_alive()};
  head_ = std::move(reader.request());
  head_.body = std::string();
  co_return as_reading(std::move(*trouble));
}

Connection::Reading Connection::as_reading(std::variant<Refusal, Response, Ended> trouble) {
  return std::visit([](auto& it) -> Reading { return std::move(it); }, trouble);
}

// A proxy sends requests of many callers over one connection.
void Connection::find_origin(Request& request) {
  if (serving_.trusted_proxies != nullptr) {
    Origin origin = origin_of(request.fields, origin_, *serving_.trusted_proxies);
    if (origin.is_malformed && serving_.on_malformed_origin) serving_.on_malformed_origin(origin_);
    origin_ = std::move(origin.address);
  }
  request.peer = origin_;
  request.over_tls = stream_->over_tls();
  share_.belong_to(net::network_of(origin_));
}

// Unknown callers are refused before their body is read, which might be eight megabytes for each.
Task<Connection::Trouble> Connection::before_body(RequestReader& reader) {
  if (serving_.check_head) {
    std::variant<std::string, Response> known = serving_.check_head(reader.request());
    if (auto* turned_away = std::get_if<Response>(&known)) co_return std::move(*turned_away);
    share_.belong_to(std::get<std::string>(std::move(known)));
  }
  bool has_begun = !read_buffer_.is_empty() || !reader.request().body.empty();
  if (reader.expects_continue() && !has_begun) {
    Deadline until = clock_.in(limits::answer_write_time_max);
    Result<void> sent = co_await stream_->write_all("HTTP/1.1 100 Continue\r\n\r\n", until);
    if (!sent) co_return Ended{};
  }
  co_return std::nullopt;
}

// Most callers read no answer before they have sent everything: if we closed earlier they would lose it.
Task<void> Connection::drop_body() {
  Deadline until = clock_.in(limits::body_time_max);
  is_idle_ = true;
  std::size_t dropped = 0;
  while (dropped < limits::body_bytes_max) {
    dropped += read_buffer_.view().size();
    read_buffer_.use(read_buffer_.view().size());
    Result<std::size_t> got = co_await read_buffer_.more(until);
    if (!got || *got == 0) co_return;
  }
}

// A kept connection may be silent for long; the first head, and any head that has begun, must arrive whole within a short time.
Task<Connection::Trouble> Connection::read_head(RequestReader& reader) {
  bool is_first = std::exchange(is_first_, false);
  Deadline idle_until = clock_.in(limits::idle_time_max);
  Deadline until = clock_.in(limits::header_time_max);
  for (;;) {
    read_buffer_.use(reader.read(read_buffer_.view()));
    if (reader.refusal()) co_return *reader.refusal();
    if (reader.has_head()) co_return std::nullopt;
    bool begun = !read_buffer_.is_empty();
    is_idle_ = !begun;
    Deadline next = begun || is_first ? until : idle_until;
    if (begun) stream_->acknowledge();
    Result<std::size_t> got = co_await read_buffer_.more(next);
    is_idle_ = false;
    if (!got && got.failure().cause == Cause::TimedOut && begun) co_return Refusal{408, "The head did not arrive in time."};
    if (!got || *got == 0) co_return Ended{};
    if (!begun) until = clock_.in(limits::header_time_max);
  }
}

// One deadline for the whole body, and one for the least rate: a slow body holds memory as an endless one does.
Task<Connection::Trouble> Connection::read_body(RequestReader& reader) {
  Instant start = clock_.now();
  Deadline all = clock_.in(limits::body_time_max);
  for (std::size_t received = reader.request().body.size();;) {
    std::size_t used = reader.read(read_buffer_.view());
    read_buffer_.use(used);
    received += used;
    if (reader.refusal()) co_return *reader.refusal();
    if (!share_.grow_to(reader.request().body.size()))
      co_return Refusal{503, "Too many messages are under way here; send it again."};
    if (reader.is_whole()) co_return std::nullopt;
    auto owed = Instant{std::chrono::seconds{1}} * static_cast<std::int64_t>(received / limits::body_rate_bytes_per_s_min);
    Deadline next{std::min(all.at, start + limits::body_rate_grace + owed)};
    stream_->acknowledge();
    Result<std::size_t> got = co_await read_buffer_.more(next);
    if (!got && got.failure().cause == Cause::TimedOut) co_return Refusal{408, "The body did not arrive in time."};
    if (!got || *got == 0) co_return Ended{};
  }
}

// Any exception of a handler becomes an answer here and does not end the process.
Task<Response> Connection::handle(Request request) {
  Response response;
  request.abandoned = abandoned_.get_token();
  handling_ = Handling::New;
  try {
    response = co_await serving_.answer(std::move(request));
    handling_ = Handling::Nothing;
    if (are_sendable(response.fields)) co_return std::move(response);
    log::error("an answer had a field that cannot be sent");
  } catch (const boost::system::system_error& thrown) {
    if (thrown.code() == asio::error::operation_aborted) throw;
    log::error("a request's handler threw a system error");
  } catch (const std::exception&) {
    log::error("a request's handler threw");
  }
  handling_ = Handling::Nothing;
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
  if (serving_.refuser) {
    response = serving_.refuser(std::move(head_), std::move(refusal));
  } else {
    response.status = refusal.status;
    response.fields.push_back({"Content-Type", "text/plain; charset=utf-8"});
    response.body = std::move(refusal.says) + " Nothing of the request was kept.\n";
  }
  bool answered = co_await answer(std::move(response), false, to_head_);
  (void)answered;
}

std::string_view Connection::date() {
  auto second = std::chrono::floor<std::chrono::seconds>(clock_.wall());
  if (date_.empty() || second != date_second_) {
    date_second_ = second;
    date_ = time::http_date(second);
  }
  return date_;
}

}  // namespace vardbron::http
