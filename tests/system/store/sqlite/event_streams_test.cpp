#include "gateway/store/sqlite/event_streams.h"

#include "gateway/base/limits.h"
#include "gateway/store/sqlite/subscription_states.h"
#include "gateway/store/verify_report.h"
#include "tests/store/builders.h"
#include "tests/system/store/sqlite_house.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <set>

// Concern: an event is stored once for all who are notified, and each subscription still has its own numbers 1, 2, 3 ..

namespace vardbron::store {
namespace {

std::string id_of(std::uint64_t number) {
  // Some ids are UUIDs, some are not, and one looks like one.
  if (number == 0) return "0A1B2C3D-0000-4000-8000-000000000000";
  if (number % 2 == 0) return "sub-" + std::to_string(number);
  return "0a1b2c3d-0000-4000-8000-00000000000" + std::to_string(number % 10);
}

std::shared_ptr<const Audience> audience(std::string name, std::vector<std::string> ids) {
  return std::make_shared<const Audience>(Audience{std::move(name), std::move(ids)});
}

std::string described(const Event& event) {
  std::string text = std::to_string(event.number) + ' ' + event.topic + ' ' + event.case_key + ' ' + event.focus;
  for (const std::string& each : event.context) text += ' ' + each;
  return text + (event.dead ? " dead: " + event.reason : "");
}

/// What each subscription should have.
struct Model {
  struct One {
    std::vector<Event> events;
    std::int64_t delivered = 0;
  };
  std::map<std::string, One> all;

  void append(const EventWrite& write) {
    for (const std::string& id : write.to->subscriptions) {
      One& one = all[id];
      Event event;
      event.number = static_cast<std::int64_t>(one.events.size()) + 1;
      event.topic = write.topic;
      event.case_key = write.case_key;
      event.focus = write.focus;
      event.context = write.context;
      one.events.push_back(std::move(event));
    }
  }
};

class EventStreamsTest : public testing::Test {
 protected:
  std::int64_t count(const std::string& table) {
    Result<std::unique_ptr<Database>> database = Database::open(house_.file(), Database::Use::Read);
    CHECK(database);
    return (*database)->number("SELECT count(*) FROM " + table);
  }
  void expect_like(const Model& model) {
    Result<std::vector<SubscriptionState>> states = house_.run(house_.store().subscriptions());
    ASSERT_TRUE(states.ok());
    ASSERT_EQ(states->size(), model.all.size());
    for (const SubscriptionState& state : *states) {
      const Model::One& one = model.all.at(state.id);
      ASSERT_EQ(state.events, static_cast<std::int64_t>(one.events.size())) << state.id;
      ASSERT_EQ(state.delivered, one.delivered) << state.id;
      const std::int64_t from = 1 + static_cast<std::int64_t>(random_.below(one.events.size() + 1));
      const std::int64_t to = from + static_cast<std::int64_t>(random_.below(one.events.size() + 1));
      const std::size_t most = random_.below(4) == 0 ? 3 : 1'000;
      Result<std::vector<Event>> events = house_.run(house_.store().events(state.id, from, to, most));
      ASSERT_TRUE(events.ok());
      const auto last = std::min({to, state.events, from + static_cast<std::int64_t>(most) - 1});
      ASSERT_EQ(static_cast<std::int64_t>(events->size()), std::max<std::int64_t>(0, last - from + 1)) << state.id;
      for (const Event& event : *events) {
        ASSERT_EQ(event.subscription, state.id);
        ASSERT_EQ(described(event), described(one.events[static_cast<std::size_t>(event.number - 1)]));
      }
    }
  }
  void expect_clean() {
    Result<VerifyReport> report = house_.run(house_.store().verify());
    ASSERT_TRUE(report.ok());
    for (const Finding& each : report->findings) ADD_FAILURE() << each.table << ' ' << each.number << ": " << each.says;
  }

  SeededRandom random_{7};
  SqliteHouse house_;
};

TEST_F(EventStreamsTest, AThousandWhoAskForTheSameHaveOneRowForEachEvent) {
  std::vector<std::string> ids;
  for (int number = 0; number < 1'000; ++number) ids.push_back("sub-" + std::to_string(10'000 + number));
  const std::shared_ptr<const Audience> all = audience("all", ids);
  for (int number = 0; number < 10; ++number) {
    Change change;
    change.events = {{all, "topic", "case-1", "Encounter/" + std::to_string(number), {"Patient/p"}}};
    Result<Committed> committed = house_.run(house_.store().commit(std::move(change)));
    ASSERT_TRUE(committed.ok());
    for (std::size_t at = 0; at < ids.size(); ++at) ASSERT_EQ(committed->events.at(0).number_of(at), number + 1);
  }
  EXPECT_EQ(count("event"), 10);
  EXPECT_EQ(count("event_content"), 10);
  EXPECT_EQ(count("event_segment"), 1'000);
  expect_clean();
}

TEST_F(EventStreamsTest, TheContentIsStoredOnceForAudiencesThatGetItTogether) {
  Change change;
  for (const char* name : {"a", "b", "c"})
    change.events.push_back({audience(name, {name}), "topic", "case-1", "Encounter/e", {}});
  change.events.push_back({audience("a", {"a"}), "topic", "case-1", "Encounter/other", {}});
  ASSERT_TRUE(house_.run(house_.store().commit(std::move(change))).ok());
  EXPECT_EQ(count("event"), 4);
  EXPECT_EQ(count("event_content"), 2);
  for (const char* name : {"a", "b", "c"}) ASSERT_TRUE(*house_.run(house_.store().forget_subscription(name)));
  for (const char* table : {"event", "event_content", "event_segment", "stream", "subscription"})
    EXPECT_EQ(count(table), 0) << table;
}

TEST_F(EventStreamsTest, AnEventWithoutSubscriptionsIsRefused) {
  for (const auto& nobody : {std::shared_ptr<const Audience>(), audience("nobody", {})}) {
    Change change;
    change.events.push_back({nobody, "topic", "case-1", "Encounter/e", {}});
    Result<Committed> committed = house_.run(house_.store().commit(std::move(change)));
    ASSERT_FALSE(committed.ok());
    EXPECT_EQ(committed.failure().cause, Cause::Invalid);
  }
}

/// Random calls on the store, and what should come of them in a model with a row for each subscription and event.
class EventStreamsWalk : public EventStreamsTest {
 protected:
  void step(int number) {
    const std::string id = id_of(random_.below(9));
    switch (random_.below(12)) {
      case 0:
        ASSERT_TRUE(*house_.run(house_.store().forget_subscription(id)));
        model_.all.erase(id);
        break;
      case 1: return give_up(id, "why " + std::to_string(number));
      case 2: return advance(id);
      case 3:
        if (random_.below(4) == 0) house_.reopen();
        break;
      default: return commit(number);
    }
  }

