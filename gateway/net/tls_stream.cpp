// Tested by tests/system/net/tls_test.cpp and tests/system/net/tls_resumption_test.cpp.

#include "gateway/base/check.h"
#include "gateway/base/limits.h"
#include "gateway/net/outcome.h"
#include "gateway/net/socket.h"
#include "gateway/net/tls_wire.h"
#include "gateway/net/watch.h"

#include <boost/asio/cancellation_state.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/ssl/context.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <openssl/err.h>
#include <openssl/ssl.h>

#include <algorithm>
#include <array>
#include <memory>
#include <utility>

namespace vardbron::net {

namespace {

using boost::system::error_code;

Failure cancelled() { return {Cause::Cancelled, "Waiting was cancelled.", ""}; }

struct FreeTls {
  void operator()(SSL* tls) const { SSL_free(tls); }
};

enum class Side : std::uint8_t { Client, Server };

// OpenSSL reads and writes the socket itself, without waiting: mostly all is there, or fits, and a record costs one call. Where
// it has to wait we wait for the socket and ask it again.
class TlsStream final : public ByteStream {
 public:
  TlsStream(Socket&& socket, std::string peer, std::shared_ptr<const Tls> tls, Side side, OnEnd on_end)
      : tls_(std::move(tls)),
        socket_(std::move(socket)),
        ssl_(SSL_new(tls_->context().native_handle())),
        peer_(std::move(peer)),
        side_(side),
        on_end_(std::move(on_end)),
        watch_(socket_.get_executor(), [this] { give_up(); }) {
    CHECK(ssl_ != nullptr);
    BIO* wire = make_tls_wire(socket_);
    SSL_set_bio(ssl_.get(), wire, wire);
    SSL_set_mode(ssl_.get(), SSL_MODE_ENABLE_PARTIAL_WRITE | SSL_MODE_RELEASE_BUFFERS);
    SSL_set_read_ahead(ssl_.get(), 1);  // a record's head and body in one call
    if (side_ == Side::Client)
      SSL_set_connect_state(ssl_.get());
    else
      SSL_set_accept_state(ssl_.get());
  }
  TlsStream(const TlsStream&) = delete;
  TlsStream& operator=(const TlsStream&) = delete;
  ~TlsStream() override {
    abort();
    if (on_end_) on_end_();
  }

  bool expect(const Address& called) {
    destination_ = called.host + ":" + std::to_string(called.port);
    return expect_peer(ssl_.get(), called.host, destination_);
  }

  Task<Result<void>> shake_hands(Deadline until) {
    Deadline sooner{std::min(until.at, RealClock().now() + limits::tls_handshake_time_max)};
    Watch::Guard guard(watch_, watch_.reading(), sooner);
    error_code ended;
    while (!ended && !secure_) {
      ERR_clear_error();
      const int outcome = SSL_do_handshake(ssl_.get());
      secure_ = outcome == 1;
      if (!secure_) ended = co_await wait_after(outcome, guard);
    }
    if (ended) {
      bool late = guard.late();
      abort();
      co_return to_failure(ended, late);
    }
    if (side_ == Side::Client && !is_peer_verified(ssl_.get())) {
      secure_ = false;
      abort();
      co_return Failure{Cause::Broken, "The peer's certificate is not believed any more.", ""};
    }
    // The last words of a handshake are the client's; it may hold its request back until they are acknowledged.
    if (side_ == Side::Server) acknowledge();
    co_return done();
  }

  Task<Result<std::size_t>> read_some(std::span<char> into, Deadline until) override {
    CHECK(!into.empty());
    auto state = co_await asio::this_coro::cancellation_state;
    if (state.cancelled() != asio::cancellation_type::none) co_return cancelled();
    if (!secure_) {
      Result<void> shaken = co_await shake_hands(until);
      if (!shaken) co_return std::move(shaken).failure();
    }
    Watch::Guard guard(watch_, watch_.reading(), until);
    error_code ended;
    while (!ended && !peer_ended_) {
      ERR_clear_error();
      std::size_t got = 0;
      const int outcome = SSL_read_ex(ssl_.get(), into.data(), into.size(), &got);
      if (outcome == 1) co_return got;
      peer_ended_ = SSL_get_error(ssl_.get(), outcome) == SSL_ERROR_ZERO_RETURN;
      if (!peer_ended_) ended = co_await wait_after(outcome, guard);
    }
    if (peer_ended_) co_return std::size_t{0};
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
    while (!bytes.empty()) {
      ERR_clear_error();
      std::size_t sent = 0;
      const int outcome = SSL_write_ex(ssl_.get(), bytes.data(), bytes.size(), &sent);
      if (outcome == 1) {
        bytes.remove_prefix(sent);
        continue;
      }
      error_code ended = co_await wait_after(outcome, guard);
      if (ended) co_return to_failure(ended, guard.late());
    }
    co_return done();
  }

