#pragma once

#include "gateway/base/digest.h"
#include "gateway/store/verify_report.h"
#include "tests/store/builders.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <atomic>
#include <string>
#include <vector>

namespace vardbron::store {

/// What the contracts share. `House` makes the store and runs tasks on it:
///   Store& store();  T run(Task<T>);  void together(std::vector<Task<>>);  void reopen();  void flip_journal_byte(number);
/// Each store instantiates the suites: INSTANTIATE_TYPED_TEST_SUITE_P(Name, CommitContract, House), and so on.
template <class House>
class StoreContract : public testing::Test {
 protected:
  Result<Committed> commit(Change change) { return house.run(house.store().commit(std::move(change))); }
  Committed must_commit(Change change) {
    Result<Committed> committed = commit(std::move(change));
    EXPECT_TRUE(committed.ok()) << (committed.ok() ? "" : committed.failure().says);
    return committed.ok() ? *committed : Committed{};
  }
  Result<Resource> read(Reader reader, std::string id, std::int64_t version = 0) {
    return house.run(house.store().read(std::move(reader), "Task", std::move(id), version));
  }
  Page search(Reader reader, search::Query query) {
    query.resource_type = "Task";
    query.total = search::Total::Accurate;
    Result<Page> page = house.run(house.store().search(std::move(reader), std::move(query)));
    EXPECT_TRUE(page.ok());
    return page.ok() ? *page : Page{};
  }
  std::vector<std::string> ids(const Page& page) {
    std::vector<std::string> found;
    for (const Resource& resource : page.resources) found.push_back(resource.id);
    return found;
  }
  SubscriptionState subscription(std::string id) {
    Result<SubscriptionState> state = house.run(house.store().subscription(std::move(id)));
    EXPECT_TRUE(state.ok());
    return state.ok() ? *state : SubscriptionState{};
  }
  std::vector<Event> events(std::string id, std::int64_t from = 1, std::int64_t to = 1'000'000, std::size_t count = 1'000'000) {
    return *house.run(house.store().events(std::move(id), from, to, count));
  }
  Cause cause(const auto& result) { return result.ok() ? Cause::Broken : result.failure().cause; }

  House house;
};

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;

}  // namespace vardbron::store
