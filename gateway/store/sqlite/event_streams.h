#pragma once

// Tested by tests/system/store/sqlite/event_streams_test.cpp.

#include "gateway/store/sqlite/database.h"
#include "gateway/store/sqlite/event_pack.h"
#include "gateway/store/store.h"

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

namespace vardbron::store {

/// Part of a subscription's events, from `first` until the next part or its last event: they are those of the stream, whose
/// number is `before` higher.
struct EventSegment {
  std::int64_t first = 0, stream = 0, before = 0;
};

/// An event that was written, by its number in the stream; subscription and number are not set in the content.
struct StreamEvent {
  std::int64_t stream = 0, number = 0;
  std::shared_ptr<const Event> content;
};

/// A subscription as its events see it. While it follows a stream each event of that stream is one of its own.
struct Follower {
  std::int64_t number = 0;
  std::int64_t events = 0;  ///< of one that follows none: its last event's number
  std::int64_t stream = 0;  ///< that it follows; 0 = none
  std::vector<EventSegment> segments;
  std::uint64_t admitted = 0;  ///< the last time it was found in an audience
};

/// The events of all subscriptions, as the writer sees them: contents, each once, and one numbered stream for each audience. One
/// thread, inside the writer's transaction.
class EventStreams {
 public:
  /// `changed` is called before the follower's row must be written.
  EventStreams(Database& database, std::function<void(Follower& follower)> changed);

  /// Reads all streams; then each follower is added, which reads its segments.
  void load();
  void add(Follower& follower);
  void remove(const Follower& follower);  ///< it has no events any more

  using Find = std::function<Follower&(const std::string& id)>;
  /// The follower of an id is found, or made.
  std::vector<CommittedEvent> append(const std::vector<EventWrite>& events, WallTime at, const Find& find);
  std::int64_t last_of(const Follower& follower) const;
  /// Removes its events, the last ones first and at most `most`, and the rows that no other subscription needs.
  void cut(Follower& follower, std::int64_t most);

  /// Writes the streams that were changed since, and returns their last numbers.
  std::vector<std::pair<std::int64_t, std::int64_t>> flush();
  std::vector<std::pair<std::int64_t, std::int64_t>> all() const;
  std::vector<StreamEvent> take_written() { return std::exchange(written_, {}); }  ///< appended since the last time

 private:
  struct Stream {
    std::int64_t number = 0, events = 0, rows = 0;
    std::string name;
    bool changed = false;
    std::shared_ptr<const Audience> audience;  ///< of which all follow the stream, and nobody else; null = not known
    std::shared_ptr<const std::vector<std::int64_t>> before;
    std::vector<Follower*> followers;  ///< some may have left
  };
  using Range = std::pair<std::int64_t, std::int64_t>;

  std::int64_t write_content(const std::vector<EventWrite>& events, std::size_t at, WallTime time);
  Stream& stream_of(const std::string& name);
  void touch(Stream& stream);
  void admit(Stream& stream, const std::shared_ptr<const Audience>& audience, const Find& find);
  void leave(Follower& follower);
  void join(Stream& stream, Follower& follower);
  std::vector<Range> needed(std::int64_t stream) const;
  void remove_unneeded(std::int64_t stream, Range range);
  void remove_rows(Stream& stream, Range range);

  std::function<void(Follower&)> changed_;
  EventWords words_;
  Statement select_streams_, insert_stream_, update_stream_, delete_stream_;
  Statement select_segments_, insert_segment_, delete_segment_;
  Statement last_content_, insert_content_, select_contents_, release_content_, delete_content_;
  Statement insert_event_, delete_events_;
  std::unordered_map<std::int64_t, Stream> streams_;  // their places stay
  std::unordered_map<std::string, Stream*> by_name_;
  std::unordered_map<std::int64_t, Follower*> followers_;
  std::vector<std::int64_t> touched_;
  std::vector<StreamEvent> written_;
  std::int64_t last_stream_ = 0, content_ = 0;
  std::uint64_t admissions_ = 0;
};

}  // namespace vardbron::store
