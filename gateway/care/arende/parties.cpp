#include "gateway/care/arende/parties.h"

#include "gateway/sweden/hsa_id.h"

#include <algorithm>
#include <set>
#include <utility>

namespace vardbron::care {
namespace {

/// Whose word on roles counts: who admits the patient and other units of the same body, and none of those it writes to.
class HospitalsWord {
 public:
  HospitalsWord(Membership& members, bool takes_cancelled) : members_(members), takes_cancelled_(takes_cancelled) {}

  /// In event order. True: some organisation has admitted the patient.
  bool hear_all(const std::vector<ChainEntry>& links) {
    for (const ChainEntry& link : links)
      if (link.notice && counts(link)) hear(*link.notice);
    return !hospital_.empty();
  }

 private:
  bool counts(const ChainEntry& link) const {
    if (link.notice->event == Event::Nullified || link.link_status == LinkStatus::Withheld) return false;
    return takes_cancelled_ || link.link_status == LinkStatus::Effective;
  }

  void hear(const Notice& notice) {
    const Event event = notice.says();
    const bool admits = event == Event::Admission || event == Event::AdmissionLocal;
    if (hospital_.empty() ? admits : is_hospital(notice.sender) && is_hospitals_own(event)) {
      if (admits || event == Event::Transfer) hospital_.push_back(&notice.sender);
      members_.trust(notice.sender);
      for (const std::vector<Party>* parties : {&notice.receivers, &notice.others})
        for (const Party& party : *parties) members_.trust(party);
      for (const Party& party : notice.receivers) receivers_.insert(party.id);
    } else if (event == Event::PartyChanged && receivers_.contains(notice.sender.id)) {
      for (const Party& party : notice.receivers)
        if (speaks_for(notice.sender, party)) take_in_its_place(party, notice.sender);
    }
  }

  void take_in_its_place(const Party& unit, const Party& by) {
    receivers_.insert(unit.id);
    members_.trust_as_own(unit, by);
  }

  bool is_hospital(const Party& sender) const {
    const auto is_it = [&](const Party* each) { return each->id == sender.id; };
    if (std::any_of(hospital_.begin(), hospital_.end(), is_it)) return true;
    return !receivers_.contains(sender.id) &&
           std::any_of(hospital_.begin(), hospital_.end(), [&](const Party* each) { return speaks_for(sender, *each); });
  }

