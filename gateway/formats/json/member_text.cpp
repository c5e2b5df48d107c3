#include "gateway/formats/json/member_text.h"

#include <cstddef>

namespace vardbron::json {

namespace {

constexpr std::string_view blanks = " \t\r\n";

std::size_t skip_blanks(std::string_view text, std::size_t at) {
  const std::size_t found = text.find_first_not_of(blanks, at);
  return found == std::string_view::npos ? text.size() : found;
}

/// Behind the closing quote of the string that begins at `at`.
std::size_t skip_string(std::string_view text, std::size_t at) {
  for (++at; at < text.size() && text[at] != '"'; ++at) {
    if (text[at] == '\\') ++at;
  }
  return at < text.size() ? at + 1 : text.size();
}

/// Behind the value that begins at `at`, whatever it holds.
std::size_t skip_value(std::string_view text, std::size_t at) {
  std::size_t depth = 0;
  while (at < text.size()) {
    const char letter = text[at];
    if (letter == '"') {
      at = skip_string(text, at);
      if (depth == 0) return at;
      continue;
    }
    if (depth == 0 && (letter == ',' || letter == '}' || letter == ']')) return at;
    if (letter == '{' || letter == '[') ++depth;
    if ((letter == '}' || letter == ']') && --depth == 0) return at + 1;
    ++at;
  }
  return at;
}

}  // namespace

std::string_view member_text(std::string_view object, std::string_view name) {
  std::size_t at = skip_blanks(object, 0);
  if (at >= object.size() || object[at] != '{') return {};
  for (at = skip_blanks(object, at + 1); at < object.size() && object[at] == '"'; at = skip_blanks(object, at + 1)) {
    const std::size_t end = skip_string(object, at);
    const std::string_view key = object.substr(at + 1, end - at - 2);
    const std::size_t first = skip_blanks(object, skip_blanks(object, end) + 1);
    const std::size_t behind = skip_value(object, first);
    if (key == name) {
      const std::string_view value = object.substr(first, behind - first);
      return value.substr(0, value.find_last_not_of(blanks) + 1);
    }
    at = skip_blanks(object, behind);
    if (at >= object.size() || object[at] != ',') return {};
  }
  return {};
}

}  // namespace vardbron::json
