#include "gateway/base/limits.h"
#include "gateway/net/tcp.h"
#include "name_server.h"
#include "tests/system/net/loop.h"

#include <gtest/gtest.h>

#include <map>

namespace vardbron::net {
namespace {

using namespace std::chrono_literals;

// Real names on a real socket; the server answers for some names only, as a broken zone does.
class Names : public testing::Test {
 protected:
  Names() { server.known["well.example"] = {"127.0.0.1"}; }

  Task<void> call(std::string host, Instant longest = 1h) {
    Address address{std::move(host), listener->port(), false};
    const std::string name = address.host;
    Deadline until = clock.in(longest);
    Result<StreamPtr> stream = co_await dialer.dial(std::move(address), until);
    ended.emplace(name, stream ? "connected" : stream.failure().says);
    causes[name] = stream ? Cause::Cancelled : stream.failure().cause;
  }
  // One after the other, since the server's socket does not hold a thousand questions.
  void call_silent_ones(std::size_t count) {
    for (std::size_t at = 0; at < count; ++at) {
      const std::string host = "silent" + std::to_string(at) + ".example";
      loop.spawn(call(host));
      loop.run_until([&] { return server.questions.contains(host); });
    }
  }
  void call_and_wait(const std::string& host) {
    loop.spawn(call(host));
    loop.run_until([&] { return ended.contains(host); });
  }

  Loop loop;
  RealClock clock;
  NameServer server{loop.executor()};
  TcpDialer dialer{*Destinations::allowing({"127.0.0.0/8", "::1"}), nullptr, server.place()};
  std::unique_ptr<Listener> listener = *listen_tcp(loop.executor(), {});
  std::multimap<std::string, std::string> ended;
  std::map<std::string, Cause> causes;
};

TEST_F(Names, ThatNobodyAnswersForDelayNoOther) {
  call_silent_ones(1000);

  call_and_wait("well.example");

  EXPECT_EQ(ended.size(), 1u);
  EXPECT_EQ(ended.find("well.example")->second, "connected");
  loop.cancel_all();
  EXPECT_EQ(ended.size(), 1001u);
}

TEST_F(Names, AreAskedForOnceHoweverManyWait) {
  for (int at = 0; at < 50; ++at) loop.spawn(call("silent.example"));
  call_and_wait("well.example");
  EXPECT_LE(server.questions["silent.example"], 2);

  server.known["silent.example"] = {"127.0.0.1"};
  loop.run_until([&] { return ended.count("silent.example") == 50; });

  EXPECT_LE(server.questions["silent.example"], 2 * limits::lookup_tries_max);
  EXPECT_EQ(ended.find("silent.example")->second, "connected");
}

TEST_F(Names, ThatNobodyAnswersForAreGivenUpAtTheDeadline) {
  loop.spawn(call("silent.example", 50ms));
  loop.run_until([&] { return !ended.empty(); });

  EXPECT_EQ(causes["silent.example"], Cause::TimedOut);
  EXPECT_EQ(ended.begin()->second, "No name server answered for silent.example in time.");
}

TEST_F(Names, LeaveNothingInTheLoopWhenNobodyWaitsAnyMore) {
  loop.spawn(call("silent.example", 50ms));
  loop.run_until([&] { return !ended.empty(); });

  listener->stop();
  server.stop();

  EXPECT_TRUE(loop.runs_dry(clock.in(limits::lookup_try_time_max / 2)));
}

TEST_F(Names, ThatDoNotExistAreSaidToBeUnknown) {
  call_and_wait("nobody.unknown");

  EXPECT_EQ(causes["nobody.unknown"], Cause::Broken);
  EXPECT_EQ(ended.begin()->second, "The name of the peer is not known: nobody.unknown");
}

TEST_F(Names, OfTheMachineItselfAreReadFromItsHostsFile) {
  call_and_wait("localhost");

  EXPECT_EQ(ended.begin()->second, "connected");
  EXPECT_TRUE(server.questions.empty());
}

TEST_F(Names, GoToTheNextAddressWhenOneDoesNotTakeTheCall) {
  server.known["two.example"] = {"127.0.0.9", "127.0.0.1"};

  call_and_wait("two.example");

  EXPECT_EQ(ended.begin()->second, "connected");
}

TEST_F(Names, MayNotLeadToAnAddressThatIsNotAllowed) {
  server.known["inside.example"] = {"10.0.0.1", "169.254.169.254", "127.0.0.1"};
  TcpDialer strict{Destinations(), nullptr, server.place()};

  Address address{"inside.example", listener->port(), false};
  Result<StreamPtr> stream = loop.complete(strict.dial(std::move(address), clock.in(10s)));

  ASSERT_FALSE(stream);
  EXPECT_EQ(stream.failure().cause, Cause::Forbidden);
}

TEST_F(Names, BeyondTheLimitAreRefusedAtOnceAndThoseBelowItGoOn) {
  for (std::size_t at = 0; at < limits::lookups_max; ++at) loop.spawn(call("silent" + std::to_string(at) + ".example"));
  loop.spawn(call("well.example"));

  loop.run_until([&] { return !ended.empty(); });

  EXPECT_EQ(causes["well.example"], Cause::Busy);
  EXPECT_EQ(ended.size(), 1u);
  loop.cancel_all();
}

TEST_F(Names, HaveAsManyAddressesAsMayBeTried) {
  for (std::size_t dead = limits::addresses_per_name_max - 1; dead <= limits::addresses_per_name_max; ++dead) {
    const std::string host = "of" + std::to_string(dead + 1) + ".example";
    for (std::size_t at = 0; at < dead; ++at) server.known[host].push_back("127.0.1." + std::to_string(at + 1));
    server.known[host].push_back("127.0.0.1");
    call_and_wait(host);
    EXPECT_EQ(causes[host], dead < limits::addresses_per_name_max ? Cause::Cancelled : Cause::Broken) << ended.find(host)->second;
  }
}

TEST(NameServers, AreAddressesWithOrWithoutPort) {
  for (const char* good : {"10.0.0.53", "127.0.0.1:5353", "10.0.0.53,10.0.0.54:5353", "2001:db8::53", "[2001:db8::53]:5353"})
    EXPECT_TRUE(check_name_servers(good)) << good;
  for (const char* bad :
       {"", "ns.example", "10.0.0", "10.0.0.53;10.0.0.54", "10.0.0.53:", "10.0.0.53:99999", "[10.0.0.53]:53", "[2001:db8::53"})
    EXPECT_FALSE(check_name_servers(bad)) << bad;
}

}  // namespace
}  // namespace vardbron::net
