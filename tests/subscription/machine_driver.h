#pragma once

#include "gateway/subscription/delivery_machine.h"

#include <cstdint>
#include <string>
#include <vector>

namespace vardbron::subscription {

DeliveryMachine::State requested(std::int64_t delivered, std::int64_t committed);
DeliveryMachine::State active(std::int64_t delivered, std::int64_t committed);
DeliveryMachine::State in_error(std::int64_t delivered, std::int64_t committed, store::DeliveryHold hold);

/// "wait", "prepare handshake", "post event-notification", "set error, handshake due" ..
std::string name(const DeliveryMachine::Step& step);

/// Carries out what a machine says, in a world without trouble: all is written, and receivers answer 200 where a test says
/// nothing else. A value: a copy goes on by itself.
struct Driver {
  Driver(DeliveryMachine::Settings how, DeliveryMachine::State state) : settings(how), machine(how, std::move(state), now) {}

  WallTime wall() const { return WallTime{std::chrono::hours(500'000)} + std::chrono::floor<std::chrono::milliseconds>(now); }
  Driver& after(Instant span);

  DeliveryMachine::Step next();
  /// Goes on, and lets time pass, until a step begins with that name, whose outcome is then to come; or until nothing more comes.
  Driver& until(const std::string& step);

  // Outcomes of the step given.
  void went_well();
  Driver& made(std::int64_t to);
  Driver& cannot_be_made();
  Driver& answered(unsigned status, std::chrono::nanoseconds at_least = {});
  Driver& trouble();
  /// answered(), and on to the next post.
  DeliveryMachine::Step answer(unsigned status);

  Instant now{0};
  DeliveryMachine::Settings settings;
  DeliveryMachine machine;
  SeededRandom random{7};
  DeliveryMachine::Step given;
  bool is_open = false;  ///< the outcome of `given` is to come
  std::vector<std::int64_t> given_up;
  std::vector<std::string> errors;  ///< as they were written
};

}  // namespace vardbron::subscription
