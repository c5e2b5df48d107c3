#include "gateway/base/uuid.h"

#include "gateway/base/digest.h"
#include "gateway/base/utf8.h"

#include <algorithm>
#include <vector>

namespace vardbron {

namespace {

constexpr bool is_dash_place(std::size_t i) { return i == 8 || i == 13 || i == 18 || i == 23; }

// Of "0123456789abcdef"; 255 for every other byte.
constexpr std::array<std::uint8_t, 256> lower_case_digits = [] {
  std::array<std::uint8_t, 256> values{};
  values.fill(255);
  for (std::uint8_t value = 0; value < 16; ++value) values[static_cast<std::uint8_t>("0123456789abcdef"[value])] = value;
  return values;
}();

void stamp(Uuid& uuid, std::uint8_t version) {
  uuid.bytes[6] = static_cast<std::uint8_t>((uuid.bytes[6] & 0x0F) | (version << 4));
  uuid.bytes[8] = static_cast<std::uint8_t>((uuid.bytes[8] & 0x3F) | 0x80);
}

}  // namespace

const Uuid uuid_root = parse_uuid("6f6b2f0e-0c5d-5b0a-9d2e-7d1c4a3e8f10");

std::array<char, 36> text_of(const Uuid& uuid) {
  static constexpr char digits[] = "0123456789abcdef";
  std::array<char, 36> text;
  std::size_t at = 0;
  for (std::uint8_t byte : uuid.bytes) {
    if (is_dash_place(at)) text[at++] = '-';
    text[at++] = digits[byte >> 4];
    text[at++] = digits[byte & 15];
  }
  return text;
}

std::string to_string(const Uuid& uuid) {
  const std::array<char, 36> text = text_of(uuid);
  return {text.data(), text.size()};
}

bool is_uuid(std::string_view text) {
  if (text.size() != 36) return false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (is_dash_place(i) ? text[i] != '-' : hex_value(text[i]) < 0) return false;
  }
  return true;
}

Uuid parse_uuid(std::string_view text) {
  Uuid uuid;
  if (!is_uuid(text)) return uuid;
  std::size_t digit = 0;
  for (char letter : text) {
    if (letter == '-') continue;
    std::uint8_t& byte = uuid.bytes[digit / 2];
    byte = static_cast<std::uint8_t>(byte << 4 | hex_value(letter));
    ++digit;
  }
  return uuid;
}

std::optional<Uuid> canonical_uuid(std::string_view text) {
  if (text.size() != 36 || text[8] != '-' || text[13] != '-' || text[18] != '-' || text[23] != '-') return std::nullopt;
  Uuid uuid;
  std::uint8_t seen = 0;
  std::size_t at = 0;
  for (std::uint8_t& byte : uuid.bytes) {
    if (is_dash_place(at)) ++at;
    const std::uint8_t high = lower_case_digits[static_cast<std::uint8_t>(text[at])];
    const std::uint8_t low = lower_case_digits[static_cast<std::uint8_t>(text[at + 1])];
    byte = static_cast<std::uint8_t>(high << 4 | low);
    seen |= high | low;
    at += 2;
  }
  if (seen > 15) return std::nullopt;
  return uuid;
}

Uuid uuid_v5(const Uuid& root, std::string_view name) {
  auto digest = sha1({{reinterpret_cast<const char*>(root.bytes.data()), root.bytes.size()}, name});
  Uuid uuid;
  std::copy_n(digest.begin(), uuid.bytes.size(), uuid.bytes.begin());
  stamp(uuid, 5);
  return uuid;
}

Uuid uuid_v7(WallTime now, Random& random) {
  auto milliseconds = static_cast<std::uint64_t>(now.time_since_epoch().count());
  Uuid uuid;
  for (std::size_t i = 0; i < 6; ++i) uuid.bytes[i] = static_cast<std::uint8_t>(milliseconds >> (8 * (5 - i)));
  std::uint64_t high = random.next(), low = random.next();
  for (std::size_t i = 6; i < 8; ++i) uuid.bytes[i] = static_cast<std::uint8_t>(high >> (8 * i));
  for (std::size_t i = 8; i < 16; ++i) uuid.bytes[i] = static_cast<std::uint8_t>(low >> (8 * (i - 8)));
  stamp(uuid, 7);
  return uuid;
}

}  // namespace vardbron
