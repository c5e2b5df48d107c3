#include "tests/play/bad_receiver.h"
#include "tests/play/play.h"
#include "tests/play/raw_caller.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <list>
#include <memory>
#include <set>
#include <string>
#include <thread>
#include <vector>

// Concern: under load, with bad subscribers and strangers, nothing grows without bound, nothing is lost, and every event number
// is notified exactly once.
namespace vardbron::play {
namespace {

using Steady = std::chrono::steady_clock;

std::chrono::seconds wanted_time() {
  const char* given = std::getenv("VARDBRON_SOAK_SECONDS");
  return std::chrono::seconds(given != nullptr ? std::atol(given) : 20);
}

double percentile(std::vector<double> values, double part) {
  if (values.empty()) return 0;
  std::sort(values.begin(), values.end());
  return values[static_cast<std::size_t>(part * static_cast<double>(values.size() - 1))];
}

std::uintmax_t size_of(const std::filesystem::path& file) {
  std::error_code none;
  const std::uintmax_t size = std::filesystem::file_size(file, none);
  return none ? 0 : size;
}

/// What the gateway takes of its machine.
struct Taken {
  std::int64_t resident_kib = 0;
  std::size_t descriptors = 0;
  std::uintmax_t log_bytes = 0, database_bytes = 0;
};

Taken taken_by(const GatewayProcess& gateway) {
  const std::filesystem::path store = gateway.folder() / "data" / "vardbron.db";
  return {gateway.resident_kib(), gateway.open_descriptors(), size_of(store.string() + "-wal"), size_of(store)};
}

/// People at the door who have no business there: connections that say nothing or never finish, and calls without a token.
void be_strangers(std::uint16_t port, const std::atomic<bool>& stop) {
  std::list<RawCaller> slow;
  for (int round = 0; !stop; ++round) {
    if (slow.size() < 150) slow.emplace_back(port, "127.0.0.66");
    if (round % 20 == 0) slow.remove_if([](RawCaller& each) { return !each.is_connected() || each.is_hung_up_on(0); });
    int number = 0;
    for (RawCaller& each : slow) {
      if (++number % 2 == 0) each.say(round == 0 ? "GET /fhir/Task HTTP/1.1\r\n" : "X");
    }
    RawCaller nobody(port, "127.0.0.67");
    nobody.say("GET /fhir/Patient HTTP/1.1\r\nHost: l\r\nAuthorization: Bearer made-up-token-of-nobody-" + std::to_string(round) +
               "\r\n\r\n");
    EXPECT_NE(nobody.hear("\r\n", 5000).find(" 401"), std::string::npos);
    std::this_thread::sleep_for(std::chrono::milliseconds(25));
  }
}

/// One who asks for health and for what it may see, and how long that takes.
void keep_asking(Play& play, const std::string& target, const std::atomic<bool>& stop, std::vector<double>& seconds) {
  LoopThread loop;
  PlayedCaller caller(play.gateway().port(), operator_token, play.clock());
  while (!stop) {
    const auto began = Steady::now();
    Result<http::Response> answer = loop.run(caller.call("GET", target, "", ""));
    seconds.push_back(std::chrono::duration<double>(Steady::now() - began).count());
    EXPECT_TRUE(answer && answer->status < 500) << target;
    std::this_thread::sleep_for(std::chrono::milliseconds(100));
  }
}

void subscribe(Play& play, const std::string& endpoint) {
  LoopThread loop;
  PlayedCaller caller(play.gateway().port(), subscriber_token(0), play.clock());
  Result<http::Response> answer =
      loop.run(caller.call("POST", "/fhir/Subscription", "application/fhir+json", subscription_to(endpoint, "id-only")));
  ASSERT_TRUE(answer && answer->status == 201) << endpoint << (answer ? answer->body : "");
}

void expect_no_gap(const PlayedReceiver& receiver, std::int64_t counted) {
  std::set<std::int64_t> numbers;
  for (const SeenEvent& event : receiver.seen()) numbers.insert(event.number);
  EXPECT_EQ(static_cast<std::int64_t>(numbers.size()), counted);
  EXPECT_TRUE(numbers.empty() || (*numbers.begin() == 1 && *numbers.rbegin() == counted));
}

/// All concurrent activities, until stopped.
struct Happenings {
  explicit Happenings(Play& with)
      : play(with),
        sending([this] { acknowledged = play.send(2, stop, std::chrono::milliseconds(60)); }),
        strangers([this] { be_strangers(play.gateway().port(), stop); }),
        health([this] { keep_asking(play, "/health", stop, health_seconds); }),
        reading([this] { keep_asking(play, "/fhir/Encounter?_count=20", stop, reading_seconds); }) {}
  void end() {
    stop = true;
    for (std::thread* each : {&sending, &strangers, &health, &reading}) each->join();
  }

