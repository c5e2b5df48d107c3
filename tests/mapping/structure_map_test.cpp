#include "gateway/fhir/plain_conversion.h"
#include "gateway/fhir/xml_conversion.h"
#include "gateway/formats/json/parse.h"
#include "gateway/formats/json/write.h"
#include "gateway/formats/xml/parse.h"
#include "gateway/formats/xml/write.h"
#include "gateway/mapping/syntax/parse.h"
#include "gateway/mapping/syntax/print.h"
#include "gateway/mapping/syntax/structure_map.h"
#include "r5.h"
#include "tests/mapping/workshop.h"

#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>

namespace vardbron::mapping {
namespace {

namespace fs = std::filesystem;

Result<syntax::Map> from_json(const std::string& text, const std::string& file = "map.json") {
  Result<tree::Document> resource = json::parse(text, r4().names(), {.positions = true});
  if (!resource) return std::move(resource).failure();
  return from_structure_map(file, text, *resource);
}

Result<syntax::Map> from_xml_text(const std::string& text) {
  xml::ParseOptions options;
  options.positions = true;
  Result<tree::Document> plain = xml::parse(text, r4().names(), options);
  if (!plain) return std::move(plain).failure();
  return from_structure_map("map.xml", text, fhir::from_plain_xml(*plain, text, r4().names()));
}

std::string to_json(const syntax::Map& map, const fhir::Definitions& definitions) {
  Result<tree::Document> written = to_structure_map(map, definitions);
  return written ? json::write(*written) : "!" + written.failure().says;
}

/// Through JSON or XML of a release and back.
Result<syntax::Map> through(const syntax::Map& map, const fhir::Definitions& definitions, bool as_xml) {
  Result<tree::Document> written = to_structure_map(map, definitions);
  if (!written) return std::move(written).failure();
  if (!as_xml) return from_json(json::write(*written, {.pretty = true}));
  Result<tree::Document> plain = fhir::to_xml(*written, definitions);
  if (!plain) return std::move(plain).failure();
  return from_xml_text(xml::write(*plain, {.pretty = true}));
}

constexpr std::string_view model_a =
    "A\nname 0..* string\ncount 0..1 integer\ncode 0..1 code\nday 0..1 date\nbox 0..* A.box\nbox.x 0..1 string\nbox.y 0..1 "
    "string";
constexpr std::string_view model_b =
    "B\nname 0..* string\ncount 0..1 integer\ncode 0..1 code\nday 0..1 date\ncoding 0..* Coding\nbox 0..* B.box\nbox.x 0..1 "
    "string\nbox.y 0..1 string";
constexpr std::string_view source =
    R"({"name":["Asta","Bo"],"count":3,"code":"IN","day":"2026-03-01","box":[{"x":"1","y":"2"},{"x":"3"}]})";

std::string as_map(std::string_view rules) {
  return "/// url = 'http://test/m'\n/// name = 'm'\n/// status = 'draft'\n"
         "conceptmap \"codes\" {\n  prefix s = \"http://test/s\"\n  prefix t = \"http://test/t\"\n  s:IN == t:inside\n}\n"
         "uses \"http://test/A\" alias A as source\nuses \"http://test/B\" alias B as target\nlet fixed = 'constant';\n"
         "group main(source a : A, target b : B) {\n" +
         std::string(rules) +
         "\n}\ngroup part(source v, target b : B) {\n  v -> b.name = v \"part\";\n}\n"
         "group boxes(source x : A.box, target y : B.box) <<types>> {\n  x.x -> y.x;\n}\n";
}

std::string run_map(syntax::Map map) {
  Workshop workshop;
  workshop.model(model_a).model(model_b);
  Result<void> added = workshop.library().add_map(std::move(map));
  EXPECT_TRUE(added.ok());
  const std::string failures = workshop.build();
  return failures.empty() ? workshop.run("m", {std::string(source)}) : "!" + failures;
}

struct Said {
  const char* name;
  const char* rules;
};

class SameProgram : public testing::TestWithParam<Said> {};

TEST_P(SameProgram, AsJsonAndAsXmlOfBothReleases) {
  Result<syntax::Map> map = parse("m.fml", as_map(GetParam().rules));
  ASSERT_TRUE(map.ok()) << map.failure().where << map.failure().says;
  const std::string expected = run_map(*map);
  ASSERT_NE(expected[0], '!') << expected;

  for (const fhir::Definitions* release : {&r4(), &r5()}) {
    for (const bool as_xml : {false, true}) {
      Result<syntax::Map> back = through(*map, *release, as_xml);
      ASSERT_TRUE(back.ok()) << back.failure().where << ": " << back.failure().says;
      EXPECT_EQ(run_map(*back), expected) << release->version() << (as_xml ? " xml" : " json");
      EXPECT_EQ(to_json(*back, *release), to_json(*map, *release));
    }
  }
}

INSTANTIATE_TEST_SUITE_P(
    StructureMap, SameProgram,
    testing::Values(Said{"Copy", "a.name as n -> b.name = n;"}, Said{"Identity", "a.count -> b.count;"},
                    Said{"Terms", "a -> b.name = %a.name.first(), b.name = {};"}, Said{"Batch", "a -> b: count, code, day;"},
                    Said{"DefaultGroup", "a.box -> b.box;"},
                    Said{"Literals", "a -> b.name = 'it\\'s', b.count = 7, b.day = @2026-01-02;"},
                    Said{"ListModes", "a.name first as n -> b.name = n; a.name not_first as n -> b.name = n first;"},
                    Said{"Share", "a.name as n -> b.box as x share k, x.x = n;"},
                    Said{"Single", "a.count as n -> b.name = 'one' single;"},
                    Said{"Clauses", "a.name as n where (n = 'Bo') check (n.length() = 2) log ('seen ' & n) -> b.name = n;"},
                    Said{"Cardinality", "a.name 1..2 as n -> b.name = n;"},
                    Said{"DefaultText", "a.box as x then { x.y default('none') as y -> b.name = y; };"},
                    Said{"DefaultExpression", "a.box as x then { x.y default(('a' & 'b').upper()) as y -> b.name = y; };"},
                    Said{"Evaluate", "a -> b.name = (%a.name.first() & '!'), b.name = evaluate(a, name.last());"},
                    Said{"NestedTransform", "a.name as n -> b.coding = c('http://test/s', append('x-', truncate(n, 1)));"},
                    Said{"DottedCopy", "a as v -> b.count = v.count;"}, Said{"Constant", "a -> b.name = fixed;"},
                    Said{"CallWithVariable", "a.name as n then part(n, b);"}, Said{"CallWithLiteral", "a then part('seven', b);"},
                    Said{"CallWithPath", "a as v then part(v.code, b);"},
                    Said{"CallsAndRules", "a.code as c then part(c, b) { c -> b.code = c; };"},
                    Said{"Translate", "a.code as c -> b.code = translate(c, '#codes', 'code');"},
                    Said{"CreateType", "a -> b.coding = create('Coding') as c, c.code = 'x';"},
                    Said{"SeveralSources", "a.name as n, a.box as x -> b.box as y, y.x = n;"},
                    Said{"BareTarget", "a.name as n -> append(n, '?') as q, b.name = q;"},
                    Said{"Derived", "a.name as n -> b.name = uuid();"}),
    [](const testing::TestParamInfo<Said>& of) { return std::string(of.param.name); });

std::vector<fs::path> maps_below(const fs::path& folder) {
  std::vector<fs::path> maps;
  std::error_code error;
  for (fs::recursive_directory_iterator at(folder, error), end; !error && at != end; at.increment(error)) {
    if (at->path().extension() == ".fml" || at->path().extension() == ".map") maps.push_back(at->path());
  }
  return maps;
}

std::string read_text(const fs::path& file) {
  std::ostringstream text;
  text << std::ifstream(file, std::ios::binary).rdbuf();
  return text.str();
}

TEST(StructureMap, EveryMapWeKnowComesBackAsItWas) {
  const char* given = std::getenv("VARDBRON_CONFORMANCE");
  const fs::path suites = given != nullptr ? fs::path(given) : fs::path(VARDBRON_SOURCE_DIR) / "../shared/conformance";
  std::vector<fs::path> files = maps_below(fs::path(VARDBRON_SOURCE_DIR) / "mappings");
  for (const char* suite : {"fml-reference", "fml-tutorial"}) {
    for (const fs::path& file : maps_below(suites / suite)) files.push_back(file);
  }
  ASSERT_FALSE(files.empty());

  for (const fs::path& file : files) {
    Result<syntax::Map> map = parse(file.filename().string(), read_text(file));
    if (!map) continue;  // the conformance tests say so
    for (const fhir::Definitions* release : {&r4(), &r5()}) {
      const std::string written = to_json(*map, *release);
      Result<syntax::Map> back = from_json(written);
      ASSERT_TRUE(back.ok()) << file << back.failure().says << written.substr(0, 300);
      EXPECT_EQ(to_json(*back, *release), written) << file;
      // R4 gives names to rules that have none, and both releases need variables for a transform inside a transform.
      const bool is_plain = release == &r5() && written.find("\"value1\"") == std::string::npos;
      back->metadata = map->metadata;
      back->concept_maps = map->concept_maps;
      if (is_plain) {
        EXPECT_TRUE(same(*back, *map)) << file << "\n" << print(*map) << "\n" << print(*back);
      }
    }
  }
}

struct IdCase {
  const char *name, *rule;
};

class DerivedIds : public testing::TestWithParam<IdCase> {};

std::string map_with(syntax::Map map) {
  Workshop workshop;
  workshop.model(model_a).model(model_b);
  Result<void> added = workshop.library().add_map(std::move(map));
  if (!added) return "!" + added.failure().says;
  const std::string failures = workshop.build();
  return failures.empty() ? workshop.run("m", {R"({"name":["n"],"count":3,"day":"2024-01-02"})"}) : "!" + failures;
}

TEST_P(DerivedIds, StayThroughAStructureMap) {
  Result<syntax::Map> map =
      parse("m.fml",
            "/// url = 'http://test/m'\n/// name = 'm'\n/// status = 'draft'\n"
            "uses 'http://test/A' alias A as source\nuses 'http://test/B' alias B as target\n"
            "group g(source a : A, target b : B) { " +
                std::string(GetParam().rule) + " }\ngroup h(source x, target t : B) { x -> t.name = uuid(); }");
  ASSERT_TRUE(map.ok()) << map.failure().says;
  const std::string expected = map_with(*map);
  ASSERT_EQ(expected[0], '{') << expected;

  for (const fhir::Definitions* definitions : {&r4(), &r5()}) {
    for (const bool as_xml : {false, true}) {
      Result<syntax::Map> back = through(*map, *definitions, as_xml);
      ASSERT_TRUE(back.ok()) << back.failure().says;
      EXPECT_EQ(map_with(std::move(*back)), expected) << as_xml;
    }
  }
}

INSTANTIATE_TEST_SUITE_P(
    Rules, DerivedIds,
    testing::Values(IdCase{"Plain", "a.name as n -> b.name = uuid(), b.name = uuid();"},
                    IdCase{"BehindANestedTransform", "a.name as n -> b.name = append(truncate(n, 1), 'x'), b.name = uuid();"},
                    IdCase{"BehindAnExpression", "a.name as n -> b.name = append(n & 'y', 'x'), b.name = uuid();"},
                    IdCase{"Nested", "a.name as n -> b.name = append('u:', uuid()), b.name = uuid();"},
                    IdCase{"NestedTwice", "a.name as n -> b.name = append(append(uuid(), 'x'), uuid()), b.name = uuid();"},
                    IdCase{"ForACall", "a.name as n -> b.name = uuid() then h((n & 'x'), b);"},
                    IdCase{"Moments", "a.name as n -> b.name = append(@2024-01-02, n), b.name = uuid();"}),
    [](const testing::TestParamInfo<IdCase>& of) { return std::string(of.param.name); });

TEST(StructureMap, TakesADottedIdForAPath) {
  const std::string json =
      R"({"resourceType":"StructureMap","url":"http://test/m","name":"m","group":[{"name":"g","input":[{"name":"a","type":"A",)"
      R"("mode":"source"},{"name":"b","type":"B","mode":"target"}],"rule":[{"name":"r","source":[{"context":"a"}],"target":[)"
      R"({"context":"b","element":"count","transform":"copy","parameter":[{"valueId":"a.count"}]}]}]}]})";
  Result<syntax::Map> map = from_json(json);
  ASSERT_TRUE(map.ok()) << map.failure().says;
  EXPECT_EQ(map_with(std::move(*map)), R"({"resourceType":"B","count":3})");
}

TEST(StructureMap, KeepsMetadataWithItsLists) {
  const std::string text =
      "/// url = 'http://test/m'\n/// name = 'm'\n/// status = 'active'\n/// experimental = true\n"
      "/// contact.name = 'Ada'\n/// contact.telecom.value = '010'\n/// contact.name = 'Bo'\n"
      "/// description = \"\"\"\nOne.\nTwo.\n\"\"\"\ngroup g(source a, target b) {\n  a.x -> b.y \"r\";\n}\n";
  Result<syntax::Map> map = parse("m.fml", text);
  ASSERT_TRUE(map.ok());

  const std::string written = to_json(*map, r5());

  EXPECT_NE(written.find(R"("experimental":true)"), std::string::npos) << written;
  EXPECT_NE(written.find(R"("contact":[{"name":"Ada","telecom":[{"value":"010"}]},{"name":"Bo"}])"), std::string::npos)
      << written;
  Result<syntax::Map> back = from_json(written);
  ASSERT_TRUE(back.ok());
  EXPECT_EQ(back->meta("description"), map->meta("description"));
  EXPECT_EQ(to_json(*back, r5()), written);
}

TEST(StructureMap, RefusesMetadataAStructureMapDoesNotHave) {
  Result<syntax::Map> map =
      parse("m.fml", "/// url = 'http://t/m'\n/// colour = 'red'\ngroup g(source a, target b) { a.x -> b.y; }");
  ASSERT_TRUE(map.ok());

  EXPECT_EQ(to_json(*map, r4()), "!the metadata 'colour' is nothing a StructureMap has");
}

TEST(StructureMap, TakesTheNamelessVariableOfOtherWritersForAnIdentity) {
  Result<syntax::Map> map = from_json(R"({"resourceType":"StructureMap","name":"m","url":"http://test/m","group":[{"name":"main",
    "input":[{"name":"a","type":"A","mode":"source"},{"name":"b","type":"B","mode":"target"}],
    "rule":[{"name":"r","source":[{"context":"a","element":"x","variable":"vvv"}],
             "target":[{"context":"b","element":"y","variable":"vvv","transform":"create"}],
             "dependent":[{"name":"DefaultMappingGroupAnonymousAlias","variable":["vvv","vvv"]}]}]}]})");
  ASSERT_TRUE(map.ok()) << map.failure().says;

  EXPECT_TRUE(map->groups[0].rules[0].is_identity);
  EXPECT_TRUE(map->groups[0].rules[0].calls.empty());
}

