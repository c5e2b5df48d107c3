#include "gateway/workbench/generate.h"

#include "gateway/fhir/primitive.h"
#include "gateway/fhir/value_rules.h"
#include "gateway/workbench/generate_value.h"

#include <algorithm>
#include <array>
#include <cstdlib>
#include <string_view>

namespace vardbron::workbench {

namespace syntax = mapping::syntax;

namespace {

using fhir::BindingStrength;
using fhir::Element;
using fhir::TypeId;
using fhir::TypeKind;
using ValueRule = fhir::ValueNode::Rule;

constexpr std::string_view person_number_system = "http://electronichealth.se/identifier/personnummer";

/// The first characters of a text, as many as `most` allows.
std::string first_letters(const std::string& text, const std::string& most) {
  std::size_t left = std::strtoull(most.c_str(), nullptr, 10), at = 0;
  for (; at < text.size(); ++at) {
    const bool begins_letter = (text[at] & 0xC0) != 0x80;
    if (begins_letter && left-- == 0) break;
  }
  return text.substr(0, at);
}

/// The place of one element.
struct Place {
  tree::NodeId parent = 0;
  std::string_view parent_name;  ///< of the parent element, for hints
  std::size_t depth = 0;
};

class Generator {
 public:
  Generator(const fhir::Definitions& definitions, Random& random, const GenerateOptions& options, tree::Document& out)
      : definitions_(definitions), random_(random), options_(options), out_(out) {}

  void write_type(tree::NodeId node, std::string_view name, TypeId type, std::size_t depth) {
    if (definitions_.kind(type) == TypeKind::Resource) {
      out_.add_text(node, out_.intern("resourceType"), tree::Kind::String, definitions_.name(type));
    }
    for (const Element& element : definitions_.elements(type)) write_element(element, {node, name, depth});
    // FHIR has no empty elements; one with only optional children gets one of them.
    if (out_.first_child(node) == tree::no_node) fill(node, type);
  }

 private:
  void write_element(const Element& element, const Place& place) {
    const std::string_view name = definitions_.names().text(element.name);
    if (is_left_out(element, name)) return;
    for (std::size_t i = count_of(element, place.depth); i > 0; --i) write_one(element, name, place);
  }

  // Extensions and narrative make a message long and are not mapped; a contained resource needs a type of its own.
  bool is_left_out(const Element& element, std::string_view name) const {
    if (element.min > 0) return false;
    static constexpr std::array<std::string_view, 7> names{"extension", "modifierExtension", "contained", "implicitRules",
                                                           "language",  "fhir_comments",     "text"};
    const bool is_named = std::find(names.begin(), names.end(), name) != names.end();
    if (name == "text") return definitions_.types(element).size() == 1 && type_name(element, 0) == "Narrative";
    const bool is_element_id = name == "id" && element.is_attribute;  // Element.id, which messages do not need
    return is_named || is_element_id;
  }

  std::string_view type_name(const Element& element, std::size_t number) const {
    return definitions_.name(definitions_.types(element)[number].type);
  }

  std::size_t count_of(const Element& element, std::size_t depth) {
    const std::size_t least = element.min;
    if (element.max == 0) return 0;
    if (depth >= options_.depth_max || out_.size() > options_.nodes_max) return least;
    // Deeper elements are less frequent, to bound the size of messages of wide types.
    const std::size_t percent = depth < 2 ? options_.optional_percent : options_.optional_percent / depth;
    if (least == 0 && random_.below(100) >= percent) return 0;
    if (element.max == 1) return 1;
    const std::size_t most = std::min<std::size_t>({element.max, std::max<std::size_t>(options_.repeats_max, least)});
    return std::max<std::size_t>(1, least + random_.below(most - least + 1));
  }

