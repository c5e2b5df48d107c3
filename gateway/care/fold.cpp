#include "gateway/care/fold.h"

#include "gateway/care/betalningsklocka.h"
#include "gateway/care/case_id.h"
#include "gateway/care/held_back.h"
#include "gateway/care/merge_person.h"
#include "gateway/care/plausible.h"
#include "gateway/care/task_status.h"
#include "gateway/time/civil.h"

#include <algorithm>
#include <optional>
#include <set>
#include <utility>

namespace vardbron::care {
namespace {

using Kind = Membership::Kind;

/// Why a notice is withheld.
struct Refusal {
  std::string code, says;
};

/// A deadline at the end of a day.
WallTime end_of_day(WallTime from, int days) { return time::end_of(time::day_of(from) + std::chrono::days(days)); }

/// No deadline from a month or a year without a day.
std::optional<WallTime> end_of_date(const std::string& date) {
  if (date.size() < 8) return std::nullopt;
  Result<time::CivilTime> moment = time::parse_civil(date);
  if (!moment) return std::nullopt;
  return end_of_day(moment->at, 0);
}

void overwrite(std::string& kept, const std::string& newer) {
  if (!newer.empty()) kept = newer;
}

class Fold {
 public:
  Fold(Arranged arranged, const Policy& policy, WallTime now) : policy_(policy), now_(now) {
    facts_.findings = std::move(arranged.findings);
    facts_.links = std::move(arranged.links);
  }

  Facts run() {
    name_case();
    learn_members();
    note_works();
    place_writes();
    facts_.link_facts.resize(facts_.links.size());
    for (std::size_t index = 0; index < facts_.links.size(); ++index) take(index);
    settle_cancelled_case();
    name_former_receivers();
    bool is_cancelled = facts_.standing.state == State::Makulerad;
    facts_.works.finish(now_, facts_.links, is_cancelled);
    facts_.charges.finish(policy_, facts_.has_admission, is_cancelled, now_);
    return std::move(facts_);
  }

 private:
  void name_case() {
    for (const ChainEntry& link : facts_.links) {
      if (!link.notice) continue;
      facts_.case_key = link.notice->case_key;
      facts_.case_identity = link.notice->case_identity;
      break;
    }
    facts_.id = case_id(facts_.case_key);
    facts_.works = TaskList(facts_.id);
  }

  void learn_members() {
    for (const ChainEntry& link : facts_.links) {
      if (!link.notice) continue;
      facts_.members.learn(link.notice->sender);
      for (const std::vector<Party>* parties : {&link.notice->receivers, &link.notice->others})
        for (const Party& party : *parties) facts_.members.learn(party);
      facts_.contact_was_named |= link.notice->says() == Event::FastVardkontakt;
      facts_.sip_was_called |= link.notice->says() == Event::SipInvitation;
      for (const Doubt& doubt : link.notice->doubts) remark(link, doubt.code, doubt.says);
      for (const std::string& says : implausible_dates(*link.notice, now_)) remark(link, "implausible-date", says);
      if (link.notice->time_is_guessed)
        remark(link, "time-was-guessed",
               "A time of the notice has no zone and falls into an hour that is there twice or never. Check it.");
    }
  }

  /// Creates every Task that any notice asks for, effective or not.
  void note_works() {
    std::vector<std::string> everybody = everybody_addressed(facts_.links);
    for (const ChainEntry& link : facts_.links) {
      if (!link.notice || !is_hospitals_own(link.notice->says())) continue;
      for (const Party& party : link.notice->receivers) note_admission(party.id, link);
      if (link.notice->receivers.empty())
        for (const std::string& party : everybody) note_admission(party, link);
      if (link.notice->says() != Event::DischargeReady) continue;
      note_handover(everybody, link.root, link);
      // While the corrected notice is missing, its identity is the root.
      if (link.notice->replaces) note_handover(everybody, name_of(*link.notice->replaces), link);
    }
  }

