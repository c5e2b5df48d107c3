#include "gateway/workbench/report.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>

namespace vardbron::workbench {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::Not;

CaseResult passed(std::string name, std::string map = "A") {
  CaseResult result;
  result.name = std::move(name);
  result.map = std::move(map);
  result.nanoseconds = 1'500'000;
  return result;
}

CaseResult failed(std::string name, Finding finding, std::string map = "A") {
  CaseResult result = passed(std::move(name), std::move(map));
  result.end = CaseResult::End::Failed;
  result.findings.push_back(std::move(finding));
  return result;
}

Finding difference() {
  return {Finding::Kind::Difference, "Patient.gender", "differs", "'male'", "'female'", "m.fml:3:4 (g/sex)"};
}

TEST(Report, SaysNothingOfACaseThatPassed) { EXPECT_EQ(in_lines(passed("a"), Ink{}), ""); }

TEST(Report, ShowsADifferenceWithItsRule) {
  EXPECT_EQ(in_lines(failed("x/a", difference()), Ink{}),
            "FAILED  x/a\n"
            "    Patient.gender differs\n"
            "      expected  'male'\n"
            "      found     'female'\n"
            "      by        m.fml:3:4 (g/sex)\n");
}

TEST(Report, ShowsWhereAMessageWasRefused) {
  const std::string lines =
      in_lines(failed("a", {Finding::Kind::Refusal, "Notice.typ (6:5)", "'X' is not listed", {}, {}, {}}), Ink{});

  EXPECT_THAT(lines, AllOf(HasSubstr("refused: 'X' is not listed"), HasSubstr("at        Notice.typ (6:5)")));
}

TEST(Report, ShowsThePlaceOfAMessageAsAWhole) {
  EXPECT_THAT(in_lines(failed("a", {Finding::Kind::Refusal, " (1:1)", "no ward", {}, {}, {}}), Ink{}),
              HasSubstr("      at        (1:1)\n"));
}

TEST(Report, CountsWhatItDoesNotShow) {
  CaseResult many = failed("a", difference());
  for (int at = 0; at < 9; ++at) many.findings.push_back(difference());

  const std::string lines = in_lines(many, Ink{}, 3);

  EXPECT_THAT(lines, HasSubstr("and 7 more (--junit FILE writes them to a file)"));
}

TEST(Report, UsesColourOnlyWhereItIsAskedFor) {
  EXPECT_THAT(in_lines(failed("a", difference()), Ink{}), Not(HasSubstr("\x1b[")));
  EXPECT_THAT(in_lines(failed("a", difference()), Ink{true}), HasSubstr("\x1b[31m"));
}

TEST(Summary, CountsEnds) {
  CaseResult blessed = passed("c");
  blessed.end = CaseResult::End::Blessed;
  const std::vector<CaseResult> all{passed("a"), failed("b", difference()), blessed};

  EXPECT_EQ(summary(all, 2'000'000, Ink{}), "3 cases: 1 passed, 1 failed, 1 blessed (2.0 ms)\n");
  EXPECT_EQ(summary({all.data(), 1}, 100'000, Ink{}), "1 case: 1 passed (0.1 ms)\n");
}

TEST(MapsTable, StandsOnlyWhereThereAreSeveralMaps) {
  const std::vector<CaseResult> one{passed("a"), passed("b")}, two{passed("a"), failed("b", difference(), "Other")};

  EXPECT_EQ(maps_table(one, Ink{}), "");
  EXPECT_EQ(maps_table(two, Ink{}), "A      1 of 1 passed  1.5 ms\nOther  0 of 1 passed  1.5 ms\n");
}

TEST(ReportTable, CountsCharactersNotBytes) { EXPECT_EQ(table({{"å", "x"}, {"ab", "y"}}), "å   x\nab  y\n"); }

TEST(MarkedUp, HoldsNothingThatMarkupWouldReadAsItsOwn) {
  EXPECT_EQ(marked_up("<a b=\"c\">&amp;</a>"), "&lt;a b=&quot;c&quot;&gt;&amp;amp;&lt;/a&gt;");
  EXPECT_EQ(marked_up("a\n\tb\r"), "a&#10;&#9;b&#13;");
  EXPECT_EQ(marked_up("Hjärta 'ö'"), "Hjärta 'ö'");
  EXPECT_EQ(marked_up(std::string_view("a\0b\x1b", 4)), "a?b?");
  EXPECT_EQ(marked_up(""), "");
}

TEST(Junit, HasASuiteAMapAndEscapesWhatItQuotes) {
  Finding odd = difference();
  odd.expected = "'<a & \"b\">\x01'";
  const std::vector<CaseResult> all{passed("a"), failed("b", odd), passed("c", "Other")};
  const std::string xml = junit_xml(all);

  EXPECT_THAT(
      xml, AllOf(HasSubstr("<testsuites name=\"vardbron test\" tests=\"3\" failures=\"1\""),
                 HasSubstr("<testsuite name=\"A\" tests=\"2\" failures=\"1\""),
                 HasSubstr("<testsuite name=\"Other\" tests=\"1\" failures=\"0\""),
                 HasSubstr("<failure message=\"Patient.gender differs\">"), HasSubstr("'&lt;a &amp; &quot;b&quot;&gt;\\u0001'")));
  EXPECT_THAT(xml, HasSubstr("<testcase classname=\"A\" name=\"a\" time=\"0.001500\"/>"));
}

TEST(Junit, IsWellFormedWithoutAnyCase) { EXPECT_THAT(junit_xml({}), HasSubstr("tests=\"0\" failures=\"0\"")); }

}  // namespace
}  // namespace vardbron::workbench
