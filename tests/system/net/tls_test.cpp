#include "gateway/net/tls.h"

#include "gateway/net/tcp.h"
#include "tests/system/net/certificates.h"
#include "tests/system/net/loop.h"

#include <gtest/gtest.h>

#include <array>

namespace vardbron::net {
namespace {

using namespace std::chrono_literals;

Task<void> echo_once(Listener& listener, std::optional<Failure>& failed) {
  RealClock clock;
  Result<StreamPtr> accepted = co_await listener.accept();
  if (!accepted) co_return;
  StreamPtr stream = *std::move(accepted);
  std::array<char, 100> room{};
  Result<std::size_t> got = co_await stream->read_some(room, clock.in(10s));
  if (!got) {
    failed = got.failure();
    co_return;
  }
  std::string_view heard(room.data(), *got);
  Result<void> sent = co_await stream->write_all(heard, clock.in(10s));
  EXPECT_TRUE(sent);
  EXPECT_TRUE(stream->over_tls());
  co_await stream->close(clock.in(10s));
}

Task<Result<std::string>> ask(Dialer& dialer, Address address) {
  RealClock clock;
  Result<StreamPtr> dialled = co_await dialer.dial(std::move(address), clock.in(10s));
  if (!dialled) co_return std::move(dialled).failure();
  StreamPtr stream = *std::move(dialled);
  Result<void> sent = co_await stream->write_all("through the tunnel", clock.in(10s));
  if (!sent) co_return std::move(sent).failure();
  std::array<char, 100> room{};
  Result<std::size_t> got = co_await stream->read_some(room, clock.in(10s));
  if (!got) co_return std::move(got).failure();
  std::string answer(room.data(), *got);
  got = co_await stream->read_some(room, clock.in(10s));
  if (!got) co_return std::move(got).failure();
  co_await stream->close(clock.in(10s));
  co_return std::move(answer);
}

class TlsStreams : public testing::Test {
 protected:
  Result<std::string> ask_server_with(const Authority::Files& files, const std::string& host, const std::string& trusted) {
    Loop loop;
    Result<std::shared_ptr<const Tls>> server = Tls::for_server({files.certificate, files.private_key});
    Result<std::shared_ptr<const Tls>> client = Tls::for_client(trusted);
    EXPECT_TRUE(server && client);
    ListenOptions options;
    options.tls = *server;
    Result<std::unique_ptr<Listener>> listener = listen_tcp(loop.executor(), options);
    TcpDialer dialer(*Destinations::allowing({"127.0.0.0/8"}), *client);
    failed_at_server = std::nullopt;
    loop.spawn(echo_once(**listener, failed_at_server));
    Result<std::string> answer = loop.complete(ask(dialer, Address{host, (*listener)->port(), true}));
    loop.cancel_all();
    return answer;
  }

  Authority authority;
  std::optional<Failure> failed_at_server;
};

TEST_F(TlsStreams, CarryBytesBothWaysAndSayGoodbye) {
  Authority::Files files = authority.issue("server");

  for (const char* host : {"localhost", "127.0.0.1"}) {
    Result<std::string> answer = ask_server_with(files, host, authority.trusted_file());
    ASSERT_TRUE(answer) << answer.failure().says;
    EXPECT_EQ(*answer, "through the tunnel");
  }
}

TEST_F(TlsStreams, BelieveOnlyWhomTheAuthorityNamesForTheHost) {
  Authority other;
  struct Case {
    const char* concern;
    Authority::Files files;
    std::string trusted;
  };
  const std::vector<Case> cases = {
      {"another name", authority.issue("named", {.names = {"DNS:other.test"}}), authority.trusted_file()},
      {"a part of the name", authority.issue("part", {.names = {"DNS:localhost.other.test", "DNS:ocalhost"}}),
       authority.trusted_file()},
      {"another authority", other.issue("foreign"), authority.trusted_file()},
      {"expired", authority.issue("expired", {.valid_from_days = -9, .valid_until_days = -1}), authority.trusted_file()},
      {"not yet valid", authority.issue("early", {.valid_from_days = 1}), authority.trusted_file()},
      {"made for clients", authority.issue("client", {.for_servers = false}), authority.trusted_file()},
      {"unknown to the machine", authority.issue("unknown"), ""},
  };
  for (const Case& one : cases) {
    Result<std::string> answer = ask_server_with(one.files, "localhost", one.trusted);
    ASSERT_FALSE(answer) << one.concern;
    EXPECT_EQ(answer.failure().cause, Cause::Broken) << one.concern;
  }
}

struct TlsPair {
  StreamPtr near, far;
};

Task<void> greet(ByteStream& far) {
  RealClock clock;
  std::array<char, 1> room{};
  Result<std::size_t> got = co_await far.read_some(room, clock.in(10s));
  EXPECT_TRUE(got && *got == 1);
}

class TlsPairs : public TlsStreams {
 protected:
  TlsPairs() {
    const Authority::Files files = authority.issue("server");
    ListenOptions options;
    options.tls = *Tls::for_server({files.certificate, files.private_key});
    listener = *listen_tcp(loop.executor(), options);
    dialer = std::make_unique<TcpDialer>(*Destinations::allowing({"127.0.0.0/8"}), *Tls::for_client(authority.trusted_file()));
    pair = loop.complete(dial());
  }
  ~TlsPairs() override { loop.cancel_all(); }

