#include "gateway/subscription/delivery_machine.h"

#include "gateway/base/check.h"
#include "gateway/base/reached.h"

#include <algorithm>

namespace vardbron::subscription {

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

DeliveryMachine::DeliveryMachine(Settings settings, Standing standing) : settings_(settings), standing_(standing) {
  CHECK(settings_.batch_max >= 1 && settings_.attempts_max >= 1 && settings_.refusals_max >= 1);
  CHECK(standing_.delivered >= 0 && standing_.committed >= standing_.delivered);
  if (standing_.halted) then_ = Action::Halt;
  written_to_ = standing_.under_way;
  if (written_to_ > standing_.delivered && written_to_ <= standing_.committed) {
    batch_to_ = written_to_;
    fixed_ = true;
  }
}

DeliveryMachine::Step DeliveryMachine::next() {
  std::int64_t head = standing_.delivered + 1;
  Step step;
  step.action = error_why_.empty() ? then_ : Action::MarkError;
  switch (step.action) {
    case Action::MarkError:
      step.why = error_why_;
      if (then_ == Action::Halt) step.hold = store::DeliveryHold::Stopped;
      break;
    case Action::Pause: step.pause = pause_; break;
    case Action::Advance: step.to = batch_to_; break;
    case Action::DeadLetter:
      step.from = step.to = head;
      step.why = dead_letter_why_;
      break;
    case Action::Wait:
    case Action::Send:
      if (standing_.committed < head) {
        step.action = Action::Wait;
        break;
      }
      if (batch_to_ == 0) {
        fixed_ = false;
        batch_to_ = head <= small_until_ ? head : std::min(standing_.committed, standing_.delivered + settings_.batch_max);
      }
      step.from = head;
      step.to = batch_to_;
      break;
    case Action::Halt: break;
  }
  return step;
}

void DeliveryMachine::shorten(std::int64_t to) {
  CHECK(!fixed_ && then_ == Action::Send && to > standing_.delivered && to <= batch_to_);
  batch_to_ = to;
}

bool DeliveryMachine::must_be_written() const {
  if (written_to_ > standing_.delivered) return written_to_ != batch_to_;
  return batch_to_ != standing_.delivered + settings_.batch_max;
}

void DeliveryMachine::committed(std::int64_t number) { standing_.committed = std::max(standing_.committed, number); }

void DeliveryMachine::answered(unsigned status, std::chrono::nanoseconds at_least, Random& random) {
  CHECK(then_ == Action::Send && batch_to_ > standing_.delivered);
  switch (judge(status)) {
    case Verdict::Delivered: then_ = Action::Advance; break;
    case Verdict::TryAgain: try_again(at_least, random); break;
    case Verdict::Misdirected:
      want_error("The receiver does not take notifications at this endpoint, or not with these headers.");
      try_again(at_least, random);
      break;
    case Verdict::Refused: refused(at_least, random); break;
    case Verdict::Leave:
      REACHED("delivery: the receiver wants no more");
      want_error("Stopped: the receiver answered 410, it wants no more notifications.");
      then_ = Action::Halt;
      break;
  }
}

// What the receiver did with those before says nothing about it: each such event is given up by itself, and soon.
void DeliveryMachine::cannot_be_made(Random& random) {
  CHECK(then_ == Action::Send && batch_to_ > standing_.delivered);
  if (batch_to_ > standing_.delivered + 1) return refused(std::chrono::nanoseconds{0}, random);
  if (++refusals_ >= settings_.refusals_max) return give_up("Given up: the gateway cannot read back what this event names.");
  want_error("A notification cannot be made: the gateway cannot read back what an event names.");
  try_again(std::chrono::nanoseconds{0}, random);
}

void DeliveryMachine::rested() {
  CHECK(then_ == Action::Pause);
  then_ = Action::Send;
}

void DeliveryMachine::advanced() {
  CHECK(then_ == Action::Advance);
  standing_.delivered = batch_to_;
  batch_to_ = 0;
  attempts_ = refusals_ = given_up_in_row_ = 0;
  then_ = Action::Send;
}

void DeliveryMachine::dead_lettered() {
  CHECK(then_ == Action::DeadLetter);
  ++standing_.delivered;
  ++given_up_in_row_;
  batch_to_ = 0;
  attempts_ = refusals_ = 0;
  then_ = Action::Send;
}

void DeliveryMachine::marked() {
  standing_.in_error = true;
  error_why_ = {};
}

void DeliveryMachine::halt() {
  then_ = Action::Halt;
  error_why_ = {};
  standing_.in_error = true;
}

void DeliveryMachine::resume() {
  standing_.in_error = false;
  error_why_ = {};
  attempts_ = refusals_ = given_up_in_row_ = 0;
  if (then_ == Action::Pause || then_ == Action::Halt) then_ = Action::Send;
}

void DeliveryMachine::try_again(std::chrono::nanoseconds at_least, Random& random) {
  if (++attempts_ >= settings_.attempts_max) return give_up("Given up after the last attempt.");
  if (attempts_ >= settings_.attempts_before_error) want_error("The receiver cannot be reached or does not take notifications.");
  pause_ = pause_for(at_least, random);
  then_ = Action::Pause;
}

void DeliveryMachine::refused(std::chrono::nanoseconds at_least, Random& random) {
  std::int64_t head = standing_.delivered + 1;
  if (batch_to_ > head) {
    REACHED("delivery: a refused notification is cut into single events");
    small_until_ = batch_to_;
    batch_to_ = head;
    fixed_ = false;
    then_ = Action::Send;
    return;
  }
  if (++refusals_ >= settings_.refusals_max && given_up_in_row_ == 0)
    return give_up("Given up: the receiver refuses this event.");
  want_error("The receiver refuses a notification.");
  try_again(at_least, random);
}

void DeliveryMachine::give_up(std::string_view why) {
  REACHED("delivery: an event is given up");
  want_error("An event was given up; ask for it with $events.");
  dead_letter_why_ = why;
  then_ = Action::DeadLetter;
}

void DeliveryMachine::want_error(std::string_view why) {
  if (!standing_.in_error) error_why_ = why;
}

std::chrono::nanoseconds DeliveryMachine::pause_for(std::chrono::nanoseconds at_least, Random& random) const {
  std::chrono::nanoseconds longest = settings_.pause_first;
  for (int doubled = 1; doubled < attempts_ && longest < settings_.pause_max; ++doubled) longest *= 2;
  longest = std::min(longest, settings_.pause_max);
  // Half of it by chance: receivers that came back are not hit by all of us in one moment.
  auto half = static_cast<std::uint64_t>(longest.count() / 2);
  std::chrono::nanoseconds pause = longest / 2 + std::chrono::nanoseconds{random.below(half + 1)};
  return std::max(pause, std::min(at_least, settings_.pause_max));
}

}  // namespace vardbron::subscription
