#include "tests/play/bad_receiver.h"

#include "gateway/base/check.h"
#include "gateway/base/scope.h"
#include "gateway/net/tcp.h"

#include <array>
#include <charconv>
#include <optional>

namespace vardbron::play {

struct BadReceiver::State {
  State(Clock& with, Behaviour behaves) : clock(with), behaviour(behaves) {}
  Clock& clock;
  Behaviour behaviour;
  std::unique_ptr<net::Listener> listener;
  std::atomic<std::size_t> calls = 0;
  std::atomic<bool> stopping = false;
  std::future<void> served;
};

namespace {

constexpr std::chrono::seconds patience{40};

/// The next request's body; nothing when the caller is gone.
Task<std::optional<std::string>> read_request(net::ByteStream& stream, std::string& waiting, Clock& clock) {
  std::array<char, 8192> room{};
  for (;;) {
    const std::size_t head = waiting.find("\r\n\r\n");
    if (head != std::string::npos) {
      const std::size_t field = waiting.find("Content-Length: ");
      std::size_t length = 0;
      if (field < head) std::from_chars(waiting.data() + field + 16, waiting.data() + head, length);
      if (waiting.size() >= head + 4 + length) {
        std::string body = waiting.substr(head + 4, length);
        waiting.erase(0, head + 4 + length);
        co_return body;
      }
    }
    Result<std::size_t> got = co_await stream.read_some(room, clock.in(patience));
    if (!got || *got == 0) co_return std::nullopt;
    waiting.append(room.data(), *got);
  }
}

Task<void> drip(net::ByteStream& stream, Clock& clock, const std::atomic<bool>& stopping) {
  const std::string answer = "HTTP/1.1 200 OK\r\nX-Slow: " + std::string(1000, 'x') + "\r\nContent-Length: 0\r\n\r\n";
  for (std::size_t at = 0; at < answer.size() && !stopping; ++at) {
    Result<void> sent = co_await stream.write_all(std::string_view(answer).substr(at, 1), clock.in(patience));
    if (!sent) co_return;
    co_await clock.sleep_until(clock.now() + std::chrono::seconds(1));
  }
}

struct Serving {
  Clock& clock;
  Behaviour behaviour;
  std::atomic<std::size_t>& calls;
  const std::atomic<bool>& stopping;
};

Task<void> serve(net::StreamPtr stream, Serving serving) {
  constexpr std::string_view good = "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n";
  constexpr std::string_view garbage = "HTTP/9.9 ok\x01\x02\r\n<html>\xff\r\nContent-Length: -7\r\n\r\n";
  std::string waiting;
  while (!serving.stopping) {
    std::optional<std::string> body = co_await read_request(*stream, waiting, serving.clock);
    if (!body) co_return;
    ++serving.calls;
    const bool is_greeting = body->find("\"handshake\"") != std::string::npos;
    const Deadline until = serving.clock.in(patience);
    if (is_greeting || serving.behaviour == Behaviour::AnswersGarbage) {
      std::string_view answer = garbage;
      if (is_greeting) answer = good;
      Result<void> sent = co_await stream->write_all(answer, until);
      if (!sent) co_return;
    } else if (serving.behaviour == Behaviour::HangsUp) {
      co_return;
    } else if (serving.behaviour == Behaviour::AnswersAByteASecond) {
      co_await drip(*stream, serving.clock, serving.stopping);
      co_return;
    }
  }
}

Task<void> accept_all(net::Listener& listener, Serving serving) {
  auto executor = co_await asio::this_coro::executor;
  Scope scope(executor);
  for (;;) {
    Result<net::StreamPtr> stream = co_await listener.accept();
    if (!stream) break;
    scope.spawn(serve(*std::move(stream), serving));
  }
  scope.cancel();
  co_await scope.join();
}

}  // namespace

BadReceiver::BadReceiver(LoopThread& loop, Clock& clock, Behaviour behaviour)
    : loop_(loop), state_(std::make_shared<State>(clock, behaviour)) {
  Result<std::unique_ptr<net::Listener>> listener = net::listen_tcp(loop.executor(), {});
  CHECK(listener);
  state_->listener = std::move(*listener);
  Serving serving{state_->clock, state_->behaviour, state_->calls, state_->stopping};
  state_->served = loop.start(accept_all(*state_->listener, serving));
}

BadReceiver::~BadReceiver() {
  state_->stopping = true;
  loop_.post([state = state_] { state->listener->stop(); });
  state_->served.wait();
}

std::string BadReceiver::endpoint() const { return "http://127.0.0.1:" + std::to_string(state_->listener->port()) + "/hook"; }

std::size_t BadReceiver::calls() const { return state_->calls; }

}  // namespace vardbron::play
