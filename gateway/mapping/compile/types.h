#pragma once

#include "gateway/fhir/definitions.h"
#include "gateway/mapping/compile/program.h"

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
Index pick_variant(const fhir::Definitions& definitions, std::span<const ChoiceVariant> variants, fhir::TypeId type);

/// The type of a System value of this family in FHIR's words: string, integer, decimal ..
fhir::TypeId type_of_family(const fhir::Definitions& definitions, Family family);

/// Whether both are FHIR's own, but of two releases, which map --batch and its like lay side by side.
bool are_of_two_releases(const fhir::Definitions& definitions, fhir::TypeId one, fhir::TypeId other);
/// "4.0", "5.0": the release of one of FHIR's types.
std::string release_of(const fhir::Definitions& definitions, fhir::TypeId type);
/// What a type is called in the release `in` is of, which is another one; 0 where that has none of the name.
fhir::TypeId counterpart(const fhir::Definitions& definitions, fhir::TypeId type, fhir::TypeId in);
/// Elements of a type that its counterpart lacks, as paths: what a copy of the whole cannot carry.
std::vector<std::string> lacking_elements(const fhir::Definitions& definitions, fhir::TypeId from, fhir::TypeId to);

/// Element and choice names of a type, for "did you mean".
std::vector<std::string_view> element_names(const fhir::Definitions& definitions, fhir::TypeId type);

}  // namespace vardbron::mapping
