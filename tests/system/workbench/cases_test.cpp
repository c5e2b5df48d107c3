#include "gateway/formats/json/parse.h"
#include "gateway/workbench/case_run.h"
#include "gateway/workbench/coverage.h"
#include "tests/mapping/workshop.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <string>

// Concern: cases as folders: what is found, run, compared and blessed.
namespace vardbron::workbench {
namespace {

namespace fs = std::filesystem;
using testing::ElementsAre;
using testing::HasSubstr;

constexpr const char* map_text = R"(/// url = 'http://test/m'
/// name = 'm'
uses "http://test/A" alias A as source
uses "http://hl7.org/fhir/StructureDefinition/Patient" alias Patient as target
group m(source a : A, target p : Patient) {
  a.id 1..1 as id -> p.id = id "id";
  a.sex as sex -> p.gender = sex "sex";
}
)";

/// A folder of its own with one map in it, and the maps of it.
class Folder {
 public:
  Folder() : root_(fs::temp_directory_path() / ("vardbron_cases_" + std::to_string(::getpid()) + "_" + std::to_string(++made_))) {
    fs::remove_all(root_);
    write("m/m.fml", map_text);
    workshop.model("A\n id 0..1 id\n sex 0..1 code\n note 0..1 string");
    workshop.map((root_ / "m/m.fml").string(), map_text);
    EXPECT_EQ(workshop.build(), "");
  }
  Folder(const Folder&) = delete;
  ~Folder() { fs::remove_all(root_); }

  void write(const fs::path& file, std::string_view text) {
    fs::create_directories((root_ / file).parent_path());
    EXPECT_TRUE(write_text(root_ / file, text).ok());
  }
  std::string read(const fs::path& file) { return text_of(root_ / file).ok() ? *text_of(root_ / file) : ""; }
  bool has(const fs::path& file) const { return fs::exists(root_ / file); }
  const fs::path& root() const { return root_; }

  TestEnvironment test_environment() {
    return TestEnvironment{workshop.library(),
                           [this](std::string body, const fs::path&, fhir::TypeId) {
                             return json::parse(std::move(body), workshop.library().definitions().names());
                           },
                           nullptr,
                           {},
                           nullptr};
  }
  std::vector<Case> cases() {
    Result<std::vector<Case>> found = find_cases({root_});
    EXPECT_TRUE(found.ok()) << (found.ok() ? "" : found.failure().says);
    return found.ok() ? *found : std::vector<Case>();
  }
  /// The only case.
  CaseResult run(CaseOptions options = {}) {
    const std::vector<Case> all = cases();
    CHECK(all.size() == 1);
    return run_case(all.front(), test_environment(), options);
  }

  mapping::Workshop workshop;

