#include "gateway/net/watch.h"

#include <boost/asio/steady_timer.hpp>

#include <algorithm>
#include <utility>

namespace vardbron::net {

struct Watch::State : std::enable_shared_from_this<Watch::State> {
  State(const asio::any_io_executor& executor, std::function<void()> call) : timer(executor), on_late(std::move(call)) {}

  void arm() {
    Instant next = std::min(reading.until, writing.until);
    if (next == Instant::max() || (armed && armed_at <= next)) return;
    armed = true;
    armed_at = next;
    timer.expires_at(asio::steady_timer::time_point(next));
    timer.async_wait([self = shared_from_this()](boost::system::error_code ended) {
      if (!ended) self->ring();
    });
  }

  void ring() {
    armed = false;
    if (!on_late) return;
    Instant now = RealClock().now();
    bool any_late = false;
    for (Side* side : {&reading, &writing}) {
      if (side->until > now) continue;
      side->late = true;
      any_late = true;
    }
    if (any_late) {
      on_late();
    } else {
      arm();
    }
  }

  asio::steady_timer timer;
  std::function<void()> on_late;  // empty after the connection is destroyed
  Side reading;
  Side writing;
  bool armed = false;
  Instant armed_at{0};
};

Watch::Watch(const asio::any_io_executor& executor, std::function<void()> on_late)
    : state_(std::make_shared<State>(executor, std::move(on_late))) {}

Watch::~Watch() {
  state_->on_late = nullptr;
  state_->timer.cancel();
}

Watch::Side& Watch::reading() { return state_->reading; }

Watch::Side& Watch::writing() { return state_->writing; }

Watch::Guard::Guard(Watch& watch, Side& side, Deadline until) : side_(side) {
  side_.until = until.at;
  side_.late = false;
  watch.state_->arm();
}

}  // namespace vardbron::net
