// Concern: an operator is notified at once when the store fails and when it recovers; rows of the access log survive it.
#include "gateway/store/watched_store.h"

#include "exposition.h"
#include "gateway/base/limits.h"
#include "temporary_directory.h"
#include "tests/sim/seeds.h"
#include "tests/sim/sim_store.h"
#include "tests/sim/sim_world.h"
#include "tests/store/builders.h"

#include <boost/asio/io_context.hpp>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>
#include <set>

namespace vardbron::store {
namespace {

using testing::HasSubstr;
using testing::SizeIs;

AuditRow a_row(std::string subject) {
  AuditRow row;
  row.action = "read";
  row.caller = municipality;
  row.subject = std::move(subject);
  return row;
}

struct House {
  explicit House(bool with_second_place, std::uint64_t seed = 1) : world(seed) {
    if (with_second_place) open_second();
    open();
  }
  void open_second() {
    Result<std::unique_ptr<AuditFallback>> opened =
        AuditFallback::open(aside(), HmacKey("a key"), world.clock, world.random, world.io().get_executor(), bytes_max);
    CHECK(opened);
    second = std::move(*opened);
  }
  std::filesystem::path aside() const { return directory.path() / "audit.jsonl"; }
  std::vector<std::string> lines() const {
    std::ifstream file(aside());
    std::vector<std::string> found;
    for (std::string line; std::getline(file, line);) found.push_back(line);
    return found;
  }
  void write(const std::vector<std::string>& lines) const {
    std::ofstream file(aside(), std::ios::trunc);
    for (const std::string& line : lines) file << line << "\n";
  }
  void restart() {
    watched.reset();
    second.reset();
    open_second();
    open();
  }
  std::vector<std::string> set_aside() const {
    std::vector<std::string> found;
    for (const auto& entry : std::filesystem::directory_iterator(directory.path()))
      if (entry.path() != aside() && entry.path() != end_beside(aside())) found.push_back(entry.path().filename().string());
    return found;
  }
  std::string last_says() { return disk.tables().audit_rows(0, 1'000'000).back().says; }
  void open() {
    watched.emplace(WatchedStore::Parts{disk, metrics, world.clock, second.get(), [this] { ++turned; }});
  }
  void break_disk() { disk.set_faults({.broken = 1'000'000}); }
  void mend_disk() { disk.set_faults({}); }
  Result<void> note(std::string subject) {
    std::vector<AuditRow> rows{a_row(std::move(subject))};
    return world.complete(watched->audit(std::move(rows)));
  }
  Result<void> recover() {
    CHECK(world.complete(watched->condition()));
    return world.complete(watched->take_over());
  }
  std::vector<std::string> subjects() {
    std::vector<std::string> found;
    for (const AuditRow& row : disk.tables().audit_rows(0, 1'000'000)) found.push_back(row.subject);
    return found;
  }

