#pragma once

#include "gateway/base/result.h"
#include "gateway/exchange/stockholm.h"
#include "gateway/mapping/library.h"
#include "gateway/tree/document.h"
#include "gateway/workbench/case_run.h"

#include <cstddef>
#include <filesystem>
#include <vector>

namespace vardbron::workspace {

/// Maps tried as the gateway would run them: its readers, its civil time, and its own reader of notices as the judge.
/// The library outlives it, and so do the definitions of the other release where its maps stand on two.
class MapCheck {
 public:
  explicit MapCheck(const mapping::Library& library, const fhir::Definitions* other = nullptr);
  MapCheck(const MapCheck&) = delete;

  workbench::TestEnvironment& test_environment() { return test_environment_; }

 private:
  exchange::Stockholm zone_;
  workbench::TestEnvironment test_environment_;
};

/// Refuses a notice that gateway/care would not understand. Anything that is no notice is taken.
Result<void> judge_notice(const tree::Document& output);

/// Every case below the folder must pass; else what is wrong, one failure a finding, at most `failures_max`. Files are told by
/// where they lie below the folder, and the library's may be called so too.
/// Gives how many cases passed.
Result<std::size_t> check_maps(const mapping::Library& library, const std::filesystem::path& folder,
                               std::vector<Failure>& failures, std::size_t failures_max = 20);

}  // namespace vardbron::workspace
