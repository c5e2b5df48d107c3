#include "gateway/base/check.h"
#include "gateway/base/limits.h"
#include "gateway/mapping/run/fault.h"
#include "gateway/mapping/run/source.h"
#include "tests/mapping/workshop.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <array>
#include <string>

// Concern: a run reports all faults, so that a sender need not correct and send once for each.
namespace vardbron::mapping {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

/// Faults of a run over a list with the columns Namn, Platser and Status.
std::vector<std::string> faults_of(const std::string& rules, const std::string& body, std::string_view type = "text/csv") {
  Workshop room;
  room.model("B\nname 0..* string\nbeds 0..* integer\nstate 0..* code\nborn 0..1 date");
  const std::string map =
      "/// url = 'http://test/m'\n/// name = 'm'\n"
      "conceptmap \"state\" { prefix o = \"http://test/o\" prefix s = \"http://test/s\" o:OPEN == s:active o:SHUT == s:suspended "
      "}\n"
      "uses \"http://test/B\" alias B as target\ngroup g(source s, target t : B) {\n" +
      rules + "\n}";
  EXPECT_TRUE(room.library().add_map("m.fml", map));
  EXPECT_TRUE(room.library().build().empty());
  const Result<tree::Document> source = read_source(type, body, room.library().definitions());
  CHECK(source);
  Faults faults;
  Environment environment;
  environment.faults = &faults;
  const std::array<tree::Item, 1> sources{tree::root(*source)};
  Result<tree::Document> ran = run(*room.library().find("m"), sources, environment);
  EXPECT_EQ(ran.ok(), faults.empty());
  std::vector<std::string> reported;
  for (const PlacedFault& fault : placed(faults, *source))
    reported.push_back(fault.issue.says.substr(0, fault.issue.says.find(" Rule: ")) + " [" + fault.issue.code + "]");
  return reported;
}

constexpr const char* list_rules =
    "s.record as r then { r.Namn 1..1 as n -> t.name = n \"n\"; r.Platser as p -> t.beds = cast(p, 'integer') \"p\";"
    " r.Status as x -> t.state = translate(x, '#state', 'code') \"x\"; } \"r\";";

TEST(Faults, OfThreeLinesOfAListAreThree) {
  EXPECT_THAT(
      faults_of(list_rules, "Namn;Platser;Status\nA;3;OPEN\nB;x1;OPEN\nC;4;KLOSED\n;1;SHUT\n"),
      ElementsAre("Column Platser in line 3: the value is no integer. Its shape is a9. [value]",
                  "Column Status in line 4: a code of the shape AAAAAA is not taken here; taken are OPEN, SHUT. [code-invalid]",
                  "column Namn is missing from line 5. [required]"));
  EXPECT_THAT(faults_of(list_rules, "Namn;Platser;Status\nA;3;OPEN\n"), ElementsAre());
}

TEST(Faults, OfJsonNameTheItemOfTheList) {
  EXPECT_THAT(
      faults_of("s.beds as r then { r.n 1..1 as n -> t.name = n \"n\"; } \"r\";", R"({"beds":[{"n":"a"},{"m":"b"}]})", "json"),
      ElementsAre("beds[1].n is missing from beds[1] in line 1. [required]"));
}

TEST(Faults, OfOneValueAreOne) {
  const char* rules = "s.a as a check (matches('^[a-z]+$')) -> t.beds = cast(a, 'integer') \"a\";";
  EXPECT_THAT(faults_of(rules, R"({"a":"X1"})", "json"),
              ElementsAre("a in line 1: the check (matches('^[a-z]+$')) does not hold. Its shape is A9. [business-rule]"));
}

// A check that fails because its value was left out is no fault of its own.
TEST(Faults, AreNotMadeOfWhatAFaultLeftOut) {
  const char* rules =
      "s.state 1..1 as x -> translate(x, '#state', 'code') as state then { s check (%state = 'active') \"c\"; s.b 1..1 as b -> "
      "t.name = b; } \"r\";";
  EXPECT_THAT(faults_of(rules, R"({"state":"ajar"})", "json"),
              ElementsAre("b is missing from the message. [required]",
                          "state in line 1: a code of the shape aaaa is not taken here; taken are OPEN, SHUT. [code-invalid]"));
  EXPECT_THAT(faults_of(rules, R"({"a":1})", "json"),
              ElementsAre("state is missing from the message. [required]", "b is missing from the message. [required]"));
}

TEST(Faults, StopARunThatNobodyAskedToGoOn) {
  EXPECT_THAT(map_once("A\nx 0..1 string\ny 0..1 string", "B\nname 0..1 string",
                       "group g(source src : A, target tgt : B) { src.x 1..1 as x -> tgt.name = x \"x\"; src.y 1..1 as y -> "
                       "tgt.name = y \"y\"; }",
                       "{}"),
              HasSubstr("has no 'x'"));
}

TEST(UntakenCode, ListsSoManyCodesAndCountsTheRest) {
  const auto untaken_among = [](std::size_t count) {
    std::string rows;
    for (std::size_t each = 100; each < 100 + count; ++each) rows += "http://o,c" + std::to_string(each) + ",http://t,x\n";
    const Result<ConceptMap> codes = ConceptMap::from_csv("u", "f", rows);
    CHECK(codes);
    return untaken_code("zz", *codes);
  };
  EXPECT_THAT(untaken_among(limits::codes_reported_max), HasSubstr("'zz' is not taken here; taken are c100, c101"));
  EXPECT_THAT(untaken_among(limits::codes_reported_max), HasSubstr(", c119."));
  EXPECT_THAT(untaken_among(limits::codes_reported_max + 10), HasSubstr(", c119 and 10 more: the map's code list u has all."));
}

TEST(ReportedShape, HasSoManyCharactersAndNoMore) {
  const std::string most(limits::shape_characters_max, 'x');
  const std::string shape(limits::shape_characters_max, 'a');
  EXPECT_EQ(reported_shape(most), "Its shape is " + shape + ".");
  EXPECT_EQ(reported_shape(most + "x"), "Its shape is " + shape + "...");
}

}  // namespace
}  // namespace vardbron::mapping
