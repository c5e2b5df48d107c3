#pragma once

#include "gateway/http/message.h"
#include "gateway/http/refusal.h"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>

namespace vardbron::http {

/// How many bytes follow a head, as the head says.
struct Framing {
  bool chunked = false;
  std::optional<std::uint64_t> length;  ///< none and not chunked: no body in a request, up to the end in an answer
};

/// The head of a request that nobody can read in two ways. Source: RFC 9112; where it leaves a choice, the strict one.
struct RequestHead {
  std::string method;
  std::string target;  ///< origin form, or "*"
  Fields fields;
  Framing framing;
  bool keep_alive = true;
  bool expects_continue = false;
};

/// `head` ends with its empty line, and each line in it ends in CR LF (see HeadScanner).
std::variant<RequestHead, Refusal> parse_request_head(std::string_view head);

struct ResponseHead {
  unsigned status = 0;
  Fields fields;
  Framing framing;
  bool keep_alive = true;
};

std::variant<ResponseHead, Refusal> parse_response_head(std::string_view head);

}  // namespace vardbron::http
