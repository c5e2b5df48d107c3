// Tested by tests/mapping/compile_test.cpp and tests/mapping/releases_test.cpp.

#include "gateway/base/text.h"
#include "gateway/fhir/other_release.h"
#include "gateway/fhir/xsi_type.h"
#include "gateway/mapping/compile/compiler.h"
#include "gateway/mapping/compile/types.h"

#include <algorithm>

namespace vardbron::mapping {

Index Compiler::text(std::string_view text) {
  auto known = texts_.find(text);
  if (known != texts_.end()) return known->second;
  Index index = static_cast<Index>(program_->texts.size());
  program_->texts.emplace_back(text);
  texts_.emplace(std::string(text), index);
  return index;
}

NameRef Compiler::name_ref(std::string_view name) { return {definitions_.names().find(name), text(name)}; }

std::string Compiler::name_of(fhir::TypeId type) const {
  return type == 0 ? "an unknown type" : std::string(definitions_.name(type));
}

std::span<const ChoiceVariant> Compiler::variants(Range range) const {
  return {program_->variants.data() + range.first, range.count};
}

/// Canonicals may carry a business version, and those of FHIR's types the release in the url, http://hl7.org/fhir/5.0/.. ; R4B's
/// types count as R4's.
fhir::TypeId Compiler::find_canonical(std::string_view canonical) const {
  canonical = canonical.substr(0, canonical.find('|'));
  if (fhir::TypeId type = definitions_.find_type(canonical)) return type;
  if (std::string_view type = loader_.profiled_type(canonical); !type.empty()) return definitions_.find_type(type);
  const fhir::ReleaseOfCanonical named = fhir::release_of_canonical(canonical);
  if (named.release.empty()) return 0;
  if (fhir::TypeId other = definitions_.find_type(fhir::canonical_in_release(named.release, named.type))) return other;
  const fhir::TypeId own = definitions_.find_type("http://hl7.org/fhir/StructureDefinition/" + std::string(named.type));
  // Primitive types are the same in all releases.
  const bool is_ours = named.release == definitions_.version().substr(0, 3) || is_primitive(definitions_, own);
  return is_ours ? own : 0;
}

/// A type by its plain name.
fhir::TypeId Compiler::find_fhir_type(const syntax::Map& map, std::string_view name, bool is_target) const {
  for (const syntax::Uses& uses : map.uses) {
    const bool is_of_target = uses.mode == syntax::ModelMode::Target || uses.mode == syntax::ModelMode::Produced;
    const std::string_view release = fhir::release_of_canonical(uses.canonical.text).release;
    if (is_of_target != is_target || release.empty()) continue;
    if (fhir::TypeId type = definitions_.find_type(fhir::canonical_in_release(release, name))) return type;
  }
  return definitions_.find_type(name);
}

Failure Compiler::not_loaded(const syntax::Map& map, const syntax::Uses& uses) const {
  const std::string_view release = fhir::release_of_canonical(uses.canonical.text).release;
  const bool is_missing = !release.empty() && release != "4.0" && release != "5.0";
  return {Cause::Invalid,
          "the model '" + uses.canonical.text + "' is not loaded; " +
              (is_missing ? "of FHIR's releases there are 4.0 (with 4.3) and 5.0: " : "") +
              "lay its StructureDefinition beside the map",
          map.where(uses.canonical.offset)};
}

Result<fhir::TypeId> Compiler::find_type(const syntax::Map& map, const syntax::Name& name, bool is_target) {
  if (!name) return fhir::TypeId{0};
  for (const syntax::Uses& uses : map.uses) {
    fhir::TypeId type = find_canonical(uses.canonical.text);
    bool named = uses.alias ? uses.alias.text == name.text : type != 0 && plain_name(definitions_, type) == name.text;
    if (!named) continue;
    if (type != 0 || options_.unknown_models_are_untyped) return type;
    // A logical model of the same name under another url is taken.
    if (fhir::TypeId same = definitions_.find_type(name.text); same != 0 && definitions_.kind(same) == fhir::TypeKind::Logical) {
      program_->lints.push_back(
          Failure{Cause::Invalid,
                  "the model '" + uses.canonical.text + "' is not loaded; the one called '" + name.text + "' is taken for it",
                  map.where(uses.canonical.offset)});
      return same;
    }
    return not_loaded(map, uses);
  }
  std::string_view plain = name.text;
  if (plain.substr(0, 5) == "FHIR.") plain.remove_prefix(5);
  fhir::TypeId type = plain.find("://") == std::string_view::npos ? find_fhir_type(map, plain, is_target) : find_canonical(plain);
  if (type != 0) return type;
  std::vector<std::string_view> known;
  for (const syntax::Uses& uses : map.uses) known.push_back(uses.alias.text);
  for (fhir::TypeId each : definitions_.all_types()) known.push_back(definitions_.name(each));
  std::string says = "there is no type '" + name.text + "'";
  std::string_view near = nearest(name.text, known);
  if (!near.empty()) says += "; did you mean '" + std::string(near) + "'?";
  return Failure{Cause::Invalid, says, map.where(name.offset)};
}

Failure Compiler::unknown_element(const Scope& scope, fhir::TypeId type, const syntax::Name& name) const {
  std::string says = name_of(type) + " has no element '" + name.text + "'";
  std::string_view near = nearest(name.text, element_names(definitions_, type));
  if (!near.empty()) says += "; did you mean '" + std::string(near) + "'?";
  return fail(scope, name.offset, says);
}

/// True if the children are unknown: no type, or an abstract one such as Resource.
bool Compiler::is_open_type(fhir::TypeId type) const {
  if (type == 0) return true;
  if (!definitions_.is_abstract(type)) return false;
  fhir::TypeKind kind = definitions_.kind(type);
  return kind == fhir::TypeKind::Resource || kind == fhir::TypeKind::Complex;
}

Range Compiler::add_variants(fhir::TypeId from, const fhir::Step& step, const syntax::Name& name) {
  std::vector<ChoiceVariant> out;
  std::span<const fhir::ElementType> types = definitions_.types(*step.element);
  for (const fhir::ElementType& type : types) {
    if (step.element->is_choice && step.type != 0 && type.type != step.type) continue;
    tree::NameId id = step.element->is_choice && type.choice_name != 0 ? type.choice_name : step.element->name;
    NameRef ref{id, text(definitions_.names().text(id))};
    out.push_back(variant_of(definitions_, ref, type.type));
    out.back().has_xsi_type = fhir::has_xsi_type(definitions_, *step.element);
    if (!step.element->is_choice) break;
  }
  if (out.empty()) out.push_back(variant_of(definitions_, name_ref(name.text), step.type));
  (void)from;
  return append(program_->variants, std::move(out));
}

Result<std::pair<StepCode, fhir::TypeId>> Compiler::source_step(const Scope& scope, fhir::TypeId from, const syntax::Name& name) {
  StepCode code;
  fhir::Step step{};
  if (from != 0) step = definitions_.step(from, definitions_.names().find(name.text));
  if (step) {
    code.variants = add_variants(from, step, name);
    std::span<const ChoiceVariant> all = variants(code.variants);
    return std::pair{code, all.size() == 1 ? all[0].type : fhir::TypeId{0}};
  }
  if (from != 0 && !is_open_type(from)) return unknown_element(scope, from, name);
  code.is_open = true;
  code.variants = append(program_->variants, {ChoiceVariant{.name = name_ref(name.text)}});
  return std::pair{code, fhir::TypeId{0}};
}

Result<ElementCode> Compiler::target_element(const Scope& scope, fhir::TypeId from, const syntax::Name& name) {
  ElementCode code;
  if (from == 0) {
    code.is_open = true;
    code.variants = append(program_->variants, {ChoiceVariant{.name = name_ref(name.text), .kind = tree::Kind::String}});
    return code;
  }
  fhir::Step step = definitions_.step(from, definitions_.names().find(name.text));
  if (!step) return unknown_element(scope, from, name);
  code.variants = add_variants(from, step, name);
  code.of = from;
  code.repeats = step.element->max > 1;
  code.order = static_cast<std::uint16_t>(step.element - definitions_.elements(from).data() + 1);
  std::span<const ChoiceVariant> all = variants(code.variants);
  bool one_resource = all.size() == 1 && all[0].type != 0 && definitions_.kind(all[0].type) == fhir::TypeKind::Resource;
  code.any_resource = one_resource && definitions_.is_abstract(all[0].type);
  return code;
}

}  // namespace vardbron::mapping
