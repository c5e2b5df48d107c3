#pragma once

#include "gateway/base/clock.h"
#include "gateway/base/result.h"
#include "gateway/care/project.h"
#include "gateway/search/indexer.h"
#include "gateway/store/store.h"
#include "gateway/subscription/matcher.h"

#include <string>

namespace vardbron::exchange {

/// What a case is folded with.
struct FoldRules {
  const tree::Names& names;
  const care::Policy& policy;
  const search::Indexer& indexer;
};

/// A case before and after one more link.
struct Folded {
  care::Projection before, after;
};

/// Reads the stored links back and folds them without and with the new one. Broken: a stored link cannot be read.
Result<Folded> fold(const store::Case& known, const care::Link& link, const FoldRules& rules, WallTime now);

/// The part of the commit that a fold decides: which resources are written and which events are told.
/// `matcher` is the picture of the subscriptions at this moment.
store::Change change_of(const store::Case& known, const Folded& folded, const FoldRules& rules,
                        const subscription::Matcher& matcher);

}  // namespace vardbron::exchange
