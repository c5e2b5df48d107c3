// Tested by tests/mapping/structure_map_test.cpp.

#include "gateway/base/text.h"
#include "gateway/mapping/syntax/structure_map.h"

#include <algorithm>
#include <array>
#include <set>
#include <utility>

namespace vardbron::mapping {

namespace {

using syntax::Argument;
using syntax::LiteralKind;
using syntax::Name;
using tree::Kind;
using tree::NodeId;

constexpr std::string_view r5_extension = "http://hl7.org/fhir/5.0/StructureDefinition/extension-StructureMap.";
constexpr std::string_view expression_extension = "http://hl7.org/fhir/StructureDefinition/cqf-expression";

void collect_names(const std::vector<syntax::Rule>& rules, std::set<std::string, std::less<>>& names) {
  for (const syntax::Rule& rule : rules) {
    for (const syntax::Source& source : rule.sources) names.insert(source.alias.text);
    for (const syntax::Target& target : rule.targets) names.insert(target.alias.text);
    collect_names(rule.rules, names);
  }
}

/// The value of a FHIRPath string literal; nothing for any other expression.
std::optional<std::string> literal_text(std::string_view expression) {
  if (expression.size() < 2 || expression.front() != '\'' || expression.back() != '\'') return std::nullopt;
  std::string text;
  for (std::size_t at = 1; at + 1 < expression.size(); ++at) {
    if (expression[at] == '\'') return std::nullopt;
    if (expression[at] == '\\' && ++at + 1 < expression.size() && expression[at] != '\'' && expression[at] != '\\')
      return std::nullopt;
    text += expression[at];
  }
  return text;
}

class Writer {
 public:
  Writer(const syntax::Map& map, const fhir::Definitions& definitions)
      : map_(map), definitions_(definitions), out_(definitions.names()), is_r4_(definitions.version().starts_with("4.")) {
    for (const syntax::Group& group : map.groups) {
      for (const syntax::Parameter& parameter : group.parameters) names_.insert(parameter.name.text);
      collect_names(group.rules, names_);
    }
  }

  Result<tree::Document> run() {
    text(0, "resourceType", "StructureMap");
    Result<void> written = write_metadata();
    if (!written) return std::move(written).failure();
    for (const syntax::EmbeddedConceptMap& codes : map_.concept_maps) write_codes(codes);
    if (is_r4_) write_constants_of_r4();
    for (const syntax::Uses& uses : map_.uses) write_uses(uses);
    for (const Name& import : map_.imports) text(0, "import", import.text, Kind::String, true);
    for (const syntax::Constant& constant : map_.constants) {
      if (is_r4_) break;
      const NodeId node = object(0, "const");
      text(node, "name", constant.name.text);
      text(node, "value", constant.value.text);
    }
    for (const syntax::Group& group : map_.groups) write_group(group);
    return std::move(out_);
  }

 private:
  NodeId object(NodeId parent, std::string_view name, bool in_list = true) {
    return out_.add(parent, out_.intern(name), Kind::Object, in_list);
  }
  NodeId text(NodeId parent, std::string_view name, std::string_view value, Kind kind = Kind::String, bool in_list = false) {
    return out_.add_text(parent, out_.intern(name), kind, value, in_list);
  }
  void text_if(NodeId parent, std::string_view name, std::string_view value) {
    if (!value.empty()) text(parent, name, value);
  }

  Result<void> write_metadata() {
    for (const syntax::Metadata& line : map_.metadata) {
      if (line.value.empty()) continue;
      Result<void> written = write_line(line);
      if (!written) return written;
    }
    if (map_.meta("name").empty()) text(0, "name", "Unnamed");
    if (map_.meta("status").empty()) text(0, "status", "draft");
    return done();
  }

