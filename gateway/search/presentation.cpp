#include "gateway/search/presentation.h"

#include "gateway/base/text.h"
#include "gateway/search/refusal.h"

#include <algorithm>
#include <array>
#include <utility>

namespace vardbron::search {

namespace {

constexpr std::array<std::pair<std::string_view, Summary>, 5> summaries{{{"false", Summary::False},
                                                                         {"true", Summary::True},
                                                                         {"text", Summary::Text},
                                                                         {"data", Summary::Data},
                                                                         {"count", Summary::Count}}};

Failure no_element(const fhir::Definitions& definitions, fhir::TypeId type, std::string_view name) {
  std::vector<std::string_view> known;
  for (const fhir::Element& element : definitions.elements(type)) known.push_back(definitions.names().text(element.name));
  const std::string_view near = nearest(name, known);
  std::string says = std::string(definitions.name(type)) + " has no such element at its first level.";
  if (!near.empty()) says += " Did you mean " + std::string(near) + "?";
  return invalid(std::move(says), "_elements");
}

}  // namespace

Failure Presentation::not_together() { return invalid("_summary and _elements are not asked for together.", "_elements"); }

Result<void> read_summary(std::string_view value, Presentation& into) {
  for (const auto& [name, summary] : summaries) {
    if (name != value) continue;
    into.summary = summary;
    return done();
  }
  return invalid("_summary is one of true, text, data, count and false.", "_summary");
}

Result<void> read_elements(const fhir::Definitions& definitions, fhir::TypeId type, std::string_view value, Presentation& into) {
  const std::string of_type = std::string(definitions.name(type)) + ".";
  for (std::string_view each : split(value, ',')) {
    std::string_view name = trim(each);
    if (name.empty()) return invalid("The names are separated by commas, and here one is empty.", "_elements");
    if (name.starts_with(of_type)) name.remove_prefix(of_type.size());
    if (name == "resourceType") continue;  // of JSON alone, and always there
    const fhir::Step step = definitions.step(type, definitions.names().find(name));
    if (!step) return no_element(definitions, type, name);
    const std::string element(definitions.names().text(step.element->name));
    if (std::find(into.elements.begin(), into.elements.end(), element) == into.elements.end()) into.elements.push_back(element);
  }
  return done();
}

}  // namespace vardbron::search