  void acknowledge() override { acknowledge_now(socket_); }
  bool has_peer_ended() const override { return net::has_peer_ended(socket_); }

  Task<void> close(Deadline until) override {
    auto state = co_await asio::this_coro::cancellation_state;
    bool may_wait = state.cancelled() == asio::cancellation_type::none;
    if (may_wait && secure_ && socket_.is_open()) {
      co_await say_goodbye(until);
      std::array<char, 4096> dropped{};
      while (socket_.is_open() && !peer_ended_) {
        Result<std::size_t> got = co_await read_some(dropped, until);
        if (!got) break;
      }
    }
    abort();
  }

  void abort() override {
    error_code ignored;
    socket_.close(ignored);
  }

  bool over_tls() const override { return true; }
  std::string peer() const override { return peer_; }

 private:
  Task<void> say_goodbye(Deadline until) {
    Watch::Guard guard(watch_, watch_.writing(), until);
    error_code ended;
    bool is_said = false;
    while (!ended && !is_said) {
      ERR_clear_error();
      const int outcome = SSL_shutdown(ssl_.get());
      is_said = outcome >= 0;
      if (!is_said) ended = co_await wait_after(outcome, guard);
    }
  }

  // Until the socket is ready for what OpenSSL could not do; or why it never will be.
  Task<error_code> wait_after(int outcome, const Watch::Guard& guard) {
    const int wants = SSL_get_error(ssl_.get(), outcome);
    if (!socket_.is_open()) co_return asio::error::operation_aborted;
    if (wants != SSL_ERROR_WANT_READ && wants != SSL_ERROR_WANT_WRITE) co_return tls_error(wants);
    error_code ended;
    const auto what = wants == SSL_ERROR_WANT_READ ? Socket::wait_read : Socket::wait_write;
    co_await socket_.async_wait(what, asio::redirect_error(asio::use_awaitable, ended));
    auto state = co_await asio::this_coro::cancellation_state;
    // A deadline of the other direction ends the waiting of both.
    const bool is_other_side = ended == asio::error::operation_aborted && !guard.late() && socket_.is_open() &&
                               state.cancelled() == asio::cancellation_type::none;
    if (is_other_side) co_return error_code();
    co_return ended;
  }

  void give_up() {
    error_code ignored;
    socket_.cancel(ignored);
  }

  std::shared_ptr<const Tls> tls_;
  std::string destination_;  // of a call; the connection refers to it
  Socket socket_;
  std::unique_ptr<SSL, FreeTls> ssl_;
  std::string peer_;
  Side side_;
  OnEnd on_end_;
  Watch watch_;
  bool secure_ = false;
  bool peer_ended_ = false;
};

std::unique_ptr<TlsStream> make_stream(Socket&& socket, std::string peer, std::shared_ptr<const Tls> tls, Side side,
                                       OnEnd on_end) {
  error_code ignored;
  socket.set_option(asio::ip::tcp::no_delay(true), ignored);
  socket.non_blocking(true, ignored);
  return std::make_unique<TlsStream>(std::move(socket), std::move(peer), std::move(tls), side, std::move(on_end));
}

}  // namespace

StreamPtr make_tls_server_stream(Socket&& socket, std::string peer, std::shared_ptr<const Tls> tls, OnEnd on_end) {
  return make_stream(std::move(socket), std::move(peer), std::move(tls), Side::Server, std::move(on_end));
}

Task<Result<StreamPtr>> make_tls_client_stream(Socket socket, std::string peer, std::shared_ptr<const Tls> tls, Address called,
                                               Deadline until) {
  auto made = make_stream(std::move(socket), std::move(peer), std::move(tls), Side::Client, OnEnd());
  if (!made->expect(called))
    co_return Failure{Cause::Invalid, "This is not a name that a certificate could carry: " + called.host, ""};
  Result<void> shaken = co_await made->shake_hands(until);
  if (!shaken) co_return std::move(shaken).failure();
  StreamPtr stream = std::move(made);
  co_return std::move(stream);
}

}  // namespace vardbron::net
