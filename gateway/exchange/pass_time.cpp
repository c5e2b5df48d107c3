// Tested by tests/exchange/case_clock_test.cpp and tests/exchange/case_update_test.cpp.

#include "gateway/access/audit.h"
#include "gateway/care/notifications.h"
#include "gateway/exchange/message_path.h"

#include <algorithm>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace vardbron::exchange {

namespace {

std::string what_passed(const ProjectedCase& projected) {
  const std::vector<care::CaseTask>& all = projected.after.case_tasks;
  const auto late = std::count_if(all.begin(), all.end(), [](const care::CaseTask& case_task) { return case_task.is_late; });
  const std::string says = std::to_string(late) + (late == 1 ? " Task is late" : " Tasks are late");
  if (projected.after.stay.has_left_patient && !projected.before->stay.has_left_patient)
    return "closed long ago: its parties read the patient no more";
  if (!projected.before_others) return says;
  const std::string others = care::what_other_cases_changed(*projected.before_others, *projected.before);
  return late == 0 ? others : others + "; " + says;
}

Failure is_changing() { return {Cause::Busy, "The case is changing at this moment.", ""}; }

/// The update of a case by time alone.
class TimeStep final : public CaseStep {
 public:
  explicit TimeStep(const Clock& clock) : clock_(clock) {}

  // Not due: a notice came first, and was computed at its own time.
  Task<Result<std::optional<Begun>>> begin(const store::Case& known) override {
    const WallTime now = clock_.certain_wall();
    const bool is_due = known.times.next_change && *known.times.next_change <= now;
    if (!is_due) co_return std::optional<Begun>();
    co_return std::optional<Begun>(Begun{std::nullopt, now});
  }
  bool complete(const ProjectedCase& projected, CaseChange& change) override {
    change.change.audit.push_back(access::time_passed(change.change.case_key, what_passed(projected)));
    return true;
  }
  Failure overtaken() const override { return is_changing(); }

 private:
  const Clock& clock_;
};

}  // namespace

// One commit like any other event of the case. The case is due until the commit is durable, and not afterwards; so everybody is
// notified once of what happens at that moment, whatever fails in between.
Task<Result<bool>> MessagePath::let_time_pass(std::string case_key) {
  // Whatever has the turn computes the effects of time too, and sooner than a waiting task could.
  const std::optional<CaseQueue::Turn> turn = queue_.take_if_free(case_key);
  if (!turn) co_return is_changing();
  TimeStep step(parts_.clock);
  Result<std::optional<store::Committed>> updated = co_await update_case(parts_.cases, std::move(case_key), step);
  if (!updated) co_return std::move(updated).failure();
  co_return updated->has_value();
}

}  // namespace vardbron::exchange
