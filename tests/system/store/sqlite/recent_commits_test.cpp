#include "gateway/store/sqlite/recent_commits.h"

#include "gateway/store/sqlite/read_tables.h"
#include "gateway/store/sqlite/schema.h"
#include "tests/store/builders.h"
#include "tests/system/store/sqlite_house.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <map>

// Concern: what is answered from memory is what the tables would answer, and takes no more room than it may.

namespace vardbron::store {
namespace {

StreamEvent an_event_of(std::int64_t stream, std::int64_t number, std::string focus = "Encounter/e") {
  auto content = std::make_shared<Event>();
  content->focus = std::move(focus);
  return {stream, number, std::move(content)};
}

Change a_change_of(std::string id, std::int64_t before, std::string case_key = "case-1") {
  Change change;
  change.case_key = std::move(case_key);
  change.resources = {a_task(std::move(id), before)};
  return change;
}

Committed committed(const Change& change) {
  Committed committed;
  for (const ResourceWrite& each : change.resources)
    committed.versions.push_back({each.type, each.id, each.expected_version + 1});
  return committed;
}

std::string said(const Result<Resource>& resource) {
  if (!resource) return resource.failure().says;
  return resource->type + '/' + resource->id + ' ' + std::to_string(resource->version) + ' ' + resource->case_key + ' ' +
         std::to_string(resource->last_updated.time_since_epoch().count()) + ' ' + resource->body;
}

std::string said(const std::vector<Event>& events) {
  std::string text;
  for (const Event& each : events) {
    text += each.subscription + ' ' + std::to_string(each.number) + ' ' + each.topic + ' ' + each.case_key + ' ' + each.focus +
            ' ' + std::to_string(each.at.time_since_epoch().count()) + (each.dead ? " dead " : " ") + each.reason;
    for (const std::string& one : each.context) text += ' ' + one;
    text += '\n';
  }
  return text;
}

TEST(RecentCommits, KnowsTheNewestEventsOfAStreamWithoutAGap) {
  RecentCommits recent;
  EXPECT_FALSE(recent.events(1, 1, 1));
  recent.put({an_event_of(1, 5), an_event_of(2, 1), an_event_of(1, 6), an_event_of(1, 7)});
  struct Row {
    std::int64_t stream, from, to;
    std::size_t known;  ///< 0 = nothing
  };
  for (const Row& row : {Row{1, 5, 7, 3}, Row{1, 6, 6, 1}, Row{1, 4, 6, 0}, Row{1, 6, 8, 0}, Row{2, 1, 1, 1}, Row{1, 7, 6, 0}}) {
    const auto events = recent.events(row.stream, row.from, row.to);
    ASSERT_EQ(events ? events->size() : 0, row.known) << row.from;
    if (events) EXPECT_EQ(events->front().number, row.from);
  }
  recent.put({an_event_of(1, 6, "Encounter/again")});  // the numbers behind 5 were given back
  EXPECT_FALSE(recent.events(1, 5, 6));
  EXPECT_EQ(recent.events(1, 6, 6)->front().content->focus, "Encounter/again");
  EXPECT_FALSE(recent.events(1, 7, 7));
  recent.clear();
  EXPECT_FALSE(recent.events(2, 1, 1));
  EXPECT_EQ(recent.bytes(), 0u);
}

TEST(RecentCommits, KnowsTheNewestVersionAndWhoMaySeeIt) {
  RecentCommits recent;
  const ResourceName name{"Task", "t"};
  Change first = a_change_of("t", 0);
  recent.put(first, committed(first));
  EXPECT_EQ(recent.read(as(municipality), name, Bodies::With)->value().version, 1);
  EXPECT_NE(recent.read(as_operator(), name, Bodies::With)->value().body.find("versionId"), std::string::npos);
  EXPECT_EQ(recent.read(as(municipality), name, Bodies::Without)->value().body, "");
  EXPECT_EQ(recent.read(as(stranger), name, Bodies::With)->failure().cause, Cause::NotFound);
  EXPECT_FALSE(recent.read(as_operator(), {"Task", "other"}, Bodies::With));

  Change second = a_change_of("t", 1);
  recent.drop(second);
  EXPECT_FALSE(recent.read(as_operator(), name, Bodies::With)) << "while it is being written";
  recent.put(second, committed(second));
  EXPECT_EQ(recent.read(as_operator(), name, Bodies::With)->value().version, 2);

  Change third = a_change_of("t", 2, "");
  recent.drop(third);
  recent.put(third, committed(third));
  EXPECT_FALSE(recent.read(as_operator(), name, Bodies::With)) << "its case is not named";
}

TEST(RecentCommits, TakeNoMoreRoomThanTheyMay) {
  static_assert(limits::recent_commits_bytes_max > 100'000);
  RecentCommits recent(100'000);
  for (int number = 1; number <= 3'000; ++number) {
    recent.put({an_event_of(number % 3, (number + 2) / 3)});
    Change change = a_change_of("t" + std::to_string(number % 700), number / 700);
    change.resources[0].body += std::string(static_cast<std::size_t>(number), ' ');
    recent.drop(change);
    recent.put(change, committed(change));
    ASSERT_LE(recent.bytes(), 100'000u);
  }
  EXPECT_GT(recent.bytes(), 60'000u);
  EXPECT_TRUE(recent.read(as_operator(), {"Task", "t" + std::to_string(3'000 % 700)}, Bodies::With));
  EXPECT_FALSE(recent.read(as_operator(), {"Task", "t1"}, Bodies::With));
  EXPECT_TRUE(recent.events(0, 1'000, 1'000));
  EXPECT_FALSE(recent.events(0, 1, 1));
}

// What is kept of a resource without its body is as new as what is read with it.
void expect_as_new_as_with_body(ReadTables& tables, const Reader& reader, const ResourceName& name,
                                const Result<Resource>& kept) {
  tables.begin();
  const Result<Resource> whole = tables.read(reader, name.type, name.id, 0, Bodies::With);
  ASSERT_TRUE(tables.end().ok());
  ASSERT_EQ(whole.ok(), kept.ok()) << name.id;
  if (!whole) {
    ASSERT_EQ(whole.failure().cause, kept.failure().cause) << name.id;
  } else {
    ASSERT_EQ(std::pair(whole->version, whole->last_updated), std::pair(kept->version, kept->last_updated)) << name.id;
  }
}

// Deletions, later versions, subscriptions that are forgotten, dead letters, a store that is opened again: the tables are asked
// by another connection.
TEST(RecentCommits, AnswerAsTheTablesDoWhateverHappens) {
  SqliteHouse house;
  SeededRandom random(11);
  Result<std::unique_ptr<Database>> database = Database::open(house.file(), Database::Use::Read);
  ASSERT_TRUE(database.ok());
  ASSERT_TRUE(prepare_for_reading(**database).ok());
  ReadTables tables(**database);
  std::map<std::string, std::int64_t> versions;
  std::vector<std::shared_ptr<const Audience>> audiences = {audience_of({"a", "b", "c"}), audience_of({"d"}),
                                                            audience_of({"b", "d"})};
  for (int step = 0; step < 500; ++step) {
    const std::string id = "t" + std::to_string(random.below(6)), who(1, static_cast<char>('a' + random.below(4)));
    switch (random.below(10)) {
      case 0: ASSERT_TRUE(house.run(house.store().forget_subscription(who)).ok()); break;
      case 1: (void)house.run(house.store().dead_letter(who, 1 + static_cast<std::int64_t>(random.below(20)), "why")); break;
      case 2: (void)house.run(house.store().advance(who, static_cast<std::int64_t>(random.below(40)))); break;
      case 3:
        if (random.below(5) == 0) house.reopen();
        break;
      default: {
        Change change;
        if (random.below(2) == 0) change.case_key = "case-1";
        change.case_version = 0;
        ResourceWrite write = a_task(id, versions[id]);
        write.body.insert(write.body.size() - 1, ",\"priority\":\"" + std::to_string(step) + '"');
        if (random.below(3) == 0) write.parties = {hospital};
        write.deleted = random.below(5) == 0 && versions[id] > 0;
        if (write.deleted) write.body.clear();
        change.resources = {write};
        if (random.below(2) == 0) change.events = {an_event("x", "Task/" + id)};
        for (EventWrite& each : change.events) each.to = audiences[random.below(audiences.size())];
        if (Result<Committed> done = house.run(house.store().commit(std::move(change)))) versions[id] = done->versions[0].version;
      }
    }
    for (const Reader& reader : {as(municipality), as(hospital), as_operator()}) {
      for (const Bodies bodies : {Bodies::With, Bodies::Without}) {
        const std::vector<ResourceName> names = {{"Task", id}, {"Task", "t0"}};
        const auto all = house.run(house.store().read_all(reader, names, bodies));
        ASSERT_TRUE(all.ok());
        for (std::size_t at = 0; at < names.size(); ++at) {
          tables.begin();
          const Result<Resource> kept = tables.read(reader, names[at].type, names[at].id, 0, bodies);
          ASSERT_TRUE(tables.end().ok());
          ASSERT_EQ(said((*all)[at]), said(kept)) << step;
          expect_as_new_as_with_body(tables, reader, names[at], kept);
        }
      }
    }
    const Result<SubscriptionState> state = house.run(house.store().subscription(who));
    const std::int64_t from = (state ? state->delivered : 0) + static_cast<std::int64_t>(random.below(3));
    const Result<std::vector<Event>> events = house.run(house.store().events(who, from, from + 5, 3));
    ASSERT_TRUE(events.ok());
    tables.begin();
    const std::vector<Event> kept = tables.events().events(who, from, from + 5, 3);
    ASSERT_TRUE(tables.end().ok());
    ASSERT_EQ(said(*events), said(kept)) << step;
  }
}

}  // namespace
}  // namespace vardbron::store
