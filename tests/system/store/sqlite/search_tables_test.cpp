#include "gateway/base/limits.h"
#include "gateway/store/sqlite/read_tables.h"
#include "gateway/store/sqlite/schema.h"
#include "gateway/store/sqlite/search_statements.h"
#include "gateway/store/sqlite/settings.h"
#include "gateway/store/sqlite/write_tables.h"
#include "tests/store/builders.h"
#include "tests/system/store/sqlite_house.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sqlite3.h>

#include <algorithm>
#include <limits>
#include <set>
#include <stop_token>
#include <string_view>

// Concern: a search costs what it shows, however much is stored, by whomever.

namespace vardbron::store {
namespace {

std::vector<std::string> plan_of(Database& database, std::string_view sql) {
  std::vector<std::string> lines;
  Statement plan = database.prepare("EXPLAIN QUERY PLAN " + std::string(sql));
  plan.query();
  while (plan.next()) lines.push_back(plan.string(3));
  EXPECT_FALSE(database.health().failure) << sql;
  return lines;
}

std::unique_ptr<Database> open_database(const std::filesystem::path& file) {
  Result<std::unique_ptr<Database>> database = Database::open(file, Database::Use::Read);
  CHECK(database);
  CHECK(prepare_for_reading(**database));
  return *std::move(database);
}

TEST(SearchTables, NoStatementOfASearchScansATableOrSorts) {
  SqliteHouse house;
  house.close();
  std::unique_ptr<Database> database = open_database(house.file());
  for (const char* sql : search_sql::all) {
    const std::vector<std::string> plan = plan_of(*database, sql);
    ASSERT_FALSE(plan.empty()) << sql;
    for (const std::string& line : plan) {
      EXPECT_THAT(line, testing::AnyOf(testing::StartsWith("SEARCH "), testing::HasSubstr("SUBQUERY"))) << sql;
      EXPECT_THAT(line, testing::Not(testing::HasSubstr("AUTOMATIC"))) << sql;
    }
  }
}

TEST(SearchTables, AJournalEntryIsFoundByTheIndexOfIds) {
  SqliteHouse house;
  house.close();
  EXPECT_THAT(plan_of(*open_database(house.file()), "SELECT body FROM journal WHERE id=? AND sender=?"),
              testing::ElementsAre("SEARCH journal USING INDEX journal_id (id=?)"));
}

/// A store with so many Tasks of the municipality, and so many Patients of others with the same identifier.
class Filled {
 public:
  explicit Filled(int tasks, int foreign = 0) {
    for (int first = 0; first < std::max(tasks, foreign); first += 100) {
      Change change;
      for (int number = first; number < std::min(first + 100, tasks); ++number) change.resources.push_back(task(number));
      for (int number = first; number < std::min(first + 100, foreign); ++number)
        change.resources.push_back(patient("f" + std::to_string(number), {stranger}));
      if (!change.resources.empty()) CHECK(house_.run(house_.store().commit(std::move(change))));
    }
    Change own;
    own.resources = {patient("own", {municipality})};
    own.resources.back().keys = {token("identifier", "urn:oid:1.2.752.129.2.1.3.1", "194107256582")};
    CHECK(house_.run(house_.store().commit(std::move(own))));
    house_.close();
    database_ = open_database(house_.file());
    tables_ = std::make_unique<ReadTables>(*database_);
  }

