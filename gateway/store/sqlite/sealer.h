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
  /// Whether a store without a seal, or with one that does not fit, is sealed as it stands. Else it is refused.
  bool is_sealed_anew = false;
  /// Takes the seal as a line, on the writer's thread: at the start, at the end, and when so much time has passed with changes,
  /// or so many journal entries came, since the last one.
  std::function<void(const std::string& line)> hand_out;
  std::chrono::nanoseconds pause{};
  std::shared_ptr<RowFollower> follower;  ///< told of each commit; may be null
  std::int64_t entries = 0;               ///< 0 = however many
  /// Where the lines are kept: a verification reads it, and so does the start of a store without a seal. "" = they cannot.
  std::filesystem::path file{};
};

/// Seals what the writing connection commits: before each commit the sums of all tables (RowWatch), the ends of the chains and
/// the time are signed and written in the same transaction. Whoever changes a row otherwise, and has not the key, cannot make the
/// seal that belongs to it. One thread, the connection's.
class Sealer {
 public:
  /// Before the tables of a store are changed to a later form: compares all of it with its seal, since it is sealed anew as it
  /// stands afterwards. A store of a form before there were seals has none. Broken: it is not what was sealed, and says where; it
  /// has no seal, and something says that it had one: its key, the file of lines, the tables of a later form.
  static Result<void> check_before_steps(Database& database, const SealOptions& options, std::int64_t form);
  /// Notes in the store, signed, that its tables are being changed and that it was what its seal says.
  static Result<void> begin_steps(Database& database, const SealOptions& options, Random& random);
  /// Takes the note away when no table was changed, so that the store is what its seal says again.
  static void steps_failed(Database& database, const SealOptions& options);

  /// Reads the seal, or seals the store for the first time, which reads all of it: a store that holds nothing yet, or one whose
  /// tables were just changed (begin_steps). Broken: the key is missing, or the seal is, or was not made with it, or is of
  /// another form, or the tables do not end as it says (sealed_ends.h); says what to do. All but the options outlive it.
  static Result<std::unique_ptr<Sealer>> open(Database& database, SealOptions options, Clock& clock, Random& random);

  /// The time of the seal that was found: when the store was written to last before it was opened. None: it had no seal.
  std::optional<WallTime> sealed_before() const { return sealed_before_; }

  /// What the file says, after a transaction that did not come to be.
  void load();
  void begin();  ///< of a transaction
  /// In the transaction, before it is committed. A row that could not be seen becomes the database's failure.
  void seal(const ChainEnd& journal, const ChainEnd& audit);
  /// After it was committed.
  void committed();
  /// Once more, whatever the time.
  void hand_out();

 private:
  Sealer(Database& database, SealOptions options, SealKey key, Clock& clock, Random& random);
  Result<void> start(const std::string& stored, bool is_new);
  Result<void> seal_all();
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

/// The seal in a store's file, not opened; "" when the tables are of a form before there were seals, or it was never sealed.
std::string stored_seal(Database& database);

}  // namespace vardbron::store
