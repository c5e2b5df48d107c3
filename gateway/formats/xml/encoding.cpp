#include "gateway/formats/xml/encoding.h"

#include "gateway/formats/charset.h"
#include "gateway/formats/xml/letters.h"

#include <optional>
#include <utility>

namespace vardbron::xml {

namespace {

std::string lower(std::string_view text) {
  std::string made(text);
  for (char& letter : made) {
    if (letter >= 'A' && letter <= 'Z') letter = static_cast<char>(letter | 0x20);
  }
  return made;
}

/// The declaration's pseudo-attributes, which must be in this order: version, encoding, standalone.
struct Declaration {
  std::string version, encoding, standalone;
  bool is_valid = true;
};

Declaration parse_declaration(std::string_view text) {
  Declaration found;
  std::string* const places[] = {&found.version, &found.encoding, &found.standalone};
  constexpr std::string_view names[] = {"version", "encoding", "standalone"};
  std::size_t at = 0, next = 0;
  const auto skip_space = [&] {
    const std::size_t before = at;
    while (at < text.size() && is_space(text[at])) ++at;
    return at > before;
  };
  const auto invalid = [&] {
    found.is_valid = false;
    return found;
  };
  while (skip_space() && at < text.size()) {
    std::size_t which = next;
    while (which < 3 && !text.substr(at).starts_with(names[which])) ++which;
    if (which == 3) return invalid();
    at += names[which].size();
    skip_space();
    if (at >= text.size() || text[at++] != '=') return invalid();
    skip_space();
    if (at >= text.size() || (text[at] != '"' && text[at] != '\'')) return invalid();
    const std::size_t end = text.find(text[at], at + 1);
    if (end == std::string_view::npos) return invalid();
    *places[which] = text.substr(at + 1, end - at - 1);
    at = end + 1;
    next = which + 1;
  }
  const bool standalone_is_valid = found.standalone.empty() || found.standalone == "yes" || found.standalone == "no";
  if (at != text.size() || found.version.empty() || !standalone_is_valid) return invalid();
  return found;
}

}  // namespace

std::size_t declaration_length(std::string_view body) {
  if (!body.starts_with("<?xml") || body.size() < 6 || !is_space(body[5])) return 0;
  const std::size_t end = body.find("?>");
  return end == std::string_view::npos ? 0 : end + 2;
}

Result<std::string> to_utf8(std::string body) {
  const std::string_view view = body;
  if (view.starts_with("\xFE\xFF") || view.starts_with("\xFF\xFE") || view.starts_with(std::string_view("<\0", 2)) ||
      view.starts_with(std::string_view("\0<", 2))) {
    return Failure{Cause::Unsupported, "The encoding UTF-16 is not supported; send UTF-8.", "1:1"};
  }
  const bool has_mark = view.starts_with("\xEF\xBB\xBF");
  if (has_mark) body.erase(0, 3);
  const std::size_t length = declaration_length(body);
  if (length == 0) return body;
  const Declaration declaration = parse_declaration(std::string_view(body).substr(5, length - 7));
  if (!declaration.is_valid) return Failure{Cause::Invalid, "The XML declaration is not valid.", "1:1"};
  if (declaration.version != "1.0") return Failure{Cause::Unsupported, "Only XML 1.0 is supported.", "1:1"};
  const std::string encoding = lower(declaration.encoding);
  if (encoding.empty() || encoding == "utf-8" || encoding == "utf8") return body;
  const std::optional<formats::Charset> named = formats::charset_of(encoding);
  if (has_mark || !named || *named == formats::Charset::Utf8) {
    return Failure{Cause::Unsupported, "The declared encoding is not supported; send UTF-8.", "1:1"};
  }
  // Text in another set is almost never valid UTF-8, so the declared encoding is wrong.
  const bool has_letters = formats::find_above_ascii(body) != std::string_view::npos;
  if (has_letters && formats::guess_charset(body) == formats::Charset::Utf8)
    return Failure{Cause::Invalid,
                   "The XML declaration says " + declaration.encoding + ", but the text is UTF-8; say which one it is.", "1:1"};
  return formats::to_utf8(std::move(body), *named);
}

}  // namespace vardbron::xml
