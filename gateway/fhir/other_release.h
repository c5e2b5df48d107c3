#pragma once

// Tested by tests/mapping/releases_test.cpp.

#include "gateway/base/result.h"
#include "gateway/fhir/definitions.h"
#include "gateway/tree/document.h"

#include <string>
#include <string_view>
#include <vector>

namespace vardbron::fhir {

/// "http://hl7.org/fhir/5.0/StructureDefinition/Patient" is the Patient of that release.
struct ReleaseOfCanonical {
  std::string_view release;  ///< "5.0"; "" if the canonical names none
  std::string_view type;     ///< "Patient"
};
/// For canonicals of FHIR's types; empty for others.
ReleaseOfCanonical release_of_canonical(std::string_view canonical);
/// The canonical of a type in a release: "4.0", "Patient". R4B's types are R4's.
std::string canonical_in_release(std::string_view release, std::string_view type);

/// Types of one release as structures to add to the definitions of another, under canonicals that name the release, for maps
/// between releases. Primitive types are those of `base` if it has them. The documents use the names of `base`.
std::vector<tree::Document> structures_of_other_release(const Definitions& other, const Definitions& base);

}  // namespace vardbron::fhir
