#pragma once

#include "gateway/base/result.h"

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace vardbron::net {

/// IP networks in the form of a configuration: "10.20.0.0/16", "127.0.0.1", "fd00:12::/32". An IPv4 address is the same address
/// in its mapped form (::ffff:10.20.0.1). A value.
class Networks {
 public:
  Networks() = default;  ///< none
  /// Invalid: one of the texts is no network.
  static Result<Networks> open(const std::vector<std::string>& texts);

  bool is_empty() const { return networks_.empty(); }
  /// False for anything but a literal address. A zone ("fe80::1%eth0") is ignored.
  bool hold(std::string_view address) const;

 private:
  struct Network {
    std::array<std::uint8_t, 16> bytes{};  // IPv4 in its mapped form, so that there is only one comparison
    unsigned bits = 0;
  };
  static Result<Network> parse(std::string_view text);
  static bool holds(const Network& network, const std::array<std::uint8_t, 16>& address);

  std::vector<Network> networks_;
};

/// The canonical form of an address (RFC 5952, and IPv4 with dots); nothing if the text is no literal address.
std::optional<std::string> canonical_address(std::string_view text);
/// The unit of fair shares: an IPv4 address, or the /64 of an IPv6 one, which is what one line is assigned; else the text.
std::string network_of(std::string_view address);

}  // namespace vardbron::net
