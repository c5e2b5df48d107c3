#include "gateway/exchange/case_update.h"

#include "gateway/base/reached.h"

#include <cstddef>
#include <span>
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

// Leaves in `known` what may be kept: null when the stored case may be another now.
Task<Result<Attempt>> project_and_commit(const CaseParts& parts, std::unique_ptr<KeptCase>& known, CaseStep& step,
                                         CaseStep::Begun begun) {
  Result<ProjectedCase> projected = project_case(*known, std::move(begun.link), parts.rules, begun.now);
  if (!projected) co_return std::move(projected).failure();
  Result<void> taken = step.check(*projected);
  if (!taken) co_return std::move(taken).failure();
  std::shared_ptr<const subscription::Matcher> matcher = parts.matcher();
  CaseChange change = change_of(*known, *projected, parts.rules, *matcher);
  const bool is_wanted = step.complete(*projected, change);
  if (!is_wanted) co_return Attempt{};
  OrganizationRegister unkept;
  OrganizationRegister& organizations = parts.organizations ? *parts.organizations : unkept;
  auto named = co_await organizations.write(parts.store, projected->after.organizations, parts.rules.names, parts.rules.indexer);
  if (!named) co_return std::move(named).failure();
  const std::size_t resources = change.change.resources.size();
  if (!named->words.empty()) change.change.parts.push_back(std::move(named->part));
  KeptChange kept(*std::move(projected), change);
  std::unique_ptr<KeptCase> changed = std::move(known);
  Result<Attempt> came = co_await commit(parts, std::move(change.change));
  if (came && came->committed) {
    organizations.committed(named->words, std::span(came->committed->versions).subspan(resources));
  } else {
    organizations.forget(named->words);
  }
  if (came && came->committed && kept.take_into(*changed, *came->committed)) known = std::move(changed);
  co_return came;
}

Task<Result<Attempt>> change_case(const CaseParts& parts, std::unique_ptr<KeptCase> known, CaseStep& step,
                                  CaseStep::Begun begun) {
  Result<Attempt> came = co_await project_and_commit(parts, known, step, std::move(begun));
  if (known && parts.cache) parts.cache->put(std::move(known));
  co_return came;
}

Task<Result<Attempt>> change_kept_case(const CaseParts& parts, std::unique_ptr<KeptCase> known, CaseStep& step) {
  Result<std::optional<CaseStep::Begun>> begun = co_await step.begin(known->stored);
  if (begun && *begun) co_return co_await change_case(parts, std::move(known), step, *std::move(*begun));
  parts.cache->put(std::move(known));
  if (!begun) co_return std::move(begun).failure();
  co_return Attempt{};
}

Task<Result<Attempt>> change_stored_case(const CaseParts& parts, store::Case stored, CaseStep& step) {
  Result<std::optional<CaseStep::Begun>> begun = co_await step.begin(stored);
  if (!begun) co_return std::move(begun).failure();
  if (!*begun) co_return Attempt{};
  Result<KeptCase> read = read_case(std::move(stored), parts.rules);
  if (!read) co_return std::move(read).failure();
  auto known = std::make_unique<KeptCase>(*std::move(read));
  co_return co_await change_case(parts, std::move(known), step, *std::move(*begun));
}

Task<Result<Attempt>> change_long_case(const CaseParts& parts, const std::string& key, CaseStep& step) {
  Result<store::Case> stored = co_await parts.store.load_case(key);
  if (!stored) co_return std::move(stored).failure();
  co_return co_await change_stored_case(parts, std::move(*stored), step);
}

// The first look loads only the length of a long case, and nothing of one that is kept.
Task<Result<Attempt>> attempt(const CaseParts& parts, const std::string& key, CaseStep& step) {
  std::unique_ptr<KeptCase> kept = parts.cache ? parts.cache->take(key) : nullptr;
  std::optional<store::KnownCase> known;
  if (kept) known = store::KnownCase{kept->stored.version, kept->stored.times};
  Result<store::Case> stored = co_await parts.store.load_case(key, parts.short_case_links_max, known);
  if (!stored) {
    if (kept) parts.cache->put(std::move(kept));
    co_return std::move(stored).failure();
  }
  const bool is_short = static_cast<std::uint64_t>(stored->version) <= parts.short_case_links_max;
  Task<Result<Attempt>> work = stored->is_as_known ? change_kept_case(parts, std::move(kept), step)
                               : is_short          ? change_stored_case(parts, std::move(*stored), step)
                                                   : change_long_case(parts, key, step);
  if (is_short || !parts.long_cases) co_return co_await std::move(work);
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
