// Concern: what another stay of the same person changes reaches those who subscribe to the case, once (rows of README, Persons).
#include "gateway/base/limits.h"
#include "gateway/exchange/case_cache.h"
#include "gateway/exchange/case_change.h"
#include "gateway/exchange/person_chains.h"
#include "tests/exchange/persons.h"
#include "tests/sim/seeds.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <chrono>
#include <optional>
#include <string>
#include <vector>

namespace vardbron::exchange {
namespace {

using testing::AllOf;
using testing::Contains;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;
using testing::SizeIs;
using testing::UnorderedElementsAre;

/// Two stays of a person: the first with home care and the health centre, the second with the health centre alone.
struct TwoStays : Persons {
  explicit TwoStays(std::uint64_t seed = 1, const char* person_of_second = first_person) : Persons(seed) {
    take(admission_of(1).at("2026-03-28T09:00:00+01:00"));
    take(admission_of(2, person_of_second).to_health_centre().at("2026-03-28T09:10:00+01:00"));
    follow();
  }
  std::string encounter(const std::string& case_name) {
    for (const store::CaseResource& each : stored_case(case_name).resources)
      if (each.type == "Encounter") return "Encounter/" + each.id;
    return {};
  }
  /// What a subscriber was notified of the second stay.
  std::vector<store::Event> of_second(const std::string& subscriber) {
    std::vector<store::Event> found = events(subscriber);
    const std::string key = stored_case("A-2").key;
    std::erase_if(found, [&](const store::Event& each) { return each.case_key != key; });
    return found;
  }
  std::vector<std::string> audit_of(const std::string& case_name) {
    std::vector<std::string> says;
    for (const store::AuditRow& row : store.tables().audit_rows(0, 1'000))
      if (row.action == "time" && row.case_key == stored_case(case_name).key) says.push_back(row.says);
    return says;
  }
};

ANotice death(int number = 1) {
  return ANotice("death")
      .with_id("T-" + std::to_string(number))
      .of_case("A-" + std::to_string(number))
      .at("2026-03-28T10:10:00+01:00");
}

ANotice not_dead(int number = 1) {
  return ANotice("nullified")
      .with_id("U-" + std::to_string(number))
      .replacing("T-" + std::to_string(number))
      .of_case("A-" + std::to_string(number))
      .with_status("entered-in-error")
      .at("2026-03-28T10:20:00+01:00");
}

ANotice contact_named(const std::string& id, int number, const std::string& name) {
  return ANotice("fast-vardkontakt")
      .with_id(id)
      .of_case("A-" + std::to_string(number))
      .sent_by(health_centre)
      .naming_contact(name)
      .at("2026-03-28T10:10:00+01:00");
}

TEST(OtherStays, ADeathIsToldToThePartiesOfTheOtherStayWithTheirTasks) {
  TwoStays house;
  house.watch("health-centre", health_centre, "death");
  house.watch("ward", hospital, "death");
  house.watch("home-care", home_care, "death");
  house.take(death());
  EXPECT_THAT(house.of_second("health-centre"), IsEmpty());
  EXPECT_EQ(house.follow(), 1);
  ASSERT_THAT(house.of_second("health-centre"), SizeIs(1));
  const store::Event event = house.of_second("health-centre")[0];
  EXPECT_EQ(event.focus, house.encounter("A-2"));
  EXPECT_THAT(event.context, UnorderedElementsAre("Patient/" + house.patient_id(first_person),
                                                  "Task/" + house.task("A-2", "kvittera-inskrivning", health_centre).id,
                                                  "Task/" + house.task("A-2", "utse-fast-vardkontakt", health_centre).id));
  EXPECT_THAT(house.of_second("ward"), SizeIs(1));
  EXPECT_THAT(house.of_second("home-care"), IsEmpty()) << "it is no party of that stay";
  EXPECT_THAT(house.events("home-care"), SizeIs(1));

  EXPECT_EQ(house.follow(), 0);
  house.take(ANotice("planning").with_id("P-1").of_case("A-2").to_health_centre().at("2026-03-28T10:30:00+01:00"));
  EXPECT_THAT(house.of_second("health-centre"), SizeIs(1)) << "and not again by what comes later";
}

TEST(OtherStays, ADeathThatIsTakenBackIsToldAgain) {
  TwoStays house;
  house.take(death());
  house.follow();
  house.watch("health-centre", health_centre, "nullified");
  house.watch("of-deaths", health_centre, "death");
  house.take(not_dead());
  house.follow();
  for (const char* subscriber : {"health-centre", "of-deaths"}) {
    ASSERT_THAT(house.of_second(subscriber), SizeIs(1)) << subscriber;
    EXPECT_EQ(house.of_second(subscriber)[0].focus, house.encounter("A-2"));
    EXPECT_THAT(house.of_second(subscriber)[0].context,
                Contains("Task/" + house.task("A-2", "kvittera-inskrivning", health_centre).id));
  }
  EXPECT_EQ(house.follow(), 0);
  EXPECT_THAT(house.audit_of("A-2"),
              ElementsAre("another ärende of the patient: the patient died, 2 Tasks changed",
                          "another ärende of the patient: no death any more, 2 Tasks changed; 1 Task is late"));
}

TEST(OtherStays, ADeathThatIsTakenBackBeforeAnybodyFollowedIsToldToNobody) {
  TwoStays house;
  house.watch("health-centre", health_centre, "case");
  house.take(death());
  house.take(not_dead());
  EXPECT_EQ(house.follow(), 1);
  EXPECT_THAT(house.of_second("health-centre"), IsEmpty());
}

TEST(OtherStays, ADeathThatTheOtherStayHasItselfIsNoNewsOfIt) {
  TwoStays house;
  house.take(death(2).to_health_centre());
  house.follow();
  house.watch("health-centre", health_centre, "case");
  house.take(death(1));
  house.follow();
  EXPECT_THAT(house.of_second("health-centre"), IsEmpty());
  house.take(not_dead(2).to_health_centre());
  EXPECT_THAT(house.of_second("health-centre"), SizeIs(2)) << "the cancellation, and that the patient is dead all the same";
}

TEST(OtherStays, AProtectionIsToldAndShowsNothingOfThePlace) {
  TwoStays house;
  house.take(ANotice("planning")
                 .with_id("P-1")
                 .of_case("A-2")
                 .to_health_centre()
                 .in_kommun("0880")
                 .with_address()
                 .at("2026-03-28T10:05:00+01:00"));
  house.watch("health-centre", health_centre, "update");
  house.watch("of-the-town", health_centre, "update", {"Encounter?jurisdiction=0182"});
  house.take(ANotice("planning").with_id("P-2").of_case("A-1").with_protected_identity().at("2026-03-28T10:30:00+01:00"));
  house.follow();
  for (const char* subscriber : {"health-centre", "of-the-town"}) {
    ASSERT_THAT(house.of_second(subscriber), SizeIs(1)) << subscriber;
    EXPECT_THAT(house.of_second(subscriber)[0].context, ElementsAre("Patient/" + house.patient_id(first_person)));
  }
  for (const std::string& body : house.texts("A-2"))
    EXPECT_THAT(body, AllOf(HasSubstr("sekretessmarkering"), Not(HasSubstr("Provgatan")), Not(HasSubstr("0880"))));
  EXPECT_THAT(house.audit_of("A-2"), ElementsAre("another ärende of the patient: the identity is protected; 1 Task is late"));

  house.take(ANotice("nullified")
                 .with_id("P-3")
                 .replacing("P-2")
                 .of_case("A-1")
                 .with_status("entered-in-error")
                 .at("2026-03-28T10:40:00+01:00"));
  house.follow();
  EXPECT_THAT(house.of_second("health-centre"), SizeIs(2));
  EXPECT_EQ(house.follow(), 0);
}

TEST(OtherStays, AContactThatIsProposedChangesATaskAndItsOwnerIsTold) {
  TwoStays house;
  house.watch("health-centre", health_centre, "task");
  house.take(contact_named("C-1", 1, "Bo Lind").at("2026-03-28T09:05:00+01:00"));
  house.follow();
  ASSERT_THAT(house.of_second("health-centre"), SizeIs(1));
  EXPECT_EQ(house.of_second("health-centre")[0].focus, "Task/" + house.task("A-2", "utse-fast-vardkontakt", health_centre).id);
  EXPECT_THAT(house.audit_of("A-2"), ElementsAre("another ärende of the patient: 1 Task changed; 1 Task is late"));
  EXPECT_EQ(house.follow(), 0);
}

TEST(OtherStays, AContactThatWasConfirmedChangesWithTheStayThatHasItFirst) {
  TwoStays house;
  house.take(contact_named("C-1", 1, "Bo Lind"));
  house.take(contact_named("C-2", 2, "Bo Lind").at("2026-03-28T10:40:00+01:00"));
  house.follow();
  house.watch("ward", hospital, "fast-vardkontakt");
  house.take(ANotice("nullified")
                 .with_id("C-3")
                 .replacing("C-1")
                 .sent_by(health_centre)
                 .of_case("A-1")
                 .with_status("entered-in-error")
                 .at("2026-03-28T10:50:00+01:00"));
  house.follow();
  ASSERT_THAT(house.of_second("ward"), SizeIs(1)) << "it is one since it was confirmed, and no earlier";
  EXPECT_EQ(house.of_second("ward")[0].focus, house.encounter("A-2"));
  EXPECT_THAT(house.of_second("ward")[0].context, Contains(HasSubstr("CareTeam/")));
}

TEST(OtherStays, WhatComesBeforeTheStayIsFollowedTellsBoth) {
  for (const bool is_kept : {false, true}) {
    TwoStays house;
    CaseCache kept;
    house.cache = is_kept ? &kept : nullptr;
    house.open_path({});
    house.watch("health-centre", health_centre, "death");
    house.watch("of-all", health_centre, "case");
    house.take(ANotice("planning").with_id("P-1").of_case("A-2").to_health_centre().at("2026-03-28T10:05:00+01:00"));
    house.take(death());
    house.take(ANotice("planning").with_id("P-2").of_case("A-2").to_health_centre().at("2026-03-28T10:25:00+01:00"));
    EXPECT_THAT(house.of_second("health-centre"), SizeIs(1)) << is_kept;
    EXPECT_THAT(house.of_second("of-all"), SizeIs(3)) << is_kept;
    house.follow();
    EXPECT_THAT(house.of_second("of-all"), SizeIs(3)) << is_kept;
  }
}

// A case that is due already does not look as if it had changed: what is kept of it is of before the death all the same.
TEST(OtherStays, ACaseThatIsKeptAndDueAlreadyFollowsTheDeathThatComesThen) {
  TwoStays house;
  CaseCache kept;
  house.cache = &kept;
  house.open_path({});
  house.watch("health-centre", health_centre, "death");
  house.take(ANotice("planning").with_id("P-1").of_case("A-2").to_health_centre().at("2026-03-28T10:05:00+01:00"));
  ASSERT_TRUE(house.stored_case("A-2").times.next_change);
  const WallTime due = *house.stored_case("A-2").times.next_change;
  house.world.run_for(due - house.world.clock.wall() + std::chrono::minutes(1));
  house.take(death());
  house.follow();
  EXPECT_THAT(house.of_second("health-centre"), SizeIs(1));
  EXPECT_THAT(house.task("A-2", "kvittera-inskrivning", health_centre).body, HasSubstr("cancelled"));
}

TEST(OtherStays, AStayThatIsJoinedByAThirdIsToldToo) {
  TwoStays house(1, second_person);
  house.take(admission_of(3).also_about(second_person));
  house.follow();
  house.watch("health-centre", health_centre, "death");
  house.take(death());
  house.follow();
  EXPECT_THAT(house.of_second("health-centre"), SizeIs(1));
  EXPECT_EQ(house.follow(), 0);
  house.take(not_dead());
  house.follow();
  EXPECT_THAT(house.of_second("health-centre"), SizeIs(2));

  // Whom the third joined with the death, it frees of it.
  house.take(death().with_id("T-9"));
  house.follow();
  house.take(ANotice("corrected").with_id("M-4").replacing("M-3").correcting("admission").of_case("A-3"));
  house.follow();
  EXPECT_THAT(house.of_second("health-centre"), SizeIs(4));
}

TEST(OtherStays, AnAdmissionOfWhomAnotherStayHasDeadTellsItsParties) {
  Persons house;
  house.take(admission_of(1).to_health_centre());
  house.take(death().to_health_centre());
  house.watch("home-care", home_care, "death");
  house.watch("ward", hospital, "death");
  house.take(admission_of(2));
  EXPECT_THAT(house.events("home-care"), SizeIs(1));
  EXPECT_THAT(house.events("ward"), IsEmpty()) << "its sender is warned by the answer";
  EXPECT_EQ(house.follow(), 0);
}

TEST(OtherStays, TwoGatewaysAtOnceTellOnce) {
  sim::for_each_seed(20, [](std::uint64_t seed) {
    TwoStays house(seed);
    CaseQueue other_persons;
    CaseParts of_other = house.case_parts();
    of_other.persons = &other_persons;
    MessagePath other(PathParts{of_other, house.world.clock, house.channels});
    house.watch("health-centre", health_centre, "case");
    house.store.set_faults({.write_min = std::chrono::milliseconds(1), .write_max = std::chrono::milliseconds(20)});
    house.take(death());
    const std::string key = house.stored_case("A-2").key;
    for (MessagePath* path : {&*house.path, &other, &*house.path})
      house.world.spawn([](MessagePath& one, std::string case_key) -> Task<> {
        (void)co_await one.let_time_pass(std::move(case_key));
      }(*path, key));
    house.world.run();
    house.follow();
    EXPECT_THAT(house.of_second("health-centre"), SizeIs(1));
  });
}

TEST(OtherStays, AKillInBetweenNeitherLosesNorRepeatsAnything) {
  sim::for_each_seed(30, [](std::uint64_t seed) {
    TwoStays house(seed);
    house.watch("health-centre", health_centre, "case");
    house.take(death());
    const std::string key = house.stored_case("A-2").key;
    house.store.set_faults({.write_min = std::chrono::milliseconds(1), .write_max = std::chrono::milliseconds(20)});
    for (int life = 0; life < 3; ++life) {
      house.world.spawn([](MessagePath& path, std::string case_key) -> Task<> {
        (void)co_await path.let_time_pass(std::move(case_key));
      }(*house.path, key));
      house.world.run_for(std::chrono::milliseconds(house.world.random.below(25)));
      house.world.cancel_all();
      house.store.crash();
      house.open_path({});
    }
    house.follow();
    EXPECT_THAT(house.of_second("health-centre"), SizeIs(1));
  });
}

}  // namespace
}  // namespace vardbron::exchange