  void write_one(const Element& element, std::string_view name, const Place& place) {
    std::span<const fhir::ElementType> types = definitions_.types(element);
    if (types.empty()) return;
    const fhir::ElementType* chosen = &types[element.is_choice ? random_.below(types.size()) : 0];
    if (element.is_choice && place.depth + 1 >= options_.depth_max) chosen = simplest(types);
    const tree::NameId id = element.is_choice && chosen->choice_name != 0 ? chosen->choice_name : element.name;
    const TypeId type = chosen->type;
    if (type == 0) return;
    const TypeKind kind = definitions_.kind(type);
    const bool is_value =
        kind == TypeKind::Primitive || (kind == TypeKind::System && definitions_.name(type) != "System.Quantity");
    const std::vector<fhir::ValueRule> rules = fhir::value_rules(element, id, definitions_);
    if (is_value) {
      const std::string value = kept_to(rules, type, fitted(type, value_of(element, type, name, place)));
      const tree::NodeId node = out_.add_text(place.parent, id, kind_of(type), value, element.max > 1);
      if (element.is_attribute && definitions_.xml_namespace(type) != "http://hl7.org/fhir") out_.set_attribute(node);
      return;
    }
    const tree::NodeId node = out_.add(place.parent, id, tree::Kind::Object, element.max > 1);
    for (const fhir::ValueRule rule : rules) {
      const bool is_whole = rule[0].rule == ValueRule::Fixed || rule[0].rule == ValueRule::Pattern;
      if (is_whole) return write_said(node, rule, 0, type);
    }
    write_complex(element, *chosen, node, name, place.depth + 1);
    if (out_.first_child(node) == tree::no_node) fill(node, type);
  }

  /// Writes the parts that a model fixes or requires; a pattern gets no more, since invariants may restrict the rest.
  void write_said(tree::NodeId node, fhir::ValueRule rule, std::size_t at, TypeId type) {
    const std::size_t end = fhir::end_of_part(rule, at);
    for (std::size_t child = at + 1; child < end; child = fhir::end_of_part(rule, child)) {
      const fhir::Step step = definitions_.step(type, rule[child].name);
      const bool in_list = step && step.element->max > 1;
      if (rule[child].kind == tree::Kind::Object)
        write_said(out_.add(node, rule[child].name, tree::Kind::Object, in_list), rule, child, step.type);
      else
        out_.add_text(node, rule[child].name, rule[child].kind, definitions_.text(rule[child].text), in_list);
    }
  }

  /// Adapts a value to its rules: one out of bounds becomes the bound.
  std::string kept_to(const std::vector<fhir::ValueRule>& rules, TypeId type, std::string value) const {
    for (const fhir::ValueRule rule : rules) {
      const std::string said(definitions_.text(rule[0].text));
      if (rule[0].rule == ValueRule::Fixed || rule[0].rule == ValueRule::Pattern) return said;
      tree::Document tried(definitions_.names());
      tried.set_text(0, kind_of(type), value);
      if (fhir::objection_to(tree::root(tried), rule, definitions_).empty()) continue;
      value = rule[0].rule == ValueRule::Length ? first_letters(value, said) : said;
    }
    return value;
  }

  const fhir::ElementType* simplest(std::span<const fhir::ElementType> types) const {
    for (const fhir::ElementType& type : types) {
      if (type.type != 0 && definitions_.kind(type.type) == TypeKind::Primitive) return &type;
    }
    return &types[0];
  }

  tree::Kind kind_of(TypeId type) const {
    const tree::Kind kind = definitions_.json_kind(type);
    return kind == tree::Kind::Object ? tree::Kind::String : kind;
  }

  /// A code of a map may not be a number, as its element's type requires; a model's own primitive types have no known form.
  std::string fitted(TypeId type, std::string value) {
    const tree::Kind kind = kind_of(type);
    if (fhir::fits_kind(kind, value)) return value;
    return random_value(kind == tree::Kind::Boolean ? "boolean" : "unsignedInt", "", random_);
  }

  void write_complex(const Element& element, const fhir::ElementType& chosen, tree::NodeId node, std::string_view name,
                     std::size_t depth) {
    const std::string_view type = definitions_.name(chosen.type);
    if (type == "Reference") return write_reference(chosen, node);
    if (type == "Coding" || type == "CodeableConcept" || type == "Quantity") {
      if (write_coded(element, type, node)) return;
    }
    if (type == "Identifier" && random_.below(2) == 0) return write_person_number(node);
    if (type == "Extension") return write_extension(node);
    TypeId real = chosen.type;
    if (definitions_.kind(real) == TypeKind::Resource && definitions_.is_abstract(real)) real = some_resource();
    if (real != 0) write_type(node, name, real, depth);
  }

