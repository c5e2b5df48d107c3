#include "gateway/workbench/random_run.h"

#include "gateway/formats/json/parse.h"
#include "tests/workbench/room.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

// Concern: a map that fails on some message is found, with the smallest such message.
namespace vardbron::workbench {
namespace {

using testing::HasSubstr;

struct Stand {
  explicit Stand(const std::string& rules,
                 std::string_view target = "B\nid 0..1 string\ntext 0..1 string\nsize 0..1 positiveInt") {
    room.model("A\nid 0..1 string\nsize 0..1 integer\nother 0..1 string\nlist 0..* string").model(target);
    room.rules("group g(source s : A, target t : B) {\n" + rules + "\n}");
    EXPECT_EQ(room.build(), "");
  }

  RandomResult run(std::string_view assertions = "") {
    TestEnvironment test_environment{room.library(), [this](std::string body, const std::filesystem::path&, fhir::TypeId) {
                                       return json::parse(std::move(body), room.definitions().names());
                                     }};
    const mapping::Map& map = *room.library().maps()[0];
    Result<std::vector<Assertion>> read =
        read_assertions("a.fhirpath", assertions, room.definitions(), {map.source_types()[0], map.target_type()});
    EXPECT_TRUE(read.ok());
    Result<RandomResult> result =
        run_random(map, test_environment, *read, {.count = 60, .seed = 1, .failures_max = 1, .generate = {}});
    EXPECT_TRUE(result.ok());
    return result.ok() ? std::move(*result) : RandomResult{};
  }

  Room room;
};

TEST(RandomRun, FindsNothingInAMapThatIsWell) {
  const RandomResult result = Stand("s.id as v -> t.id = v \"r\";").run();

  EXPECT_EQ(result.messages, 60u);
  EXPECT_EQ(result.refused, 0u);
  EXPECT_TRUE(result.failures.empty()) << result.failures[0].says;
}

TEST(RandomRun, FindsAValueThatTheTargetCannotHold) {
  const RandomResult result = Stand("s.id as v -> t.id = v \"r\";\ns.size as v -> t.size = v \"size\";").run();

  ASSERT_EQ(result.failures.size(), 1u);
  EXPECT_THAT(result.failures[0].says, HasSubstr("size"));
  EXPECT_THAT(result.failures[0].message, testing::MatchesRegex("\\{\n  \"size\": -?[0-9]+\n\\}"));
}

TEST(RandomRun, ShrinksWhatBreaksAnAssertion) {
  const RandomResult result =
      Stand("s.id as v -> t.id = v \"r\";\ns.other as v -> t.text = v \"o\";").run("text.empty() or id.exists()");

  ASSERT_EQ(result.failures.size(), 1u);
  EXPECT_THAT(result.failures[0].message, HasSubstr("\"other\""));
  EXPECT_THAT(result.failures[0].message, testing::Not(HasSubstr("\"list\"")));
}

TEST(RandomRun, CountsRefusalsAndGoesOn) {
  const RandomResult result = Stand("s.id 1..1 as v -> t.id = v \"r\";").run();

  EXPECT_GT(result.refused, 0u);
  EXPECT_LT(result.refused, result.messages);
  EXPECT_THAT(result.refusal, HasSubstr("m.fml"));
  EXPECT_TRUE(result.failures.empty());
}

}  // namespace
}  // namespace vardbron::workbench
