#include "gateway/care/charges.h"

#include "gateway/sweden/hsa_id.h"
#include "gateway/sweden/identifier_system.h"

#include <algorithm>

namespace vardbron::care {
namespace {

constexpr std::size_t body_letters = 12;  // SE and ten digits

}  // namespace

std::string body_of(const Party& unit) { return sweden::same_body(unit.id, unit.id) ? unit.id.substr(0, body_letters) : unit.id; }

Charge& Charges::at(const Party& unit) {
  const std::string body = body_of(unit);
  auto place = std::lower_bound(charges_.begin(), charges_.end(), body,
                                [](const Charge& charge, const std::string& name) { return charge.body < name; });
  if (place != charges_.end() && place->body == body) return *place;
  Charge made;
  made.body = body;
  made.payer = unit.identifier;
  made.is_void = true;
  if (body != unit.id) {
    made.payer.system = sweden::system_uri(sweden::IdentifierSystem::Organisationsnummer);
    made.payer.value = body.substr(2);
  }
  return *charges_.insert(place, std::move(made));
}

void Charges::note(const Party& unit, bool is_cancelled) {
  Charge& charge = at(unit);
  charge.is_void = charge.is_void && is_cancelled;
}

WallTime Charges::start(const Party& unit, WallTime at_time) {
  Charge& charge = at(unit);
  charge.was_started = true;
  charge.clock.start(at_time);
  return charge.clock.spans().back().from;
}

void Charges::stop_all(WallTime at_time) {
  for (Charge& charge : charges_) charge.clock.stop(at_time);
}

void Charges::keep_only(const std::vector<std::string>& bodies, WallTime at_time) {
  for (Charge& charge : charges_)
    if (std::find(bodies.begin(), bodies.end(), charge.body) == bodies.end()) charge.clock.stop(at_time);
}

void Charges::finish(const Policy& policy, bool has_admission, bool case_is_cancelled, WallTime now) {
  for (Charge& charge : charges_) {
    charge.is_void = case_is_cancelled || (charge.is_void && !charge.was_started);
    charge.reading = charge.clock.read(policy, has_admission, now);
    if (charge.is_void) charge.reading = ClockReading{ClockState::Makulerad, 0, {}, {}, {}};
  }
}

}  // namespace vardbron::care
