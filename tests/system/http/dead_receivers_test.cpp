#include "gateway/base/scope.h"
#include "gateway/http/client.h"
#include "gateway/net/tcp.h"
#include "name_server.h"

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <gtest/gtest.h>

#include <array>
#include <memory>
#include <optional>
#include <vector>

namespace vardbron::http {
namespace {

using namespace std::chrono_literals;

constexpr Deadline never{Instant::max()};

// Accepts, and then does what its kind of receiver does to every caller.
class BadReceiver {
 public:
  enum class Kind { NeverShakesHands, NeverAnswers, DripsItsAnswer, HeadWithoutEnd };

  BadReceiver(const asio::any_io_executor& executor, Kind kind) : kind_(kind), listener_(*net::listen_tcp(executor, {})) {}

  Task<void> run(Scope& scope) {
    for (;;) {
      Result<net::StreamPtr> caller = co_await listener_->accept();
      if (!caller) co_return;
      ++callers;
      scope.spawn(serve(*std::move(caller)));
    }
  }
  void stop() { listener_->stop(); }
  net::Address address() const { return {"127.0.0.1", listener_->port(), kind_ == Kind::NeverShakesHands}; }

  int callers = 0;

 private:
  Task<void> serve(net::StreamPtr stream) {
    std::array<char, 4096> room{};
    Result<std::size_t> got = co_await stream->read_some(room, never);
    if (kind_ == Kind::NeverAnswers || kind_ == Kind::NeverShakesHands) got = co_await stream->read_some(room, never);
    std::string piece = kind_ == Kind::DripsItsAnswer ? "H" : "HTTP/1.1 200 OK\r\n";
    RealClock clock;
    for (bool open = got.ok(); open;) {
      Result<void> sent = co_await stream->write_all(piece, never);
      open = sent.ok();
      piece = kind_ == Kind::DripsItsAnswer ? "T" : "X: y\r\n";
      co_await clock.sleep_until(clock.now() + 10ms);
    }
  }

  Kind kind_;
  std::unique_ptr<net::Listener> listener_;
};

// Every way in which a receiver can be dead, fifty of each, on the one loop and the one client that deliveries have.
class DeadReceivers : public testing::Test {
 protected:
  Task<void> call(net::Address to) {
    Call call;
    call.to = std::move(to);
    call.request.method = "POST";
    call.request.target = "/";
    call.request.body = "{}";
    ++calling;
    Result<Answer> response = co_await client.send(std::move(call), never);
    --calling;
    if (response && response->status == 200) ++answered;
  }
  static Task<void> serve_well(net::Listener& listener) {
    Result<net::StreamPtr> caller = co_await listener.accept();
    if (!caller) co_return;
    net::StreamPtr stream = *std::move(caller);
    std::array<char, 4096> room{};
    Result<std::size_t> got = co_await stream->read_some(room, never);
    if (!got) co_return;
    Result<void> sent = co_await stream->write_all("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n", never);
    if (sent) co_await stream->close(never);
  }
  Task<void> end() {
    scope.cancel();
    co_await scope.join();
  }
  template <class Condition>
  void run_until(Condition done) {
    while (!done()) CHECK(io.run_one() > 0);
  }

  asio::io_context io{1};
  NameServer names{io.get_executor()};
  net::TcpDialer dialer{*net::Destinations::allowing({"127.0.0.0/8"}), *net::Tls::for_client(""), names.place()};
  RealClock clock;
  Client client{dialer, clock};
  Scope scope{io.get_executor()};
  int calling = 0, answered = 0;
};

TEST_F(DeadReceivers, OfEveryKindDelayNoHealthyOne) {
  using enum BadReceiver::Kind;
  constexpr int of_each = 50;
  std::vector<std::unique_ptr<BadReceiver>> bad;
  for (BadReceiver::Kind kind : {NeverShakesHands, NeverAnswers, DripsItsAnswer, HeadWithoutEnd}) {
    bad.push_back(std::make_unique<BadReceiver>(io.get_executor(), kind));
    scope.spawn(bad.back()->run(scope));
  }
  for (int at = 0; at < of_each; ++at) {
    for (const auto& each : bad) scope.spawn(call(each->address()));
    scope.spawn(call({"silent" + std::to_string(at) + ".example", 443, true}));
  }
  run_until([&] {
    int callers = 0;
    for (const auto& each : bad) callers += each->callers;
    return callers == 4 * of_each && names.questions.size() == of_each;
  });
  auto well = *net::listen_tcp(io.get_executor(), {});
  names.known["well.example"] = {"127.0.0.1"};

  scope.spawn(serve_well(*well));
  scope.spawn(call({"well.example", well->port(), false}));
  run_until([&] { return answered == 1; });

  EXPECT_EQ(calling, 5 * of_each);
  for (const auto& each : bad) each->stop();
  well->stop();
  bool ended = false;
  asio::co_spawn(io, end(), [&ended](std::exception_ptr) { ended = true; });
  run_until([&] { return ended; });
  client.close_idle();
}

}  // namespace
}  // namespace vardbron::http
