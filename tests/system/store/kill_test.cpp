#include "gateway/base/random.h"
#include "gateway/store/verify_report.h"
#include "tests/store/builders.h"
#include "tests/system/store/sqlite_house.h"

#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <cstdio>
#include <string>
#include <vector>

// Concern: a process that is killed at any moment has lost nothing that it acknowledged.

namespace vardbron::store {
namespace {

constexpr int rounds = 20;
constexpr int lanes = 8;

/// The child's report of one acknowledged commit; shorter than PIPE_BUF, so that writes of eight writers do not mix.
struct Acknowledged {
  std::int64_t journal = 0, event = 0;
  int lane = 0;
  std::int64_t version = 0;
  int life = 0;
};

std::string lane_key(int lane) { return "case-of-lane-" + std::to_string(lane); }

/// Every writer has a case of its own, a new one in each life of the child.
Task<> commit_for_ever(Store& store, int lane, std::string life, int out) {
  std::string key = lane_key(lane) + "-" + life;
  for (std::int64_t version = 0;; ++version) {
    Change change = a_change(key + "/" + std::to_string(version), key, version);
    change.links[0].body = std::string(2000, 'b');
    Result<Committed> committed = co_await store.commit(std::move(change));
    if (!committed) co_return;
    Acknowledged reported{committed->journal_number, committed->events.at(0).number_of(0), lane, version, 0};
    if (::write(out, &reported, sizeof(reported)) != static_cast<ssize_t>(sizeof(reported))) co_return;
  }
}

[[noreturn]] void be_killed(const std::filesystem::path& directory, const std::string& life, int out) {
  RealClock clock;
  SystemRandom random;
  Result<std::unique_ptr<Store>> store = open_sqlite_store({directory, 1}, clock, random);
  if (store) {
    asio::io_context io;
    for (int lane = 0; lane < lanes; ++lane) asio::co_spawn(io, commit_for_ever(**store, lane, life, out), rethrow);
    io.run();
  }
  ::_exit(1);  // not reached: the parent kills
}

/// Starts a child that commits, kills it after so many acknowledgements, and gives what was acknowledged.
std::vector<Acknowledged> commit_until_killed(const std::filesystem::path& directory, int life, std::uint64_t count) {
  int ends[2];
  EXPECT_EQ(::pipe(ends), 0);
  pid_t child = ::fork();
  if (child == 0) {
    ::close(ends[0]);
    be_killed(directory, std::to_string(life), ends[1]);
  }
  ::close(ends[1]);
  std::vector<Acknowledged> reported;
  Acknowledged one;
  bool killed = false;
  while (::read(ends[0], &one, sizeof(one)) == static_cast<ssize_t>(sizeof(one))) {
    one.life = life;
    reported.push_back(one);
    if (reported.size() >= count && !killed) {
      ::kill(child, SIGKILL);
      killed = true;  // what is still in the pipe was acknowledged before
    }
  }
  ::close(ends[0]);
  int status = 0;
  ::waitpid(child, &status, 0);
  EXPECT_TRUE(WIFSIGNALED(status)) << "the child ended by itself";
  return reported;
}

void expect_all_there(Store& store, SqliteHouse& house, const std::vector<Acknowledged>& reported) {
  for (const Acknowledged& one : reported) {
    Result<JournalEntry> entry = house.run(store.journal_entry(one.journal));
    ASSERT_TRUE(entry.ok()) << "journal entry " << one.journal << " was acknowledged and is gone";
    EXPECT_EQ(entry->message.identity, lane_key(one.lane) + "-" + std::to_string(one.life) + "/" + std::to_string(one.version));
  }
  Result<SubscriptionState> state = house.run(store.subscription("sub-1"));
  ASSERT_TRUE(state.ok());
  Result<std::vector<Event>> events = house.run(store.events("sub-1", 1, 1'000'000, 1'000'000));
  ASSERT_TRUE(events.ok());
  ASSERT_EQ(events->size(), static_cast<std::size_t>(state->events));
  for (std::size_t at = 0; at < events->size(); ++at) ASSERT_EQ((*events)[at].number, static_cast<std::int64_t>(at) + 1);
  for (const Acknowledged& one : reported) EXPECT_LE(one.event, state->events);
  Result<std::int64_t> verified = house.run(store.verify_journal());
  ASSERT_TRUE(verified.ok()) << verified.failure().says;
  EXPECT_TRUE(house.run(store.verify_audit()).ok());
  Result<VerifyReport> report = house.run(store.verify());
  ASSERT_TRUE(report.ok()) << report.failure().says;
  EXPECT_TRUE(report->is_clean()) << report->findings.at(0).table << ' ' << report->findings.at(0).says;
}

TEST(SqliteStoreKilled, KeepsWhatItAcknowledged) {
  SeededRandom random(17);
  SqliteHouse house;
  std::vector<Acknowledged> all;
  for (int round = 0; round < rounds; ++round) {
    SCOPED_TRACE("round " + std::to_string(round));
    house.close();
    std::vector<Acknowledged> reported = commit_until_killed(house.file().parent_path(), round, 1 + random.below(150));
    house.open();
    all.insert(all.end(), reported.begin(), reported.end());
    expect_all_there(house.store(), house, all);
    if (testing::Test::HasFailure()) return;
  }
  EXPECT_GT(all.size(), static_cast<std::size_t>(rounds));
}

}  // namespace
}  // namespace vardbron::store
