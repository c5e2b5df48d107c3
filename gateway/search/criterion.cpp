#include "gateway/search/criterion.h"

#include "gateway/base/limits.h"
#include "gateway/base/text.h"
#include "gateway/search/expansion.h"
#include "gateway/search/operand.h"
#include "gateway/search/period.h"
#include "gateway/search/refusal.h"

#include <algorithm>
#include <array>
#include <span>
#include <string>
#include <utility>

namespace vardbron::search {

namespace {

/// The ways in which values are matched. Source: R4 search.html 3.1.1.4.4.
enum class Way : std::uint8_t { Plain, Exact, Contains, Not, Missing, Identifier, Type, Text, OfType, In, NotIn, Above, Below };

struct ModifierRow {
  std::string_view name;
  KeyKind kind;
  Way way;
};

constexpr std::array modifier_rows{
    ModifierRow{"not", KeyKind::Token, Way::Not},
    ModifierRow{"text", KeyKind::Token, Way::Text},
    ModifierRow{"in", KeyKind::Token, Way::In},
    ModifierRow{"not-in", KeyKind::Token, Way::NotIn},
    ModifierRow{"above", KeyKind::Token, Way::Above},
    ModifierRow{"below", KeyKind::Token, Way::Below},
    ModifierRow{"of-type", KeyKind::Token, Way::OfType},
    ModifierRow{"identifier", KeyKind::Reference, Way::Identifier},
    ModifierRow{"text", KeyKind::Reference, Way::Text},
    ModifierRow{"exact", KeyKind::String, Way::Exact},
    ModifierRow{"contains", KeyKind::String, Way::Contains},
    ModifierRow{"above", KeyKind::Uri, Way::Above},
    ModifierRow{"below", KeyKind::Uri, Way::Below},
};

constexpr std::array<std::string_view, 4> types_with_text{"CodeableConcept", "Coding", "Identifier", "Reference"};
constexpr std::array<std::string_view, 1> types_of_identifiers{"Identifier"};

bool has_type(const fhir::Definitions& definitions, const Place& place, std::span<const std::string_view> types) {
  auto is_one = [&](const ElementPath& path) {
    return std::find(types.begin(), types.end(), definitions.name(path.type)) != types.end();
  };
  return std::any_of(place.paths.paths.begin(), place.paths.paths.end(), is_one);
}

bool is_applicable(const fhir::Definitions& definitions, const Place& place, Way way) {
  if (way == Way::Text) return has_type(definitions, place, types_with_text);
  if (way == Way::OfType) return has_type(definitions, place, types_of_identifiers);
  return true;
}

Failure no_such_modifier(const fhir::Definitions& definitions, const Place& place, std::string_view name) {
  std::string says = "This parameter has no such modifier; it has :missing";
  for (const ModifierRow& row : modifier_rows) {
    if (row.kind == place.paths.kind && is_applicable(definitions, place, row.way)) says.append(", :").append(row.name);
  }
  if (place.paths.kind == KeyKind::Reference) says += ", :Type";
  return invalid(says + ".", name);
}

Result<Way> way_of(const fhir::Definitions& definitions, const Place& place, std::string_view name) {
  if (!place.has_modifier) return Way::Plain;
  if (place.modifier == "missing") return Way::Missing;
  for (const ModifierRow& row : modifier_rows) {
    if (row.name == place.modifier && row.kind == place.paths.kind && is_applicable(definitions, place, row.way)) return row.way;
  }
  const bool is_type = place.paths.kind == KeyKind::Reference && is_resource_type(definitions, place.modifier);
  if (is_type && may_refer_to(*place.parameter, place.paths, place.modifier)) return Way::Type;
  if (is_type) return invalid("The parameter never refers to a resource of this type.", name);
  return no_such_modifier(definitions, place, name);
}

Modifier modifier_of(Way way, KeyKind kind) {
  switch (way) {
    case Way::Exact: return Modifier::Exact;
    case Way::Contains: return Modifier::Contains;
    case Way::Not:
    case Way::NotIn: return Modifier::Not;
    case Way::Missing: return Modifier::Missing;
    case Way::Identifier: return Modifier::Identifier;
    case Way::Above: return kind == KeyKind::Uri ? Modifier::Above : Modifier::None;
    case Way::Below: return kind == KeyKind::Uri ? Modifier::Below : Modifier::None;
    case Way::Plain:
    case Way::Type:
    case Way::Text:
    case Way::OfType:
    case Way::In: break;
  }
  return Modifier::None;
}

/// The codes that an element can have, if a binding requires one of them of every value of the parameter.
std::span<const fhir::Code> required_codes(const fhir::Definitions& definitions, const Place& place) {
  if (place.paths.paths.size() != 1) return {};
  const ElementPath& path = place.paths.paths.front();
  const bool is_bound = path.element != nullptr && path.element->binding == fhir::BindingStrength::Required;
  if (!is_bound || definitions.name(path.type) != "code" || path.element->value_set == 0) return {};
  Result<std::span<const fhir::Code>> codes = definitions.value_set(definitions.text(path.element->value_set));
  return codes ? *codes : std::span<const fhir::Code>();
}

constexpr std::size_t named_codes_max = 20;

// The code is not repeated: a sender who mistakes the parameter may have written a person's number.
Failure never_found(std::span<const fhir::Code> codes, const std::string& value, std::string_view name) {
  std::vector<std::string_view> known;
  for (const fhir::Code& code : codes) known.push_back(code.code);
  const std::string_view near = nearest(value, known);
  std::string says = "No value has this code. ";
  if (!near.empty()) return invalid(says + "Did you mean " + std::string(near) + "?", name);
  says += "There are ";
  for (std::size_t at = 0; at < std::min(known.size(), named_codes_max); ++at) says.append(at == 0 ? "" : ", ").append(known[at]);
  return invalid(says + (known.size() > named_codes_max ? " .." : "") + ".", name);
}

bool is_expanded(Way way, KeyKind kind) {
  if (way == Way::In || way == Way::NotIn) return true;
  return kind == KeyKind::Token && (way == Way::Above || way == Way::Below);
}

Result<std::vector<Operand>> expanded(const OperandContext& context, Way way, std::string_view text) {
  if (way == Way::In || way == Way::NotIn) return codes_in(context.definitions, unescaped(text), context.name);
  std::vector<Operand> top;
  if (Result<void> added = add_operands(context, text, top); !added) return std::move(added).failure();
  return codes_around(context.definitions, top.front(), way == Way::Below ? Modifier::Below : Modifier::Above, context.name);
}

Result<void> add_value(const OperandContext& context, Way way, std::string_view text, std::vector<Operand>& into) {
  if (way == Way::OfType) return add_of_type(context, text, into);
  if (!is_expanded(way, context.kind)) return add_operands(context, text, into);
  Result<std::vector<Operand>> codes = expanded(context, way, text);
  if (!codes) return std::move(codes).failure();
  into.insert(into.end(), codes->begin(), codes->end());
  return done();
}

void warn_of_any_unit(const Criterion& criterion, std::string_view name, std::vector<Failure>& into) {
  const bool is_any = std::any_of(criterion.operands.begin(), criterion.operands.end(),
                                  [](const Operand& operand) { return operand.any_system && operand.value.empty(); });
  if (criterion.kind == KeyKind::Quantity && is_any)
    into.push_back(invalid("A number alone is compared with values of any unit; a unit is written number||unit.", name));
}

// The standard leaves it to the server, so the searcher hears how it was taken.
void warn_of_missing_zone(const Criterion& criterion, std::string_view value, std::string_view name, std::vector<Failure>& into) {
  if (criterion.kind == KeyKind::Date && lacks_zone(value))
    into.push_back(
        invalid("A time without a zone is taken as UTC. Swedish time is written 2026-03-09T21:17:00+01:00, in an "
                "address with %2B for the +.",
                name));
}

void warn_of_unknown_codes(const fhir::Definitions& definitions, const Place& place, const Criterion& criterion,
                           std::string_view name, std::vector<Failure>& into) {
  const std::span<const fhir::Code> codes = required_codes(definitions, place);
  if (codes.empty()) return;
  for (const Operand& operand : criterion.operands) {
    auto is_it = [&](const fhir::Code& code) {
      return (operand.value.empty() || code.code == operand.value) && (operand.any_system || code.system == operand.system);
    };
    if (std::none_of(codes.begin(), codes.end(), is_it)) into.push_back(never_found(codes, operand.value, name));
  }
}

}  // namespace

Result<Criterion> CriterionReader::read(const Place& place, std::string_view name, std::string_view value) {
  Result<Way> way = way_of(definitions, place, name);
  if (!way) return std::move(way).failure();
  Criterion criterion;
  criterion.parameter = place.parameter->code;
  criterion.kind = place.paths.kind;
  criterion.modifier = modifier_of(*way, criterion.kind);
  if (*way == Way::Missing) {
    if (value != "true" && value != "false") return invalid(":missing is true or false.", name);
    criterion.operands.resize(1);
    criterion.operands[0].value = value;
    return criterion;
  }
  if (*way == Way::Text) criterion.parameter = text_parameter(place.parameter->code);
  if (*way == Way::Text) criterion.kind = KeyKind::String;
  if (*way == Way::OfType) criterion.parameter = of_type_parameter(place.parameter->code);
  OperandContext context{definitions, *place.parameter, name, criterion.kind, criterion.modifier, {}, base_url, now};
  if (*way == Way::Type) context.target = place.modifier;
  for (const std::string& one : split_values(value)) {
    if (++operands > limits::search_operands_max) return Failure{Cause::TooLarge, "Too many values in one search.", shown(name)};
    if (one.empty()) return invalid("The parameter has an empty value.", name);
    if (Result<void> added = add_value(context, *way, one, criterion.operands); !added) return std::move(added).failure();
  }
  warn_of_any_unit(criterion, name, warnings);
  warn_of_missing_zone(criterion, value, name, warnings);
  if (*way == Way::Plain || *way == Way::Not) warn_of_unknown_codes(definitions, place, criterion, name, warnings);
  return criterion;
}

}  // namespace vardbron::search
