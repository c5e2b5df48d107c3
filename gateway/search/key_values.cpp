#include "gateway/search/key_values.h"

#include "gateway/fhir/reference.h"
#include "gateway/search/match.h"
#include "gateway/search/number.h"
#include "gateway/search/period.h"

#include <algorithm>
#include <array>
#include <limits>

namespace vardbron::search {

namespace {

using tree::Item;

void put(std::vector<Key>& into, std::string_view parameter, KeyKind kind, std::string_view value) {
  Key& key = into.emplace_back();
  key.parameter = parameter;
  key.kind = kind;
  key.value = value;
}

void add_string_key(std::string_view parameter, std::string_view text, std::vector<Key>& into) {
  if (text.empty()) return;
  put(into, parameter, KeyKind::String, normalized(text));
  into.back().system = text;
}

// --- token ---

void add_code(const KeySource& source, Item value, std::vector<Key>& into) {
  if (value.text().empty()) return;
  put(into, source.parameter, KeyKind::Token, value.text());
  into.back().system = source.implied_system;
}

void add_text_token(const KeySource& source, Item value, std::vector<Key>& into) {
  if (!value.text().empty()) put(into, source.parameter, KeyKind::Token, value.text());
}

void add_coding(const KeySource& source, Item value, std::vector<Key>& into) {
  std::string_view code = value.text_of("code"), system = value.text_of("system");
  add_string_key(source.text_parameter, value.text_of("display"), into);
  if (code.empty() && system.empty()) return;
  put(into, source.parameter, KeyKind::Token, code);
  into.back().system = system;
}

void add_concept(const KeySource& source, Item value, std::vector<Key>& into) {
  add_string_key(source.text_parameter, value.text_of("text"), into);
  for (Item child = value.first_child(); child; child = child.next()) {
    if (child.name_text() == "coding") add_coding(source, child, into);
  }
}

void add_of_type(const KeySource& source, Item type, std::string_view number, std::vector<Key>& into) {
  add_string_key(source.text_parameter, type.text_of("text"), into);
  for (Item child = type.first_child(); child; child = child.next()) {
    if (child.name_text() != "coding" || child.text_of("code").empty()) continue;
    put(into, source.of_type_parameter, KeyKind::Token, std::string(child.text_of("code")).append("|").append(number));
    into.back().system = child.text_of("system");
  }
}

void add_identifier(const KeySource& source, Item value, std::vector<Key>& into) {
  std::string_view text = value.text_of("value");
  if (text.empty()) return;
  put(into, source.parameter, KeyKind::Token, text);
  into.back().system = value.text_of("system");
  if (Item type = value.child("type")) add_of_type(source, type, text, into);
}

void add_contact(const KeySource& source, Item value, std::vector<Key>& into) {
  std::string_view text = value.text_of("value");
  if (!text.empty()) put(into, source.parameter, KeyKind::Token, text);
}

// --- reference ---

void add_reference(const KeySource& source, Item value, std::vector<Key>& into) {
  using Form = fhir::Reference::Form;
  fhir::Reference reference = fhir::read_reference(value);
  if (reference.form == Form::Relative) {
    put(into, source.parameter, KeyKind::Reference, fhir::local_reference(reference));
  } else if (reference.form == Form::Absolute) {
    put(into, source.parameter, KeyKind::Reference, std::string(reference.base) + "/" + fhir::local_reference(reference));
  } else if (reference.form == Form::Urn || reference.form == Form::Other) {
    put(into, source.parameter, KeyKind::Reference, value.text_of("reference"));
  }
  if (!reference.identifier_value.empty()) {
    put(into, source.parameter, KeyKind::Reference, reference.identifier_value);
    into.back().system = reference.identifier_system;
  }
  add_string_key(source.text_parameter, value.text_of("display"), into);
}

void add_with_and_without_version(const KeySource& source, KeyKind kind, std::string_view text, std::vector<Key>& into) {
  if (text.empty()) return;
  put(into, source.parameter, kind, text);
  const std::string_view plain = fhir::without_version(text);
  if (plain.size() < text.size() && !plain.empty()) put(into, source.parameter, kind, plain);
}

void add_canonical(const KeySource& source, Item value, std::vector<Key>& into) {
  add_with_and_without_version(source, KeyKind::Reference, value.text(), into);
}

// --- date ---

void add_period_key(const KeySource& source, const Period& period, std::vector<Key>& into) {
  put(into, source.parameter, KeyKind::Date, {});
  into.back().from_ms = period.from_ms;
  into.back().to_ms = period.to_ms;
}

void add_date(const KeySource& source, Item value, std::vector<Key>& into) {
  std::optional<Period> period = parse_period(value.text());
  if (period) add_period_key(source, *period, into);
}

void add_period(const KeySource& source, Item value, std::vector<Key>& into) {
  std::optional<Period> start = parse_period(value.text_of("start")), end = parse_period(value.text_of("end"));
  if (!start && !end) return;
  Period whole;
  if (start) whole.from_ms = start->from_ms;
  if (end) whole.to_ms = end->to_ms;
  if (whole.from_ms <= whole.to_ms) add_period_key(source, whole, into);
}

// Source: search.html 3.1.1.4.7: the outer limits of a Timing.
void add_timing(const KeySource& source, Item value, std::vector<Key>& into) {
  std::optional<Period> whole;
  for (Item child = value.first_child(); child; child = child.next()) {
    std::optional<Period> event;
    if (child.name_text() == "event") event = parse_period(child.text());
    if (!event) continue;
    if (!whole) whole = event;
    whole->from_ms = std::min(whole->from_ms, event->from_ms);
    whole->to_ms = std::max(whole->to_ms, event->to_ms);
  }
  if (whole) add_period_key(source, *whole, into);
  Item bounds = value.child("repeat").child("boundsPeriod");
  if (!whole && bounds) add_period(source, bounds, into);
}

// --- string and uri ---

void add_string(const KeySource& source, Item value, std::vector<Key>& into) {
  add_string_key(source.parameter, value.text(), into);
}

void add_parts(const KeySource& source, Item value, std::vector<Key>& into) {
  for (Item child = value.first_child(); child; child = child.next()) {
    std::string_view name = child.name_text();
    if (name != "use" && name != "type" && name != "period") add_string(source, child, into);
  }
}

void add_uri(const KeySource& source, Item value, std::vector<Key>& into) {
  if (!value.text().empty()) put(into, source.parameter, KeyKind::Uri, value.text());
}

void add_canonical_uri(const KeySource& source, Item value, std::vector<Key>& into) {
  add_with_and_without_version(source, KeyKind::Uri, value.text(), into);
}

// --- number and quantity ---

constexpr double without_end = std::numeric_limits<double>::infinity();

void add_number(const KeySource& source, Item value, std::vector<Key>& into) {
  const std::optional<WrittenNumber> number = parse_number(value.text());
  if (!number) return;
  put(into, source.parameter, KeyKind::Number, {});
  into.back().low = into.back().high = number->value;
}

struct Measure {
  double low = 0, high = 0;
  std::string_view system, code, unit;
};

// A search may name the code or the unit as people read it. Source: search.html 3.1.1.4.11.
void add_measure(const KeySource& source, KeyKind kind, const Measure& measure, std::vector<Key>& into) {
  auto add = [&](std::string_view system, std::string_view code) {
    put(into, source.parameter, kind, code);
    into.back().system = system;
    into.back().low = measure.low;
    into.back().high = measure.high;
  };
  if (kind == KeyKind::Number) return add({}, {});
  if (!measure.code.empty() || measure.unit.empty()) add(measure.system, measure.code);
  if (!measure.unit.empty() && measure.unit != measure.code) add({}, measure.unit);
}

void add_quantity(const KeySource& source, Item value, std::vector<Key>& into) {
  const std::optional<WrittenNumber> number = parse_number(value.text_of("value"));
  if (!number) return;
  const std::string_view comparator = value.text_of("comparator");
  Measure measure{number->value, number->value, value.text_of("system"), value.text_of("code"), value.text_of("unit")};
  if (comparator.starts_with('<')) measure.low = -without_end;
  if (comparator.starts_with('>')) measure.high = without_end;
  add_measure(source, KeyKind::Quantity, measure, into);
}

void add_money(const KeySource& source, Item value, std::vector<Key>& into) {
  const std::optional<WrittenNumber> number = parse_number(value.text_of("value"));
  if (!number) return;
  add_measure(source, KeyKind::Quantity, {number->value, number->value, "urn:iso:std:iso:4217", value.text_of("currency"), {}},
              into);
}

void add_range(const KeySource& source, KeyKind kind, Item value, std::vector<Key>& into) {
  const Item low = value.child("low"), high = value.child("high"), unit = low ? low : high;
  const std::optional<WrittenNumber> from = parse_number(low.text_of("value")), to = parse_number(high.text_of("value"));
  if (!from && !to) return;
  Measure measure{-without_end, without_end, unit.text_of("system"), unit.text_of("code"), unit.text_of("unit")};
  if (from) measure.low = from->value;
  if (to) measure.high = to->value;
  if (measure.low <= measure.high) add_measure(source, kind, measure, into);
}

void add_range_of_numbers(const KeySource& source, Item value, std::vector<Key>& into) {
  add_range(source, KeyKind::Number, value, into);
}

void add_range_of_quantities(const KeySource& source, Item value, std::vector<Key>& into) {
  add_range(source, KeyKind::Quantity, value, into);
}

struct Row {
  KeyKind kind;
  std::string_view type;
  AddKeys add;
};

constexpr std::array rows{
    Row{KeyKind::Token, "code", add_code},
    Row{KeyKind::Token, "boolean", add_code},
    Row{KeyKind::Token, "Coding", add_coding},
    Row{KeyKind::Token, "CodeableConcept", add_concept},
    Row{KeyKind::Token, "Identifier", add_identifier},
    Row{KeyKind::Token, "ContactPoint", add_contact},
    Row{KeyKind::Token, "string", add_text_token},
    Row{KeyKind::Token, "id", add_text_token},
    Row{KeyKind::Token, "uri", add_text_token},
    Row{KeyKind::Token, "url", add_text_token},
    Row{KeyKind::Token, "canonical", add_text_token},
    Row{KeyKind::Token, "oid", add_text_token},
    Row{KeyKind::Token, "uuid", add_text_token},
    Row{KeyKind::Reference, "Reference", add_reference},
    Row{KeyKind::Reference, "canonical", add_canonical},
    Row{KeyKind::Reference, "uri", add_canonical},
    Row{KeyKind::Date, "date", add_date},
    Row{KeyKind::Date, "dateTime", add_date},
    Row{KeyKind::Date, "instant", add_date},
    Row{KeyKind::Date, "Period", add_period},
    Row{KeyKind::Date, "Timing", add_timing},
    Row{KeyKind::String, "string", add_string},
    Row{KeyKind::String, "markdown", add_string},
    Row{KeyKind::String, "code", add_string},
    Row{KeyKind::String, "HumanName", add_parts},
    Row{KeyKind::String, "Address", add_parts},
    Row{KeyKind::Uri, "uri", add_uri},
    Row{KeyKind::Uri, "url", add_uri},
    Row{KeyKind::Uri, "canonical", add_canonical_uri},
    Row{KeyKind::Uri, "oid", add_uri},
    Row{KeyKind::Uri, "uuid", add_uri},
    Row{KeyKind::Uri, "id", add_uri},
    Row{KeyKind::Number, "decimal", add_number},
    Row{KeyKind::Number, "integer", add_number},
    Row{KeyKind::Number, "positiveInt", add_number},
    Row{KeyKind::Number, "unsignedInt", add_number},
    Row{KeyKind::Number, "Range", add_range_of_numbers},
    Row{KeyKind::Quantity, "Quantity", add_quantity},
    Row{KeyKind::Quantity, "Age", add_quantity},
    Row{KeyKind::Quantity, "Duration", add_quantity},
    Row{KeyKind::Quantity, "Count", add_quantity},
    Row{KeyKind::Quantity, "Distance", add_quantity},
    Row{KeyKind::Quantity, "Money", add_money},
    Row{KeyKind::Quantity, "Range", add_range_of_quantities},
};

}  // namespace

AddKeys keys_of(KeyKind kind, std::string_view type) {
  for (const Row& row : rows) {
    if (row.kind == kind && row.type == type) return row.add;
  }
  return nullptr;
}

void add_boolean(std::string_view parameter, bool value, std::vector<Key>& into) {
  put(into, parameter, KeyKind::Token, value ? "true" : "false");
}

}  // namespace vardbron::search
