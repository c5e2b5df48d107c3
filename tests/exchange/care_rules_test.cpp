// The fourteen rules that the care process keeps over persons, stays and time, and for each the tests that fail without it. Rules
// about plans that have a key of their own begin with such plans.
//
// | rule | what it holds | tests (here, in tests/care/care_rules_test.cpp, and elsewhere) |
// |---|---|---|
// | 1 person | a person is whom numbers belong to that notices join, anew each time | Rule1.., Scenario26.AFlagReaches.. |
// | 2 family | a notice and what corrects or cancels it are one, whichever comes first | Rule2.., Projection.IsTheSame.. |
// | 3 plan | a call belongs to the plan that its own text names | Rule3.. |
// | 4 opening | a case is its opener's; a stranger's notice is kept and changes nothing | Rule4.., Scenario29.AStrangers.. |
// | 5 head | death and discharge are the hospital's word, of its patient, in its stay | Rule5.. |
// | 6 roof | Patient is for the parties of the ärenden that name its number by notices that count | Rule6..,
// PersonChains.Readers.. | | 7 spans | what was decided or appointed later does not change what was before it | Rule7..,
// Scenario33.AContactOfALater.. | | 8 reads | a version is read by its own parties that are parties today, never across an undone
// join | Rule8.., FormerVersions.* | | 9 all | whatever concerns a person reaches all of the person's ärenden | Rule9.. | | 10
// ids | no two aggregates write one resource, and none vanishes | Rule10.., Projection.NeverLosesAResource.. | | 11 door |
// refused by its own text or not at all; an act's time is its journal entry's, also when replayed | Rule11.., TaskWrite.* | | 12
// guards | a change is computed on what it read, absence too | Rule12.., CaseUpdate.WhatRaces.. | | 13 time | what is due is
// worked out first, and time does not go back | Rule13.., CaseClock.ANoticeThatComesBefore.. | | 14 months | the sum of a month
// is over all stays of a municipality | Rule14.., MonthSum.* |
#include "gateway/base/limits.h"
#include "gateway/formats/json/parse.h"
#include "gateway/time/civil.h"
#include "tests/exchange/persons.h"
#include "tests/sim/seeds.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <chrono>
#include <map>
#include <set>
#include <string>
#include <utility>

