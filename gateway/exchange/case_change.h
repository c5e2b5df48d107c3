#pragma once

#include "gateway/base/clock.h"
#include "gateway/base/result.h"
#include "gateway/care/case_limits.h"
#include "gateway/care/project.h"
#include "gateway/search/indexer.h"
#include "gateway/store/store.h"
#include "gateway/subscription/matcher.h"

#include <cstddef>
#include <functional>
#include <map>
#include <optional>
#include <string>

namespace vardbron::exchange {

/// What a case is projected with. All outlive it.
struct CaseRules {
  const tree::Names& names;
  const care::Policy& policy;
  const search::Indexer& indexer;
  care::CaseLimits limits{};
};

/// A case as its parties know it, and as it is now.
struct ProjectedCase {
  care::Projection before;  ///< its documents are empty
  care::Projection after;
  WallTime seen{};  ///< the time of `after`
};

/// Reads the stored links and projects them as of the last computation of the case, and as of now with the new link, if there is
/// one. Broken: a stored link cannot be read. TooLarge: there is no room for the new one.
/// A clock that was set back a little is not followed, so that nothing gets late twice; one that was set back by more than
/// limits::clock_set_back_max was wrong before.
Result<ProjectedCase> project_case(const store::Case& known, std::optional<care::Link> link, const CaseRules& rules,
                                   WallTime now);

/// How many subscriptions of each organisation are notified. An organisation with 0 finds it by search.
using Notified = std::map<std::string, std::size_t, std::less<>>;

/// What a new projection changes.
struct CaseChange {
  store::Change change;  ///< the resources and events of the commit, and the version it was computed from
  Notified notified;     ///< by the events of `change`
};

/// Resources are written when their bytes have changed, or when other organisations may see them now.
/// `matcher`: the subscriptions at this moment.
CaseChange change_of(const store::Case& known, const ProjectedCase& projected, const CaseRules& rules,
                     const subscription::Matcher& matcher);

}  // namespace vardbron::exchange
