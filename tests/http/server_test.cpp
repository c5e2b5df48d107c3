#include "gateway/http/server.h"

#include "gateway/base/limits.h"
#include "gateway/http/client.h"
#include "tests/sim/sim_world.h"

#include <gtest/gtest.h>

namespace vardbron::http {
namespace {

using namespace std::chrono_literals;

struct Ward {
  Ward() { world.spawn(run()); }
  Ward(const Ward&) = delete;
  Ward& operator=(const Ward&) = delete;

  Task<void> run() {
    co_await server.run();
    ended_at = world.clock.now();
    ended = true;
  }
  Task<void> call(Client& client, std::optional<Result<Answer>>& into) {
    Call call;
    call.to = net::Address{"ward.test", 80, false};
    call.request.method = "GET";
    call.request.target = "/";
    into.emplace(co_await client.send(std::move(call), world.clock.in(1h)));
  }
  Task<Response> answer(Request) {
    co_await world.clock.sleep_until(world.clock.now() + thinking);
    co_return Response();
  }

  Instant thinking = 1s;
  bool ended = false;
  Instant ended_at{0};
  sim::SimWorld world;
  std::unique_ptr<net::Listener> listener = world.net.listen("ward.test", 80);
  Server server{*listener, [this](Request request) { return answer(std::move(request)); }, world.clock};
};

TEST(Server, ServesManyCallersBesideEachOther) {
  Ward ward;
  std::vector<std::unique_ptr<Client>> clients;
  std::vector<std::optional<Result<Answer>>> answers(100);
  for (auto& answer : answers) {
    clients.push_back(std::make_unique<Client>(ward.world.net, ward.world.clock));
    ward.world.spawn(ward.call(*clients.back(), answer));
  }

  ward.world.run_for(1s);

  for (auto& answer : answers) ASSERT_TRUE(answer && *answer);
  EXPECT_EQ(ward.server.connections(), 100u);
  clients.clear();
  ward.world.run_for(Instant{0});
  EXPECT_EQ(ward.server.connections(), 0u);
  ward.server.stop();
  ward.world.run_for(Instant{0});
  EXPECT_TRUE(ward.ended);
}

TEST(Server, FinishesWhatRunsAndClosesWhatIsIdleWhenStopped) {
  Ward ward;
  Client running(ward.world.net, ward.world.clock), idle(ward.world.net, ward.world.clock);
  std::optional<Result<Answer>> first, second;
  ward.world.spawn(ward.call(idle, first));
  ward.world.run_for(2s);
  ward.world.spawn(ward.call(running, second));
  ward.world.run_for(500ms);
  EXPECT_EQ(ward.server.connections(), 2u);

  ward.server.stop();
  ward.world.run_for(Instant{0});
  EXPECT_EQ(ward.server.connections(), 1u);
  ward.world.run_for(1s);

  ASSERT_TRUE(second && *second);
  EXPECT_EQ((*second)->status, 200u);
  ward.world.run_for(limits::linger_time_max);
  EXPECT_TRUE(ward.ended);
}

TEST(Server, TakesNoNewCallerAfterStop) {
  Ward ward;
  ward.world.run_for(1s);
  ward.server.stop();
  Client client(ward.world.net, ward.world.clock);
  std::optional<Result<Answer>> answer;
  ward.world.spawn(ward.call(client, answer));

  ward.world.run_for(1s);

  ASSERT_TRUE(answer);
  EXPECT_FALSE(*answer);
  EXPECT_TRUE(ward.ended);
}

/// A handler that thinks until it is told that nobody waits, or for an hour.
struct Patient {
  Task<Response> answer(Request request) {
    const Instant began = world.clock.now();
    while (!request.abandoned.stop_requested() && world.clock.now() < began + 1h)
      co_await world.clock.sleep_until(world.clock.now() + 10ms);
    thought.push_back(world.clock.now() - began);
    co_return Response();
  }
  Task<void> connect(std::string bytes) {
    const net::Address ward{"ward.test", 80, false};
    Result<net::StreamPtr> dialled = co_await world.net.dial(ward, world.clock.in(1h));
    if (dialled) wire = *std::move(dialled);
    Result<void> sent = co_await wire->write_all(bytes, world.clock.in(1h));
    EXPECT_TRUE(sent);
  }
  Patient() { world.spawn(server.run()); }

  std::vector<Instant> thought;
  sim::SimWorld world;
  net::StreamPtr wire;
  std::unique_ptr<net::Listener> listener = world.net.listen("ward.test", 80);
  Server server{*listener, [this](Request request) { return answer(std::move(request)); }, world.clock};
};

TEST(Server, TellsAHandlerThatItsCallerHasHungUp) {
  const std::string request = "GET / HTTP/1.1\r\nHost: h\r\n\r\n";
  for (const std::string& bytes : {request, request + request, request + "GET /half"}) {
    Patient patient;
    patient.world.spawn(patient.connect(bytes));
    patient.world.run_for(10s);
    EXPECT_TRUE(patient.thought.empty()) << "the caller waits";
    patient.wire->abort();
    patient.world.run_for(2 * limits::caller_look_pause);
    ASSERT_GE(patient.thought.size(), 1u) << bytes;
    EXPECT_GE(patient.thought[0], 10s);
    patient.server.cancel();
    patient.world.run_for(limits::linger_time_max);
  }
}

TEST(Server, LetsAHandlerThatIsQuickAnswerACallerWhoHasEndedItsSide) {
  Patient patient;
  patient.world.spawn(patient.connect("GET / HTTP/1.1\r\nHost: h\r\n\r\n"));
  patient.world.run_for(Instant{0});
  patient.wire->abort();
  patient.world.run_for(5s);
  ASSERT_EQ(patient.thought.size(), 1u);
  EXPECT_GE(patient.thought[0], limits::caller_look_pause) << "as long as a quick one takes";
  EXPECT_LE(patient.thought[0], 3 * limits::caller_look_pause);
  patient.server.stop();
  patient.world.run_for(limits::linger_time_max);
}

TEST(Server, EndsAtOnceWhenItIsCancelled) {
  Ward ward;
  ward.thinking = 1h;
  Client client(ward.world.net, ward.world.clock);
  std::optional<Result<Answer>> answer;
  ward.world.spawn(ward.call(client, answer));
  ward.world.run_for(1s);

  ward.server.cancel();
  ward.world.run_for(limits::linger_time_max);

  EXPECT_TRUE(ward.ended);
  ASSERT_TRUE(answer);
}

}  // namespace
}  // namespace vardbron::http
