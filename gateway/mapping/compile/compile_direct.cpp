// Tested by tests/mapping/direct_test.cpp.

#include "gateway/fhir/primitive.h"
#include "gateway/mapping/compile/program.h"
#include "gateway/mapping/compile/types.h"

namespace vardbron::mapping {

namespace {

fhir::TypeId created_type(const TargetCode& target) { return target.is_explicit ? target.value_type : target.type; }

/// Which choice variant a new element is created as, if its type is known.
Index variant_to_create(const TargetCode& target, const ElementCode& element, const Program& program) {
  const fhir::TypeId type = created_type(target);
  const fhir::TypeId wanted = target.type != 0 && element.variants.count > 1 ? target.type : type;
  for (Index i = 0; i < element.variants.count && wanted != 0; ++i) {
    if (program.variants[element.variants.first + i].type == wanted) return element.variants.first + i;
  }
  const ChoiceVariant& only = program.variants[element.variants.first];
  return element.variants.count == 1 && wanted != 0 && only.is_any_resource ? element.variants.first : nothing;
}

/// Which choice variant a value is written as, if its type at run time makes no difference.
Index variant_to_write(const TargetCode& target, const ElementCode& element, const Program& program) {
  for (Index i = 0; i < element.variants.count; ++i) {
    const ChoiceVariant& variant = program.variants[element.variants.first + i];
    const bool is_meant = element.variants.count == 1 || (target.type != 0 && variant.type == target.type);
    if (is_meant && variant.is_primitive) return element.variants.first + i;
  }
  return nothing;
}

void mark(TargetCode& target, const Program& program) {
  const fhir::Definitions& definitions = *program.definitions;
  const fhir::TypeId type = target.is_explicit ? target.value_type : target.type;
  target.makes_resource = type != 0 && definitions.kind(type) == fhir::TypeKind::Resource && !definitions.is_abstract(type);
  // Where no model defines the element, an instance of a logical model must name its type.
  const bool is_open = target.elements.count > 0 && program.elements[target.elements.first + target.elements.count - 1].is_open;
  target.makes_resource |= is_open && type != 0 && definitions.kind(type) == fhir::TypeKind::Logical;
}

DirectCode::Way way_to_write(const TargetCode& target, const ChoiceVariant& variant, const Program& program) {
  using enum DirectCode::Way;
  switch (target.operation) {
    case Operation::Literal: {
      const ArgumentCode& argument = program.arguments[target.arguments.first];
      const bool is_text = argument.kind == ArgumentCode::Kind::Literal && !program.texts[argument.index].empty();
      return is_text && fhir::fits_kind(variant.kind, program.texts[argument.index]) ? Literal : None;
    }
    case Operation::Copy: return program.arguments[target.arguments.first].kind == ArgumentCode::Kind::Slot ? Copy : None;
    case Operation::Create:
    case Operation::Identity:
    case Operation::Evaluate: return None;
    default: return Text;
  }
}

DirectCode direct(const TargetCode& target, Program& program) {
  DirectCode out;
  if (target.context == nothing || target.elements.count != 1 || target.list != syntax::TargetList::None) return out;
  const ElementCode& element = program.elements[target.elements.first];
  if (element.is_open) return out;
  const bool is_create = target.operation == Operation::Create;
  const Index picked = is_create ? variant_to_create(target, element, program) : variant_to_write(target, element, program);
  if (picked == nothing || program.variants[picked].name.id == 0) return out;
  const ChoiceVariant& variant = program.variants[picked];
  if (variant.has_xsi_type) return out;
  if (is_create) {
    if (variant.is_primitive || (target.makes_resource && program.names.resource_type == 0)) return out;
    out.way = DirectCode::Way::Create;
    out.type = created_type(target);
    if (target.makes_resource) {
      out.value = static_cast<Index>(program.texts.size());
      program.texts.emplace_back(plain_name(*program.definitions, out.type));
    }
  } else {
    out.way = way_to_write(target, variant, program);
    out.type = variant.type;
    out.kind = variant.kind;
    out.is_moment = variant.is_moment;
    if (out.way != DirectCode::Way::Text && out.way != DirectCode::Way::None)
      out.value = program.arguments[target.arguments.first].index;
  }
  out.repeats = element.repeats;
  out.order = element.order;
  out.of = element.of;
  out.name = variant.name.id;
  out.context = target.context;
  out.slot = target.slot;
  return out;
}

}  // namespace

void mark_direct(Program& program) {
  for (TargetCode& target : program.targets) {
    mark(target, program);
    target.direct = direct(target, program);
  }
}

}  // namespace vardbron::mapping
