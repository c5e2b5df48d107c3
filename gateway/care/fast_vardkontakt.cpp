#include "gateway/care/fast_vardkontakt.h"

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

void FastVardkontakt::appoint(Contact contact, const Party& unit, const std::string& at, bool fulfils_law) {
  if (contact.type.empty()) contact.type = "1";
  Appointment newer{std::move(contact), unit, at, "", fulfils_law};
  for (Appointment& held : appointments_) {
    if (!held.until.empty() || !excludes(held, newer)) continue;
    if (held.contact.name == newer.contact.name && held.unit.id == newer.unit.id) {
      if (!newer.contact.phone.empty()) held.contact.phone = newer.contact.phone;
      held.fulfils_law = held.fulfils_law || fulfils_law;
      return;
    }
    held.until = at;
  }
  appointments_.push_back(std::move(newer));
}

void FastVardkontakt::end(const std::string& at) {
  for (Appointment& held : appointments_)
    if (held.until.empty()) held.until = at;
}

bool FastVardkontakt::is_appointed() const {
  return std::any_of(appointments_.begin(), appointments_.end(), [](const Appointment& one) { return one.until.empty(); });
}

bool FastVardkontakt::is_appointed_by_law() const {
  return std::any_of(appointments_.begin(), appointments_.end(),
                     [](const Appointment& one) { return one.until.empty() && one.fulfils_law; });
}

}  // namespace vardbron::care
