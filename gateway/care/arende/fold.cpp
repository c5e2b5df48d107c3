#include "gateway/care/arende/fold.h"

#include "gateway/care/arende/admission_rules.h"
#include "gateway/care/arende/contact_machine.h"
#include "gateway/care/arende/information_machine.h"
#include "gateway/care/arende/parties.h"
#include "gateway/care/arende/payment_machine.h"
#include "gateway/care/arende/refused_consent.h"
#include "gateway/care/arende/sip_machine.h"
#include "gateway/care/arende/stay_machine.h"
#include "gateway/care/arende/task_openings.h"
#include "gateway/care/arende/task_writes.h"
#include "gateway/care/chain/case_id.h"
#include "gateway/care/chain/held_back.h"
#include "gateway/care/chain/plausible.h"
#include "gateway/care/person/merge_person.h"
#include "gateway/time/civil.h"

#include <algorithm>
#include <chrono>
#include <optional>
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

/// Takes the links of a case in event order and gives each to the machines that it concerns.
class Fold {
 public:
  Fold(const Chain& chain, const Policies& policies, WallTime now, const PersonView& person)
      : policies_(policies),
        now_(now),
        person_(person),
        chain_(chain.data()),
        chain_size_(chain.size()),
        parties_(facts_),
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
  Fold(const Fold&) = delete;

