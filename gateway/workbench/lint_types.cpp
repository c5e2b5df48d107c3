// Tested by tests/workbench/lint_test.cpp.

#include "gateway/fhirpath/program.h"
#include "gateway/mapping/syntax/print.h"
#include "gateway/workbench/lint_names.h"
#include "gateway/workbench/lint_segments.h"

#include <algorithm>
#include <array>
#include <map>
#include <set>

namespace vardbron::workbench {

namespace syntax = mapping::syntax;

namespace {

using fhir::TypeId;

struct Variable {
  std::string name;
  TypeId type = 0;
};
using Scope = std::vector<Variable>;

constexpr std::string_view word_letters = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_";

/// The end of a target path.
struct Place {
  const fhir::Element* element = nullptr;
  TypeId type = 0;
};

/// A write in one block: its rule and its source.
struct Writer {
  const syntax::Rule* rule = nullptr;
  std::string source;
  bool has_condition = false;
};
using Written = std::map<std::string, Writer>;

/// Walks a map with the types of its variables, as far as they are known. A called group has the types of its first call.
class Types {
 public:
  Types(const syntax::Map& map, const fhir::Definitions& definitions, Lints& out)
      : map_(map), definitions_(definitions), out_(out), segments_(definitions) {}

  void run() {
    for (const syntax::Group& group : map_.groups) {
      if (&group == &map_.groups.front() || group.mode != syntax::TypeMode::None) visit(group, declared(group));
    }
    for (const syntax::Group& group : map_.groups) visit(group, declared(group));
    segments_.tell(map_, out_);
  }

 private:
  std::vector<TypeId> declared(const syntax::Group& group) const {
    std::vector<TypeId> types;
    for (const syntax::Parameter& parameter : group.parameters) types.push_back(find_type(parameter.type.text));
    return types;
  }

  TypeId find_type(std::string_view name) const {
    if (name.empty()) return 0;
    for (const syntax::Uses& uses : map_.uses) {
      const TypeId type = definitions_.find_type(std::string_view(uses.canonical.text).substr(0, uses.canonical.text.find('|')));
      if (uses.alias ? uses.alias.text == name : type != 0 && definitions_.name(type) == name) return type;
    }
    if (name.substr(0, 5) == "FHIR.") name.remove_prefix(5);
    return definitions_.find_type(name);
  }

  void visit(const syntax::Group& group, const std::vector<TypeId>& types) {
    if (!visited_.insert(&group).second) return;
    Scope scope;
    for (std::size_t i = 0; i < group.parameters.size(); ++i)
      scope.push_back({group.parameters[i].name.text, i < types.size() ? types[i] : 0});
    rules(group.rules, scope);
  }

  static TypeId type_of(const Scope& scope, std::string_view name) {
    for (auto at = scope.rbegin(); at != scope.rend(); ++at) {
      if (at->name == name) return at->type;
    }
    return 0;
  }

  Place follow(const Scope& scope, const std::vector<syntax::Name>& path) const {
    Place place;
    if (path.empty()) return place;
    place.type = type_of(scope, path[0].text);
    for (std::size_t i = 1; i < path.size(); ++i) {
      const fhir::Step step =
          place.type == 0 ? fhir::Step{} : definitions_.step(place.type, definitions_.names().find(path[i].text));
      place = {step.element, step.type};
      if (step && step.type == 0 && definitions_.types(*step.element).size() == 1)
        place.type = definitions_.types(*step.element)[0].type;
    }
    return place;
  }

  TypeId step_to(TypeId from, std::string_view name, syntax::Offset offset) {
    const tree::NameId id = definitions_.names().find(name);
    segments_.took(from, id, offset);
    return from == 0 ? 0 : definitions_.step(from, id).type;
  }

  void note_segments(const syntax::Source& source, const Scope& scope) {
    if (source.path.empty()) return;
    TypeId type = type_of(scope, source.path[0].text);
    for (std::size_t at = 1; at < source.path.size(); ++at) type = step_to(type, source.path[at].text, source.offset);
  }

  /// For a path that begins with a variable.
  void note_segments(const syntax::Expression& expression, const Scope& scope) {
    const std::string_view text = expression.text;
    for (const BareName& head : head_names(text)) {
      TypeId type = type_of(scope, head.name);
      std::size_t at = head.at + head.name.size();
      while (type != 0 && at + 1 < text.size() && text[at] == '.') {
        const std::size_t end = std::min(text.find_first_not_of(word_letters, at + 1), text.size());
        type = step_to(type, text.substr(at + 1, end - at - 1), expression.offset);
        at = end;
      }
    }
  }

