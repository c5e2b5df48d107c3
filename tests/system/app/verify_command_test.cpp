#include "gateway/base/clock.h"
#include "gateway/base/random.h"
#include "gateway/store/audit_fallback.h"
#include "gateway/store/sqlite/database.h"
#include "gateway/store/sqlite/seal_key.h"
#include "gateway/store/sqlite/sqlite_store.h"
#include "temporary_directory.h"
#include "tests/system/app/command_process.h"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <exception>
#include <filesystem>
#include <fstream>
#include <memory>
#include <string>
#include <vector>

// Concern: an operator learns from one command whether a store is what the gateway left.
namespace vardbron {
namespace {

using testing::HasSubstr;

void rethrow(std::exception_ptr error) {
  if (error) std::rethrow_exception(error);
}

class VerifyCommand : public testing::Test {
 protected:
  VerifyCommand() {
    std::filesystem::create_directories(folder());
    std::ofstream(config()) << "store = \"data\"\n[seal]\nfile = \"elsewhere/seals\"\n";
    std::filesystem::create_directories(folder() / "elsewhere");
    std::vector<std::string> lines;
    write(3, &lines);
    std::ofstream seals(folder() / "elsewhere" / "seals");
    for (const std::string& line : lines) seals << line << '\n';
  }
  std::filesystem::path folder() const { return directory_.path() / "gateway"; }
  std::string config() const { return (folder() / "gateway.toml").string(); }
  std::filesystem::path file() const { return folder() / "data" / "vardbron.db"; }

  Result<std::unique_ptr<store::Store>> try_open() { return store::open_sqlite_store({folder() / "data", 1}, clock_, random_); }
  std::unique_ptr<store::Store> open(std::vector<std::string>* lines = nullptr) {
    store::SqliteOptions options{folder() / "data", 1};
    if (lines != nullptr) options.on_seal = [lines](const std::string& line) { lines->push_back(line); };
    Result<std::unique_ptr<store::Store>> opened = store::open_sqlite_store(options, clock_, random_);
    CHECK(opened);
    return *std::move(opened);
  }
  void write(int entries, std::vector<std::string>* lines = nullptr) {
    std::unique_ptr<store::Store> opened = open(lines);
    asio::io_context io;
    for (int number = 0; number < entries; ++number) {
      store::RawMessage message;
      message.channel = "cosmic";
      message.sender = "SE2321000016-A001";
      message.body = "<notice/>";
      message.received = clock_.wall();
      asio::co_spawn(io, journal(*opened, std::move(message)), rethrow);
    }
    io.run();
    io.restart();
    asio::co_spawn(io, opened->close(), rethrow);
    io.run();
  }
  play::Finished verify(std::vector<std::string> further = {}) {
    std::vector<std::string> arguments = {"verify", "--config", config()};
    arguments.insert(arguments.end(), further.begin(), further.end());
    return play::run_command(arguments, "");
  }
  /// The files as they are in the middle of a gateway's life, after so many further entries.
  void leave_as_killed(int entries) {
    std::unique_ptr<store::Store> opened = open();
    asio::io_context io;
    for (int number = 0; number < entries; ++number) {
      store::RawMessage message;
      message.body = "<notice/>";
      asio::co_spawn(io, journal(*opened, std::move(message)), rethrow);
      io.run();
      io.restart();
    }
    const std::filesystem::path copy = folder() / "copy";
    std::filesystem::create_directories(copy);
    for (const char* name : {"vardbron.db", "vardbron.db-wal", "seal.key"}) {
      std::filesystem::copy_file(folder() / "data" / name, copy / name);
    }
    asio::co_spawn(io, opened->close(), rethrow);
    io.run();
    opened.reset();
    std::filesystem::remove_all(folder() / "data");
    std::filesystem::rename(copy, folder() / "data");
  }
  void edit(const std::string& sql) {
    Result<std::unique_ptr<store::Database>> database = store::Database::open(file(), store::Database::Use::Write);
    CHECK(database);
    (*database)->execute(sql);
    CHECK(!(*database)->take_failure());
  }

  static Task<> journal(store::Store& store, store::RawMessage message) {
    Result<store::JournalEntry> entry = co_await store.journal(std::move(message));
    CHECK(entry);
  }

