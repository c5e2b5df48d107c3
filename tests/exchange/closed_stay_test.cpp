// Concern: Patient is taken from the parties of a closed ärende by time alone, in one commit, and given back (README, Persons).
#include "gateway/exchange/case_cache.h"
#include "tests/exchange/persons.h"

#include <gtest/gtest.h>

#include <chrono>
#include <string>

namespace vardbron::exchange {
namespace {

ANotice closing(int number) {
  return ANotice("case.closed")
      .with_id("E-" + std::to_string(number))
      .of_case("A-" + std::to_string(number))
      .at("2026-03-28T10:30:00+01:00");
}

/// A stay of home care and the health centre that was closed on 2026-03-28.
struct ClosedStays : Persons {
  ClosedStays() {
    take(admission_of(1).at("2026-03-28T09:00:00+01:00"));
    take(ANotice("discharge").with_id("D-1").of_case("A-1").at("2026-03-28T10:00:00+01:00"));
    take(closing(1));
    follow();
  }
  void jump(int days) { world.clock.shift_wall(std::chrono::days(days)); }
};

TEST(ClosedStay, ItsPartiesReadPatientNoMoreWhenItsDaysAreOver) {
  for (const bool is_kept : {false, true}) {
    ClosedStays house;
    CaseCache kept;
    house.cache = is_kept ? &kept : nullptr;
    house.open_path({});
    house.jump(90);
    house.follow();
    EXPECT_TRUE(house.patient(home_care, first_person));
    house.jump(1);
    EXPECT_EQ(house.follow(), 1);
    EXPECT_EQ(house.follow(), 0);
    for (const char* party : {home_care, health_centre, hospital}) {
      EXPECT_FALSE(house.patient(party, first_person)) << party;
      EXPECT_FALSE(house.patient(party, first_person, 1)) << party;
    }
    EXPECT_TRUE(house.patient("", first_person)) << "an operator";
    for (const store::CaseResource& each : house.stored_case("A-1").resources)
      if (each.type != "Communication")
        EXPECT_TRUE(house.world.complete(house.store.read({home_care, false}, each.type, each.id, 0))) << each.type;
    const store::AuditRow row = house.store.tables().audit_rows(0, 1'000).back();
    EXPECT_EQ(row.says, "closed long ago: its parties read the patient no more");
  }
}

TEST(ClosedStay, WhoIsPartyToAnotherStayGoesOnReading) {
  ClosedStays house;
  house.take(admission_of(2).to_health_centre().at("2026-03-28T10:40:00+01:00"));
  house.jump(91);
  house.follow();
  EXPECT_TRUE(house.patient(health_centre, first_person));
  EXPECT_FALSE(house.patient(home_care, first_person));
  house.take(admission_of(3).at("2026-06-27T10:00:00+02:00"));
  EXPECT_TRUE(house.patient(home_care, first_person)) << "a new stay";
}

TEST(ClosedStay, AClosingThatIsTakenBackGivesPatientBack) {
  ClosedStays house;
  house.jump(91);
  house.follow();
  house.take(ANotice("nullified")
                 .with_id("E-9")
                 .replacing("E-1")
                 .of_case("A-1")
                 .with_status("entered-in-error")
                 .at("2026-06-27T10:00:00+02:00"));
  EXPECT_TRUE(house.patient(home_care, first_person));
}

}  // namespace
}  // namespace vardbron::exchange
