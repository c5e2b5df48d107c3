#include "gateway/workbench/random_run.h"

#include "gateway/fhir/check.h"
#include "gateway/formats/json/write.h"
#include "gateway/workbench/shrink.h"

#include <utility>

namespace vardbron::workbench {

namespace {

class RandomRun {
 public:
  RandomRun(const mapping::Map& map, const TestEnvironment& test_environment, std::span<const Assertion> assertions,
            const RandomOptions& options)
      : map_(map), test_environment_(test_environment), assertions_(assertions), options_(options) {
    test_environment_.coverage = nullptr;  // coverage counts real messages only
  }

  Result<RandomResult> run() {
    const std::vector<fhir::TypeId> sources = map_.source_types();
    if (sources.size() != 1 || sources[0] == 0)
      return Failure{Cause::Unsupported, "Messages can be made for maps with one source of a known type only.",
                     std::string(map_.url())};
    for (std::size_t i = 0; i < options_.count && result_.failures.size() < options_.failures_max; ++i) {
      SeededRandom random(options_.seed + i);
      Result<tree::Document> message = generate(test_environment_.library.definitions(), sources[0], random, options_.generate);
      if (!message) return std::move(message).failure();
      ++result_.messages;
      try_one(*message, options_.seed + i);
    }
    return std::move(result_);
  }

 private:
  /// The first finding for a message; nothing if there is none. A refusal is no finding.
  std::optional<Finding> objection(const tree::Document& message, bool counts) {
    const Trial trial = try_message(map_, json::write(message), "input.json", test_environment_, assertions_);
    if (trial.refusal && counts) {
      ++result_.refused;
      if (result_.refusal.empty()) result_.refusal = trial.refusal->where + ": " + trial.refusal->says;
    }
    if (!trial.findings.empty()) return trial.findings.front();
    return trial.output ? fault_of_model(*trial.output) : std::nullopt;
  }

  /// Output that is no FHIR resource is checked against its logical model.
  std::optional<Finding> fault_of_model(const tree::Document& output) const {
    const fhir::Definitions& definitions = test_environment_.library.definitions();
    const fhir::TypeId type = map_.target_type();
    if (type == 0 || definitions.kind(type) != fhir::TypeKind::Logical) return std::nullopt;
    std::vector<fhir::Issue> issues = fhir::check(tree::root(output), type, definitions);
    // Maps write resourceType on logical models too (LANGUAGE.md, Root of a resource or a logical model).
    std::erase_if(issues, [](const fhir::Issue& issue) { return issue.where.find("resourceType") != std::string::npos; });
    if (issues.empty()) return std::nullopt;
    Finding out;
    out.kind = Finding::Kind::Shape;
    out.where = std::move(issues[0].where);
    out.says = std::move(issues[0].says);
    return out;
  }

  bool is_valid(const tree::Document& message) const {
    const fhir::TypeId type = map_.source_types()[0];
    return fhir::check(tree::root(message), type, test_environment_.library.definitions()).empty();
  }

  void try_one(const tree::Document& message, std::uint64_t seed) {
    const std::optional<Finding> found = objection(message, true);
    if (!found) return;
    // An attempt that is no valid message, or fails differently, is another fault.
    auto fails_alike = [&](const tree::Document& attempt) {
      if (!is_valid(attempt)) return false;
      const std::optional<Finding> again = objection(attempt, false);
      return again && again->kind == found->kind && again->says == found->says;
    };
    const tree::Document least = shrink(message, fails_alike, {.attempts_max = 1'000});
    const std::optional<Finding> last = objection(least, false);
    const Finding& finding = last ? *last : *found;
    std::string says = finding.where + ": " + finding.says;
    if (!finding.rule.empty()) says += " (written by " + finding.rule + ")";
    result_.failures.push_back({seed, std::move(says), json::write(least, {.pretty = true})});
  }

  const mapping::Map& map_;
  TestEnvironment test_environment_;
  std::span<const Assertion> assertions_;
  const RandomOptions& options_;
  RandomResult result_;
};

}  // namespace

Result<RandomResult> run_random(const mapping::Map& map, const TestEnvironment& test_environment,
                                std::span<const Assertion> assertions, const RandomOptions& options) {
  return RandomRun(map, test_environment, assertions, options).run();
}

}  // namespace vardbron::workbench
