#include "gateway/care/arende/contact_writer.h"

#include "gateway/care/chain/code_systems.h"

#include <utility>

namespace vardbron::care {
namespace {

Projected start(const CaseWriter& writer, std::string id) {
  Projected projected = writer.start("CareTeam", std::move(id), fast_kontakt);
  projected.parties = writer.viewers();
  return projected;
}

void write_head(const CaseWriter& writer, Branch root, std::string_view status) {
  root.text("status", status);
  root.concept_item("category", team_system, fast_kontakt);
  writer.refer_to_patient(root, "subject");
  writer.refer_to_encounter(root, "encounter");
}

void write_phone(Branch branch, const std::string& phone) {
  if (!phone.empty()) branch.item("telecom").text("system", "phone").text("value", phone);
}

/// The gateway keeps no PractitionerRoles, so it is contained.
void write_role(const CaseWriter& writer, Branch role, const Appointment& appointment, bool has_period) {
  const Contact& contact = appointment.contact;
  role.text("resourceType", "PractitionerRole").text("id", contact_role_id);
  for (const Identity& each : contact.identifiers) role.identifier_item(each.system, each.value);
  if (has_period) role.object("period").text("start", appointment.since);
  if (!contact.name.empty()) role.object("practitioner").text("type", "Practitioner").text("display", contact.name);
  writer.refer_logically(role.object("organization"), appointment.unit.id);
  role.concept_item("code", contact_type_system, contact.type);
  write_phone(role, contact.phone);
}

}  // namespace

void write_contact_role(const CaseWriter& writer, Branch role, const Appointment& appointment) {
  write_role(writer, role, appointment, true);
}

std::string care_team_id(const CaseWriter& writer, std::string_view name) {
  return writer.id_of("CareTeam", std::string("kontakt|").append(name));
}

std::vector<ContactReport> contacts_of(const Facts& facts, const CaseWriter& writer) {
  std::vector<ContactReport> contacts;
  const bool is_cancelled = facts.standing.state == State::Makulerad;
  for (const std::string& name : facts.contact_names) {
    const Appointment* appointment = is_cancelled ? nullptr : facts.contacts.find(name);
    contacts.push_back({care_team_id(writer, name), appointment ? std::optional(*appointment) : std::nullopt});
  }
  return contacts;
}

Projected care_team(const Facts& facts, const CaseWriter& writer, const ContactReport& contact) {
  Projected projected = start(writer, contact.id);
  if (!writer.writes()) return projected;
  Branch root(projected.document, 0);
  if (!contact.appointment) {
    write_head(writer, root, "entered-in-error");
    return projected;
  }
  const Appointment& appointment = *contact.appointment;
  write_role(writer, root.item("contained"), appointment, false);
  write_head(writer, root, appointment.until.empty() ? "active" : "inactive");
  // FHIR R4 per-1: a period does not end before it starts.
  root.object("period").text("start", appointment.never_began() ? "" : appointment.since).text("end", appointment.until);
  Branch participant = root.item("participant");
  if (const std::string& team = appointment.contact.team; !team.empty())
    participant.extension(via_team_url).object("valueReference").text("type", "CareTeam").text("display", team);
  participant.concept_item("role", contact_type_system, appointment.contact.type);
  const std::string& unit = facts.members.find(appointment.unit.id)->party.name;
  participant.object("member")
      .text("reference", "#" + std::string(contact_role_id))
      .text("type", "PractitionerRole")
      .text("display", appointment.contact.name.empty() ? unit : appointment.contact.name);
  writer.refer_logically(root.item("managingOrganization"), appointment.unit.id);
  write_phone(root, appointment.contact.phone);
  write_phone(root, appointment.contact.team_phone);
  return projected;
}

Projected former_care_team(const CaseWriter& writer) {
  Projected projected = start(writer, writer.id_of("CareTeam", "fast-vardkontakt"));
  projected.is_former = true;
  if (writer.writes()) write_head(writer, Branch(projected.document, 0), "entered-in-error");
  return projected;
}

}  // namespace vardbron::care