namespace vardbron::exchange {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::Not;

ANotice notice(const char* event, const char* id, const char* of_case, const char* at) {
  return ANotice(event).with_id(id).of_case(of_case).at(at);
}

/// All versions of all that a reader may read of an ärende and its patients, newest and former.
std::string all_that_is_readable(Persons& house, const std::string& who, const std::string& case_name) {
  std::vector<store::CaseResource> resources = house.stored_case(case_name).resources;
  for (const store::CaseResource& each : house.patients()) resources.push_back(each);
  std::string all;
  for (const store::CaseResource& each : resources)
    for (std::int64_t version = 0; version <= each.version; ++version)
      if (const Result<store::Resource> read = house.store.tables().read({who, false}, each.type, each.id, version))
        all += read->body + "\n";
  return all;
}

/// The first person's stay shows an address to the health centre, with a contact there; the second person's stay is home care's
/// and the health centre's.
void admit_two(Persons& house) {
  house.take(admission_of(1).with_address());
  house.take(
      notice("fast-vardkontakt", "F-1", "A-1", "2026-03-10T10:00:00+01:00").sent_by(health_centre).naming_contact("Bo Lind"));
}

TEST(CareRules, Rule1APersonIsWhomNoticesJoinAndAnUnmergeRestoresAll) {
  for (const bool is_cancelled : {false, true}) {
    Persons house, never;
    for (Persons* each : {&house, &never}) {
      admit_two(*each);
      each->take(notice("death", "D-1", "A-1", "2026-03-20T10:00:00+01:00"));
      each->take(admission_of(2, second_person).at("2026-03-12T09:10:00+01:00"));
      each->follow();
    }
    const auto look = [](Persons& each) { return each.stored({"A-1", "A-2"}, {first_person, second_person}); };
    const std::map<std::string, std::string> before = look(house);
    house.take(admission_of(3).also_about(second_person).at("2026-03-13T09:10:00+01:00"));
    house.follow();
    EXPECT_NE(look(house), before);
    EXPECT_THAT(house.task("A-2", "kvittera-inskrivning", home_care).body, HasSubstr("avliden")) << "one of them is dead";
    if (is_cancelled)
      house.take(notice("nullified", "X-1", "A-3", "2026-03-14T10:00:00+01:00").replacing("M-3").with_status("entered-in-error"));
    else
      house.take(notice("corrected", "X-1", "A-3", "2026-03-13T09:10:00+01:00").replacing("M-3").correcting("admission"));
    if (!is_cancelled) {  // the same as if it had named the first person alone
      never.take(admission_of(3).at("2026-03-13T09:10:00+01:00"));
      never.follow();
    }
    house.follow();
    EXPECT_EQ(look(house), look(never)) << is_cancelled;
  }
}

/// The receipt of a caller with a token of its own, who may send.
Result<Receipt> send(Persons& house, const std::string& by, ANotice each) {
  access::Caller caller{by, by, true, true, false};
  return house.world.complete(house.path->accept({caller, "fhir", "application/fhir+json", each.sent_by(by).json()}));
}

TEST(CareRules, Rule4WhoOpensNoCaseTakesNoneOverAndLearnsNothing) {
  Persons house;
  house.take(admission_of(1));
  house.follow();
  const auto look = [&] { return house.stored({"A-1"}, {first_person}); };
  const std::map<std::string, std::string> before = look();
  const auto tell = [&](const char* number) {
    const Result<Receipt> receipt =
        send(house, "SE2321000016-AKUT", notice("admission", "S-1", number, "2026-03-09T09:10:00+01:00").to_health_centre());
    CHECK(receipt);
    std::string text = receipt->text;
    for (std::size_t at = text.find(number); at != std::string::npos; at = text.find(number)) text.replace(at, 3, "A-n");
    return text;
  };
  EXPECT_EQ(tell("A-1"), tell("A-9")) << "the same answer as for a number that nobody has";
  EXPECT_FALSE(house.stored_case("A-1").links.size() > 1);
  const std::map<std::string, std::string> after = look();
  for (const auto& [name, body] : before)
    if (!name.starts_with("Patient/")) EXPECT_EQ(after.at(name), body) << name;
  EXPECT_THAT(house.text(first_person), HasSubstr("Exempelsson"));
}

TEST(CareRules, Rule5ADeathByAPartysOwnTokenReachesNeitherItsArendeNorTheOthers) {
  Persons house;
  house.take(admission_of(1));
  house.take(admission_of(2).at("2026-03-12T09:10:00+01:00"));
  house.follow();
  const std::map<std::string, std::string> before = house.stored({"A-2"}, {first_person});
  const Result<Receipt> receipt = send(house, home_care, notice("death", "D-1", "A-1", "2026-03-16T10:00:00+01:00"));
  ASSERT_TRUE(receipt);
  EXPECT_THAT(receipt->text, HasSubstr("Nobody was told"));
  house.follow();
  EXPECT_EQ(house.stored({"A-2"}, {first_person}), before);
}

TEST(CareRules, Rule6PatientIsForThePartiesOfTheArendenThatNameItsNumberByNoticesThatCount) {
  Persons house;
  house.take(admission_of(1));
  house.take(admission_of(2).to_health_centre().at("2026-03-12T09:10:00+01:00"));
  house.take(admission_of(3, second_person).to_health_centre().at("2026-03-12T10:10:00+01:00"));
  EXPECT_TRUE(house.patient(home_care, first_person));
  EXPECT_TRUE(house.patient(health_centre, second_person));
  EXPECT_FALSE(house.patient(home_care, second_person)) << "no stay of home care's names that number";
  house.take(admission_of(4).also_about(second_person).to_health_centre().at("2026-03-12T11:10:00+01:00"));
  EXPECT_FALSE(house.patient(home_care, second_person)) << "also when it is one of the person's";
  house.take(notice("nullified", "X-1", "A-1", "2026-03-13T10:00:00+01:00").replacing("M-1").with_status("entered-in-error"));
  EXPECT_FALSE(house.patient(home_care, first_person)) << "its notice counts no more";
  EXPECT_TRUE(house.patient(health_centre, first_person));
}

TEST(CareRules, Rule8WhatWasWrittenWhileTwoWereTakenForOneIsReadByNobody) {
  Persons house;
  admit_two(house);
  house.take(admission_of(2, second_person).at("2026-03-12T09:10:00+01:00"));
  house.take(admission_of(4, second_person).at("2026-03-12T10:10:00+01:00").to_health_centre());
  house.follow();
  house.take(admission_of(3).also_about(second_person).at("2026-03-13T09:10:00+01:00"));
  house.follow();
  ASSERT_THAT(all_that_is_readable(house, home_care, "A-2"), AllOf(HasSubstr("Provgatan"), HasSubstr("Bo Lind")));
  house.take(notice("corrected", "X-1", "A-3", "2026-03-13T09:10:00+01:00").replacing("M-3").correcting("admission"));
  house.follow();
  for (const store::CaseResource& each : house.stored_case("A-2").resources)
    for (std::int64_t version = 0; version <= each.version; ++version)
      if (const Result<store::Resource> read = house.store.tables().read({home_care, false}, each.type, each.id, version))
        EXPECT_THAT(read->body, Not(HasSubstr("Bo Lind"))) << each.type << " " << version;
  const std::string second = house.patient_id(second_person);
  for (std::int64_t version = 0; version < 10; ++version)
    if (const Result<store::Resource> read = house.store.tables().read({home_care, false}, "Patient", second, version))
      EXPECT_THAT(read->body, Not(HasSubstr("Provgatan"))) << version;
  EXPECT_TRUE(house.patient(home_care, second_person));
}

TEST(CareRules, Rule9AFlagReachesAllOfAPersonsArendenHoweverMany) {
  Persons house;
  constexpr int many = 30;
  for (int each = 0; each < many; ++each) house.take(admission_of(each).in_kommun("0880"));
  house.follow();
  house.take(admission_of(many).with_protected_identity().at("2026-03-12T09:10:00+01:00"));
  const std::vector<store::CaseDue> due = *house.world.complete(house.store.cases_due({}, 1'000));
  const WallTime now = house.world.clock.wall();
  EXPECT_EQ(std::count_if(due.begin(), due.end(), [&](const auto& each) { return each.at <= now; }), many);
  house.follow();
  for (int each = 0; each < many; ++each)
    for (const std::string& body : house.texts("A-" + std::to_string(each)))
      EXPECT_THAT(body, AllOf(HasSubstr("sekretessmarkering"), Not(HasSubstr("0880")))) << each;
}

TEST(CareRules, Rule11AnActThatWaitedHasTheTimeAtWhichItWasTaken) {
  Persons house;
  house.take(admission_of(1));
  const std::string task = house.task("A-1", "kvittera-inskrivning", home_care).id;
  const auto put = [&](const char* status) {
    Result<tree::Document> document = json::parse(R"({"resourceType":"Task","id":")" + task + R"(","status":")" + status + "\"}",
                                                  empty_library().definitions().names());
    CHECK(document);
    access::Caller caller{home_care, "", false, true, false};
    return house.world.complete(house.path->write_task({caller, task, std::move(*document), 0}));
  };
  const Result<std::optional<store::Resource>> refused = put("draft");
  ASSERT_FALSE(refused);
  EXPECT_THAT(refused.failure().says + refused.failure().where, HasSubstr("status")) << "by its own text";
  EXPECT_EQ(house.stored_case("A-1").links.size(), 1u) << "a refused act is no link";

  house.rules_limits.task_writes = 0;
  house.open_path({});
  ASSERT_FALSE(put("completed"));
  const std::vector<store::JournalEntry> kept = house.store.tables().journal_entries(store::Outcome::Quarantined, 0, 10);
  ASSERT_EQ(kept.size(), 1u);
  house.world.run_for(std::chrono::hours(72));
  house.rules_limits = {};
  house.open_path({});
  const Result<Receipt> replayed = house.world.complete(house.path->replay(kept[0].number));
  ASSERT_TRUE(replayed);
  ASSERT_EQ(replayed->outcome, store::Outcome::Stored) << replayed->text;
  ASSERT_EQ(house.stored_case("A-1").links.size(), 2u);
  EXPECT_EQ(house.stored_case("A-1").links[1].happened, kept[0].message.received);
}

// Two gateways on one store, so that nothing but the guards holds them apart.
TEST(CareRules, Rule12AStayThatBeginsBesideAChangeOfAnotherReadsItWhicheverComesFirst) {
  std::size_t overtaken = 0;
  sim::for_each_seed(60, [&](std::uint64_t seed) {
    std::map<std::string, std::string> expected;
    for (const bool is_together : {false, true}) {
      Persons house(seed);
      house.take(admission_of(1, second_person));
      house.take(admission_of(2).also_about(second_person));
      house.follow();
      const ANotice discharge = notice("discharge", "D-1", "A-1", "2026-03-12T12:00:00+01:00").about(second_person);
      const ANotice contact = notice("fast-vardkontakt", "F-1", "A-1", "2026-03-11T12:00:00+01:00")
                                  .about(second_person)
                                  .sent_by(health_centre)
                                  .naming_contact("Bo Lind");
      const ANotice begun = admission_of(3).admitted_at("2026-03-13T08:00:00+01:00").at("2026-03-13T09:10:00+01:00");
      const ANotice& other = seed % 2 == 0 ? discharge : contact;
      if (is_together) {
        PathParts parts = house.parts();
        parts.cases.persons = nullptr;
        MessagePath one(parts), two(parts);
        house.store.set_faults({.write_min = Instant(1), .write_max = Instant(4'000'000), .read_max = Instant(2'000'000)});
        const std::uint64_t writes = house.store.writes();
        const auto send = [](MessagePath& path, ANotice each) -> Task<> {
          Envelope envelope{Spine::caller(), "fhir", "application/fhir+json", each.json()};
          const Result<Receipt> receipt = co_await path.accept(std::move(envelope));
          CHECK(receipt && receipt->outcome == store::Outcome::Stored);
        };
        house.world.spawn(send(one, begun));
        house.world.spawn(send(two, other));
        house.world.run();
        overtaken += house.store.writes() - writes - 2;
      } else {
        house.take(other);
        house.take(begun);
      }
      house.follow();
      const std::map<std::string, std::string> now = house.stored({"A-1", "A-2", "A-3"}, {first_person, second_person});
      if (is_together) EXPECT_EQ(now, expected);
      expected = now;
    }
  });
  EXPECT_GT(overtaken, 0u);
}

TEST(CareRules, Rule13WhatIsDueIsWorkedOutWithTheNextNoticeAndTimeDoesNotGoBack) {
  Persons house;
  const std::string begun = time::format_local(house.world.clock.wall());
  house.take(admission_of(1).admitted_at(begun).at(begun));
  const auto is_late = [&] {
    return house.task("A-1", "kvittera-inskrivning", home_care).body.find("forsenad") != std::string::npos;
  };
  house.world.run_for(std::chrono::hours(24 * 400));  // no timer runs
  ASSERT_FALSE(is_late());
  house.take(notice("planning", "P-1", "A-1", begun.c_str()));
  EXPECT_TRUE(is_late());
  const WallTime seen = house.stored_case("A-1").times.seen;
  house.world.clock.shift_wall(-std::chrono::minutes(30));
  house.take(notice("planning", "P-2", "A-1", begun.c_str()));
  EXPECT_EQ(house.stored_case("A-1").times.seen, seen);
}

}  // namespace
}  // namespace vardbron::exchange
