#pragma once

// Tested by tests/system/app/own_definitions_test.cpp.

#include "gateway/base/result.h"
#include "gateway/fhir/definitions.h"
#include "gateway/rest/own_definitions.h"

namespace vardbron::app {

/// What SUSHI made of fhir-profiles: share/models beside the program. Without that folder there are none. Broken: a file of it is
/// no FHIR.
Result<rest::OwnDefinitions> load_own_definitions(const fhir::Definitions& definitions);

}  // namespace vardbron::app
