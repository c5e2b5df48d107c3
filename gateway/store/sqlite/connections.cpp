#include "gateway/store/sqlite/connections.h"

#include "gateway/base/limits.h"
#include "gateway/base/log.h"
#include "gateway/store/sqlite/log_damage.h"
#include "gateway/store/sqlite/read_tables.h"
#include "gateway/store/sqlite/schema.h"
#include "gateway/store/sqlite/settings.h"

#include <algorithm>
#include <mutex>
#include <set>
#include <system_error>
#include <utility>

namespace vardbron::store {

namespace {

// All pages of the log are copied to the file and synced again, including those that an earlier copy has written: after a failed
// sync nothing else is known to be on the disk.
Result<void> copy_leftover_log(Database& database) {
  std::error_code error;
  const std::uintmax_t size = std::filesystem::file_size(database.file().string() + "-wal", error);
  if (!error && size > static_cast<std::uintmax_t>(limits::store_log_copy_bytes)) {
    log::info("the store's log is copied into its file", {{"bytes", static_cast<std::int64_t>(size)}});
  }
  database.checkpoint(Database::Checkpoint::Truncate, limits::store_log_wait_time_max);
  std::optional<Failure> failure = database.take_failure();
  if (!failure) return done();
  const Trouble trouble = database.health().trouble;
  if (trouble != Trouble::Full && trouble != Trouble::ReadOnly) return *std::move(failure);
  log::warning("the store's log is not copied", {{"says", failure->says}});
  return done();
}

/// Every reader may find the same page; it is reported once.
Database::BrokenPage once_for_each_page(std::function<void(std::int64_t)> tell) {
  struct Reported {
    std::mutex guard;
    std::set<std::int64_t> pages;
  };
  if (!tell) return {};
  return [tell = std::move(tell), reported = std::make_shared<Reported>()](std::int64_t page) {
    {
      std::lock_guard lock(reported->guard);
      if (reported->pages.size() >= limits::reported_broken_pages_max || !reported->pages.insert(page).second) return;
    }
    tell(page);
  };
}

}  // namespace

WritingSide& WritingSide::operator=(WritingSide&& other) noexcept {
  close();
  database = std::move(other.database);
  sealer = std::move(other.sealer);
  tables = std::move(other.tables);
  copying = std::move(other.copying);
  return *this;
}

void WritingSide::close() {
  copying.reset();
  tables.reset();
  sealer.reset();
  database.reset();
}

Connections::Connections(std::filesystem::path file, const SqliteOptions& options, Clock& clock, Random& random)
    : file_(std::move(file)),
      options_(options),
      seal_{seal_key_of(options), options.is_sealed_anew,          options.on_seal,
            options.seal_pause,   std::make_shared<RowFollower>(), options.seal_entries,
            options.seal_file,    options.restored_after},
      on_broken_page_(once_for_each_page(options.on_broken_page)),
      clock_(clock),
      random_(random) {}

// SQLite would continue without the commits after a changed frame, and new ones would overwrite them.
Result<void> Connections::check_log() const {
  const std::filesystem::path log = file_.string() + "-wal";
  const std::optional<LogDamage> damage = find_log_damage(log, log_sums_.get());
  if (!damage) return done();
  if (!seal_.is_sealed_anew) {
    return Failure{Cause::Broken,
                   damage->says() + " Put a copy of the store's folder back, or go on without them: vardbron verify --seal-anew.",
                   log.string()};
  }
  std::error_code error;
  const std::filesystem::path kept = log.string() + ".damaged";
  std::filesystem::copy_file(log, kept, std::filesystem::copy_options::overwrite_existing, error);
  if (error) return Failure{Cause::Broken, "The damaged log cannot be copied: " + error.message() + ".", kept.string()};
  log::warning("the store goes on without a part of its log", {{"says", damage->says()}, {"kept", kept.string()}});
  return done();
}

Result<std::unique_ptr<Database>> Connections::open(Database::Use use) const {
  Result<std::unique_ptr<Database>> opened = Database::open(file_, use, on_broken_page_, log_sums_, changes_);
  if (opened) (*opened)->share(dictionaries_);
  return opened;
}

Result<std::unique_ptr<Database>> Connections::open_reader() const {
  Result<std::unique_ptr<Database>> reader = open(Database::Use::Read);
  if (!reader) return reader;
  (*reader)->keep_log_on_close(true);
  Result<void> ready = prepare_for_reading(**reader);
  if (!ready) return std::move(ready).failure();
  return reader;
}

Result<std::unique_ptr<Database>> Connections::open_checkpointer() const {
  Result<std::unique_ptr<Database>> opened = open(Database::Use::Write);
  if (!opened) return opened;
  (*opened)->keep_log_on_close(true);
  Result<void> set = set_up(**opened, writing_settings());
  if (!set) return std::move(set).failure();
  return opened;
}

Result<WritingSide> Connections::open_writing() {
  WritingSide side;
  Result<void> checked = check_log();
  if (!checked) return std::move(checked).failure();
  Result<std::unique_ptr<Database>> database = open(Database::Use::Write);
  if (!database) return std::move(database).failure();
  side.database = *std::move(database);
  side.database->keep_log_on_close(true);
  const AroundSteps around{[&](std::int64_t form) { return Sealer::check_before_steps(*side.database, seal_, form); },
                           [&] { return Sealer::begin_steps(*side.database, seal_, random_); },
                           [&] { Sealer::steps_failed(*side.database, seal_); }, options_.keys_of};
  Result<void> prepared = prepare_for_writing(*side.database, schema_steps(), around);
  if (prepared) prepared = copy_leftover_log(*side.database);
  if (!prepared) return std::move(prepared).failure();
  Result<std::unique_ptr<Sealer>> sealer = Sealer::open(*side.database, seal_, clock_, random_);
  if (!sealer) return std::move(sealer).failure();
  seal_.is_sealed_anew = false;  // once, at the start
  seal_.restored_after.reset();
  side.sealer = *std::move(sealer);
  if (!has_dictionaries_) dictionaries_->read(*side.database);
  side.tables = std::make_unique<WriteTables>(*side.database, clock_, random_, side.sealer.get());
  if (!std::exchange(has_dictionaries_, true) && dictionaries_->lacks(options_.samples)) {
    side.tables->begin();
    dictionaries_->add(*side.database, options_.samples);
    Result<SubscriptionChanges> added = side.tables->end();
    if (!added) return std::move(added).failure();
  }
  if (std::optional<Failure> failure = side.database->take_failure()) return *std::move(failure);
  Result<std::unique_ptr<Database>> copying = open_checkpointer();
  if (!copying) return std::move(copying).failure();
  side.copying = *std::move(copying);
  return side;
}

Result<ReadConnections> Connections::open_reading() {
  ReadConnections opened;
  for (std::size_t count = 0; count < std::max<std::size_t>(1, options_.readers) + options_.callers; ++count) {
    Result<std::unique_ptr<Database>> reader = open_reader();
    if (!reader) return std::move(reader).failure();
    ReadConnection connection{*std::move(reader), nullptr};
    connection.tables = std::make_unique<ReadTables>(*connection.database);
    if (std::optional<Failure> failure = connection.database->take_failure()) return *std::move(failure);
    (count < options_.callers ? opened.lent : opened.own).push_back(std::move(connection));
  }
  return opened;
}

}  // namespace vardbron::store
