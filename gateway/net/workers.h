#pragma once

#include "gateway/base/task.h"

#include <cstddef>
#include <functional>
#include <memory>

namespace vardbron::net {

/// The threads that wait: each has its own loop, and a connection never leaves the loop it was accepted on. Made, started and
/// joined by one thread.
class Workers {
 public:
  explicit Workers(std::size_t count);
  Workers(const Workers&) = delete;
  Workers& operator=(const Workers&) = delete;
  ~Workers();  ///< stops and joins

  void start();
  std::size_t size() const;
  /// Where to make what shall live on that worker. Usable before start() and until the workers are gone.
  asio::any_io_executor executor(std::size_t worker) const;
  /// Runs `work` on that worker's thread. Any thread.
  void post(std::size_t worker, std::function<void()> work);
  /// Starts a task on that worker's thread. What it throws ends the program: it should give a Result. Any thread.
  void spawn(std::size_t worker, Task<void> work);
  /// Lets the loops end when nothing waits in them any more, and waits for that.
  void join();
  /// Ends the loops at once; what waits in them is destroyed with the workers. Any thread.
  void stop();

 private:
  struct Loop;
  std::unique_ptr<Loop[]> loops_;
  std::size_t count_;
};

}  // namespace vardbron::net
