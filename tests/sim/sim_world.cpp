#include "tests/sim/sim_world.h"

#include "gateway/base/check.h"

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/error.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <boost/system/system_error.hpp>

#include <utility>

namespace vardbron::sim {

SimWorld::SimWorld(std::uint64_t seed, NetFaults faults)
    : random(seed), net(clock, random, faults), io_(std::make_unique<asio::io_context>(1)) {}

SimWorld::~SimWorld() = default;

void SimWorld::spawn(Task<void> work) {
  auto task = tasks_.emplace(tasks_.end());
  auto on_end = [this, task](std::exception_ptr error) {
    tasks_.erase(task);
    if (!error || error_) return;
    try {
      std::rethrow_exception(error);
    } catch (const boost::system::system_error& thrown) {
      if (thrown.code() != asio::error::operation_aborted) error_ = error;
    } catch (...) {
      error_ = error;
    }
  };
  asio::co_spawn(*io_, std::move(work), asio::bind_cancellation_slot(task->slot(), on_end));
}

void SimWorld::run() {
  run_while([] { return true; });
}

void SimWorld::run_while(const std::function<bool()>& wanted) {
  do {
    poll();
  } while (wanted() && clock.advance());
}

void SimWorld::run_for(Instant span) {
  Instant end = clock.now() + span;
  do {
    poll();
  } while (clock.advance_until(end));
  poll();
}

void SimWorld::cancel_all() {
  // Inside the loop, since outside Asio would only note the wish, with a pointer to a task that may have ended by then.
  asio::post(*io_, [this] {
    for (auto task = tasks_.begin(); task != tasks_.end();) (task++)->emit(asio::cancellation_type::terminal);
  });
  poll();
}

void SimWorld::poll() {
  io_->restart();
  while (io_->poll() > 0) {}
  if (error_) std::rethrow_exception(std::exchange(error_, nullptr));
}

}  // namespace vardbron::sim
