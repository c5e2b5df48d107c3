#include "gateway/care/chain/plausible.h"
#include "tests/care/story.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

// Concern: implausible dates become findings, and the notice counts.
namespace vardbron::care {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

Notice a_notice() {
  Notice notice;
  notice.sent = moment("2026-03-10T09:00:00+01:00");
  notice.happened = {notice.sent, "2026-03-10T09:00:00+01:00"};
  notice.person.birth_date = "1950-09-07";
  notice.stay.period_start = "2026-03-09T22:00:00+01:00";
  notice.stay.planned_discharge = "2026-03-13";
  return notice;
}

std::vector<std::string> said_of(const Notice& notice, std::string_view now = "2026-03-10T10:00:00+01:00") {
  return implausible_dates(notice, moment(now));
}

TEST(ImplausibleDates, AreNoneInAnOrdinaryNotice) {
  EXPECT_THAT(said_of(a_notice()), IsEmpty());
  EXPECT_THAT(said_of(a_notice(), "2046-03-10T10:00:00+01:00"), IsEmpty()) << "a replay finds what was found at first";
  EXPECT_THAT(before_admission(a_notice(), "2026-03-09T22:00:00+01:00"), IsEmpty());
  EXPECT_THAT(before_admission(a_notice(), ""), IsEmpty());
}

TEST(ImplausibleDates, TellOfABirthLaterInTheYear) {
  for (std::string_view birth : {"2026-03-11", "2026-04", "2026-12-31"}) {
    Notice notice = a_notice();
    notice.person.birth_date = birth;
    EXPECT_THAT(said_of(notice), ElementsAre(HasSubstr("birth date lies in the future"))) << birth;
  }
  for (std::string_view birth : {"2026-03-09", "2026-03", "2026", "2025-12-31", "1896", ""}) {
    Notice notice = a_notice();
    notice.person.birth_date = birth;
    EXPECT_THAT(said_of(notice), IsEmpty()) << birth;
  }
}

TEST(ImplausibleDates, TellOfAnAdmissionBeforeTheBirth) {
  Notice notice = a_notice();
  notice.stay.period_start = "1949-03-09T22:00:00+01:00";
  EXPECT_THAT(said_of(notice), ElementsAre(HasSubstr("The admission lies before the patient's birth.")));
  notice.person.birth_date = "1949-03-09";
  EXPECT_THAT(said_of(notice), IsEmpty()) << "the day of birth";
  notice.stay.period_start = "1949-03-08T23:30:00Z";
  EXPECT_THAT(said_of(notice), IsEmpty()) << "days are Swedish";
  notice.person.birth_date = "1949";
  EXPECT_THAT(said_of(notice), IsEmpty()) << "of which a part is known";
  notice.person.birth_date = "1950-01";
  EXPECT_THAT(said_of(notice), ElementsAre(HasSubstr("before the patient's birth")));
  notice.person.birth_date = "2026-03-10";
  notice.stay.period_start = "";
  notice.event = Event::Admission;
  notice.happened = {moment("2026-03-09T12:00:00+01:00"), "2026-03-09T12:00:00+01:00"};
  EXPECT_THAT(said_of(notice), ElementsAre(HasSubstr("before the patient's birth"))) << "it happened then";
  notice.event = Event::Discharge;
  EXPECT_THAT(said_of(notice), IsEmpty()) << "it does not say when the admission was";
}

TEST(ImplausibleDates, TellOfWhatHappensLongAfterItWasTold) {
  Notice event = a_notice();
  event.happened = {moment("2096-03-10T09:00:00+01:00"), "2096-03-10T09:00:00+01:00"};
  EXPECT_THAT(said_of(event), ElementsAre(HasSubstr("What happened")));
  Notice admission = a_notice();
  admission.stay.period_start = "2096-03-09T22:00:00+01:00";
  EXPECT_THAT(said_of(admission), ElementsAre(HasSubstr("The admission lies long after")));
  Notice ready = a_notice();
  ready.stay.discharge_ready = SentTime{moment("2062-03-12T10:00:00+01:00"), "2062-03-12T10:00:00+01:00"};
  EXPECT_THAT(said_of(ready), ElementsAre(HasSubstr("ready for discharge long after")));
  ready.stay.discharge_ready = SentTime{moment("2026-03-12T10:00:00+01:00"), "2026-03-12T10:00:00+01:00"};
  EXPECT_THAT(said_of(ready), IsEmpty());
  Notice planned = a_notice();
  planned.stay.planned_discharge = "2096-03-13";
  EXPECT_THAT(said_of(planned), ElementsAre(HasSubstr("more than a year ahead")));
  Notice death = a_notice();
  death.person.deceased_at = "2096-03-13";
  EXPECT_THAT(said_of(death), ElementsAre(HasSubstr("The death lies in the future")));
  Notice clock = a_notice();
  clock.sent = moment("2096-03-10T09:00:00+01:00");
  EXPECT_THAT(said_of(clock), ElementsAre(HasSubstr("made in the future")));
}

TEST(ImplausibleDates, TellOfWhatLiesBeforeTheAdmission) {
  const std::string admitted = "2026-03-14T22:00:00+01:00";
  EXPECT_THAT(before_admission(a_notice(), admitted), ElementsAre(HasSubstr("planned discharge lies before the admission")));
  Notice ready = a_notice();
  ready.stay.planned_discharge.clear();
  ready.stay.discharge_ready = SentTime{moment("2026-03-13T08:00:00+01:00"), "2026-03-13T08:00:00+01:00"};
  EXPECT_THAT(before_admission(ready, admitted), ElementsAre(HasSubstr("ready for discharge before the admission")));
  Notice discharge = a_notice();
  discharge.event = Event::Discharge;
  discharge.stay.planned_discharge = "2026-03";
  EXPECT_THAT(before_admission(discharge, admitted), ElementsAre(HasSubstr("The discharge lies before the admission")));
}

TEST(ImplausibleDates, AreFindingsOfTheCaseAndTheNoticeCounts) {
  Story story;
  Notice& admission = story.add(Event::Admission, "2025-03-10T09:00:00Z");
  admission.stay.period_start = "2025-03-10T09:00:00Z";
  admission.stay.planned_discharge = "2025-03-09";
  EXPECT_TRUE(has_finding(story.project(), "implausible-date"));
  EXPECT_EQ(link_status_of(story.project(), admission), LinkStatus::Effective);

  Story plain;
  Notice& right = plain.add(Event::Admission, "2025-03-10T09:00:00Z");
  right.stay.planned_discharge = "2025-03-13";
  EXPECT_FALSE(has_finding(plain.project(), "implausible-date"));
}

// The clock counts from what the message says, so its sender learns when it came otherwise.
TEST(SentOtherwise, IsSaidOfANoticeThatBeginsAClockAndCameMoreThanFiveMinutesFromItsTime) {
  using namespace std::chrono_literals;
  const WallTime sent = moment("2026-03-12T10:00:00+01:00");
  struct Row {
    const char* what;
    Event event;
    std::chrono::seconds later;
    bool is_said;
  };
  for (const Row& row :
       {Row{"at once", Event::DischargeReady, 0s, false}, Row{"five minutes", Event::DischargeReady, 300s, false},
        Row{"more", Event::DischargeReady, 301s, true}, Row{"a clock ahead", Event::DischargeReady, -300s, false},
        Row{"more ahead", Event::DischargeReady, -301s, true}, Row{"admission", Event::Admission, 1h, true},
        Row{"no clock", Event::Planning, 1h, false}, Row{"no clock either", Event::Discharge, 1h, false},
        Row{"a correction", Event::Corrected, 1h, false}}) {
    Notice notice;
    notice.event = row.event;
    notice.corrected_event = Event::DischargeReady;
    notice.sent = sent;
    EXPECT_EQ(sent_otherwise(notice, false), "") << "it is not known when it came";
    notice.received = sent + row.later;
    EXPECT_EQ(!sent_otherwise(notice, false).empty(), row.is_said) << row.what;
    notice.sent = {};
    EXPECT_EQ(sent_otherwise(notice, false), "") << "it does not say when it was sent";
  }
}

TEST(SentOtherwise, NamesBothTimesAndTheOneThatCounts) {
  Notice notice;
  notice.event = Event::DischargeReady;
  notice.sent = moment("2026-03-12T10:00:00+01:00");
  notice.received = moment("2026-03-12T15:31:00+01:00");
  EXPECT_EQ(
      sent_otherwise(notice, false),
      "The message says that it was sent at 2026-03-12T10:00:00+01:00, and it arrived at 2026-03-12T15:31:00+01:00: the "
      "clock (LUS 4:3, 5:4) counts from 2026-03-12T10:00:00+01:00. If it was sent later, cancel the notice and send it with "
      "the right time.");
  EXPECT_NE(sent_otherwise(notice, true).find("counts from 2026-03-12T15:31:00+01:00, as is agreed"), std::string::npos);
}

}  // namespace
}  // namespace vardbron::care
