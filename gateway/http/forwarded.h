#pragma once

#include "gateway/http/message.h"
#include "gateway/net/networks.h"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace vardbron::http {

/// The address for which each proxy forwarded a request, the first proxy first: as net::canonical_address writes them, without
/// port; "" where a proxy gives none (no `for`, `unknown`, an identifier such as `_hidden`).
using Nodes = std::vector<std::string>;

/// A value of `Forwarded`. Nothing: malformed, and then none of it counts. Source: RFC 7239, 4 and 6.
std::optional<Nodes> parse_forwarded(std::string_view value);

/// Who sent a request.
struct Origin {
  std::string address;
  bool is_malformed = false;  ///< the proxy's field cannot be parsed; `address` is the proxy's own
};

/// `peer` is the connection's other end. If it is no trusted proxy it is the origin, whatever the request says. Else the origin
/// is the last address for which a trusted proxy forwarded the request and that is no trusted proxy itself: everything before it
/// is from unknown sources. If a proxy gives no address, the origin is that proxy. `X-Forwarded-For`, which no document defines
/// (addresses with or without port and brackets, and `unknown`), has the same meaning. If both are present they must agree: with
/// a proxy that writes one of them and forwards the other unread, callers could choose their address.
Origin origin_of(const Fields& fields, std::string_view peer, const net::Networks& trusted_proxies);

}  // namespace vardbron::http
