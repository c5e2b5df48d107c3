#pragma once

// Tested by tests/system/app/mistakes_test.cpp and tests/app/config_test.cpp.

#include "gateway/base/result.h"
#include "gateway/fhir/definitions.h"
#include "gateway/mapping/library.h"

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

/// Suggestions for names that do not exist.
namespace vardbron::workspace {

/// For a file that was named as a map.
inline constexpr const char* no_map_here =
    "This file holds no map; a map is a text (.fml, .map) or a StructureMap (.json, .xml), and is named before its inputs.";

/// "; did you mean 'Patient'?": the most similar known names, else those that contain the given one, three at most. "" if there
/// are none.
std::string did_you_mean(std::string_view given, std::vector<std::string_view> known);

/// The same for the files in the folder of `file`.
std::string did_you_mean_file(const std::filesystem::path& file);

/// A model by url or name. NotFound: there is none; `says` has similar names.
Result<fhir::TypeId> find_model(const fhir::Definitions& definitions, const std::string& asked);

/// Urls and names of the maps of a library.
std::vector<std::string_view> map_names(const mapping::Library& library);

/// Why an input file or folder cannot be read: it does not exist (with similar names), or cannot be opened. NotFound, so that the
/// command ends with Refused: an input is at fault.
Failure unreadable(const std::filesystem::path& path);
/// NotFound: the folder of an option is given and does not exist.
Result<void> check_folder(const std::filesystem::path& folder);

}  // namespace vardbron::workspace
