#pragma once

#include "gateway/fhir/definitions.h"
#include "gateway/tree/document.h"

namespace vardbron::fhir {

/// Trims white space around the values of a resource except in texts: it is not part of codes, URIs, dates, ids and others (XML
/// Schema's whiteSpace "collapse", which FHIR's types have; FHIR R4 datatypes.html#primitive).
void trim_values(tree::Document& resource, const Definitions& definitions);

}  // namespace vardbron::fhir
