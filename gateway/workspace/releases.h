#pragma once

// Tested by tests/system/app/map_command_test.cpp and tests/system/authoring/map_batch_models_test.cpp.

#include "gateway/base/result.h"
#include "gateway/fhir/definitions.h"
#include "gateway/mapping/library.h"
#include "gateway/mapping/syntax/syntax.h"
#include "gateway/tree/document.h"

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

namespace vardbron::workspace {

/// FHIR releases of a map, each "r4" or "r5".
struct Releases {
  std::string base;  ///< of the types without a release in their canonical
  std::string source, target;
};

/// Releases by `asked`, else by the map's `uses`: that of its sources, of its targets, else R4.
Releases releases_of(const mapping::syntax::Map& map, std::string asked = {});

/// Type of the map's first source; 0 if it declares none.
fhir::TypeId first_source(const mapping::Map& map);

/// The definitions table of a release in the program's data folder.
std::filesystem::path table_of(const std::filesystem::path& share, std::string_view release);

/// Adds the types of another release to the library, under canonicals that name it.
Result<void> load_release(mapping::Library& library, const fhir::Definitions& other, const fhir::Definitions& base);

/// Definitions of the library and, for maps between two releases, those of the other one. FHIR XML needs the definitions of its
/// own release, JSON is the same for all.
struct BothReleases {
  const fhir::Definitions& definitions;      ///< of the library, with both
  const fhir::Definitions* other = nullptr;  ///< of the other release alone

  /// A message for a map whose source is of the type (0 = unknown); as read_document.
  Result<tree::Document> read(std::string body, std::string_view content_type, fhir::TypeId source,
                              std::string_view file = {}) const;
  /// The same for a message of unknown release: XML of one need not be XML of the other, so both are tried.
  Result<tree::Document> read_of_either(std::string body, std::string_view content_type, fhir::TypeId model = 0) const;
  /// As xml_text, for the output of a map to that type.
  Result<std::string> xml(const tree::Document& document, fhir::TypeId target, bool pretty) const;
  /// Violations of the target's own model in the output of a map to that type (0 = unknown): "Patient.birthDate: The value ..",
  /// at most limits::result_warnings_max; if there are more, the last one is a note of that.
  std::vector<std::string> warnings(const tree::Document& result, fhir::TypeId target) const;

 private:
  const fhir::Definitions& of(fhir::TypeId type) const;
  Result<tree::Document> in_library(Result<tree::Document> document) const;
};

}  // namespace vardbron::workspace