  TypeId some_resource() {
    static constexpr std::array<std::string_view, 4> names{"Patient", "Organization", "Observation", "Encounter"};
    return definitions_.find_type(names[random_.below(names.size())]);
  }

  void set(tree::NodeId node, std::string_view name, std::string_view value) {
    out_.add_text(node, out_.intern(name), tree::Kind::String, value);
  }

  void write_reference(const fhir::ElementType& chosen, tree::NodeId node) {
    std::span<const TypeId> targets = definitions_.targets(chosen);
    std::string_view target = targets.empty() ? "Patient" : definitions_.name(targets[random_.below(targets.size())]);
    if (target == "Resource" || target == "DomainResource") target = "Patient";
    set(node, "reference", std::string(target) + "/" + std::to_string(1 + random_.below(999)));
  }

  void write_person_number(tree::NodeId node) {
    set(node, "system", person_number_system);
    set(node, "value", random_person_number(random_));
  }

  void write_extension(tree::NodeId node) {
    set(node, "url", "https://example.org/extension");
    set(node, "valueString", random_words("", random_));
  }

  std::span<const fhir::Code> codes_of(const Element& element) const {
    if (element.binding < BindingStrength::Preferred) return {};
    Result<std::span<const fhir::Code>> codes = definitions_.value_set(definitions_.text(element.value_set));
    return codes ? *codes : std::span<const fhir::Code>{};
  }

  bool write_coded(const Element& element, std::string_view type, tree::NodeId node) {
    std::span<const fhir::Code> codes = codes_of(element);
    if (codes.empty()) return element.binding == BindingStrength::Required && write_unlisted(type, node);
    const fhir::Code& code = codes[random_.below(codes.size())];
    if (type == "CodeableConcept") node = out_.add(node, out_.intern("coding"), tree::Kind::Object, true);
    if (type == "Quantity") {
      out_.add_text(node, out_.intern("value"), tree::Kind::Number, random_value("decimal", "", random_));
      set(node, "unit", code.display.empty() ? code.code : code.display);
    }
    set(node, "system", code.system);
    set(node, "code", code.code);
    if (type != "Quantity" && !code.display.empty() && random_.below(2) == 0) set(node, "display", code.display);
    return true;
  }

  /// A required binding needs a coding, not only a text, even if the value set cannot be expanded.
  bool write_unlisted(std::string_view type, tree::NodeId node) {
    if (type != "CodeableConcept") return false;
    node = out_.add(node, out_.intern("coding"), tree::Kind::Object, true);
    set(node, "code", random_value("code", "", random_));
    return true;
  }

  std::string value_of(const Element& element, TypeId type, std::string_view name, const Place& place) {
    std::span<const fhir::Code> codes = codes_of(element);
    if (!codes.empty()) return std::string(codes[random_.below(codes.size())].code);
    if (options_.codes != nullptr) {
      auto hint = options_.codes->find(std::string(place.parent_name) + "." + std::string(name));
      if (hint == options_.codes->end()) hint = options_.codes->find(name);
      if (hint != options_.codes->end() && !hint->second.empty()) {
        const std::vector<std::string>& list = hint->second[random_.below(hint->second.size())];
        if (!list.empty()) return list[random_.below(list.size())];
      }
    }
    return random_value(definitions_.name(type), name, random_);
  }

  void fill(tree::NodeId node, TypeId type) {
    for (const Element& element : definitions_.elements(type)) {
      std::span<const fhir::ElementType> types = definitions_.types(element);
      const std::string_view name = definitions_.names().text(element.name);
      const bool fits = types.size() == 1 && types[0].type != 0 && definitions_.kind(types[0].type) == TypeKind::Primitive &&
                        element.max > 0 && !is_left_out(element, name);
      if (!fits) continue;
      out_.add_text(node, element.name, kind_of(types[0].type),
                    fitted(types[0].type, value_of(element, types[0].type, name, {node, {}, 0})), element.max > 1);
      return;
    }
    for (const Element& element : definitions_.elements(type)) {
      const std::string_view name = definitions_.names().text(element.name);
      if (definitions_.types(element).empty() || is_left_out(element, name) || element.max == 0) continue;
      return write_one(element, name, {node, {}, options_.depth_max});
    }
  }

