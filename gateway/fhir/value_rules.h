#pragma once

#include "gateway/fhir/definitions.h"
#include "gateway/tree/document.h"

#include <cstddef>
#include <span>
#include <string>
#include <vector>

namespace vardbron::fhir {

/// One rule for an element's value: [0] is the value itself, its parts follow in pre-order.
using ValueRule = std::span<const ValueNode>;

/// The rules of an element for the choice with the node's name ("valueCode"; any name if it is no choice).
std::vector<ValueRule> value_rules(const Element& element, tree::NameId called, const Definitions& definitions);

/// Index after the part at `at` and its descendants.
std::size_t end_of_part(ValueRule rule, std::size_t at);

/// Why an element violates a rule; "" if it does not. Quotes the definition, never the element. Source:
/// ElementDefinition.fixed[x] (exactly that), pattern[x] (at least that), minValue[x], maxValue[x], maxLength.
std::string objection_to(tree::Item element, ValueRule rule, const Definitions& definitions);

}  // namespace vardbron::fhir
