#include "gateway/fhirpath/values/pattern.h"

#include <gtest/gtest.h>
#include <re2/re2.h>

#include <memory>
#include <string>

namespace vardbron::fhirpath {
namespace {

TEST(Pattern, OneThatIsAskedForAgainIsNotCompiledAgain) {
  const std::shared_ptr<const re2::RE2> first = *kept_pattern("^a+$", "");
  EXPECT_EQ(*kept_pattern("^a+$", ""), first);
  const std::shared_ptr<const re2::RE2> other = *kept_pattern("^a+$", "i");
  EXPECT_NE(other, first);
  EXPECT_TRUE(matches(*other, "AA", true));
  EXPECT_FALSE(matches(*first, "AA", true));
  EXPECT_EQ(kept_pattern("(", "").failure().cause, Cause::Invalid);
  // So many others that it has left.
  for (int number = 0; number < 100; ++number) ASSERT_TRUE(kept_pattern("b{" + std::to_string(number) + "}", "").ok());
  EXPECT_NE(*kept_pattern("^a+$", ""), first);
  EXPECT_TRUE(matches(*first, "aa", true));
}

}  // namespace
}  // namespace vardbron::fhirpath
