#pragma once

#include "gateway/base/digest.h"
#include "gateway/store/store.h"

#include <cstdint>

namespace vardbron::store {

/// Where a chain ends.
struct ChainEnd {
  std::int64_t number = 0;
  Sha256 chain{};
  bool operator==(const ChainEnd&) const = default;
};

/// Link of a journal entry: SHA-256 over the previous entry's link, the body's digest and everything else that never changes
/// (number, id, channel, sender, content type, identity, time). Outcome and receipt may change later and are not covered; the
/// store's seal covers them.
Sha256 chain_link(const Sha256& previous, const JournalEntry& entry, const Sha256& body_digest);

/// Link of an audit row: over the previous row's link and the whole row.
Sha256 chain_link(const Sha256& previous, const AuditRow& row);

}  // namespace vardbron::store
