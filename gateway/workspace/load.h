#pragma once

// Tested by tests/system/app/map_command_test.cpp and tests/system/app/mistakes_test.cpp.

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

/// The program's data files: share/ beside the folder of its executable.
std::filesystem::path share_folder();

/// NotFound: the file does not exist (`says` has similar names) or cannot be read. `-` reads standard input.
Result<std::string> read_file(const std::filesystem::path& file);

/// "" = r4.table in share_folder(). Broken: as fhir::Definitions::open.
Result<fhir::Definitions> load_definitions(const std::filesystem::path& table);

/// Maps and their dependencies. Held on the heap, since maps refer to it.
struct Workspace {
  explicit Workspace(fhir::Definitions table) : definitions(std::move(table)), library(definitions) {}
  fhir::Definitions definitions;
  std::optional<fhir::Definitions> other;  ///< of the other release, if a map names it
  mapping::Library library;

  BothReleases releases() const { return {library.definitions(), other ? &*other : nullptr}; }
};

/// The definitions, our models (share/models), and every map (.fml, .map, StructureMap), code list (.csv, ConceptMap) and model
/// below the folders; folders named `cases` are left out. If a map exists as text and as a resource, the text is loaded; the
/// `first` file comes before all. A map whose `uses` name R4 and R5 gets both; without a table the base is the release of the
/// `first` map (releases_of), else R4. All failures are returned together.
struct LoadedMaps {
  std::unique_ptr<Workspace> workspace;
  std::vector<Failure> failures;
};
/// File names in failures and rules: by path, or relative to their folder, whose location on a server is not for those who read
/// the failures.
enum class FileNames { AsGiven, BelowTheirFolder };
Result<LoadedMaps> load_maps(const std::filesystem::path& table, const std::vector<std::filesystem::path>& folders,
                             const std::filesystem::path& first = {}, FileNames names = FileNames::AsGiven);

/// Definitions in a library as "Type|url", so that one in two formats (JSON beside XML) is added once.
using KnownDefinitions = std::set<std::string, std::less<>>;

/// Adds one file: FML text, a code list of four columns (.csv), or a resource as JSON or XML of any release: StructureDefinition,
/// ConceptMap, StructureMap, or a Bundle of them. Other resources and known definitions are skipped. A map with an empty url is
/// kept. Fails like mapping::parse, from_structure_map and Library.
Result<void> add_definitions(mapping::Library& library, const fhir::Definitions& definitions, const std::string& file,
                             std::string text, KnownDefinitions& known);
/// A map as FML text or as a StructureMap resource, JSON or XML. Fails like mapping::parse or from_structure_map.
Result<mapping::syntax::Map> read_map(const fhir::Definitions& definitions, const std::string& file, std::string text);

/// The folder of a map, which holds its imports; relative if `map` is.
std::filesystem::path folder_of(const std::filesystem::path& map);

/// Files below a folder in the order of their names, those of folders called `cases` left out.
std::vector<std::filesystem::path> files_below(const std::filesystem::path& folder);

/// Content type of an input: by `said` (json, xml, hl7v2, csv, or a whole Content-Type), else by the file's name.
std::string content_type_of(const std::string& said, std::string_view file);
/// "" if it is one of these, else what is wrong with it.
std::string format_fault(const std::string& said);

/// mapping::read_source; tolerated deviations are printed on standard error if `file` is given. `model`: the map's source type,
/// or 0.
Result<tree::Document> read_document(std::string body, std::string_view content_type, const fhir::Definitions& definitions,
                                     std::string_view file = {}, fhir::TypeId model = 0);

/// Any document as XML: a resource, an instance of a logical model, or other; the pretty form has an XML declaration.
/// Invalid: malformed markup in a `div`, or as to_xml and to_model_xml. Unsupported: a name that XML cannot hold.
Result<std::string> xml_text(const tree::Document& document, const fhir::Definitions& definitions, bool pretty);

}  // namespace vardbron::workspace
