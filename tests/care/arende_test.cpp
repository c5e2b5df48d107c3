#include "gateway/base/random.h"
#include "gateway/care/arende/arende.h"

#include <gtest/gtest.h>

#include <set>
#include <string>
#include <string_view>

namespace vardbron::care {
namespace {

using enum State;

struct Move {
  std::string_view transition;
  State from;
  Event event;
  State to;
};

// The transitions of the ärende by the process description, with every state they may begin in.
constexpr Move moves[] = {
    {"A1", None, Event::AdmissionLocal, InskrivenEjMeddelad},
    {"A1 again", InskrivenEjMeddelad, Event::AdmissionLocal, InskrivenEjMeddelad},
    {"A2", None, Event::Admission, Inskriven},
    {"A2", InskrivenEjMeddelad, Event::Admission, Inskriven},
    {"A2 acute becomes inpatient", Inskriven, Event::Admission, Inskriven},
    {"A2 acute becomes inpatient", Planeras, Event::Admission, Planeras},
    {"A2 acute becomes inpatient", Utskrivningsklar, Event::Admission, Utskrivningsklar},
    {"A3", Inskriven, Event::Receipt, Planeras},
    {"A3", Inskriven, Event::Planning, Planeras},
    {"A3", Planeras, Event::Receipt, Planeras},
    {"A3", Planeras, Event::Planning, Planeras},
    {"A3", Utskrivningsklar, Event::Receipt, Utskrivningsklar},
    {"A3", Utskrivningsklar, Event::Planning, Utskrivningsklar},
    {"A3 of the discharge", Utskriven, Event::Receipt, Utskriven},
    {"A3 of the closing", Avslutad, Event::Receipt, Avslutad},
    {"A3 of the interruption", Avbruten, Event::Receipt, Avbruten},
    {"A3 of the death", Avliden, Event::Receipt, Avliden},
    {"A4", Inskriven, Event::PlannedDischargeChanged, Inskriven},
    {"A4", Planeras, Event::PlannedDischargeChanged, Planeras},
    {"A4, LUS 2:4", Utskrivningsklar, Event::PlannedDischargeChanged, Utskrivningsklar},
    {"A5", Inskriven, Event::PartyChanged, Inskriven},
    {"A5", Planeras, Event::PartyChanged, Planeras},
    {"A5", Utskrivningsklar, Event::PartyChanged, Utskrivningsklar},
    {"A6", Inskriven, Event::FastVardkontakt, Inskriven},
    {"A6", Planeras, Event::FastVardkontakt, Planeras},
    {"A6", Utskrivningsklar, Event::FastVardkontakt, Utskrivningsklar},
    {"A6 late", Utskriven, Event::FastVardkontakt, Utskriven},
    {"A6 outlives the stay", Avslutad, Event::FastVardkontakt, Avslutad},
    {"A6 outlives the stay", Avbruten, Event::FastVardkontakt, Avbruten},
    {"A7", Inskriven, Event::DischargeReady, Utskrivningsklar},
    {"A7, A9", Planeras, Event::DischargeReady, Utskrivningsklar},
    {"A8", Utskrivningsklar, Event::DischargeReadyWithdrawn, Planeras},
    {"N8", Inskriven, Event::SipInvitation, Inskriven},
    {"N8", Planeras, Event::SipInvitation, Planeras},
    {"N8", Utskrivningsklar, Event::SipInvitation, Utskrivningsklar},
    {"N8 after discharge", Utskriven, Event::SipInvitation, Utskriven},
    {"N8 outlives the stay", Avslutad, Event::SipInvitation, Avslutad},
    {"N8 outlives the stay", Avbruten, Event::SipInvitation, Avbruten},
    {"A10 unknown outside", InskrivenEjMeddelad, Event::Discharge, Utskriven},
    {"A10 early", Inskriven, Event::Discharge, Utskriven},
    {"A10 early", Planeras, Event::Discharge, Utskriven},
    {"A10", Utskrivningsklar, Event::Discharge, Utskriven},
    {"A10 is a fact", Avbruten, Event::Discharge, Utskriven},
    {"A10 is a fact", Avslutad, Event::Discharge, Avslutad},
    {"care request", None, Event::CareRequest, None},
    {"care request", InskrivenEjMeddelad, Event::CareRequest, InskrivenEjMeddelad},
    {"care request", Inskriven, Event::CareRequest, Inskriven},
    {"care request", Planeras, Event::CareRequest, Planeras},
    {"care request", Utskrivningsklar, Event::CareRequest, Utskrivningsklar},
    {"A3", None, Event::MunicipalReport, None},
    {"A3", InskrivenEjMeddelad, Event::MunicipalReport, InskrivenEjMeddelad},
    {"A3", Inskriven, Event::MunicipalReport, Planeras},
    {"A3", Planeras, Event::MunicipalReport, Planeras},
    {"A3", Utskrivningsklar, Event::MunicipalReport, Utskrivningsklar},
    {"A3", Utskriven, Event::MunicipalReport, Utskriven},
    {"A3", Avslutad, Event::MunicipalReport, Avslutad},
    {"A3", Avbruten, Event::MunicipalReport, Avbruten},
    {"A3", Avliden, Event::MunicipalReport, Avliden},
    {"N14", Inskriven, Event::Admin, Inskriven},
    {"N14", Planeras, Event::Admin, Planeras},
    {"N14", Utskrivningsklar, Event::Admin, Utskrivningsklar},
    {"N14", Utskriven, Event::Admin, Utskriven},
    {"N14", Avslutad, Event::Admin, Avslutad},
    {"N14", Avbruten, Event::Admin, Avbruten},
    {"N14", Avliden, Event::Admin, Avliden},
    {"consent", InskrivenEjMeddelad, Event::Consent, InskrivenEjMeddelad},
    {"consent", Inskriven, Event::Consent, Inskriven},
    {"consent", Planeras, Event::Consent, Planeras},
    {"consent", Utskrivningsklar, Event::Consent, Utskrivningsklar},
    {"consent", Utskriven, Event::Consent, Utskriven},
    {"consent", Avslutad, Event::Consent, Avslutad},
    {"consent", Avbruten, Event::Consent, Avbruten},
    {"consent", Avliden, Event::Consent, Avliden},
    {"N10", Inskriven, Event::DischargeInformation, Inskriven},
    {"N10", Planeras, Event::DischargeInformation, Planeras},
    {"N10", Utskrivningsklar, Event::DischargeInformation, Utskrivningsklar},
    {"N10", Utskriven, Event::DischargeInformation, Utskriven},
    {"N10", Avslutad, Event::DischargeInformation, Avslutad},
    {"N10", Avbruten, Event::DischargeInformation, Avbruten},
    {"N10", Avliden, Event::DischargeInformation, Avliden},
    {"N11", Inskriven, Event::PatientInformation, Inskriven},
    {"N11", Planeras, Event::PatientInformation, Planeras},
    {"N11", Utskrivningsklar, Event::PatientInformation, Utskrivningsklar},
    {"N11", Utskriven, Event::PatientInformation, Utskriven},
    {"N11", Avslutad, Event::PatientInformation, Avslutad},
    {"N11", Avbruten, Event::PatientInformation, Avbruten},
    {"N11", Avliden, Event::PatientInformation, Avliden},
    {"A11", Inskriven, Event::LeaveStart, Inskriven},
    {"A11", Planeras, Event::LeaveStart, Planeras},
    {"A11", Utskrivningsklar, Event::LeaveStart, Utskrivningsklar},
    {"A12 unknown outside", InskrivenEjMeddelad, Event::Transfer, InskrivenEjMeddelad},
    {"A12", Inskriven, Event::Transfer, Inskriven},
    {"A12", Planeras, Event::Transfer, Planeras},
    {"A12", Utskrivningsklar, Event::Transfer, Utskrivningsklar},
    {"A13", Inskriven, Event::Interruption, Avbruten},
    {"A13", Planeras, Event::Interruption, Avbruten},
    {"A13", Utskrivningsklar, Event::Interruption, Avbruten},
    {"A14", InskrivenEjMeddelad, Event::Death, Avliden},
    {"A14", Inskriven, Event::Death, Avliden},
    {"A14", Planeras, Event::Death, Avliden},
    {"A14", Utskrivningsklar, Event::Death, Avliden},
    {"A14", Utskriven, Event::Death, Avliden},
    {"A14", Avbruten, Event::Death, Avliden},
    {"A19", Utskriven, Event::CaseClosed, Avslutad},
    {"A19", Avbruten, Event::CaseClosed, Avslutad},
    {"A19", Avliden, Event::CaseClosed, Avslutad},
};

const Move* find_move(State from, Event event) {
  for (const Move& move : moves)
    if (move.from == from && move.event == event) return &move;
  return nullptr;
}

TEST(Arende, AnswersEveryPairOfStateAndEventAsTheTableSays) {
  for (int state = 0; state < states_count; ++state) {
    for (int event = 0; event < events_count; ++event) {
      const Move* expected = find_move(State(state), Event(event));

      Step step = care::step(Standing{State(state), false}, Event(event));

      EXPECT_EQ(step.allowed, expected != nullptr) << to_string(State(state)) << " + " << to_string(Event(event));
      EXPECT_EQ(step.to.state, expected ? expected->to : State(state))
          << to_string(State(state)) << " + " << to_string(Event(event));
      EXPECT_EQ(step.because.empty(), step.allowed);
    }
  }
}

TEST(Arende, GoesOnLeaveOnceAndComesBackOnce) {
  for (State state : {Inskriven, Planeras, Utskrivningsklar}) {
    Standing away = step({state, false}, Event::LeaveStart).to;

    EXPECT_EQ(away, (Standing{state, true}));
    EXPECT_FALSE(step(away, Event::LeaveStart).allowed);
    EXPECT_EQ(step(away, Event::LeaveEnd).to, (Standing{state, false}));
    EXPECT_FALSE(step({state, false}, Event::LeaveEnd).allowed);
  }
}

TEST(Arende, MayLeaveHospitalFromPermission) {
  Standing gone = step({Inskriven, true}, Event::Discharge).to;

  EXPECT_EQ(gone, (Standing{Utskriven, false}));
}

TEST(Arende, KeepsALeaveWhilePartiesPlan) {
  EXPECT_TRUE(step({Inskriven, true}, Event::Receipt).to.on_leave);
  EXPECT_TRUE(step({Planeras, true}, Event::DischargeReady).to.on_leave);
}

// Invariants: leave only while open; a refused event changes nothing; death and closing are final; the first notice is an
// admission.
TEST(Arende, KeepsItsInvariantsOnRandomWalks) {
  SeededRandom random(1990);
  std::set<State> seen;
  for (int walk = 0; walk < 3'000; ++walk) {
    Standing at;
    for (int length = 0; length < 25; ++length) {
      Event event = Event(random.below(events_count));
      Step next = step(at, event);

      EXPECT_TRUE(next.allowed || next.to == at);
      EXPECT_TRUE(!next.to.on_leave || is_open(next.to.state));
      if (at.state == None && next.to.state != None) {
        EXPECT_TRUE(event == Event::Admission || event == Event::AdmissionLocal);
      }
      if (at.state == Avliden) {
        EXPECT_TRUE(next.to.state == Avliden || next.to.state == Avslutad);
      }
      if (at.state == Avslutad) {
        EXPECT_EQ(next.to.state, Avslutad);
      }
      at = next.to;
      seen.insert(at.state);
    }
  }
  EXPECT_EQ(seen.size(), std::size_t(states_count - 1)) << "every state but makulerad, which no event leads to";
}

TEST(Event, HasACodeThatReadsAsItself) {
  for (int number = 0; number < events_count; ++number) EXPECT_EQ(find_event(to_string(Event(number))), Event(number));
  EXPECT_FALSE(find_event("admitted"));
  EXPECT_FALSE(find_event(""));
}

}  // namespace
}  // namespace vardbron::care
