#include "gateway/care/arende/fold.h"

#include "gateway/care/arende/admission_rules.h"
#include "gateway/care/arende/case_fold.h"
#include "gateway/care/arende/charges.h"
#include "gateway/care/chain/case_id.h"
#include "gateway/care/chain/plausible.h"
#include "gateway/time/civil.h"

#include <algorithm>
#include <chrono>
#include <utility>

namespace vardbron::care {
namespace {

/// Notices that concern no link before them, apart from what the fold keeps of it.
bool goes_on_from_state(Event event) {
  switch (event) {
    case Event::Receipt:
    case Event::Planning:
    case Event::Admin:
    case Event::Consent:
    case Event::PlannedDischargeChanged:
    case Event::FastVardkontakt:
    case Event::DischargeReady:
    case Event::DischargeReadyWithdrawn:
    case Event::SipInvitation:
    case Event::LeaveStart:
    case Event::LeaveEnd:
    case Event::Interruption:
    case Event::Discharge:
    case Event::DischargeInformation:
    case Event::PatientInformation:
    case Event::Death:
    case Event::CaseClosed: return true;
    default: return false;
  }
}

}  // namespace

Fold::Fold(const Chain& chain, const Policies& policies, WallTime now, const PersonView& person)
    : policies_(policies),
      now_(now),
      person_(person),
      chain_(chain.data()),
      chain_size_(chain.size()),
      parties_(facts_, person_),
      stay_(facts_),
      openings_(facts_, policies, person_),
      writes_(facts_),
      contacts_(facts_, policies, person_),
      payment_(facts_),
      sip_(facts_),
      information_(facts_, openings_) {
  facts_.counts_from_receipt = policies.counts_from_receipt;
  Arranged arranged = arrange(chain);
  facts_.findings = std::move(arranged.findings);
  facts_.links = std::move(arranged.links);
  facts_.person.protection = person_.protection();
  name_case();
  parties_.learn();
  for (const ChainEntry& link : facts_.links) look_at(link);
  facts_.everybody = everybody_addressed(facts_.links);
  for (const ChainEntry& link : facts_.links) openings_.note(link);
  facts_.consents.note(facts_.links);
  ContactMachine::note(facts_);
  writes_.place();
  facts_.link_facts.resize(facts_.links.size());
  for (std::size_t index = 0; index < facts_.links.size(); ++index) take(index);
}

bool Fold::go_on(const Chain& chain, const Policies& policies, WallTime now, const PersonView& person) {
  const bool has_state = facts_.has_admission && is_of_opener_ && facts_.standing.state != State::Makulerad;
  // Whether a date is implausible depends on the time; one that was not then is not later.
  if (!has_state || is_implausible_ || has_withheld_write_ || now < now_ || &policies != &policies_) return false;
  if (person.others != person_.others || person.merges != person_.merges) return false;
  if (chain.size() != chain_size_ && chain.size() != chain_size_ + 1) return false;
  now_ = now;
  received_before_ = facts_.received.size();
  if (chain.data() != chain_) {
    chain_ = chain.data();
    point_into(chain, facts_.links);
    facts_.consents.point_into(facts_.links);
  }
  return chain.size() == chain_size_ || take_after(chain);
}

Facts& Fold::conclude() {
  before_.emplace(
      Before{facts_.works, facts_.members, facts_.contacts, facts_.sip_is_revoked, facts_.sip_is_due, facts_.findings.size()});
  const std::vector<AdmissionFinding> admissions = admission_findings(facts_, policies_.everywhere);
  for (const AdmissionFinding& each : admissions)
    facts_.remark(facts_.links[each.link], std::string(each.code), std::string(each.says));
  settle_cancelled_case();
  const bool names_nobody = facts_.standing.state == State::Makulerad || facts_.person.identifiers.empty();
  if (names_nobody) facts_.person.protection = facts_.own_protection;  // no other case is this patient's
  const StayView* earlier = person_.stay_before(facts_.stay.period_start, policies_.everywhere.readmission_days);
  facts_.earlier = earlier ? std::optional(*earlier) : std::nullopt;
  facts_.own_contacts = facts_.contacts.all();
  if (const StayView* death = person_.death(); death && !facts_.is_deceased) die_elsewhere(*death);
  if (facts_.closed_at) leave_patient(*facts_.closed_at);
  if (const StayView* plan = person_.plan_of(facts_.case_key)) sip_.follow(*plan, policies_.everywhere);
  parties_.name_former_receivers();
  bool is_cancelled = facts_.standing.state == State::Makulerad;
  facts_.works.finish(now_, facts_.links, is_cancelled);
  Charges charges = charges_of(facts_, admissions, policies_, is_cancelled, now_);
  facts_.charges = std::move(charges.all);
  for (ChargeFinding& each : charges.findings) facts_.remark(facts_.links[each.link], std::move(each.code), std::move(each.says));
  std::vector<std::string> knowing = facts_.members.all_who_know();
  if (received_before_ && knowing != knowing_) received_before_.reset();
  knowing_ = std::move(knowing);
  return facts_;
}

void Fold::take_back() {
  facts_.works = std::move(before_->works);
  facts_.members = std::move(before_->members);
  facts_.contacts = std::move(before_->contacts);
  facts_.sip_is_revoked = before_->sip_is_revoked;
  facts_.sip_is_due = before_->sip_is_due;
  facts_.findings.resize(before_->findings);
  before_.reset();
}

std::optional<WentOn> Fold::went_on() const { return received_before_ ? std::optional(WentOn{*received_before_}) : std::nullopt; }

void Fold::name_case() {
  for (const ChainEntry& link : facts_.links) {
    if (!link.notice) continue;
    is_of_opener_ = link.notice->case_key.ends_with(name_of(link.notice->case_identity));
    if (!is_of_opener_ && !facts_.case_key.empty()) continue;
    facts_.case_key = link.notice->case_key;
    facts_.case_identity = link.notice->case_identity;
    if (is_of_opener_) break;
  }
  facts_.id = case_id(facts_.case_key);
  facts_.works = TaskList(facts_.id);
}

void Fold::look_at(const ChainEntry& link) {
  if (!link.notice) return;
  facts_.sip_was_called |= link.notice->says() == Event::SipInvitation;
  for (const Doubt& doubt : link.notice->doubts) facts_.remark(link, doubt.code, doubt.says);
  for (const std::string& says : implausible_dates(*link.notice, now_)) {
    is_implausible_ = true;
    facts_.remark(link, "implausible-date", says);
  }
  if (std::string says = sent_otherwise(*link.notice, policies_.counts_from_receipt); !says.empty())
    facts_.remark(link, "sent-otherwise", std::move(says));
  if (link.notice->time_is_guessed)
    facts_.remark(link, "time-was-guessed",
                  "A time of the notice has no zone and falls into an hour that is there twice or never. Check it.");
}

bool Fold::take_after(const Chain& chain) {
  std::optional<ChainEntry> entry = entry_after(facts_.links, chain);
  if (!entry || (entry->notice && !adds_nothing_to_learn(*entry->notice))) return false;
  if (entry->write) writes_.place(*entry);
  if (!is_after(*entry, facts_.links.back())) return false;
  chain_size_ = chain.size();
  facts_.links.push_back(*std::move(entry));
  const ChainEntry& link = facts_.links.back();
  if (link.notice) {
    facts_.members.learn(link.notice->sender);
    for (const std::vector<Party>* parties : {&link.notice->receivers, &link.notice->others})
      for (const Party& party : *parties) facts_.members.learn(party);
    look_at(link);
    openings_.note(link);
  }
  if (link.notice && link.notice->consent) facts_.consents.note(facts_.links);
  if (link.write || link.notice->says() == Event::FastVardkontakt) ContactMachine::note(facts_);
  facts_.link_facts.emplace_back();
  take(facts_.links.size() - 1);
  return true;
}

bool Fold::adds_nothing_to_learn(const Notice& notice) const {
  const auto is_learned = [&](const Party& party) { return facts_.members.has_learned(party); };
  const auto is_addressed = [&](const Party& party) {
    return std::binary_search(facts_.everybody.begin(), facts_.everybody.end(), party.id);
  };
  return goes_on_from_state(notice.event) && notice.doubts.empty() && !notice.time_is_guessed && is_learned(notice.sender) &&
         std::all_of(notice.receivers.begin(), notice.receivers.end(), is_learned) &&
         std::all_of(notice.others.begin(), notice.others.end(), is_learned) &&
         (!is_hospitals_own(notice.event) || std::all_of(notice.receivers.begin(), notice.receivers.end(), is_addressed)) &&
         implausible_dates(notice, now_).empty();
}

void Fold::leave_patient(WallTime closed) {
  const std::chrono::days days(openings_.policy_at(closed).patient_readable_days);
  facts_.patient_read_until = time::end_of(time::day_of(closed) + days);
  facts_.has_left_patient = *facts_.patient_read_until < now_;
}

void Fold::settle_cancelled_case() {
  if (facts_.has_admission) return;
  for (const ChainEntry& link : facts_.links) {
    if (!link.notice || link.link_status != LinkStatus::Nullified || link.notice->says() != Event::Admission) continue;
    facts_.standing = {State::Makulerad, false};
    facts_.members.make_hospital(link.notice->sender);
  }
}

KeptFold begin_fold(const Chain& chain, const Policies& policies, WallTime now, const PersonView& person) {
  return std::make_shared<Fold>(chain, policies, now, person);
}

bool go_on(Fold& fold, const Chain& chain, const Policies& policies, WallTime now, const PersonView& person) {
  return fold.go_on(chain, policies, now, person);
}

Facts& conclude(Fold& fold) { return fold.conclude(); }

void take_back(Fold& fold) { fold.take_back(); }

std::optional<WentOn> went_on(const Fold& fold) { return fold.went_on(); }

}  // namespace vardbron::care
