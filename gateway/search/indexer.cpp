#include "gateway/search/indexer.h"

#include "gateway/search/key_values.h"
#include "gateway/search/parameter.h"

#include <algorithm>
#include <cstdint>
#include <optional>
#include <string>
#include <unordered_map>

namespace vardbron::search {

namespace {

/// One path of one parameter.
struct IndexWay {
  ElementPath path;
  KeySource source;
  AddKeys add = nullptr;
};

/// A parameter that asks whether there is a value that is not false.
struct PresenceWay {
  std::string_view parameter;
  std::vector<ElementPath> paths;
};

struct TypeWays {
  std::vector<IndexWay> values;
  std::vector<PresenceWay> presences;
};

// A plain `code` has no system; it is that of the value set it is bound to, if all of its codes come from one.
std::string_view implied_system(const fhir::Definitions& definitions, const fhir::Element& element) {
  if (element.value_set == 0 || element.binding != fhir::BindingStrength::Required) return {};
  Result<std::span<const fhir::Code>> codes = definitions.value_set(definitions.text(element.value_set));
  if (!codes || codes->empty()) return {};
  std::string_view system = codes->front().system;
  bool one = std::all_of(codes->begin(), codes->end(), [&](const fhir::Code& code) { return code.system == system; });
  return one ? system : std::string_view();
}

TypeWays ways_of(const fhir::Definitions& definitions, fhir::TypeId type) {
  TypeWays ways;
  for (const fhir::SearchParameter& parameter : definitions.search_parameters(type)) {
    std::optional<ParameterPaths> found = compile_parameter(definitions, type, parameter);
    if (!found || found->paths.empty()) continue;
    if (found->asks_presence) {
      ways.presences.push_back({parameter.code, std::move(found->paths)});
      continue;
    }
    for (ElementPath& path : found->paths) {
      AddKeys add = keys_of(found->kind, definitions.name(path.type));
      if (add == nullptr) continue;
      KeySource source{parameter.code, {}, {}, {}};
      if (found->kind == KeyKind::Token) {
        source.implied_system = implied_system(definitions, *path.element);
        source.of_type_parameter = of_type_parameter(parameter.code);
      }
      source.text_parameter = text_parameter(parameter.code);
      ways.values.push_back({std::move(path), std::move(source), add});
    }
  }
  return ways;
}

/// Which elements a resource has: most of its parameters are about one that it has not.
class ElementNames {
 public:
  explicit ElementNames(tree::Item resource) {
    for (tree::Item child = resource.first_child(); child; child = child.next()) bits_ |= bit_of(child.name());
  }
  /// False: the resource has no element of the path's first name. True: it may have one.
  bool may_begin(const ElementPath& path) const { return path.steps.empty() || (bits_ & bit_of(path.steps.front().name)) != 0; }

 private:
  static std::uint64_t bit_of(tree::NameId name) { return std::uint64_t{1} << (name & 63); }
  std::uint64_t bits_ = 0;
};

bool is_present(const PresenceWay& way, tree::Item resource) {
  bool found = false;
  for (const ElementPath& path : way.paths) {
    walk(path, resource, 0, [&](tree::Item value) { found = found || value.text() != "false"; });
  }
  return found;
}

}  // namespace

struct Indexer::Plan {
  const fhir::Definitions* definitions = nullptr;
  std::unordered_map<fhir::TypeId, TypeWays> ways;
};

Indexer::Indexer(const fhir::Definitions& definitions, std::span<const std::string_view> types) {
  auto plan = std::make_unique<Plan>();
  plan->definitions = &definitions;
  for (fhir::TypeId type : definitions.all_types()) {
    if (definitions.kind(type) != fhir::TypeKind::Resource || definitions.is_abstract(type)) continue;
    const bool is_wanted = types.empty() || std::find(types.begin(), types.end(), definitions.name(type)) != types.end();
    plan->ways.emplace(type, is_wanted ? ways_of(definitions, type) : TypeWays{});
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
  constexpr std::size_t usual_keys = 24;
  keys.reserve(usual_keys);
  const ElementNames names(resource);
  for (const IndexWay& way : found->second.values) {
    if (!names.may_begin(way.path)) continue;
    walk(way.path, resource, 0, [&](tree::Item value) { way.add(way.source, value, keys); });
  }
  for (const PresenceWay& way : found->second.presences) {
    add_boolean(way.parameter, is_present(way, resource), keys);
  }
  return keys;
}

bool Indexer::serves(std::string_view resource_type, std::string_view parameter) const {
  if (is_known_by_store(parameter)) return true;
  auto found = plan_->ways.find(plan_->definitions->find_type(resource_type));
  if (found == plan_->ways.end()) return false;
  const TypeWays& ways = found->second;
  auto is_value = [&](const IndexWay& way) { return way.source.parameter == parameter; };
  auto is_presence = [&](const PresenceWay& way) { return way.parameter == parameter; };
  return std::any_of(ways.values.begin(), ways.values.end(), is_value) ||
         std::any_of(ways.presences.begin(), ways.presences.end(), is_presence);
}

}  // namespace vardbron::search