 private:
  TemporaryDirectory directory_;
  RealClock clock_;
  SystemRandom random_;
};

TEST_F(VerifyCommand, SaysThatAllIsAsItWasStored) {
  const play::Finished finished = verify();
  EXPECT_EQ(finished.exit_code, 0) << finished.output << finished.errors;
  EXPECT_THAT(finished.output, HasSubstr("3 journal entries"));
  EXPECT_THAT(finished.output, HasSubstr("All is as it was stored."));
}

TEST_F(VerifyCommand, ReadsTheLogThatAKilledGatewayLeft) {
  leave_as_killed(1);

  const play::Finished finished = verify();
  EXPECT_EQ(finished.exit_code, 0) << finished.output << finished.errors;
  EXPECT_THAT(finished.output, HasSubstr("4 journal entries"));
}

TEST_F(VerifyCommand, FindsABitOfTheLogThatFlippedAndKeepsTheStoreClosed) {
  for (const std::streamoff at : {std::streamoff{32 + 4120 * 2 + 124}, std::streamoff{32 + 8}, std::streamoff{20}}) {
    SCOPED_TRACE("byte " + std::to_string(at));
    leave_as_killed(10);
    std::fstream bytes(file().string() + "-wal", std::ios::in | std::ios::out | std::ios::binary);
    bytes.seekg(at);
    const char was = static_cast<char>(bytes.get());
    bytes.seekp(at);
    bytes.put(static_cast<char>(was ^ 4));
    bytes.close();

    const play::Finished found = verify();
    EXPECT_EQ(found.exit_code, 1) << found.output << found.errors;
    EXPECT_THAT(found.output, HasSubstr("(vardbron.db-wal) is damaged"));
    Result<std::unique_ptr<store::Store>> refused = try_open();
    ASSERT_FALSE(refused) << "acknowledged entries would be gone without a word";
    EXPECT_THAT(refused.failure().says, HasSubstr("acknowledged and cannot be read"));

    EXPECT_EQ(verify({"--seal-anew"}).exit_code, 0) << "an operator may go on without them";
    EXPECT_TRUE(std::filesystem::exists(file().string() + "-wal.damaged")) << "and the log is kept";
    EXPECT_TRUE(try_open().ok());
  }
}

TEST_F(VerifyCommand, TakesTheEndOfALogThatACrashCutOff) {
  leave_as_killed(10);
  const std::filesystem::path log = file().string() + "-wal";
  std::filesystem::resize_file(log, std::filesystem::file_size(log) - 5000);

  EXPECT_TRUE(try_open().ok());
}

TEST_F(VerifyCommand, NamesTheRowThatWasChanged) {
  edit("UPDATE journal SET receipt='{}' WHERE number=2");
  const play::Finished finished = verify();
  EXPECT_EQ(finished.exit_code, 1);
  EXPECT_THAT(finished.output, HasSubstr("journal 2: The row (number 2, id "));
  const play::Finished json = verify({"--json"});
  EXPECT_EQ(json.exit_code, 1);
  EXPECT_THAT(json.output, HasSubstr(R"({"clean":false,)"));
  EXPECT_THAT(json.output, HasSubstr(R"({"table":"journal","number":2,)"));
}

TEST_F(VerifyCommand, FindsThatTheFirstPageIsNotWhatWasWritten) {
  std::fstream bytes(file(), std::ios::in | std::ios::out | std::ios::binary);
  bytes.seekp(4000);
  bytes.put('!');
  bytes.close();

  const play::Finished found = verify();

  EXPECT_EQ(found.exit_code, 1) << found.output;
  EXPECT_THAT(found.output, HasSubstr("Page 1"));
  EXPECT_THAT(found.output, HasSubstr("has to come from a copy"));
}

TEST_F(VerifyCommand, TakesTheSealsFromWhereTheConfigurationPutsThem) {
  // Given an older copy of the whole store, put back.
  const std::filesystem::path copy = folder() / "copy";
  std::filesystem::copy(folder() / "data", copy);
  std::vector<std::string> lines;
  write(1, &lines);
  std::ofstream(folder() / "elsewhere" / "seals", std::ios::app) << lines.back() << '\n';
  ASSERT_EQ(verify().exit_code, 0);
  std::filesystem::remove_all(folder() / "data");
  std::filesystem::rename(copy, folder() / "data");

  const play::Finished finished = verify();
  EXPECT_EQ(finished.exit_code, 1);
  EXPECT_THAT(finished.output, HasSubstr("an older copy was put back"));
  EXPECT_THAT(finished.output, HasSubstr("journal 4: The last entry is number 3, but"));

  std::string forged = lines.back();
  forged.back() = forged.back() == '0' ? '1' : '0';
  std::ofstream(folder() / "forged") << forged << '\n';
  EXPECT_THAT(verify({"--seals", (folder() / "forged").string()}).output,
              HasSubstr("forged, line 1: The line was not made with this key"));
}

TEST_F(VerifyCommand, FindsThatTheSealsWereTakenAway) {
  const std::filesystem::path seals = folder() / "elsewhere" / "seals";
  std::filesystem::resize_file(seals, 0);
  const play::Finished emptied = verify();
  EXPECT_EQ(emptied.exit_code, 1) << emptied.output;
  EXPECT_THAT(emptied.output, HasSubstr("seal 0: The file of seals ([seal] file: seals) holds no seal of this store"));

  std::filesystem::remove(seals);
  const play::Finished missing = verify();
  EXPECT_EQ(missing.exit_code, 1) << missing.output;
  EXPECT_THAT(missing.output, HasSubstr("seal 0: The file of seals ([seal] file: seals) is missing or cannot be read"));
}

TEST_F(VerifyCommand, FindsThatTheFilesHeadWasChanged) {
  edit("PRAGMA application_id=7");
  const play::Finished foreign = verify();
  EXPECT_EQ(foreign.exit_code, 1) << foreign.errors;
  EXPECT_THAT(foreign.output, HasSubstr("file 0: The file's application_id is 7 and not 1447117394: no gateway opens it."));
  edit("PRAGMA application_id=1447117394");
  ASSERT_EQ(verify().exit_code, 0);

  for (const std::string form : {"2", "99"}) {
    edit("PRAGMA user_version=" + form);
    const play::Finished found = verify();
    EXPECT_EQ(found.exit_code, 1) << found.errors;
    EXPECT_THAT(found.output, HasSubstr("seal 1: The number of the tables' form (user_version) is " + form + " and not "));
    EXPECT_THAT(found.output, HasSubstr("3 journal entries"));
  }
}

TEST_F(VerifyCommand, SealsAStoreAnewThatWasMendedByHand) {
  edit("UPDATE journal SET receipt='{}' WHERE number=2");
  std::filesystem::remove(folder() / "data" / "seal.key");
  const play::Finished sealed = verify({"--seal-anew"});
  EXPECT_EQ(sealed.exit_code, 0) << sealed.output << sealed.errors;
  std::filesystem::remove(folder() / "elsewhere" / "seals");
  const std::string line = sealed.output.substr(0, sealed.output.find('\n') + 1);
  std::ofstream(folder() / "elsewhere" / "seals") << line;
  EXPECT_EQ(verify().exit_code, 0) << verify().output;
}

/// The same with a second place of the access log, in which a process left so many rows.
class VerifyAside : public VerifyCommand {
 protected:
  VerifyAside() {
    std::ofstream(config(), std::ios::app) << "[audit]\nfallback = \"elsewhere/audit.jsonl\"\n";
    open_aside(true);
  }
  std::filesystem::path rows() const { return folder() / "elsewhere" / "audit.jsonl"; }
  /// As a gateway does whose store cannot write (three rows), or can again.
  void open_aside(bool is_failing) {
    asio::io_context io;
    RealClock clock;
    SystemRandom random;
    Result<store::SealKey> key = store::SealKey::read(folder() / "data" / "seal.key");
    CHECK(key);
    Result<std::unique_ptr<store::AuditFallback>> second =
        store::AuditFallback::open(rows(), std::move(key->aside), clock, random, io.get_executor());
    CHECK(second);
    std::unique_ptr<store::Store> store = is_failing ? nullptr : open();
    asio::co_spawn(io, is_failing ? append(**second) : take_over(*store, **second), rethrow);
    io.run();
    io.restart();
    if (store) asio::co_spawn(io, store->close(), rethrow);
    io.run();
  }
  std::vector<std::string> lines() const {
    std::vector<std::string> all;
    std::ifstream file(rows());
    for (std::string line; std::getline(file, line);) all.push_back(line);
    return all;
  }
  void write_lines(const std::vector<std::string>& all) const {
    std::ofstream file(rows(), std::ios::trunc);
    for (const std::string& line : all) file << line << '\n';
  }

