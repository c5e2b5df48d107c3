#include "gateway/net/tcp.h"

#include "gateway/base/limits.h"
#include "tests/system/net/loop.h"

#include <boost/asio/ip/tcp.hpp>
#include <gtest/gtest.h>

#include <array>
#include <vector>

namespace vardbron::net {
namespace {

using namespace std::chrono_literals;

Result<Destinations> here() { return Destinations::allowing({"127.0.0.0/8", "::1"}); }

struct Pair {
  StreamPtr near;
  StreamPtr far;
};

Task<Pair> dial_and_accept(Dialer& dialer, Listener& listener) {
  RealClock clock;
  Address address{"127.0.0.1", listener.port(), false};
  Result<StreamPtr> near = co_await dialer.dial(address, clock.in(10s));
  Result<StreamPtr> far = co_await listener.accept();
  Pair pair;
  if (near && far) pair = Pair{*std::move(near), *std::move(far)};
  co_return std::move(pair);
}

class Tcp : public testing::Test {
 protected:
  std::unique_ptr<Listener> listen(ListenOptions options = {}) {
    Result<std::unique_ptr<Listener>> made = listen_tcp(loop.executor(), std::move(options));
    EXPECT_TRUE(made) << made.failure().says;
    return *std::move(made);
  }

  Loop loop;
  RealClock clock;
  TcpDialer dialer{*here(), nullptr};
};

Task<Result<std::string>> read_to_end(ByteStream& stream, std::size_t most, Deadline until) {
  std::string all;
  std::array<char, 70'000> room{};
  while (all.size() < most) {
    Result<std::size_t> got = co_await stream.read_some(room, until);
    if (!got) co_return std::move(got).failure();
    if (*got == 0) break;
    all.append(room.data(), *got);
  }
  co_return std::move(all);
}

Task<void> write_then_close(ByteStream& stream, std::string bytes, Deadline until) {
  Result<void> sent = co_await stream.write_all(bytes, until);
  EXPECT_TRUE(sent);
  co_await stream.close(until);
}

TEST_F(Tcp, CarriesMoreThanTheKernelsBuffersHold) {
  auto listener = listen();
  Pair pair = loop.complete(dial_and_accept(dialer, *listener));
  ASSERT_TRUE(pair.near && pair.far);
  std::string bytes(8u << 20, 'x');
  loop.spawn(write_then_close(*pair.near, bytes, clock.in(30s)));

  Result<std::string> heard = loop.complete(read_to_end(*pair.far, bytes.size() + 1, clock.in(30s)));
  pair.far->abort();
  loop.cancel_all();

  ASSERT_TRUE(heard) << heard.failure().says;
  EXPECT_EQ(heard->size(), bytes.size());
  EXPECT_EQ(pair.far->peer(), "127.0.0.1");
  EXPECT_FALSE(pair.far->over_tls());
}

TEST_F(Tcp, KnowsThatThePeerHasEndedBehindBytesThatNobodyHasRead) {
  for (const bool is_reset : {false, true}) {
    auto listener = listen();
    Pair pair = loop.complete(dial_and_accept(dialer, *listener));
    ASSERT_TRUE(pair.near && pair.far);
    EXPECT_FALSE(pair.far->has_peer_ended());
    ASSERT_TRUE(loop.complete(pair.near->write_all("a request, and half of the next", clock.in(10s))));
    if (is_reset) ASSERT_TRUE(loop.complete(pair.far->write_all("what the peer never reads", clock.in(10s))));
    Result<std::string> some = loop.complete(read_to_end(*pair.far, 1, clock.in(10s)));
    ASSERT_TRUE(some);
    EXPECT_FALSE(pair.far->has_peer_ended()) << "it only waits";
    pair.near->abort();
    const Instant until = clock.now() + 10s;
    while (!pair.far->has_peer_ended() && clock.now() < until) loop.complete(clock.sleep_until(clock.now() + 1ms));
    EXPECT_TRUE(pair.far->has_peer_ended());
    pair.far->abort();
    EXPECT_TRUE(pair.far->has_peer_ended());
  }
}

TEST_F(Tcp, TimesOutAReadThatGetsNothingAndCanStillWrite) {
  auto listener = listen();
  Pair pair = loop.complete(dial_and_accept(dialer, *listener));

  Result<std::string> nothing = loop.complete(read_to_end(*pair.far, 1, clock.in(20ms)));
  Result<void> sent = loop.complete(pair.far->write_all("too late", clock.in(10s)));
  Result<std::string> heard = loop.complete(read_to_end(*pair.near, 8, clock.in(10s)));

  ASSERT_FALSE(nothing);
  EXPECT_EQ(nothing.failure().cause, Cause::TimedOut);
  EXPECT_TRUE(sent);
  EXPECT_EQ(*heard, "too late");
}

TEST_F(Tcp, TimesOutAWriteThatNobodyReads) {
  auto listener = listen();
  Pair pair = loop.complete(dial_and_accept(dialer, *listener));

  std::string much(64u << 20, 'x');
  Result<void> sent = loop.complete(pair.near->write_all(much, clock.in(50ms)));

  ASSERT_FALSE(sent);
  EXPECT_EQ(sent.failure().cause, Cause::TimedOut);
}

Task<void> keep_outcome(ByteStream& stream, std::optional<Result<std::string>>& outcome) {
  RealClock clock;
  outcome.emplace(co_await read_to_end(stream, 1, clock.in(1h)));
}

TEST_F(Tcp, EndsAWaitingReadWhenItIsAborted) {
  auto listener = listen();
  Pair pair = loop.complete(dial_and_accept(dialer, *listener));
  std::optional<Result<std::string>> outcome;
  loop.spawn(keep_outcome(*pair.near, outcome));
  loop.complete(clock.sleep_until(clock.now()));

  pair.near->abort();
  pair.near->abort();
  loop.run_until([&outcome] { return outcome.has_value(); });

  ASSERT_FALSE(*outcome);
  EXPECT_EQ(outcome->failure().cause, Cause::Cancelled);
}

TEST_F(Tcp, EndsAWaitingReadWhenItsTaskIsCancelled) {
  auto listener = listen();
  Pair pair = loop.complete(dial_and_accept(dialer, *listener));
  std::optional<Result<std::string>> outcome;
  loop.spawn(keep_outcome(*pair.near, outcome));
  loop.complete(clock.sleep_until(clock.now()));

  loop.cancel_all();

  ASSERT_TRUE(outcome);
  ASSERT_FALSE(*outcome);
  EXPECT_EQ(outcome->failure().cause, Cause::Cancelled);
}

TEST_F(Tcp, TellsTheEndOfThePeersSide) {
  auto listener = listen();
  Pair pair = loop.complete(dial_and_accept(dialer, *listener));

  pair.near->abort();
  Result<std::string> heard = loop.complete(read_to_end(*pair.far, 1, clock.in(10s)));

  Result<std::string> again = loop.complete(read_to_end(*pair.far, 1, clock.in(10s)));
  ASSERT_TRUE(heard && again);
  EXPECT_EQ(*heard + *again, "");
}

TEST_F(Tcp, DoesNotCallAddressesThatAreNotPublic) {
  auto listener = listen();
  TcpDialer strict{Destinations(), nullptr};

  for (const char* host : {"127.0.0.1", "localhost", "10.0.0.1", "169.254.169.254", "::1", "::ffff:127.0.0.1"}) {
    Result<StreamPtr> dialled = loop.complete(strict.dial(Address{host, listener->port(), false}, clock.in(10s)));
    ASSERT_FALSE(dialled) << host;
    EXPECT_EQ(dialled.failure().cause, Cause::Forbidden) << host << dialled.failure().says;
  }
}

TEST_F(Tcp, SaysWhenNobodyListens) {
  auto listener = listen();
  std::uint16_t port = listener->port();
  listener->stop();

  Result<StreamPtr> dialled = loop.complete(dialer.dial(Address{"localhost", port, false}, clock.in(10s)));
  Result<StreamPtr> without_tls = loop.complete(dialer.dial(Address{"localhost", port, true}, clock.in(10s)));
  Result<StreamPtr> unknown = loop.complete(dialer.dial(Address{"no-such-host.invalid", port, false}, clock.in(10s)));

  ASSERT_FALSE(dialled);
  EXPECT_EQ(dialled.failure().cause, Cause::Broken);
  ASSERT_FALSE(without_tls);
  EXPECT_EQ(without_tls.failure().cause, Cause::Unsupported);
  EXPECT_FALSE(unknown);
}

// A listener whose queue is full answers no further call at all.
TEST_F(Tcp, GivesUpACallThatNobodyAnswersAfterTheTimeForDialling) {
  asio::ip::tcp::acceptor full(loop.executor(), {asio::ip::address_v4::loopback(), 0});
  full.listen(0);
  const Address address{"127.0.0.1", full.local_endpoint().port(), false};
  std::vector<StreamPtr> taken;
  for (int calls = 0; calls < 10; ++calls) {
    Result<StreamPtr> one = loop.complete(dialer.dial(address, clock.in(200ms)));
    if (!one) break;
    taken.push_back(*std::move(one));
  }
  const Instant began = clock.now();

  Result<StreamPtr> late = loop.complete(dialer.dial(address, clock.in(1h)));

  ASSERT_FALSE(late);
  EXPECT_EQ(late.failure().cause, Cause::TimedOut);
  EXPECT_GE(clock.now() - began, limits::dial_time_max);
}

TEST_F(Tcp, StopsAcceptingWhenStopped) {
  auto listener = listen();
  listener->stop();

  Result<StreamPtr> accepted = loop.complete(listener->accept());

  ASSERT_FALSE(accepted);
  EXPECT_EQ(accepted.failure().cause, Cause::Cancelled);
}

TEST_F(Tcp, RefusesToListenWhereItCannot) {
  auto listener = listen();
  ListenOptions taken, no_address;
  taken.port = listener->port();
  no_address.host = "not an address";

  EXPECT_EQ(listen_tcp(loop.executor(), taken).failure().cause, Cause::Broken);
  EXPECT_EQ(listen_tcp(loop.executor(), no_address).failure().cause, Cause::Invalid);
}

TEST_F(Tcp, LetsSeveralListenersShareAPort) {
  ListenOptions options;
  options.share_port = true;
  auto first = listen(options);
  options.port = first->port();
  auto second = listen(options);

  EXPECT_EQ(first->port(), second->port());
}

Task<void> accept_all(Listener& listener, std::vector<StreamPtr>& accepted) {
  for (;;) {
    Result<StreamPtr> stream = co_await listener.accept();
    if (!stream) co_return;
    accepted.push_back(*std::move(stream));
  }
}

TEST_F(Tcp, TurnsCallersAwayBeyondTheLimitAndTakesThemAgainLater) {
  ConnectionCount count({.in_all = 10, .per_address = 2});
  ListenOptions options;
  options.count = &count;
  auto listener = listen(options);
  std::vector<StreamPtr> accepted;
  loop.spawn(accept_all(*listener, accepted));
  std::vector<StreamPtr> callers;
  for (int i = 0; i < 3; ++i) {
    callers.push_back(*loop.complete(dialer.dial(Address{"127.0.0.1", listener->port(), false}, clock.in(10s))));
  }

  Result<std::string> third = loop.complete(read_to_end(*callers[2], 1, clock.in(10s)));
  EXPECT_TRUE(!third || third->empty()) << "the third is closed";
  EXPECT_EQ(count.in_all(), 2u);

  accepted.clear();
  EXPECT_EQ(count.in_all(), 0u);
  callers.push_back(*loop.complete(dialer.dial(Address{"127.0.0.1", listener->port(), false}, clock.in(10s))));
  loop.run_until([&accepted] { return accepted.size() == 1; });
  EXPECT_EQ(count.in_all(), 1u);
  listener->stop();
  loop.cancel_all();
  accepted.clear();
}

}  // namespace
}  // namespace vardbron::net
