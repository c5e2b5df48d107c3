#include "gateway/store/sqlite/sealer.h"

#include "gateway/base/log.h"
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

constexpr std::string_view end_of_journal = "SELECT number, chain FROM journal ORDER BY number DESC LIMIT 1";
constexpr std::string_view end_of_audit = "SELECT number, chain FROM audit ORDER BY number DESC LIMIT 1";

ChainEnd end_of(Database& database, std::string_view sql) {
  ChainEnd end;
  Statement last = database.prepare(sql);
  last.query();
  if (!last.next()) return end;
  end.number = last.integer(0);
  const std::string_view chain = last.text(1);
  if (chain.size() == end.chain.size()) std::copy(chain.begin(), chain.end(), end.chain.begin());
  return end;
}

Failure not_right(const SealOptions& options, std::string says) { return {Cause::Broken, says + way_out, options.key.string()}; }

Failure without_key(const SealOptions& options) {
  return not_right(options,
                   "The key of the store's seal is missing: put it back, or say where it is (seal.key in the configuration).");
}

// A store without a seal is new and holds nothing, or is of a form before there were seals.
Failure without_seal(const SealOptions& options) {
  std::error_code error;
  if (std::filesystem::exists(options.key, error))
    return not_right(options, "The store has no seal, although there is a key for it.");
  return not_right(options,
                   "The store's seal and its key are both missing, although it holds something: what was changed in it "
                   "would not be found. Put a copy of the store and its key back.");
}

Result<SealKey> read_key(const SealOptions& options) {
  Result<SealKey> key = SealKey::read(options.key);
  if (key || key.failure().cause != Cause::NotFound) return key;
  return SealKey::read(unfinished(options.key));
}

// --- the tables are changed from one form to another, and the store is sealed anew ---

// Tied to the seal that was compared; only who has the key can make it. It is there from the first step to the new seal, so that
// a start after a crash in between knows that the store was what its seal says.
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

Failure not_of_form(const SealOptions& options, std::int64_t sealed, std::int64_t found) {
  return not_right(options, "The store's tables are of form " + std::to_string(found) + ", its seal is of form " +
                                std::to_string(sealed) + ": the one or the other was put there by somebody else.");
}

/// What does not fit, as a sentence; "" = all does.
std::string difference(Database& database, const Seal& seal, const SealKey& key) {
  if (digest_of_tables(database) != seal.tables_digest) return "Its tables are not those that were sealed.";
  for (const SealedTable& table : sealed_tables(database)) {
    const auto sum = seal.sums.find(table.name);
    if (sum == seal.sums.end() || sum_of(database, table, key.rows) != sum->second)
      return "Its table " + table.name + " is not what was sealed.";
  }
  const bool is_end = end_of(database, end_of_journal) == seal.journal && end_of(database, end_of_audit) == seal.audit;
  return is_end ? "" : "The chain of its journal or access log ends otherwise than it was sealed.";
}

/// The key, made when there is none yet; `is_new` tells so. It gets its name when the first seal is in the store.
Result<SealKey> find_key(const SealOptions& options, bool is_sealed, Random& random, bool& is_new) {
  is_new = false;
  Result<SealKey> key = SealKey::read(options.key);
  if (key || key.failure().cause != Cause::NotFound) return key;
  is_new = true;
  Result<SealKey> begun = SealKey::read(unfinished(options.key));
  if (begun) return begun;
  if (is_sealed && !options.is_sealed_anew) return without_key(options);
  std::error_code error;
  std::filesystem::remove(unfinished(options.key), error);  // it was broken off before it was used
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
    std::error_code error;
    const bool is_unsealed = form < first_sealed_form || !holds_something(database);  // of before, or not yet
    const bool is_right = is_under_way || (is_unsealed && !std::filesystem::exists(options.key, error));
    return is_right ? done() : Result<void>(without_seal(options));
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
  const bool is_lost = stored.empty() && !options.is_sealed_anew && holds_something(database);
  if (std::optional<Failure> failure = database.take_failure()) return *std::move(failure);
  if (Result<SealKey> there = read_key(options); is_lost && !there && there.failure().cause == Cause::NotFound)
    return without_seal(options);
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
  } else if (!may_be_sealed && (!is_new || holds_something(database_))) {
    return without_seal(options_);
  }
  if (!found) {
    Result<void> sealed = seal_all();
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
  seal_.journal = end_of(database_, end_of_journal);
  seal_.audit = end_of(database_, end_of_audit);
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
