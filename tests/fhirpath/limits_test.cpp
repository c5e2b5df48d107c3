#include "gateway/base/limits.h"
#include "tests/fhirpath/fixture.h"

#include <gtest/gtest.h>

#include <string>

// Concern: an expression at a limit of base/limits.h runs, and one above is refused with a message.

namespace vardbron::fhirpath {
namespace {

using testing::answer;

std::string times(std::size_t count, std::string_view text) {
  std::string all;
  for (; count > 0; --count) all += text;
  return all;
}

TEST(ExpressionLimits, IsAsLongAsItMay) {
  const auto padded = [](std::size_t bytes) { return std::string(bytes - 1, ' ') + "1"; };

  EXPECT_EQ(answer(padded(limits::expression_bytes_max)), "1");
  EXPECT_TRUE(answer(padded(limits::expression_bytes_max + 1)).starts_with("error: An expression has at most"));
}

TEST(ExpressionLimits, IsNestedAsDeepAsItMay) {
  const auto nested = [](std::size_t depth) { return times(depth - 1, "(") + "1" + times(depth - 1, ")"); };

  EXPECT_EQ(answer(nested(limits::expression_depth_max)), "1");
  EXPECT_TRUE(answer(nested(limits::expression_depth_max + 1)).starts_with("error: This expression is nested more than"));
}

TEST(ExpressionLimits, IsChainedAsLongAsItMay) {
  const auto sum = [](std::size_t links) { return "1" + times(links, "+1"); };

  EXPECT_EQ(answer(sum(limits::expression_chain_max)), std::to_string(limits::expression_chain_max + 1));
  EXPECT_TRUE(answer(sum(limits::expression_chain_max + 1)).starts_with("error: This expression is nested or chained"));
}

TEST(ExpressionLimits, MakesACollectionAsLargeAsItMay) {
  static_assert(limits::collection_items_max == 1'000'000);
  const std::string ten = "(0|1|2|3|4|5|6|7|8|9)", eleven = "(0|1|2|3|4|5|6|7|8|9|10)";
  const std::string thousands = ten + times(4, ".select(" + ten + ")");

  EXPECT_EQ(answer(thousands + ".select(" + ten + ").count()"), "1000000");
  const std::string over = answer(thousands + ".select(" + eleven + ").count()");
  EXPECT_TRUE(over.starts_with("error: This expression makes a collection of more than 1000000 items.")) << over;
}

TEST(ExpressionLimits, MakesTextsOfAsManyBytesAsItMay) {
  static_assert(limits::evaluation_bytes_max == 1u << 26);
  const auto doubled = [](std::size_t doublings) { return "('a'" + times(doublings, ".select($this & $this)") + ").length()"; };

  EXPECT_EQ(answer(doubled(26)), std::to_string(1 << 26));
  EXPECT_TRUE(answer(doubled(27)).starts_with("error: This expression makes more text than it may"));
}

TEST(ExpressionLimits, HoldsListsOfAsManyBytesAsItMay) {
  const std::string ten = "(0|1|2|3|4|5|6|7|8|9)", thousands = ten + times(4, ".select(" + ten + ")");
  const auto kept = [&](char last) {
    std::string lists = "defineVariable('all', " + thousands + ")";
    for (char name = 'a'; name <= last; ++name)
      lists += ".defineVariable('" + std::string(1, name) + "', %all.select($this + 1))";
    return answer(lists + ".select(%all.count())");
  };
  static_assert(limits::evaluation_list_bytes_max == 96u << 20);

  EXPECT_EQ(kept('b'), "100000");
  EXPECT_TRUE(kept('z').starts_with("error: This expression takes more memory for its lists than it may (96 MB)"));
}

TEST(ExpressionLimits, RunsAPatternAsLargeAsItMay) {
  static_assert(limits::pattern_bytes_max == 2 << 20);

  EXPECT_EQ(answer("'" + std::string(500, 'a') + "'.matchesFull('a{500}')"), "true");
  EXPECT_EQ(answer("'ab'.matches('^((a|b){10}){0,50}')"), "true");
  EXPECT_TRUE(answer("'a'.matches('((a{100}){10}){1000}')").starts_with("error: This is no regular expression"));
}

TEST(ExpressionLimits, TakesAsManyStepsAsItMay) {
  const std::string ten = "(0|1|2|3|4|5|6|7|8|9)";
  const auto looked = [&](std::size_t loops) { return times(loops, ten + ".all(") + "true" + times(loops, ")"); };

  EXPECT_EQ(answer(looked(5)), "true");
  EXPECT_TRUE(answer(looked(8)).starts_with("error: This expression does not come to an end within its steps"));
}

}  // namespace
}  // namespace vardbron::fhirpath
