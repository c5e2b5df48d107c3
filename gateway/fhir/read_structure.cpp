#include "gateway/fhir/read_structure.h"

#include "gateway/tree/children.h"

#include <algorithm>
#include <array>
#include <charconv>

namespace vardbron::fhir {

namespace {

using tree::Item;

bool is_true(Item parent, std::string_view name) { return parent.text_of(name) == "true"; }

/// Value of an extension that tools write under several canonicals with the same ending.
std::string_view hint(Item of, std::string_view ending) {
  for (Item each = of.child("extension"); each; each = each.next()) {
    if (each.name_text() != "extension" || !each.text_of("url").ends_with(ending)) continue;
    for (Item value = each.first_child(); value; value = value.next())
      if (value.name_text().starts_with("value")) return value.text();
  }
  return {};
}

void read_value(Item from, ElementDraft::Value value, std::vector<ElementDraft::Value>& out) {
  value.kind = from.kind();
  value.text = from.text();
  out.push_back(value);
  ++value.depth;
  for (Item each = from.first_child(); each; each = each.next()) {
    value.name = each.name_text();
    read_value(each, value, out);
  }
}

std::vector<ElementDraft::Value> read_values(Item element) {
  struct Said {
    std::string_view name;
    ValueNode::Rule rule;
  };
  using Rule = ValueNode::Rule;
  static constexpr std::array<Said, 5> all{{{"fixed", Rule::Fixed},
                                            {"pattern", Rule::Pattern},
                                            {"minValue", Rule::Least},
                                            {"maxValue", Rule::Most},
                                            {"maxLength", Rule::Length}}};
  std::vector<ElementDraft::Value> out;
  for (Item each = element.first_child(); each; each = each.next()) {
    for (const Said& said : all) {
      const std::string_view name = each.name_text();
      const bool is_said = name.starts_with(said.name) && (name.size() > said.name.size() || said.rule == Rule::Length);
      if (is_said) read_value(each, {said.rule, {}, 0, std::string(name.substr(said.name.size())), {}}, out);
    }
  }
  return out;
}

ElementDraft read_element(Item from) {
  ElementDraft draft;
  draft.path = from.text_of("path");
  std::string_view min = from.text_of("min");
  std::from_chars(min.data(), min.data() + min.size(), draft.min);
  if (from.child("max")) draft.max = upper_bound(from.text_of("max"));
  draft.is_modifier = is_true(from, "isModifier");
  draft.is_summary = is_true(from, "isSummary");
  draft.must_support = is_true(from, "mustSupport");
  draft.is_slice = bool(from.child("sliceName"));
  draft.content_reference = from.text_of("contentReference");
  draft.xml_name = hint(from, "xml-name");
  draft.xml_namespace = hint(from, "namespace");
  draft.is_group = hint(from, "xml-choice-group") == "true";
  draft.is_of_message = hint(from, "v2-of-message") == "true";
  tree::for_each_child(from, "representation", [&](Item each) {
    draft.is_attribute |= each.text() == "xmlAttr";
    draft.is_text |= each.text() == "xmlText";
    draft.has_xsi_type |= each.text() == "typeAttr";
  });
  tree::for_each_child(from, "type", [&](Item each) {
    TypeDraft type{std::string(each.text_of("code")), {}};
    if (std::string_view real = hint(each, "structuredefinition-fhir-type"); !real.empty()) type.code = real;
    tree::for_each_child(each, "targetProfile", [&](Item target) { type.targets.emplace_back(target.text()); });
    draft.types.push_back(std::move(type));
  });
  if (Item binding = from.child("binding")) {
    draft.binding = binding_strength(binding.text_of("strength"));
    draft.value_set = binding.text_of("valueSet");
  }
  draft.values = read_values(from);
  tree::for_each_child(from, "constraint", [&](Item each) {
    draft.constraints.push_back({std::string(each.text_of("key")), std::string(each.text_of("severity")),
                                 std::string(each.text_of("human")), std::string(each.text_of("expression")),
                                 std::string(each.text_of("source"))});
  });
  return draft;
}

TypeKind kind_of(std::string_view kind) {
  if (kind == "primitive-type") return TypeKind::Primitive;
  if (kind == "complex-type") return TypeKind::Complex;
  return kind == "resource" ? TypeKind::Resource : TypeKind::Logical;
}

/// A primitive's `value` is its text, not a child: it only gives the primitive's FHIRPath type.
void take_value(StructureDraft& draft, Item elements) {
  std::string path = draft.elements.front().path + ".value";
  tree::for_each_child(elements, "element", [&](Item each) {
    if (each.text_of("path") == path)
      draft.system_type = each.child("type").text_of("code").substr(std::string_view("http://hl7.org/fhirpath/").size());
  });
  std::erase_if(draft.elements, [&](const ElementDraft& element) { return element.path == path; });
}

/// A differential may name a part of an element and not the element.
void add_unnamed_parents(std::vector<ElementDraft>& elements) {
  std::set<std::string, std::less<>> named;
  std::vector<ElementDraft> all;
  for (ElementDraft& each : elements) {
    const std::string& root = elements.front().path;
    for (std::size_t dot = each.path.find('.', root.size() + 1); dot != std::string::npos && each.path.starts_with(root);
         dot = each.path.find('.', dot + 1)) {
      ElementDraft parent;
      parent.path = each.path.substr(0, dot);
      parent.is_unchanged = true;
      if (named.insert(parent.path).second) all.push_back(std::move(parent));
    }
    named.insert(each.path);
    all.push_back(each);
  }
  elements = std::move(all);
}

/// An element with children of its own also has those of its type, so that type must be defined first.
bool takes_parts_of(const StructureDraft& draft, std::string_view type) {
  for (std::size_t i = 1; i + 1 < draft.elements.size(); ++i) {
    const ElementDraft& element = draft.elements[i];
    if (element.types.empty() || element.types.front().code != type) continue;
    const std::string& next = draft.elements[i + 1].path;
    if (next.size() > element.path.size() && next.starts_with(element.path) && next[element.path.size()] == '.') return true;
  }
  return false;
}

}  // namespace

Result<StructureDraft> read_structure(const tree::Document& document) {
  Item from = root(document);
  StructureDraft draft;
  draft.url = from.text_of("url");
  Failure failure{Cause::Invalid, "", draft.url};
  if (from.text_of("resourceType") != "StructureDefinition" || draft.url.empty()) {
    failure.says = "This is not a StructureDefinition with a url.";
    return failure;
  }
  draft.name = from.text_of("name");
  draft.type = from.text_of("type");
  draft.base = from.text_of("baseDefinition");
  draft.kind = kind_of(from.text_of("kind"));
  draft.is_abstract = is_true(from, "abstract");
  draft.xml_namespace = hint(from, "namespace");
  Item elements = from.child("snapshot");
  draft.is_snapshot = bool(elements);
  if (!elements) elements = from.child("differential");
  if (elements) tree::for_each_child(elements, "element", [&](Item each) { draft.elements.push_back(read_element(each)); });
  if (draft.elements.empty() || draft.elements.front().path.empty()) {
    failure.says = "The StructureDefinition has neither a snapshot nor a differential.";
    return failure;
  }
  if (from.text_of("derivation") == "constraint") {
    failure.says = "The StructureDefinition is a profile, not a type of its own.";
    return failure;
  }
  if (std::string_view name = hint(from, "xml-name"); !name.empty()) draft.elements.front().xml_name = name;
  if (draft.kind == TypeKind::Primitive) take_value(draft, elements);
  if (!draft.is_snapshot) add_unnamed_parents(draft.elements);
  return draft;
}

Result<std::vector<StructureDraft>> read_structures(std::span<const tree::Document> documents, const Definitions& known) {
  std::vector<StructureDraft> waiting, sorted;
  for (const tree::Document& document : documents) {
    Result<StructureDraft> draft = read_structure(document);
    if (!draft) return std::move(draft).failure();
    bool is_double =
        std::any_of(waiting.begin(), waiting.end(), [&](const StructureDraft& each) { return each.url == draft->url; });
    if (is_double || known.find_type(draft->url) != 0)
      return Failure{Cause::Invalid, "There is already a structure with this canonical.", draft->url};
    waiting.push_back(*std::move(draft));
  }
  while (!waiting.empty()) {
    auto has_its_base = [&](const StructureDraft& draft) {
      return std::none_of(waiting.begin(), waiting.end(), [&](const StructureDraft& other) { return other.url == draft.base; });
    };
    auto has_all = [&](const StructureDraft& draft) {
      return has_its_base(draft) && std::none_of(waiting.begin(), waiting.end(), [&](const StructureDraft& other) {
               return &other != &draft && takes_parts_of(draft, other.url);
             });
    };
    auto ready = std::find_if(waiting.begin(), waiting.end(), has_all);
    if (ready == waiting.end()) ready = std::find_if(waiting.begin(), waiting.end(), has_its_base);
    if (ready == waiting.end()) return Failure{Cause::Invalid, "The structure derives from itself.", waiting.front().url};
    sorted.push_back(std::move(*ready));
    waiting.erase(ready);
  }
  return sorted;
}

}  // namespace vardbron::fhir
