#include "gateway/subscription/delivery_machine.h"

#include "gateway/base/check.h"
#include "gateway/base/reached.h"

#include <algorithm>
#include <utility>

namespace vardbron::subscription {

namespace {
constexpr Deadline never{Instant::max()};
}

Verdict judge(unsigned status) {
  if (status >= 200 && status < 300) return Verdict::Delivered;
  switch (status) {
    case 400:
    case 413:
    case 415:
    case 422: return Verdict::Refused;
    case 408:
    case 425:
    case 429: return Verdict::TryAgain;
    case 410: return Verdict::Leave;
    default: break;
  }
  return status >= 300 && status < 500 ? Verdict::Misdirected : Verdict::TryAgain;
}

DeliveryMachine::DeliveryMachine(Settings settings, State state, Instant now)
    : settings_(settings), state_(std::move(state)), begun_to_(state_.under_way), last_contact_(now) {
  was_taken_ = state_.status != Status::Error || state_.committed == state_.delivered;
  CHECK(settings_.batch_max >= 1 && settings_.attempts_max >= 1 && settings_.refusals_max >= 1);
  CHECK(state_.delivered >= 0 && state_.committed >= state_.delivered);
  if (state_.status == Status::Requested || state_.hold == store::DeliveryHold::HandshakeDue) handshake_ = Handshake::Due;
  if (begun_to_ > state_.delivered && begun_to_ <= state_.committed) {
    batch_to_ = begun_to_;
    fixed_ = true;
  }
}

// --- what to do --------------------------------------------------------------------------------------------------------

DeliveryMachine::Step DeliveryMachine::next(Instant now, WallTime wall) {
  CHECK(given_.action == Action::Wait && !ended_);
  waits_for_events_ = false;
  given_ = decide(now, wall);
  if (given_.action == Action::Post) last_contact_ = now;
  ended_ = given_.action == Action::End;
  return given_;
}

DeliveryMachine::Step DeliveryMachine::decide(Instant now, WallTime wall) {
  if (is_closing()) return closing();
  if (now < rest_until_) return {.action = Action::Wait, .until = {rest_until_}};
  // It cannot be reverted, so it waits until the end has certainly passed.
  if (settings_.end && wall >= *settings_.end) return write({.status = Status::Off});
  if (wanted_) return write(*wanted_);
  const std::int64_t head = state_.delivered + 1;
  if (queue_ == Queue::Advance) return {.action = Action::Advance, .to = batch_to_};
  if (queue_ == Queue::DeadLetter) return {.action = Action::DeadLetter, .from = head, .to = head, .why = dead_letter_why_};
  if (handshake_ != Handshake::None) return next_of_handshake();
  if (state_.hold != store::DeliveryHold::None) return wait(never, now, wall);
  if (now < pause_until_) return wait({pause_until_}, now, wall);
  if (state_.committed >= head) return next_of_events();
  return next_of_heartbeat(now, wall);
}

// Otherwise answered events would be sent again after the next start, and a due handshake would be lost. Each write is tried
// once.
DeliveryMachine::Step DeliveryMachine::closing() {
  const bool is_answered = queue_ == Queue::Advance;
  if (is_answered && !std::exchange(last_advance_tried_, true)) return {.action = Action::Advance, .to = batch_to_};
  const bool is_unmarked = handshake_ == Handshake::Due && wanted_ && state_.status != Status::Off;
  if (is_unmarked && !std::exchange(last_mark_tried_, true)) return write(*wanted_);
  return {.action = Action::End};
}

// The time of day may be set during a wait, so the wait for a near end is split.
DeliveryMachine::Step DeliveryMachine::wait(Deadline until, Instant now, WallTime wall) const {
  if (settings_.end) {
    const std::chrono::nanoseconds left = *settings_.end - wall;
    until.at = std::min(until.at, now + std::min<std::chrono::nanoseconds>(left, limits::due_cases_look_pause_max));
  }
  return {.action = Action::Wait, .until = until};
}

// While a handshake is due the store is not made to forget it.
DeliveryMachine::Step DeliveryMachine::write(const StatusWrite& wanted) const {
  const bool keeps_due = handshake_ != Handshake::None && wanted.status != Status::Off;
  const store::DeliveryHold hold = keeps_due ? store::DeliveryHold::HandshakeDue : wanted.hold;
  return {.action = Action::SetStatus, .type = wanted.type, .status = wanted.status, .hold = hold, .why = wanted.why};
}

DeliveryMachine::Step DeliveryMachine::next_of_handshake() {
  const bool is_prepared = handshake_ == Handshake::UnderWay && ready_ == NotificationType::Handshake;
  handshake_ = Handshake::UnderWay;
  return is_prepared ? post(NotificationType::Handshake) : prepare(NotificationType::Handshake);
}

DeliveryMachine::Step DeliveryMachine::next_of_events() {
  const std::int64_t head = state_.delivered + 1;
  if (batch_to_ == 0) {
    fixed_ = false;
    batch_to_ = head <= small_until_ ? head : std::min(state_.committed, state_.delivered + settings_.batch_max);
  }
  if (ready_ != NotificationType::EventNotification) return prepare(NotificationType::EventNotification);
  if (must_be_begun()) return {.action = Action::Begin, .from = head, .to = batch_to_};
  fixed_ = true;
  return post(NotificationType::EventNotification);
}

// A heartbeat is only sent after a whole period without other calls, and if there are no events.
DeliveryMachine::Step DeliveryMachine::next_of_heartbeat(Instant now, WallTime wall) {
  waits_for_events_ = true;
  if (settings_.heartbeat.count() <= 0) return wait(never, now, wall);
  if (ready_ == NotificationType::Heartbeat) return post(NotificationType::Heartbeat);
  const Deadline due{last_contact_ + settings_.heartbeat};
  if (now < due.at) return wait(due, now, wall);
  last_contact_ = now;  // also if it fails: the next one is due a period later
  return prepare(NotificationType::Heartbeat);
}

DeliveryMachine::Step DeliveryMachine::prepare(NotificationType type) {
  ready_.reset();
  if (type != NotificationType::EventNotification) return {.action = Action::Prepare, .type = type, .to = state_.committed};
  return {.action = Action::Prepare, .type = type, .from = state_.delivered + 1, .to = batch_to_, .may_end_earlier = !fixed_};
}

DeliveryMachine::Step DeliveryMachine::post(NotificationType type) {
  ready_.reset();
  if (type != NotificationType::EventNotification) return {.action = Action::Post, .type = type};
  return {.action = Action::Post, .type = type, .from = state_.delivered + 1, .to = batch_to_, .attempt = attempts_ + 1};
}

// After a restart the notification in progress would get other bounds, and so another key.
bool DeliveryMachine::must_be_begun() const {
  if (begun_to_ > state_.delivered) return begun_to_ != batch_to_;
  return batch_to_ != state_.delivered + settings_.batch_max;
}

// --- outcomes ---------------------------------------------------------------------------------------------------

void DeliveryMachine::prepared(std::int64_t to) {
  const Step step = std::exchange(given_, {});
  CHECK(step.action == Action::Prepare);
  ready_ = step.type;
  if (step.type != NotificationType::EventNotification) return;
  CHECK(to >= step.from && (step.may_end_earlier ? to <= step.to : to == step.to));
  batch_to_ = to;
}

void DeliveryMachine::put_off() {
  CHECK(given_.action == Action::Prepare);
  given_ = {};
}

void DeliveryMachine::not_answered_to_others(Instant now, Random& random) {
  const Step step = std::exchange(given_, {});
  CHECK(step.action == Action::Prepare && step.type != NotificationType::Handshake);
  was_taken_ = false;
  if (step.type == NotificationType::EventNotification) try_again({}, now, random);
}

// Answers to earlier events do not matter for it: each such event is given up by itself, and soon.
void DeliveryMachine::cannot_be_made(Instant now, Random& random) {
  const Step step = std::exchange(given_, {});
  CHECK(step.type == NotificationType::EventNotification && batch_to_ > state_.delivered);
  ready_.reset();
  if (batch_to_ > state_.delivered + 1) return refused({}, now, random);
  if (++refusals_ >= settings_.refusals_max) return give_up("Given up: the gateway cannot read back what this event names.");
  want_error("A notification cannot be made: the gateway cannot read back what an event names.");
  try_again({}, now, random);
}

void DeliveryMachine::written() {
  const Step step = std::exchange(given_, {});
  switch (step.action) {
    case Action::Begin: begun_to_ = step.to; break;
    case Action::Advance:
      state_.delivered = step.to;
      given_up_in_row_ = 0;
      next_in_queue();
      break;
    case Action::DeadLetter:
      state_.delivered = step.to;
      ++given_up_in_row_;
      next_in_queue();
      break;
    case Action::SetStatus: status_written(step); break;
    default: CHECK(false);
  }
}

void DeliveryMachine::next_in_queue() {
  queue_ = Queue::Send;
  batch_to_ = 0;
  attempts_ = refusals_ = 0;
}

// A subscription that was switched off meanwhile stays off. The mark of a change meanwhile is written again, since it may be
// overwritten.
void DeliveryMachine::status_written(const Step& step) {
  wanted_.reset();
  if (state_.status == Status::Off) return;
  state_.status = step.status;
  state_.hold = step.hold;
  state_.error = step.why;
  if (step.status == Status::Active) resume();
  const bool is_unmarked = handshake_ == Handshake::Due && step.hold != store::DeliveryHold::HandshakeDue;
  if (is_unmarked && step.status != Status::Off) wanted_ = {step.type, step.status, step.hold, step.why};
}

// The subscriber has asked to continue: waiting events are sent at once.
void DeliveryMachine::resume() {
  attempts_ = refusals_ = given_up_in_row_ = 0;
  pause_until_ = Instant{0};
}

bool DeliveryMachine::answered(const Answer& answer, Instant now, Random& random) {
  const Step step = std::exchange(given_, {});
  CHECK(step.action == Action::Post);
  if (step.type == NotificationType::Handshake) return handshake_answered(answer.status);
  was_taken_ = judge(answer.status) == Verdict::Delivered;
  if (step.type == NotificationType::EventNotification) events_answered(answer, now, random);
  return true;
}

// One attempt, as in the guide: 2xx makes it active, everything else puts it in error. The text does not give the reason, by
// which a subscriber could explore our network.
bool DeliveryMachine::handshake_answered(unsigned status) {
  if (is_closing() || handshake_ != Handshake::UnderWay) return false;
  handshake_ = Handshake::None;
  wanted_ = {NotificationType::Handshake, Status::Active, store::DeliveryHold::None, {}};
  was_taken_ = judge(status) == Verdict::Delivered;
  if (was_taken_) return true;
  REACHED("subscription: a handshake fails");
  wanted_ = {NotificationType::Handshake, Status::Error, store::DeliveryHold::Stopped, "Stopped: the handshake failed."};
  return true;
}

Reach DeliveryMachine::reach() const {
  if (handshake_ != Handshake::None) return Reach::NotTaking;
  if (state_.hold != store::DeliveryHold::None) return Reach::Stopped;
  return was_taken_ ? Reach::Delivering : Reach::NotTaking;
}

void DeliveryMachine::events_answered(const Answer& answer, Instant now, Random& random) {
  switch (judge(answer.status)) {
    case Verdict::Delivered: queue_ = Queue::Advance; break;
    case Verdict::TryAgain: try_again(answer.at_least, now, random); break;
    case Verdict::Misdirected:
      want_error("The receiver does not take notifications at this endpoint, or not with these headers.");
      try_again(answer.at_least, now, random);
      break;
    case Verdict::Refused: refused(answer.at_least, now, random); break;
    case Verdict::Leave:
      REACHED("delivery: the receiver wants no more");
      wanted_ = {.status = Status::Error,
                 .hold = store::DeliveryHold::Stopped,
                 .why = "Stopped: the receiver answered 410, it wants no more notifications."};
      break;
  }
}

void DeliveryMachine::trouble(Instant now) {
  const Step step = std::exchange(given_, {});
  ready_.reset();
  const bool is_notification = step.action == Action::Prepare || step.action == Action::Post;
  if (is_notification && step.type == NotificationType::Heartbeat) return;  // the next one is due a period later
  if (is_notification && step.type == NotificationType::Handshake) handshake_ = Handshake::Due;
  REACHED("subscription: our own trouble counts no attempt");
  rest_until_ = now + limits::retry_pause_first;
}

void DeliveryMachine::threw(Instant now, Random& random) {
  REACHED("subscription: a step of a delivery throws");
  const bool is_notification = given_.action == Action::Prepare || given_.action == Action::Post;
  if (is_notification && given_.type == NotificationType::EventNotification) return cannot_be_made(now, random);
  trouble(now);
}

// --- events --------------------------------------------------------------------------------------------

bool DeliveryMachine::committed(std::int64_t number) {
  if (number <= state_.committed) return false;
  state_.committed = number;
  return waits_for_events_;
}

void DeliveryMachine::changed(Settings settings, Asks asks) {
  settings_ = settings;
  last_advance_tried_ = last_mark_tried_ = false;
  if (state_.status == Status::Off) state_.status = Status::Requested;
  if (asks == Asks::Nothing) return;
  handshake_ = Handshake::Due;
  wanted_.reset();  // it is of the state before
  if (asks == Asks::UnmarkedHandshake) wanted_ = {.type = NotificationType::Handshake, .status = state_.status};
}

void DeliveryMachine::switched_off() { state_.status = Status::Off; }

void DeliveryMachine::stop_asked() { stopping_ = true; }

// --- attempts ----------------------------------------------------------------------------------------------------------

void DeliveryMachine::try_again(std::chrono::nanoseconds at_least, Instant now, Random& random) {
  if (++attempts_ >= settings_.attempts_max) return give_up("Given up after the last attempt.");
  if (attempts_ >= settings_.attempts_before_error) want_error("The receiver cannot be reached or does not take notifications.");
  pause_until_ = now + pause_for(at_least, random);
}

void DeliveryMachine::refused(std::chrono::nanoseconds at_least, Instant now, Random& random) {
  const std::int64_t head = state_.delivered + 1;
  if (batch_to_ > head) {
    REACHED("delivery: a refused notification is cut into single events");
    small_until_ = batch_to_;
    batch_to_ = head;
    fixed_ = false;
    return;
  }
  if (++refusals_ >= settings_.refusals_max && given_up_in_row_ == 0)
    return give_up("Given up: the receiver refuses this event.");
  want_error("The receiver refuses a notification.");
  try_again(at_least, now, random);
}

void DeliveryMachine::give_up(std::string_view why) {
  REACHED("delivery: an event is given up");
  want_error("An event was given up; ask for it with $events.");
  dead_letter_why_ = why;
  queue_ = Queue::DeadLetter;
}

void DeliveryMachine::want_error(std::string_view why) {
  if (state_.status != Status::Error) wanted_ = {.status = Status::Error, .why = why};
}

std::chrono::nanoseconds DeliveryMachine::pause_for(std::chrono::nanoseconds at_least, Random& random) const {
  std::chrono::nanoseconds longest = settings_.pause_first;
  for (int doubled = 1; doubled < attempts_ && longest < settings_.pause_max; ++doubled) longest *= 2;
  longest = std::min(longest, settings_.pause_max);
  // Half of it is random, so that a receiver that has recovered is not called by all loops at one moment.
  auto half = static_cast<std::uint64_t>(longest.count() / 2);
  std::chrono::nanoseconds pause = longest / 2 + std::chrono::nanoseconds{random.below(half + 1)};
  return std::max(pause, std::min(at_least, settings_.pause_max));
}

}  // namespace vardbron::subscription
