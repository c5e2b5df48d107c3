#include "gateway/access/audit_id.h"

#include "gateway/base/digest.h"

#include <array>
#include <charconv>

namespace vardbron::access {

namespace {

constexpr unsigned rounds = 6;
constexpr unsigned half_bits = 32;
constexpr std::size_t id_letters = 16;

}  // namespace

AuditIds::AuditIds(const std::string& secret) : key_("ids of the access log" + secret) {}

std::uint32_t AuditIds::mixed(unsigned round, std::uint32_t half) const {
  const std::array<char, 5> bytes = {static_cast<char>(round), static_cast<char>(half >> 24), static_cast<char>(half >> 16),
                                     static_cast<char>(half >> 8), static_cast<char>(half)};
  const Sha256 signature = key_.sign({bytes.data(), bytes.size()});
  std::uint32_t made = 0;
  for (std::size_t at = 0; at < 4; ++at) made = made << 8 | static_cast<std::uint32_t>(signature[at]);
  return made;
}

// A Feistel network: each round is undone by itself. Source: Luby and Rackoff 1988.
std::string AuditIds::id_of(std::int64_t number) const {
  auto left = static_cast<std::uint32_t>(static_cast<std::uint64_t>(number) >> half_bits);
  auto right = static_cast<std::uint32_t>(number);
  for (unsigned round = 0; round < rounds; ++round) {
    const std::uint32_t next = left ^ mixed(round, right);
    left = right;
    right = next;
  }
  std::string bytes;
  for (const std::uint32_t half : {left, right})
    for (int shift = 24; shift >= 0; shift -= 8) bytes += static_cast<char>(half >> shift);
  return to_hex(bytes);
}

std::optional<std::int64_t> AuditIds::number_of(std::string_view id) const {
  std::uint64_t bits = 0;
  if (id.size() != id_letters) return std::nullopt;
  const auto [end, error] = std::from_chars(id.data(), id.data() + id.size(), bits, 16);
  if (error != std::errc() || end != id.data() + id.size()) return std::nullopt;
  auto left = static_cast<std::uint32_t>(bits >> half_bits), right = static_cast<std::uint32_t>(bits);
  for (unsigned round = rounds; round-- > 0;) {
    const std::uint32_t before = right ^ mixed(round, left);
    right = left;
    left = before;
  }
  const auto number = static_cast<std::int64_t>(std::uint64_t{left} << half_bits | right);
  if (number <= 0 || id_of(number) != id) return std::nullopt;
  return number;
}

}  // namespace vardbron::access
