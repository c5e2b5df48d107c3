#include "gateway/exchange/person_chains.h"

#include "gateway/base/limits.h"
#include "gateway/base/random.h"
#include "tests/exchange/persons.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <map>

namespace vardbron::exchange {
namespace {

using testing::AllOf;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;
using testing::SizeIs;

TEST(PersonChains, APersonHasOnePatientWhateverTheNumberOfStays) {
  Persons house;
  for (int each = 0; each < 5; ++each) house.take(admission_of(each));
  house.follow();
  search::Query query;
  query.resource_type = "Patient";
  const Result<store::Page> found = house.world.complete(house.store.search({home_care, false}, query, {}));
  ASSERT_TRUE(found);
  ASSERT_THAT(found->resources, SizeIs(1));
  EXPECT_EQ(found->resources[0].id, house.patient_id(first_person));
  for (int each = 0; each < 5; ++each) {
    const store::Case known = house.stored_case("A-" + std::to_string(each));
    EXPECT_TRUE(
        std::none_of(known.resources.begin(), known.resources.end(), [](const auto& one) { return one.type == "Patient"; }));
  }
}

TEST(PersonChains, TheSameWordAgainMakesNoLinkAndNoVersion) {
  Persons house;
  house.take(admission_of(1));
  house.follow();
  const std::string key = care::person_key(house.store.person_secret(), {personnummer, first_person});
  const std::int64_t links = house.world.complete(house.store.load_case(key))->version;
  const std::int64_t version = house.patient("", first_person)->version;
  for (int each = 0; each < 20; ++each)
    house.take(ANotice("planning").with_id("P-" + std::to_string(each)).of_case("A-1").at("2026-03-11T10:00:00+01:00"));
  EXPECT_EQ(house.world.complete(house.store.load_case(key))->version, links);
  EXPECT_EQ(house.patient("", first_person)->version, version);
}

TEST(PersonChains, ReadersAreThoseOfAllStays) {
  Persons house;
  house.take(admission_of(1).to_health_centre());
  EXPECT_FALSE(house.patient(home_care, first_person));
  EXPECT_TRUE(house.patient(health_centre, first_person));
  house.take(admission_of(2));
  EXPECT_TRUE(house.patient(home_care, first_person));
  EXPECT_FALSE(house.patient(home_care, first_person, 1)) << "from before it was party to anything";
}

TEST(Scenario25, AWrongPersonIsGoneForAllButTheHospitalAndTheRightOneIsAnother) {
  Persons house;
  house.take(admission_of(1));
  ASSERT_TRUE(house.patient(home_care, first_person));
  house.take(ANotice("nullified")
                 .with_id("M-9")
                 .replacing("M-1")
                 .of_case("A-1")
                 .with_status("entered-in-error")
                 .at("2026-03-10T10:00:00+01:00"));
  house.take(admission_of(1, second_person).with_id("M-2").at("2026-03-10T11:00:00+01:00"));
  for (const char* party : {home_care, health_centre}) {
    EXPECT_FALSE(house.patient(party, first_person)) << party;
    EXPECT_FALSE(house.patient(party, first_person, 1)) << party;
    EXPECT_TRUE(house.patient(party, second_person)) << party;
  }
  EXPECT_TRUE(house.patient(hospital, first_person));
  EXPECT_THAT(house.text(first_person), AllOf(HasSubstr("\"active\":false"), Not(HasSubstr("Exempelsson"))));
  EXPECT_NE(house.patient_id(first_person), house.patient_id(second_person));
}

TEST(Scenario25, AWrongPersonWhoHasAnotherStayKeepsWhatThatSays) {
  Persons house;
  house.take(admission_of(7).to_health_centre());
  house.take(admission_of(1));
  house.take(ANotice("nullified")
                 .with_id("M-9")
                 .replacing("M-1")
                 .of_case("A-1")
                 .with_status("entered-in-error")
                 .at("2026-03-10T10:00:00+01:00"));
  EXPECT_FALSE(house.patient(home_care, first_person));
  EXPECT_TRUE(house.patient(health_centre, first_person));
  EXPECT_THAT(house.text(first_person), HasSubstr("Exempelsson"));
}

TEST(Scenario26, AFlagInOneStayHidesThePlaceInAllOthersAndInWhatWasBefore) {
  Persons house;
  house.take(admission_of(1).with_address().in_kommun("0880"));
  ASSERT_THAT(house.text(first_person), HasSubstr("Provgatan"));
  house.take(admission_of(2).with_protected_identity());
  EXPECT_GT(house.made_due, 0);
  EXPECT_GT(house.follow(), 0);
  EXPECT_THAT(house.text(first_person), AllOf(Not(HasSubstr("Provgatan")), HasSubstr("sekretessmarkering")));
  EXPECT_FALSE(house.patient(home_care, first_person, 1)) << "the former version shows the address";
  for (const std::string& body : house.texts("A-1"))
    EXPECT_THAT(body, AllOf(Not(HasSubstr("Provgatan")), HasSubstr("sekretessmarkering")));
}

TEST(Scenario26, AFlagReachesTheStaysThatANoticeOfTwoNumbersJoinsAndLeavesThemWithIt) {
  Persons house;
  house.take(admission_of(1).with_protected_identity());
  house.take(admission_of(2, second_person).with_address().in_kommun("0880"));
  house.take(admission_of(3).also_about(second_person));
  house.follow();
  for (const std::string& body : house.texts("A-2")) EXPECT_THAT(body, HasSubstr("sekretessmarkering"));
  house.take(ANotice("corrected").with_id("M-4").replacing("M-3").correcting("admission").of_case("A-3"));
  house.follow();
  for (const std::string& body : house.texts("A-2")) EXPECT_THAT(body, Not(HasSubstr("sekretessmarkering")));
  for (const std::string& body : house.texts("A-3")) EXPECT_THAT(body, HasSubstr("sekretessmarkering"));
}

TEST(Scenario26, AFlagLeavesTheStaysOfANumberThatIsCorrectedAway) {
  Persons house;
  house.take(admission_of(1));
  house.take(admission_of(2, second_person));
  house.take(admission_of(3).also_about(second_person).with_protected_identity());
  house.follow();
  for (const std::string& body : house.texts("A-1")) EXPECT_THAT(body, HasSubstr("sekretessmarkering"));
  house.take(ANotice("corrected")
                 .with_id("M-4")
                 .replacing("M-3")
                 .correcting("admission")
                 .of_case("A-3")
                 .about(second_person)
                 .with_protected_identity());
  house.follow();
  for (const std::string& body : house.texts("A-1")) EXPECT_THAT(body, Not(HasSubstr("sekretessmarkering")));
  for (const std::string& body : house.texts("A-2")) EXPECT_THAT(body, HasSubstr("sekretessmarkering"));
}

TEST(PersonChains, AnotherStayFollowsOnceAndThenNothingIsDue) {
  Persons house;
  house.take(admission_of(1));
  EXPECT_EQ(house.follow(), 0);
  house.take(admission_of(2));
  EXPECT_EQ(house.follow(), 0) << "the first has nothing to read of the second";
  house.take(ANotice("planning").with_id("P-1").of_case("A-2").with_protected_identity().at("2026-03-11T10:00:00+01:00"));
  EXPECT_EQ(house.follow(), 1) << "the first is computed again, and that concerns nobody";
  EXPECT_EQ(house.follow(), 0);
}

TEST(Scenario24, TheSecondStaySeesTheFirstThroughTheStore) {
  Persons house;
  house.take(admission_of(1));
  house.take(ANotice("discharge").with_id("D-1").of_case("A-1").at("2026-03-12T12:00:00+01:00"));
  house.take(admission_of(2).admitted_at("2026-03-13T08:00:00+01:00").at("2026-03-13T09:10:00+01:00"));
  house.follow();
  std::string encounter;
  for (const std::string& body : house.texts("A-2"))
    if (body.find("\"resourceType\":\"Encounter\"") != std::string::npos) encounter = body;
  EXPECT_THAT(encounter, HasSubstr("encounter-associatedEncounter"));
}

ANotice notice_of_stay(int stay, const char* person, const char* event, const char* id, const char* hour) {
  const std::string number = std::to_string(stay);
  return ANotice(event).with_id(id + number).of_case("A-" + number).about(person).at("2026-03-1" + number + hour);
}

// What stays say of one another must not depend on the order in which their notices came; whom no notice names any more has a
// Patient, without anything about the person, if one did when it came.
TEST(PersonWalk, AnyOrderOfArrivalEndsWithTheSameBytes) {
  SeededRandom random(71);
  for (int round = 0; round < 10; ++round) {
    std::vector<ANotice> notices;
    for (int each = 0; each < 4; ++each) {
      const char* person = random.next() % 4 == 0 ? second_person : first_person;
      ANotice begin = admission_of(each, person).at("2026-03-1" + std::to_string(each) + "T09:10:00+01:00");
      if (random.next() % 3 == 0) begin.with_address().in_kommun("0880");
      if (random.next() % 5 == 0) begin.with_protected_identity();
      if (random.next() % 3 == 0) begin.to_health_centre();
      notices.push_back(begin);
      if (random.next() % 2 == 0)
        notices.push_back(ANotice("discharge")
                              .with_id("D-" + std::to_string(each))
                              .of_case("A-" + std::to_string(each))
                              .about(person)
                              .at("2026-03-1" + std::to_string(each) + "T15:00:00+01:00"));
      const auto of_stay = [&](const char* event, const char* id, const char* hour) {
        return notice_of_stay(each, person, event, id, hour);
      };
      if (random.next() % 2 == 0)
        notices.push_back(of_stay("fast-vardkontakt", "F-", "T12:00:00+01:00")
                              .sent_by(health_centre)
                              .naming_contact(random.next() % 2 == 0 ? "Bo Lind" : "Eva Ek"));
      if (random.next() % 10 == 0) notices.push_back(of_stay("death", "T-", "T14:00:00+01:00"));
      if (random.next() % 4 == 0)
        notices.push_back(of_stay("corrected", "C-", "T09:10:00+01:00")
                              .replacing("M-" + std::to_string(each))
                              .correcting("admission")
                              .also_about(random.next() % 2 == 0 ? second_person : first_person));
      if (random.next() % 4 == 0)
        notices.push_back(ANotice("nullified")
                              .with_id("X-" + std::to_string(each))
                              .replacing("M-" + std::to_string(each))
                              .of_case("A-" + std::to_string(each))
                              .about(person)
                              .with_status("entered-in-error")
                              .at("2026-03-19T15:00:00+01:00"));
    }
    SCOPED_TRACE("round " + std::to_string(round));
    expect_same_in_any_order(notices, 20, random, [&](Persons& house) {
      return house.stored({"A-0", "A-1", "A-2", "A-3"}, {first_person, second_person});
    });
    if (testing::Test::HasFatalFailure()) return;
  }
}

TEST(PersonChains, TwoStaysAtTheSameTimeBothCount) {
  for (std::uint64_t seed = 1; seed <= 20; ++seed) {
    Persons house(seed);
    house.store.set_faults({.write_min = std::chrono::milliseconds(1), .write_max = std::chrono::milliseconds(20)});
    for (int each = 0; each < 4; ++each)
      house.world.spawn([](MessagePath& path, ANotice notice) -> Task<> {
        Envelope envelope{Spine::caller(), "fhir", "application/fhir+json", notice.json()};
        Result<Receipt> receipt = co_await path.accept(std::move(envelope));
        CHECK(receipt && receipt->outcome == store::Outcome::Stored);
      }(*house.path, each % 2 == 0 ? admission_of(each).to_health_centre() : admission_of(each)));
    house.world.run();
    house.follow();
    const std::string key = care::person_key(house.store.person_secret(), {personnummer, first_person});
    const Result<PersonChains> person =
        house.world.complete(read_person(house.store, house.case_parts().rules, {{personnummer, first_person}}));
    ASSERT_TRUE(person);
    EXPECT_THAT(person->others(""), SizeIs(4)) << seed;
    EXPECT_TRUE(house.patient(home_care, first_person)) << seed;
  }
}

TEST(PersonChains, ManyNumbersAreReadAsFarAsTheyMay) {
  Persons house;
  std::vector<care::Identity> numbers;
  for (std::size_t each = 0; each < limits::numbers_per_person_max + 5; ++each)
    numbers.push_back({"urn:x", std::to_string(each)});
  const Result<PersonChains> read = house.world.complete(read_person(house.store, house.case_parts().rules, numbers));
  ASSERT_TRUE(read);
  EXPECT_THAT(read->numbers, SizeIs(limits::numbers_per_person_max));
}

// Each notice reads the person once. What the first of many stays said holds: it is not forgotten because others came after it.
TEST(PersonChains, TheFirstOfManyStaysIsReadByAllOthers) {
  Persons house;
  house.take(admission_of(0).with_protected_identity());
  for (int each = 1; each < 100; ++each) house.take(admission_of(each).to_health_centre().with_address());
  const std::string key = care::person_key(house.store.person_secret(), {personnummer, first_person});
  EXPECT_EQ(house.world.complete(house.store.load_case(key))->version, 100);
  EXPECT_TRUE(house.patient(home_care, first_person)) << "only the first stay is its";
  EXPECT_THAT(house.text(first_person), AllOf(Not(HasSubstr("Provgatan")), HasSubstr("sekretessmarkering")));
}

TEST(PersonChains, AProtectionIsNotForgottenHoweverManyStaysComeAfterIt) {
  Persons house;
  house.take(admission_of(0).with_protected_identity());
  const int stays = static_cast<int>(limits::person_links_read_max) + 10;
  for (int each = 1; each < stays; ++each) house.take(admission_of(each).to_health_centre().with_address());
  EXPECT_THAT(house.text(first_person), AllOf(Not(HasSubstr("Provgatan")), HasSubstr("sekretessmarkering")));
  for (const std::string& body : house.texts("A-" + std::to_string(stays - 1)))
    EXPECT_THAT(body, HasSubstr("sekretessmarkering"));
}

TEST(PersonChains, OfMoreLinksThanMayBeReadTheEarliestAreLeftOut) {
  Persons house;
  house.take(admission_of(1));
  const std::string key = care::person_key(house.store.person_secret(), {personnummer, first_person});
  store::Case known = *house.world.complete(house.store.load_case(key));
  ASSERT_THAT(known.links, SizeIs(1));
  for (std::size_t each = 0; each < limits::person_links_read_max; ++each) {
    store::Change change;
    change.case_key = key;
    change.case_version = known.version++;
    std::string body = known.links[0].body;
    const std::string name = known.links[0].identity;
    body.replace(body.find(name), name.size(), "case " + std::to_string(each));
    change.links.push_back({"case " + std::to_string(each), "stay", body, known.links[0].happened, 0});
    ASSERT_TRUE(house.world.complete(house.store.commit(std::move(change))));
  }
  const Result<PersonChains> read =
      house.world.complete(read_person(house.store, house.case_parts().rules, {{personnummer, first_person}}));
  ASSERT_TRUE(read);
  EXPECT_THAT(read->others(""), SizeIs(limits::person_links_read_max));
  EXPECT_THAT(read->own(known.links[0].identity).case_key, IsEmpty());
}

}  // namespace
}  // namespace vardbron::exchange
