#include "gateway/base/limits.h"
#include "gateway/http/server.h"
#include "logged.h"
#include "tests/http/talk.h"
#include "tests/sim/seeds.h"

#include <gtest/gtest.h>

#include <stdexcept>

namespace vardbron::http {
namespace {

using namespace std::chrono_literals;
using Statuses = std::vector<std::string>;

const std::string a_get = "GET /fhir/metadata HTTP/1.1\r\nHost: h\r\n\r\n";
const std::string a_post = "POST /intake HTTP/1.1\r\nHost: h\r\nContent-Length: 5\r\n\r\nhello";
const std::string chunks =
    "POST /chunks HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n2;x=y\r\nde\r\n0\r\n\r\n";

Task<Response> fail(bool throws) {
  if (throws) throw std::runtime_error("a bug");
  Response response;
  response.fields.push_back({"X", "a\r\nb"});
  co_return response;
}

TEST(Connection, AnswersARequestInTheFormOfRfc9112) {
  Talk talk;

  talk.say(a_post);

  EXPECT_EQ(talk.heard,
            "HTTP/1.1 200 OK\r\nDate: Sat, 28 Mar 2026 10:00:00 GMT\r\nContent-Type: text/plain\r\nContent-Length: "
            "18\r\n\r\nPOST /intake hello");
  ASSERT_EQ(talk.requests.size(), 1u);
  EXPECT_EQ(talk.requests[0].peer, "192.0.2.1");
  EXPECT_EQ(find(talk.requests[0].fields, "host"), "h");
  EXPECT_FALSE(talk.closed);
}

TEST(Connection, ReadsTheSameRequestsWhereverTheBytesAreCut) {
  std::string bytes = a_post + chunks + a_get;
  for (std::size_t cut = 1; cut < bytes.size(); ++cut) {
    Talk talk;
    talk.say(bytes.substr(0, cut));
    talk.say(bytes.substr(cut));
    ASSERT_EQ(talk.requests.size(), 3u) << cut;
    EXPECT_EQ(talk.requests[0].body, "hello");
    EXPECT_EQ(talk.requests[1].body, "abcde");
    EXPECT_EQ(talk.requests[2].target, "/fhir/metadata");
    EXPECT_EQ(talk.statuses(), (Statuses{"200", "200", "200"})) << cut;
  }
}

TEST(Connection, ReadsTheSameRequestsThroughAnyDelaysAndSlices) {
  sim::for_each_seed(200, [](std::uint64_t seed) {
    Talk talk(seed, sim::NetFaults{.delay_max = 300ms, .slice_bytes_max = 1 + seed % 40});
    talk.say(a_post + chunks);
    talk.say(a_get);
    talk.world.run_for(5s);
    ASSERT_EQ(talk.requests.size(), 3u);
    EXPECT_EQ(talk.requests[1].body, "abcde");
    EXPECT_EQ(talk.statuses(), (Statuses{"200", "200", "200"}));
  });
}

TEST(Connection, AnswersPipelinedRequestsInTheirOrder) {
  Talk talk;
  talk.thinking = 100ms;
  std::string all;
  for (int i = 0; i < 20; ++i) all += "GET /" + std::to_string(i) + " HTTP/1.1\r\nHost: h\r\n\r\n";

  talk.say(all);
  talk.world.run_for(3s);

  ASSERT_EQ(talk.requests.size(), 20u);
  std::size_t last = 0;
  for (int i = 0; i < 20; ++i) {
    std::size_t at = talk.heard.find("GET /" + std::to_string(i) + " ");
    ASSERT_NE(at, std::string::npos);
    EXPECT_GE(at, last);
    last = at;
  }
}

TEST(Connection, AnswersTwentyThousandPipelinedRequestsThatCameAtOnce) {
  Talk talk;
  std::size_t asked = 0;
  talk.handler = [&asked](Request) -> Task<Response> {
    ++asked;
    co_return Response{};
  };
  std::string all;
  for (int i = 0; i < 20'000; ++i) all += "GET / HTTP/1.1\r\nHost: h\r\n\r\n";

  talk.say(all);

  EXPECT_EQ(asked, 20'000u);
  EXPECT_EQ(talk.statuses().size(), 20'000u);
}

TEST(Connection, TakesAnUpgradeForNoMoreThanAWish) {
  Talk talk;

  talk.say(
      "POST / HTTP/1.1\r\nHost: h\r\nConnection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\nHTTP2-Settings: "
      "AA\r\nContent-Length: "
      "2\r\n\r\nhi" +
      a_get);

  EXPECT_EQ(talk.statuses(), (Statuses{"200", "200"}));
  EXPECT_EQ(talk.requests[0].body, "hi");
}

TEST(Connection, EndsAfterARefusalAndReadsNothingBehindIt) {
  Talk talk;

  talk.say("POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n" + a_get);
  talk.world.run_for(5s);

  EXPECT_EQ(talk.statuses(), (Statuses{"400"}));
  EXPECT_NE(talk.heard.find("Connection: close\r\n"), std::string::npos);
  EXPECT_NE(talk.heard.find("The length is given in two ways. Nothing of the request was kept.\n"), std::string::npos);
  EXPECT_TRUE(talk.requests.empty());
  EXPECT_TRUE(talk.closed);
}

TEST(Connection, TellsEachRefusalByItsStatus) {
  struct Case {
    std::string bytes;
    const char* status;
  };
  const std::vector<Case> cases = {
      {"GET / HTTP/1.1\r\n\r\n", "400"},
      {"GET /" + std::string(9000, 'a') + " HTTP/1.1\r\nHost: h\r\n\r\n", "414"},
      {"GET / HTTP/1.1\r\nHost: h\r\nX: " + std::string(20000, 'a') + "\r\n\r\n", "431"},
      {"POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 99999999\r\n\r\n", "413"},
      {"POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\nFFFFFFF\r\n", "413"},
      {"POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n0\r\nX: y\r\n\r\n", "400"},
      {"BREW / HTTP/1.1\r\nHost: h\r\n\r\n", "501"},
      {"GET / HTTP/3.0\r\nHost: h\r\n\r\n", "505"},
      {"POST / HTTP/1.1\r\nHost: h\r\nContent-Encoding: br\r\n\r\n", "415"},
      {"POST / HTTP/1.1\r\nHost: h\r\nExpect: x\r\n\r\n", "417"},
  };
  for (const Case& one : cases) {
    Talk talk;
    talk.say(one.bytes);
    EXPECT_EQ(talk.statuses(), (Statuses{one.status})) << one.bytes.substr(0, 60);
  }
}

TEST(Connection, GivesAHeadThatTricklesOneDeadlineForAllOfIt) {
  Talk talk;
  for (int second = 0; second < 12 && !talk.closed; ++second) {
    talk.say(second == 0 ? "GET / HTTP/1.1\r\n" : "X-" + std::to_string(second) + ": y\r\n");
    talk.world.run_for(1s);
  }

  EXPECT_EQ(talk.statuses(), (Statuses{"408"}));
  EXPECT_TRUE(talk.closed);
  EXPECT_GE(talk.closed_at, limits::header_time_max);
  EXPECT_LE(talk.closed_at, limits::header_time_max + limits::linger_time_max);
  EXPECT_TRUE(talk.requests.empty());
}

TEST(Connection, ClosesOnACallerThatNeverBegins) {
  Talk talk;

  talk.world.run_for(1min);

  EXPECT_TRUE(talk.closed);
  EXPECT_EQ(talk.closed_at, limits::header_time_max);
  EXPECT_EQ(talk.heard, "");
}

TEST(Connection, KeepsASilentConnectionForTheIdleTimeBetweenRequests) {
  Talk talk;
  talk.say(a_get);
  talk.world.run_for(limits::idle_time_max - 1s);
  talk.say(a_get);
  Instant second = talk.world.clock.now();

  talk.world.run_for(5min);

  EXPECT_EQ(talk.statuses(), (Statuses{"200", "200"}));
  EXPECT_EQ(talk.closed_at, second + limits::idle_time_max);
}

TEST(Connection, RefusesABodyThatIsSlowerThanTheLeastRate) {
  Talk talk;
  talk.say("POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 100000\r\n\r\n");
  int seconds = 0;
  for (; seconds < 60 && !talk.closed; ++seconds) {
    talk.say(std::string(100, 'x'));
    talk.world.run_for(1s);
  }

  EXPECT_EQ(talk.statuses(), (Statuses{"408"}));
  EXPECT_LE(talk.closed_at, limits::body_rate_grace + limits::linger_time_max + 2s);
}

TEST(Connection, RefusesABodyThatTakesTooLongAtAnyRate) {
  Talk talk;
  talk.say("POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n");
  for (int second = 0; second < 60 && !talk.closed; ++second) {
    talk.say("1000\r\n" + std::string(4096, 'x') + "\r\n");
    talk.world.run_for(1s);
  }

  EXPECT_EQ(talk.statuses(), (Statuses{"408"}));
  EXPECT_GE(talk.closed_at, limits::body_time_max);
  EXPECT_LE(talk.closed_at, limits::body_time_max + limits::linger_time_max);
}

TEST(Connection, GivesUpOnACallerThatDoesNotReadItsAnswer) {
  sim::SimWorld world(1, sim::NetFaults{.window_bytes = 64});
  auto [ours, theirs] = world.net.connect();
  bool stopping = false;
  Serving serving{[](Request) -> Task<Response> {
    Response response;
    response.body = std::string(1000, 'x');
    co_return std::move(response);
  }};
  world.spawn(serve_connection(std::move(theirs), serving, world.clock, stopping));

  Result<void> sent = world.complete(ours->write_all(a_get, world.clock.in(1s)));
  world.run_for(limits::answer_write_time_max + limits::linger_time_max);

  EXPECT_TRUE(sent);
  EXPECT_EQ(world.tasks(), 0u);
}

TEST(Connection, AsksForTheBodyOnlyWhenTheCallerWaitsForThat) {
  Talk talk;
  talk.say("POST /a HTTP/1.1\r\nHost: h\r\nContent-Length: 5\r\nExpect: 100-continue\r\n\r\n");
  EXPECT_EQ(talk.heard, "HTTP/1.1 100 Continue\r\n\r\n");

  talk.say("hello");
  talk.say("POST /b HTTP/1.1\r\nHost: h\r\nContent-Length: 5\r\nExpect: 100-continue\r\n\r\nhello");

  EXPECT_EQ(talk.statuses(), (Statuses{"100", "200", "200"}));
}

// Concern: what is refused before it is a request is worded by who words all other answers, in the format that was asked for.
TEST(Connection, LetsTheRefuserWordWhatItRefuses) {
  sim::SimWorld world(1, {});
  auto [ours, theirs] = world.net.connect();
  Serving serving{[](Request) -> Task<Response> { co_return Response(); }};
  serving.refuser = [](Request head, Refusal refusal) {
    Response response;
    response.status = refusal.status;
    response.body = head.method + " " + std::string(find(head.fields, "Accept")) + " " + refusal.says;
    return response;
  };
  const bool stopping = false;
  world.spawn(serve_connection(std::move(theirs), serving, world.clock, stopping));
  const std::string asks = "POST / HTTP/1.1\r\nHost: h\r\nAccept: text/xml\r\nContent-Length: 99999999\r\n\r\n";
  ASSERT_TRUE(world.complete(ours->write_all(asks, Deadline{Instant::max()})));
  std::array<char, 1024> room{};
  Result<std::size_t> got = world.complete(ours->read_some(room, Deadline{Instant::max()}));
  ASSERT_TRUE(got);
  const std::string heard(room.data(), *got);
  EXPECT_TRUE(heard.ends_with("POST text/xml A body has at most 8388608 bytes.")) << heard;
  ours->abort();
  world.run_for(limits::linger_time_max);
}

TEST(Connection, RefusesAnExpectedBodyThatIsTooLargeBeforeItComes) {
  Talk talk;

  talk.say("POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 99999999\r\nExpect: 100-continue\r\n\r\n");

  EXPECT_EQ(talk.statuses(), (Statuses{"413"}));
}

TEST(Connection, ClosesWhenAskedTo) {
  Talk talk;

  talk.say("GET / HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n" + a_get);
  talk.world.run_for(5s);

  EXPECT_EQ(talk.statuses(), (Statuses{"200"}));
  EXPECT_TRUE(talk.closed);
}

TEST(Connection, SpeaksHttp10OnceAndCloses) {
  Talk talk;

  talk.say("GET /health HTTP/1.0\r\n\r\n");
  talk.world.run_for(5s);

  EXPECT_EQ(talk.statuses(), (Statuses{"200"}));
  EXPECT_TRUE(talk.closed);
}

TEST(Connection, TellsTheLengthButKeepsTheBodyOfAHead) {
  Talk talk;

  talk.say("HEAD /x HTTP/1.1\r\nHost: h\r\n\r\n" + a_get);

  EXPECT_NE(talk.heard.find("Content-Length: 8\r\n\r\nHTTP/1.1 200 OK"), std::string::npos) << talk.heard;
}

TEST(Connection, KeepsTheBodyOfAHeadThatIsRefusedToo) {
  for (const char* target : {"*", "/health#f", "", "ftp://h/x"}) {
    Talk talk;

    talk.say("HEAD " + std::string(target) + " HTTP/1.1\r\nHost: h\r\n\r\n");
    talk.world.run_for(5s);

    EXPECT_EQ(talk.statuses(), (Statuses{"400"})) << target;
    EXPECT_TRUE(talk.heard.ends_with("\r\n\r\n")) << target << ": " << talk.heard;
    EXPECT_EQ(talk.heard.find("Content-Length: 0\r\n"), std::string::npos) << "the length is that of the body of a GET";
  }
}

TEST(Connection, FinishesTheRunningAnswerWhenItIsToStop) {
  Talk talk;
  talk.thinking = 2s;
  talk.say(a_get + a_get);

  talk.stopping = true;
  talk.world.run_for(10s);

  EXPECT_EQ(talk.statuses(), (Statuses{"200"}));
  EXPECT_NE(talk.heard.find("Connection: close"), std::string::npos);
  EXPECT_TRUE(talk.closed);
}

Task<Response> throw_up(Request) {
  throw std::runtime_error("a name that must not be seen");
  co_return Response();
}

Task<Response> smuggle(Request request) {
  Response response;
  response.fields.push_back({"Location", "/x\r\nSet-Cookie: " + request.target});
  co_return std::move(response);
}

TEST(Connection, AnswersFiveHundredWithoutAWordOfWhatTheHandlerThrew) {
  Talk talk;
  talk.handler = throw_up;

  talk.say(a_get);

  EXPECT_EQ(talk.statuses(), (Statuses{"500"}));
  EXPECT_EQ(talk.heard.find("a name"), std::string::npos);
}

TEST(Connection, NeverSendsAFieldThatWouldBecomeTwo) {
  Talk talk;
  talk.handler = smuggle;

  talk.say(a_get);

  EXPECT_EQ(talk.statuses(), (Statuses{"500"}));
  EXPECT_EQ(talk.heard.find("Set-Cookie"), std::string::npos);
}

TEST(Connection, EndsQuietlyWhenTheCallerLeavesAtAnyByte) {
  for (std::size_t cut = 0; cut < chunks.size(); ++cut) {
    Talk talk;
    talk.say(chunks.substr(0, cut));
    talk.hang_up();
    talk.world.run_for(Instant{0});
    EXPECT_EQ(talk.requests.size(), 0u) << cut;
    EXPECT_EQ(talk.world.tasks(), 0u) << cut;
  }
}

TEST(Connection, EndsUnderEveryFaultOfTheNetwork) {
  sim::for_each_seed(300, [](std::uint64_t seed) {
    sim::NetFaults faults{.delay_max = 2s, .slice_bytes_max = 30, .cut = 100'000, .stall = 100'000};
    Talk talk(seed, faults);
    talk.thinking = 500ms;
    for (int i = 0; i < 5; ++i) talk.say(a_post + chunks);
    talk.world.run_for(10min);
    talk.hang_up();
    talk.world.run_for(10min);
    EXPECT_EQ(talk.world.tasks(), 0u);
    EXPECT_LE(talk.statuses().size(), talk.requests.size() + 1);
  });
}

TEST(Connection, TellsOnceOfEachAnswerThatNoHandlerGave) {
  const std::string host = " HTTP/1.1\r\nHost: h\r\n";
  struct Row {
    std::string bytes;
    unsigned status;
  };
  for (const Row& row : {Row{"nonsense\r\n\r\n", 400}, Row{"GET /a HTTP/1.1\r\n\r\n", 400}, Row{"GET /a" + host, 408},
                         Row{"POST /a" + host + "Content-Length: 5\r\n\r\nhel", 408},
                         Row{"POST /a" + host + "Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n", 400},
                         Row{"POST /a" + host + "Transfer-Encoding: chunked\r\n\r\nx\r\n", 400},
                         Row{"POST /a" + host + "Content-Length: 99999999999\r\n\r\n", 413},
                         Row{"GET /" + std::string(limits::target_bytes_max, 'a') + host + "\r\n", 414},
                         Row{"POST /a" + host + "Content-Encoding: gzip\r\nContent-Length: 0\r\n\r\n", 415},
                         Row{"POST /a" + host + "Expect: wonders\r\nContent-Length: 0\r\n\r\n", 417},
                         Row{"GET /a" + host + "X: " + std::string(limits::header_bytes_max, 'x') + "\r\n\r\n", 431},
                         Row{"BREW /a" + host + "\r\n", 501}, Row{"GET /a HTTP/9.9\r\nHost: h\r\n\r\n", 505}}) {
    Talk talk;
    talk.say(row.bytes);
    talk.world.run_for(limits::body_time_max + limits::linger_time_max);
    EXPECT_EQ(talk.statuses(), (Statuses{std::to_string(row.status)})) << row.bytes.substr(0, 40);
    EXPECT_EQ(talk.unread, (std::vector<std::pair<std::string, unsigned>>{{"192.0.2.1", row.status}})) << row.bytes.substr(0, 40);
  }
}

TEST(Connection, TellsNothingOfWhatAHandlerAnsweredNorOfACallerThatLeft) {
  Talk talk;
  talk.handler = [](Request) -> Task<Response> {
    Response response;
    response.status = 404;
    co_return std::move(response);
  };
  talk.say(a_get);
  talk.say("GET /a HT");
  talk.hang_up();
  EXPECT_EQ(talk.statuses(), (Statuses{"404"}));
  EXPECT_TRUE(talk.unread.empty());
}

TEST(Connection, TellsOnceOfAHandlerThatFailed) {
  for (const bool throws : {true, false}) {
    Logged logged;
    Talk talk;
    talk.handler = [throws](Request) { return fail(throws); };
    talk.say(a_get);
    EXPECT_EQ(talk.statuses(), (Statuses{"500"}));
    EXPECT_EQ(talk.unread, (std::vector<std::pair<std::string, unsigned>>{{"192.0.2.1", 500}}));
    EXPECT_EQ(logged.lines("error").size(), 1u);
  }
}

}  // namespace
}  // namespace vardbron::http
