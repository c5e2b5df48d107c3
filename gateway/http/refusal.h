#pragma once

#include "gateway/http/message.h"

#include <cstddef>
#include <functional>
#include <string>

namespace vardbron::http {

/// Why bytes are refused as a message: the status to answer before closing, and a sentence for the sender.
struct Refusal {
  unsigned status = 400;
  std::string says;
  bool operator==(const Refusal&) const = default;
};

inline Refusal body_too_large(std::size_t bytes_max) {
  return {413, "A body has at most " + std::to_string(bytes_max) + " bytes."};
}

/// Makes the answer of a refusal. `head` is the request without its body; empty when not even its head could be read.
using Refuser = std::function<Response(Request head, Refusal refusal)>;

}  // namespace vardbron::http
