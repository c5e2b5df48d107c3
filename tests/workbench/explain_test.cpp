#include "gateway/workbench/explain.h"

#include "gateway/formats/json/parse.h"
#include "gateway/workbench/explain_trace.h"
#include "tests/workbench/bench.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>

namespace vardbron::workbench {
namespace {

using testing::AllOf;
using testing::HasSubstr;

std::vector<Explained> explained(Bench& bench) {
  mapping::Provenance provenance;
  mapping::Environment environment;
  environment.observer = &provenance;
  EXPECT_TRUE(bench.run(environment));
  return explain(bench.map(), provenance, *bench.source, *bench.output);
}

const Explained& of(const std::vector<Explained>& all, std::string_view path) {
  auto found = std::find_if(all.begin(), all.end(), [&](const Explained& line) { return line.path == path; });
  CHECK(found != all.end());
  return *found;
}

TEST(Explain, NamesRuleSourceAndRowOfATranslatedCode) {
  Bench bench(full_message);
  const std::vector<Explained> all = explained(bench);
  const Explained& gender = of(all, "Patient.gender");

  EXPECT_EQ(gender.value, "'female'");
  EXPECT_EQ(gender.file, "export.fml");
  EXPECT_EQ(gender.rule_position, (tree::Position{7, 3}));
  EXPECT_EQ(gender.rule, "Export/sex");
  EXPECT_EQ(gender.source, "sex");
  EXPECT_EQ(gender.source_position.line, 1u);
  EXPECT_EQ(gender.concept_map, "#sex");
  EXPECT_EQ(gender.row, 2u);
}

TEST(Explain, TellsItemsOfAListApart) {
  Bench bench(full_message);
  const std::vector<Explained> all = explained(bench);

  EXPECT_EQ(of(all, "Patient.name[0].given[0]").source, "name.given[0]");
  EXPECT_EQ(of(all, "Patient.name[0].given[1]").source, "name.given[1]");
  EXPECT_EQ(of(all, "Patient.name[0].given[1]").source_position.line, 2u);
}

TEST(Explain, NamesARuleForEveryValue) {
  Bench bench(full_message);
  for (const Explained& line : explained(bench)) {
    EXPECT_EQ(line.file, "export.fml") << line.path;
    EXPECT_NE(line.rule, "") << line.path;
    EXPECT_NE(line.source, "") << line.path;
  }
}

TEST(Explain, OnlyATranslatedValueHasARow) {
  Bench bench(full_message);
  for (const Explained& line : explained(bench)) EXPECT_EQ(line.row != 0, line.path == "Patient.gender") << line.path;
}

/// One map of a few lines, explained.
std::vector<Explained> explain_rules(const std::string& rules, std::string message) {
  mapping::Workshop workshop;
  workshop.model("D\n code 0..1 code\n name 0..1 HumanName\n text 0..1 string");
  workshop.map("d.fml",
               "/// url = 'http://test/d'\n/// name = 'd'\nuses \"http://test/D\" alias D as source\n"
               "uses \"http://hl7.org/fhir/StructureDefinition/Patient\" alias Patient as target\n"
               "group g(source d : D, target p : Patient) {\n" +
                   rules + "\n}");
  const std::string failures = workshop.build();
  EXPECT_EQ(failures, "");
  const tree::Document source = workshop.read(std::move(message));
  const tree::Item item = tree::root(source);
  tree::Document output(source.names());
  mapping::Provenance provenance;
  const mapping::Map& map = *workshop.library().find("d");
  EXPECT_TRUE(mapping::Runner(map).run({&item, 1}, {.identity = "x", .observer = &provenance}, output));
  return explain(map, provenance, source, output);
}

TEST(Explain, KnowsNoPlaceInTheMessageForADefault) {
  const std::vector<Explained> all = explain_rules("  d.code : code default ('male') as c -> p.gender = c \"sex\";", "{}");

  EXPECT_EQ(of(all, "Patient.gender").value, "'male'");
  EXPECT_EQ(of(all, "Patient.gender").source, "");
  EXPECT_EQ(of(all, "Patient.gender").rule, "g/sex");
}

TEST(Explain, TellsOfEveryPartOfACopyFromItsRule) {
  const std::vector<Explained> all =
      explain_rules("  d.name as n -> p.name = n \"whole\";", R"({"name":{"family":"Berg","given":["Eva","Lo"]}})");

  ASSERT_EQ(all.size(), 3u);
  for (const Explained& line : all) {
    EXPECT_EQ(line.rule, "g/whole") << line.path;
    EXPECT_EQ(line.source, "name") << line.path;
  }
}

TEST(Explain, NamesTheLastRuleOfAValueThatWasReplaced) {
  const std::vector<Explained> all = explain_rules(
      "  d.text as t -> p.language = t \"first\";\n  d.code as c -> p.language = c \"second\";", R"({"text":"sv","code":"en"})");

  EXPECT_EQ(of(all, "Patient.language").value, "'en'");
  EXPECT_EQ(of(all, "Patient.language").rule, "g/second");
  EXPECT_EQ(of(all, "Patient.language").source, "code");
}

TEST(Explain, NamesTheRuleOfWhatATransformBuilds) {
  const std::vector<Explained> all =
      explain_rules("  d.text as t -> p.maritalStatus = cc('http://s', t, 'words') \"status\";", R"({"text":"M"})");

  EXPECT_EQ(of(all, "Patient.maritalStatus.coding[0].code").value, "'M'");
  for (const Explained& line : all) EXPECT_EQ(line.rule, "g/status") << line.path;
}

TEST(ExplainTable, IsOneLineAValueWithAHeading) {
  Bench bench(full_message);
  const std::vector<Explained> all = explained(bench);
  const std::string table = explain_table(all);

  EXPECT_EQ(static_cast<std::size_t>(std::count(table.begin(), table.end(), '\n')), all.size() + 1);
  EXPECT_THAT(table, AllOf(HasSubstr("export.fml:7:3 (Export/sex)"), HasSubstr("#sex row 2")));
}

TEST(ExplainJson, CanBeReadAndLeavesOutWhatIsNotKnown) {
  Bench bench(full_message);
  std::vector<Explained> all = explained(bench);
  all.push_back({"Patient.x", "'a \"quoted\" text'", "", {}, "", "", {}, "", 0});
  Result<tree::Document> read = json::parse("{\"all\":" + explain_json(all) + "}", mapping::r4().names());

  ASSERT_TRUE(read.ok()) << read.failure().says;
  std::size_t lines = 0, rows = 0, rules = 0;
  for (tree::Item line = tree::root(*read).first_child(); line; line = line.next()) {
    ++lines;
    rows += line.child("conceptMap") ? 1 : 0;
    rules += line.child("rule") ? 1 : 0;
  }
  EXPECT_EQ(lines, all.size());
  EXPECT_EQ(rules, all.size() - 1);
  EXPECT_EQ(rows, 1u);
}

std::vector<std::string> traced(Bench& bench) {
  std::vector<std::string> lines;
  bench.output.emplace(bench.source->names());
  const tree::Item item = tree::root(*bench.source);
  Trace trace(bench.map(), *bench.source, *bench.output, [&](std::string_view line) { lines.emplace_back(line); });
  mapping::Environment environment;
  environment.identity = "bench";
  environment.observer = &trace;
  Result<void> ran = mapping::Runner(bench.map()).run({&item, 1}, environment, *bench.output);
  trace.tell();
  if (!ran) lines.push_back("!" + ran.failure().says);
  return lines;
}

TEST(Trace, NestsGroupsAndRules) {
  Bench bench(R"({"name":{"family":"Berg"}})");

  EXPECT_EQ(traced(bench), (std::vector<std::string>{
                               "group Export",
                               "  export.fml:8:3 (Export/name) takes name (1:9)",
                               "    -> Patient.name[0]",
                               "    group Name",
                               "      export.fml:14:3 (Name/family) takes name.family (1:19) = 'Berg'",
                               "        -> Patient.name[0].family = 'Berg'",
                               "  export.fml:10:3 (Export/active) takes (message) (1:1)",
                               "    -> Patient.active = true",
                           }));
}

TEST(Trace, CountsItemsTheSameHoweverManyLinesGather) {
  std::string json = R"({"phone":[)";
  for (int number = 0; number < 5'000; ++number) json += (number == 0 ? "\"+" : ",\"+") + std::to_string(number) + "\"";
  Bench bench(json + "]}");

  const std::vector<std::string> lines = traced(bench);

  ASSERT_GT(lines.size(), 10'000u);
  for (int number = 0; number < 5'000; number += 499) {
    const std::string index = "[" + std::to_string(number) + "]";
    EXPECT_THAT(lines, testing::Contains(HasSubstr("takes phone" + index + " (1:")));
    EXPECT_THAT(lines, testing::Contains(HasSubstr("-> Patient.telecom" + index)));
  }
}

TEST(Trace, SaysWhichWhereSaidNoAndToWhat) {
  Bench bench(R"({"phone":["070"]})");
  const std::vector<std::string> lines = traced(bench);

  EXPECT_THAT(
      lines,
      testing::Contains("  export.fml:9:3 (Export/phone) leaves phone[0] (1:11) = '070': where (phone.startsWith('+')) said no"));
}

TEST(Trace, ShowsTheRowOfACodeAndTheStepBeforeAFailure) {
  Bench listed(R"({"sex":"1"})"), unlisted(R"({"sex":"9"})");

  EXPECT_THAT(traced(listed), testing::Contains("    code '1' found as 'male' in #sex, row 1"));
  const std::vector<std::string> lines = traced(unlisted);
  ASSERT_GE(lines.size(), 2u);
  EXPECT_EQ(lines[lines.size() - 2], "    code '9' is not listed in #sex");
  EXPECT_THAT(lines.back(), HasSubstr("is not listed"));
}

}  // namespace
}  // namespace vardbron::workbench
