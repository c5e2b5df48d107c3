// Tested by tests/care/plan/plan_writer_test.cpp.

#include "gateway/care/chain/code_systems.h"
#include "gateway/care/chain/task_status.h"
#include "gateway/care/plan/plan_resources.h"
#include "gateway/time/civil.h"

#include <algorithm>

namespace vardbron::care::plan {
namespace {

constexpr std::string_view achievement_system = "http://terminology.hl7.org/CodeSystem/goal-achievement";

}  // namespace

void PlanWriter::write_goal(const PlanGoal& goal) {
  Projected& made = start("Goal", "mal|" + name_of(goal));
  made.is_former = facts_.state == State::None;
  Branch root(made.document, 0);
  const Edition& edition = facts_.current();
  const auto is_it = [&](const PlanGoal& each) { return name_of(each) == name_of(goal); };
  const bool is_current = std::any_of(edition.content.goals.begin(), edition.content.goals.end(), is_it);
  const bool is_over = plan::is_over(facts_.state) || facts_.state == State::Installd;
  const std::string_view lifecycle = is_cancelled()                                  ? in_error
                                     : facts_.state == State::Avslutad && is_current ? "completed"
                                     : is_over || !is_current                        ? "cancelled"
                                     : edition.status == Edition::Status::Active     ? "active"
                                                                                     : "proposed";
  root.text("lifecycleStatus", lifecycle);
  if (!is_silent() && !goal.state.empty()) root.concept_of("achievementStatus", achievement_system, goal.state);
  if (!is_silent()) root.concept_item("category", goal_system, goal.is_short_term ? "delmal" : "mal");
  root.object("description").text("text", is_silent() ? "Uppgiften visas inte." : goal.text);
  refer_to_patient(root, "subject");
  if (is_silent()) return;
  if (!goal.due.empty()) root.item("target").text("dueDate", goal.due);
  if (goal.is_persons) refer_to_patient(root, "expressedBy");
}

void PlanWriter::write_former_goal(const std::string& name) {
  Projected& made = start("Goal", "mal|" + name);
  made.is_former = true;
  Branch root(made.document, 0);
  root.text("lifecycleStatus", in_error);
  root.object("description").text("text", "Uppgiften visas inte.");
  refer_to_patient(root, "subject");
}

void PlanWriter::write_task(const std::string& name, const PlanTask& task, const TaskWords& words) {
  Projected& made = start("Task", name, words.code);
  Branch root(made.document, 0);
  if (!is_cancelled()) root.item("basedOn").text("reference", reference_to_plan());
  root.text("status", is_cancelled() ? in_error : std::string_view(task.status));
  if (!task.reason.empty()) root.object("statusReason").text("text", task.reason);
  if (task.is_late) root.concept_of("businessStatus", task_state_system, "forsenad");
  root.text("intent", "order").concept_of("code", task_system, words.code);
  if (is_silent()) return refer_to_patient(root, "for");
  root.text("description", words.description);
  root.object("focus").text("reference", reference_to_plan());
  refer_to_patient(root, "for");
  refer_to_encounter(root);
  if (!words.begins.empty() || !words.ended.empty())
    root.object("executionPeriod").text("start", words.begins).text("end", words.ended);
  root.text("authoredOn", time::format_local(task.authored)).text("lastModified", time::format_local(task.modified));
  refer_to_party(root, "requester", task.requester);
  refer_to_party(root, "owner", task.owner);
  if (task.owner.empty() && !words.owner_in_words.empty()) root.object("owner").text("display", words.owner_in_words);
  for (const Note& note : task.notes) write_note(root.item("note"), note);
  if (task.deadline) root.object("restriction").object("period").text("end", time::format_local(*task.deadline));
  if (words.outcome.empty()) return;
  Branch output = root.item("output");
  output.object("type").text("text", "utfall");
  output.text("valueString", words.outcome);
}

void PlanWriter::write_note(Branch annotation, const Note& note) const {
  const Participant* unit = note.by_organisation ? facts_.find(note.organisation) : nullptr;
  if (unit != nullptr)
    refer_to(annotation.object("authorReference"), "Organization", *unit);
  else
    annotation.text("authorString", note.author);
  annotation.text("time", note.at).text("text", note.text);
}

void PlanWriter::write_activity(const ActivityTask& task) {
  const PlanActivity& said = task.activity;
  write_task("insats|" + task.name, task, {"insats", said.text, said.start, "", said.outcome, said.by});
}

void PlanWriter::write_follow_up(const FollowUpTask& task) {
  write_task("folj-upp|" + task.name, task, {"folj-upp-sip", task.follow_up.form, "", task.held, "", ""});
}

}  // namespace vardbron::care::plan
