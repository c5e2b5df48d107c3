#include "gateway/access/receivers.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace vardbron::access {
namespace {

using testing::HasSubstr;
using testing::Not;
using enum Receivers::Standing;

Principal organisation(const std::string& id, bool may_receive) {
  Principal made;
  made.organisation = id;
  made.may_receive = may_receive;
  return made;
}

const Receivers& receivers() {
  static const Receivers made(
      {organisation("se2120990011-hsv1", true), organisation("SE2321990018-MED5", false), organisation("urn:oid:1.2|7", true)});
  return made;
}

TEST(Receivers, AreThoseWhoMayReadHere) {
  EXPECT_EQ(receivers().standing("SE2120990011-HSV1"), Reached);
  EXPECT_EQ(receivers().standing("urn:oid:1.2|7"), Reached);
  EXPECT_EQ(receivers().standing("SE2321990018-MED5"), MayNotReceive);
  EXPECT_EQ(receivers().standing("SE2120990011-HSV7"), Unknown);
  EXPECT_EQ(receivers().why_not("SE2120990011-HSV1"), "");
}

TEST(Receivers, SayWhoIsNotToldAndWhoMayBeMeant) {
  EXPECT_THAT(receivers().why_not("SE2120990011-HSV7"), HasSubstr("\"SE2120990011-HSV7\" is not known to this gateway"));
  EXPECT_THAT(receivers().why_not("SE2120990011-HSV7"), HasSubstr("Did you mean SE2120990011-HSV1?"));
  EXPECT_THAT(receivers().why_not("hemsjukvården"), HasSubstr("\"hemsjukvården\""));
  EXPECT_THAT(receivers().why_not("SE2321990018-MED5"), HasSubstr("the right \"receive\""));
}

TEST(Receivers, AreMeantByANearMisspellingOnlyAndNotWhereTheyAreNamedThemselves) {
  for (const char* near :
       {"SE2120990011-HSV7", "SE2120990011-HSV", "SE2120990011-HSV11", "SE2120990011-HVS1", "SE2120990012-HSV1"})
    EXPECT_THAT(receivers().why_not(near), HasSubstr("Did you mean SE2120990011-HSV1?")) << near;
  for (const char* other : {"SE2120990011-SOC1", "SE2120990011-HSV23", "SE2120990011", "SE2321990018-MED7"})
    EXPECT_THAT(receivers().why_not(other), Not(HasSubstr("Did you mean"))) << other;
  const std::vector<std::string> besides{"SE2120990011-HSV1", "SE2120990011-HSV7"};
  EXPECT_THAT(receivers().why_not("SE2120990011-HSV7", besides), Not(HasSubstr("Did you mean")));
}

TEST(Receivers, AreNotGuessedWhereSeveralAreAsNear) {
  const Receivers two({organisation("SE2120990011-HSV1", true), organisation("SE2120990011-HSV2", true)});
  EXPECT_THAT(two.why_not("SE2120990011-HSV7"), Not(HasSubstr("Did you mean")));
}

TEST(Receivers, AreAllReachedWhereNobodyWasAsked) { EXPECT_EQ(Receivers().why_not("anybody"), ""); }

}  // namespace
}  // namespace vardbron::access
