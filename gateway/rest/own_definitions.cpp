#include "gateway/rest/own_definitions.h"

#include "gateway/formats/json/parse.h"
#include "gateway/formats/json/write.h"
#include "gateway/tree/children.h"

#include <algorithm>
#include <array>
#include <tuple>
#include <utility>

namespace vardbron::rest {

namespace {

constexpr std::array<std::string_view, 4> kinds_of_definition{"CodeSystem", "NamingSystem", "StructureDefinition", "ValueSet"};

}  // namespace

std::span<const std::string_view> definition_types() { return kinds_of_definition; }

bool is_definition_type(std::string_view type) {
  return std::find(kinds_of_definition.begin(), kinds_of_definition.end(), type) != kinds_of_definition.end();
}

std::string_view url_parameter(std::string_view type) { return type == "NamingSystem" ? "value" : "url"; }

Result<OwnDefinitions> OwnDefinitions::read(std::span<const std::string> texts, const fhir::Definitions& definitions) {
  OwnDefinitions made;
  for (const std::string& text : texts) {
    const Result<tree::Document> document = json::parse(text, definitions.names());
    if (!document)
      return Failure{Cause::Broken, "A definition cannot be read: " + document.failure().says, document.failure().where};
    const tree::Item root = tree::root(*document);
    if (!is_definition_type(root.text_of("resourceType"))) continue;
    OwnDefinition& one = made.all_.emplace_back();
    one.resource.type = root.text_of("resourceType");
    one.resource.id = root.text_of("id");
    one.resource.body = json::write(*document);  // compact, as all that is served
    one.name = root.text_of("name");
    if (const std::string_view url = root.text_of("url"); !url.empty()) one.urls.emplace_back(url);
    tree::for_each_child(root, "uniqueId", [&](tree::Item each) { one.urls.emplace_back(each.text_of("value")); });
  }
  std::sort(made.all_.begin(), made.all_.end(), [](const OwnDefinition& left, const OwnDefinition& right) {
    return std::tie(left.resource.type, left.resource.id) < std::tie(right.resource.type, right.resource.id);
  });
  return made;
}

const OwnDefinition* OwnDefinitions::find(std::string_view type, std::string_view id) const {
  for (const OwnDefinition& each : all_)
    if (each.resource.type == type && each.resource.id == id) return &each;
  return nullptr;
}

std::vector<store::Resource> OwnDefinitions::search(std::string_view type,
                                                    const std::function<bool(const OwnDefinition&)>& fits) const {
  std::vector<store::Resource> found;
  for (const OwnDefinition& each : all_)
    if (each.resource.type == type && fits(each)) found.push_back(each.resource);
  return found;
}

}  // namespace vardbron::rest