  /// What SQLite does for a search, in its instructions.
  int cost(const search::Query& query, const Reader& reader = as(municipality)) {
    search(query, reader);  // names are in memory from now on
    int steps = 0;
    sqlite3_progress_handler(
        database_->connection(), 1, [](void* count) { return ++*static_cast<int*>(count), 0; }, &steps);
    search(query, reader);
    sqlite3_progress_handler(database_->connection(), 0, nullptr, nullptr);
    return steps;
  }
  /// How many rows of resources are read for a search.
  int rows_read(const search::Query& query) {
    int rows = 0;
    const auto count = [](unsigned, void* into, void* statement, void*) {
      const char* sql = sqlite3_sql(static_cast<sqlite3_stmt*>(statement));
      return *static_cast<int*>(into) += sql != nullptr && std::string_view(sql) == search_sql::row ? 1 : 0, 0;
    };
    sqlite3_trace_v2(database_->connection(), SQLITE_TRACE_STMT, count, &rows);
    search(query);
    sqlite3_trace_v2(database_->connection(), 0, nullptr, nullptr);
    return rows;
  }
  /// The result of a search that is ended after so many instructions of SQLite, and how many it took.
  std::pair<Result<Page>, int> ended_after(const search::Query& query, int instructions) {
    struct Watch {
      std::stop_source source;
      int left, taken = 0;
    } watch{{}, instructions};
    const auto count = [](void* into) {
      Watch& seen = *static_cast<Watch*>(into);
      if (++seen.taken == seen.left) seen.source.request_stop();
      return 0;
    };
    sqlite3_progress_handler(database_->connection(), 1, count, &watch);
    tables_->begin();
    Result<Page> page = tables_->search(as(municipality), query, watch.source.get_token());
    CHECK(tables_->end());
    sqlite3_progress_handler(database_->connection(), 0, nullptr, nullptr);
    return {std::move(page), watch.taken};
  }
  int cost_of_refusal(const search::Query& query) {
    int steps = 0;
    sqlite3_progress_handler(
        database_->connection(), 1, [](void* count) { return ++*static_cast<int*>(count), 0; }, &steps);
    EXPECT_FALSE(try_search(query).ok());
    sqlite3_progress_handler(database_->connection(), 0, nullptr, nullptr);
    return steps;
  }
  Page search(const search::Query& query, const Reader& reader = as(municipality)) {
    Result<Page> page = try_search(query, reader);
    CHECK(page);
    return *std::move(page);
  }
  Result<Page> try_search(const search::Query& query, const Reader& reader = as(municipality)) {
    tables_->begin();
    Result<Page> page = tables_->search(reader, query);
    CHECK(tables_->end());
    return page;
  }

 private:
  static ResourceWrite task(int number) {
    ResourceWrite write = a_task("t" + std::to_string(number));
    const bool is_open = number % 1000 == 0;
    write.keys = {token("status", "http://hl7.org/fhir/task-status", is_open ? "requested" : "completed"),
                  reference("owner", municipality, "urn:oid:1.2.752.29.4.19"),
                  reference("patient", "Patient/p" + std::to_string(number))};
    return write;
  }
  static ResourceWrite patient(const std::string& id, std::vector<std::string> parties) {
    ResourceWrite write = a_task(id);
    write.type = "Patient";
    write.body = R"({"resourceType":"Patient","id":")" + id + "\"}";
    write.keys = {token("identifier", "urn:oid:1.2.752.129.2.1.3.1", "195009072553")};
    write.parties = std::move(parties);
    return write;
  }