  void note_admission(const std::string& party, const ChainEntry& link) {
    facts_.works.note(CaseTaskKind::KvitteraInskrivning, party, "", link);
    if (facts_.members.find(party)->plays(Role::Oppenvard)) facts_.works.note(CaseTaskKind::UtseFastVardkontakt, party, "", link);
  }

  void note_handover(const std::vector<std::string>& everybody, const std::string& cause, const ChainEntry& link) {
    for (const std::string& party : everybody) {
      const Member* member = facts_.members.find(party);
      if (member->plays(Role::Oppenvard)) facts_.works.note(CaseTaskKind::KallaTillSip, party, cause, link);
      if (!member->is_municipal()) continue;
      facts_.works.note(CaseTaskKind::TaOverPatient, party, cause, link);
      facts_.charges.note(member->party, link.link_status == LinkStatus::Nullified);
    }
  }

  /// A write comes after the notice that asks for its Task, since the hospital's clock may be ahead of ours.
  void place_writes() {
    for (ChainEntry& link : facts_.links)
      if (link.write)
        if (Work* work = facts_.works.find(link.write->task)) link.at = std::max(link.at, work->cause_at);
    put_in_order(facts_.links);
  }

  void take(std::size_t index) {
    ChainEntry& link = facts_.links[index];
    if (link.write) return take_write(index);
    if (link.link_status != LinkStatus::Effective || link.notice->event == Event::Nullified) return;
    if (std::optional<Refusal> refusal = refuse(*link.notice)) return withhold(index, *refusal);

    Event event = link.notice->says();
    Step step = care::step(facts_.standing, event);
    if (!step.allowed) return make_history(index, std::string(step.because));
    if (event == Event::PlannedDischargeChanged && is_before_admission(link.notice->stay.planned_discharge))
      return make_history(index, "the new planned discharge lies before the admission");

    bool is_refusal = event == Event::Receipt && !link.notice->acknowledges_ok;
    if (!is_refusal) facts_.standing = step.to;
    facts_.has_admission |= event == Event::Admission;
    if (facts_.source.empty()) facts_.source = link.notice->sender.id;
    merge_person(facts_.person, *link.notice, facts_.findings);
    take_stay(*link.notice);
    for (const std::string& says : before_admission(*link.notice, facts_.stay.period_start))
      remark(link, "implausible-date", says);
    add_silent_parties(index);
    take_event(index);
    release(index);
  }

  std::optional<Refusal> refuse(const Notice& notice) const {
    if (!facts_.person.identifiers.empty() && !may_be_same_person(facts_.person, notice.person))
      return Refusal{"other-patient", "The notice is about another patient than its case."};
    if (facts_.standing.state == State::None) return std::nullopt;
    Kind kind = facts_.members.kind(notice.sender);
    if (kind == Kind::Hospital) return std::nullopt;
    if (kind != Kind::Receiver) return Refusal{"foreign-sender", "The sender is not party to this case."};
    if (is_hospitals_own(notice.says()) && notice.says() != Event::PartyChanged)
      return Refusal{"foreign-sender", "Only the unit where the patient lies may say this."};
    if (notice.says() == Event::PartyChanged && !changes_own_units_only(notice))
      return Refusal{"foreign-sender", "A party may only put another unit of its own in its place."};
    return std::nullopt;
  }

  bool changes_own_units_only(const Notice& notice) const {
    std::set<std::string, std::less<>> changed;
    for (std::string_view id : facts_.members.active()) changed.emplace(id);
    for (const Party& party : notice.receivers) {
      const Member* member = facts_.members.find(party.id);
      if (member->is_hospital) continue;
      if (changed.erase(party.id) == 0) changed.insert(party.id);
    }
    return std::all_of(changed.begin(), changed.end(),
                       [&](const std::string& id) { return speaks_for(notice.sender, facts_.members.find(id)->party); });
  }

