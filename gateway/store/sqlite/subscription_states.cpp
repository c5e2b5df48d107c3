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

// In a stream a lower number is an older event. Who waits for one of an earlier stream is asked about by itself.
std::vector<WaitingEvent> SubscriptionStates::oldest_waiting() const {
  std::vector<WaitingEvent> oldest;
  std::unordered_map<std::int64_t, std::pair<std::int64_t, const std::string*>> by_stream;
  std::lock_guard lock(guard_);
  for (const auto& [id, known] : known_) {
    const SubscriptionState state = shown(known);
    const std::int64_t next = state.delivered + 1;
    if (state.status == "off" || next > state.events) continue;
    if (known.stream == 0 || next < known.first) {
      oldest.push_back({id, next});
      continue;
    }
    const auto [found, is_new] = by_stream.try_emplace(known.stream, next + known.before, &id);
    if (!is_new && next + known.before < found->second.first) found->second = {next + known.before, &id};
  }
  for (const auto& [stream, waiting] : by_stream) {
    const SubscriptionNow& known = known_.at(*waiting.second);
    oldest.push_back({*waiting.second, waiting.first - known.before});
  }
  return oldest;
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
