// What the store's own way to its files costs beside SQLite's (store_files.h): the same commits with the system's files as SQLite
// opens them, with writes to the log gathered, and with the sums of pages and of the log's frames as well.
// store_files_bench [directory] [seconds]; per commit: processor, calls that write and their bytes; then a scan of all rows by a
// connection that has no page in memory yet.

#include "gateway/base/check.h"
#include "gateway/store/sqlite/log_sums.h"
#include "gateway/store/sqlite/page_sum.h"
#include "gateway/store/sqlite/store_files.h"

#include <sqlite3.h>
#include <sys/resource.h>

#include <chrono>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <memory>
#include <string>

namespace vardbron::store {
namespace {

using Time = std::chrono::steady_clock;

enum class Way : std::uint8_t { System, Gathered, Summed };

constexpr const char* name_of(Way way) {
  constexpr const char* names[] = {"SQLite's own files", "log gathered", "log gathered, sums"};
  return names[static_cast<std::size_t>(way)];
}

struct Cost {
  double seconds = 0, cpu_seconds = 0, write_calls = 0, write_bytes = 0;

  static Cost now() {
    Cost cost;
    cost.seconds = std::chrono::duration<double>(Time::now().time_since_epoch()).count();
    rusage usage{};
    getrusage(RUSAGE_SELF, &usage);
    for (const timeval& time : {usage.ru_utime, usage.ru_stime})
      cost.cpu_seconds += static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_usec) * 1e-6;
    std::ifstream counts("/proc/self/io");
    std::string word;
    for (double value = 0; counts >> word >> value;) {
      if (word == "syscw:") cost.write_calls = value;
      if (word == "wchar:") cost.write_bytes = value;
    }
    return cost;
  }
  Cost since(const Cost& before) const {
    return {seconds - before.seconds, cpu_seconds - before.cpu_seconds, write_calls - before.write_calls,
            write_bytes - before.write_bytes};
  }
};

/// A connection as the store's writer has it, and the files that it goes through.
class Connection {
 public:
  Connection(const std::filesystem::path& file, Way way, const std::shared_ptr<LogSums>& sums) {
    if (way != Way::System) files_ = std::make_unique<StoreFiles>();
    if (way == Way::Summed) {
      files_->pages().is_new_checked = true;
      files_->pages().log = sums;
    }
    const int flags = SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE;
    CHECK(sqlite3_open_v2(file.c_str(), &database_, flags, files_ ? files_->name().c_str() : nullptr) == SQLITE_OK);
    int reserved = way == Way::Summed ? static_cast<int>(page_sum_bytes) : 0;  // a file without that room has no sums
    CHECK(sqlite3_file_control(database_, "main", SQLITE_FCNTL_RESERVE_BYTES, &reserved) == SQLITE_OK);
    run("PRAGMA page_size=4096; PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA mmap_size=0; PRAGMA cache_size=-65536;"
        "CREATE TABLE IF NOT EXISTS body(number INTEGER PRIMARY KEY, bytes BLOB NOT NULL)");
  }
  ~Connection() { sqlite3_close_v2(database_); }
  Connection(const Connection&) = delete;

  void run(const std::string& sql) { CHECK(sqlite3_exec(database_, sql.c_str(), nullptr, nullptr, nullptr) == SQLITE_OK); }

 private:
  std::unique_ptr<StoreFiles> files_;
  sqlite3* database_ = nullptr;
};

void measure(const std::filesystem::path& root, Way way, int rows, double seconds) {
  const std::filesystem::path directory = root / "vardbron-store-files-bench";
  std::filesystem::remove_all(directory);
  std::filesystem::create_directories(directory);
  const std::filesystem::path file = directory / "bench.db";
  const auto sums = std::make_shared<LogSums>();
  Cost spent, read;
  double commits = 0;
  {
    Connection connection(file, way, sums);
    const std::string row = "INSERT INTO body(bytes) VALUES(randomblob(3000))";
    std::string group = "BEGIN IMMEDIATE";
    for (int number = 0; number < rows; ++number) group += ';' + row;
    group += ";COMMIT";
    const Cost before = Cost::now();
    for (const Time::time_point begun = Time::now(); Time::now() - begun < std::chrono::duration<double>(seconds); ++commits)
      connection.run(group);
    spent = Cost::now().since(before);
  }
  double pages = static_cast<double>(std::filesystem::file_size(file)) / page_bytes;
  {
    Connection connection(file, way, std::make_shared<LogSums>());
    const Cost before = Cost::now();
    connection.run("SELECT count(*) FROM body WHERE bytes=x''");
    read = Cost::now().since(before);
  }
  std::printf(
      "%-20s %2d rows of 3 KB: %7.0f commits/s  CPU %7.1f us  %6.1f writes  %7.1f KB  file %6.1f KB each  scan %5.2f us a page\n",
      name_of(way), rows, commits / spent.seconds, spent.cpu_seconds / commits * 1e6, spent.write_calls / commits,
      spent.write_bytes / commits / 1024, pages * page_bytes / commits / 1024, read.cpu_seconds / pages * 1e6);
  std::fflush(stdout);
  std::filesystem::remove_all(directory);
}

}  // namespace
}  // namespace vardbron::store

int main(int count, char** arguments) {
  using namespace vardbron::store;
  const std::filesystem::path root = count > 1 ? arguments[1] : std::filesystem::temp_directory_path();
  const double seconds = count > 2 ? std::atof(arguments[2]) : 3;
  for (const int rows : {1, 8, 64}) {
    for (const Way way : {Way::System, Way::Gathered, Way::Summed}) measure(root, way, rows, seconds);
  }
  return 0;
}
