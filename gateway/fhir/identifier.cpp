#include "gateway/fhir/identifier.h"

namespace vardbron::fhir {

Identifier read_identifier(tree::Item identifier) {
  return {std::string(identifier.text_of("system")), std::string(identifier.text_of("value"))};
}

std::vector<Identifier> identifiers_of(tree::Item resource, std::string_view name) {
  std::vector<Identifier> found;
  for (tree::Item each = resource.child(name); each; each = each.next()) {
    if (each.name_text() != name) continue;
    Identifier identifier = read_identifier(each);
    if (!identifier.is_empty()) found.push_back(std::move(identifier));
  }
  return found;
}

Identifier find_identifier(tree::Item resource, std::string_view system) {
  for (Identifier& each : identifiers_of(resource))
    if (each.system == system) return std::move(each);
  return {};
}

Identifier parse_token(std::string_view text) {
  std::size_t bar = text.find('|');
  if (bar == std::string_view::npos) return {"", std::string(text)};
  return {std::string(text.substr(0, bar)), std::string(text.substr(bar + 1))};
}

}  // namespace vardbron::fhir
