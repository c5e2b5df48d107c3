#pragma once

#include "gateway/fhir/definitions.h"
#include "gateway/tree/document.h"

#include <cstddef>
#include <span>
#include <string>
#include <vector>

namespace vardbron::fhir {

/// What one rule says of an element's value: [0] is the value itself, its parts follow in pre-order.
using ValueRule = std::span<const ValueNode>;

/// The rules of an element that hold for the choice a node is called by ("valueCode"; any name where there is no choice).
std::vector<ValueRule> value_rules(const Element& element, tree::NameId called, const Definitions& definitions);

/// Behind the part at `at` and all that is below it.
std::size_t end_of_part(ValueRule rule, std::size_t at);

/// Why an element does not keep to a rule; "" when it does. Quotes what the definition says, never the element.
/// Source: ElementDefinition.fixed[x] (exactly that), pattern[x] (at least that), minValue[x], maxValue[x], maxLength.
std::string objection_to(tree::Item element, ValueRule rule, const Definitions& definitions);

}  // namespace vardbron::fhir
