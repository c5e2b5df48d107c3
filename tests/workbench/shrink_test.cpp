#include "gateway/workbench/shrink.h"

#include "gateway/base/random.h"
#include "gateway/formats/json/write.h"
#include "gateway/workbench/generate.h"
#include "tests/workbench/room.h"

#include <gtest/gtest.h>

// Concern: the result still fails, and cannot be reduced further.
namespace vardbron::workbench {
namespace {

struct ShrinkCase {
  std::string name, message, needs, left;
};

class ShrunkMessage : public testing::TestWithParam<ShrinkCase> {};

TEST_P(ShrunkMessage, HoldsOnlyWhatItTakesToFail) {
  const ShrinkCase& c = GetParam();
  Room room;
  const tree::Document message = room.read(c.message);

  const tree::Document left =
      shrink(message, [&](const tree::Document& attempt) { return json::write(attempt).find(c.needs) != std::string::npos; });

  EXPECT_EQ(json::write(left), c.left);
}

INSTANTIATE_TEST_SUITE_P(
    Table, ShrunkMessage,
    testing::Values(ShrinkCase{"OneOfMany", R"({"a":"1","b":[{"c":"2"},{"c":"bad","d":["x","y"]}],"e":{"f":"g"}})", "bad",
                               R"({"b":[{"c":"bad"}]})"},
                    ShrinkCase{"TextsGetShort", R"({"a":"a long text with bad in front","b":"c"})", "\"a\"", R"({"a":"a"})"},
                    ShrinkCase{"CharactersStayWhole", R"({"a":"åäö"})", "\"a\"", R"({"a":"å"})"},
                    ShrinkCase{"NothingIsNeeded", R"({"a":"1","b":{"c":"2"}})", "{", "{}"},
                    ShrinkCase{"Numbers", R"({"a":12345,"b":true})", "\"a\":1", R"({"a":1})"}),
    [](const auto& of) { return of.param.name; });

TEST(Shrink, StopsAtItsLimit) {
  Room room;
  std::size_t asked = 0;

  shrink(room.read(R"({"a":["1","2","3","4","5"]})"),
         [&](const tree::Document&) {
           ++asked;
           return false;
         },
         {.attempts_max = 3});

  EXPECT_EQ(asked, 3u);
}

TEST(Shrink, CopiesAllOfAMessage) {
  for (std::uint64_t seed = 0; seed < 20; ++seed) {
    SeededRandom random(seed);
    Result<tree::Document> message = generate(r4(), r4().find_type("Bundle"), random);
    ASSERT_TRUE(message.ok());
    EXPECT_EQ(json::write(copy_of(*message)), json::write(*message));
  }
}

TEST(Shrink, LeavesOneElementOfGeneratedMessages) {
  for (std::uint64_t seed = 0; seed < 20; ++seed) {
    SeededRandom random(seed);
    Result<tree::Document> message = generate(r4(), r4().find_type("Patient"), random, {.optional_percent = 80});
    ASSERT_TRUE(message.ok());
    auto has_gender = [](const tree::Document& attempt) { return static_cast<bool>(tree::root(attempt).child("gender")); };
    if (!has_gender(*message)) continue;
    const tree::Document left = shrink(*message, has_gender);
    EXPECT_EQ(left.size(), 2u) << json::write(left);
  }
}

}  // namespace
}  // namespace vardbron::workbench
