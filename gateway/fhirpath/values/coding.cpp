#include "gateway/fhirpath/values/coding.h"

#include "gateway/base/utf8.h"
#include "gateway/fhirpath/values/unicode.h"

#include <cstdint>
#include <cstdio>

namespace vardbron::fhirpath {
namespace {

constexpr std::string_view standard_letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
constexpr std::string_view url_letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
constexpr std::string_view hex_letters = "0123456789abcdef";

std::string to_hex(std::string_view text) {
  std::string coded;
  for (char letter : text) {
    coded += hex_letters[static_cast<unsigned char>(letter) >> 4];
    coded += hex_letters[static_cast<unsigned char>(letter) & 15];
  }
  return coded;
}

std::optional<std::string> from_hex(std::string_view text) {
  std::string plain;
  if (text.size() % 2 != 0) return std::nullopt;
  for (std::size_t at = 0; at < text.size(); at += 2) {
    int high = hex_value(text[at]), low = hex_value(text[at + 1]);
    if (high < 0 || low < 0) return std::nullopt;
    plain += static_cast<char>(high * 16 + low);
  }
  return plain;
}

/// RFC 4648, 4 and 5, with padding.
std::string to_base64(std::string_view text, std::string_view letters) {
  std::string coded;
  for (std::size_t at = 0; at < text.size(); at += 3) {
    std::uint32_t bits = 0;
    std::size_t bytes = text.size() - at < 3 ? text.size() - at : 3;
    for (std::size_t place = 0; place < 3; ++place)
      bits = bits << 8 | (place < bytes ? static_cast<unsigned char>(text[at + place]) : 0u);
    for (std::size_t place = 0; place < 4; ++place) coded += place <= bytes ? letters[bits >> (18 - 6 * place) & 63] : '=';
  }
  return coded;
}

std::optional<std::string> from_base64(std::string_view text, std::string_view letters) {
  while (!text.empty() && text.back() == '=') text.remove_suffix(1);
  if (text.size() % 4 == 1) return std::nullopt;
  std::string plain;
  std::uint32_t bits = 0;
  int count = 0;
  for (char letter : text) {
    std::size_t value = letters.find(letter);
    if (value == std::string_view::npos) return std::nullopt;
    bits = bits << 6 | static_cast<std::uint32_t>(value);
    count += 6;
    if (count >= 8) {
      count -= 8;
      plain += static_cast<char>(bits >> count & 255);
    }
  }
  return plain;
}

struct Entity {
  char letter;
  std::string_view name;
};
constexpr Entity entities[] = {{'<', "&lt;"}, {'>', "&gt;"}, {'&', "&amp;"}, {'"', "&quot;"}, {'\'', "&#39;"}};

std::string escape_html(std::string_view text) {
  std::string escaped;
  for (char letter : text) {
    std::string_view piece(&letter, 1);
    for (const Entity& entity : entities) {
      if (entity.letter == letter) piece = entity.name;
    }
    escaped += piece;
  }
  return escaped;
}

/// &#228; and &#xE4;
bool read_number_entity(std::string_view entity, std::string& into) {
  bool is_hex = entity.size() > 1 && (entity[0] == 'x' || entity[0] == 'X');
  std::uint32_t scalar = 0;
  std::size_t at = is_hex ? 1 : 0;
  if (at == entity.size()) return false;
  for (; at < entity.size(); ++at) {
    int digit = hex_value(entity[at]);
    if (digit < 0 || (!is_hex && digit > 9)) return false;
    scalar = scalar * (is_hex ? 16 : 10) + static_cast<std::uint32_t>(digit);
    if (scalar > 0x10FFFF) return false;
  }
  append_utf8(into, scalar);
  return true;
}

std::string unescape_html(std::string_view text) {
  std::string plain;
  for (std::size_t at = 0; at < text.size();) {
    std::size_t end = text[at] == '&' ? text.find(';', at) : std::string_view::npos;
    bool known = false;
    if (end != std::string_view::npos && end - at < 12) {
      std::string_view entity = text.substr(at, end + 1 - at);
      for (const Entity& candidate : entities) {
        if (candidate.name != entity) continue;
        plain += candidate.letter;
        known = true;
      }
      if (entity == "&apos;") plain += '\'';
      known = known || entity == "&apos;" || (entity[1] == '#' && read_number_entity(entity.substr(2, entity.size() - 3), plain));
    }
    if (!known) plain += text[at];
    at = known ? end + 1 : at + 1;
  }
  return plain;
}

constexpr std::string_view json_letters = "\"\\/bfnrt";
constexpr std::string_view json_meanings = "\"\\/\b\f\n\r\t";

std::string escape_json(std::string_view text) {
  std::string escaped;
  for (char letter : text) {
    std::size_t place = letter == '/' ? std::string_view::npos : json_meanings.find(letter);
    if (place != std::string_view::npos) {
      escaped += '\\';
      escaped += json_letters[place];
    } else if (static_cast<unsigned char>(letter) < 0x20) {
      char piece[8];
      std::snprintf(piece, sizeof piece, "\\u%04x", static_cast<unsigned>(letter));
      escaped += piece;
    } else {
      escaped += letter;
    }
  }
  return escaped;
}

std::string unescape_json(std::string_view text) {
  std::string plain;
  for (std::size_t at = 0; at < text.size(); ++at) {
    if (text[at] != '\\' || at + 1 == text.size()) {
      plain += text[at];
      continue;
    }
    char letter = text[++at];
    std::size_t place = json_letters.find(letter);
    if (place != std::string_view::npos) {
      plain += json_meanings[place];
      continue;
    }
    const UnicodeEscape escape = letter == 'u' ? read_unicode_escape(text.substr(at + 1)) : UnicodeEscape{};
    at += escape.bytes;
    escape.bytes == 0 ? plain.push_back(letter) : append_utf8(plain, escape.point);
  }
  return plain;
}

}  // namespace

std::optional<std::string> encode(std::string_view text, std::string_view format) {
  if (format == "hex") return to_hex(text);
  if (format == "base64") return to_base64(text, standard_letters);
  if (format == "urlbase64") return to_base64(text, url_letters);
  if (format != "ascii") return std::nullopt;
  std::string plain;
  for (std::size_t at = 0; at < text.size(); at += scalar_bytes(text, at)) plain += scalar_at(text, at) < 128 ? text[at] : '?';
  return plain;
}

std::optional<std::string> decode(std::string_view text, std::string_view format) {
  std::optional<std::string> plain;
  if (format == "hex") plain = from_hex(text);
  if (format == "base64") plain = from_base64(text, standard_letters);
  if (format == "urlbase64") plain = from_base64(text, url_letters);
  return plain && is_utf8(*plain) ? plain : std::nullopt;
}

std::optional<std::string> escape(std::string_view text, std::string_view target) {
  if (target == "html") return escape_html(text);
  if (target == "json") return escape_json(text);
  return std::nullopt;
}

std::optional<std::string> unescape(std::string_view text, std::string_view target) {
  if (target == "html") return unescape_html(text);
  if (target == "json") return unescape_json(text);
  return std::nullopt;
}

}  // namespace vardbron::fhirpath
