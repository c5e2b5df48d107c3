// Tested by tests/subscription/subscription_test.cpp and tests/subscription/matcher_test.cpp.

#include "gateway/base/limits.h"
#include "gateway/base/text.h"
#include "gateway/subscription/subscription.h"
#include "gateway/sweden/hsa_id.h"
#include "gateway/sweden/identifier_system.h"
#include "gateway/sweden/identifier_text.h"

#include <algorithm>

namespace vardbron::subscription {

namespace {

Failure unsupported(std::string says) { return Failure{Cause::Unsupported, std::move(says), ""}; }

bool is_name(std::string_view text) {
  auto fits = [](char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '-' || c == '_'; };
  return !text.empty() && std::all_of(text.begin(), text.end(), fits);
}

bool is_offered(std::string_view parameter) {
  std::span<const FilterBy> table = filters();
  return std::any_of(table.begin(), table.end(), [&](const FilterBy& by) { return by.parameter == parameter; });
}

std::string offered() {
  std::string list;
  for (const FilterBy& by : filters()) list += (list.empty() ? "" : ", ") + std::string(by.parameter);
  return list;
}

bool type_fits(std::string_view type, const Topic& topic) {
  if (topic.resource.empty()) return type == "Encounter" || type == "Task";
  return type == topic.resource;
}

// FHIR R4 search.html#escaping: a backslash escapes , | $ and itself.
Result<std::vector<std::string>> split_values(std::string_view text) {
  std::vector<std::string> values(1);
  for (std::size_t at = 0; at < text.size(); ++at) {
    if (text[at] == '\\') {
      if (at + 1 == text.size()) return unsupported("A filter ends in a lone backslash.");
      values.back() += text[++at];
    } else if (text[at] == ',') {
      values.emplace_back();
    } else {
      values.back() += text[at];
    }
  }
  return values;
}

// Organisations as in cases: an HSA-id, or system|value.
Result<std::string> organisation_named(std::string_view text) {
  constexpr std::string_view reference = "Organization/";
  if (text.starts_with(reference)) {
    std::string id = sweden::normal_hsa_id(text.substr(reference.size()));
    if (sweden::looks_like_hsa_id(id)) return id;
    return unsupported("Name the recipient by its HSA-id: recipient=SE...");
  }
  const std::size_t bar = text.find('|');
  if (bar == std::string_view::npos) return sweden::normal_identifier("", text).value;
  sweden::IdentifierText named = sweden::normal_identifier(text.substr(0, bar), text.substr(bar + 1));
  const bool is_hsa_id = named.system.empty() || sweden::find_system(named.system) == sweden::IdentifierSystem::HsaId;
  return is_hsa_id ? named.value : named.system + "|" + named.value;
}

Result<std::string> checked_value(std::string_view parameter, std::string_view given) {
  std::string value(trim(given));
  if (value.empty()) return unsupported("A filter has an empty value.");
  if (parameter == "recipient") return organisation_named(value);
  if (parameter == "event" && !is_event(value) && find_topic_code(value) == nullptr) {
    return unsupported("Events have no code '" + value + "'.");
  }
  if (parameter == "jurisdiction" && (value.size() != 4 || value.find_first_not_of("0123456789") != std::string::npos)) {
    return unsupported("A municipality is named by its four-digit code: jurisdiction=0182");
  }
  if (parameter == "patient" && !value.starts_with("Patient/")) {
    if (value.find('/') != std::string::npos) return unsupported("Name the patient as Patient/<id> of this server.");
    value.insert(0, "Patient/");
  }
  return value;
}

// parameter[:modifier]=value[,value]
Result<Filter> parse_term(std::string_view term) {
  std::size_t equals = term.find('=');
  if (equals == std::string_view::npos) return unsupported("A filter reads parameter=value.");
  std::string_view name = term.substr(0, equals), modifier;
  if (std::size_t colon = name.find(':'); colon != std::string_view::npos) {
    modifier = name.substr(colon + 1);
    name = name.substr(0, colon);
    if (modifier != "not") return unsupported("The modifier '" + std::string(modifier) + "' is not offered; there is :not.");
  }
  if (!is_name(name) || !is_offered(name)) {
    return unsupported("'" + std::string(name) + "' is no filter here; there are " + offered() + ".");
  }
  Filter filter{std::string(name), !modifier.empty(), {}};
  Result<std::vector<std::string>> values = split_values(term.substr(equals + 1));
  if (!values) return std::move(values).failure();
  for (std::string& value : *values) {
    Result<std::string> checked = checked_value(name, value);
    if (!checked) return std::move(checked).failure();
    filter.values.push_back(std::move(*checked));
  }
  return filter;
}

}  // namespace

Result<std::vector<Filter>> parse_filter(std::string_view text, const Topic& topic) {
  std::string_view type, terms = text;
  std::size_t name_end = std::min(text.find('='), text.size());
  std::size_t question = text.substr(0, name_end).find('?'), dot = text.substr(0, name_end).find('.');
  bool query = question != std::string_view::npos;
  if (query || dot != std::string_view::npos) {
    std::size_t mark = query ? question : dot;
    type = text.substr(0, mark);
    terms = text.substr(mark + 1);
    if (!type_fits(type, topic)) {
      return unsupported("The topic '" + std::string(topic.code) + "' has no events about '" + std::string(type) + "'.");
    }
  }
  std::vector<Filter> read;
  std::vector<std::string_view> pieces = query ? split(terms, '&') : std::vector<std::string_view>{terms};
  for (std::string_view piece : pieces) {
    Result<Filter> filter = parse_term(piece);
    if (!filter) return std::move(filter).failure();
    read.push_back(std::move(*filter));
  }
  return read;
}

}  // namespace vardbron::subscription
