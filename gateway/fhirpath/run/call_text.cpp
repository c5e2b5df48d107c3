// Tested by tests/fhirpath/functions_test.cpp and tests/fhirpath/language_test.cpp.

#include "gateway/base/limits.h"
#include "gateway/fhirpath/run/evaluation.h"
#include "gateway/fhirpath/values/unicode.h"

#include <cstring>

namespace vardbron::fhirpath {
namespace {

using Text = std::optional<std::string_view>;

/// The input and the first argument; without either the result is empty.
bool two_texts(Call& call, Text& text, Text& other) { return call.one_text(text) && call.text_argument(0, other); }

/// std::string_view::find takes time by the product of both lengths on repetitive text; memmem by their sum.
std::size_t find(std::string_view text, std::string_view part, std::size_t from = 0) {
  if (part.empty()) return from;
  if (text.size() - from < part.size()) return std::string_view::npos;  // an empty text may have a null pointer
  const void* found = ::memmem(text.data() + from, text.size() - from, part.data(), part.size());
  return found == nullptr ? std::string_view::npos : static_cast<std::size_t>(static_cast<const char*>(found) - text.data());
}

bool give_index(Call& call, std::string_view text, std::size_t at) {
  std::int64_t index = at == std::string_view::npos ? -1 : static_cast<std::int64_t>(scalar_count(text.substr(0, at)));
  return call.give(Value::of(index));
}

bool index_of(Call& call) {
  Text text, part;
  if (!two_texts(call, text, part)) return false;
  return !text || !part || give_index(call, *text, find(*text, *part));
}

bool last_index_of(Call& call) {
  Text text, part;
  if (!two_texts(call, text, part)) return false;
  if (!text || !part) return true;
  if (!call.run.step(call.node, text->size() * part->size() / 4096)) return false;
  return give_index(call, *text, text->rfind(*part));
}

bool substring(Call& call) {
  Text text;
  std::optional<std::int64_t> start, length;
  if (!call.one_text(text) || !call.integer_argument(0, start) || !call.integer_argument(1, length)) return false;
  if (!text || !start || *start < 0) return true;
  std::size_t begin = byte_offset(*text, static_cast<std::size_t>(*start));
  if (begin >= text->size()) return true;
  std::string_view rest = text->substr(begin);
  if (length) rest = rest.substr(0, byte_offset(rest, *length < 0 ? 0 : static_cast<std::size_t>(*length)));
  return call.give(Value::of(rest));
}

bool starts_with(Call& call) {
  Text text, part;
  if (!two_texts(call, text, part)) return false;
  return !text || !part || call.give(text->starts_with(*part));
}

bool ends_with(Call& call) {
  Text text, part;
  if (!two_texts(call, text, part)) return false;
  return !text || !part || call.give(text->ends_with(*part));
}

bool contains_text(Call& call) {
  Text text, part;
  if (!two_texts(call, text, part)) return false;
  return !text || !part || call.give(find(*text, *part) != std::string_view::npos);
}

bool to_upper(Call& call) {
  Text text;
  if (!call.one_text(text)) return false;
  return !text || call.give_text(upper(*text));
}

bool to_lower(Call& call) {
  Text text;
  if (!call.one_text(text)) return false;
  return !text || call.give_text(lower(*text));
}

/// An empty pattern matches before, between and after all characters.
std::string surrounded(std::string_view text, std::string_view by) {
  std::string changed(by);
  for (std::size_t at = 0; at < text.size() && changed.size() <= limits::evaluation_bytes_max; at += scalar_bytes(text, at)) {
    changed += text.substr(at, scalar_bytes(text, at));
    changed += by;
  }
  return changed;
}

bool replace(Call& call) {
  Text text, pattern, substitution;
  if (!two_texts(call, text, pattern) || !call.text_argument(1, substitution)) return false;
  if (!text || !pattern || !substitution) return true;
  if (pattern->empty()) return call.give_text(surrounded(*text, *substitution));
  std::string changed;
  std::size_t at = 0;
  for (std::size_t found = find(*text, *pattern); found != std::string_view::npos; found = find(*text, *pattern, at)) {
    if (changed.size() > limits::evaluation_bytes_max) break;
    changed += text->substr(at, found - at);
    changed += *substitution;
    at = found + pattern->size();
  }
  changed += text->substr(at);
  return call.give_text(changed);
}

bool length(Call& call) {
  Text text;
  if (!call.one_text(text)) return false;
  return !text || call.give(Value::of(static_cast<std::int64_t>(scalar_count(*text))));
}

bool to_chars(Call& call) {
  Text text;
  if (!call.one_text(text)) return false;
  if (!text) return true;
  for (std::size_t at = 0; at < text->size(); at += scalar_bytes(*text, at))
    call.give(Value::of(text->substr(at, scalar_bytes(*text, at))));
  return call.run.step(call.node, text->size());
}

bool trim(Call& call) {
  Text text;
  if (!call.one_text(text)) return false;
  if (!text) return true;
  constexpr std::string_view blanks = " \t\r\n";  // N1 11.1, Whitespace
  std::size_t begin = text->find_first_not_of(blanks);
  if (begin == std::string_view::npos) return call.give(Value::of(std::string_view{}));
  return call.give(Value::of(text->substr(begin, text->find_last_not_of(blanks) + 1 - begin)));
}

bool split(Call& call) {
  Text text, separator;
  if (!two_texts(call, text, separator)) return false;
  if (!text || !separator) return true;
  if (separator->empty()) return to_chars(call);
  std::size_t at = 0;
  for (std::size_t found = find(*text, *separator); found != std::string_view::npos; found = find(*text, *separator, at)) {
    call.give(Value::of(text->substr(at, found - at)));
    at = found + separator->size();
  }
  call.give(Value::of(text->substr(at)));
  return call.run.step(call.node, text->size());
}

bool join(Call& call) {
  Text separator;
  if (!call.text_argument(0, separator)) return false;
  if (call.input.empty()) return true;
  std::string joined;
  bool is_first = true;
  for (const Value& item : call.input) {
    if (call.run.lacks_value(item)) continue;
    std::optional<Value> value = call.run.system(item);
    if (!value || value->kind() != ValueKind::String) return call.run.fail(call.node, "join() works on texts.", &item);
    if (!is_first) joined += separator.value_or("");
    is_first = false;
    joined += value->text();
    if (joined.size() > limits::evaluation_bytes_max) break;
  }
  return call.give_text(joined);
}

}  // namespace

FunctionTable text_functions() {
  static constexpr Function table[] = {
      {"indexOf", {1, 1, {a_text}}, Takes::OneText, Gives::Integer, index_of, folds},
      {"lastIndexOf", {1, 1, {a_text}}, Takes::OneText, Gives::Integer, last_index_of, folds},
      {"substring", {1, 2, {a_whole_number, a_whole_number}}, Takes::OneText, Gives::Text, substring, folds},
      {"startsWith", {1, 1, {a_text}}, Takes::OneText, Gives::Boolean, starts_with, folds},
      {"endsWith", {1, 1, {a_text}}, Takes::OneText, Gives::Boolean, ends_with, folds},
      {"contains", {1, 1, {a_text}}, Takes::OneText, Gives::Boolean, contains_text, folds},
      {"upper", {}, Takes::OneText, Gives::Text, to_upper, folds},
      {"lower", {}, Takes::OneText, Gives::Text, to_lower, folds},
      {"replace", {2, 2, {a_text, a_text}}, Takes::OneText, Gives::Text, replace, folds},
      {"length", {}, Takes::OneText, Gives::Integer, length, folds},
      {"toChars", {}, Takes::OneText, Gives::Texts, to_chars, folds},
      {"trim", {}, Takes::OneText, Gives::Text, trim, folds},
      {"split", {1, 1, {a_text}}, Takes::OneText, Gives::Texts, split, folds},
      {"join", {0, 1, {a_text}}, Takes::Texts, Gives::Text, join, folds},
  };
  return table;
}

}  // namespace vardbron::fhirpath
