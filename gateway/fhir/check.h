#pragma once

#include "gateway/base/result.h"
#include "gateway/fhir/definitions.h"
#include "gateway/fhir/operation_outcome.h"
#include "gateway/tree/document.h"

#include <cstddef>
#include <span>
#include <vector>

namespace vardbron::fhir {

struct CheckOptions {
  bool bindings = true;          ///< required bindings whose value set can be listed
  bool rules = true;             ///< false: only unknown elements and malformed values
  bool positions = false;        ///< append positions, if the document keeps them: "Patient.active (3:14)"
  std::size_t issues_max = 100;  ///< the check stops there
};

/// Validates a resource against the definitions: unknown elements, cardinalities, lists and choices, the form of primitives,
/// codes of required bindings, targets of references, fixed values, patterns and bounds of models. No profiles, invariants or
/// slices. Empty if valid. Issues never quote a value, which may be patient data.
std::vector<Issue> check(const tree::Document& resource, const Definitions& definitions, CheckOptions options = {});
/// The same for one element of a known type, such as a datatype or a logical model.
std::vector<Issue> check(tree::Item element, TypeId type, const Definitions& definitions, CheckOptions options = {});

/// Checks that everything in a resource is an element of FHIR and every value has the form of its type: dates that exist,
/// numbers, narratives; no null without extensions, nothing empty. Invalid: one failure that names the first places.
Result<void> check_values(const tree::Document& resource, const Definitions& definitions);
/// The same, one issue per place.
std::vector<Issue> value_issues(const tree::Document& resource, const Definitions& definitions);
/// Several issues as one failure: `where` of the first, the next ones in the sentence.
Failure failure_of(std::span<const Issue> issues);

}  // namespace vardbron::fhir