  /// Follows the dotted path; a value that exists already begins a new item of the innermost list on the path.
  Result<void> write_line(const syntax::Metadata& line) {
    const std::vector<std::string_view> parts = split(line.path, '.');
    std::vector<fhir::Step> steps;
    fhir::TypeId type = definitions_.find_type("StructureMap");
    for (const std::string_view part : parts) {
      const fhir::Step step = definitions_.step(type, definitions_.names().find(part));
      if (!step || step.type == 0)
        return Failure{Cause::Invalid, "the metadata '" + line.path + "' is nothing a StructureMap has", map_.file};
      steps.push_back(step);
      type = step.type;
    }
    const Kind kind = definitions_.json_kind(type);
    if (kind == Kind::Object)
      return Failure{Cause::Invalid, "the metadata '" + line.path + "' names an element with parts, not a value", map_.file};
    std::vector<NodeId> way{0};
    for (std::size_t i = 0; i + 1 < parts.size(); ++i) way.push_back(open(way.back(), parts[i], steps[i], false));
    const bool is_taken = steps.back().element->max == 1 && out_.child(way.back(), parts.back()) != tree::no_node;
    if (is_taken) {
      std::size_t again = parts.size() - 1;
      while (again > 0 && steps[again - 1].element->max == 1) --again;
      if (again == 0) return done();  // the first value of a path counts
      way.resize(again);
      for (std::size_t i = again - 1; i + 1 < parts.size(); ++i)
        way.push_back(open(way.back(), parts[i], steps[i], i + 1 == again));
    }
    text(way.back(), parts.back(), line.value, kind, steps.back().element->max > 1);
    return done();
  }

  NodeId open(NodeId parent, std::string_view name, const fhir::Step& step, bool anew) {
    NodeId last = tree::no_node;
    for (NodeId child = out_.first_child(parent); child != tree::no_node; child = out_.next(child)) {
      if (out_.name_text(out_.name(child)) == name) last = child;
    }
    return last != tree::no_node && !anew ? last : object(parent, name, step.element->max > 1);
  }

  void write_codes(const syntax::EmbeddedConceptMap& codes) {
    const NodeId node = object(0, "contained");
    text(node, "resourceType", "ConceptMap");
    text(node, "id", codes.id.text);
    text(node, "status", "draft");
    auto system = [&](const Name& prefix) -> std::string_view {
      for (const auto& [name, url] : codes.prefixes) {
        if (name.text == prefix.text) return url.text;
      }
      return {};
    };
    std::vector<std::pair<std::string, std::string>> written;
    for (const syntax::CodePair& first : codes.pairs) {
      const std::pair<std::string, std::string> key{first.source_prefix.text, first.target_prefix.text};
      if (std::find(written.begin(), written.end(), key) != written.end()) continue;
      written.push_back(key);
      const NodeId group = object(node, "group");
      text_if(group, "source", system(first.source_prefix));
      text_if(group, "target", system(first.target_prefix));
      for (const syntax::CodePair& pair : codes.pairs) {
        if (pair.source_prefix.text == key.first && pair.target_prefix.text == key.second) write_pair(group, pair);
      }
      write_unmapped(group, codes, key.first);
    }
    for (const auto& [prefix, mode] : codes.unmapped) {
      const bool has_group =
          std::any_of(written.begin(), written.end(), [&](const auto& key) { return key.first == prefix.text; });
      if (has_group) continue;
      const NodeId group = object(node, "group");
      text_if(group, "source", system(prefix));
      write_unmapped(group, codes, prefix.text);
    }
  }

  /// `error` needs no element: it is the default.
  void write_unmapped(NodeId group, const syntax::EmbeddedConceptMap& codes, const std::string& prefix) {
    for (const auto& [name, mode] : codes.unmapped) {
      if (name.text != prefix || mode != "provided") continue;
      text(object(group, "unmapped", false), "mode", is_r4_ ? "provided" : "use-source-code");
      return;
    }
  }

