#include "gateway/base/random.h"
#include "gateway/store/sqlite/database.h"
#include "gateway/store/sqlite/pack.h"
#include "gateway/store/sqlite/row_print.h"
#include "gateway/store/sqlite/schema.h"
#include "gateway/store/sqlite/seal.h"
#include "gateway/store/sqlite/sealer.h"
#include "gateway/store/sqlite/verify.h"
#include "gateway/store/sqlite/write_tables.h"
#include "tests/store/builders.h"
#include "tests/system/store/sqlite_house.h"
#include "tests/system/store/verify_file.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sqlite3.h>

#include <algorithm>
#include <atomic>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <optional>
#include <string>
#include <vector>

// Concern: a change of the store other than by the program is detected, with its place.

namespace vardbron::store {
namespace {

const std::filesystem::path form_3 = VARDBRON_SOURCE_DIR "/tests/system/store/sqlite/form_3";

/// Recomputes both chains, like an attacker who knows their format.
void mend_chains(Database& database) {
  Sha256 chain{};
  Compressor compressor;
  Statement entries = database.prepare(
      "SELECT number, received, id, channel, sender, content_type, identity, size, body FROM journal ORDER BY number");
  Statement mend = database.prepare("UPDATE journal SET chain=? WHERE number=?");
  entries.query();
  while (entries.next()) {
    JournalEntry entry;
    entry.number = entries.integer(0);
    entry.message.received = WallTime{std::chrono::milliseconds{entries.integer(1)}};
    entry.id = entries.string(2);
    entry.message.channel = entries.string(3);
    entry.message.sender = entries.string(4);
    entry.message.content_type = entries.string(5);
    entry.message.identity = entries.string(6);
    Result<std::string> body = compressor.restore(entries.text(8), static_cast<std::size_t>(entries.integer(7)));
    chain = chain_link(chain, entry, body ? sha256(*body) : Sha256{});
    mend.run(Blob{{reinterpret_cast<const char*>(chain.data()), chain.size()}}, entry.number);
  }
  chain = {};
  Statement rows = database.prepare("SELECT number, at, action, caller, subject, patient_case, says FROM audit ORDER BY number");
  Statement mend_row = database.prepare("UPDATE audit SET chain=? WHERE number=?");
  rows.query();
  while (rows.next()) {
    AuditRow row;
    row.number = rows.integer(0);
    row.at = WallTime{std::chrono::milliseconds{rows.integer(1)}};
    row.action = rows.string(2);
    row.caller = rows.string(3);
    row.subject = rows.string(4);
    row.case_key = rows.string(5);
    row.says = rows.string(6);
    chain = chain_link(chain, row);
    mend_row.run(Blob{{reinterpret_cast<const char*>(chain.data()), chain.size()}}, row.number);
  }
}

/// A store with what a hospital, municipalities and subscribers left in it, closed; and one seal of it that was handed outside.
class Tampering : public testing::Test {
 protected:
  Tampering() {
    house_.close_and_take(form_3);
    SqliteOptions options{house_.file().parent_path(), 1};
    options.on_seal = [this](const std::string& line) { lines_.push_back(line); };
    RealClock clock;
    SystemRandom random;
    Result<std::unique_ptr<Store>> opened = open_sqlite_store(options, clock, random);
    CHECK(opened);
    house_.use(*std::move(opened));
    // Of no case, with an older version, referring to one of a case.
    for (const int version : {0, 1}) {
      Change change;
      change.resources = {a_task("alone", version)};
      change.resources[0].keys = {reference("patient", "Patient/p1"), token("status", "", "requested")};
      CHECK(house_.run(house_.store().commit(std::move(change))));
    }
    for (int version = 0; version < 6; ++version) {
      CHECK(house_.run(house_.store().commit(a_change("m" + std::to_string(version), "case-1", version))));
    }
    house_.close();
    std::filesystem::copy_file(house_.file(), kept());
  }
  std::filesystem::path kept() const { return house_.file().string() + ".kept"; }
  void restore() { std::filesystem::copy_file(kept(), house_.file(), std::filesystem::copy_options::overwrite_existing); }
  void edit(const std::string& sql, bool mends_chains) {
    std::unique_ptr<Database> database = open_database(house_.file(), Database::Use::Write);
    database->execute(sql);
    if (mends_chains) mend_chains(*database);
    std::optional<Failure> failure = database->take_failure();
    CHECK(!failure);
    EXPECT_GT(database->number("SELECT total_changes()"), 0) << sql;
  }
  std::vector<SealLine> lines() {
    Result<SealKey> key = SealKey::read(house_.seal_key());
    std::vector<SealLine> read;
    for (const std::string& line : lines_) read.push_back(*read_line(line, *key));
    return read;
  }

