#pragma once

#include "gateway/base/result.h"
#include "gateway/fhir/definitions.h"
#include "gateway/mapping/library.h"

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

/// What somebody meant who named something that is not there.
namespace vardbron::workspace {

/// Of a file that was named as a map.
inline constexpr const char* no_map_here =
    "This file holds no map; a map is a text (.fml, .map) or a StructureMap (.json, .xml), and is named before its inputs.";

/// "; did you mean 'Patient'?": the nearest of what is known, else those that hold what was given, three at most. "" when none is
/// like it.
std::string did_you_mean(std::string_view given, std::vector<std::string_view> known);

/// The same of the files that lie where this one was looked for.
std::string did_you_mean_file(const std::filesystem::path& file);

/// A model by url or name. NotFound: there is none; names those that are like it.
Result<fhir::TypeId> find_model(const fhir::Definitions& definitions, const std::string& asked);

/// Urls and names of the maps of a library.
std::vector<std::string_view> map_names(const mapping::Library& library);

/// Why a file or folder that was named to be read is not: nothing lies there (and what nearly does), or it cannot be opened.
/// NotFound, so that a command ends as refused: what is named to be read is input.
Failure unreadable(const std::filesystem::path& path);
/// The folder of an option, when one is given, must be one.
Result<void> check_folder(const std::filesystem::path& folder);

}  // namespace vardbron::workspace
