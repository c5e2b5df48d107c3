#pragma once

#include "gateway/base/digest.h"
#include "gateway/base/random.h"
#include "gateway/store/sqlite/database.h"
#include "gateway/store/sqlite/pack.h"
#include "gateway/store/sqlite/siphash.h"
#include "gateway/store/store.h"

#include <cstdint>
#include <vector>

namespace vardbron::store {

class Terms;

/// The journal, as the writer sees it. One thread.
class JournalWriter {
 public:
  JournalWriter(Database& database, Terms& terms, Random& random);
  void load();  ///< where the journal stands on the disk
  std::int64_t last() const { return number_; }
  JournalEntry append(const RawMessage& message, const Sha256& body_digest, Outcome outcome, const std::string& receipt,
                      Squeezer& squeezer);
  /// Gives an entry that was journalled before its outcome; returns its id, "" when there is none.
  std::string settle(std::int64_t number, Outcome outcome, const std::string& receipt);

 private:
  Terms& terms_;
  Random& random_;
  Statement last_, insert_, insert_message_, settle_, id_;
  std::int64_t number_ = 0;
  Sha256 chain_{};
};

/// The journal, as readers see it. One thread.
class JournalReader {
 public:
  JournalReader(Database& database, Terms& terms);
  Result<JournalEntry> entry(std::int64_t number);
  Result<JournalEntry> find(const std::string& sender, const std::string& identity);
  Result<std::vector<JournalEntry>> entries(Outcome outcome, std::int64_t after, std::size_t count);
  Result<std::int64_t> verify();

 private:
  Result<JournalEntry> take(Statement& row);

  Terms& terms_;
  Squeezer squeezer_;
  Statement entry_, find_, open_, all_, chain_;
};

}  // namespace vardbron::store
