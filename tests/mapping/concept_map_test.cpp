#include "gateway/mapping/concept_map.h"

#include "gateway/mapping/syntax/parse.h"
#include "tests/mapping/workshop.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace vardbron::mapping {
namespace {

using Kind = Translation::Kind;
using testing::HasSubstr;

ConceptMap from_csv(std::string_view text) {
  Result<ConceptMap> map = ConceptMap::from_csv("http://map", "codes.csv", text);
  EXPECT_TRUE(map.ok());
  return std::move(*map);
}

TEST(ConceptMap, ReadsFourColumns) {
  ConceptMap map = from_csv(
      "source system,source code,target system,target code\n# a comment\ns,a,t,x,\"Display, quoted\"\r\ns,b,t,\nother,a,t,y\n");
  EXPECT_EQ(map.translate("s", "a").code, "x");
  EXPECT_EQ(map.translate("s", "a").display, "Display, quoted");
  EXPECT_EQ(map.translate("other", "a").code, "y");
  EXPECT_EQ(map.translate("s", "b").kind, Kind::Nothing);
  EXPECT_EQ(map.translate("s", "c").kind, Kind::Missing);
}

TEST(ConceptMap, FindsACodeWithoutSystemOnlyWhereItIsClear) {
  ConceptMap map = from_csv("s,a,t,x\no,a,t,y\ns,b,t,z\no,b,t,z\n");
  EXPECT_EQ(map.translate("", "a").kind, Kind::Ambiguous);
  EXPECT_EQ(map.translate("", "b").code, "z");
}

TEST(ConceptMap, KnowsWhatBecomesOfUnlistedCodes) {
  EXPECT_EQ(from_csv("s,a,t,x\ns,*,t,*\n").translate("s", "q").code, "q");
  EXPECT_EQ(from_csv("s,a,t,x\ns,*,t,other\n").translate("s", "q").code, "other");
  EXPECT_TRUE(from_csv("s,a,t,x\ns,*,t,other\n").translate("s", "q").by_unmapped);
  EXPECT_EQ(from_csv("s,a,t,x\ns,*,t,other\n").translate("s", "a").code, "x");
  EXPECT_EQ(from_csv("s,a,t,x\ns,*,,\n").translate("s", "q").kind, Kind::Nothing);
}

TEST(ConceptMap, RefusesALineOfTooFewColumnsWithItsPlace) {
  Result<ConceptMap> map = ConceptMap::from_csv("http://map", "codes.csv", "s,a,t,x\ns,b\n");
  ASSERT_FALSE(map.ok());
  EXPECT_EQ(map.failure().where, "codes.csv:2:1");
}

Result<ConceptMap> from_json(const std::string& groups) {
  Workshop workshop;
  tree::Document document = workshop.read(R"({"resourceType":"ConceptMap","url":"http://map","group":[)" + groups + "]}");
  return ConceptMap::from_fhir(tree::root(document));
}

TEST(ConceptMap, TakesTheNearestOfSeveralTargets) {
  Result<ConceptMap> map = from_json(R"({"source":"s","target":"t","element":[
    {"code":"a","target":[{"code":"wide","equivalence":"wider"},{"code":"same","equivalence":"equivalent"}]},
    {"code":"b","target":[{"code":"x","equivalence":"equivalent"},{"code":"y","equivalence":"equal"}]},
    {"code":"c","target":[{"equivalence":"unmatched"}]},
    {"code":"d","target":[{"code":"r5","relationship":"source-is-narrower-than-target"}]},
    {"code":"e","noMap":true}]})");
  ASSERT_TRUE(map.ok());
  EXPECT_EQ(map->translate("s", "a").code, "same");
  EXPECT_EQ(map->translate("s", "b").kind, Kind::Ambiguous);
  EXPECT_EQ(map->translate("s", "c").kind, Kind::Nothing);
  EXPECT_EQ(map->translate("s", "d").code, "r5");
  EXPECT_EQ(map->translate("s", "e").kind, Kind::Nothing);
}

TEST(ConceptMap, ReadsTheModesOfUnmapped) {
  auto unmapped = [](const std::string& rule) {
    Result<ConceptMap> map = from_json(
        R"({"source":"s","target":"t","element":[{"code":"a","target":[{"code":"x","equivalence":"equal"}]}],"unmapped":)" +
        rule + "}");
    EXPECT_TRUE(map.ok());
    Translation found = map->translate("s", "q");
    return std::string(found.kind == Kind::Elsewhere ? found.elsewhere : found.code);
  };
  EXPECT_EQ(unmapped(R"({"mode":"provided"})"), "q");
  EXPECT_EQ(unmapped(R"({"mode":"use-source-code"})"), "q");
  EXPECT_EQ(unmapped(R"({"mode":"fixed","code":"f"})"), "f");
  EXPECT_EQ(unmapped(R"({"mode":"other-map","url":"http://other"})"), "http://other");
}

constexpr std::string_view model_a = "A\n code 0..1 code\n coding 0..1 Coding\n concept 0..1 CodeableConcept";
constexpr std::string_view model_b = "B\n code 0..1 code\n text 0..1 string\n coding 0..1 Coding\n concept 0..1 CodeableConcept";

std::string translate(const std::string& rule, const std::string& source) {
  std::string text = R"(conceptmap "k" { prefix s = "http://s" prefix t = "http://t"  s:a == t:x  s:b != t:y }
group g(source src : A, target tgt : B) { )" +
                     rule + " }";
  // conceptmap declarations may also follow `uses`.
  return map_once(model_a, model_b, text, source);
}

TEST(Translate, WritesWhatTheElementNeeds) {
  EXPECT_EQ(translate("src.code as c -> tgt.code = translate(c, '#k', 'code');", R"({"code":"a"})"),
            R"({"resourceType":"B","code":"x"})");
  EXPECT_EQ(translate("src.code as c -> tgt.text = translate(c, '#k', 'system');", R"({"code":"a"})"),
            R"({"resourceType":"B","text":"http://t"})");
  EXPECT_EQ(translate("src.coding as c -> tgt.coding = translate(c, '#k');", R"({"coding":{"system":"http://s","code":"a"}})"),
            R"({"resourceType":"B","coding":{"system":"http://t","code":"x"}})");
  EXPECT_EQ(translate("src.concept as c -> tgt.concept = translate(c, '#k', 'CodeableConcept');",
                      R"({"concept":{"coding":[{"system":"http://other","code":"a"},{"system":"http://s","code":"a"}]}})"),
            R"({"resourceType":"B","concept":{"coding":[{"system":"http://t","code":"x"}]}})");
}

TEST(Translate, NeverDropsAnUnlistedCodeInSilence) {
  std::string result = translate("src.code as c -> tgt.code = translate(c, '#k', 'code');", R"({"code":"zz"})");
  EXPECT_THAT(result, HasSubstr("'zz' is not listed in the concept map '#k'"));
  EXPECT_THAT(result, HasSubstr("!code (1:"));
}

TEST(Translate, DoesNotRepeatWhatMayBeAPersonsNumber) {
  std::string result = translate("src.code as c -> tgt.code = translate(c, '#k', 'code');", R"({"code":"195009072553"})");
  EXPECT_THAT(result, HasSubstr("the code is not listed"));
  EXPECT_THAT(result, testing::Not(HasSubstr("195009072553")));
}

TEST(Translate, WritesNothingWhereTheMapSaysThereIsNoEquivalent) {
  EXPECT_EQ(translate("src.code as c -> tgt.code = translate(c, '#k', 'code');", R"({"code":"b"})"), R"({"resourceType":"B"})");
}

}  // namespace
}  // namespace vardbron::mapping
