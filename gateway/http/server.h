#pragma once

#include "gateway/base/clock.h"
#include "gateway/http/message.h"
#include "gateway/net/byte_stream.h"

namespace vardbron::http {

/// Serves one connection until it ends, an idle deadline passes or a request is malformed. Every request is read under
/// limits.h, checked by our own framing rules and only then parsed; answers go out in the order of the requests.
/// `stopping` is looked at between requests: true ends the connection after the running answer. `clock`, `handler`
/// and `stopping` outlive the connection.
Task<void> serve_connection(net::StreamPtr stream, const Handler& handler, Clock& clock, const bool& stopping);

}  // namespace vardbron::http
