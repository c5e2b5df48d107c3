#include "gateway/store/sqlite/verify_file.h"

#include "gateway/store/sqlite/database.h"
#include "gateway/store/sqlite/log_damage.h"
#include "gateway/store/sqlite/log_sums.h"
#include "gateway/store/sqlite/place.h"
#include "gateway/store/sqlite/schema.h"
#include "gateway/store/sqlite/verify.h"

#include <fstream>
#include <optional>
#include <string>
#include <utility>

namespace vardbron::store {

namespace {

/// The lines of a file that hold seals; one that does not belong to the key is a finding.
Result<void> read_lines(const std::filesystem::path& file, const SealKey& key, std::vector<SealLine>& into,
                        VerifyReport& findings) {
  std::ifstream stream(file);
  if (!stream) return Failure{Cause::NotFound, "The file with seals that were handed outside cannot be read.", file.string()};
  std::int64_t number = 0;
  for (std::string text; std::getline(stream, text);) {
    ++number;
    Result<SealLine> line = read_line(text, key);
    if (line) into.push_back(*std::move(line));
    if (!line && line.failure().cause == Cause::Broken) {
      findings.add("seal", 0, file.filename().string() + ", line " + std::to_string(number) + ": " + line.failure().says);
    }
  }
  return done();
}

Result<void> check_form(Database& database) {
  const std::int64_t form = database.number("PRAGMA user_version");
  if (std::optional<Failure> failure = database.take_failure()) return *std::move(failure);
  if (form == form_after(schema_steps())) return done();
  return Failure{Cause::Broken,
                 "The store is of form " + std::to_string(form) + ", this program verifies form " +
                     std::to_string(form_after(schema_steps())) +
                     ": a gateway of this version carries an older one over when it starts.",
                 ""};
}

// The first pages could not be read, so no row can be looked at; that is what there is to find.
VerifyReport unreadable(const Failure& why) {
  VerifyReport report;
  report.add("file", 0, why.says + " No table can be read, so nothing else was looked at: the store has to come from a copy.");
  return report;
}

}  // namespace

Result<VerifyReport> verify_file(const VerifyFileOptions& options, const Clock& clock) {
  std::error_code error;
  if (!std::filesystem::exists(options.store.directory / Place::file_name, error)) {
    return Failure{Cause::NotFound, "There is no store.", options.store.directory.string()};
  }
  Result<std::unique_ptr<Place>> place = Place::take(options.store.directory);
  if (!place) {
    place.failure().says += " GET /operate/verify asks a gateway that runs.";
    return std::move(place).failure();
  }
  // Before SQLite reads the log up to what does not fit, and nobody sees the rest any more.
  const auto log_sums = std::make_shared<LogSums>();
  const std::optional<LogDamage> log_damage = find_log_damage((*place)->file().string() + "-wal", log_sums.get());
  Result<std::unique_ptr<Database>> database = Database::open((*place)->file(), Database::Use::Read, {}, log_sums);
  if (!database) return std::move(database).failure();
  Result<void> prepared = prepare_for_reading(**database);
  if (prepared) prepared = check_form(**database);
  if (!prepared && (*database)->health().trouble == Trouble::Damaged) return unreadable(prepared.failure());
  if (!prepared) return std::move(prepared).failure();
  Result<SealKey> key = SealKey::read(seal_key_of(options.store));
  if (!key && key.failure().cause != Cause::NotFound) return std::move(key).failure();
  VerifyOptions how;
  VerifyReport foreign;
  if (key) how.key = &*key;
  for (const std::filesystem::path& file : options.handed_out) {
    if (!key) continue;
    Result<void> read = read_lines(file, *key, how.lines, foreign);
    if (!read) return std::move(read).failure();
  }
  how.is_alone = true;
  how.progress = options.progress;
  Result<VerifyReport> report = verify_store(**database, clock, how);
  if (!report) return report;
  if (log_damage) report->add("log", log_damage->frame, log_damage->says());
  for (Finding& finding : foreign.findings) report->add(std::move(finding.table), finding.number, std::move(finding.says));
  return report;
}

}  // namespace vardbron::store
