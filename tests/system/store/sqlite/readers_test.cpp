#include "gateway/store/sqlite/readers.h"

#include "gateway/store/sqlite/read_tables.h"
#include "gateway/store/sqlite/schema.h"
#include "gateway/store/sqlite/settings.h"
#include "tests/system/store/sqlite_house.h"

#include <gtest/gtest.h>

#include <condition_variable>
#include <mutex>
#include <string>
#include <vector>

// Concern: an organisation whose searches take long does not keep all reading threads from others.

namespace vardbron::store {
namespace {

/// Jobs note when they begin, and end when they may.
class Gate {
 public:
  void enter(const std::string& name) {
    std::unique_lock lock(guard_);
    begun_.push_back(name);
    changed_.notify_all();
    changed_.wait(lock, [&] { return is_open_; });
  }
  void note(const std::string& name) {
    std::lock_guard lock(guard_);
    begun_.push_back(name);
    changed_.notify_all();
  }
  void wait_for(std::size_t count) {
    std::unique_lock lock(guard_);
    changed_.wait(lock, [&] { return begun_.size() >= count; });
  }
  std::vector<std::string> begun() {
    std::lock_guard lock(guard_);
    return begun_;
  }
  void open() {
    std::lock_guard lock(guard_);
    is_open_ = true;
    changed_.notify_all();
  }

 private:
  std::mutex guard_;
  std::condition_variable changed_;
  std::vector<std::string> begun_;
  bool is_open_ = false;
};

class Job final : public ReadJob {
 public:
  Job(Gate& gate, std::string name, bool takes_long) : gate_(gate), name_(std::move(name)), takes_long_(takes_long) {}
  void run(ReadTables&) override { takes_long_ ? gate_.enter(name_) : gate_.note(name_); }
  void fail(Failure) override { gate_.note("failed " + name_); }

 private:
  Gate& gate_;
  std::string name_;
  bool takes_long_;
};

class ReadingThreads : public testing::Test {
 protected:
  ReadingThreads() {
    house_.close();
    ReadConnections connections;
    for (int number = 0; number < 2; ++number) {
      Result<std::unique_ptr<Database>> database = Database::open(house_.file(), Database::Use::Read);
      CHECK(database && prepare_for_reading(**database));
      auto tables = std::make_unique<ReadTables>(**database);
      connections.own.emplace_back(*std::move(database), std::move(tables));
    }
    readers_ = std::make_unique<Readers>(std::move(connections));
  }
  void put(const std::string& owner, bool takes_long) {
    std::unique_ptr<ReadJob> job = std::make_unique<Job>(gate_, owner, takes_long);
    ASSERT_FALSE(readers_->put(job, owner));
  }

  SqliteHouse house_;
  Gate gate_;
  std::unique_ptr<Readers> readers_;
};

TEST_F(ReadingThreads, OneIsThereForOthersWhileAnOrganisationSearchesForLong) {
  for (int number = 0; number < 5; ++number) put("greedy", true);
  gate_.wait_for(1);
  for (int number = 0; number < 20; ++number) put(number % 2 == 0 ? "other" : "third", false);
  put("", false);
  gate_.wait_for(22);
  const std::vector<std::string> begun = gate_.begun();
  EXPECT_EQ(std::count(begun.begin(), begun.end(), "greedy"), 1) << "the others of it wait for the first";
  gate_.open();
  readers_->stop();
  EXPECT_EQ(gate_.begun().size(), 26u) << "nothing that was taken is forgotten";
}

TEST_F(ReadingThreads, EndWithAllThatWaitsAlsoIfItIsOfOneOrganisation) {
  gate_.open();
  for (int number = 0; number < 200; ++number) put("greedy", true);
  readers_->stop();
  EXPECT_EQ(gate_.begun().size(), 200u);
}

}  // namespace
}  // namespace vardbron::store
