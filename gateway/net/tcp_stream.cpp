// Tested by tests/system/net/tcp_test.cpp.

#include "gateway/base/check.h"
#include "gateway/net/outcome.h"
#include "gateway/net/socket.h"
#include "gateway/net/watch.h"

#include <boost/asio/buffer.hpp>
#include <boost/asio/cancellation_state.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <poll.h>

#include <array>
#include <utility>

namespace vardbron::net {

namespace {

using boost::system::error_code;

Failure cancelled() { return {Cause::Cancelled, "Waiting was cancelled.", ""}; }

class TcpStream final : public ByteStream {
 public:
  TcpStream(Socket&& socket, std::string peer, OnEnd on_end)
      : socket_(std::move(socket)),
        peer_(std::move(peer)),
        on_end_(std::move(on_end)),
        watch_(socket_.get_executor(), [this] { give_up(); }) {}
  TcpStream(const TcpStream&) = delete;
  TcpStream& operator=(const TcpStream&) = delete;
  ~TcpStream() override {
    abort();
    if (on_end_) on_end_();
  }

  Task<Result<std::size_t>> read_some(std::span<char> into, Deadline until) override {
    CHECK(!into.empty());
    auto state = co_await asio::this_coro::cancellation_state;
    if (state.cancelled() != asio::cancellation_type::none) co_return cancelled();
    // The kernel reports the end once; another read would wait until the deadline.
    if (peer_ended_) co_return std::size_t{0};
    Watch::Guard guard(watch_, watch_.reading(), until);
    error_code ended;
    asio::mutable_buffer room(into.data(), into.size());
    std::size_t got = 0;
    do {
      got = co_await socket_.async_read_some(room, asio::redirect_error(asio::use_awaitable, ended));
      state = co_await asio::this_coro::cancellation_state;
    } while (is_other_side(ended, guard, state));
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
    Watch::Guard guard(watch_, watch_.writing(), until);
    while (!bytes.empty()) {
      error_code ended;
      // Most answers fit into the kernel's buffer, so that no wait is needed.
      std::size_t sent = socket_.write_some(asio::buffer(bytes), ended);
      if (ended == asio::error::would_block) {
        ended = {};
        co_await socket_.async_wait(Socket::wait_write, asio::redirect_error(asio::use_awaitable, ended));
        state = co_await asio::this_coro::cancellation_state;
        if (is_other_side(ended, guard, state)) continue;
      }
      if (ended) co_return to_failure(ended, guard.late());
      bytes.remove_prefix(sent);
    }
    co_return done();
  }

  void acknowledge() override { acknowledge_now(socket_); }
  bool has_peer_ended() const override { return net::has_peer_ended(socket_); }

  Task<void> close(Deadline until) override {
    error_code ignored;
    socket_.shutdown(Socket::shutdown_send, ignored);
    // RFC 9112, 9.6: closing while the peer still sends would reset the connection, and our last answer could be lost.
    std::array<char, 4096> dropped{};
    while (socket_.is_open() && !peer_ended_) {
      Result<std::size_t> got = co_await read_some(dropped, until);
      if (!got) break;
    }
    abort();
  }

  void abort() override {
    error_code ignored;
    socket_.close(ignored);
  }

  std::string peer() const override { return peer_; }

 private:
  // Ends the waits of both directions; the one that is not late waits again.
  void give_up() {
    error_code ignored;
    socket_.cancel(ignored);
  }
  bool is_other_side(const error_code& ended, const Watch::Guard& guard, asio::cancellation_state state) const {
    return ended == asio::error::operation_aborted && !guard.late() && socket_.is_open() &&
           state.cancelled() == asio::cancellation_type::none;
  }

  Socket socket_;
  std::string peer_;
  OnEnd on_end_;
  Watch watch_;
  bool peer_ended_ = false;
};

}  // namespace

// Linux resets the option after the next packets, so it is set each time.
void acknowledge_now(Socket& socket) {
  using QuickAcknowledgement = asio::detail::socket_option::boolean<IPPROTO_TCP, TCP_QUICKACK>;
  error_code ignored;
  socket.set_option(QuickAcknowledgement(true), ignored);
}

// Bytes that nobody has read yet hide the end from a read, but not from Linux's POLLRDHUP.
bool has_peer_ended(const Socket& socket) {
  constexpr short ended = POLLRDHUP | POLLHUP | POLLERR | POLLNVAL;
  pollfd asked{const_cast<Socket&>(socket).native_handle(), POLLRDHUP, 0};
  return !socket.is_open() || (::poll(&asked, 1, 0) == 1 && (asked.revents & ended) != 0);
}

StreamPtr make_tcp_stream(Socket&& socket, std::string peer, OnEnd on_end) {
  error_code ignored;
  socket.set_option(asio::ip::tcp::no_delay(true), ignored);
  socket.non_blocking(true, ignored);
  return std::make_unique<TcpStream>(std::move(socket), std::move(peer), std::move(on_end));
}

}  // namespace vardbron::net
