// Tested by tests/rest/plan_acts_test.cpp.

#include "gateway/exchange/act.h"
#include "gateway/time/civil.h"

#include <string>
#include <utility>

namespace vardbron::exchange {

ActRead read_communication_act(const ActInput& input) {
  const tree::Item current = input.current;
  if (!changes(input, "received")) return std::optional<care::Notice>();
  if (current.child("received"))
    return not_kept("It was acknowledged before, and that is not taken back.", "Communication.received");
  if (current.text_of("status") != "completed")
    return not_kept("What was not sent, or was taken back, is not acknowledged.", "Communication.received");
  const Result<time::CivilTime> at = time::parse_civil(input.body.text_of("received"));
  if (!at || at->at > input.now) return not_kept("This is no moment that has come.", "Communication.received");
  care::Notice notice;
  notice.event = care::Event::Receipt;
  notice.acknowledges = care::Identity{"", std::string(current.child("identifier").text_of("value"))};
  return std::optional(std::move(notice));
}

}  // namespace vardbron::exchange
