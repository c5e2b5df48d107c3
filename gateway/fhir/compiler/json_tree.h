#pragma once

// Tested by tests/fhir/definitions_test.cpp and tests/fhir/v2_conversion_test.cpp.

#include "gateway/base/result.h"
#include "gateway/tree/document.h"

#include <filesystem>

namespace vardbron::fhir {

/// Reads a file of the definitions package. Narrative is left out. Broken: it cannot be read, or is not JSON.
Result<tree::Document> read_json_tree(const std::filesystem::path& file, const tree::Names& names);

/// The same for a script with one assignment of an object: `var segments = {..};`.
Result<tree::Document> read_script_tree(const std::filesystem::path& file, const tree::Names& names);

}  // namespace vardbron::fhir
