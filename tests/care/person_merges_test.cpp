#include "gateway/care/person/person_merges.h"
#include "tests/care/scenario.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>

namespace vardbron::care {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using testing::SizeIs;
using testing::UnorderedElementsAre;

Identity number(std::string value) { return {"urn:test:persons", std::move(value)}; }

Party ward(std::string id) {
  Party party;
  party.id = party.identifier.value = std::move(id);
  party.identifier.system = "urn:oid:1.2.752.29.4.19";
  party.role = Role::SlutenVard;
  return party;
}

const Party ours = ward("SE2321990018-MED5"), also_ours = ward("SE2321990018-KIR1"), theirs = ward("SE2321000016-MED1");

StayView stay(std::string case_key, std::vector<Identity> numbers, const Party& hospital) {
  StayView made;
  made.case_key = std::move(case_key);
  made.person.identifiers = std::move(numbers);
  made.hospitals = {hospital.id};
  return made;
}

Notice notice(std::string id, Event event, const Party& by, std::string from, std::string to, int hour) {
  Notice made;
  made.identity = {"urn:test", std::move(id)};
  made.event = event;
  made.sender = by;
  made.happened.at = made.sent = moment("2026-03-10T00:00:00+01:00") + std::chrono::hours(hour);
  made.person.identifiers = {number(std::move(to))};
  made.replaced_numbers = {number(std::move(from))};
  return made;
}

Notice merged(std::string id, std::string from, std::string to, const Party& by = ours, int hour = 1) {
  return notice(std::move(id), Event::PersonMerged, by, std::move(from), std::move(to), hour);
}

Persons persons_of(const std::vector<StayView>& stays, const std::vector<Notice>& notices) {
  std::vector<const StayView*> views;
  for (const StayView& each : stays) views.push_back(&each);
  return Persons(views, merges_in(notices));
}

std::vector<std::string> identities(const std::vector<Merge>& merges) {
  std::vector<std::string> names;
  for (const Merge& each : merges) names.push_back(each.identity);
  return names;
}

TEST(PersonMerges, OneCountsFromTheSlutenVardThatHasAStayOfEitherNumber) {
  for (const char* named : {"X", "Y"})
    EXPECT_TRUE(persons_of({stay("1", {number(named)}, ours)}, {merged("m", "X", "Y")}).are_one(number("X"), number("Y")));
  const std::vector<StayView> of_x{stay("1", {number("X")}, ours)};
  EXPECT_TRUE(persons_of(of_x, {merged("m", "X", "Y", also_ours)}).are_one(number("X"), number("Y")));
  EXPECT_FALSE(persons_of(of_x, {merged("m", "X", "Y", theirs)}).are_one(number("X"), number("Y")));
  Party health_centre = also_ours;
  health_centre.role = Role::Oppenvard;
  EXPECT_FALSE(persons_of(of_x, {merged("m", "X", "Y", health_centre)}).are_one(number("X"), number("Y")));
  EXPECT_FALSE(persons_of({stay("1", {number("Z")}, ours)}, {merged("m", "X", "Y")}).are_one(number("X"), number("Y")));
}

TEST(PersonMerges, WhatOneJoinsLetsAnotherOneCountInAnyOrder) {
  const std::vector<StayView> stays{stay("1", {number("X")}, ours), stay("2", {number("Z")}, theirs)};
  std::vector<Notice> notices{merged("a", "X", "Y"), merged("b", "Y", "V", ours, 2), merged("c", "W", "V", theirs, 3)};
  std::sort(notices.begin(), notices.end(), [](const auto& a, const auto& b) { return a.identity < b.identity; });
  do {
    const Persons persons = persons_of(stays, notices);
    EXPECT_THAT(persons.numbers_of({number("V")}), UnorderedElementsAre(number("V"), number("Y"), number("X")));
    EXPECT_THAT(identities(persons.merges_of({number("X")})), ElementsAre("urn:test|a", "urn:test|b"));
    EXPECT_THAT(persons.merges_of({number("Z")}), IsEmpty());
  } while (std::next_permutation(notices.begin(), notices.end(),
                                 [](const auto& a, const auto& b) { return a.identity < b.identity; }));
}

TEST(PersonMerges, OneIsCancelledAndTakenApartByItsOwnBodyAlone) {
  const Notice merge = merged("m", "X", "Y");
  Notice cancel = notice("x", Event::Nullified, also_ours, "X", "Y", 2);
  cancel.replaces = merge.identity;
  EXPECT_THAT(merges_in(std::vector{cancel, merge}), IsEmpty());
  cancel.sender = theirs;
  EXPECT_THAT(merges_in(std::vector{cancel, merge}), SizeIs(1));
  Notice apart = notice("u", Event::PersonUnmerged, also_ours, "Y", "X", 2);
  EXPECT_THAT(merges_in(std::vector{apart, merge}), IsEmpty());
  EXPECT_THAT(merges_in(std::vector{apart, merge, merged("later", "X", "Y", ours, 3)}), SizeIs(1));
  EXPECT_THAT(merges_in(std::vector{apart, merged("m", "X", "Z")}), SizeIs(1)) << "of another number";
  apart.sender = theirs;
  EXPECT_THAT(merges_in(std::vector{apart, merge}), SizeIs(1));
  EXPECT_THAT(merges_in(std::vector{merge, merge}), SizeIs(1)) << "in the chains of both numbers";
}

TEST(PersonMerges, TheLastWordSaysWhichNumberIsUsedNoMore) {
  const auto replaced = [](std::vector<Notice> notices) { return replaced_by(merges_in(notices)); };
  EXPECT_THAT(replaced({merged("a", "X", "Y"), merged("b", "Y", "Z", ours, 2)}), UnorderedElementsAre(number("X"), number("Y")));
  EXPECT_THAT(replaced({merged("a", "X", "Y"), merged("b", "Y", "X", ours, 2)}), ElementsAre(number("Y")));
}

}  // namespace
}  // namespace vardbron::care
