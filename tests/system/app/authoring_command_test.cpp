#include "tests/system/app/command_process.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>

// Concern: format, lint, generate, diff and roundtrip, as mappings/README.md shows them: what is printed, what is written, and
// how they end.
namespace vardbron {
namespace {

namespace fs = std::filesystem;
using play::Finished;
using testing::HasSubstr;

class AuthoringCommand : public testing::Test {
 protected:
  void SetUp() override {
    folder_ = fs::temp_directory_path() / ("vardbron-authoring-" + std::to_string(getpid()));
    fs::remove_all(folder_);
    fs::copy(fs::path(VARDBRON_SOURCE_DIR) / "mappings/cosmic-notice", folder_, fs::copy_options::recursive);
  }
  void TearDown() override { fs::remove_all(folder_); }

  static Finished run(const std::vector<std::string>& arguments, const std::string& input = {}) {
    return play::run_command(arguments, input);
  }
  std::string map() const { return (folder_ / "cosmic-notice.fml").string(); }
  std::string cases() const { return (folder_ / "cases").string(); }
  static std::string text_of(const fs::path& file) {
    std::ifstream stream(file, std::ios::binary);
    return {std::istreambuf_iterator<char>(stream), {}};
  }
  /// Another version of the map, with one text of it replaced.
  std::string changed(const std::string& from, const std::string& to) const {
    std::string text = text_of(map());
    const std::size_t at = text.find(from);
    EXPECT_NE(at, std::string::npos) << from;
    text.replace(at, from.size(), to);
    const fs::path file = folder_ / "new.fml";
    std::ofstream(file, std::ios::binary) << text;
    return file.string();
  }

