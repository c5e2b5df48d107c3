#include "gateway/http/target.h"

#include "gateway/base/text.h"
#include "gateway/base/utf8.h"

#include <cstdint>
#include <utility>

namespace vardbron::http {

namespace {

Failure invalid(const char* says) { return {Cause::Invalid, says, ""}; }

bool has_control(std::string_view text) {
  for (char c : text) {
    if (static_cast<unsigned char>(c) < 0x20 || c == 0x7F) return true;
  }
  return false;
}

enum class Plus { IsPlus, IsSpace };

Result<std::string> decode(std::string_view text, Plus plus) {
  std::string plain;
  plain.reserve(text.size());
  for (std::size_t at = 0; at < text.size(); ++at) {
    if (text[at] == '+' && plus == Plus::IsSpace) {
      plain.push_back(' ');
    } else if (text[at] != '%') {
      plain.push_back(text[at]);
    } else {
      int high = at + 2 < text.size() ? hex_value(text[at + 1]) : -1;
      int low = at + 2 < text.size() ? hex_value(text[at + 2]) : -1;
      if (high < 0 || low < 0) return invalid("A percent sign is not followed by two hexadecimal digits.");
      plain.push_back(static_cast<char>(high * 16 + low));
      at += 2;
    }
  }
  if (!is_utf8(plain)) return invalid("The target is not UTF-8.");
  return plain;
}

Result<std::vector<std::string>> parse_path(std::string_view path) {
  std::vector<std::string> segments;
  if (!path.starts_with('/')) return invalid("The path does not begin with a slash.");
  path.remove_prefix(1);
  if (path.ends_with('/')) path.remove_suffix(1);
  if (path.empty()) return segments;
  for (std::string_view part : split(path, '/')) {
    Result<std::string> segment = decode(part, Plus::IsPlus);
    if (!segment) return std::move(segment).failure();
    if (segment->empty() || *segment == "." || *segment == "..") return invalid("The path has an empty or a dotted segment.");
    if (segment->find('/') != std::string::npos || has_control(*segment))
      return invalid("The path has an encoded slash or control character.");
    segments.push_back(*std::move(segment));
  }
  return segments;
}

}  // namespace

Result<Target> parse_target(std::string_view target) {
  std::size_t mark = target.find('?');
  Result<std::vector<std::string>> segments = parse_path(target.substr(0, mark));
  if (!segments) return std::move(segments).failure();
  Target parsed;
  parsed.segments = *std::move(segments);
  if (mark == std::string_view::npos) return parsed;
  Result<std::vector<Parameter>> query = parse_form(target.substr(mark + 1));
  if (!query) return std::move(query).failure();
  parsed.query = *std::move(query);
  return parsed;
}

Result<std::vector<Parameter>> parse_form(std::string_view form) {
  std::vector<Parameter> parameters;
  for (std::string_view part : split(form, '&')) {
    if (part.empty()) continue;
    std::size_t equals = part.find('=');
    Result<std::string> name = decode(part.substr(0, equals), Plus::IsSpace);
    if (!name) return std::move(name).failure();
    if (name->empty()) return invalid("A parameter has no name.");
    Result<std::string> value =
        decode(equals == std::string_view::npos ? std::string_view() : part.substr(equals + 1), Plus::IsSpace);
    if (!value) return std::move(value).failure();
    if (has_control(*name) || has_control(*value)) return invalid("A parameter has control characters.");
    parameters.push_back({*std::move(name), *std::move(value)});
  }
  return parameters;
}

std::string percent_encoded(std::string_view text) {
  constexpr std::string_view digits = "0123456789ABCDEF";
  std::string encoded;
  for (char c : text) {
    bool is_letter_or_digit = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
    if (is_letter_or_digit || c == '-' || c == '.' || c == '_' || c == '~') {
      encoded.push_back(c);
      continue;
    }
    auto byte = static_cast<unsigned char>(c);
    encoded.push_back('%');
    encoded.push_back(digits[byte >> 4]);
    encoded.push_back(digits[byte & 15]);
  }
  return encoded;
}

}  // namespace vardbron::http
