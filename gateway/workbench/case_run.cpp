#include "gateway/workbench/case_run.h"

#include "gateway/base/text.h"
#include "gateway/fhir/check.h"
#include "gateway/fhir/other_release.h"
#include "gateway/fhir/xml_conversion.h"
#include "gateway/formats/json/parse.h"
#include "gateway/formats/json/write.h"
#include "gateway/formats/xml/write.h"
#include "gateway/mapping/compile/program.h"
#include "gateway/mapping/run/provenance.h"
#include "gateway/workbench/coverage.h"

#include <array>
#include <system_error>
#include <utility>

namespace vardbron::workbench {

namespace {

namespace fs = std::filesystem;

Finding finding(Finding::Kind kind, std::string where, std::string says) {
  return Finding{kind, std::move(where), std::move(says), {}, {}, {}};
}

std::string words_of(const Failure& failure) {
  return failure.where.empty() ? failure.says : failure.where + ": " + failure.says;
}

mapping::Environment environment_of(std::string_view identity, const TestEnvironment& test_environment) {
  mapping::Environment environment;
  environment.identity = identity;
  environment.now = case_time;
  environment.zone = test_environment.zone;
  return environment;
}

/// Those of the release that the map writes.
const fhir::Definitions& definitions_of_output(const mapping::Map& map, const TestEnvironment& test_environment) {
  const fhir::Definitions& definitions = test_environment.library.definitions();
  if (map.target_type() == 0 || test_environment.other == nullptr) return definitions;
  const std::string_view release = fhir::release_of_canonical(definitions.canonical(map.target_type())).release;
  const bool is_other = !release.empty() && test_environment.other->version().starts_with(release);
  return is_other ? *test_environment.other : definitions;
}

void check_shape(const tree::Document& output, const fhir::Definitions& definitions, std::vector<Finding>& findings) {
  const fhir::TypeId type = fhir::resource_type(definitions, tree::root(output));
  if (type == 0 || definitions.kind(type) != fhir::TypeKind::Resource) return;
  for (const fhir::Issue& issue : fhir::check(output, definitions)) {
    const bool is_wrong = issue.severity == fhir::Severity::Error || issue.severity == fhir::Severity::Fatal;
    if (is_wrong) findings.push_back(finding(Finding::Kind::Shape, issue.where, issue.says));
  }
}

void check_assertions(const Trial& trial, std::span<const Assertion> assertions, const fhir::Definitions& definitions,
                      std::vector<Finding>& findings) {
  for (const Assertion& each : assertions) {
    std::optional<std::string> why =
        objection(each, tree::root(*trial.source), tree::root(*trial.output), definitions, case_time);
    if (why) findings.push_back(finding(Finding::Kind::Assertion, each.where, each.name + ": " + *why));
  }
}

/// The rule that wrote a node or its nearest ancestor.
std::string rule_of(const mapping::Map& map, const mapping::Provenance& provenance, const tree::Document& output,
                    tree::NodeId node) {
  const mapping::Origin* origin = node == tree::no_node ? nullptr : provenance.origin_of(output, node);
  return origin == nullptr ? "" : place_of(map, origin->rule);
}

// A document has the names of the definitions that check it.
void check_shape(const mapping::Map& map, const tree::Document& output, const TestEnvironment& test_environment,
                 std::vector<Finding>& findings) {
  const fhir::Definitions& definitions = definitions_of_output(map, test_environment);
  if (&definitions == &test_environment.library.definitions()) return check_shape(output, definitions, findings);
  const Result<tree::Document> again = json::parse(json::write(output), definitions.names());
  if (!again) return findings.push_back(finding(Finding::Kind::Shape, again.failure().where, again.failure().says));
  check_shape(*again, definitions, findings);
}

/// Neither copied nor moved: the provenance refers to the documents by address.
struct Outcome {
  Trial trial;
  mapping::Provenance provenance;
};

/// False: the map refused the message.
bool run_map(const mapping::Map& map, std::string_view identity, const TestEnvironment& test_environment, Outcome& outcome) {
  const std::array<tree::Item, 1> sources{tree::root(*outcome.trial.source)};
  mapping::Environment environment = environment_of(identity, test_environment);
  environment.observer = &outcome.provenance;
  environment.marks = test_environment.coverage == nullptr ? nullptr : &test_environment.coverage->marks_of(map);
  outcome.trial.output.emplace(test_environment.library.definitions().names());
  Result<void> ran = mapping::Runner(map).run(sources, environment, *outcome.trial.output);
  if (!ran) {
    outcome.trial.output.reset();
    outcome.trial.refusal = std::move(ran).failure();
  }
  return outcome.trial.output.has_value();
}

bool gives_the_same_again(const mapping::Map& map, std::string_view identity, const TestEnvironment& test_environment,
                          const Trial& trial) {
  const std::array<tree::Item, 1> sources{tree::root(*trial.source)};
  Result<tree::Document> again = mapping::run(map, sources, environment_of(identity, test_environment));
  return again.ok() && json::write(*again) == json::write(*trial.output);
}

void run_message(const mapping::Map& map, std::string body, const fs::path& file, const TestEnvironment& test_environment,
                 std::span<const Assertion> assertions, Outcome& outcome) {
  Trial& trial = outcome.trial;
  const std::string identity = body;  // as in production, ids are derived from the body
  const std::vector<fhir::TypeId> types = map.source_types();
  const fhir::TypeId model = types.empty() ? 0 : types.front();
  Result<tree::Document> source = test_environment.read(std::move(body), file, model);
  if (!source) {
    trial.refusal = std::move(source).failure();
    return;
  }
  trial.source = std::move(*source);
  const bool is_mapped = run_map(map, identity, test_environment, outcome);
  if (test_environment.coverage != nullptr)
    test_environment.coverage->take(map, file, *trial.source, is_mapped ? &*trial.output : nullptr);
  if (!is_mapped) return;
  Result<void> judged = test_environment.judge ? test_environment.judge(*trial.output) : done();
  if (!judged) {
    trial.refusal = std::move(judged).failure();
    return;
  }
  if (!gives_the_same_again(map, identity, test_environment, trial))
    trial.findings.push_back(finding(Finding::Kind::Unsteady, "", "The same message gave something else the second time."));
  check_shape(map, *trial.output, test_environment, trial.findings);
  check_assertions(trial, assertions, test_environment.library.definitions(), trial.findings);
}

/// What an OperationOutcome requires of a refusal: the text and place of each issue.
std::vector<std::string> words_in(tree::Item outcome) {
  std::vector<std::string> words;
  for (tree::Item issue = outcome.first_child(); issue; issue = issue.next()) {
    if (issue.name_text() != "issue") continue;
    for (std::string_view name : {"diagnostics", "expression"}) {
      if (!issue.text_of(name).empty()) words.emplace_back(issue.text_of(name));
    }
    const tree::Item details = issue.child("details");
    if (details && !details.text_of("text").empty()) words.emplace_back(details.text_of("text"));
  }
  return words;
}

void check_refusal(const Trial& trial, const std::vector<std::string>& words, std::vector<Finding>& findings) {
  if (!trial.refusal) {
    findings.push_back(finding(Finding::Kind::Acceptance, "", "The message should have been refused, but was mapped."));
    return;
  }
  const std::string said = words_of(*trial.refusal);
  for (const std::string& each : words) {
    const std::string_view wanted = trim(each);
    if (wanted.empty() || said.find(wanted) != std::string::npos) continue;
    Finding missing = finding(Finding::Kind::Refusal, "", "The message was refused, but in other words.");
    missing.expected = std::string(wanted);
    missing.found = said;
    findings.push_back(std::move(missing));
  }
}

class CaseRun {
 public:
  CaseRun(const Case& each, const TestEnvironment& test_environment, CaseOptions options)
      : case_(each), test_environment_(test_environment), options_(options) {
    result_.name = each.name;
    result_.folder = each.folder;
  }

