#pragma once

#include "gateway/http/head.h"
#include "gateway/http/inbox.h"

#include <optional>
#include <string>
#include <variant>

namespace vardbron::http {

/// How long a body may take: all of it until `until`. One that a stranger sends must also not be slower than
/// limits::body_rate_bytes_per_s_min, counted from `start`.
struct BodyPace {
  std::optional<Instant> start;
  Deadline until;
};

struct BodyRequest {
  Framing framing;
  std::size_t bytes_max = 0;
  BodyPace pace;
};

/// The whole body, or why there is none: a Refusal when the bytes are at fault, a Failure when the connection is.
Task<std::variant<std::string, Refusal, Failure>> read_body(Inbox& inbox, BodyRequest request);

}  // namespace vardbron::http
