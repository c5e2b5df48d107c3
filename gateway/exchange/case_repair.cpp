#include "gateway/exchange/case_repair.h"

#include "gateway/access/audit.h"
#include "gateway/base/limits.h"
#include "gateway/base/log.h"

#include <utility>
#include <vector>

namespace vardbron::exchange {

namespace {

/// The case computed again at the true time.
class RepairStep final : public CaseStep {
 public:
  explicit RepairStep(const Clock& clock) : clock_(clock) {}

  Task<Result<std::optional<Begun>>> begin(const store::Case& known) override {
    const WallTime now = clock_.wall();
    const bool is_ahead = known.times.seen - now > limits::clock_set_back_max;
    if (!is_ahead) co_return std::optional<Begun>();
    co_return std::optional<Begun>(Begun{std::nullopt, now});
  }
  bool complete(const ProjectedCase&, CaseChange& change) override {
    change.change.audit.push_back(access::time_passed(change.change.case_key, "worked out anew after a false clock"));
    return true;
  }
  Failure overtaken() const override { return {Cause::Busy, "The case is changing at this moment.", ""}; }

 private:
  const Clock& clock_;
};

}  // namespace

// A repaired case is no longer listed; one that fails is skipped, and found again by the next run.
Task<Result<Repaired>> CaseRepair::run() {
  Repaired repaired;
  store::CaseDue last{clock_.wall() + limits::clock_set_back_max, ""};
  while (repaired.is_all) {
    Result<std::vector<store::CaseDue>> found = co_await cases_.store.cases_seen(last, limits::due_cases_per_look_max);
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

// False: a notice came first and was computed at the true time.
Task<Result<bool>> CaseRepair::repair(std::string case_key) {
  RepairStep step(clock_);
  Result<std::optional<store::Committed>> updated = co_await update_case(cases_, std::move(case_key), step);
  if (!updated) co_return std::move(updated).failure();
  co_return updated->has_value();
}

}  // namespace vardbron::exchange
