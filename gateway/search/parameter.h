#pragma once

// Tested by tests/search/indexer_test.cpp and tests/search/parse_query_test.cpp.

#include "gateway/fhir/definitions.h"
#include "gateway/search/element_path.h"
#include "gateway/search/query.h"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace vardbron::search {

/// The kind of key of a search parameter; nullopt if its type (composite, special) or its way of matching (phonetic) is not
/// supported.
std::optional<KeyKind> key_kind(const fhir::SearchParameter& parameter);

/// _id and _lastUpdated: every store adds their keys.
bool is_known_by_store(std::string_view parameter);

/// Where the values of a parameter are.
struct ParameterPaths {
  KeyKind kind = KeyKind::Token;
  std::vector<ElementPath> paths;
  bool asks_presence = false;  ///< one value, a boolean: there is one that is not false (Patient.deceased)
};

/// nullopt: the parameter is not served. Without paths it is known by the store.
std::optional<ParameterPaths> compile_parameter(const fhir::Definitions& definitions, fhir::TypeId type,
                                                const fhir::SearchParameter& parameter);

/// Null: the type has no such parameter.
const fhir::SearchParameter* find_parameter(const fhir::Definitions& definitions, fhir::TypeId type, std::string_view code);

/// A parameter that searches of the type may use.
struct ServedParameter {
  std::string_view code;
  std::string_view type;  ///< "token", "date" ..
  KeyKind kind = KeyKind::Token;
};
std::vector<ServedParameter> served_parameters(const fhir::Definitions& definitions, std::string_view type);

/// Parameters of derived keys: what `code:text` and `identifier:of-type` are matched with.
std::string text_parameter(std::string_view code);     ///< its keys are of kind String
std::string of_type_parameter(std::string_view code);  ///< its keys are tokens: system of the type, "code of the type|value"

}  // namespace vardbron::search
