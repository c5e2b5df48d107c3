#pragma once

// Tested by tests/system/store/sqlite/sqlite_store_test.cpp and tests/system/store/sqlite/tamper_test.cpp.

#include "gateway/base/digest.h"
#include "gateway/base/random.h"
#include "gateway/store/chain.h"
#include "gateway/store/sqlite/database.h"
#include "gateway/store/sqlite/pack.h"
#include "gateway/store/sqlite/prepared.h"
#include "gateway/store/sqlite/snapshot.h"
#include "gateway/store/store.h"

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace vardbron::store {

/// The journal, as the writer sees it. One thread.
class JournalWriter {
 public:
  JournalWriter(Database& database, Random& random);
  void load();  ///< the end of the journal on the disk
  std::int64_t last() const { return number_; }
  ChainEnd end() const { return {number_, chain_}; }
  /// The entry, without its body.
  JournalEntry append(const PreparedMessage& prepared, Outcome outcome, const StoredReceipt& receipt);
  /// Sets the outcome of an entry that was journalled before; returns its id, "" if there is none.
  std::string settle(std::int64_t number, Outcome outcome, const StoredReceipt& receipt);

 private:
  Random& random_;
  Statement last_, insert_, settle_, id_;
  std::int64_t number_ = 0;
  Sha256 chain_{};
};

/// The journal, as readers see it. One thread.
class JournalReader {
 public:
  JournalReader(Database& database, Snapshot& snapshot);
  /// An entry that is not what was journalled is damaged, and its body is not returned.
  Result<JournalEntry> entry(std::int64_t number);
  Result<JournalEntry> entry(std::string_view sender, std::string_view id);  ///< NotFound: none, or another sender's
  Result<std::vector<JournalEntry>> entries(Outcome outcome, std::int64_t after, std::size_t count);
  std::int64_t count(Outcome outcome);  ///< up to limits::store_counted_entries_max; Pending and Quarantined only
  Result<std::int64_t> verify();

 private:
  JournalEntry take(Statement& row);
  Result<JournalEntry> only(Statement& row);
  JournalEntry as_journalled(JournalEntry entry);

  Snapshot& snapshot_;
  Compressor compressor_;
  Statement entry_, sent_, open_, all_, count_, before_;
};

}  // namespace vardbron::store
