#include "gateway/base/excerpt.h"

#include <gtest/gtest.h>

namespace vardbron {
namespace {

TEST(Excerpt, CutsBetweenCharactersAndShowsNoControlCharacter) {
  EXPECT_EQ(excerpt("PID-13", 60), "PID-13");
  EXPECT_EQ(excerpt("åäö", 4), "åä..");
  EXPECT_EQ(excerpt("åäö", 3), "åä..");
  EXPECT_EQ(excerpt("åäö", 6), "åäö");
  EXPECT_EQ(excerpt("a\x1b[2J\x7f\xc2\x9b", 60), R"(a\u001B[2J\u007F\u009B)");
  EXPECT_EQ(excerpt("a\u202Eb\u0085c\td\ne", 60), R"(a\u202Eb\u0085c d e)");
  EXPECT_EQ(excerpt("\xff", 60), R"(\xFF)");
}

TEST(ShapeOf, TellsWhatAValueLooksLikeAndNoneOfIt) {
  EXPECT_EQ(shape_of("19500907-2553", 40), "99999999-9999");
  EXPECT_EQ(shape_of("Åsa Berg\x1b", 40), "aaa Aaaa?");
  EXPECT_EQ(shape_of("A08", 40), "A99");
  EXPECT_EQ(shape_of("Exempelsson", 4), "Aaaa..");
  EXPECT_EQ(shape_of("åäöå", 4), "aaaa");
  EXPECT_EQ(shape_of("", 4), "");
}

}  // namespace
}  // namespace vardbron
