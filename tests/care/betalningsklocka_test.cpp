#include "gateway/base/random.h"
#include "gateway/care/arende/betalningsklocka.h"
#include "gateway/time/civil.h"

#include <gtest/gtest.h>

#include <array>
#include <optional>
#include <string>
#include <vector>

namespace vardbron::care {
namespace {

using namespace std::chrono_literals;

WallTime at(std::string_view text) { return time::parse_civil(text)->at; }

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

      EXPECT_EQ(time::format_day(liability.day_zero), row.day_zero) << row.ready;
      EXPECT_EQ(time::format_local(liability.first_moment), row.first_day) << row.ready;
    }
  }
}

TEST(Betalningsklocka, CountsElapsedHoursAcrossBothChangesOfTheClock) {
  EXPECT_EQ((liability_of(at("2025-03-28T12:00:00"), law()).first_moment - at("2025-03-28T12:00:00")) / 1h, 59);
  EXPECT_EQ((liability_of(at("2025-10-24T09:00:00"), law()).first_moment - at("2025-10-24T09:00:00")) / 1h, 64);
}

TEST(Betalningsklocka, GivesPsychiatryFiveDays) {
  Liability liability = liability_of(at("2025-03-27T11:59:59"), stockholm_psychiatric());

  EXPECT_EQ(time::format_local(liability.first_moment), "2025-04-01T00:00:00+02:00");
}

