#pragma once

#include <string>

namespace vardbron::http {

/// Why bytes are not taken for a message: the status to answer before closing, and a sentence for whoever sent them.
struct Refusal {
  unsigned status = 400;
  std::string says;
  bool operator==(const Refusal&) const = default;
};

}  // namespace vardbron::http
