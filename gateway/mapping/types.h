#pragma once

#include "gateway/fhir/definitions.h"
#include "gateway/mapping/program.h"

#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace vardbron::mapping {

/// What a primitive's texts mean, so that a value finds its place among the types of value[x].
enum class Family : std::uint8_t { None, String, Integer, Decimal, Boolean, Date, DateTime, Time, Quantity };

Family family_of(const fhir::Definitions& definitions, fhir::TypeId type);
bool is_primitive(const fhir::Definitions& definitions, fhir::TypeId type);
/// "Patient", also of the Patient of another release, whose name in the definitions is its canonical.
std::string_view plain_name(const fhir::Definitions& definitions, fhir::TypeId type);

/// The spelling under which a value of the type is written; nothing when the element cannot hold it. Type 0 fits where there
/// is one choice only. Exact type first, then a base type, then a primitive of the same family, then a wider one.
Index pick_spelling(const fhir::Definitions& definitions, std::span<const Spelling> spellings, fhir::TypeId type);

/// The type of a System value of this family in FHIR's words: string, integer, decimal ..
fhir::TypeId type_of_family(const fhir::Definitions& definitions, Family family);

/// Element and choice names of a type, for "did you mean".
std::vector<std::string_view> element_names(const fhir::Definitions& definitions, fhir::TypeId type);

}  // namespace vardbron::mapping
