#include "gateway/care/event.h"
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
    for (Event event : {Event::DischargeInformation, Event::PatientInformation}) {
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

}  // namespace
}  // namespace vardbron::care
