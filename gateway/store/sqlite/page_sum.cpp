#include "gateway/store/sqlite/page_sum.h"

#include <bit>
#include <cstring>

namespace vardbron::store {

// Each step is one-to-one in the word and in the state before it, so that two pages that differ in one word have different sums.
std::uint64_t page_sum(std::string_view page, std::int64_t number) {
  static_assert(std::endian::native == std::endian::little);
  constexpr std::uint64_t odd = 0x9FB21C651E98DF25ull;
  std::uint64_t sum = static_cast<std::uint64_t>(number) * odd + 1;
  for (std::size_t at = 0; at + page_sum_bytes < page_bytes; at += sizeof(std::uint64_t)) {
    std::uint64_t word = 0;
    std::memcpy(&word, page.data() + at, sizeof word);
    sum = std::rotl((sum ^ word) * odd, 29);
  }
  return (sum ^ (sum >> 32)) * odd;
}

bool has_page_sum(std::string_view page, std::int64_t number) {
  std::uint64_t kept = 0;
  std::memcpy(&kept, page.data() + page_bytes - page_sum_bytes, sizeof kept);
  return kept == page_sum(page, number);
}

void put_page_sum(char* page, std::uint64_t sum) { std::memcpy(page + page_bytes - page_sum_bytes, &sum, sizeof sum); }

}  // namespace vardbron::store
