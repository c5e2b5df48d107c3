#include "gateway/access/sender_permissions.h"

#include <gtest/gtest.h>

namespace vardbron::access {
namespace {

constexpr const char* ward = "SE2321990018-MED5";
constexpr const char* other_ward = "SE2321990018-KIR2";
constexpr const char* home_care = "SE2120990011-HSV1";
constexpr const char* danish_ward = "urn:oid:1.2.208.176.1.1|441211000016002";

Principal hospital(std::vector<std::string> units) {
  Principal principal;
  principal.organisation = ward;
  principal.token = "a-token-of-the-hospital";
  principal.units = std::move(units);
  return principal;
}

struct Row {
  const char* what;
  std::vector<std::string> units;
  const char* unit;
  bool may;
};

class SpeakingFor : public testing::TestWithParam<Row> {};

TEST_P(SpeakingFor, IsForOnesOwnUnitsOnly) {
  Result<SenderPermissions> units = SenderPermissions::open({hospital(GetParam().units)});
  ASSERT_TRUE(units) << units.failure().says;
  EXPECT_EQ(units->may_speak(ward, GetParam().unit), GetParam().may);
}

INSTANTIATE_TEST_SUITE_P(
    Lists, SpeakingFor,
    testing::Values(Row{"itself", {}, ward, true}, Row{"a_unit_of_its_body", {}, other_ward, true},
                    Row{"another_body", {}, home_care, false}, Row{"another_register", {}, danish_ward, false},
                    Row{"nobody", {}, "", false}, Row{"itself_beside_a_list", {home_care}, ward, true},
                    Row{"a_list_takes_the_place_of_the_body", {home_care}, other_ward, false},
                    Row{"a_listed_unit", {home_care}, home_care, true},
                    Row{"a_longer_name_than_the_listed_one", {"SE2120990011-HSV"}, home_care, false},
                    Row{"a_listed_body", {"SE2120990011-*"}, home_care, true},
                    Row{"a_body_is_not_its_own_unit", {"SE2120990011-*"}, "SE2120990011-", false},
                    Row{"not_a_listed_body", {"SE2120990011-*"}, other_ward, false},
                    Row{"a_listed_name_of_a_register", {danish_ward}, danish_ward, true},
                    Row{"another_name_of_it", {danish_ward}, "urn:oid:1.2.208.176.1.1|1", false},
                    Row{"a_whole_register", {"urn:oid:1.2.208.176.1.1|*"}, danish_ward, true},
                    Row{"a_register_that_begins_alike", {"urn:oid:1.2.208.176.1.1|*"}, "urn:oid:1.2.208.176.1.12|1", false}),
    [](const auto& each) { return each.param.what; });

TEST(SenderPermissions, AreEachOrganisationsOwn) {
  Principal municipality = hospital({});
  municipality.organisation = home_care;
  Result<SenderPermissions> units = SenderPermissions::open({hospital({"SE2321990018-*", "SE2120990011-*"}), municipality});
  ASSERT_TRUE(units);
  EXPECT_TRUE(units->may_speak(ward, home_care));
  EXPECT_FALSE(units->may_speak(home_care, ward));
  EXPECT_FALSE(units->may_speak("", ward));
}

TEST(SenderPermissions, OfNobodyAreThoseOfEachBody) {
  const SenderPermissions units;
  EXPECT_TRUE(units.may_speak(ward, other_ward));
  EXPECT_FALSE(units.may_speak(ward, home_care));
}

TEST(SenderPermissions, RefusesAnEntryThatNamesNoUnit) {
  for (const char* entry : {"", "*", "SE2321990018", "SE2321990018-", "SE2321990018*", "SE2321990018-M*", "SE2321990019-*",
                            "SE2321990018-MED 5", "|441211000016002", "urn:oid:1.2.208.176.1.1|", "a|b|c", "a|4412*"}) {
    Result<SenderPermissions> units = SenderPermissions::open({hospital({}), hospital({ward, entry})});
    ASSERT_FALSE(units) << entry;
    EXPECT_EQ(units.failure().cause, Cause::Invalid);
    EXPECT_EQ(units.failure().where, "principals[1].units") << entry;
  }
}

TEST(SenderPermissions, RefuseAForeignUnitByItsName) {
  const Failure failure = SenderPermissions::refusal(home_care);
  EXPECT_EQ(failure.cause, Cause::Forbidden);
  EXPECT_NE(failure.says.find("\"SE2120990011-HSV1\""), std::string::npos) << failure.says;
  EXPECT_EQ(SenderPermissions::refusal("urn:oid:1.2|195009072553").says.find("195009072553"), std::string::npos)
      << "it may be a person's number";
}

}  // namespace
}  // namespace vardbron::access