  Play& play;
  std::atomic<bool> stop = false;
  std::vector<Acknowledged> acknowledged;
  std::vector<double> health_seconds, reading_seconds;
  std::thread sending, strangers, health, reading;
};

void watch(const GatewayProcess& gateway, std::vector<Taken>& line) {
  const auto began = Steady::now();
  const std::chrono::milliseconds step = std::max<std::chrono::milliseconds>(wanted_time() / 10, std::chrono::seconds(1));
  while (Steady::now() - began < wanted_time()) {
    std::this_thread::sleep_for(step);
    line.push_back(taken_by(gateway));
    const Taken& now = line.back();
    std::printf("soak: %5.0f s  %7lld KiB resident  %6llu KiB log  %7llu KiB database  %4zu descriptors\n",
                std::chrono::duration<double>(Steady::now() - began).count(), static_cast<long long>(now.resident_kib),
                static_cast<unsigned long long>(now.log_bytes >> 10), static_cast<unsigned long long>(now.database_bytes >> 10),
                now.descriptors);
  }
}

// What every bound is about has settled after a third of the time.
void expect_bounds(const std::vector<Taken>& line) {
  ASSERT_GE(line.size(), 3u);
  const Taken& early = line[line.size() / 3];
  for (const Taken& each : line) {
    EXPECT_LE(each.log_bytes, 64u << 20);
    EXPECT_LE(each.descriptors, early.descriptors + 150) << "descriptors grow";
    EXPECT_LE(each.resident_kib, 500 << 10) << "memory grows";
  }
}

TEST(Soak, GrowsInNothingLosesNothingAndKeepsNobodyWaiting) {
  open_many_descriptors();
  const std::filesystem::path folder = std::filesystem::temp_directory_path() / ("vardbron-soak-" + std::to_string(getpid()));
  {
    Play play(VARDBRON_BINARY_DIR "/bin/vardbron", folder, 2);
    ASSERT_TRUE(play.gateway().start());
    ASSERT_TRUE(play.subscribe());
    std::list<BadReceiver> bad;
    for (Behaviour each :
         {Behaviour::AnswersGarbage, Behaviour::HangsUp, Behaviour::AnswersAByteASecond, Behaviour::NeverAnswers})
      subscribe(play, bad.emplace_back(play.receiver_loop(), play.clock(), each).endpoint());
    subscribe(play, "http://127.0.0.1:" + std::to_string(free_port()) + "/nobody-listens");
    const std::size_t descriptors_before = play.gateway().open_descriptors();

    Happenings happenings(play);
    std::vector<Taken> line;
    watch(play.gateway(), line);
    happenings.end();

    EXPECT_GT(happenings.acknowledged.size(), 20u);
    ASSERT_TRUE(play.wait_for_delivery(std::chrono::seconds(30))) << "good subscribers wait for bad ones";
    const std::vector<std::int64_t> counted = play.counted();
    for (std::size_t at = 0; at < counted.size(); ++at) expect_no_gap(*play.receivers()[at], counted[at]);
    expect_bounds(line);
    std::size_t left = play.gateway().open_descriptors();
    for (int waits = 0; waits < 300 && left > descriptors_before + 40; ++waits, left = play.gateway().open_descriptors())
      std::this_thread::sleep_for(std::chrono::milliseconds(100));
    EXPECT_LE(left, descriptors_before + 40) << "what strangers opened is not closed";
    for (std::size_t at = 0; at < happenings.acknowledged.size(); at += 1 + happenings.acknowledged.size() / 100) {
      const Acknowledged& each = happenings.acknowledged[at];
      EXPECT_EQ(play.send_again(each.message), each.receipt) << each.message;
    }
    for (const BadReceiver& each : bad) EXPECT_GE(each.calls(), 2u) << "a bad subscriber was never called";
    std::vector<double> notices;
    for (const Acknowledged& each : happenings.acknowledged) notices.push_back(each.seconds);
    std::printf("soak: %zu notices, p50 %.1f ms, p99 %.1f ms; health p50 %.1f ms, p99 %.1f ms; reads p50 %.1f ms, p99 %.1f ms\n",
                notices.size(), 1e3 * percentile(notices, 0.5), 1e3 * percentile(notices, 0.99),
                1e3 * percentile(happenings.health_seconds, 0.5), 1e3 * percentile(happenings.health_seconds, 0.99),
                1e3 * percentile(happenings.reading_seconds, 0.5), 1e3 * percentile(happenings.reading_seconds, 0.99));
    EXPECT_TRUE(play.gateway().terminate());
  }
  std::filesystem::remove_all(folder);
}

}  // namespace
}  // namespace vardbron::play
