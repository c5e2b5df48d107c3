#include "tests/play/played_receiver.h"

#include "gateway/net/tcp.h"

#include <algorithm>
#include <charconv>

namespace vardbron::play {

namespace {

// The numbers are taken from the text: the receiver shares the machine with the gateway, and a parser would be measured too.
std::vector<std::pair<std::int64_t, std::string>> events_in(const std::string& body) {
  static const std::string number_mark = "\"event-number\",\"valueString\":\"", time_mark = "\"valueInstant\":\"";
  std::vector<std::pair<std::int64_t, std::string>> events;
  for (std::size_t at = body.find(number_mark); at != std::string::npos; at = body.find(number_mark, at)) {
    at += number_mark.size();
    std::int64_t number = 0;
    std::from_chars(body.data() + at, body.data() + body.size(), number);
    const std::size_t time = body.find(time_mark, at);
    events.emplace_back(number, time == std::string::npos ? "" : body.substr(time + time_mark.size(), 24));
  }
  return events;
}

// Milliseconds within the day are enough: nothing here waits a day.
std::int64_t ms_of_day(const std::string& instant) {
  if (instant.size() < 23) return 0;
  auto part = [&](std::size_t from, std::size_t count) { return std::stoll(instant.substr(from, count)); };
  return ((part(11, 2) * 60 + part(14, 2)) * 60 + part(17, 2)) * 1000 + part(20, 3);
}

}  // namespace

struct PlayedReceiver::State {
  explicit State(Clock& with) : clock(with) {}

  http::Response take(const http::Request& request);

  Clock& clock;
  std::unique_ptr<net::Listener> listener;
  std::unique_ptr<http::Server> server;
  mutable std::mutex guard;
  std::vector<SeenEvent> seen;
  std::vector<SeenNotification> notifications;
  std::int64_t highest = 0;
  bool greeted = false;
  std::function<unsigned()> status;
  std::future<void> served;  // ready when the server has ended
};

http::Response PlayedReceiver::State::take(const http::Request& request) {
  const std::string& body = request.body;
  std::lock_guard lock(guard);
  SeenNotification notification{std::string(http::find(request.fields, "Idempotency-Key")), {}};
  for (const auto& [number, instant] : events_in(body)) notification.numbers.push_back(number);
  if (!notification.numbers.empty()) notifications.push_back(std::move(notification));
  http::Response response;
  response.status = status ? status() : 200;
  if (response.status >= 300) return response;
  if (body.find("\"handshake\"") != std::string::npos) greeted = true;
  constexpr std::int64_t day_ms = 86'400'000;
  const std::int64_t now = clock.wall().time_since_epoch().count() % day_ms;
  for (const auto& [number, instant] : events_in(body)) {
    seen.push_back({number, (now - ms_of_day(instant) + day_ms) % day_ms});
    highest = std::max(highest, number);
  }
  return response;
}

namespace {
Task<http::Response> answer_at_once(http::Response response) { co_return response; }
}  // namespace

PlayedReceiver::PlayedReceiver(LoopThread& loop, Clock& clock) : loop_(loop), state_(std::make_shared<State>(clock)) {
  Result<std::unique_ptr<net::Listener>> listener = net::listen_tcp(loop.executor(), {});
  CHECK(listener);
  state_->listener = std::move(*listener);
  http::Handler handler = [state = state_.get()](http::Request request) { return answer_at_once(state->take(request)); };
  state_->server = std::make_unique<http::Server>(*state_->listener, std::move(handler), clock);
  state_->served = loop.start(state_->server->run());
}

PlayedReceiver::~PlayedReceiver() {
  loop_.post([server = state_->server.get()] {
    server->stop();
    server->cancel();
  });
  state_->served.wait();
}

std::string PlayedReceiver::endpoint() const { return "http://127.0.0.1:" + std::to_string(state_->listener->port()) + "/hook"; }

std::vector<SeenEvent> PlayedReceiver::seen() const {
  std::lock_guard lock(state_->guard);
  return state_->seen;
}

std::vector<SeenNotification> PlayedReceiver::notifications() const {
  std::lock_guard lock(state_->guard);
  return state_->notifications;
}

std::int64_t PlayedReceiver::highest() const {
  std::lock_guard lock(state_->guard);
  return state_->highest;
}

std::size_t PlayedReceiver::count() const {
  std::lock_guard lock(state_->guard);
  return state_->seen.size();
}

bool PlayedReceiver::was_greeted() const {
  std::lock_guard lock(state_->guard);
  return state_->greeted;
}

void PlayedReceiver::forget() {
  std::lock_guard lock(state_->guard);
  state_->seen.clear();
  state_->notifications.clear();
  state_->highest = 0;
}

void PlayedReceiver::answer_with(std::function<unsigned()> status) {
  std::lock_guard lock(state_->guard);
  state_->status = std::move(status);
}

}  // namespace vardbron::play
