#include "gateway/exchange/case_repair.h"

#include "gateway/access/audit.h"
#include "gateway/base/limits.h"
#include "gateway/base/log.h"
#include "gateway/base/reached.h"

#include <utility>
#include <vector>

namespace vardbron::exchange {

// A repaired case drops out of the list by itself; one that fails is stepped over, and found again by the next run.
Task<Result<Repaired>> CaseRepair::run() {
  Repaired repaired;
  store::CaseDue last{parts_.clock.wall() + limits::clock_set_back_max, ""};
  while (repaired.is_all) {
    Result<std::vector<store::CaseDue>> found = co_await parts_.store.cases_seen(last, limits::due_cases_per_look_max);
    if (!found) co_return std::move(found).failure();
    for (store::CaseDue& each : *found) {
      if (repaired.cases + repaired.failed == static_cast<std::int64_t>(limits::repaired_cases_per_call_max)) {
        repaired.is_all = false;
        break;
      }
      Result<bool> done_one = co_await repair(each.case_key);
      if (!done_one)
        log::warning("a case could not be worked out anew", {{"because", std::string_view(done_one.failure().says)}});
      if (!done_one) ++repaired.failed;
      if (done_one && *done_one) ++repaired.cases;
      last = std::move(each);
    }
    if (found->size() < limits::due_cases_per_look_max) break;
  }
  co_return repaired;
}

// False: a notice came first and was worked out at the true time.
Task<Result<bool>> CaseRepair::repair(std::string case_key) {
  for (int attempt = 0; attempt < limits::commit_conflict_retries_max; ++attempt) {
    const WallTime now = parts_.clock.wall();
    Result<store::Case> known = co_await parts_.store.load_case(case_key);
    if (!known) co_return std::move(known).failure();
    if (known->times.seen - now <= limits::clock_set_back_max) co_return false;
    Result<Folded> folded = fold(*known, std::nullopt, parts_.rules, now);
    if (!folded) co_return std::move(folded).failure();
    std::shared_ptr<const subscription::Matcher> matcher = parts_.matcher();
    store::Change change = change_of(*known, *folded, parts_.rules, *matcher);
    change.audit.push_back(access::time_passed(case_key, "worked out anew after a false clock"));
    const std::optional<WallTime> next = folded->after.next_change;
    Result<store::Committed> committed = co_await parts_.store.commit(std::move(change));
    if (committed) {
      parts_.told(*committed);
      if (parts_.due && next) parts_.due(*next);
      co_return true;
    }
    if (committed.failure().cause != Cause::Conflict) co_return std::move(committed).failure();
    REACHED("exchange: a notice came while a case was repaired");
  }
  co_return Failure{Cause::Busy, "The case is changing at this moment.", ""};
}

}  // namespace vardbron::exchange
