#include "gateway/base/result.h"

namespace vardbron {

std::string_view to_string(Cause cause) {
  switch (cause) {
    case Cause::Invalid: return "invalid";
    case Cause::Unauthenticated: return "unauthenticated";
    case Cause::Forbidden: return "forbidden";
    case Cause::NotFound: return "not found";
    case Cause::Gone: return "gone";
    case Cause::Conflict: return "conflict";
    case Cause::TooLarge: return "too large";
    case Cause::Unsupported: return "unsupported";
    case Cause::Busy: return "busy";
    case Cause::TimedOut: return "timed out";
    case Cause::Cancelled: return "cancelled";
    case Cause::Broken: return "broken";
  }
  return "unknown";
}

}  // namespace vardbron