  bool is_before_admission(const std::string& date) const {
    if (date.size() < 8) return false;  // a month alone may be on both sides
    Result<time::CivilTime> planned = time::parse_civil(date);
    Result<time::CivilTime> admitted = time::parse_civil(facts_.stay.period_start);
    return planned && admitted && time::day_of(planned->at) < time::day_of(admitted->at);
  }

  void withhold(std::size_t index, const Refusal& refusal) {
    facts_.links[index].link_status = LinkStatus::Withheld;
    remark(facts_.links[index], refusal.code, refusal.says);
  }

  /// An event that is not allowed in this state changes nothing, but is sent all the same, unless nobody knows of the case yet.
  void make_history(std::size_t index, const std::string& because) {
    ChainEntry& link = facts_.links[index];
    if (!facts_.has_admission) {
      link.link_status = LinkStatus::Withheld;
      remark(link, std::string(notified_nobody), why_nobody_is_notified(facts_.links, index));
      facts_.link_facts[index].lacked_admission = true;
      return;
    }
    link.link_status = LinkStatus::History;
    remark(link, "not-allowed-in-state", "The notice changes nothing: " + because + ".");
    if (link.notice->says() == Event::Death) note_death(*link.notice);
    release(index);
  }

  void release(std::size_t index) {
    LinkFacts& facts = facts_.link_facts[index];
    facts.is_released = facts_.has_admission && facts_.links[index].notice->says() != Event::AdmissionLocal;
    facts.audience = facts_.members.audience();
  }

  void take_stay(const Notice& notice) {
    const Stay& newer = notice.stay;
    Stay& stay = facts_.stay;
    bool is_receivers_word = facts_.members.kind(notice.sender) == Kind::Receiver;
    if (is_receivers_word) return;
    Event event = notice.says();
    if (event == Event::Admission || event == Event::AdmissionLocal || stay.class_code.empty())
      stay.class_code = newer.class_code;
    if (stay.period_start.empty()) stay.period_start = newer.period_start.empty() ? notice.happened.text : newer.period_start;
    overwrite(stay.planned_discharge, newer.planned_discharge);
    overwrite(stay.reason, newer.reason);
    overwrite(stay.provider, newer.provider.empty() && stay.provider.empty() ? notice.sender.id : newer.provider);
    for (const Identity& episode : newer.episodes)
      if (std::find(stay.episodes.begin(), stay.episodes.end(), episode) == stay.episodes.end()) stay.episodes.push_back(episode);
  }

  void take_event(std::size_t index) {
    const ChainEntry& link = facts_.links[index];
    const Notice& notice = *link.notice;
    switch (notice.says()) {
      case Event::AdmissionLocal: facts_.members.make_hospital(notice.sender); break;
      case Event::Admission: return admit(link);
      case Event::PartyChanged: return change_parties(index);
      case Event::Transfer: facts_.members.make_hospital(notice.sender); break;
      case Event::Receipt: return take_receipt(link);
      case Event::PlannedDischargeChanged:
        facts_.works.set_deadline(CaseTaskKind::UtseFastVardkontakt, end_of_date(facts_.stay.planned_discharge));
        break;
      case Event::FastVardkontakt: return appoint(link);
      case Event::DischargeReady: return get_ready(link);
      case Event::DischargeReadyWithdrawn: return withdraw(link);
      case Event::SipInvitation: return call_to_sip(link);
      case Event::LeaveStart: facts_.leaves.push_back({notice.happened.text, ""}); break;
      case Event::LeaveEnd: facts_.leaves.back().end = notice.happened.text; break;
      case Event::Interruption: return interrupt(link);
      case Event::Discharge: return discharge(link);
      case Event::Death: return die(link);
      case Event::CaseClosed: facts_.works.cancel_all("", link.at, "avslutat ärende"); break;
      case Event::Planning:
      case Event::Corrected:
      case Event::Nullified: break;
    }
  }

