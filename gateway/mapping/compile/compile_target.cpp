// Tested by tests/mapping/arguments_test.cpp and tests/mapping/run_test.cpp.

#include "gateway/base/text.h"
#include "gateway/fhir/primitive.h"
#include "gateway/mapping/compile/compiler.h"
#include "gateway/mapping/compile/transforms.h"
#include "gateway/mapping/compile/types.h"
#include "gateway/mapping/syntax/print.h"

#include <algorithm>
#include <array>

namespace vardbron::mapping {

Result<TargetCode> Compiler::compile_target(Scope& scope, const syntax::Target& target, Index focus) {
  TargetCode out;
  out.offset = target.offset;
  out.focus = focus;
  out.list = target.list;
  out.counter = counter(scope.rule_path + "/" + std::to_string(++scope.target_number));
  if (target.list == syntax::TargetList::Share) {
    out.share = shares_.try_emplace(target.share.text, static_cast<Index>(shares_.size())).first->second;
  }
  Result<void> step = done();
  if (!target.path.empty()) {
    Result<fhir::TypeId> type = compile_target_path(scope, target, out);
    if (!type) return std::move(type).failure();
    out.type = *type;
  }
  step = compile_transform(scope, target, out);
  if (step) step = check_assignment(scope, target, out);
  if (!step) return std::move(step).failure();
  if (target.alias) out.slot = add_variable(scope, target.alias, out.type, true).slot;
  return out;
}

/// Rules of one path share a counter, also if a group is compiled for several types.
Index Compiler::counter(const std::string& path) {
  Index name = text(program_->url + "#" + path);
  for (Index i = 0; i < program_->counters.size(); ++i) {
    if (program_->counters[i] == name) return i;
  }
  program_->counters.push_back(name);
  return static_cast<Index>(program_->counters.size() - 1);
}

/// Returns the type of the path's last element if it has only one, else 0.
Result<fhir::TypeId> Compiler::compile_target_path(Scope& scope, const syntax::Target& target, TargetCode& out) {
  const Variable* variable = find_variable(scope, target.path[0].text);
  if (variable == nullptr) return unknown_variable(scope, target.path[0]);
  if (!variable->is_target)
    return fail(scope, target.path[0].offset, "'" + variable->name + "' is a source; a source is never written");
  out.context = variable->slot;
  fhir::TypeId type = variable->type;
  std::vector<ElementCode> elements;
  for (std::size_t i = 1; i < target.path.size(); ++i) {
    if (target.path[i].text == "value" && is_primitive(definitions_, type)) continue;
    Result<ElementCode> element = target_element(scope, type, target.path[i]);
    if (!element) return std::move(element).failure();
    std::span<const ChoiceVariant> all = variants(element->variants);
    bool is_last = i + 1 == target.path.size();
    if (!is_last && (all.size() != 1 || element->any_resource))
      return fail(scope, target.path[i].offset,
                  "'" + target.path[i].text + "' may have several types: create it in a target of its own");
    type = all.size() == 1 ? all[0].type : 0;
    elements.push_back(*element);
  }
  out.elements = append(program_->elements, std::move(elements));
  return type;
}

Result<void> Compiler::compile_transform(Scope& scope, const syntax::Target& target, TargetCode& out) {
  using Kind = syntax::Target::Kind;
  switch (target.kind) {
    case Kind::Create: out.operation = Operation::Create; return done();
    case Kind::Copy:
    case Kind::Literal: {
      out.operation = target.kind == Kind::Copy ? Operation::Copy : Operation::Literal;
      Result<ArgumentCode> argument = compile_argument(scope, target.arguments[0]);
      if (!argument) return std::move(argument).failure();
      out.value_type = argument->type;
      out.arguments = append(program_->arguments, {*argument});
      return done();
    }
    case Kind::Expression: {
      out.operation = Operation::Evaluate;
      Result<Index> expression = compile_expression(scope, target.expression, 0);
      if (!expression) return std::move(expression).failure();
      out.value_type = program_->expressions[*expression].program.result_type();
      out.arguments = append(program_->arguments, {ArgumentCode{.kind = ArgumentCode::Kind::Expression, .index = *expression}});
      return done();
    }
    case Kind::Call: return compile_function(scope, target, out);
  }
  return done();
}

Result<void> Compiler::compile_function(Scope& scope, const syntax::Target& target, TargetCode& out) {
  const Function* function = find_function(target.function.text);
  if (function == nullptr) {
    std::string says = "there is no transform '" + target.function.text + "'";
    std::string_view near = nearest(target.function.text, function_names());
    if (!near.empty()) says += "; did you mean '" + std::string(near) + "'?";
    return fail(scope, target.function.offset, says);
  }
  std::size_t count = target.arguments.size();
  if (count < function->arguments_min || count > function->arguments_max)
    return fail(scope, target.function.offset,
                "'" + target.function.text + "' takes " + std::string(function->takes) + ", but is given " +
                    std::to_string(count) + " argument" + (count == 1 ? "" : "s"));
  out.operation = function->operation;
  if (!function->type.empty()) out.value_type = definitions_.find_type(function->type);
  if (out.operation == Operation::Create) return compile_create(scope, target, out);
  if (out.operation == Operation::Evaluate) return compile_evaluate(scope, target, out);
  std::vector<ArgumentCode> arguments;
  for (const syntax::Argument& argument : target.arguments) {
    Result<ArgumentCode> compiled = compile_argument(scope, plain_argument(scope, argument));
    if (!compiled) return std::move(compiled).failure();
    arguments.push_back(*compiled);
  }
  if (Result<void> literals = check_literal_arguments(scope, target, out.operation); !literals) return literals;
  if (out.operation == Operation::Copy) out.value_type = arguments[0].type;
  Result<void> checked = compile_named_arguments(scope, target, arguments, out);
  if (!checked) return checked;
  out.arguments = append(program_->arguments, std::move(arguments));
  return done();
}

/// A literal argument that the transform cannot take is an error of the map, reported when it is compiled.
Result<void> Compiler::check_literal_arguments(const Scope& scope, const syntax::Target& target, Operation operation) const {
  for (std::size_t i = 1; i < target.arguments.size(); ++i) {
    const syntax::Argument& argument = target.arguments[i];
    if (argument.kind != syntax::Argument::Kind::Literal) continue;
    const std::optional<std::int64_t> number = parse_int(argument.text);
    if (operation == Operation::Truncate && (!number || *number < 0))
      return fail(scope, argument.offset, "the length of truncate is a number, 0 or more, not '" + argument.text + "'");
    if (operation != Operation::Escape) continue;
    if (Result<std::string> tried = escaped("", argument.text, argument.text); !tried)
      return fail(scope, argument.offset, tried.failure().says);
  }
  return done();
}

/// Arguments that must be literals, since what they name is looked up at compile time.
Result<void> Compiler::compile_named_arguments(Scope& scope, const syntax::Target& target, std::vector<ArgumentCode>& arguments,
                                               TargetCode& out) {
  if (out.operation == Operation::Translate) {
    if (arguments.size() > 1 && arguments[1].kind != ArgumentCode::Kind::Literal)
      return fail(scope, target.arguments[1].offset, "the concept map's url must be a literal");
    Result<Index> map = find_concept_map(scope, target.arguments[1].text, target.arguments[1].offset);
    if (!map) return std::move(map).failure();
    out.concept_map = *map;
    static constexpr std::array<std::string_view, 5> outputs{"code", "system", "display", "Coding", "CodeableConcept"};
    std::string_view output = arguments.size() > 2 ? std::string_view(target.arguments[2].text) : std::string_view{};
    if (!output.empty() && std::find(outputs.begin(), outputs.end(), output) == outputs.end())
      return fail(scope, target.arguments[2].offset, "expected 'code', 'system', 'display', 'Coding' or 'CodeableConcept'");
    // Without the third argument the element's type decides.
    bool to_coding = output == "Coding" || (output.empty() && out.type != 0 && plain_name(definitions_, out.type) == "Coding");
    bool to_concept = output == "CodeableConcept" ||
                      (output.empty() && out.type != 0 && plain_name(definitions_, out.type) == "CodeableConcept");
    out.output = to_concept            ? TranslateOutput::CodeableConcept
                 : to_coding           ? TranslateOutput::Coding
                 : output == "system"  ? TranslateOutput::System
                 : output == "display" ? TranslateOutput::Display
                                       : TranslateOutput::Code;
    out.value_type = definitions_.find_type(to_concept            ? "CodeableConcept"
                                            : to_coding           ? "Coding"
                                            : output == "display" ? "string"
                                            : output == "system"  ? "uri"
                                                                  : "code");
  }
  if (out.operation == Operation::Cast) {
    if (arguments.size() == 1) {
      if (out.type == 0)
        return fail(scope, target.function.offset, "cast needs a type here, because the element may have several");
      out.value_type = out.type;
    } else {
      if (arguments[1].kind != ArgumentCode::Kind::Literal)
        return fail(scope, target.arguments[1].offset, "the type must be a literal");
      Result<fhir::TypeId> type = find_type(*scope.map, {target.arguments[1].text, target.arguments[1].offset});
      if (!type) return std::move(type).failure();
      if (!is_primitive(definitions_, *type)) return fail(scope, target.arguments[1].offset, "cast makes primitive types only");
      out.value_type = *type;
    }
  }
  return done();
}

Result<void> Compiler::compile_create(Scope& scope, const syntax::Target& target, TargetCode& out) {
  out.operation = Operation::Create;
  if (target.arguments.empty()) return done();
  const syntax::Argument& type_name = target.arguments[0];
  if (type_name.kind == syntax::Argument::Kind::Expression) return fail(scope, type_name.offset, "the type must be a literal");
  std::string name = type_name.kind == syntax::Argument::Kind::Literal ? type_name.text : type_name.path[0].text;
  Result<fhir::TypeId> type = find_type(*scope.map, {name, type_name.offset}, true);
  if (!type) return std::move(type).failure();
  out.value_type = *type;
  // create('BackboneElement') is the unnamed type of this element.
  if (out.elements.count > 0) {
    const std::span<const ChoiceVariant> all = variants(program_->elements[out.elements.first + out.elements.count - 1].variants);
    const bool is_backbone = all.size() == 1 && all[0].type != 0 && definitions_.kind(all[0].type) == fhir::TypeKind::Backbone;
    if (is_backbone && definitions_.base(all[0].type) == *type) out.value_type = all[0].type;
  }
  out.is_explicit = true;
  return done();
}

Result<void> Compiler::compile_evaluate(Scope& scope, const syntax::Target& target, TargetCode& out) {
  std::size_t last = target.arguments.size() - 1;
  fhir::TypeId focus = 0;
  std::string of;  // the context as FHIRPath, if it is no variable
  if (last == 1) {
    const syntax::Argument given = plain_argument(scope, target.arguments[0]);
    Result<ArgumentCode> context = compile_argument(scope, given);
    if (!context) return std::move(context).failure();
    if (context->kind == ArgumentCode::Kind::Slot) {
      out.focus = context->index;
      focus = context->type;
    } else {
      of = "(" + print_argument(given) + ").select(";
    }
  }
  syntax::Expression text = target.arguments[last].expression;
  if (target.arguments[last].kind == syntax::Argument::Kind::Literal &&
      target.arguments[last].literal == syntax::LiteralKind::String)
    text.text = target.arguments[last].text;  // in a StructureMap the expression is a string
  if (!of.empty()) text.text = of + text.text + ")";
  Result<Index> expression = compile_expression(scope, text, focus);
  if (!expression) return std::move(expression).failure();
  out.value_type = program_->expressions[*expression].program.result_type();
  out.arguments = append(program_->arguments, {ArgumentCode{.kind = ArgumentCode::Kind::Expression, .index = *expression}});
  return done();
}

/// Determines the type that is written. Invalid where the model does not allow it.
Result<void> Compiler::check_assignment(const Scope& scope, const syntax::Target& target, TargetCode& out) {
  bool has_element = out.elements.count > 0;
  if (target.path.empty() && !target.alias)
    return fail(scope, target.offset, "a value that goes nowhere needs a name: `as name`");
  if (!has_element) {
    bool is_alias = out.operation == Operation::Create && !out.is_explicit && !target.path.empty();
    if (!is_alias && out.type == 0) out.type = out.value_type;
    return done();
  }
  const ElementCode& element = program_->elements[out.elements.first + out.elements.count - 1];
  std::span<const ChoiceVariant> all = variants(element.variants);
  std::string place = "'" + target.path.back().text + "'";
  if (out.operation == Operation::Create && !out.is_explicit) {
    if (element.is_open) return done();
    if (all.size() > 1 || element.any_resource)
      return fail(scope, target.offset, place + " may have several types: say which, = create('..')");
    if (all[0].is_primitive)
      return fail(scope, target.offset, place + " is a " + name_of(all[0].type) + " and needs a value, '= ..'");
    return done();
  }
  if (target.list != syntax::TargetList::None && !element.repeats && !element.is_open)
    return fail(scope, target.offset, "a list mode stands at " + place + ", which does not repeat");
  bool makes_reference = out.operation == Operation::Reference || out.operation == Operation::Pointer;
  if (makes_reference && all.size() == 1 && all[0].type != 0 && plain_name(definitions_, all[0].type) == "Reference") {
    out.value_type = all[0].type;
    return done();
  }
  if (element.is_open) {
    out.type = out.value_type;
    return done();
  }
  if (out.value_type == 0) return done();
  Index pick = pick_variant(definitions_, all, out.value_type);
  if (pick == nothing)
    return fail(
        scope, target.offset,
        place + " cannot hold a " + name_of(out.value_type) + (all.size() == 1 ? "; it is a " + name_of(all[0].type) : ""));
  out.type = is_primitive(definitions_, all[pick].type) || !definitions_.is_a(out.value_type, all[pick].type) ? all[pick].type
                                                                                                              : out.value_type;
  if (out.operation == Operation::Copy || out.operation == Operation::Evaluate)
    note_lacking(scope, target.offset, out.value_type, all[pick].type);
  if (out.operation == Operation::Copy && narrows(out.value_type, out.type)) {
    out.operation = Operation::Cast;
    out.value_type = out.type;
  }
  return check_literal(scope, target, out);
}

/// A copy that could write a value the element cannot hold: 1.5 into an integer, a time of day into a date.
bool Compiler::narrows(fhir::TypeId from, fhir::TypeId to) const {
  const Family source = family_of(definitions_, from), target = family_of(definitions_, to);
  return (source == Family::Decimal && target == Family::Integer) || (source == Family::DateTime && target == Family::Date);
}

/// A literal is known at compile time, so a value that its element cannot hold is an error of the map, and so is a code outside
/// its binding.
Result<void> Compiler::check_literal(const Scope& scope, const syntax::Target& target, const TargetCode& out) {
  if (out.operation != Operation::Literal || target.arguments[0].kind != syntax::Argument::Kind::Literal) return done();
  const std::string& value = target.arguments[0].text;
  ChoiceVariant variant = variant_of(definitions_, {}, out.type);
  if (!fhir::fits_kind(variant.kind, value))
    return fail(scope, target.arguments[0].offset, "'" + value + "' is no " + name_of(out.type));
  const Variable* variable = find_variable(scope, target.path[0].text);
  if (target.path.size() != 2 || variable == nullptr || variable->type == 0) return done();
  fhir::Step step = definitions_.step(variable->type, definitions_.names().find(target.path[1].text));
  if (!step || step.element->binding != fhir::BindingStrength::Required || name_of(out.type) != "code") return done();
  Result<std::span<const fhir::Code>> codes = definitions_.value_set(definitions_.text(step.element->value_set));
  if (!codes) return done();
  std::vector<std::string_view> known;
  for (const fhir::Code& code : *codes) {
    if (code.code == value) return done();
    known.push_back(code.code);
  }
  std::string says = "'" + value + "' is no code of " + std::string(definitions_.text(step.element->value_set));
  std::string_view near = nearest(value, known);
  if (!near.empty()) says += "; did you mean '" + std::string(near) + "'?";
  return fail(scope, target.arguments[0].offset, says);
}

/// `a.x -> b.y`: for each type x may have, copy where the types are one, else the default group of the two types, else a
/// conversion between primitives.
Result<TargetCode> Compiler::compile_identity(Scope& scope, const syntax::Target& target, const SourceCode& source) {
  TargetCode out;
  out.offset = target.offset;
  out.operation = Operation::Identity;
  out.focus = source.slot;
  Result<fhir::TypeId> type = compile_target_path(scope, target, out);
  if (!type) return std::move(type).failure();
  out.type = *type;
  // Copied, since compiling adds choice variants.
  std::vector<ChoiceVariant> to{variant_of(definitions_, {}, *type)};
  if (out.elements.count > 0) {
    std::span<const ChoiceVariant> all = variants(program_->elements[out.elements.first + out.elements.count - 1].variants);
    to.assign(all.begin(), all.end());
  }
  std::vector<fhir::TypeId> from{source.type};
  if (source.type == 0 && source.steps.count > 0) {
    from.clear();
    for (const ChoiceVariant& variant : variants(program_->steps[source.steps.first + source.steps.count - 1].variants))
      from.push_back(variant.type);
  }
  std::vector<IdentityCase> cases;
  const std::size_t own = from.size();
  // The type of an instance, as of any resource, is known only at run time; the groups for it are selected then.
  const auto may_be = [&](fhir::TypeId given, fhir::TypeId declared) {
    return declared == 0 ? own == 1 : given != declared && definitions_.is_a(given, declared);
  };
  for (std::size_t i = 0; i < own; ++i) {
    if (!is_open_type(from[i])) continue;
    Result<std::vector<fhir::TypeId>> types = types_with_groups(*scope.map);
    if (!types) return std::move(types).failure();
    for (const fhir::TypeId each : *types)
      if (may_be(each, from[i]) && std::find(from.begin(), from.end(), each) == from.end()) from.push_back(each);
  }
  for (std::size_t i = 0; i < from.size(); ++i) {
    const fhir::TypeId each = from[i];
    Result<std::optional<IdentityCase>> one = identity_case(scope, each, to, target.offset);
    if (!one) return std::move(one).failure();
    if (*one && (i < own || (*one)->group != nothing || from[0] == 0))
      cases.push_back(**one);
    else if (i < own)
      program_->lints.push_back(
          fail(scope, target.offset, "a " + name_of(each) + " has no place in '" + target.path.back().text + "'"));
  }
  if (cases.empty())
    return fail(scope, target.offset, "no default group makes a " + name_of(to[0].type) + " of a " + name_of(from[0]));
  if (out.elements.count == 0 && cases[0].group == nothing)
    return fail(scope, target.offset, "no default group fits; name the elements to copy");
  out.cases = append(program_->cases, std::move(cases));
  return out;
}

Result<std::optional<IdentityCase>> Compiler::identity_case(const Scope& scope, fhir::TypeId source,
                                                            std::span<const ChoiceVariant> targets, syntax::Offset at) {
  std::optional<IdentityCase> found;
  for (const ChoiceVariant& target : targets) {
    if (target.type == source && target.is_primitive) return std::optional(IdentityCase{source, target.type, nothing});
  }
  for (const ChoiceVariant& target : targets) {
    Result<GroupAt> group = default_group(*scope.map, source, target.type, false, at);
    if (!group) return std::move(group).failure();
    if (group->group != nullptr)
      return std::optional(IdentityCase{source, target.type, request_group(*group, {source, target.type})});
  }
  const bool is_any = targets[0].is_any_resource;
  if (targets.size() > 1 || targets[0].type == 0 || is_any) {
    Result<GroupAt> group = default_group(*scope.map, source, 0, true, at);
    if (!group) return std::move(group).failure();
    Result<fhir::TypeId> makes = fhir::TypeId{0};
    if (group->group != nullptr && is_any) makes = find_type(*group->map, group->group->parameters[1].type, true);
    if (!makes) return std::move(makes).failure();
    if (group->group != nullptr && (!is_any || (*makes != 0 && definitions_.is_a(*makes, targets[0].type)))) {
      Result<std::vector<fhir::TypeId>> types = parameter_types(*group, {source, 0});
      if (!types) return std::move(types).failure();
      fhir::TypeId made = (*types)[1];
      return std::optional(IdentityCase{source, made, request_group(*group, *types)});
    }
  }
  Index pick = pick_variant(definitions_, targets, source);
  if (source == 0 && targets.size() > 1) return std::optional(IdentityCase{});
  if (pick == nothing) return found;
  note_lacking(scope, at, source, targets[pick].type);
  bool keeps = source != 0 && targets[pick].type != 0 && definitions_.is_a(source, targets[pick].type);
  return std::optional(IdentityCase{source, keeps && !targets[pick].is_primitive ? source : targets[pick].type, nothing});
}

}  // namespace vardbron::mapping
