// Tested by tests/system/net/tcp_test.cpp.

#include "gateway/base/log.h"
#include "gateway/net/socket.h"
#include "gateway/net/tcp.h"

#include <boost/asio/cancellation_state.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <sys/resource.h>

#include <chrono>
#include <utility>

namespace vardbron::net {

namespace {

using asio::ip::tcp;
using boost::system::error_code;
using namespace std::chrono_literals;

constexpr Instant pause_without_descriptors = 100ms;

// The kernel assigns the lowest free descriptor: a high number means that few are left for files and our own calls.
int highest_descriptor() {
  rlimit limit{};
  if (getrlimit(RLIMIT_NOFILE, &limit) != 0 || limit.rlim_cur > 1'000'000) return 1'000'000;
  return static_cast<int>(limit.rlim_cur - limit.rlim_cur / 20);
}

bool is_shortage(const error_code& ended) {
  namespace errc = boost::system::errc;
  return ended == errc::too_many_files_open || ended == errc::too_many_files_open_in_system || ended == errc::no_buffer_space ||
         ended == errc::not_enough_memory;
}

class TcpListener final : public Listener {
 public:
  TcpListener(const asio::any_io_executor& executor, ListenOptions options) : options_(std::move(options)), acceptor_(executor) {}

  Result<void> open() {
    error_code error;
    auto address = asio::ip::make_address(options_.host, error);
    if (error) return Failure{Cause::Invalid, "This is not an address to listen on: " + options_.host, ""};
    tcp::endpoint place(address, options_.port);
    acceptor_.open(place.protocol(), error);
    if (!error) acceptor_.set_option(tcp::acceptor::reuse_address(true), error);
    using SharePort = asio::detail::socket_option::boolean<SOL_SOCKET, SO_REUSEPORT>;
    if (!error && options_.share_port) acceptor_.set_option(SharePort(true), error);
    if (!error) acceptor_.bind(place, error);
    if (!error) acceptor_.listen(tcp::acceptor::max_listen_connections, error);
    if (!error) port_ = acceptor_.local_endpoint(error).port();
    if (!error) return done();
    return Failure{Cause::Broken,
                   "Cannot listen on " + options_.host + ", port " + std::to_string(options_.port) + ": " + error.message(), ""};
  }

  Task<Result<StreamPtr>> accept() override {
    while (acceptor_.is_open()) {
      auto state = co_await asio::this_coro::cancellation_state;
      if (state.cancelled() != asio::cancellation_type::none) break;
      error_code ended;
      tcp::endpoint from;
      Socket socket = co_await acceptor_.async_accept(from, asio::redirect_error(asio::use_awaitable, ended));
      bool short_of_descriptors = is_shortage(ended) || (!ended && socket.native_handle() > descriptor_max_);
      if (!ended && !short_of_descriptors) {
        StreamPtr stream = admit(std::move(socket), from.address().to_string());
        if (stream) co_return std::move(stream);
      }
      if (!short_of_descriptors) continue;
      log::warning("too few file descriptors left, a caller was turned away");
      socket.close(ended);
      RealClock clock;
      co_await clock.sleep_until(clock.now() + pause_without_descriptors);
    }
    co_return Failure{Cause::Cancelled, "The listener was stopped.", ""};
  }

  void stop() override {
    error_code ignored;
    acceptor_.close(ignored);
  }

  std::uint16_t port() const override { return port_; }

 private:
  StreamPtr admit(Socket&& socket, std::string peer) {
    OnEnd on_end;
    if (options_.count != nullptr) {
      if (!options_.count->enter(peer)) return nullptr;
      on_end = [count = options_.count, peer] { count->leave(peer); };
    }
    if (options_.tls) return make_tls_server_stream(std::move(socket), std::move(peer), options_.tls, std::move(on_end));
    return make_tcp_stream(std::move(socket), std::move(peer), std::move(on_end));
  }

  ListenOptions options_;
  tcp::acceptor acceptor_;
  std::uint16_t port_ = 0;
  int descriptor_max_ = highest_descriptor();
};

}  // namespace

int ip_version_of(std::string_view address) {
  error_code error;
  auto read = asio::ip::make_address(address, error);
  if (error) return 0;
  return read.is_v6() ? 6 : 4;
}

bool is_any_address(std::string_view address) {
  error_code error;
  auto read = asio::ip::make_address(address, error);
  return !error && read.is_unspecified();
}

Result<std::unique_ptr<Listener>> listen_tcp(const asio::any_io_executor& executor, ListenOptions options) {
  auto made = std::make_unique<TcpListener>(executor, std::move(options));
  Result<void> opened = made->open();
  if (!opened) return std::move(opened).failure();
  return std::unique_ptr<Listener>(std::move(made));
}

}  // namespace vardbron::net
