#pragma once

#include <cstddef>
#include <cstdio>
#include <string>

/// How much of a suite that nobody here wrote passes.
namespace vardbron::suite {

/// One line of the table that tests/run.sh prints when all is done, and README keeps.
inline void print_line(const std::string& name, std::size_t passed, std::size_t total) {
  std::printf("suite: %zu of %zu\t%s\n", passed, total, name.c_str());
  std::fflush(stdout);
}

}  // namespace vardbron::suite
