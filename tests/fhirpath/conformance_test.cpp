#include "fhirpath_suite.h"
#include "gateway/fhir/xml_conversion.h"
#include "gateway/fhirpath/program.h"
#include "gateway/formats/json/parse.h"
#include "gateway/formats/xml/parse.h"
#include "r4.h"
#include "suite_line.h"

#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <map>
#include <set>
#include <sstream>

// Concern: the public FHIRPath suite. A test passes, or is listed in tests/scenarios/fhirpath-r4-known.tsv with the reason.
namespace vardbron::fhirpath {
namespace {

class Inputs {
 public:
  /// nullptr: the test needs no input.
  const tree::Document* open(const std::string& name) {
    if (name.empty()) return nullptr;
    auto found = documents_.find(name);
    if (found != documents_.end()) return &found->second;
    std::string body = suite::read_file(suite::folder() / "inputs" / name);
    Result<tree::Document> read = json::parse("{}", r4().names());
    if (name.ends_with(".xml")) {
      Result<tree::Document> plain = xml::parse(std::move(body), r4().names());
      if (!plain) {
        ADD_FAILURE() << name << ": " << plain.failure().says << " " << plain.failure().where;
        return nullptr;
      }
      read = fhir::from_xml(*plain, r4());
    } else {
      read = json::parse(std::move(body), r4().names(), {.short_companions = true});
    }
    if (!read) {
      ADD_FAILURE() << name << ": " << read.failure().says << " " << read.failure().where;
      return nullptr;
    }
    return &documents_.emplace(name, *std::move(read)).first->second;
  }

 private:
  std::map<std::string, tree::Document> documents_;
};

std::string shown(const Value& value) {
  std::optional<std::string> text = to_string(value, r4());
  return text ? *text : describe(value, r4()).json;
}

/// "" if the test passes, else what happened.
std::string compare(const suite::Case& test, const Collection& result) {
  if (!test.invalid.empty()) return "an error was expected";
  if (test.is_predicate) {
    Result<std::optional<bool>> truth = to_boolean(result, r4());
    bool holds = result.size() > 1 || (truth && truth->value_or(false));
    return test.outputs == std::vector<std::string>{holds ? "true" : "false"} ? "" : "the predicate is not as expected";
  }
  std::string found;
  std::multiset<std::string> left, right;
  bool types_match = true;
  for (std::size_t place = 0; place < result.size(); ++place) {
    left.insert(shown(result[place]));
    found += (place > 0 ? ", " : "") + describe(result[place], r4()).type + " " + shown(result[place]);
    if (place < test.types.size())
      types_match = types_match && (test.types[place].empty() || test.types[place] == describe(result[place], r4()).type);
  }
  for (const std::string& output : test.outputs) right.insert(suite::plain(output));
  bool same = left == right;
  if (!same && left.size() == 1 && right.size() == 1 && test.types[0] == "decimal") {
    same = Decimal::parse(*left.begin()) == Decimal::parse(*right.begin());
  }
  return same && types_match ? "" : "got {" + found + "}";
}

std::string run_case(const suite::Case& test, Inputs& inputs) {
  static const tree::Document nothing = [] { return *json::parse("{}", r4().names()); }();
  const tree::Document* document = inputs.open(test.input);
  Value focus = element(tree::root(document != nullptr ? *document : nothing), r4());
  CompileOptions options{.definitions = r4(), .context = focus.type(), .strict = test.is_strict, .variables = {}};
  Result<Program> program = compile(test.expression, options);
  if (!program) return test.invalid.empty() ? "refused: " + program.failure().says + " @" + program.failure().where : "";
  Environment environment;
  environment.now = WallTime(std::chrono::milliseconds(1'758'000'000'123));
  environment.zone_minutes = 120;
  Result<Collection> result = run(*program, focus, environment);
  if (!result) return test.invalid.empty() ? "failed: " + result.failure().says + " @" + result.failure().where : "";
  return compare(test, *result);
}

TEST(FhirPathConformance, EachTestOfThePublicSuitePassesOrHasAReasonWhyNot) {
  std::filesystem::path file = suite::folder() / "tests-fhir-r4.xml";
  if (!std::filesystem::exists(file)) GTEST_SKIP() << "no suite at " << file;
  std::map<std::string, std::string> known = suite::read_known();
  std::map<std::string, std::pair<int, int>> table;
  Inputs inputs;
  int passed = 0, total = 0;
  for (const suite::Case& test : suite::read_cases(file)) {
    std::string problem = run_case(test, inputs);
    ++total;
    ++table[test.group].second;
    if (problem.empty()) {
      ++passed;
      ++table[test.group].first;
      EXPECT_FALSE(known.contains(test.name)) << test.name << " passes now; take it off the list";
    } else if (!known.contains(test.name)) {
      ADD_FAILURE() << test.group << "/" << test.name << ": " << test.expression << "\n  " << problem;
    }
  }
  for (const auto& [group, counts] : table) {
    if (counts.first != counts.second) std::cout << group << ": " << counts.first << " of " << counts.second << "\n";
  }
  suite::print_line("FHIRPath, official R4 tests, inside the process", static_cast<std::size_t>(passed),
                    static_cast<std::size_t>(total));
  EXPECT_GE(total, 900);
}

}  // namespace
}  // namespace vardbron::fhirpath
