#pragma once

#include "gateway/base/clock.h"
#include "gateway/base/result.h"
#include "gateway/care/case_limits.h"
#include "gateway/care/project.h"
#include "gateway/search/indexer.h"
#include "gateway/store/store.h"
#include "gateway/subscription/matcher.h"

#include <chrono>
#include <map>
#include <optional>
#include <string>

namespace vardbron::exchange {

/// What a case is folded with.
struct FoldRules {
  const tree::Names& names;
  const care::Policy& policy;
  const search::Indexer& indexer;
  care::CaseLimits room{};
};

/// A case as everybody knows it, and as it is now.
struct Folded {
  care::Projection before;  ///< its documents are empty
  care::Projection after;
  WallTime seen{};  ///< the time of `after`
};

/// Reads the stored links back and folds them as they were when the case was last worked out, and now with the new link, if
/// there is one. Broken: a stored link cannot be read. TooLarge: there is no room for the new one.
/// A clock that was put back a little is not followed, so that nothing gets late twice; one that was put back by more than
/// limits::clock_set_back_max was wrong before.
Result<Folded> fold(const store::Case& known, std::optional<care::Link> link, const FoldRules& rules, WallTime now);

/// To how many subscriptions of each organisation something is told. An organisation without any finds it by search.
using ToldTo = std::map<std::string, std::size_t, std::less<>>;

/// The part of the commit that a fold decides: which resources are written and which events are told.
/// `matcher` is the picture of the subscriptions at this moment; `told_to`, if given, gets whom the change is for.
store::Change change_of(const store::Case& known, const Folded& folded, const FoldRules& rules,
                        const subscription::Matcher& matcher, ToldTo* told_to = nullptr);

}  // namespace vardbron::exchange
