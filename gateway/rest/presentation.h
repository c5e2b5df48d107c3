#pragma once

// Tested by tests/rest/presentation_test.cpp.

#include "gateway/fhir/definitions.h"
#include "gateway/search/presentation.h"
#include "gateway/store/store.h"

#include <span>
#include <string>
#include <string_view>

namespace vardbron::rest {

/// A resource, FHIR JSON, as a search shows it: with the elements that are asked for, those of its type that must be there, those
/// that change what others mean, and the tag SUBSETTED. _summary=true takes the summary elements at every level. Source: FHIR R4
/// search.html 3.1.1.5.8, 3.1.1.5.9. What cannot be read is returned as it is.
std::string present(std::string_view body, const search::Presentation& presentation, const fhir::Definitions& definitions);

/// In place; those that are only included are not cut to _elements, which are of the searched type.
void present(std::span<store::Resource> resources, const search::Presentation& presentation,
             const fhir::Definitions& definitions);
void present_included(std::span<store::Resource> resources, const search::Presentation& presentation,
                      const fhir::Definitions& definitions);

}  // namespace vardbron::rest
