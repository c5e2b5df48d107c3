#include "gateway/formats/hl7v2/escape.h"

#include "gateway/base/limits.h"
#include "gateway/base/text.h"
#include "gateway/base/utf8.h"
#include "gateway/formats/text_check.h"

#include <cstdint>
#include <optional>

namespace vardbron::hl7v2 {

namespace {

std::optional<std::string> bytes_of(std::string_view digits) {
  if (digits.empty() || digits.size() % 2 != 0) return std::nullopt;
  std::string bytes;
  for (std::size_t at = 0; at < digits.size(); at += 2) {
    const int high = hex_value(digits[at]), low = hex_value(digits[at + 1]);
    if (high < 0 || low < 0) return std::nullopt;
    bytes += static_cast<char>(high * 16 + low);
  }
  return bytes;
}

// CR, LF and CR LF are one line end each.
bool put_characters(std::string_view text, std::string& out) {
  std::string made;
  for (std::size_t at = 0; at < text.size(); ++at) {
    const auto letter = static_cast<unsigned char>(text[at]);
    if (letter == '\r') {
      made += '\n';
      if (at + 1 < text.size() && text[at + 1] == '\n') ++at;
    } else if (letter < 0x20 && letter != '\n' && letter != '\t') {
      return false;
    } else {
      made += text[at];
    }
  }
  out += made;
  return true;
}

bool put_hexadecimal(std::string_view digits, formats::Charset charset, std::string& out) {
  std::optional<std::string> bytes = bytes_of(digits);
  if (!bytes) return false;
  if (charset == formats::Charset::Utf8 || charset == formats::Charset::Ascii) {
    return formats::guess_charset(*bytes) == formats::Charset::Utf8 && put_characters(*bytes, out);
  }
  Result<std::string> text = formats::to_utf8(*std::move(bytes), charset);
  return text && put_characters(*text, out);
}

// HL7 v2.5.1, 2.7.2: formatted text; line ends and blanks are kept in plain text.
bool put_layout(std::string_view command, std::string& out) {
  const std::string_view name = command.substr(0, 2);
  std::string_view count = trim(command.substr(name.size()));
  if (count.starts_with('+')) count.remove_prefix(1);
  const std::optional<std::int64_t> number = count.empty() ? std::optional<std::int64_t>(1) : parse_int(count);
  const bool takes_number = name == "sp" || name == "in" || name == "ti" || name == "sk";
  if (!number || *number > limits::escaped_blanks_max || (!count.empty() && !takes_number)) return false;
  const auto times = static_cast<std::size_t>(*number < 0 ? 0 : *number);
  if (name == "br" || name == "ce") return out += '\n', true;
  if (name == "sp") return out.append(times, '\n'), true;
  if (name == "sk" || name == "ti") return out.append(times, ' '), true;
  return name == "in" || name == "fi" || name == "nf";
}

char delimiter_of(char letter, const Delimiters& delimiters) {
  switch (letter) {
    case 'F': return delimiters.field;
    case 'S': return delimiters.component;
    case 'T': return delimiters.subcomponent;
    case 'R': return delimiters.repetition;
    case 'E': return delimiters.escape;
    case 'P':
    case 'L': return delimiters.truncation;
    default: return 0;
  }
}

bool put_escape(std::string_view inside, const Delimiters& delimiters, formats::Charset charset, std::string& out) {
  if (inside.empty()) return false;
  if (inside.size() == 1) {
    if (inside == "H" || inside == "N") return true;
    const char delimiter = delimiter_of(inside[0], delimiters);
    if (delimiter != 0) out += delimiter;
    return delimiter != 0;
  }
  if (inside[0] == 'X') return put_hexadecimal(inside.substr(1), charset, out);
  return inside[0] == '.' && put_layout(inside.substr(1), out);
}

/// True if it looks like an escape of the standard, so that the next escape character ends it.
bool is_escape(std::string_view inside) {
  constexpr std::string_view openings = "CMXZ.";
  if (inside.size() < 2 || openings.find(inside[0]) == std::string_view::npos) return false;
  for (char letter : inside.substr(1)) {
    if (letter == ' ' && inside[0] != '.') return false;
  }
  return inside.size() <= 7 || inside[0] == 'X' || inside[0] == 'Z';
}

}  // namespace

void unescape(std::string_view text, const Delimiters& delimiters, formats::Charset charset, std::string& out) {
  while (!text.empty()) {
    const std::size_t start = delimiters.escape == 0 ? std::string_view::npos : text.find(delimiters.escape);
    out += text.substr(0, start);
    if (start == std::string_view::npos) return;
    text.remove_prefix(start);
    const std::size_t end = text.find(delimiters.escape, 1);
    if (end == std::string_view::npos) {
      out += text;
      return;
    }
    const std::string_view inside = text.substr(1, end - 1);
    const bool is_decoded = put_escape(inside, delimiters, charset, out);
    const bool is_whole = is_decoded || is_escape(inside);
    // Text that is no escape may end where one begins: C:\temp\S\x.
    if (!is_decoded) out += text.substr(0, is_whole ? end + 1 : end);
    text.remove_prefix(is_whole ? end + 1 : end);
  }
}

}  // namespace vardbron::hl7v2
