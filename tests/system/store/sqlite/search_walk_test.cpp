#include "gateway/base/random.h"
#include "tests/sim/seeds.h"
#include "tests/sim/sim_store_tables.h"
#include "tests/store/builders.h"
#include "tests/system/store/sqlite_house.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <sstream>

// Concern: whatever is stored and asked, a caller gets exactly what it may see, by any parameter, chain, include, sort, count,
// page and history. The model decides by the definitions, without indices: sim/sim_store_search.cpp.

namespace vardbron::store {
namespace {

using search::KeyKind;

const std::vector<std::string> organisations = {hospital, municipality, stranger, "SE2120000167-K001"};
const std::vector<std::string> types = {"Task", "Patient", "Organization"};

search::Key date_key(std::string parameter, std::int64_t from, std::int64_t to) {
  search::Key key;
  key.parameter = std::move(parameter);
  key.kind = KeyKind::Date;
  key.from_ms = from;
  key.to_ms = to;
  return key;
}

search::Key text_key(std::string parameter, KeyKind kind, std::string text) {
  search::Key key;
  key.parameter = std::move(parameter);
  key.kind = kind;
  key.value = text;
  if (kind == KeyKind::String) key.system = std::move(text);
  return key;
}

search::Key number_key(std::string parameter, KeyKind kind, double low) {
  search::Key key;
  key.parameter = std::move(parameter);
  key.kind = kind;
  key.low = low - 0.5;
  key.high = low + 0.5;
  if (kind == KeyKind::Quantity) key.value = "kg";
  return key;
}

/// The store and the model, with the same in both.
class Walk {
 public:
  explicit Walk(std::uint64_t seed) : random_(seed) {}

  std::int64_t pick(std::int64_t below) { return static_cast<std::int64_t>(random_.below(static_cast<std::uint64_t>(below))); }
  bool chance(int percent) { return pick(100) < percent; }
  const std::string& one_of(const std::vector<std::string>& all) {
    return all[static_cast<std::size_t>(pick(static_cast<std::int64_t>(all.size())))];
  }
  std::string some_id() { return one_of(types).substr(0, 1) + std::to_string(pick(25)); }
  std::string some_reference() {
    const std::string& type = one_of(types);
    return type + "/" + type.substr(0, 1) + std::to_string(pick(30));  // some are never stored
  }
  std::string some_code() { return "code" + std::to_string(pick(4)); }
  // Also just before and after a day's beginning, and about 1970.
  std::int64_t some_time() { return (chance(95) ? 1'774'000'000'000 : -86'400'000) + pick(20) * 86'400'000 + pick(3) - 1; }
  search::Key some_period() {
    constexpr std::int64_t day = 86'400'000, latest = std::numeric_limits<std::int64_t>::max();
    const std::int64_t from = some_time(), kind = pick(10);
    if (kind == 0) return date_key("period", std::numeric_limits<std::int64_t>::min(), chance(10) ? latest : from);
    if (kind < 3) return date_key("period", from, latest);
    if (kind < 6) return date_key(chance(20) ? "authored" : "period", from, from + day + pick(3) - 1);
    return date_key("period", from, from + pick(5) * day);
  }

  std::vector<search::Key> keys() {
    std::vector<search::Key> keys;
    for (std::int64_t left = pick(3); left >= 0; --left)
      keys.push_back(token("code", chance(70) ? "urn:a" : "urn:b", some_code()));
    if (chance(80)) keys.push_back(reference("patient", some_reference()));
    if (chance(50)) keys.push_back(reference("focus", some_reference()));
    if (chance(50)) keys.push_back(reference("owner", "HSA" + std::to_string(pick(3)), "urn:hsa"));
    if (chance(40)) keys.push_back(token("identifier", "urn:hsa", "HSA" + std::to_string(pick(3))));
    for (bool more = chance(60); more; more = chance(30)) keys.push_back(some_period());
    for (bool more = chance(50); more; more = chance(30))
      keys.push_back(text_key("name", KeyKind::String, chance(50) ? "anders" : "andersson" + std::to_string(pick(3))));
    if (chance(30)) keys.push_back(text_key("url", KeyKind::Uri, "http://a.example/" + std::to_string(pick(3))));
    if (chance(20)) keys.push_back(number_key("factor", KeyKind::Number, static_cast<double>(pick(5))));
    if (chance(20)) keys.push_back(number_key("amount", KeyKind::Quantity, static_cast<double>(pick(5))));
    return keys;
  }

