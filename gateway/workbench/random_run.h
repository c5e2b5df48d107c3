#pragma once

#include "gateway/base/result.h"
#include "gateway/mapping/library.h"
#include "gateway/tree/document.h"
#include "gateway/workbench/assertion.h"
#include "gateway/workbench/case_run.h"
#include "gateway/workbench/generate.h"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace vardbron::workbench {

struct RandomOptions {
  std::size_t count = 100;
  std::uint64_t seed = 1;
  std::size_t failures_max = 3;  ///< it stops there; shrinking takes time
  GenerateOptions generate;
};

/// A generated message that fails, shrunk.
struct RandomFailure {
  std::uint64_t seed = 0;
  std::string says;     ///< of the shrunk message
  std::string message;  ///< JSON
};

struct RandomResult {
  std::size_t messages = 0;
  std::size_t refused = 0;  ///< by the map or the judge; no failure
  std::string refusal;      ///< one of them
  std::vector<RandomFailure> failures;
};

/// Runs generated messages through one map: it must not crash, each output must be valid FHIR, the same twice, and pass the
/// assertions. Unsupported: the map's source has no model to generate messages from.
Result<RandomResult> run_random(const mapping::Map& map, const TestEnvironment& test_environment,
                                std::span<const Assertion> assertions, const RandomOptions& options);

}  // namespace vardbron::workbench
