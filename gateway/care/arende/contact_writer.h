#pragma once

// Tested by tests/care/care_team_test.cpp.

#include "gateway/care/arende/case_writer.h"

#include <string>
#include <string_view>
#include <vector>

namespace vardbron::care {

inline constexpr std::string_view contact_type_system = "urn:oid:1.2.752.129.5.1.69";  ///< kv_typ_av_fast_kontakt
inline constexpr std::string_view fast_kontakt = "fast-kontakt";
/// The team through which who has no contact details of its own is reached. Source: Inera FHIR CareTeam 0.9.
inline constexpr std::string_view via_team_url =
    "https://fhir.inera.se/ig/careteam/StructureDefinition/riv-contact-via-team-extension";

/// Id of the CareTeam of the contact with that Appointment::name.
std::string care_team_id(const CaseWriter& writer, std::string_view name);

/// All contacts that any link names, in the order of their names.
std::vector<ContactReport> contacts_of(const Facts& facts, const CaseWriter& writer);

/// One CareTeam for each contact, with one participant. Source: Inera RIVCareManager 0.9, in R4's elements.
Projected care_team(const Facts& facts, const CaseWriter& writer, const ContactReport& contact);

/// Name, unit and since when of a contact, as a PractitionerRole to be contained with the id contact_role_id.
void write_contact_role(const CaseWriter& writer, Branch role, const Appointment& appointment);
inline constexpr std::string_view contact_role_id = "kontakt";

/// The one CareTeam of all contacts that a program of before made: entered-in-error, since each contact has its own now.
Projected former_care_team(const CaseWriter& writer);

}  // namespace vardbron::care
