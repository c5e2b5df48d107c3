#pragma once

// Tested by tests/store/sim_store_test.cpp and tests/system/store/sqlite/event_streams_test.cpp.

#include "gateway/base/clock.h"

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

namespace vardbron::store {

/// The subscriptions that get the same events at a moment. One object for all these events, which is never changed.
struct Audience {
  std::string name;                        ///< what they have in common: the same while members come and go
  std::vector<std::string> subscriptions;  ///< Subscription ids, each once
};

/// An event for subscribers; written once for all of them. A subscription is in one audience at a time, and keeps its numbers
/// when it moves to another one.
struct EventWrite {
  std::shared_ptr<const Audience> to;  ///< never null, never empty
  std::string topic;                   ///< canonical
  std::string case_key;
  std::string focus;                 ///< "Encounter/.." of the event
  std::vector<std::string> context;  ///< further "Type/id"
};

struct Event {
  std::string subscription;
  std::int64_t number = 0;  ///< 1, 2, 3 .. per subscription, without gaps, given inside the commit
  WallTime at{};
  std::string topic, case_key, focus;
  std::vector<std::string> context;
  bool dead = false;   ///< given up; still counted, still answered by $events
  std::string reason;  ///< why it was given up
};

/// The numbers that an event got, one for each subscription of its audience. As cheap for many subscriptions as for one.
struct CommittedEvent {
  std::shared_ptr<const Audience> to;
  std::int64_t number = 0;                                  ///< in the numbering that the audience shares
  std::shared_ptr<const std::vector<std::int64_t>> before;  ///< for each subscription: what its own numbers are lower by

  std::int64_t number_of(std::size_t at) const { return number - (*before)[at]; }  ///< of to->subscriptions[at]
};

}  // namespace vardbron::store
