#pragma once

// Tested by tests/subscription/topic_test.cpp and tests/care/arende_test.cpp.

#include <cstdint>
#include <optional>
#include <string_view>

namespace vardbron::care {

/// Kinds of notices. Codes: fhir-profiles/README.md, notice-event. The enumerators' order is the order in which simultaneous
/// events are applied.
enum class Event : std::uint8_t {
  CareRequest,              ///< vårdbegäran: a party asks the sluten vård to take care of the patient
  AdmissionLocal,           ///< A1: admitted, no need found; nothing leaves the region
  Admission,                ///< A2: inskrivningsmeddelande
  PartyChanged,             ///< A5
  Transfer,                 ///< A12
  Receipt,                  ///< A3: kvittens
  Planning,                 ///< A3: planeringsunderlag
  MunicipalReport,          ///< the municipality's report to the sluten vård
  Admin,                    ///< N14: administrativt meddelande
  PlanNeed,                 ///< C: a plan is needed, or wished for by the person or somebody close
  PlanParticipants,         ///< C: all who take part in a plan
  Consent,                  ///< samtycke or menprövning
  PlannedDischargeChanged,  ///< A4
  FastVardkontakt,          ///< A6
  DischargeReadyWithdrawn,  ///< A8
  DischargeReady,           ///< A7, A9: utskrivningsklar
  SipInvitation,            ///< N8: kallelse
  PlanAnswer,               ///< C: whether who was called comes
  PlanHeld,                 ///< C: the meeting was held
  PlanAgreed,               ///< C: the plan as it was agreed, or drawn up to be approved by the units (justerad)
  PlanApproved,             ///< C: a unit has approved (justerat) it. Source: LPT 7 a §
  PlanActivity,             ///< C: what became of an insats
  PlanFollowedUp,           ///< C
  PlanRevised,              ///< C: the plan as it is from now on
  PlanCancelled,            ///< C: the meeting is called off (inställt)
  PlanClosed,               ///< C
  LeaveEnd,                 ///< A11: back from permission
  LeaveStart,               ///< A11: on permission
  Interruption,             ///< A13: avbrott
  Discharge,                ///< A10: utskrivningsmeddelande
  DischargeInformation,     ///< N10: what those who take over need to know; the same day as the discharge (LUS 3:2)
  PatientInformation,       ///< N11: the patient got the written information
  Death,                    ///< A14
  CaseClosed,               ///< A19
  PersonMerged,             ///< numbers are one person's: about the person alone, of no ärende
  PersonUnmerged,           ///< they are not, whatever the sender's merges before it said
  Corrected,                ///< replaces a notice; no event of the state machine
  Nullified                 ///< cancels a notice (A16, A17, A18); no event of the state machine
};

inline constexpr int events_count = 38;

std::string_view to_string(Event event);  ///< "discharge-ready.withdrawn"
std::optional<Event> find_event(std::string_view code);

/// Is about a plan alone, and says nothing of a stay. A call, a consent and a death are about both.
bool is_of_plan(Event event);

/// Sent for the sake of what it says in words or files.
bool is_for_its_content(Event event);

/// Goes into the region, so it may come before the stay: until there is an admission notice it is for the sluten vård that it
/// names, and for nobody else.
bool may_precede_stay(Event event);

/// About the person alone: such a notice names no ärende.
bool is_of_person(Event event);

/// Only the unit where the patient is admitted may send this.
bool is_hospitals_own(Event event);

}  // namespace vardbron::care
