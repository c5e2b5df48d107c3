#include "gateway/care/person/fast_vardkontakt.h"

#include "gateway/time/civil.h"

#include <algorithm>
#include <utility>

namespace vardbron::care {
namespace {

bool is_one_for_the_patient(std::string_view type) { return type == "2" || type == "4"; }

/// Types 1 and 3 do not exclude each other; a unit has one of each.
bool excludes(const Appointment& held, const Appointment& newer) {
  if (held.contact.type != newer.contact.type) return false;
  return is_one_for_the_patient(newer.contact.type) || held.unit.id == newer.unit.id;
}

}  // namespace

bool Appointment::never_began() const {
  const Result<time::CivilTime> from = time::parse_civil(since), to = time::parse_civil(until);
  return from && to && to->at < from->at;
}

std::string FastVardkontakt::appoint(Appointment newer, const std::string& at) {
  if (newer.contact.type.empty()) newer.contact.type = "1";
  for (Appointment& held : appointments_) {
    if (!held.until.empty() || !excludes(held, newer)) continue;
    if (held.contact.name == newer.contact.name && held.unit.id == newer.unit.id) {
      if (!newer.contact.phone.empty()) held.contact.phone = newer.contact.phone;
      if (!newer.contact.identifiers.empty()) held.contact.identifiers = newer.contact.identifiers;
      if (!newer.contact.team.empty()) {
        held.contact.team = newer.contact.team;
        held.contact.team_phone = newer.contact.team_phone;
      }
      held.fulfils_law = held.fulfils_law || newer.fulfils_law;
      return held.name;
    }
    held.until = at;
  }
  appointments_.push_back(std::move(newer));
  return appointments_.back().name;
}

bool FastVardkontakt::end(const Contact& contact, const Party& unit, const std::string& at) {
  const std::string_view type = contact.type.empty() ? std::string_view("1") : std::string_view(contact.type);
  bool is_found = false;
  for (Appointment& held : appointments_) {
    if (!held.until.empty() || held.contact.type != type || held.unit.id != unit.id) continue;
    if (!contact.name.empty() && contact.name != held.contact.name) continue;
    held.until = at;
    is_found = true;
  }
  return is_found;
}

void FastVardkontakt::end(const std::string& at) {
  for (Appointment& held : appointments_)
    if (held.until.empty()) held.until = at;
}

const Appointment* FastVardkontakt::find(std::string_view name) const {
  const auto found =
      std::find_if(appointments_.rbegin(), appointments_.rend(), [name](const Appointment& one) { return one.name == name; });
  return found == appointments_.rend() ? nullptr : &*found;
}

bool FastVardkontakt::is_appointed() const {
  return std::any_of(appointments_.begin(), appointments_.end(), [](const Appointment& one) { return one.until.empty(); });
}

bool FastVardkontakt::is_appointed_by_law() const {
  return std::any_of(appointments_.begin(), appointments_.end(),
                     [](const Appointment& one) { return one.until.empty() && one.fulfils_law; });
}

}  // namespace vardbron::care
