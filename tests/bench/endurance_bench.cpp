// What grows while a gateway runs for long: the write-ahead log, the database, memory; and how soon it is there again after a
// kill. Two subscribers receive notifications, and two readers page through the resources meanwhile, without a pause.
//
//   bench_endurance [NOTICES | SECONDSs [PROGRAM]]   20,000 notices by itself; the figures of a release: 200000, and 600s

#include "tests/play/play.h"

#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <cstdio>
#include <cstdlib>
#include <future>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

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

// Milliseconds of one search and the number of matches; 0 if the answer was not 200.
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

/// The target of the next page, without the server's address; empty after the last.
std::string next_page(const std::string& body) {
  const std::size_t link = body.find("\"relation\":\"next\"");
  if (link == std::string::npos) return {};
  const std::size_t path = body.find("/fhir/", link), end = body.find('"', path);
  return path == std::string::npos ? std::string() : body.substr(path, end - path);
}

/// Pages through all tasks visible to the operator, again and again, until `stop`.
class Reader {
 public:
  explicit Reader(Play& play) : play_(play), running_(loop_.start(read())) {}
  ~Reader() { finish(); }
  Reader(const Reader&) = delete;
  Reader& operator=(const Reader&) = delete;

  void finish() {
    stop_ = true;
    if (running_.valid()) running_.get();
  }
  /// After finish(): the milliseconds of each page, sorted.
  const std::vector<double>& pages() const { return pages_; }
  std::size_t refused() const { return refused_; }

 private:
  Task<> read() {
    PlayedCaller caller(play_.gateway().port(), operator_token, play_.clock());
    const std::string first = "/fhir/Task?_count=20";
    for (std::string target = first; !stop_;) {
      const auto began = std::chrono::steady_clock::now();
      Result<http::Response> answer = co_await caller.call("GET", target, "", "");
      if (!answer || answer->status != 200) {
        ++refused_;
        target = first;
        continue;
      }
      pages_.push_back(std::chrono::duration<double, std::milli>(std::chrono::steady_clock::now() - began).count());
      target = next_page(answer->body);
      if (target.empty()) target = first;
    }
    std::sort(pages_.begin(), pages_.end());
  }

  Play& play_;
  std::atomic<bool> stop_ = false;
  std::vector<double> pages_;
  std::size_t refused_ = 0;
  LoopThread loop_;
  std::future<void> running_;  // last: it uses the others
};

void print_reader(Reader& reader) {
  reader.finish();
  const std::vector<double>& pages = reader.pages();
  if (pages.empty()) return;
  std::printf("    a reader: %zu pages of 20 tasks, %.1f ms in the middle, %.1f ms at p99, %zu not answered with 200\n",
              pages.size(), pages[pages.size() / 2], pages[pages.size() * 99 / 100], reader.refused());
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

/// The amount to send: a number of notices, or a duration.
struct Wanted {
  std::size_t notices = 20'000;
  double seconds = 0;
  /// Of 1.
  double done(std::size_t sent, double passed) const {
    return seconds > 0 ? passed / seconds : static_cast<double>(sent) / static_cast<double>(notices);
  }
};

int run(const Wanted& wanted, const std::filesystem::path& program) {
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
    std::size_t sent = 0;
    double log_max = 0, printed = 0;
    Reader readers[2] = {Reader(play), Reader(play)};
    const auto began = std::chrono::steady_clock::now();
    auto seconds = [&] { return std::chrono::duration<double>(std::chrono::steady_clock::now() - began).count(); };
    while (wanted.done(sent, seconds()) < 1) {
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
      const double done = wanted.done(sent, seconds());
      if (done - printed < 0.1 && done < 1) continue;
      printed = done;
      print_row("sending", sent, static_cast<double>(sent) / seconds(), play, sizes, log_max);
    }
    for (Reader& reader : readers) print_reader(reader);
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
  vardbron::play::Wanted wanted;
  if (argc > 1) {
    const std::string_view text = argv[1];
    if (text.ends_with('s'))
      wanted.seconds = std::strtod(argv[1], nullptr);
    else
      wanted.notices = std::strtoull(argv[1], nullptr, 10);
  }
  return vardbron::play::run(wanted, argc > 2 ? argv[2] : VARDBRON_BINARY_DIR "/bin/vardbron");
}
