#include "gateway/store/sqlite/event_streams.h"

#include <algorithm>

namespace vardbron::store {

namespace {

bool is_same_content(const EventWrite& left, const EventWrite& right) {
  return left.focus == right.focus && left.case_key == right.case_key && left.context == right.context;
}

}  // namespace

EventStreams::EventStreams(Database& database, std::function<void(Follower&)> changed)
    : changed_(std::move(changed)),
      words_(database),
      select_streams_(database.prepare("SELECT number, name, events, rows FROM stream")),
      insert_stream_(database.prepare("INSERT INTO stream(number, name, events, rows) VALUES(?,?,0,0)")),
      update_stream_(database.prepare("UPDATE stream SET events=?, rows=? WHERE number=?")),
      delete_stream_(database.prepare("DELETE FROM stream WHERE number=?")),
      select_segments_(database.prepare("SELECT first, stream, before FROM event_segment WHERE subscription=? ORDER BY first")),
      insert_segment_(database.prepare("INSERT INTO event_segment(subscription, first, stream, before) VALUES(?,?,?,?)")),
      delete_segment_(database.prepare("DELETE FROM event_segment WHERE subscription=? AND first=?")),
      last_content_(database.prepare("SELECT coalesce(max(number), 0) FROM event_content")),
      insert_content_(
          database.prepare("INSERT INTO event_content(number, events, at, patient_case, resources) VALUES(?,?,?,?,?)")),
      select_contents_(
          database.prepare("SELECT content, count(*) FROM event WHERE stream=? AND number BETWEEN ? AND ? GROUP BY content")),
      release_content_(database.prepare("UPDATE event_content SET events=events-? WHERE number=?")),
      delete_content_(database.prepare("DELETE FROM event_content WHERE number=? AND events<=0")),
      insert_event_(database.prepare("INSERT INTO event(stream, number, content, topic) VALUES(?,?,?,?)")),
      delete_events_(database.prepare("DELETE FROM event WHERE stream=? AND number BETWEEN ? AND ?")) {}

void EventStreams::load() {
  streams_.clear();
  by_name_.clear();
  followers_.clear();
  touched_.clear();
  written_.clear();
  last_stream_ = 0;
  words_.load();
  select_streams_.query();
  while (select_streams_.next()) {
    const std::int64_t number = select_streams_.integer(0);
    Stream& stream = streams_[number];
    stream.number = number;
    stream.name = select_streams_.string(1);
    stream.events = select_streams_.integer(2);
    stream.rows = select_streams_.integer(3);
    by_name_[stream.name] = &stream;
    last_stream_ = std::max(last_stream_, number);
  }
  content_ = 0;
  last_content_.query();
  if (last_content_.next()) content_ = last_content_.integer(0);
  last_content_.reset();
}

void EventStreams::add(Follower& follower) {
  follower.segments.clear();
  select_segments_.query(follower.number);
  while (select_segments_.next()) {
    follower.segments.push_back({select_segments_.integer(0), select_segments_.integer(1), select_segments_.integer(2)});
  }
  const auto followed = streams_.find(follower.stream);
  if (followed != streams_.end() && !follower.segments.empty()) {
    followed->second.followers.push_back(&follower);
  } else {
    follower.stream = 0;
  }
  followers_[follower.number] = &follower;
}

void EventStreams::remove(const Follower& follower) { followers_.erase(follower.number); }

std::int64_t EventStreams::last_of(const Follower& follower) const {
  if (follower.stream == 0) return follower.events;
  return streams_.at(follower.stream).events - follower.segments.back().before;
}

std::vector<CommittedEvent> EventStreams::append(const std::vector<EventWrite>& events, WallTime at, const Find& find) {
  std::vector<CommittedEvent> committed;
  std::vector<std::int64_t> contents;
  for (std::size_t each = 0; each < events.size(); ++each) {
    const EventWrite& event = events[each];
    Stream& stream = stream_of(event.to->name);
    if (stream.audience != event.to) admit(stream, event.to, find);
    const bool is_as_before = each > 0 && is_same_content(event, events[each - 1]);
    contents.push_back(is_as_before ? contents.back() : write_content(events, each, at));
    insert_event_.run(stream.number, ++stream.events, contents.back(), words_.number_of(event.topic));
    ++stream.rows;
    touch(stream);
    committed.push_back({event.to, stream.events, stream.before});
    auto content = std::make_shared<Event>();
    content->at = at;
    content->topic = event.topic;
    content->case_key = event.case_key;
    content->focus = event.focus;
    content->context = event.context;
    written_.push_back({stream.number, stream.events, std::move(content)});
  }
  return committed;
}

// Named by this event and by those that follow it with the same content.
std::int64_t EventStreams::write_content(const std::vector<EventWrite>& events, std::size_t at, WallTime time) {
  const EventWrite& event = events[at];
  std::int64_t count = 1;
  while (at + static_cast<std::size_t>(count) < events.size() &&
         is_same_content(events[at + static_cast<std::size_t>(count)], event)) {
    ++count;
  }
  std::vector<std::string> resources = {event.focus};
  resources.insert(resources.end(), event.context.begin(), event.context.end());
  const std::string packed = pack_references(resources, words_);
  insert_content_.run(++content_, count, time.time_since_epoch().count(), std::string_view(event.case_key), Blob{packed});
  return content_;
}

EventStreams::Stream& EventStreams::stream_of(const std::string& name) {
  const auto found = by_name_.find(name);
  if (found != by_name_.end()) return *found->second;
  const std::int64_t number = ++last_stream_;
  Stream& stream = streams_[number];
  stream.number = number;
  stream.name = name;
  by_name_[name] = &stream;
  insert_stream_.run(number, std::string_view(name));
  return stream;
}

void EventStreams::touch(Stream& stream) {
  if (!stream.changed) touched_.push_back(stream.number);
  stream.changed = true;
}

void EventStreams::admit(Stream& stream, const std::shared_ptr<const Audience>& audience, const Find& find) {
  ++admissions_;
  std::vector<Follower*> now;
  now.reserve(audience->subscriptions.size());
  for (const std::string& id : audience->subscriptions) {
    now.push_back(&find(id));
    now.back()->admitted = admissions_;
  }
  for (Follower* each : std::exchange(stream.followers, {})) {
    if (each->stream == stream.number && each->admitted != admissions_) leave(*each);
  }
  auto before = std::make_shared<std::vector<std::int64_t>>();
  before->reserve(now.size());
  for (Follower* each : now) {
    if (each->stream != stream.number) {
      if (each->stream != 0) leave(*each);
      join(stream, *each);
    }
    before->push_back(each->segments.back().before);
  }
  stream.followers = std::move(now);
  stream.before = std::move(before);
  stream.audience = audience;
}

void EventStreams::leave(Follower& follower) {
  changed_(follower);
  follower.events = last_of(follower);
  Stream& stream = streams_.at(follower.stream);
  stream.audience.reset();
  std::erase(stream.followers, &follower);
  follower.stream = 0;
}

void EventStreams::join(Stream& stream, Follower& follower) {
  changed_(follower);
  const std::int64_t before = stream.events - follower.events;
  follower.stream = stream.number;
  const bool goes_on =
      !follower.segments.empty() && follower.segments.back().stream == stream.number && follower.segments.back().before == before;
  if (goes_on) return;
  follower.segments.push_back({follower.events + 1, stream.number, before});
  insert_segment_.run(follower.number, follower.events + 1, stream.number, before);
}

void EventStreams::cut(Follower& follower, std::int64_t most) {
  if (follower.stream != 0) leave(follower);
  changed_(follower);
  while (most > 0 && !follower.segments.empty()) {
    const EventSegment last = follower.segments.back();
    const std::int64_t end = follower.events, first = std::max(last.first, end - most + 1);
    most -= end - first + 1;
    follower.events = first - 1;
    if (first <= last.first) {
      delete_segment_.run(follower.number, last.first);
      follower.segments.pop_back();
    }
    if (first <= end) remove_unneeded(last.stream, {first + last.before, end + last.before});
  }
  if (follower.segments.empty()) follower.events = 0;
}

// In order.
std::vector<EventStreams::Range> EventStreams::needed(std::int64_t stream) const {
  std::vector<Range> ranges;
  for (const auto& [number, follower] : followers_) {
    for (std::size_t at = 0; at < follower->segments.size(); ++at) {
      const EventSegment& segment = follower->segments[at];
      if (segment.stream != stream) continue;
      const bool is_last = at + 1 == follower->segments.size();
      const std::int64_t end = is_last ? last_of(*follower) : follower->segments[at + 1].first - 1;
      if (end >= segment.first) ranges.emplace_back(segment.first + segment.before, end + segment.before);
    }
  }
  std::sort(ranges.begin(), ranges.end());
  return ranges;
}

void EventStreams::remove_unneeded(std::int64_t number, Range range) {
  const auto found = streams_.find(number);
  if (found == streams_.end()) return;
  Stream& stream = found->second;
  const std::vector<Range> ranges = needed(number);
  std::int64_t next = range.first, last_needed = 0;
  for (const Range& each : ranges) {
    last_needed = std::max(last_needed, each.second);
    if (next > range.second || each.second < next) continue;
    if (each.first > next) remove_rows(stream, {next, std::min(each.first - 1, range.second)});
    next = each.second + 1;
  }
  if (next <= range.second) remove_rows(stream, {next, range.second});
  stream.events = std::min(stream.events, last_needed);
  touch(stream);
  const bool is_named = std::any_of(followers_.begin(), followers_.end(), [&](const auto& each) {
    const auto& segments = each.second->segments;
    return std::any_of(segments.begin(), segments.end(), [&](const EventSegment& one) { return one.stream == number; });
  });
  if (is_named) return;
  delete_stream_.run(number);
  by_name_.erase(stream.name);
  std::erase(touched_, number);
  streams_.erase(found);
}

void EventStreams::remove_rows(Stream& stream, Range range) {
  std::map<std::int64_t, std::int64_t> contents;
  select_contents_.query(stream.number, range.first, range.second);
  while (select_contents_.next()) contents[select_contents_.integer(0)] += select_contents_.integer(1);
  delete_events_.run(stream.number, range.first, range.second);
  for (const auto& [content, count] : contents) {
    release_content_.run(count, content);
    delete_content_.run(content);
    stream.rows -= count;
  }
}

std::vector<std::pair<std::int64_t, std::int64_t>> EventStreams::flush() {
  std::vector<std::pair<std::int64_t, std::int64_t>> changed;
  for (const std::int64_t number : touched_) {
    Stream& stream = streams_.at(number);
    update_stream_.run(stream.events, stream.rows, number);
    stream.changed = false;
    changed.emplace_back(number, stream.events);
  }
  touched_.clear();
  return changed;
}

std::vector<std::pair<std::int64_t, std::int64_t>> EventStreams::all() const {
  std::vector<std::pair<std::int64_t, std::int64_t>> all;
  for (const auto& [number, stream] : streams_) all.emplace_back(number, stream.events);
  return all;
}

}  // namespace vardbron::store
