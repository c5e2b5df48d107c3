// Concern: a notification answered with 2xx is not sent again, nor is its receiver marked as failing, whatever else the answer
// contains.
#include "gateway/base/limits.h"
#include "gateway/http/request_reader.h"
#include "tests/subscription/stage.h"

#include <gtest/gtest.h>

#include <array>

namespace vardbron::subscription {
namespace {

using namespace std::chrono_literals;

// Understands what it is sent, and answers each with the same bytes.
class RawReceiver {
 public:
  RawReceiver(sim::SimWorld& world, const std::string& host, std::string answer)
      : world_(world), listener_(world.net.listen(host, 443)), answer_(std::move(answer)) {
    world_.spawn(accept());
  }
  RawReceiver(const RawReceiver&) = delete;
  RawReceiver& operator=(const RawReceiver&) = delete;
  /// The task that waits for callers ends while there still is a listener.
  ~RawReceiver() {
    listener_->stop();
    world_.run_for(1ms);
  }

  std::vector<std::int64_t> numbers() const { return numbers_; }

 private:
  Task<void> accept() {
    for (;;) {
      Result<net::StreamPtr> caller = co_await listener_->accept();
      if (!caller) co_return;
      world_.spawn(serve(*std::move(caller)));
    }
  }
  Task<void> serve(net::StreamPtr stream) {
    constexpr Deadline never{Instant::max()};
    std::array<char, 4096> room{};
    std::string waiting;
    for (;;) {
      http::RequestReader reader;
      while (!reader.is_whole()) {
        std::size_t used = reader.read(waiting);
        waiting.erase(0, used);
        if (used > 0) continue;
        Result<std::size_t> got = co_await stream->read_some(room, never);
        if (!got || *got == 0) co_return;
        waiting.append(room.data(), *got);
      }
      Received received = understand(reader.request());
      numbers_.insert(numbers_.end(), received.numbers.begin(), received.numbers.end());
      Result<void> sent = co_await stream->write_all(answer_, never);
      if (!sent) co_return;
    }
  }

  sim::SimWorld& world_;
  std::unique_ptr<net::Listener> listener_;
  std::string answer_;
  std::vector<std::int64_t> numbers_;
};

std::string repeated(const std::string& text, std::size_t times) {
  std::string all;
  for (std::size_t at = 0; at < times; ++at) all += text;
  return all;
}

struct Case {
  const char* concern;
  std::string answer;
};

std::vector<Case> accepting_answers() {
  const std::string ok = "HTTP/1.1 200 OK\r\n";
  const std::string chunked = ok + "Transfer-Encoding: chunked\r\n\r\n";
  return {
      {"a body over the limit", ok + "Content-Length: 70000\r\n\r\n" + std::string(70'000, 'x')},
      {"chunks over the limit", chunked + "11170\r\n" + std::string(70'000, 'x') + "\r\n0\r\n\r\n"},
      {"trailers", chunked + "2\r\nok\r\n0\r\nX-Checksum: 1\r\nServer-Timing: a\r\n\r\n"},
      {"many trailers", chunked + "2\r\nok\r\n0\r\n" + repeated("X-Of-Many: y\r\n", 2000) + "\r\n"},
      {"more fields than the limit",
       ok + repeated("X-Of-Many: y\r\n", limits::header_fields_max + 1) + "Content-Length: 2\r\n\r\nok"},
      {"a large head", ok + "X: " + std::string(2 * limits::header_bytes_max, 'y') + "\r\nContent-Length: 2\r\n\r\nok"},
      {"several interim answers", repeated("HTTP/1.1 102 Processing\r\n\r\n", 20) + ok + "Content-Length: 2\r\n\r\nok"},
      {"two lengths", ok + "Content-Length: 2\r\nContent-Length: 2\r\n\r\nok"},
      {"bytes behind the answer", ok + "Content-Length: 2\r\n\r\nokHTTP/1.1 500 No\r\n\r\n"},
      {"no reason, and not the blank before it", "HTTP/1.1 202\r\nContent-Length: 0\r\n\r\n"},
  };
}

TEST(Deliverer, TellsNobodyTwiceWhoAcceptedInAnAnswerThatItDoesNotLike) {
  for (const Case& one : accepting_answers()) {
    Stage stage;
    RawReceiver receiver(stage.world, "a.example", one.answer);
    std::string id = stage.subscribe(nacka, to("a.example"));
    for (int at = 0; at < 3; ++at) {
      stage.happen({nacka}, "admission", "e" + std::to_string(at));
      stage.run_for(1s);
    }

    stage.run_for(1h);

    EXPECT_EQ(receiver.numbers(), up_to(3)) << one.concern;
    EXPECT_EQ(stage.state(id).status, "active") << one.concern;
    EXPECT_EQ(stage.state(id).delivered, 3) << one.concern;
  }
}

}  // namespace
}  // namespace vardbron::subscription
