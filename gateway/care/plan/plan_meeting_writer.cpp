// Tested by tests/care/plan/plan_writer_test.cpp.

#include "gateway/care/chain/code_systems.h"
#include "gateway/care/plan/plan_resources.h"
#include "gateway/time/civil.h"

#include <chrono>

namespace vardbron::care::plan {

void PlanWriter::write_team() {
  Projected& made = start("CareTeam", "plan", "team");
  made.is_former = facts_.state == State::None;
  Branch root(made.document, 0);
  const bool is_over = plan::is_over(facts_.state) || facts_.state == State::Installd;
  root.text("status", is_cancelled() ? in_error : is_over ? "inactive" : is_active(facts_.state) ? "active" : "proposed");
  root.concept_item("category", team_system, "team");
  root.text("name", kind_of(facts_.key.kind).title);
  refer_to_patient(root, "subject");
  if (is_silent()) return;
  refer_to_encounter(root);
  // One that the person never let take part is not shown: that would show what the person decided.
  for (const Participant& each : facts_.participants)
    if (each.takes_part() || each.was_shared_with || !each.until.empty()) write_member(root.item("participant"), each);
  if (const Participant* source = facts_.find(facts_.source))
    refer_to(root.item("managingOrganization"), "Organization", *source);
}

void PlanWriter::write_member(Branch branch, const Participant& each) const {
  if (!each.said.role.empty()) branch.concept_item("role", plan_role_system, each.said.role);
  if (each.said.role == "patient")
    refer_to_patient(branch, "member");
  else
    refer_to(branch.object("member"), each.party.id.empty() ? "RelatedPerson" : "Organization", each);
  Branch period = branch.object("period");
  period.text("start", each.since);
  if (each.takes_part()) return;
  const std::string& until = each.until.empty() ? each.denied : each.until;
  if (is_in_order(each.since, until)) period.text("end", until);
}

void PlanWriter::write_meeting_head(Branch root, std::string_view status) const {
  root.text("status", status).text("description", "Möte om samordnad planering");
}

void PlanWriter::write_patient_in_meeting(Branch root) const {
  Branch participant = root.item("participant");
  refer_to_patient(participant, "actor");
  participant.text("status", "needs-action");
}

std::string_view PlanWriter::status_of(const Meeting& meeting) const {
  if (is_cancelled()) return in_error;
  if (meeting.status == Meeting::Status::Cancelled || is_silent()) return "cancelled";
  if (meeting.at.start.empty()) return "proposed";
  return meeting.status == Meeting::Status::Held ? "fulfilled" : "booked";
}

void PlanWriter::write_meeting(const Meeting& meeting) {
  Projected& made = start("Appointment", meeting.name.empty() ? "" : "mote|" + meeting.name);
  Branch root(made.document, 0);
  write_meeting_head(root, status_of(meeting));
  if (is_silent()) return write_patient_in_meeting(root);
  root.item("supportingInformation").text("reference", reference_to_plan());
  std::string comment = write_time(root, meeting.at);
  root.text("created", meeting.called.text);
  const auto add = [&](std::string_view what, const std::string& text) {
    if (!text.empty()) comment += (comment.empty() ? "" : " ") + std::string(what) + text;
  };
  if (facts_.protection == Protection::None) add(place_start, meeting.at.place);
  add(video_start, meeting.at.video_link);
  root.text("comment", comment);
  write_patient_in_meeting(root);
  for (const Participant& each : facts_.participants) {
    if (!each.takes_part() || each.said.role == "patient") continue;
    Branch participant = root.item("participant");
    if (!each.said.role.empty()) participant.concept_item("type", plan_role_system, each.said.role);
    // R4 lets no Organization take part in an Appointment; the unit is the service that does.
    refer_to(participant.object("actor"), each.party.id.empty() ? "RelatedPerson" : "HealthcareService", each);
    participant.text("status", each.said.answer.empty() ? "needs-action" : each.said.answer);
  }
}

std::string PlanWriter::write_time(Branch root, const PlanMeeting& at) {
  const Result<time::CivilTime> start = time::parse_civil(at.start);
  if (at.start.empty() || !start) return "";
  const bool has_end = is_in_order(at.start, at.end);
  const WallTime end = has_end ? time::parse_civil(at.end)->at : start->at + std::chrono::hours(1);
  root.text("start", time::format_local(start->at)).text("end", time::format_local(end));
  return has_end ? "" : std::string(no_end);
}

}  // namespace vardbron::care::plan
