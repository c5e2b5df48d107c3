#include "gateway/workspace/refusals.h"

#include "gateway/fhir/check.h"
#include "gateway/workspace/print.h"

namespace vardbron::workspace {

std::vector<Failure> refusals_of(const BothReleases& releases, const Attempt& attempt, mapping::Faults& faults,
                                 const std::string& file) {
  const fhir::Definitions& definitions = releases.definitions;
  if (releases.other == nullptr && fhir::resource_type(definitions, tree::root(attempt.target)) != 0) {
    std::vector<fhir::Issue> issues = fhir::value_issues(attempt.target, definitions);
    mapping::keep_values_only(issues);
    mapping::add_output_faults(issues, attempt.map, attempt.message, attempt.environment, faults);
  }
  std::vector<Failure> refusals;
  for (const mapping::PlacedFault& fault : mapping::placed(faults, *attempt.message.document)) {
    const std::string at = fault.at.line == 0 ? "" : tree::to_string(fault.at);
    const std::string rule = fault.rule.empty() ? "" : " Rule: " + fault.rule + ".";
    refusals.push_back({Cause::Invalid, fault.says + rule, place_in(file, at)});
  }
  return refusals;
}

}  // namespace vardbron::workspace
