// Tested by tests/fhirpath/slice_test.cpp.

#include "gateway/fhirpath/run/evaluation.h"

#include <algorithm>

namespace vardbron::fhirpath {
namespace {

/// The rule of a profile for one slice (FHIR R4 profiling.html#discriminator).
class SliceRule {
 public:
  SliceRule(const Model& model, tree::Item profile) : model_(model) {
    for (tree::Item list : {profile.child("snapshot"), profile.child("differential")}) {
      if (!elements_.empty()) break;  // the differential only without a snapshot
      for (tree::Item each = list.first_child(); each; each = each.next())
        if (each.name_text() == "element") elements_.push_back(each);
    }
  }

  /// By sliceName or by the id of its element. False: the profile has no such slice.
  bool choose(std::string_view name) {
    for (tree::Item element : elements_) {
      if (element.text_of("sliceName") != name && (element.text_of("id") != name || !element.child("sliceName"))) continue;
      slice_ = element;
      break;
    }
    if (!slice_) return false;
    for (tree::Item element : elements_)
      if (element.text_of("path") == slice_.text_of("path") && element.child("slicing") && !element.child("sliceName"))
        slicing_ = element.child("slicing");
    return true;
  }

  /// nullopt: a discriminator is not supported; `unclear` names it.
  std::optional<bool> takes(const Value& value, std::string& unclear) const {
    bool has_rule = false;
    for (tree::Item each = slicing_.first_child(); each; each = each.next()) {
      if (each.name_text() != "discriminator") continue;
      std::optional<bool> fits = fits_discriminator(each.text_of("type"), each.text_of("path"), value);
      if (!fits) unclear = std::string(each.text_of("type")) + " of " + std::string(each.text_of("path"));
      if (!fits || !*fits) return fits;
      has_rule = true;
    }
    if (!has_rule) unclear = "none";
    return has_rule ? std::optional<bool>(true) : std::nullopt;
  }

 private:
  struct Typed {
    tree::Item item;
    fhir::TypeId type = 0;
  };

  /// The profile's element at a path below the slice.
  tree::Item element_at(std::string_view path) const {
    if (path == "$this") return slice_;
    const std::string id = std::string(slice_.text_of("id")) + "." + std::string(path);
    auto found = std::find_if(elements_.begin(), elements_.end(), [&id](tree::Item each) { return each.text_of("id") == id; });
    return found == elements_.end() ? tree::Item{} : *found;
  }

  /// An item's values at that path; names are FHIRPath's.
  std::vector<Typed> values_at(std::string_view path, const Value& value) const {
    std::vector<Typed> found{{value.item(), value.type()}};
    if (path == "$this") return found;
    while (!path.empty() && !found.empty()) {
      const std::size_t dot = std::min(path.find('.'), path.size());
      const tree::NameId name = model_.names().find(path.substr(0, dot));
      std::vector<Typed> next;
      for (const Typed& each : found) {
        for (tree::Item child = each.item.first_child(); child; child = child.next()) {
          fhir::Step step = model_.definitions().step(each.type, child.name());
          if (step && step.element->name == name) next.push_back({child, model_.child_type(each.type, child)});
        }
      }
      found = std::move(next);
      path.remove_prefix(std::min(dot + 1, path.size()));
    }
    return found;
  }

  static tree::Item child_beginning(tree::Item element, std::string_view prefix) {
    for (tree::Item each = element.first_child(); each; each = each.next())
      if (each.name_text().starts_with(prefix)) return each;
    return {};
  }

  /// The value contains all of the pattern; a fixed value contains nothing else.
  static bool matches(tree::Item pattern, tree::Item value, bool is_fixed) {
    if (pattern.has_value() && pattern.text() != value.text()) return false;
    std::size_t wanted = 0, given = 0;
    for (tree::Item each = pattern.first_child(); each; each = each.next()) {
      bool found = false;
      for (tree::Item other = value.first_child(); other && !found; other = other.next())
        found = other.name_text() == each.name_text() && matches(each, other, is_fixed);
      if (!found) return false;
      ++wanted;
    }
    for (tree::Item other = value.first_child(); other; other = other.next()) ++given;
    return !is_fixed || wanted == given;
  }

  std::optional<bool> fits_discriminator(std::string_view kind, std::string_view path, const Value& value) const {
    tree::Item element = element_at(path);
    std::vector<Typed> values = values_at(path, value);
    if (kind == "exists" && element) return (element.text_of("max") != "0") == !values.empty();
    if (kind == "type") return fits_type(element, values);
    if (kind != "value" && kind != "pattern") return std::nullopt;
    tree::Item fixed = child_beginning(element, "fixed"), pattern = child_beginning(element, "pattern");
    if (!fixed && !pattern) return fits_extension(path, values);
    return std::any_of(values.begin(), values.end(),
                       [&](const Typed& each) { return matches(fixed ? fixed : pattern, each.item, bool(fixed)); });
  }

  std::optional<bool> fits_type(tree::Item element, const std::vector<Typed>& values) const {
    bool has_type = false;
    for (tree::Item type = element.first_child(); type; type = type.next()) {
      if (type.name_text() != "type") continue;
      has_type = true;
      const fhir::TypeId wanted = model_.definitions().find_type(type.text_of("code"));
      for (const Typed& each : values)
        if (wanted != 0 && model_.definitions().is_a(each.type, wanted)) return true;
    }
    return has_type ? std::optional<bool>(false) : std::nullopt;
  }

  /// A slice of extensions is identified by the url of the profile of its type.
  std::optional<bool> fits_extension(std::string_view path, const std::vector<Typed>& values) const {
    std::string_view profile = slice_.child("type").text_of("profile");
    if (path != "url" || profile.empty()) return std::nullopt;
    return std::any_of(values.begin(), values.end(), [&](const Typed& each) { return each.item.text() == profile; });
  }

  const Model& model_;
  std::vector<tree::Item> elements_;
  tree::Item slice_, slicing_;
};

/// The profile in the input, or resolved by the caller.
Result<tree::Item> find_profile(Call& call, std::string_view canonical) {
  Result<std::optional<Value>> found = call.run.resolve(canonical, call.run.root_resource().value_or(Value()));
  if (!found) return std::move(found).failure();
  if (*found && (*found)->is_element() && (*found)->item().text_of("resourceType") == "StructureDefinition")
    return (*found)->item();
  return Failure{Cause::NotFound, "The profile " + std::string(canonical) + " is not known here.", ""};
}

/// The items of the input in a profile's slice (fhirpath.html#functions).
bool slice(Call& call) {
  std::optional<std::string_view> structure, name;
  if (!call.text_argument(0, structure) || !call.text_argument(1, name)) return false;
  if (!structure || !name || call.input.empty()) return true;
  Result<tree::Item> profile = find_profile(call, *structure);
  if (!profile) return call.fail(profile.failure().says);
  SliceRule rule(call.run.model(), *profile);
  if (!rule.choose(*name)) return call.fail("The profile has no slice " + std::string(*name) + ".");
  for (const Value& value : call.input) {
    if (!value.is_element()) continue;
    std::string unclear;
    std::optional<bool> taken = rule.takes(value, unclear);
    if (!taken) return call.fail("The discriminator of this slice cannot be followed here: " + unclear + ".");
    if (*taken) call.give(value);
    if (!call.run.step(call.node, 16)) return false;
  }
  return true;
}

}  // namespace

FunctionTable slice_functions() {
  static constexpr Function table[] = {
      {"slice", {2, 2, {a_text, a_text}}, Takes::Anything, Gives::Input, slice},
  };
  return table;
}

}  // namespace vardbron::fhirpath