  Task<TlsPair> dial() {
    loop.spawn(accept());
    Address called{"localhost", listener->port(), true};
    Result<StreamPtr> near = co_await dialer->dial(std::move(called), clock.in(10s));
    TlsPair made;
    if (near) made.near = *std::move(near);
    Result<void> sent = co_await made.near->write_all("!", clock.in(10s));
    EXPECT_TRUE(sent);
    while (!greeted) co_await clock.sleep_until(clock.now() + 1ms);
    made.far = std::move(accepted);
    co_return std::move(made);
  }
  Task<void> accept() {
    Result<StreamPtr> caller = co_await listener->accept();
    if (!caller) co_return;
    accepted = *std::move(caller);
    co_await greet(*accepted);
    greeted = true;
  }
  Task<void> write(ByteStream& stream, std::string bytes) {
    Result<void> sent = co_await stream.write_all(bytes, clock.in(20s));
    EXPECT_TRUE(sent) << sent.failure().says;
  }
  Task<Result<std::string>> read(ByteStream& stream, std::size_t bytes, Deadline until) {
    std::string heard;
    std::array<char, 30'000> room{};
    while (heard.size() < bytes) {
      Result<std::size_t> got = co_await stream.read_some(room, until);
      if (!got) co_return std::move(got).failure();
      if (*got == 0) break;
      heard.append(room.data(), *got);
    }
    co_return std::move(heard);
  }

