#include "gateway/http/field_lines.h"

#include "gateway/base/limits.h"
#include "gateway/base/text.h"
#include "gateway/http/syntax.h"

#include <algorithm>
#include <array>

namespace vardbron::http {

namespace {

constexpr std::array<std::string_view, 8> framing_names = {"content-length", "transfer-encoding", "host",    "connection",
                                                           "expect",         "upgrade",           "trailer", "te"};

// Some gateways hand fields on as variables and take `_` for `-`: then Content_Length is a second length (RFC 3875, 4.1.18).
bool is_disguised(std::string_view name) {
  if (name.find('_') == std::string_view::npos) return false;
  std::string plain(name);
  std::replace(plain.begin(), plain.end(), '_', '-');
  return std::any_of(framing_names.begin(), framing_names.end(),
                     [&plain](std::string_view known) { return equal_without_case(plain, known); });
}

std::optional<Refusal> parse_line(std::string_view line, Fields& fields) {
  if (line.front() == ' ' || line.front() == '\t') return Refusal{400, "A field is folded over two lines."};
  std::size_t colon = line.find(':');
  if (colon == std::string_view::npos) return Refusal{400, "A field has no colon."};
  std::string_view name = line.substr(0, colon);
  std::string_view value = trim_blanks(line.substr(colon + 1));
  if (!is_token(name)) return Refusal{400, "A field's name has characters that no name has."};
  if (!is_field_value(value)) return Refusal{400, "A field's value has control characters."};
  if (is_disguised(name)) return Refusal{400, "A field that decides about the message is spelled with an underscore."};
  fields.push_back({std::string(name), std::string(value)});
  return std::nullopt;
}

}  // namespace

std::string_view find(const Fields& fields, std::string_view name) {
  for (const Field& field : fields) {
    if (equal_without_case(field.name, name)) return field.value;
  }
  return "";
}

std::optional<Refusal> parse_field_lines(std::string_view lines, Fields& fields) {
  fields.reserve(16);
  while (!lines.empty()) {
    std::size_t end = lines.find("\r\n");
    if (end == std::string_view::npos || end == 0) return Refusal{400, "A line of the head does not end in CR LF."};
    if (fields.size() == limits::header_fields_max) return Refusal{431, "The head has too many fields."};
    std::optional<Refusal> refusal = parse_line(lines.substr(0, end), fields);
    if (refusal) return refusal;
    lines.remove_prefix(end + 2);
  }
  return std::nullopt;
}

std::size_t count(const Fields& fields, std::string_view name) {
  auto is_it = [name](const Field& field) { return equal_without_case(field.name, name); };
  return static_cast<std::size_t>(std::count_if(fields.begin(), fields.end(), is_it));
}

bool holds_token(const Fields& fields, std::string_view name, std::string_view token) {
  for (const Field& field : fields) {
    if (!equal_without_case(field.name, name)) continue;
    for (std::string_view part : split(field.value, ',')) {
      if (equal_without_case(trim_blanks(part), token)) return true;
    }
  }
  return false;
}

}  // namespace vardbron::http
