#include "gateway/net/destinations.h"

#include "gateway/base/check.h"
#include "gateway/base/text.h"

#include <boost/asio/ip/address.hpp>

#include <algorithm>
#include <optional>

namespace vardbron::net {

namespace {

using Bytes = std::array<std::uint8_t, 16>;
namespace asio = boost::asio;

// What IANA's special-purpose registries (RFC 6890 and its updates) do not call global, and what hides another address inside.
constexpr std::string_view not_public[] = {
    "0.0.0.0/8",    "10.0.0.0/8",     "100.64.0.0/10",  "127.0.0.0/8",   "169.254.0.0/16",  "172.16.0.0/12",  "192.0.0.0/24",
    "192.0.2.0/24", "192.88.99.0/24", "192.168.0.0/16", "198.18.0.0/15", "198.51.100.0/24", "203.0.113.0/24", "224.0.0.0/3",
    "::/96",        "64:ff9b::/96",   "64:ff9b:1::/48", "100::/64",      "2001::/23",       "2001:db8::/32",  "2002::/16",
    "3fff::/20",    "5f00::/16",      "fc00::/7",       "fe80::/10",     "fec0::/10",       "ff00::/8",       "::ffff:0:0:0/96",
};

std::optional<Bytes> parse_address(std::string_view text) {
  boost::system::error_code error;
  auto address = asio::ip::make_address(text, error);
  if (error) return std::nullopt;
  if (address.is_v6()) return address.to_v6().to_bytes();
  return asio::ip::make_address_v6(asio::ip::v4_mapped, address.to_v4()).to_bytes();
}

}  // namespace

Result<Destinations> Destinations::allowing(const std::vector<std::string>& networks) {
  Destinations made;
  for (const std::string& text : networks) {
    Result<Network> network = parse_network(text);
    if (!network) return std::move(network).failure();
    made.allowed_.push_back(*network);
  }
  return made;
}

bool Destinations::permits(std::string_view address) const {
  // A zone ("fe80::1%eth0") only exists on links we refuse anyway, and is not part of the number.
  std::optional<Bytes> bytes = parse_address(address.substr(0, address.find('%')));
  if (!bytes) return false;
  for (const Network& network : allowed_) {
    if (holds(network, *bytes)) return true;
  }
  return std::none_of(std::begin(not_public), std::end(not_public), [&bytes](std::string_view text) {
    Result<Network> network = parse_network(text);
    return holds(*network, *bytes);
  });
}

Result<Destinations::Network> Destinations::parse_network(std::string_view text) {
  std::size_t slash = text.find('/');
  std::optional<Bytes> bytes = parse_address(text.substr(0, slash));
  Failure not_a_network{Cause::Invalid, "This is not a network like 10.20.0.0/16 or fd00:12::/32: " + std::string(text), ""};
  if (!bytes) return not_a_network;
  bool is_v4 = text.find(':') == std::string_view::npos;
  std::int64_t bits_max = is_v4 ? 32 : 128;
  std::int64_t bits = bits_max;
  if (slash != std::string_view::npos) bits = parse_int(text.substr(slash + 1)).value_or(-1);
  if (bits < 0 || bits > bits_max) return not_a_network;
  return Network{*bytes, static_cast<unsigned>(is_v4 ? bits + 96 : bits)};
}

bool Destinations::holds(const Network& network, const Bytes& address) {
  unsigned whole = network.bits / 8;
  if (!std::equal(address.begin(), address.begin() + whole, network.bytes.begin())) return false;
  unsigned rest = network.bits % 8;
  if (rest == 0) return true;
  auto mask = static_cast<std::uint8_t>(0xFFu << (8 - rest));
  return (address[whole] & mask) == (network.bytes[whole] & mask);
}

}  // namespace vardbron::net
