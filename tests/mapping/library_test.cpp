#include "gateway/mapping/library.h"

#include "tests/mapping/workshop.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace vardbron::mapping {
namespace {

using testing::HasSubstr;

constexpr const char* model = "A\n code 0..1 code\n many 0..* string";

TEST(Library, FindsAMapByUrlAndByName) {
  Workshop workshop;
  workshop.map("m.fml", "/// url = 'http://test/m'\n/// name = 'm'\ngroup g(source a, target b) { a.x -> b.x; }");
  ASSERT_EQ(workshop.build(), "");
  EXPECT_NE(workshop.library().find("http://test/m"), nullptr);
  EXPECT_EQ(workshop.library().find("http://test/m"), workshop.library().find("m"));
  EXPECT_EQ(workshop.library().find("n"), nullptr);
}

TEST(Library, RefusesAUrlThatIsGivenTwice) {
  Library library(r4());
  const char* text = "/// url = 'http://test/m'\ngroup g(source a, target b) { a.x -> b.x; }";
  ASSERT_TRUE(library.add_map("a.fml", text).ok());
  Result<void> again = library.add_map("b.fml", text);
  ASSERT_FALSE(again.ok());
  EXPECT_THAT(again.failure().says, HasSubstr("first in a.fml"));
  ASSERT_TRUE(library.add_codes("http://test/c", "c.csv", "s,a,t,x\n").ok());
  EXPECT_FALSE(library.add_codes("http://test/c", "c.csv", "s,a,t,x\n").ok());
}

TEST(Library, TellsOfAllMapsThatDoNotCompile) {
  Workshop workshop;
  workshop.model(model);
  workshop.map("one.fml", "uses \"http://test/A\" alias A as source\ngroup g(source a : A, target b) { a.x -> b.x; }");
  workshop.map("two.fml", "uses \"http://test/A\" alias A as source\ngroup g(source a : A, target b) { a.y -> b.x; }");
  workshop.map("good.fml",
               "/// name = 'good'\nuses \"http://test/A\" alias A as source\ngroup g(source a : A, target b) { a.code -> b.x; }");
  std::string failures = workshop.build();
  EXPECT_THAT(failures, HasSubstr("one.fml:2:"));
  EXPECT_THAT(failures, HasSubstr("two.fml:2:"));
  EXPECT_EQ(workshop.run("good", {R"({"code":"c"})"}), R"({"x":"c"})");
}

TEST(Library, TakesOnlyModelsAndConceptMaps) {
  Workshop workshop;
  EXPECT_FALSE(workshop.library().add_resource("p.json", workshop.read(R"({"resourceType":"Patient"})")).ok());
}

TEST(Library, LooksUpUnlistedCodesInTheOtherMap) {
  Workshop workshop;
  workshop.model(model);
  workshop.resource(R"({"resourceType":"ConceptMap","url":"http://test/first","group":[{"source":"s","target":"t",
    "element":[{"code":"a","target":[{"code":"x","equivalence":"equal"}]}],"unmapped":{"mode":"other-map","url":"http://test/second"}}]})");
  workshop.codes("http://test/second", "s,b,t,y\n");
  workshop.map("m.fml",
               "/// name = 'm'\nuses \"http://test/A\" alias A as source\ngroup g(source a : A, target b) {\n"
               " a.code as c -> b.x = translate(c, 'http://test/first', 'code'); }");
  ASSERT_EQ(workshop.build(), "");
  EXPECT_EQ(workshop.run("m", {R"({"code":"a"})"}), R"({"x":"x"})");
  EXPECT_EQ(workshop.run("m", {R"({"code":"b"})"}), R"({"x":"y"})");
  EXPECT_THAT(workshop.run("m", {R"({"code":"c"})"}), HasSubstr("'c' is not listed"));
}

