#include "tests/fhirpath/fixture.h"

#include <gtest/gtest.h>

// Concern: the examples of the FHIRPath specification on operators, as tables.
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

TEST(FhirPathSpecification, TellsEqualFromEquivalent) {
  expect_all({{"1.10 = 1.1", "true"},
              {"1.2 / 1.8 = 0.67", "false"},
              {"0.0 = 0", "true"},
              {"(1 | 2 | 3) = (3 | 2 | 1)", "false"},
              {"(1 | 2 | 3) = (1 | 2 | 3)", "true"},
              {"'a' = 'A'", "false"},
              {"23 = 23 '1'", "true"},
              {"1 'cm' = 10.0 'mm'", "true"},
              {"1 'cm' = 1 'm'", "false"},
              {"1 'cm' = 1 's'", ""},
              {"23 'Cel' = 73.4 '[degF]'", ""},
              {"1 'h' = 3600 's'", "true"},
              {"1 hour = 3600 's'", "true"},
              {"1 year = 1 'a'", ""},
              {"1 year.toQuantity('a') = 1 'a'", "true"},
              {"1 year = 12 months", "true"},
              {"1 year = 12 'mo'", ""},
              {"1 week = 1 'wk'", "true"},
              {"7 days = 1 'wk'", "true"},
              {"1 week = 7 'd'", "true"},
              {"@2012-01-01T10:30:31 = @2012-01-01T10:30", ""},
              {"@2012-01-01T10:30:31.0 = @2012-01-01T10:30:31", "true"},
              {"@2012-01-01T10:30:31.1 = @2012-01-01T10:30:31", "false"},
              {"@2017-11-05T01:30:00.0-04:00 = @2017-11-05T01:15:00.0-05:00", "false"},
              {"1.10 ~ 1.1", "true"},
              {"1.2 / 1.8 ~ 0.67", "true"},
              {"0.0 ~ 0", "true"},
              {"{} ~ {}", "true"},
              {"(1 | 2 | 3) ~ (3 | 2 | 1)", "true"},
              {"'a' ~ 'A'", "true"},
              {"23 ~ 23 '1'", "true"},
              {"1 ~ {}", "false"},
              {"2.1 'cm' ~ 21 'mm'", "true"},
              {"21 'mm' ~ 2 'cm'", "true"},
              {"4 'g' ~ 4000 'mg'", "true"},
              {"4 'g' ~ 4040 'mg'", "true"},
              {"1 '[in_i]' ~ 2.5 'cm'", "true"},
              {"1 year ~ 1 'a'", "true"},
              {"1 year ~ 11 months", "true"},
              {"1 second ~ 1 's'", "true"},
              {"@2012-01 ~ @2012", "false"},
              {"'a b' ~ 'a\\tb'", "true"},
              {"1 = 1 in (true | false)", "true"},
              {"1 > 2 = false", "true"},
              {"1L = 1", "true"}});
}

TEST(FhirPathSpecification, OrdersValues) {
  expect_all({{"@2017-11-05T01:30:00.0-04:00 > @2017-11-05T01:15:00.0-05:00", "false"},
              {"@2017-11-05T01:30:00.0-04:00 < @2017-11-05T01:15:00.0-05:00", "true"},
              {"10 > 5.0", "true"},
              {"'abc' > 'ABC'", "true"},
              {"4 'm' > 4 'cm'", "true"},
              {"@2018-03 > @2018-03-01", ""},
              {"@2018-03-01T10:30:00 > @2018-03-01T10:30:00.0", "false"},
              {"@2018-01-01T16:00:00+11:00 < @2018-01-01T15:00:00.0+10:00", "false"},
              {"@2018-01-01T16:00:00+12:00 < @2018-01-01T15:00:00.0+10:00", "true"},
              {"1 year > 1 'a'", ""},
              {"10 seconds > 1 's'", "true"},
              {"2 years.toQuantity('a') > 1 'a'", "true"},
              {"6 months > 1 year", "false"},
              {"1 'mg'.comparable(2 'mg')", "true"},
              {"1 'm'.comparable(20 'cm')", "true"},
              {"2 '1'.comparable(3)", "true"},
              {"1.comparable(2)", "true"},
              {"1 '[in_i]'.comparable(1 'cm')", "true"},
              {"1 year.comparable(1 'a')", "false"},
              {"23 'Cel'.comparable(73.4 '[degF]')", "false"}});
}

