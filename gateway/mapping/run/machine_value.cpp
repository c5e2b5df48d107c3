// Tested by tests/mapping/run_test.cpp and tests/mapping/no_value_test.cpp.

#include "gateway/fhirpath/program.h"
#include "gateway/mapping/run/machine.h"

namespace vardbron::mapping {

namespace {

fhirpath::Value value_of(const tree::Item& item, fhir::TypeId type, const fhir::Definitions& definitions) {
  return type == 0 ? fhirpath::element(item, definitions) : fhirpath::Value::of(item, type);
}

}  // namespace

bool Machine::evaluate(Index expression, const Slot& focus, fhirpath::Collection& out) {
  const ExpressionCode& code = program_.expressions[expression];
  for (Index i = 0; i < code.variables.count; ++i) {
    const VariableRef& variable = program_.variables[code.variables.first + i];
    if (variable.constant != nothing && !evaluate_constant(variable.constant)) return false;
  }
  values_.clear();
  values_.resize(code.variables.count);
  spans_.clear();
  for (Index i = 0; i < code.variables.count; ++i) {
    const VariableRef& variable = program_.variables[code.variables.first + i];
    if (variable.constant != nothing) {
      const fhirpath::Collection& constant = *constants_[variable.constant];
      spans_.emplace_back(constant.begin(), constant.size());
      continue;
    }
    Slot held = current(slot(variable.slot));
    if (held) values_[i] = value_of(held.item(), held.type, definitions_);
    spans_.emplace_back(&values_[i], held ? 1 : 0);
  }
  fhirpath::Environment environment{.variables = spans_, .resource = {}, .root_resource = {}, .context = {}};
  environment.now = environment_->now;
  environment.marks = environment_->marks == nullptr ? nullptr : &environment_->marks->source;
  fhirpath::Value on;
  if (focus) on = value_of(focus.item(), focus.type, definitions_);
  for (std::size_t i = 0; code.names_resource && focus && i < program_.source_slots.size(); ++i) {
    const Slot& source = slots_[program_.source_slots[i]];
    if (!source || source.document != focus.document) continue;
    environment.resource = environment.root_resource = value_of(source.item(), source.type, definitions_);
  }
  Result<void> ran = fhirpath::run_into(out, code.program, {&on, focus ? std::size_t{1} : std::size_t{0}}, environment);
  return ran ? true : fail_with(std::move(ran).failure(), "FHIRPath (" + std::string(code.program.text()) + "): ");
}

bool Machine::evaluate_condition(Index expression, const Slot& focus, bool& out) {
  if (!evaluate(expression, focus, condition_)) return false;
  Result<std::optional<bool>> holds = fhirpath::to_boolean({condition_.begin(), condition_.size()}, definitions_);
  if (!holds) return fail_with(std::move(holds).failure());
  out = holds->value_or(false);
  return true;
}

/// A constant is evaluated at first use, once per run.
bool Machine::evaluate_constant(Index constant) {
  if (constants_[constant]) return true;
  fhirpath::Collection value;
  if (!evaluate(program_.constants[constant].expression, Slot{}, value)) return false;
  constants_[constant] = std::move(value);
  return true;
}

Machine::Slot Machine::keep_text(std::string_view text, fhir::TypeId type, tree::Kind kind) {
  return {{&scratch_document_, scratch_document_.add_text(0, 0, kind, text)}, type};
}

/// Stores a FHIRPath result as the value of a variable.
Machine::Slot Machine::keep(const fhirpath::Value& value) {
  if (value.is_element()) return {value.item(), value.type()};
  fhir::TypeId type = system_types_[static_cast<std::size_t>(value.kind())];
  using enum fhirpath::ValueKind;
  if (value.kind() == Quantity) {
    tree::NodeId node = scratch_document_.add(0, 0, tree::Kind::Object);
    add_part(scratch_, node, program_.names.value, "value", value.quantity().value.to_string(), tree::Kind::Number);
    add_part(scratch_, node, program_.names.unit, "unit", value.quantity().unit);
    if (!value.quantity().is_calendar) {
      add_part(scratch_, node, program_.names.system, "system", "http://unitsofmeasure.org");
      add_part(scratch_, node, program_.names.code, "code", value.quantity().unit);
    }
    return {{&scratch_document_, node}, type};
  }
  tree::Kind kind = tree::Kind::String;
  if (value.kind() == Boolean) kind = tree::Kind::Boolean;
  if (value.kind() == Integer || value.kind() == Long || value.kind() == Decimal) kind = tree::Kind::Number;
  if (value.kind() == String) return keep_text(value.text(), type, kind);
  return keep_text(fhirpath::to_string(value, definitions_).value_or(""), type, kind);
}

bool Machine::argument_slot(const ArgumentCode& argument, Slot& out) {
  switch (argument.kind) {
    case ArgumentCode::Kind::Slot: out = current(slot(argument.index)); return true;
    case ArgumentCode::Kind::Literal: {
      bool is_number = argument.literal == syntax::LiteralKind::Integer || argument.literal == syntax::LiteralKind::Decimal;
      tree::Kind kind = is_number                                          ? tree::Kind::Number
                        : argument.literal == syntax::LiteralKind::Boolean ? tree::Kind::Boolean
                                                                           : tree::Kind::String;
      out = keep_text(program_.texts[argument.index], argument.type, kind);
      return true;
    }
    case ArgumentCode::Kind::Nested: {
      out = {};
      return run_transform(program_.targets[argument.index], {}, out);
    }
    case ArgumentCode::Kind::Constant:
      if (!evaluate_constant(argument.index)) return false;
      result_.assign({constants_[argument.index]->begin(), constants_[argument.index]->size()});
      break;
    case ArgumentCode::Kind::Expression:
      if (!evaluate(argument.index, at(), result_)) return false;
  }
  if (result_.size() > 1) return fail("an argument has " + std::to_string(result_.size()) + " values, but one is needed");
  out = result_.empty() ? Slot{} : keep(result_[0]);
  return true;
}

/// The text of a primitive argument; nothing if it has no value. Valid until the end of the run.
bool Machine::argument_text(const TargetCode& target, Index number, std::optional<std::string_view>& out) {
  out.reset();
  if (number >= target.arguments.count) return true;
  const ArgumentCode& argument = program_.arguments[target.arguments.first + number];
  if (argument.kind == ArgumentCode::Kind::Literal) {
    out = program_.texts[argument.index];
    return true;
  }
  Slot value;
  if (!argument_slot(argument, value)) return false;
  if (!value || lacks_value(value)) return true;
  if (!value.item().has_value()) {
    if (value.item().first_child()) return fail("an argument is an element with parts, but a single value is needed");
    return true;
  }
  out = value.item().text();
  return true;
}

}  // namespace vardbron::mapping
