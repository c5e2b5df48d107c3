#include "gateway/store/sqlite/subscription_states.h"

#include <algorithm>
#include <utility>

namespace vardbron::store {

namespace {
Failure not_there() { return {Cause::NotFound, "There is no such subscription.", ""}; }
}  // namespace

SubscriptionState SubscriptionStates::shown(const SubscriptionNow& known) const {
  SubscriptionState state = known.state;
  const auto stream = streams_.find(known.stream);
  if (known.stream != 0 && stream != streams_.end()) state.events = stream->second - known.before;
  return state;
}

Result<SubscriptionState> SubscriptionStates::find(const std::string& id) const {
  std::lock_guard lock(guard_);
  const auto found = known_.find(id);
  if (found == known_.end()) return not_there();
  return shown(found->second);
}

std::optional<SubscriptionNow> SubscriptionStates::now_of(const std::string& id) const {
  std::lock_guard lock(guard_);
  const auto found = known_.find(id);
  if (found == known_.end()) return std::nullopt;
  SubscriptionNow now = found->second;
  now.state = shown(found->second);
  return now;
}

std::vector<SubscriptionState> SubscriptionStates::all() const {
  std::vector<SubscriptionState> all;
  std::lock_guard lock(guard_);
  for (const auto& [id, known] : known_) all.push_back(shown(known));
  return all;
}

void SubscriptionStates::put(const SubscriptionNow& now, std::int64_t delivered) {
  SubscriptionNow& known = known_[now.state.id];
  known = now;
  known.state.delivered = std::min(std::max(delivered, now.state.delivered), now.state.events);
}

void SubscriptionStates::publish(const SubscriptionChanges& committed) {
  std::lock_guard lock(guard_);
  for (const auto& [stream, last] : committed.streams) streams_[stream] = last;
  for (const std::string& id : committed.forgotten) known_.erase(id);
  for (const SubscriptionNow& now : committed.changed) {
    const auto found = known_.find(now.state.id);
    put(now, found == known_.end() ? 0 : found->second.state.delivered);  // an advance may be ahead of the disk
  }
}

void SubscriptionStates::replace(const SubscriptionChanges& all) {
  std::lock_guard lock(guard_);
  const std::map<std::string, SubscriptionNow> before = std::exchange(known_, {});
  streams_.clear();
  streams_.insert(all.streams.begin(), all.streams.end());
  for (const SubscriptionNow& now : all.changed) {
    const auto found = before.find(now.state.id);
    put(now, found == before.end() ? 0 : found->second.state.delivered);
  }
}

Result<void> SubscriptionStates::advance(const std::string& id, std::int64_t number,
                                         const std::function<bool(std::int64_t reached)>& accept) {
  std::lock_guard lock(guard_);
  const auto found = known_.find(id);
  if (found == known_.end()) return not_there();
  SubscriptionState& state = found->second.state;
  number = std::max(state.delivered, std::min(number, shown(found->second).events));
  if (!accept(number)) return Failure{Cause::Busy, "The store has too much to do; try again later.", ""};
  state.delivered = number;
  return done();
}

}  // namespace vardbron::store
