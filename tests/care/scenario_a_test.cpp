// The scenarios of the clock and its conditions (A), with their numbers; rows M1 to M11 of what was wrong before.
#include "gateway/base/random.h"
#include "tests/care/scenario.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

namespace vardbron::care {
namespace {

using enum CaseTaskKind;

struct ClockRow {
  const char *name, *admitted, *assessed, *sent, *called, *out, *first, *days;
};

class ScenarioClock : public testing::TestWithParam<ClockRow> {};

TEST_P(ScenarioClock, RunsFromWhenTheNoticeWasSent) {
  const ClockRow& row = GetParam();
  Start start({hsv1(), soc1(), vc07()}, row.admitted, row.admitted);
  start.n6(row.assessed, row.sent);
  start.n8(row.called);
  start.out(row.out);
  const Charged charge = charged(start.later("2027-12-01T12:00:00"));
  EXPECT_EQ(charge.items, 1);
  EXPECT_EQ(charge.status, "billable") << charge.text;
  EXPECT_EQ(charge.first, row.first);
  EXPECT_EQ(charge.days, row.days);
  EXPECT_EQ(charge.payer, "2120990011");
}

constexpr const char* march = "2026-03-10T08:00:00";
constexpr const char* called = "2026-03-12T16:00:00";

INSTANTIATE_TEST_SUITE_P(
    Rows, ScenarioClock,
    testing::Values(ClockRow{"Scenario1", march, "2026-03-12T10:00:00", "2026-03-12T11:59:59", called, "2026-03-17T13:00:00",
                             "2026-03-15", "2"},
                    ClockRow{"Scenario2", march, "2026-03-12T10:00:00", "2026-03-12T12:00:00", called, "2026-03-17T13:00:00",
                             "2026-03-15", "2"},
                    ClockRow{"Scenario3", march, "2026-03-12T10:00:00", "2026-03-12T12:00:01", called, "2026-03-17T13:00:00",
                             "2026-03-16", "1"},
                    ClockRow{"Scenario4_M1", march, "2026-03-12T10:00:00", "2026-03-12T15:30:00", called, "2026-03-17T13:00:00",
                             "2026-03-16", "1"},
                    ClockRow{"Scenario5_M2", march, "2026-03-12T10:00:00", "2026-03-14T09:00:00", called, "2026-03-18T13:00:00",
                             "2026-03-17", "1"},
                    ClockRow{"Scenario15_spring", "2026-03-25T08:00:00", "2026-03-27T10:00:00", "2026-03-27T11:59:00",
                             "2026-03-27T16:00:00", "2026-03-31T13:00:00", "2026-03-30", "1"},
                    ClockRow{"Scenario15_autumn", "2026-10-22T08:00:00", "2026-10-24T08:00:00", "2026-10-24T09:00:00",
                             "2026-10-24T16:00:00", "2026-10-29T13:00:00", "2026-10-27", "2"},
                    ClockRow{"Scenario16", "2026-12-27T08:00:00", "2026-12-29T10:00:00", "2026-12-29T11:00:00",
                             "2026-12-29T16:00:00", "2027-01-03T13:00:00", "2027-01-01", "2"}),
    [](const auto& each) { return each.param.name; });

// Whose clock decides is a policy; by itself the message's own time counts, and the difference stays a finding.
TEST(Scenario4, AMessageThatCameLaterThanItSaysCountsFromItsOwnTimeUnlessTheReceiptIsAgreed) {
  Start start;
  Notice& n6 = start.n6("2026-03-12T10:00:00");
  start.n8();
  start.out("2026-03-17T13:00:00");
  const std::string before = to_text(start.later());
  EXPECT_FALSE(has_finding(start.later(), "sent-otherwise")) << "a link of before has no time of receipt";
  n6.received = moment("2026-03-12T10:04:00");
  EXPECT_EQ(to_text(start.later()), before);
  n6.received = moment("2026-03-12T15:30:00");
  EXPECT_TRUE(finding_says(start.later(), n6, "sent-otherwise", "counts from 2026-03-12T10:00:00"));
  EXPECT_EQ(charged(start.later()).first, "2026-03-15");
  EXPECT_EQ(charged(start.later()).status, "billable") << "it is a finding and no condition";

  start.counts_from_receipt = true;
  EXPECT_EQ(charged(start.later()).first, "2026-03-16");
  EXPECT_EQ(charged(start.later()).days, "1");
  EXPECT_TRUE(finding_says(start.later(), n6, "sent-otherwise", "as is agreed"));
  start.n1.received = moment("2026-03-12T10:00:00");
  EXPECT_EQ(villkor(start.later(), "inskrivning-i-tid"), "brutet") << "it came more than 24 hours after the admission";
}

TEST(Scenario15, TheFirstMomentIsMidnightOnBothSidesOfTheChangeOfTheClock) {
  for (const auto& [admitted, sent, first] :
       {std::tuple("2026-03-25T08:00:00", "2026-03-27T11:59:00", "2026-03-30T00:00:00+02:00"),
        std::tuple("2026-10-22T08:00:00", "2026-10-24T09:00:00", "2026-10-27T00:00:00+01:00")}) {
    Start start({hsv1(), soc1(), vc07()}, admitted, admitted);
    start.n6(sent);
    const CaseTask* task = find_case_task(start.later(sent), TaOverPatient, hsv1());
    ASSERT_TRUE(task && task->deadline);
    EXPECT_EQ(*task->deadline + std::chrono::milliseconds(1), moment(first)) << sent;
  }
}

TEST(Scenario6, WithoutACallNothingIsBillableUntilOneArrivesThatWasInTime) {
  Start start;
  start.n6("2026-03-12T10:00:00");
  Notice& out = start.out("2026-03-17T13:00:00");
  Charged before = charged(start.later());
  EXPECT_EQ(before.days, "0");
  EXPECT_EQ(before.status, "planned");
  EXPECT_EQ(villkor(start.later(), "kallelse"), "oppet");
  EXPECT_NE(before.text.find("Villkor saknas: kallelse (LUS 5:3 st 2, 4:3)"), std::string::npos) << before.text;
  EXPECT_TRUE(finding_says(start.later(), out, "villkor-kallelse", "LUS 5:3"));

  start.n8("2026-03-14T10:00:00");
  Charged after = charged(start.later());
  EXPECT_EQ(after.days, "2");
  EXPECT_EQ(after.status, "billable");
  EXPECT_EQ(villkor(start.later(), "kallelse"), "uppfyllt");
  EXPECT_FALSE(has_finding(start.later(), "villkor-kallelse"));
}

TEST(Scenario7, ACallAfterThreeDaysLeavesTheDecisionToAPerson) {
  for (const auto& [at, state] : {std::pair("2026-03-15T23:59:59", "uppfyllt"), std::pair("2026-03-16T00:00:00", "brutet"),
                                  std::pair("2026-03-16T10:00:00", "brutet")}) {
    Start start;
    start.n6("2026-03-12T10:00:00");
    start.n8(at);
    start.out("2026-03-17T13:00:00");
    const Charged charge = charged(start.later());
    EXPECT_EQ(villkor(start.later(), "kallelse"), state) << at;
    EXPECT_EQ(charge.status, std::string_view(state) == "brutet" ? "planned" : "billable") << at;
    EXPECT_EQ(charge.text.find("Manual decision") != std::string::npos, std::string_view(state) == "brutet") << charge.text;
    EXPECT_EQ(charge.days, "2");
  }
}

// M4
TEST(Scenario7, ACallByTheWardFulfilsNothing) {
  Start start;
  start.n6("2026-03-12T10:00:00");
  start.ward(Event::SipInvitation, "2026-03-20T10:00:00");
  start.out("2026-03-22T13:00:00");
  EXPECT_EQ(charged(start.later()).status, "planned");
  EXPECT_EQ(charged(start.later()).days, "0");
  EXPECT_EQ(villkor(start.later(), "kallelse"), "oppet");
}

TEST(Scenario8, WithoutASipToMakeNoCallIsAskedFor) {
  Start start;
  start.n6("2026-03-12T10:00:00").sip_is_due = false;
  EXPECT_NE(status_of(start.later("2026-03-12T12:00:00"), KallaTillSip, vc07()), "requested");
  start.out("2026-03-17T13:00:00");
  EXPECT_EQ(charged(start.later()).status, "billable");
  EXPECT_EQ(charged(start.later()).days, "2");
  EXPECT_EQ(villkor(start.later(), "kallelse"), "uppfyllt");
}

TEST(Scenario9, DaysOnWhichTheOppenvardHindersTheDischargeAreNotCharged) {
  Start start;
  start.n6("2026-03-12T10:00:00");
  start.n8();
  Notice& hindered = start.party(vc07(), Event::Planning, "2026-03-13T10:00:00");
  hindered.obstacles = {{{moment("2026-03-14"), "2026-03-14"}, std::nullopt}};
  Charged waiting = charged(start.later("2026-03-16T12:00:00"));
  EXPECT_EQ(waiting.state, "raknar") << "nobody is liable while it is so";
  EXPECT_EQ(waiting.days, "0");
  EXPECT_EQ(villkor(start.later("2026-03-16T12:00:00"), "insatser-tillgangliga"), "oppet");

  start.party(vc07(), Event::Planning, "2026-03-16T15:00:00").obstacles = {
      {{moment("2026-03-14"), "2026-03-14"}, SentTime{moment("2026-03-16"), "2026-03-16"}}};
  EXPECT_EQ(charged(start.later("2026-03-16T16:00:00")).state, "raknar");
  EXPECT_EQ(*start.later("2026-03-16T16:00:00").next_change, moment("2026-03-17T00:00:00"));
  EXPECT_EQ(charged(start.later("2026-03-17T00:00:00")).state, "betalar");
  start.out("2026-03-20T13:00:00");
  Charged charge = charged(start.later());
  EXPECT_EQ(charge.status, "billable") << charge.text;
  EXPECT_EQ(charge.days, "3");
  EXPECT_EQ(charge.first, "2026-03-17");

  start.policy.obstacles_leave_days_out = false;
  EXPECT_EQ(charged(start.later()).status, "planned") << "the agreement leaves it to a person";
}

TEST(Scenario9, AMunicipalitysWordThatTheOppenvardHindersLeavesItOpen) {
  Start start;
  start.n6("2026-03-12T10:00:00");
  start.n8();
  Notice& claim = start.party(soc1(), Event::Planning, "2026-03-13T10:00:00");
  claim.obstacles = {{{moment("2026-03-14"), "2026-03-14"}, std::nullopt}};
  start.out("2026-03-20T13:00:00");
  EXPECT_TRUE(finding_says(start.later(), claim, "obstacle-claimed", "LUS 5:5"));
  EXPECT_EQ(charged(start.later()).status, "planned");
  EXPECT_EQ(charged(start.later()).days, "5");
  EXPECT_EQ(villkor(start.later(), "insatser-tillgangliga"), "oppet");
}

TEST(Scenario10, WhoPlacedThePatientPaysAndTheMunicipalityOfRegistrationReadsNothing) {
  Start start;
  start.n1.person.placing_kommun = "0881";
  Notice& n6 = start.n6("2026-03-12T10:00:00");
  start.n8();
  start.out("2026-03-17T13:00:00");
  Projection now = start.later();
  EXPECT_EQ(charged(now).status, "planned") << "no list has a number of 0881, and the receivers are of 0880";
  EXPECT_EQ(villkor(now, "betalare"), "oppet");
  for (const Projected& resource : now.resources) {
    if (resource.type != "ChargeItem") continue;
    EXPECT_EQ(resource.parties, std::vector{med5().id});
  }
  n6.person.placing_kommun = "0881";
  EXPECT_NE(find_resource(start.later(), "ChargeItem", "display=Kommun 0881"), nullptr);

  // Its own unit is notified, and a list has its number.
  start.organisationsnummer = {{"0881", "2120001124"}};
  for (Notice* each : {&start.n1, &n6}) each->receivers.push_back(soc_1280());
  EXPECT_EQ(find_resource(start.later(), "ChargeItem", "display=Kommun 0881")->parties, (std::vector{soc_1280().id, med5().id}));
  const ChargeReport* placed = nullptr;
  for (const ChargeReport& charge : start.later().charges)
    if (charge.status == ChargeStatus::Billable) placed = &charge;
  EXPECT_NE(placed, nullptr);
}

TEST(Scenario11, ASecondMunicipalityThatMerelyReceivesDoesNotPay) {
  Start start({hsv1(), soc1(), vc07(), soc_1280()});
  start.n6("2026-03-12T10:00:00");
  start.n8();
  start.out("2026-03-17T13:00:00");
  Projection now = start.later();
  const Charged charge = charged(now);
  EXPECT_EQ(charge.items, 1);
  EXPECT_EQ(charge.payer, "2120990011");
  EXPECT_EQ(charge.status, "billable");
  const std::vector<std::string>& readers = find_resource(now, "ChargeItem")->parties;
  EXPECT_EQ(std::count(readers.begin(), readers.end(), soc_1280().id), 0);
}

// M6
TEST(Scenario12, APrivateProviderSeesItsTaskAndNotTheChargeThatTheMunicipalityPays) {
  Start start({home_care_ltd(), soc1(), vc07()});
  start.n6("2026-03-12T10:00:00");
  EXPECT_EQ(status_of(start.later("2026-03-12T12:00:00"), TaOverPatient, home_care_ltd()), "requested");
  start.n8();
  start.out("2026-03-17T13:00:00");
  Projection now = start.later();
  EXPECT_EQ(charged(now).payer, "2120990011");
  EXPECT_EQ(charged(now).items, 1);
  EXPECT_EQ(find_resource(now, "ChargeItem")->parties, (std::vector{soc1().id, med5().id}));

  Start alone({home_care_ltd(), vc07()});
  alone.n6("2026-03-12T10:00:00");
  alone.n8();
  alone.out("2026-03-17T13:00:00");
  EXPECT_EQ(charged(alone.later()).payer, "") << "a company is no municipality";
  EXPECT_EQ(charged(alone.later()).status, "planned");
  EXPECT_EQ(find_resource(alone.later(), "ChargeItem")->parties, std::vector{med5().id});
  EXPECT_TRUE(has_finding(alone.later(), "villkor-betalare"));
}

TEST(Scenario13, AnAdmissionNoticeThatWasLateLeavesTheDecisionToAPerson) {
  Start start({hsv1(), soc1(), vc07()}, "2026-03-09T03:10:00", "2026-03-10T09:10:00");  // 30 hours
  start.n6("2026-03-12T10:00:00");
  start.n8();
  start.out("2026-03-17T13:00:00");
  EXPECT_EQ(villkor(start.later(), "inskrivning-i-tid"), "brutet");
  EXPECT_EQ(charged(start.later()).status, "planned");
  EXPECT_NE(charged(start.later()).text.find("Manual decision"), std::string::npos);

  start.n1.need_assessed = SentTime{moment("2026-03-09T10:00:00"), "2026-03-09T10:00:00+01:00"};
  EXPECT_EQ(charged(start.later()).status, "billable") << "within 24 hours of the later assessment";
}

TEST(Scenario13, WithoutTheTimeOfTheAdmissionWhetherTheNoticeWasInTimeIsOpen) {
  for (const char* start_time : {"", "2026-03"}) {
    Start start;
    start.n1.stay.period_start = start_time;
    start.n6("2026-03-12T10:00:00");
    start.n8();
    start.out("2026-03-17T13:00:00");
    EXPECT_EQ(villkor(start.later(), "inskrivning-i-tid"), "oppet") << start_time;
    EXPECT_EQ(charged(start.later()).status, "planned");
    EXPECT_NE(charged(start.later()).text.find("Villkor saknas: inskrivning-i-tid (LUS 2:3)"), std::string::npos);
    EXPECT_TRUE(finding_says(start.later(), start.n1, "no-admission-time", "LUS 2:3"));

    Notice& corrected = start.correct(start.n1, "2026-03-10T09:10:00");
    corrected.stay.period_start = "2026-03-10T08:00:00+01:00";
    EXPECT_EQ(villkor(start.later(), "inskrivning-i-tid"), "uppfyllt");
    EXPECT_EQ(charged(start.later()).status, "billable");
    EXPECT_FALSE(has_finding(start.later(), "no-admission-time"));
    corrected.stay.period_start = "2026-03-08T08:00:00+01:00";
    EXPECT_EQ(villkor(start.later(), "inskrivning-i-tid"), "brutet");
  }
  Start said_later;
  said_later.n1.stay.period_start.clear();
  said_later.n6("2026-03-12T10:00:00").stay.period_start = "2026-03-10T08:00:00+01:00";
  EXPECT_EQ(villkor(said_later.later(), "inskrivning-i-tid"), "uppfyllt") << "another notice of the hospital says it";
  Start assessed;
  assessed.n1.stay.period_start.clear();
  assessed.n1.need_assessed = SentTime{moment("2026-03-10T09:00:00"), "2026-03-10T09:00:00+01:00"};
  assessed.n6("2026-03-12T10:00:00");
  EXPECT_EQ(villkor(assessed.later(), "inskrivning-i-tid"), "uppfyllt") << "the later assessment counts";
}

TEST(Scenario13, AnAdmissionNoticeThatLacksSomethingLeavesTheChargePlannedUntilItIsCompleted) {
  Start start;
  start.n6("2026-03-12T10:00:00");
  start.n8();
  start.out("2026-03-17T13:00:00");
  start.n1.person.addresses.clear();
  EXPECT_EQ(villkor(start.later(), "inskrivning-innehall"), "oppet");
  EXPECT_EQ(charged(start.later()).status, "planned");
  Notice& completed = start.correct(start.n1, "2026-03-11T10:00:00");
  completed.person.addresses = {{"home", "", "39231", "Kalmar", "SE", {"Brogatan 1"}}};
  EXPECT_EQ(villkor(start.later(), "inskrivning-innehall"), "uppfyllt");
  EXPECT_EQ(villkor(start.later(), "inskrivning-i-tid"), "uppfyllt") << "the first version was in time";
  EXPECT_EQ(charged(start.later()).status, "billable");

  Start without_oppenvard({hsv1(), soc1()});
  without_oppenvard.n6("2026-03-12T10:00:00").sip_is_due = false;
  without_oppenvard.out("2026-03-17T13:00:00");
  EXPECT_EQ(villkor(without_oppenvard.later(), "oppenvard-underrattad"), "oppet");
  EXPECT_EQ(charged(without_oppenvard.later()).status, "planned");
}

TEST(Scenario14, ReadyAgainAfterAWithdrawalCountsFromZero) {
  Start start;
  start.n6("2026-03-12T10:00:00");
  start.n8();
  start.ward(Event::DischargeReadyWithdrawn, "2026-03-13T10:00:00");
  start.n6("2026-03-14T10:00:00");
  start.out("2026-03-20T13:00:00");
  const Charged charge = charged(start.later());
  EXPECT_EQ(charge.days, "3");
  EXPECT_EQ(charge.first, "2026-03-17");
  EXPECT_EQ(charge.status, "billable");
}

TEST(Scenario16, ADayOfAYearWhosePriceIsNotKnownMakesTheAmountUnknown) {
  Start start({hsv1(), soc1(), vc07()}, "2026-12-27T08:00:00", "2026-12-27T08:00:00");
  start.n6("2026-12-29T11:00:00");
  start.n8("2026-12-29T16:00:00");
  Notice& out = start.out("2027-01-03T13:00:00");
  EXPECT_TRUE(finding_says(start.later("2027-02-01T12:00:00"), out, "no-price-2027"));
  EXPECT_EQ(charged(start.later("2027-02-01T12:00:00")).text.find("priceOverride"), std::string::npos);
  start.prices[2027] = 11'500;
  EXPECT_NE(charged(start.later("2027-02-01T12:00:00")).text.find("priceOverride{value=23000 currency=SEK"), std::string::npos)
      << charged(start.later("2027-02-01T12:00:00")).text;
  start.policy.prices[2027] = 9'000;
  EXPECT_NE(charged(start.later("2027-02-01T12:00:00")).text.find("value=18000"), std::string::npos) << "the agreement's amount";
}

// M8 as the money sees it: scenario 18 is in scenario_b_test.cpp.
TEST(Scenario18, ThePartysInterruptionChangesNoDay) {
  Start start;
  start.n6("2026-03-12T10:00:00");
  start.n8();
  start.party(soc1(), Event::Interruption, "2026-03-13T10:00:00");
  start.out("2026-03-25T13:00:00");
  EXPECT_EQ(charged(start.later()).days, "10");
  EXPECT_EQ(charged(start.later()).status, "billable");
}

// M9
TEST(Scenario1, NobodyIsLiableBeforeTheNoticesWereSentWhateverTheAssessmentSays) {
  Start start({hsv1(), soc1(), vc07()}, "2026-03-09T22:40:00");
  Notice& n6 = start.n6("2026-03-12T10:00:00");
  n6.stay.discharge_ready = SentTime{moment("2026-03-01T10:00:00"), "2026-03-01T10:00:00+01:00"};
  start.n8();
  start.out("2026-03-17T13:00:00");
  EXPECT_EQ(charged(start.later()).days, "2");
  EXPECT_TRUE(finding_says(start.later(), n6, "implausible-date", "before the admission"));
}

TEST(Payer, IsTheHospitalsWordAndNotADebtors) {
  Start start;
  start.n6("2026-03-12T10:00:00");
  start.n8();
  start.party(soc1(), Event::Planning, "2026-03-13T10:00:00").person.kommun = "1280";
  start.party(soc1(), Event::Planning, "2026-03-13T11:00:00").person.placing_kommun = "1280";
  start.out("2026-03-17T13:00:00");
  EXPECT_EQ(charged(start.later()).payer, "2120990011");
  EXPECT_EQ(charged(start.later()).items, 1);
}

TEST(Payer, ThatWasNamedWronglyKeepsAnItemInError) {
  Start start;
  Notice& n6 = start.n6("2026-03-12T10:00:00");
  n6.person.kommun = "1280";
  start.n8();
  Projection now = start.later();
  EXPECT_EQ(charged(now).items, 2);
  const Projected* wrong = find_resource(now, "ChargeItem", "display=Kommun 0880");
  ASSERT_NE(wrong, nullptr);
  EXPECT_EQ(tree::root(wrong->document).text_of("status"), "entered-in-error");
  EXPECT_EQ(tree::root(wrong->document).child("quantity").text_of("value"), "");
}

TEST(Payer, IsNotKnownWhenNoNoticeSaysWhereThePersonIsRegistered) {
  Start start;
  start.n1.person.kommun.clear();
  start.n6("2026-03-12T10:00:00").person.kommun = "9999";
  start.n8().person.kommun.clear();
  Notice& out = start.out("2026-03-17T13:00:00");
  out.person.kommun.clear();
  EXPECT_EQ(charged(start.later()).items, 1);
  EXPECT_EQ(charged(start.later()).status, "planned");
  EXPECT_EQ(charged(start.later()).days, "2");
  EXPECT_TRUE(finding_says(start.later(), out, "villkor-betalare", "LUS 5:2"));
}

// Scenario 28 for the conditions: 20 orders of generated cases fold to the same bytes, and a longer chain never loses an item.
TEST(Scenario28, GeneratedChargesFoldToTheSameInEveryOrder) {
  SeededRandom random(612);
  for (int round = 0; round < 200; ++round) {
    Start start;
    const auto at = [&] {
      char text[40];
      std::snprintf(text, sizeof text, "2026-03-%02uT%02u:%02u:00", unsigned(10 + random.below(10)), unsigned(random.below(24)),
                    unsigned(random.below(4) * 15));
      return std::string(text);
    };
    std::vector<Notice> made;
    for (std::uint64_t step = 0, length = 3 + random.below(8); step < length; ++step) {
      Notice* notice = nullptr;
      switch (random.below(9)) {
        case 0:
        case 1: notice = &start.n6(at(), at()); break;
        case 2: notice = &start.n8(at()); break;
        case 3: notice = &start.out(at()); break;
        case 4: notice = &start.ward(Event::DischargeReadyWithdrawn, at()); break;
        case 5: notice = &start.party(soc1(), Event::Interruption, at()); break;
        case 6: notice = &start.ward(Event::PartyChanged, at()); break;
        case 7: notice = &start.party(vc07(), Event::Planning, at()); break;
        default:
          notice = made.empty() ? &start.ward(Event::Admission, at()) : &start.cancel(made[random.below(made.size())], at());
      }
      if (random.below(5) == 0) notice->person.kommun = random.below(2) == 0 ? "1280" : "";
      if (random.below(8) == 0) notice->person.placing_kommun = "0881";
      if (random.below(6) == 0) notice->obstacles = {{{moment("2026-03-14"), "2026-03-14"}, std::nullopt}};
      if (random.below(6) == 0) notice->sip_is_due = random.below(2) == 0;
      if (random.below(6) == 0) notice->receivers = {vc07(), random.below(2) == 0 ? soc_1280() : hsv1()};
      made.push_back(*notice);
    }
    Chain chain = start.chain();
    const std::string expected = to_text(start.project(chain, "2026-04-10T00:00:00Z"));
    std::size_t items = 0;
    for (int order = 0; order < 20; ++order) {
      for (std::size_t last = chain.size(); last > 1; --last) std::swap(chain[last - 1], chain[random.below(last)]);
      ASSERT_EQ(to_text(start.project(chain, "2026-04-10T00:00:00Z")), expected) << "round " << round;
    }
    for (std::size_t length = 1; length <= chain.size(); ++length) {
      const Projection now = start.project(Chain(chain.begin(), chain.begin() + std::ptrdiff_t(length)), "2026-04-10T00:00:00Z");
      ASSERT_GE(now.charges.size(), items);
      items = now.charges.size();
      int pays = 0;
      for (const ChargeReport& charge : now.charges) {
        pays += charge.status != ChargeStatus::EnteredInError;
        if (charge.status == ChargeStatus::Billable) {
          EXPECT_TRUE(are_fulfilled(charge.villkor)) << "never billable by itself with a condition missing";
        }
      }
      EXPECT_LE(pays, 1) << "one municipality pays";
    }
  }
}

}  // namespace
}  // namespace vardbron::care
