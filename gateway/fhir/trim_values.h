#pragma once

#include "gateway/fhir/definitions.h"
#include "gateway/tree/document.h"

namespace vardbron::fhir {

/// Takes the white space from around codes, URIs, dates, ids and all other values of a resource but texts: it is no part of them
/// (XML Schema's whiteSpace "collapse", which FHIR's types have; FHIR R4 datatypes.html#primitive). Texts stay as they are.
void trim_values(tree::Document& resource, const Definitions& definitions);

}  // namespace vardbron::fhir
