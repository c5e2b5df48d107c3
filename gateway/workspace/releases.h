#pragma once

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

/// The releases of FHIR a map stands on, each "r4" or "r5".
struct Releases {
  std::string base;  ///< that of the types without a release in their canonical
  std::string source, target;
};

/// What is not asked for, the map's `uses` say: the release of its sources, of its targets, and where they name none, R4.
Releases releases_of(const mapping::syntax::Map& map, std::string asked = {});

/// Type of the map's first source; 0 where it does not say.
fhir::TypeId first_source(const mapping::Map& map);

/// The table of a release in the folder that belongs to the program.
std::filesystem::path table_of(const std::filesystem::path& share, std::string_view release);

/// Lays the types of another release beside those of `base`, under canonicals that name it.
Result<void> lay_release(mapping::Library& library, const fhir::Definitions& other, const fhir::Definitions& base);

/// Definitions and, where maps stand on two releases, those of the other one. XML of FHIR takes the definitions of its own
/// release, as JSON it is the same for all.
struct BothReleases {
  const fhir::Definitions& definitions;      ///< of the library, with both
  const fhir::Definitions* other = nullptr;  ///< of the other release alone

  /// A message for a map whose source is of the type (0 = unknown); as read_document.
  Result<tree::Document> read(std::string body, std::string_view content_type, fhir::TypeId source,
                              std::string_view file = {}) const;
  /// The same where nobody says which release the message is of: XML of one need not be XML of the other, so both are tried.
  Result<tree::Document> read_of_either(std::string body, std::string_view content_type, fhir::TypeId model = 0) const;
  /// As xml_text: what a map to the type has made.
  Result<std::string> xml(const tree::Document& document, fhir::TypeId target, bool pretty) const;
  /// What the target's own model refuses in the result of a map to the type (0 = unknown): "Patient.birthDate: The value ..", at
  /// most limits::result_warnings_max, the last one says when there is more.
  std::vector<std::string> warnings(const tree::Document& result, fhir::TypeId target) const;

 private:
  const fhir::Definitions& of(fhir::TypeId type) const;
  Result<tree::Document> in_library(Result<tree::Document> document) const;
};

}  // namespace vardbron::workspace