  void interrupt(const ChainEntry& link) {
    facts_.works.cancel_all("", link.at, "avbrott");
    facts_.charges.stop_all(link.at);
  }

  void end_leave(const std::string& at) {
    if (!facts_.leaves.empty() && facts_.leaves.back().end.empty()) facts_.leaves.back().end = at;
  }

  void admit(const ChainEntry& link) {
    facts_.members.make_hospital(link.notice->sender);
    end_leave(link.notice->happened.text);
    if (policy_.planned_discharge_is_expected && facts_.stay.planned_discharge.empty())
      remark(link, "no-planned-discharge", "The admission notice does not say when the patient is expected to leave.");
    for (const Party& party : link.notice->receivers) welcome(party, link);
  }

  /// Makes an organisation a party of the case, with the Tasks every party gets.
  bool welcome(const Party& party, const ChainEntry& link) {
    if (!facts_.members.activate(party)) return false;
    const std::string& requester = link.notice->sender.id;
    facts_.works.open(CaseTaskKind::KvitteraInskrivning, party.id, "", requester, link.at, link.at + policy_.receipt_time);
    if (facts_.members.find(party.id)->plays(Role::Oppenvard) && !facts_.contacts.is_appointed())
      facts_.works.open(CaseTaskKind::UtseFastVardkontakt, party.id, "", requester, link.at,
                        end_of_date(facts_.stay.planned_discharge));
    if (facts_.standing.state == State::Utskrivningsklar && !ready_root_.empty()) ask_for_handover(party.id, link, link.at);
    return true;
  }

  void change_parties(std::size_t index) {
    const ChainEntry& link = facts_.links[index];
    auto stays = [&](std::string_view id) {
      return std::any_of(link.notice->receivers.begin(), link.notice->receivers.end(),
                         [&](const Party& party) { return party.id == id; });
    };
    std::vector<std::string> before;
    for (std::string_view id : facts_.members.active()) before.emplace_back(id);
    for (const std::string& id : before) {
      if (stays(id)) continue;
      facts_.members.remove(id);
      facts_.works.cancel_all(id, link.at, "ändrad medverkande part");
      facts_.link_facts[index].removed.push_back(id);
    }
    for (const Party& party : link.notice->receivers) welcome(party, link);
    std::vector<std::string> bodies;
    for (std::string_view id : facts_.members.active()) bodies.push_back(body_of(facts_.members.find(id)->party));
    facts_.charges.keep_only(bodies, link.at);
  }

  /// The hospital may write to a new receiver without a notice of change: the receiver becomes a party, with a finding. A removed
  /// party stays removed.
  void add_silent_parties(std::size_t index) {
    const ChainEntry& link = facts_.links[index];
    Event event = link.notice->says();
    if (!facts_.has_admission || !is_hospitals_own(event) || event == Event::PartyChanged || event == Event::Admission) return;
    for (const Party& party : link.notice->receivers) {
      const Member* member = facts_.members.find(party.id);
      if (member->is_hospital || member->is_active) continue;
      if (member->was_active) {
        remark(link, "removed-party", "The notice is for a party that was removed from the case; it is held back there.");
      } else if (welcome(party, link)) {
        remark(link, "party-added", "The notice is for an organisation that no admission notice named; it is a party now.");
      }
    }
  }

  void take_receipt(const ChainEntry& link) {
    const Notice& receipt = *link.notice;
    if (link.target != ChainEntry::no_target) facts_.received.push_back({link.target, receipt.sender.id, receipt.happened.text});
    bool is_of_admission = link.target == ChainEntry::no_target || facts_.links[link.target].notice->says() == Event::Admission;
    if (receipt.acknowledges_ok) {
      facts_.works.move(CaseTaskKind::KvitteraInskrivning, receipt.sender.id, "", "completed", link.at);
    } else if (is_of_admission) {
      facts_.works.move(CaseTaskKind::KvitteraInskrivning, receipt.sender.id, "", "rejected", link.at, receipt.reason);
      remark(link, "receiver-rejects", "A receiver says that the notice is not for it.");
    }
  }