  CaseResult run() {
    Result<void> ran = run_all();
    if (!ran) broken(std::move(ran).failure());
    if (result_.end != CaseResult::End::Blessed && !result_.findings.empty()) result_.end = CaseResult::End::Failed;
    return std::move(result_);
  }

 private:
  void broken(Failure failure) {
    result_.findings.push_back(finding(Finding::Kind::Case, std::move(failure.where), std::move(failure.says)));
  }

  Result<void> run_all() {
    Result<const mapping::Map*> map = map_of(case_, test_environment_.library, test_environment_.home);
    if (!map) return std::move(map).failure();
    map_ = *map;
    result_.map = std::string(map_->name());
    Result<std::vector<Assertion>> assertions = all_assertions();
    if (!assertions) return std::move(assertions).failure();
    Result<std::string> body = text_of(case_.input);
    if (!body) return std::move(body).failure();
    const RealClock clock;
    const Instant before = clock.now();
    Outcome outcome;
    run_message(*map_, std::move(*body), case_.input, test_environment_, *assertions, outcome);
    result_.nanoseconds = (clock.now() - before).count();
    result_.findings = std::move(outcome.trial.findings);
    return compare(outcome);
  }

  Result<std::vector<Assertion>> all_assertions() {
    Result<std::vector<Assertion>> all = assertions_beside(*map_, test_environment_);
    if (!all || case_.assertions.empty()) return all;
    Result<std::string> text = text_of(case_.assertions);
    if (!text) return std::move(text).failure();
    Result<std::vector<Assertion>> own =
        read_assertions(case_.assertions.string(), *text, test_environment_.library.definitions(), types_of(*map_));
    if (!own) return own;
    for (Assertion& each : *own) all->push_back(std::move(each));
    return all;
  }

