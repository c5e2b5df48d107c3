// Concern: what a former version shows was right for its readers when it was written, and may be wrong for them today.
#include "gateway/care/person/person_view.h"
#include "tests/exchange/spine.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <set>

namespace vardbron::exchange {
namespace {

/// All that an organisation can read of a case, by reads of versions and by histories.
std::string all_that_is_readable(Spine& spine, const std::string& organisation) {
  std::set<std::string> bodies;
  const store::Reader reader{organisation, false};
  std::vector<store::CaseResource> resources = spine.stored_case("A-1").resources;
  for (const store::CaseResource& each : spine.patients()) resources.push_back(each);
  for (const store::CaseResource& each : resources) {
    for (std::int64_t version = 1; version <= each.version; ++version) {
      const Result<store::Resource> read = spine.store.tables().read(reader, each.type, each.id, version);
      if (read) bodies.insert(read->body);
    }
    store::HistoryQuery query;
    query.type = each.type;
    query.count = 200;
    const Result<store::Page> history = spine.store.tables().history(reader, query);
    EXPECT_TRUE(history.ok());
    if (history)
      for (const store::Resource& one : history->resources) bodies.insert(one.body);
  }
  std::string all;
  for (const std::string& body : bodies) all += body + '\n';
  return all;
}

ANotice addressed_admission() { return ANotice("admission").with_address().in_kommun("0880"); }
ANotice next(const char* event) { return ANotice(event).with_id("M-2").at("2026-03-11T10:00:00+01:00"); }

TEST(Scenario26, AFlagThatArrivesLastHidesWhatEarlierVersionsShow) {
  Spine spine;
  ASSERT_TRUE(spine.accept(addressed_admission()));
  EXPECT_THAT(all_that_is_readable(spine, home_care), testing::HasSubstr("Provgatan"));
  ASSERT_TRUE(spine.accept(next("planning").with_address().in_kommun("0880").with_protected_identity()));
  for (const char* who : {home_care, health_centre, hospital}) {
    const std::string all = all_that_is_readable(spine, who);
    EXPECT_THAT(all, testing::Not(testing::HasSubstr("Provgatan"))) << who;
    EXPECT_THAT(all, testing::Not(testing::HasSubstr("0880"))) << who;
  }
}

TEST(Scenario25, TheWrongPersonIsReadByNoPartyOnceAnotherIsInTheCase) {
  Spine spine;
  ASSERT_TRUE(spine.accept(addressed_admission()));
  EXPECT_THAT(all_that_is_readable(spine, home_care), testing::HasSubstr("195009072553"));
  ASSERT_TRUE(spine.accept(next("nullified").replacing("M-1")));
  EXPECT_THAT(all_that_is_readable(spine, home_care), testing::Not(testing::HasSubstr("195009072553")));
  const Result<Receipt> right =
      spine.accept(addressed_admission().with_id("M-3").at("2026-03-11T11:00:00+01:00").about("199002222397"));
  ASSERT_TRUE(right.ok());
  EXPECT_EQ(right->outcome, store::Outcome::Stored) << right->text;
  const std::string all = all_that_is_readable(spine, home_care);
  EXPECT_THAT(all, testing::HasSubstr("199002222397"));
  EXPECT_THAT(all, testing::Not(testing::HasSubstr("195009072553")));
}

// The row P3 of the defects: municipality 2 joins by a change of parties.
TEST(FormerVersions, AreNotReadByWhoJoinedLater) {
  Spine spine;
  ASSERT_TRUE(spine.accept(addressed_admission().to_health_centre().with_reason("before")));
  EXPECT_EQ(all_that_is_readable(spine, home_care), "");
  ASSERT_TRUE(spine.accept(next("party.changed").with_reason("after")));
  const std::string joined = all_that_is_readable(spine, home_care);
  EXPECT_THAT(joined, testing::HasSubstr("after"));
  EXPECT_THAT(joined, testing::Not(testing::HasSubstr("\"before\"")));
  EXPECT_THAT(all_that_is_readable(spine, hospital), testing::HasSubstr("\"before\""));
}

// Whether the identity is protected is not known then, so nothing of the notice is shown.
TEST(FormerVersions, AViewOfThePersonThatCannotBeReadLetsNothingNewBeRead) {
  Spine spine;
  ASSERT_TRUE(spine.accept(admission()));
  const std::string before = all_that_is_readable(spine, home_care);
  const std::string key =
      care::person_key(spine.store.person_secret(), {"http://electronichealth.se/identifier/personnummer", "195009072553"});
  const Result<store::Case> chain = spine.world.complete(spine.store.load_case(key));
  ASSERT_TRUE(chain && chain->version > 0);
  store::Change spoilt;
  spoilt.journal = store::RawMessage{"fhir", hospital, "application/fhir+json", "{}", "I-0", spine.world.clock.wall()};
  spoilt.case_key = key;
  spoilt.case_version = chain->version;
  spoilt.links.push_back({"another stay", "view", "{", spine.world.clock.wall(), 0});
  ASSERT_TRUE(spine.store.tables().commit(spoilt, spine.world.clock.wall(), spine.world.random));
  const Result<Receipt> receipt = spine.accept(next("planning").with_reason("what is new"));
  EXPECT_TRUE(!receipt || receipt->outcome != store::Outcome::Stored);
  EXPECT_EQ(all_that_is_readable(spine, home_care), before);
}

}  // namespace
}  // namespace vardbron::exchange
