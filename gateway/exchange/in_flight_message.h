#pragma once

// Tested by tests/exchange/message_path_test.cpp.

#include "gateway/access/caller.h"
#include "gateway/base/clock.h"
#include "gateway/base/result.h"
#include "gateway/care/chain/notice.h"
#include "gateway/fhir/operation_outcome.h"
#include "gateway/store/store.h"

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace vardbron::exchange {

/// What a caller sent to a channel.
struct Envelope {
  access::Caller caller;
  std::string channel;
  std::string content_type;
  std::string body;
};

/// A message that is being processed.
struct InFlightMessage {
  Envelope envelope;
  std::int64_t journal_number = 0;  ///< above 0: the bytes are journalled already
  WallTime now{};
  std::vector<fhir::Issue> faults = {};  ///< all its faults; empty where its failure alone describes them
  std::string journal_id = {};           ///< of the entry with that number
};

/// A message after parsing and mapping.
struct Understood {
  care::Notice notice;
  std::string canonical;  ///< the notice Bundle, JSON: what the chain keeps
  std::string maps;       ///< digest of the maps that made it
  bool is_apart = false;  ///< CaseOfNotice::is_apart
  std::string plan{};     ///< key of the plan that the notice is about beside its ärende; "": of none
  std::string warning{};  ///< PlanOfNotice::warning
};

/// A message that was parsed, as far as possible.
struct Read {
  InFlightMessage in_flight;
  Result<Understood> message;
  std::string case_key() const { return message ? message->notice.case_key : std::string(); }  ///< "" = it could not be parsed
};

/// A message's name in a chain, and that of another one with the same identity and other bytes.
std::string identity_of(const care::Notice& notice);
std::string identity_with_bytes(const std::string& identity, std::string_view body);

store::RawMessage raw_message(Envelope envelope, std::string identity, WallTime now);
/// The change journals the message, or is that of the entry that has it already.
void put_in_journal(store::Change& change, const InFlightMessage& in_flight, std::string identity);

/// A transient failure, or one of the machine, not of the message: it may be tried again.
bool may_pass(Cause cause);

}  // namespace vardbron::exchange
