#pragma once

#include <cstddef>
#include <cstdio>
#include <string>

/// Results of public test suites.
namespace vardbron::suite {

/// Prints one line of the table of tests/run.sh, which is also in README.
inline void print_line(const std::string& name, std::size_t passed, std::size_t total) {
  std::printf("suite: %zu of %zu\t%s\n", passed, total, name.c_str());
  std::fflush(stdout);
}

}  // namespace vardbron::suite