TEST(Betalningsklocka, TakesItsNoonFromThePolicy) {
  Policy policy = law();
  policy.cutoff_itself_counts_as_before = false;
  EXPECT_EQ(time::format_day(liability_of(at("2025-03-27T12:00:00"), policy).day_zero), "2025-03-28");
  policy.cutoff = 14h;
  EXPECT_EQ(time::format_day(liability_of(at("2025-03-27T13:59:59"), policy).day_zero), "2025-03-27");
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

struct LinkReport {
  char event;  ///< s starts, e ends
  std::string_view at;
};

struct ClockRow {
  const char* what;
  std::vector<LinkReport> reported;
  std::string_view now, state;
  int days;
  std::string_view first, last, next;  ///< "" = none
};

class ClockTable : public testing::TestWithParam<ClockRow> {};

Betalningsklocka reported(const std::vector<LinkReport>& events) {
  Betalningsklocka clock;
  for (const LinkReport& each : events) each.event == 's' ? clock.start(at(each.at)) : clock.stop(at(each.at));
  return clock;
}

std::string day_or_nothing(std::optional<std::chrono::local_days> day) { return day ? time::format_day(*day) : ""; }

TEST_P(ClockTable, ShowsWhereItStands) {
  const ClockRow& row = GetParam();
  ClockReading reading = reported(row.reported).read(law(), true, at(row.now));
  EXPECT_EQ(to_string(reading.state), row.state);
  EXPECT_EQ(reading.days, row.days);
  EXPECT_EQ(day_or_nothing(reading.first), row.first);
  EXPECT_EQ(day_or_nothing(reading.last), row.last);
  EXPECT_EQ(reading.next_change ? time::format_local(*reading.next_change) : "", row.next);
}

INSTANTIATE_TEST_SUITE_P(
    States, ClockTable,
    testing::Values(
        ClockRow{"never_ready", {}, "2025-03-28T12:00:00", "vilar", 0, "", "", ""},
        ClockRow{"stopped_before_it_started", {{'e', "2025-03-20T10:00:00"}}, "2025-03-28T12:00:00", "vilar", 0, "", "", ""},
        ClockRow{
            "free_days", {{'s', "2025-03-27T10:00:00"}}, "2025-03-29T23:59:59", "raknar", 0, "", "", "2025-03-30T00:00:00+01:00"},
        ClockRow{"first_day",
                 {{'s', "2025-03-27T10:00:00"}},
                 "2025-03-30T00:00:00",
                 "betalar",
                 0,
                 "2025-03-30",
                 "",
                 "2025-03-31T00:00:00+02:00"},
        ClockRow{"after_the_short_day",
                 {{'s', "2025-03-27T10:00:00"}},
                 "2025-03-31T00:00:00",
                 "betalar",
                 1,
                 "2025-03-30",
                 "2025-03-30",
                 "2025-04-01T00:00:00+02:00"},
        ClockRow{"the_long_day_goes_on",
                 {{'s', "2025-10-23T10:00:00"}},
                 "2025-10-26T23:30:00",
                 "betalar",
                 0,
                 "2025-10-26",
                 "",
                 "2025-10-27T00:00:00+01:00"},
        ClockRow{
            "left_in_time", {{'s', "2025-03-27T10:00:00"}, {'e', "2025-03-29T15:00:00"}}, "2025-06-01", "stannad", 0, "", "", ""},
        ClockRow{"left_on_the_first_day",
                 {{'s', "2025-03-27T10:00:00"}, {'e', "2025-03-30T15:00:00"}},
                 "2025-06-01",
                 "stannad",
                 0,
                 "",
                 "",
                 ""},
        ClockRow{"left_late",
                 {{'s', "2025-03-27T10:00:00"}, {'e', "2025-04-02T15:00:00"}},
                 "2025-06-01",
                 "stannad",
                 3,
                 "2025-03-30",
                 "2025-04-01",
                 ""},
        ClockRow{"started_twice",
                 {{'s', "2025-03-27T10:00:00"}, {'s', "2025-03-29T10:00:00"}},
                 "2025-03-31T00:00:00",
                 "betalar",
                 1,
                 "2025-03-30",
                 "2025-03-30",
                 "2025-04-01T00:00:00+02:00"},
        ClockRow{"stopped_twice",
                 {{'s', "2025-03-27T10:00:00"}, {'e', "2025-03-29T10:00:00"}, {'e', "2025-04-29T10:00:00"}},
                 "2025-06-01",
                 "stannad",
                 0,
                 "",
                 "",
                 ""},
        ClockRow{"ready_again_counts_from_zero",
                 {{'s', "2025-03-27T10:00:00"}, {'e', "2025-03-29T10:00:00"}, {'s', "2025-03-29T11:00:00"}},
                 "2025-03-31T12:00:00",
                 "raknar",
                 0,
                 "",
                 "",
                 "2025-04-01T00:00:00+02:00"},
        ClockRow{"stopped_at_a_time_to_come",
                 {{'s', "2025-03-24T10:00:00"}, {'e', "2025-03-29T15:00:00"}},
                 "2025-03-28T12:00:00",
                 "stannad",
                 1,
                 "2025-03-27",
                 "2025-03-27",
                 "2025-03-29T00:00:00+01:00"},
        ClockRow{"stopped_later_on_this_day",
                 {{'s', "2025-03-24T10:00:00"}, {'e', "2025-03-28T15:00:00"}},
                 "2025-03-28T12:00:00",
                 "stannad",
                 1,
                 "2025-03-27",
                 "2025-03-27",
                 "2025-03-28T15:00:00+01:00"},
        ClockRow{"a_time_to_come",
                 {{'s', "2025-03-27T10:00:00"}},
                 "2025-03-26T12:00:00",
                 "raknar",
                 0,
                 "",
                 "",
                 "2025-03-30T00:00:00+01:00"}),
    [](const auto& each) { return each.param.what; });

TEST(BetalningsklockaOfACase, RestsUntilAnAdmissionWasTold) {
  EXPECT_EQ(reported({{'s', "2025-03-27T10:00:00"}}).read(law(), false, at("2025-06-01")), ClockReading{});
}

TEST(BetalningsklockaByAverage, CountsWhatThePatientWaitedAndChargesNobodyForIt) {
  Betalningsklocka clock = reported({{'s', "2025-03-24T10:00:00"}});
  ClockReading running = clock.read(average(), true, at("2025-04-01T12:00:00"));
  EXPECT_EQ(running.state, ClockState::Raknar);
  EXPECT_EQ(running.days, 8);
  EXPECT_FALSE(running.first);
  EXPECT_EQ(time::format_local(*running.next_change), "2025-04-02T00:00:00+02:00");
  EXPECT_EQ(chargeable_days(clock.spans(), true, average(), at("2025-04-01T12:00:00")), 0);

  clock.stop(at("2025-04-01T15:00:00"));
  EXPECT_EQ(clock.read(average(), true, at("2025-06-01")).state, ClockState::Stannad);
  EXPECT_EQ(clock.read(average(), true, at("2025-06-01")).days, 8);
}

TEST(BetalningsklockaByAverage, LeavesOutDaysOnWhichNobodyIsLiable) {
  Betalningsklocka clock = reported({{'s', "2025-03-24T10:00:00"}, {'e', "2025-04-01T15:00:00"}});
  using std::chrono::local_days, std::chrono::year;
  const ExemptDays hindered{local_days(year(2025) / 3 / 28), local_days(year(2025) / 3 / 30)};
  EXPECT_EQ(clock.read(average(), true, at("2025-06-01"), std::span(&hindered, 1)).days, 5);
  EXPECT_EQ(waited_days(clock.spans(), average(), at("2025-06-01"), std::span(&hindered, 1)), 5);
}

struct Month {
  std::vector<int> waited;
  int charged, rounded_up;
};

TEST(BetalningsklockaByAverage, ChargesWhatIsAboveTheFreeAverage) {
  const Month table[] = {{{}, 0, 0},         {{3}, 0, 0},       {{4}, 1, 1},           {{0, 6}, 0, 0},
                         {{0, 0, 12}, 3, 3}, {{1, 2, 3}, 0, 0}, {{10, 10, 10}, 21, 21}};
  Policy policy = average();
  for (const Month& month : table) EXPECT_EQ(average_chargeable_days(month.waited, policy), month.charged);
  policy.free_average_tenths = 25;
  EXPECT_EQ(average_chargeable_days(std::vector<int>{4}, policy), 1);
  policy.average_rounds_up = true;
  EXPECT_EQ(average_chargeable_days(std::vector<int>{4}, policy), 2);
}

// Invariants: never negative; a patient who leaves on day 0 never raises the bill; one who waits longer never lowers it.
TEST(BetalningsklockaByAverage, KeepsItsInvariantsOnRandomMonths) {
  SeededRandom random(30);
  for (int round = 0; round < 2'000; ++round) {
    std::vector<int> month(random.below(12));
    for (int& waited : month) waited = int(random.below(10));
    int before = average_chargeable_days(month, average());
    EXPECT_GE(before, 0);
    month.push_back(0);
    EXPECT_LE(average_chargeable_days(month, average()), before);
    int with_short = average_chargeable_days(month, average());
    ++month[random.below(month.size())];
    EXPECT_GE(average_chargeable_days(month, average()), with_short);
  }
}

// Invariants: what is read agrees with chargeable_days; between now and next_change nothing changes, and at next_change something
// does, or the next one is later.
TEST(BetalningsklockaOfACase, ChangesByTimeAloneOnlyWhenItSaysSo) {
  SeededRandom random(88);
  for (int round = 0; round < 500; ++round) {
    Betalningsklocka clock;
    WallTime time = at("2025-10-20") + std::chrono::minutes(std::int64_t(random.below(8 * 24 * 60)));
    for (int step = 0; step < 3; ++step) {
      clock.start(time);
      time += std::chrono::minutes(std::int64_t(random.below(6 * 24 * 60)));
      if (step < 2) clock.stop(time);
      time += std::chrono::minutes(std::int64_t(random.below(2 * 24 * 60)));
    }
    const Policy policy = round % 2 == 0 ? law() : average();
    for (int look = 0; look < 6; ++look) {
      ClockReading reading = clock.read(policy, true, time);
      ASSERT_TRUE(reading.next_change);
      ASSERT_GT(*reading.next_change, time);
      if (round % 2 == 0) {
        EXPECT_EQ(reading.days, chargeable_days(clock.spans(), true, policy, time));
      }
      EXPECT_EQ(clock.read(policy, true, *reading.next_change - 1ms), reading);
      ClockReading next = clock.read(policy, true, *reading.next_change);
      EXPECT_TRUE(next.days == reading.days + 1 || next.state != reading.state);
      time = *reading.next_change + std::chrono::minutes(std::int64_t(random.below(40 * 60)));
    }
  }
}

}  // namespace
}  // namespace vardbron::care
