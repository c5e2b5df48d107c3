#pragma once

// Tested by tests/care/plan/plan_tasks_test.cpp.

#include "gateway/care/person/person_view.h"
#include "gateway/care/plan/plan_facts.h"

#include <cstddef>
#include <string>
#include <string_view>

namespace vardbron::care::plan {

/// The Tasks of a plan: its insatser, each for the unit that is responsible, and its follow-ups.
class PlanTasks {
 public:
  PlanTasks(Facts& facts, const PersonView& person) : facts_(facts), person_(person) {}

  /// A version of the plan holds from now on: its insatser are asked for. One that an earlier version had keeps its Task, and
  /// those that it has no more are cancelled.
  void agree(const Edition& edition, const ChainEntry& link);
  /// What became of insatser, as the unit that is responsible says, or the main responsible.
  void take_activities(std::size_t index);
  /// The plan was followed up.
  void follow_up(const ChainEntry& link);
  /// What the owner of a Task wrote.
  void write(std::size_t index);
  void cancel_all(WallTime at, std::string_view reason);
  void cancel_of(std::string_view unit, WallTime at, std::string_view reason);
  /// The unit takes part again: what the plan that holds asks of it is asked for.
  void ask_again(std::string_view unit, WallTime at);
  /// Marks late ones, and notes when the next one gets late.
  void finish(WallTime now);

 private:
  void book(const PlanFollowUp& follow_up, const ChainEntry& link, bool is_moved);
  void hold(FollowUpTask& task, const SentTime& at);
  FollowUpTask* open_follow_up();
  /// The unit that calls the follow-up: the one that the plan names, else that of the contact with overall coordination (type 4)
  /// if it takes part, else the main responsible. Source: kv_typ_av_fast_kontakt.
  std::string caller_of(const PlanFollowUp& follow_up) const;
  ActivityTask* find_activity(std::string_view name);
  template <class Use>
  void for_each(Use use);

  Facts& facts_;
  const PersonView& person_;
};

/// Why a Task is cancelled whose owner takes part no more: nothing of what the person decided.
inline constexpr std::string_view changed_participants = "ändrade deltagare";
/// Ends the name of a follow-up that was held and not booked.
inline constexpr std::string_view unbooked = "|unbooked";

/// A FHIR date is over at its end; nothing of what is no time.
std::optional<WallTime> end_of(const std::string& due);

}  // namespace vardbron::care::plan
