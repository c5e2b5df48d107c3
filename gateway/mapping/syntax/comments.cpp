#include "gateway/mapping/syntax/comments.h"

#include "gateway/mapping/syntax/lex.h"

#include <algorithm>
#include <string_view>

namespace vardbron::mapping {

namespace {

using Place = syntax::Comment::Place;

bool is_blank(char c) { return c == ' ' || c == '\t' || c == '\r' || c == '\f' || c == '\v'; }

std::size_t behind_quoted(std::string_view text, std::size_t at) {
  const char quote = text[at];
  for (++at; at < text.size(); ++at) {
    if (text[at] == '\\')
      ++at;
    else if (text[at] == quote)
      return at + 1;
  }
  return text.size();
}

Place place_of(std::string_view text, std::size_t begin, std::size_t end) {
  while (begin > 0 && is_blank(text[begin - 1])) --begin;
  const bool is_marked = begin == 3 && text.substr(0, 3) == "\xEF\xBB\xBF";  // a text may begin with a byte order mark
  if (begin == 0 || text[begin - 1] == '\n' || is_marked) return Place::OwnLine;
  while (end < text.size() && is_blank(text[end])) ++end;
  return end >= text.size() || text[end] == '\n' ? Place::Trailing : Place::Inside;
}

std::size_t end_of_comment(std::string_view text, std::size_t at) {
  if (text[at + 1] == '/') return end_of_line(text, at);
  const std::size_t end = text.find("*/", at + 2);
  return end == std::string_view::npos ? text.size() : end + 2;
}

}  // namespace

std::vector<syntax::Comment> comments_of(const syntax::Map& map) {
  std::vector<syntax::Comment> out;
  const std::string_view text = map.text;
  auto metadata = map.metadata.begin();
  std::size_t at = 0;
  while (at < text.size()) {
    while (metadata != map.metadata.end() && metadata->offset < at) ++metadata;
    const bool is_metadata = metadata != map.metadata.end() && metadata->offset == at && metadata->end > at;
    const char c = text[at];
    if (is_metadata) {
      at = metadata->end;
    } else if (c == '\'' || c == '"' || c == '`') {
      at = behind_quoted(text, at);
    } else if (c == '/' && at + 1 < text.size() && (text[at + 1] == '/' || text[at + 1] == '*')) {
      const std::size_t end = end_of_comment(text, at);
      std::string_view comment = text.substr(at, end - at);
      while (!comment.empty() && is_blank(comment.back())) comment.remove_suffix(1);
      out.push_back({std::string(comment), static_cast<syntax::Offset>(at), place_of(text, at, end)});
      at = end;
    } else {
      ++at;
    }
  }
  return out;
}

}  // namespace vardbron::mapping
