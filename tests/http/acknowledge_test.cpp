#include "gateway/http/server.h"
#include "tests/sim/sim_world.h"

#include <gtest/gtest.h>

#include <utility>

namespace vardbron::http {
namespace {

using namespace std::chrono_literals;

// Counts what its connection wants to be acknowledged at once.
class CountingStream final : public net::ByteStream {
 public:
  CountingStream(net::StreamPtr inner, int& acknowledged) : inner_(std::move(inner)), acknowledged_(acknowledged) {}
  Task<Result<std::size_t>> read_some(std::span<char> into, Deadline until) override { return inner_->read_some(into, until); }
  Task<Result<void>> write_all(std::string_view bytes, Deadline until) override { return inner_->write_all(bytes, until); }
  void acknowledge() override { ++acknowledged_; }
  Task<void> close(Deadline until) override { return inner_->close(until); }
  void abort() override { inner_->abort(); }
  std::string peer() const override { return inner_->peer(); }

 private:
  net::StreamPtr inner_;
  int& acknowledged_;
};

// A caller whose kernel holds the second piece of a message back until the first is acknowledged (Nagle) waited 40 ms for our
// answer.
TEST(Connection, AcknowledgesTheBeginningOfAMessageWhenItWaitsForTheRest) {
  sim::SimWorld world;
  auto [ours, theirs] = world.net.connect();
  int acknowledged = 0;
  bool stopping = false;
  Serving serving{[](Request) -> Task<Response> { co_return Response(); }};
  world.spawn(
      serve_connection(std::make_unique<CountingStream>(std::move(theirs), acknowledged), serving, world.clock, stopping));
  const auto say = [&](std::string_view bytes) {
    EXPECT_TRUE(world.complete(ours->write_all(bytes, world.clock.in(1s))));
    world.run_for(Instant{0});
    return std::exchange(acknowledged, 0);
  };

  EXPECT_EQ(say("GET / HTTP/1.1\r\nHost: h\r\n\r\n"), 0);
  EXPECT_EQ(say("POST / HT"), 1) << "the rest of the head is waited for";
  EXPECT_EQ(say("TP/1.1\r\nHost: h\r\nContent-Length: 5\r\n\r\n"), 1) << "the body is waited for";
  EXPECT_EQ(say("hel"), 1);
  EXPECT_EQ(say("lo"), 0) << "the answer acknowledges it";

  ours->abort();
  world.run_for(1s);
}

}  // namespace
}  // namespace vardbron::http