  void write_pair(NodeId group, const syntax::CodePair& pair) {
    struct Relation {
      std::string_view sign, r4, r5;
    };
    static constexpr std::array<Relation, 7> relations{{{"-", "equivalent", "equivalent"},
                                                        {"==", "equal", "equivalent"},
                                                        {"=", "equal", "equivalent"},
                                                        {"~", "relatedto", "related-to"},
                                                        {"<=", "wider", "source-is-narrower-than-target"},
                                                        {">=", "narrower", "source-is-broader-than-target"},
                                                        {"!=", "disjoint", "not-related-to"}}};
    const NodeId element = object(group, "element");
    text(element, "code", pair.source_code.text);
    text_if(element, "display", pair.source_display);
    if (!pair.target_code && !is_r4_) {
      text(element, "noMap", "true", Kind::Boolean);
      return;
    }
    const NodeId target = object(element, "target");
    text_if(target, "code", pair.target_code.text);
    text_if(target, "display", pair.target_display);
    if (!pair.target_code) text(target, "equivalence", "unmatched");
    for (const Relation& relation : relations) {
      if (relation.sign == pair.relation && pair.target_code)
        text(target, is_r4_ ? "equivalence" : "relationship", is_r4_ ? relation.r4 : relation.r5);
    }
  }

  void write_constants_of_r4() {
    for (const syntax::Constant& constant : map_.constants) {
      const NodeId extension = object(0, "extension");
      text(extension, "url", std::string(r5_extension) + "const");
      const NodeId name = object(extension, "extension");
      text(name, "url", "name");
      text(name, "valueId", constant.name.text);
      const NodeId value = object(extension, "extension");
      text(value, "url", "value");
      text(value, "valueString", constant.value.text);
    }
  }

  void write_uses(const syntax::Uses& uses) {
    static constexpr std::array<std::string_view, 4> modes{"source", "queried", "target", "produced"};
    const NodeId node = object(0, "structure");
    text(node, "url", uses.canonical.text);
    text(node, "mode", modes[static_cast<std::size_t>(uses.mode)]);
    text_if(node, "alias", uses.alias.text);
  }

  void write_group(const syntax::Group& group) {
    static constexpr std::array<std::string_view, 3> modes{"none", "types", "type-and-types"};
    const NodeId node = object(0, "group");
    text(node, "name", group.name.text);
    text_if(node, "extends", group.extends.text);
    if (group.mode != syntax::TypeMode::None || is_r4_) text(node, "typeMode", modes[static_cast<std::size_t>(group.mode)]);
    for (const syntax::Parameter& parameter : group.parameters) {
      const NodeId input = object(node, "input");
      text(input, "name", parameter.name.text);
      text_if(input, "type", parameter.type.text);
      text(input, "mode", parameter.is_source ? "source" : "target");
    }
    write_rules(node, group.rules);
  }

  /// R4 requires a name for each rule; the engine's default name is its number, so derived ids stay.
  void write_rules(NodeId parent, const std::vector<syntax::Rule>& rules) {
    for (std::size_t i = 0; i < rules.size(); ++i) {
      const NodeId node = object(parent, "rule");
      if (!rules[i].name.empty() || is_r4_) text(node, "name", rules[i].name.empty() ? std::to_string(i + 1) : rules[i].name);
      write_rule(node, rules[i]);
    }
  }

  void write_rule(NodeId node, const syntax::Rule& rule) {
    for (const syntax::Source& source : rule.sources) write_source(node, source, rule.is_identity);
    for (const syntax::Target& target : rule.targets) write_target(node, target, rule.is_identity);
    // The variables of a call's arguments must be written before the calls: as the last targets.
    std::vector<syntax::Call> calls;
    for (const syntax::Call& call : rule.calls) {
      syntax::Call plain{call.group, {}};
      for (const Argument& argument : call.arguments) {
        plain.arguments.push_back(says_itself(argument) ? argument : hoisted(node, argument));
      }
      calls.push_back(std::move(plain));
    }
    write_rules(node, rule.rules);
    for (const syntax::Call& call : calls) write_call(node, call);
  }

