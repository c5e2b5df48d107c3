#include "gateway/store/sqlite/restore.h"

#include "gateway/base/text.h"
#include "gateway/store/sqlite/copy_in_making.h"
#include "gateway/store/sqlite/database.h"
#include "gateway/store/sqlite/seal_lines.h"
#include "gateway/store/sqlite/sealer.h"
#include "gateway/store/sqlite/store_directory.h"

#include <algorithm>
#include <cstddef>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <system_error>
#include <utility>

namespace vardbron::store {

namespace {

/// The seal of a store that may be damaged; 0: it cannot be read.
std::int64_t seal_number_of(const std::filesystem::path& file, const SealKey& key) {
  Result<std::unique_ptr<Database>> database = Database::open(file, Database::Use::Read);
  if (!database) return 0;
  (*database)->keep_log_on_close(true);
  const std::string stored = stored_seal(**database);
  if ((*database)->take_failure()) return 0;
  const Result<Seal> seal = open_seal(stored, key);
  return seal ? seal->number : 0;
}

/// The store's file and those beside it get another name, by which SQLite still knows that they belong together.
Result<void> move_aside(const std::filesystem::path& file, const std::filesystem::path& aside) {
  for (const char* ending : {"-shm", "-wal", ""}) {
    std::error_code error;
    const std::filesystem::path from = file.string() + ending;
    if (!std::filesystem::exists(from, error)) continue;
    std::filesystem::rename(from, aside.string() + ending, error);
    if (error)
      return Failure{Cause::Broken, "The store that is there cannot be moved aside: " + error.message() + ".", from.string()};
  }
  return done();
}

/// As a gateway opens it.
Result<void> open_restored(const RestoreOptions& options, std::int64_t handed_out, Restored& restored, Clock& clock,
                           Random& random) {
  SqliteOptions how = options.store;
  how.restored_after = handed_out;
  how.on_restored = [&restored](const Restoration& each) { restored.restoration = each; };
  Result<std::unique_ptr<Store>> store = open_sqlite_store(how, clock, random);
  if (!store) return std::move(store).failure();
  restored.store = *std::move(store);
  return done();
}

Result<void> copy_backup(const std::filesystem::path& from, const std::filesystem::path& into) {
  std::error_code error;
  std::filesystem::copy_file(from, into, error);
  if (error) return Failure{Cause::Broken, "The backup cannot be copied: " + error.message() + ".", from.string()};
  std::filesystem::permissions(into, std::filesystem::perms::owner_read | std::filesystem::perms::owner_write, error);
  if (error || !sync_file(into)) return Failure{Cause::Broken, "The copy of the backup cannot be synced.", into.string()};
  return done();
}

/// It is verified under another name, and as a store: what is said of that is said of the backup here.
Failure not_restored(const Failure& failure, const std::filesystem::path& from) {
  if (failure.cause != Cause::Broken) return failure;
  std::string says = failure.says;
  for (const std::string_view store : {"the store's file", "The store's file", "The store", "The file"}) {
    const std::size_t at = says.find(store);
    if (at != std::string::npos) says.replace(at, store.size(), at == 0 ? "The backup" : "the backup");
  }
  return {Cause::Broken, says + " Nothing was restored; the store is as it was. Take another backup.", from.string()};
}

}  // namespace

Result<Restored> restore(const RestoreOptions& options, Clock& clock, Random& random) {
  std::error_code error;
  if (!std::filesystem::is_regular_file(options.from, error))
    return Failure{Cause::NotFound, "There is no such backup.", options.from.string()};
  const Result<SealKey> key = SealKey::read(seal_key_of(options.store));
  if (!key && key.failure().cause != Cause::NotFound) return key.failure();
  if (!key) {
    return Failure{
        Cause::NotFound,
        "Put the key of the store's seal there first: without it the backup cannot be verified, and is opened by no gateway.",
        seal_key_of(options.store).string()};
  }
  Restored restored;
  std::int64_t handed_out = 0;
  {
    Result<std::unique_ptr<StoreDirectory>> directory = StoreDirectory::take(options.store.directory);
    if (!directory) return std::move(directory).failure();
    const std::filesystem::path file = (*directory)->file();
    const bool is_there = std::filesystem::exists(file, error) || std::filesystem::exists(file.string() + "-wal", error);
    if (is_there && !options.is_replaced) return Failure{Cause::Conflict, "There is a store already.", file.string()};
    CopyInMaking making(file);
    Result<void> copied = copy_backup(options.from, making.part());
    if (!copied) return std::move(copied).failure();
    Result<CopyReport> report = verify_copy(making.part(), *key, clock, options.progress);
    if (!report) return not_restored(report.failure(), options.from);
    restored.report = *std::move(report);
    if (!restored.report.verified.is_clean()) return restored;
    if (!options.store.seal_file.empty()) handed_out = last_handed_out(options.store.seal_file).value_or(0);
    if (is_there) {
      handed_out = std::max(handed_out, seal_number_of(file, *key));
      restored.aside = file.string() + ".replaced-" + to_instant(clock.wall());
      Result<void> moved = move_aside(file, restored.aside);
      if (!moved) return std::move(moved).failure();
    }
    Result<void> finished = making.finish();
    if (!finished) return std::move(finished).failure();
  }
  Result<void> opened = open_restored(options, handed_out, restored, clock, random);
  if (!opened) return std::move(opened).failure();
  return restored;
}

}  // namespace vardbron::store
