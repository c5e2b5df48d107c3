#include "gateway/base/process.h"

#include <sys/resource.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <sstream>
#include <string>
#include <system_error>

namespace vardbron {

namespace {

struct Stat {
  double started_ticks = 0;  // after the machine's start
  std::int64_t virtual_bytes = 0, resident_pages = 0;
};

// Fields 22 to 24. The second is the program's name in brackets, which may contain anything.
Stat own_stat() {
  std::ifstream file("/proc/self/stat");
  std::string text;
  std::getline(file, text);
  const std::size_t name_end = text.rfind(')');
  Stat stat;
  if (name_end == std::string::npos) return stat;
  std::istringstream fields(text.substr(name_end + 1));
  std::string skipped;
  for (int field = 3; field < 22; ++field) fields >> skipped;
  fields >> stat.started_ticks >> stat.virtual_bytes >> stat.resident_pages;
  return stat;
}

double machine_start_seconds() {
  std::ifstream file("/proc/stat");
  double seconds = 0;
  for (std::string word; file >> word;) {
    if (word != "btime") continue;
    file >> seconds;
    break;
  }
  return seconds;
}

double seconds_of(const timeval& time) { return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_usec) / 1e6; }

std::int64_t open_descriptors() {
  std::error_code error;
  std::int64_t count = 0;
  for (std::filesystem::directory_iterator at("/proc/self/fd", error), end; !error && at != end; at.increment(error)) ++count;
  return count > 0 ? count - 1 : 0;  // without the one of this listing
}

}  // namespace

ProcessUse process_use() {
  const Stat stat = own_stat();
  ProcessUse use;
  use.virtual_bytes = stat.virtual_bytes;
  use.resident_bytes = stat.resident_pages * sysconf(_SC_PAGESIZE);
  use.open_descriptors = open_descriptors();
  rusage used{};
  if (getrusage(RUSAGE_SELF, &used) == 0) use.cpu_seconds = seconds_of(used.ru_utime) + seconds_of(used.ru_stime);
  rlimit limit{};
  if (getrlimit(RLIMIT_NOFILE, &limit) == 0) use.descriptors_max = static_cast<std::int64_t>(limit.rlim_cur);
  return use;
}

double process_start_seconds() {
  return machine_start_seconds() + own_stat().started_ticks / static_cast<double>(sysconf(_SC_CLK_TCK));
}

}  // namespace vardbron