  void appoint(const ChainEntry& link) {
    const Notice& notice = *link.notice;
    facts_.contacts.appoint(notice.contact.value_or(Contact{}), notice.sender, notice.happened.text);
    if (!facts_.works.move(CaseTaskKind::UtseFastVardkontakt, notice.sender.id, "", "completed", link.at))
      facts_.works.move(CaseTaskKind::UtseFastVardkontakt, "", "", "completed", link.at);
  }

  void get_ready(const ChainEntry& link) {
    ready_root_ = link.root;
    facts_.stay.discharge_ready = link.notice->stay.discharge_ready.value_or(link.notice->happened);
    for (std::string_view party : facts_.members.active()) ask_for_handover(party, link, WallTime{});
  }

  /// The deadline of a municipality that joins the case later counts from when it joined.
  void ask_for_handover(std::string_view party, const ChainEntry& link, WallTime joined) {
    const Member* member = facts_.members.find(party);
    WallTime ready = std::max(facts_.stay.discharge_ready->at, joined);
    const std::string& requester = link.notice->sender.id;
    if (member->plays(Role::Oppenvard) && policy_.sip_call_is_wanted && facts_.sip_called.empty())
      facts_.works.open(CaseTaskKind::KallaTillSip, party, ready_root_, requester, link.at,
                        end_of_day(ready, policy_.sip_call_days));
    if (!member->is_municipal()) return;
    WallTime started = facts_.charges.start(member->party, ready);
    facts_.works.open(CaseTaskKind::TaOverPatient, party, ready_root_, requester, link.at,
                      liability_of(started, policy_).first_moment - std::chrono::milliseconds(1));
  }

  void withdraw(const ChainEntry& link) {
    for (CaseTaskKind kind : {CaseTaskKind::KallaTillSip, CaseTaskKind::TaOverPatient})
      facts_.works.move(kind, "", ready_root_, "cancelled", link.at, "återtagen utskrivningsklar");
    facts_.charges.stop_all(link.at);
    facts_.stay.discharge_ready.reset();
    ready_root_.clear();
  }

  void call_to_sip(const ChainEntry& link) {
    facts_.sip_called = link.notice->happened.text;
    facts_.sip_caller = link.notice->sender;
    facts_.works.move(CaseTaskKind::KallaTillSip, "", "", "completed", link.at);
  }

  void discharge(const ChainEntry& link) {
    const Notice& notice = *link.notice;
    end_leave(notice.happened.text);
    facts_.stay.period_end = notice.stay.period_end.empty() ? notice.happened.text : notice.stay.period_end;
    facts_.stay.discharged_to = notice.stay.discharged_to;
    facts_.works.move(CaseTaskKind::TaOverPatient, "", "", "completed", link.at);
    facts_.charges.stop_all(link.at);
    if (facts_.has_admission && !facts_.contacts.is_appointed())
      remark(link, "no-fast-vardkontakt", "The patient has left and nobody has been appointed fast vårdkontakt.");
  }

  void die(const ChainEntry& link) {
    const Notice& notice = *link.notice;
    end_leave(notice.happened.text);
    note_death(notice);
    if (facts_.stay.period_end.empty())
      facts_.stay.period_end = notice.stay.period_end.empty() ? notice.happened.text : notice.stay.period_end;
    facts_.stay.discharged_to = "avliden";
    facts_.works.cancel_all("", link.at, "avliden");
    facts_.charges.stop_all(link.at);
    facts_.contacts.end(notice.happened.text);
  }

  void note_death(const Notice& notice) {
    facts_.is_deceased = true;
    facts_.deceased_at = notice.person.deceased_at;
  }