  static std::string dotted(const std::vector<Name>& path) {
    std::string out;
    for (std::size_t i = 1; i < path.size(); ++i) out += (i == 1 ? "" : ".") + path[i].text;
    return out;
  }

  void write_source(NodeId rule, const syntax::Source& source, bool is_identity) {
    static constexpr std::array<std::string_view, 6> lists{"", "first", "not_first", "last", "not_last", "only_one"};
    const NodeId node = object(rule, "source");
    text(node, "context", source.path[0].text);
    if (source.has_cardinality) {
      text(node, "min", std::to_string(source.min), Kind::Number);
      text(node, "max", source.max == UINT32_MAX ? "*" : std::to_string(source.max));
    }
    text_if(node, "type", source.type.text);
    if (source.default_value) write_default(node, source.default_value);
    text_if(node, "element", dotted(source.path));
    text_if(node, "listMode", lists[static_cast<std::size_t>(source.list)]);
    text_if(node, "variable", is_identity ? std::string_view("vvv") : std::string_view(source.alias.text));
    text_if(node, "condition", source.where.text);
    text_if(node, "check", source.check.text);
    text_if(node, "logMessage", source.log.text);
  }

  void write_default(NodeId source, const syntax::Expression& value) {
    const std::string_view name = is_r4_ ? "defaultValueString" : "defaultValue";
    if (const std::optional<std::string> plain = literal_text(value.text); plain && !plain->empty()) {
      text(source, name, *plain);
      return;
    }
    const NodeId node = out_.add(source, out_.intern(name), Kind::Null);
    const NodeId extension = object(node, "extension");
    text(extension, "url", expression_extension);
    const NodeId expression = object(extension, "valueExpression", false);
    text(expression, "language", "text/fhirpath");
    text(expression, "expression", value.text);
  }

  static bool is_variable(const Argument& argument) { return argument.kind == Argument::Kind::Path && argument.path.size() == 1; }
  static bool is_moment(const Argument& argument) {
    return argument.literal == LiteralKind::Date || argument.literal == LiteralKind::DateTime ||
           argument.literal == LiteralKind::Time;
  }

  /// FHIRPath for an argument that is no variable.
  static std::string expression_text(const Argument& argument) {
    if (argument.kind == Argument::Kind::Literal) return (argument.literal == LiteralKind::Time ? "@T" : "@") + argument.text;
    if (argument.expression) return argument.expression.text;
    return argument.path[0].text + "." + dotted(argument.path);
  }

  /// A variable for an argument that the resource cannot hold.
  Argument hoisted(NodeId rule, const Argument& argument) {
    syntax::Target target;
    target.offset = argument.offset;
    if (!argument.transform.empty()) target = argument.transform.front();
    if (target.kind != syntax::Target::Kind::Call) {
      target.kind = syntax::Target::Kind::Expression;
      target.expression.text = expression_text(argument);
    }
    do {
      target.alias.text = "value" + std::to_string(++hoisted_);
    } while (names_.contains(target.alias.text));
    write_target(rule, target, false);
    Argument variable;
    variable.kind = Argument::Kind::Path;
    variable.path.push_back(target.alias);
    return variable;
  }

  struct Transform {
    std::string name;
    std::vector<Argument> arguments;
  };

  bool says_itself(const Argument& argument) const {
    return is_variable(argument) || (argument.kind == Argument::Kind::Literal && !(is_r4_ && is_moment(argument)));
  }

