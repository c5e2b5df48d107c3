#pragma once

// Tested by tests/base/metrics_test.cpp.

#include <cstdint>

namespace vardbron {

/// Resources that this process uses. 0 = the machine does not report it. Source: proc(5), getrusage(2), getrlimit(2).
struct ProcessUse {
  double cpu_seconds = 0;  ///< user and system, since the start
  std::int64_t resident_bytes = 0, virtual_bytes = 0;
  std::int64_t open_descriptors = 0, descriptors_max = 0;
};

ProcessUse process_use();
/// When this process was started, in seconds since 1970; to a hundredth of a second.
double process_start_seconds();

}  // namespace vardbron
