#include "tests/play/play.h"

#include "gateway/base/scope.h"

#include <boost/asio/this_coro.hpp>

#include <array>
#include <charconv>

namespace vardbron::play {

namespace {

struct Subscriber {
  const char* hsa_id;
  const char* token;
};
constexpr std::array<Subscriber, 3> subscribers{{{"SE2120990011-HSV1", "played-home-care-token"},
                                                 {"SE2120990011-SOC1", "played-social-service-token"},
                                                 {"SE2321990018-VC07", "played-health-centre-token"}}};

std::vector<Player> players() {
  std::vector<Player> all{
      {"SE2321990018-MED5", hospital_token, {"send"}, {"SE2321990018-*", "SE2120990011-*", "urn:oid:1.2.208.176.1.1|*"}},
      {"SE2321990018-DRIFT", operator_token, {"operate"}}};
  for (const Subscriber& each : subscribers) all.push_back({each.hsa_id, each.token, {"receive"}});
  return all;
}

Task<Result<http::Response>> one_call(PlayedCaller& caller, std::string method, std::string target, std::string body) {
  std::string type = body.starts_with("<") ? "application/xml" : body.empty() ? "" : "application/fhir+json";
  co_return co_await caller.call(std::move(method), std::move(target), std::move(type), std::move(body));
}

std::string between(const std::string& text, const std::string& before, const std::string& after) {
  const std::size_t from = text.find(before);
  if (from == std::string::npos) return {};
  const std::size_t start = from + before.size();
  return text.substr(start, text.find(after, start) - start);
}

}  // namespace

std::string subscriber_token(std::size_t number) { return subscribers.at(number).token; }

Play::Play(const std::filesystem::path& program, const std::filesystem::path& folder, std::size_t subscribers_wanted)
    : gateway_(program, folder, players()) {
  for (std::size_t i = 0; i < subscribers_wanted; ++i)
    receivers_.push_back(std::make_unique<PlayedReceiver>(receiver_loop_, clock_));
}

bool Play::subscribe(const std::string& content) {
  for (std::size_t i = 0; i < receivers_.size(); ++i) {
    PlayedCaller caller(gateway_.port(), subscribers[i].token, clock_);
    std::string body = subscription_to(receivers_[i]->endpoint(), content);
    Result<http::Response> answer = hospital_loop_.run(one_call(caller, "POST", "/fhir/Subscription", std::move(body)));
    if (!answer || answer->status != 201) return false;
    subscriptions_.push_back(between(answer->body, "\"id\":\"", "\""));
    for (int waits = 0; waits < 5000 && !receivers_[i]->was_greeted(); ++waits)
      std::this_thread::sleep_for(std::chrono::milliseconds(1));
    if (!receivers_[i]->was_greeted()) return false;
  }
  return true;
}

Task<> Play::send_some(std::size_t sender, const std::atomic<bool>& stop, Instant pause, std::vector<Acknowledged>& into) {
  PlayedCaller caller(gateway_.port(), hospital_token, clock_);
  const Instant first = clock_.now() + pause * static_cast<std::int64_t>(sender) / 8;
  for (std::int64_t round = 0; !stop; ++round) {
    if (pause.count() > 0) co_await clock_.sleep_until(first + pause * round);
    std::string message = "M-" + std::to_string(next_++);
    std::string body = cosmic_notice({"admission", message, "A-" + message});
    const Instant began = clock_.now();
    Result<http::Response> answer = co_await one_call(caller, "POST", "/intake/cosmic", std::move(body));
    if (!answer || answer->status != 200) co_return;
    const double seconds = std::chrono::duration<double>(clock_.now() - began).count();
    into.push_back({std::move(message), std::move(answer->body), seconds});
  }
}

namespace {

using Sending = std::vector<std::vector<Acknowledged>>;

Task<> all_of(std::vector<Task<>> tasks) {
  auto executor = co_await asio::this_coro::executor;
  Scope scope(executor);
  for (Task<>& each : tasks) scope.spawn(std::move(each));
  co_await scope.join();
}

}  // namespace

std::vector<Acknowledged> Play::send(std::size_t senders, const std::atomic<bool>& stop, Instant pause) {
  Sending each(senders);
  std::vector<Task<>> tasks;
  for (std::size_t i = 0; i < senders; ++i) tasks.push_back(send_some(i, stop, pause, each[i]));
  hospital_loop_.run(all_of(std::move(tasks)));
  std::vector<Acknowledged> all;
  for (std::vector<Acknowledged>& some : each) all.insert(all.end(), some.begin(), some.end());
  return all;
}

std::string Play::send_again(const std::string& message) {
  PlayedCaller caller(gateway_.port(), hospital_token, clock_);
  std::string body = cosmic_notice({"admission", message, "A-" + message});
  Result<http::Response> answer = hospital_loop_.run(one_call(caller, "POST", "/intake/cosmic", std::move(body)));
  return answer && answer->status == 200 ? answer->body : "";
}

std::vector<std::int64_t> Play::counted() {
  std::vector<std::int64_t> counts;
  for (std::size_t i = 0; i < subscriptions_.size(); ++i) {
    PlayedCaller caller(gateway_.port(), subscribers[i].token, clock_);
    std::string target = "/fhir/Subscription/" + subscriptions_[i] + "/$status";
    Result<http::Response> answer = hospital_loop_.run(one_call(caller, "GET", std::move(target), ""));
    std::int64_t count = -1;
    if (answer && answer->status == 200) {
      const std::string text = between(answer->body, "\"events-since-subscription-start\",\"valueString\":\"", "\"");
      std::from_chars(text.data(), text.data() + text.size(), count);
    }
    counts.push_back(count);
  }
  return counts;
}

bool Play::wait_for_delivery(std::chrono::seconds most) {
  const Deadline until = clock_.in(most);
  const std::vector<std::int64_t> counts = counted();
  for (std::size_t i = 0; i < counts.size(); ++i) {
    while (receivers_[i]->highest() < counts[i]) {
      if (clock_.passed(until)) return false;
      std::this_thread::sleep_for(std::chrono::milliseconds(5));
    }
  }
  return true;
}

}  // namespace vardbron::play
