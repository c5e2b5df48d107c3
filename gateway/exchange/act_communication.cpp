// Tested by tests/rest/plan_acts_test.cpp.

#include "gateway/exchange/act.h"
#include "gateway/time/civil.h"

#include <chrono>
#include <string>
#include <utility>

namespace vardbron::exchange {

namespace {

// Between the sender's clock and this one.
constexpr std::chrono::minutes tolerance{5};

}  // namespace

ActRead read_communication_act(const ActInput& input) {
  const tree::Item current = input.current;
  if (!changes(input, "received")) return std::optional<care::Notice>();
  if (current.child("received"))
    return not_kept("It was acknowledged before, and that is not taken back.", "Communication.received");
  if (current.text_of("status") != "completed")
    return not_kept("What was not sent, or was taken back, is not acknowledged.", "Communication.received");
  const Result<time::CivilTime> at = time::parse_civil(input.body.text_of("received"));
  if (!at || at->at > input.now + tolerance || at->at < input.now - tolerance)
    return not_kept("That it was received is said when it is, and has the time of the request: send the time that it is now.",
                    "Communication.received");
  care::Notice notice;
  notice.event = care::Event::Receipt;
  notice.acknowledges = care::Identity{"", std::string(current.child("identifier").text_of("value"))};
  return std::optional(std::move(notice));
}

}  // namespace vardbron::exchange
