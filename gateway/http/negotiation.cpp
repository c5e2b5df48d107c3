#include "gateway/http/negotiation.h"

#include "gateway/base/text.h"
#include "gateway/http/syntax.h"

#include <algorithm>
#include <vector>

namespace vardbron::http {

namespace {

constexpr std::string_view fhir_version = "fhirVersion";

std::string unquoted(std::string_view text) {
  if (text.size() >= 2 && text.front() == '"' && text.back() == '"') text = text.substr(1, text.size() - 2);
  return std::string(text);
}

bool matches(std::string_view range, std::string_view type) {
  if (range == "*/*" || range == "*" || range == type) return true;
  return range.ends_with("/*") && type.starts_with(range.substr(0, range.size() - 1));
}

// In thousandths; 1000 if there is none, or one that is malformed. Source: RFC 9110, 12.4.2.
int weight_of(std::string_view member) {
  const std::string text = media_parameter(member, "q");
  const bool is_weight = !text.empty() && (text[0] == '0' || text[0] == '1') && (text.size() == 1 || text[1] == '.') &&
                         text.size() <= 5 &&
                         text.find_first_not_of("0123456789", std::min<std::size_t>(2, text.size())) == std::string::npos;
  if (!is_weight) return 1000;
  int weight = (text[0] - '0') * 1000;
  for (std::size_t at = 2, worth = 100; at < text.size(); ++at, worth /= 10) weight += (text[at] - '0') * static_cast<int>(worth);
  return std::min(weight, 1000);
}

// How exactly a range names types: the more exact one decides about a type, whatever their order. Source: RFC 9110, 12.5.1.
int exactness(std::string_view range) {
  if (range == "*/*" || range == "*") return 0;
  return range.ends_with("/*") ? 1 : 2;
}

/// One member of Accept.
struct Range {
  std::string type, version;  // version: "" = any
  int weight = 1000;
  std::size_t place = 0;
};

int exactness(const Range& range) { return 2 * exactness(range.type) + (range.version.empty() ? 0 : 1); }

// "4.0.1" is of "4.0". Source: FHIR R5 http.html#version-parameter: a version is named without its third number.
bool is_of_version(std::string_view asked, std::string_view offered) {
  if (asked.empty() || offered.empty() || asked == offered) return true;
  return asked.starts_with(offered) && asked[offered.size()] == '.';
}

const Range* range_for(const std::vector<Range>& ranges, std::string_view offer) {
  const std::string type = media_type(offer), version = media_parameter(offer, fhir_version);
  const Range* best = nullptr;
  for (const Range& each : ranges) {
    if (!matches(each.type, type) || !is_of_version(each.version, version)) continue;
    if (best == nullptr || exactness(each) > exactness(*best)) best = &each;
  }
  return best;
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
  std::vector<Range> ranges;
  for (std::string_view member : split(accept, ','))
    ranges.push_back({media_type(member), media_parameter(member, fhir_version), weight_of(member), ranges.size()});
  std::string_view chosen;
  const Range* chosen_by = nullptr;
  for (std::string_view type : offered) {
    const Range* range = range_for(ranges, type);
    if (range == nullptr || range->weight == 0) continue;
    const bool is_better = chosen_by == nullptr || range->weight > chosen_by->weight ||
                           (range->weight == chosen_by->weight && range->place < chosen_by->place);
    if (!is_better) continue;
    chosen = type;
    chosen_by = range;
  }
  return chosen;
}

std::string preference(const Fields& fields, std::string_view name) {
  std::string all = joined(fields, "Prefer");
  for (std::string_view member : split(all, ',')) {
    // RFC 7240, 2: parameters of a preference follow a semicolon; they are ignored.
    std::string_view wish = trim_blanks(member.substr(0, member.find(';')));
    std::size_t equals = wish.find('=');
    if (!equal_without_case(trim_blanks(wish.substr(0, equals)), name)) continue;
    return equals == std::string_view::npos ? "true" : unquoted(trim_blanks(wish.substr(equals + 1)));
  }
  return "";
}

}  // namespace vardbron::http
