#pragma once

#include <string>

namespace vardbron::access {

/// Who calls, and what for. Made only by access::Authenticator from a checked token; nothing below trusts a name that a message
/// carries where a Caller is at hand.
struct Caller {
  std::string organisation;  ///< HSA-id
  std::string name;          ///< for people; from the configuration
  bool may_send = false;     ///< push notices ($process-message, /intake)
  bool may_receive = false;  ///< read, search, subscribe, answer Tasks - of the cases it is party to
  bool may_operate = false;  ///< quarantine, replay, all subscriptions, every case
};

}  // namespace vardbron::access