  void rules(const std::vector<syntax::Rule>& rules, const Scope& scope) {
    Written written;
    for (const syntax::Rule& rule : rules) this->rule(rule, scope, written);
  }

  void rule(const syntax::Rule& rule, Scope scope, Written& written) {
    const Scope outer = scope;
    for (const syntax::Source& source : rule.sources) {
      note_segments(source, scope);
      TypeId type = source.type ? find_type(source.type.text) : follow(scope, source.path).type;
      if (source.alias) scope.push_back({source.alias.text, type});
      clause(source, source.where, type, scope, "where");
      clause(source, source.check, type, scope, "check");
      expression(source.log, type, scope);
      if (source.has_cardinality && source.max == 0)
        out_.add("never-fires", map_, source.offset, "The cardinality ..0 lets nothing through: the rule never fires.");
    }
    const TypeId focus = rule.sources.empty() ? 0 : follow(scope, rule.sources[0].path).type;
    for (const syntax::Target& target : rule.targets) {
      expression(target.expression, focus, scope);
      for (const syntax::Argument& argument : target.arguments) {
        if (argument.kind == syntax::Argument::Kind::Expression) expression(argument.expression, focus, scope);
      }
      const Place place = follow(scope, target.path);
      overwriting(rule, target, place, outer, written);
      codes(target, place);
      if (target.alias) scope.push_back({target.alias.text, made_type(target, place, scope)});
    }
    for (const syntax::Call& call : rule.calls) visit_call(call, scope);
    rules(rule.rules, scope);
  }

  void visit_call(const syntax::Call& call, const Scope& scope) {
    for (const syntax::Group& group : map_.groups) {
      if (group.name.text != call.group.text) continue;
      std::vector<TypeId> types = declared(group);
      for (std::size_t i = 0; i < types.size() && i < call.arguments.size(); ++i) {
        const syntax::Argument& argument = call.arguments[i];
        const TypeId given = argument.kind == syntax::Argument::Kind::Path ? follow(scope, argument.path).type : 0;
        if (given != 0) types[i] = given;
      }
      visit(group, types);
    }
  }

  TypeId made_type(const syntax::Target& target, const Place& place, const Scope& scope) const {
    using Kind = syntax::Target::Kind;
    if (target.kind == Kind::Copy && !target.arguments.empty() && place.type == 0)
      return follow(scope, target.arguments[0].path).type;
    const bool is_create = target.kind == Kind::Call && target.function.text == "create" && target.arguments.size() == 1;
    if (is_create && target.arguments[0].kind == syntax::Argument::Kind::Literal) return find_type(target.arguments[0].text);
    return place.type;
  }

  void clause(const syntax::Source& source, const syntax::Expression& condition, TypeId type, const Scope& scope,
              std::string_view word) {
    if (!condition) return;
    expression(condition, type, scope);
    const std::optional<bool> constant = constant_value(condition.text);
    if (!constant) return;
    if (*constant)
      out_.add("always-true", map_, condition.offset, "This " + std::string(word) + " says yes to everything: take it out.");
    else
      out_.add("never-fires", map_, condition.offset,
               "This " + std::string(word) + " says no to everything" + (word == "where" ? ": the rule never fires." : "."));
    (void)source;
  }

  /// The value of a condition without names.
  std::optional<bool> constant_value(const std::string& text) const {
    static constexpr std::array<std::string_view, 10> words{"true",    "false", "and", "or",  "xor",
                                                            "implies", "not",   "in",  "div", "mod"};
    for (const BareName& name : head_names(text)) {
      if (std::find(words.begin(), words.end(), name.name) == words.end()) return std::nullopt;
    }
    if (text.find('$') != std::string::npos || text.find('(') != std::string::npos) return std::nullopt;
    fhirpath::CompileOptions options{.definitions = definitions_, .variables = {}};
    Result<fhirpath::Program> program = fhirpath::compile(text, options);
    if (!program) return std::nullopt;
    tree::Document nothing(definitions_.names());
    Result<fhirpath::Collection> result = fhirpath::run(*program, fhirpath::element(tree::root(nothing), definitions_), {});
    if (!result) return std::nullopt;
    if (result->empty()) return false;
    const fhirpath::Value& value = *result->begin();
    if (value.kind() != fhirpath::ValueKind::Boolean) return std::nullopt;
    return value.boolean();
  }

