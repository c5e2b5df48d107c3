#pragma once

#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>

#include "gateway/base/limits.h"
#include "gateway/base/random.h"

namespace vardbron::subscription {

/// What an answer means for the notification and for the receiver.
enum class Verdict : std::uint8_t {
  Delivered,    ///< 2xx
  TryAgain,     ///< no answer, timed out, 408, 425, 429, 5xx: the receiver is not well
  Misdirected,  ///< 401, 403, 404, 3xx and other 4xx: endpoint or credentials are wrong; tried on, but in error at once
  Refused,      ///< 400, 413, 415, 422: this notification is not wanted as it is
  Leave         ///< 410: the receiver wants no more
};

/// The table behind it. Status 0 stands for no answer at all.
Verdict judge(unsigned status);

/// Decides what happens to one subscriber's queue, in order. No I/O, no clock: it is told what happened and says what to do next.
/// Every step that `next` names is answered by exactly one of the calls behind it.
class Delivery {
 public:
  struct Settings {
    std::int64_t batch_max = 1;
    int attempts_max = limits::delivery_attempts_max;
    int attempts_before_error = limits::delivery_attempts_before_error;
    int refusals_max = limits::delivery_refusals_max;
    std::chrono::nanoseconds pause_first = limits::retry_pause_first;
    std::chrono::nanoseconds pause_max = limits::retry_pause_max;
  };

  enum class Action : std::uint8_t {
    Wait,       ///< nothing to send; committed() or resume() may change that
    Send,       ///< events from..to in one notification -> answered()
    Pause,      ///< wait `pause` -> rested(); resume() cuts it short
    Advance,    ///< write down that everything up to `to` is done -> advanced()
    Bury,       ///< give event `from` up: dead letter -> buried()
    MarkError,  ///< status error, `why` -> marked()
    Halt        ///< send nothing more until resume()
  };

  struct Step {
    Action action = Action::Wait;
    std::int64_t from = 0, to = 0;
    std::chrono::nanoseconds pause{0};
    std::string_view why;  ///< a plain sentence, static
  };

  /// `delivered`: everything up to here is done. `committed`: last number that exists. `in_error`: status error already stands.
  Delivery(Settings settings, std::int64_t delivered, std::int64_t committed, bool in_error);

  Step next() const;

  // What happened.
  void committed(std::int64_t number);  ///< events up to `number` exist; a smaller number changes nothing
  /// `status` 0: no answer. `at_least`: Retry-After, bounded by pause_max. `random` gives the jitter of the pause.
  void answered(unsigned status, std::chrono::nanoseconds at_least, Random& random);
  void rested();
  void advanced();
  void buried();
  void marked();
  /// The subscriber has asked to go on, and the handshake went well: error is forgotten, and what waits goes out at once.
  void resume();

  std::int64_t delivered() const { return delivered_; }
  std::int64_t committed() const { return committed_; }
  int attempts() const { return attempts_; }
  bool in_error() const { return in_error_; }

 private:
  void try_again(std::chrono::nanoseconds at_least, Random& random);
  void refused(Random& random, std::chrono::nanoseconds at_least);
  void want_error(std::string_view why);
  void begin_next();

  Settings settings_;
  std::int64_t delivered_ = 0, committed_ = 0;
  std::int64_t batch_to_ = 0;     // last number of the notification under way; it stays the same over all retries
  std::int64_t small_until_ = 0;  // up to here one event at a time: a notification that held it was refused
  int attempts_ = 0, refusals_ = 0;
  std::chrono::nanoseconds pause_{0};
  Action then_ = Action::Wait;
  std::string_view error_why_;  // an error waits to be marked before anything else is done
  std::string_view bury_why_;
  bool in_error_ = false;
};

}  // namespace vardbron::subscription
