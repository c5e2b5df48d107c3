#include "gateway/care/arende/task_openings.h"

#include "gateway/care/arende/parties.h"
#include "gateway/time/civil.h"

#include <algorithm>
#include <chrono>
#include <optional>

namespace vardbron::care {
namespace {

/// A deadline at the end of a day.
WallTime end_of_day(WallTime from, int days) { return time::end_of(time::day_of(from) + std::chrono::days(days)); }

/// No deadline from a month or a year without a day.
std::optional<WallTime> end_of_date(const std::string& date) {
  if (date.size() < 8) return std::nullopt;
  Result<time::CivilTime> moment = time::parse_civil(date);
  if (!moment) return std::nullopt;
  return end_of_day(moment->at, 0);
}

}  // namespace

const Policy& TaskOpenings::policy_at(WallTime at) const {
  if (policies_.agreements.empty()) return policies_.everywhere;
  return policies_.of(facts_.hides_payer() ? std::string() : facts_.payer.kommun, facts_.stay.care_kind, time::day_of(at));
}

void TaskOpenings::note(const ChainEntry& link) {
  if (!link.notice || !is_hospitals_own(link.notice->says())) return;
  for (const Party& party : link.notice->receivers) note_admission(party.id, link);
  if (link.notice->receivers.empty())
    for (const std::string& party : facts_.everybody) note_admission(party, link);
  if (link.notice->says() == Event::Discharge) note_discharge(link);
  if (link.notice->says() != Event::DischargeReady) return;
  note_handover(link.root, link);
  // While the corrected notice is missing, its identity is the root.
  if (link.notice->replaces) note_handover(name_of(*link.notice->replaces), link);
}

void TaskOpenings::note_admission(const std::string& party, const ChainEntry& link) {
  facts_.works.note(CaseTaskKind::KvitteraInskrivning, party, "", link);
  if (facts_.members.find(party)->is_called(Role::Oppenvard))
    facts_.works.note(CaseTaskKind::UtseFastVardkontakt, party, "", link);
}

/// Nobody outside knows of a stay without an admission notice.
void TaskOpenings::note_discharge(const ChainEntry& link) {
  const auto admits = [](const ChainEntry& one) { return one.notice && one.notice->says() == Event::Admission; };
  if (std::any_of(facts_.links.begin(), facts_.links.end(), admits))
    facts_.works.note(CaseTaskKind::Informationsoverforing, link.notice->sender.id, "", link);
}

void TaskOpenings::note_handover(const std::string& cause, const ChainEntry& link) {
  for (const std::string& party : facts_.everybody) {
    const Member* member = facts_.members.find(party);
    if (member->is_called(Role::Oppenvard)) facts_.works.note(CaseTaskKind::KallaTillSip, party, cause, link);
    if (member->is_called(Role::Socialtjanst) || member->is_called(Role::KommunalHsv))
      facts_.works.note(CaseTaskKind::TaOverPatient, party, cause, link);
  }
}

void TaskOpenings::greet(std::string_view party, const ChainEntry& link) {
  const std::string& requester = link.notice->sender.id;
  facts_.works.open(CaseTaskKind::KvitteraInskrivning, party, "", requester, link.at, link.at + policy_at(link.at).receipt_time);
  if (!facts_.members.find(party)->plays(Role::Oppenvard) || facts_.contacts.is_appointed_by_law()) return;
  facts_.works.open(CaseTaskKind::UtseFastVardkontakt, party, "", requester, link.at, end_of_date(facts_.stay.planned_discharge));
  if (const std::optional<Appointment> known = person_.contact_of(party, link.at))
    facts_.works.propose(CaseTaskKind::UtseFastVardkontakt, party, *known);
}

void TaskOpenings::ask_for_call(std::string_view party, const std::string& cause, const ChainEntry& link, WallTime ready) {
  const Policy& policy = policy_at(ready);
  if (!policy.sip_call_is_wanted || !facts_.sip_is_due) return;
  facts_.works.open(CaseTaskKind::KallaTillSip, party, cause, link.notice->sender.id, link.at,
                    end_of_day(ready, policy.sip_call_days));
  if (facts_.is_called_by_oppenvard()) facts_.works.move(CaseTaskKind::KallaTillSip, party, cause, "completed", link.at);
}

void TaskOpenings::ask_to_take_over(std::string_view party, const std::string& cause, const ChainEntry& link, WallTime started) {
  facts_.works.open(CaseTaskKind::TaOverPatient, party, cause, link.notice->sender.id, link.at,
                    liability_of(started, policy_at(started)).first_moment - std::chrono::milliseconds(1));
}

void TaskOpenings::ask_for_information(const std::string& unit, const ChainEntry& link) {
  const Policy& policy = policy_at(link.at);
  if (!policy.discharge_information_is_wanted) return;
  const WallTime deadline = end_of_date(facts_.stay.period_end).value_or(end_of_day(link.at, 0));
  facts_.works.open(CaseTaskKind::Informationsoverforing, unit, "", link.notice->sender.id, link.at, deadline,
                    end_of_day(deadline, policy.discharge_information_asked_days));
}

void TaskOpenings::move_deadline_of_contact() {
  facts_.works.set_deadline(CaseTaskKind::UtseFastVardkontakt, end_of_date(facts_.stay.planned_discharge));
}

}  // namespace vardbron::care
