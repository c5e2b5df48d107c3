#include "gateway/store/sqlite/verify_file.h"

#include "gateway/store/sqlite/database.h"
#include "gateway/store/sqlite/log_damage.h"
#include "gateway/store/sqlite/log_sums.h"
#include "gateway/store/sqlite/schema.h"
#include "gateway/store/sqlite/seal_lines.h"
#include "gateway/store/sqlite/sealer.h"
#include "gateway/store/sqlite/store_directory.h"
#include "gateway/store/sqlite/verify.h"
#include "gateway/store/sqlite/verify_aside.h"

#include <optional>
#include <string>
#include <utility>

namespace vardbron::store {

namespace {

// A changed number in the file's head is one finding among others, as long as the tables are of the form that this program knows,
// according to the seal.
Result<void> check_form(Database& database, const SealKey* key) {
  const std::int64_t form = database.number("PRAGMA user_version"), ours = form_after(schema_steps());
  const std::string stored = form == ours || key == nullptr ? std::string() : stored_seal(database);
  if (std::optional<Failure> failure = database.take_failure()) return *std::move(failure);
  if (form == ours) return done();
  if (!stored.empty()) {
    const Result<Seal> seal = open_seal(stored, *key);
    if (seal && seal->form == ours) return done();
  }
  return Failure{Cause::Broken,
                 "The store is of form " + std::to_string(form) + ", this program verifies form " + std::to_string(ours) +
                     ": a gateway of this version carries an older one over when it starts.",
                 ""};
}

Result<SealLines> read_lines(const VerifyFileOptions& options, const SealKey& key) {
  SealLines lines;
  for (const std::filesystem::path& file : options.handed_out) {
    Result<void> read = read_seal_lines(file, key, lines);
    if (!read) return std::move(read).failure();
  }
  if (options.handed_out.empty() && !options.store.seal_file.empty()) read_own_seal_lines(options.store.seal_file, key, lines);
  return lines;
}

// The first pages could not be read, so no row can be checked; that is the finding.
VerifyReport unreadable(const Failure& why) {
  VerifyReport report;
  report.add("file", 0, why.says + " No table can be read, so nothing else was looked at: the store has to come from a copy.");
  return report;
}

}  // namespace

Result<VerifyReport> verify_file(const VerifyFileOptions& options, const Clock& clock) {
  std::error_code error;
  if (!std::filesystem::exists(options.store.directory / StoreDirectory::file_name, error)) {
    return Failure{Cause::NotFound, "There is no store.", options.store.directory.string()};
  }
  Result<std::unique_ptr<StoreDirectory>> directory = StoreDirectory::take(options.store.directory);
  if (!directory) {
    directory.failure().says += " GET /operate/verify asks a gateway that runs.";
    return std::move(directory).failure();
  }
  // Before SQLite reads the log up to a wrong frame and discards the rest.
  const auto log_sums = std::make_shared<LogSums>();
  const std::optional<LogDamage> log_damage = find_log_damage((*directory)->file().string() + "-wal", log_sums.get());
  Result<std::unique_ptr<Database>> database = Database::open((*directory)->file(), Database::Use::Read, {}, log_sums);
  if (!database) return std::move(database).failure();
  Result<SealKey> key = SealKey::read(seal_key_of(options.store));
  if (!key && key.failure().cause != Cause::NotFound) return std::move(key).failure();
  VerifyOptions how;
  if (key) how.key = &*key;
  Result<void> prepared = prepare_for_reading(**database);
  if (prepared) prepared = check_form(**database, how.key);
  if (!prepared && (*database)->health().trouble == Trouble::Damaged) return unreadable(prepared.failure());
  if (!prepared) return std::move(prepared).failure();
  Result<SealLines> outside = key ? read_lines(options, *key) : Result<SealLines>(SealLines());
  if (!outside) return std::move(outside).failure();
  how.lines = std::move(outside->lines);
  how.is_alone = true;
  how.progress = options.progress;
  Result<VerifyReport> report = verify_store(**database, clock, how);
  if (!report) return report;
  if (key && !options.audit_fallback.empty()) verify_aside(**database, options.audit_fallback, key->aside, *report);
  if (log_damage) report->add("log", log_damage->frame, log_damage->says());
  for (Finding& finding : outside->findings) report->add(std::move(finding.table), finding.number, std::move(finding.says));
  return report;
}

}  // namespace vardbron::store
