#include "gateway/formats/json/member_text.h"

namespace vardbron::json {

namespace {

constexpr std::string_view blanks = " \t\r\n";

std::size_t skip_blanks(std::string_view text, std::size_t at) {
  const std::size_t found = text.find_first_not_of(blanks, at);
  return found == std::string_view::npos ? text.size() : found;
}

/// The position after the closing quote of the string that begins at `at`.
std::size_t skip_string(std::string_view text, std::size_t at) {
  for (++at; at < text.size() && text[at] != '"'; ++at) {
    if (text[at] == '\\') ++at;
  }
  return at < text.size() ? at + 1 : text.size();
}

/// The position after the value that begins at `at`.
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

WrittenMembers::WrittenMembers(std::string_view object) : text_(object), at_(skip_blanks(object, 0)) {
  at_ = at_ < text_.size() && text_[at_] == '{' ? skip_blanks(text_, at_ + 1) : text_.size();
}

std::optional<WrittenMember> WrittenMembers::next() {
  if (at_ >= text_.size() || text_[at_] != '"') return std::nullopt;
  const std::size_t name_end = skip_string(text_, at_);
  const std::size_t colon = skip_blanks(text_, name_end);
  if (colon >= text_.size() || text_[colon] != ':') return std::nullopt;
  const std::size_t first = skip_blanks(text_, colon + 1);
  WrittenMember member{.name = text_.substr(at_ + 1, name_end - at_ - 2), .begin = at_, .end = skip_value(text_, first)};
  member.value = text_.substr(first, member.end - first);
  member.value = member.value.substr(0, member.value.find_last_not_of(blanks) + 1);
  at_ = skip_blanks(text_, member.end);
  at_ = at_ < text_.size() && text_[at_] == ',' ? skip_blanks(text_, at_ + 1) : text_.size();
  return member;
}

}  // namespace vardbron::json
