#include "gateway/base/random.h"
#include "gateway/care/person/fast_vardkontakt.h"
#include "tests/care/story.h"

#include <gtest/gtest.h>

#include <map>
#include <set>
#include <utility>

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

void appoint(FastVardkontakt& machine, Contact contact, const Party& unit, const std::string& at) {
  machine.appoint({at, std::move(contact), unit, at, "", true}, at);
}

class FastVardkontaktTable : public testing::TestWithParam<Row> {};

TEST_P(FastVardkontaktTable, HoldsWhoMayStandBesideEachOther) {
  FastVardkontakt machine;
  int hour = 10;
  for (const Step& step : GetParam().steps)
    appoint(machine, {step.name, "", step.type}, step.unit, "2025-03-20T" + std::to_string(hour++) + ":00:00+01:00");

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
  appoint(machine, {"Bo", "010-1", "1"}, clinic(), "2025-03-20T10:00:00+01:00");
  appoint(machine, {"Bo", "010-2", "1"}, clinic(), "2025-03-21T10:00:00+01:00");
  appoint(machine, {"Bo", "", "1"}, clinic(), "2025-03-22T10:00:00+01:00");

  ASSERT_EQ(machine.all().size(), 1u);
  EXPECT_EQ(machine.all()[0].since, "2025-03-20T10:00:00+01:00");
  EXPECT_EQ(machine.all()[0].contact.phone, "010-2");
}

TEST(FastVardkontakt, EndsWithThePatientsDeath) {
  FastVardkontakt machine;
  appoint(machine, {"Bo", "", "1"}, clinic(), "2025-03-20T10:00:00+01:00");
  appoint(machine, {"Eva", "", "1"}, clinic(), "2025-03-21T10:00:00+01:00");
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
      appoint(machine, contact, unit, "2025-03-20T10:00:00+01:00");

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

TEST(FastVardkontakt, EndsTheContactOfThatUnitTypeAndName) {
  struct Row {
    Contact contact;
    Party unit;
    bool is_found;
  };
  for (const Row& row :
       {Row{{"Bo", "", "1"}, clinic(), true}, Row{{"", "", "1"}, clinic(), true}, Row{{"Bo", "", ""}, clinic(), true},
        Row{{"Eva", "", "1"}, clinic(), false}, Row{{"Bo", "", "2"}, clinic(), false}, Row{{"Bo", "", "1"}, nursing(), false}}) {
    FastVardkontakt machine;
    appoint(machine, {"Bo", "", "1"}, clinic(), "2025-03-20T10:00:00+01:00");
    EXPECT_EQ(machine.end(row.contact, row.unit, "2025-03-21"), row.is_found) << row.contact.name << row.contact.type;
    EXPECT_EQ(machine.all()[0].until, row.is_found ? "2025-03-21" : "");
    EXPECT_FALSE(row.is_found && machine.end(row.contact, row.unit, "2025-03-22")) << "it has ended already";
    EXPECT_EQ(machine.is_appointed_by_law(), !row.is_found);
  }
}

}  // namespace
}  // namespace vardbron::care
