#include "gateway/mapping/compile/transforms.h"
#include "gateway/mapping/map.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace vardbron::mapping {
namespace {

std::string shown(const Result<std::string>& result) { return result ? *result : "!" + result.failure().says; }

struct CastCase {
  const char *text, *type, *result;  ///< "!" = refused
};

class Cast : public testing::TestWithParam<CastCase> {};

TEST_P(Cast, TakesWhatFitsAndRefusesTheRest) {
  Result<std::string> result = cast_to(GetParam().text, GetParam().type);
  if (GetParam().result[0] == '!') {
    ASSERT_FALSE(result.ok()) << *result;
    EXPECT_THAT(result.failure().says, testing::Not(testing::HasSubstr(GetParam().text))) << "a failure never repeats a value";
  } else {
    EXPECT_EQ(shown(result), GetParam().result);
  }
}

INSTANTIATE_TEST_SUITE_P(
    Table, Cast,
    testing::Values(CastCase{"12", "integer", "12"}, CastCase{" +12 ", "integer", "12"}, CastCase{"12.0", "integer", "12"},
                    CastCase{"12.5", "integer", "!"}, CastCase{"2147483648", "integer", "!"},
                    CastCase{"-2147483648", "integer", "-2147483648"}, CastCase{"0", "positiveInt", "!"},
                    CastCase{"1", "positiveInt", "1"}, CastCase{"-1", "unsignedInt", "!"}, CastCase{"1.10", "decimal", "1.10"},
                    CastCase{"1,10", "decimal", "!"}, CastCase{"Yes", "boolean", "true"}, CastCase{"0", "boolean", "false"},
                    CastCase{"maybe", "boolean", "!"}, CastCase{"2026-02-28", "date", "2026-02-28"},
                    CastCase{"2026-02-30", "date", "!"}, CastCase{"2026-02-28T10:00:00Z", "date", "2026-02-28"},
                    CastCase{"2026-02-28T10:00:00", "dateTime", "!"}, CastCase{"2026", "dateTime", "2026"},
                    CastCase{"2026", "instant", "!"}, CastCase{"10:00:00", "time", "10:00:00"}, CastCase{"25:00:00", "time", "!"},
                    CastCase{" x ", "string", "x"}, CastCase{"  ", "string", "!"}));

struct MomentCase {
  const char *text, *format;
  MomentForm form;
  const char* result;
};

class ReadMoment : public testing::TestWithParam<MomentCase> {};

TEST_P(ReadMoment, ReadsByTheGuidesCodes) {
  Result<std::string> result = read_moment(GetParam().text, GetParam().format, GetParam().form, nullptr);
  EXPECT_EQ(result ? *result : "!", GetParam().result) << shown(result);
}

INSTANTIATE_TEST_SUITE_P(
    Table, ReadMoment,
    testing::Values(
        MomentCase{"20260131", "yyyyMMdd", MomentForm::Date, "2026-01-31"},
        MomentCase{"31.1.2026", "d.M.yyyy", MomentForm::Date, "2026-01-31"},
        MomentCase{"260131", "yyMMdd", MomentForm::Date, "2026-01-31"},
        MomentCase{"500131", "yyMMdd", MomentForm::Date, "1950-01-31"}, MomentCase{"2026", "yyyy", MomentForm::Date, "2026"},
        MomentCase{"2026-01", "yyyy-MM", MomentForm::Date, "2026-01"}, MomentCase{"20260229", "yyyyMMdd", MomentForm::Date, "!"},
        MomentCase{"20240229", "yyyyMMdd", MomentForm::Date, "2024-02-29"},
        MomentCase{"2026013", "yyyyMMdd", MomentForm::Date, "!"}, MomentCase{"202601310", "yyyyMMdd", MomentForm::Date, "!"},
        MomentCase{"2026-01-31", "", MomentForm::Date, "2026-01-31"},
        MomentCase{"20260131100530+0100", "yyyyMMddHHmmssZ", MomentForm::DateTime, "2026-01-31T10:05:30+01:00"},
        MomentCase{"20260131100530Z", "yyyyMMddHHmmssZ", MomentForm::DateTime, "2026-01-31T10:05:30Z"},
        MomentCase{"20260131100530.123Z", "yyyyMMddHHmmss.SSSZ", MomentForm::DateTime, "2026-01-31T10:05:30.123Z"},
        MomentCase{"20260131100530", "yyyyMMddHHmmss", MomentForm::DateTime, "!"},
        MomentCase{"20260131", "yyyyMMdd", MomentForm::DateTime, "2026-01-31"},
        MomentCase{"2026013124", "yyyyMMddHH", MomentForm::DateTime, "!"},
        MomentCase{"1:05 PM", "h:mm a", MomentForm::Time, "13:05:00"},
        MomentCase{"12:05 PM", "hh:mm a", MomentForm::Time, "12:05:00"}, MomentCase{"13:05 PM", "hh:mm a", MomentForm::Time, "!"},
        MomentCase{"130560", "HHmmss", MomentForm::Time, "!"},
        MomentCase{"03 Jun 2024", "dd MMM yyyy", MomentForm::Date, "2024-06-03"},
        MomentCase{"3 okt. 2024", "d MMM yyyy", MomentForm::Date, "2024-10-03"},
        MomentCase{"September 2024", "MMMM yyyy", MomentForm::Date, "2024-09"},
        MomentCase{"3 AUGUSTI 2024", "d MMMM yyyy", MomentForm::Date, "2024-08-03"},
        MomentCase{"3 Thermidor 2024", "d MMMM yyyy", MomentForm::Date, "!"},
        MomentCase{"2024-06-03 10:00 CET", "yyyy-MM-dd HH:mm z", MomentForm::DateTime, "2024-06-03T10:00:00+01:00"},
        MomentCase{"2024-06-03 10:00 PDT", "yyyy-MM-dd HH:mm z", MomentForm::DateTime, "2024-06-03T10:00:00-07:00"},
        MomentCase{"2024-06-03 10:00 UTC", "yyyy-MM-dd HH:mm z", MomentForm::DateTime, "2024-06-03T10:00:00Z"},
        MomentCase{"2024-06-03 10:00 +02:00", "yyyy-MM-dd HH:mm z", MomentForm::DateTime, "2024-06-03T10:00:00+02:00"},
        MomentCase{"2024-06-03 10:00 Mars", "yyyy-MM-dd HH:mm z", MomentForm::DateTime, "!"},
        MomentCase{"2024-06-03 10:00 America/Lima", "yyyy-MM-dd HH:mm z", MomentForm::DateTime, "!"},
        MomentCase{"2024-06-03T10:00Z", "yyyy-MM-dd'T'HH:mmZ", MomentForm::DateTime, "2024-06-03T10:00:00Z"},
        MomentCase{"2024-06-03x10:00Z", "yyyy-MM-dd'T'HH:mmZ", MomentForm::DateTime, "!"},
        MomentCase{"kl '10:00'", "kl ''HH:mm''", MomentForm::Time, "!"}, MomentCase{"'10'", "'HH'", MomentForm::Time, "10:00:00"},
        MomentCase{"20260000", "yyyyMMdd", MomentForm::Date, "2026"},
        MomentCase{"20260300", "yyyyMMdd", MomentForm::Date, "2026-03"},
        MomentCase{"20260012", "yyyyMMdd", MomentForm::Date, "!"}, MomentCase{"00000000", "yyyyMMdd", MomentForm::Date, "!"},
        MomentCase{"202601311005", "yyyyMMddHHmm", MomentForm::Date, "2026-01-31"},
        MomentCase{"202601312505", "yyyyMMddHHmm", MomentForm::Date, "!"},
        MomentCase{"202601 10Z", "yyyyMM HHZ", MomentForm::DateTime, "!"},
        MomentCase{"2026013110+0000", "yyyyMMddHHZ", MomentForm::DateTime, "2026-01-31T10:00:00+00:00"},
        MomentCase{"20260131100530.123456789Z", "yyyyMMddHHmmss.SSSSSSSSSZ", MomentForm::DateTime,
                   "2026-01-31T10:05:30.123456789Z"}));

TEST(ReadMomentInAPlace, KnowsTheZoneOfThePlaceByItsName) {
  struct Place : CivilZone {
    int offset_minutes(std::int64_t) const override { return 90; }
    std::string_view name() const override { return "Test/Place"; }
  } place;

  EXPECT_EQ(shown(read_moment("20240603 10:00 Test/Place", "yyyyMMdd HH:mm z", MomentForm::DateTime, &place)),
            "2024-06-03T10:00:00+01:30");
  EXPECT_FALSE(read_moment("20240603 10:00 Test/Elsewhere", "yyyyMMdd HH:mm z", MomentForm::DateTime, &place).ok());
}

TEST(UnixMoment, LiesInTheYearsOfTheCalendarWhereItIsRead) {
  struct Row {
    std::string_view seconds, offset, made;
  };
  for (const Row& row : {Row{"253402300799", "", "9999-12-31T23:59:59Z"}, Row{"253402300799", "+01:00", "!"},
                         Row{"253402300799", "-01:00", "9999-12-31T22:59:59-01:00"}, Row{"253402300800", "", "!"},
                         Row{"-62135596800", "+0000", "0001-01-01T00:00:00+00:00"}, Row{"-62135596800", "-00:01", "!"},
                         Row{"9223372036854775807", "+14:00", "!"}, Row{"1.5", "", "!"}, Row{"0", "+1", "!"},
                         Row{"0", "+01:00x", "!"}, Row{" -1 ", "Z", "1969-12-31T23:59:59Z"}}) {
    Result<std::string> made = unix_moment(row.seconds, row.offset, MomentForm::DateTime);
    EXPECT_EQ(made ? *made : "!", row.made) << row.seconds << row.offset;
  }
}

TEST(UnixMoment, CountsSecondsInBothDirections) {
  EXPECT_EQ(shown(unix_moment("0", "", MomentForm::DateTime)), "1970-01-01T00:00:00Z");
  EXPECT_EQ(shown(unix_moment("-1", "", MomentForm::DateTime)), "1969-12-31T23:59:59Z");
  EXPECT_EQ(shown(unix_moment("0", "-05:30", MomentForm::Date)), "1969-12-31");
  EXPECT_EQ(shown(unix_moment("3600", "+01:00", MomentForm::Time)), "02:00:00");
  EXPECT_FALSE(unix_moment("1.5", "", MomentForm::Date).ok());
  EXPECT_FALSE(unix_moment("0", "Stockholm", MomentForm::Date).ok());
}

TEST(MovedMoment, MovesByCalendarSteps) {
  EXPECT_EQ(shown(moved_moment("2026-01-31", "1 month")), "2026-02-28");
  EXPECT_EQ(shown(moved_moment("2026-03-01T10:00:00Z", "-2 hours")), "2026-03-01T08:00:00Z");
  EXPECT_FALSE(moved_moment("2026-01-31", "soon").ok());
  EXPECT_FALSE(moved_moment("yesterday", "1 day").ok());
}

TEST(Escaped, GoesThereAndBack) {
  const std::string text = "a <b> & \"c\" 'd' \\ \n å";
  for (const char* format : {"html", "xml", "json"}) {
    Result<std::string> there = escaped(text, "none", format);
    ASSERT_TRUE(there.ok());
    EXPECT_EQ(shown(escaped(*there, format, "none")), text) << format;
  }
  EXPECT_EQ(shown(escaped("&#xE5;&amp;", "xml", "html")), "å&amp;");
  EXPECT_EQ(shown(escaped("\\u00e5\\/", "json", "none")), "å/");
  EXPECT_FALSE(escaped("&nosuch;", "xml", "none").ok());
  EXPECT_EQ(shown(escaped("\\ud83d\\ude00", "json", "none")), "😀");
  EXPECT_FALSE(escaped("\\ud800", "json", "none").ok());
  EXPECT_FALSE(escaped("x", "latin", "none").ok());
}

TEST(Truncated, NeverCutsACharacterInTwo) {
  EXPECT_EQ(truncated("åäö", 0), "");
  EXPECT_EQ(truncated("åäö", 1), "å");
  EXPECT_EQ(truncated("åäö", 9), "åäö");
}

TEST(ReadQuantity, SplitsComparatorNumberAndUnit) {
  Result<QuantityText> read = read_quantity(">= 5.50 'mg'");
  ASSERT_TRUE(read.ok());
  EXPECT_EQ(read->comparator, ">=");
  EXPECT_EQ(read->value, "5.50");
  EXPECT_EQ(read->unit, "mg");
  EXPECT_FALSE(read_quantity("much").ok());
}

TEST(ContactSystem, LooksAtTheValue) {
  EXPECT_EQ(contact_system("a@b.example"), "email");
  EXPECT_EQ(contact_system("https://b.example"), "url");
  EXPECT_EQ(contact_system("+46 (0)10-000 00 05"), "phone");
  EXPECT_EQ(contact_system("ask Anna"), "other");
}

}  // namespace
}  // namespace vardbron::mapping
