#pragma once

// Tested by tests/system/store/sqlite/event_streams_test.cpp.

#include "gateway/store/sqlite/database.h"
#include "gateway/store/sqlite/event_pack.h"
#include "gateway/store/sqlite/snapshot.h"
#include "gateway/store/store.h"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace vardbron::store {

/// Events as a subscription numbers them. One thread.
class EventReader {
 public:
  EventReader(Database& database, Snapshot& snapshot);
  /// Time of the event; nothing if there is none.
  std::optional<WallTime> came(const std::string& subscription, std::int64_t number);
  std::vector<Event> events(const std::string& subscription, std::int64_t from, std::int64_t to, std::size_t count);

 private:
  struct Part {
    std::int64_t subscription = 0, stream = 0, before = 0;
    std::int64_t to = 0;  ///< its last number, as the subscription counts
  };
  std::optional<Part> part_with(const std::string& subscription, std::int64_t number);
  void mark_dead(const Part& part, std::vector<Event>& events, std::size_t first);

  Snapshot& snapshot_;
  EventWords words_;
  Statement owner_, segment_, next_, select_, dead_, at_;
};

}  // namespace vardbron::store
