#pragma once

// Tested by tests/mapping/run_test.cpp and tests/mapping/releases_test.cpp.

#include "gateway/fhir/definitions.h"
#include "gateway/mapping/compile/program.h"

#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace vardbron::mapping {

/// What a primitive's text means; selects among the types of value[x].
enum class Family : std::uint8_t { None, String, Integer, Decimal, Boolean, Date, DateTime, Time, Quantity };

Family family_of(const fhir::Definitions& definitions, fhir::TypeId type);
bool is_primitive(const fhir::Definitions& definitions, fhir::TypeId type);
/// "Patient", also for the Patient of another release, whose name in the definitions is its canonical.
std::string_view plain_name(const fhir::Definitions& definitions, fhir::TypeId type);

/// The variant as which a value of the type is written; nothing if the element cannot hold it. Type 0 fits if there is only one
/// variant. Exact type first, then a base type, then a primitive of the same family, then a wider one.
Index pick_variant(const fhir::Definitions& definitions, std::span<const ChoiceVariant> variants, fhir::TypeId type);

/// The FHIR type of a System value of this family: string, integer, decimal ..
fhir::TypeId type_of_family(const fhir::Definitions& definitions, Family family);

/// True for two FHIR types of two releases, which may be loaded together (map --batch).
bool are_of_two_releases(const fhir::Definitions& definitions, fhir::TypeId one, fhir::TypeId other);
/// "4.0", "5.0": the release of one of FHIR's types.
std::string release_of(const fhir::Definitions& definitions, fhir::TypeId type);
/// The type of the same name in the release of `in`, which is another one; 0 if there is none.
fhir::TypeId counterpart(const fhir::Definitions& definitions, fhir::TypeId type, fhir::TypeId in);
/// Elements of a type that its counterpart lacks, as paths: they cannot be copied.
std::vector<std::string> lacking_elements(const fhir::Definitions& definitions, fhir::TypeId from, fhir::TypeId to);

/// Element and choice names of a type, for "did you mean".
std::vector<std::string_view> element_names(const fhir::Definitions& definitions, fhir::TypeId type);

}  // namespace vardbron::mapping