  void write() {
    Change change;
    // Each resource belongs to one of three cases, or to none.
    const std::int64_t of = pick(4);
    if (of > 0) change.case_key = "case" + std::to_string(of);
    change.hides_former_versions = of > 0 && chance(4);
    for (std::int64_t left = pick(4); left >= 0; --left) {
      const bool is_shared = chance(60);
      ResourceWrite write;
      write.type = one_of(types);
      write.id = write.type.substr(0, 1) + std::to_string(pick(6) * 4 + of);
      const auto is_same = [&](const ResourceWrite& other) { return other.type == write.type && other.id == write.id; };
      if (std::any_of(change.resources.begin(), change.resources.end(), is_same)) continue;
      std::int64_t& version = versions_[write.type + write.id];
      write.expected_version = version++;
      write.deleted = write.expected_version > 0 && chance(15);
      if (!write.deleted) {
        write.body =
            R"({"resourceType":")" + write.type + R"(","id":")" + write.id + R"(","x":)" + std::to_string(pick(1000)) + "}";
        write.keys = keys();
        if (is_shared) write.parties = {hospital, municipality};  // as most of a case are
        for (const std::string& each : organisations)
          if (!is_shared && chance(45)) write.parties.push_back(each);
      }
      change.resources.push_back(std::move(write));
    }
    Result<Committed> committed = house_.run(house_.store().commit(change));
    ASSERT_TRUE(committed.ok()) << committed.failure().says;
    ASSERT_TRUE(model_.commit(change, committed->at, random_).ok());
    times_.push_back(committed->at);
  }

  /// All of them are seen by all.
  void write_many(const std::string& type, int count) {
    for (int first = 0; first < count; first += 100) {
      Change change;
      if (first % 200 == 100) change.case_key = type + std::to_string(first);
      for (int number = first; number < first + 100; ++number) {
        ResourceWrite write;
        write.type = type;
        write.id = "many" + std::to_string(number);
        write.body = R"({"resourceType":")" + type + R"(","id":")" + write.id + "\"}";
        write.keys = keys();
        write.keys.push_back(token("code", "urn:a", "code0"));
        write.parties = organisations;
        change.resources.push_back(std::move(write));
      }
      Result<Committed> committed = house_.run(house_.store().commit(change));
      ASSERT_TRUE(committed.ok());
      ASSERT_TRUE(model_.commit(change, committed->at, random_).ok());
      times_.push_back(committed->at);
    }
  }

  search::Criterion some_criterion() {
    search::Criterion made;
    switch (pick(9)) {
      case 0: made = criterion("code", KeyKind::Token, some_code()); break;
      case 1:
        made = criterion("code", KeyKind::Token, chance(50) ? some_code() : "");
        made.operands[0].any_system = false;
        made.operands[0].system = chance(80) ? "urn:a" : "urn:c";
        break;
      case 2: made = criterion(chance(50) ? "patient" : "focus", KeyKind::Reference, some_reference()); break;
      case 3: made = criterion("owner", KeyKind::Reference, "HSA" + std::to_string(pick(4))); break;
      case 4: {
        made = criterion("period", KeyKind::Date, "");
        made.operands[0].prefix = static_cast<search::Prefix>(pick(9));
        made.operands[0].from_ms = some_time();
        made.operands[0].to_ms = made.operands[0].from_ms + pick(3) * 86'400'000;
        break;
      }
      case 5: {
        made = criterion("name", KeyKind::String, chance(50) ? "anders" : "andersson1");
        made.modifier = chance(60) ? search::Modifier::None : chance(50) ? search::Modifier::Exact : search::Modifier::Contains;
        break;
      }
      case 6: made = criterion("_id", KeyKind::Token, some_id()); break;
      case 7: {
        made = criterion("_lastUpdated", KeyKind::Date, "");
        made.operands[0].prefix = static_cast<search::Prefix>(pick(8));
        made.operands[0].from_ms = made.operands[0].to_ms = some_commit();
        break;
      }
      default: made = criterion("url", KeyKind::Uri, "http://a.example/" + std::to_string(pick(3))); break;
    }
    if (chance(10)) {
      made.modifier = search::Modifier::Missing;
      made.operands.resize(1);
      made.operands[0].value = chance(50) ? "true" : "false";
    } else if (made.kind == KeyKind::Token && made.parameter == "code" && chance(15)) {
      made.modifier = search::Modifier::Not;
    }
    if (chance(15) && made.modifier == search::Modifier::None && made.parameter == "code")
      made.operands.push_back(criterion("code", KeyKind::Token, some_code()).operands[0]);
    return made;
  }
  std::int64_t some_commit() {
    return times_[static_cast<std::size_t>(pick(static_cast<std::int64_t>(times_.size())))].time_since_epoch().count();
  }

