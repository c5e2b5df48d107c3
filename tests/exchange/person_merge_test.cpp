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
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;
using testing::SizeIs;

constexpr const char* third_person = "197802022389";
constexpr const char* other_hospital = "SE2321000016-MED1";

/// The first number is used no more; the person has the second one.
ANotice merge(const char* from = first_person, const char* to = second_person) {
  return ANotice("person.merged").with_id("MERGE").about(to).merging(from).at("2026-03-12T09:00:00+01:00");
}

ANotice cancellation(const char* from = first_person, const char* to = second_person) {
  return ANotice("nullified").with_id("X-MERGE").replacing("MERGE").about(to).merging(from).at("2026-03-13T09:00:00+01:00");
}

std::string encounter_of(Persons& house, const std::string& name) {
  for (const std::string& body : house.texts(name))
    if (body.find("\"resourceType\":\"Encounter\"") != std::string::npos) return body;
  return {};
}

// --- scenario 71 ------------------------------------------------------------------------------------------------------------

TEST(Scenario71, AMergeOfTwoPersonsMakesOneAndTheirArendenRead) {
  Persons house;
  house.take(admission_of(1).with_protected_identity());
  house.take(ANotice("discharge").with_id("D-1").of_case("A-1").at("2026-03-12T12:00:00+01:00"));
  house.take(
      admission_of(2, second_person).to_health_centre().admitted_at("2026-03-13T08:00:00+01:00").at("2026-03-13T09:10:00+01:00"));
  house.follow();
  ASSERT_THAT(encounter_of(house, "A-2"), Not(HasSubstr("encounter-associatedEncounter")));

  const std::string answer = house.take(merge().at("2026-03-14T09:00:00+01:00"));
  house.follow();

  EXPECT_THAT(answer, HasSubstr("The numbers are one person's; 2 ärenden of your organisation follow."));
  EXPECT_THAT(house.text(first_person),
              AllOf(HasSubstr("\"active\":false"), HasSubstr("\"type\":\"replaced-by\""), HasSubstr("\"use\":\"old\""),
                    HasSubstr("Patient/" + house.patient_id(second_person)), Not(HasSubstr(second_person))));
  EXPECT_THAT(house.text(second_person),
              AllOf(HasSubstr("\"type\":\"replaces\""), HasSubstr("Patient/" + house.patient_id(first_person)),
                    Not(HasSubstr(first_person)), HasSubstr("sekretessmarkering")));
  EXPECT_THAT(encounter_of(house, "A-2"), HasSubstr("sekretessmarkering"));
}

TEST(PersonMerge, ProtectsWhomItSaysIsProtectedUntilItIsCancelled) {
  Persons house;
  house.take(admission_of(1));
  house.take(admission_of(2, second_person));
  const std::map<std::string, std::string> before = house.all({"A-1", "A-2"}, {first_person, second_person});
  ASSERT_TRUE(house.patient(home_care, first_person, 1));

  EXPECT_THAT(house.take(merge().with_protected_identity()), Not(HasSubstr("protected")));
  house.follow();
  for (const char* person : {first_person, second_person}) {
    EXPECT_THAT(house.text(person), AllOf(HasSubstr("sekretessmarkering"), Not(HasSubstr("\"address\"")))) << person;
    EXPECT_FALSE(house.patient(home_care, person, 1)) << "it shows the address";
  }
  for (const char* name : {"A-1", "A-2"}) EXPECT_THAT(encounter_of(house, name), HasSubstr("sekretessmarkering"));

  house.take(cancellation());
  house.follow();
  EXPECT_EQ(house.all({"A-1", "A-2"}, {first_person, second_person}), before);
}

TEST(PersonMerge, AStrangersProtectsNobody) {
  Persons house;
  house.take(admission_of(1));
  house.take(merge().sent_by(other_hospital).with_protected_identity());
  house.follow();
  EXPECT_THAT(house.text(first_person), Not(HasSubstr("sekretessmarkering")));
}

TEST(Scenario71, AMergeWidensNoAudience) {
  Persons house;
  house.take(admission_of(1));
  house.take(admission_of(2, second_person).to_health_centre());
  house.take(merge());
  house.follow();
  EXPECT_TRUE(house.patient(home_care, first_person));
  EXPECT_FALSE(house.patient(home_care, second_person)) << "none of its ärenden names that number";
  EXPECT_TRUE(house.patient(health_centre, second_person));
  EXPECT_THAT(house.patient(home_care, first_person)->body, HasSubstr("Exempelsson")) << "it may read no other one";
}

