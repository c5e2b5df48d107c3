#include "gateway/care/plan/plan_move.h"

namespace vardbron::care::plan {

std::optional<Move> move_of(Event event, const Kind& kind) {
  switch (event) {
    case Event::PlanNeed: return Move::Need;
    case Event::PlanParticipants: return Move::Participants;
    case Event::SipInvitation: return Move::Called;
    case Event::PlanAnswer: return Move::Answered;
    case Event::PlanHeld: return Move::Held;
    case Event::PlanAgreed: return kind.is_approved_by_units ? Move::Drafted : Move::Agreed;
    case Event::PlanApproved: return Move::Approved;
    case Event::PlanActivity: return Move::Activity;
    case Event::PlanFollowedUp: return Move::FollowedUp;
    case Event::PlanRevised: return kind.is_approved_by_units ? Move::Drafted : Move::Revised;
    case Event::PlanCancelled: return Move::Cancelled;
    case Event::PlanClosed: return Move::Closed;
    case Event::Death: return Move::Died;
    default: return std::nullopt;
  }
}

bool may_begin(const Notice& notice) {
  if (notice.replaces || notice.acknowledges) return false;
  if (notice.says() == Event::Consent)
    return notice.consent && notice.consent->units.empty() && notice.consent->decision == Consent::Decision::Given;
  const std::optional<Move> move = move_of(notice.says(), kind_of(notice.plan ? notice.plan->kind : PlanKind::Sip));
  return move && step(State::None, *move).allowed;
}

bool draws_up(Move move) { return move == Move::Drafted || move == Move::Agreed || move == Move::Revised; }

bool is_for_anybody(Move move) { return move == Move::Answered || move == Move::Activity || move == Move::Need; }

}  // namespace vardbron::care::plan
