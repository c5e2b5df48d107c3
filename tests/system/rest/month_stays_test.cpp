#include "gateway/rest/month_stays.h"

#include "gateway/base/clock.h"
#include "gateway/base/random.h"
#include "gateway/care/month.h"
#include "tests/system/store/sqlite_house.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <chrono>
#include <stop_token>
#include <string>
#include <utility>
#include <vector>

// Concern: the stays of a month are found in the embedded store, all of them and no others, however many they are and however
// many more the store has; and as they were when the month was closed.

namespace vardbron::rest {
namespace {

constexpr std::chrono::year_month march = std::chrono::year(2026) / 3;
const std::string hospital = "SE2321990018-MED5", other_hospital = "SE2321990018-KIR2";

struct WrittenStay {
  std::string id, number, day;
  int days = 0;
  std::string hospital;
};

search::Key tag(std::string system, const std::string& day) {
  search::Key key;
  key.parameter = "_tag";
  key.system = std::move(system);
  key.value = day;
  return key;
}

/// As gateway/care writes it, as far as the month needs it.
store::ResourceWrite charge_item(const WrittenStay& stay, std::int64_t replaces = 0) {
  const std::string url = R"({"url":"https://vardbron.example/fhir/StructureDefinition/)";
  store::ResourceWrite write;
  write.type = "ChargeItem";
  write.id = stay.id;
  write.expected_version = replaces;
  write.body = R"({"resourceType":"ChargeItem","id":")" + stay.id + R"(","meta":{"tag":[{"code":"x"}]},"extension":[)" + url +
               R"(betalningsklocka","valueCode":"stannad"},)" + url + R"(betalningsavtal","valueCode":"AVERAGE"},)" + url +
               R"(betalningsansvarig","valueReference":{"identifier":{"value":")" + stay.number +
               R"("},"display":"Kommun 0880"}},)" + url + R"(vardtillfalle-slut","valueDate":")" + stay.day +
               R"("}],"status":"not-billable","quantity":{"value":)" + std::to_string(stay.days) + "}}";
  write.keys = {tag(care::stay_end_system(), stay.day), tag(care::stay_end_system(stay.number), stay.day)};
  write.parties = {stay.hospital, "SE" + stay.number + "-U" + std::to_string(stay.days % 3)};
  return write;
}

class MonthInTheStore : public testing::Test {
 protected:
  std::vector<WrittenStay> write(int count, const std::string& number, const std::string& month, int days_in_month) {
    std::vector<WrittenStay> stays;
    for (int at = 0; at < count; ++at) {
      const int day = 1 + at % days_in_month;
      stays.push_back({"c" + std::to_string(++made_), number, month + (day < 10 ? "-0" : "-") + std::to_string(day),
                       static_cast<int>(random_.below(12)), at % 4 == 0 ? other_hospital : hospital});
    }
    constexpr std::size_t together = 500;
    for (std::size_t from = 0; from < stays.size(); from += together) {
      store::Change change;
      change.journal = store::RawMessage{.channel = "fhir", .sender = hospital, .body = "{}"};
      change.journal->identity = stays[from].id;
      for (std::size_t at = from; at < std::min(stays.size(), from + together); ++at)
        change.resources.push_back(charge_item(stays[at]));
      EXPECT_TRUE(house_.run(house_.store().commit(std::move(change))));
    }
    return stays;
  }
  void rewrite(const WrittenStay& stay, std::int64_t replaces) {
    store::Change change;
    change.journal = store::RawMessage{.channel = "fhir", .sender = hospital, .body = "{}"};
    change.journal->identity = stay.id + "again";
    change.resources.push_back(charge_item(stay, replaces));
    EXPECT_TRUE(house_.run(house_.store().commit(std::move(change))));
  }
  MonthStays read(const std::string& organisation, bool may_operate = false, std::vector<WallTime> closings = {}) {
    MonthQuestion question;
    question.caller.organisation = organisation;
    question.caller.may_receive = true;
    question.caller.may_operate = may_operate;
    question.month = march;
    question.closings = std::move(closings);
    Result<MonthStays> stays = house_.run(read_month(house_.store(), names_, std::move(question), std::stop_token{}));
    CHECK(stays);
    return *std::move(stays);
  }
  static int days_of(const std::vector<care::MonthContribution>& stays) {
    int days = 0;
    for (const care::MonthContribution& each : stays) days += each.days;
    return days;
  }

  const tree::Names names_;
  SeededRandom random_{10'000};
  store::SqliteHouse house_;
  int made_ = 0;
};

class MonthOfMany : public MonthInTheStore, public testing::WithParamInterface<int> {};

TEST_P(MonthOfMany, IsWholeForEachWhoMaySeeIt) {
  constexpr int others = 2'000;
  const std::string number = "2120990011", other = "2120001124";
  write(others, number, "2026-02", 28);
  const std::vector<WrittenStay> stays = write(GetParam(), number, "2026-03", 31);
  const std::vector<WrittenStay> of_other = write(others, other, "2026-03", 31);
  write(others, number, "2026-04", 30);
  int days = 0, at_hospital = 0;
  for (const WrittenStay& each : stays) {
    days += each.days;
    at_hospital += each.hospital == hospital;
  }
  for (const WrittenStay& each : of_other) at_hospital += each.hospital == hospital;

  const MonthStays own = read("SE" + number + "-EKO1");
  EXPECT_EQ(own.now.size(), stays.size());
  EXPECT_EQ(days_of(own.now), days);
  EXPECT_FALSE(own.are_own_only);
  EXPECT_EQ(read("SE" + number + "-U1").now.size(), stays.size()) << "a unit that reads some of them itself";
  const MonthStays all = read("SE2321990018-DRIFT", true);
  EXPECT_EQ(all.now.size(), stays.size() + of_other.size());
  const MonthStays at_one = read(hospital);
  EXPECT_EQ(at_one.now.size(), static_cast<std::size_t>(at_hospital));
  EXPECT_TRUE(at_one.are_own_only);
  EXPECT_TRUE(read("SE2120990029-HSV9").now.empty());
}

INSTANTIATE_TEST_SUITE_P(Stays, MonthOfMany, testing::Values(10, 10'000), testing::PrintToStringParamName());

TEST_F(MonthInTheStore, IsKnownAsItWasWhenItWasClosed) {
  std::vector<WrittenStay> stays = write(3, "2120990011", "2026-03", 31);
  const WallTime closing = house_.run(house_.store().read({"", true}, "ChargeItem", stays[2].id)).value().last_updated;
  for (RealClock clock; clock.wall() <= closing;) continue;  // a millisecond
  std::vector<WrittenStay> before = stays;
  stays[0].days += 7;
  rewrite(stays[0], 1);
  stays[0].days += 1;
  rewrite(stays[0], 2);
  write(1, "2120990011", "2026-03", 31);

  const MonthStays read_again = read("SE2120990011-EKO1", false, {closing});
  EXPECT_EQ(read_again.now.size(), 4u);
  ASSERT_EQ(read_again.at_closing.size(), 1u);
  EXPECT_EQ(read_again.at_closing.at(closing).size(), 3u);
  EXPECT_EQ(days_of(read_again.at_closing.at(closing)), before[0].days + before[1].days + before[2].days);
  EXPECT_EQ(read_again.not_comparable, 0u);
}

}  // namespace
}  // namespace vardbron::rest
