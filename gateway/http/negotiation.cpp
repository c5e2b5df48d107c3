#include "gateway/http/negotiation.h"

#include "gateway/base/text.h"
#include "gateway/http/syntax.h"

#include <algorithm>

namespace vardbron::http {

namespace {

std::string unquoted(std::string_view text) {
  if (text.size() >= 2 && text.front() == '"' && text.back() == '"') text = text.substr(1, text.size() - 2);
  return std::string(text);
}

bool matches(std::string_view range, std::string_view type) {
  if (range == "*/*" || range == "*" || range == type) return true;
  return range.ends_with("/*") && type.starts_with(range.substr(0, range.size() - 1));
}

// q=0, q=0.0, q=0.000: everything else is a wish.
bool is_refused(std::string_view member) {
  std::string weight = media_parameter(member, "q");
  return !weight.empty() && weight.find_first_not_of("0.") == std::string::npos;
}

std::string joined(const Fields& fields, std::string_view name) {
  std::string all;
  for (const Field& field : fields) {
    if (!equal_without_case(field.name, name)) continue;
    if (!all.empty()) all += ',';
    all += field.value;
  }
  return all;
}

}  // namespace

std::string media_type(std::string_view value) { return to_lower(trim_blanks(value.substr(0, value.find(';')))); }

std::string media_parameter(std::string_view value, std::string_view name) {
  auto parts = split(value, ';');
  for (std::size_t part = 1; part < parts.size(); ++part) {
    std::size_t equals = parts[part].find('=');
    if (equals == std::string_view::npos || !equal_without_case(trim_blanks(parts[part].substr(0, equals)), name)) continue;
    return unquoted(trim_blanks(parts[part].substr(equals + 1)));
  }
  return "";
}

std::string_view acceptable(const Fields& fields, std::span<const std::string_view> offered) {
  std::string accept = joined(fields, "Accept");
  if (trim_blanks(accept).empty()) return offered.empty() ? std::string_view() : offered.front();
  std::vector<std::string_view> members = split(accept, ',');
  auto is_ruled_out = [&members](std::string_view type) {
    return std::any_of(members.begin(), members.end(),
                       [type](std::string_view member) { return media_type(member) == type && is_refused(member); });
  };
  for (std::string_view member : members) {
    if (is_refused(member)) continue;
    std::string range = media_type(member);
    for (std::string_view type : offered) {
      if (matches(range, type) && !is_ruled_out(type)) return type;
    }
  }
  return "";
}

std::string preference(const Fields& fields, std::string_view name) {
  std::string all = joined(fields, "Prefer");
  for (std::string_view member : split(all, ',')) {
    // RFC 7240, 2: parameters of a preference stand behind a semicolon; ours have none that matter.
    std::string_view wish = trim_blanks(member.substr(0, member.find(';')));
    std::size_t equals = wish.find('=');
    if (!equal_without_case(trim_blanks(wish.substr(0, equals)), name)) continue;
    return equals == std::string_view::npos ? "true" : unquoted(trim_blanks(wish.substr(equals + 1)));
  }
  return "";
}

}  // namespace vardbron::http
