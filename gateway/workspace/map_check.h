#pragma once

// Tested by tests/mappings/cases_test.cpp.

#include "gateway/base/result.h"
#include "gateway/exchange/stockholm.h"
#include "gateway/fhir/definitions.h"
#include "gateway/mapping/library.h"
#include "gateway/tree/document.h"
#include "gateway/workbench/case_run.h"

#include <cstddef>
#include <filesystem>
#include <vector>

namespace vardbron::workspace {

/// Test environment as in the gateway: its readers, its civil time, and its reader of notices as the judge. The library must
/// outlive it, and so must the definitions of the other release, if any.
class MapCheck {
 public:
  explicit MapCheck(const mapping::Library& library, const fhir::Definitions* other = nullptr);
  MapCheck(const MapCheck&) = delete;

  workbench::TestEnvironment& test_environment() { return test_environment_; }

 private:
  exchange::Stockholm zone_;
  workbench::TestEnvironment test_environment_;
};

/// Invalid: a notice that gateway/care cannot read. Anything that is no notice is accepted.
Result<void> judge_notice(const tree::Document& output);

/// Runs every case below the folder. `failures` gets the findings, at most `failures_max`, with files relative to the folder, as
/// the library's may be. `other`: as for MapCheck. Returns the number of passed cases.
Result<std::size_t> check_maps(const mapping::Library& library, const fhir::Definitions* other,
                               const std::filesystem::path& folder, std::vector<Failure>& failures,
                               std::size_t failures_max = 20);

}  // namespace vardbron::workspace
