#pragma once

// Tested by tests/rest/definitions_test.cpp.

#include "gateway/base/result.h"
#include "gateway/fhir/definitions.h"
#include "gateway/store/resource.h"

#include <functional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace vardbron::rest {

/// A definition and what it is searched by.
struct OwnDefinition {
  store::Resource resource;  ///< the body is compact, without a version
  std::string name;
  std::vector<std::string> urls;  ///< `url`; of a NamingSystem the values of its unique ids
};

/// The types of definitions that are served.
std::span<const std::string_view> definition_types();
bool is_definition_type(std::string_view type);
/// The search parameter for a definition's urls: "value" of a NamingSystem, which has no url. Source: FHIR R4 namingsystem.html.
std::string_view url_parameter(std::string_view type);

/// The definitions of fhir-profiles, which are in no store. Immutable, any thread.
class OwnDefinitions {
 public:
  /// `texts`: FHIR JSON; resources of other types are left out. Broken: one cannot be read.
  static Result<OwnDefinitions> read(std::span<const std::string> texts, const fhir::Definitions& definitions);

  /// Null: there is none.
  const OwnDefinition* find(std::string_view type, std::string_view id) const;
  /// Of a type, by id.
  std::vector<store::Resource> search(std::string_view type, const std::function<bool(const OwnDefinition&)>& fits) const;

 private:
  std::vector<OwnDefinition> all_;  ///< sorted by type and id
};

}  // namespace vardbron::rest
