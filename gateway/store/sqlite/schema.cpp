#include "gateway/store/sqlite/schema.h"

#include <string>

namespace vardbron::store {

namespace {

constexpr std::int64_t application_id = 0x56414252;  // "VABR"

// What costs time in a commit is rows, and above all pages: each page touched is written to the log and later to the file. So
// what one change brings is few rows, and they lie together at the ends of their tables.
//  * change: all versions a commit wrote: one row with all their bodies, squeezed together.
//  * resource: what stands now: version, place of its body (change << 20 | index in it), and what searches filter by. Its number
//  is
//    group << 28 | slot in the group << 8 | type. A case's resources are one group; a resource without a case is its own.
//  * posting: which groups mention a term (Terms): a name, an identifier, an organisation, a case's key. The one table with
//    scattered writes, hence few rows: one for all ids of a case, one per other text. It only ever grows: whoever finds a group
//    looks at its resources. Values of few kinds (status codes) have none: their parameters are in `common`.
//  * a case's `seen` and `next` are milliseconds; next 0 = time alone makes no difference to it. Only those others are indexed.
//  * a case's links and a resource's versions point back to the previous one; nobody needs an index for them.
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

Result<void> make_tables(Database& database) {
  database.execute("BEGIN IMMEDIATE");
  database.execute(tables);
  database.execute("PRAGMA application_id=" + std::to_string(application_id));
  database.execute("PRAGMA user_version=" + std::to_string(schema_version));
  if (!database.health().failure) database.execute("COMMIT");
  Result<void> made = outcome(database);
  if (!made && database.in_transaction()) database.execute("ROLLBACK");
  return made;
}

Result<void> check_or_make(Database& database) {
  std::int64_t version = database.number("PRAGMA user_version");
  std::int64_t application = database.number("PRAGMA application_id");
  std::int64_t count = database.number("SELECT count(*) FROM sqlite_schema");
  if (database.health().failure) return outcome(database);
  if (count == 0) return make_tables(database);
  if (application != application_id) return Failure{Cause::Broken, "The file is not a store of this program.", ""};
  if (version == schema_version) return done();
  return Failure{Cause::Broken,
                 "The store was written by " + std::string(version > schema_version ? "a newer" : "an older") +
                     " version of this program (form " + std::to_string(version) + ", this one knows " +
                     std::to_string(schema_version) + ").",
                 ""};
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
  return check_or_make(database);
}

Result<void> prepare_for_reading(Database& database) {
  database.execute("PRAGMA cache_size=-16384");
  database.execute("PRAGMA mmap_size=268435456");
  database.execute("PRAGMA temp_store=MEMORY");
  database.execute("PRAGMA query_only=ON");
  return outcome(database);
}

}  // namespace vardbron::store
