#include "gateway/net/networks.h"

#include "gateway/base/text.h"

#include <arpa/inet.h>

#include <algorithm>

namespace vardbron::net {

namespace {

using Bytes = std::array<std::uint8_t, 16>;
constexpr std::array<std::uint8_t, 12> mapped{0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xFF, 0xFF};

std::string_view without_zone(std::string_view address) { return address.substr(0, address.find('%')); }

std::optional<Bytes> parse_address(std::string_view given) {
  const std::string text(given);
  Bytes bytes{};
  if (text.find('\0') != std::string::npos) return std::nullopt;
  if (inet_pton(AF_INET6, text.c_str(), bytes.data()) == 1) return bytes;
  std::copy(mapped.begin(), mapped.end(), bytes.begin());
  if (inet_pton(AF_INET, text.c_str(), bytes.data() + mapped.size()) == 1) return bytes;
  return std::nullopt;
}

bool is_v4(const Bytes& bytes) { return std::equal(mapped.begin(), mapped.end(), bytes.begin()); }

std::string text_of(const Bytes& bytes) {
  std::array<char, INET6_ADDRSTRLEN> text{};
  const char* written = is_v4(bytes) ? inet_ntop(AF_INET, bytes.data() + mapped.size(), text.data(), text.size())
                                     : inet_ntop(AF_INET6, bytes.data(), text.data(), text.size());
  return written == nullptr ? std::string() : std::string(written);
}

}  // namespace

Result<Networks> Networks::open(const std::vector<std::string>& texts) {
  Networks made;
  for (const std::string& text : texts) {
    Result<Network> network = parse(text);
    if (!network) return std::move(network).failure();
    made.networks_.push_back(*network);
  }
  return made;
}

bool Networks::hold(std::string_view address) const {
  const std::optional<Bytes> bytes = parse_address(without_zone(address));
  return bytes && std::any_of(networks_.begin(), networks_.end(), [&](const Network& each) { return holds(each, *bytes); });
}

Result<Networks::Network> Networks::parse(std::string_view text) {
  std::size_t slash = text.find('/');
  std::optional<Bytes> bytes = parse_address(text.substr(0, slash));
  Failure not_a_network{Cause::Invalid, "This is not a network like 10.20.0.0/16 or fd00:12::/32: " + std::string(text), ""};
  if (!bytes) return not_a_network;
  bool has_dots_only = text.find(':') == std::string_view::npos;
  std::int64_t bits_max = has_dots_only ? 32 : 128;
  std::int64_t bits = bits_max;
  if (slash != std::string_view::npos) bits = parse_int(text.substr(slash + 1)).value_or(-1);
  if (bits < 0 || bits > bits_max) return not_a_network;
  return Network{*bytes, static_cast<unsigned>(has_dots_only ? bits + 96 : bits)};
}

bool Networks::holds(const Network& network, const Bytes& address) {
  unsigned whole = network.bits / 8;
  if (!std::equal(address.begin(), address.begin() + whole, network.bytes.begin())) return false;
  unsigned rest = network.bits % 8;
  if (rest == 0) return true;
  auto mask = static_cast<std::uint8_t>(0xFFu << (8 - rest));
  return (address[whole] & mask) == (network.bytes[whole] & mask);
}

std::optional<std::string> canonical_address(std::string_view text) {
  const std::optional<Bytes> bytes = parse_address(text);
  if (!bytes) return std::nullopt;
  return text_of(*bytes);
}

std::string network_of(std::string_view address) {
  std::optional<Bytes> bytes = parse_address(without_zone(address));
  if (!bytes) return std::string(address);
  if (is_v4(*bytes)) return text_of(*bytes);
  std::fill(bytes->begin() + 8, bytes->end(), static_cast<std::uint8_t>(0));
  return text_of(*bytes) + "/64";
}

}  // namespace vardbron::net
