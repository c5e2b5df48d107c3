// What grows while a gateway runs for long: the write-ahead log, the database, memory; and how soon it is there again after a
// kill. Two subscribers take what they are told, and somebody searches meanwhile.
//
//   bench_endurance [NOTICES [PROGRAM]]        20,000 by itself; the figures of a release are made with 200,000

#include "tests/play/play.h"

#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <thread>

namespace vardbron::play {
namespace {

constexpr std::size_t senders = 8;
constexpr std::chrono::seconds slice{5};

double megabytes(const std::filesystem::path& file) {
  std::error_code error;
  const auto bytes = std::filesystem::file_size(file, error);
  return error ? 0 : static_cast<double>(bytes) / (1 << 20);
}

struct Sizes {
  std::filesystem::path folder;
  double log() const { return megabytes(folder / "data" / "vardbron.db-wal"); }
  double database() const { return megabytes(folder / "data" / "vardbron.db"); }
};

// The milliseconds of one search, and how many it found; 0 when it was not answered with 200.
struct Searched {
  double ms = 0;
  std::size_t bytes = 0;
};

Task<Searched> ask(PlayedCaller& caller, std::string target) {
  const auto began = std::chrono::steady_clock::now();
  Result<http::Response> answer = co_await caller.call("GET", std::move(target), "", "");
  Searched searched;
  if (answer && answer->status == 200) searched.bytes = answer->body.size();
  searched.ms = std::chrono::duration<double, std::milli>(std::chrono::steady_clock::now() - began).count();
  co_return searched;
}

Searched search(Play& play, const std::string& target) {
  PlayedCaller caller(play.gateway().port(), operator_token, play.clock());
  return play.hospital_loop().run(ask(caller, target));
}

void print_row(const char* what, std::size_t notices, double per_second, Play& play, const Sizes& sizes, double log_max) {
  std::printf("%-26s %9zu %9.0f %9.1f %9.1f %9.1f %9.1f\n", what, notices, per_second, sizes.log(), log_max, sizes.database(),
              static_cast<double>(play.gateway().resident_kib()) / 1024);
  std::fflush(stdout);
}

int run(std::size_t wanted, const std::filesystem::path& program) {
  const std::filesystem::path folder =
      std::filesystem::temp_directory_path() / ("vardbron-endurance-" + std::to_string(getpid()));
  std::filesystem::remove_all(folder);
  {
    Play play(program, folder, 2);
    if (!play.gateway().start() || !play.subscribe()) {
      std::fprintf(stderr, "The gateway did not start; see %s/gateway.log\n", folder.c_str());
      return 1;
    }
    const Sizes sizes{folder};
    std::printf("%-26s %9s %9s %9s %9s %9s %9s\n", "8 senders, 2 subscribers", "notices", "acked/s", "log MB", "its max",
                "file MB", "resident");
    std::size_t sent = 0, printed = 0;
    double log_max = 0;
    const auto began = std::chrono::steady_clock::now();
    auto seconds = [&] { return std::chrono::duration<double>(std::chrono::steady_clock::now() - began).count(); };
    while (sent < wanted) {
      std::atomic<bool> stop = false;
      std::thread timer([&] {
        for (auto until = std::chrono::steady_clock::now() + slice; std::chrono::steady_clock::now() < until;) {
          log_max = std::max(log_max, sizes.log());
          std::this_thread::sleep_for(std::chrono::milliseconds(100));
        }
        stop = true;
      });
      const std::size_t some = play.send(senders, stop).size();
      timer.join();
      if (some == 0) {
        std::fprintf(stderr, "No notice was answered with OK any more; see %s/gateway.log\n", folder.c_str());
        return 1;
      }
      sent += some;
      if (sent - printed < wanted / 10 && sent < wanted) continue;
      printed = sent;
      print_row("sending", sent, static_cast<double>(sent) / seconds(), play, sizes, log_max);
    }
    for (const char* target : {"/fhir/Encounter?_count=10", "/fhir/Task?status=requested&_count=10", "/fhir/Task?_count=0"}) {
      const Searched found = search(play, target);
      std::printf("    %-40s %8.0f ms, %zu bytes\n", target, found.ms, found.bytes);
    }
    print_row("after large searches", sent, static_cast<double>(sent) / seconds(), play, sizes, log_max);
    play.gateway().kill();
    const bool again = play.gateway().start();
    std::printf("    after a kill: the first answered request after %.0f ms%s\n", play.gateway().start_ms(),
                again ? "" : ", it did not come within ten seconds");
    print_row("after a kill", sent, static_cast<double>(sent) / seconds(), play, sizes, log_max);
    play.gateway().terminate();
  }
  std::filesystem::remove_all(folder);
  return 0;
}

}  // namespace
}  // namespace vardbron::play

int main(int argc, char** argv) {
  const std::size_t notices = argc > 1 ? std::strtoull(argv[1], nullptr, 10) : 20'000;
  return vardbron::play::run(notices, argc > 2 ? argv[2] : VARDBRON_BINARY_DIR "/bin/vardbron");
}
