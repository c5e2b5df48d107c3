#include "gateway/store/sqlite/verify_copy.h"

#include "gateway/base/text.h"
#include "gateway/store/sqlite/schema.h"
#include "gateway/store/sqlite/seal.h"
#include "gateway/store/sqlite/sealer.h"
#include "gateway/store/sqlite/verify.h"

#include <memory>
#include <utility>

namespace vardbron::store {

namespace {

Result<CopyReport> look_at_earlier_form(Database& database, const SealKey& key) {
  CopyReport report;
  report.is_of_earlier_form = true;
  const std::string stored = stored_seal(database);
  const Result<Seal> seal = open_seal(stored, key);
  if (seal) {
    report.verified.seal = seal->number;
    report.sealed_at = to_instant(seal->at);
  } else if (!stored.empty()) {
    report.verified.add("seal", 1, seal.failure().says);
  }
  verify_structure(database, report.verified);
  return report;
}

}  // namespace

Result<CopyReport> verify_copy(const std::filesystem::path& file, const SealKey& key, const Clock& clock,
                               const VerifyProgress& progress) {
  Result<std::unique_ptr<Database>> database = Database::open(file, Database::Use::Read);
  if (!database) return std::move(database).failure();
  Result<void> prepared = prepare_for_reading(**database);
  if (!prepared) return std::move(prepared).failure();
  const std::int64_t application = (*database)->number("PRAGMA application_id"), ours = form_after(schema_steps());
  const std::int64_t form = (*database)->number("PRAGMA user_version");
  if (std::optional<Failure> failure = (*database)->take_failure()) return *std::move(failure);
  if (application != application_id) return Failure{Cause::Broken, "The file is not a store of this program.", file.string()};
  if (form > ours) return Failure{Cause::Broken, "The store was written by a newer version of this program.", file.string()};
  if (form < ours) return look_at_earlier_form(**database, key);
  VerifyOptions how;
  how.key = &key;
  how.is_alone = true;
  how.progress = progress;
  Result<VerifyReport> verified = verify_store(**database, clock, how);
  if (!verified) return std::move(verified).failure();
  CopyReport report;
  const Result<Seal> seal = open_seal(stored_seal(**database), key);
  if (seal) report.sealed_at = to_instant(seal->at);
  report.verified = *std::move(verified);
  return report;
}

}  // namespace vardbron::store
