#pragma once

// Tested by tests/http/guard_test.cpp.

#include "gateway/http/refusal.h"

#include <cstdint>
#include <string_view>
#include <variant>

namespace vardbron::http {

/// The length of a request's body according to its head.
struct Framing {
  bool chunked = false;
  std::uint64_t length = 0;  ///< when it is not chunked
};

/// The framing of a head that cannot be read in two ways, or why the head is refused. `head` ends with its empty line, and each
/// line in it ends in CR LF (see HeadScanner). Source: RFC 9110, 9112; where they leave a choice, the strict one.
std::variant<Framing, Refusal> check_request_head(std::string_view head);

}  // namespace vardbron::http
