// Tested by tests/system/store/sqlite/tamper_test.cpp and tests/system/store/sqlite/event_streams_test.cpp.

#include "gateway/store/sqlite/verify_walk.h"

#include <algorithm>
#include <utility>
#include <vector>

namespace vardbron::store {

namespace {

constexpr std::int64_t events_per_look = 2'000;

std::string numbers_said(std::int64_t first, std::int64_t last) {
  if (first == last) return "event " + std::to_string(first) + " is";
  return "events " + std::to_string(first) + " to " + std::to_string(last) + " are";
}

/// Each subscription's segments follow each other without a gap.
class Segments {
 public:
  explicit Segments(VerifyWalk& walk)
      : walk_(walk),
        owner_(walk.database.prepare("SELECT subscription.events, delivered, stream, stream.events FROM subscription LEFT JOIN "
                                     "stream ON stream.number=stream WHERE subscription.number=?")),
        segments_(walk.database.prepare("SELECT first, stream, before FROM event_segment WHERE subscription=? ORDER BY first")) {}

  void verify(std::int64_t subscription) {
    if (!walk_.renew()) return;
    owner_.query(subscription);
    if (!owner_.next()) return;  // forgotten meanwhile
    std::int64_t events = owner_.integer(0);
    const std::int64_t delivered = owner_.integer(1), stream = owner_.integer(2), last_of_stream = owner_.integer(3);
    owner_.reset();
    std::int64_t last = 0, followed = 0, before = 0;
    segments_.query(subscription);
    while (segments_.next()) {
      const std::int64_t first = segments_.integer(0);
      if (last == 0 && first != 1) add(subscription, "The first events of the subscription are in no stream.");
      if (last != 0 && first <= last) add(subscription, "Two parts of the subscription's events begin with the same one.");
      last = first;
      followed = segments_.integer(1);
      before = segments_.integer(2);
    }
    if (stream != 0 && stream != followed) add(subscription, "The subscription follows a stream that has none of its events.");
    if (stream != 0) events = last_of_stream - before;
    if (events > 0 && last == 0) add(subscription, "The subscription has events by its row, and no stream has them.");
    if (events + 1 < last) add(subscription, "A part of the subscription's events begins behind its last event.");
    if (delivered > events) add(subscription, "More is delivered than there are events.");
  }

 private:
  void add(std::int64_t subscription, std::string says) { walk_.report.add("subscription", subscription, std::move(says)); }

  VerifyWalk& walk_;
  Statement owner_, segments_;
};

/// Each stream has the rows that subscriptions name, with their contents, and no others.
class Streams {
 public:
  explicit Streams(VerifyWalk& walk)
      : walk_(walk),
        stream_(walk.database.prepare("SELECT events FROM stream WHERE number=?")),
        rows_(walk.database.prepare("SELECT event.number, event_content.number IS NOT NULL FROM event LEFT JOIN event_content ON "
                                    "event_content.number=content WHERE stream=? AND event.number>? ORDER BY event.number LIMIT "
                                    "?")),
        needed_(walk.database.prepare(
            "SELECT first + before, coalesce((SELECT min(later.first) - 1 FROM event_segment AS later WHERE "
            "later.subscription=kept.subscription AND later.first>kept.first), iif(owner.stream=kept.stream, stream.events - "
            "before, owner.events)) + before FROM event_segment AS kept JOIN subscription AS owner ON owner.number=subscription "
            "JOIN stream ON stream.number=kept.stream WHERE kept.stream=? ORDER BY 1")) {}

  void verify(std::int64_t number) {
    std::int64_t last = 0;
    for (bool any = true; any;) {
      if (!walk_.renew()) return;
      std::vector<std::int64_t> found;
      rows_.query(number, last, events_per_look);
      while (rows_.next()) {
        const std::int64_t row = rows_.integer(0);
        if (!walk_.is_behind("event", row, found.empty() ? last : found.back())) return rows_.reset();
        if (rows_.integer(1) == 0)
          add(row, "The content of event " + std::to_string(row) + " of stream " + std::to_string(number) + " is missing.");
        found.push_back(row);
      }
      if (walk_.failed("event", 0)) return;
      any = static_cast<std::int64_t>(found.size()) == events_per_look;
      compare(number, last, any ? found.back() : last_of(number, found), found);
      if (!found.empty()) last = found.back();
      walk_.report.events += static_cast<std::int64_t>(found.size());
      walk_.progress("event", walk_.report.events);
    }
  }

 private:
  std::int64_t last_of(std::int64_t number, const std::vector<std::int64_t>& found) {
    stream_.query(number);
    const std::int64_t last = stream_.next() ? stream_.integer(0) : 0;
    stream_.reset();
    return std::max(last, found.empty() ? 0 : found.back());
  }

  // The rows found after `after` up to `to`, and those that are needed there. All of one moment.
  void compare(std::int64_t number, std::int64_t after, std::int64_t to, const std::vector<std::int64_t>& found) {
    const std::string of_stream = " of stream " + std::to_string(number);
    std::vector<std::pair<std::int64_t, std::int64_t>> missing;
    const auto miss = [&](std::int64_t first, std::int64_t last) {
      if (first > last) return;
      if (!missing.empty() && missing.back().second == first - 1) {
        missing.back().second = last;
      } else {
        missing.emplace_back(first, last);
      }
    };
    auto row = found.begin();
    const auto pass_unneeded = [&](std::int64_t until) {
      for (; row != found.end() && *row <= until; ++row)
        add(*row, "No subscription has event " + std::to_string(*row) + of_stream + '.');
    };
    std::int64_t next = after + 1;
    needed_.query(number);
    while (needed_.next()) {
      const std::int64_t first = std::max(needed_.integer(0), next), last = std::min(needed_.integer(1), to);
      if (first > last) continue;
      pass_unneeded(first - 1);
      for (next = first; row != found.end() && *row <= last; ++row) {
        miss(next, *row - 1);
        next = *row + 1;
      }
      miss(next, last);
      next = last + 1;
    }
    pass_unneeded(to);
    for (const auto& [first, last] : missing)
      add(first, "Of stream " + std::to_string(number) + ", " + numbers_said(first, last) + " missing.");
  }

  void add(std::int64_t event, std::string says) { walk_.report.add("event", event, std::move(says)); }

  VerifyWalk& walk_;
  Statement stream_, rows_, needed_;
};

std::vector<std::int64_t> numbers(VerifyWalk& walk, std::string_view sql) {
  std::vector<std::int64_t> all;
  Statement rows = walk.database.prepare(sql);
  rows.query();
  while (rows.next()) all.push_back(rows.integer(0));
  return all;
}

}  // namespace

void verify_events(VerifyWalk& walk) {
  if (!walk.renew()) return;
  const std::vector<std::int64_t> subscriptions =
      numbers(walk, "SELECT number FROM subscription UNION SELECT DISTINCT subscription FROM event_segment");
  const std::vector<std::int64_t> streams = numbers(walk, "SELECT number FROM stream UNION SELECT DISTINCT stream FROM event");
  if (walk.failed("subscription", 0)) return;
  Segments segments(walk);
  for (const std::int64_t subscription : subscriptions) segments.verify(subscription);
  if (walk.failed("subscription", 0)) return;
  Streams of_events(walk);
  for (const std::int64_t stream : streams) of_events.verify(stream);
}

}  // namespace vardbron::store
