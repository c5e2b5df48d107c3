#include "gateway/app/load.h"

#include "gateway/formats/json/parse.h"
#include "gateway/mapping/source.h"

#include <algorithm>
#include <fstream>
#include <iostream>
#include <iterator>
#include <sstream>
#include <system_error>

namespace vardbron::app {

namespace {

namespace fs = std::filesystem;

// Sorted, so that two machines load in the same order and report the same failure first.
std::vector<fs::path> files_below(const fs::path& folder) {
  std::vector<fs::path> files;
  std::error_code error;
  for (fs::recursive_directory_iterator at(folder, error), end; !error && at != end; at.increment(error)) {
    if (at->is_directory() && at->path().filename() == "cases") at.disable_recursion_pending();
    if (at->is_regular_file()) files.push_back(at->path());
  }
  std::sort(files.begin(), files.end());
  return files;
}

Result<void> add_resource(Workroom& room, const fs::path& file, std::string text) {
  Result<tree::Document> document = json::parse(std::move(text), room.definitions.names());
  if (!document)
    return Failure{document.failure().cause, document.failure().says, file.string() + ":" + document.failure().where};
  const std::string_view type = tree::root(*document).text_of("resourceType");
  const std::string_view kind = tree::root(*document).text_of("kind");
  if (type != "ConceptMap" && (type != "StructureDefinition" || kind != "logical")) return done();
  return room.library.add_resource(file.string(), std::move(*document));
}

// A code list is known by "ConceptMap/<file name>".
Result<void> add_file(Workroom& room, const fs::path& file) {
  const std::string type = file.extension().string();
  if (type != ".fml" && type != ".map" && type != ".csv" && type != ".json") return done();
  Result<std::string> text = read_file(file);
  if (!text) return std::move(text).failure();
  if (type == ".json") return add_resource(room, file, std::move(*text));
  if (type == ".csv") return room.library.add_codes("ConceptMap/" + file.stem().string(), file.string(), std::move(*text));
  return room.library.add_map(file.string(), std::move(*text));
}

}  // namespace

std::filesystem::path share_folder() {
  std::error_code error;
  fs::path program = fs::read_symlink("/proc/self/exe", error);
  return program.parent_path().parent_path() / "share";
}

Result<std::string> read_file(const std::filesystem::path& file) {
  if (file == "-") return std::string(std::istreambuf_iterator<char>(std::cin), {});
  std::error_code error;
  if (fs::is_directory(file, error)) return Failure{Cause::NotFound, "This is a folder; a file is needed.", file.string()};
  std::ifstream stream(file, std::ios::binary);
  if (!stream) return Failure{Cause::NotFound, "The file cannot be read.", file.string()};
  std::ostringstream text;
  text << stream.rdbuf();
  return std::move(text).str();
}

Result<fhir::Definitions> load_definitions(const std::filesystem::path& table) {
  return fhir::Definitions::open(table.empty() ? share_folder() / "r4.table" : table);
}

Result<LoadedMaps> load_maps(const std::filesystem::path& table, const std::vector<std::filesystem::path>& folders) {
  Result<fhir::Definitions> definitions = load_definitions(table);
  if (!definitions) return std::move(definitions).failure();
  LoadedMaps loaded{std::make_unique<Workroom>(std::move(*definitions)), {}};
  std::vector<fs::path> all{share_folder() / "models"};
  all.insert(all.end(), folders.begin(), folders.end());
  for (const fs::path& folder : all) {
    for (const fs::path& file : files_below(folder)) {
      Result<void> added = add_file(*loaded.room, file);
      if (!added) loaded.failures.push_back(std::move(added).failure());
    }
  }
  std::vector<Failure> failures = loaded.room->library.build();
  loaded.failures.insert(loaded.failures.end(), failures.begin(), failures.end());
  return loaded;
}

Result<tree::Document> read_document(std::string body, std::string_view content_type, const fhir::Definitions& definitions,
                                     std::string_view file) {
  std::vector<std::string> notes;
  Result<tree::Document> document = mapping::read_source(content_type, std::move(body), definitions, &notes);
  if (file.empty()) return document;
  for (const std::string& note : notes) std::cerr << file << ": " << note << "\n";
  return document;
}

}  // namespace vardbron::app
