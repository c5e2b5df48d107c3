#include "gateway/access/units.h"

#include "gateway/sweden/hsa_id.h"
#include "gateway/sweden/organisationsnummer.h"

#include <algorithm>
#include <utility>

namespace vardbron::access {

namespace {

constexpr char any = '*';

// "SE2321990018-*": every unit of the body with that organisationsnummer.
bool is_whole_body(std::string_view entry) {
  return entry.size() == 14 && entry.starts_with("SE") && entry.ends_with("-*") &&
         sweden::parse_organisationsnummer(entry.substr(2, 10)).ok();
}

bool is_unit(std::string_view entry) {
  const std::size_t bar = entry.find('|');
  if (bar == std::string_view::npos) return is_whole_body(entry) || sweden::parse_hsa_id(entry).ok();
  std::string_view value = entry.substr(bar + 1);
  bool has_form = bar > 0 && !value.empty() && value.find('|') == std::string_view::npos;
  return has_form && (value == "*" || value.find(any) == std::string_view::npos);
}

bool covers(std::string_view entry, std::string_view unit) {
  if (!entry.ends_with(any)) return entry == unit;
  entry.remove_suffix(1);
  return unit.size() > entry.size() && unit.starts_with(entry);
}

}  // namespace

Result<Units> Units::open(const std::vector<Principal>& principals) {
  Units units;
  for (std::size_t at = 0; at < principals.size(); ++at) {
    const Principal& principal = principals[at];
    for (const std::string& entry : principal.units) {
      if (is_unit(entry)) continue;
      return Failure{Cause::Invalid,
                     "\"" + entry +
                         "\" names no unit. Write an HSA-id, SE and an organisationsnummer and -* for all units of a " +
                         "body, or system|value, or system|*.",
                     "principals[" + std::to_string(at) + "].units"};
    }
    if (!principal.units.empty()) units.listed_[principal.organisation] = principal.units;
  }
  return units;
}

bool Units::may_speak(std::string_view organisation, std::string_view unit) const {
  if (organisation.empty() || unit.empty()) return false;
  if (organisation == unit) return true;
  auto listed = listed_.find(organisation);
  if (listed == listed_.end()) return sweden::same_body(organisation, unit);
  return std::any_of(listed->second.begin(), listed->second.end(), [&](const std::string& entry) { return covers(entry, unit); });
}

Failure Units::refusal() {
  return {
      Cause::Forbidden,
      "This token may not speak for the unit that the notice names as its sender. Send with that unit's own token, or have the "
      "unit listed among the units of this organisation in the gateway's configuration.",
      "Bundle.entry.resource.ofType(MessageHeader).sender"};
}

}  // namespace vardbron::access
