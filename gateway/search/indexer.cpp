#include "gateway/search/indexer.h"

#include "gateway/search/element_path.h"
#include "gateway/search/key_values.h"
#include "gateway/search/parameter.h"

#include <algorithm>
#include <optional>
#include <string>
#include <unordered_map>

namespace vardbron::search {

/// One path of one parameter.
struct IndexWay {
  std::string_view parameter;
  std::string_view implied_system;
  ElementPath path;
  AddKeys add = nullptr;
};

struct Indexer::Plan {
  const fhir::Definitions* definitions = nullptr;
  std::unordered_map<fhir::TypeId, std::vector<IndexWay>> ways;
};

namespace {

// A plain `code` has no system; it is that of the value set it is bound to, if all of its codes come from one.
std::string_view implied_system(const fhir::Definitions& definitions, const fhir::Element& element) {
  if (element.value_set == 0 || element.binding != fhir::BindingStrength::Required) return {};
  Result<std::span<const fhir::Code>> codes = definitions.value_set(definitions.text(element.value_set));
  if (!codes || codes->empty()) return {};
  std::string_view system = codes->front().system;
  bool one = std::all_of(codes->begin(), codes->end(), [&](const fhir::Code& code) { return code.system == system; });
  return one ? system : std::string_view();
}

std::vector<IndexWay> ways_of(const fhir::Definitions& definitions, fhir::TypeId type, std::span<const Served> served) {
  std::vector<IndexWay> ways;
  for (const fhir::SearchParameter& parameter : definitions.search_parameters(type)) {
    std::optional<KeyKind> kind = key_kind(parameter);
    if (!kind || is_known_by_store(parameter.code)) continue;
    if (!served.empty() && !is_served(served, definitions.name(type), parameter.code)) continue;
    std::optional<std::vector<ElementPath>> paths = compile_paths(definitions, type, parameter.expression);
    if (!paths) continue;
    for (ElementPath& path : *paths) {
      AddKeys add = keys_of(*kind, definitions.name(path.type));
      if (add == nullptr) continue;
      std::string_view system = *kind == KeyKind::Token ? implied_system(definitions, *path.element) : std::string_view();
      ways.push_back({parameter.code, system, std::move(path), add});
    }
  }
  return ways;
}

}  // namespace

Indexer::Indexer(const fhir::Definitions& definitions, std::span<const Served> served) {
  auto plan = std::make_unique<Plan>();
  plan->definitions = &definitions;
  for (fhir::TypeId type : definitions.all_types()) {
    if (definitions.kind(type) != fhir::TypeKind::Resource || definitions.is_abstract(type)) continue;
    plan->ways.emplace(type, ways_of(definitions, type, served));
  }
  plan_ = std::move(plan);
}

Indexer::Indexer(Indexer&&) noexcept = default;
Indexer& Indexer::operator=(Indexer&&) noexcept = default;
Indexer::~Indexer() = default;

std::vector<Key> Indexer::keys(tree::Item resource) const {
  std::vector<Key> keys;
  auto found = plan_->ways.find(fhir::resource_type(*plan_->definitions, resource));
  if (found == plan_->ways.end()) return keys;
  for (const IndexWay& way : found->second) {
    auto add = [&](tree::Item value) { way.add(way.parameter, way.implied_system, value, keys); };
    walk(way.path, resource, 0, add);
  }
  return keys;
}

bool Indexer::serves(std::string_view resource_type, std::string_view parameter) const {
  if (is_known_by_store(parameter)) return true;
  auto found = plan_->ways.find(plan_->definitions->find_type(resource_type));
  if (found == plan_->ways.end()) return false;
  return std::any_of(found->second.begin(), found->second.end(), [&](const IndexWay& way) { return way.parameter == parameter; });
}

}  // namespace vardbron::search
