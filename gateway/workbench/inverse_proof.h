#pragma once

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

/// Elements that do not come back.
struct Loss {
  std::string path;  ///< without places in lists: "patient.adress.gata"
  std::size_t count = 0;
  std::string example;
  std::string why;  ///< with the rule's file:line
};

/// What became of a map's inverse when it was tried.
struct Proof {
  Inverse inverse;
  std::string text;                                         ///< the inverse map as FML
  std::size_t messages = 0;                                 ///< that the map took
  std::size_t refused = 0;                                  ///< that it did not take
  std::size_t whole = 0;                                    ///< that came back without any loss
  std::size_t elements = 0;                                 ///< values of all messages the map took
  std::size_t returned = 0;                                 ///< of those, values that came back as they were
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

/// Turns the map round, maps every message there and back, and takes out of the inverse each rule that wrote what was not there
/// before, until nothing wrong comes back. What is left is proven on these messages. Invalid: nothing is left that compiles.
Result<Proof> prove(const ProofInput& input);

}  // namespace vardbron::workbench
