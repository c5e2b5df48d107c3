#pragma once

// Tested by tests/store/sqlite/pack_test.cpp.

#include <bit>
#include <cstdint>
#include <cstring>
#include <string>
#include <string_view>

namespace vardbron::store {

/// Numbers and texts as bytes of a row: 7 bits a byte, the lowest first.
inline void put_number(std::string& into, std::uint64_t number) {
  for (; number >= 0x80; number >>= 7) into += static_cast<char>(number | 0x80);
  into += static_cast<char>(number);
}

/// Small numbers of either sign are short.
inline void put_signed(std::string& into, std::int64_t number) {
  put_number(into, (static_cast<std::uint64_t>(number) << 1) ^ static_cast<std::uint64_t>(number >> 63));
}

inline void put_text(std::string& into, std::string_view text) {
  put_number(into, text.size());
  into += text;
}

inline void put_double(std::string& into, double number) {
  const auto bits = std::bit_cast<std::uint64_t>(number);
  char bytes[sizeof bits];
  std::memcpy(bytes, &bits, sizeof bits);
  into.append(bytes, sizeof bytes);
}

/// Reads the output of the functions above; becomes invalid instead of reading past the end.
class Unpacker {
 public:
  explicit Unpacker(std::string_view bytes) : rest_(bytes) {}
  bool more() const { return good_ && !rest_.empty(); }
  bool good() const { return good_; }

  std::uint64_t number() {
    std::uint64_t value = 0;
    for (int shift = 0; shift < 64; shift += 7) {
      const std::string_view byte = take(1);
      if (byte.empty()) return 0;
      value |= static_cast<std::uint64_t>(byte[0] & 0x7F) << shift;
      if ((byte[0] & 0x80) == 0) return value;
    }
    good_ = false;
    return 0;
  }
  std::int64_t signed_number() {
    const std::uint64_t value = number();
    return static_cast<std::int64_t>((value >> 1) ^ (~(value & 1) + 1));
  }
  std::string_view text() { return take(number()); }
  std::string_view rest() const { return rest_; }
  double real() {
    std::uint64_t bits = 0;
    const std::string_view bytes = take(sizeof bits);
    if (good_) std::memcpy(&bits, bytes.data(), sizeof bits);
    return std::bit_cast<double>(bits);
  }

 private:
  std::string_view take(std::uint64_t count) {
    if (!good_ || count > rest_.size()) {
      good_ = false;
      return {};
    }
    const std::string_view taken = rest_.substr(0, count);
    rest_.remove_prefix(count);
    return taken;
  }
  std::string_view rest_;
  bool good_ = true;
};

}  // namespace vardbron::store