  SqliteHouse house_;
  std::vector<std::string> lines_;
};

TEST_F(Tampering, AStoreThatNobodyTouchedIsClean) {
  const VerifyReport report = verify_file(house_.file(), true, lines());
  EXPECT_EQ(all_of(report), "");
  EXPECT_EQ(report.journal, 71);
  EXPECT_GT(report.seal, 1);
  EXPECT_EQ(report.versions, 302);
  EXPECT_GT(report.events, 80);
  ASSERT_EQ(lines_.size(), 9u);  // at the start and with each group, since there is no pause
}

struct Row {
  const char* what;
  const char* sql;
  const char* table;    ///< of the finding that must be there
  std::int64_t number;  ///< 0 = any
};

const Row named[] = {
    {"the body of a journal row changed", "UPDATE journal SET body=x'00'||substr(body,2) WHERE number=7", "journal", 7},
    {"the sender of a journal row changed", "UPDATE journal SET sender='SE0000000000-X' WHERE number=7", "journal", 7},
    {"the time of a journal row changed", "UPDATE journal SET received=received+1 WHERE number=7", "journal", 7},
    {"two journal rows swapped",
     "UPDATE journal SET number=-1 WHERE number=7; UPDATE journal SET number=7 WHERE number=8; UPDATE journal SET number=8 WHERE "
     "number=-1",
     "journal", 0},
    {"a journal row taken out", "DELETE FROM journal WHERE number=7", "journal", 7},
    {"a journal row taken out and the others moved up",
     "DELETE FROM journal WHERE number=7; UPDATE journal SET number=number-1 WHERE number>7", "journal", 0},
    {"the last 50 journal rows deleted", "DELETE FROM journal WHERE number>21", "journal", 22},
    {"the whole journal deleted", "DELETE FROM journal", "journal", 1},
    {"a receipt changed", "UPDATE journal SET receipt='{}' WHERE number=7", "journal", 7},
    {"an outcome changed from stored to quarantined", "UPDATE journal SET outcome=2 WHERE number=7", "journal", 7},
    {"an outcome changed from quarantined to stored",
     "UPDATE journal SET outcome=1 WHERE number=(SELECT min(number) FROM journal WHERE outcome=2)", "journal", 0},
    {"an audit row rewritten", "UPDATE audit SET says='shown' WHERE number=9", "audit", 9},
    {"an audit row re-dated", "UPDATE audit SET at=at-60000 WHERE number=9", "audit", 9},
    {"the whole audit deleted", "DELETE FROM audit", "audit", 1},
    {"the parties of a resource widened",
     "INSERT INTO party(name) VALUES('SE0000000000-X'); INSERT INTO audience(members) SELECT members||' '||(SELECT max(number) "
     "FROM party) FROM audience WHERE number=1; UPDATE resource SET audience=(SELECT max(number) FROM audience) WHERE "
     "number=(SELECT max(number) FROM resource)",
     "resource", 0},
    {"the events of a stream deleted", "DELETE FROM event WHERE stream=1", "event", 1},
    {"the events of a stream deleted and its count set back",
     "DELETE FROM event WHERE stream=1; UPDATE stream SET events=0, rows=0 WHERE number=1", "event", 0},
    {"one event deleted", "DELETE FROM event WHERE stream=1 AND number=3", "event", 3},
    {"the content of an event deleted", "DELETE FROM event_content WHERE number=3", "event", 0},
    {"an event's content exchanged", "UPDATE event SET content=content+1 WHERE stream=1 AND number=3", "event", 0},
    {"the first events of a subscription taken away", "UPDATE event_segment SET first=3 WHERE subscription=1", "subscription", 1},
    {"a subscription's numbers moved", "UPDATE event_segment SET before=before+1 WHERE subscription=1", "event", 1},
    {"a subscription that follows another stream", "UPDATE subscription SET stream=2 WHERE number=1", "subscription", 1},
    {"the members of an audience widened", "UPDATE audience SET members=members||' 9' WHERE number=1", "audience", 1},
    {"a party added to an audience", "INSERT INTO audience_party(party, audience) VALUES(9, 1)", "audience_party", 0},
    {"the parties of an older version changed", "UPDATE version SET audience=audience+1 WHERE version=1", "version", 0},
    {"a case's link deleted", "DELETE FROM link WHERE number=2", "link", 2},
    {"a case's last link deleted and its count set back",
     "UPDATE patient_case SET version=version-1, link=(SELECT previous FROM link WHERE link.number=patient_case.link) WHERE "
     "id=(SELECT max(id) FROM patient_case); DELETE FROM link WHERE number=(SELECT max(number) FROM link)",
     "patient_case", 0},
    {"the newest body of a resource changed",
     "UPDATE change SET bodies=substr(bodies,1,40)||x'00'||substr(bodies,42) WHERE number=(SELECT max(number) FROM change)",
     "change", 0},
    {"a search key changed",
     "UPDATE resource SET keys=substr(keys,1,length(keys)-1)||x'78' WHERE number=(SELECT max(number) FROM resource)", "resource",
     0},
    {"a value deleted where searches look", "DELETE FROM token_key WHERE owner=(SELECT max(owner) FROM token_key)", "token_key",
     0},
    {"a value added where searches look", "INSERT INTO token_key SELECT audience, parameter, 999, 1 FROM token_key LIMIT 1",
     "token_key", 1},
    {"a reference moved where searches look",
     "UPDATE reference_key SET target=1 WHERE owner=(SELECT max(owner) FROM reference_key)", "reference_key", 0},
    {"a change hidden from a party", "DELETE FROM change_key WHERE party=1 AND change=3", "change_key", 3},
    {"a token given another name", "UPDATE token SET value=value||'x' WHERE number=1", "token", 1},
    {"a subscription switched on", "UPDATE subscription SET status='off' WHERE number=1", "subscription", 1},
    {"a trigger made",
     "CREATE TRIGGER later AFTER INSERT ON audit BEGIN UPDATE audit SET says='' WHERE number=new.number; END; UPDATE audit SET "
     "says=says WHERE number=1",
     "sqlite_schema", 0},
    {"the seal deleted", "DELETE FROM seal", "seal", 0},
    {"the seal changed", "UPDATE seal SET state=x'00'||substr(state,2)", "seal", 1},
};

TEST_F(Tampering, EveryNamedOneIsFoundAndItsPlaceTold) {
  for (const Row& row : named) {
    for (const bool mends_chains : {false, true}) {
      SCOPED_TRACE(std::string(row.what) + (mends_chains ? ", chains worked out anew" : ""));
      restore();
      edit(row.sql, mends_chains);
      const VerifyReport report = verify_file(house_.file());
      bool found = false;
      for (const Finding& each : report.findings)
        found = found || (each.table == row.table && (row.number == 0 || each.number == row.number));
      EXPECT_TRUE(found) << all_of(report);
      EXPECT_LE(report.findings_count, 140) << all_of(report);
    }
  }
}

TEST_F(Tampering, EveryNamedOneIsFoundAtTheStartOrByTheRunningStore) {
  int opened_anyway = 0;
  for (const Row& row : named) {
    if (std::string_view(row.table) == "seal") continue;  // then the store is not opened
    SCOPED_TRACE(row.what);
    restore();
    edit(row.sql, true);
    if (const Result<void> opened = house_.try_open(); !opened) {  // its end is not as it was sealed
      EXPECT_THAT(opened.failure().says, testing::HasSubstr("verify --seal-anew"));
      EXPECT_THAT((std::vector<std::string>{"journal", "audit", "event", "link", "patient_case", "change"}),
                  testing::Contains(row.table));
      continue;
    }
    ++opened_anyway;
    const Result<VerifyReport> report = house_.run(house_.store().verify());
    house_.close();
    ASSERT_TRUE(report.ok()) << report.failure().says;
    bool found = false;
    for (const Finding& each : report->findings) found = found || each.table == row.table;
    EXPECT_TRUE(found) << all_of(*report);
  }
  EXPECT_GE(opened_anyway, 8);
}

TEST_F(Tampering, AStoreIsVerifiedWhileItIsWrittenTo) {
  house_.open();
  std::atomic<int> writing = 3;
  std::vector<Task<>> tasks;
  for (int writer = 0; writer < writing; ++writer) {
    auto work = [](Store& store, int who, std::atomic<int>& left) -> Task<> {
      const std::string key = "case-of-" + std::to_string(who);
      for (int version = 0; version < 60; ++version) {
        Change change = a_change(key + "/" + std::to_string(version), key, version);
        Result<Committed> committed = co_await store.commit(std::move(change));
        EXPECT_TRUE(committed.ok());
        std::vector<AuditRow> rows(1, an_audit_row("deliver"));
        Result<void> advanced = co_await store.advance("sub-1", version, std::move(rows));
        EXPECT_TRUE(advanced.ok());
        Result<void> dead_lettered = co_await store.dead_letter("sub-1", version + 1, "for a test");
        EXPECT_TRUE(dead_lettered.ok());
      }
      --left;
    };
    tasks.push_back(work(house_.store(), writer, writing));
  }
  auto look = [](Store& store, std::atomic<int>& left) -> Task<> {
    for (int round = 0; left > 0 || round < 2; ++round) {
      Result<VerifyReport> report = co_await store.verify();
      EXPECT_TRUE(report.ok()) << report.failure().says;
      EXPECT_EQ(report.ok() ? all_of(*report) : "", "");
    }
  };
  tasks.push_back(look(house_.store(), writing));

  house_.together(std::move(tasks));

  house_.close();
  EXPECT_EQ(all_of(verify_file(house_.file())), "");
}

// A disk that did not write a page, and a file that lost its end: rows come back out of their order, and came for ever.
TEST_F(Tampering, PagesThatDoNotBelongTogetherAreFoundAndNoVerificationGoesOnForEver) {
  constexpr std::size_t page_bytes = 4096;
  auto read = [](const std::filesystem::path& path) {
    std::ifstream file(path, std::ios::binary);
    return std::string{std::istreambuf_iterator<char>(file), {}};
  };
  house_.open();
  for (int version = 6; version < 60; ++version)
    ASSERT_TRUE(house_.run(house_.store().commit(a_change("m" + std::to_string(version), "case-1", version))).ok());
  house_.close();
  const std::string older = read(kept()), newer = read(house_.file());
  Result<std::unique_ptr<Database>> whole = Database::open(house_.file(), Database::Use::Read);
  // It has no rows, and what is left of former ones is nobody's.
  const auto emptied =
      static_cast<std::size_t>((*whole)->number("SELECT rootpage FROM sqlite_schema WHERE name='unwritten_key'"));
  whole->reset();
  RealClock clock;
  const SealKey key = *SealKey::read(house_.seal_key());
  std::size_t looked = 0;
  auto look = [&](const std::string& file) {
    std::ofstream(house_.file(), std::ios::binary | std::ios::trunc) << file;
    VerifyOptions options;
    options.key = &key;
    options.is_alone = true;
    Result<std::unique_ptr<Database>> database = Database::open(house_.file(), Database::Use::Read);
    if (!database) return;  // reported
    ++looked;
    Result<VerifyReport> report = verify_store(**database, clock, options);
    EXPECT_FALSE(report && report->is_clean());
  };

  for (std::size_t page = 1; (page + 1) * page_bytes <= std::min(older.size(), newer.size()); ++page) {  // not the first
    SCOPED_TRACE("page " + std::to_string(page + 1));
    const std::string kept_page = older.substr(page * page_bytes, page_bytes);
    if (page + 1 == emptied || newer.compare(page * page_bytes, page_bytes, kept_page) == 0) continue;
    look(std::string(newer).replace(page * page_bytes, page_bytes, kept_page));
  }
  EXPECT_GT(looked, 10u);
  for (std::size_t cut = page_bytes / 2; cut + page_bytes < newer.size(); cut += 3 * page_bytes / 2) {
    SCOPED_TRACE(std::to_string(cut) + " bytes cut off");
    look(newer.substr(0, newer.size() - cut));
  }
}

TEST_F(Tampering, ACutEndShowsByASealHandedOutside) {
  // Also to somebody who has the key and seals what is left.
  restore();
  edit("DELETE FROM journal WHERE number>65; DELETE FROM audit WHERE number>100", true);
  SqliteOptions options{house_.file().parent_path(), 1};
  options.is_sealed_anew = true;
  RealClock clock;
  SystemRandom random;
  Result<std::unique_ptr<Store>> opened = open_sqlite_store(options, clock, random);
  ASSERT_TRUE(opened.ok()) << opened.failure().says;
  house_.use(*std::move(opened));
  house_.close();

  const VerifyReport report = verify_file(house_.file(), true, lines());
  EXPECT_THAT(all_of(report), testing::HasSubstr("journal 66: The last entry is number 65, but the seal handed outside on"));
  EXPECT_THAT(all_of(report), testing::HasSubstr("audit 101: The last row is number 100, but"));
}

TEST_F(Tampering, AnOlderCopyOfTheWholeStoreShowsByASealHandedOutside) {
  // Given the store as it was, put back after more was written.
  house_.open();
  ASSERT_TRUE(house_.run(house_.store().commit(a_change("m7", "case-1", 6))).ok());
  house_.close();
  const VerifyReport now = verify_file(house_.file());
  ASSERT_TRUE(now.is_clean());
  Result<SealKey> key = SealKey::read(house_.seal_key());
  Seal later;
  later.number = now.seal;
  later.journal.number = now.journal;
  const SealLine line = *read_line("Nov 30 10:00:00 host vardbron[7]: " + to_line(later, *key), *key);
  restore();

  EXPECT_TRUE(verify_file(house_.file()).is_clean());  // by itself it is whole
  const VerifyReport report = verify_file(house_.file(), true, {line});
  EXPECT_THAT(all_of(report), testing::HasSubstr("an older copy was put back"));
}

TEST_F(Tampering, AForkOfTheStoreShowsByASealHandedOutside) {
  // Given other rows under the numbers that were sealed, in a store that has grown beyond them.
  restore();
  edit("UPDATE journal SET sender='SE0000000000-X' WHERE number=70", true);
  const VerifyReport report = verify_file(house_.file(), false, lines());
  EXPECT_THAT(all_of(report), testing::HasSubstr("journal 70: The chain up to here is another than the seal handed outside"));
}

TEST_F(Tampering, TheGatewayDoesNotSealOverIt) {
  // Given a row changed while the gateway was down, which then goes on and writes.
  restore();
  edit("UPDATE token SET value='x' WHERE number=(SELECT min(token) FROM token_key WHERE token>0)", false);
  house_.open();
  ASSERT_TRUE(house_.run(house_.store().commit(a_change("m7", "case-1", 6))).ok());
  house_.close();

  const VerifyReport report = verify_file(house_.file());
  ASSERT_EQ(report.findings_count, 1) << all_of(report);
  EXPECT_EQ(report.findings[0].table, "token");
  EXPECT_NE(report.findings[0].number, 0);
}

TEST_F(Tampering, WithoutTheKeyOrWithAnotherTheStoreIsNotOpened) {
  const std::filesystem::path key = house_.seal_key();
  RealClock clock;
  SystemRandom random;
  std::filesystem::rename(key, key.string() + ".away");
  Result<void> opened = house_.try_open();
  ASSERT_FALSE(opened.ok());
  EXPECT_THAT(opened.failure().says, testing::HasSubstr("key of the store's seal is missing"));
  EXPECT_FALSE(std::filesystem::exists(key));
  ASSERT_TRUE(SealKey::make(key, random).ok());
  opened = house_.try_open();
  ASSERT_FALSE(opened.ok());
  EXPECT_THAT(opened.failure().says, testing::HasSubstr("not made with this key"));
  std::filesystem::remove(key);
  std::filesystem::rename(key.string() + ".away", key);
  EXPECT_TRUE(house_.try_open().ok());
}

/// One field of one row, chosen by chance, as SQL; nothing when there is none that may be edited so.
std::optional<std::string> random_edit(Database& database, SeededRandom& random) {
  Statement names =
      database.prepare("SELECT name FROM sqlite_schema WHERE type='table' AND name NOT LIKE 'sqlite%' ORDER BY name");
  std::vector<std::string> tables;
  names.query();
  while (names.next()) tables.push_back(names.string(0));
  const std::string table = tables[random.below(tables.size())];
  const std::int64_t count = database.number("SELECT count(*) FROM \"" + table + "\"");
  if (count == 0) return std::nullopt;
  Statement row = database.prepare("SELECT * FROM \"" + table + "\" LIMIT 1 OFFSET ?");
  row.query(static_cast<std::int64_t>(random.below(static_cast<std::uint64_t>(count))));
  CHECK(row.next());
  const int column = static_cast<int>(random.below(static_cast<std::uint64_t>(row.columns())));
  Statement info = database.prepare("SELECT name, pk FROM pragma_table_info(?) ORDER BY cid");
  std::string where, target;
  info.query(std::string_view(table));
  for (int at = 0; info.next(); ++at) {
    const std::string name = '"' + info.string(0) + '"';
    if (at == column) target = name;
    if (info.integer(1) == 0) continue;
    const std::string value =
        row.type(at) == SQLITE_INTEGER ? std::to_string(row.integer(at)) : "CAST(x'" + to_hex(row.text(at)) + "' AS TEXT)";
    where += (where.empty() ? " WHERE " : " AND ") + name + '=' + value;
  }
  std::string value;
  if (row.type(column) == SQLITE_INTEGER) {
    value = std::to_string(row.integer(column) + 1 + static_cast<std::int64_t>(random.below(1000)));
  } else {
    std::string bytes = row.string(column);
    const std::uint64_t kind = random.below(3);
    if (kind == 0 || bytes.empty())
      bytes += 'x';
    else if (kind == 1)
      bytes.pop_back();
    else
      bytes[random.below(bytes.size())] ^= 1;
    value = "x'" + to_hex(bytes) + "'";
    if (row.type(column) == SQLITE_TEXT) value = "CAST(" + value + " AS TEXT)";
  }
  return "UPDATE OR IGNORE \"" + table + "\" SET " + target + '=' + value + where;
}

TEST_F(Tampering, RandomEditsOfSingleFieldsAreAllFoundAndTheTableTold) {
  const char* given = std::getenv("VARDBRON_RANDOM_EDITS");
  const int rounds = given != nullptr ? std::atoi(given) : 200;
  SeededRandom random(4711);
  int done = 0, located = 0;
  for (int round = 0; done < rounds && round < rounds * 10; ++round) {
    restore();
    std::optional<std::string> sql;
    std::string table;
    {
      std::unique_ptr<Database> database = open_database(house_.file(), Database::Use::Write);
      database->execute("PRAGMA ignore_check_constraints=ON");
      sql = random_edit(*database, random);
      if (!sql) continue;
      database->execute(*sql);
      if (database->take_failure() || database->number("SELECT changes()") == 0) continue;
      if (round % 2 == 1 && sql->find("SET \"chain\"") == std::string::npos) mend_chains(*database);
    }
    table = sql->substr(sql->find('"') + 1);
    table.resize(table.find('"'));
    ++done;
    const VerifyReport report = verify_file(house_.file());
    bool reported = false, placed = false;
    for (const Finding& each : report.findings) {
      reported = reported || each.table == table;
      placed = placed || (each.table == table && (each.number != 0 || each.says.find("(") != std::string::npos));
    }
    ASSERT_TRUE(reported) << *sql << '\n' << all_of(report);
    located += placed ? 1 : 0;
  }
  EXPECT_EQ(done, rounds);
  EXPECT_GE(located, done * 9 / 10);
  RecordProperty("located", located);
}

}  // namespace
}  // namespace vardbron::store
