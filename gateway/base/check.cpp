#include "gateway/base/check.h"

#include "gateway/base/reached.h"

#include <cstdio>
#include <cstdlib>
#include <map>
#include <mutex>
#include <string>

namespace vardbron {

namespace {
// Marks are string literals in rare branches; a lock there costs nothing that anybody waits for.
struct Marks {
  std::mutex guard;
  std::map<std::string, std::uint64_t, std::less<>> counts;
};
Marks& marks() {
  static Marks all;
  return all;
}
}  // namespace

void check_failed(const char* condition, const char* file, int line) {
  std::fprintf(stderr, "%s:%d: CHECK(%s) does not hold\n", file, line, condition);
  std::abort();
}

void note_reached(const char* mark) {
  std::lock_guard lock(marks().guard);
  ++marks().counts[mark];
}

std::uint64_t times_reached(std::string_view mark) {
  std::lock_guard lock(marks().guard);
  auto found = marks().counts.find(mark);
  return found == marks().counts.end() ? 0 : found->second;
}

}  // namespace vardbron
