#include "gateway/store/sqlite/schema.h"

#include <array>
#include <string>

namespace vardbron::store {

namespace {

constexpr std::int64_t application_id = 0x56414252;  // "VABR"

// What costs time in a commit is not rows but pages: each page touched is written to the log and later to the file. So rows of
// one change lie together. Texts that are looked up (a resource's name, an identifier, an organisation, a case) become *terms*,
// numbered as they appear; what a case brings gets neighbouring numbers, and everything else is ordered by these numbers.
//  * term: keyed hash of a text -> its number. The one table with scattered writes.
//  * resource: its id is the term of "Type/id" * 256 + number of the type. Names the current version and its terms.
//  * version: bodies with keys and parties, in the order of change, which is the order of _lastUpdated.
//  * posting: which current resources mention a term (find by), negative: which belong to the case of that term.
//    Values of few kinds (status codes) have none: their parameters are in `common`, and are only filtered by.
//  * a case's `seen` and `next` are milliseconds; next 0 = time alone makes no difference to it. Only those others are indexed.
//  * a case's links and a resource's versions point back to the previous one; nobody needs an index for them.
constexpr std::array<const char*, schema_version> steps = {R"sql(
CREATE TABLE setting(name TEXT PRIMARY KEY, value BLOB NOT NULL) WITHOUT ROWID;
INSERT INTO setting VALUES('term key', randomblob(16));
CREATE TABLE journal(number INTEGER PRIMARY KEY, outcome INTEGER NOT NULL, received INTEGER NOT NULL, id TEXT NOT NULL,
  channel TEXT NOT NULL, sender TEXT NOT NULL, content_type TEXT NOT NULL, identity TEXT NOT NULL, receipt TEXT NOT NULL,
  chain BLOB NOT NULL, size INTEGER NOT NULL, body BLOB NOT NULL);
CREATE INDEX journal_open ON journal(outcome, number) WHERE outcome IN (0, 2);
CREATE TABLE message(hash INTEGER NOT NULL, number INTEGER NOT NULL, PRIMARY KEY(hash, number)) WITHOUT ROWID;
CREATE TABLE term(hash INTEGER PRIMARY KEY, number INTEGER NOT NULL);
CREATE TABLE type(number INTEGER PRIMARY KEY, name TEXT NOT NULL);
CREATE TABLE common(parameter TEXT PRIMARY KEY) WITHOUT ROWID;
CREATE TABLE patient_case(id INTEGER PRIMARY KEY, version INTEGER NOT NULL, link INTEGER NOT NULL, key TEXT NOT NULL);
CREATE TABLE link(number INTEGER PRIMARY KEY, previous INTEGER NOT NULL, journal INTEGER NOT NULL, happened INTEGER NOT NULL,
  identity TEXT NOT NULL, kind TEXT NOT NULL, size INTEGER NOT NULL, body BLOB NOT NULL);
CREATE TABLE resource(id INTEGER PRIMARY KEY, version INTEGER NOT NULL, change INTEGER NOT NULL, digest BLOB NOT NULL,
  terms BLOB NOT NULL, name TEXT NOT NULL);
CREATE TABLE version(change INTEGER PRIMARY KEY, resource INTEGER NOT NULL, version INTEGER NOT NULL, previous INTEGER NOT NULL,
  at INTEGER NOT NULL, deleted INTEGER NOT NULL, patient_case INTEGER NOT NULL, parties TEXT NOT NULL, keys BLOB NOT NULL,
  size INTEGER NOT NULL, body BLOB NOT NULL);
CREATE TABLE posting(term INTEGER NOT NULL, resource INTEGER NOT NULL, PRIMARY KEY(term, resource)) WITHOUT ROWID;
CREATE TABLE subscription(number INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, status TEXT NOT NULL, events INTEGER NOT NULL,
  delivered INTEGER NOT NULL, error TEXT NOT NULL);
CREATE TABLE event(subscription INTEGER NOT NULL, number INTEGER NOT NULL, at INTEGER NOT NULL, dead INTEGER NOT NULL,
  topic TEXT NOT NULL, patient_case TEXT NOT NULL, focus TEXT NOT NULL, context TEXT NOT NULL, reason TEXT NOT NULL,
  PRIMARY KEY(subscription, number)) WITHOUT ROWID;
CREATE TABLE audit(number INTEGER PRIMARY KEY, at INTEGER NOT NULL, action TEXT NOT NULL, caller TEXT NOT NULL,
  subject TEXT NOT NULL, patient_case TEXT NOT NULL, says TEXT NOT NULL, chain BLOB NOT NULL);
)sql",
                                                           // Cases from before are looked at once, as soon as may be.
                                                           R"sql(
ALTER TABLE patient_case ADD COLUMN seen INTEGER NOT NULL DEFAULT 0;
ALTER TABLE patient_case ADD COLUMN next INTEGER NOT NULL DEFAULT 0;
UPDATE patient_case SET seen = 1, next = 1;
CREATE INDEX patient_case_next ON patient_case(next, key) WHERE next > 0;
)sql"};

Result<void> outcome(Database& database) {
  std::optional<Failure> failure = database.take_failure();
  if (failure) return *std::move(failure);
  return done();
}

Result<void> migrate(Database& database) {
  std::int64_t version = database.number("PRAGMA user_version");
  std::int64_t application = database.number("PRAGMA application_id");
  std::int64_t tables = database.number("SELECT count(*) FROM sqlite_schema");
  if (database.health().failure) return outcome(database);
  if (tables > 0 && application != application_id) {
    return Failure{Cause::Broken, "The file is not a store of this program.", ""};
  }
  if (version > schema_version) {
    return Failure{Cause::Broken,
                   "The store was written by a newer version of this program (form " + std::to_string(version) +
                       ", this one knows " + std::to_string(schema_version) + ").",
                   ""};
  }
  for (std::int64_t step = version; step < schema_version; ++step) {
    database.execute("BEGIN IMMEDIATE");
    database.execute(steps[static_cast<std::size_t>(step)]);
    database.execute("PRAGMA application_id=" + std::to_string(application_id));
    database.execute("PRAGMA user_version=" + std::to_string(step + 1));
    if (!database.health().failure) database.execute("COMMIT");
    Result<void> stepped = outcome(database);
    if (!stepped) {
      if (database.in_transaction()) database.execute("ROLLBACK");
      return stepped;
    }
  }
  return done();
}

}  // namespace

Result<void> prepare_for_writing(Database& database) {
  database.execute("PRAGMA page_size=4096");
  database.execute("PRAGMA journal_mode=WAL");
  database.execute("PRAGMA synchronous=FULL");      // without it the last commits may be lost at a power cut
  database.execute("PRAGMA wal_autocheckpoint=0");  // the store decides when the log is copied, outside of commits
  database.execute("PRAGMA locking_mode=NORMAL");
  database.execute("PRAGMA cache_size=-65536");
  database.execute("PRAGMA temp_store=MEMORY");
  database.execute("PRAGMA cell_size_check=ON");
  if (database.health().failure) return outcome(database);
  return migrate(database);
}

Result<void> prepare_for_reading(Database& database) {
  database.execute("PRAGMA cache_size=-16384");
  database.execute("PRAGMA mmap_size=268435456");
  database.execute("PRAGMA temp_store=MEMORY");
  database.execute("PRAGMA query_only=ON");
  return outcome(database);
}

}  // namespace vardbron::store
