#include "gateway/care/arende/arende.h"

#include <array>

namespace vardbron::care {
namespace {

constexpr std::array<std::string_view, states_count> state_names = {"ingen",
                                                                    "inskriven-ej-meddelad",
                                                                    "inskriven",
                                                                    "planeras",
                                                                    "utskrivningsklar",
                                                                    "utskriven",
                                                                    "avslutad",
                                                                    "avbruten",
                                                                    "avliden",
                                                                    "makulerad"};

// One row per event, in the order of Event; one letter per state, in the order of State, naming the state it leads to.
//   E inskriven-ej-meddelad  I inskriven  P planeras  K utskrivningsklar  U utskriven  S avslutad  B avbruten  D avliden
//   .  not allowed
constexpr std::array<std::string_view, events_count> moves = {
    // NEIPKUSBDM   where from
    "NEIPK.....",  // care-request               before the stay, or early in it
    "EE........",  // admission.local            A1
    "IIIPK.....",  // admission                  A2; again while it is open: emergency becomes inpatient. A15 needs a new ärende
    "..IPK.....",  // party.changed              A5
    ".EIPK.....",  // transfer                   A12
    "..PPKUSBD.",  // receipt                    A3; later notices are acknowledged too
    "..PPK.....",  // planning                   A3
    "NEPPKUSBD.",  // municipal.report           A3: it is planning too
    "..IPKUSBD.",  // admin                      N14
    "..........",  // plan.need                  the plan.* are about a plan, which is no part of the stay
    "..........",  // plan.participants
    ".EIPKUSBD.",  // consent                    may be asked for before the admission notice; it is given after it
    "..IPK.....",  // planned-discharge.changed  A4; LUS 2:4: any change after the admission notice
    "..IPKUSB..",  // fast-vardkontakt           A6; the contact outlives the stay, so it is accepted after its end too
    "....P.....",  // discharge-ready.withdrawn  A8
    "..KK......",  // discharge-ready            A7, A9
    "..IPKUSB..",  // sip.invitation             N8; its three days may end after discharge, and the SIP outlives the stay
    "..........",  // plan.answer
    "..........",  // plan.held
    "..........",  // plan.agreed
    "..........",  // plan.approved
    "..........",  // plan.activity
    "..........",  // plan.followed-up
    "..........",  // plan.revised
    "..........",  // plan.cancelled
    "..........",  // plan.closed
    "..IPK.....",  // leave.end                  A11
    "..IPK.....",  // leave.start                A11
    "..BBB.....",  // interruption               A13; by sluten vård. A party's is a request (fold.cpp)
    ".UUUU.SU..",  // discharge                  A10; without a notice it stays inside the region. A fact after an interruption
                   // too
    "..IPKUSBD.",  // discharge.information      N10; what is known of a stay is passed on whatever became of the case
    "..IPKUSBD.",  // patient.information        N11
    ".DDDDD.D..",  // death                      A14
    ".....S.SS.",  // case.closed                A19: from utskriven, avbruten, avliden; by sluten vård. A party's is a wish
    "..........",  // person.merged              of no ärende
    "..........",  // person.unmerged            likewise
    "..........",  // corrected
    "..........",  // nullified
};

constexpr std::string_view letters = "NEIPKUSBDM";

std::string_view why_not(Standing from, Event event) {
  if (event == Event::Corrected || event == Event::Nullified) return "a correction or cancellation is no event of its own";
  if (is_of_plan(event)) return "it is about a plan, and not about the stay";
  switch (from.state) {
    case State::None: return "no admission is known";
    case State::InskrivenEjMeddelad: return "no admission notice has been sent";
    case State::Utskriven: return "the patient has been discharged; a new stay needs a new case";
    case State::Avslutad: return "the case is closed";
    case State::Avbruten: return "the process was interrupted";
    case State::Avliden: return "the patient is dead";
    case State::Makulerad: return "the case was cancelled";
    case State::Inskriven:
    case State::Planeras:
    case State::Utskrivningsklar: break;
  }
  switch (event) {
    case Event::DischargeReady: return "the patient is ready for discharge already";
    case Event::DischargeReadyWithdrawn: return "the patient is not ready for discharge";
    case Event::CaseClosed: return "the stay has not ended";
    case Event::LeaveStart: return "the patient is on leave already";
    case Event::LeaveEnd: return "the patient is not on leave";
    default: return "the patient has been admitted, and parties know it";
  }
}

}  // namespace

std::string_view to_string(State state) { return state_names[std::size_t(state)]; }

bool is_open(State state) { return state == State::Inskriven || state == State::Planeras || state == State::Utskrivningsklar; }

Step step(Standing from, Event event) {
  Step refused{false, from, why_not(from, event)};
  char letter = moves[std::size_t(event)][std::size_t(from.state)];
  if (letter == '.') return refused;
  if (event == Event::LeaveStart && from.on_leave) return refused;
  if (event == Event::LeaveEnd && !from.on_leave) return refused;

  Standing to{State(letters.find(letter)), from.on_leave};
  if (event == Event::LeaveStart) to.on_leave = true;
  // Readmission, return and the end of the stay end the leave.
  if (event == Event::LeaveEnd || event == Event::Admission || !is_open(to.state)) to.on_leave = false;
  return {true, to, {}};
}

}  // namespace vardbron::care
