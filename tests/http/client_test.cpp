#include "gateway/http/client.h"

#include "gateway/base/limits.h"
#include "gateway/http/server.h"
#include "tests/http/repeat.h"
#include "tests/sim/seeds.h"
#include "tests/sim/sim_world.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <array>

namespace vardbron::http {
namespace {

using namespace std::chrono_literals;

const net::Address kommun{"kommun.test", 443, true};

Call a_call(std::string body = "hello") {
  Call call;
  call.to = kommun;
  call.request.method = "POST";
  call.request.target = "/notify";
  call.request.body = std::move(body);
  return call;
}

// A municipality that is served by the gateway's own server class.
struct Municipality {
  explicit Municipality(std::uint64_t seed = 1, sim::NetFaults faults = {}) : world(seed, faults) { world.spawn(server.run()); }
  Municipality(const Municipality&) = delete;
  Municipality& operator=(const Municipality&) = delete;
  ~Municipality() {
    client.close_idle();
    server.cancel();
    world.run_for(1min);
  }

  Result<Answer> send(Call call, Instant patience = 30s) {
    return world.complete(client.send(std::move(call), world.clock.in(patience)));
  }
  Task<Response> answer(Request request) {
    requests.push_back(request);
    if (thinking > Instant{0}) co_await world.clock.sleep_until(world.clock.now() + thinking);
    Response response;
    response.status = status;
    response.body = body.empty() ? request.body : body;
    co_return std::move(response);
  }

