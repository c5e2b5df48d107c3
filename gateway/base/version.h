#pragma once

// Tested by tests/base/metrics_test.cpp.

#include <string_view>

namespace vardbron {

/// The program's version, such as "0.1.0". Source: project() in CMakeLists.txt.
std::string_view version();

}  // namespace vardbron
