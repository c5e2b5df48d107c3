#include "gateway/search/match.h"

#include <algorithm>

namespace vardbron::search {

namespace {

bool token_matches(const Operand& asked, const Key& key) {
  if (asked.any_system) return key.value == asked.value;
  if (key.system != asked.system) return false;
  return asked.value.empty() || key.value == asked.value;  // "system|" matches any code of the system
}

// Source: search.html 3.1.1.4.7; the search value is the period `asked`, the resource's value is the period `key`.
bool date_matches(const Operand& asked, const Key& key) {
  bool contains = asked.from_ms <= key.from_ms && key.to_ms <= asked.to_ms;
  switch (asked.prefix) {
    case Prefix::Eq: return contains;
    case Prefix::Ne: return !contains;
    case Prefix::Gt: return key.to_ms > asked.to_ms;
    case Prefix::Lt: return key.from_ms < asked.from_ms;
    case Prefix::Ge: return contains || key.to_ms > asked.to_ms;
    case Prefix::Le: return contains || key.from_ms < asked.from_ms;
    case Prefix::Sa: return key.from_ms > asked.to_ms;
    case Prefix::Eb: return key.to_ms < asked.from_ms;
    case Prefix::Ap: return asked.from_ms <= key.to_ms && key.from_ms <= asked.to_ms;
  }
  return false;
}

// Source: search.html 3.1.1.4.5, 3.1.1.4.6. Of eq and ne the interval is half open, like the numbers that are rounded to one.
bool number_matches(const Operand& asked, const Key& key) {
  const bool contains = asked.low <= key.low && key.high < asked.high;
  switch (asked.prefix) {
    case Prefix::Eq: return contains;
    case Prefix::Ne: return !contains;
    case Prefix::Gt: return key.high > asked.high;
    case Prefix::Lt: return key.low < asked.low;
    case Prefix::Ge: return key.high >= asked.high;
    case Prefix::Le: return key.low <= asked.low;
    case Prefix::Sa: return key.low > asked.high;
    case Prefix::Eb: return key.high < asked.low;
    case Prefix::Ap: return asked.low <= key.high && key.low <= asked.high;
  }
  return false;
}

bool quantity_matches(const Operand& asked, const Key& key) {
  const bool is_unit = (asked.any_system || key.system == asked.system) && (asked.value.empty() || key.value == asked.value);
  return is_unit && number_matches(asked, key);
}

bool is_at_or_below(std::string_view text, std::string_view top) {
  if (!text.starts_with(top)) return false;
  return text.size() == top.size() || top.ends_with('/') || text[top.size()] == '/';
}

bool uri_matches(Modifier modifier, const Operand& asked, const Key& key) {
  if (modifier == Modifier::Below) return is_at_or_below(key.value, asked.value);
  if (modifier == Modifier::Above) return is_at_or_below(asked.value, key.value);
  return key.value == asked.value;
}

bool string_matches(Modifier modifier, const Operand& asked, const Key& key) {
  if (modifier == Modifier::Exact) return key.system == asked.value;
  if (modifier == Modifier::Contains) return key.value.find(normalized(asked.value)) != std::string::npos;
  return key.value.starts_with(normalized(asked.value));
}

bool operand_matches(const Criterion& criterion, const Operand& asked, const Key& key) {
  switch (criterion.kind) {
    case KeyKind::Token: return token_matches(asked, key);
    case KeyKind::Reference:
      if (criterion.modifier == Modifier::Identifier) return token_matches(asked, key);
      return asked.any_system ? key.value == asked.value : token_matches(asked, key);
    case KeyKind::Date: return date_matches(asked, key);
    case KeyKind::String: return string_matches(criterion.modifier, asked, key);
    case KeyKind::Uri: return uri_matches(criterion.modifier, asked, key);
    case KeyKind::Number: return number_matches(asked, key);
    case KeyKind::Quantity: return quantity_matches(asked, key);
  }
  return false;
}

// Base letters of U+00C0 .. U+017F; '*' = a letter that becomes two, '@' = one of the two signs in the range, which are kept.
constexpr std::string_view base_letters =
    "aaaaaa*ceeeeiiiidnooooo@ouuuuy**aaaaaa*ceeeeiiiidnooooo@ouuuuy*y"
    "aaaaaaccccccccddddeeeeeeeeeegggggggghhhhiiiiiiiiii**jjkkkllllllllllnnnnnnnnnoooooo**"
    "rrrrrrssssssssttttttuuuuuuuuuuuuwwyyyzzzzzzs";
static_assert(base_letters.size() == 0x180 - 0xC0);

std::string_view two_letters(unsigned code) {
  switch (code) {
    case 0xC6:
    case 0xE6: return "ae";
    case 0xDE:
    case 0xFE: return "th";
    case 0xDF: return "ss";
    case 0x132:
    case 0x133: return "ij";
    default: return "oe";  // U+0152, U+0153
  }
}

void append_letter(unsigned code, std::string& into) {
  char base = base_letters[code - 0xC0];
  if (base == '*') {
    into += two_letters(code);
  } else if (base != '@') {
    into += base;
  } else {
    into += static_cast<char>(0xC0 | (code >> 6));
    into += static_cast<char>(0x80 | (code & 0x3F));
  }
}

}  // namespace

bool matches(const Criterion& criterion, std::span<const Key> keys) {
  bool present = false;
  bool hit = false;
  for (const Key& key : keys) {
    if (key.parameter != criterion.parameter) continue;
    present = true;
    auto asked = [&](const Operand& operand) { return operand_matches(criterion, operand, key); };
    hit = hit || std::any_of(criterion.operands.begin(), criterion.operands.end(), asked);
  }
  if (criterion.modifier == Modifier::Missing) {
    bool wanted_missing = !criterion.operands.empty() && criterion.operands.front().value == "true";
    return present != wanted_missing;
  }
  if (criterion.modifier == Modifier::Not) return !hit;  // also true without any value: search.html 3.1.1.5.5
  return hit;
}

std::string normalized(std::string_view text) {
  std::string result;
  result.reserve(text.size());
  for (std::size_t at = 0; at < text.size(); ++at) {
    auto byte = static_cast<unsigned char>(text[at]);
    if (byte >= 'A' && byte <= 'Z') {
      result += static_cast<char>(byte + ('a' - 'A'));
    } else if (byte >= 0xC3 && byte <= 0xC5 && at + 1 < text.size()) {
      append_letter(((byte & 0x1Fu) << 6) | (static_cast<unsigned char>(text[++at]) & 0x3Fu), result);
    } else if (byte == 0xCC && at + 1 < text.size()) {
      ++at;  // combining accents U+0300 .. U+033F
    } else {
      result += static_cast<char>(byte);
    }
  }
  return result;
}

}  // namespace vardbron::search