 private:
  static Task<> append(store::AuditFallback& second) {
    for (const char* subject : {"Task/1", "Task/2", "Task/3"}) {
      store::AuditRow row;
      row.action = "read";
      row.subject = subject;
      std::vector<store::AuditRow> some(1, row);
      Result<void> kept = co_await second.append(std::move(some));
      CHECK(kept);
    }
  }
  static Task<> take_over(store::Store& store, store::AuditFallback& second) {
    Result<void> taken = co_await second.take_over(store);
    CHECK(taken);
  }
};

TEST_F(VerifyAside, TellsHowManyRowsWaitToBeTakenOver) {
  const play::Finished finished = verify();
  EXPECT_EQ(finished.exit_code, 0) << finished.output << finished.errors;
  EXPECT_THAT(finished.output, HasSubstr("3 rows of the access log in its second place"));
  EXPECT_THAT(verify({"--json"}).output, HasSubstr("\"aside\":3,"));

  open_aside(false);

  const play::Finished taken = verify();
  EXPECT_THAT(taken.output, testing::Not(HasSubstr("second place")));
  EXPECT_THAT(verify({"--json"}).output, HasSubstr("\"aside\":0,"));
}

TEST_F(VerifyAside, DoesNotCountWhatTheStoreHasAlready) {
  const std::vector<std::string> all = lines();
  open_aside(false);
  write_lines(all);  // as when the process had died before it emptied the place
  EXPECT_THAT(verify({"--json"}).output, HasSubstr("\"aside\":0,"));
}

TEST_F(VerifyAside, FindsRowsThatWereChangedOrAreMissing) {
  const std::vector<std::string> all = lines();
  ASSERT_EQ(all.size(), 4u);
  struct Row {
    std::vector<std::string> lines;
    const char* says;
  };
  std::string changed = all[2];
  changed.replace(changed.find("Task/2"), 6, "Task/9");
  std::string other = all[0];
  other[0] = other[0] == '0' ? '1' : '0';
  for (const Row& row :
       {Row{{all[0], all[1], changed, all[3]}, "aside 2: The row 2 is missing or not as written"},
        Row{{all[0], all[1], all[3]}, "aside 2: The row 2 is missing"},
        Row{{all[0], all[1], "no row", all[2], all[3]}, "Lines that no gateway wrote"},
        Row{{all[0], all[1]}, "aside 2: The rows 2 to 3 are missing"}, Row{{all[0]}, "aside 1: The rows 1 to 3 are missing"},
        Row{{}, "aside 1: The rows 1 to 3 are missing"}, Row{{other, all[1], all[2], all[3]}, "aside 0: The file is another"}}) {
    write_lines(row.lines);
    const play::Finished found = verify();
    EXPECT_EQ(found.exit_code, 1) << row.says << found.output;
    EXPECT_THAT(found.output, HasSubstr(row.says));
  }
  write_lines(all);
  std::ofstream(rows().string() + ".set-aside-7") << "rows of before";
  EXPECT_THAT(verify().output, HasSubstr("aside 0: 1 file beside it (.set-aside-..)"));
  std::filesystem::remove(rows().string() + ".set-aside-7");
  std::ofstream(rows().string() + ".end") << "no end\n";
  EXPECT_THAT(verify().output, HasSubstr("aside 0: What says how many rows there are (audit.jsonl.end) was changed"));
}

TEST_F(VerifyCommand, LeavesAStoreAloneThatIsOpen) {
  std::unique_ptr<store::Store> opened = open();
  const play::Finished finished = verify();
  EXPECT_EQ(finished.exit_code, 3) << finished.output;
  EXPECT_THAT(finished.errors, HasSubstr("Another process has the store open. GET /operate/verify asks a gateway that runs."));
  asio::io_context io;
  asio::co_spawn(io, opened->close(), rethrow);
  io.run();
}

TEST_F(VerifyCommand, SaysWhereThereIsNoStore) {
  std::filesystem::remove_all(folder() / "data");
  EXPECT_NE(verify().exit_code, 0);
  EXPECT_FALSE(std::filesystem::exists(folder() / "data"));
}

}  // namespace
}  // namespace vardbron
