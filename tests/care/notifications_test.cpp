#include "gateway/care/notifications.h"

#include "tests/care/story.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <vector>

namespace vardbron::care {
namespace {

using enum CaseTaskKind;

std::vector<std::string> to_all(std::string_view event) {
  std::vector<std::string> lines;
  for (const Party& party : {nursing(), social(), clinic()}) lines.push_back(party.id + " " + std::string(event));
  return lines;
}

TEST(CaseEvent, TellsEveryReceiverWithItsOwnCommunicationAndTasks) {
  Story story;
  story.add(Event::Admission, "2025-03-20T10:00:00+01:00");
  Projection now = story.project();

  std::vector<CaseEvent> events = case_events({}, now);

  EXPECT_EQ(notified(events), to_all("admission"));
  EXPECT_FALSE(now.case_key.empty());
  for (const CaseEvent& event : events) {
    EXPECT_EQ(event.focus, "Encounter/" + now.encounter);
    EXPECT_TRUE(event.context[0].starts_with("Communication/"));
    EXPECT_EQ(event.context[1], "Patient/" + now.patient);
    EXPECT_EQ(event.case_key, now.case_key);
    EXPECT_EQ(event.kommuner, now.kommuner);
    EXPECT_EQ(event.context.size(), event.party == clinic().id ? 4u : 3u) << "the clinic also appoints a fast vårdkontakt";
  }
}

TEST(CaseEvent, TellsNothingWhenNothingIsNew) {
  Story story;
  story.add(Event::Admission, "2025-03-20T10:00:00+01:00");
  Projection now = story.project();

  EXPECT_TRUE(case_events(now, now).empty());
  EXPECT_TRUE(what_changed(now, now).empty());
}

TEST(CaseEvent, TellsAPartysWriteToTheOthers) {
  Story story;
  story.add(Event::Admission, "2025-03-20T10:00:00+01:00");
  Projection before = story.project();
  story.write(nursing(), KvitteraInskrivning, "accepted", "2025-03-20T11:00:00+01:00");
  Projection after = story.project();

  std::vector<CaseEvent> events = case_events(before, after);

  std::string task = "Task/" + find_case_task(after, KvitteraInskrivning, nursing())->id;
  ASSERT_EQ(events.size(), 3u);
  for (const CaseEvent& event : events) {
    EXPECT_EQ(event.event, "task");
    EXPECT_EQ(event.focus, task);
    EXPECT_NE(event.party, nursing().id);
  }
}

TEST(CaseEvent, TellsTheHospitalOfAReceipt) {
  Story story;
  Notice& admission = story.add(Event::Admission, "2025-03-20T10:00:00+01:00");
  Projection before = story.project();
  story.receipt(admission, social(), "2025-03-20T10:30:00+01:00");

  EXPECT_EQ(notified(case_events(before, story.project())), std::vector{hospital().id + " receipt"});
}

TEST(CaseEvent, TellsThatATaskIsDoneToWhoeverGetsNoNotice) {
  Story story;
  story.add(Event::Admission, "2025-03-20T10:00:00+01:00");
  Projection before = story.project();
  Notice& notice = story.add(Event::FastVardkontakt, "2025-03-21T10:00:00+01:00");
  notice.receivers = {nursing()};
  notice.contact = Contact{"Bo Exempelsson", "", "1", {}, {}, {}};

  std::vector<std::string> lines = notified(case_events(before, story.project()));

  EXPECT_EQ(lines, (std::vector<std::string>{nursing().id + " fast-vardkontakt", clinic().id + " task"}));
}

TEST(CaseEvent, TellsWhoFellOffACorrectedList) {
  Story story;
  Notice& admission = story.add(Event::Admission, "2025-03-20T10:00:00+01:00");
  Projection before = story.project();
  story.correct(admission, "2025-03-20T10:00:00+01:00").receivers = {clinic(), nursing()};
  Projection after = story.project();

  std::vector<CaseEvent> events = case_events(before, after);

  EXPECT_FALSE(may_see(after, social()));
  auto lost = std::find_if(events.begin(), events.end(), [](const CaseEvent& one) { return one.party == social().id; });
  ASSERT_NE(lost, events.end());
  EXPECT_EQ(lost->event, "nullified");
  EXPECT_EQ(lost->about, "admission");
  EXPECT_TRUE(lost->focus.starts_with("Communication/"));
}

TEST(CaseEvent, SaysWhatACorrectionAndACancellationAreAbout) {
  Story story;
  story.add(Event::Admission, "2025-03-20T10:00:00+01:00");
  Notice& discharge = story.add(Event::Discharge, "2025-03-22T10:00:00+01:00");
  Projection first = story.project();
  story.correct(discharge, "2025-03-22T11:00:00+01:00");
  Projection second = story.project();
  story.cancel(discharge, "2025-03-22T12:00:00+01:00");

  CaseEvent corrected = case_events(first, second).front();
  CaseEvent cancelled = case_events(second, story.project()).front();

  EXPECT_EQ(corrected.event + " " + corrected.about, "corrected discharge");
  EXPECT_EQ(cancelled.event + " " + cancelled.about, "nullified discharge");
}

TEST(CaseEvent, NamesOnlyTheResourcesThatChanged) {
  Story story;
  Notice& admission = story.add(Event::Admission, "2025-03-20T10:00:00+01:00");
  Projection before = story.project();
  story.receipt(admission, social(), "2025-03-20T10:30:00+01:00");
  Projection after = story.project();

  std::vector<std::string> types;
  for (std::size_t index : what_changed(before, after)) types.push_back(after.resources[index].type);

  EXPECT_EQ(types, (std::vector<std::string>{"Encounter", "Communication", "Communication", "Task"}));
}

TEST(Outline, TellsTheSameAsTheCaseItOutlines) {
  Story story;
  Notice& admission = story.add(Event::Admission, "2025-03-20T10:00:00+01:00");
  story.add(Event::PartyChanged, "2025-03-20T11:00:00+01:00").receivers = {clinic(), far_social()};
  story.receipt(admission, nursing(), "2025-03-20T12:00:00+01:00");
  from(story.add(Event::FastVardkontakt, "2025-03-20T13:00:00+01:00"), clinic(), {}).contact = Contact{"Bo Lind", "", "1"};
  from(story.add(Event::SipInvitation, "2025-03-20T14:00:00+01:00"), clinic(), {});
  story.add(Event::DischargeReady, "2025-03-21T10:00:00+01:00");
  Notice& death = story.add(Event::Death, "2025-03-22T10:00:00+01:00");
  story.cancel(death, "2025-03-22T11:00:00+01:00");
  story.cancel(admission, "2025-03-23T11:00:00+01:00");

  const WallTime now = moment("2025-03-26T00:00:00Z");
  const Chain all = story.chain();
  Chain chain;
  Projection before, outlined;
  for (const Link& link : all) {
    chain.push_back(link);
    Projection after = project(chain, story.policy, now, r4().names());
    EXPECT_EQ(case_events(outlined, after), case_events(before, after));

    outlined = outline(chain, story.policy, now, r4().names());
    ASSERT_EQ(outlined.resources.size(), after.resources.size());
    for (std::size_t index = 0; index < after.resources.size(); ++index) {
      EXPECT_EQ(outlined.resources[index].type + "/" + outlined.resources[index].id,
                after.resources[index].type + "/" + after.resources[index].id);
      EXPECT_EQ(outlined.resources[index].parties, after.resources[index].parties);
      EXPECT_EQ(to_text(outlined.resources[index].document), "") << outlined.resources[index].type;
    }
    EXPECT_EQ(outlined.next_change, after.next_change);
    before = std::move(after);
  }
}

}  // namespace
}  // namespace vardbron::care
