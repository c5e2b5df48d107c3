#include "tests/bench/allocations.h"

#include <cstdlib>
#include <new>

namespace {
std::size_t asked = 0;
}

void* operator new(std::size_t bytes) {
  ++asked;
  if (void* place = std::malloc(bytes)) return place;
  throw std::bad_alloc();
}
void operator delete(void* place) noexcept { std::free(place); }
void operator delete(void* place, std::size_t) noexcept { std::free(place); }

namespace vardbron::bench {

std::size_t allocations() { return asked; }

}  // namespace vardbron::bench
