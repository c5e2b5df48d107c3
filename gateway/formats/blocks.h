#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>

#ifdef __SSE2__
#include <emmintrin.h>
#endif

namespace vardbron::formats {

/// Sixteen bytes, compared at once. Each function returns a mask with one bit per byte.
#ifdef __SSE2__
class Block {
 public:
  static constexpr std::size_t bytes = 16;

  explicit Block(const char* from) : bytes_(_mm_loadu_si128(reinterpret_cast<const __m128i*>(from))) {}
  void store(char* to) const { _mm_storeu_si128(reinterpret_cast<__m128i*>(to), bytes_); }

  unsigned equal(char byte) const { return mask(_mm_cmpeq_epi8(bytes_, _mm_set1_epi8(byte))); }
  unsigned below_space() const { return mask(_mm_cmpeq_epi8(_mm_min_epu8(bytes_, _mm_set1_epi8(0x1F)), bytes_)); }
  unsigned above_ascii() const { return mask(bytes_); }

 private:
  static unsigned mask(__m128i found) { return static_cast<unsigned>(_mm_movemask_epi8(found)); }
  __m128i bytes_;
};
#else
class Block {
 public:
  static constexpr std::size_t bytes = 16;

  explicit Block(const char* from) { std::memcpy(bytes_, from, bytes); }
  void store(char* to) const { std::memcpy(to, bytes_, bytes); }

  unsigned equal(char byte) const {
    return mask([byte](unsigned char each) { return each == static_cast<unsigned char>(byte); });
  }
  unsigned below_space() const {
    return mask([](unsigned char each) { return each < 0x20; });
  }
  unsigned above_ascii() const {
    return mask([](unsigned char each) { return each > 0x7F; });
  }

 private:
  template <class Question>
  unsigned mask(Question question) const {
    unsigned found = 0;
    for (unsigned at = 0; at < bytes; ++at) found |= static_cast<unsigned>(question(bytes_[at])) << at;
    return found;
  }
  unsigned char bytes_[bytes];
};
#endif

}  // namespace vardbron::formats
