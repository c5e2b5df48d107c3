#include "gateway/exchange/in_flight_message.h"

#include "gateway/base/digest.h"

#include <utility>

namespace vardbron::exchange {

std::string identity_of(const care::Notice& notice) { return notice.identity.system + "|" + notice.identity.value; }

std::string identity_with_bytes(const std::string& identity, std::string_view body) {
  return identity + "#" + to_hex(sha256(body)).substr(0, 16);
}

store::RawMessage raw_message(Envelope envelope, std::string identity, WallTime now) {
  return {std::move(envelope.channel),
          std::move(envelope.caller.organisation),
          std::move(envelope.content_type),
          std::move(envelope.body),
          std::move(identity),
          now};
}

void put_in_journal(store::Change& change, const InFlightMessage& in_flight, std::string identity) {
  change.journal_number = in_flight.journal_number;
  if (in_flight.journal_number == 0) change.journal = raw_message(in_flight.envelope, std::move(identity), in_flight.now);
}

bool may_pass(Cause cause) {
  switch (cause) {
    case Cause::Busy:
    case Cause::TimedOut:
    case Cause::Cancelled:
    case Cause::Broken: return true;
    default: return false;
  }
}

}  // namespace vardbron::exchange
