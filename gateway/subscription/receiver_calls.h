#pragma once

#include "gateway/base/task.h"
#include "gateway/subscription/endpoints.h"

#include <cstddef>
#include <memory>

namespace vardbron::subscription {

/// Bounds the calls that are under way at one time to one receiver's address, and to one endpoint there. Who waits for an
/// endpoint while a call to it gets no answer shares that outcome, so that the subscriptions of an endpoint that is down do not
/// each wait for an answer of their own. Calls of one address begin in the order in which they were asked for, as far as the
/// bounds let them. One thread.
class ReceiverCalls {
 public:
  struct Bounds {
    std::size_t per_address = 1;   ///< of which those that repeat one that failed have half
    std::size_t per_endpoint = 1;  ///< one, as long as its last call got no answer
  };
  ReceiverCalls(Bounds bounds, asio::any_io_executor executor);
  ReceiverCalls(const ReceiverCalls&) = delete;

  /// The right to make one call, until this is destroyed. A resource.
  class Call {
   public:
    Call(const Call&) = delete;
    ~Call();
    /// It is over, and whether the endpoint answered at all. Without it nothing is learnt of the endpoint.
    void ended(bool was_answered);

   private:
    friend class ReceiverCalls;
    struct Shared;
    struct Address;
    struct Waiting;
    Call(std::shared_ptr<Shared> shared, const Url& to, bool is_repeat);
    std::shared_ptr<Shared> shared_;
    Url to_;
    bool is_repeat_;
  };

  struct Wanted {
    Url to;
    bool is_repeat = false;  ///< of a call that failed
    bool must_call = false;  ///< it shares no outcome, and does not wait until the endpoint answers others
  };
  /// With a call, or with the outcome of another one; with neither: `who` has left the queue, or close() was called, or the
  /// waiting task was cancelled.
  struct Taken {
    std::unique_ptr<Call> call;
    bool is_unanswered = false;
  };
  Task<Taken> take(Wanted wanted, const void* who);
  /// Ends its waiting, if it waits.
  void leave(const void* who);
  /// Nobody waits any more.
  void close();

  std::size_t waiting() const;

 private:
  std::shared_ptr<Call::Shared> shared_;
};

}  // namespace vardbron::subscription
