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
  bool bindings = true;          ///< required bindings, as far as the value set can be listed
  bool rules = true;             ///< false: only that all elements are known and that what stands in them is a value
  bool positions = false;        ///< where the document keeps them, a place gets them behind it: "Patient.active (3:14)"
  std::size_t issues_max = 100;  ///< then the check stops
};

/// What is wrong with the shape of a resource: unknown elements, cardinalities, lists and choices, the form of primitives, codes
/// of required bindings, targets of references, what a model fixes, its patterns and bounds. Profiles, invariants and slices are
/// another's work (validation). Empty when nothing is wrong. Never quotes a value, for values may be a patient's.
std::vector<Issue> check(const tree::Document& resource, const Definitions& definitions, CheckOptions options = {});
/// The same for one element of a known type: a datatype, a logical model.
std::vector<Issue> check(tree::Item element, TypeId type, const Definitions& definitions, CheckOptions options = {});

/// That everything in a resource is an element of FHIR and every value has the form of its type: dates that exist, numbers,
/// narratives; no null without extensions, nothing empty. Invalid: one failure that names the first places.
Result<void> check_values(const tree::Document& resource, const Definitions& definitions);
/// The same, each place for itself.
std::vector<Issue> value_issues(const tree::Document& resource, const Definitions& definitions);
/// Several issues as one failure: the first with its place, the next ones in its sentence.
Failure failure_of(std::span<const Issue> issues);

}  // namespace vardbron::fhir
