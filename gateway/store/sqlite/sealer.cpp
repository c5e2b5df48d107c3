#include "gateway/store/sqlite/sealer.h"

#include "gateway/base/log.h"
#include "gateway/base/text.h"
#include "gateway/store/sqlite/restoration.h"
#include "gateway/store/sqlite/schema.h"
#include "gateway/store/sqlite/seal_lines.h"
#include "gateway/store/sqlite/sealed_ends.h"
#include "gateway/store/sqlite/store_directory.h"

#include <algorithm>
#include <system_error>
#include <utility>

namespace vardbron::store {

namespace {

constexpr std::int64_t first_sealed_form = 5;  // steps/step_0005_seal.cpp

constexpr const char* way_out =
    " If that is known and right, `vardbron verify --seal-anew` seals the store as it stands; what was changed until then is not "
    "found any more.";

std::filesystem::path unfinished(const std::filesystem::path& key) { return key.string() + ".new"; }

Failure not_right(const SealOptions& options, std::string says) { return {Cause::Broken, says + way_out, options.key.string()}; }

Failure without_key(const SealOptions& options) {
  return not_right(options,
                   "The key of the store's seal is missing: put it back, or say where it is (seal.key in the configuration).");
}

Result<SealKey> read_key(const SealOptions& options) {
  Result<SealKey> key = SealKey::read(options.key);
  if (key || key.failure().cause != Cause::NotFound) return key;
  return SealKey::read(unfinished(options.key));
}

// --- the tables are changed from one form to another, and the store is sealed again ---

// Bound to the seal that was compared, and made with the key. It exists from the first step to the new seal, so that a start
// after a crash in between knows that the store matched its seal.
constexpr const char* steps_mark = "steps under way";

Sha256 sign_steps(const SealKey& key, const std::string& stored_seal) { return key.signer.sign(steps_mark + stored_seal); }

bool are_steps_under_way(Database& database, const SealKey& key, const std::string& stored_seal) {
  Statement mark = database.prepare("SELECT value FROM setting WHERE name=?");
  mark.query(std::string_view(steps_mark));
  Sha256 found{};
  if (!mark.next() || mark.text(0).size() != found.size()) return false;
  std::copy(mark.text(0).begin(), mark.text(0).end(), found.begin());
  return equal_in_constant_time(found, sign_steps(key, stored_seal));
}

void forget_steps(Database& database) {
  Statement forget = database.prepare("DELETE FROM setting WHERE name=?");
  forget.run(std::string_view(steps_mark));
}

bool holds_something(Database& database) {
  return database.number(
             "SELECT exists(SELECT 1 FROM journal) OR exists(SELECT 1 FROM audit) OR exists(SELECT 1 FROM change) "
             "OR exists(SELECT 1 FROM subscription)") != 0;
}

/// Evidence that a store without a seal had one; "" = none: it is new, or of a form before there were seals.
std::string sign_of_a_seal(Database& database, const SealOptions& options, std::int64_t form) {
  std::error_code error;
  if (std::filesystem::exists(options.key, error)) return "The store has no seal, although there is a key for it.";
  if (form >= first_sealed_form && holds_something(database)) {
    return "The store's seal and its key are both missing, although it holds something: what was changed in it would not be "
           "found. Put a copy of the store and its key back.";
  }
  if (const std::int64_t number = last_handed_out(options.file).value_or(0); number > 0) {
    return "The store has no seal, although seal " + std::to_string(number) + " was handed to " + options.file.string() +
           " ([seal] file): it is an older or another store, or a new one where the old one is missing. Put the store and its "
           "key back, or, if it is meant to be another one, move that file away.";
  }
  if (form >= first_sealed_form) return {};
  bool is_later =
      database.number("SELECT count(*) FROM sqlite_schema WHERE name IN ('seal', 'stream', 'dictionary')") != 0 ||
      database.number("SELECT count(*) FROM pragma_table_info('subscription') WHERE name IN ('under_way', 'hold')") != 0;
  for (const SchemaStep& step : schema_steps()) {
    is_later = is_later || (step.number > first_sealed_form &&
                            std::filesystem::exists(copy_from_before(database.file(), step.number), error));
  }
  if (!is_later) return {};
  return "The store says that it is of form " + std::to_string(form) +
         ", which had no seals, but it was of a later one. Put a "
         "copy of the store and its key back.";
}

Failure not_of_form(const SealOptions& options, std::int64_t sealed, std::int64_t found) {
  return not_right(options, "The store's tables are of form " + std::to_string(found) + ", its seal is of form " +
                                std::to_string(sealed) + ": the one or the other was put there by somebody else.");
}

/// The difference, as a sentence; "" = none.
std::string difference(Database& database, const Seal& seal, const SealKey& key) {
  if (digest_of_tables(database) != seal.tables_digest) return "Its tables are not those that were sealed.";
  for (const SealedTable& table : sealed_tables(database)) {
    const auto sum = seal.sums.find(table.name);
    if (sum == seal.sums.end() || sum_of(database, table, key.rows) != sum->second)
      return "Its table " + table.name + " is not what was sealed.";
  }
  const bool is_end = end_of_journal(database) == seal.journal && end_of_audit(database) == seal.audit;
  return is_end ? "" : "The chain of its journal or access log ends otherwise than it was sealed.";
}

/// The key; a new one if there is none (`is_new`), which gets its name when the first seal is in the store.
Result<SealKey> find_key(const SealOptions& options, bool is_sealed, Random& random, bool& is_new) {
  is_new = false;
  Result<SealKey> key = SealKey::read(options.key);
  if (key || key.failure().cause != Cause::NotFound) return key;
  is_new = true;
  Result<SealKey> begun = SealKey::read(unfinished(options.key));
  if (begun) return begun;
  if (is_sealed && !options.is_sealed_anew) return without_key(options);
  std::error_code error;
  std::filesystem::remove(unfinished(options.key), error);  // interrupted before it was used
  return SealKey::make(unfinished(options.key), random);
}

}  // namespace

std::string stored_seal(Database& database) {
  if (database.number("SELECT count(*) FROM sqlite_schema WHERE name='seal'") == 0) return {};
  Statement statement = database.prepare("SELECT state FROM seal WHERE id=1");
  statement.query();
  return statement.next() ? statement.string(0) : std::string();
}

Sealer::Sealer(Database& database, SealOptions options, SealKey key, Clock& clock, Random& random)
    : database_(database),
      options_(std::move(options)),
      key_(std::move(key)),
      clock_(clock),
      random_(random),
      watch_(database, key_.rows),
      read_(database.prepare("SELECT state FROM seal WHERE id=1")),
      write_(database.prepare("INSERT OR REPLACE INTO seal(id, state) VALUES(1, ?)")) {}

Result<void> Sealer::check_before_steps(Database& database, const SealOptions& options, std::int64_t form) {
  if (options.is_sealed_anew) return done();
  const std::string stored = stored_seal(database);
  if (std::optional<Failure> failure = database.take_failure()) return *std::move(failure);
  Result<SealKey> key = read_key(options);
  if (!key && key.failure().cause != Cause::NotFound) return std::move(key).failure();
  const bool is_under_way = key && are_steps_under_way(database, *key, stored);
  if (stored.empty()) {
    const std::string sign = is_under_way ? std::string() : sign_of_a_seal(database, options, form);
    return sign.empty() ? done() : Result<void>(not_right(options, sign));
  }
  if (!key) return without_key(options);
  Result<Seal> seal = open_seal(stored, *key);
  if (!seal) return not_right(options, seal.failure().says);
  if (seal->form != form) return is_under_way ? done() : Result<void>(not_of_form(options, seal->form, form));
  log::info("the store is compared with its seal before its tables change", {{"seal", seal->number}});
  forget_steps(database);
  const std::string says = difference(database, *seal, *key);
  if (std::optional<Failure> failure = database.take_failure()) return *std::move(failure);
  if (says.empty()) return done();
  return not_right(options, says + " The program of before tells which row (vardbron verify).");
}

Result<void> Sealer::begin_steps(Database& database, const SealOptions& options, Random& random) {
  const std::string stored = stored_seal(database);
  bool is_new = false;
  Result<SealKey> key = find_key(options, !stored.empty(), random, is_new);
  if (!key) return std::move(key).failure();
  const Sha256 mark = sign_steps(*key, stored);
  Statement keep = database.prepare("INSERT OR REPLACE INTO setting(name, value) VALUES(?, ?)");
  keep.run(std::string_view(steps_mark), Blob{{reinterpret_cast<const char*>(mark.data()), mark.size()}});
  if (std::optional<Failure> failure = database.take_failure()) return *std::move(failure);
  return done();
}

void Sealer::steps_failed(Database& database, const SealOptions& options) {
  const std::string stored = stored_seal(database);
  Result<SealKey> key = read_key(options);
  Result<Seal> seal = key ? open_seal(stored, *key) : Result<Seal>(key.failure());
  if (seal && seal->form == database.number("PRAGMA user_version")) forget_steps(database);
  database.take_failure();
}

Result<std::unique_ptr<Sealer>> Sealer::open(Database& database, SealOptions options, Clock& clock, Random& random) {
  const std::string stored = stored_seal(database);
  if (stored.empty() && !options.is_sealed_anew) {
    const Result<SealKey> there = read_key(options);
    const bool is_under_way = there && are_steps_under_way(database, *there, stored);
    const std::string sign =
        is_under_way ? std::string() : sign_of_a_seal(database, options, database.number("PRAGMA user_version"));
    if (std::optional<Failure> failure = database.take_failure()) return *std::move(failure);
    if (!sign.empty()) return not_right(options, sign);
  }
  if (std::optional<Failure> failure = database.take_failure()) return *std::move(failure);
  bool is_new = false;
  Result<SealKey> key = find_key(options, !stored.empty(), random, is_new);
  if (!key) return std::move(key).failure();
  std::unique_ptr<Sealer> sealer(new Sealer(database, std::move(options), *std::move(key), clock, random));
  Result<void> started = sealer->start(stored, is_new);
  if (!started) return std::move(started).failure();
  return sealer;
}

Result<void> Sealer::start(const std::string& stored, bool is_new) {
  Result<Seal> found = open_seal(stored, key_);
  const std::int64_t form = database_.number("PRAGMA user_version");
  const bool may_be_sealed = options_.is_sealed_anew || are_steps_under_way(database_, key_, stored);
  if (found) {
    seal_ = *std::move(found);
    sealed_before_ = seal_.at;
    watch_.set_sums(seal_.sums);
    if (seal_.form != form && !may_be_sealed) return not_of_form(options_, seal_.form, form);
    if (may_be_sealed) found = Failure{};
  } else if (!may_be_sealed && !stored.empty()) {
    return not_right(options_, found.failure().says);
  }
  if (found) {
    const std::string says = unlike_sealed_at_the_end(database_, seal_);
    if (!says.empty()) return not_right(options_, says + " Put a copy of the store back.");
  } else {
    Result<void> sealed = seal_all();
    if (!sealed) return sealed;
  }
  if (options_.restored_after) {
    Result<void> sealed = seal_restored(*options_.restored_after);
    if (!sealed) return sealed;
  }
  std::error_code error;
  if (is_new) std::filesystem::rename(unfinished(options_.key), options_.key, error);
  if (error || !sync_directory(options_.key.parent_path())) {
    return Failure{Cause::Broken, "The key of the store's seal cannot be kept: " + error.message() + ".", options_.key.string()};
  }
  if (options_.follower) options_.follower->end(seal_.number, {});
  hand_out();
  return done();
}

Result<void> Sealer::seal_all() {
  const bool is_first = seal_.number == 0 && !options_.is_sealed_anew;
  log::line(is_first ? log::Level::Info : log::Level::Warning, "the whole store is read and sealed as it stands",
            {{"seal", seal_.number + 1}});
  database_.execute("BEGIN IMMEDIATE");
  forget_steps(database_);
  std::map<std::string, TableSum> sums;
  for (const SealedTable& table : watch_.tables()) sums[table.name] = sum_of(database_, table, key_.rows);
  watch_.set_sums(std::move(sums));
  seal_.form = database_.number("PRAGMA user_version");
  seal_.tables_digest = digest_of_tables(database_);
  seal_.journal = end_of_journal(database_);
  seal_.audit = end_of_audit(database_);
  write();
  database_.execute("COMMIT");
  std::optional<Failure> failure = database_.take_failure();
  if (!failure) return done();
  if (database_.in_transaction()) database_.execute("ROLLBACK");
  database_.take_failure();
  return *std::move(failure);
}

Result<void> Sealer::seal_restored(std::int64_t handed_out) {
  const Restoration restoration{seal_.number, std::max(seal_.number, handed_out), to_instant(clock_.wall())};
  database_.execute("BEGIN IMMEDIATE");
  note_restoration(database_, restoration);
  if (watch_.is_blind()) database_.fail({Cause::Broken, "The restoration could not be sealed.", ""});
  seal_.number = restoration.handed_out;
  write();
  database_.execute("COMMIT");
  std::optional<Failure> failure = database_.take_failure();
  if (!failure) return done();
  if (database_.in_transaction()) database_.execute("ROLLBACK");
  database_.take_failure();
  return *std::move(failure);
}

void Sealer::begin() {
  if (!options_.follower) return;
  options_.follower->begin();
  watch_.record(options_.follower->is_followed());
}

void Sealer::load() {
  (void)watch_.take_rows();
  if (options_.follower) options_.follower->undo();
  read_.query();
  Result<Seal> found = open_seal(read_.next() ? read_.text(0) : std::string_view(), key_);
  read_.reset();
  if (database_.health().failure) return;
  if (!found) return database_.fail(std::move(found).failure());
  seal_ = *std::move(found);
  watch_.set_sums(seal_.sums);
}

void Sealer::seal(const ChainEnd& journal, const ChainEnd& audit) {
  if (!watch_.has_changed() || database_.health().failure) return;
  if (watch_.is_blind()) return database_.fail({Cause::Broken, "A row that was written could not be sealed.", ""});
  seal_.journal = journal;
  seal_.audit = audit;
  write();
}

void Sealer::write() {
  ++seal_.number;
  seal_.at = clock_.wall();
  seal_.sums = watch_.sums();
  const std::uint64_t nonce[2] = {random_.next(), random_.next()};
  const std::string bytes = close_seal(seal_, key_, {reinterpret_cast<const char*>(nonce), sizeof nonce});
  write_.run(Blob{bytes});
  watch_.keep();
}

void Sealer::committed() {
  if (options_.follower) options_.follower->end(seal_.number, watch_.take_rows());
  const bool is_many = options_.entries > 0 && seal_.journal.number - handed_out_journal_ >= options_.entries;
  if (handed_out_ && !is_many && clock_.now() - *handed_out_ < options_.pause) return;
  hand_out();
}

void Sealer::hand_out() {
  handed_out_ = clock_.now();
  handed_out_journal_ = seal_.journal.number;
  if (!options_.hand_out || handed_out_number_ == seal_.number) return;
  handed_out_number_ = seal_.number;
  options_.hand_out(to_line(seal_, key_));
}

}  // namespace vardbron::store
