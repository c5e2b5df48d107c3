#pragma once

#include <string>

namespace vardbron::access {

/// An authenticated caller with its rights. Authenticator creates it from a checked token; the Caller counts, not the names in a
/// message.
struct Caller {
  std::string organisation;  ///< HSA-id
  std::string name;          ///< for people; from the configuration
  bool may_send = false;     ///< push notices ($process-message, /intake)
  bool may_receive = false;  ///< read, search, subscribe, answer Tasks, in the cases it is party to
  bool may_operate = false;  ///< quarantine, replay, all subscriptions, every case
};

}  // namespace vardbron::access
