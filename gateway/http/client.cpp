#include "gateway/http/client.h"

#include "gateway/base/limits.h"
#include "gateway/http/body_reader.h"
#include "gateway/http/encode.h"
#include "gateway/http/head.h"
#include "gateway/http/head_scanner.h"
#include "gateway/http/inbox.h"
#include "gateway/http/syntax.h"

#include <deque>
#include <iterator>
#include <list>
#include <map>
#include <utility>

namespace vardbron::http {

namespace {

// One call over one connection, and what is known about the connection afterwards.
struct Exchange {
  Exchange(net::StreamPtr connected, Deadline deadline) : stream(std::move(connected)), inbox(*stream), until(deadline) {}

  net::StreamPtr stream;
  Inbox inbox;
  Deadline until;
  bool began = false;     ///< a byte of the answer has arrived
  bool reusable = false;  ///< the answer was whole and the peer stays
};

Failure no_http(const Refusal& refusal) {
  Cause cause = refusal.status == 413 || refusal.status == 431 ? Cause::TooLarge : Cause::Broken;
  return {cause, "The peer's answer was refused: " + refusal.says, ""};
}

Task<Result<ResponseHead>> read_head(Exchange& exchange) {
  HeadScanner scanner;
  while (!scanner.scan(exchange.inbox.view())) {
    if (scanner.refusal()) co_return no_http(*scanner.refusal());
    Result<std::size_t> got = co_await exchange.inbox.more(exchange.until);
    if (!got) co_return std::move(got).failure();
    if (*got == 0) co_return Failure{Cause::Broken, "The peer ended the connection before its answer.", ""};
    exchange.began = true;
  }
  auto parsed = parse_response_head(exchange.inbox.view().substr(0, scanner.head_bytes()));
  if (auto* refusal = std::get_if<Refusal>(&parsed)) co_return no_http(*refusal);
  exchange.inbox.use(scanner.head_bytes());
  co_return std::move(std::get<ResponseHead>(parsed));
}

Task<Result<ResponseHead>> read_final_head(Exchange& exchange) {
  for (int interim = 0; interim <= limits::interim_answers_max; ++interim) {
    Result<ResponseHead> head = co_await read_head(exchange);
    if (!head || head->status >= 200) co_return std::move(head);
    if (head->status == 101) break;
  }
  co_return Failure{Cause::Broken, "The peer sent an interim answer that nobody asked for.", ""};
}

Task<Result<Response>> exchange_messages(Exchange& exchange, std::string text, bool to_head) {
  Result<void> sent = co_await exchange.stream->write_all(text, exchange.until);
  // A peer may answer and close before it has read everything; then the answer says why.
  if (!sent && sent.failure().cause != Cause::Broken) co_return std::move(sent).failure();
  Result<ResponseHead> head = co_await read_final_head(exchange);
  if (!head) co_return std::move(head).failure();
  if (to_head) head->framing = Framing{.chunked = false, .length = 0};
  BodyPace pace{std::nullopt, exchange.until};
  BodyRequest wanted{head->framing, limits::answer_bytes_max, pace};
  auto outcome = co_await read_body(exchange.inbox, std::move(wanted));
  if (auto* refusal = std::get_if<Refusal>(&outcome)) co_return no_http(*refusal);
  if (auto* failure = std::get_if<Failure>(&outcome)) co_return std::move(*failure);
  exchange.reusable = sent.ok() && head->keep_alive && exchange.inbox.is_empty();
  Response response;
  response.status = head->status;
  response.fields = std::move(head->fields);
  response.body = std::move(std::get<std::string>(outcome));
  co_return std::move(response);
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

  // The one used last is the one most likely to be alive.
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

  // Of every address: one that is not called again would hold a descriptor for ever.
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

Task<Result<Response>> Client::send(Call call, Deadline until) {
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
    Result<Response> response = co_await exchange_messages(exchange, text, to_head);
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
