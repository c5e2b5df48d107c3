#include "gateway/access/receivers.h"

#include "gateway/base/text.h"
#include "gateway/sweden/hsa_id.h"

namespace vardbron::access {

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

std::string Receivers::why_not(std::string_view organisation) const {
  const Standing standing = this->standing(organisation);
  if (standing == Standing::Reached) return {};
  const std::string named = "The receiver \"" + sweden::shown(organisation) + "\"";
  if (standing == Standing::MayNotReceive)
    return named + " may not read or subscribe at this gateway, so it is not told. Give it the right \"receive\".";
  std::vector<std::string_view> known;
  for (const auto& [each, may_receive] : may_receive_) {
    if (may_receive) known.push_back(each);
  }
  const std::string_view meant = nearest(organisation, known);
  std::string says = named + " is not known to this gateway, so it is not told.";
  if (!meant.empty()) says += " Did you mean " + sweden::shown(meant) + "?";
  return says;
}

}  // namespace vardbron::access
