#pragma once

// Tested by tests/search/compartment_test.cpp.

#include "gateway/base/result.h"
#include "gateway/search/query.h"

#include <span>
#include <string_view>

namespace vardbron::search {

/// The parameters by which resources of a type that is kept belong to the compartment of a Patient; none: they belong to none.
/// Source: R4 CompartmentDefinition/patient. The Patient itself is in it beside those that link to it.
std::span<const std::string_view> patient_parameters(std::string_view type);

/// The compartment of GET Patient/x/Type. Invalid: `owner` is no "Patient/id". Unsupported: another compartment, or a type that
/// is in none.
Result<Compartment> read_compartment(std::string_view owner, std::string_view type);

}  // namespace vardbron::search
