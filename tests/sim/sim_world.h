#pragma once

#include "gateway/base/random.h"
#include "tests/sim/sim_clock.h"
#include "tests/sim/sim_net.h"

#include <exception>
#include <list>
#include <memory>
#include <optional>

namespace boost::asio {
class io_context;
class cancellation_signal;
}  // namespace boost::asio

namespace vardbron::sim {

/// One thread, one clock, one network, one seed: everything that waits in a test waits here, and the same seed gives the same
/// run. What a test makes for its tasks lives before the world or is done with when the world ends.
class SimWorld {
 public:
  explicit SimWorld(std::uint64_t seed = 1, NetFaults faults = {});
  SimWorld(const SimWorld&) = delete;
  SimWorld& operator=(const SimWorld&) = delete;
  ~SimWorld();

  /// Starts the task at the next run. An exception of it is thrown by the run, unless it says that the task was cancelled.
  void spawn(Task<void> work);
  /// Runs until nothing can happen any more; tasks that still wait then will never be woken.
  void run();
  /// Runs for so much simulated time.
  void run_for(Instant span);
  /// Stops every spawned task at its wait, and runs what that sets free, without time passing.
  void cancel_all();
  /// Spawned and not ended.
  std::size_t tasks() const { return tasks_.size(); }

  /// Spawns the task, runs, and gives its result. The task must end by itself.
  template <class T>
  T complete(Task<T> work) {
    std::optional<T> value;
    spawn(keep(std::move(work), value));
    run_while([&value] { return !value; });
    CHECK(value && "the task waits for what never comes");
    return std::move(*value);
  }

  asio::io_context& io() { return *io_; }

  SimClock clock;
  SeededRandom random;
  SimNet net;

 private:
  template <class T>
  static Task<void> keep(Task<T> work, std::optional<T>& into) {
    into.emplace(co_await std::move(work));
  }
  void run_while(const std::function<bool()>& wanted);
  void poll();

  std::list<asio::cancellation_signal> tasks_;
  std::exception_ptr error_;
  std::unique_ptr<asio::io_context> io_;
};

}  // namespace vardbron::sim
