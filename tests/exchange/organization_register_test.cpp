#include "gateway/exchange/organization_register.h"

#include "gateway/base/limits.h"
#include "gateway/care/arende/organization_writer.h"
#include "tests/exchange/spine.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace vardbron::exchange {
namespace {

using testing::HasSubstr;
using testing::SizeIs;

constexpr const char* hsa_system = "urn:oid:1.2.752.29.4.19";

struct Registering : Spine {
  store::Resource organization(const char* hsa_id) {
    const std::string id = care::organization_id({hsa_system, hsa_id});
    Result<store::Resource> found = world.complete(store.read({"", true}, "Organization", id));
    CHECK(found);
    return *std::move(found);
  }
  std::size_t count() {
    search::Query query;
    query.resource_type = "Organization";
    return world.complete(store.search({"", true}, std::move(query), {}))->resources.size();
  }
};

TEST(OrganizationRegister, HasOneOrganizationForEachWhateverTheNumberOfCases) {
  for (const int cases : {10, 1'000}) {
    Registering house;
    for (int each = 0; each < cases; ++each)
      ASSERT_TRUE(house.accept(ANotice("admission").with_id("M-" + std::to_string(each)).of_case("A-" + std::to_string(each))));
    EXPECT_EQ(house.count(), 3u) << cases;
    EXPECT_EQ(house.organization(hospital).version, 1) << cases << ": the same word again makes no version";
    EXPECT_EQ(house.organization(hospital).case_key, "");
  }
}

TEST(OrganizationRegister, AllWhoArePartyToAnythingReadIt) {
  Registering house;
  ASSERT_TRUE(house.accept(ANotice("admission")));
  const std::string id = house.organization(health_centre).id;
  EXPECT_TRUE(house.world.complete(house.store.read({home_care, false}, "Organization", id)));
  EXPECT_FALSE(house.world.complete(house.store.read({"SE2120990029-X", false}, "Organization", id)));
}

TEST(OrganizationRegister, AnOwnWordReplacesWhatTheHospitalSaid) {
  Registering house;
  ASSERT_TRUE(house.accept(ANotice("admission")));
  EXPECT_THAT(house.organization(health_centre).body, Not(HasSubstr("egen-uppgift")));
  house.open_path(*access::SenderPermissions::open({{.organisation = hospital, .units = {health_centre}}}));
  ASSERT_TRUE(
      house.accept(ANotice("receipt").with_id("R-1").replacing("M-1").sent_by(health_centre).at("2026-03-10T10:00:00+01:00")));
  EXPECT_THAT(house.organization(health_centre).body, HasSubstr("egen-uppgift"));
  EXPECT_EQ(house.organization(health_centre).version, 2);
}

TEST(OrganizationRegister, WhatWasWrittenByOthersInBetweenIsReadAgain) {
  Registering house;
  CaseCache cache;
  OrganizationRegister kept, of_another_process;
  for (int each = 0; each < 4; ++each) {
    PathParts parts = house.parts();
    parts.cases.organizations = each % 2 == 0 ? &kept : &of_another_process;
    MessagePath path(std::move(parts));
    const ANotice notice = ANotice("admission").with_id("M-" + std::to_string(each)).of_case("A-" + std::to_string(each));
    const auto receipt = house.world.complete(path.accept({Spine::caller(), "fhir", "application/fhir+json", notice.json()}));
    ASSERT_TRUE(receipt && receipt->outcome == store::Outcome::Stored) << each;
  }
  EXPECT_EQ(house.count(), 3u);
}

TEST(OrganizationRegister, KeepsAsManyInMemoryAsItMayAndReadsTheOthers) {
  Registering house;
  const std::size_t kept_max = 4;
  static_assert(limits::kept_organizations_max >= kept_max);
  OrganizationRegister few(kept_max), many;
  const auto words_of = [&](int number) {
    const care::Identity identifier{hsa_system, "SE212000000" + std::to_string(number) + "-A"};
    return std::vector{care::OrganizationWord{care::organization_id(identifier), identifier, "Enhet", "", 0, false, {}}};
  };
  for (int round = 0; round < 2; ++round) {
    for (int each = 0; each < 9; ++each) {
      const auto words = words_of(each);
      for (OrganizationRegister* one : {&few, &many}) {
        auto written = house.world.complete(one->write(house.store, words, house.case_parts().rules.names, indexer()));
        ASSERT_TRUE(written);
        EXPECT_THAT(written->words, SizeIs(round == 0 && one == &few ? 1 : 0)) << round << " " << each;
        if (written->words.empty()) continue;
        store::Change change;
        change.parts.push_back(std::move(written->part));
        const auto committed = house.world.complete(house.store.commit(std::move(change)));
        ASSERT_TRUE(committed);
        one->committed(words, committed->versions);
      }
    }
  }
}

}  // namespace
}  // namespace vardbron::exchange