TEST(StructureMap, FindsContainedConceptMapsWithAllTheySay) {
  Workshop workshop;
  workshop.model("A\ncode 0..1 code").model("B\ncode 0..1 code");
  Result<syntax::Map> map = from_json(R"({"resourceType":"StructureMap","name":"m","url":"http://test/m",
    "contained":[{"resourceType":"ConceptMap","id":"c","status":"draft","group":[{"source":"http://s","target":"http://t",
      "element":[{"code":"a","target":[{"code":"b","relationship":"equivalent"}]}],"unmapped":{"mode":"fixed","code":"other"}}]}],
    "structure":[{"url":"http://test/A","mode":"source","alias":"A"},{"url":"http://test/B","mode":"target","alias":"B"}],
    "group":[{"name":"main","input":[{"name":"a","type":"A","mode":"source"},{"name":"b","type":"B","mode":"target"}],
    "rule":[{"source":[{"context":"a","element":"code","variable":"c"}],"target":[{"context":"b","element":"code",
      "transform":"translate","parameter":[{"valueId":"c"},{"valueString":"#c"},{"valueString":"code"}]}]}]}]})");
  ASSERT_TRUE(map.ok()) << map.failure().says;
  ASSERT_TRUE(workshop.library().add_map(std::move(*map)).ok());
  ASSERT_EQ(workshop.build(), "");

  EXPECT_EQ(workshop.run("m", {R"({"code":"a"})"}), R"({"resourceType":"B","code":"b"})");
  EXPECT_EQ(workshop.run("m", {R"({"code":"z"})"}), R"({"resourceType":"B","code":"other"})");
}

