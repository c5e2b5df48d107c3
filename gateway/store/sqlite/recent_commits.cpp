#include "gateway/store/sqlite/recent_commits.h"

#include "gateway/store/meta.h"
#include "gateway/store/rules.h"

#include <algorithm>
#include <utility>

namespace vardbron::store {

namespace {

constexpr std::size_t entry_bytes = 200;  // of the containers

std::string name_of(std::string_view type, std::string_view id) {
  std::string name;
  name.reserve(type.size() + id.size() + 1);
  name += type;
  name += '/';
  name += id;
  return name;
}

std::size_t bytes_of(const StreamEvent& event) {
  const Event& content = *event.content;
  std::size_t bytes = entry_bytes + content.topic.size() + content.case_key.size() + content.focus.size();
  for (const std::string& each : content.context) bytes += each.size() + sizeof each;
  return bytes;
}

}  // namespace

// An event with a number that was given before follows on rows that nobody needed.
void RecentCommits::put(const std::vector<StreamEvent>& events) {
  std::lock_guard lock(guard_);
  for (const StreamEvent& event : events) {
    std::deque<StreamEvent>& known = streams_[event.stream];
    if (!known.empty() && known.back().number + 1 != event.number) {
      for (const StreamEvent& each : known) event_bytes_ -= bytes_of(each);
      known.clear();
    }
    known.push_back(event);
    event_order_.push_back(event.stream);
    event_bytes_ += bytes_of(event);
  }
  make_room();
}

void RecentCommits::drop(const Change& change) {
  std::lock_guard lock(guard_);
  for (const CasePart* part : parts_of(change))
    for (const ResourceWrite& write : part->resources) resources_.erase(name_of(write.type, write.id));
}

// Left out: what is deleted, what every organisation may read, and a later version whose case is not named (it is that of its
// first version).
void RecentCommits::put(Change change, const Committed& committed) {
  std::vector<std::shared_ptr<const Newest>> made;
  auto version = committed.versions.begin();
  const auto take = [&](const std::string& case_key, ResourceWrite& write, std::int64_t number) {
    const bool is_for_all = std::find(write.parties.begin(), write.parties.end(), every_organisation) != write.parties.end();
    if (write.deleted || is_for_all || (write.expected_version != 0 && case_key.empty())) return;
    auto newest = std::make_shared<Newest>();
    newest->name = name_of(write.type, write.id);
    newest->bytes = entry_bytes + write.body.size() + 2 * newest->name.size() + case_key.size();
    for (const std::string& party : write.parties) newest->bytes += party.size() + sizeof party;
    newest->parties = std::move(write.parties);
    newest->resource = {std::move(write.type), std::move(write.id), number, committed.at, false, case_key, std::move(write.body)};
    made.push_back(std::move(newest));
  };
  for (ResourceWrite& write : change.resources) take(change.case_key, write, (version++)->version);
  for (CasePart& part : change.parts)
    for (ResourceWrite& write : part.resources) take(part.case_key, write, (version++)->version);
  std::lock_guard lock(guard_);
  for (std::shared_ptr<const Newest>& newest : made) {
    resource_bytes_ += newest->bytes;
    resources_[newest->name] = newest;
    resource_order_.push_back(std::move(newest));
  }
  make_room();
}

void RecentCommits::clear() {
  std::lock_guard lock(guard_);
  event_bytes_ = resource_bytes_ = 0;
  streams_.clear();
  event_order_.clear();
  resources_.clear();
  resource_order_.clear();
}

void RecentCommits::make_room() {
  while (event_bytes_ > bytes_max_ / 4) forget_first_event();
  while (resource_bytes_ > bytes_max_ - bytes_max_ / 4) {
    const std::shared_ptr<const Newest> oldest = std::move(resource_order_.front());
    resource_order_.pop_front();
    resource_bytes_ -= oldest->bytes;
    const auto found = resources_.find(oldest->name);
    if (found != resources_.end() && found->second == oldest) resources_.erase(found);
  }
}

// One that is known no more had its place in the order all the same.
void RecentCommits::forget_first_event() {
  const auto known = streams_.find(event_order_.front());
  event_order_.pop_front();
  if (known == streams_.end()) return;
  if (!known->second.empty()) {
    event_bytes_ -= bytes_of(known->second.front());
    known->second.pop_front();
  }
  if (known->second.empty()) streams_.erase(known);
}

std::optional<std::vector<StreamEvent>> RecentCommits::events(std::int64_t stream, std::int64_t from, std::int64_t to) const {
  std::lock_guard lock(guard_);
  const auto found = streams_.find(stream);
  if (found == streams_.end() || from > to) return std::nullopt;
  const std::deque<StreamEvent>& known = found->second;
  if (known.empty() || from < known.front().number || to > known.back().number) return std::nullopt;
  const auto first = known.begin() + (from - known.front().number);
  return std::vector<StreamEvent>(first, first + (to - from + 1));
}

std::optional<Result<Resource>> RecentCommits::read(const Reader& reader, const ResourceName& name, Bodies bodies) const {
  std::shared_ptr<const Newest> newest;
  {
    std::lock_guard lock(guard_);
    const auto found = resources_.find(name_of(name.type, name.id));
    if (found == resources_.end()) return std::nullopt;
    newest = found->second;
  }
  if (!may_see(reader, newest->parties)) return not_found();
  const Resource& kept = newest->resource;
  Resource resource{kept.type, kept.id, kept.version, kept.last_updated, false, kept.case_key, {}};
  if (bodies == Bodies::With) resource.body = with_meta(kept.body, kept.version, kept.last_updated);
  return resource;
}

std::size_t RecentCommits::bytes() const {
  std::lock_guard lock(guard_);
  return event_bytes_ + resource_bytes_;
}

}  // namespace vardbron::store
