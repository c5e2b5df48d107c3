#pragma once

#include "gateway/fhir/definitions.h"
#include "gateway/fhir/operation_outcome.h"
#include "gateway/tree/document.h"

#include <cstddef>
#include <vector>

namespace vardbron::fhir {

struct CheckOptions {
  bool bindings = true;          ///< required bindings, as far as the value set can be listed
  std::size_t issues_max = 100;  ///< then the check stops
};

/// What is wrong with the shape of a resource: unknown elements, cardinalities, lists and choices, the form of primitives, codes
/// of required bindings, targets of references, what a model fixes, its patterns and bounds. Profiles, invariants and slices are
/// another's work (validation). Empty when nothing is wrong. Never quotes a value, for values may be a patient's.
std::vector<Issue> check(const tree::Document& resource, const Definitions& definitions, CheckOptions options = {});
/// The same for one element of a known type: a datatype, a logical model.
std::vector<Issue> check(tree::Item element, TypeId type, const Definitions& definitions, CheckOptions options = {});

}  // namespace vardbron::fhir