TEST(StructureMap, KeepsDisplaysAndCodesWithoutEquivalent) {
  Result<syntax::Map> map = parse("m.fml", R"(/// url = 'http://test/m'
/// name = 'm'
conceptmap "c" {
  prefix s = "http://s"
  prefix t = "http://t"
  s:a "An A" == t:b "A B"
  s:c "No more" --
}
group g(source a : A, target b : B) { a -> b.count = 1; })");
  ASSERT_TRUE(map.ok()) << map.failure().says;

  for (const fhir::Definitions* release : {&r4(), &r5()}) {
    for (const bool as_xml : {false, true}) {
      Result<syntax::Map> again = through(*map, *release, as_xml);
      ASSERT_TRUE(again.ok()) << again.failure().says;
      const std::vector<syntax::CodePair>& pairs = again->concept_maps.at(0).pairs;
      ASSERT_EQ(pairs.size(), 2u);
      EXPECT_EQ(pairs[0].source_display + "|" + pairs[0].target_display, "An A|A B");
      EXPECT_EQ(pairs[1].source_code.text + "|" + pairs[1].source_display + "|" + pairs[1].target_code.text, "c|No more|");
    }
  }
}

TEST(StructureMap, TellsAMistakesPlaceInTheJson) {
  Workshop workshop;
  workshop.model("A\nname 0..1 string").model("B\nname 0..1 string");
  Result<syntax::Map> map = from_json(
      "{\"resourceType\":\"StructureMap\",\"name\":\"m\",\"url\":\"http://test/m\",\n"
      "\"structure\":[{\"url\":\"http://test/A\",\"mode\":\"source\",\"alias\":\"A\"},{\"url\":\"http://test/"
      "B\",\"mode\":\"target\",\"alias\":\"B\"}],\n"
      "\"group\":[{\"name\":\"g\",\"input\":[{\"name\":\"a\",\"type\":\"A\",\"mode\":\"source\"},{\"name\":\"b\",\"type\":\"B\","
      "\"mode\":\"target\"}],\n"
      "  \"rule\":[{\"source\":[{\"context\":\"a\",\"element\":\"nam\"}]}]}]}");
  ASSERT_TRUE(map.ok());
  ASSERT_TRUE(workshop.library().add_map(std::move(*map)).ok());

  EXPECT_EQ(workshop.build(), "map.json:4:47: A has no element 'nam'; did you mean 'name'?\n");
}