TEST(Scenario71, APersonnummerThatWasChangedGoesOnInTheSameArende) {
  Persons house;
  house.take(admission_of(1));
  const ANotice after = ANotice("planning").with_id("P-1").of_case("A-1").about(second_person).at("2026-03-13T10:00:00+01:00");
  EXPECT_THAT(house.take(after), HasSubstr("another patient than its case"));
  house.take(merge());
  house.follow();
  EXPECT_TRUE(house.patient(home_care, second_person));
  EXPECT_THAT(encounter_of(house, "A-1"), HasSubstr("Patient/" + house.patient_id(second_person)));
  EXPECT_THAT(house.text(first_person), AllOf(HasSubstr("\"active\":false"), HasSubstr("replaced-by")));
}

TEST(Scenario71, ADeathFollowsAMergeAndGoesWithIt) {
  Persons house;
  house.take(admission_of(1));
  house.take(ANotice("death").with_id("T-1").of_case("A-1").with_status("finished").at("2026-03-11T10:00:00+01:00"));
  house.take(admission_of(2, second_person));
  house.follow();
  const auto open_tasks = [&] {
    const std::vector<std::string> bodies = house.texts("A-2");
    return std::count_if(bodies.begin(), bodies.end(),
                         [](const std::string& body) { return body.find("\"status\":\"requested\"") != std::string::npos; });
  };
  ASSERT_GT(open_tasks(), 0);
  const auto before = house.all({"A-1", "A-2"}, {first_person, second_person});
  house.take(merge());
  house.follow();
  EXPECT_EQ(open_tasks(), 0);
  EXPECT_THAT(house.take(cancellation()), HasSubstr("What it is about is cancelled; 2 ärenden of your organisation follow."));
  house.follow();
  EXPECT_EQ(house.all({"A-1", "A-2"}, {first_person, second_person}), before);
}

// --- what counts ------------------------------------------------------------------------------------------------------------

TEST(PersonMerge, ACancellationThatComesFirstHolds) {
  Persons house;
  house.take(admission_of(1));
  house.take(admission_of(2, second_person));
  house.follow();
  const auto before = house.all({"A-1", "A-2"}, {first_person, second_person});
  EXPECT_THAT(house.take(cancellation()), HasSubstr("Nothing is changed by it"));
  EXPECT_THAT(house.take(merge()), HasSubstr("your organisation has cancelled it"));
  house.follow();
  EXPECT_EQ(house.all({"A-1", "A-2"}, {first_person, second_person}), before);
}

TEST(PersonMerge, NumbersAreTakenApartByTheirNames) {
  Persons house;
  house.take(admission_of(1));
  house.take(admission_of(2, second_person));
  house.follow();
  const auto before = house.all({"A-1", "A-2"}, {first_person, second_person});
  house.take(merge());
  const ANotice apart =
      ANotice("person.unmerged").with_id("U").about(first_person).merging(second_person).at("2026-03-14T09:00:00+01:00");
  EXPECT_THAT(house.take(apart), HasSubstr("one person's no more; 2 ärenden"));
  house.follow();
  EXPECT_EQ(house.all({"A-1", "A-2"}, {first_person, second_person}), before);
  EXPECT_THAT(house.take(ANotice(merge()).with_id("AGAIN").at("2026-03-15T09:00:00+01:00")), HasSubstr("are one person's;"));
}

TEST(PersonMerge, AStrangersIsKeptJoinsNothingAndItsAnswerTellsNothing) {
  Persons house;
  house.take(admission_of(1));
  house.take(admission_of(2, second_person));
  house.follow();
  const auto before = house.all({"A-1", "A-2"}, {first_person, second_person});
  const std::string answer = house.take(merge().sent_by(other_hospital));
  house.follow();
  EXPECT_EQ(house.all({"A-1", "A-2"}, {first_person, second_person}), before);
  Persons empty;
  EXPECT_EQ(empty.take(merge().sent_by(other_hospital)), answer) << "as if nobody had an ärende of either";
  EXPECT_EQ(house.take(cancellation().sent_by(other_hospital).replacing("NO-SUCH")),
            house.take(cancellation().sent_by("SE2321000024-MED1").with_id("X-2")))
      << "whether there is a merge to cancel is not said";
}

