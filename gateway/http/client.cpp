#include "gateway/http/client.h"

#include "gateway/base/limits.h"
#include "gateway/http/encode.h"
#include "gateway/http/read_buffer.h"
#include "gateway/http/response_reader.h"
#include "gateway/http/syntax.h"

#include <deque>
#include <iterator>
#include <list>
#include <map>
#include <utility>

namespace vardbron::http {

namespace {

// Result of one call over one connection, with the state of the connection.
struct Exchange {
  Exchange(net::StreamPtr connected, Deadline deadline) : stream(std::move(connected)), read_buffer(*stream), until(deadline) {}

  net::StreamPtr stream;
  ReadBuffer read_buffer;
  Deadline until;
  bool began = false;  ///< a byte of the answer has arrived
  std::size_t read_bytes = 0;
  bool reusable = false;  ///< the answer was whole and the peer keeps the connection open
};

// The answer so far when a reader cannot continue: the status counts once it has arrived, unless the connection ended within the
// head.
Result<Answer> as_far_as_read(ResponseReader& reader, Failure failure) {
  bool has_status = reader.status() >= 200 && (reader.has_head() || reader.failure());
  if (!has_status) return failure;
  Answer answer{std::move(reader.response()), std::move(failure)};
  answer.body.clear();
  return answer;
}

Task<Result<Answer>> read_message(Exchange& exchange, bool to_head) {
  ResponseReader reader(to_head);
  for (;;) {
    std::size_t used = reader.read(exchange.read_buffer.view());
    exchange.read_buffer.use(used);
    exchange.read_bytes += used;
    if (reader.failure()) co_return as_far_as_read(reader, *reader.failure());
    if (reader.is_whole()) break;
    Result<std::size_t> got = co_await exchange.read_buffer.more(exchange.until);
    if (!got) co_return as_far_as_read(reader, std::move(got).failure());
    exchange.began = exchange.began || *got > 0;
    if (*got > 0) continue;
    reader.end();
    if (reader.is_whole()) break;
    if (!reader.has_head()) co_return *reader.failure();
  }
  exchange.reusable = reader.keep_alive() && exchange.read_buffer.is_empty();
  co_return Answer{std::move(reader.response()), std::nullopt};
}

Task<Result<Answer>> read_answer(Exchange& exchange, bool to_head) {
  while (exchange.read_bytes <= limits::interim_answers_bytes_max) {
    Result<Answer> answer = co_await read_message(exchange, to_head);
    if (!answer || answer->status >= 200) co_return std::move(answer);
    if (answer->status == 101) co_return Failure{Cause::Broken, "The peer switched to a protocol that nobody asked for.", ""};
  }
  co_return Failure{Cause::TooLarge, "The peer sent interim answers without end.", ""};
}

Task<Result<Answer>> exchange_messages(Exchange& exchange, std::string text, bool to_head) {
  Result<void> sent = co_await exchange.stream->write_all(text, exchange.until);
  // A peer may answer and close before it has read everything; then the answer has the reason.
  if (!sent && sent.failure().cause != Cause::Broken) co_return std::move(sent).failure();
  Result<Answer> answer = co_await read_answer(exchange, to_head);
  exchange.reusable = exchange.reusable && sent.ok();
  co_return std::move(answer);
}

std::string host_field(const net::Address& to) {
  bool is_v6 = to.host.find(':') != std::string::npos;
  std::string host = is_v6 ? "[" + to.host + "]" : to.host;
  bool is_default = to.port == (to.tls ? 443 : 80);
  return is_default ? host : host + ":" + std::to_string(to.port);
}

bool is_sendable(const Call& call) {
  bool has_target = call.request.target.starts_with('/') && call.request.target.find_first_of(" \t\r\n") == std::string::npos;
  return is_token(call.request.method) && has_target && is_field_value(call.request.target) && is_field_value(call.host_field) &&
         are_sendable(call.request.fields);
}

}  // namespace

struct Client::Pool {
  struct Kept {
    net::Address address;
    net::StreamPtr stream;
    Instant until;
  };
  using Place = std::list<Kept>::iterator;

  net::Dialer& dialer;
  Clock& clock;
  std::list<Kept> kept;  // the oldest first
  std::map<net::Address, std::deque<Place>> by_address;

  // The most recently used connection is the most likely to be open.
  net::StreamPtr take(const net::Address& address) {
    drop_old();
    auto found = by_address.find(address);
    if (found == by_address.end()) return nullptr;
    Place place = found->second.back();
    net::StreamPtr stream = std::move(place->stream);
    found->second.pop_back();
    if (found->second.empty()) by_address.erase(found);
    kept.erase(place);
    return stream;
  }

  void keep(const net::Address& address, net::StreamPtr stream) {
    std::deque<Place>& places = by_address[address];
    kept.push_back({address, std::move(stream), clock.now() + limits::kept_connection_time_max});
    places.push_back(std::prev(kept.end()));
    if (places.size() > limits::kept_connections_per_address_max) drop(places.front());
    drop_old();
  }

  // Of all addresses: the connection of one that is not called again would keep its descriptor for ever.
  void drop_old() {
    while (!kept.empty() && (kept.front().until <= clock.now() || kept.size() > limits::kept_connections_max)) drop(kept.begin());
  }

  // The oldest of its address.
  void drop(Place place) {
    auto found = by_address.find(place->address);
    found->second.pop_front();
    if (found->second.empty()) by_address.erase(found);
    kept.erase(place);
  }
};

Client::Client(net::Dialer& dialer, Clock& clock) : pool_(new Pool{dialer, clock, {}, {}}) {}

Client::~Client() = default;

Task<Result<Answer>> Client::send(Call call, Deadline until) {
  if (!is_sendable(call)) co_return Failure{Cause::Invalid, "The request has characters that cannot be sent.", ""};
  std::string host = call.host_field.empty() ? host_field(call.to) : call.host_field;
  std::string text = encode_request(call.request, host);
  bool to_head = call.request.method == "HEAD";
  net::StreamPtr stream = pool_->take(call.to);
  bool was_kept = stream != nullptr;
  for (;;) {
    if (!stream) {
      Result<net::StreamPtr> dialled = co_await pool_->dialer.dial(call.to, until);
      if (!dialled) co_return std::move(dialled).failure();
      stream = *std::move(dialled);
    }
    Exchange exchange(std::move(stream), until);
    Result<Answer> response = co_await exchange_messages(exchange, text, to_head);
    if (response && exchange.reusable) pool_->keep(call.to, std::move(exchange.stream));
    bool was_dead = !response && response.failure().cause == Cause::Broken && !exchange.began;
    if (!was_kept || !was_dead) co_return std::move(response);
    was_kept = false;
  }
}

void Client::close_idle() {
  pool_->by_address.clear();
  pool_->kept.clear();
}

}  // namespace vardbron::http
