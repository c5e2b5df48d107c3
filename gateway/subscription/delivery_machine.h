#pragma once

#include "gateway/base/limits.h"
#include "gateway/base/random.h"
#include "gateway/store/store.h"

#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>

namespace vardbron::subscription {

/// What an answer means for the notification and for the receiver.
enum class Verdict : std::uint8_t {
  Delivered,    ///< 2xx
  TryAgain,     ///< no answer, timed out, 1xx, 408, 425, 429, 5xx: the receiver is not well
  Misdirected,  ///< 3xx, 401, 403, 404 and every other 4xx: endpoint or credentials are wrong; tried on, but in error at once
  Refused,      ///< 400, 413, 415, 422: this notification is not wanted as it is
  Leave         ///< 410: the receiver wants no more
};

/// The table behind it. Status 0 stands for no answer at all.
Verdict judge(unsigned status);

/// Decides what happens to one subscriber's queue, in order. No I/O, no clock: it is told what happened and says what to do next.
///
/// A notification is repeated unchanged until it is answered, with growing pauses. A refused one is cut into single events; an
/// event that is refused alone `refusals_max` times is given up and the queue goes on. When the next one is refused as well, it
/// is the receiver that is ill, and nothing more is given up before `attempts_max`. Error, once marked, stays until resume():
/// a server that takes it back by itself would hide a gap (backport guide, errors); deliveries go on under it.
class DeliveryMachine {
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
    Wait,        ///< nothing to send; committed() changes that
    Send,        ///< events from..to in one notification -> answered()
    Pause,       ///< wait `pause` -> rested(), or resume()
    Advance,     ///< write down that everything up to `to` is done -> advanced()
    DeadLetter,  ///< give event `from` up: dead letter -> buried()
    MarkError,   ///< status error, `why` -> marked()
    Halt         ///< send nothing more until resume()
  };

  struct Step {
    Action action = Action::Wait;
    std::int64_t from = 0, to = 0;
    std::chrono::nanoseconds pause{0};
    std::string_view why;                                  ///< a plain sentence; static text
    store::DeliveryHold hold = store::DeliveryHold::None;  ///< of MarkError
  };

  /// Where the queue stands. `halted`: nothing is sent before resume().
  struct Standing {
    std::int64_t delivered = 0;  ///< everything up to here is done
    std::int64_t committed = 0;  ///< last number there is
    bool in_error = false;
    bool halted = false;
    std::int64_t under_way = 0;  ///< last event of the notification that was begun before; not above `delivered`: none
  };

  DeliveryMachine(Settings settings, Standing standing);

  /// What to do now; the same until the call behind the action is made. A Send fixes the notification's bounds.
  Step next();

  /// Other settings from the next notification on; the one under way stays as it is.
  void use(Settings settings) { settings_ = settings; }

  /// Before the first byte of a notification is sent it may be made to end earlier; fix() ends that.
  bool is_fixed() const { return fixed_; }
  void shorten(std::int64_t to);
  void fix() { fixed_ = true; }
  /// The notification under way would get other bounds, and so another key, after a restart: it must be written down before it
  /// is sent -> written().
  bool must_be_written() const;
  void written() { written_to_ = batch_to_; }

  // What happened.
  void committed(std::int64_t number);  ///< events up to `number` exist; a smaller number changes nothing
  /// `status` 0: no answer. `at_least`: Retry-After, bounded by pause_max. `random` gives the jitter of the pause.
  void answered(unsigned status, std::chrono::nanoseconds at_least, Random& random);
  /// The notification cannot be made: it lies in the gateway, and in one of its events.
  void cannot_be_made(Random& random);
  void rested();
  void advanced();
  void dead_lettered();
  void marked();
  void halt();  ///< the handshake failed
  /// The subscriber has asked to go on, and the handshake went well: error is forgotten, and what waits goes out at once.
  void resume();

  std::int64_t delivered() const { return standing_.delivered; }
  std::int64_t committed() const { return standing_.committed; }
  int attempts() const { return attempts_; }
  bool in_error() const { return standing_.in_error; }

 private:
  void try_again(std::chrono::nanoseconds at_least, Random& random);
  void refused(std::chrono::nanoseconds at_least, Random& random);
  void give_up(std::string_view why);
  void want_error(std::string_view why);
  std::chrono::nanoseconds pause_for(std::chrono::nanoseconds at_least, Random& random) const;

  Settings settings_;
  Standing standing_;
  Action then_ = Action::Send;    // Send also stands for Wait while there is nothing
  std::int64_t batch_to_ = 0;     // last number of the notification under way, fixed over all its retries; 0 = none
  std::int64_t written_to_ = 0;   // what the store holds of it
  bool fixed_ = false;            // a receiver may know the notification under way
  std::int64_t small_until_ = 0;  // one event at a time up to here, since a notification that held it was refused
  int attempts_ = 0, refusals_ = 0, given_up_in_row_ = 0;
  std::chrono::nanoseconds pause_{0};
  std::string_view error_why_, dead_letter_why_;  // an error waits to be marked before anything else is done
};

}  // namespace vardbron::subscription
