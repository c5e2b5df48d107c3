#pragma once

#include "gateway/http/message.h"
#include "gateway/net/networks.h"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace vardbron::http {

/// For whom each proxy on the way passed a request on, the first one first: addresses as net::canonical_address writes them,
/// without port; "" where a proxy does not say (no `for`, `unknown`, an identifier such as `_hidden`).
using Nodes = std::vector<std::string>;

/// A value of `Forwarded`. Nothing: malformed, and then none of it counts. Source: RFC 7239, 4 and 6.
std::optional<Nodes> parse_forwarded(std::string_view value);

/// Who sent a request.
struct Origin {
  std::string address;
  bool is_malformed = false;  ///< what the proxy says cannot be believed; `address` is the proxy's own
};

/// `peer` is the connection's other end. Where it is no trusted proxy it is the origin, whatever the request says. Else the
/// origin is the last one for whom a trusted proxy passed the request on and that is no trusted proxy itself: what stands before
/// it was written by who knows whom. Where a proxy does not say, it is that proxy. `X-Forwarded-For`, which no document defines
/// (addresses with or without port and brackets, and `unknown`), says the same in other words. Where both are there they must
/// agree: a proxy that writes the one and passes the other on unread would let its callers choose their address.
Origin origin_of(const Fields& fields, std::string_view peer, const net::Networks& trusted_proxies);

}  // namespace vardbron::http
