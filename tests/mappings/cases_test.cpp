#include "gateway/fhir/check.h"
#include "gateway/formats/json/parse.h"
#include "gateway/formats/json/write.h"
#include "gateway/tree/compare.h"
#include "tests/mappings/house.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cctype>
#include <map>
#include <sstream>

// Concern: every folder mappings/<map>/cases/<case> holds an input and what the map makes of it, or expected.failure: texts that
// its refusal must hold, one a line.
namespace vardbron {
namespace {

namespace fs = std::filesystem;

struct MapCase {
  std::string map, name;
  fs::path folder;
};

std::vector<MapCase> all_cases() {
  std::vector<MapCase> cases;
  for (const fs::directory_entry& map : fs::directory_iterator(mappings_folder())) {
    if (!fs::exists(map.path() / "cases")) continue;
    for (const fs::directory_entry& each : fs::directory_iterator(map.path() / "cases"))
      cases.push_back({map.path().filename().string(), each.path().filename().string(), each.path()});
  }
  std::sort(cases.begin(), cases.end(), [](const MapCase& a, const MapCase& b) { return a.folder < b.folder; });
  return cases;
}

std::string name_of(const testing::TestParamInfo<MapCase>& info) {
  std::string name = info.param.map + "__" + info.param.name;
  std::replace_if(
      name.begin(), name.end(), [](unsigned char c) { return std::isalnum(c) == 0; }, '_');
  return name;
}

// The map of a folder is the one whose file lies in it.
const mapping::Map* map_in(const std::string& folder) {
  for (const mapping::Map* each : real_library().maps())
    if (fs::path(each->rule(0).file).parent_path().filename() == folder) return each;
  return nullptr;
}

std::string input_of(const MapCase& each) {
  const fs::path json = each.folder / "input.json";
  return text_of_file(fs::exists(json) ? json : each.folder / "input.xml");
}

bool is_refused(const MapCase& each) { return fs::exists(each.folder / "expected.failure"); }

// What a sender would be told: the map's refusal, or that of care.
std::string refusal(const Result<tree::Document>& notice) {
  if (!notice) return notice.failure().where + ": " + notice.failure().says;
  const Result<care::Notice> read = care::read_notice(*notice);
  return read ? "" : read.failure().where + ": " + read.failure().says;
}

class Case : public testing::TestWithParam<MapCase> {
 protected:
  const mapping::Map& map() const {
    const mapping::Map* found = map_in(GetParam().map);
    CHECK(found);
    return *found;
  }
};

TEST_P(Case, GivesWhatItsFolderSays) {
  Result<tree::Document> notice = mapped(map(), input_of(GetParam()));

  if (is_refused(GetParam())) {
    std::istringstream lines(text_of_file(GetParam().folder / "expected.failure"));
    for (std::string line; std::getline(lines, line);)
      EXPECT_NE(refusal(notice).find(line), std::string::npos) << "wanted: " << line << "\nsaid: " << refusal(notice);
    EXPECT_NE(refusal(notice), "");
    return;
  }
  ASSERT_TRUE(notice) << refusal(notice);
  Result<tree::Document> expected =
      json::parse(text_of_file(GetParam().folder / "expected.json"), real_library().definitions().names());
  ASSERT_TRUE(expected) << expected.failure().says;
  EXPECT_EQ(tree::describe_differences(*expected, *notice), "");
}

TEST_P(Case, IsFhirAndUnderstood) {
  if (is_refused(GetParam())) return;
  Result<tree::Document> notice = mapped(map(), input_of(GetParam()));
  ASSERT_TRUE(notice) << refusal(notice);

  for (const fhir::Issue& issue : fhir::check(*notice, real_library().definitions()))
    ADD_FAILURE() << issue.where << ": " << issue.says;
  EXPECT_EQ(refusal(notice), "");
}

TEST_P(Case, GivesTheSameBytesTwice) {
  if (is_refused(GetParam())) return;
  const std::string input = input_of(GetParam());
  Result<tree::Document> first = mapped(map(), input), second = mapped(map(), input);
  ASSERT_TRUE(first && second);

  EXPECT_EQ(json::write(*first), json::write(*second));
}

INSTANTIATE_TEST_SUITE_P(Mappings, Case, testing::ValuesIn(all_cases()), name_of);

TEST(Mappings, CompileWithoutComplaint) {
  for (const Failure& failure : real_maps().failures) ADD_FAILURE() << failure.where << ": " << failure.says;
  for (const mapping::Map* each : real_library().maps())
    for (const Failure& lint : each->lints()) ADD_FAILURE() << lint.where << ": " << lint.says;
}

TEST(Profiles, HaveAnExampleThatCareUnderstands) {
  Result<tree::Document> example = json::parse(text_of_file(VARDBRON_BINARY_DIR "/share/models/Bundle-example-admission.json"),
                                               real_library().definitions().names());
  ASSERT_TRUE(example) << example.failure().says;

  for (const fhir::Issue& issue : fhir::check(*example, real_library().definitions()))
    ADD_FAILURE() << issue.where << ": " << issue.says;
  EXPECT_EQ(refusal(example), "");
}

TEST(Mappings, HaveCasesAndARefusalEach) {
  std::map<std::string, std::pair<int, int>> counted;
  for (const MapCase& each : all_cases()) (is_refused(each) ? counted[each.map].second : counted[each.map].first)++;
  for (const mapping::Map* each : real_library().maps()) {
    const auto [good, refused] = counted[fs::path(each->rule(0).file).parent_path().filename().string()];
    EXPECT_GE(good, 4) << each->name();
    EXPECT_GE(refused, 1) << each->name();
  }
}

}  // namespace
}  // namespace vardbron
