#include "gateway/search/parameter.h"

#include <array>
#include <utility>

namespace vardbron::search {

namespace {

constexpr std::array<std::pair<std::string_view, KeyKind>, 7> kinds{{{"token", KeyKind::Token},
                                                                     {"reference", KeyKind::Reference},
                                                                     {"date", KeyKind::Date},
                                                                     {"string", KeyKind::String},
                                                                     {"uri", KeyKind::Uri},
                                                                     {"number", KeyKind::Number},
                                                                     {"quantity", KeyKind::Quantity}}};

// The only expressions of R4 that are conditions: "Patient.deceased.exists() and Patient.deceased != false".
std::optional<std::string_view> presence_of(std::string_view expression) {
  constexpr std::string_view exists = ".exists() and ", is_not_false = " != false";
  const std::string_view path = expression.substr(0, expression.find(exists));
  if (path.size() == expression.size()) return std::nullopt;
  const std::string_view rest = expression.substr(path.size() + exists.size());
  const bool is_presence =
      rest.size() == path.size() + is_not_false.size() && rest.starts_with(path) && rest.ends_with(is_not_false);
  return is_presence ? std::optional(path) : std::nullopt;
}

}  // namespace

std::optional<KeyKind> key_kind(const fhir::SearchParameter& parameter) {
  if (parameter.code == "phonetic") return std::nullopt;
  for (const auto& [type, kind] : kinds) {
    if (parameter.type == type) return kind;
  }
  return std::nullopt;
}

bool is_known_by_store(std::string_view parameter) { return parameter == "_id" || parameter == "_lastUpdated"; }

std::optional<ParameterPaths> compile_parameter(const fhir::Definitions& definitions, fhir::TypeId type,
                                                const fhir::SearchParameter& parameter) {
  const std::optional<KeyKind> kind = key_kind(parameter);
  if (!kind) return std::nullopt;
  if (is_known_by_store(parameter.code)) return ParameterPaths{*kind, {}, false};
  const std::optional<std::string_view> presence = presence_of(parameter.expression);
  std::optional<std::vector<ElementPath>> paths = compile_paths(definitions, type, presence.value_or(parameter.expression));
  if (!paths || paths->empty()) return std::nullopt;
  return ParameterPaths{*kind, *std::move(paths), presence.has_value()};
}

const fhir::SearchParameter* find_parameter(const fhir::Definitions& definitions, fhir::TypeId type, std::string_view code) {
  for (const fhir::SearchParameter& parameter : definitions.search_parameters(type)) {
    if (parameter.code == code) return &parameter;
  }
  return nullptr;
}

std::vector<ServedParameter> served_parameters(const fhir::Definitions& definitions, std::string_view type) {
  std::vector<ServedParameter> served;
  const fhir::TypeId id = definitions.find_type(type);
  for (const fhir::SearchParameter& parameter : definitions.search_parameters(id)) {
    const std::optional<ParameterPaths> paths = compile_parameter(definitions, id, parameter);
    if (paths) served.push_back({parameter.code, parameter.type, paths->kind});
  }
  return served;
}

std::string text_parameter(std::string_view code) { return std::string(code) + ":text"; }

std::string of_type_parameter(std::string_view code) { return std::string(code) + ":of-type"; }

}  // namespace vardbron::search