  /// That the store finds, without asking every subscription.
  void expect_oldest() {
    std::optional<WallTime> oldest;
    for (const auto& [id, one] : model_.all) {
      const std::int64_t next = one.delivered + 1;
      Result<std::vector<Event>> event = house_.run(house_.store().events(id, next, next, 1));
      ASSERT_TRUE(event.ok());
      if (!event->empty() && (!oldest || event->front().at < *oldest)) oldest = event->front().at;
    }
    Result<StoreCondition> condition = house_.run(house_.store().condition());
    ASSERT_TRUE(condition.ok());
    EXPECT_EQ(condition->oldest_undelivered, oldest);
  }

  Model model_;

 private:
  std::shared_ptr<const Audience> some_audience() {
    if (!known_.empty() && random_.below(3) != 0) return known_[random_.below(known_.size())];
    std::set<std::string> ids;
    const std::uint64_t size = 1 + random_.below(5);
    while (ids.size() < size) ids.insert(id_of(random_.below(9)));
    known_.push_back(audience("name " + std::to_string(random_.below(3)), {ids.begin(), ids.end()}));
    if (known_.size() > 6) known_.erase(known_.begin());
    return known_.back();
  }
  void give_up(const std::string& id, const std::string& why) {
    const auto one = model_.all.find(id);
    if (one == model_.all.end() || one->second.events.empty()) return;
    const std::int64_t number = 1 + static_cast<std::int64_t>(random_.below(one->second.events.size()));
    ASSERT_TRUE(house_.run(house_.store().dead_letter(id, number, why)).ok());
    Event& event = one->second.events[static_cast<std::size_t>(number - 1)];
    event.dead = true;
    event.reason = why;
    one->second.delivered = std::max(one->second.delivered, number);
  }
  void advance(const std::string& id) {
    const auto one = model_.all.find(id);
    if (one == model_.all.end()) return;
    const auto last = static_cast<std::int64_t>(one->second.events.size());
    const auto number = static_cast<std::int64_t>(random_.below(one->second.events.size() + 3));
    ASSERT_TRUE(house_.run(house_.store().advance(id, number)).ok());
    one->second.delivered = std::max(one->second.delivered, std::min(number, last));
  }
  void commit(int number) {
    Change change;
    const std::uint64_t events = 1 + random_.below(3);
    for (std::uint64_t at = 0; at < events; ++at) {
      const std::string focus = random_.below(2) == 0 ? "Encounter/0a1b2c3d-0000-4000-8000-0000000000ff" : "Task/not-a-uuid";
      change.events.push_back({some_audience(),
                               "topic " + std::to_string(random_.below(2)),
                               "case-" + std::to_string(number / 2),
                               focus,
                               {"Patient/0a1b2c3d-0000-4000-8000-0000000000fe", "no reference"}});
      model_.append(change.events.back());
    }
    Result<Committed> committed = house_.run(house_.store().commit(std::move(change)));
    ASSERT_TRUE(committed.ok());
    std::map<std::string, std::int64_t> numbers;  // the last ones
    for (const CommittedEvent& event : committed->events) {
      for (std::size_t at = 0; at < event.to->subscriptions.size(); ++at)
        numbers[event.to->subscriptions[at]] = event.number_of(at);
    }
    for (const auto& [who, last] : numbers) ASSERT_EQ(last, static_cast<std::int64_t>(model_.all.at(who).events.size()));
  }

  std::vector<std::shared_ptr<const Audience>> known_;
};

TEST_F(EventStreamsWalk, KeepsWhatTheModelKeepsHoweverSubscriptionsComeAndGo) {
  for (int number = 0; number < 600; ++number) {
    ASSERT_NO_FATAL_FAILURE(step(number));
    ASSERT_NO_FATAL_FAILURE(expect_like(model_)) << "step " << number;
    if (number % 5 == 4) ASSERT_NO_FATAL_FAILURE(expect_oldest()) << "step " << number;
    if (number % 100 == 99) ASSERT_NO_FATAL_FAILURE(expect_clean());
  }
  for (const auto& [id, one] : model_.all) ASSERT_TRUE(*house_.run(house_.store().forget_subscription(id)));
  for (const char* table : {"event", "event_content", "event_segment", "stream", "subscription", "dead_letter"})
    EXPECT_EQ(count(table), 0) << table;
}

}  // namespace
}  // namespace vardbron::store
