#pragma once

// Tested by tests/care/plan/plan_writer_test.cpp.

#include "gateway/care/chain/branch.h"
#include "gateway/care/plan/plan_writer.h"

#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace vardbron::care::plan {

inline constexpr std::string_view plan_role_system = "https://vardbron.example/fhir/CodeSystem/plan-roll";
inline constexpr std::string_view in_error = "entered-in-error";
// Of Appointment.comment, in this order.
inline constexpr std::string_view no_end = "Sluttiden är inte angiven.", place_start = "Plats: ", video_start = "Video: ";

/// A dateTime that is not after the other one, so that a period has an order (FHIR R4 per-1).
bool is_in_order(const std::string& start, const std::string& end);

/// Makes the resources of a plan: resources().
class PlanWriter {
 public:
  PlanWriter(const Facts& facts, const PersonView& person, const tree::Names& names, bool has_documents);
  std::vector<Projected> all();

 private:
  bool is_cancelled() const;
  /// The person does not consent: that there is no plan is all that is said.
  bool is_silent() const;
  /// A resource with its id and meta, and the least that its type asks for: as of one that is in error.
  Projected& start(std::string_view type, const std::string& name, std::string_view code = {});
  /// What a notice made that counts no more: in error, where it is stored.
  template <class Things>
  void write_former(std::string_view type, const std::string& start_of_name, const std::set<std::string>& named,
                    const Things& current);
  void refer_to_patient(Branch branch, std::string_view name) const;
  void refer_to_encounter(Branch branch) const;
  /// Units are named by their identifier; the gateway keeps what they are elsewhere.
  void refer_to(Branch branch, std::string_view type, const Participant& participant) const;
  void refer_to_party(Branch branch, std::string_view name, const std::string& id) const;
  std::string reference_to_plan() const;
  std::string_view status_of_edition(const Edition& edition) const;
  void write_plan_head(Branch root, std::string_view status, std::string_view description = {}) const;
  void write_plan(std::size_t index);
  /// Of a plan that holds, a Task; of a draft what is to become one.
  void write_identity(Branch identifier) const;
  void write_plan_activity(Branch activity, const PlanActivity& said, const Edition& edition) const;
  void write_notes(Branch root, const PlanContent& content) const;
  void write_team();
  /// Who takes part no more has an end, whatever the reason.
  void write_member(Branch branch, const Participant& each) const;
  void write_goal(const PlanGoal& goal);
  void write_former_goal(const std::string& name);
  /// Until the participants. FHIR R4 asks for one at least.
  void write_meeting_head(Branch root, std::string_view status) const;
  void write_patient_in_meeting(Branch root) const;
  std::string_view status_of(const Meeting& meeting) const;
  void write_meeting(const Meeting& meeting);
  /// FHIR R4 app-2: a meeting has both times or none, and a call may say only when it begins. What is to be said of that.
  static std::string write_time(Branch root, const PlanMeeting& at);
  /// What a Task is beside its states.
  struct TaskWords {
    std::string_view code;
    std::string description, begins, ended, outcome;
    std::string owner_in_words;  ///< of a measure of somebody who is no unit
  };

  void write_task(const std::string& name, const PlanTask& task, const TaskWords& words);
  void write_note(Branch annotation, const Note& note) const;
  void write_activity(const ActivityTask& task);
  void write_follow_up(const FollowUpTask& task);
  /// What the person decided is for who registered it; a permission also for the unit that it is about.
  void write_consent(const std::string& unit);

  const Facts& facts_;
  const tree::Names& names_;
  bool has_documents_;
  std::string patient_;
  std::vector<Projected> made_;
};

}  // namespace vardbron::care::plan
