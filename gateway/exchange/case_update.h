#pragma once

#include "gateway/base/clock.h"
#include "gateway/base/limits.h"
#include "gateway/base/result.h"
#include "gateway/base/run_on.h"
#include "gateway/base/task.h"
#include "gateway/exchange/case_cache.h"
#include "gateway/exchange/case_change.h"
#include "gateway/exchange/case_queue.h"
#include "gateway/exchange/organization_register.h"
#include "gateway/store/store.h"
#include "gateway/subscription/matcher.h"

#include <cstddef>
#include <functional>
#include <memory>
#include <optional>
#include <string>

namespace vardbron::exchange {

/// What cases are updated with. All outlive it.
struct CaseParts {
  store::Store& store;
  CaseRules rules;
  std::function<std::shared_ptr<const subscription::Matcher>()> matcher;  ///< any thread
  std::function<void(const store::Committed&)> notify;                    ///< wakes deliveries; cheap, any thread
  std::function<void(WallTime)> due{};  ///< a case changes by time alone then; cheap, any thread; may be empty
  asio::any_io_executor long_cases{};   ///< where long cases are computed; empty: on the caller's
  std::size_t short_case_links_max = limits::short_case_links_max;  ///< a case of more is long
  CaseCache* cache = nullptr;                                       ///< of all paths of the process; null: nothing is kept
  CaseQueue* persons = nullptr;  ///< likewise: changes of one person wait for each other, by keys of numbers; null: they do not
  OrganizationRegister* organizations = nullptr;  ///< likewise; null: it is read for each change
};

/// One kind of update of a case. It lives as long as its update; each attempt calls begin, check and complete in this order, on
/// the thread where the case is computed, never two of them at once.
class CaseStep {
 public:
  /// What the case is projected with.
  struct Begun {
    std::optional<care::Link> link;  ///< new in the case; none: time alone changes it
    WallTime now{};
  };

  CaseStep() = default;
  CaseStep(const CaseStep&) = delete;
  CaseStep& operator=(const CaseStep&) = delete;
  virtual ~CaseStep() = default;

  /// Reads the case as it is stored; the bodies of its links, and its resources, may be left out. Nothing: the case is left as it
  /// is. A failure ends the update, whatever its cause.
  virtual Task<Result<std::optional<Begun>>> begin(const store::Case& known) = 0;
  /// Whether the case accepts the link. A failure ends the update, whatever its cause.
  virtual Result<void> check(const ProjectedCase&) { return done(); }
  /// Adds the rest of the commit: link, journal, receipt, access log. False: the case is left as it is.
  virtual bool complete(const ProjectedCase& projected, CaseChange& change) = 0;
  /// The failure for its sender when other changes came first at every attempt.
  virtual Failure overtaken() const = 0;
};

/// One change of one case, in one commit: loads the case, or takes it from the cache while the store has the same, projects it
/// with what the step adds, and commits what that changes. When another change of the case was committed in between, the same
/// again with the newer case, at most limits::commit_conflict_retries_max times. With the case's turn (case_queue.h) only other
/// processes can cause that. Returns what was committed, of which deliveries and the clock of the cases have been notified;
/// nothing: the step left the case as it is. Failure, with nothing committed: the step's own, or CaseStep::overtaken; Broken: a
/// stored link cannot be read; TooLarge: the case has no room for the link; or the store's. `parts` and `step` outlive the task.
/// Runs on the caller's thread, and for a long case on that of `long_cases`.
Task<Result<std::optional<store::Committed>>> update_case(const CaseParts& parts, std::string key, CaseStep& step);

}  // namespace vardbron::exchange