  Membership& members_;
  bool takes_cancelled_;
  std::vector<const Party*> hospital_;
  std::set<std::string, std::less<>> receivers_;
};

}  // namespace

void Parties::learn() {
  for (const ChainEntry& link : facts_.links) {
    if (!link.notice) continue;
    facts_.members.learn(link.notice->sender);
    for (const std::vector<Party>* parties : {&link.notice->receivers, &link.notice->others})
      for (const Party& party : *parties) facts_.members.learn(party);
  }
  learn_roles();
}

/// In a case that was cancelled those count that the parties had.
void Parties::learn_roles() {
  for (bool takes_cancelled : {false, true})
    if (HospitalsWord(facts_.members, takes_cancelled).hear_all(facts_.links)) return;
}

std::optional<Refusal> Parties::refuse(const ChainEntry& link) const {
  using Kind = Membership::Kind;
  const Notice& notice = *link.notice;
  if (!facts_.person.identifiers.empty() && !may_be_same(facts_.person, notice.person))
    return Refusal{"other-patient", "The notice is about another patient than its case."};
  if (may_precede_stay(notice.says()) && !facts_.has_admission) {
    if (is_of_another_stay(notice)) return Refusal{"other-patient", "The notice is about another patient than its case."};
    return std::nullopt;
  }
  if (facts_.standing.state == State::None) return std::nullopt;
  const Kind kind = facts_.members.kind(notice.sender);
  if (kind == Kind::Hospital) return std::nullopt;
  const bool is_of_what_it_said =
      kind == Kind::Removed && notice.event == Event::Corrected && link.target != ChainEntry::no_target;
  if (kind != Kind::Receiver && !is_of_what_it_said) return Refusal{"foreign-sender", "The sender is not party to this case."};
  if (is_hospitals_own(notice.says()) && notice.says() != Event::PartyChanged)
    return Refusal{"foreign-sender", "Only the unit where the patient lies may say this."};
  if (notice.says() == Event::PartyChanged && !changes_own_units_only(notice))
    return Refusal{"foreign-sender", "A party may only put another unit of its own in its place."};
  return std::nullopt;
}

/// A mistake of somebody outside must not block the hospital's own notices, so these are looked at first.
bool Parties::is_of_another_stay(const Notice& notice) const {
  return std::any_of(facts_.links.begin(), facts_.links.end(), [&](const ChainEntry& link) {
    const bool admits = link.notice && link.link_status == LinkStatus::Effective && link.notice->event != Event::Nullified &&
                        (link.notice->says() == Event::Admission || link.notice->says() == Event::AdmissionLocal);
    return admits && !may_be_same(link.notice->person, notice.person);
  });
}

/// Two numbers of one register are one person's when a merge says so: who was born on another day gets another personnummer.
bool Parties::may_be_same(const Person& one, const Person& other) const {
  return may_be_same_person(one, other) || person_.are_one(one, other);
}

void Parties::take_in(const Notice& notice) {
  if (facts_.has_admission || facts_.standing.state != State::None) return;
  for (const Party& party : notice.receivers)
    if (facts_.members.find(party.id)->is_called(Role::SlutenVard)) facts_.members.ask(party);
}

void Parties::remark_on_strangers(const ChainEntry& link) {
  std::string names;
  for (const Party& party : link.notice->receivers) {
    const Member* member = facts_.members.find(party.id);
    if (member->is_hospital || member->is_active) continue;
    names += (names.empty() ? "\"" : ", \"") + sweden::shown(party.id) + "\"";
  }
  const auto is_sluten_vard = [&](const Party& party) { return facts_.members.find(party.id)->is_hospital; };
  if (!facts_.has_admission && std::none_of(link.notice->receivers.begin(), link.notice->receivers.end(), is_sluten_vard))
    facts_.remark(
        link, std::string(notified_nobody),
        "Nobody was told: until there is an admission notice this is for the sluten vård among its receivers, and none of "
        "them is sluten vård.");
  if (!names.empty())
    facts_.remark(link, "not-a-party", "The notice is held back at " + names + ": no party of the case, or not yet.");
}

bool Parties::changes_own_units_only(const Notice& notice) const {
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

std::vector<std::string> Parties::join(const Notice& notice) {
  std::vector<std::string> joined;
  for (const Party& party : notice.receivers)
    if (facts_.members.activate(party)) joined.push_back(party.id);
  return joined;
}

std::vector<std::string> Parties::leave(const Notice& change) {
  const auto stays = [&](std::string_view id) {
    return std::any_of(change.receivers.begin(), change.receivers.end(), [&](const Party& party) { return party.id == id; });
  };
  std::vector<std::string> removed;
  for (std::string_view id : facts_.members.active())
    if (!stays(id)) removed.emplace_back(id);
  for (const std::string& id : removed) facts_.members.remove(id);
  return removed;
}

std::vector<std::string> Parties::add_silently(const ChainEntry& link) {
  std::vector<std::string> added;
  const Event event = link.notice->says();
  if (!facts_.has_admission || !is_hospitals_own(event) || event == Event::PartyChanged || event == Event::Admission)
    return added;
  for (const Party& party : link.notice->receivers) {
    const Member* member = facts_.members.find(party.id);
    if (member->is_hospital || member->is_active) continue;
    if (member->was_active) {
      facts_.remark(link, "removed-party", "The notice is for a party that was removed from the case; it is held back there.");
    } else if (facts_.members.activate(party)) {
      facts_.remark(link, "party-added", "The notice is for an organisation that no admission notice named; it is a party now.");
      added.push_back(party.id);
    }
  }
  return added;
}

void Parties::name_former_receivers() {
  for (const ChainEntry& link : facts_.links) {
    if (!link.notice || (link.link_status != LinkStatus::Nullified && link.link_status != LinkStatus::Replaced)) continue;
    if (may_precede_stay(link.notice->says())) {
      for (const Party& party : link.notice->receivers)
        if (facts_.members.find(party.id)->is_called(Role::SlutenVard)) facts_.members.name(party);
      continue;
    }
    if (link.notice->says() != Event::Admission && link.notice->says() != Event::PartyChanged) continue;
    const Member* sender = facts_.members.find(link.notice->sender.id);
    if (!sender->is_hospital) continue;
    for (const Party& party : link.notice->receivers) facts_.members.name(party);
  }
}

std::string_view Parties::wish(const Notice& notice) const {
  if (facts_.standing.state == State::None || facts_.members.kind(notice.sender) == Membership::Kind::Hospital) return {};
  if (notice.says() == Event::Interruption)
    return "A party asks that the process be interrupted. The case and the payment clock go on: only sluten vård ends them "
           "(LUS 5:1-5).";
  if (notice.says() == Event::CaseClosed)
    return "A party wishes that the case be closed. It stays as it is: only sluten vård closes it.";
  return {};
}

std::vector<std::string> everybody_addressed(const std::vector<ChainEntry>& links) {
  std::set<std::string_view> everybody;
  for (const ChainEntry& link : links)
    if (link.notice && is_hospitals_own(link.notice->says()))
      for (const Party& party : link.notice->receivers) everybody.insert(party.id);
  return {everybody.begin(), everybody.end()};
}

}  // namespace vardbron::care
