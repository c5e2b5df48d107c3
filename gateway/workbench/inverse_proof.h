#pragma once

// Tested by tests/workbench/inverse_test.cpp.

#include "gateway/base/result.h"
#include "gateway/fhir/definitions.h"
#include "gateway/mapping/map.h"
#include "gateway/mapping/syntax/syntax.h"
#include "gateway/tree/document.h"
#include "gateway/workbench/inverse.h"

#include <cstddef>
#include <map>
#include <span>
#include <string>
#include <vector>

namespace vardbron::workbench {

/// Elements that are lost.
struct Loss {
  std::string path;  ///< without indexes: "patient.adress.gata"
  std::size_t count = 0;
  std::string example;
  std::string why;  ///< with the rule's file:line
};

/// Result of prove().
struct Proof {
  Inverse inverse;
  std::string text;                                         ///< the inverse map as FML
  std::size_t messages = 0;                                 ///< accepted by the map
  std::size_t refused = 0;                                  ///< refused by the map
  std::size_t whole = 0;                                    ///< restored without loss
  std::size_t elements = 0;                                 ///< values of all accepted messages
  std::size_t returned = 0;                                 ///< of those, values that were restored
  std::map<std::string, std::size_t, std::less<>> written;  ///< how often each rule of the inverse wrote, by Verdict::name
  std::vector<Loss> losses;
};

struct ProofInput {
  const mapping::syntax::Map& map;
  const mapping::Map& forward;  ///< the same, compiled
  const fhir::Definitions& definitions;
  const std::vector<tree::Document>& messages;
  const mapping::CivilZone* zone = nullptr;
  std::span<const mapping::syntax::Map* const> others{};  ///< maps it may import
};

/// Inverts the map, maps every message there and back, and removes from the inverse each rule that wrote a value that was not
/// there before, until none is wrong. The rest is proven on these messages. Invalid: no rest that compiles.
Result<Proof> prove(const ProofInput& input);

}  // namespace vardbron::workbench
