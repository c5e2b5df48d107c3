#include "gateway/store/sqlite/verify.h"

#include "gateway/base/limits.h"
#include "gateway/base/text.h"
#include "gateway/store/sqlite/restoration.h"
#include "gateway/store/sqlite/schema.h"
#include "gateway/store/sqlite/sealer.h"
#include "gateway/store/sqlite/verify_walk.h"

#include <algorithm>
#include <optional>
#include <utility>
#include <vector>

namespace vardbron::store {

namespace {

constexpr std::int64_t reported_rows = 20'000;

/// The store's own seal, when it has one that can be opened.
std::optional<Seal> read_seal(VerifyWalk& walk) {
  const std::string stored = stored_seal(walk.database);
  if (walk.failed("seal", 1)) return std::nullopt;
  if (walk.options.key == nullptr) {
    walk.report.add("seal", 0, "There is no key to open the store's seal: rows that were changed with care are not found.");
    return std::nullopt;
  }
  Result<Seal> seal =
      stored.empty() ? Failure{Cause::Broken, "The store has no seal.", ""} : open_seal(stored, *walk.options.key);
  if (!seal) {
    walk.report.add("seal", stored.empty() ? 0 : 1, seal.failure().says);
    return std::nullopt;
  }
  walk.report.seal = seal->number;
  return *std::move(seal);
}

// An exported seal is never newer than the store.
void verify_age(VerifyWalk& walk, const Seal& seal) {
  const SealLine* last = nullptr;
  for (const SealLine& line : walk.options.lines) {
    if (last == nullptr || line.number > last->number) last = &line;
  }
  if (last == nullptr || last->number <= seal.number) return;
  walk.report.add("seal", 1,
                  "The store stands at seal " + std::to_string(seal.number) + " of " + to_instant(seal.at) + ", but seal " +
                      std::to_string(last->number) + " of " + last->at +
                      " was handed outside: what was written in between is gone, or an older copy was put back.");
}

// A gateway would not open the store, although all of it may be there.
void verify_application(VerifyWalk& walk) {
  const std::int64_t found = walk.database.number("PRAGMA application_id");
  if (!walk.failed("file", 0) && found != application_id) {
    walk.report.add("file", 0,
                    "The file's application_id is " + std::to_string(found) + " and not " + std::to_string(application_id) +
                        ": no gateway opens it. Put a copy of the store back.");
  }
}

void verify_tables(VerifyWalk& walk, const Seal& seal) {
  const std::int64_t form = walk.database.number("PRAGMA user_version");
  if (seal.form != form) {
    walk.report.add("seal", 1,
                    "The number of the tables' form (user_version) is " + std::to_string(form) + " and not " +
                        std::to_string(seal.form) +
                        ", which was sealed: a gateway would not open the store, or change its tables. "
                        "Put a copy of the store back.");
  }
  if (digest_of_tables(walk.database) != seal.tables_digest) {
    walk.report.add("sqlite_schema", 0, "Tables, indices or triggers are not those that were sealed.");
  }
  walk.failed("sqlite_schema", 0);
}

}  // namespace

VerifyWalk::VerifyWalk(Database& given, const Clock& clock, const VerifyOptions& how)
    : database(given), options(how), clock_(clock), begin_(given.prepare("BEGIN")), end_(given.prepare("COMMIT")) {}

bool VerifyWalk::renew() {
  if (options.is_stopped && options.is_stopped()) stopped_ = true;
  if (stopped_) return false;
  if (holds_ && clock_.now() - since_ > limits::store_snapshot_time_max) let_go();
  if (holds_) return true;
  begin_.run();
  holds_ = true;
  since_ = clock_.now();
  return true;
}

void VerifyWalk::let_go() {
  if (holds_ && database.in_transaction()) end_.run();
  holds_ = false;
}

std::optional<Seal> VerifyWalk::seal_now() {
  if (options.key == nullptr) return std::nullopt;
  Result<Seal> seal = open_seal(stored_seal(database), *options.key);
  if (!seal) return std::nullopt;
  return *std::move(seal);
}

void VerifyWalk::progress(std::string_view what, std::int64_t rows) {
  if (rows < reported_) reported_ = 0;
  if (!options.progress || rows < reported_ + reported_rows) return;
  reported_ = rows;
  options.progress(what, rows);
}

bool VerifyWalk::is_behind(const std::string& table, std::int64_t number, std::int64_t last) {
  if (number > last) return true;
  report.add(table, number, "Its rows are not in their order: some pages of the file are older than others, or damaged.");
  return false;
}

bool VerifyWalk::failed(const std::string& table, std::int64_t number) {
  std::optional<Failure> failure = database.take_failure();
  if (!failure) return false;
  report.add(table, number, failure->says);
  return true;
}

void verify_structure(Database& database, VerifyReport& report) {
  Statement check = database.prepare("PRAGMA integrity_check(100)");
  check.query();
  while (check.next()) {
    const std::string says = check.string(0);
    if (says == "ok") continue;
    // Its first line may name the database alone: "*** in database main ***".
    const std::size_t begin = says.starts_with("***") && says.find('\n') != std::string::npos ? says.find('\n') + 1 : 0;
    report.add("file", 0, "SQLite: " + says.substr(begin, says.find('\n', begin) - begin));
  }
  if (const std::optional<Failure> failure = database.take_failure()) report.add("file", 0, failure->says);
}

Result<VerifyReport> verify_store(Database& database, const Clock& clock, const VerifyOptions& given) {
  VerifyOptions options = given;
  std::vector<Restoration> restored = restorations(database);
  remove_void_lines(restored, options.lines);
  VerifyWalk walk(database, clock, options);
  if (!walk.renew()) return Failure{Cause::Cancelled, "The store was closed meanwhile.", ""};
  walk.failed("setting", 0);
  walk.report.restored = std::move(restored);
  verify_application(walk);
  const std::optional<Seal> seal = read_seal(walk);
  if (seal) {
    verify_age(walk, *seal);
    verify_tables(walk, *seal);
    Result<void> summed = verify_sums(walk);
    if (!summed) return std::move(summed).failure();
  }
  verify_journal(walk);
  verify_audit(walk);
  verify_dictionaries(walk);
  verify_cases(walk);
  verify_resources(walk);
  verify_keys(walk);
  verify_events(walk);
  if (!options.is_alone) verify_indices(walk);  // else SQLite's own check, which keeps one snapshot from beginning to end
  walk.let_go();
  if (options.is_alone) verify_structure(walk.database, walk.report);
  if (walk.is_stopped()) return Failure{Cause::Cancelled, "The store was closed meanwhile.", ""};
  return std::move(walk.report);
}

}  // namespace vardbron::store
