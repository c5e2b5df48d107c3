#pragma once

// Tested by tests/system/store/sqlite/write_tables_test.cpp and tests/system/store/sqlite/sqlite_store_test.cpp.

#include "gateway/base/digest.h"
#include "gateway/store/sqlite/pack.h"
#include "gateway/store/store.h"

#include <optional>
#include <string>
#include <vector>

namespace vardbron::store {

/// A message with its digest and its body as it is stored.
struct PreparedMessage {
  PreparedMessage(RawMessage given, Compressor& compressor);

  RawMessage message;
  Sha256 digest{};
  std::string stored;
};

/// A change with everything that can be computed before it is written, so that the one writer need not do it.
struct PreparedChange {
  PreparedChange(Change given, Compressor& compressor);

  Change change;
  std::optional<PreparedMessage> journal;  ///< Change::journal, moved here
  StoredReceipt receipt;                   ///< of Change::receipt
  std::vector<std::string> links;          ///< stored bodies, in the order of parts_of(change) and their links
  std::vector<Sha256> digests;             ///< of the bodies of resources, likewise
  std::string bodies;                      ///< of all writes, concatenated, as they are stored
  std::size_t bodies_size = 0;             ///< before compression
};

}  // namespace vardbron::store
