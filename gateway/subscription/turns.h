#pragma once

#include "gateway/base/task.h"

#include <cstddef>
#include <memory>
#include <vector>

namespace vardbron::subscription {

/// Bounds what the deliveries of backlogs take at one time: how many notifications are prepared, and the bytes of those that are
/// prepared and that no receiver has answered. Turns come in the order in which they were asked for. One thread.
class Turns {
 public:
  struct Bounds {
    std::size_t at_once = 1;    ///< notifications that are being prepared
    std::size_t bytes_max = 1;  ///< a turn begins while fewer are held, so each of `at_once` may exceed it
  };
  /// `places`: where they are prepared, in turns; none: on the asking thread.
  Turns(Bounds bounds, std::vector<asio::any_io_executor> places, asio::any_io_executor executor);
  Turns(const Turns&) = delete;

  /// The right to prepare one notification, and to hold it until this is destroyed. A resource.
  class Turn {
   public:
    Turn(const Turn&) = delete;
    ~Turn();
    /// It has been prepared and takes so many bytes: another one may be.
    void prepared(std::size_t bytes);
    const asio::any_io_executor& place() const { return place_; }  ///< empty: the asking thread

   private:
    friend class Turns;
    struct Shared;
    Turn(std::shared_ptr<Shared> shared, asio::any_io_executor place);
    std::shared_ptr<Shared> shared_;
    asio::any_io_executor place_;
    bool is_preparing_ = true;
    std::size_t bytes_ = 0;
  };

  /// Waits for the next turn. Null: `who` has left the queue, or close() was called, or the waiting task was cancelled.
  Task<std::unique_ptr<Turn>> take(const void* who);
  /// Ends its waiting, if it waits.
  void leave(const void* who);
  /// There are no turns any more.
  void close();

  std::size_t waiting() const;

 private:
  std::shared_ptr<Turn::Shared> shared_;
};

}  // namespace vardbron::subscription
