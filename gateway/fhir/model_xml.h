#pragma once

#include "gateway/base/result.h"
#include "gateway/fhir/definitions.h"
#include "gateway/tree/document.h"

#include <string_view>

namespace vardbron::fhir {

/// True if plain XML (formats/xml) is an instance of a logical model with that namespace.
bool is_model_instance(const tree::Document& xml, const Definitions& definitions);

/// Converts such an instance to the tree of its model: an element with a primitive type takes its value from its text or, as in
/// FHIR, from its `value` attribute; lists are marked; names are those of the model. Unknown elements are kept. The plain
/// document must use the definitions' names; `text` is its source, for positions.
tree::Document from_model_xml(const tree::Document& xml, std::string_view text, const Definitions& definitions);

/// The inverse: elements and attributes in the model's order, with its names and namespaces; an element of a primitive FHIR type
/// has its value in the attribute `value`, a resource is wrapped in an element of its name. Invalid: the root's resourceType is
/// no logical model, or an element is not in the model.
Result<tree::Document> to_model_xml(const tree::Document& instance, const Definitions& definitions);

}  // namespace vardbron::fhir
