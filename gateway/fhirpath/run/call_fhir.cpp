// Tested by tests/fhirpath/resources_test.cpp and tests/fhirpath/functions_test.cpp.

#include "gateway/base/text.h"
#include "gateway/fhir/narrative.h"
#include "gateway/fhir/reference.h"
#include "gateway/fhirpath/run/concepts.h"
#include "gateway/fhirpath/run/evaluation.h"

#include <algorithm>
#include <iterator>
#include <memory>
#include <vector>

namespace vardbron::fhirpath {
namespace {

bool extension(Call& call) {
  std::optional<std::string_view> url;
  if (!call.text_argument(0, url)) return false;
  if (!url) return true;
  for (const Value& value : call.input) {
    if (!value.is_element()) continue;
    tree::Item item = value.item();
    std::size_t passed = 0;
    for (tree::Item child = item.first_child(); child; child = child.next()) {
      ++passed;
      if (child.name_text() != "extension" || child.text_of("url") != *url) continue;
      call.give(Value::of(child, value.type() == 0 ? 0 : call.run.model().extension_type()));
    }
    call.run.charge_children(passed);
    if (!call.run.step(call.node)) return false;
  }
  return true;
}

bool has_value(Call& call) {
  if (call.input.size != 1) return call.give(false);
  const Value& value = call.input[0];
  if (!value.is_element()) return call.give(true);
  bool is_primitive = value.type() == 0 || call.run.model().is_primitive(value.type()) ||
                      call.run.model().definitions().kind(value.type()) == fhir::TypeKind::System;
  return call.give(is_primitive && value.item().has_value());
}

bool get_value(Call& call) {
  if (call.input.size != 1) return true;
  const Value& value = call.input[0];
  if (value.is_element() && !value.item().has_value()) return true;  // also anything but primitives
  std::optional<Value> system = call.run.system(value);
  return !system || call.give(*system);
}

/// A Reference's text, a canonical or uri, or a plain text.
std::string_view reference_text(Call& call, const Value& value) {
  if (value.is_element() && value.item().child("reference")) return value.item().text_of("reference");
  std::optional<Value> system = call.run.system(value);
  return system && system->kind() == ValueKind::String ? system->text() : std::string_view{};
}

bool resolve(Call& call) {
  for (const Value& value : call.input) {
    std::string_view reference = reference_text(call, value);
    if (!call.run.step(call.node)) return false;
    if (reference.empty()) continue;
    Result<std::optional<Value>> found = call.run.resolve(reference, value);
    if (!found) return call.run.fail(call.node, std::move(found.failure().says), &value);
    if (*found) call.give(**found);
  }
  return true;
}

bool is_listed(std::span<const fhir::Code> codes, std::string_view system, std::string_view code) {
  for (const fhir::Code& known : codes) {
    if (known.code == code && (system.empty() || known.system == system)) return true;
  }
  return false;
}

/// A code, a Coding or a CodeableConcept in a value set of the definitions or of the input.
std::optional<bool> is_member(Call& call, const Value& value, std::string_view canonical) {
  std::string_view plain = canonical.substr(0, canonical.find('|'));
  Result<std::span<const fhir::Code>> known = call.run.model().definitions().value_set(plain);
  std::optional<CodeList> listed;
  if (!known) listed = find_value_set(call.run, plain);
  if (!known && !listed) return std::nullopt;
  const std::span<const fhir::Code> codes = known ? *known : std::span<const fhir::Code>(*listed);
  if (!value.is_element()) return is_listed(codes, "", value.kind() == ValueKind::String ? value.text() : "");
  tree::Item item = value.item();
  if (item.has_value()) return is_listed(codes, "", item.text());
  if (tree::Item code = item.child("code"); code)
    return code.has_value() ? std::optional(is_listed(codes, item.text_of("system"), code.text())) : std::nullopt;
  bool is_known = true;
  for (tree::Item child = item.first_child(); child; child = child.next()) {
    if (child.name_text() != "coding") continue;
    if (is_listed(codes, child.text_of("system"), child.text_of("code"))) return true;
    is_known = is_known && (!child.child("code") || child.child("code").has_value());
  }
  return is_known ? std::optional(false) : std::nullopt;
}

bool member_of(Call& call) {
  std::optional<std::string_view> canonical;
  if (!call.text_argument(0, canonical)) return false;
  if (!canonical || call.input.empty()) return true;
  if (call.input.size > 1) return call.fail("memberOf() works on one code.");
  if (call.run.lacks_value(call.input[0])) return true;
  Hooks* hooks = call.run.environment().hooks;
  std::optional<bool> answer;
  if (hooks != nullptr) {
    Result<std::optional<bool>> asked = hooks->member_of(call.input[0], *canonical);
    if (!asked) return call.fail(std::move(asked.failure().says));
    answer = *asked;
  }
  if (!answer) answer = is_member(call, call.input[0], *canonical);
  return !answer || call.give(*answer);
}

bool conforms_to(Call& call) {
  std::optional<std::string_view> profile;
  if (!call.text_argument(0, profile)) return false;
  if (!profile || call.input.empty()) return true;
  if (call.input.size > 1) return call.fail("conformsTo() works on one item.");
  const Value& value = call.input[0];
  const fhir::Definitions& definitions = call.run.model().definitions();
  // A canonical may name a version; the definitions have one version.
  const std::size_t bar = profile->rfind('|');
  const bool is_our_version = bar == std::string_view::npos || profile->substr(bar + 1) == definitions.version();
  fhir::TypeId type =
      profile->find(':') == std::string_view::npos || !is_our_version ? 0 : definitions.find_type(profile->substr(0, bar));
  if (type != 0 && value.is_element() && value.type() != 0) return call.give(definitions.is_a(value.type(), type));
  std::optional<bool> answer;
  if (Hooks* hooks = call.run.environment().hooks; hooks != nullptr) {
    Result<std::optional<bool>> asked = hooks->conforms_to(value, *profile);
    if (!asked) return call.fail(std::move(asked.failure().says));
    answer = *asked;
  }
  if (!answer) return call.fail("The profile " + std::string(*profile) + " is not known here.");
  return call.give(*answer);
}

/// A code, a Coding, or each Coding of a concept.
std::vector<Coded> codings_of(const Value& value) {
  if (!value.is_element()) return {{{}, value.kind() == ValueKind::String ? value.text() : std::string_view{}}};
  tree::Item item = value.item();
  if (item.has_value()) return {{{}, item.text()}};
  if (!item.child("coding")) return {{item.text_of("system"), item.text_of("code")}};
  std::vector<Coded> codes;
  for (tree::Item child = item.first_child(); child; child = child.next())
    if (child.name_text() == "coding") codes.push_back({child.text_of("system"), child.text_of("code")});
  return codes;
}

/// A code without system is only known to subsume itself. nullopt: unknown.
std::optional<bool> subsumes(Call& call, const Coded& general, const Coded& special) {
  const bool is_same_system = general.system == special.system;
  if (general.code.empty() || special.code.empty()) return std::nullopt;
  if (general.code == special.code && (is_same_system || general.system.empty() || special.system.empty())) return true;
  if (!is_same_system || general.system.empty()) return std::nullopt;
  std::optional<CodeSystem> system = find_code_system(call.run, general.system);
  return system ? system->subsumes(general.code, special.code) : std::nullopt;
}

/// Any coding may subsume any (FHIR R4 fhirpath.html#functions); false only if all are known not to.
std::optional<bool> any_subsumes(Call& call, const Value& general, const Value& special) {
  bool are_all_known = true;
  for (const Coded& one : codings_of(general)) {
    for (const Coded& other : codings_of(special)) {
      std::optional<bool> truth = subsumes(call, one, other);
      if (truth == true) return true;
      are_all_known = are_all_known && truth && call.run.compare_step();
    }
  }
  return are_all_known ? std::optional(false) : std::nullopt;
}

/// The input and the argument, one code each; false: the run failed. `has_answer` is false without two codes.
bool two_codes(Call& call, List& argument, bool& has_answer) {
  if (!call.argument(0, argument)) return false;
  if (call.input.empty() || argument.empty()) return true;
  if (call.input.size > 1 || argument.size > 1) return call.fail("subsumes() works between one code and another.");
  has_answer = !call.run.lacks_value(call.input[0]) && !call.run.lacks_value(argument[0]);
  return true;
}

bool give_subsumption(Call& call, const Value& general, const Value& special) {
  std::optional<bool> answer;
  if (Hooks* hooks = call.run.environment().hooks; hooks != nullptr) {
    Result<std::optional<bool>> asked = hooks->subsumes(general, special);
    if (!asked) return call.fail(std::move(asked.failure().says));
    answer = *asked;
  }
  if (!answer) answer = any_subsumes(call, general, special);
  return !answer || call.give(*answer);
}

bool subsumes(Call& call) {
  List argument;
  bool has_answer = false;
  if (!two_codes(call, argument, has_answer)) return false;
  return !has_answer || give_subsumption(call, call.input[0], argument[0]);
}

bool subsumed_by(Call& call) {
  List argument;
  bool has_answer = false;
  if (!two_codes(call, argument, has_answer)) return false;
  return !has_answer || give_subsumption(call, argument[0], call.input[0]);
}

/// The weight of an element or of a Coding in it: itemWeight, formerly ordinalValue (FHIR R6 fhirpath.html). Weights of code
/// systems and of Questionnaires are not supported.
bool give_weight(Call& call, tree::Item item) {
  for (tree::Item child = item.first_child(); child; child = child.next()) {
    if (child.name_text() != "extension") continue;
    std::string_view url = child.text_of("url");
    bool is_weight = url == "http://hl7.org/fhir/StructureDefinition/itemWeight" ||
                     url == "http://hl7.org/fhir/StructureDefinition/ordinalValue";
    std::string_view said = child.text_of("valueDecimal");
    if (said.empty()) said = child.text_of("valueInteger");
    std::optional<Decimal> number = is_weight ? Decimal::parse(said) : std::nullopt;
    if (number) return call.give(Value::of(*number));
  }
  return false;
}

bool weight(Call& call) {
  for (const Value& value : call.input) {
    if (!value.is_element()) continue;
    bool given = give_weight(call, value.item());
    for (tree::Item child = value.item().first_child(); child && !given; child = child.next())
      if (child.name_text() == "valueCoding" || child.name_text() == "coding") given = give_weight(call, child);
    if (!call.run.step(call.node)) return false;
  }
  return true;
}

/// Keys of rows for joins in SQL on FHIR views: the id of a resource, and of the target of a Reference.
bool resource_key(Call& call) {
  for (const Value& value : call.input) {
    std::string_view id = value.is_element() && value.item().child("resourceType") ? value.item().text_of("id") : "";
    if (!id.empty()) call.give(Value::of(id));
  }
  return call.run.step(call.node, call.input.size);
}

bool reference_key(Call& call) {
  for (const Value& value : call.input) {
    fhir::Reference reference = fhir::parse_reference(reference_text(call, value));
    bool is_wanted = call.node.target.name.empty() || reference.type == call.node.target.name;
    if (is_wanted && !reference.type.empty()) call.give(Value::of(reference.id));
  }
  return call.run.step(call.node, call.input.size);
}

bool html_checks(Call& call) {
  if (call.input.size != 1 || !call.input[0].is_element() || call.run.lacks_value(call.input[0])) return true;
  const Value& value = call.input[0];
  bool is_xhtml = value.item().kind() == tree::Kind::Xhtml ||
                  (value.type() != 0 && value.type() == call.run.model().definitions().find_type("xhtml"));
  return !is_xhtml || call.give(fhir::narrative_or_emptiness_fault(value.item().text()).empty());
}

bool check_modifiers(Call& call) {
  List known;
  for (std::size_t place = 0; place < call.node.arguments.size(); ++place) {
    if (!call.argument(place, known)) return false;
  }
  List urls;  // an argument may list several, separated by commas (FHIR R6 fhirpath.html)
  for (const Value& each : known) {
    if (call.run.lacks_value(each)) continue;
    std::optional<Value> text = call.run.system(each);
    if (!text || text->kind() != ValueKind::String) return call.fail("checkModifiers() takes texts.");
    for (std::string_view url : split(text->text(), ',')) call.run.push(urls, Value::of(trim(url)));
  }
  for (const Value& value : call.input) {
    if (!value.is_element()) continue;
    for (tree::Item child = value.item().first_child(); child; child = child.next()) {
      if (child.name_text() != "modifierExtension") continue;
      if (!contains(call.run, urls.span(), Value::of(child.text_of("url")))) {
        return call.run.fail(call.node, "This element carries a modifier extension that is not allowed for.", &value);
      }
    }
  }
  call.run.append(call.out, call.input.span());
  return true;
}

}  // namespace

Result<std::optional<Value>> Evaluation::resolve(std::string_view reference, const Value& from) {
  tree::Item root = root_resource_ && root_resource_->is_element() ? root_resource_->item() : tree::Item{};
  tree::Item holder = resource_ && resource_->is_element() ? resource_->item() : root;
  const bool is_here = !from.is_element() || from.item().document == root.document;  // a text has no position
  bool in_bundle = root && is_here && root.text_of("resourceType") == "Bundle";
  const auto charge_contained = [&] {  // contained resources are searched linearly
    if (!reference.starts_with('#')) return;
    std::size_t passed = 0;
    for (tree::Item child = holder.child("contained"); child; child = child.next()) ++passed;
    charge_children(passed);
  };
  if (in_bundle) {
    if (!bundle_) bundle_ = std::make_unique<fhir::BundleIndex>(root);
    // Nodes are numbered in document order: the last entry that begins before the reference.
    const std::vector<fhir::BundleIndex::Entry>& entries = bundle_->entries();
    const tree::NodeId place = from.is_element() ? from.item().node : 0;
    auto behind = std::upper_bound(entries.begin(), entries.end(), place,
                                   [](tree::NodeId node, const auto& entry) { return node < entry.entry.node; });
    if (behind != entries.begin() && std::prev(behind)->resource) holder = std::prev(behind)->resource;
    charge_contained();
    if (tree::Item found = bundle_->resolve(reference, holder); found)
      return std::optional(element(found, model().definitions()));
  }
  if (reference.starts_with('#') && holder) {
    charge_contained();
    tree::Item found = reference.size() == 1 ? holder : fhir::contained(holder, reference.substr(1));
    if (found) return std::optional(element(found, model().definitions()));
    return std::optional<Value>();
  }
  if (tree::Item found = canonical_at_hand(reference); found) return std::optional(element(found, model().definitions()));
  if (environment_.hooks == nullptr) return std::optional<Value>();
  return environment_.hooks->resolve(reference);
}

tree::Item Evaluation::canonical_at_hand(std::string_view canonical) {
  if (canonical.find(':') == std::string_view::npos || !root_resource_ || !root_resource_->is_element()) return {};
  if (!canonicals_) {
    canonicals_ = std::make_unique<ByUrl>();
    auto know = [this](tree::Item resource) {
      if (std::string_view url = resource.text_of("url"); !url.empty()) canonicals_->try_emplace(url, resource);
    };
    know(root_resource_->item());
    std::size_t passed = 0;
    for (tree::Item each = root_resource_->item().first_child(); each; each = each.next()) {
      ++passed;
      if (each.name_text() == "contained") know(each);
      if (each.name_text() == "entry") know(each.child("resource"));
    }
    charge_children(passed);
  }
  auto found = canonicals_->find(canonical.substr(0, canonical.find('|')));
  return found == canonicals_->end() ? tree::Item{} : found->second;
}

FunctionTable fhir_functions() {
  static constexpr Function table[] = {
      {"extension", {1, 1, {a_text}}, Takes::Anything, Gives::OfType, extension, 0, "Extension"},
      {"hasValue", {}, Takes::Anything, Gives::Boolean, has_value},
      {"getValue", {}, Takes::Anything, Gives::Value, get_value},
      {"resolve", {}, Takes::Anything, Gives::Unknown, resolve},
      {"memberOf", {1, 1, {a_text}}, Takes::Anything, Gives::Boolean, member_of},
      {"conformsTo", {1, 1, {a_text}}, Takes::Anything, Gives::Boolean, conforms_to},
      {"htmlChecks", {}, Takes::Anything, Gives::Boolean, html_checks},
      {"htmlChecks1", {}, Takes::Anything, Gives::Boolean, html_checks},  // older names of the same
      {"htmlChecks2", {}, Takes::Anything, Gives::Boolean, html_checks},
      {"checkModifiers", {0, Arguments::any_number}, Takes::Anything, Gives::Input, check_modifiers},
      {"subsumes", {1, 1}, Takes::Anything, Gives::Boolean, subsumes},
      {"subsumedBy", {1, 1}, Takes::Anything, Gives::Boolean, subsumed_by},
      {"weight", {}, Takes::Anything, Gives::Unknown, weight},
      {"getResourceKey", {}, Takes::Anything, Gives::Texts, resource_key},
      {"getReferenceKey", {0, 1, {a_type_name}}, Takes::Anything, Gives::Texts, reference_key},
  };
  return table;
}

}  // namespace vardbron::fhirpath
