#pragma once

#include "gateway/base/result.h"
#include "gateway/fhir/definitions.h"
#include "gateway/tree/document.h"

#include <string_view>

namespace vardbron::fhir {

/// Whether plain XML (formats/xml) is an instance of a logical model that names a namespace for it.
bool is_model_instance(const tree::Document& xml, const Definitions& definitions);

/// Such an instance becomes a tree as its model has it: an element with a primitive type takes its value from its text or, FHIR's
/// way, from its `value` attribute; lists are marked; names are those of the model. What the model does not know is kept as it
/// is. The plain document's names are the definitions'; `text` is what it was read from, for positions.
tree::Document from_model_xml(const tree::Document& xml, std::string_view text, const Definitions& definitions);

/// The way back: elements and attributes in the model's order, names, namespaces and texts as the model wants them; an element of
/// a primitive FHIR type has its value in the attribute `value`, a resource stands in an element called after it.
/// Invalid: the root's resourceType is no logical model, or an element is not of its model.
Result<tree::Document> to_model_xml(const tree::Document& instance, const Definitions& definitions);

}  // namespace vardbron::fhir
