// Tested by tests/mapping/run_test.cpp and tests/mapping/compile_test.cpp.

#include "gateway/base/text.h"
#include "gateway/mapping/compile/compiler.h"
#include "gateway/mapping/compile/types.h"
#include "gateway/mapping/syntax/lex.h"

#include <algorithm>
#include <array>

namespace vardbron::mapping {

const Compiler::Variable* Compiler::find_variable(const Scope& scope, std::string_view name) const {
  for (auto variable = scope.variables.rbegin(); variable != scope.variables.rend(); ++variable) {
    if (variable->name == name) return &*variable;
  }
  return nullptr;
}

Compiler::Variable& Compiler::add_variable(Scope& scope, const syntax::Name& alias, fhir::TypeId type, bool is_target) {
  return scope.variables.emplace_back(Variable{alias.text, scope.slots++, type, is_target});
}

Failure Compiler::unknown_variable(const Scope& scope, const syntax::Name& name) const {
  std::vector<std::string_view> known;
  for (const Variable& variable : scope.variables) known.push_back(variable.name);
  std::string says = "there is no variable '" + name.text + "' here";
  std::string_view near = nearest(name.text, known);
  if (!near.empty()) says += "; did you mean '" + std::string(near) + "'?";
  return fail(scope, name.offset, says);
}

/// Rule paths hold names, no line numbers, so that derived ids survive a re-format.
Result<std::vector<Index>> Compiler::compile_rules(Scope& scope, const std::vector<syntax::Rule>& rules,
                                                   const std::string& path) {
  std::vector<Index> out;
  for (std::size_t i = 0; i < rules.size(); ++i) {
    std::string own = rules[i].name.empty() ? std::to_string(i + 1) : rules[i].name;
    Result<Index> rule = compile_rule(scope, rules[i], path + "/" + own);
    if (!rule) return std::move(rule).failure();
    out.push_back(*rule);
  }
  return out;
}

namespace {

/// A StructureMap cannot nest transforms: a nested one becomes an earlier target `value1`. Derived ids count targets in the order
/// of the text: an outer transform before those inside it, expressions not at all. Returns the targets' numbers, or nothing if no
/// target is nested.
std::vector<int> numbers_of_hoisted(const syntax::Rule& rule) {
  using Kind = syntax::Target::Kind;
  const auto is_hoisted = [](const syntax::Target& target) {
    const std::string_view name = target.alias.text;
    return target.path.empty() && name.starts_with("value") && name.size() > 5 &&
           name.find_first_not_of("0123456789", 5) == std::string_view::npos;
  };
  bool any = false;
  for (const syntax::Target& target : rule.targets) {
    any = any || is_hoisted(target);
    for (const syntax::Argument& argument : target.arguments) {
      if (argument.kind == syntax::Argument::Kind::Expression && target.function.text != "evaluate") return {};
    }
  }
  if (!any) return {};
  std::vector<int> numbers(rule.targets.size(), 0);
  int last = 0;
  const auto visit = [&](const auto& self, std::size_t index) -> void {
    const syntax::Target& target = rule.targets[index];
    const bool counts = !is_hoisted(target) || target.kind != Kind::Expression;
    if (numbers[index] != 0) return;
    numbers[index] = counts ? ++last : static_cast<int>(rule.targets.size()) + 1;
    for (const syntax::Argument& argument : target.arguments) {
      for (std::size_t other = 0; other < index && argument.path.size() == 1; ++other) {
        if (is_hoisted(rule.targets[other]) && rule.targets[other].alias.text == argument.path[0].text) self(self, other);
      }
    }
  };
  for (std::size_t i = 0; i < rule.targets.size(); ++i) {
    if (!is_hoisted(rule.targets[i])) visit(visit, i);
  }
  for (std::size_t i = 0; i < rule.targets.size(); ++i) visit(visit, i);
  return numbers;
}

}  // namespace

Result<Index> Compiler::compile_rule(Scope& scope, const syntax::Rule& rule, std::string path) {
  std::size_t visible = scope.variables.size();
  Index id = static_cast<Index>(program_->rules.size());
  program_->rules.emplace_back();
  RuleCode code;
  code.file = scope.file;
  code.path = text(path);
  code.offset = rule.offset;
  std::vector<SourceCode> sources;
  for (std::size_t i = 0; i < rule.sources.size(); ++i) {
    Result<SourceCode> source = compile_source(scope, rule, i, visible);
    if (!source) return std::move(source).failure();
    sources.push_back(std::move(*source));
  }
  scope.rule_path = path;
  scope.target_number = 0;
  const std::vector<int> numbers = numbers_of_hoisted(rule);
  std::vector<TargetCode> targets;
  for (const syntax::Target& target : rule.targets) {
    if (!numbers.empty()) scope.target_number = numbers[targets.size()] - 1;
    Result<TargetCode> compiled =
        rule.is_identity ? compile_identity(scope, target, sources[0]) : compile_target(scope, target, sources[0].slot);
    if (!compiled) return std::move(compiled).failure();
    targets.push_back(std::move(*compiled));
  }
  std::vector<CallCode> calls;
  for (const syntax::Call& call : rule.calls) {
    Result<CallCode> compiled = compile_call(scope, call);
    if (!compiled) return std::move(compiled).failure();
    calls.push_back(std::move(*compiled));
  }
  Result<std::vector<Index>> rules = compile_rules(scope, rule.rules, path);
  if (!rules) return std::move(rules).failure();
  code.sources = append(program_->sources, std::move(sources));
  code.targets = append(program_->targets, std::move(targets));
  code.calls = append(program_->calls, std::move(calls));
  code.rules = append(program_->rule_lists, std::move(*rules));
  program_->rules[id] = code;
  scope.variables.resize(visible);
  return id;
}

Result<SourceCode> Compiler::compile_source(Scope& scope, const syntax::Rule& rule, std::size_t number, std::size_t visible) {
  const syntax::Source& source = rule.sources[number];
  SourceCode out;
  out.offset = source.offset;
  out.list = source.list;
  out.has_cardinality = source.has_cardinality;
  out.min = source.min;
  out.max = source.max;
  Result<void> step = compile_source_path(scope, source, out);
  if (step && source.default_value) {
    Result<Index> value = compile_expression(scope, source.default_value, 0);
    if (!value) return std::move(value).failure();
    out.default_value = *value;
  }
  if (step) step = compile_source_type(scope, source, out);
  if (!step) return std::move(step).failure();
  for (std::size_t i = 0; i < number; ++i) {
    const syntax::Name& alias = rule.sources[i].alias;
    if (alias && alias.text == source.path[0].text) out.context_source = static_cast<Index>(i);
  }
  if (source.alias) {
    for (std::size_t i = visible; i < scope.variables.size(); ++i) {
      if (scope.variables[i].name == source.alias.text)
        return fail(scope, source.alias.offset, "two sources of this rule are called '" + source.alias.text + "'");
    }
  }
  // Copied out, because a variable of the same name may be hidden by this one.
  out.slot = add_variable(scope, source.alias, out.type, false).slot;
  step = compile_source_clauses(scope, source, out);
  if (!step) return std::move(step).failure();
  return out;
}

Result<void> Compiler::compile_source_path(Scope& scope, const syntax::Source& source, SourceCode& out) {
  const syntax::Name& context = source.path[0];
  const Variable* variable = find_variable(scope, context.text);
  fhir::TypeId type = 0;
  if (variable != nullptr) {
    out.context = variable->slot;
    type = variable->type;
  } else if (const syntax::Constant* constant = find_constant(*scope.map, context.text)) {
    Result<Index> compiled = compile_constant(*scope.map, *constant);
    if (!compiled) return std::move(compiled).failure();
    out.constant = *compiled;
  } else {
    return unknown_variable(scope, context);
  }
  std::vector<StepCode> steps;
  for (std::size_t i = 1; i < source.path.size(); ++i) {
    // A primitive's value is the primitive itself (R4 maps write code.value).
    if (source.path[i].text == "value" && is_primitive(definitions_, type)) continue;
    Result<std::pair<StepCode, fhir::TypeId>> step = source_step(scope, type, source.path[i]);
    if (!step) return std::move(step).failure();
    steps.push_back(step->first);
    type = step->second;
  }
  out.type = type;
  out.steps = append(program_->steps, std::move(steps));
  return done();
}

/// `: Type` keeps the elements of that type. A type that the model excludes is an error: the rule could never fire.
Result<void> Compiler::compile_source_type(Scope& scope, const syntax::Source& source, SourceCode& out) {
  if (!source.type) return done();
  Result<fhir::TypeId> filter = find_type(*scope.map, source.type);
  if (!filter) return std::move(filter).failure();
  bool possible = out.type == 0 || *filter == 0 || definitions_.is_a(out.type, *filter) || definitions_.is_a(*filter, out.type);
  if (out.steps.count > 0 && out.type == 0) {
    const StepCode& last = program_->steps[out.steps.first + out.steps.count - 1];
    std::span<const ChoiceVariant> all = variants(last.variants);
    possible = last.is_open || std::any_of(all.begin(), all.end(), [&](const ChoiceVariant& one) {
                 return one.type == 0 || definitions_.is_a(one.type, *filter) || definitions_.is_a(*filter, one.type);
               });
  }
  if (!possible)
    return fail(scope, source.type.offset,
                "'" + source.path.back().text + "' is never a " + name_of(*filter) + ", but a " + name_of(out.type));
  bool says_more = out.type == 0 || !definitions_.is_a(out.type, *filter);
  if (says_more) out.filter = *filter;
  if (says_more) out.type = *filter;
  return done();
}

Result<void> Compiler::compile_source_clauses(Scope& scope, const syntax::Source& source, SourceCode& out) {
  // Maps of the standard's tutorial write `src.a2 where (a2.length() < 20)`: the element's own name is the element itself, unless
  // it has a child or a variable has that name.
  const syntax::Name& own = source.path.back();
  const bool names_itself = source.path.size() > 1 && out.type != 0 && find_variable(scope, own.text) == nullptr &&
                            find_constant(*scope.map, own.text) == nullptr &&
                            !definitions_.step(out.type, definitions_.names().find(own.text));
  if (names_itself) scope.variables.push_back({own.text, out.slot, out.type, false});
  Result<void> compiled = compile_clause_texts(scope, source, out);
  if (names_itself) scope.variables.pop_back();
  return compiled;
}

Result<void> Compiler::compile_clause_texts(const Scope& scope, const syntax::Source& source, SourceCode& out) {
  struct Clause {
    const syntax::Expression& text;
    Index& index;
  };
  for (const Clause& clause : {Clause{source.where, out.where}, Clause{source.check, out.check}, Clause{source.log, out.log}}) {
    if (!clause.text) continue;
    Result<Index> compiled = compile_expression(scope, clause.text, out.type);
    if (!compiled) return std::move(compiled).failure();
    clause.index = *compiled;
  }
  return done();
}

Result<CallCode> Compiler::compile_call(Scope& scope, const syntax::Call& call) {
  Result<GroupAt> at = find_group(*scope.map, call.group);
  if (!at) return std::move(at).failure();
  const std::vector<syntax::Parameter>& parameters = at->group->parameters;
  if (parameters.size() != call.arguments.size())
    return fail(scope, call.group.offset,
                "'" + call.group.text + "' takes " + std::to_string(parameters.size()) + " arguments, but is given " +
                    std::to_string(call.arguments.size()));
  std::vector<ArgumentCode> arguments;
  std::vector<fhir::TypeId> given;
  for (std::size_t i = 0; i < parameters.size(); ++i) {
    const syntax::Argument argument = plain_argument(scope, call.arguments[i]);
    if (!parameters[i].is_source) {
      const Variable* variable =
          argument.kind == syntax::Argument::Kind::Path ? find_variable(scope, argument.path[0].text) : nullptr;
      if (variable == nullptr || !variable->is_target || argument.path.size() != 1)
        return fail(scope, argument.offset,
                    "'" + parameters[i].name.text + "' of '" + call.group.text + "' needs a target variable");
    }
    Result<ArgumentCode> compiled = compile_argument(scope, argument);
    if (!compiled) return std::move(compiled).failure();
    given.push_back(compiled->type);
    arguments.push_back(*compiled);
  }
  Result<std::vector<fhir::TypeId>> types = parameter_types(*at, given);
  if (!types) return std::move(types).failure();
  for (std::size_t i = 0; i < given.size(); ++i) {
    fhir::TypeId from = given[i], to = (*types)[i];
    bool related = from == 0 || to == 0 || definitions_.is_a(from, to) || definitions_.is_a(to, from) ||
                   (is_primitive(definitions_, from) && is_primitive(definitions_, to));
    if (!related)
      return fail(scope, call.arguments[i].offset,
                  "'" + call.group.text + "' needs a " + name_of(to) + " here, but this is a " + name_of(from));
  }
  CallCode out;
  out.group = request_group(*at, std::move(*types));
  out.arguments = append(program_->arguments, std::move(arguments));
  return out;
}

/// `%name` is the variable of that name, as `name` is; FHIRPath's own names stay expressions.
syntax::Argument Compiler::plain_argument(const Scope& scope, const syntax::Argument& argument) const {
  const std::string& text = argument.expression.text;
  if (argument.kind != syntax::Argument::Kind::Expression || !text.starts_with('%')) return argument;
  std::string name = text.substr(1);
  if (name.size() > 2 && name.front() == '`' && name.find('`', 1) == name.size() - 1) name = unquoted(name);
  if (find_variable(scope, name) == nullptr && find_constant(*scope.map, name) == nullptr) return argument;
  syntax::Argument plain = argument;
  plain.kind = syntax::Argument::Kind::Path;
  plain.path = {{name, argument.offset}};
  return plain;
}

Result<ArgumentCode> Compiler::compile_argument(Scope& scope, const syntax::Argument& argument) {
  ArgumentCode out;
  if (argument.kind == syntax::Argument::Kind::Literal) {
    out.literal = argument.literal;
    out.index = text(argument.text);
    static constexpr std::array<Family, 8> families{Family::None,   Family::Boolean, Family::Integer,  Family::Decimal,
                                                    Family::String, Family::Date,    Family::DateTime, Family::Time};
    out.type = type_of_family(definitions_, families[static_cast<std::size_t>(argument.literal)]);
    return out;
  }
  if (argument.kind == syntax::Argument::Kind::Path && argument.path.size() == 1) {
    if (const Variable* variable = find_variable(scope, argument.path[0].text)) {
      out.kind = ArgumentCode::Kind::Slot;
      out.index = variable->slot;
      out.type = variable->type;
      return out;
    }
    const syntax::Constant* constant = find_constant(*scope.map, argument.path[0].text);
    if (constant == nullptr) return unknown_variable(scope, argument.path[0]);
    Result<Index> compiled = compile_constant(*scope.map, *constant);
    if (!compiled) return std::move(compiled).failure();
    out.kind = ArgumentCode::Kind::Constant;
    out.index = *compiled;
    return out;
  }
  if (!argument.transform.empty()) return compile_nested(scope, argument);
  syntax::Expression expression = argument.expression;
  if (!expression) {
    for (const syntax::Name& name : argument.path)
      expression.text += (expression.text.empty() ? "" : ".") + ("`" + name.text + "`");
    expression.offset = argument.offset;
  }
  Result<Index> compiled = compile_expression(scope, expression, 0);
  if (!compiled) return std::move(compiled).failure();
  out.kind = ArgumentCode::Kind::Expression;
  out.index = *compiled;
  out.type = program_->expressions[*compiled].program.result_type();
  return out;
}

Result<ArgumentCode> Compiler::compile_nested(Scope& scope, const syntax::Argument& argument) {
  syntax::Target target = argument.transform.front();
  target.alias = syntax::Name{"?", argument.offset};
  std::size_t visible = scope.variables.size();
  Result<TargetCode> compiled = compile_target(scope, target, nothing);
  if (!compiled) return std::move(compiled).failure();
  scope.variables.resize(visible);
  program_->targets.push_back(std::move(*compiled));
  ArgumentCode out{.kind = ArgumentCode::Kind::Nested, .index = static_cast<Index>(program_->targets.size() - 1)};
  out.type = program_->targets.back().value_type;
  return out;
}

}  // namespace vardbron::mapping
