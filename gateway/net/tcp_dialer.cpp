// Tested by tests/system/net/tcp_test.cpp and tests/system/net/name_lookup_test.cpp.

#include "gateway/base/limits.h"
#include "gateway/net/name_lookup.h"
#include "gateway/net/outcome.h"
#include "gateway/net/socket.h"
#include "gateway/net/tcp.h"
#include "gateway/net/watch.h"

#include <boost/asio/cancellation_state.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <algorithm>
#include <utility>
#include <vector>

namespace vardbron::net {

namespace {

using asio::ip::tcp;
using boost::system::error_code;

Deadline share_of(Deadline all, std::size_t places) {
  Instant now = RealClock().now();
  return {now + (all.at - now) / static_cast<std::int64_t>(places)};
}

// "0177.0.0.1", "127.1", "0x7f000001": parsed as different addresses by different programs. No top-level domain has such a form.
bool is_odd_address(std::string_view host) {
  while (host.ends_with('.')) host.remove_suffix(1);
  std::string_view last = host.substr(host.rfind('.') + 1);
  const bool is_hex = last.starts_with("0x") || last.starts_with("0X");
  return is_hex || last.find_first_not_of("0123456789") == std::string_view::npos;
}

Task<Result<void>> connect(Socket& socket, tcp::endpoint to, Deadline until) {
  error_code ended;
  Watch watch(socket.get_executor(), [&socket] {
    error_code ignored;
    socket.close(ignored);
  });
  Watch::Guard guard(watch, watch.writing(), until);
  co_await socket.async_connect(to, asio::redirect_error(asio::use_awaitable, ended));
  if (ended) co_return to_failure(ended, guard.late());
  co_return done();
}

}  // namespace

TcpDialer::TcpDialer(Destinations destinations, std::shared_ptr<const Tls> tls, std::string name_servers)
    : destinations_(std::move(destinations)), tls_(std::move(tls)), name_servers_(std::move(name_servers)) {}

TcpDialer::~TcpDialer() = default;

Task<Result<std::vector<asio::ip::address>>> TcpDialer::resolve(std::string host, Deadline until) {
  error_code error;
  auto literal = asio::ip::make_address(host, error);
  if (!error) co_return std::vector<asio::ip::address>(1, literal);
  if (is_odd_address(host)) co_return Failure{Cause::Broken, "The name of the peer is not known: " + host, ""};
  auto executor = co_await asio::this_coro::executor;
  if (!names_) names_ = std::make_unique<NameLookup>(executor, name_servers_);
  Result<std::vector<asio::ip::address>> found = co_await names_->addresses_of(std::move(host), until);
  co_return found;
}

Task<Result<StreamPtr>> TcpDialer::dial(Address address, Deadline until) {
  auto state = co_await asio::this_coro::cancellation_state;
  if (state.cancelled() != asio::cancellation_type::none) co_return Failure{Cause::Cancelled, "Dialling was cancelled.", ""};
  if (address.tls && !tls_) co_return Failure{Cause::Unsupported, "This gateway has no TLS configured for its own calls.", ""};
  Deadline soon{std::min(until.at, RealClock().now() + limits::dial_time_max)};
  Result<std::vector<asio::ip::address>> found = co_await resolve(address.host, soon);
  if (!found) co_return std::move(found).failure();
  std::erase_if(*found, [this](const auto& each) { return !destinations_.permits(each.to_string()); });
  Failure last{Cause::Forbidden, "This gateway may not call " + address.host + ": its address is not public and not allowed.",
               ""};
  auto executor = co_await asio::this_coro::executor;
  for (std::size_t at = 0; at < found->size(); ++at) {
    const asio::ip::address place = (*found)[at];
    Socket socket(executor);
    // A silent address must leave time for the next ones.
    Deadline share = share_of(soon, found->size() - at);
    Result<void> connected = co_await connect(socket, tcp::endpoint(place, address.port), share);
    std::string peer = place.to_string();
    if (connected && !address.tls) co_return make_tcp_stream(std::move(socket), std::move(peer), OnEnd());
    if (connected) {
      Result<StreamPtr> secured = co_await make_tls_client_stream(std::move(socket), std::move(peer), tls_, address, soon);
      co_return std::move(secured);
    }
    last = std::move(connected).failure();
    if (last.cause == Cause::Cancelled) break;
  }
  co_return std::move(last);
}

}  // namespace vardbron::net
