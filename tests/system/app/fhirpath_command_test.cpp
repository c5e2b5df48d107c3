#include "fhirpath_suite.h"
#include "gateway/base/text.h"
#include "gateway/formats/json/composer.h"
#include "gateway/formats/json/parse.h"
#include "suite_line.h"
#include "tests/system/app/command_process.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <iostream>
#include <optional>
#include <set>

// Concern: `vardbron fhirpath`, as a person and as another program uses it: a process, its arguments, its pipes.
namespace vardbron {
namespace {

const tree::Names& no_names() {
  static const tree::Names names;
  return names;
}

std::string question_of(const suite::Case& test) {
  std::string line = "{\"id\":" + json::as_json(test.name) + ",\"expression\":" + json::as_json(test.expression);
  if (!test.input.empty()) line += ",\"file\":" + json::as_json((suite::folder() / "inputs" / test.input).string());
  if (test.is_strict) line += ",\"strict\":true";
  return line + "}";
}

/// One item in the suite's form: the text after @, a quantity as a literal, else the plain value.
std::string written(tree::Item item) {
  std::string_view text = item.text_of("text");
  return suite::plain(std::string(text.empty() ? item.text_of("value") : text));
}

/// "" when the answer is what the suite expects.
std::string compare(const suite::Case& test, tree::Item answer) {
  tree::Item error = answer.child("error");
  if (!test.invalid.empty()) return error ? "" : "an error was expected";
  if (error) return std::string(error.text_of("says"));
  std::multiset<std::string> found, expected;
  std::vector<std::string> types;
  for (tree::Item item = answer.first_child(); item; item = item.next()) {
    if (item.name_text() != "result") continue;
    found.insert(written(item));
    types.emplace_back(item.text_of("type"));
  }
  if (test.is_predicate) {
    bool holds = found.size() > 1 || (found.size() == 1 && (types[0] != "boolean" || *found.begin() == "true"));
    return test.outputs == std::vector<std::string>{holds ? "true" : "false"} ? "" : "the predicate is not as expected";
  }
  for (const std::string& output : test.outputs) expected.insert(suite::plain(output));
  bool same = found == expected;
  if (!same && found.size() == 1 && expected.size() == 1 && test.types[0] == "decimal")
    same = fhirpath::Decimal::parse(*found.begin()) == fhirpath::Decimal::parse(*expected.begin());
  for (std::size_t place = 0; same && place < types.size() && place < test.types.size(); ++place)
    same = test.types[place].empty() || test.types[place] == types[place];
  return same ? "" : "another result";
}

TEST(FhirPathBatch, PassesThePublicSuiteThroughAPipeAsInsideTheProcess) {
  std::filesystem::path file = suite::folder() / "tests-fhir-r4.xml";
  if (!std::filesystem::exists(file)) GTEST_SKIP() << "no suite at " << file;
  const std::vector<suite::Case> cases = suite::read_cases(file);
  const std::map<std::string, std::string> known = suite::read_known();
  std::string asked;
  for (const suite::Case& test : cases) asked += question_of(test) + "\n";

  const play::Finished run = play::run_command({"fhirpath", "--batch"}, asked);

  EXPECT_EQ(run.exit_code, 0) << run.errors;
  const std::vector<std::string_view> lines = split(run.output, '\n');
  ASSERT_EQ(lines.size(), cases.size() + 1);
  int passed = 0;
  for (std::size_t place = 0; place < cases.size(); ++place) {
    Result<tree::Document> answer = json::parse(std::string(lines[place]), no_names(), {.fhir = false});
    ASSERT_TRUE(answer) << lines[place];
    EXPECT_EQ(tree::root(*answer).text_of("id"), cases[place].name);
    const std::string problem = compare(cases[place], tree::root(*answer));
    if (problem.empty()) ++passed;
    EXPECT_EQ(problem.empty(), !known.contains(cases[place].name))
        << cases[place].name << ": " << cases[place].expression << "\n  " << problem << "\n  " << lines[place];
  }
  suite::print_line("FHIRPath, official R4 tests, through fhirpath --batch", static_cast<std::size_t>(passed), cases.size());
  EXPECT_EQ(passed + static_cast<int>(known.size()), static_cast<int>(cases.size()));
}

TEST(FhirPathBatch, AnswersEachLineBeforeTheNextIsAsked) {
  play::Command command({"fhirpath", "--batch"});
  for (int number = 1; number <= 5; ++number) {
    const std::string text = std::to_string(number);
    command.write("{\"id\":" + text + ",\"expression\":\"" + text + " + 1\"}\n\n");
    EXPECT_EQ(command.read_line(),
              "{\"id\":" + text + ",\"result\":[{\"type\":\"integer\",\"value\":" + std::to_string(number + 1) + "}]}");
  }
  command.write("no json\n");
  EXPECT_NE(command.read_line().value_or("").find("\"kind\":\"syntax\""), std::string::npos);
  EXPECT_EQ(command.finish().exit_code, 0);
}

TEST(FhirPathBatch, ReadsAFileAnewWhenItHasChanged) {
  const std::filesystem::path file =
      std::filesystem::temp_directory_path() / ("vardbron-batch-" + std::to_string(getpid()) + ".json");
  const std::string line = "{\"id\":0,\"file\":" + json::as_json(file.string()) + ",\"expression\":\"name.family\"}\n";
  play::Command command({"fhirpath", "--batch"});
  for (std::string_view family : {"Berg", "Bergström"}) {
    std::ofstream(file) << "{\"resourceType\":\"Patient\",\"name\":[{\"family\":\"" << family << "\"}]}";
    command.write(line + line);
    for (int time = 0; time < 2; ++time)
      EXPECT_EQ(command.read_line(), "{\"id\":0,\"result\":[{\"type\":\"string\",\"value\":\"" + std::string(family) + "\"}]}");
  }
  std::filesystem::remove(file);
  command.write(line);
  EXPECT_NE(command.read_line().value_or("").find("The file cannot be read."), std::string::npos);
}

TEST(FhirPathCommand, PrintsOneResultPerLine) {
  struct Row {
    std::vector<std::string> arguments;
    std::string input, output;
  };
  const std::string patient =
      R"({"resourceType":"Patient","birthDate":"1950-09-07","name":[{"family":"Berg","given":["Tolvan","Tage"]}]})";
  for (const Row& row : {Row{{"name.given", "-"}, patient, "Tolvan\nTage\n"},
                         {{"birthDate | name.family", "-", "--types"}, patient, "date         @1950-09-07\nstring       Berg\n"},
                         {{"name", "-"}, patient, "{\"family\":\"Berg\",\"given\":[\"Tolvan\",\"Tage\"]}\n"},
                         {{"%weight * 2", "--variables", "weight=80"}, "", "160\n"},
                         {{"--variables", "a=x y", "--variables", "b={\"c\":[1,2]}", "%a | %b.c"}, "", "x y\n1\n2\n"},
                         {{"a.b", "-", "--model", "none"}, "{\"a\":{\"b\":true}}", "true\n"},
                         {{"4 'mg' | 1 week"}, "", "4 'mg'\n1 week\n"},
                         {{"{}"}, "", ""}}) {
    std::vector<std::string> arguments{"fhirpath"};
    arguments.insert(arguments.end(), row.arguments.begin(), row.arguments.end());
    const play::Finished run = play::run_command(arguments, row.input);
    EXPECT_EQ(run.output, row.output) << row.arguments[0];
    EXPECT_EQ(run.errors, "");
    EXPECT_EQ(run.exit_code, 0);
  }
}

TEST(FhirPathCommand, SaysWhatToChange) {
  struct Row {
    std::vector<std::string> arguments;
    int exit_code;
    std::string errors;
  };
  for (const Row& row :
       {Row{{"1 +"}, 1, "vardbron: 1:4: Expected a value, a name or a function, but the expression ends.\n"},
        {{"nam.given", "-", "--strict"}, 1, "vardbron: 1:1: 'nam' is no element of Patient. Did you mean 'name'?\n"},
        {{"name", "/nowhere.json"}, 1, "vardbron: /nowhere.json: There is no such file or folder.\n"},
        {{"%a", "--variables", "a"}, 1, "vardbron: a: A variable is given as name=value.\n"},
        {{},
         2,
         "vardbron: Give an expression, and a file to apply it to; or --batch. `vardbron fhirpath --help` tells more.\n"}}) {
    std::vector<std::string> arguments{"fhirpath"};
    arguments.insert(arguments.end(), row.arguments.begin(), row.arguments.end());
    const play::Finished run = play::run_command(arguments, R"({"resourceType":"Patient"})");
    EXPECT_EQ(run.exit_code, row.exit_code);
    EXPECT_EQ(run.errors, row.errors);
    EXPECT_EQ(run.output, "");
  }
  EXPECT_EQ(play::run_command({"fhirpath", "1", "--model", "r6"}, "").exit_code, 2);
}

TEST(FhirPathCommand, ShowsTracesBesideTheResults) {
  const play::Finished run = play::run_command({"fhirpath", "(1 | 2).trace('seen').count()"}, "");
  EXPECT_EQ(run.output, "2\n");
  EXPECT_EQ(run.errors, "seen: 1\nseen: 2\n");
}

}  // namespace
}  // namespace vardbron
