#include "gateway/care/plan/plan_machine.h"

#include "gateway/base/random.h"

#include <gtest/gtest.h>

#include <set>
#include <string>
#include <string_view>

namespace vardbron::care::plan {
namespace {

using enum State;

struct Transition {
  std::string_view name;
  State from;
  Move move;
  State to;
};

// Machine C of the process description, with its side exits.
constexpr Transition transitions[] = {
    {"need", None, Move::Need, BehovBedomt},
    {"consent no", BehovBedomt, Move::ConsentRefused, EjAktuell},
    {"consent yes", BehovBedomt, Move::ConsentGiven, Samtyckt},
    {"consent yes after no", EjAktuell, Move::ConsentGiven, Samtyckt},
    {"a need after no", EjAktuell, Move::Need, BehovBedomt},
    {"kallelse", Samtyckt, Move::Called, Kallad},
    {"kallelse before the consent", None, Move::Called, Kallad},
    {"ombokad", Kallad, Move::Called, Ombokad},
    {"ombokad again", Ombokad, Move::Called, Ombokad},
    {"consent no after the kallelse", Kallad, Move::ConsentRefused, EjAktuell},
    {"möte hållet", Kallad, Move::Held, Hallen},
    {"möte hållet", Ombokad, Move::Held, Hallen},
    {"another meeting", Hallen, Move::Called, Kallad},
    {"upprättad", Hallen, Move::Agreed, Upprattad},
    {"to be justerad", Hallen, Move::Drafted, Justeras},
    {"one unit has justerat", Justeras, Move::Approved, Justeras},
    {"all have", Justeras, Move::Agreed, Upprattad},
    {"uppföljd", Upprattad, Move::FollowedUp, Uppfoljd},
    {"uppföljd again", Uppfoljd, Move::FollowedUp, Uppfoljd},
    {"reviderad", Uppfoljd, Move::Revised, Reviderad},
    {"uppföljd after the revision", Reviderad, Move::FollowedUp, Uppfoljd},
    {"a meeting to follow up", Upprattad, Move::Called, Upprattad},
    {"consent withdrawn from an active plan", Upprattad, Move::ConsentRefused, EjAktuell},
    {"avslutad", Uppfoljd, Move::Closed, Avslutad},
    {"avslutad before it was agreed", Kallad, Move::Closed, Avslutad},
    {"inställd", Kallad, Move::Cancelled, Installd},
    {"called again after that", Installd, Move::Called, Kallad},
    {"a meeting of an active plan is called off", Reviderad, Move::Cancelled, Reviderad},
    {"avliden", Upprattad, Move::Died, Avliden},
    {"avliden", BehovBedomt, Move::Died, Avliden},
    {"consent withdrawn after the end keeps the end", Avslutad, Move::ConsentRefused, Avslutad},
};

TEST(PlanMachine, MovesAsTheProcessDescriptionSays) {
  for (const Transition& each : transitions) {
    const Step taken = step(each.from, each.move);
    EXPECT_TRUE(taken.allowed) << each.name;
    EXPECT_EQ(to_string(taken.to), to_string(each.to)) << each.name;
  }
}

TEST(PlanMachine, RefusesWithAReason) {
  const std::pair<State, Move> refused[] = {{None, Move::FollowedUp},  {Kallad, Move::FollowedUp}, {Hallen, Move::Revised},
                                            {Upprattad, Move::Agreed}, {EjAktuell, Move::Called},  {EjAktuell, Move::Agreed},
                                            {Avslutad, Move::Need},    {Avslutad, Move::Called},   {Avslutad, Move::Died},
                                            {Avliden, Move::Called},   {Makulerad, Move::Need},    {Samtyckt, Move::Activity}};
  for (const auto& [from, move] : refused) {
    const Step taken = step(from, move);
    EXPECT_FALSE(taken.allowed) << to_string(from) << " " << int(move);
    EXPECT_EQ(taken.to, from);
  }
}

TEST(PlanMachine, HasAnAnswerForEveryStateAndMove) {
  std::set<std::string_view> names;
  for (int from = 0; from < states_count; ++from) {
    names.insert(to_string(State(from)));
    for (int move = 0; move < moves_count; ++move) {
      const Step taken = step(State(from), Move(move));
      EXPECT_EQ(taken.because.empty(), taken.allowed);
      if (!taken.allowed) EXPECT_EQ(taken.to, State(from));
    }
  }
  EXPECT_EQ(names.size(), std::size_t(states_count));
}

// Concern: only consent and a new need lead out of an end, and only from the refusal.
TEST(PlanMachine, ComesBackFromNoEndButTheRefusal) {
  SeededRandom random(168);
  for (int walk = 0; walk < 500; ++walk) {
    State state = None;
    for (int moves = 0; moves < 30; ++moves) {
      const auto move = Move(random.below(moves_count));
      const Step taken = step(state, move);
      if (is_over(state) && taken.allowed && taken.to != state) {
        EXPECT_EQ(state, EjAktuell);
        EXPECT_TRUE(move == Move::ConsentGiven || move == Move::Need || move == Move::Closed) << int(move);
      }
      if (is_active(taken.to) && !is_active(state)) EXPECT_EQ(move, Move::Agreed);
      state = taken.to;
    }
  }
}

}  // namespace
}  // namespace vardbron::care::plan