TEST(PersonMerge, OneThatCameBeforeTheStayCountsFromIt) {
  Persons house;
  EXPECT_THAT(house.take(merge()), HasSubstr("It joins nothing now"));
  house.take(admission_of(1).sent_by(other_hospital).with_protected_identity());
  house.follow();
  ASSERT_THAT(house.text(first_person), Not(HasSubstr("replaced-by")));
  house.take(admission_of(2, second_person));
  house.follow();
  EXPECT_THAT(house.text(first_person), HasSubstr("replaced-by"));
  EXPECT_THAT(encounter_of(house, "A-2"), HasSubstr("sekretessmarkering"));
}

TEST(PersonMerge, AChainOfMergesIsOnePersonWhoHasTheLastNumber) {
  Persons house;
  house.take(admission_of(1));
  house.take(admission_of(2, second_person).sent_by(other_hospital));
  house.take(admission_of(3, third_person).sent_by(other_hospital));
  house.take(merge());
  EXPECT_THAT(house.take(merge(second_person, third_person).with_id("MERGE-2")), HasSubstr("are one person's;"))
      << "by its own ärende of the first number";
  house.follow();
  for (const char* former : {first_person, second_person})
    EXPECT_THAT(house.text(former), AllOf(HasSubstr("replaced-by"), HasSubstr("Patient/" + house.patient_id(third_person))))
        << former;
  EXPECT_THAT(house.text(third_person), Not(HasSubstr("\"active\":false")));
}

// --- what the sender is answered --------------------------------------------------------------------------------------------

TEST(PersonMerge, TheSameMessageGivesTheSameAnswerAndOtherBytesAWarning) {
  Persons house;
  house.take(admission_of(1));
  const Result<Receipt> first = house.accept(merge()), again = house.accept(merge());
  EXPECT_EQ(again->outcome, store::Outcome::Duplicate);
  EXPECT_EQ(again->text, first->text);
  EXPECT_THAT(house.take(merge().with_reason("Fel nummer")), HasSubstr("same identity but other content"));
}

TEST(PersonMerge, WarnsOfTwoPersonnummerAndOfTheWrongWay) {
  Persons house;
  house.take(admission_of(1));
  EXPECT_THAT(house.take(merge()), HasSubstr("Two of the numbers are personnummer"));
  const std::string reserve = house.take(ANotice("person.merged").with_id("R").about(first_person).merging_own("99500907R553"));
  EXPECT_THAT(reserve, AllOf(Not(HasSubstr("personnummer. A person has one")), HasSubstr("one person's; one ärende")));
}

TEST(PersonMerge, RefusesWhatItsOwnTextMakesImpossible) {
  Persons house;
  const auto refusal = [&](const ANotice& notice) {
    const Result<Receipt> receipt = house.accept(notice);
    EXPECT_EQ(receipt->outcome, store::Outcome::Quarantined);
    return receipt->text;
  };
  EXPECT_THAT(refusal(merge(first_person, first_person)), HasSubstr("a merge names two numbers"));
  EXPECT_THAT(refusal(ANotice("person.merged")), HasSubstr("of no ärende"));
  EXPECT_THAT(refusal(ANotice("planning").merging(second_person)), HasSubstr("exactly one Encounter"));
}

TEST(PersonMerge, RefusesMoreNumbersThanAPersonMayHaveAndMoreMergesThanOneOrganisationMaySend) {
  Persons house;
  house.take(admission_of(1));
  const auto number = [](std::size_t each) { return "R-" + std::to_string(each); };
  for (std::size_t each = 1; each < limits::numbers_per_person_max; ++each)
    house.take(ANotice("person.merged").with_id(number(each)).merging_own(number(each)));
  const Result<Receipt> full = house.accept(ANotice("person.merged").with_id("FULL").merging_own("ONE-MORE"));
  EXPECT_EQ(full->outcome, store::Outcome::Quarantined);
  EXPECT_THAT(full->text, HasSubstr("more than " + std::to_string(limits::numbers_per_person_max) + " numbers"));
  for (std::size_t each = limits::numbers_per_person_max - 1; each < limits::merges_per_number_max; ++each)
    house.take(ANotice("person.merged").with_id("AGAIN-" + number(each)).merging_own(number(1)));
  EXPECT_THAT(house.accept(ANotice("person.merged").with_id("LAST").merging_own(number(1)))->text,
              HasSubstr("as many as are kept of one number"));
}

