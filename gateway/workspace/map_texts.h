#pragma once

// Tested by tests/system/app/authoring_command_test.cpp and tests/system/app/mistakes_test.cpp.

#include "gateway/base/result.h"
#include "gateway/fhir/definitions.h"
#include "gateway/mapping/syntax/syntax.h"

#include <deque>
#include <filesystem>
#include <string>
#include <vector>

namespace vardbron::workspace {

/// Parsed maps, not compiled.
struct MapTexts {
  std::deque<mapping::syntax::Map> maps;
  std::vector<Failure> failures;  ///< files that cannot be read or parsed

  std::vector<const mapping::syntax::Map*> pointers() const;
};

inline constexpr const char* no_map_in_folder = "There is no map in this folder: no .fml and no .map outside of cases.";

/// Files as given; below folders every .fml and .map, sorted. Folders named `cases` are left out.
std::vector<std::filesystem::path> map_files(const std::vector<std::string>& paths);
/// A file among `paths` may also be a StructureMap in JSON or XML.
MapTexts read_map_texts(const std::vector<std::string>& paths, const fhir::Definitions& definitions);

/// Messages: files as given; below folders each `input.*` of a case, and files that end in .json, .xml, .hl7, .csv in folders
/// without maps, models and code lists.
std::vector<std::filesystem::path> message_files(const std::vector<std::string>& paths);

/// Broken: the file cannot be written.
Result<void> write_file(const std::filesystem::path& file, std::string_view text);

}  // namespace vardbron::workspace