  fs::path folder_;
};

TEST_F(AuthoringCommand, FormatWritesOnceAndIsThenContent) {
  std::ofstream(folder_ / "cosmic-notice.fml", std::ios::app) << "// the end\ngroup   Nothing ( source a,target b ){}\n";

  EXPECT_EQ(run({"format", "--check", map()}).exit_code, 1);
  const Finished shown = run({"format", map()});
  EXPECT_THAT(shown.output, HasSubstr("+group Nothing(source a, target b) {"));
  EXPECT_THAT(shown.output, HasSubstr("1 of 1 maps would change"));
  EXPECT_EQ(run({"format", "--write", map()}).exit_code, 0);
  EXPECT_EQ(run({"format", "--check", map()}).exit_code, 0);

  EXPECT_THAT(text_of(map()), HasSubstr("// the end\ngroup Nothing(source a, target b) {\n}\n"));
}

TEST_F(AuthoringCommand, FormatAndLintFindNothingInOurOwnMaps) {
  const std::string mappings = VARDBRON_SOURCE_DIR "/mappings";

  const Finished checked = run({"format", "--check", mappings});
  EXPECT_EQ(checked.exit_code, 0) << checked.output;
  const Finished linted = run({"lint", "--strict", mappings});
  EXPECT_EQ(linted.exit_code, 0) << linted.output;
  EXPECT_THAT(run({"lint", "--level", "note", mappings}).output,
              HasSubstr("note: Extension of FHIR 4.0 has elements that FHIR 5.0"))
      << "what a copy to R5 refuses is a note";
}

TEST_F(AuthoringCommand, FormatIsAFilterToo) {
  const Finished done = run({"format", "-"}, "group g(source a, target b){a.x->b.y;}");

  EXPECT_EQ(done.exit_code, 0) << done.errors;
  EXPECT_EQ(done.output, "group g(source a, target b) {\n  a.x -> b.y;\n}\n");
}

TEST_F(AuthoringCommand, LintEndsWithOneOnlyWhereSomethingIsWrong) {
  EXPECT_EQ(run({"lint", folder_.string()}).exit_code, 0);

  const std::string other = changed("uses \"http://hl7.org/fhir/StructureDefinition/Practitioner\"",
                                    "uses \"http://hl7.org/fhir/StructureDefinition/Task\" alias Task as produced\n"
                                    "uses \"http://hl7.org/fhir/StructureDefinition/Practitioner\"");
  fs::rename(other, map());

  const Finished reported = run({"lint", folder_.string()});
  EXPECT_EQ(reported.exit_code, 0);
  EXPECT_THAT(reported.output, HasSubstr("[unused-uses]"));
  EXPECT_EQ(run({"lint", "--strict", folder_.string()}).exit_code, 1);
  const Finished lines = run({"lint", "--json", folder_.string()});
  EXPECT_THAT(lines.output, HasSubstr("\"rule\":\"unused-uses\""));
  EXPECT_THAT(run({"lint", "--rules"}).output, HasSubstr("bare-variable"));
}

TEST_F(AuthoringCommand, GenerateGivesTheSameMessageForTheSameSeed) {
  const std::vector<std::string> asked{"generate", "CosmicSamordningsmeddelande", "--map", map(), "--format", "xml", "--seed",
                                       "3"};

  const Finished first = run(asked), second = run(asked);

  EXPECT_EQ(first.exit_code, 0) << first.errors;
  EXPECT_EQ(first.output, second.output);
  EXPECT_THAT(first.output, HasSubstr("<CosmicSamordningsmeddelande"));
  EXPECT_EQ(run({"generate", "NoSuchModel"}).exit_code, 1);
  EXPECT_EQ(run({"generate", "Patient", "--count", "3", "--out", (folder_ / "made").string()}).exit_code, 0);
  EXPECT_EQ(std::distance(fs::directory_iterator(folder_ / "made"), fs::directory_iterator()), 3);
}

TEST_F(AuthoringCommand, DiffTellsTheRuleThatChangesTheOutput) {
  const Finished same = run({"diff", map(), map(), cases(), "--mappings", folder_.string()});
  EXPECT_EQ(same.exit_code, 0) << same.output << same.errors;

  const std::string other = changed("patient.gender = translate(kon, '#gender', 'code')", "patient.gender = 'other'");
  const Finished reported = run({"diff", map(), other, cases(), "--mappings", folder_.string()});

  EXPECT_EQ(reported.exit_code, 1);
  EXPECT_THAT(reported.output, HasSubstr("(Person/gender)"));
  EXPECT_THAT(reported.output, HasSubstr("found 'other'"));
}

TEST_F(AuthoringCommand, RoundtripTakesAStructureMapToo) {
  const Finished from_text = run({"roundtrip", map(), cases(), "--random", "5"});
  ASSERT_EQ(from_text.exit_code, 0) << from_text.errors;
  for (const char* form : {"json", "xml"}) {
    const Finished resource = run({"convert", map(), "--to", form});
    ASSERT_EQ(resource.exit_code, 0) << resource.errors;
    const fs::path file = folder_ / (std::string("map.") + form);
    std::ofstream(file, std::ios::binary) << resource.output;

    const Finished reported = run({"roundtrip", file.string(), cases(), "--random", "5"});
    EXPECT_EQ(reported.exit_code, 0) << reported.errors;
    EXPECT_THAT(reported.output, HasSubstr("Person/gender: code list"));
    EXPECT_THAT(reported.output, HasSubstr(" values came back as they were; "));

    const Finished refused = run({"format", file.string()});
    EXPECT_EQ(refused.exit_code, 1);
    EXPECT_THAT(refused.errors, HasSubstr("`vardbron convert --to fml FILE`"));
    EXPECT_EQ(run({"generate", "CosmicSamordningsmeddelande", "--map", file.string()}).output,
              run({"generate", "CosmicSamordningsmeddelande", "--map", map()}).output);
    fs::remove(file);
  }
}

// Before, every file near it that is no map was an error.
TEST_F(AuthoringCommand, RoundtripTakesTheOneMapOfAFolder) {
  const std::string folder = fs::path(map()).parent_path().string();
  const Finished of_folder = run({"roundtrip", folder, cases(), "--random", "5"});
  EXPECT_EQ(of_folder.exit_code, 0) << of_folder.errors;
  EXPECT_EQ(of_folder.errors, "");
  EXPECT_EQ(of_folder.output, run({"roundtrip", map(), cases(), "--random", "5"}).output);

  const fs::path several = folder_ / "several";
  fs::create_directories(several / "none");
  for (const char* name : {"one.fml", "two.fml"}) fs::copy_file(map(), several / name);
  const Finished refused = run({"roundtrip", several.string(), cases()});
  EXPECT_EQ(refused.exit_code, 1);
  EXPECT_THAT(refused.errors, HasSubstr("the folder has several: name one of " + (several / "one.fml").string() + ", "));
  EXPECT_THAT(run({"roundtrip", (several / "none").string()}).errors, HasSubstr("There is no map in this folder"));
  fs::remove_all(several);
}

TEST_F(AuthoringCommand, RoundtripWritesAMapThatCompiles) {
  const std::string inverse = (folder_ / "inverse.fml").string();

  const Finished reported = run({"roundtrip", map(), cases(), "--random", "10", "--write", inverse});

  EXPECT_EQ(reported.exit_code, 0) << reported.errors;
  EXPECT_THAT(reported.output, HasSubstr("Person/gender: code list"));
  for (const char* of_a_list : {"Related/name: copy", "Consent/scope: code list", "Content/text/text: copy"})
    EXPECT_THAT(reported.output, HasSubstr(of_a_list));
  EXPECT_THAT(reported.output, HasSubstr("what does not come back:"));
  EXPECT_THAT(reported.output, HasSubstr(" values came back as they were; "));
  EXPECT_EQ(run({"format", "--check", inverse}).exit_code, 0);
  EXPECT_THAT(run({"lint", folder_.string(), "--level", "error"}).output, HasSubstr(" 0 errors"));
}

TEST_F(AuthoringCommand, RoundtripTellsManyLostElementsOfOneElementTogether) {
  const fs::path file = folder_ / "small" / "gender.fml";
  fs::create_directories(file.parent_path());
  std::ofstream(file) << "/// url = 'http://example.org/gender'\n/// name = 'gender'\n"
                         "uses 'http://hl7.org/fhir/StructureDefinition/Patient' alias Patient as source\n"
                         "uses 'http://hl7.org/fhir/StructureDefinition/Patient' alias Patient as target\n"
                         "group main(source s : Patient, target p : Patient) {\n  s.gender as g -> p.gender = g;\n}\n";

  const Finished reported = run({"roundtrip", file.string()});

  EXPECT_EQ(reported.exit_code, 0) << reported.errors;
  EXPECT_THAT(reported.output, HasSubstr("  address.* ("));
  EXPECT_THAT(reported.output, Not(HasSubstr("  address.city (")));
  EXPECT_THAT(reported.output, HasSubstr("  birthDate ("));
}

}  // namespace
}  // namespace vardbron