  void take_write(std::size_t index) {
    ChainEntry& link = facts_.links[index];
    const Write& write = *link.write;
    Work* work = facts_.works.find(write.task);
    const Member* member = facts_.members.find(write.organisation);
    // Notes are kept whatever becomes of the write: they were accepted from the Task's owner.
    if (work && work->case_task.party == write.organisation)
      work->case_task.notes.insert(work->case_task.notes.end(), write.notes.begin(), write.notes.end());
    if (!work || !work->was_opened || work->case_task.party != write.organisation || !member || !member->is_active) {
      link.link_status = LinkStatus::Withheld;
      remark(link, "write-unknown-task", "The party wrote to a Task that is not its own, or not yet.");
      return;
    }
    if (!write.notes.empty()) work->modified = std::max(work->modified, link.at);
    if (write.status.empty()) return give_reason(*work, link);
    Result<void> allowed = may_move(work->case_task.status, write.status);
    if (!allowed) {
      link.link_status = LinkStatus::History;
      remark(link, "write-not-allowed", allowed.failure().says);
      return;
    }
    if (work->case_task.status != write.status) {
      work->case_task.status = write.status;
      work->case_task.reason = write.reason;
      work->case_task.reason_codes = write.reason_codes;
      work->modified = std::max(work->modified, link.at);
    }
    if (work->case_task.kind == CaseTaskKind::KvitteraInskrivning) acknowledge(link);
  }

  /// Replaces the reason; the status stays.
  static void give_reason(Work& work, const ChainEntry& link) {
    const Write& write = *link.write;
    if (write.reason.empty() && write.reason_codes.empty()) return;
    work.case_task.reason = write.reason;
    work.case_task.reason_codes = write.reason_codes;
    work.modified = std::max(work.modified, link.at);
  }

  void acknowledge(const ChainEntry& link) {
    if (link.write->status == "rejected") remark(link, "receiver-rejects", "A receiver says that the notice is not for it.");
    if (link.write->status != "accepted" && link.write->status != "in-progress" && link.write->status != "completed") return;
    Step step = care::step(facts_.standing, Event::Receipt);
    if (step.allowed) facts_.standing = step.to;
    for (std::size_t index = 0; index < facts_.links.size(); ++index)
      if (facts_.links[index].notice && facts_.links[index].notice->says() == Event::Admission)
        facts_.received.push_back({index, link.write->organisation, link.write->at.text});
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

  /// Receivers of admission notices that are no longer effective were notified too.
  void name_former_receivers() {
    for (const ChainEntry& link : facts_.links) {
      if (!link.notice || (link.link_status != LinkStatus::Nullified && link.link_status != LinkStatus::Replaced)) continue;
      if (link.notice->says() != Event::Admission && link.notice->says() != Event::PartyChanged) continue;
      const Member* sender = facts_.members.find(link.notice->sender.id);
      if (!sender->is_hospital) continue;
      for (const Party& party : link.notice->receivers) facts_.members.name(party);
    }
  }

  void remark(const ChainEntry& link, std::string code, std::string says) {
    facts_.findings.push_back({link.identity, std::move(code), std::move(says)});
  }

  const Policy& policy_;
  WallTime now_;
  Facts facts_;
  std::string ready_root_;  ///< of the current utskrivningsklar notice
};

}  // namespace

Facts fold(Arranged arranged, const Policy& policy, WallTime now) { return Fold(std::move(arranged), policy, now).run(); }

std::vector<std::string> everybody_addressed(const std::vector<ChainEntry>& links) {
  std::set<std::string_view> everybody;
  for (const ChainEntry& link : links)
    if (link.notice && is_hospitals_own(link.notice->says()))
      for (const Party& party : link.notice->receivers) everybody.insert(party.id);
  return {everybody.begin(), everybody.end()};
}

}  // namespace vardbron::care
