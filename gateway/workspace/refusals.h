#pragma once

// Tested by tests/mappings/refusal_test.cpp and tests/system/app/map_command_test.cpp.

#include "gateway/mapping/run/fault.h"
#include "gateway/workspace/load.h"

#include <string>
#include <vector>

namespace vardbron::workspace {

/// A failed run with its partial output.
struct Attempt {
  const mapping::Map& map;
  tree::Item message;
  const tree::Document& target;
  const mapping::Environment& environment;
};

/// All faults of a message, with values, in its order: "a.csv:2:3" and what to change there, with the rule.
std::vector<Failure> refusals_of(const BothReleases& releases, const Attempt& attempt, mapping::Faults& faults,
                                 const std::string& file);

}  // namespace vardbron::workspace
