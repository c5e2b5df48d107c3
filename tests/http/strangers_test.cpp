// Concern: memory. What is not answered in the end takes none, and all bodies together take no more than their limit.
#include "gateway/base/limits.h"
#include "gateway/http/server.h"
#include "tests/http/talk.h"

#include <gtest/gtest.h>

#include <string>
#include <variant>

namespace vardbron::http {
namespace {

using namespace std::chrono_literals;
using Statuses = std::vector<std::string>;

const std::string a_get = "GET /fhir/metadata HTTP/1.1\r\nHost: h\r\n\r\n";
const std::string a_post = "POST /intake HTTP/1.1\r\nHost: h\r\nContent-Length: 5\r\n\r\nhello";

std::variant<std::string, Response> turn_away_strangers(const Request& head) {
  constexpr std::string_view scheme = "Bearer ";
  const std::string_view token = find(head.fields, "Authorization");
  if (token.starts_with(scheme)) return std::string(token.substr(scheme.size()));
  Response response;
  response.status = 401;
  response.body = "Nobody knows you at " + head.target + ", " + head.peer + ".";
  return response;
}

// What a stranger sends is not read before it is known that it is one.
TEST(Connection, TurnsAStrangerAwayBeforeItsBodyComes) {
  for (const char* length : {"Content-Length: 8000000\r\n", "Transfer-Encoding: chunked\r\n"}) {
    Talk talk;
    talk.check_head = turn_away_strangers;

    talk.say("POST /a HTTP/1.1\r\nHost: h\r\n" + std::string(length) + "\r\n");

    EXPECT_EQ(talk.statuses(), (Statuses{"401"}));
    EXPECT_NE(talk.heard.find("Nobody knows you at /a, 192.0.2.1."), std::string::npos);
    EXPECT_NE(talk.heard.find("Connection: close\r\n"), std::string::npos);
    talk.say(std::string(1'000'000, 'x') + a_get);
    EXPECT_FALSE(talk.write_failed) << "who sends all before it reads gets to read";
    EXPECT_EQ(talk.bodies.taken(), 0u);
    talk.world.run_for(limits::body_time_max);
    EXPECT_TRUE(talk.closed);
    EXPECT_EQ(talk.statuses(), (Statuses{"401"}));
    EXPECT_TRUE(talk.requests.empty());
  }
}

TEST(Connection, TurnsAStrangerAwayInsteadOfAskingForItsBody) {
  Talk talk;
  talk.check_head = turn_away_strangers;

  talk.say("POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 5\r\nExpect: 100-continue\r\n\r\n");

  EXPECT_EQ(talk.statuses(), (Statuses{"401"}));
}

TEST(Connection, ReadsTheBodyOfWhoIsKnown) {
  Talk talk;
  talk.check_head = turn_away_strangers;

  talk.say("POST / HTTP/1.1\r\nHost: h\r\nAuthorization: Bearer known\r\nContent-Length: 5\r\nExpect: 100-continue\r\n\r\n");
  talk.say("hello");

  EXPECT_EQ(talk.statuses(), (Statuses{"100", "200"}));
}

TEST(Connection, RefusesABodyForWhichAllBodiesTogetherLeaveNoRoom) {
  Talk talk;
  const std::size_t others = limits::bodies_under_way_bytes_max - 10;
  ASSERT_TRUE(talk.bodies.take_all_but(10, "others", others));

  talk.say(a_post);
  EXPECT_EQ(talk.bodies.taken(), others) << "what is answered takes no room";
  talk.say("POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 6\r\n\r\nhel");
  EXPECT_EQ(talk.bodies.taken(), others + 3) << "what has not come takes no room";
  talk.say("lo!");

  EXPECT_EQ(talk.statuses(), (Statuses{"200", "503"}));
  EXPECT_NE(talk.heard.find("Too many messages are under way here; send it again. Nothing of the request was kept."),
            std::string::npos);
  talk.world.run_for(limits::linger_time_max);
  EXPECT_TRUE(talk.closed);
  EXPECT_EQ(talk.bodies.taken(), others);
}

// A caller that is known by its token takes from its own share, from whatever address it calls.
TEST(Connection, OneCallersBodiesLeaveRoomForThoseOfOthers) {
  const auto post = [](const std::string& token) {
    return "POST / HTTP/1.1\r\nHost: h\r\nAuthorization: Bearer " + token +
           "\r\nContent-Length: " + std::to_string(limits::body_bytes_max) + "\r\n\r\n";
  };
  Talk talk;
  talk.check_head = turn_away_strangers;
  std::size_t greedy = 0;
  while (talk.bodies.take("greedy", limits::body_bytes_max)) greedy += limits::body_bytes_max;
  EXPECT_LT(greedy, limits::bodies_under_way_bytes_max / 2);

  talk.say(post("other"));
  talk.say(std::string(limits::body_bytes_max, 'x'));
  EXPECT_EQ(talk.statuses(), (Statuses{"200"}));
  talk.say(post("greedy"));
  talk.say("x");

  EXPECT_EQ(talk.statuses(), (Statuses{"200", "503"}));
}

// As many callers as there may be bodies, and one more: all that send little at a time are served.
TEST(Connection, ManyGreedyCallersLeaveRoomForOneMore) {
  Talk talk;
  talk.check_head = turn_away_strangers;
  for (int caller = 0; caller < 20; ++caller) {
    const std::string name = "greedy " + std::to_string(caller);
    while (talk.bodies.take(name, 1u << 20)) continue;
  }

  talk.say("POST / HTTP/1.1\r\nHost: h\r\nAuthorization: Bearer modest\r\nContent-Length: 60000\r\n\r\n");
  talk.say(std::string(60'000, 'x'));

  EXPECT_EQ(talk.statuses(), (Statuses{"200"}));
}

TEST(Connection, GivesTheRoomOfABodyBackThatNeverBecameWhole) {
  Talk talk;
  talk.say("POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 6\r\n\r\nhel");
  EXPECT_EQ(talk.bodies.taken(), 3u);

  talk.hang_up();

  EXPECT_EQ(talk.bodies.taken(), 0u);
}

class BehindAProxy : public testing::Test {
 protected:
  BehindAProxy() { talk.trusted_proxies = *net::Networks::open({"192.0.2.1"}); }  // where Talk calls from
  void get(const std::string& fields) { talk.say("GET / HTTP/1.1\r\nHost: h\r\n" + fields + "\r\n"); }

  Talk talk;
};

TEST_F(BehindAProxy, EachRequestHasAnOriginOfItsOwn) {
  for (const char* fields : {"Forwarded: for=198.51.100.7\r\n", "Forwarded: for=\"[2001:db8::7]:80\"\r\n", "",
                             "Forwarded: for=_x\r\n", "X-Forwarded-For: 198.51.100.8\r\n"})
    get(fields);

  std::vector<std::string> origins;
  for (const Request& request : talk.requests) origins.push_back(request.peer);
  EXPECT_EQ(origins, (std::vector<std::string>{"198.51.100.7", "2001:db8::7", "192.0.2.1", "192.0.2.1", "198.51.100.8"}));
  EXPECT_TRUE(talk.malformed_origins.empty());
}

TEST_F(BehindAProxy, WhatIsMalformedIsToldAndTheProxyCounts) {
  get("Forwarded: for=198.51.100.7:80\r\n");
  get("Forwarded: for=198.51.100.7\r\nX-Forwarded-For: 198.51.100.8\r\n");

  ASSERT_EQ(talk.requests.size(), 2u);
  for (const Request& request : talk.requests) EXPECT_EQ(request.peer, "192.0.2.1");
  EXPECT_EQ(talk.malformed_origins, (std::vector<std::string>{"192.0.2.1", "192.0.2.1"}));
}

TEST_F(BehindAProxy, WhatIsRefusedIsToldOfItsOrigin) {
  talk.check_head = turn_away_strangers;
  get("Forwarded: for=198.51.100.7\r\n");
  talk.say(
      "POST / HTTP/1.1\r\nHost: h\r\nAuthorization: Bearer known\r\nForwarded: for=198.51.100.8\r\nContent-Length: 9\r\n\r\nx");
  talk.world.run_for(limits::body_time_max);

  EXPECT_EQ(talk.unread, (std::vector<std::pair<std::string, unsigned>>{{"198.51.100.8", 408}}));
}

TEST_F(BehindAProxy, AHeadThatIsNoneIsTheProxys) {
  get("Forwarded: for=198.51.100.7\r\n");
  talk.say("GET / HTTP/1.1\r\nForwarded: for=198.51.100.8\r\n\r\n");

  EXPECT_EQ(talk.unread, (std::vector<std::pair<std::string, unsigned>>{{"192.0.2.1", 400}}));
}

TEST_F(BehindAProxy, WhoIsTurnedAwayIsKnownByItsOrigin) {
  talk.check_head = turn_away_strangers;

  talk.say("POST / HTTP/1.1\r\nHost: h\r\nForwarded: for=198.51.100.7\r\nContent-Length: 9\r\n\r\n");

  EXPECT_NE(talk.heard.find("Nobody knows you at /, 198.51.100.7."), std::string::npos) << talk.heard;
}

TEST(Connection, BelievesNobodyWhoIsNoTrustedProxy) {
  Talk talk;
  talk.trusted_proxies = *net::Networks::open({"10.0.0.0/8"});

  talk.say("GET / HTTP/1.1\r\nHost: h\r\nForwarded: for=\r\nX-Forwarded-For: 10.0.0.1\r\n\r\n");

  ASSERT_EQ(talk.requests.size(), 1u);
  EXPECT_EQ(talk.requests[0].peer, "192.0.2.1");
  EXPECT_TRUE(talk.malformed_origins.empty());
}

TEST(Connection, KeepsTheRoomOfABodyUntilItIsAnswered) {
  Talk talk;
  talk.thinking = 1s;
  talk.say(a_post);
  EXPECT_EQ(talk.bodies.taken(), 5u);

  talk.world.run_for(1s);

  EXPECT_EQ(talk.bodies.taken(), 0u);
}

}  // namespace
}  // namespace vardbron::http
