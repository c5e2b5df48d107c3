#pragma once

#include <algorithm>
#include <cstddef>
#include <ctime>
#include <functional>

/// Growth of work with its input, by CPU time of this thread: other load on the machine hardly matters.
namespace vardbron::growth {

inline double seconds_of(const std::function<void()>& work) {
  timespec before{}, after{};
  double best = 0;
  for (int turn = 0; turn < 2; ++turn) {
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &before);
    work();
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &after);
    const double took =
        static_cast<double>(after.tv_sec - before.tv_sec) + 1e-9 * static_cast<double>(after.tv_nsec - before.tv_nsec);
    best = turn == 0 ? took : std::min(best, took);
  }
  return best;
}

inline constexpr std::size_t larger = 8;           ///< factor between the two inputs
inline constexpr double largest_growth = 3 * 8.0;  ///< linear work gives 8, quadratic work 64

/// Time for `larger` times as much, over the time for `size`; `work` gets a size.
inline double of(std::size_t size, const std::function<void(std::size_t)>& work) {
  const double small = seconds_of([&] { work(size); });
  return seconds_of([&] { work(larger * size); }) / small;
}

}  // namespace vardbron::growth