 private:
  static inline int made_ = 0;
  fs::path root_;
};

std::string first_words(const CaseResult& result) {
  if (result.findings.empty()) return "";
  return result.findings.front().where + "|" + result.findings.front().says;
}

TEST(Cases, AreFoldersWithAnInputWhereverTheyLie) {
  Folder folder;
  folder.write("m/cases/one/input.json", "{}");
  folder.write("m/cases/group/two/input.json", "{}");
  folder.write("m/three/input.hl7", "MSH|");

  std::vector<std::string> names;
  for (const Case& each : folder.cases()) names.push_back(each.name);

  EXPECT_THAT(names, ElementsAre("m/group/two", "m/one", "m/three"));
}

// What nobody tries passes for ever.
TEST(Cases, WithoutAMessageAreRefused) {
  for (const char* file :
       {"m/cases/none/expected.json", "m/cases/none/expected.failure", "m/cases/none/Input.json", "elsewhere/expected.xml"}) {
    Folder folder;
    folder.write("m/cases/one/input.json", "{}");
    folder.write(file, "{}");

    Result<std::vector<Case>> found = find_cases({folder.root()});

    ASSERT_FALSE(found) << file;
    EXPECT_EQ(found.failure().where, (folder.root() / file).parent_path().string());
    EXPECT_THAT(found.failure().says, HasSubstr("no message"));
  }
}

TEST(Cases, OfOneFolderAloneAreNamedByIt) {
  Folder folder;
  folder.write("m/cases/one/input.json", "{}");
  Result<std::vector<Case>> found = find_cases({folder.root() / "m/cases/one"});

  ASSERT_TRUE(found.ok());
  ASSERT_EQ(found->size(), 1u);
  EXPECT_EQ(found->front().name, "one");
}

TEST(Cases, WithTwoInputsAreRefused) {
  Folder folder;
  folder.write("m/cases/one/input.json", "{}");
  folder.write("m/cases/one/input.xml", "<a/>");

  EXPECT_THAT(find_cases({folder.root()}).failure().says, HasSubstr("two files named input"));
  EXPECT_EQ(find_cases({folder.root() / "nowhere"}).failure().cause, Cause::NotFound);
}

TEST(Cases, AnswerToTheirNamesAndToThoseOfTheirFolders) {
  Case each;
  each.name = "cosmic/late/admission";
  each.folder = "/x/cosmic/cases/late/admission";

  for (const char* pattern :
       {"cosmic/late/admission", "admission", "adm*", "cosmic", "cosmic/*", "cosmic/late", "*mission", "admissio?"})
    EXPECT_TRUE(is_named(each, pattern)) << pattern;
  for (const char* pattern : {"late", "admissio", "cosmi", "discharge", "", "?"})
    EXPECT_FALSE(is_named(each, pattern)) << pattern;
}

TEST(Case, PassesWhenTheOutputIsWhatIsExpectedInAnyOrder) {
  Folder folder;
  folder.write("m/cases/a/input.json", R"({"id":"1","sex":"male"})");
  folder.write("m/cases/a/expected.json", R"({"gender":"male","resourceType":"Patient","id":"1"})");

  const CaseResult result = folder.run();

  EXPECT_EQ(result.end, CaseResult::End::Passed) << first_words(result);
  EXPECT_EQ(result.map, "m");
}

TEST(Case, ShowsADifferenceAndTheRuleThatMadeIt) {
  Folder folder;
  folder.write("m/cases/a/input.json", R"({"id":"1","sex":"male"})");
  folder.write("m/cases/a/expected.json", R"({"resourceType":"Patient","id":"1","gender":"female"})");

  const CaseResult result = folder.run();

  ASSERT_EQ(result.end, CaseResult::End::Failed);
  ASSERT_EQ(result.findings.size(), 1u);
  EXPECT_EQ(result.findings[0].where, "Patient.gender");
  EXPECT_EQ(result.findings[0].expected, "'female'");
  EXPECT_EQ(result.findings[0].found, "'male'");
  EXPECT_THAT(result.findings[0].rule, HasSubstr("m.fml:7:3 (m/sex)"));
}

TEST(Case, MayExpectARefusalInItsWords) {
  Folder folder;
  folder.write("m/cases/a/input.json", R"({"sex":"male"})");
  folder.write("m/cases/a/expected.failure", "no 'id', but 1..1\nm/id\n");
  EXPECT_EQ(folder.run().end, CaseResult::End::Passed);

  folder.write("m/cases/a/expected.failure", "something else\n");
  EXPECT_EQ(folder.run().end, CaseResult::End::Failed);

  folder.write("m/cases/a/input.json", R"({"id":"1"})");
  EXPECT_THAT(first_words(folder.run()), HasSubstr("should have been refused"));
}

TEST(Case, MayExpectARefusalAsAnOperationOutcome) {
  Folder folder;
  folder.write("m/cases/a/input.json", R"({"sex":"male"})");
  folder.write(
      "m/cases/a/expected.json",
      R"({"resourceType":"OperationOutcome","issue":[{"severity":"error","code":"invalid","diagnostics":"1..1 are allowed"}]})");
  EXPECT_EQ(folder.run().end, CaseResult::End::Passed) << first_words(folder.run());

  folder.write("m/cases/a/input.json", R"({"id":"1"})");
  EXPECT_EQ(folder.run().end, CaseResult::End::Failed);
}

TEST(Case, ThatIsRefusedThoughAnOutputIsExpectedSaysWhy) {
  Folder folder;
  folder.write("m/cases/a/input.json", R"({})");
  folder.write("m/cases/a/expected.json", R"({"resourceType":"Patient"})");

  EXPECT_THAT(first_words(folder.run()), HasSubstr("1..1"));
}

TEST(Case, HoldsItsAssertionsAndThoseBesideItsMap) {
  Folder folder;
  folder.write("m/assertions.fhirpath", "id.exists() // every patient has an id\n");
  folder.write("m/cases/a/input.json", R"({"id":"1","sex":"male"})");
  folder.write("m/cases/a/assertions.fhirpath", "gender = %source.sex // keeps the sex\n");
  EXPECT_EQ(folder.run().end, CaseResult::End::Passed) << first_words(folder.run());

  folder.write("m/assertions.fhirpath", "birthDate.exists() // has a birth date\n");
  EXPECT_THAT(first_words(folder.run()), HasSubstr("assertions.fhirpath:1|has a birth date: it is false"));
}

TEST(Case, FailsOnAnOutputThatIsNoFhir) {
  Folder folder;
  folder.write("m/cases/a/input.json", R"({"id":"not an id!","sex":"male"})");
  folder.write("m/cases/a/expected.json", R"({"resourceType":"Patient","id":"not an id!","gender":"male"})");

  EXPECT_THAT(first_words(folder.run()), HasSubstr("Patient.id"));
}

TEST(Case, AsksTheJudge) {
  Folder folder;
  folder.write("m/cases/a/input.json", R"({"id":"1"})");
  folder.write("m/cases/a/expected.failure", "no sex, no notice\n");
  TestEnvironment test_environment = folder.test_environment();
  test_environment.judge = [](const tree::Document&) -> Result<void> { return Failure{Cause::Invalid, "no sex, no notice", ""}; };

  EXPECT_EQ(run_case(folder.cases().front(), test_environment).end, CaseResult::End::Passed);
}

TEST(Bless, GivesANewCaseItsFirstExpectation) {
  Folder folder;
  folder.write("m/cases/a/input.json", R"({"id":"1","sex":"male"})");
  EXPECT_THAT(first_words(folder.run()), HasSubstr("--bless"));

  const CaseResult blessed = folder.run({.bless = true});

  EXPECT_EQ(blessed.end, CaseResult::End::Blessed);
  EXPECT_EQ(blessed.written.filename(), "expected.json");
  EXPECT_EQ(folder.run().end, CaseResult::End::Passed);
}

TEST(Bless, SaysWhatChangesAndIsQuietTheSecondTime) {
  Folder folder;
  folder.write("m/cases/a/input.json", R"({"id":"1","sex":"male"})");
  folder.write("m/cases/a/expected.json", R"({"resourceType":"Patient","id":"1","gender":"female"})");

  const CaseResult blessed = folder.run({.bless = true});
  EXPECT_EQ(blessed.end, CaseResult::End::Blessed);
  ASSERT_EQ(blessed.findings.size(), 1u);
  EXPECT_EQ(blessed.findings[0].where, "Patient.gender");
  EXPECT_THAT(folder.read("m/cases/a/expected.json"), HasSubstr(R"("gender": "male")"));

  EXPECT_EQ(folder.run({.bless = true}).end, CaseResult::End::Passed);
}

TEST(Bless, TurnsAnOutputIntoARefusalAndBack) {
  Folder folder;
  folder.write("m/cases/a/input.json", R"({"sex":"male"})");
  folder.write("m/cases/a/expected.json", R"({"resourceType":"Patient","id":"1"})");

  EXPECT_EQ(folder.run({.bless = true}).end, CaseResult::End::Blessed);
  EXPECT_FALSE(folder.has("m/cases/a/expected.json"));
  EXPECT_THAT(folder.read("m/cases/a/expected.failure"), HasSubstr("1..1"));
  EXPECT_EQ(folder.run().end, CaseResult::End::Passed);

  folder.write("m/cases/a/input.json", R"({"id":"1"})");
  EXPECT_EQ(folder.run({.bless = true}).end, CaseResult::End::Blessed);
  EXPECT_FALSE(folder.has("m/cases/a/expected.failure"));
  EXPECT_EQ(folder.run().end, CaseResult::End::Passed);
}

// What is wrong whatever was expected cannot be made right by expecting it.
TEST(Bless, NeverBlessesAwayAFailedAssertion) {
  Folder folder;
  folder.write("m/cases/a/input.json", R"({"id":"1"})");
  folder.write("m/cases/a/expected.json", R"({"resourceType":"Patient","id":"2"})");
  folder.write("m/cases/a/assertions.fhirpath", "gender.exists()\n");

  EXPECT_EQ(folder.run({.bless = true}).end, CaseResult::End::Failed);
  EXPECT_THAT(folder.read("m/cases/a/expected.json"), HasSubstr(R"("2")"));
}

TEST(MapOfACase, IsNamedByAFileWhereSeveralLie) {
  Folder folder;
  folder.write("m/cases/a/input.json", R"({"id":"1"})");
  folder.write("m/cases/a/expected.json", R"({"resourceType":"Patient","id":"1"})");
  std::string other = map_text;
  other.replace(other.find("http://test/m"), 13, "http://test/n");
  other.replace(other.find("'m'"), 3, "'n'");
  folder.workshop.map((folder.root() / "m/n.fml").string(), other);
  EXPECT_EQ(folder.workshop.build(), "");
  EXPECT_THAT(first_words(folder.run()), HasSubstr("a file named 'map'"));

  folder.write("m/cases/a/map", "n\n");
  EXPECT_EQ(folder.run().map, "n");
  EXPECT_EQ(folder.run().end, CaseResult::End::Passed);

  folder.write("m/cases/a/map", "unknown\n");
  EXPECT_THAT(first_words(folder.run()), HasSubstr("No map that compiles"));
}

TEST(TryMessage, IsWhatAGeneratorOfMessagesCalls) {
  Folder folder;
  const mapping::Map& map = *folder.workshop.library().find("m");
  Result<std::vector<Assertion>> assertions =
      read_assertions("a", "gender.exists() implies %source.sex.exists()", folder.workshop.library().definitions(), {});
  ASSERT_TRUE(assertions.ok());

  const Trial good = try_message(map, R"({"id":"1","sex":"male"})", "generated.json", folder.test_environment(), *assertions);
  const Trial refused = try_message(map, R"({"sex":"male"})", "generated.json", folder.test_environment(), *assertions);
  const Trial broken = try_message(map, "{", "generated.json", folder.test_environment(), *assertions);

  EXPECT_TRUE(good.output && good.findings.empty() && !good.refusal);
  EXPECT_TRUE(refused.refusal && !refused.output);
  EXPECT_TRUE(broken.refusal && !broken.source);
}

TEST(CaseCoverage, IsTakenFromEveryCaseThatRuns) {
  Folder folder;
  folder.write("m/cases/a/input.json", R"({"id":"1","note":"x"})");
  folder.write("m/cases/a/expected.json", R"({"resourceType":"Patient","id":"1"})");
  folder.write("m/cases/b/input.json", R"({"id":"2"})");
  folder.write("m/cases/b/expected.json", R"({"resourceType":"Patient","id":"2"})");
  Coverage coverage;
  TestEnvironment test_environment = folder.test_environment();
  test_environment.coverage = &coverage;
  for (const Case& each : folder.cases()) EXPECT_EQ(run_case(each, test_environment).end, CaseResult::End::Passed);

  const std::vector<MapCoverage> all = coverage.result();

  ASSERT_EQ(all.size(), 1u);
  EXPECT_EQ(all[0].messages, 2u);
  EXPECT_EQ(all[0].source.at("(message).id").read, 2u);
  EXPECT_EQ(all[0].source.at("(message).note").read, 0u);
}

}  // namespace
}  // namespace vardbron::workbench
