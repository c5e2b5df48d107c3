// The figures of the whole gateway, as a hospital and its subscribers see them. Load maker, subscribers and gateway share the
// machine's cores. Every notice is a Cosmic-style export of its own case; a receipt counts once the commit is synced.
//
//   bench_gateway [SECONDS [PART OF A NAME [PROGRAM]]]

#include "tests/play/play.h"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <string_view>
#include <thread>

namespace vardbron::play {
namespace {

struct Setting {
  const char* name;
  std::size_t senders = 1;
  std::size_t subscribers = 3;
  Instant pause{0};  // between the calls of one sender
};

struct Wanted {
  double seconds = 5;
  std::string part;  // of a setting's name
  std::filesystem::path program = VARDBRON_BINARY_DIR "/bin/vardbron";
  std::filesystem::path folder;
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

struct Used {
  GatewayProcess::Use gateway;
  double hospital = 0, receivers = 0;  // seconds of the processor
};

Used used_by(Play& play) {
  return {play.gateway().use(), play.hospital_loop().cpu_seconds(), play.receiver_loop().cpu_seconds()};
}

// Cost of a notice independent of other load: microseconds of CPU, and bytes written by the gateway.
void print_costs(const Used& before, const Used& after, double notices) {
  auto us = [&](double from, double to) { return (to - from) / notices * 1e6; };
  std::printf(
      "    per notice: gateway %.0f us user + %.0f us system, load maker %.0f us, receivers %.0f us; %.1f writes, %.1f KB\n",
      us(before.gateway.user_seconds, after.gateway.user_seconds),
      us(before.gateway.system_seconds, after.gateway.system_seconds), us(before.hospital, after.hospital),
      us(before.receivers, after.receivers),
      static_cast<double>(after.gateway.writing_calls - before.gateway.writing_calls) / notices,
      static_cast<double>(after.gateway.written_bytes - before.gateway.written_bytes) / notices / 1024);
  std::printf("    by thread:");
  for (const auto& [name, seconds] : after.gateway.thread_seconds) {
    auto known = before.gateway.thread_seconds.find(name);
    const double cost = us(known == before.gateway.thread_seconds.end() ? 0 : known->second, seconds);
    if (cost >= 1) std::printf(" %s %.0f", name.c_str(), cost);
  }
  std::printf("\n");
}

bool measure(const Setting& setting, const Wanted& wanted) {
  const std::filesystem::path& folder = wanted.folder;
  std::filesystem::remove_all(folder);
  Play play(wanted.program, folder, setting.subscribers);
  if (!play.gateway().start() || !play.subscribe()) {
    std::fprintf(stderr, "The gateway did not start; see %s/gateway.log\n", folder.c_str());
    return false;
  }
  const double start_ms = play.gateway().start_ms();
  const std::int64_t idle_kib = play.gateway().resident_kib();
  const Used before = used_by(play);
  std::atomic<bool> stop = false;
  std::thread timer([&] {
    std::this_thread::sleep_for(std::chrono::duration<double>(wanted.seconds));
    stop = true;
  });
  const Instant began = play.clock().now();
  std::vector<Acknowledged> acknowledged = play.send(setting.senders, stop, setting.pause);
  const double took = std::chrono::duration<double>(play.clock().now() - began).count();
  timer.join();
  const bool delivered = play.wait_for_delivery(std::chrono::seconds(60));
  const double drained = std::chrono::duration<double>(play.clock().now() - began).count();
  const Used after = used_by(play);
  std::vector<double> waits;
  for (const Acknowledged& each : acknowledged) waits.push_back(each.seconds * 1000);
  const double notices = std::max<double>(1, static_cast<double>(acknowledged.size()));
  std::printf("%-34s %8.0f %8.2f %8.2f %10.0f %8.1f %8.1f\n", setting.name, notices / took, percentile(waits, 0.5),
              percentile(waits, 0.99), static_cast<double>(lags_of(play).size()) / drained, percentile(lags_of(play), 0.5),
              percentile(lags_of(play), 0.99));
  print_costs(before, after, notices);
  if (setting.senders == 1) {
    std::printf("    start to the first answered request: %.0f ms; resident when idle: %.1f MB; after %.0f notices: %.1f MB\n",
                start_ms, static_cast<double>(idle_kib) / 1024, notices,
                static_cast<double>(play.gateway().resident_kib()) / 1024);
  }
  std::fflush(stdout);
  if (!delivered) std::fprintf(stderr, "Not everything was delivered within a minute.\n");
  play.gateway().terminate();
  std::filesystem::remove_all(folder);
  return delivered;
}

// A receipt needs a synced write: a small append and its sync, repeated, on the gateway's disk.
void print_floor(const std::filesystem::path& folder) {
  std::filesystem::create_directories(folder);
  const std::string file = folder / "floor";
  const int out = open(file.c_str(), O_CREAT | O_WRONLY | O_TRUNC | O_CLOEXEC, 0600);
  const std::string block(16 * 1024, 'x');
  std::vector<double> waits;
  for (int round = 0; out >= 0 && round < 300; ++round) {
    const auto began = std::chrono::steady_clock::now();
    const bool written = write(out, block.data(), block.size()) == static_cast<ssize_t>(block.size()) && fdatasync(out) == 0;
    if (written) waits.push_back(std::chrono::duration<double, std::milli>(std::chrono::steady_clock::now() - began).count());
  }
  close(out);
  std::printf("floor: 16 KB written and synced: p50 %.2f ms, p99 %.2f ms\n", percentile(waits, 0.5), percentile(waits, 0.99));
  std::filesystem::remove_all(folder);
}

int run(int argc, char** argv) {
  Wanted wanted;
  if (argc > 1) wanted.seconds = std::atof(argv[1]);
  if (argc > 2) wanted.part = argv[2];
  if (argc > 3) wanted.program = argv[3];
  wanted.folder = std::filesystem::temp_directory_path() / ("vardbron-bench-" + std::to_string(getpid()));
  print_floor(wanted.folder);
  std::printf("%-34s %8s %8s %8s %10s %8s %8s\n", "notices over HTTP", "acked/s", "p50 ms", "p99 ms", "events/s", "lag p50",
              "lag p99");
  bool all = true;
  for (const Setting& setting : {Setting{"1 sender, one at a time", 1, 3}, Setting{"8 senders, 3 subscribers", 8, 3},
                                 Setting{"8 senders, no subscriber", 8, 0},
                                 Setting{"500 notices/s, 3 subscribers", 8, 3, std::chrono::milliseconds(16)}}) {
    if (std::string_view(setting.name).find(wanted.part) == std::string_view::npos) continue;
    all = measure(setting, wanted) && all;
  }
  std::printf("lag: milliseconds from the commit to the subscriber; costs: deliveries included\n");
  return all ? 0 : 1;
}

}  // namespace
}  // namespace vardbron::play

int main(int argc, char** argv) { return vardbron::play::run(argc, argv); }
