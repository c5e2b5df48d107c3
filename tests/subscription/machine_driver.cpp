#include "tests/subscription/machine_driver.h"

#include <utility>

namespace vardbron::subscription {

using Action = DeliveryMachine::Action;

DeliveryMachine::State requested(std::int64_t delivered, std::int64_t committed) {
  DeliveryMachine::State state;
  state.delivered = delivered;
  state.committed = committed;
  return state;
}

DeliveryMachine::State active(std::int64_t delivered, std::int64_t committed) {
  DeliveryMachine::State state = requested(delivered, committed);
  state.status = Status::Active;
  return state;
}

DeliveryMachine::State in_error(std::int64_t delivered, std::int64_t committed, store::DeliveryHold hold) {
  DeliveryMachine::State state = requested(delivered, committed);
  state.status = Status::Error;
  state.hold = hold;
  state.error = "Something went wrong.";
  return state;
}

std::string name(const DeliveryMachine::Step& step) {
  switch (step.action) {
    case Action::Wait: return "wait";
    case Action::Prepare: return "prepare " + std::string(to_string(step.type));
    case Action::Begin: return "begin";
    case Action::Post: return "post " + std::string(to_string(step.type));
    case Action::Advance: return "advance";
    case Action::DeadLetter: return "dead letter";
    case Action::SetStatus:
      return "set " + std::string(to_string(step.status)) +
             (step.hold == store::DeliveryHold::HandshakeDue ? ", handshake due" : "");
    case Action::End: break;
  }
  return "end";
}

Driver& Driver::after(Instant span) {
  now += span;
  return *this;
}

DeliveryMachine::Step Driver::next() {
  given = machine.next(now, wall());
  is_open = given.action != Action::Wait && given.action != Action::End;
  return given;
}

Driver& Driver::until(const std::string& step) {
  for (;;) {
    if (is_open && name(given).starts_with(step)) return *this;
    if (is_open) {
      went_well();
      continue;
    }
    if (machine.has_ended()) return *this;
    next();
    if (given.action == Action::Wait && given.until.at == Instant::max()) return *this;
    if (given.action == Action::Wait) now = given.until.at;
  }
}

void Driver::went_well() {
  if (!std::exchange(is_open, false)) return;
  switch (given.action) {
    case Action::Prepare: return machine.prepared(given.to);
    case Action::Post: machine.answered({200}, now, random); return;
    case Action::DeadLetter: given_up.push_back(given.from); break;
    case Action::SetStatus:
      if (given.status == Status::Error) errors.emplace_back(given.why);
      break;
    default: break;
  }
  machine.written();
}

Driver& Driver::made(std::int64_t to) {
  is_open = false;
  machine.prepared(to);
  return *this;
}

Driver& Driver::cannot_be_made() {
  is_open = false;
  machine.cannot_be_made(now, random);
  return *this;
}

Driver& Driver::answered(unsigned status, std::chrono::nanoseconds at_least) {
  is_open = false;
  machine.answered({status, at_least}, now, random);
  return *this;
}

Driver& Driver::trouble() {
  is_open = false;
  machine.trouble(now);
  return *this;
}

DeliveryMachine::Step Driver::answer(unsigned status) { return answered(status).until("post").given; }

}  // namespace vardbron::subscription
