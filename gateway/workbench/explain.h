#pragma once

#include "gateway/mapping/map.h"
#include "gateway/mapping/run/provenance.h"
#include "gateway/tree/document.h"

#include <cstdint>
#include <span>
#include <string>
#include <vector>

namespace vardbron::workbench {

/// Origin of one output element.
struct Explained {
  std::string path;   ///< "Bundle.entry[1].resource.gender"
  std::string value;  ///< shortened
  std::string file;   ///< of the rule; "" if no rule is known (resourceType)
  tree::Position rule_position;
  std::string rule;    ///< "patient/gender"
  std::string source;  ///< path in the message; "" if the value comes from none
  tree::Position source_position;
  std::string concept_map;
  std::uint32_t row = 0;  ///< of the concept map; 0 = none
};

/// One line for every value of the output, in its order. The documents must be those of the run that `provenance` recorded.
std::vector<Explained> explain(const mapping::Map& map, const mapping::Provenance& provenance, const tree::Document& source,
                               const tree::Document& output);

/// Columns: element, value, rule, source, concept map.
std::string explain_table(std::span<const Explained> all);
/// A list of objects {"path", "value", "rule": {..}, "source": {..}, "conceptMap": {..}}; unknown members are left out.
std::string explain_json(std::span<const Explained> all);

}  // namespace vardbron::workbench
