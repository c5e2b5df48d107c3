// The figures of the whole gateway, as a hospital and its subscribers see them. Load maker, subscribers and gateway share the
// machine's cores. Every notice is a Cosmic-style export of its own case; a receipt counts once the commit is synced.
//
//   bench_gateway [SECONDS]

#include "tests/play/play.h"

#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <cstdio>
#include <cstdlib>
#include <thread>

namespace vardbron::play {
namespace {

struct Setting {
  const char* name;
  std::size_t senders = 1;
  std::size_t subscribers = 3;
  Instant pause{0};  // between the calls of one sender
};

double percentile(std::vector<double> values, double part) {
  if (values.empty()) return 0;
  std::sort(values.begin(), values.end());
  return values[std::min(values.size() - 1, static_cast<std::size_t>(part * static_cast<double>(values.size())))];
}

std::vector<double> lags_of(Play& play) {
  std::vector<double> lags;
  for (const auto& receiver : play.receivers()) {
    for (const SeenEvent& event : receiver->seen()) lags.push_back(static_cast<double>(event.lag_ms));
  }
  return lags;
}

bool measure(const Setting& setting, const std::filesystem::path& program, const std::filesystem::path& folder, double seconds) {
  std::filesystem::remove_all(folder);
  Play play(program, folder, setting.subscribers);
  if (!play.gateway().start() || !play.subscribe()) {
    std::fprintf(stderr, "The gateway did not start; see %s/gateway.log\n", folder.c_str());
    return false;
  }
  const double start_ms = play.gateway().start_ms();
  const std::int64_t idle_kib = play.gateway().resident_kib();
  const double cpu_before = play.gateway().cpu_seconds();
  std::atomic<bool> stop = false;
  std::thread timer([&] {
    std::this_thread::sleep_for(std::chrono::duration<double>(seconds));
    stop = true;
  });
  const Instant began = play.clock().now();
  std::vector<Acknowledged> acknowledged = play.send(setting.senders, stop, setting.pause);
  const double took = std::chrono::duration<double>(play.clock().now() - began).count();
  timer.join();
  const double cpu = play.gateway().cpu_seconds() - cpu_before;
  const bool delivered = play.wait_for_delivery(std::chrono::seconds(60));
  const double drained = std::chrono::duration<double>(play.clock().now() - began).count();
  std::vector<double> waits;
  for (const Acknowledged& each : acknowledged) waits.push_back(each.seconds * 1000);
  const auto notices = static_cast<double>(acknowledged.size());
  std::printf("%-34s %8.0f %8.2f %8.2f %10.0f %8.1f %8.1f %9.0f\n", setting.name, notices / took, percentile(waits, 0.5),
              percentile(waits, 0.99), static_cast<double>(lags_of(play).size()) / drained, percentile(lags_of(play), 0.5),
              percentile(lags_of(play), 0.99), notices > 0 ? cpu / notices * 1e6 : 0);
  if (setting.senders == 1) {
    std::printf("  start to the first answered request: %.0f ms; resident when idle: %.1f MB; after %.0f notices: %.1f MB\n",
                start_ms, static_cast<double>(idle_kib) / 1024, notices,
                static_cast<double>(play.gateway().resident_kib()) / 1024);
  }
  if (!delivered) std::fprintf(stderr, "Not everything was delivered within a minute.\n");
  play.gateway().terminate();
  std::filesystem::remove_all(folder);
  return delivered;
}

int run(int argc, char** argv) {
  const double seconds = argc > 1 ? std::atof(argv[1]) : 5;
  const std::filesystem::path program = VARDBRON_BINARY_DIR "/bin/vardbron";
  const std::filesystem::path folder = std::filesystem::temp_directory_path() / ("vardbron-bench-" + std::to_string(getpid()));
  std::printf("%-34s %8s %8s %8s %10s %8s %8s %9s\n", "notices over HTTP", "acked/s", "p50 ms", "p99 ms", "events/s", "lag p50",
              "lag p99", "CPU us");
  bool all = true;
  for (const Setting& setting : {Setting{"1 sender, one at a time", 1, 3}, Setting{"8 senders, 3 subscribers", 8, 3},
                                 Setting{"8 senders, no subscriber", 8, 0},
                                 Setting{"500 notices/s, 3 subscribers", 8, 3, std::chrono::milliseconds(16)}}) {
    all = measure(setting, program, folder, seconds) && all;
  }
  std::printf("lag: milliseconds from the commit to the subscriber; CPU: of the gateway, per notice, its deliveries included\n");
  return all ? 0 : 1;
}

}  // namespace
}  // namespace vardbron::play

int main(int argc, char** argv) { return vardbron::play::run(argc, argv); }
