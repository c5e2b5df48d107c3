#include "gateway/workbench/coverage.h"

#include "gateway/formats/json/parse.h"
#include "tests/workbench/bench.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <random>

namespace vardbron::workbench {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::Not;

const char* const profile =
    R"({"resourceType":"StructureDefinition","url":"http://test/patient","name":"OurPatient","kind":"resource",
"type":"Patient","derivation":"constraint","differential":{"element":[
{"id":"Patient","path":"Patient","mustSupport":true},
{"id":"Patient.gender","path":"Patient.gender","mustSupport":true},
{"id":"Patient.birthDate","path":"Patient.birthDate","mustSupport":true},
{"id":"Patient.name.family","path":"Patient.name.family","mustSupport":true},
{"id":"Patient.deceased[x]","path":"Patient.deceased[x]","mustSupport":true},
{"id":"Patient.extension:kommun","path":"Patient.extension","type":[{"code":"Extension","profile":["http://test/kommun"]}],"mustSupport":true},
{"id":"Patient.photo","path":"Patient.photo"}]}})";

std::vector<Profile> profiles() {
  Result<tree::Document> read = json::parse(profile, mapping::r4().names());
  CHECK(read.ok());
  return read_profile(*read);
}

/// Coverage of messages, each given to the map of the bench.
MapCoverage cover(const std::vector<std::string>& messages, std::vector<Profile> wanted = {}) {
  Bench first("{}");
  Coverage coverage(std::move(wanted));
  for (std::size_t at = 0; at < messages.size(); ++at) {
    first.source.emplace(first.workshop.read(messages[at]));
    first.refusal.reset();
    mapping::Environment environment;
    environment.marks = &coverage.marks_of(first.map());
    const bool ran = first.run(environment);
    coverage.take(first.map(), "case" + std::to_string(at) + ".json", *first.source, ran ? &*first.output : nullptr);
  }
  return coverage.result().front();
}

const RuleLine& rule(const MapCoverage& covered, std::string_view path) {
  auto found = std::find_if(covered.rules.begin(), covered.rules.end(), [&](const RuleLine& line) { return line.path == path; });
  CHECK(found != covered.rules.end());
  return *found;
}

TEST(Coverage, TellsReadUnreadAndDroppedElementsApart) {
  const MapCoverage covered = cover({full_message});

  EXPECT_EQ(covered.source.at("(message).sex").read, 1u);
  EXPECT_EQ(covered.source.at("(message).name.given").read, 2u);
  EXPECT_EQ(covered.source.at("(message).note").read, 0u);
  EXPECT_EQ(covered.source.at("(message).note").example, "case0.json:4:8");
  EXPECT_EQ(covered.source.at("(message).name.maiden").read, 0u);
  EXPECT_EQ(covered.source.at("(message).phone").items, 2u);
}

// A where that visits only the item itself reads no other element.
TEST(Coverage, NamesTheRuleWhoseWhereDroppedAnElement) {
  const MapCoverage covered = cover({R"({"phone":["070"]})"});

  EXPECT_EQ(covered.source.at("(message).phone").dropped, 1u);
  EXPECT_EQ(covered.source.at("(message).phone").dropped_by, "export.fml:9:3 (Export/phone)");
  EXPECT_EQ(rule(covered, "Export/phone").rejected, 1u);
}

TEST(Coverage, SumsOverMessages) {
  const MapCoverage covered = cover({full_message, R"({"sex":"1"})", R"({"sex":"2","note":"again"})"});

  EXPECT_EQ(covered.messages, 3u);
  EXPECT_EQ(covered.source.at("(message).sex").items, 3u);
  EXPECT_EQ(covered.source.at("(message).note").items, 2u);
  EXPECT_EQ(rule(covered, "Export/sex").fired, 3u);
  EXPECT_EQ(rule(covered, "Export/never").fired, 0u);
  EXPECT_EQ(rule(covered, "Name/given").fired, 2u);
  EXPECT_EQ(covered.rules_fired(), covered.rules.size() - 1);
}

TEST(Coverage, KeepsCodesThatMetNoMappingAndLeavesTheRestOfARefusedMessageOut) {
  const MapCoverage covered = cover({R"({"sex":"9","note":"never reached"})", R"({"sex":"9"})"});

  EXPECT_EQ(covered.refused, 2u);
  ASSERT_EQ(covered.codes.size(), 1u);
  EXPECT_EQ(covered.codes[0].code, "9");
  EXPECT_EQ(covered.codes[0].times, 2u);
  EXPECT_EQ(covered.codes[0].rule, "export.fml:7:3 (Export/sex)");
  EXPECT_TRUE(covered.source.empty());
}

