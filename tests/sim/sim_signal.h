#pragma once

#include "gateway/base/task.h"
#include "tests/sim/sim_clock.h"

#include <functional>

namespace vardbron::sim {

/// One task waits, another one wakes it. A wake that nobody waits for is forgotten: look at the state before waiting.
class SimSignal {
 public:
  SimSignal() = default;
  SimSignal(const SimSignal&) = delete;
  SimSignal& operator=(const SimSignal&) = delete;

  enum class Woken { Notified, Late, Cancelled };
  /// Waits for notify() or the moment, whichever comes first.
  Task<Woken> wait_until(SimClock& clock, Instant moment);
  void notify();

 private:
  std::function<void()> wake_;
};

}  // namespace vardbron::sim