  void expression(const syntax::Expression& expression, TypeId focus, const Scope& scope) {
    if (!expression) return;
    note_segments(expression, scope);
    if (focus == 0) return;
    for (const BareName& name : head_names(expression.text)) {
      if (name.is_marked) continue;
      const bool is_variable =
          std::any_of(scope.begin(), scope.end(), [&](const Variable& variable) { return variable.name == name.name; }) ||
          std::any_of(map_.constants.begin(), map_.constants.end(),
                      [&](const syntax::Constant& constant) { return constant.name.text == name.name; });
      const std::string plain(name.name);
      if (!is_variable || !definitions_.step(focus, definitions_.names().find(plain))) continue;
      out_.add("bare-variable", map_, expression.offset + static_cast<syntax::Offset>(name.at),
               "'" + plain + "' is a variable and an element of " + std::string(definitions_.name(focus)) + "; write %" + plain +
                   " for the variable (what it means here) or $this." + plain + " for the element.");
    }
  }

  static std::string path_text(const std::vector<syntax::Name>& path) {
    std::string out;
    for (const syntax::Name& name : path) out += (out.empty() ? "" : ".") + name.text;
    return out;
  }

  void overwriting(const syntax::Rule& rule, const syntax::Target& target, const Place& place, const Scope& outer,
                   Written& written) {
    const bool is_outer = std::any_of(outer.begin(), outer.end(), [&](const Variable& variable) {
      return !target.path.empty() && variable.name == target.path[0].text;
    });
    if (!is_outer || target.path.size() < 2 || place.element == nullptr || place.element->max > 1) return;
    // A create continues with the existing element.
    if (target.kind == syntax::Target::Kind::Create || target.function.text == "create") return;
    Writer writer{&rule, {}, false};
    for (const syntax::Source& source : rule.sources) {
      writer.source += path_text(source.path) + ",";
      writer.has_condition |= static_cast<bool>(source.where) || source.list != syntax::SourceList::All;
    }
    auto [earlier, is_first] = written.emplace(path_text(target.path), writer);
    if (is_first) return;
    // Different sources are deliberate: the later value wins if it exists.
    if (!earlier->second.has_condition && !writer.has_condition &&
        (earlier->second.source == writer.source || earlier->second.rule == &rule))
      out_.add("overwritten-target", map_, target.offset,
               "'" + path_text(target.path) + "' does not repeat and was already written in line " +
                   std::to_string(map_.position(earlier->second.rule->offset).line) +
                   " from the same source: this value replaces it.");
    earlier->second = writer;
  }

  void codes(const syntax::Target& target, const Place& place) {
    const bool is_translate =
        target.kind == syntax::Target::Kind::Call && target.function.text == "translate" && target.arguments.size() > 1;
    if (!is_translate || place.element == nullptr || place.element->binding != fhir::BindingStrength::Required) return;
    const std::string& url = target.arguments[1].text;
    const std::string_view set = definitions_.text(place.element->value_set);
    for (const syntax::EmbeddedConceptMap& map : map_.concept_maps) {
      if (url != "#" + map.id.text) continue;
      for (const syntax::CodePair& pair : map.pairs) {
        Result<bool> holds = definitions_.holds(set, pair.target_code.text);
        if (pair.relation == "!=" || !holds || *holds) continue;
        out_.add("code-not-in-value-set", map_, pair.target_code.offset,
                 "'" + pair.target_code.text + "' is not in " + std::string(set) + ", which line " +
                     std::to_string(map_.position(target.offset).line) + " needs: write one of its codes.");
      }
    }
  }

  const syntax::Map& map_;
  const fhir::Definitions& definitions_;
  Lints& out_;
  SegmentReads segments_;
  std::set<const syntax::Group*> visited_;
};

}  // namespace

void lint_types(const syntax::Map& map, std::span<const syntax::Map* const> /*maps*/, const fhir::Definitions& definitions,
                Lints& out) {
  Types(map, definitions, out).run();
}

}  // namespace vardbron::workbench
