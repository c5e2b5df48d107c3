#pragma once

// Tested by tests/system/store/sqlite/sqlite_store_test.cpp, tests/system/store/sqlite/audit_table_test.cpp and
// tests/system/store/sqlite/tamper_test.cpp.

#include "gateway/base/digest.h"
#include "gateway/store/chain.h"
#include "gateway/store/sqlite/database.h"
#include "gateway/store/sqlite/snapshot.h"
#include "gateway/store/store.h"

#include <cstdint>
#include <string>
#include <vector>

namespace vardbron::store {

/// The access log, as the writer sees it. One thread.
class AuditWriter {
 public:
  explicit AuditWriter(Database& database);
  void load();
  void append(const std::vector<AuditRow>& rows, WallTime at);
  WallTime last_time() const { return last_time_; }
  ChainEnd end() const { return {number_, chain_}; }

 private:
  Statement last_, insert_;
  std::int64_t number_ = 0;
  Sha256 chain_{};
  WallTime last_time_{};
};

class AuditReader {
 public:
  AuditReader(Database& database, Snapshot& snapshot);
  std::vector<AuditRow> rows(std::int64_t after, std::size_t count);
  /// By an index.
  std::vector<AuditRow> rows_of(const std::vector<std::string>& case_keys, std::int64_t after, std::size_t count);
  Result<std::int64_t> verify();

 private:
  Snapshot& snapshot_;
  Statement select_, select_of_;
};

}  // namespace vardbron::store
