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

}  // namespace vardbron::fhir
