// What the law makes depend on a role (scenarios 6, 7, 9, 31, 37) depends on the hospital's word and not on what a party calls
// itself.
#include "tests/care/scenario.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <vector>

namespace vardbron::care {
namespace {

using enum CaseTaskKind;

Party called(Party party, Role role) {
  party.role = role;
  return party;
}

TEST(Scenario7, AMunicipalityThatCallsItselfOppenvardHasNotCalledToASip) {
  Start start;
  start.n6("2026-03-12T10:00:00");
  Notice& call = start.party(called(soc1(), Role::Oppenvard), Event::SipInvitation, "2026-03-13T10:00:00");
  start.out("2026-03-17T13:00:00");
  EXPECT_EQ(villkor(start.later(), "kallelse"), "oppet");
  EXPECT_EQ(charged(start.later()).days, "0");
  EXPECT_EQ(status_of(start.later("2026-03-14T10:00:00"), KallaTillSip, vc07()), "requested");
  EXPECT_NE(status_of(start.later("2026-03-14T10:00:00"), KallaTillSip, soc1()), "requested");
  EXPECT_TRUE(finding_says(start.later(), call, "call-not-by-oppenvard", "calls itself öppenvård does not count"));

  start.n8("2026-03-14T10:00:00");
  EXPECT_EQ(villkor(start.later(), "kallelse"), "uppfyllt");
}

TEST(Scenario7, AHealthCentreThatCallsItselfNothingIsTheOppenvardOfTheHospitalsNotices) {
  Start start;
  start.n6("2026-03-12T10:00:00");
  start.party(called(vc07(), Role::Unknown), Event::SipInvitation, "2026-03-13T10:00:00");
  start.party(called(vc07(), Role::Socialtjanst), Event::Planning, "2026-03-13T11:00:00");
  EXPECT_EQ(status_of(start.later("2026-03-14T10:00:00"), KallaTillSip, vc07()), "completed");
  EXPECT_NE(status_of(start.later("2026-03-14T10:00:00"), TaOverPatient, vc07()), "requested");
}

TEST(Scenario9, AMunicipalityThatCallsItselfOppenvardDoesNotEndItsLiability) {
  Start start;
  start.n6("2026-03-12T10:00:00");
  start.n8();
  Notice& claim = start.party(called(soc1(), Role::Oppenvard), Event::Planning, "2026-03-13T10:00:00");
  claim.obstacles = {{{moment("2026-03-14"), "2026-03-14"}, std::nullopt}};
  start.out("2026-03-20T13:00:00");
  EXPECT_TRUE(finding_says(start.later(), claim, "obstacle-claimed", "LUS 5:5"));
  EXPECT_EQ(charged(start.later()).days, "5") << "no day is left out by the debtor's word";
}

TEST(Scenario31, AContactOfWhoCallsItselfOppenvardIsNotTheOneOfTheLaw) {
  for (const Party& by : {soc1(), hsv1()}) {
    Start start;
    Notice& notice = start.party(called(by, Role::Oppenvard), Event::FastVardkontakt, "2026-03-11T10:00:00");
    notice.contact = Contact{"Eva Ek", "", "1"};
    EXPECT_EQ(status_of(start.later(), UtseFastVardkontakt, vc07()), "requested");
    EXPECT_NE(status_of(start.later(), UtseFastVardkontakt, by), "requested");
    EXPECT_TRUE(finding_says(start.later(), notice, "contact-not-of-oppenvard", "LUS 2:5"));
  }
  // The hospital names it as nothing at all.
  Start unknown({called(hsv1(), Role::Unknown), vc07()});
  unknown.party(called(hsv1(), Role::Oppenvard), Event::FastVardkontakt, "2026-03-11T10:00:00").contact =
      Contact{"Eva Ek", "", "1"};
  EXPECT_EQ(status_of(unknown.later(), UtseFastVardkontakt, vc07()), "requested");
}

TEST(Scenario37, ARoleIsTheOneOfTheHospitalsNoticesAsTheyAreCorrected) {
  Start start({called(hsv1(), Role::Oppenvard), soc1()});
  start.n6("2026-03-12T10:00:00").receivers.clear();
  start.party(hsv1(), Event::SipInvitation, "2026-03-13T10:00:00").receivers.clear();
  start.out("2026-03-17T13:00:00").receivers.clear();
  EXPECT_EQ(status_of(start.later("2026-03-14T10:00:00"), KallaTillSip, hsv1()), "completed") << "by the hospital's word";
  EXPECT_EQ(villkor(start.later(), "kallelse"), "uppfyllt");

  start.correct(start.n1, "2026-03-14T12:00:00").receivers = {hsv1(), soc1(), vc07()};
  EXPECT_EQ(status_of(start.later("2026-03-14T10:00:00"), KallaTillSip, vc07()), "requested");
  EXPECT_EQ(villkor(start.later(), "kallelse"), "oppet");
}

TEST(Scenario37, AUnitThatAPartyPutsInItsPlaceHasTheRolesOfItsBodyAlone) {
  for (Role role : {Role::KommunalHsv, Role::Oppenvard}) {
    Start start;
    Party other = called(hsv1(), role);
    other.id = other.identifier.value = "SE2120990011-HSV2";
    from(start.party(hsv1(), Event::PartyChanged, "2026-03-11T10:00:00"), hsv1(), {other, soc1(), vc07()});
    start.n6("2026-03-12T10:00:00").receivers.clear();
    const Projection now = start.later("2026-03-13T10:00:00");
    EXPECT_EQ(status_of(now, TaOverPatient, other) == "requested", role == Role::KommunalHsv);
    EXPECT_NE(status_of(now, KallaTillSip, other), "requested");
    EXPECT_EQ(status_of(now, KallaTillSip, vc07()), "requested");
  }
}

// A request before the stay names its receiver as sluten vård; who is it is seen by the admission.
TEST(Scenario18, AUnitThatAMunicipalityNamesAsSlutenVardIsNotTheHospital) {
  Start start;
  Party own = called(hsv1(), Role::SlutenVard);
  own.id = own.identifier.value = "SE2120990011-HSV9";
  Notice& request = from(start.ward(Event::CareRequest, "2026-03-09T10:00:00"), hsv1(), {own});
  start.n6("2026-03-12T10:00:00");
  Notice& stop = from(start.ward(Event::Interruption, "2026-03-13T10:00:00"), own, {});
  const Projection now = start.later("2026-03-14T10:00:00");
  EXPECT_EQ(link_status_of(now, stop), LinkStatus::Withheld);
  EXPECT_EQ(now.standing.state, State::Utskrivningsklar);
  EXPECT_FALSE(may_see(now, own));
  EXPECT_EQ(communication_status(now, request, own), "completed") << "what it got is not taken back";

  Notice& another = from(start.ward(Event::CareRequest, "2026-03-10T08:30:00"), soc1(), {own});
  start.ward(Event::AdmissionLocal, "2026-03-10T08:00:00").receivers.clear();
  EXPECT_EQ(communication_status(start.later("2026-03-14T10:00:00"), another, own), "not-done") << "the hospital is known";
}

TEST(Scenario28, RolesFoldToTheSameInEveryOrder) {
  Start start;
  start.n6("2026-03-12T10:00:00");
  start.party(called(soc1(), Role::Oppenvard), Event::SipInvitation, "2026-03-13T10:00:00");
  from(start.ward(Event::CareRequest, "2026-03-09T10:00:00"), hsv1(), {called(soc1(), Role::SlutenVard)});
  start.correct(start.n1, "2026-03-14T12:00:00").receivers = {hsv1(), vc07()};
  start.out("2026-03-17T13:00:00");
  const Chain chain = start.chain();
  std::vector<std::size_t> order{0, 1, 2, 3, 4, 5};
  const std::string expected = to_text(start.project(chain, "2026-04-10T00:00:00Z"));
  do {
    Chain shuffled;
    for (std::size_t each : order) shuffled.push_back(chain[each]);
    ASSERT_EQ(to_text(start.project(shuffled, "2026-04-10T00:00:00Z")), expected);
  } while (std::next_permutation(order.begin(), order.end()));
}

}  // namespace
}  // namespace vardbron::care
