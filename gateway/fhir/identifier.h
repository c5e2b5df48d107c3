#pragma once

#include "gateway/tree/document.h"

#include <string>
#include <string_view>
#include <vector>

namespace vardbron::fhir {

/// A business identifier. A value.
struct Identifier {
  std::string system, value;

  auto operator<=>(const Identifier&) const = default;
  bool is_empty() const { return value.empty(); }
  std::string token() const { return system + "|" + value; }
};

Identifier read_identifier(tree::Item identifier);
/// The Identifiers with a value in an element `identifier` (or another name), in order.
std::vector<Identifier> identifiers_of(tree::Item resource, std::string_view name = "identifier");

}  // namespace vardbron::fhir
