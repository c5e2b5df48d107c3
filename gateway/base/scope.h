#pragma once

#include "gateway/base/task.h"

#include <exception>
#include <list>
#include <memory>

namespace vardbron {

/// The parent of concurrent tasks on one thread. Every child is joined before the scope ends: its owner awaits join() on every
/// path. A child that throws cancels the others; join() throws that exception.
class Scope {
 public:
  explicit Scope(asio::any_io_executor executor);
  Scope(const Scope&) = delete;
  Scope& operator=(const Scope&) = delete;
  ~Scope();  ///< CHECKs that no child is left

  /// Starts a child. After cancel() a new child is cancelled at its first wait.
  void spawn(Task<> work);
  /// Asks every child to stop at its next wait.
  void cancel();
  /// Waits until no child is left. When the waiting task itself is cancelled, the children are cancelled too, and waited for.
  Task<> join();
  std::size_t size() const;

 private:
  struct State;
  std::shared_ptr<State> state_;  // shared with the children
};

}  // namespace vardbron
