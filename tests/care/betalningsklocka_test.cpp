#include "gateway/care/betalningsklocka.h"

#include "gateway/base/random.h"
#include "gateway/sweden/civil_time.h"

#include <gtest/gtest.h>

#include <array>
#include <vector>

namespace vardbron::care {
namespace {

using namespace std::chrono_literals;

WallTime at(std::string_view text) { return sweden::parse_moment(text)->at; }

struct Row {
  std::string_view ready, day_zero, first_day;
};

// Computed by hand from the rule "liable when day 0, 1 and 2 have passed; day 0 is today up to noon".
constexpr Row law_table[] = {
    {"2025-03-27T11:59:59", "2025-03-27", "2025-03-30T00:00:00+01:00"},  // charging begins on the day summer time begins
    {"2025-03-27T12:00:00", "2025-03-27", "2025-03-30T00:00:00+01:00"},
    {"2025-03-27T12:00:01", "2025-03-28", "2025-03-31T00:00:00+02:00"},  // one second is one day
    {"2025-03-28T11:59:00", "2025-03-28", "2025-03-31T00:00:00+02:00"},
    {"2025-03-28T12:01:00", "2025-03-29", "2025-04-01T00:00:00+02:00"},
    {"2025-10-24T09:00:00", "2025-10-24", "2025-10-27T00:00:00+01:00"},
    {"2025-12-23T13:00:00", "2025-12-24", "2025-12-27T00:00:00+01:00"},  // holidays count
    {"2025-12-30T11:00:00", "2025-12-30", "2026-01-02T00:00:00+01:00"},
    {"2024-02-27T08:00:00", "2024-02-27", "2024-03-01T00:00:00+01:00"},  // leap day
    {"2024-02-27T18:00:00", "2024-02-28", "2024-03-02T00:00:00+01:00"},
};

TEST(Betalningsklocka, FollowsTheOracleOfTheLawAndOfStockholmSomatic) {
  for (const Policy& policy : {law(), stockholm_somatic()}) {
    for (const Row& row : law_table) {
      Liability liability = liability_of(at(row.ready), policy);

      EXPECT_EQ(sweden::format_day(liability.day_zero), row.day_zero) << row.ready;
      EXPECT_EQ(sweden::format_local(liability.first_moment), row.first_day) << row.ready;
    }
  }
}

TEST(Betalningsklocka, CountsElapsedHoursAcrossBothChangesOfTheClock) {
  EXPECT_EQ((liability_of(at("2025-03-28T12:00:00"), law()).first_moment - at("2025-03-28T12:00:00")) / 1h, 59);
  EXPECT_EQ((liability_of(at("2025-10-24T09:00:00"), law()).first_moment - at("2025-10-24T09:00:00")) / 1h, 64);
}

TEST(Betalningsklocka, GivesPsychiatryFiveDays) {
  Liability liability = liability_of(at("2025-03-27T11:59:59"), stockholm_psychiatric());

  EXPECT_EQ(sweden::format_local(liability.first_moment), "2025-04-01T00:00:00+02:00");
}

TEST(Betalningsklocka, TakesItsNoonFromThePolicy) {
  Policy policy = law();
  policy.cutoff_itself_counts_as_before = false;
  EXPECT_EQ(sweden::format_day(liability_of(at("2025-03-27T12:00:00"), policy).day_zero), "2025-03-28");
  policy.cutoff = 14h;
  EXPECT_EQ(sweden::format_day(liability_of(at("2025-03-27T13:59:59"), policy).day_zero), "2025-03-27");
}

struct Stay {
  std::string_view ready, ended;
  int days;
};

TEST(Betalningsklocka, CountsDaysUpToTheDayOfDischarge) {
  constexpr Stay table[] = {
      {"2025-03-24T10:00:00", "2025-03-24T15:00:00", 0}, {"2025-03-24T10:00:00", "2025-03-26T15:00:00", 0},
      {"2025-03-24T10:00:00", "2025-03-27T15:00:00", 0},  // the discharge day is not charged
      {"2025-03-24T10:00:00", "2025-03-28T15:00:00", 1}, {"2025-03-24T10:00:00", "2025-04-01T08:00:00", 5},
  };
  for (const Stay& row : table) {
    std::array<ReadySpan, 1> spans = {ReadySpan{at(row.ready), at(row.ended)}};

    EXPECT_EQ(chargeable_days(spans, true, law(), at("2026-01-01")), row.days) << row.ended;
    EXPECT_EQ(chargeable_days(spans, false, law(), at("2026-01-01")), 0) << "no admission notice, no liability";
  }
}

TEST(Betalningsklocka, ChargesTheDischargeDayWhereAgreed) {
  Policy policy = law();
  policy.discharge_day_is_charged = true;
  std::array<ReadySpan, 1> spans = {ReadySpan{at("2025-03-24T10:00:00"), at("2025-03-28T15:00:00")}};

  EXPECT_EQ(chargeable_days(spans, true, policy, at("2026-01-01")), 2);
}

TEST(Betalningsklocka, GoesOnCountingAfterAWithdrawalWhereAgreed) {
  std::array<ReadySpan, 2> spans = {ReadySpan{at("2025-03-24T10:00:00"), at("2025-03-26T10:00:00")},
                                    ReadySpan{at("2025-03-26T11:00:00"), at("2025-03-28T10:00:00")}};
  Policy policy = law();

  EXPECT_EQ(chargeable_days(spans, true, policy, at("2026-01-01")), 0);
  policy.restarts_after_withdrawal = false;
  EXPECT_EQ(chargeable_days(spans, true, policy, at("2026-01-01")), 1);
}

// Invariants: never negative; a later end never costs less; ready later never costs more; withdrawn before a day was charged and
// ready again costs what the later notice alone costs.
TEST(Betalningsklocka, KeepsItsInvariantsOnRandomStays) {
  SeededRandom random(617);
  WallTime start = at("2025-01-01");
  for (int round = 0; round < 3'000; ++round) {
    WallTime ready = start + std::chrono::minutes(std::int64_t(random.below(500'000)));
    WallTime later = ready + std::chrono::minutes(std::int64_t(random.below(2 * 24 * 60)));
    WallTime ended = later + std::chrono::minutes(std::int64_t(random.below(20 * 24 * 60)));
    WallTime now = at("2027-01-01");
    auto days = [&](std::vector<ReadySpan> spans) { return chargeable_days(spans, true, law(), now); };

    EXPECT_GE(days({{ready, ended}}), 0);
    EXPECT_LE(days({{ready, ended}}), days({{ready, ended + 24h}}));
    EXPECT_LE(days({{later, ended}}), days({{ready, ended}}));
    EXPECT_EQ(days({{ready, later}, {later, ended}}), days({{later, ended}}));
  }
}

}  // namespace
}  // namespace vardbron::care
