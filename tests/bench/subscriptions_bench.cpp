// What many equal subscriptions of one organisation cost: making one more, intake while their deliveries wait for a receiver that
// is down, memory, and how soon the gateway is there again. And how soon receivers that were down have caught up, and how late
// new notices are meanwhile for one that was not.
//
//   bench_subscriptions [SECONDS [SUBSCRIPTIONS [PROGRAM]]]     1,000 and 5,000 subscriptions by itself; 0: only the catching up

#include "tests/play/play.h"

#include <unistd.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <thread>
#include <vector>

namespace vardbron::play {
namespace {

struct Wanted {
  double seconds = 5;
  std::filesystem::path program = VARDBRON_BINARY_DIR "/bin/vardbron";
  std::filesystem::path folder = std::filesystem::temp_directory_path() / ("vardbron-bench-" + std::to_string(getpid()));
};

constexpr std::size_t timed = 200;  // the last ones that are made

Task<bool> make(Play& play, std::string endpoint, std::size_t count, std::vector<double>& took) {
  PlayedCaller caller(play.gateway().port(), subscriber_token(0), play.clock());
  for (std::size_t made = 0; made < count; ++made) {
    const Instant began = play.clock().now();
    std::string type = "application/fhir+json", body = subscription_to(endpoint, "id-only");
    Result<http::Response> answer = co_await caller.call("POST", "/fhir/Subscription", std::move(type), std::move(body));
    if (!answer || answer->status != 201) co_return false;
    if (made + timed >= count) took.push_back(std::chrono::duration<double, std::milli>(play.clock().now() - began).count());
  }
  co_return true;
}

double megabytes(std::int64_t kib) { return static_cast<double>(kib) / 1024; }

bool measure(std::size_t subscriptions, const Wanted& wanted) {
  std::filesystem::remove_all(wanted.folder);
  Play play(wanted.program, wanted.folder, 1);
  std::vector<double> took;
  PlayedReceiver& receiver = *play.receivers().front();
  const bool ready = play.gateway().start() && play.hospital_loop().run(make(play, receiver.endpoint(), subscriptions, took));
  if (!ready) {
    std::fprintf(stderr, "The subscriptions were not made; see %s/gateway.log\n", wanted.folder.c_str());
    return false;
  }
  std::this_thread::sleep_for(std::chrono::seconds(2));  // the last handshakes
  receiver.answer_with([] { return 503u; });
  const std::int64_t idle_kib = play.gateway().resident_kib();
  std::atomic<bool> stop = false;
  std::thread timer([&] {
    std::this_thread::sleep_for(std::chrono::duration<double>(wanted.seconds));
    stop = true;
  });
  const Instant began = play.clock().now();
  const std::vector<Acknowledged> acknowledged = play.send(8, stop);
  const double seconds = std::chrono::duration<double>(play.clock().now() - began).count();
  timer.join();
  std::vector<double> waits;
  for (const Acknowledged& each : acknowledged) waits.push_back(each.seconds * 1000);
  std::sort(waits.begin(), waits.end());
  std::sort(took.begin(), took.end());
  const std::int64_t after_kib = play.gateway().resident_kib();
  play.gateway().terminate();
  const bool started = play.gateway().start();
  std::printf("%8zu %12.2f %12.0f %10.2f %12.1f %12.1f %10.0f\n", subscriptions, took.empty() ? 0 : took[took.size() / 2],
              static_cast<double>(acknowledged.size()) / seconds, waits.empty() ? 0 : waits[waits.size() * 99 / 100],
              megabytes(idle_kib), megabytes(after_kib), play.gateway().start_ms());
  std::fflush(stdout);
  play.gateway().terminate();
  std::filesystem::remove_all(wanted.folder);
  return started;
}

std::vector<Acknowledged> send_for(Play& play, double seconds, Instant pause) {
  std::atomic<bool> stop = false;
  std::thread timer([&] {
    std::this_thread::sleep_for(std::chrono::duration<double>(seconds));
    stop = true;
  });
  std::vector<Acknowledged> acknowledged = play.send(8, stop, pause);
  timer.join();
  return acknowledged;
}

// Two of three receivers are down while notices come as fast as they are taken. Then they are up, and 100 notices/s come.
bool catch_up(const Wanted& wanted) {
  std::filesystem::remove_all(wanted.folder);
  Play play(wanted.program, wanted.folder, 3);
  if (!play.gateway().start() || !play.subscribe()) return false;
  PlayedReceiver &down = *play.receivers()[0], &also_down = *play.receivers()[1], &up = *play.receivers()[2];
  down.answer_with([] { return 503u; });
  also_down.answer_with([] { return 503u; });
  (void)send_for(play, wanted.seconds, Instant(0));
  const std::vector<std::int64_t> backlog = play.counted();
  while (up.highest() < backlog[2]) std::this_thread::sleep_for(std::chrono::milliseconds(5));
  const std::size_t seen_before = up.seen().size();
  down.answer_with(nullptr);
  also_down.answer_with(nullptr);
  // Each loop tries again when its pause is over: what counts is the time in which its backlog goes.
  std::array<double, 2> took{};
  std::vector<std::thread> watches;
  for (std::size_t at = 0; at < took.size(); ++at) {
    watches.emplace_back([&, at] {
      PlayedReceiver& late = *play.receivers()[at];
      const Deadline until = play.clock().in(std::chrono::minutes(10));
      while (late.highest() == 0 && !play.clock().passed(until)) std::this_thread::sleep_for(std::chrono::milliseconds(1));
      const Instant began = play.clock().now();
      while (late.highest() < backlog[at] && !play.clock().passed(until))
        std::this_thread::sleep_for(std::chrono::milliseconds(1));
      took[at] = std::chrono::duration<double>(play.clock().now() - began).count();
    });
  }
  (void)send_for(play, 5, std::chrono::milliseconds(80));
  for (std::thread& watch : watches) watch.join();
  const bool delivered = play.wait_for_delivery(std::chrono::seconds(60));
  std::vector<double> lags;
  const std::vector<SeenEvent> seen = up.seen();
  for (std::size_t at = seen_before; at < seen.size(); ++at) lags.push_back(static_cast<double>(seen[at].lag_ms));
  std::sort(lags.begin(), lags.end());
  for (std::size_t at = 0; at < took.size(); ++at)
    std::printf("caught up: %lld events in %.2f s, %.0f/s\n", static_cast<long long>(backlog[at]), took[at],
                static_cast<double>(backlog[at]) / took[at]);
  std::printf("new ones meanwhile at the third: p50 %.0f ms, p99 %.0f ms\n", lags.empty() ? 0 : lags[lags.size() / 2],
              lags.empty() ? 0 : lags[lags.size() * 99 / 100]);
  play.gateway().terminate();
  std::filesystem::remove_all(wanted.folder);
  return delivered;
}

int run(int argc, char** argv) {
  Wanted wanted;
  std::vector<std::size_t> counts = {1'000, 5'000};
  if (argc > 1) wanted.seconds = std::atof(argv[1]);
  if (argc > 2) counts = {static_cast<std::size_t>(std::atoll(argv[2]))};
  if (argc > 3) wanted.program = argv[3];
  std::printf("%8s %12s %12s %10s %12s %12s %10s\n", "there", "make one, ms", "intake/s", "p99 ms", "idle MB", "after MB",
              "start ms");
  bool all = true;
  for (const std::size_t count : counts) all = (count == 0 || measure(count, wanted)) && all;
  all = catch_up(wanted) && all;
  std::printf("make one: the median of the last %zu, over HTTP; intake: 8 senders, all deliveries wait\n", timed);
  return all ? 0 : 1;
}

}  // namespace
}  // namespace vardbron::play

int main(int argc, char** argv) { return vardbron::play::run(argc, argv); }
