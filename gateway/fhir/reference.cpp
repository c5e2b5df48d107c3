#include "gateway/fhir/reference.h"

#include <algorithm>

namespace vardbron::fhir {

namespace {

bool is_type_name(std::string_view text) {
  auto is_letter = [](char letter) { return (letter >= 'a' && letter <= 'z') || (letter >= 'A' && letter <= 'Z'); };
  return !text.empty() && text.front() >= 'A' && text.front() <= 'Z' && std::all_of(text.begin(), text.end(), is_letter);
}

/// Returns the part after the last slash and removes it from `text`.
std::string_view take_last(std::string_view& text) {
  std::size_t slash = text.rfind('/');
  std::string_view last = slash == std::string_view::npos ? text : text.substr(slash + 1);
  text = slash == std::string_view::npos ? std::string_view{} : text.substr(0, slash);
  return last;
}

}  // namespace

bool is_id(std::string_view text) {
  auto is_allowed = [](char letter) {
    return (letter >= 'a' && letter <= 'z') || (letter >= 'A' && letter <= 'Z') || (letter >= '0' && letter <= '9') ||
           letter == '-' || letter == '.';
  };
  return !text.empty() && text.size() <= 64 && std::all_of(text.begin(), text.end(), is_allowed);
}

Reference parse_reference(std::string_view literal) {
  Reference made;
  if (literal.empty()) return made;
  made.form = Reference::Form::Other;
  if (literal.front() == '/') return made;
  if (literal.front() == '#') {
    made.form = literal.size() == 1 ? Reference::Form::Container : Reference::Form::Contained;
    made.id = literal.substr(1);
    return made;
  }
  if (literal.starts_with("urn:")) {
    made.form = Reference::Form::Urn;
    return made;
  }
  std::string_view left = literal, version;
  if (std::size_t history = literal.find("/_history/"); history != std::string_view::npos) {
    version = literal.substr(history + 10);
    left = literal.substr(0, history);
  }
  std::string_view id = take_last(left), type = take_last(left);
  bool is_absolute = literal.starts_with("http://") || literal.starts_with("https://");
  if (!is_id(id) || !is_type_name(type) || is_absolute == left.empty()) return made;
  if (left.ends_with('/') || left.ends_with(':') || (!is_absolute && !left.empty())) return made;
  made = {is_absolute ? Reference::Form::Absolute : Reference::Form::Relative, left, type, id, version, {}, {}};
  return made;
}

Reference read_reference(tree::Item reference) {
  Reference made = parse_reference(reference.text_of("reference"));
  tree::Item identifier = reference.child("identifier");
  made.identifier_system = identifier.text_of("system");
  made.identifier_value = identifier.text_of("value");
  if (made.form == Reference::Form::None && !made.identifier_value.empty()) {
    made.form = Reference::Form::Logical;
    made.type = reference.text_of("type");
  }
  return made;
}

std::string local_reference(const Reference& reference) {
  if (reference.form != Reference::Form::Relative && reference.form != Reference::Form::Absolute) return {};
  return std::string(reference.type).append("/").append(reference.id);
}

}  // namespace vardbron::fhir