  bool go_on(const Chain& chain, const Policies& policies, WallTime now, const PersonView& person) {
    const bool has_state = facts_.has_admission && is_of_opener_ && facts_.standing.state != State::Makulerad;
    // Whether a date is implausible depends on the time; one that was not then is not later.
    if (!has_state || is_implausible_ || has_withheld_write_ || now < now_ || &policies != &policies_) return false;
    if (person.others != person_.others) return false;
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

  Facts& conclude() {
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
    for (ChargeFinding& each : charges.findings)
      facts_.remark(facts_.links[each.link], std::move(each.code), std::move(each.says));
    std::vector<std::string> knowing = facts_.members.all_who_know();
    if (received_before_ && knowing != knowing_) received_before_.reset();
    knowing_ = std::move(knowing);
    return facts_;
  }

  void take_back() {
    facts_.works = std::move(before_->works);
    facts_.members = std::move(before_->members);
    facts_.contacts = std::move(before_->contacts);
    facts_.sip_is_revoked = before_->sip_is_revoked;
    facts_.sip_is_due = before_->sip_is_due;
    facts_.findings.resize(before_->findings);
    before_.reset();
  }

  std::optional<WentOn> went_on() const { return received_before_ ? std::optional(WentOn{*received_before_}) : std::nullopt; }

 private:
  /// By a notice of the organisation that opened it: a party may have the number in a namespace of its own.
  void name_case() {
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

  /// What is to be said of a notice whatever becomes of it.
  void look_at(const ChainEntry& link) {
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

  /// The last link, if what is known before the fold is not changed by it. Nothing is changed otherwise.
  bool take_after(const Chain& chain) {
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

  bool adds_nothing_to_learn(const Notice& notice) const {
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

  void take(std::size_t index) {
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
    if (std::string_view because = stay_.why_not(*link.notice); !because.empty())
      return make_history(index, std::string(because));

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

  void take_person(const ChainEntry& link) {
    if (changes_person(facts_.person, link.notice->person)) facts_.person_said = link.notice->happened.at;
    merge_person(facts_.person, *link.notice, facts_.findings);
    facts_.own_protection = std::max(facts_.own_protection, link.notice->person.protection);
  }

  void withhold(std::size_t index, const Refusal& refusal) {
    facts_.links[index].link_status = LinkStatus::Withheld;
    facts_.remark(facts_.links[index], refusal.code, refusal.says);
  }

  /// An event that is not allowed in this state changes nothing, but is sent all the same, unless nobody knows of the case yet.
  void make_history(std::size_t index, const std::string& because) {
    make_history(index, "not-allowed-in-state", "The notice changes nothing: " + because + ".");
  }

  void make_history(std::size_t index, std::string code, std::string says) {
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

  void release(std::size_t index) {
    LinkFacts& facts = facts_.link_facts[index];
    const ChainEntry& link = facts_.links[index];
    const Event event = link.notice->says();
    facts.is_released = event != Event::AdmissionLocal && (facts_.has_admission || may_precede_stay(event));
    facts.audience = facts_.members.audience();
    if (event == Event::Consent && !facts.is_released)
      facts_.remark(
          link, std::string(notified_nobody),
          "Nobody was told: no admission notice has been sent, and before one nothing may leave the region. The consent "
          "is kept and counts.");
    if (is_for_its_content(event)) parties_.remark_on_strangers(link);
    for (Finding& each : sent_despite_refusal(facts_, index)) facts_.findings.push_back(std::move(each));
  }

  void take_event(std::size_t index) {
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
      case Event::Corrected:
      case Event::Nullified: break;
      default: break;  // of a plan
    }
  }

  void interrupt(std::size_t index) {
    facts_.works.cancel_all("", facts_.links[index].at, "avbrott");
    payment_.stop(index);
    sip_.revoke();
    information_.interrupt();
  }

  void take_in(const Party& unit) {
    facts_.members.make_hospital(unit);
    ward_ = unit.id;
  }

  void admit(const ChainEntry& link) {
    facts_.members.end_requests(link.notice->sender);
    take_in(link.notice->sender);
    stay_.end_leave(link.notice->happened.text);
    for (const std::string& party : parties_.join(*link.notice)) welcome(party, link);
  }

  /// Gives a new party its Tasks; none in a case that is over, where it gets information alone.
  void welcome(const std::string& party, const ChainEntry& link) {
    const State state = facts_.standing.state;
    if (state == State::Avslutad || state == State::Avbruten || state == State::Avliden) return;
    openings_.greet(party, link);
    if (facts_.standing.state == State::Utskrivningsklar && !ready_root_.empty()) ask_for_handover(party, link, link.at);
  }

  void change_parties(std::size_t index) {
    const ChainEntry& link = facts_.links[index];
    facts_.link_facts[index].removed = parties_.leave(*link.notice);
    for (const std::string& id : facts_.link_facts[index].removed)
      facts_.works.cancel_all(id, link.at, "ändrad medverkande part");
    for (const std::string& party : parties_.join(*link.notice)) welcome(party, link);
    payment_.change_parties(link);
  }

  void get_ready(std::size_t index) {
    const ChainEntry& link = facts_.links[index];
    payment_.start(index);
    ready_sent_ = first_sent(facts_, link);
    ready_root_ = link.root;
    facts_.stay.discharge_ready = link.notice->stay.discharge_ready.value_or(link.notice->happened);
    for (std::string_view party : facts_.members.active()) ask_for_handover(party, link, WallTime{});
  }

  /// The deadline of a municipality that joins the case later counts from when it joined.
  void ask_for_handover(std::string_view party, const ChainEntry& link, WallTime joined) {
    const Member* member = facts_.members.find(party);
    const WallTime ready = std::max({ready_sent_, facts_.stay.discharge_ready->at, joined});
    if (member->plays(Role::Oppenvard)) openings_.ask_for_call(party, ready_root_, link, ready);
    if (member->is_municipal()) openings_.ask_to_take_over(party, ready_root_, link, ready);
  }

  void withdraw(std::size_t index) {
    const ChainEntry& link = facts_.links[index];
    for (CaseTaskKind kind : {CaseTaskKind::KallaTillSip, CaseTaskKind::TaOverPatient})
      facts_.works.move(kind, "", ready_root_, "cancelled", link.at, "återtagen utskrivningsklar");
    payment_.stop(index);
    facts_.stay.discharge_ready.reset();
    ready_root_.clear();
    information_.withdraw();
  }

  void discharge(std::size_t index) {
    const ChainEntry& link = facts_.links[index];
    stay_.discharge(*link.notice);
    facts_.works.move(CaseTaskKind::TaOverPatient, "", "", "completed", link.at);
    payment_.stop(index);
    if (facts_.has_admission && !facts_.contacts.is_appointed_by_law())
      facts_.remark(link, "no-fast-vardkontakt", "The patient has left and nobody has been appointed fast vårdkontakt.");
    information_.ask(link, ward_);
  }

  /// The parties of a case that was closed long ago read Patient no more, by this case.
  void leave_patient(WallTime closed) {
    const std::chrono::days days(openings_.policy_at(closed).patient_readable_days);
    facts_.patient_read_until = time::end_of(time::day_of(closed) + days);
    facts_.has_left_patient = *facts_.patient_read_until < now_;
  }

  void close(const ChainEntry& link) {
    facts_.closed_at = link.at;
    information_.close(link);
    facts_.works.cancel_all("", link.at, "avslutat ärende");
  }

  void die(std::size_t index) {
    const ChainEntry& link = facts_.links[index];
    stay_.die(*link.notice);
    payment_.stop(index);
    end_what_is_open(link.at, link.notice->happened.text);
  }

  void end_what_is_open(WallTime at, const std::string& text) {
    facts_.works.cancel_all("", at, "avliden");
    facts_.contacts.end(text);
    sip_.revoke();
  }

  /// What is open here is over; the notices of this case say what became of the stay.
  void die_elsewhere(const StayView& death) {
    const Result<time::CivilTime> at = time::parse_civil(death.person.deceased_at);
    end_what_is_open(at ? at->at : death.death_noted, at ? death.person.deceased_at : time::format_local(death.death_noted));
    for (const ChainEntry& link : facts_.links)
      if (std::string says = why_nobody_is_asked(link); !says.empty()) facts_.remark(link, "dead-elsewhere", std::move(says));
  }

  /// A16: all admission notices were cancelled. The parties have to hide what they got.
  void settle_cancelled_case() {
    if (facts_.has_admission) return;
    for (const ChainEntry& link : facts_.links) {
      if (!link.notice || link.link_status != LinkStatus::Nullified || link.notice->says() != Event::Admission) continue;
      facts_.standing = {State::Makulerad, false};
      facts_.members.make_hospital(link.notice->sender);
    }
  }

  const Policies& policies_;
  WallTime now_;
  const PersonView person_;
  const Link* chain_;  ///< its address at that time
  std::size_t chain_size_;
  Facts facts_;
  Parties parties_;
  StayMachine stay_;
  TaskOpenings openings_;
  TaskWrites writes_;
  ContactMachine contacts_;
  PaymentMachine payment_;
  SipMachine sip_;
  InformationMachine information_;
  std::string ready_root_;  ///< of the current utskrivningsklar notice
  WallTime ready_sent_{};   ///< when it was sent
  std::string ward_;        ///< where the patient is

  /// What conclude() changes.
  struct Before {
    TaskList works;
    Membership members;
    FastVardkontakt contacts;
    bool sip_is_revoked = false, sip_is_due = true;
    std::size_t findings = 0;
  };
  std::optional<Before> before_;
  bool is_of_opener_ = false;                   ///< Facts::case_key, for good
  bool is_implausible_ = false;                 ///< a date of some notice
  bool has_withheld_write_ = false;             ///< a notice to come may ask for its Task
  std::vector<std::string> knowing_;            ///< the organisations that knew of the case
  std::optional<std::size_t> received_before_;  ///< WentOn
};

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
