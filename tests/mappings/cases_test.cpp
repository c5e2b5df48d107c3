#include "gateway/fhir/check.h"
#include "gateway/formats/json/parse.h"
#include "gateway/mapping/syntax/parse.h"
#include "gateway/mapping/syntax/print.h"
#include "gateway/workbench/case_run.h"
#include "gateway/workbench/report.h"
#include "gateway/workspace/map_check.h"
#include "tests/mappings/house.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cctype>
#include <map>

// Concern: every folder mappings/<map>/cases/<case> holds an input and its expected output, or expected.failure: texts that its
// refusal must contain, one per line. They are run as by `vardbron test`.
namespace vardbron {
namespace {

using workbench::Case;

std::vector<Case> all_cases() {
  Result<std::vector<Case>> cases = workbench::find_cases({mappings_folder()});
  CHECK(cases);
  return *cases;
}

std::string name_of(const testing::TestParamInfo<Case>& info) {
  std::string name = info.param.name;
  const std::size_t slash = name.find('/');
  if (slash != std::string::npos) name.replace(slash, 1, "__");
  std::replace_if(
      name.begin(), name.end(), [](unsigned char c) { return std::isalnum(c) == 0; }, '_');
  return name;
}

// The refusal as sent to the sender.
std::string refusal(const Result<tree::Document>& notice) {
  if (!notice) return notice.failure().where + ": " + notice.failure().says;
  const Result<care::Notice> read = care::read_notice(*notice);
  return read ? "" : read.failure().where + ": " + read.failure().says;
}

class MapCase : public testing::TestWithParam<Case> {};

TEST_P(MapCase, GivesWhatItsFolderSays) {
  workspace::MapCheck map_check(real_library(), real_maps().workspace->releases().other);

  const workbench::CaseResult result = workbench::run_case(GetParam(), map_check.test_environment());

  EXPECT_EQ(result.end, workbench::CaseResult::End::Passed) << workbench::in_lines(result, {});
}

// Our maps for messages write notices only, unlike maps in general.
TEST_P(MapCase, IsUnderstoodUnlessItIsRefused) {
  if (GetParam().expects_refusal()) return;
  Result<const mapping::Map*> map = workbench::map_of(GetParam(), real_library());
  ASSERT_TRUE(map) << map.failure().says;
  if ((*map)->name() == "CareTeamR4toR5") return;

  EXPECT_EQ(refusal(mapped(**map, text_of_file(GetParam().input))), "");
}

INSTANTIATE_TEST_SUITE_P(Mappings, MapCase, testing::ValuesIn(all_cases()), name_of);

TEST(Mappings, CompileWithoutComplaint) {
  for (const Failure& failure : real_maps().failures) ADD_FAILURE() << failure.where << ": " << failure.says;
  for (const mapping::Map* each : real_library().maps())
    for (const Failure& lint : each->lints())
      if (lint.cause != Cause::Unsupported) ADD_FAILURE() << lint.where << ": " << lint.says;
}

TEST(Profiles, HaveAnExampleThatCareUnderstands) {
  Result<tree::Document> example = json::parse(text_of_file(VARDBRON_BINARY_DIR "/share/models/Bundle-example-admission.json"),
                                               real_library().definitions().names());
  ASSERT_TRUE(example) << example.failure().says;

  for (const fhir::Issue& issue : fhir::check(*example, real_library().definitions()))
    ADD_FAILURE() << issue.where << ": " << issue.says;
  EXPECT_EQ(refusal(example), "");
}

TEST(Mappings, StandInTheOneLayout) {
  for (const std::filesystem::path& file : workspace::files_below(mappings_folder())) {
    if (file.extension() != ".fml") continue;
    const std::string text = text_of_file(file);
    Result<mapping::syntax::Map> map = mapping::parse(file.string(), text);
    ASSERT_TRUE(map) << file;
    EXPECT_EQ(mapping::print(*map), text) << file << ": vardbron format --write mappings";
  }
}

TEST(Mappings, HaveCasesAndARefusalEach) {
  std::map<const mapping::Map*, std::pair<int, int>> counted;
  for (const Case& each : all_cases()) {
    Result<const mapping::Map*> map = workbench::map_of(each, real_library());
    ASSERT_TRUE(map) << map.failure().says;
    (each.expects_refusal() ? counted[*map].second : counted[*map].first)++;
  }
  for (const mapping::Map* each : real_library().maps()) {
    const auto [good, refused] = counted[each];
    EXPECT_GE(good, 4) << each->name();
    EXPECT_GE(refused, 1) << each->name();
  }
}

// The judge of MapCheck accepts notices that care can read, and anything that is no notice.
TEST(MapCheck, RefusesANoticeThatCareWouldNotUnderstand) {
  const tree::Names& names = real_library().definitions().names();
  Result<tree::Document> patient = json::parse(R"({"resourceType":"Patient"})", names);
  Result<tree::Document> notice = json::parse(
      R"({"resourceType":"Bundle","type":"message","entry":[{"resource":{"resourceType":"MessageHeader","eventCoding":)"
      R"({"system":"https://vardbron.example/fhir/CodeSystem/notice-event","code":"admission"}}}]})",
      names);
  ASSERT_TRUE(patient && notice);

  EXPECT_TRUE(workspace::judge_notice(*patient));
  EXPECT_FALSE(workspace::judge_notice(*notice));
}

TEST(MapCheck, PassesForTheMapsAsTheyAre) {
  std::vector<Failure> failures;
  Result<std::size_t> passed =
      workspace::check_maps(real_library(), real_maps().workspace->releases().other, mappings_folder(), failures);

  ASSERT_TRUE(passed);
  EXPECT_EQ(*passed, all_cases().size());
  for (const Failure& failure : failures) ADD_FAILURE() << failure.where << ": " << failure.says;
}

}  // namespace
}  // namespace vardbron
