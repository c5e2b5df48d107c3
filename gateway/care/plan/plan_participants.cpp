#include "gateway/care/plan/plan_participants.h"

#include <algorithm>
#include <utility>

namespace vardbron::care::plan {
namespace {

/// The receivers of these are called to the plan, or have it; those of others only get the notice.
bool names_participants(Event event) {
  switch (event) {
    case Event::PlanNeed:
    case Event::PlanParticipants:
    case Event::SipInvitation:
    case Event::PlanAgreed:
    case Event::PlanRevised: return true;
    default: return false;
  }
}

std::string participant_name(const PlanParticipant& said) {
  return said.organisation.empty() ? "person|" + said.role + "|" + said.name : said.organisation;
}

void take(std::string& kept, const std::string& newer) {
  if (!newer.empty()) kept = newer;
}

}  // namespace

Participant& PlanParticipants::at(const std::string& name, const Party& party, const ChainEntry& link) {
  auto found = std::find_if(facts_.participants.begin(), facts_.participants.end(),
                            [&](const Participant& each) { return each.name == name; });
  if (found != facts_.participants.end()) return *found;
  Participant made;
  made.name = name;
  made.party = party;
  made.since = link.notice->happened.text;
  const auto decided = facts_.consents.find(party.id);
  if (!party.id.empty() && decided != facts_.consents.end())
    made.sharing = decided->second.consent.decision == Consent::Decision::Given ? Sharing::Permitted : Sharing::Denied;
  changed(link);
  return facts_.participants.emplace_back(std::move(made));
}

void PlanParticipants::add(const Party& party, const PlanParticipant& said, const ChainEntry& link) {
  Participant& participant = at(participant_name(said), party, link);
  take(participant.party.name, party.name);
  take(participant.party.phone, party.phone);
  if (party.role != Role::Unknown) participant.party.role = party.role;
  take(participant.said.role, said.role);
  take(participant.said.name, said.name);
  take(participant.said.phone, said.phone);
  take(participant.said.answer, said.answer);
  if (participant.until.empty()) return;
  participant.until.clear();
  changed(link);
}

void PlanParticipants::add_named(const ChainEntry& link) {
  const Notice& notice = *link.notice;
  const std::vector<Party> parties = parties_of(notice);
  add(notice.sender, {notice.sender.id, "", "", "", ""}, link);
  if (names_participants(notice.says()))
    for (const Party& each : notice.receivers) add(each, {each.id, "", "", "", ""}, link);
  if (!notice.plan) return;
  const auto add_said = [&](const PlanParticipant& said) {
    const auto party =
        std::find_if(parties.begin(), parties.end(), [&](const Party& one) { return one.id == said.organisation; });
    if (said.organisation.empty() || party != parties.end()) add(said.organisation.empty() ? Party{} : *party, said, link);
  };
  for (const PlanParticipant& each : notice.plan->participants) add_said(each);
  if (notice.says() != Event::PlanAgreed && notice.says() != Event::PlanRevised) return;
  for (const PlanActivity& each : notice.plan->activities)
    if (!each.organisation.empty()) add_said({each.organisation, "", "", "", ""});
}

void PlanParticipants::join(const ChainEntry& link) { add_named(link); }

std::vector<std::string> PlanParticipants::set(const ChainEntry& link) {
  const Notice& notice = *link.notice;
  add_named(link);
  const auto is_named = [&](const Participant& each) {
    if (each.name == notice.sender.id) return true;
    for (const Party& party : notice.receivers)
      if (party.id == each.name) return true;
    if (!notice.plan) return false;
    const std::vector<PlanParticipant>& all = notice.plan->participants;
    return std::any_of(all.begin(), all.end(), [&](const PlanParticipant& one) { return participant_name(one) == each.name; });
  };
  std::vector<std::string> ended;
  for (Participant& each : facts_.participants) {
    if (!each.until.empty() || is_named(each)) continue;
    each.until = notice.happened.text;
    if (!each.party.id.empty()) ended.push_back(each.party.id);
    changed(link);
  }
  return ended;
}

std::vector<std::string> PlanParticipants::decide(const ChainEntry& link) {
  const Consent& consent = *link.notice->consent;
  std::vector<std::string> denied;
  for (const std::string& unit : consent.units) {
    facts_.consents[unit] = {consent, link.notice->sender.id, link.notice->happened};
    for (Participant& each : facts_.participants) {
      if (each.party.id != unit) continue;
      const bool took_part = each.takes_part();
      each.sharing = consent.decision == Consent::Decision::Given ? Sharing::Permitted : Sharing::Denied;
      each.denied = each.sharing == Sharing::Denied ? link.notice->happened.text : "";
      if (took_part && !each.takes_part()) denied.push_back(unit);
      if (took_part != each.takes_part()) changed(link);
    }
  }
  return denied;
}

void PlanParticipants::answer(const ChainEntry& link) {
  const std::vector<PlanParticipant> said = link.notice->plan ? link.notice->plan->participants : std::vector<PlanParticipant>();
  for (const PlanParticipant& each : said) {
    const std::string name = participant_name(each);
    for (Participant& one : facts_.participants)
      if (one.name == name) take(one.said.answer, each.answer);
  }
}

void PlanParticipants::forget_answers() {
  for (Participant& each : facts_.participants) each.said.answer.clear();
}

std::vector<std::string> PlanParticipants::active() const {
  std::vector<std::string> ids;
  for (const Participant& each : facts_.participants)
    if (each.takes_part() && !each.party.id.empty()) ids.push_back(each.party.id);
  std::sort(ids.begin(), ids.end());
  return ids;
}

void PlanParticipants::remember() {
  for (Participant& each : facts_.participants) each.was_shared_with |= each.takes_part() && !each.party.id.empty();
}

const Participant* PlanParticipants::of(const Party& party) const {
  const Participant* of_body = nullptr;
  for (const Participant& each : facts_.participants) {
    if (each.party.id.empty()) continue;
    if (each.party.id == party.id) return &each;
    if (of_body == nullptr && each.takes_part() && speaks_for(party, each.party)) of_body = &each;
  }
  return of_body;
}

std::vector<std::string> PlanParticipants::named_in_cancelled() const {
  std::set<std::string> named;
  for (const ChainEntry& link : facts_.links) {
    if (!link.notice || link.link_status != LinkStatus::Nullified) continue;
    named.insert(link.notice->sender.id);
    if (!names_participants(link.notice->says())) continue;
    for (const Party& each : link.notice->receivers) named.insert(each.id);
  }
  return {named.begin(), named.end()};
}

void PlanParticipants::changed(const ChainEntry& link) {
  const std::string& at = link.notice->happened.text;
  if (facts_.changes.empty() || facts_.changes.back() != at) facts_.changes.push_back(at);
}

}  // namespace vardbron::care::plan
