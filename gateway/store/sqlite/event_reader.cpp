#include "gateway/store/sqlite/event_reader.h"

#include <algorithm>
#include <iterator>
#include <limits>
#include <utility>

namespace vardbron::store {

namespace {
WallTime wall_time(std::int64_t milliseconds) { return WallTime{std::chrono::milliseconds{milliseconds}}; }
}  // namespace

EventReader::EventReader(Database& database, Snapshot& snapshot)
    : snapshot_(snapshot),
      words_(database),
      owner_(database.prepare("SELECT number, stream, events FROM subscription WHERE id=?")),
      segment_(database.prepare(
          "SELECT stream, before, first FROM event_segment WHERE subscription=? AND first<=? ORDER BY first DESC LIMIT 1")),
      next_(database.prepare("SELECT first FROM event_segment WHERE subscription=? AND first>? ORDER BY first LIMIT 1")),
      select_(database.prepare("SELECT event.number, at, topic, patient_case, resources FROM event JOIN event_content ON "
                               "event_content.number=content WHERE stream=? AND event.number BETWEEN ? AND ? ORDER BY "
                               "event.number LIMIT ?")),
      dead_(database.prepare("SELECT number, reason FROM dead_letter WHERE subscription=? AND number BETWEEN ? AND ?")),
      at_(database.prepare("SELECT at FROM event JOIN event_content ON event_content.number=content WHERE stream=? AND "
                           "event.number=?")) {}

std::optional<EventReader::Part> EventReader::part_with(const std::string& subscription, std::int64_t number) {
  const StoredId id(subscription);
  if (id.is_binary()) {
    owner_.query(Blob{id.bytes()});
  } else {
    owner_.query(id.bytes());
  }
  if (!owner_.next()) return std::nullopt;
  Part part;
  part.subscription = owner_.integer(0);
  const bool follows = owner_.integer(1) != 0;
  const std::int64_t events = owner_.integer(2);
  owner_.reset();
  segment_.query(part.subscription, number);
  if (!segment_.next()) return std::nullopt;
  part.stream = segment_.integer(0);
  part.before = segment_.integer(1);
  const std::int64_t first = segment_.integer(2);
  segment_.reset();
  next_.query(part.subscription, first);
  if (next_.next()) {
    part.to = next_.integer(0) - 1;
    next_.reset();
  } else {
    part.to = follows ? std::numeric_limits<std::int64_t>::max() : events;
  }
  if (part.to < number) return std::nullopt;
  return part;
}

std::optional<WallTime> EventReader::came(const std::string& subscription, std::int64_t number) {
  const std::optional<Part> part = part_with(subscription, number);
  if (!part) return std::nullopt;
  std::optional<WallTime> came;
  at_.query(part->stream, number + part->before);
  if (at_.next()) came = wall_time(at_.integer(0));
  at_.reset();
  return came;
}

std::vector<Event> EventReader::events(const std::string& subscription, std::int64_t from, std::int64_t to, std::size_t count) {
  std::vector<Event> found;
  from = std::max<std::int64_t>(from, 1);
  while (from <= to && found.size() < count) {
    const std::optional<Part> part = part_with(subscription, from);
    if (!part) break;
    const std::size_t first = found.size();
    // Of a stream that it follows there are no later events than its own.
    const std::int64_t last =
        std::min({to, part->to, std::numeric_limits<std::int64_t>::max() - std::max<std::int64_t>(part->before, 0)});
    select_.query(part->stream, from + part->before, last + part->before, static_cast<std::int64_t>(count - found.size()));
    bool is_broken_off = false;
    while (!is_broken_off && select_.next()) {
      Event event;
      event.subscription = subscription;
      event.number = select_.integer(0) - part->before;
      event.at = wall_time(select_.integer(1));
      event.topic = words_.text_of(select_.integer(2));
      event.case_key = select_.string(3);
      std::vector<std::string> resources = unpack_references(select_.text(4), words_);
      if (!resources.empty()) {
        event.focus = std::move(resources.front());
        event.context.assign(std::make_move_iterator(resources.begin() + 1), std::make_move_iterator(resources.end()));
      }
      found.push_back(std::move(event));
      is_broken_off = snapshot_.is_due();
    }
    select_.reset();
    mark_dead(*part, found, first);
    if (is_broken_off) {
      snapshot_.renew();
      from = found.back().number + 1;
    } else {
      if (last != part->to) break;
      from = last + 1;
    }
  }
  return found;
}

void EventReader::mark_dead(const Part& part, std::vector<Event>& events, std::size_t first) {
  if (events.size() == first) return;
  dead_.query(part.subscription, events[first].number, events.back().number);
  while (dead_.next()) {
    const std::int64_t number = dead_.integer(0);
    const auto event = std::lower_bound(events.begin() + static_cast<std::ptrdiff_t>(first), events.end(), number,
                                        [](const Event& each, std::int64_t sought) { return each.number < sought; });
    if (event == events.end() || event->number != number) continue;
    event->dead = true;
    event->reason = dead_.string(1);
  }
}

}  // namespace vardbron::store