  std::size_t bytes_max = limits::audit_fallback_bytes_max;
  TemporaryDirectory directory;
  sim::SimWorld world;
  Metrics metrics;
  sim::SimStore disk{world.clock, world.random};
  std::unique_ptr<AuditFallback> second;
  std::optional<WatchedStore> watched;
  int turned = 0;
};

TEST(WatchedStore, SaysThatNothingWasKeptAndTellsOnceThatTheDiskFails) {
  House house(false);
  house.break_disk();
  for (int each = 0; each < 3; ++each) {
    Result<Committed> committed = house.world.complete(house.watched->commit(a_change("m" + std::to_string(each))));
    ASSERT_FALSE(committed);
    EXPECT_EQ(committed.failure().cause, Cause::Busy);
    EXPECT_THAT(committed.failure().says, HasSubstr("cannot write"));
  }
  EXPECT_EQ(house.turned, 1);
  EXPECT_FALSE(house.watched->is_up());
  EXPECT_THAT(house.metrics.text(), HasSubstr("vardbron_store_up 0"));
  EXPECT_THAT(house.metrics.text(), HasSubstr("vardbron_store_failures_total{cause=\"broken\",operation=\"commit\"} 3"));

  house.mend_disk();
  ASSERT_TRUE(house.world.complete(house.watched->condition()));
  EXPECT_TRUE(house.watched->is_up());
  EXPECT_EQ(house.turned, 2);
  EXPECT_THAT(house.metrics.text(), HasSubstr("vardbron_store_up 1"));
}

TEST(WatchedStore, TellsHowLongEachCommitTook) {
  House house(false);
  house.disk.set_faults({.write_min = std::chrono::milliseconds(20), .write_max = std::chrono::milliseconds(20)});
  for (const std::string name : {"1", "2", "3"})
    ASSERT_TRUE(house.world.complete(house.watched->commit(a_change("m" + name, "case-" + name))));
  ASSERT_TRUE(house.note("Task/1"));
  const Exposition reported(house.metrics.text());
  EXPECT_EQ(reported.value("vardbron_store_commit_seconds_count{operation=\"commit\"}"), 3);
  EXPECT_EQ(reported.value("vardbron_store_commit_seconds_count{operation=\"audit\"}"), 1);
  EXPECT_EQ(reported.value("vardbron_store_commit_seconds_bucket{operation=\"commit\",le=\"0.01\"}"), 0);
  EXPECT_EQ(reported.value("vardbron_store_commit_seconds_bucket{operation=\"commit\",le=\"0.1\"}"), 3);
  EXPECT_THAT(reported.faults(), testing::IsEmpty());
}

TEST(WatchedStore, IsNotTakenForBrokenSinceAVersionWasInConflictOrTheQueueIsFull) {
  House house(false);
  house.disk.fail_write(1, Cause::Busy);
  EXPECT_FALSE(house.world.complete(house.watched->commit(a_change("m1"))));
  EXPECT_FALSE(house.world.complete(house.watched->commit(a_change("m2", "case-1", 7))));
  EXPECT_TRUE(house.watched->is_up());
  EXPECT_EQ(house.turned, 0);
}

TEST(WatchedStore, SaysThatTheAccessLogCannotBeWrittenWhereThereIsNoSecondPlace) {
  House house(false);
  house.break_disk();
  Result<void> noted = house.note("Task/1");
  ASSERT_FALSE(noted);
  EXPECT_EQ(noted.failure().cause, Cause::Busy);
  EXPECT_THAT(noted.failure().says, HasSubstr("access log cannot be written"));
}

TEST(AuditFallback, TakesTheRowsWhileTheDiskFailsAndGivesThemBackInOrder) {
  House house(true);
  ASSERT_TRUE(house.note("Task/0"));
  house.disk.set_faults({.busy = 1'000'000});
  for (int each = 1; each <= 600; ++each) ASSERT_TRUE(house.note("Task/" + std::to_string(each)));
  EXPECT_EQ(house.second->rows(), 600);
  house.mend_disk();
  ASSERT_TRUE(house.recover());
  ASSERT_TRUE(house.note("Task/601"));

  std::vector<std::string> expected;
  for (int each = 0; each <= 601; ++each) expected.push_back("Task/" + std::to_string(each));
  EXPECT_EQ(house.subjects(), expected);
  EXPECT_EQ(house.second->rows(), 0);
  EXPECT_EQ(std::filesystem::file_size(house.directory.path() / "audit.jsonl"), 0u);
  EXPECT_THAT(house.disk.tables().audit_rows(1, 1)[0].says, HasSubstr("written aside 2026-"));
  EXPECT_TRUE(house.disk.tables().verify_audit());
}

// It went round for ever, and a gateway that did so at its start neither opened nor ended.
TEST(AuditFallback, IsNotTakenOverByAStoreWhoseRowsAreNotInTheirOrder) {
  House house(true);
  for (int each = 0; each < 3; ++each) ASSERT_TRUE(house.note("Task/" + std::to_string(each)));
  house.disk.set_faults({.busy = 1'000'000});
  ASSERT_TRUE(house.note("Task/3"));
  for (const bool is_of_an_earlier_process : {false, true}) {
    SCOPED_TRACE(is_of_an_earlier_process);
    if (is_of_an_earlier_process) house.restart();
    house.disk.set_faults({.rows_come_round = true});
    ASSERT_TRUE(house.world.complete(house.watched->condition()));

    const Result<void> taken = house.world.complete(house.watched->take_over());

    ASSERT_FALSE(taken);
    EXPECT_THAT(taken.failure().says, HasSubstr("not in their order"));
    EXPECT_EQ(house.second->rows(), 1) << "kept until the store is right";
  }
  house.mend_disk();
  ASSERT_TRUE(house.recover());
  EXPECT_EQ(house.subjects(), (std::vector<std::string>{"Task/0", "Task/1", "Task/2", "Task/3"}));
}

TEST(AuditFallback, KeepsWhatAnEarlierProcessLeftAndForgetsHalfALine) {
  House house(true);
  house.break_disk();
  house.disk.set_faults({.busy = 1'000'000});
  ASSERT_TRUE(house.note("Task/1"));
  ASSERT_TRUE(house.note("Task/2"));
  house.watched.reset();
  house.second.reset();
  std::ofstream(house.directory.path() / "audit.jsonl", std::ios::app) << "{\"at\":\"2026-03";
  house.open_second();
  house.open();
  EXPECT_EQ(house.second->rows(), 2);
  house.mend_disk();
  ASSERT_TRUE(house.note("Task/3"));
  ASSERT_TRUE(house.recover());
  EXPECT_EQ(house.subjects(), (std::vector<std::string>{"Task/1", "Task/2", "Task/3"}));
}

struct Changed {
  const char* what;
  void (*change)(std::vector<std::string>& lines);
  std::vector<std::string> taken_over;  ///< "" = the row that reports it
  const char* says;
};
const Changed changes[] = {
    {"rewritten",
     [](auto& lines) { lines[2].replace(lines[2].find("Task/2"), 6, "Task/9"); },
     {"Task/1", "", "Task/3", "Task/4"},
     "rows 2 to 2"},
    {"taken out",
     [](auto& lines) { lines.erase(lines.begin() + 2, lines.begin() + 4); },
     {"Task/1", "", "Task/4"},
     "rows 2 to 3"},
    {"in another order",
     [](auto& lines) { std::swap(lines[1], lines[2]); },
     {"", "Task/2", "", "Task/3", "Task/4"},
     "rows 1 to 1"},
    {"twice",
     [](auto& lines) { lines.insert(lines.begin() + 3, lines[1]); },
     {"Task/1", "Task/2", "", "Task/3", "Task/4"},
     "did not write"},
    {"no JSON", [](auto& lines) { lines.push_back("no JSON"); }, {"Task/1", "Task/2", "Task/3", "Task/4", ""}, "rows 5 to 5"},
    {"without its seal",
     [](auto& lines) { lines[4] = lines[4].substr(0, lines[4].find(",\"seal\"")) + "}"; },
     {"Task/1", "Task/2", "Task/3", ""},
     "rows 4 to 4"},
    {"of another file", [](auto& lines) { lines[0][0] = lines[0][0] == '0' ? '1' : '0'; }, {""}, "rows 1 to 4"},
    {"of no file", [](auto& lines) { lines[0] = "../../etc/passwd"; }, {""}, "rows 1 to 4"},
};

// Somebody who may write there, and has not the key, between two runs of the program.
TEST(AuditFallback, WhatWasChangedIsToldAndKeptAsideAndTheRestIsTakenOver) {
  for (const Changed& each : changes) {
    House house(true);
    house.disk.set_faults({.busy = 1'000'000});
    for (int row = 1; row <= 4; ++row) ASSERT_TRUE(house.note("Task/" + std::to_string(row)));
    std::vector<std::string> lines = house.lines();
    each.change(lines);
    house.write(lines);
    const auto size = std::filesystem::file_size(house.aside());
    house.restart();
    ASSERT_EQ(house.second->set_aside(), 1) << each.what;
    ASSERT_THAT(house.set_aside(), SizeIs(1)) << each.what;
    EXPECT_EQ(std::filesystem::file_size(house.directory.path() / house.set_aside()[0]), size) << each.what;
    house.mend_disk();
    ASSERT_TRUE(house.recover());

    EXPECT_EQ(house.subjects(), each.taken_over) << each.what;
    EXPECT_EQ(house.second->rows(), 0);
    bool is_reported = false;
    for (const AuditRow& row : house.disk.tables().audit_rows(0, 100)) {
      if (row.action != "lost") continue;
      is_reported = is_reported || row.says.find(each.says) != std::string::npos;
      EXPECT_THAT(row.says, HasSubstr(house.set_aside()[0])) << each.what;
    }
    EXPECT_TRUE(is_reported) << each.what;
    ASSERT_TRUE(house.note("Task/7"));
    house.restart();
    EXPECT_EQ(house.second->set_aside(), 1) << "until an operator has moved it away";
    EXPECT_EQ(house.second->rows(), 0);
  }
}

/// What somebody does at the end of the rows while no program runs.
struct CutOff {
  const char* what;
  void (*cut)(House& house);
  std::vector<std::string> taken_over;  ///< "" = the row that reports it
  const char* says;
};
const CutOff cut_ends[] = {
    {"the last row",
     [](House& house) {
       std::vector<std::string> lines = house.lines();
       lines.pop_back();
       house.write(lines);
     },
     {"Task/1", "Task/2", "Task/3", "", "Task/5"},
     "rows 4 to 4 of those written aside are missing"},
    {"the last rows, in the middle of a line",
     [](House& house) { std::filesystem::resize_file(house.aside(), std::filesystem::file_size(house.aside()) * 5 / 8); },
     {"Task/1", "Task/2", "", "Task/5"},
     "rows 3 to 4"},
    {"all rows", [](House& house) { house.write({house.lines()[0]}); }, {"", "Task/5"}, "rows 1 to 4"},
    {"everything", [](House& house) { std::filesystem::resize_file(house.aside(), 0); }, {"", "Task/5"}, "rows 1 to 4"},
    {"the file", [](House& house) { std::filesystem::remove(house.aside()); }, {"", "Task/5"}, "rows 1 to 4"},
};

TEST(AuditFallback, RowsThatWereCutOffItsEndAreToldInTheirPlace) {
  for (const CutOff& each : cut_ends) {
    SCOPED_TRACE(each.what);
    House house(true);
    house.disk.set_faults({.busy = 1'000'000});
    for (int row = 1; row <= 4; ++row) ASSERT_TRUE(house.note("Task/" + std::to_string(row)));
    each.cut(house);
    house.restart();
    EXPECT_EQ(house.second->rows(), 4);
    EXPECT_EQ(house.second->set_aside(), 1) << "/health warns until somebody has looked";
    ASSERT_TRUE(house.note("Task/5"));
    house.mend_disk();
    ASSERT_TRUE(house.recover());

    EXPECT_EQ(house.subjects(), each.taken_over);
    EXPECT_EQ(house.second->rows(), 0);
    std::string lost;
    for (const AuditRow& row : house.disk.tables().audit_rows(0, 100))
      if (row.action == "lost") lost += row.says;
    EXPECT_THAT(lost, HasSubstr(each.says));
    house.restart();
    EXPECT_EQ(house.second->rows(), 0);
  }
}

TEST(AuditFallback, AnOlderFileInItsPlaceIsNoFileOfTheRowsThatWereLast) {
  House house(true);
  house.disk.set_faults({.busy = 1'000'000});
  ASSERT_TRUE(house.note("Task/1"));
  const std::vector<std::string> older = house.lines();
  house.mend_disk();
  ASSERT_TRUE(house.recover());
  house.disk.set_faults({.busy = 1'000'000});
  ASSERT_TRUE(house.note("Task/2"));
  house.write(older);
  house.restart();
  house.mend_disk();
  ASSERT_TRUE(house.recover());
  EXPECT_EQ(house.subjects(), (std::vector<std::string>{"Task/1", ""}));
  EXPECT_THAT(house.last_says(), HasSubstr("rows 1 to 1"));
}

TEST(AuditFallback, WhatTheStoreHasIsNotMissedWhenTheFileIsGone) {
  // Given a process that died when the store had taken the rows, before it had emptied the file.
  House house(true);
  house.disk.set_faults({.busy = 1'000'000});
  for (int row = 1; row <= 3; ++row) ASSERT_TRUE(house.note("Task/" + std::to_string(row)));
  std::string end;
  std::getline(std::ifstream(end_beside(house.aside())), end);
  house.mend_disk();
  ASSERT_TRUE(house.recover());
  std::ofstream(end_beside(house.aside())) << end << '\n';
  house.restart();
  ASSERT_TRUE(house.recover());
  EXPECT_EQ(house.subjects(), (std::vector<std::string>{"Task/1", "Task/2", "Task/3"}));
  EXPECT_EQ(house.second->rows(), 0);
}

TEST(AuditFallback, AnEndThatNobodyWroteSaysNothing) {
  for (const char* text : {"", "nonsense\n", "01900000-0000-7000-8000-000000000000 0000000000000000009 00\n"}) {
    House house(true);
    house.disk.set_faults({.busy = 1'000'000});
    ASSERT_TRUE(house.note("Task/1"));
    std::ofstream(end_beside(house.aside()), std::ios::trunc) << text;
    house.restart();
    EXPECT_EQ(house.second->rows(), 1);
    ASSERT_TRUE(house.note("Task/2"));
    house.mend_disk();
    ASSERT_TRUE(house.recover());
    EXPECT_EQ(house.subjects(), (std::vector<std::string>{"Task/1", "Task/2"})) << text;
  }
}

TEST(AuditFallback, WhatIsChangedWhileTheProgramRunsIsTold) {
  for (bool is_cut : {true, false}) {
    House house(true);
    house.disk.set_faults({.busy = 1'000'000});
    for (int row = 1; row <= 3; ++row) ASSERT_TRUE(house.note("Task/" + std::to_string(row)));
    std::vector<std::string> lines = house.lines();
    if (is_cut)
      lines.pop_back();
    else
      lines[3].replace(lines[3].find("Task/3"), 6, "Task/9");
    house.write(lines);
    EXPECT_EQ(house.second->set_aside(), 0);
    house.mend_disk();
    ASSERT_TRUE(house.recover());
    EXPECT_EQ(house.subjects(), (std::vector<std::string>{"Task/1", "Task/2", ""}));
    EXPECT_THAT(house.last_says(), HasSubstr("rows 3 to 3"));
    EXPECT_EQ(house.second->set_aside(), 1);
  }
}

TEST(AuditFallback, TakesNoMoreThanItMayAndSaysSoUntilItIsTakenOver) {
  House house(false);
  house.bytes_max = 10'000;
  house.open_second();
  house.open();
  house.disk.set_faults({.busy = 1'000'000});
  int noted = 0;
  Result<void> last = house.note("Task/0");
  while (last) last = house.note("Task/" + std::to_string(++noted));
  const std::uintmax_t bytes = std::filesystem::file_size(house.directory.path() / "audit.jsonl");
  EXPECT_LE(bytes, house.bytes_max);
  EXPECT_GT(bytes, house.bytes_max - 300) << "one more row would have been too much";
  EXPECT_EQ(last.failure().cause, Cause::Busy);
  EXPECT_EQ(
      last.failure().says,
      "The access log cannot be written at this moment, and what cannot be noted there is neither shown nor done. Try again "
      "later.");

  house.mend_disk();
  ASSERT_TRUE(house.recover());
  EXPECT_EQ(house.subjects().size(), static_cast<std::size_t>(noted));
  house.disk.set_faults({.busy = 1'000'000});
  EXPECT_TRUE(house.note("Task/again"));
}

TEST(AuditFallback, GivesBackAsManyRowsAtOnceAsItMay) {
  for (const std::size_t more : {0u, 1u}) {
    House house(true);
    house.disk.set_faults({.busy = 1'000'000});
    for (std::size_t each = 0; each < limits::audit_fallback_rows_per_take_over + more; ++each)
      ASSERT_TRUE(house.note("Task/" + std::to_string(each)));
    house.mend_disk();
    ASSERT_TRUE(house.world.complete(house.watched->condition()));
    const std::uint64_t before = house.disk.writes();
    ASSERT_TRUE(house.world.complete(house.watched->take_over()));
    EXPECT_EQ(house.disk.writes() - before, 1 + more);
  }
}

// The store fails in the middle of being given the rows, with or without having kept them, and the process dies: each row is
// there once, in order.
TEST(AuditFallback, GivesEachRowBackOnceWhateverFailsInBetween) {
  sim::for_each_seed(20, [](std::uint64_t seed) {
    House house(true, seed);
    std::vector<std::string> expected;
    int row = 0;
    for (int round = 0; round < 6; ++round) {
      house.disk.set_faults({.busy = 1'000'000});
      EXPECT_FALSE(house.world.complete(house.watched->commit(a_change("m" + std::to_string(round)))));
      for (int call = 0; call < 4; ++call) {
        std::vector<AuditRow> rows;
        for (std::uint64_t each = house.world.random.below(400); each > 0; --each) {
          expected.push_back("Task/" + std::to_string(row++));
          rows.push_back(a_row(expected.back()));
        }
        ASSERT_TRUE(house.world.complete(house.watched->audit(std::move(rows))));
      }
      house.disk.set_faults({.broken = 400'000});
      for (int attempt = 0; attempt < 3; ++attempt) {
        (void)house.world.complete(house.second->take_over(house.disk));
      }
      if (house.world.random.below(2) == 0) {
        house.watched.reset();
        house.second.reset();
        house.disk.crash();
        house.open_second();
        house.open();
      }
    }
    house.mend_disk();
    ASSERT_TRUE(house.recover());
    EXPECT_EQ(house.subjects(), expected);
  });
}

}  // namespace
}  // namespace vardbron::store
