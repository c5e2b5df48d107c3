// Tested by tests/care/project_test.cpp and tests/care/order_test.cpp.

#include "gateway/care/arende/admission_rules.h"
#include "gateway/care/arende/case_fold.h"
#include "gateway/care/arende/refused_consent.h"
#include "gateway/care/chain/held_back.h"
#include "gateway/care/chain/plausible.h"
#include "gateway/care/person/merge_person.h"
#include "gateway/time/civil.h"

#include <algorithm>
#include <utility>

namespace vardbron::care {

void Fold::take(std::size_t index) {
  ChainEntry& link = facts_.links[index];
  if (link.write) {
    writes_.take(index);
    has_withheld_write_ |= link.link_status == LinkStatus::Withheld;
    if (link.link_status == LinkStatus::Effective && names_contact(*link.write)) contacts_.take_named(index);
    return;
  }
  if (link.link_status != LinkStatus::Effective || link.notice->event == Event::Nullified) return;
  if (std::optional<Refusal> refusal = parties_.refuse(link)) return withhold(index, *refusal);

  Event event = link.notice->says();
  if (std::string_view wish = parties_.wish(*link.notice); !wish.empty())
    return make_history(index, "wish-of-a-party", std::string(wish));
  Step step = care::step(facts_.standing, event);
  if (!step.allowed) return make_history(index, std::string(step.because));
  if (std::string_view because = stay_.why_not(*link.notice); !because.empty()) return make_history(index, std::string(because));

  bool is_refusal = event == Event::Receipt && !link.notice->acknowledges_ok;
  if (!is_refusal) facts_.standing = step.to;
  facts_.has_admission |= event == Event::Admission;
  if (facts_.source.empty() && !may_precede_stay(event)) facts_.source = link.notice->sender.id;
  take_person(link);
  stay_.take(*link.notice);
  payment_.hear(link);
  for (const std::string& says : before_admission(*link.notice, facts_.stay.period_start))
    facts_.remark(link, "implausible-date", says);
  for (const std::string& party : parties_.add_silently(link)) welcome(party, link);
  facts_.consents.take(facts_.links, index);
  take_event(index);
  release(index);
}

void Fold::take_person(const ChainEntry& link) {
  if (changes_person(facts_.person, link.notice->person)) facts_.person_said = link.notice->happened.at;
  merge_person(facts_.person, *link.notice, person_, facts_.findings);
  facts_.own_protection = std::max(facts_.own_protection, link.notice->person.protection);
}

void Fold::withhold(std::size_t index, const Refusal& refusal) {
  facts_.links[index].link_status = LinkStatus::Withheld;
  facts_.remark(facts_.links[index], refusal.code, refusal.says);
}

void Fold::make_history(std::size_t index, const std::string& because) {
  make_history(index, "not-allowed-in-state", "The notice changes nothing: " + because + ".");
}

void Fold::make_history(std::size_t index, std::string code, std::string says) {
  ChainEntry& link = facts_.links[index];
  if (!facts_.has_admission) {
    link.link_status = LinkStatus::Withheld;
    facts_.remark(link, std::string(notified_nobody), why_nobody_is_notified(facts_.links, index));
    facts_.link_facts[index].lacked_admission = true;
    return;
  }
  link.link_status = LinkStatus::History;
  facts_.remark(link, std::move(code), std::move(says));
  if (link.notice->says() == Event::Death) {
    stay_.note_death(*link.notice);
    end_what_is_open(link.at, link.notice->happened.text);
  }
  payment_.hear(link);
  release(index);
}

void Fold::release(std::size_t index) {
  LinkFacts& facts = facts_.link_facts[index];
  const ChainEntry& link = facts_.links[index];
  const Event event = link.notice->says();
  facts.is_released = event != Event::AdmissionLocal && (facts_.has_admission || may_precede_stay(event));
  facts.audience = facts_.members.audience();
  if (event == Event::Consent && !facts.is_released)
    facts_.remark(link, std::string(notified_nobody),
                  "Nobody was told: no admission notice has been sent, and before one nothing may leave the region. The consent "
                  "is kept and counts.");
  if (is_for_its_content(event)) parties_.remark_on_strangers(link);
  for (Finding& each : sent_despite_refusal(facts_, index)) facts_.findings.push_back(std::move(each));
}

void Fold::take_event(std::size_t index) {
  const ChainEntry& link = facts_.links[index];
  const Notice& notice = *link.notice;
  switch (notice.says()) {
    case Event::AdmissionLocal: facts_.members.end_requests(notice.sender); [[fallthrough]];
    case Event::Transfer: take_in(notice.sender); break;
    case Event::Admission: return admit(link);
    case Event::PartyChanged: return change_parties(index);
    case Event::Receipt: writes_.take_receipt(link); break;
    case Event::PlannedDischargeChanged: openings_.move_deadline_of_contact(); break;
    case Event::FastVardkontakt: contacts_.take(index); break;
    case Event::DischargeReady: return get_ready(index);
    case Event::DischargeReadyWithdrawn: return withdraw(index);
    case Event::SipInvitation: sip_.call(index); break;
    case Event::LeaveStart: stay_.start_leave(notice.happened.text); break;
    case Event::LeaveEnd: stay_.end_leave(notice.happened.text); break;
    case Event::Interruption: return interrupt(index);
    case Event::Discharge: return discharge(index);
    case Event::Death: return die(index);
    case Event::CaseClosed: return close(link);
    case Event::DischargeInformation: return information_.inform(link);
    case Event::CareRequest:
    case Event::MunicipalReport: parties_.take_in(notice); break;
    case Event::Planning:
    case Event::Admin:
    case Event::Consent:
    case Event::PatientInformation:
    case Event::PersonMerged:
    case Event::PersonUnmerged:
    case Event::Corrected:
    case Event::Nullified: break;
    default: break;  // of a plan
  }
}

void Fold::interrupt(std::size_t index) {
  facts_.works.cancel_all("", facts_.links[index].at, "avbrott");
  payment_.stop(index);
  sip_.revoke();
  information_.interrupt();
}

void Fold::take_in(const Party& unit) {
  facts_.members.make_hospital(unit);
  ward_ = unit.id;
}

void Fold::admit(const ChainEntry& link) {
  facts_.members.end_requests(link.notice->sender);
  take_in(link.notice->sender);
  stay_.end_leave(link.notice->happened.text);
  for (const std::string& party : parties_.join(*link.notice)) welcome(party, link);
}

void Fold::welcome(const std::string& party, const ChainEntry& link) {
  const State state = facts_.standing.state;
  if (state == State::Avslutad || state == State::Avbruten || state == State::Avliden) return;
  openings_.greet(party, link);
  if (facts_.standing.state == State::Utskrivningsklar && !ready_root_.empty()) ask_for_handover(party, link, link.at);
}

void Fold::change_parties(std::size_t index) {
  const ChainEntry& link = facts_.links[index];
  facts_.link_facts[index].removed = parties_.leave(*link.notice);
  for (const std::string& id : facts_.link_facts[index].removed) facts_.works.cancel_all(id, link.at, "ändrad medverkande part");
  for (const std::string& party : parties_.join(*link.notice)) welcome(party, link);
  payment_.change_parties(link);
}

void Fold::get_ready(std::size_t index) {
  const ChainEntry& link = facts_.links[index];
  payment_.start(index);
  ready_sent_ = first_sent(facts_, link);
  ready_root_ = link.root;
  facts_.stay.discharge_ready = link.notice->stay.discharge_ready.value_or(link.notice->happened);
  for (std::string_view party : facts_.members.active()) ask_for_handover(party, link, WallTime{});
}

void Fold::ask_for_handover(std::string_view party, const ChainEntry& link, WallTime joined) {
  const Member* member = facts_.members.find(party);
  const WallTime ready = std::max({ready_sent_, facts_.stay.discharge_ready->at, joined});
  if (member->plays(Role::Oppenvard)) openings_.ask_for_call(party, ready_root_, link, ready);
  if (member->is_municipal()) openings_.ask_to_take_over(party, ready_root_, link, ready);
}

void Fold::withdraw(std::size_t index) {
  const ChainEntry& link = facts_.links[index];
  for (CaseTaskKind kind : {CaseTaskKind::KallaTillSip, CaseTaskKind::TaOverPatient})
    facts_.works.move(kind, "", ready_root_, "cancelled", link.at, "återtagen utskrivningsklar");
  payment_.stop(index);
  facts_.stay.discharge_ready.reset();
  ready_root_.clear();
  information_.withdraw();
}

void Fold::discharge(std::size_t index) {
  const ChainEntry& link = facts_.links[index];
  stay_.discharge(*link.notice);
  facts_.works.move(CaseTaskKind::TaOverPatient, "", "", "completed", link.at);
  payment_.stop(index);
  if (facts_.has_admission && !facts_.contacts.is_appointed_by_law())
    facts_.remark(link, "no-fast-vardkontakt", "The patient has left and nobody has been appointed fast vårdkontakt.");
  information_.ask(link, ward_);
}

void Fold::close(const ChainEntry& link) {
  facts_.closed_at = link.at;
  information_.close(link);
  facts_.works.cancel_all("", link.at, "avslutat ärende");
}

void Fold::die(std::size_t index) {
  const ChainEntry& link = facts_.links[index];
  stay_.die(*link.notice);
  payment_.stop(index);
  end_what_is_open(link.at, link.notice->happened.text);
}

void Fold::end_what_is_open(WallTime at, const std::string& text) {
  facts_.works.cancel_all("", at, "avliden");
  facts_.contacts.end(text);
  sip_.revoke();
}

void Fold::die_elsewhere(const StayView& death) {
  const Result<time::CivilTime> at = time::parse_civil(death.person.deceased_at);
  end_what_is_open(at ? at->at : death.death_noted, at ? death.person.deceased_at : time::format_local(death.death_noted));
  for (const ChainEntry& link : facts_.links)
    if (std::string says = why_nobody_is_asked(link); !says.empty()) facts_.remark(link, "dead-elsewhere", std::move(says));
}

}  // namespace vardbron::care
