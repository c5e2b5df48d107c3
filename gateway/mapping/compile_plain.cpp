#include "gateway/mapping/program.h"

namespace vardbron::mapping {

namespace {

bool has_conditions(const SourceCode& source) {
  return source.filter != 0 || source.has_cardinality || source.list != syntax::SourceList::All ||
         source.default_value != nothing || source.where != nothing || source.check != nothing || source.log != nothing;
}

bool is_plain(const RuleCode& rule, const Program& program) {
  if (rule.sources.count != 1) return false;
  const SourceCode& source = program.sources[rule.sources.first];
  bool is_variable = source.constant == nothing && source.context_source == nothing;
  if (!is_variable || has_conditions(source) || source.steps.count > 1) return false;
  if (source.steps.count == 0) return true;
  const StepCode& step = program.steps[source.steps.first];
  return !step.is_open && step.spellings.count == 1 && !program.spellings[step.spellings.first].is_any_resource;
}

/// Which spelling `create` writes under, when its type is known and the element has one of exactly that type.
Index spelling_to_create(const TargetCode& target, const ElementCode& element, const Program& program) {
  const fhir::TypeId type = target.is_explicit ? target.value_type : target.type;
  const fhir::TypeId wanted = target.type != 0 && element.spellings.count > 1 ? target.type : type;
  for (Index i = 0; i < element.spellings.count && wanted != 0; ++i) {
    if (program.spellings[element.spellings.first + i].type == wanted) return element.spellings.first + i;
  }
  return nothing;
}

bool is_leaf(const TargetCode& target, const ElementCode& element, const Program& program) {
  if (element.is_open || element.spellings.count != 1 || target.list != syntax::TargetList::None) return false;
  if (!program.spellings[element.spellings.first].is_primitive) return false;
  if (target.operation == Operation::Literal) return true;
  return target.operation == Operation::Copy && program.arguments[target.arguments.first].kind == ArgumentCode::Kind::Slot;
}

void mark(TargetCode& target, const Program& program) {
  const fhir::Definitions& definitions = *program.definitions;
  const fhir::TypeId type = target.is_explicit ? target.value_type : target.type;
  target.makes_resource = type != 0 && definitions.kind(type) == fhir::TypeKind::Resource && !definitions.is_abstract(type);
  // Where no model says what an element is, an instance of a logical model has to say it.
  const bool is_open = target.elements.count > 0 && program.elements[target.elements.first + target.elements.count - 1].is_open;
  target.makes_resource |= is_open && type != 0 && definitions.kind(type) == fhir::TypeKind::Logical;
  if (target.context == nothing || target.elements.count != 1) return;
  const ElementCode& element = program.elements[target.elements.first];
  if (target.operation == Operation::Create) target.spelling = spelling_to_create(target, element, program);
  target.is_leaf = is_leaf(target, element, program);
  if (target.is_leaf) target.spelling = element.spellings.first;
}

}  // namespace

void mark_plain(Program& program) {
  for (RuleCode& rule : program.rules) rule.is_plain = is_plain(rule, program);
  for (TargetCode& target : program.targets) mark(target, program);
}

}  // namespace vardbron::mapping
