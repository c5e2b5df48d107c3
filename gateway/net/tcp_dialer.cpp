#include "gateway/base/limits.h"
#include "gateway/net/outcome.h"
#include "gateway/net/socket.h"
#include "gateway/net/tcp.h"
#include "gateway/net/watch.h"

#include <boost/asio/cancellation_state.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <algorithm>
#include <utility>
#include <vector>

namespace vardbron::net {

namespace {

using asio::ip::tcp;
using boost::system::error_code;

// The resolver asks on a thread of its own and cannot be interrupted. Whoever waits for it leaves at the deadline; the answer
// that comes later finds only this.
struct Lookup {
  explicit Lookup(const asio::any_io_executor& executor, Deadline until)
      : resolver(executor), answered(executor, asio::steady_timer::time_point(until.at)) {}
  tcp::resolver resolver;
  asio::steady_timer answered;
  bool has_answer = false;
  std::vector<tcp::endpoint> found;
};

Task<Result<std::vector<tcp::endpoint>>> resolve(Address address, Deadline until) {
  error_code error;
  auto literal = asio::ip::make_address(address.host, error);
  if (!error) co_return std::vector<tcp::endpoint>(1, tcp::endpoint(literal, address.port));
  auto executor = co_await asio::this_coro::executor;
  auto lookup = std::make_shared<Lookup>(executor, until);
  auto on_answer = [lookup](error_code, const tcp::resolver::results_type& results) {
    lookup->has_answer = true;
    for (const auto& entry : results) lookup->found.push_back(entry.endpoint());
    lookup->answered.cancel();
  };
  lookup->resolver.async_resolve(address.host, std::to_string(address.port), on_answer);
  co_await lookup->answered.async_wait(asio::redirect_error(asio::use_awaitable, error));
  if (!error) co_return Failure{Cause::TimedOut, "The name of the peer was not resolved in time.", ""};
  if (!lookup->has_answer) co_return Failure{Cause::Cancelled, "Dialling was cancelled.", ""};
  if (lookup->found.empty()) co_return Failure{Cause::Broken, "The name of the peer is not known: " + address.host, ""};
  co_return std::move(lookup->found);
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

TcpDialer::TcpDialer(Destinations destinations, std::shared_ptr<const Tls> tls)
    : destinations_(std::move(destinations)), tls_(std::move(tls)) {}

TcpDialer::~TcpDialer() = default;

Task<Result<StreamPtr>> TcpDialer::dial(Address address, Deadline until) {
  auto state = co_await asio::this_coro::cancellation_state;
  if (state.cancelled() != asio::cancellation_type::none) co_return Failure{Cause::Cancelled, "Dialling was cancelled.", ""};
  if (address.tls && !tls_) co_return Failure{Cause::Unsupported, "This gateway has no TLS configured for its own calls.", ""};
  Deadline soon{std::min(until.at, RealClock().now() + limits::dial_time_max)};
  Result<std::vector<tcp::endpoint>> found = co_await resolve(address, soon);
  if (!found) co_return std::move(found).failure();
  Failure last{Cause::Forbidden, "This gateway may not call " + address.host + ": its address is not public and not allowed.",
               ""};
  auto executor = co_await asio::this_coro::executor;
  for (const tcp::endpoint& place : *found) {
    std::string peer = place.address().to_string();
    if (!destinations_.permits(peer)) continue;
    Socket socket(executor);
    Result<void> connected = co_await connect(socket, place, soon);
    if (connected && !address.tls) co_return make_tcp_stream(std::move(socket), std::move(peer), OnEnd());
    if (connected) {
      Result<StreamPtr> secured = co_await make_tls_client_stream(std::move(socket), std::move(peer), tls_, address.host, soon);
      co_return std::move(secured);
    }
    last = std::move(connected).failure();
    if (last.cause != Cause::Broken) break;
  }
  co_return std::move(last);
}

}  // namespace vardbron::net
