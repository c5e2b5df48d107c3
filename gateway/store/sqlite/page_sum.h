#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace vardbron::store {

inline constexpr std::size_t page_bytes = 4096;   ///< of the store's file; never another (schema.cpp)
inline constexpr std::size_t page_sum_bytes = 8;  ///< at the end of each page, which SQLite leaves to us ("reserved space")

/// Checksum of a page without its last eight bytes, which keep it. Finds every change inside one aligned word of eight bytes, and
/// all others but one in 2^64; also a page in another page's place. No protection against people: it has no key.
std::uint64_t page_sum(std::string_view page, std::int64_t number);

/// Whether a whole page has the right sum.
bool has_page_sum(std::string_view page, std::int64_t number);
/// Writes a sum into the page's last eight bytes.
void put_page_sum(char* page, std::uint64_t sum);

}  // namespace vardbron::store
