#pragma once

#include "gateway/base/result.h"
#include "gateway/net/networks.h"

#include <string>
#include <string_view>
#include <vector>

namespace vardbron::net {

/// Addresses that this gateway may call. A subscription must not make it call the machine itself, its neighbours or a cloud's
/// metadata service: addresses that are not public are refused, unless their network is allowed by configuration. A value.
class Destinations {
 public:
  /// Public addresses only.
  Destinations() = default;
  /// Also these networks: "10.20.0.0/16", "127.0.0.1", "fd00:12::/32". Invalid: not a network.
  static Result<Destinations> allowing(const std::vector<std::string>& networks);

  /// `address` is a literal IPv4 or IPv6 address; anything else is refused.
  bool permits(std::string_view address) const;

 private:
  Networks allowed_;
};

}  // namespace vardbron::net
