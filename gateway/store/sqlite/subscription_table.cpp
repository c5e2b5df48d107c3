#include "gateway/store/sqlite/subscription_table.h"

#include "gateway/base/limits.h"

#include <algorithm>
#include <utility>

namespace vardbron::store {

namespace {
Failure no_subscription() { return {Cause::NotFound, "There is no such subscription.", ""}; }

// An unknown number stops delivery.
DeliveryHold hold_of(std::int64_t number) {
  for (const DeliveryHold hold : {DeliveryHold::None, DeliveryHold::HandshakeDue}) {
    if (number == static_cast<std::int64_t>(hold)) return hold;
  }
  return DeliveryHold::Stopped;
}
}  // namespace

SubscriptionWriter::SubscriptionWriter(Database& database)
    : streams_(database, [this](const Follower& follower) { touch(*by_number_.at(follower.number)); }),
      select_(database.prepare("SELECT number, id, status, events, delivered, error, under_way, hold, stream FROM subscription")),
      insert_(database.prepare("INSERT INTO subscription(number, id, status, events, delivered, error, under_way, hold, stream) "
                               "VALUES(?,?,?,0,0,'',0,0,0)")),
      update_(database.prepare(
          "UPDATE subscription SET status=?, events=?, delivered=?, error=?, under_way=?, hold=?, stream=? WHERE number=?")),
      delete_(database.prepare("DELETE FROM subscription WHERE number=?")),
      dead_letter_(database.prepare("INSERT INTO dead_letter(subscription, number, reason) VALUES(?,?,?) "
                                    "ON CONFLICT DO UPDATE SET reason=excluded.reason")),
      delete_dead_letters_(database.prepare("DELETE FROM dead_letter WHERE subscription=? AND number>?")) {}

void SubscriptionWriter::load() {
  rows_.clear();
  by_number_.clear();
  changed_.clear();
  forgotten_.clear();
  last_number_ = 0;
  streams_.load();
  select_.query();
  while (select_.next()) {
    Row row;
    row.state = {id_of(select_, 1),  select_.string(2),          0, select_.integer(4), select_.string(5),
                 select_.integer(6), hold_of(select_.integer(7))};
    row.follower.number = select_.integer(0);
    row.follower.events = select_.integer(3);
    row.follower.stream = select_.integer(8);
    last_number_ = std::max(last_number_, row.follower.number);
    std::string id = row.state.id;
    Row& kept = rows_.insert_or_assign(std::move(id), std::move(row)).first->second;
    by_number_[kept.follower.number] = &kept;
  }
  for (auto& [number, row] : by_number_) streams_.add(row->follower);
}

SubscriptionWriter::Row& SubscriptionWriter::row(const std::string& id) {
  auto [found, is_new] = rows_.try_emplace(id);
  Row& row = found->second;
  if (is_new) {
    row.state.id = id;
    row.state.status = "requested";
    row.follower.number = ++last_number_;
    by_number_[row.follower.number] = &row;
    const StoredId stored(id);
    if (stored.is_binary()) {
      insert_.run(row.follower.number, Blob{stored.bytes()}, std::string_view(row.state.status));
    } else {
      insert_.run(row.follower.number, stored.bytes(), std::string_view(row.state.status));
    }
    streams_.add(row.follower);
    touch(row);
  }
  return row;
}

void SubscriptionWriter::touch(Row& row) {
  if (!row.changed) changed_.push_back(&row);
  row.changed = true;
}

std::vector<CommittedEvent> SubscriptionWriter::append(const std::vector<EventWrite>& events, WallTime at) {
  return streams_.append(events, at, [this](const std::string& id) -> Follower& { return row(id).follower; });
}

void SubscriptionWriter::set_status(const std::string& id, const std::string& status, const std::string& error,
                                    DeliveryHold hold) {
  Row& owner = row(id);
  SubscriptionState& state = owner.state;
  if (state.status == status && state.error == error && state.hold == hold) return;
  touch(owner);
  state.status = status;
  state.error = error;
  state.hold = hold;
}

// From the end, and with the counters: a concurrent verification finds the events that the rows name.
bool SubscriptionWriter::forget(const std::string& id) {
  const auto found = rows_.find(id);
  if (found == rows_.end()) return true;
  Row& row = found->second;
  streams_.cut(row.follower, static_cast<std::int64_t>(limits::forgotten_events_per_commit_max));
  const std::int64_t left = row.follower.events;
  delete_dead_letters_.run(row.follower.number, left);
  if (left > 0) {
    row.state.delivered = std::min(row.state.delivered, left);
    row.state.under_way = std::min(row.state.under_way, left);
    return false;
  }
  delete_.run(row.follower.number);
  streams_.remove(row.follower);
  std::erase(changed_, &row);
  by_number_.erase(row.follower.number);
  rows_.erase(found);
  forgotten_.push_back(id);
  return true;
}

Result<void> SubscriptionWriter::begin_notification(const std::string& id, std::int64_t to) {
  const auto found = rows_.find(id);
  if (found == rows_.end()) return no_subscription();
  touch(found->second);
  found->second.state.under_way = to;
  return done();
}

Result<void> SubscriptionWriter::advance(const std::string& id, std::int64_t number) {
  const auto found = rows_.find(id);
  if (found == rows_.end()) return no_subscription();
  Row& owner = found->second;
  touch(owner);
  owner.state.delivered = std::max(owner.state.delivered, std::min(number, streams_.last_of(owner.follower)));
  return done();
}

Result<void> SubscriptionWriter::dead_letter(const std::string& id, std::int64_t number, const std::string& reason) {
  const auto found = rows_.find(id);
  if (found == rows_.end() || number < 1 || number > streams_.last_of(found->second.follower)) {
    return Failure{Cause::NotFound, "There is no such event.", ""};
  }
  dead_letter_.run(found->second.follower.number, number, std::string_view(reason));
  return advance(id, number);
}

SubscriptionChanges SubscriptionWriter::flush() {
  SubscriptionChanges changes{std::exchange(forgotten_, {}), {}, streams_.flush(), streams_.take_written()};
  for (Row* row : changed_) {
    const SubscriptionState& state = row->state;
    update_.run(std::string_view(state.status), row->follower.events, state.delivered, std::string_view(state.error),
                state.under_way, static_cast<std::int64_t>(state.hold), row->follower.stream, row->follower.number);
    row->changed = false;
    changes.changed.push_back(now_of(*row));
  }
  changed_.clear();
  return changes;
}

SubscriptionNow SubscriptionWriter::now_of(const Row& row) const {
  SubscriptionNow now{row.state, row.follower.stream, 0, 0};
  now.state.events = streams_.last_of(row.follower);
  if (now.stream == 0) return now;
  now.before = row.follower.segments.back().before;
  now.first = row.follower.segments.back().first;
  return now;
}

SubscriptionChanges SubscriptionWriter::everything() const {
  SubscriptionChanges all{{}, {}, streams_.all(), {}};
  for (const auto& [id, row] : rows_) all.changed.push_back(now_of(row));
  return all;
}

std::vector<SubscriptionState> SubscriptionWriter::all() const {
  std::vector<SubscriptionState> states;
  for (const auto& [id, row] : rows_) states.push_back(now_of(row).state);
  std::sort(states.begin(), states.end(), [](const auto& left, const auto& right) { return left.id < right.id; });
  return states;
}

}  // namespace vardbron::store
