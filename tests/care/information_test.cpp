#include "gateway/care/chain/event.h"
#include "tests/care/story.h"

#include <gtest/gtest.h>

#include <set>

// Concern: notices that are sent for what they say reach those they are for, and change no state.
namespace vardbron::care {
namespace {

/// Events that lead to each state in which parties know of the case.
struct Way {
  State state;
  std::vector<Event> events;
};

const std::vector<Way>& ways() {
  static const std::vector<Way> all = {
      {State::Inskriven, {Event::Admission}},
      {State::Planeras, {Event::Admission, Event::Planning}},
      {State::Utskrivningsklar, {Event::Admission, Event::DischargeReady}},
      {State::Utskriven, {Event::Admission, Event::Discharge}},
      {State::Avslutad, {Event::Admission, Event::Discharge, Event::CaseClosed}},
      {State::Avbruten, {Event::Admission, Event::Interruption}},
      {State::Avliden, {Event::Admission, Event::Death}},
  };
  return all;
}

TEST(Information, IsPassedOnInEveryStateAndChangesNone) {
  for (const Way& way : ways()) {
    for (Event event : {Event::DischargeInformation, Event::PatientInformation, Event::Admin}) {
      Story story;
      int hour = 8;
      for (Event before : way.events) story.add(before, "2025-03-10T" + std::to_string(10 + hour++ - 8) + ":00:00Z");
      Notice& information = story.add(event, "2025-03-10T18:00:00Z");
      information.receivers = {clinic()};
      information.payloads = {{"sammanfattning", "Ingen fraktur", {}}};

      const Projection now = story.project();
      EXPECT_EQ(now.standing.state, way.state) << to_string(event);
      EXPECT_EQ(link_status_of(now, information), LinkStatus::Effective) << to_string(way.state) << to_string(event);
      EXPECT_EQ(communication_status(now, information, clinic()), "completed") << to_string(way.state) << to_string(event);
      EXPECT_EQ(communication_status(now, information, nursing()), "none");
      EXPECT_EQ(find_resource(now, "Communication", "Ingen fraktur")->parties,
                (std::vector<std::string>{hospital().id, clinic().id}));
    }
  }
}

TEST(Information, ForANewReceiverOfACaseThatIsOverAsksItForNothing) {
  for (const Way& way : ways()) {
    Story story;
    int hour = 10;
    for (Event before : way.events) story.add(before, "2025-03-10T" + std::to_string(hour++) + ":00:00Z").receivers = {nursing()};
    Notice& information = story.add(Event::DischargeInformation, "2025-03-10T18:00:00Z");
    information.receivers = {clinic()};

    const Projection now = story.project();
    const bool is_over = way.state == State::Avslutad || way.state == State::Avbruten || way.state == State::Avliden;
    EXPECT_EQ(communication_status(now, information, clinic()), "completed") << to_string(way.state);
    EXPECT_EQ(status_of(now, CaseTaskKind::KvitteraInskrivning, clinic()), is_over ? "cancelled" : "requested")
        << to_string(way.state);
  }
}

TEST(Information, IsTheHospitalsOwnAndWaitsForAnAdmission) {
  for (Event event : {Event::DischargeInformation, Event::PatientInformation}) {
    EXPECT_TRUE(is_hospitals_own(event));
    Story story;
    story.add(Event::AdmissionLocal, "2025-03-10T09:00:00Z");
    Notice& early = story.add(event, "2025-03-10T10:00:00Z");
    EXPECT_EQ(communication_status(story.project(), early, clinic()), "not-done");
    EXPECT_TRUE(has_finding(story.project(), notified_nobody));

    story.add(Event::Admission, "2025-03-11T10:00:00Z");
    Notice& others = from(story.add(event, "2025-03-12T10:00:00Z"), nursing(), {clinic()});
    EXPECT_EQ(link_status_of(story.project(), others), LinkStatus::Withheld);
    EXPECT_TRUE(has_finding(story.project(), "foreign-sender"));
  }
}

TEST(Information, OfANoticeForSomebodyWhoIsNoPartyIsHeldBackAndSaid) {
  Story story;
  story.add(Event::Admission, "2025-03-10T09:00:00Z").receivers = {nursing()};
  Notice& admin = from(story.add(Event::Admin, "2025-03-10T10:00:00Z"), nursing(), {hospital(), clinic()});
  EXPECT_EQ(communication_status(story.project(), admin, hospital()), "completed");
  EXPECT_EQ(communication_status(story.project(), admin, clinic()), "not-done");
  EXPECT_TRUE(has_finding(story.project(), "not-a-party"));

  from(story.add(Event::Admin, "2025-03-10T11:00:00Z"), far_social(), {hospital()});
  EXPECT_TRUE(has_finding(story.project(), "foreign-sender"));
}

/// A request to the ward, before the patient is there.
Notice& request(Story& story, Event event, std::string_view when, std::vector<Party> receivers = {hospital()}) {
  Notice& notice = from(story.add(event, when), nursing(), std::move(receivers));
  notice.stay = {};
  notice.payloads = {{"insatser", "Trygghetslarm", {}}};
  return notice;
}

constexpr Event into_the_region[] = {Event::CareRequest, Event::MunicipalReport};

TEST(CareRequest, ReachesTheWardBeforeTheStayAndNobodyElse) {
  for (Event event : into_the_region) {
    Story story;
    Notice& asked = request(story, event, "2025-03-10T07:00:00Z", {hospital(), clinic()});
    const Projection now = story.project();

    EXPECT_EQ(now.standing.state, State::None) << to_string(event);
    EXPECT_EQ(now.parties, std::vector<std::string>{hospital().id});
    EXPECT_EQ(communication_status(now, asked, hospital()), "completed");
    EXPECT_EQ(communication_status(now, asked, clinic()), "not-done");
    EXPECT_TRUE(has_finding(now, "not-a-party")) << "the health centre is not asked to take the patient";
    EXPECT_NE(to_text(find_resource(now, "Patient")->document).find("195009072553"), std::string::npos);
    EXPECT_EQ(notified(case_events({}, now)), std::vector<std::string>{hospital().id + " " + std::string(to_string(event))});
  }
}

TEST(CareRequest, ThatNamesNoSlutenVardIsSaidToReachNobody) {
  for (Event event : into_the_region) {
    for (const std::vector<Party>& receivers : {std::vector<Party>{}, {clinic()}, {clinic(), social()}}) {
      Story story;
      request(story, event, "2025-03-10T07:00:00Z", receivers);
      EXPECT_TRUE(has_finding(story.project(), notified_nobody)) << to_string(event) << receivers.size();
      EXPECT_TRUE(case_events({}, story.project()).empty());
    }
    Story story;
    request(story, event, "2025-03-10T07:00:00Z");
    EXPECT_FALSE(has_finding(story.project(), notified_nobody)) << to_string(event);
  }
}

TEST(CareRequest, IsFollowedByTheHospitalsOwnWordOnTheStay) {
  for (Event event : into_the_region) {
    Story story;
    Notice& asked = request(story, event, "2025-03-10T07:00:00Z");
    asked.stay.period_start = "2025-01-01";
    Notice& admission = story.add(Event::Admission, "2025-03-10T09:00:00Z");
    const Projection now = story.project();

    EXPECT_EQ(link_status_of(now, admission), LinkStatus::Effective);
    EXPECT_EQ(now.standing.state, State::Inskriven);
    const std::string encounter = to_text(find_resource(now, "Encounter")->document);
    EXPECT_NE(encounter.find("IMP"), std::string::npos);
    EXPECT_EQ(encounter.find("2025-01-01"), std::string::npos) << "a municipality knows nothing of when the stay began";
    EXPECT_EQ(now.header.source.value, hospital().id);
    EXPECT_EQ(status_of(now, CaseTaskKind::KvitteraInskrivning, nursing()), "requested");
  }
}

// A number mistyped outside must not keep the hospital's notices from those they are for.
TEST(CareRequest, ForAnotherPersonIsWithheldAndNotTheAdmission) {
  for (Event event : into_the_region) {
    Story story;
    Notice& asked = request(story, event, "2025-03-10T07:00:00Z");
    asked.person.identifiers[0].value = "196101182803";
    Notice& admission = story.add(Event::Admission, "2025-03-10T09:00:00Z");

    EXPECT_EQ(link_status_of(story.project(), asked), LinkStatus::Withheld);
    EXPECT_EQ(link_status_of(story.project(), admission), LinkStatus::Effective);
    EXPECT_TRUE(has_finding(story.project(), "other-patient"));
  }
}

TEST(CareRequest, ThatIsCancelledIsTakenBackAtTheWard) {
  for (Event event : into_the_region) {
    Story story;
    Notice& asked = request(story, event, "2025-03-10T07:00:00Z");
    const Projection before = story.project();
    Notice& cancelled = story.cancel(asked, "2025-03-10T08:00:00Z");
    const Projection after = story.project();

    EXPECT_EQ(communication_status(after, asked, hospital()), "entered-in-error");
    EXPECT_EQ(communication_status(after, cancelled, hospital()), "completed");
    EXPECT_EQ(notified(case_events(before, after)), std::vector<std::string>{hospital().id + " nullified"});
    EXPECT_EQ(find_resource(after, "Communication", "Trygghetslarm"), nullptr);
  }
}

TEST(CareRequest, DuringAStayIsAPartysWordOnly) {
  for (Event event : into_the_region) {
    Story story;
    story.add(Event::Admission, "2025-03-10T09:00:00Z");
    Notice& report = request(story, event, "2025-03-10T10:00:00Z", {hospital()});
    Notice& strange = from(request(story, event, "2025-03-10T11:00:00Z"), far_social(), {hospital()});
    const Projection now = story.project();

    EXPECT_EQ(communication_status(now, report, hospital()), "completed");
    EXPECT_EQ(now.standing.state, event == Event::MunicipalReport ? State::Planeras : State::Inskriven);
    EXPECT_EQ(link_status_of(now, strange), LinkStatus::Withheld);
  }
}

}  // namespace
}  // namespace vardbron::care
