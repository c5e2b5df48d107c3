#include "gateway/app/principals.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

// Concern: each organisation of the configuration has the rights and the places that are written there, and nobody else's.
namespace vardbron::app {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

Config two_organisations() {
  OrganisationConfig hospital;
  hospital.hsa_id = "SE2321990018-MED5";
  hospital.name = "Region Ett";
  hospital.token_sha256 = std::string(64, 'a');
  hospital.units = {"SE2321990018-*", "SE2120990011-*"};
  OrganisationConfig municipality;
  municipality.hsa_id = "SE2120990011-HSV1";
  municipality.token_sha256 = std::string(64, 'b');
  municipality.endpoints = {"https://a.example/hooks", "https://b.example"};
  Config config;
  config.organisations = {hospital, municipality};
  return config;
}

TEST(Principals, AreTheOrganisationsWithTheirDigestsAndUnits) {
  const std::vector<access::Principal> principals = principals_of(two_organisations());
  ASSERT_EQ(principals.size(), 2u);
  EXPECT_EQ(principals[0].organisation, "SE2321990018-MED5");
  EXPECT_EQ(principals[0].name, "Region Ett");
  EXPECT_EQ(principals[0].token, "sha256:" + std::string(64, 'a'));
  EXPECT_THAT(principals[0].units, ElementsAre("SE2321990018-*", "SE2120990011-*"));
  EXPECT_EQ(principals[1].organisation, "SE2120990011-HSV1");
  EXPECT_EQ(principals[1].token, "sha256:" + std::string(64, 'b'));
  EXPECT_THAT(principals[1].units, IsEmpty());
}

TEST(Principals, HaveEachRightByItself) {
  for (unsigned rights = 0; rights < 8; ++rights) {
    Config config = two_organisations();
    OrganisationConfig& given = config.organisations[0];
    given.may_send = (rights & 1) != 0;
    given.may_receive = (rights & 2) != 0;
    given.may_operate = (rights & 4) != 0;
    const std::vector<access::Principal> principals = principals_of(config);
    EXPECT_EQ(principals[0].may_send, given.may_send) << rights;
    EXPECT_EQ(principals[0].may_receive, given.may_receive) << rights;
    EXPECT_EQ(principals[0].may_operate, given.may_operate) << rights;
    EXPECT_FALSE(principals[1].may_send || principals[1].may_receive || principals[1].may_operate) << rights;
  }
}

TEST(Places, AreEachOrganisationsOwnOneByOne) {
  const std::vector<subscription::Endpoints::Allowed> places = places_of(two_organisations());
  ASSERT_EQ(places.size(), 2u);
  EXPECT_EQ(places[0].organisation, "SE2120990011-HSV1");
  EXPECT_EQ(places[0].place, "https://a.example/hooks");
  EXPECT_EQ(places[1].organisation, "SE2120990011-HSV1");
  EXPECT_EQ(places[1].place, "https://b.example");
}

TEST(Places, AreNoneWithoutOrganisations) {
  EXPECT_THAT(places_of(Config()), IsEmpty());
  EXPECT_THAT(principals_of(Config()), IsEmpty());
}

}  // namespace
}  // namespace vardbron::app
