#include "tests/fhirpath/fixture.h"

#include <gtest/gtest.h>

// Concern: the examples of the FHIRPath specification on literals and functions, as tables.
namespace vardbron::fhirpath {
namespace {

using testing::answer;
using testing::Row;

/// "error" stands for any error.
void expect_all(std::initializer_list<Row> rows) {
  for (const Row& row : rows) {
    const std::string given = answer(row.expression);
    EXPECT_EQ(given.starts_with("error: ") ? "error" : given, row.expected) << row.expression << " gave " << given;
  }
}

TEST(FhirPathSpecification, ReadsLiteralsWithTheirEscapes) {
  expect_all({{"'\\p'", "p"},
              {"'\\\\p'", "\\p"},
              {"'\\3'", "3"},
              {"'\\u005'", "u005"},
              {"'\\\"'", "\""},
              {"'\\`'", "`"},
              {"@2014-03-25T", "2014-03-25"},
              {"@2014T is DateTime", "true"},
              {"@2014-01T is DateTime", "true"},
              {"@2014 is Date", "true"},
              {"4.5 'mg'", "4.5 'mg'"},
              {"100 '[degF]'", "100 '[degF]'"},
              {"2 years", "2 years"},
              {"(4+5).count()", "1"},
              {"5 + 10.0", "15.0"}});
}

TEST(FhirPathSpecification, ComparesAndCombinesCollections) {
  expect_all({{"{} = {}", ""},
              {"true > {}", ""},
              {"{} != 'dummy'", ""},
              {"1 'm' | 100 'cm'", "1 'm'"},
              {"1.combine(2).combine(3).isDistinct()", "true"},
              {"1.combine(2).combine(3).combine(2).isDistinct()", "false"},
              {"1 'm'.combine(100 'cm').isDistinct()", "false"},
              {"(3 | 1 | 2).sort($this desc)", "3, 2, 1"},
              {"('3' | '1' | '10').sort()", "1, 10, 3"},
              {"(0 | 1 | 2).tail()", "1, 2"},
              {"(0 | 1 | 2).skip(1)", "1, 2"},
              {"(0 | 1 | 2).take(5)", "0, 1, 2"},
              {"(1 | 2 | 3).intersect(2 | 4)", "2"},
              {"(1 | 2 | 3).exclude(2)", "1, 3"},
              {"1.combine(1).combine(2).combine(3).union(2|3)", "1, 2, 3"},
              {"1.combine(1).combine(2).combine(3).union({})", "1, 2, 3"},
              {"1.combine(1, true).combine(2, true)", "1, 1, 2"},
              {"iif(1, 'true', 'false')", "true"},
              {"iif(0, 'true', 'false')", "true"},
              {"iif('hi', 'true', 'false')", "true"},
              {"{}.iif(true, 'It is true', 'It is false')", "It is true"},
              {"{}.select(iif(true, 'It is true', 'It is false'))", ""}});
}

TEST(FhirPathSpecification, ConvertsValues) {
  expect_all({{"'hello'.toBoolean()", ""},
              {"'T'.toBoolean()", "true"},
              {"1.0.toBoolean()", "true"},
              {"1.00.toBoolean()", "true"},
              {"2.toBoolean()", ""},
              {"'abc'.convertsToBoolean()", "false"},
              {"'1'.toInteger()", "1"},
              {"'st'.toInteger()", ""},
              {"'+1'.toInteger()", "1"},
              {"'1.0'.convertsToInteger()", "false"},
              {"1.0.toInteger()", ""},
              {"1.0.convertsToInteger()", "false"},
              {"42.toLong()", "42"},
              {"'abc'.toLong()", ""},
              {"@2024-01-15T23:30:00-05:00.toDate()", "2024-01-15"},
              {"'15-01-2024'.toDate('dd-MM-yyyy')", "2024-01-15"},
              {"'12-27'.toDate('MM-yy')", "2027-12"},
              {"'2012-01-01T10:00'.toDateTime()", "2012-01-01T10:00"},
              {"@2012.toDateTime() is DateTime", "true"},
              {"'42'.toDecimal()", "42"},
              {"'1.'.toDecimal()", ""},
              {"'.1'.toDecimal()", ""},
              {"'4 days'.toQuantity()", "4 days"},
              {"'10 \\'mm[Hg]\\''.toQuantity()", "10 'mm[Hg]'"},
              {"'4days'.toQuantity()", "4 days"},
              {"45.toQuantity('m')", "45 'm'"},
              {"1 'wk'.toQuantity('d')", "7 'd'"},
              {"7 days.toQuantity('wk')", "1 'wk'"},
              {"182.5 days.toQuantity('a')", "0.5 'a'"},
              {"10 'Cel'.convertsToQuantity('degF')", "false"},
              {"(53 'km').toString()", "53 'km'"},
              {"(4 days).toString()", "4 days"},
              {"@2020-01-01T10:00:00.000+10:00.toString()", "2020-01-01T10:00:00.000+10:00"},
              {"@T11:45.toString()", "11:45"},
              {"'14:34:28'.toTime()", "14:34:28"},
              {"'10:00'.toTime()", "10:00"}});
}

TEST(FhirPathSpecification, HandlesTexts) {
  expect_all({{"'\\u00E9'.length()", "1"},
              {"'\\u0065\\u0301'.length()", "2"},
              {"'\\uD83D\\uDD25'.length()", "1"},
              {"'abcdefg'.substring(7, 1)", ""},
              {"'abcdefg'.substring(-1, 1)", ""},
              {"'abcdefg'.substring(3, 0).length()", "0"},
              {"'abcdefg'.substring(3, -1).length()", "0"},
              {"'abcdefg'.substring(3, {})", "defg"},
              {"'abcdefg'.substring({})", ""},
              {"'abc'.replace('', 'x')", "xaxbxcx"},
              {"'first line\\nsecond line'.matches('^second', 'm')", "true"},
              {"'first line\\nsecond line'.matches('^second', '')", "false"},
              {"'first line\\nsecond line'.matches('^SECOND', 'im')", "true"},
              {"'abc'.matches('b', 'x')", "error"},
              {"'N8000123123'.matches('^N[0-9]{8}$')", "false"},
              {"'N8000123123'.matches('N[0-9]{8}')", "true"},
              {"'aaabaa'.replaceMatches('aa', '\"aa\"')", "\"aa\"ab\"aa\""},
              {"'11/30/1972'.replaceMatches('\\\\b(?<month>\\\\d{1,2})/(?<day>\\\\d{1,2})/(?<year>\\\\d{2,4})\\\\b', "
               "'${day}-${month}-${year}')",
               "30-11-1972"},
              {"'abc'.replaceMatches('(a)(b)', '$2$1')", "bac"},
              {"'ABC'.replaceMatches('b','x','i')", "AxC"},
              {"'test'.encode('base64')", "dGVzdA=="},
              {"'test'.encode({})", ""},
              {"'\"1<2\"'.escape('json')", "\\\"1<2\\\""},
              {"'&quot;1&lt;2&quot;'.unescape('html')", "\"1<2\""},
              {"'  '.trim().length()", "0"},
              {"'A,,C'.split(',').count()", "3"}});
}

TEST(FhirPathSpecification, CalculatesAndFindsBoundaries) {
  expect_all({{"'a🔥b'.indexOf('b')", "2"},
              {"'abcdefg'.indexOf('')", "0"},
              {"'0123'.lastIndexOf('')", "4"},
              {"'0'.lastIndexOf('')", "1"},
              {"''.lastIndexOf('')", "0"},
              {"'abc abc'.lastIndexOf('a')", "4"},
              {"(-5.5 'mg').abs()", "5.5 'mg'"},
              {"1.1.ceiling()", "2"},
              {"(-1.1).ceiling()", "-1"},
              {"2.5 'mg'.ceiling()", "3 'mg'"},
              {"2.5.power(2)", "6.25"},
              {"2.power(-1)", "0.5"},
              {"1.round()", "1"},
              {"(-1.5).round()", "-2"},
              {"0.5.round()", "1"},
              {"(-0.5).round()", "-1"},
              {"1.5.round(-1)", "error"},
              {"(-1.56).truncate()", "-1"},
              {"1.587.lowBoundary()", "1.58650000"},
              {"1.587.lowBoundary(6)", "1.586500"},
              {"1.587.lowBoundary(2)", "1.58"},
              {"1.587.lowBoundary(0)", "1"},
              {"(-1.587).lowBoundary()", "-1.58750000"},
              {"(-1.587).lowBoundary(2)", "-1.59"},
              {"(-1.587).lowBoundary(0)", "-2"},
              {"@2014.lowBoundary(6)", "2014-01"},
              {"@T10:30.lowBoundary(9)", "10:30:00.000"},
              {"1.587.highBoundary()", "1.58750000"},
              {"1.587.highBoundary(0)", "2"},
              {"(-1.587).highBoundary(2)", "-1.58"},
              {"(-1.587).highBoundary(0)", "-1"},
              {"@2014.precision()", "4"},
              {"@2014-01-05T10:30:00.000.precision()", "17"},
              {"@T10:30.precision()", "4"},
              {"100.precision()", "0"},
              {"@2014-01-05T10:30:00.000.yearOf()", "2014"},
              {"@2012.monthOf()", ""},
              {"@2012-01-01T03:30:40.002-07:00.hourOf()", "3"},
              {"@T03:30.hourOf()", "3"},
              {"@2012-01-01.hourOf()", ""},
              {"'x'.hourOf()", ""},
              {"@2012-01-01T12:30:00.000+08:45.timezoneOffsetOf()", "8.75"},
              {"@2012-01-01T12:30:00.000-07:00.timezoneOffsetOf()", "-7.0"},
              {"@2025-01-02.duration(@2025-01-07, 'week')", "0"},
              {"@2025-01-01.duration(@2025-09-01, 'year')", "0"}});
}

}  // namespace
}  // namespace vardbron::fhirpath
