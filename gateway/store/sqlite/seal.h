#pragma once

// Tested by tests/system/store/sqlite/tamper_test.cpp.

#include "gateway/base/clock.h"
#include "gateway/base/digest.h"
#include "gateway/base/result.h"
#include "gateway/store/chain.h"
#include "gateway/store/sqlite/row_print.h"
#include "gateway/store/sqlite/seal_key.h"

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>

namespace vardbron::store {

/// The content of a store when a group of changes was committed. It is written in the same transaction.
struct Seal {
  std::int64_t number = 0;  ///< 1, 2, 3 .. with each group that changed a row
  WallTime at{};
  std::int64_t form = 0;   ///< of the tables
  Sha256 tables_digest{};  ///< of SQLite's own definitions of tables, indices, triggers
  ChainEnd journal, audit;
  std::map<std::string, TableSum> sums;
};

/// The seal as the store keeps it: signed and encrypted with the key. `nonce` is never the same for two seals.
std::string close_seal(const Seal& seal, const SealKey& key, std::string_view nonce);
/// Broken: it was not made with this key, or was changed since.
Result<Seal> open_seal(std::string_view bytes, const SealKey& key);

/// The seal as it is exported to where it cannot be changed together with the store: one line of text.
std::string to_line(const Seal& seal, const SealKey& key);

/// The content of a line.
struct SealLine {
  std::int64_t number = 0;
  std::string at;
  ChainEnd journal, audit;
};
/// Finds the line in a line of a log. NotFound: there is none in it. Broken: it was not made with this key, or was changed since.
Result<SealLine> read_line(std::string_view text, const SealKey& key);

/// Digest of the file's definitions of tables, indices, triggers and views.
Sha256 digest_of_tables(Database& database);

}  // namespace vardbron::store
