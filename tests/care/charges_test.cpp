// Concern: the hospital and the municipality can read in the case who pays for how many days.
#include "gateway/base/random.h"
#include "gateway/care/arende/charges.h"
#include "gateway/care/notifications.h"
#include "tests/care/story.h"

#include <gtest/gtest.h>

#include <algorithm>

namespace vardbron::care {
namespace {

constexpr std::string_view municipality = "2120001000";
constexpr std::string_view far_municipality = "2120002000";

const Projected* item_of(const Projection& now, std::string_view payer = municipality) {
  return find_resource(now, "ChargeItem", payer);
}

std::string status(const Projection& now, std::string_view payer = municipality) {
  const Projected* item = item_of(now, payer);
  return item ? std::string(tree::root(item->document).text_of("status")) : "none";
}

std::string state(const Projection& now, std::string_view payer = municipality) {
  const Projected* item = item_of(now, payer);
  return item ? std::string(tree::root(item->document).child("extension").text_of("valueCode")) : "none";
}

std::string days(const Projection& now, std::string_view payer = municipality) {
  const Projected* item = item_of(now, payer);
  return item ? std::string(tree::root(item->document).child("quantity").text_of("value")) : "none";
}

/// Admitted, ready for discharge at ten o'clock on Monday the 24th and called to a SIP: the first chargeable day is Thursday the
/// 27th.
struct Ready : Story {
  Ready()
      : admission(add(Event::Admission, "2025-03-20T10:00:00+01:00")),
        ready(add(Event::DischargeReady, "2025-03-24T10:00:00+01:00")) {
    from(add(Event::SipInvitation, "2025-03-24T16:00:00+01:00"), clinic(), {hospital(), social(), nursing()});
  }
  Notice& admission;
  Notice& ready;
};

TEST(Charge, GoesThroughItsStatesAsTimeGoesBy) {
  Ready story;
  struct Row {
    const char* now;
    const char* state;
    const char* status;
    const char* days;
  };
  for (const Row& row :
       {Row{"2025-03-24T12:00:00+01:00", "raknar", "planned", "0"}, Row{"2025-03-26T23:59:59+01:00", "raknar", "planned", "0"},
        Row{"2025-03-27T00:00:00+01:00", "betalar", "planned", "0"},
        Row{"2025-03-29T12:00:00+01:00", "betalar", "planned", "2"}}) {
    Projection now = story.project(row.now);
    EXPECT_EQ(state(now), row.state) << row.now;
    EXPECT_EQ(status(now), row.status) << row.now;
    EXPECT_EQ(days(now), row.days) << row.now;
    ASSERT_TRUE(now.next_change);
  }
  EXPECT_EQ(*story.project("2025-03-29T12:00:00+01:00").next_change, moment("2025-03-30T00:00:00+01:00"));

  story.add(Event::Discharge, "2025-03-29T15:00:00+01:00");
  Projection now = story.project("2025-06-01T00:00:00Z");
  EXPECT_EQ(state(now), "stannad");
  EXPECT_EQ(status(now), "billable");
  EXPECT_EQ(days(now), "2");
  std::string text = to_text(item_of(now)->document);
  EXPECT_NE(text.find("start=2025-03-27 end=2025-03-28"), std::string::npos) << text;
  EXPECT_NE(text.find("valueCode=LAW"), std::string::npos) << text;
}

TEST(Charge, IsReadByTheHospitalAndTheMunicipalitysOwnUnitsOnly) {
  Ready story;
  std::vector<std::string> expected{hospital().id, nursing().id, social().id};
  std::sort(expected.begin(), expected.end());
  EXPECT_EQ(item_of(story.project())->parties, expected);
}

TEST(Charge, IsNotThereBeforeAnybodyIsReadyForDischarge) {
  Story story;
  story.add(Event::Admission, "2025-03-20T10:00:00+01:00");
  EXPECT_EQ(status(story.project()), "none");
}

TEST(Charge, IsNobodysBusinessWhileNoAdmissionWasTold) {
  Story story;
  story.add(Event::DischargeReady, "2025-03-24T10:00:00+01:00");
  Projection now = story.project("2025-04-10T00:00:00Z");
  EXPECT_EQ(state(now), "vilar");
  EXPECT_FALSE(now.next_change);
  for (const Party& party : {nursing(), social()})
    EXPECT_FALSE(std::count(item_of(now)->parties.begin(), item_of(now)->parties.end(), party.id));
}

struct EndRow {
  const char* name;
  Event event;
  bool goes_on;
};

class ChargeEnds : public testing::TestWithParam<EndRow> {};

TEST_P(ChargeEnds, WithTheStayAndGoesOnWhenTheEndIsCancelled) {
  Ready story;
  Notice& end = story.add(GetParam().event, "2025-03-29T15:00:00+01:00");
  Projection now = story.project("2025-04-10T00:00:00Z");
  EXPECT_EQ(state(now), GetParam().goes_on ? "betalar" : "stannad");
  EXPECT_EQ(days(now), GetParam().goes_on ? "14" : "2");

  story.cancel(end, "2025-03-30T15:00:00+02:00");
  Projection cancelled = story.project("2025-04-10T00:00:00Z");
  EXPECT_EQ(state(cancelled), "betalar");
  EXPECT_EQ(days(cancelled), "14");
}

INSTANTIATE_TEST_SUITE_P(Events, ChargeEnds,
                         testing::Values(EndRow{"discharge", Event::Discharge, false}, EndRow{"death", Event::Death, false},
                                         EndRow{"interruption", Event::Interruption, false},
                                         EndRow{"withdrawn", Event::DischargeReadyWithdrawn, false},
                                         EndRow{"leave", Event::LeaveStart, true}, EndRow{"transfer", Event::Transfer, true}),
                         [](const auto& each) { return each.param.name; });

TEST(Charge, CountsFromZeroWhenThePatientIsReadyAgain) {
  Ready story;
  story.add(Event::DischargeReadyWithdrawn, "2025-03-26T10:00:00+01:00");
  story.add(Event::DischargeReady, "2025-03-28T10:00:00+01:00");
  EXPECT_EQ(state(story.project("2025-03-29T12:00:00+01:00")), "raknar");
  EXPECT_EQ(days(story.project("2025-04-01T12:00:00+02:00")), "1");
}

TEST(Charge, IsVoidedFromItsStartWhenTheNoticeWasAMistake) {
  Ready story;
  const std::string id = item_of(story.project())->id;
  Notice& cancellation = story.cancel(story.ready, "2025-04-02T10:00:00+02:00");
  Projection now = story.project("2025-04-10T00:00:00Z");
  EXPECT_EQ(item_of(now)->id, id);
  EXPECT_EQ(status(now), "entered-in-error");
  EXPECT_EQ(state(now), "makulerad");
  EXPECT_EQ(days(now), "");
  EXPECT_TRUE(std::count(item_of(now)->parties.begin(), item_of(now)->parties.end(), nursing().id))
      << "who read it must see that it is void";

  // Cancelling a cancellation restores every day.
  story.cancel(cancellation, "2025-04-03T10:00:00+02:00");
  EXPECT_EQ(days(story.project("2025-04-10T00:00:00Z")), "14");
}

TEST(Charge, IsVoidInACancelledCase) {
  Ready story;
  story.cancel(story.admission, "2025-04-02T10:00:00+02:00");
  EXPECT_EQ(status(story.project("2025-04-10T00:00:00Z")), "entered-in-error");
}

TEST(Charge, MovesWithACorrectedTime) {
  Ready story;
  Notice& corrected = story.correct(story.ready, "2025-03-24T11:00:00+01:00");
  corrected.happened = {moment("2025-03-24T12:00:01+01:00"), "2025-03-24T12:00:01+01:00"};
  EXPECT_EQ(days(story.project("2025-04-10T00:00:00Z")), "13");  // one second after noon is a day
}

TEST(Charge, StopsWhenTheMunicipalityHasNoUnitInTheCaseAndIsNobodyElses) {
  Ready story;
  Notice& change = story.add(Event::PartyChanged, "2025-03-26T10:00:00+01:00");
  change.receivers = {clinic(), far_social()};
  Projection now = story.project("2025-04-10T00:00:00Z");
  EXPECT_EQ(state(now), "stannad");
  EXPECT_EQ(days(now), "0");
  EXPECT_EQ(item_of(now, far_municipality), nullptr) << "a receiver is not the one that pays";
  EXPECT_FALSE(std::count(item_of(now)->parties.begin(), item_of(now)->parties.end(), far_social().id));
}

// M7: the municipality that pays became party late. Nobody is liable before both notices were sent to it.
TEST(Charge, StartsForAMunicipalityThatComesLaterWhenItWasSentBothNotices) {
  Ready story;
  for (Notice* each : {&story.admission, &story.ready}) each->person.kommun = "1280";
  const auto to_far = [&](Event event, std::string_view when) {
    Notice& notice = story.add(event, when);
    notice.person.kommun = "1280";
    notice.receivers = {clinic(), far_social()};
  };
  to_far(Event::PartyChanged, "2025-03-26T10:00:00+01:00");
  EXPECT_EQ(days(story.project("2025-04-10T00:00:00Z"), far_municipality), "0");
  to_far(Event::Admission, "2025-03-26T11:00:00+01:00");
  EXPECT_EQ(days(story.project("2025-04-10T00:00:00Z"), far_municipality), "0");
  to_far(Event::DischargeReady, "2025-03-27T11:00:00+01:00");

  Projection now = story.project("2025-04-10T00:00:00Z");
  EXPECT_EQ(now.charges.size(), 1u);
  EXPECT_EQ(state(now, far_municipality), "betalar");
  EXPECT_EQ(days(now, far_municipality), "11");  // free are the 27th, 28th and 29th
}

TEST(Charge, GoesOnWhenAMunicipalityPutsAnotherUnitInItsPlace) {
  Ready story;
  Notice& change = story.add(Event::PartyChanged, "2025-03-26T10:00:00+01:00");
  change.receivers = {clinic(), new_nursing()};
  EXPECT_EQ(days(story.project("2025-04-10T00:00:00Z")), "14");
}

TEST(Charge, IsTheMonthsBusinessWhereTheAverageDecides) {
  Ready story;
  story.policy = average();
  story.add(Event::Discharge, "2025-03-29T15:00:00+01:00");
  Projection now = story.project("2025-04-10T00:00:00Z");
  EXPECT_EQ(status(now), "not-billable");
  EXPECT_EQ(days(now), "5");
  EXPECT_EQ(to_text(item_of(now)->document).find("occurrencePeriod"), std::string::npos);
}

TEST(Charge, IsToldWithTheNoticeThatChangesIt) {
  Ready story;
  Projection before = story.project("2025-03-29T15:00:00+01:00");
  story.add(Event::Discharge, "2025-03-29T15:00:00+01:00");
  Projection after = story.project("2025-03-29T15:00:00+01:00");
  const std::string item = "ChargeItem/" + item_of(after)->id;
  for (const CaseEvent& event : case_events(before, after)) {
    bool names_it = std::count(event.context.begin(), event.context.end(), item) == 1;
    EXPECT_EQ(names_it, event.party != clinic().id && event.event != "task") << event.party;
  }
}

TEST(Charge, DoesNotDependOnTheOrderOfArrival) {
  Ready story;
  story.add(Event::DischargeReadyWithdrawn, "2025-03-26T10:00:00+01:00");
  Notice& again = story.add(Event::DischargeReady, "2025-03-28T10:00:00+01:00");
  story.cancel(again, "2025-03-28T11:00:00+01:00");
  Chain chain = story.chain();
  std::vector<std::size_t> order{0, 1, 2, 3, 4, 5};
  const std::string expected = to_text(story.project(chain, "2025-04-10T00:00:00Z"));
  do {
    Chain shuffled;
    for (std::size_t each : order) shuffled.push_back(chain[each]);
    EXPECT_EQ(to_text(story.project(shuffled, "2025-04-10T00:00:00Z")), expected);
  } while (std::next_permutation(order.begin(), order.end()));
}

// A municipality must be able to read that a charge it saw was a mistake.
TEST(Charge, StaysReadableWhenALateNoticeSaysThatItsClockNeverStarted) {
  Ready story;
  Projection before = story.project("2025-03-25T00:00:00Z");
  const std::vector<std::string> readers = item_of(before, municipality)->parties;

  story.add(Event::Death, "2025-03-22T10:00:00+01:00");
  Projection after = story.project("2025-03-25T00:00:00Z");

  EXPECT_GT(readers.size(), 1u);
  ASSERT_NE(item_of(after, municipality), nullptr);
  EXPECT_EQ(item_of(after, municipality)->parties, readers);
}

// Invariants: a clock runs only while the patient is ready for discharge; no item vanishes; days are never negative.
TEST(Charge, KeepsItsInvariantsOnRandomWalks) {
  SeededRandom random(2017'612);
  const Event events[] = {Event::DischargeReady, Event::DischargeReadyWithdrawn,
                          Event::Discharge,      Event::Interruption,
                          Event::PartyChanged,   Event::LeaveStart,
                          Event::Death,          Event::Transfer};
  for (int walk = 0; walk < 60; ++walk) {
    Story story;
    std::vector<Notice*> notices{&story.add(Event::Admission, "2025-03-20T10:00:00+01:00")};
    std::size_t items = 0;
    for (int step = 1; step < 9; ++step) {
      std::string when = "2025-03-" + std::to_string(20 + step) + "T1" + std::to_string(random.below(9)) + ":00:00+01:00";
      if (random.below(4) == 0) {
        story.cancel(*notices[random.below(notices.size())], when);
      } else {
        notices.push_back(&story.add(events[random.below(8)], when));
        if (random.below(3) == 0) notices.back()->receivers = {clinic(), random.below(2) == 0 ? far_social() : nursing()};
      }
      Projection now = story.project("2025-04-05T00:00:00Z");
      EXPECT_GE(now.charges.size(), items);
      items = now.charges.size();
      for (const ChargeReport& charge : now.charges) {
        EXPECT_GE(charge.reading.days, 0);
        bool runs = charge.reading.state == ClockState::Raknar || charge.reading.state == ClockState::Betalar;
        if (runs) {
          EXPECT_EQ(now.standing.state, State::Utskrivningsklar);
        }
        EXPECT_EQ(runs, charge.reading.next_change.has_value());
      }
    }
  }
}

TEST(BodyOf, IsTheOrganisationThatTheNamesOfUnitsTell) {
  EXPECT_EQ(body_of(nursing()), "SE2120001000");
  EXPECT_EQ(body_of(nursing()), body_of(social()));
  EXPECT_NE(body_of(nursing()), body_of(far_social()));
  Party danish = nursing();
  danish.id = "urn:oid:1.2.208.176.1.1|441211000016002";
  EXPECT_EQ(body_of(danish), danish.id);
}

}  // namespace
}  // namespace vardbron::care
