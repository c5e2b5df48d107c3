#include "gateway/fhirpath/program.h"
#include "gateway/formats/json/parse.h"
#include "r4.h"
#include "r5.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <map>
#include <set>
#include <string>
#include <unordered_map>
#include <vector>

// HL7's FHIRPath on HL7's examples: every invariant and every search parameter of a release runs over the instances of its
// package. expressions.tsv lists the known failures: release, invariant, file, reason; * is any file.
namespace vardbron {
namespace {

namespace fs = std::filesystem;
using fhirpath::Program;
using fhirpath::Value;

/// Large instances are many and alike; VARDBRON_ALL_INSTANCES runs them all.
constexpr std::size_t bytes_max = 60'000;

std::string read_file(const fs::path& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

struct Release {
  std::string name;
  const fhir::Definitions& (*definitions)();
  fs::path package;
};

class Published {
 public:
  explicit Published(const Release& release) : release_(release), known_(release.definitions()) {
    std::ifstream file(VARDBRON_SOURCE_DIR "/tests/package/expressions.tsv");
    for (std::string line; std::getline(file, line);)
      if (!line.empty() && line.front() != '#' && line.starts_with(release.name + "\t"))
        excused_.insert(line.substr(0, line.rfind('\t')));
  }

  void run_over(const std::string& file, const tree::Document& document) {
    file_ = file;
    Value root = fhirpath::element(tree::root(document), known_);
    walk(root, {.resource = root, .root_resource = root});
  }

  std::size_t held() const { return held_; }
  std::size_t asked() const { return asked_; }
  /// Listed failures that do not fail.
  std::set<std::string> needless() const {
    std::set<std::string> rest;
    std::set_difference(excused_.begin(), excused_.end(), used_.begin(), used_.end(), std::inserter(rest, rest.end()));
    return rest;
  }

 private:
  struct Around {
    Value resource, root_resource;
  };

  const Program& program(std::string_view text, fhir::TypeId context, bool is_strict) {
    std::string key = std::to_string(context) + (is_strict ? "!" : "?") + std::string(text);
    auto found = programs_.find(key);
    if (found == programs_.end()) {
      Result<Program> made = fhirpath::compile(text, {.definitions = known_, .context = context, .strict = is_strict});
      CHECK(made);
      found = programs_.emplace(std::move(key), *std::move(made)).first;
    }
    return found->second;
  }

  /// "" if it ran; `result` is its result.
  std::string run(const Program& program, const Value& focus, const Around& around, fhirpath::Collection& result) {
    fhirpath::Environment environment{.resource = around.resource, .root_resource = around.root_resource};
    environment.now = WallTime(std::chrono::milliseconds(1'758'000'000'123));
    ++asked_;
    Result<void> ran = fhirpath::run_into(result, program, {&focus, 1}, environment);
    return ran ? "" : ran.failure().says + " " + ran.failure().where;
  }

  void report(const std::string& key, const std::string& problem, std::string_view expression) {
    for (const std::string& place : {key + "\t" + file_, key + "\t*"}) {
      if (!excused_.contains(release_.name + "\t" + place)) continue;
      used_.insert(release_.name + "\t" + place);
      return;
    }
    ADD_FAILURE() << release_.name << "\t" << key << "\t" << file_ << "\t" << problem << "\n  " << expression;
  }

  void check(const fhir::Invariant& invariant, const Value& focus, const Around& around) {
    fhirpath::Collection result;
    std::string problem = run(program(invariant.expression, focus.type(), false), focus, around, result);
    Result<std::optional<bool>> truth = fhirpath::to_boolean({result.begin(), result.size()}, known_);
    if (problem.empty() && (!truth || !truth->value_or(true))) problem = "does not hold";
    held_ += problem.empty() ? 1 : 0;
    // A warning is advice, which examples need not follow.
    if (problem.empty() || (problem == "does not hold" && invariant.severity != "error")) return;
    report(std::string(invariant.key), problem, invariant.expression);
  }

  /// Invariants of the type apply to the element, those of a path to the elements at the path.
  void check_all(const Value& value, const Around& around) {
    for (const fhir::Invariant& invariant : known_.invariants(value.type())) {
      std::string_view path = invariant.path;
      const std::size_t dot = path.find('.');
      if (dot == std::string_view::npos || known_.name(value.type()) == path) {
        check(invariant, value, around);
        continue;
      }
      fhirpath::Collection found;
      if (!run(program("$this." + escaped(path.substr(dot + 1)), value.type(), false), value, around, found).empty()) continue;
      for (const Value& each : found) check(invariant, each, around);
    }
  }

  static std::string escaped(std::string_view path) {
    std::string text = "`";
    for (char letter : path) text += letter == '.' ? std::string("`.`") : std::string(1, letter);
    if (std::size_t choice = text.find("[x]"); choice != std::string::npos) text.erase(choice, 3);
    return text + "`";
  }

  void search(const Value& resource, const Around& around) {
    for (const fhir::SearchParameter& parameter : known_.search_parameters(resource.type())) {
      fhirpath::Collection result;
      std::string problem = run(program(parameter.expression, resource.type(), true), resource, around, result);
      held_ += problem.empty() ? 1 : 0;
      if (!problem.empty())
        report(std::string(known_.name(resource.type())) + "?" + std::string(parameter.code), problem, parameter.expression);
    }
  }

  void walk(const Value& value, Around around) {
    if (value.type() == 0) return;
    const bool is_resource = known_.kind(value.type()) == fhir::TypeKind::Resource;
    if (is_resource) search(value, around);
    check_all(value, around);
    fhirpath::Collection children;
    run(program("children()", value.type(), false), value, around, children);
    for (const Value& child : children) {
      if (!child.is_element()) continue;
      Around inside = around;
      if (child.type() != 0 && known_.kind(child.type()) == fhir::TypeKind::Resource) {
        inside.resource = child;
        // A contained resource keeps its container as %rootResource; a Bundle's entry is itself a root.
        if (child.item().name_text() != "contained") inside.root_resource = child;
      }
      walk(child, inside);
    }
  }

  const Release& release_;
  const fhir::Definitions& known_;
  std::string file_;
  std::unordered_map<std::string, Program> programs_;
  std::set<std::string> excused_, used_;
  std::size_t held_ = 0, asked_ = 0;
};

class PublishedExpressions : public testing::TestWithParam<Release> {};

TEST_P(PublishedExpressions, RunOverThePackagesInstances) {
  const Release& release = GetParam();
  Published published(release);
  const bool takes_all = std::getenv("VARDBRON_ALL_INSTANCES") != nullptr;
  std::size_t files = 0;
  std::vector<fs::path> paths;
  for (const auto& entry : fs::directory_iterator(release.package)) paths.push_back(entry.path());
  std::sort(paths.begin(), paths.end());
  std::map<std::string, std::size_t> of_type;
  for (const fs::path& path : paths) {
    const std::string name = path.filename().string();
    if (path.extension() != ".json" || name == "package.json" || name.starts_with('.')) continue;
    const std::size_t number = of_type[name.substr(0, name.find('-'))]++;
    if (!takes_all && ((number > 100 && number % 20 != 0) || fs::file_size(path) > bytes_max)) continue;
    Result<tree::Document> document = json::parse(read_file(path), release.definitions().names());
    if (!document) continue;  // round_trip_test reports it
    published.run_over(name, *document);
    ++files;
  }
  std::printf("%s: %zu instances, %zu expressions run, %zu hold\n", release.name.c_str(), files, published.asked(),
              published.held());
  EXPECT_GT(files, 300u);
  if (takes_all) {
    EXPECT_EQ(published.needless(), std::set<std::string>{});
  }
}

INSTANTIATE_TEST_SUITE_P(Releases, PublishedExpressions,
                         testing::Values(Release{"R4", &r4, VARDBRON_PACKAGE}, Release{"R5", &r5, VARDBRON_R5_PACKAGE}),
                         [](const auto& of) { return of.param.name; });

}  // namespace
}  // namespace vardbron
