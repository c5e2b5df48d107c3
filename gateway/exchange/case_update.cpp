#include "gateway/exchange/case_update.h"

#include "gateway/base/reached.h"

#include <utility>

namespace vardbron::exchange {

namespace {

/// Result of one attempt that did not fail.
struct Attempt {
  bool is_overtaken = false;                  // another change was committed first, and nothing of this one
  std::optional<store::Committed> committed;  // none: the case is left as it is
};

// Deliveries and clocks are notified only once the commit is durable.
Task<Result<Attempt>> commit(const CaseParts& parts, store::Change change) {
  const std::optional<store::CaseTimes> times = change.times;
  Result<store::Committed> committed = co_await parts.store.commit(std::move(change));
  if (!committed && committed.failure().cause == Cause::Conflict) co_return Attempt{true, std::nullopt};
  if (!committed) co_return std::move(committed).failure();
  parts.notify(*committed);
  if (parts.due && times && times->next_change) parts.due(*times->next_change);
  co_return Attempt{false, std::move(*committed)};
}

Task<Result<Attempt>> change_case(const CaseParts& parts, const store::Case& known, CaseStep& step) {
  Result<std::optional<CaseStep::Begun>> begun = co_await step.begin(known);
  if (!begun) co_return std::move(begun).failure();
  if (!*begun) co_return Attempt{};
  Result<ProjectedCase> projected = project_case(known, std::move((*begun)->link), parts.rules, (*begun)->now);
  if (!projected) co_return std::move(projected).failure();
  Result<void> taken = step.check(*projected);
  if (!taken) co_return std::move(taken).failure();
  std::shared_ptr<const subscription::Matcher> matcher = parts.matcher();
  CaseChange change = change_of(known, *projected, parts.rules, *matcher);
  const bool is_wanted = step.complete(*projected, change);
  if (!is_wanted) co_return Attempt{};
  co_return co_await commit(parts, std::move(change.change));
}

Task<Result<Attempt>> change_long_case(const CaseParts& parts, const std::string& key, CaseStep& step) {
  Result<store::Case> known = co_await parts.store.load_case(key);
  if (!known) co_return std::move(known).failure();
  co_return co_await change_case(parts, *known, step);
}

// The first look loads only the length of a long case.
Task<Result<Attempt>> attempt(const CaseParts& parts, const std::string& key, CaseStep& step) {
  Result<store::Case> known = co_await parts.store.load_case(key, parts.short_case_links_max);
  if (!known) co_return std::move(known).failure();
  if (!known->is_long) co_return co_await change_case(parts, *known, step);
  Task<Result<Attempt>> work = change_long_case(parts, key, step);
  if (!parts.long_cases) co_return co_await std::move(work);
  co_return co_await run_on(parts.long_cases, std::move(work));
}

}  // namespace

Task<Result<std::optional<store::Committed>>> update_case(const CaseParts& parts, std::string key, CaseStep& step) {
  for (int each = 0; each < limits::commit_conflict_retries_max; ++each) {
    Result<Attempt> came = co_await attempt(parts, key, step);
    if (!came) co_return std::move(came).failure();
    if (!came->is_overtaken) co_return std::move(came->committed);
    REACHED("exchange: another change of the case came first");
  }
  co_return step.overtaken();
}

}  // namespace vardbron::exchange