  std::vector<Request> requests;
  Instant thinking{0};
  unsigned status = 200;
  std::string body;
  sim::SimWorld world;
  std::unique_ptr<net::Listener> listener = world.net.listen("kommun.test", 443);
  Server server{*listener, [this](Request request) { return answer(std::move(request)); }, world.clock};
  Client client{world.net, world.clock};
};

TEST(Client, SendsARequestAndGivesTheAnswer) {
  Municipality kommunen;
  Call call = a_call();
  call.request.fields.push_back({"Authorization", "Bearer token-of-the-test"});

  Result<Answer> response = kommunen.send(std::move(call));

  ASSERT_TRUE(response) << response.failure().says;
  EXPECT_EQ(response->status, 200u);
  EXPECT_EQ(response->body, "hello");
  ASSERT_EQ(kommunen.requests.size(), 1u);
  EXPECT_EQ(find(kommunen.requests[0].fields, "Host"), "kommun.test");
  EXPECT_EQ(find(kommunen.requests[0].fields, "Authorization"), "Bearer token-of-the-test");
}

TEST(Client, NamesThePortAndTheHostItWasGiven) {
  Municipality kommunen;
  auto listener = kommunen.world.net.listen("kommun.test", 8080);
  Server server(
      *listener, [&kommunen](Request request) { return kommunen.answer(std::move(request)); }, kommunen.world.clock);
  kommunen.world.spawn(server.run());
  Call call = a_call();
  call.to = net::Address{"kommun.test", 8080, false};
  Call named = call;
  named.host_field = "other.test";

  ASSERT_TRUE(kommunen.send(std::move(call)));
  ASSERT_TRUE(kommunen.send(std::move(named)));
  kommunen.client.close_idle();
  server.cancel();
  kommunen.world.run_for(1min);

  EXPECT_EQ(find(kommunen.requests[0].fields, "Host"), "kommun.test:8080");
  EXPECT_EQ(find(kommunen.requests[1].fields, "Host"), "other.test");
}

TEST(Client, UsesOneConnectionForManyCalls) {
  Municipality kommunen;

  for (int i = 0; i < 50; ++i) ASSERT_TRUE(kommunen.send(a_call()));

  EXPECT_EQ(kommunen.requests.size(), 50u);
  EXPECT_EQ(kommunen.world.net.dials(), 1u);
}

TEST(Client, DialsAgainWhenTheKeptConnectionIsOldOrClosed) {
  Municipality kommunen;
  ASSERT_TRUE(kommunen.send(a_call()));
  kommunen.world.run_for(limits::kept_connection_time_max);
  ASSERT_TRUE(kommunen.send(a_call()));
  kommunen.client.close_idle();
  ASSERT_TRUE(kommunen.send(a_call()));

  EXPECT_EQ(kommunen.world.net.dials(), 3u);
}

Task<Response> say_ok(Request) {
  Response response;
  co_return response;
}

Task<void> count_answer(Municipality& to, std::size_t& count) {
  Deadline until = to.world.clock.in(30s);
  Call call = a_call();
  Result<Answer> response = co_await to.client.send(std::move(call), until);
  if (response) ++count;
}

// Serves one host of many; its connections are those that its caller has not closed.
struct Hosts {
  explicit Hosts(sim::SimWorld& in) : world(in) {}
  void open(const std::string& name) {
    listeners.push_back(world.net.listen(name, 443));
    servers.push_back(std::make_unique<Server>(*listeners.back(), say_ok, world.clock));
    world.spawn(servers.back()->run());
  }
  std::size_t connections() const {
    std::size_t all = 0;
    for (const auto& each : servers) all += each->connections();
    return all;
  }
  sim::SimWorld& world;
  std::vector<std::unique_ptr<net::Listener>> listeners;
  std::vector<std::unique_ptr<Server>> servers;
};

TEST(Client, ClosesOldConnectionsAlsoToThoseItNeverCallsAgain) {
  sim::SimWorld world;
  Hosts hosts(world);
  Client client(world.net, world.clock);
  auto call = [&](const std::string& name) {
    hosts.open(name);
    Call one = a_call();
    one.to.host = name;
    ASSERT_TRUE(world.complete(client.send(std::move(one), world.clock.in(30s))));
  };
  for (int at = 0; at < 30; ++at) call("host" + std::to_string(at) + ".test");
  EXPECT_EQ(hosts.connections(), 30u);

  world.run_for(limits::kept_connection_time_max);
  call("another.test");
  world.run_for(1s);

  EXPECT_EQ(hosts.connections(), 1u);
  client.close_idle();
  for (auto& each : hosts.servers) each->cancel();
  world.run_for(1min);
}

TEST(Client, KeepsNoMoreConnectionsThanItsLimitInAll) {
  sim::SimWorld world;
  Hosts hosts(world);
  Client client(world.net, world.clock);
  for (std::size_t at = 0; at < limits::kept_connections_max + 1; ++at) {
    Call one = a_call();
    one.to.host = "host" + std::to_string(at) + ".test";
    hosts.open(one.to.host);
    ASSERT_TRUE(world.complete(client.send(std::move(one), world.clock.in(30s))));
    world.run_for(1ms);
    EXPECT_EQ(hosts.connections(), std::min(at + 1, limits::kept_connections_max));
  }
  client.close_idle();
  for (auto& each : hosts.servers) each->cancel();
  world.run_for(1min);
}

TEST(Client, KeepsNoMoreConnectionsToOneAddressThanItsLimit) {
  Municipality kommunen;
  kommunen.thinking = 1s;
  std::size_t answered = 0;
  for (std::size_t at = 0; at < limits::kept_connections_per_address_max + 4; ++at)
    kommunen.world.spawn(count_answer(kommunen, answered));
  kommunen.world.run_for(3s);

  EXPECT_EQ(answered, limits::kept_connections_per_address_max + 4);
  EXPECT_EQ(kommunen.server.connections(), limits::kept_connections_per_address_max);
}

TEST(Client, ReplacesAKeptConnectionThatDiedMeanwhile) {
  Municipality kommunen;
  ASSERT_TRUE(kommunen.send(a_call()));
  kommunen.world.net.cut_off("kommun.test");
  kommunen.world.net.heal("kommun.test");

  Result<Answer> response = kommunen.send(a_call("again"));

  ASSERT_TRUE(response) << response.failure().says;
  EXPECT_EQ(response->body, "again");
  EXPECT_EQ(kommunen.world.net.dials(), 2u);
  EXPECT_EQ(kommunen.requests.size(), 2u);
}

TEST(Client, TimesOutAtItsDeadlineWhenThePeerThinksTooLong) {
  Municipality kommunen;
  kommunen.thinking = 1h;
  Instant start = kommunen.world.clock.now();

  Result<Answer> response = kommunen.send(a_call(), 7s);

  ASSERT_FALSE(response);
  EXPECT_EQ(response.failure().cause, Cause::TimedOut);
  EXPECT_EQ(kommunen.world.clock.now(), start + 7s);
}

TEST(Client, DoesNotSendASecondTimeAfterATimeout) {
  Municipality kommunen;
  ASSERT_TRUE(kommunen.send(a_call()));
  kommunen.thinking = 1h;

  EXPECT_FALSE(kommunen.send(a_call(), 7s));

  EXPECT_EQ(kommunen.requests.size(), 2u);
}

TEST(Client, TakesTheStatusOfAnAnswerWhoseBodyIsOverItsLimit) {
  Municipality kommunen;
  kommunen.body = std::string(limits::answer_bytes_max, 'x');
  Result<Answer> within = kommunen.send(a_call());
  ASSERT_TRUE(within);
  EXPECT_FALSE(within->unread);
  EXPECT_EQ(within->body.size(), limits::answer_bytes_max);
  kommunen.body += 'x';

  Result<Answer> over = kommunen.send(a_call());

  ASSERT_TRUE(over) << over.failure().says;
  EXPECT_EQ(over->status, 200u);
  ASSERT_TRUE(over->unread);
  EXPECT_EQ(over->unread->cause, Cause::TooLarge);
  EXPECT_EQ(over->body, "");
  EXPECT_EQ(kommunen.requests.size(), 2u);
}

TEST(Client, TakesAnyStatusForAnAnswer) {
  Municipality kommunen;
  for (unsigned status : {200u, 204u, 302u, 304u, 404u, 503u}) {
    kommunen.status = status;
    Result<Answer> response = kommunen.send(a_call());
    ASSERT_TRUE(response) << status;
    EXPECT_EQ(response->status, status);
  }
  EXPECT_EQ(kommunen.world.net.dials(), 1u);
}

TEST(Client, NeverSendsWhatWouldBecomeAnotherField) {
  Municipality kommunen;
  for (const std::string& bad : std::array<std::string, 3>{"a\r\nX: y", "a\nb", std::string("a\0b", 3)}) {
    Call in_value = a_call();
    in_value.request.fields.push_back({"X", bad});
    Call in_name = a_call();
    in_name.request.fields.push_back({bad, "x"});
    Call in_target = a_call();
    in_target.request.target = "/" + bad;
    Call in_host = a_call();
    in_host.host_field = bad;
    for (Call& call : std::array<Call, 4>{in_value, in_name, in_target, in_host}) {
      Result<Answer> response = kommunen.send(std::move(call));
      ASSERT_FALSE(response);
      EXPECT_EQ(response.failure().cause, Cause::Invalid);
    }
  }
  EXPECT_EQ(kommunen.world.net.dials(), 0u);
}

// A peer that reads a request's head and then says exactly these bytes, and perhaps leaves.
Task<void> say_raw(net::Listener& listener, std::string bytes, bool leave) {
  Result<net::StreamPtr> accepted = co_await listener.accept();
  if (!accepted) co_return;
  net::StreamPtr stream = *std::move(accepted);
  std::array<char, 1000> room{};
  Deadline never{Instant::max()};
  Result<std::size_t> got = co_await stream->read_some(room, never);
  if (!got) co_return;
  Result<void> sent = co_await stream->write_all(bytes, never);
  if (!sent || leave) co_return;
  got = co_await stream->read_some(room, never);
}

Result<Answer> hear(const std::string& bytes, bool leave = true, std::uint64_t seed = 1) {
  sim::SimWorld world(seed, sim::NetFaults{.delay_max = 10ms, .slice_bytes_max = 1 + seed % 50});
  auto listener = world.net.listen("kommun.test", 443);
  world.spawn(say_raw(*listener, bytes, leave));
  Client client(world.net, world.clock);
  Result<Answer> response = world.complete(client.send(a_call(), world.clock.in(1min)));
  client.close_idle();
  world.cancel_all();
  return response;
}

TEST(Client, ReadsEveryFormOfAnAnswersBody) {
  struct Case {
    const char* bytes;
    const char* body;
    bool leave;
  };
  const std::vector<Case> cases = {
      {"HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\nabc", "abc", false},
      {"HTTP/1.1 200 OK\r\nTransfer-Encoding: Chunked\r\n\r\n3\r\nabc\r\n0\r\n\r\n", "abc", false},
      {"HTTP/1.1 200 OK\r\n\r\nabc", "abc", true},
      {"HTTP/1.0 200 OK\r\n\r\nabc", "abc", true},
      {"HTTP/1.1 200\r\nContent-Length: 0\r\n\r\n", "", false},
      {"HTTP/1.1 204 No Content\r\n\r\n", "", false},
      {"HTTP/1.1 204 No Content\r\nContent-Length: 9\r\n\r\n", "", false},
      {"HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\nLink: x\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\nabc",
       "abc", false},
  };
  for (const Case& one : cases) {
    sim::for_each_seed(20, [&one](std::uint64_t seed) {
      Result<Answer> response = hear(one.bytes, one.leave, seed);
      ASSERT_TRUE(response) << one.bytes << response.failure().says;
      EXPECT_EQ(response->body, one.body) << one.bytes;
    });
  }
}

TEST(Client, RefusesWhatIsNoAnswer) {
  for (const char* bytes : {"", "HTTP/1.1 200 OK\r\n", "SSH-2.0-x\r\n\r\n", "HTTP/2 200 OK\r\n\r\n", "HTTP/1.1 20 OK\r\n\r\n",
                            "HTTP/1.1 2000 OK\r\n\r\n", "HTTP/1.1 099 OK\r\n\r\n", "HTTP/1.1 200 OK\n\n", "HTTP/1.1 \r\n\r\n",
                            "HTTP/1.1 200\tOK\r\n\r\n", "HTTP/1.1 200 O\vK\r\n\r\n", "\r\nHTTP/1.1 200 OK\r\n\r\n",
                            "HTTP/1.1 101 Switching Protocols\r\n\r\n", "HTTP/1.1 100 Continue\r\nContent-Length: x\r\n\r\n"}) {
    Result<Answer> answer = hear(bytes);
    ASSERT_FALSE(answer) << bytes;
    EXPECT_EQ(answer.failure().cause, Cause::Broken) << bytes;
  }
}

// What may follow a receiver's 200 without the notification being sent again; the connection is not reused.
TEST(Client, TakesTheStatusOfAnAnswerThatCannotBeReadOn) {
  const std::string ok = "HTTP/1.1 200 OK\r\n";
  const std::string chunked = ok + "Transfer-Encoding: chunked\r\n\r\n";
  struct Case {
    const char* concern;
    std::string bytes;
    Cause cause;
  };
  for (const Case& one : std::vector<Case>{
           {"two lengths", ok + "Content-Length: 1\r\nContent-Length: 1\r\n\r\na", Cause::Broken},
           {"a list of lengths", ok + "Content-Length: 1, 1\r\n\r\na", Cause::Broken},
           {"a length and chunks", ok + "Content-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", Cause::Broken},
           {"another coding", ok + "Transfer-Encoding: gzip\r\n\r\n", Cause::Broken},
           {"another coding and a length", ok + "Transfer-Encoding: xchunked\r\nContent-Length: 1\r\n\r\na", Cause::Broken},
           {"no length", ok + "Content-Length: x\r\n\r\n", Cause::Broken},
           {"no field", ok + " X: y\r\n\r\n", Cause::Broken},
           {"a body that breaks off", ok + "Content-Length: 5\r\n\r\nabc", Cause::Broken},
           {"no chunk", chunked + "zz\r\n", Cause::Broken},
           {"a length in a trailer", chunked + "3\r\nabc\r\n0\r\nContent-Length: 3\r\n\r\n", Cause::Broken},
           {"a body over the limit", ok + "Content-Length: 99999999\r\n\r\nabc", Cause::TooLarge},
           {"chunks over the limit", chunked + "FFFFFFF\r\n", Cause::TooLarge},
           {"a large head", ok + "X: " + std::string(limits::header_bytes_max, 'x') + "\r\n\r\n", Cause::TooLarge},
           {"a head of many lines", ok + repeat("X-Some: of many fields\r\n", 2000) + "\r\n", Cause::TooLarge},
           {"a long extension", chunked + "3;" + std::string(40'000, 'x') + "\r\nabc\r\n0\r\n\r\n", Cause::TooLarge},
           {"long trailers", chunked + "0\r\n" + repeat("X-Some: of many fields\r\n", 2000) + "\r\n", Cause::TooLarge}}) {
    for (std::uint64_t seed : {1u, 49u}) {
      Result<Answer> answer = hear(one.bytes, true, seed);
      ASSERT_TRUE(answer) << one.concern << ": " << answer.failure().says;
      EXPECT_EQ(answer->status, 200u) << one.concern;
      EXPECT_EQ(answer->body, "") << one.concern;
      ASSERT_TRUE(answer->unread) << one.concern;
      EXPECT_EQ(answer->unread->cause, one.cause) << one.concern << ": " << answer->unread->says;
    }
  }
}

TEST(Client, ReadsOverTrailersAndOverFieldsThatAreTooMany) {
  std::string many = "HTTP/1.1 200 OK\r\n" + repeat("X: y\r\n", limits::header_fields_max + 50) + "Content-Length: 3\r\n\r\nabc";
  for (const std::string& bytes :
       {many,
        std::string("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\nX-Sum: 1\r\nStatus: 500\r\n\r\n")}) {
    Result<Answer> answer = hear(bytes, false);
    ASSERT_TRUE(answer) << answer.failure().says;
    EXPECT_FALSE(answer->unread) << answer->unread->says;
    EXPECT_EQ(answer->body, "abc");
    EXPECT_EQ(find(answer->fields, "X-Sum"), "");
    EXPECT_LE(answer->fields.size(), limits::header_fields_max);
  }
}

TEST(Client, ReadsOverAsManyInterimAnswersAsItsLimitAndNoMore) {
  const std::string interim = "HTTP/1.1 102 Processing\r\n\r\n";
  std::string final_answer = "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n";
  std::size_t fit = limits::interim_answers_bytes_max / interim.size();

  EXPECT_TRUE(hear(repeat(interim, fit) + final_answer, true, 49));
  Result<Answer> answer = hear(repeat(interim, fit + 1) + final_answer, true, 49);

  ASSERT_FALSE(answer);
  EXPECT_EQ(answer.failure().says, "The peer sent interim answers without end.");
}

// One that answers, and never comes to an end of it.
Task<void> say_for_ever(net::Listener& listener, sim::SimClock& clock, std::string head, std::string piece, Instant pause) {
  Result<net::StreamPtr> accepted = co_await listener.accept();
  if (!accepted) co_return;
  net::StreamPtr stream = *std::move(accepted);
  Deadline never{Instant::max()};
  Result<void> sent = co_await stream->write_all(head, never);
  while (sent) {
    if (pause.count() > 0) co_await clock.sleep_until(clock.now() + pause);
    sent = co_await stream->write_all(piece, never);
  }
}

TEST(Client, IsNotKeptByAnAnswerWithoutEnd) {
  struct Case {
    std::string head;
    const char* piece;
    Instant pause;
    Cause cause;
    bool has_status;
  };
  const std::string ok = "HTTP/1.1 200 OK\r\n", chunked = ok + "Transfer-Encoding: chunked\r\n\r\n";
  for (const Case& one : std::vector<Case>{{ok, "X: y\r\n", 0s, Cause::TooLarge, true},
                                           {ok + "\r\n", "more and more", 0s, Cause::TooLarge, true},
                                           {chunked, "4\r\nmore\r\n", 0s, Cause::TooLarge, true},
                                           {"", "H", 0s, Cause::TooLarge, false},
                                           {"", "H", 1s, Cause::TimedOut, false},
                                           {ok, "x", 1s, Cause::TimedOut, false},
                                           {ok + "\r\n", "x", 1s, Cause::TimedOut, true}}) {
    sim::SimWorld world;
    auto listener = world.net.listen("kommun.test", 443);
    world.spawn(say_for_ever(*listener, world.clock, one.head, one.piece, one.pause));
    Client client(world.net, world.clock);
    Instant start = world.clock.now();

    Result<Answer> answer = world.complete(client.send(a_call(), world.clock.in(30s)));

    ASSERT_EQ(answer.ok(), one.has_status) << one.head << one.piece;
    if (answer) EXPECT_EQ(answer->status, 200u);
    if (answer) ASSERT_TRUE(answer->unread);
    const Failure& failure = answer ? *answer->unread : answer.failure();
    EXPECT_EQ(failure.cause, one.cause) << one.head << one.piece << ": " << failure.says;
    EXPECT_LE(world.clock.now(), start + 30s);
    world.cancel_all();
    world.run_for(1s);
  }
}

TEST(Client, DoesNotKeepAConnectionWithBytesBehindTheAnswer) {
  sim::SimWorld world;
  auto listener = world.net.listen("kommun.test", 443);
  world.spawn(say_raw(*listener,
                      "HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\nabcHTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nevil", false));
  Client client(world.net, world.clock);

  Result<Answer> first = world.complete(client.send(a_call(), world.clock.in(1min)));
  world.spawn(say_raw(*listener, "HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\ndef", false));
  Result<Answer> second = world.complete(client.send(a_call(), world.clock.in(1min)));
  client.close_idle();
  world.cancel_all();

  EXPECT_EQ(first->body, "abc");
  EXPECT_EQ(second->body, "def");
}

TEST(Client, EndsEveryCallByItsDeadlineUnderEveryFault) {
  sim::for_each_seed(200, [](std::uint64_t seed) {
    sim::NetFaults faults{
        .delay_max = 3s, .slice_bytes_max = 20, .refuse = 50'000, .dial_stall = 50'000, .cut = 50'000, .stall = 50'000};
    Municipality kommunen(seed, faults);
    std::size_t answered = 0;
    for (int i = 0; i < 10; ++i) {
      Instant start = kommunen.world.clock.now();
      Result<Answer> response = kommunen.send(a_call(std::to_string(i)), 30s);
      EXPECT_LE(kommunen.world.clock.now(), start + 30s);
      if (!response || response->unread) continue;
      EXPECT_EQ(response->body, std::to_string(i));
      ++answered;
    }
    EXPECT_GE(kommunen.requests.size(), answered);
  });
}

}  // namespace
}  // namespace vardbron::http
