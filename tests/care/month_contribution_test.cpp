// Concern: a stay under an agreement by average adds to the right month of the right municipality what it waited, whatever
// arrives.
#include "gateway/base/check.h"
#include "gateway/care/arende/month_contribution.h"
#include "gateway/care/month.h"
#include "tests/care/scenario.h"

#include <gtest/gtest.h>

#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace vardbron::care {
namespace {

/// The contributions of a case, one per ChargeItem that makes one.
std::vector<MonthContribution> contributions(const Projection& now) {
  std::vector<MonthContribution> all;
  for (const Projected& resource : now.resources) {
    if (resource.type != "ChargeItem") continue;
    std::optional<MonthContribution> one = contribution_of(tree::root(resource.document));
    if (one) all.push_back(*std::move(one));
  }
  return all;
}

std::vector<std::string> tags(const Projection& now, std::string_view system) {
  std::vector<std::string> codes;
  for (const Projected& resource : now.resources) {
    if (resource.type != "ChargeItem") continue;
    const tree::Item meta = tree::root(resource.document).child("meta");
    for (tree::Item tag = meta.first_child(); tag; tag = tag.next())
      if (tag.text_of("system") == system) codes.emplace_back(tag.text_of("code"));
  }
  return codes;
}

/// A stay under an agreement by average.
struct WaitingStay : Start {
  WaitingStay() { policy = average(); }
  /// Ready at ten o'clock on 10 March 2026, which is day 0, and gone after so many days.
  explicit WaitingStay(int days) : WaitingStay() {
    n6("2026-03-10T10:00:00");
    n8("2026-03-10T16:00:00");
    out("2026-03-" + std::to_string(10 + days) + "T17:00:00");
  }
  MonthContribution made() const {
    const std::vector<MonthContribution> all = contributions(later());
    CHECK(all.size() == 1);
    return all.front();
  }
};

Policies with_prices() {
  Policies policies(average());
  policies.prices = {{2025, 10'000}, {2026, 11'000}};
  return policies;
}

// M10
TEST(Scenario17, TheMeanOfTheMonthDecidesAndAStayThatLeavesOnDayZeroLowersIt) {
  std::vector<MonthContribution> march;
  const auto add = [&](int days) {
    march.push_back(WaitingStay(days).made());
    march.back().charge += std::to_string(march.size());  // each is of a case of its own
  };
  for (const int days : {0, 2, 8}) add(days);
  const WallTime closed = moment("2026-05-01T12:00:00");

  const std::vector<MonthSum> sums = month_sums(march, with_prices(), closed);
  ASSERT_EQ(sums.size(), 1u);
  EXPECT_EQ(sums[0].number, "2120990011");
  EXPECT_EQ(sums[0].kommun, "0880");
  EXPECT_EQ(sums[0].agreement, "AVERAGE");
  EXPECT_EQ(to_string(sums[0].month), "2026-03");
  EXPECT_EQ(sums[0].stays, 3);
  EXPECT_EQ(sums[0].waited, 10);
  EXPECT_EQ(sums[0].mean_hundredths(), 333);
  EXPECT_EQ(sums[0].free_average_tenths, 30);
  EXPECT_EQ(sums[0].chargeable_days, 1);
  EXPECT_EQ(sums[0].amount, 11'000);
  EXPECT_TRUE(sums[0].is_closed);
  EXPECT_TRUE(sums[0].findings.empty());

  add(0);
  const std::vector<MonthSum> with_fourth = month_sums(march, with_prices(), closed);
  EXPECT_EQ(with_fourth[0].stays, 4);
  EXPECT_EQ(with_fourth[0].mean_hundredths(), 250);
  EXPECT_EQ(with_fourth[0].chargeable_days, 0);
  EXPECT_EQ(with_fourth[0].amount, 0);
}

TEST(MonthContribution, IsMadeWhenTheStayEndsAndOnlyWhereTheAverageDecides) {
  WaitingStay lasting;
  lasting.n6("2026-03-10T10:00:00");
  lasting.n8("2026-03-10T16:00:00");
  EXPECT_TRUE(contributions(lasting.later()).empty());
  lasting.ward(Event::DischargeReadyWithdrawn, "2026-03-14T10:00:00");
  EXPECT_TRUE(contributions(lasting.later()).empty()) << "the patient is still there";
  lasting.out("2026-04-02T10:00:00");
  EXPECT_EQ(to_string(lasting.made().month), "2026-04") << "the month in which the stay ended";
  EXPECT_EQ(lasting.made().days, 4);
  EXPECT_TRUE(contributions(lasting.project("2026-04-02T09:59:59")).empty()) << "its notice may come before";

  lasting.policy = law();
  EXPECT_TRUE(contributions(lasting.later()).empty());
  EXPECT_TRUE(tags(lasting.later(), stay_end_system()).empty());
}

struct EndRow {
  const char *name, *ready, *out, *month;
  int days;
};

class MonthOfAStay : public testing::TestWithParam<EndRow> {};

TEST_P(MonthOfAStay, IsThatOfItsEndInStockholm) {
  const EndRow& row = GetParam();
  Start stay({hsv1(), soc1(), vc07()}, row.ready, row.ready);
  stay.policy = average();
  stay.n6(row.ready);
  stay.n8(row.ready);
  stay.out(row.out);
  const std::vector<MonthContribution> made = contributions(stay.later("2027-12-01T12:00:00"));
  ASSERT_EQ(made.size(), 1u);
  EXPECT_EQ(to_string(made[0].month), row.month);
  EXPECT_EQ(made[0].days, row.days);
}

INSTANTIATE_TEST_SUITE_P(
    Borders, MonthOfAStay,
    testing::Values(EndRow{"last_minute_of_march", "2026-03-26T10:00:00+01:00", "2026-03-31T23:59:59+02:00", "2026-03", 5},
                    EndRow{"first_moment_of_april", "2026-03-26T10:00:00+01:00", "2026-04-01T00:00:00+02:00", "2026-04", 6},
                    EndRow{"utc_says_march", "2026-03-26T10:00:00+01:00", "2026-03-31T22:30:00Z", "2026-04", 6},
                    EndRow{"over_the_spring_change", "2026-03-28T10:00:00+01:00", "2026-03-30T10:00:00+02:00", "2026-03", 2},
                    EndRow{"over_the_autumn_change", "2026-10-24T10:00:00+02:00", "2026-10-31T23:30:00+01:00", "2026-10", 7},
                    EndRow{"utc_says_october", "2026-10-24T10:00:00+02:00", "2026-10-31T23:00:00Z", "2026-11", 8},
                    EndRow{"new_year", "2026-12-28T10:00:00+01:00", "2026-12-31T23:30:00Z", "2027-01", 4},
                    EndRow{"after_noon_begins_the_next_day", "2026-03-10T12:00:01+01:00", "2026-03-13T10:00:00+01:00", "2026-03",
                           2},
                    EndRow{"left_before_day_zero", "2026-03-10T15:00:00+01:00", "2026-03-10T18:00:00+01:00", "2026-03", 0}),
    [](const auto& each) { return each.param.name; });

TEST(MonthContribution, LeavesOutDaysOnWhichTheOppenvardHinders) {
  WaitingStay stay(8);
  EXPECT_EQ(stay.made().days, 8);
  stay.party(vc07(), Event::Planning, "2026-03-11T10:00:00").obstacles = {
      {{moment("2026-03-12"), "2026-03-12"}, SentTime{moment("2026-03-14"), "2026-03-14"}}};
  EXPECT_EQ(stay.made().days, 5) << "LUS 5:5";
}

TEST(MonthContribution, SaysWhetherAConditionIsMissing) {
  WaitingStay called(8);
  EXPECT_TRUE(called.made().is_fulfilled);
  WaitingStay not_called;
  not_called.n6("2026-03-10T10:00:00");
  not_called.out("2026-03-18T17:00:00");
  EXPECT_FALSE(not_called.made().is_fulfilled);
  EXPECT_TRUE(not_called.made().has_waited);
}

// A month that was closed is compared with itself: so a charge is found by every day on which it ever ended.
TEST(MonthContribution, ItsChargeIsFoundByEachDayOnWhichTheStayEverEnded) {
  WaitingStay stay;
  stay.n6("2026-03-10T10:00:00");
  stay.n8("2026-03-10T16:00:00");
  Notice& first = stay.out("2026-03-14T17:00:00");
  const std::string own = stay_end_system("2120990011");
  EXPECT_EQ(tags(stay.later(), own), (std::vector<std::string>{"2026-03-14"}));
  from(stay.correct(first, "2026-04-02T10:00:00"), med5(), stay.receivers);
  EXPECT_EQ(tags(stay.later(), own), (std::vector<std::string>{"2026-03-14", "2026-04-02"}));
  EXPECT_EQ(tags(stay.later(), stay_end_system()), tags(stay.later(), own));
  EXPECT_EQ(to_string(contributions(stay.later())[0].month), "2026-04");

  stay.cancel(stay.n1, "2026-04-03T10:00:00").sender = med5();
  EXPECT_TRUE(contributions(stay.later()).empty());
  EXPECT_EQ(tags(stay.later(), own).size(), 2u) << "one that is in error is found too";
}

TEST(MonthContribution, SaysNowhereInWhichMunicipalityAProtectedPersonIsRegistered) {
  WaitingStay stay;
  stay.n6("2026-03-10T10:00:00");
  stay.n8("2026-03-10T16:00:00");
  stay.out("2026-03-14T17:00:00").person.protection = Protection::Sekretessmarkering;
  const Projection now = stay.later();
  EXPECT_FALSE(tags(now, stay_end_system()).empty());
  EXPECT_TRUE(tags(now, stay_end_system("2120990011")).empty());
  EXPECT_EQ(to_text(now).find("avslutsdygn/0880"), std::string::npos);
  for (const MonthContribution& each : contributions(now)) EXPECT_EQ(each.number + each.kommun, "");
}

TEST(MonthContribution, IsOfTheMunicipalityThatPaysAndOfNoOther) {
  WaitingStay stay;
  stay.organisationsnummer = {{"0880", "2120990011"}, {"1280", "2120001124"}};
  stay.n6("2026-03-10T10:00:00");
  stay.n8("2026-03-10T16:00:00");
  stay.out("2026-03-18T17:00:00").person.kommun = "1280";
  EXPECT_EQ(stay.made().number, "2120001124");
  EXPECT_EQ(stay.made().kommun, "1280");
  EXPECT_FALSE(stay.made().has_waited) << "none of its units was notified";
  EXPECT_EQ(tags(stay.later(), stay_end_system("2120990011")).size(), 1u) << "which may have been charged before";
  EXPECT_EQ(payer_key("", "0880"), "0880");
  EXPECT_EQ(payer_key("", ""), "okand");
}

}  // namespace
}  // namespace vardbron::care