  SqliteHouse house_;
  std::unique_ptr<Database> database_;
  std::unique_ptr<ReadTables> tables_;
};

search::Query tasks_by(std::vector<search::Criterion> criteria, std::size_t count = 10) {
  search::Query query;
  query.resource_type = "Task";
  query.criteria = std::move(criteria);
  query.count = count;
  return query;
}

const search::Criterion owner = criterion("owner", search::KeyKind::Reference, municipality);
search::Criterion status(const char* code) { return criterion("status", search::KeyKind::Token, code); }

TEST(SearchTables, APageCostsWhatItShowsHoweverManyTasksAnOrganisationHas) {
  Filled few(1000), many(20'000);
  struct Row {
    const char* name;
    search::Query query;
    std::size_t shown_few, shown_many;
  };
  search::Query newest = tasks_by({owner});
  newest.sort = {{"_lastUpdated", search::KeyKind::Date, true}};
  for (const Row& row : {Row{"all", tasks_by({owner}), 10, 10}, Row{"the newest", newest, 10, 10},
                         Row{"many", tasks_by({owner, status("completed")}), 10, 10},
                         Row{"few of many", tasks_by({owner, status("requested")}), 1, 10},
                         Row{"of one patient", tasks_by({criterion("patient", search::KeyKind::Reference, "Patient/p77")}), 1, 1},
                         Row{"none", tasks_by({owner, status("accepted")}), 0, 0}}) {
    EXPECT_EQ(few.search(row.query).resources.size(), row.shown_few) << row.name;
    EXPECT_EQ(many.search(row.query).resources.size(), row.shown_many) << row.name;
    const int cost_few = few.cost(row.query), cost_many = many.cost(row.query);
    RecordProperty(std::string(row.name) + " few", cost_few);
    RecordProperty(std::string(row.name) + " many", cost_many);
    EXPECT_LE(cost_many, cost_few * 2 + 20'000) << row.name;
  }
}

TEST(SearchTables, TheLastPageCostsWhatTheFirstOneDoes) {
  Filled many(20'000);
  search::Query query = tasks_by({owner});
  const int first = many.cost(query);
  query.after = many.search(tasks_by({owner}, 200)).after;
  for (int page = 0; page < 40; ++page) {
    search::Query next = tasks_by({owner}, 200);
    next.after = query.after;
    query.after = many.search(next).after;
  }
  search::Query last = tasks_by({owner});
  last.after = query.after;
  EXPECT_FALSE(many.search(last).resources.empty());
  EXPECT_LE(many.cost(last), first * 2);
}

// Concern: how long an answer takes tells nobody whether others store something about a person.
TEST(SearchTables, WhatOthersStoreAboutAPersonCostsASearchNothing) {
  Filled none(0), foreign(0, 300);
  search::Query known, unknown;
  known.resource_type = unknown.resource_type = "Patient";
  known.criteria = {criterion("identifier", search::KeyKind::Token, "195009072553")};
  unknown.criteria = {criterion("identifier", search::KeyKind::Token, "195010010009")};
  for (search::Query* query : {&known, &unknown}) {
    EXPECT_TRUE(foreign.search(*query).resources.empty());
    query->criteria[0].operands[0].any_system = false;
    query->criteria[0].operands[0].system = "urn:oid:1.2.752.129.2.1.3.1";
    EXPECT_TRUE(foreign.search(*query).resources.empty());
  }
  const int cost = foreign.cost(unknown);
  EXPECT_NEAR(foreign.cost(known), cost, 20);
  EXPECT_NEAR(none.cost(unknown), cost, 20);
  EXPECT_GT(foreign.cost(known, as(stranger)), cost + 1000);
  EXPECT_EQ(foreign.search(known, as(stranger)).resources.size(), 50u);
}

TEST(SearchTables, FindTheSameByAnIndexAsByAWalkOverTheChanges) {
  for (const std::size_t count : {limits::search_looked_up_max, limits::search_looked_up_max + 1}) {
    Filled filled(static_cast<int>(count));
    search::Query query = tasks_by({owner}, 200);
    std::set<std::string> seen;
    do {
      const Page page = filled.search(query);
      for (const Resource& each : page.resources) seen.insert(each.id);
      query.after = page.after;
    } while (!query.after.empty());
    EXPECT_EQ(seen.size(), count);
    query.after.clear();
    query.total = search::Total::Accurate;
    EXPECT_EQ(filled.search(query).total, static_cast<std::int64_t>(count));
  }
}

TEST(SearchTables, AnEstimateCountsSoFarAndNoFurther) {
  constexpr auto most = static_cast<int>(limits::search_estimated_max);
  search::Query query = tasks_by({owner});
  for (const int count : {most - 1, most + 1}) {
    Filled filled(count);
    query.total = search::Total::Estimate;
    EXPECT_EQ(filled.search(query).total, std::min(count, most));
    query.total = search::Total::Accurate;
    EXPECT_EQ(filled.search(query).total, count);
    query.total = search::Total::None;
    EXPECT_EQ(filled.search(query).total, std::nullopt);
  }
}

TEST(SearchTables, SortsSoManyAndRefusesMore) {
  constexpr auto most = static_cast<int>(limits::search_sorted_max);
  search::Query query = tasks_by({owner});
  query.sort = {{"patient", search::KeyKind::Reference, false}};
  for (const int count : {most, most + 1}) {
    Filled filled(count);
    const Result<Page> page = filled.try_search(query);
    ASSERT_EQ(page.ok(), count == most);
    if (page) EXPECT_EQ(page->resources.front().id, "t0");
    if (!page) EXPECT_EQ(page.failure().cause, Cause::TooLarge);
  }
}

// Concern: one search must not keep a reading thread from all others.
TEST(SearchTables, AChainLooksAtSoManyResourcesAndIsRefusedForMore) {
  constexpr auto most = static_cast<int>(limits::search_chain_steps_max);
  search::Query query = tasks_by({}, 0);
  search::Chain chain;
  chain.steps = {{"patient", "Patient", false}};
  chain.criterion = criterion("identifier", search::KeyKind::Token, "none");
  chain.criterion.modifier = search::Modifier::Not;
  query.chains = {{chain}};
  for (const int count : {most, most + 1}) {
    Filled filled(count);
    const Result<Page> page = filled.try_search(query);
    ASSERT_EQ(page.ok(), count == most);
    if (!page) EXPECT_EQ(page.failure().cause, Cause::TooLarge);
  }
}

TEST(SearchTables, AChainThatLooksAtTooMuchIsRefusedAsSoonAsThatIsKnown) {
  constexpr auto most = static_cast<int>(limits::search_chain_steps_max);
  search::Chain chain;
  chain.steps = {{"patient", "Patient", false}};
  chain.criterion = criterion("identifier", search::KeyKind::Token, "none");
  chain.criterion.modifier = search::Modifier::Not;
  Filled just(most + 1), twice(2 * most);
  for (const bool is_sorted : {false, true}) {
    search::Query query = tasks_by({}, is_sorted ? 200 : 0);
    if (is_sorted) query.sort = {{"status", search::KeyKind::Token, false}};
    query.chains = {{chain}};
    const int one = just.cost_of_refusal(query), other = twice.cost_of_refusal(query);
    EXPECT_LE(other, one + one / 50) << "what comes after the limit is not looked at";
  }
}

// Concern: a thread is free again soon after its caller has hung up.
TEST(SearchTables, ASearchEndsWhereItIsWhenNobodyWaitsForIt) {
  Filled filled(20'000);
  search::Query counted = tasks_by({owner, status("completed")}, 0), sorted = tasks_by({owner}),
                looked_up = tasks_by({status("requested")});
  sorted.sort = {{"patient", search::KeyKind::Reference, false}};
  looked_up.total = search::Total::Accurate;
  for (const search::Query& query : {counted, sorted, looked_up, tasks_by({owner}, 200)}) {
    const int whole = filled.cost(query);
    for (const int part : {1, whole / 10, whole / 2, whole / 10 * 9}) {
      const auto [page, taken] = filled.ended_after(query, part);
      ASSERT_FALSE(page.ok()) << part;
      EXPECT_EQ(page.failure().cause, Cause::Cancelled);
      EXPECT_LE(taken, part + 10'000) << "of " << whole << ": what an index gives is looked up first";
    }
    EXPECT_TRUE(filled.ended_after(query, 2 * whole).first.ok()) << "its end came first";
    EXPECT_TRUE(filled.try_search(query).ok()) << "the next search is not ended";
  }
}

TEST(SearchTables, ReadsTheRowOfEachResultOnce) {
  Filled filled(1'500);  // read within one snapshot
  search::Query sorted = tasks_by({owner, status("completed")}, 100), counted = sorted, few = tasks_by({status("requested")});
  sorted.sort = {{"patient", search::KeyKind::Reference, false}};
  counted.total = search::Total::Accurate;
  few.sort = {{"_id", search::KeyKind::Token, false}};
  EXPECT_EQ(filled.search(sorted).resources.size(), 100u);
  EXPECT_LE(filled.rows_read(sorted), 1'500 + 100) << "of more than are kept the page is read again";
  EXPECT_EQ(filled.search(counted).total, 1'498);
  EXPECT_EQ(filled.rows_read(counted), 1'500);
  EXPECT_EQ(filled.search(few).resources.size(), 2u);
  EXPECT_EQ(filled.rows_read(few), 2);
  counted.after = filled.search(counted).after;
  EXPECT_EQ(filled.search(counted).total, 1'498) << "of a later page too";
}

// Concern: rows that the resources of a case share are there as long as one of them has the value, and no longer.
TEST(SearchTables, AValueOfACaseHasOneRowWhileAnyOfItsResourcesHasIt) {
  SqliteHouse house;
  const auto write = [&](const std::string& id, const char* status, std::int64_t expected) {
    Change change;
    change.case_key = "case-1";
    change.resources = {a_task(id, expected)};
    change.resources[0].keys = {token("status", "", status), reference("focus", "Task/t1"), reference("patient", "Patient/p1")};
    ASSERT_TRUE(house.run(house.store().commit(std::move(change))).ok());
  };
  const auto number = [&](const std::string& sql) {
    house.write_keys();
    const std::unique_ptr<Database> database = open_database(house.file());
    return database->number(sql);
  };
  const std::string with_status = "SELECT count(*) FROM token_key k JOIN token t ON t.number=k.token WHERE t.value=";
  struct Row {
    const char *id, *status;
    std::int64_t expected;
    int requested, accepted;
  };
  for (const Row& row : {Row{"t1", "requested", 0, 1, 0}, Row{"t2", "requested", 0, 1, 0}, Row{"t1", "accepted", 1, 1, 1},
                         Row{"t2", "accepted", 1, 0, 1}, Row{"t2", "requested", 2, 1, 1}}) {
    write(row.id, row.status, row.expected);
    EXPECT_EQ(number(with_status + "'requested'"), row.requested) << row.id << ' ' << row.expected;
    EXPECT_EQ(number(with_status + "'accepted'"), row.accepted) << row.id << ' ' << row.expected;
    EXPECT_EQ(number("SELECT count(*) FROM reference_key"), 1) << "of the Patient: Task/t1 is of the same case";
    EXPECT_EQ(number("SELECT count(*) FROM version"),
              row.expected == 0 ? 0 : number("SELECT sum(version-1) FROM resource WHERE version>0"));
  }
  search::Query query = tasks_by({criterion("focus", search::KeyKind::Reference, "Task/t1")});
  EXPECT_EQ(house.run(house.store().search(as(municipality), query))->resources.size(), 2u);
  query = tasks_by({status("requested")});
  EXPECT_EQ(house.run(house.store().search(as(municipality), query))->resources.size(), 1u);
  EXPECT_TRUE(house.run(house.store().verify())->findings.empty());
}

// A date is looked for by its end in two tables, by its length.
TEST(SearchTables, DatesAreFoundByTheirEndWhateverTheirLength) {
  SqliteHouse house;
  constexpr std::int64_t day = 86'400'000, start = 1'774'000'000'000;
  const std::vector<std::int64_t> lengths{
      0, 1, day - 1, day, day + 1, 40 * day, std::numeric_limits<std::int64_t>::max() - start};
  for (std::size_t at = 0; at < lengths.size(); ++at) {
    Change change;
    change.resources = {a_task("t" + std::to_string(at))};
    search::Key key;
    key.kind = search::KeyKind::Date;
    key.parameter = "period";
    key.from_ms = start;
    key.to_ms = start + lengths[at];
    change.resources[0].keys = {key};
    ASSERT_TRUE(house.run(house.store().commit(std::move(change))).ok());
  }
  for (const std::int64_t end : lengths) {
    for (const std::int64_t off : {-1, 0, 1}) {
      search::Criterion after = criterion("period", search::KeyKind::Date, "");
      after.operands[0].prefix = search::Prefix::Gt;
      const std::int64_t bound = end == lengths.back() ? start + 100 * day : start + end + off;
      after.operands[0].from_ms = after.operands[0].to_ms = bound;
      const auto expected =
          std::count_if(lengths.begin(), lengths.end(), [&](std::int64_t each) { return start + each > bound; });
      const Result<Page> page = house.run(house.store().search(as(municipality), tasks_by({after}, 50)));
      ASSERT_TRUE(page.ok());
      EXPECT_EQ(page->resources.size(), static_cast<std::size_t>(expected)) << end << ' ' << off;
    }
  }
}

TEST(SearchTables, ADateIsFoundAmongSoManyOfOtherParametersByTheIndexAndAmongMoreByAWalk) {
  constexpr auto most = static_cast<int>(limits::search_dates_looked_at_max);
  SqliteHouse house;
  const auto dated = [](const std::string& id, const char* parameter) {
    ResourceWrite write = a_task(id);
    search::Key key;
    key.kind = search::KeyKind::Date;
    key.parameter = parameter;
    key.from_ms = key.to_ms = 1'774'000'000'000;
    write.keys = {key};
    return write;
  };
  search::Criterion on = criterion("modified", search::KeyKind::Date, "");
  on.operands[0].from_ms = on.operands[0].to_ms = 1'774'000'000'000;
  const auto cost = [&] {
    house.write_keys();
    const std::unique_ptr<Database> database = open_database(house.file());
    ReadTables tables(*database);
    int steps = 0;
    tables.begin();
    sqlite3_progress_handler(
        database->connection(), 1, [](void* count) { return ++*static_cast<int*>(count), 0; }, &steps);
    const Result<Page> page = tables.search(as(municipality), tasks_by({on}));
    sqlite3_progress_handler(database->connection(), 0, nullptr, nullptr);
    EXPECT_TRUE(tables.end().ok());
    EXPECT_TRUE(page.ok() && page->resources.size() == 1 && page->resources[0].id == "wanted");
    return steps;
  };
  for (int first = -1; first < most; first += 100) {
    Change change;
    if (first < 0) change.resources = {dated("wanted", "modified")};
    for (int number = std::max(first, 0); number < std::min(first + 100, most - 1); ++number)
      change.resources.push_back(dated("t" + std::to_string(number), "authored-on"));
    ASSERT_TRUE(house.run(house.store().commit(std::move(change))).ok());
  }
  const int by_index = cost();
  Change one_more;
  one_more.resources = {dated("one more", "authored-on")};
  ASSERT_TRUE(house.run(house.store().commit(std::move(one_more))).ok());
  EXPECT_GT(cost(), 2 * by_index);
}

// Concern: a search that asks for each resource of a large case what refers to it.
TEST(SearchTables, WhatRefersToEachResourceOfACaseIsReadOnceForAll) {
  const auto cost = [](int count) {
    SqliteHouse house;
    Change change;
    change.case_key = "case-1";
    for (int number = 0; number < count; ++number) {
      change.resources.push_back(a_task("t" + std::to_string(number)));
      change.resources.back().keys = {reference("focus", "Patient/p" + std::to_string(number)), token("status", "", "requested")};
      change.resources.push_back(a_task("p" + std::to_string(number)));
      change.resources.back().type = "Patient";
      change.resources.back().body = R"({"resourceType":"Patient","id":"p)" + std::to_string(number) + "\"}";
      change.resources.back().keys.clear();
    }
    CHECK(house.run(house.store().commit(std::move(change))));
    house.write_keys();
    const std::unique_ptr<Database> database = open_database(house.file());
    ReadTables tables(*database);
    search::Query query;
    query.resource_type = "Patient";
    query.count = 10;
    query.total = search::Total::Accurate;
    search::Chain chain;
    chain.steps = {{"focus", "Task", true}};
    chain.criterion = status("requested");
    query.chains = {{chain}};
    int steps = 0;
    tables.begin();
    sqlite3_progress_handler(
        database->connection(), 1, [](void* counted) { return ++*static_cast<int*>(counted), 0; }, &steps);
    const Result<Page> page = tables.search(as(municipality), query);
    sqlite3_progress_handler(database->connection(), 0, nullptr, nullptr);
    EXPECT_TRUE(tables.end().ok());
    EXPECT_TRUE(page.ok() && page->total == count);
    return steps;
  };
  const int few = cost(40);
  EXPECT_LT(cost(400), 15 * few);
}

}  // namespace
}  // namespace vardbron::store
