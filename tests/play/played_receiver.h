#pragma once

#include "gateway/base/clock.h"
#include "gateway/http/server.h"
#include "gateway/net/byte_stream.h"
#include "tests/play/loop_thread.h"

#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

namespace vardbron::play {

/// One event as a subscriber saw it.
struct SeenEvent {
  std::int64_t number = 0;
  std::int64_t lag_ms = 0;  ///< from the event's commit (its timestamp) to its arrival here
};

/// A notification as it came, answered or not.
struct SeenNotification {
  std::string key;  ///< Idempotency-Key
  std::vector<std::int64_t> numbers;
};

/// A subscriber: takes notifications, remembers the numbers. Any thread may ask; it serves on the loop it was given.
class PlayedReceiver {
 public:
  PlayedReceiver(LoopThread& loop, Clock& clock);
  ~PlayedReceiver();

  std::string endpoint() const;
  std::vector<SeenEvent> seen() const;
  std::vector<SeenNotification> notifications() const;
  std::int64_t highest() const;
  std::size_t count() const;  ///< of events, repeated ones too
  bool was_greeted() const;   ///< the handshake came
  void forget();              ///< what it has seen
  /// Answers only when the gate lets it: nullptr answers at once.
  void answer_with(std::function<unsigned()> status);

 private:
  struct State;
  LoopThread& loop_;
  std::shared_ptr<State> state_;
};

}  // namespace vardbron::play
