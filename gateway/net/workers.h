#pragma once

#include "gateway/base/task.h"

#include <cstddef>
#include <functional>
#include <memory>

namespace vardbron::net {

/// Threads with one event loop each; a connection stays on the loop that accepted it. Created, started and joined by one thread.
class Workers {
 public:
  explicit Workers(std::size_t count);
  Workers(const Workers&) = delete;
  Workers& operator=(const Workers&) = delete;
  ~Workers();  ///< stops and joins

  void start();
  std::size_t size() const;
  /// The executor of that worker. Valid before start() and until the workers are destroyed.
  asio::any_io_executor executor(std::size_t worker) const;
  /// Runs `work` on that worker's thread. Any thread.
  void post(std::size_t worker, std::function<void()> work);
  /// Starts a task on that worker's thread. An exception terminates the program; return a Result. Any thread.
  void spawn(std::size_t worker, Task<void> work);
  /// Lets the loops end when nothing waits in them, and joins them.
  void join();
  /// Ends the loops at once; their waiting tasks are destroyed with the workers. Any thread.
  void stop();

 private:
  struct Loop;
  std::unique_ptr<Loop[]> loops_;
  std::size_t count_;
};

}  // namespace vardbron::net
