#include "gateway/search/sort.h"

#include <algorithm>
#include <bit>
#include <cstdint>

namespace vardbron::search {

namespace {

constexpr std::size_t sorted_bytes_max = 128;  // of a string; later ones do not count

// Numbers as bytes in their order.
std::string in_order(std::uint64_t number) {
  std::string bytes(sizeof number, '\0');
  for (std::size_t at = 0; at < bytes.size(); ++at) bytes[at] = static_cast<char>(number >> (8 * (bytes.size() - 1 - at)));
  return bytes;
}

constexpr std::uint64_t sign = std::uint64_t{1} << 63;

std::string in_order(std::int64_t number) { return in_order(static_cast<std::uint64_t>(number) ^ sign); }

std::string in_order(double number) {
  const auto bits = std::bit_cast<std::uint64_t>(number);
  return in_order((bits & sign) != 0 ? ~bits : bits | sign);
}

std::string bytes_of(const SortKey& sort, const Key& key) {
  switch (key.kind) {
    case KeyKind::Date: return in_order(sort.is_descending ? key.to_ms : key.from_ms);
    case KeyKind::Number:
    case KeyKind::Quantity: return in_order(sort.is_descending ? key.high : key.low);
    case KeyKind::Token:
    case KeyKind::Reference:
    case KeyKind::String:
    case KeyKind::Uri: break;
  }
  return key.value.substr(0, sorted_bytes_max);
}

SortValue value_of(const SortKey& sort, std::span<const Key> keys) {
  SortValue value;
  for (const Key& key : keys) {
    if (key.parameter != sort.parameter) continue;
    std::string bytes = bytes_of(sort, key);
    if (value.is_missing || (sort.is_descending ? bytes > value.bytes : bytes < value.bytes)) value.bytes = std::move(bytes);
    value.is_missing = false;
  }
  return value;
}

}  // namespace

std::vector<SortValue> sort_values(std::span<const SortKey> sort, std::span<const Key> keys) {
  std::vector<SortValue> values;
  values.reserve(sort.size());
  for (const SortKey& each : sort) values.push_back(value_of(each, keys));
  return values;
}

int compare(std::span<const SortKey> sort, std::span<const SortValue> left, std::span<const SortValue> right) {
  for (std::size_t at = 0; at < sort.size(); ++at) {
    const SortValue &one = left[at], &other = right[at];
    if (one.is_missing != other.is_missing) return one.is_missing ? 1 : -1;
    const int order = one.bytes.compare(other.bytes);
    if (order != 0) return (order < 0) != sort[at].is_descending ? -1 : 1;
  }
  return 0;
}

bool is_natural(std::span<const SortKey> sort) {
  return sort.empty() || (sort.size() == 1 && sort.front().parameter == "_lastUpdated");
}

}  // namespace vardbron::search
