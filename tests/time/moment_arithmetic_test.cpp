#include "gateway/base/check.h"
#include "gateway/base/random.h"
#include "gateway/base/text.h"
#include "gateway/time/milliseconds.h"
#include "gateway/time/moment.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace vardbron::time {
namespace {

using Form = Moment::Form;
using Precision = Moment::Precision;
using Step = Moment::Step;

Moment read(std::string_view text) {
  const Form form = text.find(':') == 2 ? Form::Time : Form::DateTime;
  const std::optional<Moment> moment = Moment::parse(text, form, fhirpath_text);
  CHECK(moment);
  return *moment;
}

std::string written(const std::optional<Moment>& moment) { return moment ? moment->to_string() : "none"; }

TEST(MomentPeriod, ReachesToTheLastMillisecond) {
  struct Row {
    std::string_view text, first, last;
  };
  for (const Row& row : {Row{"2025", "2025-01-01T00:00:00.000Z", "2025-12-31T23:59:59.999Z"},
                         Row{"9999", "9999-01-01T00:00:00.000Z", "9999-12-31T23:59:59.999Z"},
                         Row{"2024-02", "2024-02-01T00:00:00.000Z", "2024-02-29T23:59:59.999Z"},
                         Row{"1900-02", "1900-02-01T00:00:00.000Z", "1900-02-28T23:59:59.999Z"},
                         Row{"2025-12", "2025-12-01T00:00:00.000Z", "2025-12-31T23:59:59.999Z"},
                         Row{"2025-03-27", "2025-03-27T00:00:00.000Z", "2025-03-27T23:59:59.999Z"},
                         Row{"1969-12-31", "1969-12-31T00:00:00.000Z", "1969-12-31T23:59:59.999Z"},
                         Row{"2025-03-27T10", "2025-03-27T10:00:00.000Z", "2025-03-27T10:59:59.999Z"},
                         Row{"2025-03-27T10:15", "2025-03-27T10:15:00.000Z", "2025-03-27T10:15:59.999Z"},
                         Row{"2025-03-27T00:30:00+01:00", "2025-03-26T23:30:00.000Z", "2025-03-26T23:30:00.999Z"},
                         Row{"2025-03-27T23:30:00-01:00", "2025-03-28T00:30:00.000Z", "2025-03-28T00:30:00.999Z"},
                         Row{"2025-03-27T11:59:59.12Z", "2025-03-27T11:59:59.120Z", "2025-03-27T11:59:59.120Z"}}) {
    const Period period = read(row.text).period();
    EXPECT_EQ(to_instant(period.first), row.first) << row.text;
    EXPECT_EQ(to_instant(period.last), row.last) << row.text;
  }
}

// FHIRPath N1 6.1.1 and 6.2.
TEST(MomentOrder, IsOpenWhereThePrecisionDoesNotDecide) {
  struct Row {
    std::string_view left, right, order;
  };
  for (const Row& row :
       {Row{"2025", "2025", "equal"}, Row{"2024", "2025", "less"}, Row{"2025", "2025-03", "open"}, Row{"2024", "2025-03", "less"},
        Row{"2025-03-27", "2025-03-28", "less"}, Row{"2025-03", "2025-02-28", "greater"},
        Row{"2025-03-27T10:00:00Z", "2025-03-27T11:00:00+01:00", "equal"}, Row{"2025-03-27T10:00", "2025-03-27T10:00:00", "open"},
        Row{"2025-03-27T10:00:00Z", "2025-03-27T10:00:00.000Z", "equal"},  // seconds and milliseconds are one precision
        Row{"2025-03-27T10:00:01Z", "2025-03-27T10:00:00.999Z", "greater"}, Row{"2025-03-27", "2025-03-27T10:00:00Z", "open"},
        Row{"2025-03-27T10:00:00", "2025-03-27T10:00:00Z", "open"}, Row{"2025-03-27T10:00:00", "2025-03-28T00:00:00Z", "open"},
        Row{"2025-03-27T10:00:00", "2025-03-28T00:00:01Z", "less"}, Row{"2025-03-27T10:00:00", "2025-03-26T19:59:59Z", "greater"},
        Row{"10:30", "10:31", "less"}, Row{"10:30", "10:30:00", "open"}, Row{"10:30:00", "10:30:00.000", "equal"}}) {
    const Moment left = read(row.left), right = read(row.right);
    const std::optional<int> order = Moment::compare(left, right), back = Moment::compare(right, left);
    EXPECT_EQ(!order       ? "open"
              : *order < 0 ? "less"
              : *order > 0 ? "greater"
                           : "equal",
              row.order)
        << row.left << " " << row.right;
    EXPECT_EQ(back, order ? std::optional(-*order) : order) << row.left << " " << row.right;
    EXPECT_EQ(Moment::equal(left, right), order ? std::optional(*order == 0) : std::nullopt) << row.left << " " << row.right;
    EXPECT_EQ(Moment::equivalent(left, right), row.order == "equal") << row.left << " " << row.right;
    if (row.order == "equal") EXPECT_EQ(left.equality_key(), right.equality_key()) << row.left << " " << row.right;
  }
  EXPECT_EQ(Moment::equal(read("10:30"), read("2025")), false);
}

// Each reading of a moment at a coarser precision begins before it, ends after it, and is open beside it.
TEST(MomentOrder, AgreesBetweenThePrecisions) {
  SeededRandom random(61);
  for (int round = 0; round < 2'000; ++round) {
    const Moment::Parts parts{1 + int(random.below(9999)), 1 + int(random.below(12)), 1 + int(random.below(28)),
                              int(random.below(24)),       int(random.below(60)),     int(random.below(60)),
                              int(random.below(1000))};
    std::vector<Moment> known;
    for (int precision = 0; precision <= 6; ++precision)
      known.push_back(*Moment::of(parts, Form::DateTime, static_cast<Precision>(precision)));
    for (std::size_t coarse = 0; coarse < known.size(); ++coarse) {
      for (std::size_t fine = coarse; fine < known.size(); ++fine) {
        const Period outer = known[coarse].period(), inner = known[fine].period();
        ASSERT_LE(outer.first, inner.first) << written(known[coarse]) << " " << written(known[fine]);
        ASSERT_GE(outer.last, inner.last) << written(known[coarse]) << " " << written(known[fine]);
        if (coarse != fine && fine < 6) ASSERT_EQ(Moment::compare(known[coarse], known[fine]), std::nullopt);
      }
    }
  }
}

TEST(MomentBoundary, IsTheFirstOrLastThatThePrecisionLeavesOpen) {
  struct Row {
    std::string_view text;
    Precision wanted;
    std::string_view low, high;
  };
  for (const Row& row :
       {Row{"2014", Precision::Month, "2014-01", "2014-12"}, Row{"2014-02", Precision::Day, "2014-02-01", "2014-02-28"},
        Row{"2016-02", Precision::Day, "2016-02-01", "2016-02-29"}, Row{"9999-12", Precision::Day, "9999-12-01", "9999-12-31"},
        Row{"2014-01-05T10", Precision::Day, "2014-01-05", "2014-01-05"}, Row{"2014-01-05", Precision::Year, "2014", "2014"},
        Row{"2014-01-05T10:30+01:00", Precision::Millisecond, "2014-01-05T10:30:00.000+01:00", "2014-01-05T10:30:59.999+01:00"},
        Row{"2014", Precision::Millisecond, "2014-01-01T00:00:00.000+14:00", "2014-12-31T23:59:59.999-12:00"},
        Row{"2014-01-05T10:30", Precision::Hour, "2014-01-05T10+14:00", "2014-01-05T10-12:00"},
        Row{"10:30", Precision::Millisecond, "10:30:00.000", "10:30:59.999"},
        Row{"10:30:05", Precision::Minute, "10:30", "10:30"}}) {
    EXPECT_EQ(read(row.text).low_boundary(row.wanted).to_string(), row.low) << row.text;
    EXPECT_EQ(read(row.text).high_boundary(row.wanted).to_string(), row.high) << row.text;
  }
  const Moment month = read("2016-02").as(Form::Date);
  EXPECT_EQ(month.high_boundary(Precision::Day).to_string(), "2016-02-29");
}

// FHIRPath N1 6.7.
TEST(MomentPlus, CountsByWholeStepsAndUnits) {
  struct Row {
    std::string_view text;
    std::int64_t count;
    Step step;
    std::string_view moved;
  };
  for (const Row& row : {Row{"2024-01-31", 1, Step::Month, "2024-02-29"},
                         Row{"2025-01-31", 1, Step::Month, "2025-02-28"},
                         Row{"2024-02-29", 1, Step::Year, "2025-02-28"},
                         Row{"2024-02-29", -4, Step::Year, "2020-02-29"},
                         Row{"2024-03-31T10:00:00Z", -1, Step::Month, "2024-02-29T10:00:00Z"},
                         Row{"1969-12-31", 1, Step::Day, "1970-01-01"},
                         Row{"1970-01-01T00:00:00Z", -1, Step::Second, "1969-12-31T23:59:59Z"},
                         Row{"2024-12-31", 1, Step::Week, "2025-01-07"},
                         Row{"2024-12-31", 23, Step::Hour, "2024-12-31"},
                         Row{"2024-12-31", 24, Step::Hour, "2025-01-01"},
                         Row{"2024-12-31", -23, Step::Hour, "2024-12-31"},
                         Row{"2024-12-31T10:00", 59, Step::Second, "2024-12-31T10:00"},
                         Row{"2024-12-31T10:00", 61, Step::Second, "2024-12-31T10:01"},
                         Row{"2024", 11, Step::Month, "2024"},
                         Row{"2024", 25, Step::Month, "2026"},
                         Row{"2024", 364, Step::Day, "2024"},
                         Row{"2024", 365, Step::Day, "2025"},
                         Row{"2024-01", 29, Step::Day, "2024-01"},
                         Row{"2024-01", 30, Step::Day, "2024-02"},
                         Row{"9999-12-31", 1, Step::Day, "none"},
                         Row{"0001-01-01", -1, Step::Day, "none"},
                         Row{"9999", 1, Step::Year, "none"},
                         Row{"0001-12", -12, Step::Month, "none"},
                         Row{"2024", 9'000'000'000'000'000'000, Step::Year, "none"},
                         Row{"2024-01-01", 200'001, Step::Month, "none"},
                         Row{"2024-01-01T00:00:00Z", 9'000'000'000'000'000'000, Step::Millisecond, "none"},
                         Row{"23:59", 1, Step::Minute, "00:00"},
                         Row{"00:00:00", -1, Step::Second, "23:59:59"},
                         Row{"10:30", 25, Step::Hour, "11:30"}})
    EXPECT_EQ(written(read(row.text).plus(row.count, row.step)), row.moved) << row.text << " and " << row.count;
}

TEST(MomentPlus, ComesBackTheWayItWent) {
  SeededRandom random(67);
  for (int round = 0; round < 10'000; ++round) {
    const Moment::Parts parts{1000 + int(random.below(8000)), 1 + int(random.below(12)), 1 + int(random.below(28)),
                              int(random.below(24)),          int(random.below(60)),     int(random.below(60)),
                              int(random.below(1000))};
    const Moment moment = *Moment::of(parts, Form::DateTime, static_cast<Precision>(random.below(7)));
    const auto step = static_cast<Step>(random.below(8));
    const std::int64_t count = static_cast<std::int64_t>(random.below(2'000)) - 1'000;
    const std::optional<Moment> there = moment.plus(count, step);
    if (!there) continue;  // a thousand years are at times too far
    const std::optional<Moment> back = there->plus(-count, step);
    ASSERT_EQ(written(back), written(moment)) << count << " of step " << int(step) << " by " << written(there);
    ASSERT_EQ(Moment::compare(moment, *there).value_or(0) > 0, written(there) < written(moment));
  }
}

TEST(Milliseconds, AreRoundedDownOnBothSidesOf1970) {
  EXPECT_EQ(floor_div(-1, day_ms), -1);
  EXPECT_EQ(floor_div(-day_ms, day_ms), -1);
  EXPECT_EQ(floor_div(0, day_ms), 0);
  EXPECT_EQ(floor_div(day_ms - 1, day_ms), 0);
  EXPECT_EQ(floor_div(day_ms, day_ms), 1);
}

}  // namespace
}  // namespace vardbron::time
