#include "gateway/search/place.h"

#include "gateway/base/text.h"
#include "gateway/search/refusal.h"
#include "gateway/search/served.h"

#include <algorithm>
#include <optional>
#include <string>
#include <utility>

namespace vardbron::search {

namespace {

constexpr std::string_view has_mark = "_has:";

// CarePlan.subject.where(resolve() is Patient): every value is of that type, whatever the parameter declares.
std::string_view resolved_type(const ParameterPaths& paths) {
  std::string_view type;
  for (const ElementPath& path : paths.paths) {
    const std::string_view own = path.steps.back().resolves_to;
    if (own.empty() || (!type.empty() && own != type)) return {};
    type = own;
  }
  return type;
}

class PlaceFinder {
 public:
  PlaceFinder(const fhir::Definitions& definitions, std::string_view whole) : definitions_(definitions), whole_(whole) {}

  Result<void> find(fhir::TypeId type, std::string_view rest) {
    if (rest.starts_with(has_mark)) return follow_back(type, rest.substr(has_mark.size()));
    const std::size_t dot = rest.find('.');
    if (dot == std::string_view::npos) return end_at(type, rest);
    return follow(type, rest.substr(0, dot), rest.substr(dot + 1));
  }

  std::vector<Place> places;

 private:
  Result<void> end_at(fhir::TypeId type, std::string_view rest) {
    const std::string_view code = rest.substr(0, rest.find(':'));
    const fhir::SearchParameter* parameter = find_parameter(definitions_, type, code);
    if (parameter == nullptr) return unknown_parameter(definitions_, type, code, whole_);
    std::optional<ParameterPaths> paths = compile_parameter(definitions_, type, *parameter);
    if (!paths) return unsupported("This search parameter is not offered.", whole_);
    if (places.size() >= chain_places_max) {
      return Failure{Cause::TooLarge, "The references may be of too many types: name them, as in subject:Patient.identifier.",
                     shown(whole_)};
    }
    Place place{steps_, type, parameter, *std::move(paths), {}, code.size() < rest.size()};
    if (place.has_modifier) place.modifier = rest.substr(code.size() + 1);
    places.push_back(std::move(place));
    return done();
  }

  // reference[:Type].rest
  Result<void> follow(fhir::TypeId type, std::string_view head, std::string_view rest) {
    if (steps_.size() >= chain_steps_max) return too_long();
    const std::string_view code = head.substr(0, head.find(':'));
    Result<ReferenceParameter> found = find_reference(definitions_, type, code, whole_);
    if (!found) return std::move(found).failure();
    std::vector<std::string_view> targets = kept_targets(*found->parameter, found->paths);
    if (code.size() < head.size()) {
      const std::string_view target = head.substr(code.size() + 1);
      if (Result<void> fits = check_target(*found, target); !fits) return fits;
      targets = {target};
    }
    if (targets.empty()) {
      return unsupported("This gateway keeps none of the resources that " + std::string(code) + " refers to.", whole_);
    }
    return follow_each(code, targets, rest);
  }

  Result<void> follow_each(std::string_view code, const std::vector<std::string_view>& targets, std::string_view rest) {
    std::optional<Failure> first;
    const std::size_t before = places.size();
    for (std::string_view target : targets) {
      steps_.push_back({std::string(code), std::string(target), false});
      Result<void> found = find(definitions_.find_type(target), rest);
      steps_.pop_back();
      if (!found && found.failure().cause == Cause::TooLarge) return found;
      if (!found && !first) first = std::move(found).failure();
    }
    if (places.size() > before) return done();
    if (targets.size() > 1 && first->cause == Cause::Invalid) {
      return invalid("None of the types that " + std::string(code) + " may refer to has this parameter.", whole_);
    }
    return *std::move(first);
  }

  Result<void> check_target(const ReferenceParameter& reference, std::string_view target) const {
    if (!is_resource_type(definitions_, target)) return invalid("After the colon stands a resource type.", whole_);
    if (!may_refer_to(*reference.parameter, reference.paths, target)) {
      return invalid("The parameter never refers to a resource of this type.", whole_);
    }
    Result<fhir::TypeId> kept = find_kept_type(definitions_, target, whole_);
    return kept ? done() : Result<void>(std::move(kept).failure());
  }

