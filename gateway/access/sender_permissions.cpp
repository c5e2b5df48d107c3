#include "gateway/access/sender_permissions.h"

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

/// Normalises an entry; "se2321990018-*" is compared like an HSA-id.
std::string normal_entry(std::string_view entry) {
  if (!entry.ends_with("-*")) return sweden::normal_hsa_id(entry);
  std::string body = sweden::normal_hsa_id(std::string(entry.substr(0, entry.size() - 1)) + "0");
  body.back() = '*';
  return sweden::looks_like_hsa_id(body.substr(0, body.size() - 1) + "0") ? body : std::string(entry);
}

}  // namespace

Result<SenderPermissions> SenderPermissions::open(const std::vector<Principal>& principals) {
  SenderPermissions units;
  for (std::size_t at = 0; at < principals.size(); ++at) {
    const Principal& principal = principals[at];
    std::vector<std::string>& listed = units.listed_[sweden::normal_hsa_id(principal.organisation)];
    for (const std::string& given : principal.units) {
      Result<std::string> entry = read_entry(given);
      if (!entry) return Failure{Cause::Invalid, entry.failure().says, "principals[" + std::to_string(at) + "].units"};
      listed.push_back(std::move(*entry));
    }
    if (listed.empty()) units.listed_.erase(sweden::normal_hsa_id(principal.organisation));
  }
  return units;
}

Result<std::string> SenderPermissions::read_entry(std::string_view given) {
  std::string entry = normal_entry(given);
  if (is_unit(entry)) return entry;
  return Failure{Cause::Invalid,
                 "\"" + std::string(given) +
                     "\" names no unit. Write an HSA-id, SE and an organisationsnummer and -* for all units of a " +
                     "body, or system|value, or system|*.",
                 ""};
}

bool SenderPermissions::may_speak(std::string_view organisation, std::string_view unit) const {
  if (organisation.empty() || unit.empty()) return false;
  if (organisation == unit) return true;
  auto listed = listed_.find(organisation);
  if (listed == listed_.end()) return sweden::same_body(organisation, unit);
  return std::any_of(listed->second.begin(), listed->second.end(), [&](const std::string& entry) { return covers(entry, unit); });
}

Failure SenderPermissions::refusal(std::string_view unit) {
  return {Cause::Forbidden,
          "This token may not speak for \"" + sweden::shown(unit) +
              "\", the unit that the notice names as its sender. Send with that unit's own token, or have it listed among the "
              "\"units\" of this organisation in the gateway's configuration.",
          "Bundle.entry.resource.ofType(MessageHeader).sender"};
}

}  // namespace vardbron::access
