#include "gateway/base/wildcard.h"

#include <gtest/gtest.h>

namespace vardbron {
namespace {

TEST(Wildcard, StandsForAnyLettersAlsoNone) {
  for (std::string_view pattern : {"*", "http://x/*", "http://*/b", "*/a/b", "http://x/a/b", "*x*a*b*", "http://x/a/b**"})
    EXPECT_TRUE(fits_wildcard(pattern, "http://x/a/b")) << pattern;
  for (std::string_view pattern : {"", "http://x/a", "http://x/*/c", "*x*b*a*", "http://x/a/b/*", "http://x/a/bb*"})
    EXPECT_FALSE(fits_wildcard(pattern, "http://x/a/b")) << pattern;
  EXPECT_TRUE(fits_wildcard("*", ""));
  EXPECT_FALSE(fits_wildcard("a", ""));
}

TEST(Wildcard, TriesAgainBehindWhatLookedLikeItsRest) {
  EXPECT_TRUE(fits_wildcard("*abab", "aababab"));
  EXPECT_FALSE(fits_wildcard("*abab", "abababa"));
}

TEST(Wildcard, KnowsOneLetterOnlyWhenAsked) {
  EXPECT_TRUE(fits_wildcard("case-?", "case-7", '?'));
  EXPECT_FALSE(fits_wildcard("case-?", "case-77", '?'));
  EXPECT_FALSE(fits_wildcard("map?v=1", "map-v=1"));
  EXPECT_TRUE(fits_wildcard("map?v=*", "map?v=1"));
}

}  // namespace
}  // namespace vardbron
