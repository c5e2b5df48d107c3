#include "gateway/store/sqlite/subscription_table.h"

#include "gateway/base/limits.h"
#include "gateway/store/sqlite/pack.h"

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
    : select_(database.prepare("SELECT number, id, status, events, delivered, error, under_way, hold FROM subscription")),
      insert_(database.prepare("INSERT INTO subscription(number, id, status, events, delivered, error) VALUES(?,?,?,?,?,?)")),
      update_(database.prepare(
          "UPDATE subscription SET status=?, events=?, delivered=?, error=?, under_way=?, hold=? WHERE number=?")),
      delete_(database.prepare("DELETE FROM subscription WHERE number=?")),
      insert_event_(
          database.prepare("INSERT INTO event(subscription, number, at, dead, topic, patient_case, focus, context, reason) "
                           "VALUES(?,?,?,0,?,?,?,?,'')")),
      delete_events_(database.prepare("DELETE FROM event WHERE subscription=? AND number>?")),
      dead_letter_(database.prepare("UPDATE event SET dead=1, reason=? WHERE subscription=? AND number=?")) {}

void SubscriptionWriter::load() {
  rows_.clear();
  changed_.clear();
  forgotten_.clear();
  last_number_ = 0;
  select_.query();
  while (select_.next()) {
    Row row;
    row.number = select_.integer(0);
    row.state = {select_.string(1), select_.string(2),  select_.integer(3),         select_.integer(4),
                 select_.string(5), select_.integer(6), hold_of(select_.integer(7))};
    last_number_ = std::max(last_number_, row.number);
    rows_.emplace(row.state.id, std::move(row));
  }
}

SubscriptionWriter::Row& SubscriptionWriter::row(const std::string& id) {
  auto [found, is_new] = rows_.try_emplace(id);
  Row& row = found->second;
  if (is_new) {
    row.state.id = id;
    row.state.status = "requested";
    row.number = ++last_number_;
    insert_.run(row.number, std::string_view(id), std::string_view(row.state.status), std::int64_t{0}, std::int64_t{0},
                std::string_view());
  }
  if (!row.changed) changed_.push_back(&row);
  row.changed = true;
  return row;
}

std::int64_t SubscriptionWriter::append(const EventWrite& event, WallTime at) {
  Row& owner = row(event.subscription);
  std::string context = join_lines(event.context);
  insert_event_.run(owner.number, ++owner.state.events, at.time_since_epoch().count(), std::string_view(event.topic),
                    std::string_view(event.case_key), std::string_view(event.focus), std::string_view(context));
  return owner.state.events;
}

void SubscriptionWriter::set_status(const std::string& id, const std::string& status, const std::string& error,
                                    DeliveryHold hold) {
  const auto found = rows_.find(id);
  const auto is_so = [&](const SubscriptionState& state) {
    return state.status == status && state.error == error && state.hold == hold;
  };
  if (found != rows_.end() && is_so(found->second.state)) return;
  Row& owner = row(id);
  owner.state.status = status;
  owner.state.error = error;
  owner.state.hold = hold;
}

// From the end, and with the counters: a concurrent verification finds as many events as in the row.
bool SubscriptionWriter::forget(const std::string& id) {
  const auto found = rows_.find(id);
  if (found == rows_.end()) return true;
  const std::int64_t left =
      std::max<std::int64_t>(0, found->second.state.events - static_cast<std::int64_t>(limits::forgotten_events_per_commit_max));
  delete_events_.run(found->second.number, left);
  if (left > 0) {
    SubscriptionState& state = row(id).state;
    state.events = left;
    state.delivered = std::min(state.delivered, left);
    state.under_way = std::min(state.under_way, left);
    return false;
  }
  delete_.run(found->second.number);
  std::erase(changed_, &found->second);
  rows_.erase(found);
  forgotten_.push_back(id);
  return true;
}

Result<void> SubscriptionWriter::begin_notification(const std::string& id, std::int64_t to) {
  if (!rows_.contains(id)) return no_subscription();
  row(id).state.under_way = to;
  return done();
}

Result<void> SubscriptionWriter::advance(const std::string& id, std::int64_t number) {
  if (!rows_.contains(id)) return no_subscription();
  Row& owner = row(id);
  owner.state.delivered = std::max(owner.state.delivered, std::min(number, owner.state.events));
  return done();
}

Result<void> SubscriptionWriter::dead_letter(const std::string& id, std::int64_t number, const std::string& reason) {
  auto found = rows_.find(id);
  if (found == rows_.end() || number < 1 || number > found->second.state.events) {
    return Failure{Cause::NotFound, "There is no such event.", ""};
  }
  dead_letter_.run(std::string_view(reason), found->second.number, number);
  return advance(id, number);
}

SubscriptionChanges SubscriptionWriter::flush() {
  SubscriptionChanges changes{std::exchange(forgotten_, {}), {}};
  for (Row* row : changed_) {
    const SubscriptionState& state = row->state;
    update_.run(std::string_view(state.status), state.events, state.delivered, std::string_view(state.error), state.under_way,
                static_cast<std::int64_t>(state.hold), row->number);
    row->changed = false;
    changes.changed.push_back(state);
  }
  changed_.clear();
  return changes;
}

std::vector<SubscriptionState> SubscriptionWriter::all() const {
  std::vector<SubscriptionState> states;
  for (const auto& [id, row] : rows_) states.push_back(row.state);
  return states;
}

EventReader::EventReader(Database& database, Snapshot& snapshot)
    : snapshot_(snapshot),
      number_(database.prepare("SELECT number FROM subscription WHERE id=?")),
      select_(database.prepare("SELECT number, at, dead, topic, patient_case, focus, context, reason FROM event "
                               "WHERE subscription=? AND number BETWEEN ? AND ? ORDER BY number")),
      at_(database.prepare("SELECT at FROM event WHERE subscription=(SELECT number FROM subscription WHERE id=?) AND number=?")) {
}

std::optional<WallTime> EventReader::came(const std::string& subscription, std::int64_t number) {
  std::optional<WallTime> came;
  at_.query(std::string_view(subscription), number);
  if (at_.next()) came = WallTime{std::chrono::milliseconds{at_.integer(0)}};
  at_.reset();
  return came;
}

std::vector<Event> EventReader::events(const std::string& subscription, std::int64_t from, std::int64_t to, std::size_t count) {
  std::vector<Event> found;
  number_.query(std::string_view(subscription));
  if (!number_.next()) return found;
  const std::int64_t owner = number_.integer(0);
  number_.reset();
  select_.query(owner, from, to);
  while (found.size() < count && select_.next()) {
    Event event;
    event.subscription = subscription;
    event.number = select_.integer(0);
    event.at = WallTime{std::chrono::milliseconds{select_.integer(1)}};
    event.dead = select_.integer(2) != 0;
    event.topic = select_.string(3);
    event.case_key = select_.string(4);
    event.focus = select_.string(5);
    event.context = split_lines(select_.text(6));
    event.reason = select_.string(7);
    found.push_back(std::move(event));
    if (!snapshot_.is_due()) continue;
    snapshot_.renew();
    select_.query(owner, found.back().number + 1, to);
  }
  select_.reset();
  return found;
}

}  // namespace vardbron::store
