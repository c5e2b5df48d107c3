#include "gateway/store/sqlite/schema.h"

#include "gateway/base/check.h"
#include "gateway/base/log.h"
#include "gateway/store/sqlite/copy_in_making.h"
#include "gateway/store/sqlite/settings.h"

#include <filesystem>
#include <string>
#include <string_view>
#include <system_error>
#include <utility>

namespace vardbron::store {

namespace {

// The cost of a commit is its rows, and above all its pages: each changed page is written to the log and later to the file. So a
// change writes few rows, which are adjacent at the ends of their tables.
//  * a case's `seen` and `next` are milliseconds; next 0 = time alone does not change it. Only the others are indexed.
//  * a case's links refer to the previous one and need no index.
// These are the tables of the first form. The steps change them to the later ones.
constexpr const char* tables = R"sql(
CREATE TABLE setting(name TEXT PRIMARY KEY, value BLOB NOT NULL) WITHOUT ROWID;
INSERT INTO setting VALUES('term key', randomblob(16));
CREATE TABLE journal(number INTEGER PRIMARY KEY, outcome INTEGER NOT NULL, received INTEGER NOT NULL, id TEXT NOT NULL,
  channel TEXT NOT NULL, sender TEXT NOT NULL, content_type TEXT NOT NULL, identity TEXT NOT NULL, receipt TEXT NOT NULL,
  chain BLOB NOT NULL, size INTEGER NOT NULL, body BLOB NOT NULL);
CREATE INDEX journal_open ON journal(outcome, number) WHERE outcome IN (0, 2);
CREATE TABLE type(number INTEGER PRIMARY KEY, name TEXT NOT NULL);
CREATE TABLE common(parameter TEXT PRIMARY KEY) WITHOUT ROWID;
CREATE TABLE patient_case(id INTEGER PRIMARY KEY, version INTEGER NOT NULL, link INTEGER NOT NULL, seen INTEGER NOT NULL,
  next INTEGER NOT NULL, key TEXT NOT NULL);
CREATE INDEX patient_case_next ON patient_case(next, key) WHERE next > 0;
CREATE TABLE link(number INTEGER PRIMARY KEY, previous INTEGER NOT NULL, journal INTEGER NOT NULL, happened INTEGER NOT NULL,
  identity TEXT NOT NULL, kind TEXT NOT NULL, size INTEGER NOT NULL, body BLOB NOT NULL);
CREATE TABLE resource(number INTEGER PRIMARY KEY, version INTEGER NOT NULL, place INTEGER NOT NULL, at INTEGER NOT NULL,
  deleted INTEGER NOT NULL, id TEXT NOT NULL, parties TEXT NOT NULL, digest BLOB NOT NULL, keys BLOB NOT NULL);
CREATE TABLE change(number INTEGER PRIMARY KEY, at INTEGER NOT NULL, heads BLOB NOT NULL, size INTEGER NOT NULL,
  bodies BLOB NOT NULL);
CREATE TABLE posting(term INTEGER NOT NULL, member INTEGER NOT NULL, PRIMARY KEY(term, member)) WITHOUT ROWID;
CREATE TABLE subscription(number INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, status TEXT NOT NULL, events INTEGER NOT NULL,
  delivered INTEGER NOT NULL, error TEXT NOT NULL);
CREATE TABLE event(subscription INTEGER NOT NULL, number INTEGER NOT NULL, at INTEGER NOT NULL, dead INTEGER NOT NULL,
  topic TEXT NOT NULL, patient_case TEXT NOT NULL, focus TEXT NOT NULL, context TEXT NOT NULL, reason TEXT NOT NULL,
  PRIMARY KEY(subscription, number)) WITHOUT ROWID;
CREATE TABLE audit(number INTEGER PRIMARY KEY, at INTEGER NOT NULL, action TEXT NOT NULL, caller TEXT NOT NULL,
  subject TEXT NOT NULL, patient_case TEXT NOT NULL, says TEXT NOT NULL, chain BLOB NOT NULL);
)sql";

Result<void> outcome(Database& database) {
  std::optional<Failure> failure = database.take_failure();
  if (failure) return *std::move(failure);
  return done();
}

constexpr std::string_view copy_mark = ".before-step-";

Failure not_readable(Database& database) { return *database.take_failure(); }

void set_form(Database& database, int form) { database.execute("PRAGMA user_version=" + std::to_string(form)); }

/// Commits a transaction if nothing failed in it, else rolls it back.
Result<void> end_transaction(Database& database, Result<void> done_in_it) {
  if (done_in_it) done_in_it = outcome(database);
  if (done_in_it) {
    database.execute("COMMIT");
    done_in_it = outcome(database);
  }
  database.take_failure();
  if (!done_in_it && database.in_transaction()) database.execute("ROLLBACK");
  database.take_failure();
  return done_in_it;
}

Result<void> make_tables(Database& database) {
  database.execute("BEGIN IMMEDIATE");
  database.execute(tables);
  database.execute("PRAGMA application_id=" + std::to_string(application_id));
  set_form(database, first_form);
  return end_transaction(database, done());
}

Result<void> run_step(Database& database, const SchemaStep& step, bool is_reported, const KeysOf& keys_of) {
  StepContext context(step.number, is_reported, keys_of);
  const bool is_inside = step.transaction == SchemaStep::Transaction::Inside;
  if (is_inside) database.execute("BEGIN IMMEDIATE");
  Result<void> ran = step.run(database, context);
  if (!is_inside) {
    if (ran) ran = outcome(database);
    database.take_failure();
    if (!ran) return ran;
    database.execute("BEGIN IMMEDIATE");
  }
  set_form(database, step.number);
  return end_transaction(database, std::move(ran));
}

Failure not_carried_over(const SchemaStep& step, const Failure& why) {
  return {
      why.cause,
      "The store's tables cannot be changed to form " + std::to_string(step.number) + ", and are left as they were. " + why.says,
      why.where};
}

Result<void> copy_before(Database& database, const SchemaStep& step) {
  const std::filesystem::path target = copy_from_before(database.file(), step.number);
  log::info("the store is copied before its tables change", {{"file", target.filename().native()}});
  Result<void> copied = copy_store(database, target, CopyInMaking::Existing::Replaced);
  if (!copied) copied.failure().says = "There is no copy of the store from before the change. " + copied.failure().says;
  return copied;
}

Result<void> begin_steps(Database& database, std::int64_t form, const SchemaStep& first, const AroundSteps& around) {
  Result<void> checked = around.check ? around.check(form) : done();
  if (checked) checked = copy_before(database, first);
  if (checked && around.begin) checked = around.begin();
  if (!checked) return not_carried_over(first, checked.failure());
  return done();
}

Result<void> run_steps(Database& database, std::int64_t form, std::span<const SchemaStep> steps, bool is_fresh,
                       const AroundSteps& around) {
  bool is_begun = is_fresh;
  for (const SchemaStep& step : steps) {
    if (step.number <= form) continue;
    if (!std::exchange(is_begun, true)) {
      Result<void> begun = begin_steps(database, form, step, around);
      if (!begun) return begun;
    }
    if (!is_fresh) {
      log::info("the store's tables change", {{"step", std::int64_t{step.number}}, {"what", step.what}});
    }
    Result<void> ran = run_step(database, step, !is_fresh, around.keys_of);
    if (ran) continue;
    if (around.failed) around.failed();
    return not_carried_over(step, ran.failure());
  }
  return done();
}

void tell_of_copies(const std::filesystem::path& file) {
  std::error_code error;
  const std::string start = file.filename().string() + std::string(copy_mark);
  for (const auto& entry : std::filesystem::directory_iterator(file.parent_path(), error)) {
    const std::string name = entry.path().filename().string();
    if (!name.starts_with(start)) continue;
    const std::uintmax_t size = entry.file_size(error);
    log::info("a copy of the store from before a change of its tables may be deleted",
              {{"file", name}, {"bytes", error ? std::int64_t{0} : static_cast<std::int64_t>(size)}});
  }
}

/// The file's form, 0 for an empty file. Nothing is written.
Result<std::int64_t> look_at(Database& database, int newest) {
  const std::int64_t form = database.number("PRAGMA user_version");
  const std::int64_t application = database.number("PRAGMA application_id");
  const std::int64_t count = database.number("SELECT count(*) FROM sqlite_schema");
  if (database.health().failure) return not_readable(database);
  if (count == 0) return std::int64_t{0};
  if (application != application_id) return Failure{Cause::Broken, "The file is not a store of this program.", ""};
  if (form >= first_form && form <= newest) return form;
  return Failure{Cause::Broken,
                 "The store was written by " + std::string(form > newest ? "a newer" : "an older") +
                     " version of this program (form " + std::to_string(form) + ", this one knows " +
                     (newest > first_form ? std::to_string(first_form) + " to " : "") + std::to_string(newest) + ").",
                 ""};
}

}  // namespace

std::filesystem::path copy_from_before(const std::filesystem::path& file, int step) {
  return file.string() + std::string(copy_mark) + std::to_string(step);
}

int form_after(std::span<const SchemaStep> steps) {
  int form = first_form;
  for (const SchemaStep& step : steps) {
    CHECK(step.number == form + 1 && step.run != nullptr);
    form = step.number;
  }
  return form;
}

Result<void> prepare_for_writing(Database& database, std::span<const SchemaStep> steps, const AroundSteps& around) {
  const Result<std::int64_t> form = look_at(database, form_after(steps));
  if (!form) return form.failure();
  const bool is_fresh = *form == 0;
  if (is_fresh) database.execute("PRAGMA page_size=4096");
  Result<void> set = set_up(database, writing_settings());
  if (!set) return set;
  if (is_fresh) {
    Result<void> made = make_tables(database);
    if (!made) return made;
  }
  Result<void> ran = run_steps(database, is_fresh ? std::int64_t{first_form} : *form, steps, is_fresh, around);
  if (ran && !is_fresh) tell_of_copies(database.file());
  return ran;
}

Result<void> prepare_for_reading(Database& database) { return set_up(database, reading_settings()); }

}  // namespace vardbron::store
