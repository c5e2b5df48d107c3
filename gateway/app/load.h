#pragma once

#include "gateway/base/result.h"
#include "gateway/fhir/definitions.h"
#include "gateway/mapping/library.h"
#include "gateway/tree/document.h"

#include <filesystem>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace vardbron::app {

/// Files that belong to the program: share/ beside the folder of its executable.
std::filesystem::path share_folder();

/// Broken: the file is not there or cannot be read. `-` reads standard input.
Result<std::string> read_file(const std::filesystem::path& file);

/// "" = the table beside the program.
Result<fhir::Definitions> load_definitions(const std::filesystem::path& table);

/// Maps and what they stand on. Heap-held, since maps point into it.
struct Workroom {
  explicit Workroom(fhir::Definitions table) : definitions(std::move(table)), library(definitions) {}
  fhir::Definitions definitions;
  mapping::Library library;
};

/// The definitions, our models (share/models), and every map (.fml, .map), code list (.csv) and model (.json) below the folders;
/// folders named `cases` are left out. All failures are given together.
struct LoadedMaps {
  std::unique_ptr<Workroom> room;
  std::vector<Failure> failures;
};
Result<LoadedMaps> load_maps(const std::filesystem::path& table, const std::vector<std::filesystem::path>& folders);

/// mapping::read_source; what it tolerated is told on standard error when `file` is given.
Result<tree::Document> read_document(std::string body, std::string_view content_type, const fhir::Definitions& definitions,
                                     std::string_view file = {});

}  // namespace vardbron::app