struct Wrong {
  const char* name;
  const char* json;
  const char* says;
};

class RefusedStructureMap : public testing::TestWithParam<Wrong> {};

TEST_P(RefusedStructureMap, SaysWhatIsMissing) {
  Result<syntax::Map> map = from_json(GetParam().json);

  ASSERT_FALSE(map.ok());
  EXPECT_NE(map.failure().says.find(GetParam().says), std::string::npos) << map.failure().says;
  EXPECT_EQ(map.failure().where.substr(0, 9), "map.json:");
}

INSTANTIATE_TEST_SUITE_P(
    StructureMap, RefusedStructureMap,
    testing::Values(
        Wrong{"OtherResource", R"({"resourceType":"Patient"})", "expected a StructureMap"},
        Wrong{"NoGroup", R"({"resourceType":"StructureMap"})", "needs at least one group"},
        Wrong{"GroupWithoutName", R"({"resourceType":"StructureMap","group":[{"input":[{"name":"a","mode":"source"}]}]})",
              "'name' is missing"},
        Wrong{"NoInput", R"({"resourceType":"StructureMap","group":[{"name":"g"}]})", "needs an input"},
        Wrong{
            "NoSource",
            R"({"resourceType":"StructureMap","group":[{"name":"g","input":[{"name":"a","mode":"source"}],"rule":[{"name":"r"}]}]})",
            "a rule needs a source"},
        Wrong{
            "ListMode",
            R"({"resourceType":"StructureMap","group":[{"name":"g","input":[{"name":"a","mode":"source"}],"rule":[{"source":[{"context":"a","listMode":"middle"}]}]}]})",
            "listMode is first"},
        Wrong{
            "ParameterWithoutTransform",
            R"({"resourceType":"StructureMap","group":[{"name":"g","input":[{"name":"a","mode":"source"}],"rule":[{"source":[{"context":"a"}],"target":[{"context":"b","parameter":[{"valueString":"x"}]}]}]}]})",
            "needs a transform"},
        Wrong{
            "TargetOfNothing",
            R"({"resourceType":"StructureMap","group":[{"name":"g","input":[{"name":"a","mode":"source"}],"rule":[{"source":[{"context":"a","element":"b"}],"target":[{"id":"x"}]}]}]})",
            "needs a context or a transform"},
        Wrong{
            "Cardinality",
            R"({"resourceType":"StructureMap","group":[{"name":"g","input":[{"name":"a","mode":"source"}],"rule":[{"source":[{"context":"a","min":2,"max":"1"}]}]}]})",
            "below the lower bound"}),
    [](const testing::TestParamInfo<Wrong>& of) { return std::string(of.param.name); });

}  // namespace
}  // namespace vardbron::mapping
