#include "gateway/net/destinations.h"

#include <string>
#include <utility>
#include <vector>

namespace vardbron::net {

namespace {

// Ranges that IANA's special-purpose registries (RFC 6890 and its updates) do not call global, or that embed another address.
const Networks& not_public() {
  static const Networks networks = *Networks::open({
      "0.0.0.0/8",    "10.0.0.0/8",     "100.64.0.0/10",  "127.0.0.0/8",   "169.254.0.0/16",  "172.16.0.0/12",  "192.0.0.0/24",
      "192.0.2.0/24", "192.88.99.0/24", "192.168.0.0/16", "198.18.0.0/15", "198.51.100.0/24", "203.0.113.0/24", "224.0.0.0/3",
      "::/96",        "64:ff9b::/96",   "64:ff9b:1::/48", "100::/64",      "2001::/23",       "2001:db8::/32",  "2002::/16",
      "3fff::/20",    "5f00::/16",      "fc00::/7",       "fe80::/10",     "fec0::/10",       "ff00::/8",       "::ffff:0:0:0/96",
  });
  return networks;
}

}  // namespace

Result<Destinations> Destinations::allowing(const std::vector<std::string>& networks) {
  Result<Networks> allowed = Networks::open(networks);
  if (!allowed) return std::move(allowed).failure();
  Destinations made;
  made.allowed_ = *std::move(allowed);
  return made;
}

bool Destinations::permits(std::string_view address) const {
  if (allowed_.hold(address)) return true;
  const bool is_address = canonical_address(address.substr(0, address.find('%'))).has_value();
  return is_address && !not_public().hold(address);
}

}  // namespace vardbron::net