TEST(Runner, KeepsNothingFromTheRunBefore) {
  Workshop workshop;
  workshop.model(model);
  workshop.map("m.fml",
               "/// name = 'm'\nuses \"http://test/A\" alias A as source\ngroup g(source a : A, target b) {\n"
               " a.many as v check (v != 'bad') -> b.list = v, b.part as p share s then { a -> p.id = uuid(); }; }");
  ASSERT_EQ(workshop.build(), "");
  Runner runner(*workshop.library().find("m"));
  tree::Document good = workshop.read(R"({"many":["x","y"]})"), bad = workshop.read(R"({"many":["x","bad"]})");
  tree::Document first(workshop.library().definitions().names()), second(workshop.library().definitions().names());
  tree::Item good_item = tree::root(good), bad_item = tree::root(bad);

  ASSERT_TRUE(runner.run({&good_item, 1}, {.identity = "1"}, first).ok());
  ASSERT_FALSE(runner.run({&bad_item, 1}, {.identity = "1"}, second).ok());
  ASSERT_TRUE(runner.run({&good_item, 1}, {.identity = "1"}, second).ok());

  EXPECT_EQ(first.size(), second.size());
  for (tree::NodeId node = 0; node < first.size(); ++node) EXPECT_EQ(first.text(node), second.text(node));
}

TEST(Runner, StopsAtTooManyElements) {
  Workshop workshop;
  workshop.model(model);
  workshop.map("m.fml",
               "/// name = 'm'\nuses \"http://test/A\" alias A as source\n"
               "uses \"http://hl7.org/fhir/StructureDefinition/Patient\" alias Patient as target\n"
               "group g(source a : A, target p : Patient) { a.many as v, a.many as w -> p.address as d, d.line = v; }");
  ASSERT_EQ(workshop.build(), "");
  std::string source = R"({"many":["x")";
  for (int i = 0; i < 1100; ++i) source += ",\"x\"";
  EXPECT_THAT(workshop.run("m", {source + "]}"}), HasSubstr("map_target_nodes_max"));
}

TEST(Runner, RefusesASourceThatWasReadWithOtherNames) {
  Workshop workshop;
  workshop.map("m.fml", "/// name = 'm'\ngroup g(source a, target b) { a.x -> b.x; }");
  ASSERT_EQ(workshop.build(), "");
  tree::Names other;
  tree::Document document(other);
  tree::Item item = tree::root(document);
  EXPECT_FALSE(run(*workshop.library().find("m"), {&item, 1}, {}).ok());
}

TEST(Lints, NameLinesThatAStricterEngineWouldRefuse) {
  Workshop workshop;
  workshop.map("m.fml",
               "/// name = 'm'\nuses \"http://hl7.org/fhir/StructureDefinition/Observation\" alias Observation as source\n"
               "group g(source o : Observation, target b) { o -> b.x = (o.valueString); }");
  ASSERT_EQ(workshop.build(), "");
  std::span<const Failure> lints = workshop.library().find("m")->lints();
  ASSERT_EQ(lints.size(), 1u);
  EXPECT_THAT(lints[0].where, HasSubstr("m.fml:3:"));
}

TEST(Library, NamesTheFileOfAModelThatCannotBeUsed) {
  Workshop workshop;
  workshop.model("Right\n  a 0..1 string");
  workshop.model("Wrong\n  a 0..1 strng");

  EXPECT_THAT(workshop.build(), testing::StartsWith("resource: Wrong.a: "));
}

TEST(Library, OffersTheConceptMapThatNearlyHasTheName) {
  Workshop workshop;
  const std::string head = "conceptmap \"state\" {\n  prefix o = \"http://o\"\n  prefix s = \"http://s\"\n  o:A == s:B\n}\n";
  workshop.map("a.fml",
               head + "group a(source s, target t : Basic) {\n  s.x as x -> t.id = translate(x, '#stat', 'code') \"n\";\n}\n");
  workshop.map("c.fml",
               head + "group c(source s, target t : Basic) {\n  s.x as x -> t.id = translate(x, '#far', 'code') \"n\";\n}\n");

  const std::string says = workshop.build();

  EXPECT_THAT(says, testing::HasSubstr("no concept map '#stat' is loaded; did you mean '#state'?"));
  EXPECT_THAT(says, testing::HasSubstr("no concept map '#far' is loaded\n"));
}

}  // namespace
}  // namespace vardbron::mapping
