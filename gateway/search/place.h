#pragma once

// Tested by tests/search/place_test.cpp.

#include "gateway/base/result.h"
#include "gateway/fhir/definitions.h"
#include "gateway/search/parameter.h"
#include "gateway/search/query.h"

#include <cstddef>
#include <string_view>
#include <vector>

namespace vardbron::search {

inline constexpr std::size_t chain_steps_max = 3;
inline constexpr std::size_t chain_places_max = 32;  ///< of one parameter, whose references may each have several types

/// A parameter of the resources that are searched, or of those that steps lead to.
struct Place {
  std::vector<ChainStep> steps;
  fhir::TypeId type = 0;
  const fhir::SearchParameter* parameter = nullptr;
  ParameterPaths paths;
  std::string_view modifier;  ///< without colon; a view into the name
  bool has_modifier = false;
};

/// Reads the name of a parameter: code[:modifier], reference[:Type].name, _has:Type:reference:name; at most chain_steps_max
/// steps. A reference that may have several types, without :Type, leads to a place for each that is kept and has the parameter.
/// Source: R4 search.html 3.1.1.4.17, 3.1.1.4.18. Invalid: the type has no such parameter. Unsupported: it is not served.
/// TooLarge: more than chain_places_max.
Result<std::vector<Place>> find_places(const fhir::Definitions& definitions, fhir::TypeId type, std::string_view name);

/// The types that are kept and that a reference parameter may refer to.
std::vector<std::string_view> kept_targets(const fhir::SearchParameter& parameter, const ParameterPaths& paths);
/// True if it may refer to resources of that type, kept or not.
bool may_refer_to(const fhir::SearchParameter& parameter, const ParameterPaths& paths, std::string_view target);

/// Its failures, and those of the functions below, have the place `shown_name`.
struct ReferenceParameter {
  const fhir::SearchParameter* parameter = nullptr;
  ParameterPaths paths;
};
Result<ReferenceParameter> find_reference(const fhir::Definitions& definitions, fhir::TypeId type, std::string_view code,
                                          std::string_view shown_name);
/// Invalid: no resource type. Unsupported: no resource of it is kept.
Result<fhir::TypeId> find_kept_type(const fhir::Definitions& definitions, std::string_view type, std::string_view shown_name);
/// A reference parameter of a kept type that may refer to kept ones.
struct KeptReference {
  std::string_view type, parameter;
  std::vector<std::string_view> targets;
};
std::vector<KeptReference> kept_references(const fhir::Definitions& definitions);

bool is_resource_type(const fhir::Definitions& definitions, std::string_view type);
Failure unknown_parameter(const fhir::Definitions& definitions, fhir::TypeId type, std::string_view code,
                          std::string_view shown_name);

}  // namespace vardbron::search
