#include "gateway/care/person/stay_view.h"
#include "gateway/formats/json/parse.h"
#include "gateway/formats/json/write.h"
#include "tests/care/scenario.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <functional>

namespace vardbron::care {
namespace {

StayView again(const StayView& view) {
  const tree::Document document = write_stay_view(view, r4().names());
  Result<StayView> read = read_stay_view(document);
  CHECK(read);
  return *std::move(read);
}

/// A stay of which everything is known.
StayView whole() {
  Start start;
  start.n1.person.related = {{"Bo Exempel", "070-000 00 00", "narstaende", "son"}};
  Notice& contact = start.party(vc07(), Event::FastVardkontakt, "2026-03-11T10:00:00");
  contact.contact =
      Contact{"Bo Lind", "010-000 00 00", "1", "2026-03-01T10:00:00+01:00", "", {{"urn:x", "17"}}, "Team 1", "010-2"};
  start.n6("2026-03-12T10:00:00");
  start.out("2026-03-17T12:00:00");
  return start.later().stay;
}

TEST(StayView, IsReadAsItWasWritten) {
  const StayView view = whole();
  ASSERT_EQ(view.contacts.size(), 1u);
  ASSERT_FALSE(view.person.addresses.empty());
  ASSERT_FALSE(view.until.empty());
  ASSERT_GT(view.viewers.size(), 2u);
  EXPECT_EQ(again(view), view);

  StayView left = view;
  left.has_left_patient = true;
  EXPECT_EQ(again(left), left);

  StayView of_nobody;
  of_nobody.case_key = "a|b";
  of_nobody.hospitals = {"SE2321990018-MED5"};
  EXPECT_EQ(again(of_nobody), of_nobody);
}

TEST(StayView, KeepsWhenTheDeathWasNotedAndTakesTheNewestNoticeForItInLinksOfBefore) {
  StayView view = whole();
  view.person.deceased = true;
  view.death_noted = view.said - std::chrono::hours(5);
  EXPECT_EQ(again(view), view);
  std::string text = json::write(write_stay_view(view, r4().names()));
  const std::size_t at = text.find(R"("deathNoted":)");
  ASSERT_NE(at, std::string::npos);
  text.erase(at, text.find(',', at) + 1 - at);
  const Result<StayView> of_before = read_stay_view(*json::parse(text, r4().names()));
  ASSERT_TRUE(of_before);
  EXPECT_EQ(of_before->death_noted, view.said);
}

TEST(StayView, SaysWhichChainsItHasReadBesideItsOwn) {
  const std::vector<ReadChain> joined{{"person|1", 17}, {"person|2", 1}};
  const tree::Document document = write_stay_view(whole(), r4().names(), Protection::None, joined);
  EXPECT_EQ(read_joined(document), joined);
  EXPECT_EQ(*read_stay_view(document), whole());
  EXPECT_TRUE(read_joined(write_stay_view(whole(), r4().names())).empty());
}

TEST(StayView, KeepsAProtectedPersonWithoutPlace) {
  StayView view = whole();
  view.person.protection = Protection::Sekretessmarkering;
  const StayView read = again(view);
  EXPECT_EQ(read.person.protection, Protection::Sekretessmarkering);
  EXPECT_TRUE(read.person.addresses.empty());
  EXPECT_TRUE(read.person.kommun.empty());
}

TEST(StayView, WhatIsNoneIsRefused) { EXPECT_FALSE(read_stay_view(tree::Document(r4().names()))); }

TEST(StayView, WhatOtherCasesReadConcernsThemAndTheRestDoesNot) {
  struct Row {
    const char* what;
    std::function<void(StayView&)> changed;
    bool concerns_open, concerns_earlier;  ///< one that began after this stay and goes on; one that ended before it
  };
  const StayView before = whole();
  StayView open = before, earlier = before;
  open.since = "2026-03-18T10:00:00+01:00";
  open.until.clear();
  earlier.since = "2026-02-01T10:00:00+01:00";
  earlier.until = "2026-02-03T10:00:00+01:00";
  for (const Row& row :
       {Row{"nothing", [](StayView&) {}, false, false},
        Row{"name", [](StayView& view) { view.person.family = "Annan"; }, false, false},
        Row{"address", [](StayView& view) { view.person.addresses.clear(); }, false, false},
        Row{"time", [](StayView& view) { view.said += std::chrono::hours(1); }, false, false},
        Row{"protection", [](StayView& view) { view.person.protection = Protection::SkyddadFolkbokforing; }, true, true},
        Row{"death", [](StayView& view) { view.person.deceased = true; }, true, true},
        Row{"number", [](StayView& view) { view.person.identifiers.clear(); }, true, false},
        Row{"discharge", [](StayView& view) { view.until.clear(); }, true, false},
        Row{"readers", [](StayView& view) { view.viewers.pop_back(); }, true, false},
        Row{"contact", [](StayView& view) { view.contacts[0].until = "2026-03-18"; }, true, true},
        Row{"time of death", [](StayView& view) { view.death_noted += std::chrono::hours(1); }, false, false},
        Row{"time of death",
            [](StayView& view) {
              view.person.deceased = true;
              view.death_noted += std::chrono::hours(1);
            },
            true, true}}) {
    StayView after = before;
    row.changed(after);
    EXPECT_EQ(concerns(before, after, open), row.concerns_open) << row.what;
    EXPECT_EQ(concerns(before, after, earlier), row.concerns_earlier) << row.what;
  }
}

// The person's other cases read what this one's own notices say: what they say of it must not come back.
TEST(StayView, IsOfTheCasesOwnNoticesAlone) {
  Start alone, with_others;
  for (Start* each : {&alone, &with_others})
    each->party(vc07(), Event::FastVardkontakt, "2026-03-11T10:00:00").contact = Contact{"Bo Lind", "010-000 00 00", "1"};
  const StayView own = alone.later().stay;
  StayView other = whole();
  other.case_key = "urn:x|other";
  other.person.protection = Protection::Sekretessmarkering;
  other.person.deceased = true;
  other.person.deceased_at = "2026-03-18T10:00:00+01:00";
  other.contacts.at(0).since = "2026-03-01T10:00:00+01:00";
  with_others.person.others = {other};
  EXPECT_EQ(with_others.later().contacts.at(0).appointment->since, "2026-03-01T10:00:00+01:00");
  EXPECT_EQ(with_others.later().contacts.at(0).appointment->until, "2026-03-18T10:00:00+01:00");
  EXPECT_EQ(with_others.later().stay, own);
}

}  // namespace
}  // namespace vardbron::care
