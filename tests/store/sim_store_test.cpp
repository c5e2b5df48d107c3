#include "tests/sim/seeds.h"
#include "tests/sim/sim_store.h"
#include "tests/sim/sim_world.h"
#include "tests/store/commit_contract.h"
#include "tests/store/condition_contract.h"
#include "tests/store/delivery_contract.h"
#include "tests/store/journal_contract.h"
#include "tests/store/parts_contract.h"
#include "tests/store/read_contract.h"
#include "tests/store/time_contract.h"
#include "tests/store/version_contract.h"

#include <gtest/gtest.h>

#include <set>

namespace vardbron::store {
namespace {

sim::StoreFaults a_slow_disk() {
  sim::StoreFaults faults;
  faults.write_max = std::chrono::milliseconds(2);
  faults.sync_max = std::chrono::milliseconds(5);
  faults.read_max = std::chrono::milliseconds(1);
  return faults;
}

class SimHouse {
 public:
  Store& store() { return store_; }
  template <class T>
  T run(Task<T> task) {
    return world_.complete(std::move(task));
  }
  void together(std::vector<Task<>> tasks) {
    for (Task<>& task : tasks) world_.spawn(std::move(task));
    world_.run();
  }
  void reopen() {
    world_.spawn(store_.close());
    world_.run();
    store_.crash();
  }
  void flip_journal_byte(std::int64_t number) { store_.tables().flip_a_byte_of_journal(number); }

 private:
  sim::SimWorld world_;
  sim::SimStore store_{world_.clock, world_.random, a_slow_disk()};
};

INSTANTIATE_TYPED_TEST_SUITE_P(Sim, CommitContract, SimHouse);
INSTANTIATE_TYPED_TEST_SUITE_P(Sim, JournalContract, SimHouse);
INSTANTIATE_TYPED_TEST_SUITE_P(Sim, PartsContract, SimHouse);
INSTANTIATE_TYPED_TEST_SUITE_P(Sim, ReadContract, SimHouse);
INSTANTIATE_TYPED_TEST_SUITE_P(Sim, TimeContract, SimHouse);
INSTANTIATE_TYPED_TEST_SUITE_P(Sim, VersionContract, SimHouse);
INSTANTIATE_TYPED_TEST_SUITE_P(Sim, DeliveryContract, SimHouse);
INSTANTIATE_TYPED_TEST_SUITE_P(Sim, ConditionContract, SimHouse);

// --- what only the simulated store does ---

struct Tally {
  std::set<std::string> acknowledged, refused;
};

Task<> commit_one(Store& store, std::string identity, Tally& tally) {
  Change change;
  change.journal = a_message(identity);
  change.events = {an_event("sub-1")};
  Result<Committed> committed = co_await store.commit(std::move(change));
  (committed ? tally.acknowledged : tally.refused).insert(identity);
}

TEST(SimStore, KeepsEveryAcknowledgedChangeThroughACrash) {
  sim::for_each_seed(200, [](std::uint64_t seed) {
    sim::SimWorld world(seed);
    sim::SimStore store(world.clock, world.random, a_slow_disk());
    Tally tally;
    for (int number = 0; number < 40; ++number) world.spawn(commit_one(store, "m" + std::to_string(number), tally));
    world.run_for(std::chrono::microseconds(1 + world.random.below(7000)));
    store.crash();
    world.run();

    EXPECT_EQ(tally.acknowledged.size() + tally.refused.size(), 40u);
    for (const std::string& identity : tally.acknowledged) EXPECT_TRUE(store.tables().find_message(hospital, identity).ok());
    std::vector<Event> events = store.tables().events("sub-1", 1, 1000, 1000);
    for (std::size_t at = 0; at < events.size(); ++at) EXPECT_EQ(events[at].number, static_cast<std::int64_t>(at) + 1);
    EXPECT_TRUE(store.tables().verify_journal().ok());
  });
}

TEST(SimStore, ACrashMayKeepAndMayLoseWhatWasWrittenButNotSynced) {
  bool kept = false, lost = false;
  for (std::uint64_t seed = 1; seed <= 50; ++seed) {
    sim::SimWorld world(seed);
    sim::StoreFaults faults;
    faults.sync_min = faults.sync_max = std::chrono::milliseconds(10);
    sim::SimStore store(world.clock, world.random, faults);
    Tally tally;
    world.spawn(commit_one(store, "m1", tally));
    world.run_for(std::chrono::milliseconds(5));
    store.crash();
    world.run();
    EXPECT_TRUE(tally.acknowledged.empty());
    (store.tables().find_message(hospital, "m1").ok() ? kept : lost) = true;
  }
  EXPECT_TRUE(kept);
  EXPECT_TRUE(lost);
}

TEST(SimStore, FailsTheCallItWasToldToFail) {
  sim::SimWorld world;
  sim::SimStore store(world.clock, world.random);
  store.fail_write(2, Cause::Busy);

  EXPECT_TRUE(world.complete(store.commit(a_change("m1"))).ok());
  Result<Committed> second = world.complete(store.commit(a_change("m2", "case-1", 1)));
  EXPECT_TRUE(world.complete(store.commit(a_change("m3", "case-1", 1))).ok());

  ASSERT_FALSE(second.ok());
  EXPECT_EQ(second.failure().cause, Cause::Busy);
}

TEST(SimStore, TellsSinceWhenItCannotWriteAndForgetsItWhenItCan) {
  sim::SimWorld world;
  sim::SimStore store(world.clock, world.random);
  store.set_free_bytes(17);
  store.fail_write(1, Cause::Busy);
  store.fail_write(2, Cause::Broken);

  Result<StoreCondition> first = world.complete(store.condition());
  world.run_for(std::chrono::seconds(5));
  Result<StoreCondition> second = world.complete(store.condition());
  Result<StoreCondition> third = world.complete(store.condition());

  ASSERT_TRUE(first.ok() && second.ok() && third.ok());
  EXPECT_FALSE(first->is_writing || second->is_writing);
  EXPECT_NE(first->says, "");
  EXPECT_TRUE(first->failing_since);
  EXPECT_EQ(second->failing_since, first->failing_since);
  EXPECT_EQ(first->free_bytes, 17);
  EXPECT_TRUE(third->is_writing);
  EXPECT_FALSE(third->failing_since);
}

TEST(SimStore, ForgetsAnAdvanceThatHadNotReachedTheDisk) {
  sim::SimWorld world;
  sim::SimStore store(world.clock, world.random);
  EXPECT_TRUE(world.complete(store.commit(a_change("m1"))).ok());
  EXPECT_TRUE(world.complete(store.advance("sub-1", 1, {an_audit_row("deliver")})).ok());
  EXPECT_EQ(world.complete(store.subscription("sub-1"))->delivered, 1);

  store.crash();

  EXPECT_EQ(world.complete(store.subscription("sub-1"))->delivered, 0);
  EXPECT_EQ(world.complete(store.audit_rows(0, 10))->size(), 1u);  // that of the change
}

}  // namespace
}  // namespace vardbron::store