  search::Chain some_chain() {
    search::Chain chain;
    for (std::int64_t left = pick(3); left >= 0; --left)
      chain.steps.push_back({chance(50) ? "patient" : "focus", one_of(types), chance(40)});
    chain.criterion = chance(20) ? criterion("identifier", KeyKind::Token, "HSA" + std::to_string(pick(3))) : some_criterion();
    if (chance(10)) chain.steps.assign(1, {"owner", "Organization", false});
    return chain;
  }

  search::Query query() {
    search::Query query;
    query.resource_type = one_of(types);
    for (std::int64_t left = pick(3); left > 0; --left) query.criteria.push_back(some_criterion());
    if (chance(25)) query.chains.push_back({some_chain()});
    if (chance(5) && !query.chains.empty()) query.chains.back().push_back(some_chain());
    if (chance(10)) query.compartments.push_back({some_reference(), {"patient", "focus"}});
    if (chance(30)) query.sort.push_back({chance(50) ? "_lastUpdated" : "name", KeyKind::String, chance(50)});
    if (chance(10)) query.sort.push_back({"period", KeyKind::Date, chance(50)});
    if (chance(30))
      query.includes.push_back(
          {chance(50), chance(30), one_of(types), chance(50) ? "patient" : "focus", chance(50) ? one_of(types) : ""});
    if (chance(10)) query.includes.push_back({false, true, one_of(types), "*", ""});
    query.count = static_cast<std::size_t>(1 + pick(12));
    query.total = chance(50) ? search::Total::Accurate : search::Total::None;
    return query;
  }

  static std::string text_of(const Page& page, bool has_tokens) {
    std::ostringstream text;
    for (const Resource& each : page.resources)
      text << each.type << '/' << each.id << '#' << each.version << (each.deleted ? "-" : "") << ' ' << each.body << '\n';
    std::vector<std::string> included;
    for (const Resource& each : page.included) included.push_back(each.type + '/' + each.id + ' ' + each.body);
    std::sort(included.begin(), included.end());
    for (const std::string& each : included) text << "+ " << each << '\n';
    if (page.total) text << "total " << *page.total << '\n';
    if (has_tokens) text << (page.after.empty() ? "last" : "more") << ' ' << (page.before.empty() ? "first" : "not first");
    return text.str();
  }

  Reader some_reader() { return chance(15) ? as_operator() : chance(5) ? Reader{} : as(one_of(organisations)); }

  // All pages, forward, and then one back.
  void compare_search(const std::string& type = "") {
    search::Query asked = query();
    if (!type.empty()) asked.resource_type = type;
    const Reader reader = some_reader();
    search::Query of_model = asked;
    for (int page = 0; page < 8; ++page) {
      Result<Page> found = house_.run(house_.store().search(reader, asked));
      Result<Page> right = model_.search(reader, of_model);
      ASSERT_TRUE(found.ok() && right.ok());
      ASSERT_EQ(text_of(*found, true), text_of(*right, true))
          << "page " << page << " of " << asked.resource_type << " for " << reader.organisation;
      shown_ += found->resources.size();
      const bool goes_back = page > 1 && chance(30) && !found->before.empty();
      asked.before = goes_back ? found->before : "";
      of_model.before = goes_back ? right->before : "";
      asked.after = goes_back ? "" : found->after;
      of_model.after = goes_back ? "" : right->after;
      if (asked.after.empty() && asked.before.empty()) return;
    }
  }

