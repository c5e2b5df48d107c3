// Concern: the parties of a case that was closed long ago read Patient no more by it, and all else (README, Persons).
#include "gateway/care/person/person_view.h"
#include "tests/care/scenario.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <array>
#include <string>
#include <string_view>
#include <vector>

namespace vardbron::care {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

/// Closed on 2026-03-18, so that Patient is read until the end of 2026-06-16.
struct Closed : Start {
  Closed() { out("2026-03-17T12:00:00"); }
  Notice& closed = ward(Event::CaseClosed, "2026-03-18T09:00:00");
};

std::vector<std::string> readers(std::vector<StayView> all) {
  const Identity number = all[0].person.identifiers.at(0);
  return patient(number, "a secret", {std::move(all)}, r4().names(), false).parties;
}

TEST(ClosedCase, ItsPartiesReadPatientUntilTheDaysAreOver) {
  Closed start;
  const Projection before = start.later("2026-06-16T23:59:59.999"), after = start.later("2026-06-17T00:00:00");
  EXPECT_EQ(before.next_change, moment("2026-06-17T00:00:00"));
  EXPECT_FALSE(before.stay.has_left_patient);
  EXPECT_THAT(readers({before.stay}), ElementsAre(hsv1().id, soc1().id, med5().id, vc07().id));
  EXPECT_TRUE(after.stay.has_left_patient);
  EXPECT_THAT(readers({after.stay}), IsEmpty());
  EXPECT_FALSE(after.next_change);
  EXPECT_EQ(after.parties, before.parties);
  for (const Party& party : {med5(), hsv1()}) EXPECT_TRUE(may_see(after, party)) << "the rest of the case";
}

TEST(ClosedCase, ThePartiesOfAnotherOfThePersonGoOnReading) {
  Closed start;
  Start again({hsv1()}, "2026-05-01T08:00:00", "2026-05-01T09:00:00");
  StayView other = again.later("2026-06-17T00:00:00").stay;
  other.case_key = "urn:x|again";
  EXPECT_THAT(readers({start.later("2026-06-17T00:00:00").stay, other}), ElementsAre(hsv1().id, med5().id));
}

TEST(ClosedCase, OneThatIsOpenOrWasNotClosedAfterAllDoesNotLeave) {
  Start open;
  open.out("2026-03-17T12:00:00");
  EXPECT_FALSE(open.later("2028-01-01T00:00:00").stay.has_left_patient);
  Closed start;
  start.cancel(start.closed, "2026-06-20T10:00:00");
  EXPECT_FALSE(start.later("2026-06-21T00:00:00").stay.has_left_patient);
}

TEST(ClosedCase, TheDaysAreThoseOfTheAgreement) {
  Closed start;
  start.policy.patient_readable_days = 1;
  EXPECT_FALSE(start.later("2026-03-19T23:59:59.999").stay.has_left_patient);
  EXPECT_TRUE(start.later("2026-03-20T00:00:00").stay.has_left_patient);
}

// Which the later one refers to, for those who may read both.
TEST(ClosedCase, ItGoesOnBeingTheStayBeforeTheNext) {
  Closed start;
  start.policy.patient_readable_days = 1;
  Start again({hsv1(), soc1(), vc07()}, "2026-03-25T08:00:00", "2026-03-25T09:00:00");
  again.person.others = {start.later("2026-03-25T10:00:00").stay};
  ASSERT_TRUE(again.person.others[0].has_left_patient);
  EXPECT_EQ(again.later("2026-03-25T10:00:00").of_others.earlier, again.person.others[0].encounter);
}

TEST(ClosedCase, WhoReadsPatientNoMoreIsNotNotifiedOfADeathElsewhere) {
  Closed start;
  StayView other = Start().later().stay;
  other.case_key = "urn:x|other";
  StayView dead = other;
  dead.person.deceased = true;
  for (const auto& [now, count] : std::array{std::pair("2026-06-16T12:00:00", 4u), std::pair("2026-06-17T12:00:00", 0u)}) {
    start.person.others = {other};
    const Projection before = start.later(now);
    start.person.others = {dead};
    EXPECT_EQ(events_of_other_cases(before, start.later(now)).size(), count) << now;
  }
}

}  // namespace
}  // namespace vardbron::care
