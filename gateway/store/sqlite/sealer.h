#pragma once

// Tested by tests/system/store/sqlite/resealing_test.cpp and tests/system/store/sqlite/tamper_test.cpp.

#include "gateway/base/clock.h"
#include "gateway/base/random.h"
#include "gateway/base/result.h"
#include "gateway/store/sqlite/database.h"
#include "gateway/store/sqlite/row_watch.h"
#include "gateway/store/sqlite/seal.h"

#include <chrono>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <string>

namespace vardbron::store {

struct SealOptions {
  std::filesystem::path key;  ///< file; made with the store's first seal
  /// Whether a store without a seal, or with one that does not match, is sealed as it is. Else it is refused.
  bool is_sealed_anew = false;
  /// Exports the seal as a line, on the writer's thread: at the start, at the end, and when `pause` has passed with changes, or
  /// `entries` journal entries came, since the last one.
  std::function<void(const std::string& line)> hand_out;
  std::chrono::nanoseconds pause{};
  std::shared_ptr<RowFollower> follower;  ///< gets each commit; may be null
  std::int64_t entries = 0;               ///< 0 = no bound
  /// The file of the lines: a verification reads it, and so does the start of a store without a seal. "" = none.
  std::filesystem::path file{};
  /// The store was restored from a backup, and this was the last seal that had been handed outside: its next seal gets a higher
  /// number, and the restoration is noted in the store.
  std::optional<std::int64_t> restored_after{};
};

/// Seals what the writing connection commits: before each commit the sums of all tables (RowWatch), the ends of the chains and
/// the time are signed and written in the same transaction. Without the key nobody who changes a row otherwise can make the
/// matching seal. One thread, the connection's.
class Sealer {
 public:
  /// Before the tables of a store are changed to a later form: compares all of it with its seal, since afterwards it is sealed as
  /// it is. A store of a form before there were seals has none. Broken: it is not what was sealed, and where; or it has no seal
  /// although there is evidence of one: its key, the file of lines, the tables of a later form.
  static Result<void> check_before_steps(Database& database, const SealOptions& options, std::int64_t form);
  /// Notes in the store, signed, that its tables are being changed and that it matched its seal.
  static Result<void> begin_steps(Database& database, const SealOptions& options, Random& random);
  /// Removes the note if no table was changed, so that the store still matches its seal.
  static void steps_failed(Database& database, const SealOptions& options);

  /// Reads the seal, or seals the store for the first time, which reads all of it: an empty store, or one whose tables were just
  /// changed (begin_steps). Broken: the key is missing, or the seal is, or was not made with it, or is of another form, or the
  /// tables do not end as in the seal (sealed_ends.h); the failure says what to do. All but the options outlive it.
  static Result<std::unique_ptr<Sealer>> open(Database& database, SealOptions options, Clock& clock, Random& random);

  /// The time of the seal that was found: the last write before the store was opened. None: it had no seal.
  std::optional<WallTime> sealed_before() const { return sealed_before_; }

  /// Reads the state from the file, after a transaction that was rolled back.
  void load();
  void begin();  ///< of a transaction
  /// In the transaction, before it is committed. If a row could not be seen the database gets a failure.
  void seal(const ChainEnd& journal, const ChainEnd& audit);
  /// After it was committed.
  void committed();
  /// Exports the seal once more, whatever the time.
  void hand_out();

 private:
  Sealer(Database& database, SealOptions options, SealKey key, Clock& clock, Random& random);
  Result<void> start(const std::string& stored, bool is_new);
  Result<void> seal_all();
  Result<void> seal_restored(std::int64_t handed_out);
  void write();

  Database& database_;
  SealOptions options_;
  SealKey key_;
  Clock& clock_;
  Random& random_;
  RowWatch watch_;
  Statement read_, write_;
  Seal seal_;  ///< the last one that was written
  std::optional<WallTime> sealed_before_;
  std::optional<Instant> handed_out_;
  std::int64_t handed_out_number_ = 0;   ///< of that seal,
  std::int64_t handed_out_journal_ = 0;  ///< and of the journal's last entry in it
};

/// The seal in a store's file, still encrypted; "" if the tables are of a form before there were seals, or it was never sealed.
std::string stored_seal(Database& database);

}  // namespace vardbron::store
