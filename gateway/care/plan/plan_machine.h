#pragma once

#include <cstdint>
#include <string_view>

namespace vardbron::care::plan {

/// The states of a plan. Source: machine C of the process description; LUS 4:1 to 4:3.
enum class State : std::uint8_t {
  None,
  BehovBedomt,  ///< a plan is needed or wished for
  EjAktuell,    ///< the person does not consent to it, or no more
  Samtyckt,     ///< the person consents
  Kallad,
  Ombokad,   ///< called again, to another time
  Hallen,    ///< the meeting was held, and the plan is not agreed yet
  Justeras,  ///< drawn up, and not approved by every unit yet. Source: LPT 7 a §
  Upprattad,
  Uppfoljd,
  Reviderad,
  Avslutad,
  Installd,  ///< the meeting is called off
  Makulerad,
  Avliden
};

inline constexpr int states_count = 15;

std::string_view to_string(State state);  ///< "upprattad"

bool is_active(State state);  ///< the plan holds: Upprattad, Uppfoljd, Reviderad
bool is_over(State state);    ///< nothing of it is to be done: EjAktuell, Avslutad, Makulerad, Avliden

/// What a notice means for the plan, by its event and what it says.
enum class Move : std::uint8_t {
  Need,
  Participants,
  ConsentGiven,
  ConsentRefused,  ///< or withdrawn
  Called,
  Answered,
  Held,
  Drafted,  ///< agreed, and to be approved by units
  Agreed,   ///< agreed, or approved by the last unit
  Approved,
  Activity,
  FollowedUp,
  Revised,
  Cancelled,
  Closed,
  Died
};

inline constexpr int moves_count = 16;

/// The result of a move. Not allowed: `to` is the unchanged state, and `because` is the reason in plain words.
struct Step {
  bool allowed = false;
  State to = State::None;
  std::string_view because;
};

/// The machine of the plan: every pair of state and move has an answer. What a plan must state, and whose consent it needs, are
/// not asked here (plan_kind.h).
Step step(State from, Move move);

}  // namespace vardbron::care::plan
