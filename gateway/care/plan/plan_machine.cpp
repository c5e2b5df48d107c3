#include "gateway/care/plan/plan_machine.h"

#include <array>
#include <cstddef>

namespace vardbron::care::plan {
namespace {

constexpr std::array<std::string_view, states_count> state_names = {
    "ingen",     "behov-bedomt", "ej-aktuell", "samtyckt", "kallad",   "ombokad",   "hallen", "justeras",
    "upprattad", "uppfoljd",     "reviderad",  "avslutad", "installd", "makulerad", "avliden"};

// One row per move, in the order of Move; one letter per state, in the order of State, naming the state it leads to.
//   B behov bedömt  E ej aktuell  J samtyckt  K kallad  O ombokad  H hållen  Y justeras  U upprättad  F uppföljd  R reviderad
//   S avslutad  I inställd  D avliden  .  not allowed
constexpr std::array<std::string_view, moves_count> moves_by_event = {
    // NBEJKOHYUFRSIMD  where from
    "BBBJKOHYUFR.B..",  // need             by any party, or at the wish of the person or somebody close. Source: SoL 10:8
    "BB.JKOHYUFR.I..",  // participants
    "JJJJKOHYUFR.I..",  // consent given    who had refused may consent
    "EEEEEEEEEEESE..",  // consent refused  or withdrawn: nothing more is done with it. Source: LUS 4:2
    "KK.KOOKYUFR.K..",  // called           again: rebooked. After the meeting, and in an active plan, it is another meeting
    ".B.JKOHYUFR....",  // answered
    "HH.HHHHYUFR....",  // held             a meeting to which nobody was called was held all the same
    "YY.YYYYYUFR....",  // drafted          of an active plan: the next version of it
    "UU.UUUUU.......",  // agreed           an active plan is revised
    ".......YUFR....",  // approved
    "........UFR....",  // activity
    "........FFF....",  // followed up
    "........RRR....",  // revised
    ".I.IIIHYUFR.I..",  // cancelled        before the meeting all of it; later the meeting that is to come alone
    ".SSSSSSSSSS.S..",  // closed
    ".D.DDDDDDDD.D..",  // died             what is over stays as it ended
};

constexpr std::string_view letters = "NBEJKOHYUFRSIMD";

std::string_view why_not(State from, Move move) {
  switch (from) {
    case State::EjAktuell: return "the person does not consent to the plan";
    case State::Avslutad: return "the plan is closed; a new one needs an identity of its own";
    case State::Makulerad: return "the plan was cancelled by its sender";
    case State::Avliden: return "the person is dead";
    case State::None: return "no plan is known";
    default: break;
  }
  switch (move) {
    case Move::Agreed: return "the plan is agreed already; a change of it is a revision";
    case Move::Approved: return "the plan is not drawn up yet";
    case Move::Activity:
    case Move::FollowedUp:
    case Move::Revised: return "the plan is not agreed yet";
    default: return "the meeting is called off";
  }
}

}  // namespace

std::string_view to_string(State state) { return state_names[std::size_t(state)]; }

bool is_active(State state) { return state == State::Upprattad || state == State::Uppfoljd || state == State::Reviderad; }

bool is_over(State state) {
  return state == State::EjAktuell || state == State::Avslutad || state == State::Makulerad || state == State::Avliden;
}

Step step(State from, Move move) {
  const char letter = moves_by_event[std::size_t(move)][std::size_t(from)];
  if (letter == '.') return {false, from, why_not(from, move)};
  return {true, State(letters.find(letter)), {}};
}

}  // namespace vardbron::care::plan
