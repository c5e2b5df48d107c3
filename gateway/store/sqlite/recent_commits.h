#pragma once

// Tested by tests/system/store/sqlite/recent_commits_test.cpp.

#include "gateway/base/limits.h"
#include "gateway/base/result.h"
#include "gateway/store/sqlite/event_streams.h"
#include "gateway/store/store.h"

#include <cstddef>
#include <cstdint>
#include <deque>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

namespace vardbron::store {

/// What was committed last: deliveries need it within milliseconds, and do not read it back from the file. Answers as the tables
/// would, or not at all. Any thread.
class RecentCommits {
 public:
  explicit RecentCommits(std::size_t bytes_max = limits::recent_commits_bytes_max) : bytes_max_(bytes_max) {}

  /// Of a group that is on the disk, in order, before the numbers of its subscriptions are known to anybody.
  void put(const std::vector<StreamEvent>& events);
  /// Before a change is committed: what it replaces is no longer known.
  void drop(const Change& change);
  /// When that change is on the disk, and before anything else is dropped.
  void put(Change change, const Committed& committed);
  void clear();

  /// Numbers as the stream counts. Nothing: not all of them are known.
  std::optional<std::vector<StreamEvent>> events(std::int64_t stream, std::int64_t from, std::int64_t to) const;
  /// As Store::read of the newest version. Nothing: it is not known.
  std::optional<Result<Resource>> read(const Reader& reader, const ResourceName& name, Bodies bodies) const;
  std::size_t bytes() const;

 private:
  struct Newest {
    std::string name;
    Resource resource;  ///< its body without the store's meta
    std::vector<std::string> parties;
    std::size_t bytes = 0;
  };
  void make_room();
  void forget_first_event();

  const std::size_t bytes_max_;
  mutable std::mutex guard_;
  std::size_t event_bytes_ = 0, resource_bytes_ = 0;                   ///< a quarter of the room is for events
  std::unordered_map<std::int64_t, std::deque<StreamEvent>> streams_;  // each without a gap
  std::deque<std::int64_t> event_order_;                               // streams; the oldest first
  std::unordered_map<std::string, std::shared_ptr<const Newest>> resources_;
  std::deque<std::shared_ptr<const Newest>> resource_order_;
};

}  // namespace vardbron::store
