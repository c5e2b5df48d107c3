#include "gateway/exchange/in_flight_message.h"

namespace vardbron::exchange {

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