  static AssertionTypes types_of(const mapping::Map& map) {
    const std::vector<fhir::TypeId> sources = map.source_types();
    return {sources.empty() ? 0 : sources.front(), map.target_type()};
  }

  Result<void> compare(const Outcome& outcome) {
    if (case_.expected.empty()) return first_expectation(outcome);
    if (case_.expects_refusal()) return compare_refusal(outcome);
    Result<std::string> text = text_of(case_.expected);
    if (!text) return std::move(text).failure();
    Result<tree::Document> expected = test_environment_.read(std::move(*text), case_.expected, 0);
    if (!expected)
      return Failure{Cause::Invalid, expected.failure().says, case_.expected.string() + ":" + expected.failure().where};
    if (tree::root(*expected).text_of("resourceType") == "OperationOutcome" && !makes_outcomes()) {
      check_refusal(outcome.trial, words_in(tree::root(*expected)), result_.findings);
      return done();
    }
    if (outcome.trial.refusal) return refused(outcome);
    return compare_output(outcome, *expected);
  }

  bool makes_outcomes() const {
    const fhir::TypeId type = map_->target_type();
    return type != 0 && test_environment_.library.definitions().name(type) == "OperationOutcome";
  }

  Result<void> refused(const Outcome& outcome) {
    const Failure& failure = *outcome.trial.refusal;
    if (options_.bless && bless_refusal(failure)) return done();
    result_.findings.push_back(finding(Finding::Kind::Refusal, failure.where, failure.says));
    return done();
  }

  Result<void> compare_refusal(const Outcome& outcome) {
    Result<std::string> text = text_of(case_.expected);
    if (!text) return std::move(text).failure();
    std::vector<std::string> words;
    for (std::string_view line : split(*text, '\n')) words.emplace_back(line);
    const std::size_t before = result_.findings.size();
    check_refusal(outcome.trial, words, result_.findings);
    if (!options_.bless || result_.findings.size() == before) return done();
    if (outcome.trial.refusal) {
      bless_refusal(*outcome.trial.refusal);
      return done();
    }
    return bless_output(outcome, case_.folder / "expected.json");
  }

  Result<void> compare_output(const Outcome& outcome, const tree::Document& expected) {
    const tree::Document& output = *outcome.trial.output;
    const std::vector<Difference> all = differences(expected, output, test_environment_.library.definitions());
    for (const Difference& each : all) result_.findings.push_back(finding_of(each, outcome));
    if (all.empty() || !options_.bless) return done();
    return bless_output(outcome, case_.expected);
  }

