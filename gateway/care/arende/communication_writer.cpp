#include "gateway/care/arende/communication_writer.h"

#include "gateway/base/check.h"
#include "gateway/care/arende/consent_writer.h"
#include "gateway/care/arende/contact_writer.h"
#include "gateway/care/chain/code_systems.h"
#include "gateway/care/chain/task_status.h"
#include "gateway/time/civil.h"

#include <algorithm>
#include <utility>

namespace vardbron::care {
namespace {

constexpr std::string_view event_system = "https://vardbron.example/fhir/CodeSystem/notice-event";
constexpr std::string_view ambiguous_system = "https://vardbron.example/fhir/CodeSystem/datakvalitet";
constexpr std::string_view event_time_url = "https://vardbron.example/fhir/StructureDefinition/event-time";
constexpr std::string_view replaces_url = "https://vardbron.example/fhir/StructureDefinition/replaces";
constexpr std::string_view content_url = "https://vardbron.example/fhir/StructureDefinition/innehall";
constexpr std::string_view end_text = "Mottagaren är inte längre medverkande part i ärendet.";

std::string_view status_code(Dispatch::Status status) {
  switch (status) {
    case Dispatch::Status::Held: return "not-done";
    case Dispatch::Status::Sent: return "completed";
    case Dispatch::Status::TakenBack: break;
  }
  return "entered-in-error";
}

std::vector<std::string> sorted(std::vector<std::string> names) {
  std::sort(names.begin(), names.end());
  names.erase(std::unique(names.begin(), names.end()), names.end());
  return names;
}

}  // namespace

Projected CommunicationWriter::communication(const Dispatch& dispatch) const {
  Projected projected = case_.start("Communication", dispatch.communication);
  const Notice& notice = *facts_.links[dispatch.link].notice;
  projected.parties = {notice.sender.id};
  if (dispatch.status != Dispatch::Status::Held) projected.parties.push_back(dispatch.party);
  projected.parties = sorted(std::move(projected.parties));
  if (case_.writes()) write_notice(Branch(projected.document, 0), dispatch);
  return projected;
}

void CommunicationWriter::write_notice(Branch root, const Dispatch& dispatch) const {
  const Notice& notice = *facts_.links[dispatch.link].notice;
  bool is_sent = dispatch.status == Dispatch::Status::Sent;
  root.extension(event_time_url).text("valueDateTime", notice.happened.text);
  if (notice.replaces)
    root.extension(replaces_url).identifier("valueIdentifier", notice.replaces->system, notice.replaces->value);
  root.identifier_item(notice.identity.system, notice.identity.value);
  if (!dispatch.answered.empty()) root.item("inResponseTo").text("reference", "Communication/" + dispatch.answered);
  root.text("status", status_code(dispatch.status));
  root.concept_item("category", event_system, to_string(notice.event));
  if (notice.event == Event::Corrected) root.concept_item("category", event_system, to_string(notice.corrected_event));
  if (notice.time_is_guessed) root.concept_item("category", ambiguous_system, "data-ambiguous");
  case_.refer_to_patient(root, "subject");
  if (is_sent && notice.consent)
    for (const std::string& scope : notice.consent->scopes)
      root.item("about").text("reference", "Consent/" + consent_id(case_, scope));
  case_.refer_to_encounter(root, "encounter");
  root.text("sent", time::format_local(notice.sent));
  if (is_sent) root.text("received", dispatch.received);
  case_.refer_logically(root.item("recipient"), dispatch.party);
  case_.refer_logically(root.object("sender"), notice.sender.id);
  if (is_sent && dispatch.is_end) root.item("payload").text("contentString", end_text);
  if (is_sent && !notice.reason.empty()) root.item("payload").text("contentString", notice.reason);
  if (!is_sent) return;
  for (const Payload& payload : notice.payloads) write_payload(root.item("payload"), payload);
}

void CommunicationWriter::write_payload(Branch branch, const Payload& payload) {
  if (!payload.about.empty()) branch.extension(content_url).text("valueCode", payload.about);
  if (!payload.attachment) {
    branch.text("contentString", payload.text);
    return;
  }
  const Attachment& attachment = *payload.attachment;
  Branch file = branch.object("contentAttachment");
  file.text("contentType", attachment.content_type).text("data", attachment.data);
  if (attachment.size > 0) file.number("size", attachment.size);
  file.text("title", attachment.title);
}

Projected CommunicationWriter::task(const Work& work) const {
  Projected projected = case_.start("Task", work.case_task.id, to_string(work.case_task.kind));
  bool is_draft = work.case_task.status == "draft";
  projected.parties = is_draft ? facts_.members.hospital() : case_.viewers();
  const Member* owner = facts_.members.find(work.case_task.party);
  CHECK(owner);
  if (!is_draft && owner->knows()) projected.parties.push_back(work.case_task.party);
  projected.parties = sorted(std::move(projected.parties));
  if (!case_.writes()) return projected;

  Branch root(projected.document, 0);
  const std::optional<Appointment>& proposed = work.case_task.proposed;
  const bool is_proposed = proposed && work.case_task.contact.empty() && is_open_status(work.case_task.status);
  if (is_proposed) write_contact_role(case_, root.item("contained"), *proposed);
  root.identifier("groupIdentifier", facts_.case_identity.system, facts_.case_identity.value);
  bool is_paused =
      facts_.standing.on_leave && work.case_task.kind == CaseTaskKind::TaOverPatient && is_open_status(work.case_task.status);
  root.text("status", is_paused ? "on-hold" : work.case_task.status);
  write_reason(root, work.case_task);
  if (work.case_task.is_late) root.concept_of("businessStatus", task_state_system, "forsenad");
  root.text("intent", "order");
  root.concept_of("code", task_system, to_string(work.case_task.kind));
  if (is_proposed)
    root.text("description",
              "Patienten har redan en fast vårdkontakt hos er. Bekräfta den genom att slutföra uppgiften, eller namnge en annan "
              "i output.");
  if (const std::string lacking = lacking_information(work.case_task); !lacking.empty()) root.text("description", lacking);
  case_.refer_to_encounter(root, "focus");
  case_.refer_to_patient(root, "for");
  case_.refer_to_encounter(root, "encounter");
  root.text("authoredOn", time::format_local(work.authored));
  root.text("lastModified", time::format_local(work.modified));
  case_.refer_logically(root.object("requester"), work.case_task.requester);
  case_.refer_logically(root.object("owner"), work.case_task.party);
  if (work.case_task.deadline)
    root.object("restriction").object("period").text("end", time::format_local(*work.case_task.deadline));
  for (const Note& note : work.case_task.notes) write_note(root.item("note"), note);
  if (is_proposed) write_proposal(root.item("input"), *proposed);
  write_output(root, work.case_task);
  return projected;
}

std::string CommunicationWriter::lacking_information(const CaseTask& case_task) const {
  std::string names;
  if (is_open_status(case_task.status))
    for (const std::string& party : case_task.uninformed)
      names += (names.empty() ? "" : "; ") + facts_.members.find(party)->party.name;
  return names.empty() ? names : "Information saknas hos: " + names + ".";
}

/// Whom the party has appointed in another case of the patient.
void CommunicationWriter::write_proposal(Branch input, const Appointment& known) {
  input.concept_of("type", team_system, fast_kontakt);
  input.object("valueReference")
      .text("reference", "#" + std::string(contact_role_id))
      .text("type", "PractitionerRole")
      .text("display", known.contact.name);
}

/// Whom the party appointed, as the case has it.
void CommunicationWriter::write_output(Branch root, const CaseTask& case_task) const {
  const Appointment* appointment = case_task.contact.empty() ? nullptr : facts_.contacts.find(case_task.contact);
  if (!appointment) return;
  Branch output = root.item("output");
  output.concept_of("type", team_system, fast_kontakt);
  output.object("valueReference")
      .text("reference", "CareTeam/" + care_team_id(case_, case_task.contact))
      .text("display", appointment->contact.name);
}

void CommunicationWriter::write_reason(Branch root, const CaseTask& case_task) {
  if (case_task.reason.empty() && case_task.reason_codes.empty()) return;
  Branch reason = root.object("statusReason");
  for (const ReasonCode& code : case_task.reason_codes) write_coding(reason.item("coding"), code);
  reason.text("text", case_task.reason);
}

void CommunicationWriter::write_note(Branch annotation, const Note& note) const {
  if (note.by_organisation)
    case_.refer_logically(annotation.object("authorReference"), note.organisation, note.author);
  else
    annotation.text("authorString", note.author);
  annotation.text("time", note.at).text("text", note.text);
}

}  // namespace vardbron::care
