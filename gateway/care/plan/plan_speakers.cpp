#include "gateway/care/plan/plan_speakers.h"

#include "gateway/care/plan/plan_move.h"
#include "gateway/sweden/hsa_id.h"

#include <algorithm>
#include <optional>

namespace vardbron::care::plan {

bool is_of_plan(const Consent& consent) {
  return std::find(consent.scopes.begin(), consent.scopes.end(), "sip") != consent.scopes.end();
}

std::string PlanSpeakers::why_withheld(const Notice& notice) const {
  if (!facts_.person.identifiers.empty() && !may_be_same_person(facts_.person, notice.person) &&
      !person_.are_one(facts_.person, notice.person))
    return "The notice names another person than the plan is for.";
  if (const StayView* stay = stay_of(notice); stay != nullptr && facts_.state == State::None &&
                                              !std::binary_search(stay->viewers.begin(), stay->viewers.end(), notice.sender.id))
    return "The sender is no party of the ärende that the plan is made in.";
  if (facts_.opener.empty()) return "";
  const Participant* participant = participants_.of(notice.sender);
  if (participant != nullptr && participant->takes_part()) return "";
  return "The sender takes no part in the plan.";
}

std::string PlanSpeakers::why_not(Move move, const Notice& notice) const {
  const Huvudman huvudman = known(notice.sender);
  const bool begins = facts_.opener.empty() && !draws_up(move);
  if (huvudman == Huvudman::Other && !is_for_anybody(move) && !begins)
    return "that is for the region's and the municipality's units to say, and \"" + sweden::shown(notice.sender.id) +
           "\" is known as none by its HSA-id, or by what they say of it";
  if (draws_up(move) && kind().drawn_up_by && huvudman != *kind().drawn_up_by)
    return "the plan is drawn up by the region (" + std::string(kind().law) + ")";
  if (draws_up(move) && kind().needs_consent && facts_.consent != Sharing::Permitted && facts_.state != State::EjAktuell)
    return "that the person consents to the plan is not known, and it may be made only then (LUS 4:2)";
  return "";
}

std::string PlanSpeakers::why_not_consent(const Notice& notice) const {
  const std::vector<std::string>& units = notice.consent->units;
  const bool is_of_itself = units.size() == 1 && units.front() == notice.sender.id;
  if (is_of_itself || known(notice.sender) != Huvudman::Other) return "";
  return "The consent is not taken over: what the person decides of the plan, and of sharing it with others, is recorded by "
         "units "
         "of the region and the municipality. \"" +
         sweden::shown(notice.sender.id) +
         "\" is known as none, and may say of itself alone that nothing is to be shared with it (Consent.provision.actor). Tell "
         "one "
         "of those who takes part.";
}

bool PlanSpeakers::takes_back_nothing(const Notice& notice) const {
  return notice.says() == Event::Consent && plan::is_of_plan(*notice.consent) && facts_.opener.empty() &&
         notice.consent->decision != Consent::Decision::Given && facts_.identity;
}

std::string PlanSpeakers::why_nobody_is_asked(const Notice& notice) const {
  const StayView* death = person_.death();
  const std::optional<Move> move = move_of(notice.says(), kind());
  const bool asks = move == Move::Need || move == Move::Called || (move && draws_up(*move));
  if (death == nullptr || !asks || notice.sent < death->death_noted) return {};
  return "Nobody is asked to do anything: an ärende of the person has the person's death, so the plan is ended. If the person "
         "lives, who sent that notice of death has to cancel it; until then call the participants.";
}

void PlanSpeakers::vouch(const Notice& notice) {
  if (known(notice.sender) == Huvudman::Other) return;
  for (const Party& each : parties_of(notice)) {
    if (each.id == notice.sender.id) continue;
    Huvudman& vouched = facts_.vouched[each.id];
    vouched = std::max(vouched, huvudman_of(each.role));
  }
}

const StayView* PlanSpeakers::stay_of(const Notice& notice) const {
  for (const StayView& each : person_.others)
    if (each.case_key == notice.case_key || facts_.key.key == "sip|" + each.case_key) return &each;
  return nullptr;
}

Huvudman PlanSpeakers::known(const Party& party) const {
  const Huvudman by_number = huvudman_by_number(party);
  if (by_number != Huvudman::Other) return by_number;
  for (const StayView& stay : person_.others)
    if (std::binary_search(stay.hospitals.begin(), stay.hospitals.end(), party.id)) return Huvudman::Region;
  const auto vouched = facts_.vouched.find(party.id);
  return vouched == facts_.vouched.end() ? Huvudman::Other : vouched->second;
}

}  // namespace vardbron::care::plan
