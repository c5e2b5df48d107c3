#include "gateway/care/fast_vardkontakt.h"

#include "gateway/base/random.h"
#include "tests/care/story.h"

#include <gtest/gtest.h>

#include <map>
#include <set>

namespace vardbron::care {
namespace {

struct Step {
  const char* name;
  const char* type;
  Party unit;
};

struct Row {
  const char* what;
  std::vector<Step> steps;
  std::vector<std::string> held, ended;  ///< names
};

class FastVardkontaktTable : public testing::TestWithParam<Row> {};

TEST_P(FastVardkontaktTable, HoldsWhoMayStandBesideEachOther) {
  FastVardkontakt machine;
  int hour = 10;
  for (const Step& step : GetParam().steps)
    machine.appoint({step.name, "", step.type}, step.unit, "2025-03-20T" + std::to_string(hour++) + ":00:00+01:00");

  std::vector<std::string> held, ended;
  for (const Appointment& each : machine.all()) (each.until.empty() ? held : ended).push_back(each.contact.name);
  EXPECT_EQ(held, GetParam().held);
  EXPECT_EQ(ended, GetParam().ended);
  EXPECT_EQ(machine.is_appointed(), !held.empty());
}

INSTANTIATE_TEST_SUITE_P(
    Rows, FastVardkontaktTable,
    testing::Values(
        Row{"nobody", {}, {}, {}}, Row{"one", {{"Bo", "1", clinic()}}, {"Bo"}, {}},
        Row{"no_type_is_a_fast_vardkontakt", {{"Bo", "", clinic()}, {"Eva", "1", clinic()}}, {"Eva"}, {"Bo"}},
        Row{"changed", {{"Bo", "1", clinic()}, {"Eva", "1", clinic()}}, {"Eva"}, {"Bo"}},
        Row{"confirmed", {{"Bo", "1", clinic()}, {"Bo", "1", clinic()}}, {"Bo"}, {}},
        Row{"one_of_each_unit", {{"Bo", "1", clinic()}, {"Eva", "1", nursing()}}, {"Bo", "Eva"}, {}},
        Row{"one_doctor_for_the_patient", {{"Bo", "2", clinic()}, {"Eva", "2", nursing()}}, {"Eva"}, {"Bo"}},
        Row{"one_coordinator", {{"Bo", "4", clinic()}, {"Bo", "4", nursing()}}, {"Bo"}, {"Bo"}},
        Row{"a_doctor_beside_a_contact", {{"Bo", "1", clinic()}, {"Eva", "2", clinic()}}, {"Bo", "Eva"}, {}},
        Row{"back_again", {{"Bo", "1", clinic()}, {"Eva", "1", clinic()}, {"Bo", "1", clinic()}}, {"Bo"}, {"Bo", "Eva"}}),
    [](const auto& each) { return each.param.what; });

TEST(FastVardkontakt, KeepsSinceWhenAndLearnsANewNumberWhenItIsConfirmed) {
  FastVardkontakt machine;
  machine.appoint({"Bo", "010-1", "1"}, clinic(), "2025-03-20T10:00:00+01:00");
  machine.appoint({"Bo", "010-2", "1"}, clinic(), "2025-03-21T10:00:00+01:00");
  machine.appoint({"Bo", "", "1"}, clinic(), "2025-03-22T10:00:00+01:00");

  ASSERT_EQ(machine.all().size(), 1u);
  EXPECT_EQ(machine.all()[0].since, "2025-03-20T10:00:00+01:00");
  EXPECT_EQ(machine.all()[0].contact.phone, "010-2");
}

TEST(FastVardkontakt, EndsWithThePatientsDeath) {
  FastVardkontakt machine;
  machine.appoint({"Bo", "", "1"}, clinic(), "2025-03-20T10:00:00+01:00");
  machine.appoint({"Eva", "", "1"}, clinic(), "2025-03-21T10:00:00+01:00");
  machine.end("2025-03-22T10:00:00+01:00");

  EXPECT_FALSE(machine.is_appointed());
  EXPECT_EQ(machine.all()[0].until, "2025-03-21T10:00:00+01:00") << "who ended before stays ended then";
  EXPECT_EQ(machine.all()[1].until, "2025-03-22T10:00:00+01:00");
}

// Invariants: at most one held of a type and unit; at most one held doctor and one held coordinator; the last appointed is
// current; none vanishes.
TEST(FastVardkontakt, KeepsItsInvariantsOnRandomWalks) {
  SeededRandom random(4);
  const std::vector<Party> units{clinic(), nursing(), social()};
  for (int walk = 0; walk < 300; ++walk) {
    FastVardkontakt machine;
    std::size_t known = 0;
    for (int step = 0; step < 12; ++step) {
      Contact contact{"P" + std::to_string(random.below(3)), "", std::to_string(1 + random.below(4))};
      const Party& unit = units[random.below(units.size())];
      machine.appoint(contact, unit, "2025-03-20T10:00:00+01:00");

      std::map<std::string, int> of_unit, of_patient;
      bool is_held = false;
      for (const Appointment& each : machine.all()) {
        if (!each.until.empty()) continue;
        EXPECT_EQ(++of_unit[each.unit.id + each.contact.type], 1);
        if (each.contact.type == "2" || each.contact.type == "4") {
          EXPECT_EQ(++of_patient[each.contact.type], 1);
        }
        is_held |= each.contact.name == contact.name && each.contact.type == contact.type && each.unit.id == unit.id;
      }
      EXPECT_TRUE(is_held);
      EXPECT_GE(machine.all().size(), known);
      known = machine.all().size();
    }
  }
}

TEST(FastVardkontaktOfACase, StandsInTheCareTeamWithWhomItTookThePlaceOf) {
  Story story;
  story.add(Event::Admission, "2025-03-20T10:00:00+01:00");
  from(story.add(Event::FastVardkontakt, "2025-03-20T12:00:00+01:00"), clinic(), {}).contact = Contact{"Bo Lind", "010-1", "1"};
  Notice& second = from(story.add(Event::FastVardkontakt, "2025-03-20T14:00:00+01:00"), clinic(), {});
  second.contact = Contact{"Eva Ek", "010-2", "1"};
  auto team = [&] { return to_text(find_resource(story.project(), "CareTeam")->document); };
  EXPECT_NE(team().find("Bo Lind"), std::string::npos);
  EXPECT_NE(team().find("end=2025-03-20T14:00:00+01:00"), std::string::npos) << team();
  EXPECT_NE(team().find("Eva Ek"), std::string::npos);

  // Cancelling the second appointment restores the first.
  story.cancel(second, "2025-03-20T15:00:00+01:00");
  EXPECT_EQ(team().find("end="), std::string::npos) << team();
  EXPECT_EQ(team().find("Eva Ek"), std::string::npos);
}

TEST(FastVardkontaktOfACase, IsInactiveWhenThePatientHasDied) {
  Story story;
  story.add(Event::Admission, "2025-03-20T10:00:00+01:00");
  from(story.add(Event::FastVardkontakt, "2025-03-20T12:00:00+01:00"), clinic(), {}).contact = Contact{"Bo Lind", "", "1"};
  Notice& death = story.add(Event::Death, "2025-03-21T12:00:00+01:00");
  auto status = [&] { return std::string(tree::root(find_resource(story.project(), "CareTeam")->document).text_of("status")); };
  EXPECT_EQ(status(), "inactive");
  story.cancel(death, "2025-03-21T13:00:00+01:00");
  EXPECT_EQ(status(), "active");
}

}  // namespace
}  // namespace vardbron::care
