#include "gateway/search/operand.h"

#include "gateway/base/text.h"
#include "gateway/fhir/reference.h"
#include "gateway/search/match.h"
#include "gateway/search/number.h"
#include "gateway/search/period.h"
#include "gateway/search/refusal.h"
#include "gateway/sweden/hsa_id.h"
#include "gateway/sweden/identifier_system.h"
#include "gateway/sweden/identifier_text.h"
#include "gateway/time/civil.h"

#include <array>
#include <chrono>
#include <cmath>
#include <optional>
#include <utility>

namespace vardbron::search {

namespace {

/// Position of the first unescaped separator.
std::size_t find_separator(std::string_view text, char separator) {
  for (std::size_t at = 0; at < text.size(); ++at) {
    if (text[at] == '\\') {
      ++at;
    } else if (text[at] == separator) {
      return at;
    }
  }
  return std::string_view::npos;
}

std::vector<std::string_view> separated(std::string_view text, char separator) {
  std::vector<std::string_view> parts;
  while (true) {
    const std::size_t at = find_separator(text, separator);
    parts.push_back(text.substr(0, at));
    if (at == std::string_view::npos) return parts;
    text.remove_prefix(at + 1);
  }
}

Failure refuse(const OperandContext& context, std::string says) { return invalid(std::move(says), context.name); }

Operand plain_operand(std::string value) {
  Operand operand;
  operand.value = std::move(value);
  return operand;
}

std::optional<std::chrono::year_month_day> today_of(const OperandContext& context) {
  if (!context.now) return std::nullopt;
  return std::chrono::year_month_day(time::day_of(*context.now));
}

std::optional<Operand> token_operand(const OperandContext& context, std::string_view text) {
  Operand operand;
  std::size_t bar = find_separator(text, '|');
  if (bar == std::string_view::npos) {
    operand.value = unescaped(text);
  } else {
    operand.any_system = false;
    operand.system = unescaped(text.substr(0, bar));
    operand.value = unescaped(text.substr(bar + 1));
  }
  const bool asks_any_code = operand.value.empty();
  if (asks_any_code && operand.system.empty()) return std::nullopt;
  sweden::IdentifierText normal = sweden::normal_identifier(operand.system, operand.value, today_of(context));
  if (normal.value.empty() && !asks_any_code) return std::nullopt;  // white space, which is no wish for any code
  operand.system = std::move(normal.system);
  operand.value = std::move(normal.value);
  return operand;
}

/// A person's number as people write it, without its system: 500907-2553, 19500907-2553. Those of the register are kept as
/// digits.
void add_person_number(const OperandContext& context, const Operand& operand, std::vector<Operand>& into) {
  const bool may_be_number = operand.any_system && (operand.value.size() == 11 || operand.value.size() == 13);
  if (!may_be_number) return;
  const std::string_view register_uri = sweden::system_uri(sweden::IdentifierSystem::Personnummer);
  std::string digits = sweden::normal_identifier(register_uri, operand.value, today_of(context)).value;
  if (digits != operand.value) into.push_back(plain_operand(std::move(digits)));
}

Result<void> add_token(const OperandContext& context, std::string_view text, std::vector<Operand>& into) {
  std::optional<Operand> operand = token_operand(context, text);
  if (!operand) return refuse(context, "The value is code, system|code, |code or system|.");
  add_person_number(context, *operand, into);
  into.push_back(*std::move(operand));
  return done();
}

// "owner=123" may mean Organization/123, Practitioner/123 .. or the identifier 123 of a logical reference.
void add_bare_id(const OperandContext& context, const std::string& id, std::vector<Operand>& into) {
  into.push_back(plain_operand(sweden::normal_identifier("", id).value));
  if (!fhir::is_id(id)) return;
  for (std::string_view target : split(context.parameter.targets, ' ')) {
    if (!target.empty()) into.push_back(plain_operand(std::string(target) + "/" + id));
  }
}

Result<void> add_reference(const OperandContext& context, std::string_view text, std::vector<Operand>& into) {
  if (context.modifier == Modifier::Identifier) return add_token(context, text, into);
  std::string plain(trim(unescaped(text)));
  if (plain.empty()) return refuse(context, "The reference is empty.");
  if (!context.target.empty()) {
    if (!fhir::is_id(plain)) return refuse(context, "After :Type stands the id alone.");
    into.push_back(plain_operand(std::string(context.target) + "/" + plain));
    return done();
  }
  if (find_separator(text, '|') != std::string_view::npos) {
    into.push_back(plain_operand(plain));  // a canonical with its version
    return add_token(context, text, into);
  }
  using Form = fhir::Reference::Form;
  fhir::Reference reference = fhir::parse_reference(plain);
  const bool is_ours = reference.form == Form::Absolute && !context.base_url.empty() && reference.base == context.base_url;
  if (reference.form == Form::Relative || is_ours) {
    if (context.definitions.find_type(reference.type) == 0) return refuse(context, "The reference names no resource type.");
    into.push_back(plain_operand(fhir::local_reference(reference)));
    // Organizations are identified by HSA-ids here, which people also write in place of an id.
    const std::string name = sweden::normal_hsa_id(reference.id);
    if (reference.type == "Organization" && sweden::looks_like_hsa_id(name)) into.push_back(plain_operand(name));
  } else if (reference.form == Form::Absolute) {
    into.push_back(plain_operand(std::string(reference.base) + "/" + fhir::local_reference(reference)));
  } else {
    add_bare_id(context, plain, into);
  }
  return done();
}

Prefix take_prefix(std::string_view& text) {
  static constexpr std::array<std::pair<std::string_view, Prefix>, 9> prefixes = {{{"eq", Prefix::Eq},
                                                                                   {"ne", Prefix::Ne},
                                                                                   {"gt", Prefix::Gt},
                                                                                   {"lt", Prefix::Lt},
                                                                                   {"ge", Prefix::Ge},
                                                                                   {"le", Prefix::Le},
                                                                                   {"sa", Prefix::Sa},
                                                                                   {"eb", Prefix::Eb},
                                                                                   {"ap", Prefix::Ap}}};
  for (const auto& [name, prefix] : prefixes) {
    if (text.starts_with(name)) {
      text.remove_prefix(name.size());
      return prefix;
    }
  }
  return Prefix::Eq;
}

// A tenth of the distance to now: search.html 3.1.1.4.5. A period that holds now is as near as can be.
std::int64_t date_tolerance(const Period& period, WallTime now) {
  const std::int64_t at = now.time_since_epoch().count();
  const std::int64_t distance = at < period.from_ms ? period.from_ms - at : at > period.to_ms ? at - period.to_ms : 0;
  return distance / 10;
}

Result<void> add_date(const OperandContext& context, std::string_view text, std::vector<Operand>& into) {
  Operand operand;
  operand.prefix = take_prefix(text);
  std::optional<Period> period = parse_period(text);
  if (!period)
    return refuse(context, "The value is a date or time as FHIR writes it, after one of eq ne gt lt ge le sa eb ap." +
                               std::string(advice_on_period(text)));
  if (operand.prefix == Prefix::Ap && !context.now) return unsupported("The prefix ap is not offered here.", context.name);
  const std::int64_t tolerance = operand.prefix == Prefix::Ap ? date_tolerance(*period, *context.now) : 0;
  operand.from_ms = period->from_ms - tolerance;
  operand.to_ms = period->to_ms + tolerance;
  into.push_back(std::move(operand));
  return done();
}

// Source: R4 search.html 3.1.1.4.5: "approximately" is within 10 %; a prefix but eq, ne and ap takes the number as it is.
std::optional<Operand> number_operand(std::string_view text) {
  Operand operand;
  operand.prefix = take_prefix(text);
  const std::optional<WrittenNumber> number = parse_number(text);
  if (!number) return std::nullopt;
  operand.low = operand.high = number->value;
  if (operand.prefix == Prefix::Eq || operand.prefix == Prefix::Ne) {
    operand.low = number->low;
    operand.high = number->high;
  } else if (operand.prefix == Prefix::Ap) {
    const double tenth = std::abs(number->value) / 10;
    operand.low -= tenth;
    operand.high += tenth;
  }
  return operand;
}

Result<void> add_number(const OperandContext& context, std::string_view text, std::vector<Operand>& into) {
  std::optional<Operand> operand = number_operand(text);
  if (!operand) return refuse(context, "The value is a number, after one of eq ne gt lt ge le sa eb ap.");
  into.push_back(*std::move(operand));
  return done();
}

// Source: R4 search.html 3.1.1.4.11. A number alone is one of any unit; a unit that is left empty is a mistake.
Result<void> add_quantity(const OperandContext& context, std::string_view text, std::vector<Operand>& into) {
  const std::vector<std::string_view> parts = separated(text, '|');
  std::optional<Operand> operand = number_operand(parts[0]);
  const bool has_unit = parts.size() == 3 && !trim(parts[2]).empty();
  if (!operand || (parts.size() != 1 && !has_unit)) {
    return refuse(context, "The value is number, number|system|code or number||unit, after one of eq ne gt lt ge le sa eb ap.");
  }
  if (has_unit) {
    operand->system = unescaped(parts[1]);
    operand->value = unescaped(parts[2]);
    operand->any_system = operand->system.empty();
  }
  into.push_back(*std::move(operand));
  return done();
}

// Source: R4 search.html 3.1.1.4.8. Every value begins with the empty text that accents alone leave.
Result<void> add_string(const OperandContext& context, std::string_view text, std::vector<Operand>& into) {
  std::string value = unescaped(text);
  if (context.modifier != Modifier::Exact && normalized(value).empty())
    return refuse(context, "Accents alone are compared with nothing: the value has no letter.");
  into.push_back(plain_operand(std::move(value)));
  return done();
}

}  // namespace

std::string unescaped(std::string_view text) {
  std::string plain;
  for (std::size_t at = 0; at < text.size(); ++at) {
    if (text[at] == '\\' && at + 1 < text.size()) ++at;
    plain += text[at];
  }
  return plain;
}

std::vector<std::string> split_values(std::string_view text) {
  const std::vector<std::string_view> parts = separated(text, ',');
  return {parts.begin(), parts.end()};
}

Result<void> add_operands(const OperandContext& context, std::string_view text, std::vector<Operand>& into) {
  switch (context.kind) {
    case KeyKind::Token: return add_token(context, text, into);
    case KeyKind::Reference: return add_reference(context, text, into);
    case KeyKind::Date: return add_date(context, text, into);
    case KeyKind::String: return add_string(context, text, into);
    case KeyKind::Uri: into.push_back(plain_operand(unescaped(text))); return done();
    case KeyKind::Number: return add_number(context, text, into);
    case KeyKind::Quantity: return add_quantity(context, text, into);
  }
  return done();
}

// The key is "code|value" in the system of the type.
Result<void> add_of_type(const OperandContext& context, std::string_view text, std::vector<Operand>& into) {
  const std::size_t first = find_separator(text, '|');
  const std::string_view rest = first == std::string_view::npos ? std::string_view() : text.substr(first + 1);
  const std::size_t second = find_separator(rest, '|');
  if (second == std::string_view::npos || second == 0 || second + 1 == rest.size()) {
    return refuse(context, "The value is system|code|value: those of the type, and the identifier's.");
  }
  Operand operand;
  operand.any_system = false;
  operand.system = unescaped(text.substr(0, first));
  operand.value = unescaped(rest.substr(0, second)) + "|" + unescaped(rest.substr(second + 1));
  into.push_back(std::move(operand));
  return done();
}

}  // namespace vardbron::search
