#include "gateway/care/chain/event.h"

#include <algorithm>
#include <array>

namespace vardbron::care {
namespace {

struct Named {
  Event event;
  std::string_view code;
};

constexpr std::array<Named, events_count> names = {{
    {Event::CareRequest, "care-request"},
    {Event::AdmissionLocal, "admission.local"},
    {Event::Admission, "admission"},
    {Event::PartyChanged, "party.changed"},
    {Event::Transfer, "transfer"},
    {Event::Receipt, "receipt"},
    {Event::Planning, "planning"},
    {Event::MunicipalReport, "municipal.report"},
    {Event::Admin, "admin"},
    {Event::PlanNeed, "plan.need"},
    {Event::PlanParticipants, "plan.participants"},
    {Event::Consent, "consent"},
    {Event::PlannedDischargeChanged, "planned-discharge.changed"},
    {Event::FastVardkontakt, "fast-vardkontakt"},
    {Event::DischargeReadyWithdrawn, "discharge-ready.withdrawn"},
    {Event::DischargeReady, "discharge-ready"},
    {Event::SipInvitation, "sip.invitation"},
    {Event::PlanAnswer, "plan.answer"},
    {Event::PlanHeld, "plan.held"},
    {Event::PlanAgreed, "plan.agreed"},
    {Event::PlanApproved, "plan.approved"},
    {Event::PlanActivity, "plan.activity"},
    {Event::PlanFollowedUp, "plan.followed-up"},
    {Event::PlanRevised, "plan.revised"},
    {Event::PlanCancelled, "plan.cancelled"},
    {Event::PlanClosed, "plan.closed"},
    {Event::LeaveEnd, "leave.end"},
    {Event::LeaveStart, "leave.start"},
    {Event::Interruption, "interruption"},
    {Event::Discharge, "discharge"},
    {Event::DischargeInformation, "discharge.information"},
    {Event::PatientInformation, "patient.information"},
    {Event::Death, "death"},
    {Event::CaseClosed, "case.closed"},
    {Event::PersonMerged, "person.merged"},
    {Event::PersonUnmerged, "person.unmerged"},
    {Event::Corrected, "corrected"},
    {Event::Nullified, "nullified"},
}};

}  // namespace

std::string_view to_string(Event event) { return names[std::size_t(event)].code; }

std::optional<Event> find_event(std::string_view code) {
  auto found = std::find_if(names.begin(), names.end(), [code](const Named& named) { return named.code == code; });
  return found == names.end() ? std::nullopt : std::optional(found->event);
}

bool is_of_plan(Event event) { return to_string(event).starts_with("plan."); }

bool is_for_its_content(Event event) {
  return event == Event::DischargeInformation || event == Event::Admin || may_precede_stay(event);
}

bool may_precede_stay(Event event) { return event == Event::CareRequest || event == Event::MunicipalReport; }

bool is_of_person(Event event) { return event == Event::PersonMerged || event == Event::PersonUnmerged; }

bool is_hospitals_own(Event event) {
  if (is_of_plan(event)) return false;
  switch (event) {
    case Event::Receipt:
    case Event::Planning:
    case Event::CareRequest:
    case Event::MunicipalReport:
    case Event::Admin:
    case Event::Consent:
    case Event::FastVardkontakt:
    case Event::SipInvitation:
    case Event::Interruption:
    case Event::CaseClosed:
    case Event::Corrected:
    case Event::Nullified: return false;
    default: return true;
  }
}

}  // namespace vardbron::care
