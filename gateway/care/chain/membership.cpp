#include "gateway/care/chain/membership.h"

#include "gateway/base/check.h"
#include "gateway/care/chain/chain.h"

#include <algorithm>

namespace vardbron::care {

void Membership::learn(const Party& party) {
  auto [found, is_new] = members_.try_emplace(party.id);
  Member& member = found->second;
  member.roles |= bit_of(party.role);
  if (is_new) {
    member.party = party;
    return;
  }
  if (!party.name.empty()) member.party.name = party.name;
  if (!party.phone.empty()) member.party.phone = party.phone;
  if (party.role != Role::Unknown) member.party.role = party.role;
}

bool Membership::has_learned(const Party& party) const {
  const Member* member = find(party.id);
  return member != nullptr && (bit_of(party.role) & ~(member->roles & member->roles_by_hospital)) == 0;
}

void Membership::trust_as_own(const Party& unit, const Party& by) {
  unsigned own = 0;
  for (const auto& [id, member] : members_)
    if (speaks_for(by, member.party)) own |= member.roles_by_hospital;
  at(unit).roles_by_hospital |= bit_of(unit.role) & own;
}

void Membership::ask(const Party& party) {
  Member& member = at(party);
  member.is_asked = member.is_asked || !member.is_hospital;
  member.is_hospital = true;
  audience_ = nullptr;
}

void Membership::end_requests(const Party& admitting) {
  for (auto& [id, member] : members_) {
    if (!member.is_asked || speaks_for(member.party, admitting)) continue;
    member.is_hospital = member.is_asked = false;
    member.was_named = true;
    audience_ = nullptr;
  }
}

Member& Membership::at(const Party& party) {
  auto found = members_.find(party.id);
  CHECK(found != members_.end());
  return found->second;
}

bool Membership::activate(const Party& party) {
  Member& member = at(party);
  if (member.is_hospital || member.is_active) return false;
  member.is_active = member.was_active = true;
  audience_ = nullptr;
  return true;
}

void Membership::remove(std::string_view id) {
  auto found = members_.find(id);
  if (found == members_.end()) return;
  found->second.is_active = false;
  audience_ = nullptr;
}

Membership::Kind Membership::kind(const Party& party) const {
  const Member* member = find(party.id);
  if (member && member->is_hospital) return Kind::Hospital;
  if (member && member->is_active) return Kind::Receiver;
  if (member && member->was_active) return Kind::Removed;
  bool speaks = std::any_of(members_.begin(), members_.end(),
                            [&](const auto& one) { return one.second.is_hospital && speaks_for(party, one.second.party); });
  return speaks ? Kind::Hospital : Kind::Stranger;
}

const Member* Membership::find(std::string_view id) const {
  auto found = members_.find(id);
  return found == members_.end() ? nullptr : &found->second;
}

std::vector<std::string_view> Membership::active() const {
  std::vector<std::string_view> found;
  for (const auto& [id, member] : members_)
    if (member.is_active) found.push_back(id);
  return found;
}

template <class Wanted>
std::vector<std::string> Membership::ids(Wanted wanted) const {
  std::vector<std::string> found;
  for (const auto& [id, member] : members_)
    if (wanted(member)) found.push_back(id);
  return found;
}

std::vector<std::string> Membership::viewers() const {
  return ids([](const Member& member) { return member.is_hospital || member.is_active; });
}

std::shared_ptr<const std::vector<std::string>> Membership::audience() {
  if (!audience_) audience_ = std::make_shared<const std::vector<std::string>>(viewers());
  return audience_;
}

std::vector<std::string> Membership::hospital() const {
  return ids([](const Member& member) { return member.is_hospital; });
}

std::vector<std::string> Membership::all_who_know() const {
  return ids([](const Member& member) { return member.knows(); });
}

}  // namespace vardbron::care
