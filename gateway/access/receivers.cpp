#include "gateway/access/receivers.h"

#include "gateway/sweden/hsa_id.h"

#include <algorithm>

namespace vardbron::access {

namespace {

/// One character inserted, missing or replaced, or two adjacent ones swapped.
bool is_one_slip(std::string_view one, std::string_view other) {
  while (!one.empty() && !other.empty() && one.front() == other.front()) one.remove_prefix(1), other.remove_prefix(1);
  while (!one.empty() && !other.empty() && one.back() == other.back()) one.remove_suffix(1), other.remove_suffix(1);
  const bool is_swapped = one.size() == 2 && other.size() == 2 && one[0] == other[1] && one[1] == other[0];
  return is_swapped || (one.size() <= 1 && other.size() <= 1);
}

}  // namespace

Receivers::Receivers(const std::vector<Principal>& principals) : was_asked_(true) {
  for (const Principal& principal : principals)
    may_receive_[sweden::normal_hsa_id(principal.organisation)] |= principal.may_receive;
}

Receivers::Standing Receivers::standing(std::string_view organisation) const {
  if (!was_asked_) return Standing::Reached;
  const auto found = may_receive_.find(organisation);
  if (found == may_receive_.end()) return Standing::Unknown;
  return found->second ? Standing::Reached : Standing::MayNotReceive;
}

// Units of one body have similar ids: those with more than one typing error between them are different. "" if none is similar, or
// several are.
std::string_view Receivers::meant_by(std::string_view organisation, std::span<const std::string> besides) const {
  std::string_view meant;
  for (const auto& [each, may_receive] : may_receive_) {
    if (!may_receive || !is_one_slip(organisation, each)) continue;
    if (std::find(besides.begin(), besides.end(), each) != besides.end()) continue;
    if (!meant.empty()) return {};
    meant = each;
  }
  return meant;
}

std::string Receivers::why_not(std::string_view organisation, std::span<const std::string> besides) const {
  const Standing standing = this->standing(organisation);
  if (standing == Standing::Reached) return {};
  const std::string named = "The receiver \"" + sweden::shown(organisation) + "\"";
  if (standing == Standing::MayNotReceive)
    return named + " may not read or subscribe at this gateway, so it is not told. Give it the right \"receive\".";
  const std::string_view meant = meant_by(organisation, besides);
  std::string says = named + " is not known to this gateway, so it is not told.";
  if (!meant.empty()) says += " Did you mean " + sweden::shown(meant) + "?";
  return says;
}

}  // namespace vardbron::access
