#include "gateway/store/sqlite/sealer.h"

#include "gateway/base/log.h"
#include "gateway/store/sqlite/place.h"

#include <algorithm>
#include <system_error>
#include <utility>

namespace vardbron::store {

namespace {

constexpr const char* way_out =
    " If that is known and right, `vardbron verify --seal-anew` seals the store as it stands; what was changed until then is not "
    "found "
    "any more.";

std::filesystem::path unfinished(const std::filesystem::path& key) { return key.string() + ".new"; }

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

/// The key, made when there is none yet; `is_new` tells so. It gets its name when the first seal is in the store.
Result<SealKey> find_key(const SealOptions& options, bool is_sealed, Random& random, bool& is_new) {
  is_new = false;
  Result<SealKey> key = SealKey::read(options.key);
  if (key || key.failure().cause != Cause::NotFound) return key;
  is_new = true;
  Result<SealKey> begun = SealKey::read(unfinished(options.key));
  if (begun) return begun;
  if (is_sealed && !options.is_sealed_anew) {
    return Failure{Cause::Broken,
                   "The key of the store's seal is missing: put it back, or say where it is (seal.key in the configuration)." +
                       std::string(way_out),
                   options.key.string()};
  }
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

Result<std::unique_ptr<Sealer>> Sealer::open(Database& database, SealOptions options, Clock& clock, Random& random) {
  const std::string stored = stored_seal(database);
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
  if (found) {
    seal_ = *std::move(found);
    watch_.set_sums(seal_.sums);
    if (options_.is_sealed_anew || seal_.form != form) found = Failure{};
  } else if (!options_.is_sealed_anew && !stored.empty()) {
    return Failure{Cause::Broken, found.failure().says + way_out, options_.key.string()};
  } else if (!options_.is_sealed_anew && !is_new) {
    return Failure{Cause::Broken, "The store has no seal, although there is a key for it." + std::string(way_out),
                   options_.key.string()};
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
  std::map<std::string, TableSum> sums;
  for (const SealedTable& table : watch_.tables()) sums[table.name] = sum_of(database_, table, key_.rows);
  watch_.set_sums(std::move(sums));
  seal_.form = database_.number("PRAGMA user_version");
  seal_.tables_digest = digest_of_tables(database_);
  seal_.journal = end_of(database_, "SELECT number, chain FROM journal ORDER BY number DESC LIMIT 1");
  seal_.audit = end_of(database_, "SELECT number, chain FROM audit ORDER BY number DESC LIMIT 1");
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
