#pragma once

#include "gateway/http/message.h"

#include <cstddef>
#include <functional>
#include <string>

namespace vardbron::http {

/// Why bytes are not taken for a message: the status to answer before closing, and a sentence for whoever sent them.
struct Refusal {
  unsigned status = 400;
  std::string says;
  bool operator==(const Refusal&) const = default;
};

inline Refusal body_too_large(std::size_t bytes_max) {
  return {413, "A body has at most " + std::to_string(bytes_max) + " bytes."};
}

/// Words a refusal as an answer. `head` is the request without its body; empty when not even its head could be read.
using Refuser = std::function<Response(Request head, Refusal refusal)>;

}  // namespace vardbron::http
