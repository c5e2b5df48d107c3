#pragma once

// Tested by tests/exchange/message_path_test.cpp.

#include "gateway/access/caller.h"
#include "gateway/base/clock.h"
#include "gateway/base/result.h"
#include "gateway/care/notice.h"
#include "gateway/fhir/operation_outcome.h"

#include <cstdint>
#include <string>
#include <vector>

namespace vardbron::exchange {

/// What came through a door.
struct Envelope {
  access::Caller caller;
  std::string channel;
  std::string content_type;
  std::string body;
};

/// One message on its way.
struct InFlightMessage {
  Envelope envelope;
  std::int64_t journal_number = 0;  ///< above 0: the bytes are journalled already
  WallTime now{};
  std::vector<fhir::Issue> faults = {};  ///< all that is wrong with it; empty where its failure alone says it
};

/// The bytes of a message, once they are understood.
struct Understood {
  care::Notice notice;
  std::string canonical;  ///< the notice Bundle, JSON: what the chain keeps
  std::string maps;       ///< digest of the maps that made it
};

/// A message that was read, as far as it could be.
struct Read {
  InFlightMessage in_flight;
  Result<Understood> message;
  std::string case_key() const { return message ? message->notice.case_key : std::string(); }  ///< "" = not understood
};

/// Trouble of the moment or of the machine, by which nothing is said of the message: it is worth another try.
bool may_pass(Cause cause);

}  // namespace vardbron::exchange
