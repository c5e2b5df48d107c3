#include "gateway/care/arende/stay_machine.h"

#include "gateway/time/civil.h"

#include <algorithm>

namespace vardbron::care {
namespace {

void overwrite(std::string& kept, const std::string& newer) {
  if (!newer.empty()) kept = newer;
}

}  // namespace

void StayMachine::take(const Notice& notice) {
  const Stay& newer = notice.stay;
  Stay& stay = facts_.stay;
  const Membership::Kind kind = facts_.members.kind(notice.sender);
  Event event = notice.says();
  // Of the stay only the hospital knows.
  if (kind == Membership::Kind::Receiver || (kind != Membership::Kind::Hospital && !is_hospitals_own(event))) return;
  if (event == Event::Admission || event == Event::AdmissionLocal || stay.class_code.empty()) stay.class_code = newer.class_code;
  if (facts_.admitted.empty()) facts_.admitted = newer.period_start;
  if (stay.period_start.empty()) stay.period_start = newer.period_start.empty() ? notice.happened.text : newer.period_start;
  overwrite(stay.planned_discharge, newer.planned_discharge);
  overwrite(stay.reason, newer.reason);
  overwrite(stay.provider, newer.provider.empty() && stay.provider.empty() ? notice.sender.id : newer.provider);
  for (const Identity& episode : newer.episodes)
    if (std::find(stay.episodes.begin(), stay.episodes.end(), episode) == stay.episodes.end()) stay.episodes.push_back(episode);
}

bool StayMachine::is_before_admission(const std::string& date) const {
  if (date.size() < 8) return false;  // a month alone may be on both sides
  Result<time::CivilTime> planned = time::parse_civil(date);
  Result<time::CivilTime> admitted = time::parse_civil(facts_.stay.period_start);
  return planned && admitted && time::day_of(planned->at) < time::day_of(admitted->at);
}

std::string_view StayMachine::why_not(const Notice& notice) const {
  const Event event = notice.says();
  if (facts_.is_deceased && (event == Event::FastVardkontakt || event == Event::SipInvitation)) return "the patient is dead";
  if (event == Event::Discharge && facts_.standing.state == State::Avslutad && is_discharged())
    return "the patient has been discharged";
  if (event == Event::PlannedDischargeChanged && is_before_admission(notice.stay.planned_discharge))
    return "the new planned discharge lies before the admission";
  return {};
}

void StayMachine::end_leave(const std::string& at) {
  if (!facts_.leaves.empty() && facts_.leaves.back().end.empty()) facts_.leaves.back().end = at;
}

void StayMachine::discharge(const Notice& notice) {
  end_leave(notice.happened.text);
  facts_.stay.period_end = notice.stay.period_end.empty() ? notice.happened.text : notice.stay.period_end;
  facts_.stay.discharged_to = notice.stay.discharged_to;
}

void StayMachine::die(const Notice& notice) {
  end_leave(notice.happened.text);
  note_death(notice);
  if (is_discharged()) return;  // where the patient went is as it was
  facts_.stay.period_end = notice.stay.period_end.empty() ? notice.happened.text : notice.stay.period_end;
  facts_.stay.discharged_to = "avliden";
}

void StayMachine::note_death(const Notice& notice) {
  facts_.is_deceased = true;
  facts_.deceased_at = notice.person.deceased_at;
  facts_.death_noted = notice.happened.at;
}

}  // namespace vardbron::care
