#pragma once

#include "gateway/base/clock.h"
#include "gateway/base/result.h"
#include "gateway/care/case_limits.h"
#include "gateway/care/project.h"
#include "gateway/search/indexer.h"
#include "gateway/store/store.h"
#include "gateway/subscription/matcher.h"
#include "gateway/subscription/reaches.h"

#include <cstddef>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

namespace vardbron::exchange {

/// What a case is projected with. All outlive it.
struct CaseRules {
  const tree::Names& names;
  const care::Policies& policies;
  const search::Indexer& indexer;
  care::CaseLimits limits{};
  std::string person_secret{};  ///< store::Store::person_secret
};

/// The newest version of a resource of a case.
struct StoredResource {
  using Parties = std::shared_ptr<const std::vector<std::string>>;

  std::int64_t version = 0;
  std::string body;    ///< store::ResourceWrite::body; empty: `digest` is known instead
  std::string digest;  ///< store::CaseResource::digest
  Parties parties;     ///< who may see it, often shared with other resources; null: not known
};

/// A stored case with what was computed of it, so that its next change reads and projects no link again.
struct KeptCase {
  store::Case stored;                                         ///< without the bodies of its links, and without resources
  care::Chain chain;                                          ///< its links
  care::PersonView person;                                    ///< what the patient's other cases say
  care::StayView stay;                                        ///< what they know of this one
  care::Projection projected;                                 ///< as of stored.times.seen, without resources
  care::KeptFold fold;                                        ///< of `chain`; null: it is folded again
  std::unordered_map<std::string, StoredResource> resources;  ///< by "Type/id"
  /// Every stored resource is as `projected` has it. False for a case just read: a program with other rules may have written it.
  bool is_as_projected = false;
  std::size_t text_bytes = 0;  ///< of the bodies of its links and resources
};

/// Reads the links of a stored case. Broken: one cannot be read.
Result<KeptCase> read_links(store::Case stored, const CaseRules& rules);
/// Projects what was read as of the last computation of the case. `person` and `stay` are set.
void outline_case(KeptCase& known, const CaseRules& rules);
/// Both, of a case whose patient has no other.
Result<KeptCase> read_case(store::Case stored, const CaseRules& rules);

/// The numbers that the notices of a case give its patient, and those of a new link.
std::vector<care::Identity> numbers_in(const KeptCase& known, const std::optional<care::Link>& link);

/// A case as its parties know it, and as it is now.
struct ProjectedCase {
  const care::Projection* before;  ///< KeptCase::projected
  care::Projection after;
  WallTime seen{};                 ///< the time of `after`
  std::optional<care::Link> link;  ///< the new one
  care::KeptFold fold{};           ///< with the new link; it went on from that of the KeptCase, which has none now
  /// `before` with what the patient's other cases said when the case was computed last; null: they say the same for this one.
  const care::Projection* before_others = nullptr;
};

/// Projects the case as of now, with the new link if there is one. `known` outlives the result, and is left as it is, but for its
/// fold, which goes into the result.
/// TooLarge: there is no room for the link.
/// A clock that was set back a little is not followed, so that nothing gets late twice; one that was set back by more than
/// limits::clock_set_back_max was wrong before.
Result<ProjectedCase> project_case(KeptCase& known, std::optional<care::Link> link, const CaseRules& rules, WallTime now);

/// The subscriptions of each organisation that are notified, and whether they get it now. An organisation without one finds it by
/// search.
using Notified = std::map<std::string, subscription::Reached, std::less<>>;

/// What a new projection changes.
struct CaseChange {
  store::Change change;         ///< the resources and events of the commit, and the version it was computed from
  Notified notified;            ///< by the events of `change`, but for those of the patient's other cases
  bool follows_others = false;  ///< there are such events
};

/// Resources are written when their bytes have changed, or when other organisations may see them now.
/// `matcher`: the subscriptions at this moment.
CaseChange change_of(const KeptCase& known, const ProjectedCase& projected, const CaseRules& rules,
                     const subscription::Matcher& matcher);

/// Takes a commit into the case that it was computed from.
class KeptChange {
 public:
  /// Before `made` is committed.
  KeptChange(ProjectedCase projected, const CaseChange& made);
  /// After that. False, with `known` unusable: the commit has not the links that were projected.
  bool take_into(KeptCase& known, const store::Committed& committed);

 private:
  struct Written {
    std::string name;
    StoredResource resource;
  };
  ProjectedCase projected_;
  std::optional<store::CaseTimes> times_;
  std::vector<store::ChainLink> links_;  // without bodies
  std::size_t text_bytes_ = 0;
  std::vector<Written> written_;
};

}  // namespace vardbron::exchange
