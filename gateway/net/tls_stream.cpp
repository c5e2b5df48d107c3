#include "gateway/base/check.h"
#include "gateway/base/limits.h"
#include "gateway/net/outcome.h"
#include "gateway/net/socket.h"
#include "gateway/net/watch.h"

#include <boost/asio/buffer.hpp>
#include <boost/asio/cancellation_state.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/ssl/stream.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>

#include <algorithm>
#include <utility>

namespace vardbron::net {

namespace {

using boost::system::error_code;
namespace ssl = asio::ssl;

Failure cancelled() { return {Cause::Cancelled, "Waiting was cancelled.", ""}; }

class TlsStream final : public ByteStream {
 public:
  TlsStream(Socket&& socket, std::string peer, std::shared_ptr<const Tls> tls, ssl::stream_base::handshake_type side,
            OnEnd on_end)
      : tls_(std::move(tls)),
        stream_(std::move(socket), tls_->context()),
        peer_(std::move(peer)),
        side_(side),
        on_end_(std::move(on_end)),
        watch_(stream_.get_executor(), [this] { give_up(); }) {}
  TlsStream(const TlsStream&) = delete;
  TlsStream& operator=(const TlsStream&) = delete;
  ~TlsStream() override {
    abort();
    if (on_end_) on_end_();
  }

  Task<Result<void>> shake_hands(Deadline until) {
    Deadline sooner{std::min(until.at, RealClock().now() + limits::tls_handshake_time_max)};
    Watch::Guard guard(watch_, watch_.reading(), sooner);
    error_code ended;
    co_await stream_.async_handshake(side_, asio::redirect_error(asio::use_awaitable, ended));
    if (ended) {
      bool late = guard.late();
      abort();
      co_return to_failure(ended, late);
    }
    if (side_ == ssl::stream_base::client && !is_peer_verified(stream_.native_handle())) {
      abort();
      co_return Failure{Cause::Broken, "The peer's certificate is not believed any more.", ""};
    }
    secure_ = true;
    // The client sends the last message of a handshake; it may delay its request until that is acknowledged.
    if (side_ == ssl::stream_base::server) acknowledge();
    co_return done();
  }

  bool expect(const Address& called) {
    destination_ = called.host + ":" + std::to_string(called.port);
    return expect_peer(stream_.native_handle(), called.host, destination_);
  }

  Task<Result<std::size_t>> read_some(std::span<char> into, Deadline until) override {
    CHECK(!into.empty());
    auto state = co_await asio::this_coro::cancellation_state;
    if (state.cancelled() != asio::cancellation_type::none) co_return cancelled();
    if (!secure_) {
      Result<void> shaken = co_await shake_hands(until);
      if (!shaken) co_return std::move(shaken).failure();
    }
    if (peer_ended_) co_return std::size_t{0};
    Watch::Guard guard(watch_, watch_.reading(), until);
    error_code ended;
    asio::mutable_buffer room(into.data(), into.size());
    std::size_t got = co_await stream_.async_read_some(room, asio::redirect_error(asio::use_awaitable, ended));
    if (!ended) co_return got;
    if (is_end(ended)) {
      peer_ended_ = true;
      co_return std::size_t{0};
    }
    co_return to_failure(ended, guard.late());
  }

  Task<Result<void>> write_all(std::string_view bytes, Deadline until) override {
    auto state = co_await asio::this_coro::cancellation_state;
    if (state.cancelled() != asio::cancellation_type::none) co_return cancelled();
    if (!secure_) {
      Result<void> shaken = co_await shake_hands(until);
      if (!shaken) co_return std::move(shaken).failure();
    }
    Watch::Guard guard(watch_, watch_.writing(), until);
    error_code ended;
    asio::const_buffer all(bytes.data(), bytes.size());
    co_await asio::async_write(stream_, all, asio::redirect_error(asio::use_awaitable, ended));
    if (ended) co_return to_failure(ended, guard.late());
    co_return done();
  }

  void acknowledge() override { acknowledge_now(stream_.next_layer()); }

  Task<void> close(Deadline until) override {
    auto state = co_await asio::this_coro::cancellation_state;
    bool may_wait = state.cancelled() == asio::cancellation_type::none;
    if (may_wait && secure_ && stream_.lowest_layer().is_open()) {
      Watch::Guard guard(watch_, watch_.reading(), until);
      error_code ignored;
      co_await stream_.async_shutdown(asio::redirect_error(asio::use_awaitable, ignored));
    }
    abort();
  }

  void abort() override {
    error_code ignored;
    stream_.lowest_layer().close(ignored);
  }

  bool over_tls() const override { return true; }
  std::string peer() const override { return peer_; }

 private:
  void give_up() {
    error_code ignored;
    stream_.lowest_layer().cancel(ignored);
  }

  std::shared_ptr<const Tls> tls_;
  std::string destination_;  // of a call; the stream refers to it
  ssl::stream<Socket> stream_;
  std::string peer_;
  ssl::stream_base::handshake_type side_;
  OnEnd on_end_;
  Watch watch_;
  bool secure_ = false;
  bool peer_ended_ = false;
};

}  // namespace

StreamPtr make_tls_server_stream(Socket&& socket, std::string peer, std::shared_ptr<const Tls> tls, OnEnd on_end) {
  error_code ignored;
  socket.set_option(asio::ip::tcp::no_delay(true), ignored);
  return std::make_unique<TlsStream>(std::move(socket), std::move(peer), std::move(tls), ssl::stream_base::server,
                                     std::move(on_end));
}

Task<Result<StreamPtr>> make_tls_client_stream(Socket socket, std::string peer, std::shared_ptr<const Tls> tls, Address called,
                                               Deadline until) {
  error_code ignored;
  socket.set_option(asio::ip::tcp::no_delay(true), ignored);
  auto made = std::make_unique<TlsStream>(std::move(socket), std::move(peer), std::move(tls), ssl::stream_base::client, OnEnd());
  if (!made->expect(called))
    co_return Failure{Cause::Invalid, "This is not a name that a certificate could carry: " + called.host, ""};
  Result<void> shaken = co_await made->shake_hands(until);
  if (!shaken) co_return std::move(shaken).failure();
  StreamPtr stream = std::move(made);
  co_return std::move(stream);
}

}  // namespace vardbron::net