TEST(Coverage, NamesMustSupportElementsThatWereNeverWritten) {
  const MapCoverage covered = cover({full_message}, profiles());

  ASSERT_EQ(covered.targets.size(), 5u);
  auto written = [&](std::string_view path) {
    for (const TargetLine& line : covered.targets) {
      if (line.path == path) return line.written;
    }
    return std::size_t{99};
  };
  EXPECT_EQ(written("Patient.gender"), 1u);
  EXPECT_EQ(written("Patient.name.family"), 1u);
  EXPECT_EQ(written("Patient.birthDate"), 0u);
  EXPECT_EQ(written("Patient.deceased[x]"), 0u);
  EXPECT_EQ(written("Patient.extension:kommun"), 0u);
}

TEST(Profile, AppliesToWhatClaimsItOrClaimsNothing) {
  const Profile ours = profiles().front();
  auto applies_to = [&](const char* text) {
    Result<tree::Document> resource = json::parse(text, mapping::r4().names());
    CHECK(resource.ok());
    return applies(ours, tree::root(*resource));
  };
  EXPECT_TRUE(applies_to(R"({"resourceType":"Patient"})"));
  EXPECT_TRUE(applies_to(R"({"resourceType":"Patient","meta":{"profile":["http://test/patient|1.0"]}})"));
  EXPECT_FALSE(applies_to(R"({"resourceType":"Patient","meta":{"profile":["http://test/other"]}})"));
  EXPECT_FALSE(applies_to(R"({"resourceType":"Task"})"));
}

TEST(Profile, KnowsChoicesAndExtensionsOfAnOutput) {
  const Profile ours = profiles().front();
  Result<tree::Document> resource = json::parse(
      R"({"resourceType":"Patient","deceasedBoolean":true,"extension":[{"url":"http://test/kommun","valueCode":"0880"}]})",
      mapping::r4().names());
  ASSERT_TRUE(resource.ok());
  std::string held;
  for (const MustSupport& each : ours.elements) held += holds(each, tree::root(*resource)) ? each.path + " " : "";

  EXPECT_EQ(held, "Patient.deceased[x] Patient.extension:kommun ");
}

TEST(Profile, OfALogicalModelAreItsElementsThatMustBeSupported) {
  mapping::Workshop workshop;
  workshop.resource(
      R"({"resourceType":"StructureDefinition","url":"http://test/Out","name":"Out","status":"draft","kind":"logical",
"abstract":false,"type":"Out","baseDefinition":"http://hl7.org/fhir/StructureDefinition/Element","derivation":"specialization",
"differential":{"element":[{"path":"Out","min":0,"max":"*"},
{"path":"Out.a","min":0,"max":"1","type":[{"code":"string"}],"mustSupport":true},
{"path":"Out.b","min":0,"max":"1","type":[{"code":"string"}]},
{"path":"Out.part","min":0,"max":"*","type":[{"code":"BackboneElement"}]},
{"path":"Out.part.c","min":0,"max":"1","type":[{"code":"string"}],"mustSupport":true}]}})");
  ASSERT_EQ(workshop.build(), "");

  std::string paths;
  for (const Profile& each : profiles_of_models(workshop.library().definitions())) {
    EXPECT_EQ(each.type, "Out");
    for (const MustSupport& element : each.elements) paths += element.path + " ";
  }

  EXPECT_EQ(paths, "Out.a Out.part.c ");
}

TEST(Coverage, CallsWhatAListModeLeavesOutDropped) {
  mapping::Workshop workshop;
  workshop.model("B\n item 0..* string");
  workshop.map("first.fml",
               "/// url = 'http://test/first'\n/// name = 'first'\nuses \"http://test/B\" alias B as source\n"
               "group g(source b : B, target t) { b.item first as item -> t.item = item \"one\"; }");
  ASSERT_EQ(workshop.build(), "");
  const mapping::Map& map = *workshop.library().find("first");
  const tree::Document source = workshop.read(R"({"item":["a","b","c"]})");
  const tree::Item item = tree::root(source);
  tree::Document output(source.names());
  Coverage coverage;
  ASSERT_TRUE(mapping::Runner(map).run({&item, 1}, {.identity = "x", .marks = &coverage.marks_of(map)}, output));
  coverage.take(map, "f.json", source, &output);

  const SourceLine line = coverage.result().front().source.at("(message).item");

  EXPECT_EQ(line.items, 3u);
  EXPECT_EQ(line.read, 1u);
  EXPECT_EQ(line.dropped, 2u);
  EXPECT_EQ(line.dropped_by, "");
  EXPECT_THAT(coverage_text(coverage.result()), HasSubstr("by type or list mode"));
}

// Reading a part of a complex element reads that part only; copying it reads all of it.
TEST(Coverage, KnowsAPartFromTheWhole) {
  mapping::Workshop workshop;
  workshop.model("C\n one 0..1 HumanName\n two 0..1 HumanName");
  workshop.map("parts.fml",
               "/// url = 'http://test/parts'\n/// name = 'parts'\nuses \"http://test/C\" alias C as source\n"
               "uses \"http://hl7.org/fhir/StructureDefinition/Patient\" alias Patient as target\n"
               "group g(source c : C, target p : Patient) { c.one as n -> p.id = (n.family.lower()) \"part\"; c.two as n -> "
               "p.name = n \"whole\"; }");
  ASSERT_EQ(workshop.build(), "");
  const mapping::Map& map = *workshop.library().find("parts");
  const tree::Document source = workshop.read(R"({"one":{"family":"Berg","use":"usual"},"two":{"family":"Lind","use":"old"}})");
  const tree::Item item = tree::root(source);
  tree::Document output(source.names());
  Coverage coverage;
  ASSERT_TRUE(mapping::Runner(map).run({&item, 1}, {.identity = "x", .marks = &coverage.marks_of(map)}, output));
  coverage.take(map, "f.json", source, &output);
  const MapCoverage covered = coverage.result().front();

  EXPECT_EQ(covered.source.at("(message).one.family").read, 1u);
  EXPECT_EQ(covered.source.at("(message).one.use").read, 0u);
  EXPECT_EQ(covered.source.at("(message).two.use").read, 1u);
  EXPECT_EQ(covered.source_items(), 6u);
  EXPECT_EQ(covered.source_items_read(), 5u);
}

// The sums do not depend on how messages are distributed.
TEST(Coverage, SumsAlikeInAnyOrder) {
  std::vector<std::string> messages{full_message, R"({"sex":"1"})", R"({"phone":["070","+46"]})", R"({"sex":"9"})",
                                    R"({"note":"x"})"};
  std::mt19937_64 random(7);
  for (int at = 0; at < 8; ++at) {
    std::shuffle(messages.begin(), messages.end(), random);
    const MapCoverage covered = cover(messages);
    EXPECT_EQ(covered.source.at("(message).sex").items, 2u);
    EXPECT_EQ(covered.source.at("(message).phone").dropped, 2u);
    EXPECT_EQ(covered.source.at("(message).phone").read, 2u);
    EXPECT_EQ(covered.rules_fired(), covered.rules.size() - 1);
    EXPECT_EQ(covered.refused, 1u);
  }
}

TEST(CoverageText, SaysWhatIsMissingAndCountsTheRest) {
  const std::string text = coverage_text({cover({full_message, R"({"sex":"9"})"}, profiles())});

  EXPECT_THAT(text,
              AllOf(HasSubstr("Export (export.fml): 2 messages, 1 of them refused"), HasSubstr("(message).note"),
                    HasSubstr("case0.json:4:8"), HasSubstr("'9'"), HasSubstr("Patient.birthDate"), HasSubstr("export.fml:11:3")));
  EXPECT_THAT(text, Not(HasSubstr("export.fml:7:3  Export/sex")));
}

TEST(CoverageHtml, IsOnePageThatNeedsNothingElse) {
  MapCoverage covered = cover({full_message}, profiles());
  covered.source["(message).<script>"].items = 1;
  const std::string html = coverage_html({covered});

  EXPECT_THAT(html, AllOf(HasSubstr("<!doctype html>"), HasSubstr("Patient.birthDate"), HasSubstr("(message).&lt;script&gt;")));
  EXPECT_THAT(html,
              AllOf(Not(HasSubstr("http-equiv")), Not(HasSubstr("src=")), Not(HasSubstr("<link")), Not(HasSubstr("<script>"))));
}

TEST(CoverageLcov, CountsRulesOfMapsAndLinesOfMessages) {
  const std::string text = coverage_lcov({cover({full_message})});

  EXPECT_THAT(text, AllOf(HasSubstr("SF:export.fml\n"), HasSubstr("FN:7,Export/sex\n"), HasSubstr("FNDA:0,Export/never\n"),
                          HasSubstr("DA:7,1\n"), HasSubstr("DA:11,0\n"), HasSubstr("SF:case0.json\n"), HasSubstr("DA:4,0\n")));
  // Every record has its sums, and says it ends.
  std::size_t begun = 0, ended = 0;
  for (std::size_t at = text.find("SF:"); at != std::string::npos; at = text.find("SF:", at + 1)) ++begun;
  for (std::size_t at = text.find("end_of_record"); at != std::string::npos; at = text.find("end_of_record", at + 1)) ++ended;
  EXPECT_EQ(begun, ended);
}

}  // namespace
}  // namespace vardbron::workbench
