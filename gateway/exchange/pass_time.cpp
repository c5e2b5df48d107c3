#include "gateway/access/audit.h"
#include "gateway/base/limits.h"
#include "gateway/base/reached.h"
#include "gateway/exchange/message_path.h"

#include <algorithm>
#include <optional>
#include <utility>

namespace vardbron::exchange {

namespace {

std::string what_passed(const care::Projection& after) {
  auto late = std::count_if(after.case_tasks.begin(), after.case_tasks.end(),
                            [](const care::CaseTask& case_task) { return case_task.is_late; });
  return std::to_string(late) + (late == 1 ? " Task is late" : " Tasks are late");
}

Failure is_changing() { return {Cause::Busy, "The case is changing at this moment.", ""}; }

}  // namespace

// Nothing came, but time went by: one commit like any other event of the case. Once it is durable the case is due no more, and
// until then it is; so what happens at that moment is told once, whatever fails in between.
Task<Result<bool>> MessagePath::let_time_pass(std::string case_key) {
  // Whatever has the turn works out what time has done too, and what waits for it is told sooner than we could.
  const std::optional<CaseQueue::Turn> turn = queue_.take_if_free(case_key);
  if (!turn) co_return is_changing();
  for (int attempt = 0; attempt < limits::commit_conflict_retries_max; ++attempt) {
    Result<store::Case> known = co_await load(case_key);
    if (!known) co_return std::move(known).failure();
    if (!known->times.next_change || *known->times.next_change > parts_.clock.certain_wall()) co_return false;
    Task<Result<bool>> work = pass_time_in(*known);
    if (known->is_long) work = where_long_cases_are(pass_time_in_long(case_key));
    Result<bool> passed = co_await std::move(work);
    if (passed || passed.failure().cause != Cause::Conflict) co_return passed;
    REACHED("exchange: a notice came while time passed");
  }
  co_return is_changing();
}

Task<Result<bool>> MessagePath::pass_time_in_long(std::string case_key) {
  Result<store::Case> known = co_await parts_.store.load_case(std::move(case_key));
  if (!known) co_return std::move(known).failure();
  co_return co_await pass_time_in(*known);
}

Task<Result<bool>> MessagePath::pass_time_in(const store::Case& known) {
  const WallTime now = parts_.clock.certain_wall();
  // A notice came first, and was worked out at its own time.
  if (!known.times.next_change || *known.times.next_change > now) co_return false;
  Result<Folded> folded = fold(known, std::nullopt, parts_.rules, now);
  if (!folded) co_return std::move(folded).failure();
  std::shared_ptr<const subscription::Matcher> matcher = parts_.matcher();
  store::Change change = change_of(known, *folded, parts_.rules, *matcher);
  change.audit.push_back(access::time_passed(known.key, what_passed(folded->after)));
  Result<store::Committed> committed = co_await commit(std::move(change));
  if (!committed) co_return std::move(committed).failure();
  co_return true;
}

}  // namespace vardbron::exchange
