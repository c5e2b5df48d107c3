#include "gateway/exchange/case_change.h"

#include "gateway/base/digest.h"
#include "gateway/base/limits.h"
#include "gateway/care/notifications.h"
#include "gateway/formats/json/parse.h"
#include "gateway/formats/json/write.h"

#include <algorithm>
#include <map>
#include <string_view>
#include <utility>

namespace vardbron::exchange {

namespace {

Result<care::Link> read_link(const store::ChainLink& stored, const std::string& case_key, const tree::Names& names) {
  Result<tree::Document> document = json::parse(stored.body, names);
  if (!document) return std::move(document).failure();
  if (care::is_write(*document)) {
    Result<care::Write> write = care::read_write(*document);
    if (!write) return std::move(write).failure();
    return care::Link(std::move(*write));
  }
  Result<care::Notice> notice = care::read_notice(*document);
  if (!notice) return std::move(notice).failure();
  notice->case_key = case_key;
  return care::Link(std::move(*notice));
}

/// Resources of one case by type and id: a long case has thousands, and each is looked up.
template <class Resource>
class ByName {
 public:
  explicit ByName(const std::vector<Resource>& resources) {
    for (const Resource& each : resources) by_name_.emplace(Name(each.type, each.id), &each);
  }
  const Resource* find(const care::Projected& like) const {
    auto found = by_name_.find(Name(like.type, like.id));
    return found == by_name_.end() ? nullptr : found->second;
  }

 private:
  using Name = std::pair<std::string_view, std::string_view>;
  std::map<Name, const Resource*> by_name_;
};

/// A case as it is stored, and as it was projected when it was stored.
struct Former {
  ByName<store::CaseResource> stored;
  ByName<care::Projected> projected;
};

// Written when its bytes have changed, or when another organisation may see it now.
std::optional<store::ResourceWrite> write_if_changed(const Former& former, const care::Projected& resource,
                                                     const CaseRules& rules) {
  std::string body = json::write(resource.document);
  const store::CaseResource* stored = former.stored.find(resource);
  const bool is_new = stored == nullptr;
  const care::Projected* before = is_new ? nullptr : former.projected.find(resource);
  const bool same_parties = before && before->parties == resource.parties;
  if (!is_new && same_parties && stored->digest == to_hex(sha256(body))) return std::nullopt;
  store::ResourceWrite write;
  write.type = resource.type;
  write.id = resource.id;
  write.body = std::move(body);
  write.expected_version = is_new ? 0 : stored->version;
  write.keys = rules.indexer.keys(tree::root(resource.document));
  write.parties = resource.parties;
  return write;
}

WallTime time_of(const store::Case& known, WallTime now) {
  bool was_put_back = now < known.times.seen && known.times.seen - now <= limits::clock_set_back_max;
  return was_put_back ? known.times.seen : now;
}

}  // namespace

Result<ProjectedCase> project_case(const store::Case& known, std::optional<care::Link> link, const CaseRules& rules,
                                   WallTime now) {
  care::Chain chain;
  for (const store::ChainLink& stored : known.links) {
    Result<care::Link> read = read_link(stored, known.key, rules.names);
    if (!read)
      return Failure{Cause::Broken, "A stored notice of the case cannot be read: " + read.failure().says, read.failure().where};
    chain.push_back(std::move(*read));
  }
  if (link) {
    Result<void> room = care::check_limits(chain, *link, rules.limits);
    if (!room) return std::move(room).failure();
  }
  ProjectedCase projected;
  projected.seen = time_of(known, now);
  if (!chain.empty()) projected.before = care::outline(chain, rules.policy, known.times.seen, rules.names);
  if (link) chain.push_back(*std::move(link));
  projected.after = care::project(chain, rules.policy, projected.seen, rules.names);
  return projected;
}

CaseChange change_of(const store::Case& known, const ProjectedCase& projected, const CaseRules& rules,
                     const subscription::Matcher& matcher) {
  CaseChange made;
  store::Change& change = made.change;
  change.case_key = known.key;
  change.case_version = known.version;
  change.case_seen = known.times.seen;
  change.times = store::CaseTimes{projected.seen, projected.after.next_change};
  const Former former{ByName(known.resources), ByName(projected.before.resources)};
  for (const care::Projected& resource : projected.after.resources) {
    std::optional<store::ResourceWrite> write = write_if_changed(former, resource, rules);
    if (write) change.resources.push_back(std::move(*write));
  }
  for (const care::CaseEvent& event : care::case_events(projected.before, projected.after)) {
    std::vector<store::EventWrite> events = matcher.match(event);
    made.notified[event.party] += events.size();
    std::move(events.begin(), events.end(), std::back_inserter(change.events));
  }
  return made;
}

}  // namespace vardbron::exchange
