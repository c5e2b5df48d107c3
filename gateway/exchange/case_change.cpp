#include "gateway/exchange/case_change.h"

#include "gateway/base/digest.h"
#include "gateway/base/limits.h"
#include "gateway/care/notifications.h"
#include "gateway/formats/json/parse.h"
#include "gateway/formats/json/write.h"

#include <algorithm>
#include <iterator>
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

std::string name_of(std::string_view type, std::string_view id) {
  std::string name;
  name.reserve(type.size() + 1 + id.size());
  return name.append(type).append("/").append(id);
}

WallTime time_of(const store::Case& known, WallTime now) {
  bool was_put_back = now < known.times.seen && known.times.seen - now <= limits::clock_set_back_max;
  return was_put_back ? known.times.seen : now;
}

/// Moves a link to the end of a chain, for as long as this lives.
class WithLink {
 public:
  WithLink(care::Chain& chain, std::optional<care::Link>& link) : chain_(chain), link_(link) {
    if (link_) chain_.push_back(*std::move(link_));
  }
  WithLink(const WithLink&) = delete;
  ~WithLink() {
    if (!link_) return;
    *link_ = std::move(chain_.back());
    chain_.pop_back();
  }

 private:
  care::Chain& chain_;
  std::optional<care::Link>& link_;
};

bool is_stored(const StoredResource& stored, const std::vector<std::string>& parties, const std::string& body) {
  if (body.empty())  // deleted for all
    return stored.digest.empty() ? stored.body.empty() : stored.digest == to_hex(sha256(body));
  if (!stored.parties || *stored.parties != parties) return false;
  return stored.body.empty() ? stored.digest == to_hex(sha256(body)) : stored.body == body;
}

// Written when its bytes have changed, or when another organisation may see it now.
std::optional<store::ResourceWrite> write_if_changed(const KeptCase& known, const care::Projected& resource,
                                                     const CaseRules& rules) {
  std::string body = resource.is_deleted ? std::string() : json::write(resource.document);
  const auto stored = known.resources.find(name_of(resource.type, resource.id));
  const bool is_new = stored == known.resources.end();
  if (is_new && resource.is_former) return std::nullopt;
  if (!is_new && is_stored(stored->second, resource.parties, body)) return std::nullopt;
  store::ResourceWrite write;
  write.type = resource.type;
  write.id = resource.id;
  write.body = std::move(body);
  write.expected_version = is_new ? 0 : stored->second.version;
  write.deleted = resource.is_deleted;
  if (!write.deleted) write.keys = rules.indexer.keys(tree::root(resource.document));
  write.parties = resource.parties;
  return write;
}

/// Former versions may show whose identity is protected by now, or another person than the case is about.
bool must_hide_former_versions(const care::CaseHeader& before, const care::CaseHeader& after) {
  if (after.protection != care::Protection::None) return true;
  const auto is_kept = [&](const care::Identity& each) {
    return std::find(after.person.begin(), after.person.end(), each) != after.person.end();
  };
  return !before.person.empty() && std::none_of(before.person.begin(), before.person.end(), is_kept);
}

/// The parties of resources, each list once as long as the same ones follow each other.
class SharedParties {
 public:
  const StoredResource::Parties& of(const std::vector<std::string>& parties) {
    if (!last_ || *last_ != parties) last_ = std::make_shared<const std::vector<std::string>>(parties);
    return last_;
  }

 private:
  StoredResource::Parties last_;
};

}  // namespace

Result<KeptCase> read_links(store::Case stored, const CaseRules& rules) {
  KeptCase known;
  known.chain.reserve(stored.links.size() + 1);
  for (store::ChainLink& link : stored.links) {
    Result<care::Link> read = read_link(link, stored.key, rules.names);
    if (!read)
      return Failure{Cause::Broken, "A stored notice of the case cannot be read: " + read.failure().says, read.failure().where};
    known.chain.push_back(std::move(*read));
    known.text_bytes += link.body.size();
    link.body = std::string();
  }
  for (store::CaseResource& each : stored.resources)
    known.resources.insert_or_assign(name_of(each.type, each.id),
                                     StoredResource{each.version, "", std::move(each.digest), nullptr});
  stored.resources.clear();
  known.stored = std::move(stored);
  return known;
}

void outline_case(KeptCase& known, const CaseRules& rules) {
  if (!known.chain.empty())
    known.projected = care::outline(known.chain, rules.policies, known.stored.times.seen, rules.names, &known.fold, known.person);
  SharedParties shared;
  for (const care::Projected& each : known.projected.resources) {
    const auto found = known.resources.find(name_of(each.type, each.id));
    if (found != known.resources.end()) found->second.parties = shared.of(each.parties);
  }
  known.projected.resources = std::vector<care::Projected>();
}

