#pragma once

#include "gateway/base/clock.h"
#include "gateway/base/limits.h"
#include "gateway/base/random.h"
#include "gateway/store/store.h"
#include "gateway/subscription/notification.h"
#include "gateway/subscription/reaches.h"
#include "gateway/subscription/subscription.h"

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace vardbron::subscription {

/// The meaning of an answer for the notification and for the receiver.
enum class Verdict : std::uint8_t {
  Delivered,    ///< 2xx
  TryAgain,     ///< no answer, timed out, 1xx, 408, 425, 429, 5xx: the receiver has a failure
  Misdirected,  ///< 3xx, 401, 403, 404 and every other 4xx: endpoint or credentials are wrong; tried further, but in error at
                ///< once
  Refused,      ///< 400, 413, 415, 422: this notification is refused as it is
  Leave         ///< 410: the receiver wants no more notifications
};

/// In the place of a status: no answer at all.
inline constexpr unsigned no_answer = 0;
Verdict judge(unsigned status);

/// Decides everything about one subscription's notifications: handshake, events in order, pauses, heartbeats, errors, the end. No
/// I/O, no clock: next() returns what to do, and the outcome of each step but Wait and End is reported before next() is called
/// again. Events may come at any time, also between a step and its outcome.
///
///   Step step = machine.next(clock.now(), clock.certain_wall());
///   .. carry it out ..
///   machine.written();  // or prepared, answered, not_answered_to_others, cannot_be_made, put_off, trouble, threw
///
/// After a change nothing is sent before a handshake was answered 2xx; what was prepared before it is dropped. A notification is
/// repeated unchanged until it is answered, with growing pauses. A refused one is cut into single events; an event that is
/// refused alone `refusals_max` times is given up and the queue continues. If the next one is refused as well, the failure is the
/// receiver's, and nothing more is given up before `attempts_max`. Status error stays until a handshake succeeds: a server that
/// reset it by itself would hide a gap (backport guide, errors); deliveries continue under it.
class DeliveryMachine {
 public:
  struct Settings {
    std::int64_t batch_max = 1;
    std::chrono::nanoseconds heartbeat{0};  ///< 0 = none
    std::optional<WallTime> end;            ///< from then on the subscription is off
    int attempts_max = limits::delivery_attempts_max;
    int attempts_before_error = limits::delivery_attempts_before_error;
    int refusals_max = limits::delivery_refusals_max;
    std::chrono::nanoseconds pause_first = limits::retry_pause_first;
    std::chrono::nanoseconds pause_max = limits::retry_pause_max;
  };

  enum class Action : std::uint8_t {
    Wait,        ///< until `until`, or until an event
    Prepare,     ///< make the notification of that type; events: from..to -> prepared(), cannot_be_made()
    Begin,       ///< store durably that the prepared notification ends with `to` -> written()
    Post,        ///< send the prepared notification -> answered()
    Advance,     ///< store that everything up to `to` is done -> written()
    DeadLetter,  ///< give event `from` up, because of `why` -> written()
    SetStatus,   ///< write `status`, `hold` and `why`, which is the error or "" -> written()
    End          ///< nothing more will be done
  };

  struct Step {
    Action action = Action::Wait;
    NotificationType type = NotificationType::EventNotification;  ///< Prepare, Post; SetStatus: its cause
    std::int64_t from = 0, to = 0;
    bool may_end_earlier = false;  ///< Prepare: it was not sent yet
    int attempt = 1;               ///< Post
    Deadline until{Instant::max()};
    Status status = Status::Requested;
    store::DeliveryHold hold = store::DeliveryHold::None;
    std::string_view why;  ///< a plain sentence; static text
  };

  /// The stored state.
  struct State {
    std::int64_t delivered = 0;  ///< everything up to this number is done
    std::int64_t committed = 0;  ///< the last existing number
    std::int64_t under_way = 0;  ///< last event of the notification in progress; not above `delivered`: none
    Status status = Status::Requested;
    store::DeliveryHold hold = store::DeliveryHold::None;
    std::string error;
  };

  struct Answer {
    unsigned status = no_answer;
    std::chrono::nanoseconds at_least{0};  ///< Retry-After; bounded by pause_max
  };

  /// `now`: the heartbeat's period begins.
  DeliveryMachine(Settings settings, State state, Instant now);

  /// `wall`: a time of day that has certainly passed.
  Step next(Instant now, WallTime wall);

  // Outcomes of the step. `random` gives the jitter of a pause.
  void prepared(std::int64_t to = 0);  ///< events: it ends with `to`, earlier than the step's only if that is allowed
  /// A Prepare of events failed in the gateway because of one of its events.
  void cannot_be_made(Instant now, Random& random);
  /// A Prepare was not begun, since something else may be more urgent now: what to do is decided again.
  void put_off();
  /// A Prepare was not begun, since the endpoint did not answer a call that it waited for: it counts as this one's attempt.
  void not_answered_to_others(Instant now, Random& random);
  void written();
  /// False: it was changed, switched off or stopped meanwhile, and the answer is ignored.
  bool answered(const Answer& answer, Instant now, Random& random);
  /// A failure of the store or this machine, not of the receiver. No attempt is counted, and the step is tried again soon.
  void trouble(Instant now);
  /// An exception at a notification of events is attributed to it; at other steps it is like trouble().
  void threw(Instant now, Random& random);

  // Events.
  /// Events up to `number` exist; a smaller number changes nothing. True: the machine waits for events, so next() is to be
  /// called.
  bool committed(std::int64_t number);
  /// What a change requires before anything else is sent.
  enum class Asks : std::uint8_t {
    Nothing,
    Handshake,         ///< which is stored as due already
    UnmarkedHandshake  ///< which must be stored as due first
  };
  /// The subscriber changed it. A notification in progress keeps its bounds.
  void changed(Settings settings, Asks asks);
  void switched_off();
  /// To be ended soon: outstanding results are still stored, once.
  void stop_asked();

  Status status() const { return state_.status; }
  /// Whether an event that comes now gets to the endpoint, by its last answer.
  Reach reach() const;
  const std::string& error() const { return state_.error; }
  std::int64_t delivered() const { return state_.delivered; }
  std::int64_t committed() const { return state_.committed; }
  /// The notification in progress was not taken the last time.
  bool is_repeating() const { return attempts_ > 0 || refusals_ > 0; }
  bool is_stopping() const { return stopping_; }
  bool has_ended() const { return ended_; }

 private:
  enum class Queue : std::uint8_t { Send, Advance, DeadLetter };
  enum class Handshake : std::uint8_t { None, Due, UnderWay };
  struct StatusWrite {
    NotificationType type = NotificationType::EventNotification;  // its cause
    Status status = Status::Requested;
    store::DeliveryHold hold = store::DeliveryHold::None;
    std::string_view why;
  };

  Step decide(Instant now, WallTime wall);
  Step closing();
  Step wait(Deadline until, Instant now, WallTime wall) const;
  Step write(const StatusWrite& wanted) const;
  Step next_of_handshake();
  Step next_of_events();
  Step next_of_heartbeat(Instant now, WallTime wall);
  Step prepare(NotificationType type);
  Step post(NotificationType type);
  bool is_closing() const { return stopping_ || state_.status == Status::Off; }
  bool must_be_begun() const;

  bool handshake_answered(unsigned status);
  void events_answered(const Answer& answer, Instant now, Random& random);
  void status_written(const Step& step);
  void resume();
  void next_in_queue();
  void try_again(std::chrono::nanoseconds at_least, Instant now, Random& random);
  void refused(std::chrono::nanoseconds at_least, Instant now, Random& random);
  void give_up(std::string_view why);
  void want_error(std::string_view why);
  std::chrono::nanoseconds pause_for(std::chrono::nanoseconds at_least, Random& random) const;

  Settings settings_;
  State state_;                            // status and hold change when they are written
  Step given_;                             // whose outcome is outstanding; Wait: none
  std::optional<NotificationType> ready_;  // what is prepared
  std::optional<StatusWrite> wanted_;      // written before any other step
  Handshake handshake_ = Handshake::None;
  Queue queue_ = Queue::Send;
  std::int64_t batch_to_ = 0;     // last number of the notification in progress, the same for all its retries; 0 = none
  std::int64_t begun_to_ = 0;     // the stored one
  bool fixed_ = false;            // the notification in progress may have been received
  std::int64_t small_until_ = 0;  // one event at a time up to this one, since a notification with it was refused
  int attempts_ = 0, refusals_ = 0, given_up_in_row_ = 0;
  bool was_taken_ = true;   // the last notification, or heartbeat, by the receiver
  Instant pause_until_{0};  // the receiver's
  Instant rest_until_{0};   // after a failure of our own
  Instant last_contact_{0};
  std::string_view dead_letter_why_;
  bool waits_for_events_ = false;
  bool stopping_ = false, last_advance_tried_ = false, last_mark_tried_ = false, ended_ = false;
};

}  // namespace vardbron::subscription