TEST(FhirPathSpecification, CalculatesWithNumbersAndQuantities) {
  expect_all({{"12 'cm' * 3 'cm'", "36 'cm2'"},
              {"3 'cm' * 12 'cm2'", "36 'cm3'"},
              {"10 'm/s' * 10 's'", "100 'm'"},
              {"3 * 2 'cm'", "6 'cm'"},
              {"12 day * 45 'm'", ""},
              {"12 days * 2", "24 days"},
              {"4 / 2", "2"},
              {"2 / 4", "0.5"},
              {"12 / 0", ""},
              {"12 'cm2' / 3 'cm'", "4 'cm'"},
              {"120 'm' / 60 's'", "2 'm/s'"},
              {"60 / 1 's'", "60 '/s'"},
              {"60 's' / 2", "30 's'"},
              {"12 days / 2 days", ""},
              {"1 / 2 days", ""},
              {"5L + 4.5", "9.5"},
              {"3 'm' + 3 'cm'", "3.03 'm'"},
              {"3 'cm' + 3 'm'", "303 'cm'"},
              {"1 + 2 'cm'", "3 'cm'"},
              {"2 minutes + 60 seconds", "3 minutes"},
              {"60 's' + 2 minutes", "180 's'"},
              {"1 year + 12 months", ""},
              {"1 year + 12 'mo'", ""},
              {"1 year.toQuantity('month') + 12 months", "24 month"},
              {"1 week + 14 days", "3 week"},
              {"3 'd' + 1 'wk'", "10 'd'"},
              {"3 'm' - 3 'cm'", "2.97 'm'"},
              {"3 'cm' - 3 'm'", "-297 'cm'"},
              {"1 minute - 30 's'", "0.5 minute"},
              {"1 'kg' + 1 'cm'", ""},
              {"5 div 2", "2"},
              {"5.5 div 0.7", "7"},
              {"5.5 mod 0.7", "0.6"},
              {"'ABC' + { } + 'DEF'", ""},
              {"'ABC' & { } & 'DEF'", "ABCDEF"},
              {"1 & 'a'", "error"},
              {"-7.combine(3)", "error"},
              {"(-7).combine(3)", "-7, 3"},
              {"-(1 'mg')", "-1 'mg'"},
              {"-{}", ""},
              {"+'a'", "error"},
              {"1 | 2 in 3", "error"},
              {"1 + 2 | 3", "3"},
              {"1L", "1"},
              {"9223372036854775808L", "error"},
              {"0000012", "12"},
              {"'a'.as(System.String)", "a"}});
}

TEST(FhirPathSpecification, MovesDatesByTheCalendar) {
  expect_all({{"@1973-12-25 + 7 days", "1974-01-01"},
              {"@1973-12-25 + 7.9 days", "1974-01-01"},
              {"@2019-03-01 + 24 months", "2021-03-01"},
              {"@2026-01-31 + 1 month", "2026-02-28"},
              {"@1973-12-25 + 1 'd'", "1973-12-26"},
              {"@1973-12-25 + 1 'wk'", "1974-01-01"},
              {"@1973-12-25 + 1 'mo'", "error"},
              {"@1973-12-25 + 1 'a'", "error"},
              {"@T01:00:00 + 48 hours", "01:00:00"},
              {"@2014 + 24 months", "2016"},
              {"@2014 + 23 months", "2015"},
              {"@2016 + 365 days", "2017"},
              {"@2014 + 11 months", "2014"},
              {"@2026-02 + 5 weeks", "2026-03"},
              {"@2026-02 + 4 weeks", "2026-02"},
              {"@T00:30:00 - 1 hour", "23:30:00"},
              {"@T01:00:00 - 2 hours", "23:00:00"},
              {"@2014 - 24 months", "2012"},
              {"@2014 - 1 month", "2014"},
              {"@2026-02 - 1 day", "2026-02"},
              {"@2026-02-01 + 1 'cm'", "error"},
              {"@2026-02-01 + 1", "error"},
              {"1 day + @2026-02-01", "error"}});
}

TEST(FhirPathSpecification, AsksForTypes) {
  expect_all({{"1 is Foo", "error"},
              {"(1|2) is Integer", "error"},
              {"{} as Integer", ""},
              {"1 as Foo", "error"},
              {"5L div 2 is Long", "true"},
              {"1 + 2 is Integer", "true"},
              {"1L is Long", "true"},
              {"1L + 1 is Long", "true"},
              {"1L + 1.0 is Decimal", "true"},
              {"2147483647 is Integer", "true"},
              {"1.type().name", "Integer"},
              {"1L.type().name", "Long"},
              {"'a'.type().namespace", "System"},
              {"4 'mg'.type().name", "Quantity"},
              {"@2012.type().name", "Date"},
              {"'a' is String", "true"},
              {"'a' is System.String", "true"},
              {"true is Boolean", "true"},
              {"@2012 is System.Date", "true"},
              {"4 'mg' is Quantity", "true"},
              {"4 'mg' is System.Quantity", "true"}});
}

TEST(FhirPathSpecification, AggregatesAndNamesVariables) {
  expect_all({{"(1.0 | 2.0 | 3.0).sum()", "6.0"},
              {"(1.0 'mg' | 2.0 'mg').sum()", "3.0 'mg'"},
              {"(1 | 'a').sum()", "error"},
              {"{}.sum()", ""},
              {"{}.avg()", ""},
              {"{}.min()", ""},
              {"(2L | 4L).min() is Long", "true"},
              {"(@2012-12-31| @2013-01-01| @2012-01-01 ).min()", "2012-01-01"},
              {"(1 | 2).avg()", "1.5"},
              {"2 + 2 // comment", "4"},
              {"/* a */ 2", "2"},
              {"%ucum", "http://unitsofmeasure.org"},
              {"%'vs-administrative-gender'", "http://hl7.org/fhir/ValueSet/administrative-gender"},
              {"%`ext-patient-birthTime`", "http://hl7.org/fhir/StructureDefinition/patient-birthTime"},
              {"%nope", "error"}});
}

}  // namespace
}  // namespace vardbron::fhirpath
