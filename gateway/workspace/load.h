#pragma once

#include "gateway/base/result.h"
#include "gateway/fhir/definitions.h"
#include "gateway/mapping/library.h"
#include "gateway/tree/document.h"
#include "gateway/workspace/releases.h"

#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace vardbron::workspace {

/// Files that belong to the program: share/ beside the folder of its executable.
std::filesystem::path share_folder();

/// NotFound: the file is not there (`says` tells what nearly is) or cannot be read. `-` reads standard input.
Result<std::string> read_file(const std::filesystem::path& file);

/// "" = the table beside the program.
Result<fhir::Definitions> load_definitions(const std::filesystem::path& table);

/// Maps and what they stand on. Heap-held, since maps point into it.
struct Workspace {
  explicit Workspace(fhir::Definitions table) : definitions(std::move(table)), library(definitions) {}
  fhir::Definitions definitions;
  std::optional<fhir::Definitions> other;  ///< of the other release, where a map names it
  mapping::Library library;

  BothReleases releases() const { return {library.definitions(), other ? &*other : nullptr}; }
};

/// The definitions, our models (share/models), and every map (.fml, .map, StructureMap), code list (.csv, ConceptMap) and model
/// below the folders; folders named `cases` are left out. Where a map lies there as text and as a resource, the text counts;
/// before all stands the `first` file. Where a map's `uses` name R4 and R5, it stands on both; without a table the base is the
/// release the `first` map says (releases_of), else R4. All failures are given together.
struct LoadedMaps {
  std::unique_ptr<Workspace> workspace;
  std::vector<Failure> failures;
};
/// What files are called in failures and rules: by their path, or by where they lie below their folder, since where that folder
/// lies on a server is nothing for those who are told of a mistake in a map.
enum class FileNames { AsGiven, BelowTheirFolder };
Result<LoadedMaps> load_maps(const std::filesystem::path& table, const std::vector<std::filesystem::path>& folders,
                             const std::filesystem::path& first = {}, FileNames names = FileNames::AsGiven);

/// What was laid into a library, so that the same thing in two spellings (JSON beside XML) counts once. "Type|url" of each.
using KnownDefinitions = std::set<std::string, std::less<>>;

/// Adds one file: FML text, a code list of four columns (.csv), or a resource as JSON or XML of whatever release:
/// StructureDefinition, ConceptMap, StructureMap, or a Bundle of them. Other resources are passed over, and so is what is known
/// already. A map with an empty url is kept.
Result<void> add_definitions(mapping::Library& library, const fhir::Definitions& definitions, const std::string& file,
                             std::string text, KnownDefinitions& known);
/// A map as FML text or as a StructureMap resource, JSON or XML.
Result<mapping::syntax::Map> read_map(const fhir::Definitions& definitions, const std::string& file, std::string text);

/// The folder a map lies in, which holds what it imports; told from here, like the map itself.
std::filesystem::path folder_of(const std::filesystem::path& map);

/// Files below a folder in the order of their names, those of folders called `cases` left out.
std::vector<std::filesystem::path> files_below(const std::filesystem::path& folder);

/// What an input is: by what was said of it (json, xml, hl7v2, csv, or a whole Content-Type), else by its file's name.
std::string content_type_of(const std::string& said, std::string_view file);
/// "" when that is one of these, else what is wrong with it.
std::string format_fault(const std::string& said);

/// mapping::read_source; what it tolerated is told on standard error when `file` is given. `model`: what the map takes, or 0.
Result<tree::Document> read_document(std::string body, std::string_view content_type, const fhir::Definitions& definitions,
                                     std::string_view file = {}, fhir::TypeId model = 0);

/// A resource, an instance of a logical model, or whatever else was read, as XML; the pretty one with its declaration.
Result<std::string> xml_text(const tree::Document& document, const fhir::Definitions& definitions, bool pretty);

}  // namespace vardbron::workspace