  const fhir::Definitions& definitions_;
  Random& random_;
  const GenerateOptions& options_;
  tree::Document& out_;
};

void read_rules(const std::vector<syntax::Rule>& rules, std::map<std::string, std::string>& elements) {
  for (const syntax::Rule& rule : rules) {
    for (const syntax::Source& source : rule.sources) {
      if (source.alias && source.path.size() > 1) elements.emplace(source.alias.text, source.path.back().text);
    }
    read_rules(rule.rules, elements);
  }
}

/// All texts `translate(name, '#id'` of a rule's targets.
std::vector<std::pair<std::string, std::string>> translations_in(std::string_view text) {
  std::vector<std::pair<std::string, std::string>> out;
  for (std::size_t at = text.find("translate("); at != std::string_view::npos; at = text.find("translate(", at + 1)) {
    const std::size_t name = at + 10, comma = text.find(',', name), mark = text.find('#', name);
    const std::size_t end = mark == std::string_view::npos ? mark : text.find('\'', mark);
    if (comma == std::string_view::npos || end == std::string_view::npos || mark > comma + 4) continue;
    out.emplace_back(text.substr(name, comma - name), text.substr(mark + 1, end - mark - 1));
  }
  return out;
}

std::string text_of(const syntax::Target& target) {
  std::string text = target.expression.text;
  std::string arguments;
  for (const syntax::Argument& argument : target.arguments) {
    if (!arguments.empty()) arguments += ", ";
    if (argument.kind == syntax::Argument::Kind::Path && argument.path.size() == 1)
      arguments += argument.path[0].text;
    else if (argument.kind == syntax::Argument::Kind::Literal)
      arguments += "'" + argument.text + "'";
    else
      arguments += argument.expression.text;
  }
  return text + target.function.text + "(" + arguments + ")";
}

void read_hints(const syntax::Map& map, const std::vector<syntax::Rule>& rules,
                const std::map<std::string, std::string>& elements, CodeHints& out) {
  for (const syntax::Rule& rule : rules) {
    for (const syntax::Target& target : rule.targets) {
      for (const auto& [name, id] : translations_in(text_of(target))) {
        for (const syntax::Source& source : rule.sources) {
          if (source.alias.text != name || source.path.size() < 2) continue;
          const std::string element = source.path.back().text;
          auto around = elements.find(source.path[source.path.size() - 2].text);
          const std::string key = around == elements.end() ? element : around->second + "." + element;
          for (const syntax::EmbeddedConceptMap& codes : map.concept_maps) {
            if (codes.id.text != id) continue;
            std::vector<std::string>& list = out[key].emplace_back();
            for (const syntax::CodePair& pair : codes.pairs) list.push_back(pair.source_code.text);
          }
        }
      }
    }
    read_hints(map, rule.rules, elements, out);
  }
}

}  // namespace

CodeHints code_hints(std::span<const syntax::Map* const> maps) {
  CodeHints out;
  for (const syntax::Map* map : maps) {
    std::map<std::string, std::string> elements;  // element path of each variable
    for (const syntax::Group& group : map->groups) read_rules(group.rules, elements);
    for (const syntax::Group& group : map->groups) read_hints(*map, group.rules, elements, out);
  }
  return out;
}

Result<tree::Document> generate(const fhir::Definitions& definitions, fhir::TypeId type, Random& random,
                                const GenerateOptions& options) {
  if (type == 0) return Failure{Cause::NotFound, "There is no such type or model.", {}};
  const bool is_logical = definitions.kind(type) == fhir::TypeKind::Logical;  // abstract ones are allowed
  const bool is_value = definitions.kind(type) == fhir::TypeKind::Primitive || definitions.kind(type) == fhir::TypeKind::System;
  if (is_value || (definitions.is_abstract(type) && !is_logical) || definitions.elements(type).empty())
    return Failure{Cause::Unsupported, "Messages are made of resources, datatypes with elements and logical models.",
                   std::string(definitions.name(type))};
  tree::Document out(definitions.names());
  const std::string_view name = definitions.name(type);
  if (is_logical) {
    out.set_name(0, out.intern(name));
    const std::string_view xml = definitions.xml_namespace(type);
    if (!xml.empty()) out.set_namespace(0, xml);
  }
  Generator(definitions, random, options, out).write_type(0, name, type, 0);
  return out;
}

}  // namespace vardbron::workbench
