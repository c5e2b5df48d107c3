#include "gateway/store/sqlite/wide.h"

#include <bit>
#include <cstring>

namespace vardbron::store {

namespace {

__extension__ using Double = unsigned __int128;

constexpr int word_bits = 64;
constexpr std::size_t words_count = 4;

/// Two to the power of 64 times so many words less: the words move towards the least.
Wide shifted_down(const Wide& number, int bits) {
  Wide shifted;
  const auto whole = static_cast<std::size_t>(bits / word_bits);
  const int rest = bits % word_bits;
  for (std::size_t at = 0; at + whole < words_count; ++at) {
    shifted.words[at] = number.words[at + whole] >> rest;
    if (rest != 0 && at + whole + 1 < words_count) shifted.words[at] |= number.words[at + whole + 1] << (word_bits - rest);
  }
  return shifted;
}

int zeros_at_the_end(const Wide& number) {
  int zeros = 0;
  for (const std::uint64_t word : number.words) {
    zeros += std::countr_zero(word);
    if (word != 0) break;
  }
  return zeros;
}

/// Of an odd number, modulo 2^64. Each round of Newton's method doubles the bits that are right; the number itself has three.
std::uint64_t inverse(std::uint64_t odd) {
  std::uint64_t guess = odd;
  for (int right_bits = 3; right_bits < word_bits; right_bits *= 2) guess *= 2 - odd * guess;
  return guess;
}

}  // namespace

Wide Wide::from(const Sha256& bytes) {
  static_assert(sizeof(Wide) == sizeof(Sha256));
  Wide number;
  std::memcpy(number.words.data(), bytes.data(), bytes.size());
  return number;
}

Wide& Wide::operator+=(const Wide& other) {
  Double carry = 0;
  for (std::size_t at = 0; at < words_count; ++at) {
    carry += Double{words[at]} + other.words[at];
    words[at] = static_cast<std::uint64_t>(carry);
    carry >>= word_bits;
  }
  return *this;
}

Wide& Wide::operator-=(const Wide& other) {
  std::uint64_t borrow = 0;
  for (std::size_t at = 0; at < words_count; ++at) {
    const Double taken = Double{other.words[at]} + borrow;
    borrow = Double{words[at]} < taken ? 1 : 0;
    words[at] = static_cast<std::uint64_t>(words[at] - taken);
  }
  return *this;
}

Wide Wide::times(std::uint64_t factor) const {
  Wide product;
  Double carry = 0;
  for (std::size_t at = 0; at < words_count; ++at) {
    carry += Double{words[at]} * factor;
    product.words[at] = static_cast<std::uint64_t>(carry);
    carry >>= word_bits;
  }
  return product;
}

std::optional<std::uint64_t> quotient(const Wide& product, const Wide& number) {
  const int zeros = zeros_at_the_end(number);
  if (zeros > static_cast<int>(words_count - 1) * word_bits) return std::nullopt;  // its low word would not be known
  const std::uint64_t found = shifted_down(product, zeros).words[0] * inverse(shifted_down(number, zeros).words[0]);
  if (number.times(found) != product) return std::nullopt;
  return found;
}

}  // namespace vardbron::store