  // _has:Type:reference:rest
  Result<void> follow_back(fhir::TypeId type, std::string_view rest) {
    if (steps_.size() >= chain_steps_max) return too_long();
    const std::size_t first = rest.find(':');
    const std::size_t second = first == std::string_view::npos ? first : rest.find(':', first + 1);
    if (second == std::string_view::npos) return invalid("It is written _has:Type:reference:parameter.", whole_);
    const std::string_view source = rest.substr(0, first), code = rest.substr(first + 1, second - first - 1);
    Result<fhir::TypeId> from = find_kept_type(definitions_, source, whole_);
    if (!from) return std::move(from).failure();
    Result<ReferenceParameter> found = find_reference(definitions_, *from, code, whole_);
    if (!found) return std::move(found).failure();
    if (!may_refer_to(*found->parameter, found->paths, definitions_.name(type))) {
      return invalid(
          "This reference of " + std::string(source) + " never refers to a " + std::string(definitions_.name(type)) + ".",
          whole_);
    }
    steps_.push_back({std::string(code), std::string(source), true});
    Result<void> ended = find(*from, rest.substr(second + 1));
    steps_.pop_back();
    return ended;
  }

  Failure too_long() const { return unsupported("A chain has at most three steps.", whole_); }

  const fhir::Definitions& definitions_;
  std::string_view whole_;
  std::vector<ChainStep> steps_;
};

}  // namespace

Result<std::vector<Place>> find_places(const fhir::Definitions& definitions, fhir::TypeId type, std::string_view name) {
  PlaceFinder finder(definitions, name);
  if (Result<void> found = finder.find(type, name); !found) return std::move(found).failure();
  return std::move(finder.places);
}

std::vector<std::string_view> kept_targets(const fhir::SearchParameter& parameter, const ParameterPaths& paths) {
  std::vector<std::string_view> kept;
  for (std::string_view type : served()) {
    if (may_refer_to(parameter, paths, type)) kept.push_back(type);
  }
  return kept;
}

bool may_refer_to(const fhir::SearchParameter& parameter, const ParameterPaths& paths, std::string_view target) {
  const std::string_view only = resolved_type(paths);
  if (!only.empty()) return only == target;
  const std::vector<std::string_view> targets = split(parameter.targets, ' ');
  return parameter.targets.empty() || std::find(targets.begin(), targets.end(), target) != targets.end();
}

Result<ReferenceParameter> find_reference(const fhir::Definitions& definitions, fhir::TypeId type, std::string_view code,
                                          std::string_view shown_name) {
  ReferenceParameter found;
  found.parameter = find_parameter(definitions, type, code);
  if (found.parameter == nullptr) return unknown_parameter(definitions, type, code, shown_name);
  std::optional<ParameterPaths> paths = compile_parameter(definitions, type, *found.parameter);
  if (!paths) return unsupported("This search parameter is not offered.", shown_name);
  if (paths->kind != KeyKind::Reference) {
    return invalid("This parameter of " + std::string(definitions.name(type)) + " is no reference.", shown_name);
  }
  found.paths = *std::move(paths);
  return found;
}

Result<fhir::TypeId> find_kept_type(const fhir::Definitions& definitions, std::string_view type, std::string_view shown_name) {
  if (!is_resource_type(definitions, type)) return invalid("There is no such resource type.", shown_name);
  if (is_served(type)) return definitions.find_type(type);
  return unsupported("This gateway keeps no " + std::string(type) + "; /fhir/metadata lists what it keeps.", shown_name);
}

std::vector<KeptReference> kept_references(const fhir::Definitions& definitions) {
  std::vector<KeptReference> references;
  for (std::string_view type : served()) {
    const fhir::TypeId id = definitions.find_type(type);
    for (const fhir::SearchParameter& parameter : definitions.search_parameters(id)) {
      const std::optional<ParameterPaths> paths = compile_parameter(definitions, id, parameter);
      if (!paths || paths->kind != KeyKind::Reference) continue;
      KeptReference reference{type, parameter.code, kept_targets(parameter, *paths)};
      if (!reference.targets.empty()) references.push_back(std::move(reference));
    }
  }
  return references;
}

bool is_resource_type(const fhir::Definitions& definitions, std::string_view type) {
  const fhir::TypeId found = definitions.find_type(type);
  return found != 0 && definitions.kind(found) == fhir::TypeKind::Resource && !definitions.is_abstract(found) &&
         definitions.name(found) == type;
}

Failure unknown_parameter(const fhir::Definitions& definitions, fhir::TypeId type, std::string_view code,
                          std::string_view shown_name) {
  std::vector<std::string_view> known;
  for (const fhir::SearchParameter& parameter : definitions.search_parameters(type)) known.push_back(parameter.code);
  const std::string_view near = nearest(code, known);
  std::string says = std::string(definitions.name(type)) + " has no such search parameter.";
  if (!near.empty()) says += " Did you mean " + std::string(near) + "?";
  return invalid(std::move(says), shown_name);
}

}  // namespace vardbron::search