  Loop loop;
  RealClock clock;
  std::unique_ptr<Listener> listener;
  std::unique_ptr<TcpDialer> dialer;
  StreamPtr accepted;
  bool greeted = false;
  TlsPair pair;
};

// Both write more than the sockets hold before either has read: each direction waits for itself.
TEST_F(TlsPairs, CarryMuchBothWaysAtOnce) {
  std::string one, other;
  for (std::size_t at = 0; at < 8'000'000; ++at) {
    one += static_cast<char>(at * 7 >> 3);
    other += static_cast<char>(at * 13 >> 5);
  }
  loop.spawn(write(*pair.near, one));
  loop.spawn(write(*pair.far, other));

  Result<std::string> at_far = loop.complete(read(*pair.far, one.size(), clock.in(20s)));
  Result<std::string> at_near = loop.complete(read(*pair.near, other.size(), clock.in(20s)));

  ASSERT_TRUE(at_far && at_near);
  EXPECT_TRUE(*at_far == one && *at_near == other);
}

TEST_F(TlsPairs, AReadThatIsLateLeavesTheOtherDirectionAsItIs) {
  const std::string much(8'000'000, 'x');
  loop.spawn(write(*pair.near, much));  // waits for its reader
  Result<std::string> silence = loop.complete(read(*pair.near, 1, clock.in(30ms)));
  ASSERT_FALSE(silence);
  EXPECT_EQ(silence.failure().cause, Cause::TimedOut);

  Result<std::string> heard = loop.complete(read(*pair.far, much.size(), clock.in(20s)));
  loop.spawn(write(*pair.far, "later"));
  Result<std::string> later = loop.complete(read(*pair.near, 5, clock.in(20s)));

  ASSERT_TRUE(heard && later) << (heard ? later : heard).failure().says;
  EXPECT_EQ(heard->size(), much.size());
  EXPECT_EQ(*later, "later");
}

TEST_F(TlsPairs, AWriteThatIsLateEnds) {
  const std::string much(8'000'000, 'x');
  Result<void> sent = loop.complete(pair.near->write_all(much, clock.in(50ms)));
  ASSERT_FALSE(sent);
  EXPECT_EQ(sent.failure().cause, Cause::TimedOut);
}

// Somebody on the way may have cut it: that is no end.
TEST_F(TlsPairs, AnEndWithoutAGoodbyeIsNone) {
  loop.spawn(write(*pair.far, "half"));
  ASSERT_TRUE(loop.complete(read(*pair.near, 4, clock.in(10s))));
  pair.far->abort();

  Result<std::string> rest = loop.complete(read(*pair.near, 1, clock.in(10s)));

  ASSERT_FALSE(rest);
  EXPECT_EQ(rest.failure().cause, Cause::Broken);
}

TEST_F(TlsPairs, AGoodbyeWaitsForTheOthersAndDropsWhatStillComes) {
  loop.spawn(write(*pair.far, std::string(100'000, 'x')));
  loop.spawn(pair.near->close(clock.in(10s)));
  Result<std::string> end = loop.complete(read(*pair.far, 1, clock.in(10s)));
  ASSERT_TRUE(end) << end.failure().says;
  EXPECT_EQ(*end, "");
  loop.complete([](ByteStream& stream, Deadline until) -> Task<bool> {
    co_await stream.close(until);
    co_return true;
  }(*pair.far, clock.in(10s)));
}

TEST_F(TlsPairs, AGoodbyeToWhoIsSilentEndsAtItsTime) {
  const Instant began = clock.now();
  loop.complete([](ByteStream& stream, Deadline until) -> Task<bool> {
    co_await stream.close(until);
    co_return true;
  }(*pair.near, clock.in(50ms)));
  EXPECT_GE(clock.now() - began, 50ms);
  EXPECT_LT(clock.now() - began, 5s);
}

TEST_F(TlsPairs, WhoWaitsIsWokenByAnAbort) {
  loop.spawn([](ByteStream& stream, Clock& time) -> Task<void> {
    co_await time.sleep_until(time.now() + 20ms);
    stream.abort();
  }(*pair.near, clock));
  Result<std::string> nothing = loop.complete(read(*pair.near, 1, clock.in(10s)));
  ASSERT_FALSE(nothing);
  EXPECT_EQ(nothing.failure().cause, Cause::Cancelled);
}

TEST_F(TlsStreams, RefuseACallerThatDoesNotSpeakTls) {
  Authority::Files files = authority.issue("server");
  Loop loop;
  ListenOptions options;
  options.tls = *Tls::for_server({files.certificate, files.private_key});
  Result<std::unique_ptr<Listener>> listener = listen_tcp(loop.executor(), options);
  TcpDialer dialer(*Destinations::allowing({"127.0.0.0/8"}), nullptr);
  loop.spawn(echo_once(**listener, failed_at_server));

  Result<std::string> answer = loop.complete(ask(dialer, Address{"127.0.0.1", (*listener)->port(), false}));
  loop.cancel_all();

  EXPECT_TRUE(failed_at_server);
  EXPECT_TRUE(!answer || *answer != "through the tunnel");
}

TEST_F(TlsStreams, EndAHandshakeThatTakesTooLong) {
  Authority::Files files = authority.issue("server");
  Loop loop;
  RealClock clock;
  ListenOptions options;
  options.tls = *Tls::for_server({files.certificate, files.private_key});
  Result<std::unique_ptr<Listener>> listener = listen_tcp(loop.executor(), options);
  TcpDialer dialer(*Destinations::allowing({"127.0.0.0/8"}), nullptr);
  Result<StreamPtr> silent = loop.complete(dialer.dial(Address{"127.0.0.1", (*listener)->port(), false}, clock.in(10s)));
  Result<StreamPtr> accepted = loop.complete((*listener)->accept());
  ASSERT_TRUE(silent && accepted);

  std::array<char, 10> room{};
  Result<std::size_t> got = loop.complete((*accepted)->read_some(room, clock.in(30ms)));

  ASSERT_FALSE(got);
  EXPECT_EQ(got.failure().cause, Cause::TimedOut);
}

TEST_F(TlsStreams, RefuseFilesThatCannotBeUsed) {
  Authority::Files one = authority.issue("one"), two = authority.issue("two");
  std::string garbage = authority.write("garbage.pem", "this is no certificate");

  EXPECT_FALSE(Tls::for_server({one.certificate, two.private_key}));
  EXPECT_FALSE(Tls::for_server({garbage, one.private_key}));
  EXPECT_FALSE(Tls::for_server({one.certificate, garbage}));
  EXPECT_FALSE(Tls::for_server({one.certificate + ".absent", one.private_key}));
  EXPECT_FALSE(Tls::for_client(garbage));
  EXPECT_FALSE(Tls::for_client(garbage + ".absent"));
  EXPECT_TRUE(Tls::for_client(""));
}

}  // namespace
}  // namespace vardbron::net