  Transform transform_of(NodeId rule, const syntax::Target& target, bool is_identity) {
    using TargetKind = syntax::Target::Kind;
    if (is_identity) return {"create", {}};
    switch (target.kind) {
      case TargetKind::Create: return {};
      case TargetKind::Expression: return {"evaluate", {string_argument(target.expression.text)}};
      case TargetKind::Copy:
      case TargetKind::Literal:
        if (says_itself(target.arguments[0])) return {"copy", {target.arguments[0]}};
        return {"evaluate", {string_argument(expression_text(target.arguments[0]))}};
      case TargetKind::Call: break;
    }
    Transform out{target.function.text, target.arguments};
    for (Argument& argument : out.arguments) {
      const bool is_last = &argument == &out.arguments.back();
      if (out.name == "evaluate" && is_last)
        argument = argument.expression ? string_argument(argument.expression.text) : argument;
      else if (out.name == "create" && argument.kind == Argument::Kind::Path)
        argument = string_argument(argument.path[0].text);
      else if (!says_itself(argument))
        argument = hoisted(rule, argument);
    }
    return out;
  }

  void write_target(NodeId rule, const syntax::Target& target, bool is_identity) {
    static constexpr std::array<std::string_view, 5> lists{"", "first", "last", "share", "single"};
    const Transform transform = transform_of(rule, target, is_identity);
    const NodeId node = object(rule, "target");
    if (!target.path.empty()) {
      text(node, "context", target.path[0].text);
      if (is_r4_) text(node, "contextType", "variable");
    }
    text_if(node, "element", dotted(target.path));
    text_if(node, "variable", is_identity ? std::string_view("vvv") : std::string_view(target.alias.text));
    std::string_view list = lists[static_cast<std::size_t>(target.list)];
    if (is_r4_ && target.list == syntax::TargetList::Single) list = "collate";
    if (!list.empty()) text(node, "listMode", list, Kind::String, true);
    text_if(node, "listRuleId", target.share.text);
    text_if(node, "transform", transform.name);
    for (const Argument& argument : transform.arguments) write_parameter(node, argument);
  }

  static Argument string_argument(std::string value) {
    Argument argument;
    argument.literal = LiteralKind::String;
    argument.text = std::move(value);
    return argument;
  }

  void write_parameter(NodeId parent, const Argument& argument) { write_value(object(parent, "parameter"), argument); }

  void write_value(NodeId node, const Argument& argument) {
    if (argument.kind == Argument::Kind::Path) {
      text(node, "valueId", argument.path[0].text);
      return;
    }
    static constexpr std::array<std::pair<std::string_view, Kind>, 8> kinds{{{"valueString", Kind::String},
                                                                             {"valueBoolean", Kind::Boolean},
                                                                             {"valueInteger", Kind::Number},
                                                                             {"valueDecimal", Kind::Number},
                                                                             {"valueString", Kind::String},
                                                                             {"valueDate", Kind::String},
                                                                             {"valueDateTime", Kind::String},
                                                                             {"valueTime", Kind::String}}};
    const auto& [name, kind] = kinds[static_cast<std::size_t>(argument.literal)];
    text(node, name, argument.text, kind);
  }

  void write_call(NodeId rule, const syntax::Call& call) {
    const NodeId node = object(rule, "dependent");
    text(node, "name", call.group.text);
    for (const Argument& argument : call.arguments) {
      if (!is_r4_) {
        write_parameter(node, argument);
      } else if (is_variable(argument)) {
        text(node, "variable", argument.path[0].text, Kind::String, true);
      } else {
        const NodeId variable = out_.add(node, out_.intern("variable"), Kind::Null, true);
        const NodeId extension = object(variable, "extension");
        text(extension, "url", std::string(r5_extension) + "group.rule.dependent.parameter");
        write_value(extension, argument);
      }
    }
  }

  const syntax::Map& map_;
  const fhir::Definitions& definitions_;
  tree::Document out_;
  bool is_r4_;
  std::set<std::string, std::less<>> names_;
  std::size_t hoisted_ = 0;
};

}  // namespace

Result<tree::Document> to_structure_map(const syntax::Map& map, const fhir::Definitions& definitions) {
  return Writer(map, definitions).run();
}

}  // namespace vardbron::mapping