// What others say of a number must not crowd out its person.
TEST(PersonMerge, NumbersOfMergesThatDoNotCountAreReadLastAndOnlyAsFarAsTheyMay) {
  Persons house;
  house.take(admission_of(1));
  for (int hospitals = 0; hospitals < 3; ++hospitals)
    for (std::size_t each = 0; each < limits::merges_per_number_max - 1; ++each)
      house.take(ANotice("person.merged")
                     .sent_by("SE23210000" + std::to_string(16 + 8 * hospitals) + "-MED1")
                     .with_id(std::to_string(hospitals) + "-" + std::to_string(each))
                     .merging_own(std::to_string(hospitals) + "R-" + std::to_string(each)));
  house.take(admission_of(2).also_about(second_person));
  house.take(admission_of(3, second_person).to_health_centre().with_protected_identity());
  house.follow();
  const Result<PersonChains> read =
      house.world.complete(read_person(house.store, house.case_parts().rules, {{personnummer, first_person}}));
  EXPECT_THAT(read->numbers, SizeIs(limits::numbers_looked_at_max));
  EXPECT_EQ(read->numbers[1].number.value, second_person);
  EXPECT_THAT(house.text(first_person), HasSubstr("sekretessmarkering"));
}

// --- order ------------------------------------------------------------------------------------------------------------------

TEST(PersonMerge, AStayAndAMergeAtTheSameTimeBothCount) {
  for (std::uint64_t seed = 1; seed <= 20; ++seed) {
    Persons house(seed);
    house.take(admission_of(9, third_person).also_about(second_person));
    house.store.set_faults({.write_min = std::chrono::milliseconds(1), .write_max = std::chrono::milliseconds(20)});
    const std::vector<ANotice> notices{merge(), admission_of(1),
                                       admission_of(2, third_person).to_health_centre().with_protected_identity()};
    for (const ANotice& each : notices)
      house.world.spawn([](MessagePath& path, ANotice notice) -> Task<> {
        Envelope envelope{Spine::caller(), "fhir", "application/fhir+json", notice.json()};
        Result<Receipt> receipt = co_await path.accept(std::move(envelope));
        CHECK(receipt && receipt->outcome == store::Outcome::Stored);
      }(*house.path, each));
    house.world.run();
    house.follow();
    EXPECT_THAT(house.text(first_person), AllOf(HasSubstr("replaced-by"), HasSubstr("sekretessmarkering"))) << seed;
    EXPECT_THAT(encounter_of(house, "A-1"), HasSubstr("sekretessmarkering")) << seed;
  }
}

// Merges, what cancels them and what takes them apart, of two hospitals, in any order among the stays.
TEST(PersonWalk, MergesEndWithTheSameBytesInAnyOrderOfArrival) {
  SeededRandom random(72);
  const std::vector<const char*> numbers{first_person, second_person, third_person};
  const std::vector<std::string> cases{"A-0", "A-1", "A-2"};
  for (int round = 0; round < 10; ++round) {
    std::vector<ANotice> notices;
    for (int each = 0; each < 3; ++each) {
      ANotice begin = admission_of(each, numbers[random.next() % 3]).at("2026-03-1" + std::to_string(each) + "T09:10:00+01:00");
      if (random.next() % 4 == 0) begin.with_protected_identity();
      if (random.next() % 3 == 0) begin.to_health_centre();
      notices.push_back(begin);
    }
    for (int each = 0; each < 3; ++each) {
      const std::size_t from = random.next() % 3, to = (from + 1 + random.next() % 2) % 3;
      const std::string name = "MERGE-" + std::to_string(each), time = "2026-03-1" + std::to_string(5 + each) + "T09:00:00+01:00";
      ANotice made = merge(numbers[from], numbers[to]).with_id(name).at(time);
      if (random.next() % 4 == 0) made.sent_by(other_hospital);
      if (random.next() % 4 == 0) made.with_protected_identity();
      notices.push_back(made);
      if (random.next() % 3 == 0)
        notices.push_back(cancellation(numbers[from], numbers[to]).with_id("X-" + name).replacing(name));
      if (random.next() % 4 == 0)
        notices.push_back(ANotice("person.unmerged")
                              .with_id("U-" + name)
                              .about(numbers[from])
                              .merging(numbers[to])
                              .at("2026-03-16T12:00:00+01:00"));
    }
    SCOPED_TRACE("round " + std::to_string(round));
    expect_same_in_any_order(notices, 15, random, [&](Persons& house) {
      return house.all(cases, {numbers.begin(), numbers.end()});
    });
    if (testing::Test::HasFatalFailure()) return;
  }
}

}  // namespace
}  // namespace vardbron::exchange
