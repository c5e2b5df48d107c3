// The scenarios of the ärende (B), of the fast vårdkontakt (C) and of interruptions (A 18), with their numbers.
#include "gateway/time/civil.h"
#include "tests/care/scenario.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

namespace vardbron::care {
namespace {

using enum CaseTaskKind;

TEST(Scenario18, AnInterruptionByAPartyIsARequestAndTheHospitalsStops) {
  for (const Party& by : {hsv1(), soc1(), vc07()}) {
    Start start;
    start.n6("2026-03-12T10:00:00");
    start.n8();
    Notice& request = start.party(by, Event::Interruption, "2026-03-13T10:00:00");
    Projection now = start.later("2026-03-20T12:00:00");
    EXPECT_EQ(now.standing.state, State::Utskrivningsklar) << by.id;
    EXPECT_EQ(charged(now).state, "betalar") << by.id;
    EXPECT_EQ(link_status_of(now, request), LinkStatus::History);
    EXPECT_TRUE(finding_says(now, request, "wish-of-a-party", "LUS 5:1-5"));
    EXPECT_EQ(communication_status(now, request, med5()), "completed") << "the hospital sees the request";
    EXPECT_EQ(status_of(now, TaOverPatient, hsv1()), "requested");
  }
  Start start;
  start.n6("2026-03-12T10:00:00");
  start.n8();
  start.ward(Event::Interruption, "2026-03-17T10:00:00");
  Projection stopped = start.later("2026-03-20T12:00:00");
  EXPECT_EQ(stopped.standing.state, State::Avbruten);
  EXPECT_EQ(charged(stopped).state, "stannad");

  Notice& discharge = start.out("2026-03-25T13:00:00");
  Projection gone = start.later();
  EXPECT_EQ(encounter_status(gone), "finished");
  EXPECT_EQ(gone.standing.state, State::Utskriven);
  EXPECT_EQ(link_status_of(gone, discharge), LinkStatus::Effective);
  EXPECT_EQ(communication_status(gone, discharge, hsv1()), "completed");
  EXPECT_NE(to_text(find_resource(gone, "Encounter")->document).find("end=2026-03-25T13:00:00"), std::string::npos);
}

TEST(Scenario18, ADischargeIsAFactAfterAnInterruptionThatWasClosedToo) {
  Start start;
  start.ward(Event::Interruption, "2026-03-17T10:00:00");
  start.ward(Event::CaseClosed, "2026-03-18T10:00:00");
  start.out("2026-03-25T13:00:00");
  EXPECT_EQ(start.later().standing.state, State::Avslutad);
  EXPECT_EQ(encounter_status(start.later()), "finished");

  Notice& again = start.out("2026-03-26T13:00:00");
  EXPECT_EQ(link_status_of(start.later(), again), LinkStatus::History);
  EXPECT_NE(to_text(find_resource(start.later(), "Encounter")->document).find("end=2026-03-25T13:00:00"), std::string::npos);
}

TEST(Scenario19, ANewPlannedDischargeIsTakenAtAnyTimeAfterTheAdmission) {
  Start start;
  start.n6("2026-03-12T10:00:00");
  Notice& change = start.ward(Event::PlannedDischargeChanged, "2026-03-13T10:00:00");
  change.stay.planned_discharge = "2026-03-19";
  Projection now = start.later("2026-03-13T12:00:00");
  EXPECT_EQ(now.standing.state, State::Utskrivningsklar);
  EXPECT_EQ(link_status_of(now, change), LinkStatus::Effective);
  EXPECT_EQ(communication_status(now, change, soc1()), "completed");
  EXPECT_NE(to_text(find_resource(now, "Encounter")->document).find("valueDate=2026-03-19"), std::string::npos);
}

TEST(Scenario20, AnAdmissionNoticeThatLacksWhatTheLawAsksForWarns) {
  Start to_nursing_only({hsv1()});
  EXPECT_TRUE(finding_says(to_nursing_only.later(), to_nursing_only.n1, "no-oppenvard", "öppenvård missing"));
  Start to_social_only({soc1()});
  EXPECT_FALSE(has_finding(to_social_only.later(), "no-oppenvard")) << "no municipal health care is needed";
  Start to_all;
  EXPECT_TRUE(to_all.later().findings.empty()) << to_all.later().findings.front().says;

  Start no_address;
  no_address.n1.person.addresses.clear();
  EXPECT_TRUE(finding_says(no_address.later(), no_address.n1, "no-address", "LUS 2:2"));
  no_address.n1.person.protection = Protection::Sekretessmarkering;
  EXPECT_FALSE(has_finding(no_address.later(), "no-address")) << "a protected address is never asked for";

  Start of_no_gender;
  of_no_gender.n1.person.gender.clear();
  EXPECT_TRUE(finding_says(of_no_gender.later(), of_no_gender.n1, "no-gender", "does not say the patient's gender"));
  of_no_gender.n1.person.gender = "unknown";
  EXPECT_FALSE(has_finding(of_no_gender.later(), "no-gender")) << "the sender says that it is not known";

  Start nameless;
  nameless.n1.person.family.clear();
  EXPECT_TRUE(finding_says(nameless.later(), nameless.n1, "no-name"));
  Start undated;
  undated.n1.stay.planned_discharge.clear();
  EXPECT_TRUE(finding_says(undated.later(), undated.n1, "no-planned-discharge"));
  Start backwards;
  backwards.n1.stay.planned_discharge = "2026-03-08";
  EXPECT_TRUE(finding_says(backwards.later(), backwards.n1, "implausible-date", "before the admission"));
}

TEST(Scenario20, TheWarningGoesWhenALaterNoticeTellsTheOppenvard) {
  Start start({hsv1()});
  start.receivers = {hsv1(), vc07()};
  start.ward(Event::Admission, "2026-03-10T10:00:00");
  EXPECT_FALSE(has_finding(start.later(), "no-oppenvard"));
}

struct LimitRow {
  const char *admitted, *sent;
  bool is_late;
};

TEST(Scenario21, TheAdmissionNoticeIsInTimeForTwentyFourElapsedHours) {
  for (const LimitRow& row : {LimitRow{"2026-03-28T10:00:00", "2026-03-29T11:00:00", false},
                              LimitRow{"2026-03-28T10:00:00", "2026-03-29T11:00:01", true},
                              LimitRow{"2026-10-24T10:00:00", "2026-10-25T09:00:00", false},
                              LimitRow{"2026-10-24T10:00:00", "2026-10-25T09:00:01", true},
                              LimitRow{"2026-03-09T22:40:00", "2026-03-10T22:40:00", false},
                              LimitRow{"2026-03-09T22:40:00", "2026-03-12T09:00:00", true}}) {
    Start start({hsv1(), soc1(), vc07()}, row.admitted, row.sent);
    EXPECT_EQ(finding_says(start.later(), start.n1, "admission-notice-late", "LUS 2:3"), row.is_late) << row.sent;
  }
}

TEST(Scenario21, ALaterAssessmentOfTheNeedBeginsTheTwentyFourHoursAgain) {
  Start start({hsv1(), soc1(), vc07()}, "2026-03-09T22:40:00", "2026-03-12T09:00:00");
  start.n1.need_assessed = SentTime{moment("2026-03-11T09:00:00"), "2026-03-11T09:00:00+01:00"};
  EXPECT_FALSE(has_finding(start.later(), "admission-notice-late"));
  start.n1.need_assessed = SentTime{moment("2026-03-11T08:59:59"), "2026-03-11T08:59:59+01:00"};
  EXPECT_TRUE(has_finding(start.later(), "admission-notice-late"));
  start.n1.need_assessed = SentTime{moment("2026-03-11"), "2026-03-11"};
  EXPECT_FALSE(has_finding(start.later(), "admission-notice-late")) << "a day alone may mean its last moment";
}

TEST(Scenario21, AnAdmissionWithoutNeedMakesTheNoticesOwnTimeTheAssessment) {
  Start start({hsv1(), soc1(), vc07()}, "2026-03-09T22:40:00", "2026-03-12T09:00:00");
  start.ward(Event::AdmissionLocal, "2026-03-09T22:40:00").receivers.clear();
  EXPECT_FALSE(has_finding(start.later(), "admission-notice-late"));
}

TEST(Scenario21, ACorrectionOfANoticeThatWasInTimeIsNotLate) {
  Start start;
  start.correct(start.n1, "2026-03-14T10:00:00").sent = moment("2026-03-14T10:00:00");
  EXPECT_FALSE(has_finding(start.later(), "admission-notice-late"));
}

TEST(Scenario22, OnlySlutenVardClosesAndContactAndCallAreTakenAfterIt) {
  for (bool is_after_discharge : {false, true}) {
    Start start;
    if (is_after_discharge) start.out("2026-03-14T10:00:00");
    Notice& wish = start.party(soc1(), Event::CaseClosed, "2026-03-15T10:00:00");
    Projection now = start.later();
    EXPECT_EQ(now.standing.state, is_after_discharge ? State::Utskriven : State::Inskriven);
    EXPECT_TRUE(finding_says(now, wish, "wish-of-a-party", "only sluten vård closes"));
    EXPECT_EQ(communication_status(now, wish, med5()), "completed");
  }
  Start start;
  start.out("2026-03-14T10:00:00");
  start.ward(Event::CaseClosed, "2026-03-16T10:00:00");
  EXPECT_EQ(start.later().standing.state, State::Avslutad);
  Notice& call = start.n8("2026-03-17T10:00:00");
  Notice& contact = start.party(vc07(), Event::FastVardkontakt, "2026-03-18T10:00:00");
  contact.contact = Contact{"Bo Lind", "010-1", "1"};
  Projection now = start.later();
  EXPECT_EQ(now.standing.state, State::Avslutad);
  EXPECT_EQ(link_status_of(now, call), LinkStatus::Effective);
  EXPECT_EQ(link_status_of(now, contact), LinkStatus::Effective);
  EXPECT_NE(to_text(find_resource(now, "CarePlan")->document).find("status=draft"), std::string::npos);
  EXPECT_NE(to_text(find_resource(now, "CareTeam")->document).find("Bo Lind"), std::string::npos);
}

TEST(Scenario22, ACallAfterAnInterruptionMakesAPlanOfItsOwn) {
  Start start;
  start.n8();
  start.ward(Event::Interruption, "2026-03-13T10:00:00");
  EXPECT_NE(to_text(find_resource(start.later(), "CarePlan")->document).find("status=revoked"), std::string::npos);
  start.n8("2026-03-15T10:00:00");
  EXPECT_NE(to_text(find_resource(start.later(), "CarePlan")->document).find("status=draft"), std::string::npos);
}

TEST(Scenario31, AContactOfTypeTwoOrThreeDoesNotFulfilTheLaw) {
  for (const auto& [type, by] :
       {std::pair("3", soc1()), std::pair("2", vc07()), std::pair("3", vc07()), std::pair("1", hsv1())}) {
    Start start;
    start.party(by, Event::FastVardkontakt, "2026-03-11T10:00:00").contact = Contact{"Eva Ek", "", type};
    Notice& discharge = start.out("2026-03-14T10:00:00");
    EXPECT_EQ(status_of(start.later(), UtseFastVardkontakt, vc07()), "requested") << type << " " << by.id;
    EXPECT_TRUE(finding_says(start.later(), discharge, "no-fast-vardkontakt")) << type << " " << by.id;
    EXPECT_NE(find_resource(start.later(), "CareTeam", "Eva Ek"), nullptr) << "it is shown all the same";
  }
  for (const auto& [type, by] : {std::pair("1", vc07()), std::pair("", vc07()), std::pair("4", vc07()), std::pair("1", med5())}) {
    Start start;
    start.party(by, Event::FastVardkontakt, "2026-03-11T10:00:00").contact = Contact{"Eva Ek", "", type};
    start.out("2026-03-14T10:00:00");
    EXPECT_EQ(status_of(start.later(), UtseFastVardkontakt, vc07()), "completed") << type << " " << by.id;
    EXPECT_FALSE(has_finding(start.later(), "no-fast-vardkontakt")) << type << " " << by.id;
  }
}

TEST(Scenario35, FromJuly2026TheContactMayBeTheMunicipalitys) {
  for (const auto& [admitted, status] :
       {std::pair("2026-06-30T08:00:00", "requested"), std::pair("2026-07-01T08:00:00", "completed")}) {
    Start start({hsv1(), soc1(), vc07()}, admitted, admitted);
    start.party(hsv1(), Event::FastVardkontakt, admitted).contact = Contact{"Eva Ek", "", "1"};
    EXPECT_EQ(status_of(start.later(), UtseFastVardkontakt, vc07()), status) << admitted;
  }
}

// S4: the call came first, so there is nothing to ask for.
TEST(Scenario37, ACallBeforeThePatientIsReadyCompletesTheTaskThatAsksForIt) {
  Start start;
  start.n8("2026-03-11T10:00:00");
  start.n6("2026-03-12T10:00:00");
  EXPECT_EQ(status_of(start.later("2026-03-12T12:00:00"), KallaTillSip, vc07()), "completed");

  Start by_ward;
  by_ward.ward(Event::SipInvitation, "2026-03-11T10:00:00");
  by_ward.n6("2026-03-12T10:00:00");
  EXPECT_EQ(status_of(by_ward.later("2026-03-12T12:00:00"), KallaTillSip, vc07()), "requested");
}

// S3
TEST(Scenario38, ARebookedCallKeepsTheTimeOfTheFirst) {
  Start start;
  start.n6("2026-03-12T10:00:00");
  start.n8("2026-03-13T10:00:00");
  start.n8("2026-03-18T10:00:00");
  const std::string plan = to_text(find_resource(start.later(), "CarePlan")->document);
  EXPECT_NE(plan.find("created=2026-03-13T10:00:00+01:00"), std::string::npos) << plan;
  EXPECT_NE(plan.find("time=2026-03-18T10:00:00+01:00"), std::string::npos) << plan;
}

// M4
TEST(Scenario37, ACallByTheWardOrAMunicipalityIsNoCallByTheLaw) {
  for (const Party& by : {med5(), hsv1()}) {
    Start start;
    start.n6("2026-03-12T10:00:00");
    Notice& call = start.party(by, Event::SipInvitation, "2026-03-13T10:00:00");
    Projection now = start.later("2026-03-13T12:00:00");
    EXPECT_EQ(status_of(now, KallaTillSip, vc07()), "requested") << by.id;
    EXPECT_TRUE(finding_says(now, call, "call-not-by-oppenvard", "LUS 4:3")) << by.id;
    EXPECT_NE(find_resource(now, "CarePlan", "status=draft"), nullptr) << "the call itself is kept";
    start.n8("2026-03-14T10:00:00");
    EXPECT_EQ(status_of(start.later(), KallaTillSip, vc07()), "completed");
    EXPECT_NE(find_resource(start.later(), "CarePlan", "created=2026-03-14T10:00:00+01:00"), nullptr);
  }
}

// Scenario 28 for these events: the order of arrival changes nothing.
TEST(Scenario28, RequestsClosingsAndCallsFoldToTheSameInEveryOrder) {
  Start start;
  start.n6("2026-03-12T10:00:00");
  start.party(soc1(), Event::Interruption, "2026-03-13T10:00:00");
  start.n8("2026-03-14T10:00:00");
  start.ward(Event::Interruption, "2026-03-15T10:00:00");
  start.out("2026-03-16T10:00:00");
  Chain chain = start.chain();
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
