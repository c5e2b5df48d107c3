#include "gateway/search/key_values.h"

#include "gateway/fhir/reference.h"
#include "gateway/search/match.h"
#include "gateway/search/period.h"

#include <algorithm>
#include <array>

namespace vardbron::search {

namespace {

using tree::Item;

Key make(std::string_view parameter, KeyKind kind, std::string_view value) {
  Key key;
  key.parameter = parameter;
  key.kind = kind;
  key.value = value;
  return key;
}

// --- token ---

void add_code(std::string_view parameter, std::string_view implied_system, Item value, std::vector<Key>& into) {
  if (value.text().empty()) return;
  into.push_back(make(parameter, KeyKind::Token, value.text()));
  into.back().system = implied_system;
  into.back().common = true;
}

void add_text_token(std::string_view parameter, std::string_view, Item value, std::vector<Key>& into) {
  if (!value.text().empty()) into.push_back(make(parameter, KeyKind::Token, value.text()));
}

void add_coding(std::string_view parameter, std::string_view, Item value, std::vector<Key>& into) {
  std::string_view code = value.text_of("code"), system = value.text_of("system");
  if (code.empty() && system.empty()) return;
  into.push_back(make(parameter, KeyKind::Token, code));
  into.back().system = system;
  into.back().common = true;
}

void add_concept(std::string_view parameter, std::string_view, Item value, std::vector<Key>& into) {
  for (Item child = value.first_child(); child; child = child.next()) {
    if (child.name_text() == "coding") add_coding(parameter, {}, child, into);
  }
}

void add_identifier(std::string_view parameter, std::string_view, Item value, std::vector<Key>& into) {
  std::string_view text = value.text_of("value");
  if (text.empty()) return;
  into.push_back(make(parameter, KeyKind::Token, text));
  into.back().system = value.text_of("system");
}

void add_contact(std::string_view parameter, std::string_view, Item value, std::vector<Key>& into) {
  std::string_view text = value.text_of("value");
  if (!text.empty()) into.push_back(make(parameter, KeyKind::Token, text));
}

// --- reference ---

void add_reference(std::string_view parameter, std::string_view, Item value, std::vector<Key>& into) {
  using Form = fhir::Reference::Form;
  fhir::Reference reference = fhir::read_reference(value);
  if (reference.form == Form::Relative) {
    into.push_back(make(parameter, KeyKind::Reference, fhir::local_reference(reference)));
  } else if (reference.form == Form::Absolute) {
    into.push_back(make(parameter, KeyKind::Reference, std::string(reference.base) + "/" + fhir::local_reference(reference)));
  } else if (reference.form == Form::Urn || reference.form == Form::Other) {
    into.push_back(make(parameter, KeyKind::Reference, value.text_of("reference")));
  }
  if (!reference.identifier_value.empty()) {
    into.push_back(make(parameter, KeyKind::Reference, reference.identifier_value));
    into.back().system = reference.identifier_system;
  }
}

void add_canonical(std::string_view parameter, std::string_view, Item value, std::vector<Key>& into) {
  std::string_view text = value.text();
  if (!text.empty()) into.push_back(make(parameter, KeyKind::Reference, text));
  std::size_t version = text.find('|');
  if (version != std::string_view::npos && version > 0) {
    into.push_back(make(parameter, KeyKind::Reference, text.substr(0, version)));
  }
}

// --- date ---

void add_period_key(std::string_view parameter, const Period& period, std::vector<Key>& into) {
  into.push_back(make(parameter, KeyKind::Date, {}));
  into.back().from_ms = period.from_ms;
  into.back().to_ms = period.to_ms;
}

void add_date(std::string_view parameter, std::string_view, Item value, std::vector<Key>& into) {
  std::optional<Period> period = parse_period(value.text());
  if (period) add_period_key(parameter, *period, into);
}

void add_period(std::string_view parameter, std::string_view, Item value, std::vector<Key>& into) {
  std::optional<Period> start = parse_period(value.text_of("start")), end = parse_period(value.text_of("end"));
  if (!start && !end) return;
  Period whole;
  if (start) whole.from_ms = start->from_ms;
  if (end) whole.to_ms = end->to_ms;
  if (whole.from_ms <= whole.to_ms) add_period_key(parameter, whole, into);
}

// Source: search.html 3.1.1.4.7: the outer limits of a Timing.
void add_timing(std::string_view parameter, std::string_view, Item value, std::vector<Key>& into) {
  std::optional<Period> whole;
  for (Item child = value.first_child(); child; child = child.next()) {
    std::optional<Period> event;
    if (child.name_text() == "event") event = parse_period(child.text());
    if (!event) continue;
    if (!whole) whole = event;
    whole->from_ms = std::min(whole->from_ms, event->from_ms);
    whole->to_ms = std::max(whole->to_ms, event->to_ms);
  }
  if (whole) add_period_key(parameter, *whole, into);
  Item bounds = value.child("repeat").child("boundsPeriod");
  if (!whole && bounds) add_period(parameter, {}, bounds, into);
}

// --- string and uri ---

void add_string(std::string_view parameter, std::string_view, Item value, std::vector<Key>& into) {
  if (value.text().empty()) return;
  into.push_back(make(parameter, KeyKind::String, normalized(value.text())));
  into.back().system = value.text();
}

void add_parts(std::string_view parameter, Item value, std::vector<Key>& into) {
  for (Item child = value.first_child(); child; child = child.next()) {
    std::string_view name = child.name_text();
    if (name != "use" && name != "type" && name != "period") add_string(parameter, {}, child, into);
  }
}

void add_name(std::string_view parameter, std::string_view, Item value, std::vector<Key>& into) {
  add_parts(parameter, value, into);
}

void add_uri(std::string_view parameter, std::string_view, Item value, std::vector<Key>& into) {
  if (!value.text().empty()) into.push_back(make(parameter, KeyKind::Uri, value.text()));
}

struct Row {
  KeyKind kind;
  std::string_view type;
  AddKeys add;
};

constexpr std::array<Row, 34> rows = {{
    {KeyKind::Token, "code", add_code},
    {KeyKind::Token, "boolean", add_code},
    {KeyKind::Token, "Coding", add_coding},
    {KeyKind::Token, "CodeableConcept", add_concept},
    {KeyKind::Token, "Identifier", add_identifier},
    {KeyKind::Token, "ContactPoint", add_contact},
    {KeyKind::Token, "string", add_text_token},
    {KeyKind::Token, "id", add_text_token},
    {KeyKind::Token, "uri", add_text_token},
    {KeyKind::Token, "url", add_text_token},
    {KeyKind::Token, "canonical", add_text_token},
    {KeyKind::Token, "oid", add_text_token},
    {KeyKind::Token, "uuid", add_text_token},
    {KeyKind::Reference, "Reference", add_reference},
    {KeyKind::Reference, "canonical", add_canonical},
    {KeyKind::Reference, "uri", add_canonical},
    {KeyKind::Date, "date", add_date},
    {KeyKind::Date, "dateTime", add_date},
    {KeyKind::Date, "instant", add_date},
    {KeyKind::Date, "Period", add_period},
    {KeyKind::Date, "Timing", add_timing},
    {KeyKind::String, "string", add_string},
    {KeyKind::String, "markdown", add_string},
    {KeyKind::String, "code", add_string},
    {KeyKind::String, "HumanName", add_name},
    {KeyKind::String, "Address", add_name},
    {KeyKind::Uri, "uri", add_uri},
    {KeyKind::Uri, "url", add_uri},
    {KeyKind::Uri, "canonical", add_uri},
    {KeyKind::Uri, "oid", add_uri},
    {KeyKind::Uri, "uuid", add_uri},
    {KeyKind::Token, "base64Binary", nullptr},
    {KeyKind::String, "xhtml", nullptr},
    {KeyKind::Uri, "id", add_uri},
}};

}  // namespace

AddKeys keys_of(KeyKind kind, std::string_view type) {
  for (const Row& row : rows) {
    if (row.kind == kind && row.type == type) return row.add;
  }
  return nullptr;
}

}  // namespace vardbron::search
