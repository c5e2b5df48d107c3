#include "gateway/care/chain/profiles.h"

#include <array>

namespace vardbron::care {
namespace {

constexpr std::array table = {
    Profile{"Appointment", "", "https://vardbron.example/fhir/StructureDefinition/appointment"},
    Profile{"CarePlan", "", "https://vardbron.example/fhir/StructureDefinition/care-plan"},
    Profile{"CareTeam", "fast-kontakt", "https://vardbron.example/fhir/StructureDefinition/contact-team"},
    Profile{"CareTeam", "team", "https://vardbron.example/fhir/StructureDefinition/plan-team"},
    Profile{"ChargeItem", "", "https://vardbron.example/fhir/StructureDefinition/charge-item"},
    Profile{"Communication", "", "https://vardbron.example/fhir/StructureDefinition/communication"},
    Profile{"Consent", "", "https://vardbron.example/fhir/StructureDefinition/consent"},
    Profile{"Encounter", "", "https://vardbron.example/fhir/StructureDefinition/encounter"},
    Profile{"Goal", "", "https://vardbron.example/fhir/StructureDefinition/goal"},
    Profile{"MeasureReport", "", "https://vardbron.example/fhir/StructureDefinition/month-report"},
    Profile{"Organization", "", "https://vardbron.example/fhir/StructureDefinition/organization"},
    Profile{"Patient", "", "https://vardbron.example/fhir/StructureDefinition/patient"},
    Profile{"Task", "folj-upp-sip", "https://vardbron.example/fhir/StructureDefinition/task-folj-upp-sip"},
    Profile{"Task", "informationsoverforing", "https://vardbron.example/fhir/StructureDefinition/task-informationsoverforing"},
    Profile{"Task", "insats", "https://vardbron.example/fhir/StructureDefinition/task-insats"},
    Profile{"Task", "kalla-till-sip", "https://vardbron.example/fhir/StructureDefinition/task-kalla-till-sip"},
    Profile{"Task", "kvittera-inskrivning", "https://vardbron.example/fhir/StructureDefinition/task-kvittera-inskrivning"},
    Profile{"Task", "ta-over-patient", "https://vardbron.example/fhir/StructureDefinition/task-ta-over-patient"},
    Profile{"Task", "utse-fast-vardkontakt", "https://vardbron.example/fhir/StructureDefinition/task-utse-fast-vardkontakt"},
    Profile{"Task", "", "https://vardbron.example/fhir/StructureDefinition/task"},
};

}  // namespace

std::span<const Profile> profiles() { return table; }

std::string_view profile_of(std::string_view type, std::string_view code) {
  for (const Profile& each : table)
    if (each.type == type && (each.code.empty() || each.code == code)) return each.canonical;
  return {};
}

}  // namespace vardbron::care