  Finding finding_of(const Difference& each, const Outcome& outcome) const {
    static constexpr std::array<std::string_view, 4> words{"differs", "is missing", "was not expected",
                                                           "stands at another place of its list"};
    Finding made = finding(Finding::Kind::Difference, each.path, std::string(words[static_cast<std::size_t>(each.kind)]));
    made.expected = each.expected;
    made.found = each.found;
    made.rule = rule_of(*map_, outcome.provenance, *outcome.trial.output, each.found_node);
    return made;
  }

  Result<void> first_expectation(const Outcome& outcome) {
    if (options_.bless && outcome.trial.refusal && bless_refusal(*outcome.trial.refusal)) return done();
    if (options_.bless) return bless_output(outcome, case_.folder / "expected.json");
    if (outcome.trial.refusal) return refused(outcome);
    if (!case_.assertions.empty()) return done();
    return Failure{Cause::NotFound, "The case says nothing of what is expected; --bless writes what is found, for you to read.",
                   case_.folder.string()};
  }

  Result<void> bless_output(const Outcome& outcome, const fs::path& file) {
    const tree::Document& output = *outcome.trial.output;
    std::string text;
    if (file.extension() == ".xml") {
      const fhir::Definitions& definitions = definitions_of_output(*map_, test_environment_);
      Result<tree::Document> again = json::parse(json::write(output), definitions.names());
      if (!again) return std::move(again).failure();
      Result<tree::Document> plain = fhir::to_xml(*again, definitions);
      if (!plain) return std::move(plain).failure();
      text = xml::write(*plain, {.pretty = true, .declaration = true});
    } else {
      text = json::write(output, {.pretty = true});
    }
    return bless(file, text + "\n");
  }

  bool bless_refusal(const Failure& failure) {
    // Only the text: file and line of the map change with every edit.
    const std::size_t rule = failure.says.find("): ");
    const std::string words = rule == std::string::npos ? failure.says : failure.says.substr(rule + 3);
    result_.findings.push_back(finding(Finding::Kind::Refusal, failure.where, failure.says));
    Result<void> blessed = bless(case_.folder / "expected.failure", words + "\n");
    if (!blessed) broken(std::move(blessed).failure());
    return true;
  }

  // Faults of shape and assertions are never accepted by --bless.
  Result<void> bless(const fs::path& file, std::string_view text) {
    for (const Finding& each : result_.findings) {
      const bool is_change =
          each.kind == Finding::Kind::Difference || each.kind == Finding::Kind::Refusal || each.kind == Finding::Kind::Acceptance;
      if (!is_change) return done();
    }
    Result<void> written = write_text(file, text);
    if (!written) return written;
    std::error_code error;
    if (!case_.expected.empty() && file != case_.expected) fs::remove(case_.expected, error);
    result_.end = CaseResult::End::Blessed;
    result_.written = file;
    return done();
  }

  const Case& case_;
  const TestEnvironment& test_environment_;
  CaseOptions options_;
  const mapping::Map* map_ = nullptr;
  CaseResult result_;
};

}  // namespace

Trial try_message(const mapping::Map& map, std::string body, const std::filesystem::path& file,
                  const TestEnvironment& test_environment, std::span<const Assertion> assertions) {
  Outcome outcome;
  run_message(map, std::move(body), file, test_environment, assertions, outcome);
  return std::move(outcome.trial);
}

Result<std::vector<Assertion>> assertions_beside(const mapping::Map& map, const TestEnvironment& test_environment) {
  const fs::path file = file_of(map).parent_path() / "assertions.fhirpath";
  std::error_code error;
  if (!fs::exists(test_environment.home / file, error)) return std::vector<Assertion>();
  Result<std::string> text = text_of(test_environment.home / file);
  if (!text) return std::move(text).failure();
  const std::vector<fhir::TypeId> sources = map.source_types();
  const AssertionTypes types{sources.empty() ? 0 : sources.front(), map.target_type()};
  return read_assertions(file.string(), *text, test_environment.library.definitions(), types);
}

CaseResult run_case(const Case& each, const TestEnvironment& test_environment, CaseOptions options) {
  return CaseRun(each, test_environment, options).run();
}

}  // namespace vardbron::workbench