Result<KeptCase> read_case(store::Case stored, const CaseRules& rules) {
  Result<KeptCase> known = read_links(std::move(stored), rules);
  if (known) known->person.key = rules.person_secret;
  if (known) outline_case(*known, rules);
  return known;
}

std::vector<care::Identity> numbers_in(const KeptCase& known, const std::optional<care::Link>& link) {
  std::vector<care::Identity> numbers;
  const auto add = [&](const care::Link& each) {
    const care::Notice* notice = std::get_if<care::Notice>(&each);
    if (notice == nullptr) return;
    for (const care::Identity& number : notice->person.identifiers)
      if (std::find(numbers.begin(), numbers.end(), number) == numbers.end()) numbers.push_back(number);
  };
  for (const care::Link& each : known.chain) add(each);
  if (link) add(*link);
  return numbers;
}

Result<ProjectedCase> project_case(KeptCase& known, std::optional<care::Link> link, const CaseRules& rules, WallTime now) {
  if (link) {
    Result<void> room = care::check_limits(known.chain, *link, rules.limits);
    if (!room) return std::move(room).failure();
  }
  ProjectedCase projected{&known.projected, {}, time_of(known.stored, now), std::move(link), std::move(known.fold)};
  const care::Projection* former = known.is_as_projected ? &known.projected : nullptr;
  {
    const WithLink longer(known.chain, projected.link);
    projected.after =
        care::project(known.chain, rules.policies, projected.seen, rules.names, former, &projected.fold, known.person);
  }
  return projected;
}

CaseChange change_of(const KeptCase& known, const ProjectedCase& projected, const CaseRules& rules,
                     const subscription::Matcher& matcher) {
  CaseChange made;
  store::Change& change = made.change;
  change.case_key = known.stored.key;
  change.case_version = known.stored.version;
  change.case_times = known.stored.times;
  change.times = store::CaseTimes{projected.seen, projected.after.next_change};
  change.hides_former_versions =
      projected.after.hides_former_versions || must_hide_former_versions(projected.before->header, projected.after.header);
  for (const care::Projected& resource : projected.after.resources) {
    std::optional<store::ResourceWrite> write = write_if_changed(known, resource, rules);
    if (write) change.resources.push_back(std::move(*write));
  }
  const auto of_others = projected.before_others ? care::events_of_other_cases(*projected.before_others, *projected.before)
                                                 : std::vector<care::CaseEvent>();
  for (const care::CaseEvent& event : of_others) std::ranges::move(matcher.match(event), std::back_inserter(change.events));
  made.follows_others = !of_others.empty();
  for (const care::CaseEvent& event : care::case_events(*projected.before, projected.after)) {
    std::vector<store::EventWrite> events = matcher.match(event);
    subscription::Reached& notified = made.notified[event.party];
    for (const store::EventWrite& each : events) notified += matcher.reached(*each.to);
    std::move(events.begin(), events.end(), std::back_inserter(change.events));
  }
  return made;
}

KeptChange::KeptChange(ProjectedCase projected, const CaseChange& made)
    : projected_(std::move(projected)), times_(made.change.times) {
  projected_.after.resources = std::vector<care::Projected>();
  for (const store::ChainLink& link : made.change.links) {
    links_.push_back({link.identity, link.kind, "", link.happened, 0});
    text_bytes_ += link.body.size();
  }
  SharedParties shared;
  written_.reserve(made.change.resources.size());
  for (const store::ResourceWrite& write : made.change.resources)
    written_.push_back({name_of(write.type, write.id), {0, write.body, "", shared.of(write.parties)}});
}

bool KeptChange::take_into(KeptCase& known, const store::Committed& committed) {
  if (links_.size() != (projected_.link ? 1u : 0u) || committed.versions.size() < written_.size() || !times_) return false;
  if (projected_.link) {
    links_.front().journal_number = committed.journal_number;
    known.stored.links.push_back(std::move(links_.front()));
    known.chain.push_back(*std::move(projected_.link));
    known.text_bytes += text_bytes_;
    ++known.stored.version;
  }
  known.stored.times = *times_;
  known.projected = std::move(projected_.after);
  known.fold = std::move(projected_.fold);
  known.stay = known.projected.stay;
  known.is_as_projected = true;
  for (std::size_t index = 0; index < written_.size(); ++index) {
    StoredResource& resource = known.resources[std::move(written_[index].name)];
    known.text_bytes += written_[index].resource.body.size() - resource.body.size();
    resource = std::move(written_[index].resource);
    resource.version = committed.versions[index].version;
  }
  return true;
}

}  // namespace vardbron::exchange
