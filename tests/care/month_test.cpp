// Concern: what a municipality pays for a month is worked out from all of its stays and nothing else.
#include "gateway/care/month.h"

#include "gateway/base/random.h"
#include "tests/care/story.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <chrono>
#include <string>
#include <utility>
#include <vector>

namespace vardbron::care {
namespace {

using std::chrono::year;

constexpr std::chrono::year_month march = year(2026) / 3;

MonthContribution stay(int days, std::string number = "2120990011", std::chrono::year_month month = march) {
  static int made = 0;
  return {"c" + std::to_string(++made), std::move(number), "0880", "AVERAGE", month, days, true, true};
}

MonthContribution lacking(MonthContribution of) {
  of.is_fulfilled = false;
  return of;
}

Policies averages() {
  Policies policies(average());
  policies.prices = {{2025, 10'000}, {2026, 11'000}};
  return policies;
}

const WallTime in_march = moment("2026-03-20T12:00:00"), in_may = moment("2026-05-20T12:00:00");

bool finds(const MonthSum& sum, std::string_view code, std::string_view words = {}) {
  return std::any_of(sum.findings.begin(), sum.findings.end(),
                     [&](const MonthFinding& each) { return each.code == code && each.says.find(words) != std::string::npos; });
}

TEST(MonthSum, IsPerMunicipalityAgreementAndMonth) {
  std::vector<MonthContribution> stays{stay(8), stay(9, "2120001124"), stay(7, "2120990011", year(2026) / 4), stay(6)};
  stays[3].agreement = "SKANE";
  const std::vector<MonthSum> sums = month_sums(stays, averages(), in_march);
  ASSERT_EQ(sums.size(), 4u);
  EXPECT_EQ(sums[0].waited, 9);
  EXPECT_EQ(sums[1].waited, 8);
  EXPECT_EQ(sums[2].waited, 7);
  EXPECT_EQ(sums[3].waited, 6);
}

TEST(MonthSum, IsOpenUntilTheDaysForLateCorrectionsHavePassed) {
  const std::vector<MonthContribution> stays{stay(8)};
  Policies policies = averages();
  EXPECT_EQ(*month_sums(stays, policies, in_march)[0].closes, moment("2026-04-15T00:00:00+02:00"));
  EXPECT_FALSE(month_sums(stays, policies, moment("2026-04-14T23:59:59.999+02:00"))[0].is_closed);
  EXPECT_TRUE(month_sums(stays, policies, moment("2026-04-15T00:00:00+02:00"))[0].is_closed);
  policies.everywhere.month_closes_after_days = 0;
  EXPECT_EQ(*month_sums(stays, policies, in_march)[0].closes, moment("2026-04-01T00:00:00+02:00"));
  EXPECT_EQ(month_closes(year(2026) / 12, average()), moment("2027-01-15T00:00:00+01:00"));
  EXPECT_EQ(month_closes(year(2028) / 2, average()), moment("2028-03-15T00:00:00+01:00"));
}

TEST(MonthSum, TakesThePriceOfTheMonthsYearAndGuessesNone) {
  const std::vector<MonthContribution> december{stay(8, "1", year(2025) / 12)}, january{stay(8, "1", year(2026) / 1)},
      later{stay(8, "1", year(2027) / 1)};
  EXPECT_EQ(month_sums(december, averages(), in_may)[0].amount, 5 * 10'000);
  EXPECT_EQ(month_sums(january, averages(), in_may)[0].amount, 5 * 11'000);
  const MonthSum none = month_sums(later, averages(), in_may)[0];
  EXPECT_FALSE(none.amount);
  EXPECT_EQ(none.chargeable_days, 5);
  EXPECT_TRUE(finds(none, "no-price", "in 2027 is configured"));

  Policies own = averages();
  own.everywhere.prices = {{2026, 9'000}};
  EXPECT_EQ(month_sums(january, own, in_may)[0].amount, 5 * 9'000) << "the agreement's own";
}

TEST(MonthSum, NothingToPayNeedsNoPrice) {
  const std::vector<MonthContribution> stays{stay(1, "1", year(2030) / 1)};
  const MonthSum sum = month_sums(stays, averages(), in_may)[0];
  EXPECT_EQ(sum.amount, 0);
  EXPECT_TRUE(sum.findings.empty());
}

TEST(MonthSum, LeavesToAPersonWhatWaitedLongWithAConditionMissing) {
  const std::vector<MonthContribution> stays{stay(0), stay(2), stay(8), lacking(stay(3)), lacking(stay(20)), lacking(stay(4))};
  const MonthSum sum = month_sums(stays, averages(), in_may)[0];
  EXPECT_EQ(sum.stays, 4) << "a short one never raises the sum";
  EXPECT_EQ(sum.waited, 13);
  EXPECT_EQ(sum.chargeable_days, 1);
  EXPECT_EQ(sum.undecided_stays, 2);
  EXPECT_EQ(sum.undecided_days, 24);
  EXPECT_TRUE(finds(sum, "undecided-stays", "2 stays of 24 days are not in the sum"));
  const std::vector<MonthContribution> one{lacking(stay(8))};
  EXPECT_TRUE(finds(month_sums(one, averages(), in_may)[0], "undecided-stays", "1 stay of 8 days is not in the sum"));

  MonthContribution never_ran = lacking(stay(0));
  never_ran.has_waited = false;
  EXPECT_EQ(month_sums(std::vector{never_ran}, averages(), in_may)[0].undecided_stays, 1);
}

TEST(MonthSum, SaysThatNobodyIsKnownToPayAndThatAnAgreementIsGone) {
  MonthContribution unknown = stay(8, "");
  const MonthSum nobodys = month_sums(std::vector{unknown}, averages(), in_may)[0];
  EXPECT_EQ(nobodys.kommun, "0880");
  EXPECT_TRUE(finds(nobodys, "payer-unknown", "LUS 5:2"));

  MonthContribution former = stay(8);
  former.agreement = "FORMER";
  const MonthSum gone = month_sums(std::vector{former}, averages(), in_may)[0];
  EXPECT_FALSE(gone.chargeable_days || gone.amount || gone.closes);
  EXPECT_EQ(gone.undecided_stays + gone.stays, 1);
  EXPECT_TRUE(finds(gone, "no-agreement", "FORMER"));
}

TEST(MonthSum, SaysWhatALateNoticeChangedAfterTheMonthWasClosed) {
  std::vector<MonthContribution> stays{stay(0), stay(2), stay(8)};
  const Policies policies = averages();
  const WallTime closing = closing_times(march, policies).at(0);
  const std::vector<MonthSum> then = month_sums(stays, policies, closing);

  std::vector<MonthSum> same = month_sums(stays, policies, in_may);
  compare_with_closing(same, then, closing);
  EXPECT_TRUE(same[0].findings.empty());

  stays.push_back(stay(0));
  std::vector<MonthSum> now = month_sums(stays, policies, in_may);
  compare_with_closing(now, then, closing);
  EXPECT_TRUE(finds(now[0], "changed-after-closing", "closed on 2026-04-15 with 3 stays, 10 days waited, 1 day to pay"));
  EXPECT_TRUE(finds(now[0], "changed-after-closing", "4 stays, 10 days waited, 0 days to pay"));

  std::vector<MonthSum> none;
  compare_with_closing(none, then, closing);
  ASSERT_EQ(none.size(), 1u) << "all have left it";
  EXPECT_EQ(none[0].stays, 0);
  EXPECT_TRUE(finds(none[0], "changed-after-closing", "0 stays"));

  std::vector<MonthSum> first = month_sums(stays, policies, in_may);
  compare_with_closing(first, {}, closing);
  EXPECT_TRUE(finds(first[0], "changed-after-closing", "with 0 stays"));
}

TEST(MonthSum, ClosesByTheAgreementOfTheSum) {
  Policies policies = averages();
  Agreement slow;
  slow.terms = average();
  slow.terms.name = "SLOW";
  slow.terms.month_closes_after_days = 60;
  policies.agreements = {slow};
  const std::vector<WallTime> times = closing_times(march, policies);
  ASSERT_EQ(times.size(), 2u);
  MonthContribution slow_stay = stay(8);
  slow_stay.agreement = "SLOW";
  std::vector<MonthSum> sums = month_sums(std::vector{slow_stay}, policies, in_may);
  EXPECT_FALSE(sums[0].is_closed);
  compare_with_closing(sums, {}, times[0]);
  EXPECT_TRUE(sums[0].findings.empty()) << "it is compared with its own closing";
}

// Invariants: the sum depends on the set of stays only; it equals the definition; a stay on day 0 never raises it, a longer wait
// never lowers it; and a stay that waits for a decision never raises it.
TEST(MonthSum, KeepsItsInvariantsOnRandomMonths) {
  SeededRandom random(17);
  const Policies policies = averages();
  for (int round = 0; round < 1'000; ++round) {
    std::vector<MonthContribution> stays;
    for (std::uint64_t left = 1 + random.below(12); left > 0; --left) {
      stays.push_back(stay(int(random.below(12)), random.below(3) == 0 ? "2120001124" : "2120990011"));
      if (random.below(4) == 0) stays.back().is_fulfilled = false;
    }
    const std::vector<MonthSum> sums = month_sums(stays, policies, in_may);
    for (const MonthSum& sum : sums) {
      int count = 0, waited = 0;
      for (const MonthContribution& each : stays) {
        if (each.number != sum.number || (!each.is_fulfilled && each.days > 3)) continue;
        ++count;
        waited += each.days;
      }
      EXPECT_EQ(sum.stays, count);
      EXPECT_EQ(sum.waited, waited);
      EXPECT_EQ(sum.chargeable_days, std::max(0, waited - 3 * count));
    }
    std::vector<MonthContribution> shuffled = stays;
    for (std::size_t last = shuffled.size(); last > 1; --last) std::swap(shuffled[last - 1], shuffled[random.below(last)]);
    shuffled.push_back(shuffled[random.below(shuffled.size())]);  // the same again
    ASSERT_EQ(month_sums(shuffled, policies, in_may), sums) << "round " << round;

    const auto charged = [&](const std::vector<MonthContribution>& of) {
      int days = 0;
      for (const MonthSum& sum : month_sums(of, policies, in_may)) days += *sum.chargeable_days;
      return days;
    };
    const int before = charged(stays);
    std::vector<MonthContribution> with_short = stays, longer = stays, undecided = stays;
    with_short.push_back(stay(0));
    EXPECT_LE(charged(with_short), before);
    MonthContribution& one = longer[random.below(longer.size())];
    if (one.is_fulfilled) {
      ++one.days;
      EXPECT_GE(charged(longer), before);
    }
    undecided.push_back(lacking(stay(int(random.below(30)))));
    EXPECT_LE(charged(undecided), before);
  }
}

TEST(MonthText, IsReadAndWritten) {
  EXPECT_EQ(month_of_text("2026-03"), march);
  EXPECT_EQ(to_string(march), "2026-03");
  for (const char* wrong : {"", "2026", "2026-13", "2026-00", "2026-3", "2026-03-01", "20260-3"})
    EXPECT_FALSE(month_of_text(wrong)) << wrong;
  EXPECT_EQ(decimal_of(333, 2), "3.33");
  EXPECT_EQ(decimal_of(5, 2), "0.05");
  EXPECT_EQ(decimal_of(30, 1), "3.0");
}

}  // namespace
}  // namespace vardbron::care