  void compare_history() {
    HistoryQuery asked;
    asked.type = one_of(types);
    if (chance(60)) asked.id = asked.type.substr(0, 1) + std::to_string(pick(26));
    if (chance(30)) asked.since = WallTime{std::chrono::milliseconds{some_commit()}};
    if (chance(30)) {
      asked.at_first = WallTime{std::chrono::milliseconds{some_commit()}};
      asked.at_last = *asked.at_first + std::chrono::milliseconds(pick(3));
    }
    asked.count = static_cast<std::size_t>(1 + pick(6));
    const Reader reader = some_reader();
    HistoryQuery of_model = asked;
    for (int page = 0; page < 8; ++page) {
      Result<Page> found = house_.run(house_.store().history(reader, asked));
      Result<Page> right = model_.history(reader, of_model);
      ASSERT_EQ(found.ok(), right.ok());
      if (!found) return;
      ASSERT_EQ(text_of(*found, false), text_of(*right, false))
          << "history of " << asked.type << '/' << asked.id << " page " << page;
      versions_shown_ += found->resources.size();
      asked.after = found->after;
      of_model.after = right->after;
      ASSERT_EQ(asked.after.empty(), of_model.after.empty());
      if (asked.after.empty()) return;
    }
  }

  void compare_read() {
    const std::string& type = one_of(types);
    const std::string id = type.substr(0, 1) + std::to_string(pick(26));
    const Reader reader = some_reader();
    const std::int64_t version = pick(4);
    Result<Resource> found = house_.run(house_.store().read(reader, type, id, version));
    Result<Resource> right = model_.read(reader, type, id, version);
    ASSERT_EQ(found.ok(), right.ok()) << type << '/' << id;
    if (found) ASSERT_EQ(found->body, right->body);
    if (!found) ASSERT_EQ(found.failure(), right.failure());
  }

  void reopen() { house_.reopen(); }
  void expect_clean() {
    Result<VerifyReport> report = house_.run(house_.store().verify());
    ASSERT_TRUE(report.ok());
    for (const Finding& each : report->findings) ADD_FAILURE() << each.table << ' ' << each.number << ": " << each.says;
  }
  std::size_t shown() const { return shown_; }
  std::size_t versions_shown() const { return versions_shown_; }

 private:
  SeededRandom random_;
  SqliteHouse house_;
  sim::SimTables model_;
  std::map<std::string, std::int64_t> versions_;
  std::vector<WallTime> times_;
  std::size_t shown_ = 0, versions_shown_ = 0;
};

// The changes are walked when an index would give too many.
TEST(SearchWalk, AlsoWhenManyResourcesMeetWhatIsAskedFor) {
  Walk walk(77);
  ASSERT_NO_FATAL_FAILURE(walk.write_many("Task", 1300));
  std::size_t before = 0;
  for (int round = 0; round < 40; ++round) {
    ASSERT_NO_FATAL_FAILURE(walk.write());
    for (int each = 0; each < 3; ++each) ASSERT_NO_FATAL_FAILURE(walk.compare_search("Task"));
    if (round == 0) before = walk.shown();
  }
  ASSERT_NO_FATAL_FAILURE(walk.expect_clean());
  EXPECT_GT(walk.shown(), before + 500);
}

TEST(SearchWalk, EveryCallerFindsExactlyWhatItMaySee) {
  std::size_t shown = 0, versions = 0;
  for (std::uint64_t seed = 1; seed <= 6; ++seed) {
    SCOPED_TRACE(seed);
    Walk walk(seed);
    for (int round = 0; round < 120; ++round) {
      ASSERT_NO_FATAL_FAILURE(walk.write());
      for (int each = 0; each < 4; ++each) ASSERT_NO_FATAL_FAILURE(walk.compare_search());
      ASSERT_NO_FATAL_FAILURE(walk.compare_history());
      ASSERT_NO_FATAL_FAILURE(walk.compare_read());
      if (round == 60) walk.reopen();
    }
    ASSERT_NO_FATAL_FAILURE(walk.expect_clean());
    shown += walk.shown();
    versions += walk.versions_shown();
  }
  EXPECT_GT(shown, 5'000u);
  EXPECT_GT(versions, 1'000u);
}

}  // namespace
}  // namespace vardbron::store
