#include "gateway/care/chain/write.h"
#include "gateway/fhir/check.h"
#include "json_text.h"
#include "tests/care/story.h"

#include <gtest/gtest.h>

#include <string>

namespace vardbron::care {
namespace {

using enum CaseTaskKind;

TEST(Write, IsKeptAsAParametersResourceAndReadBack) {
  Write write{
      "w1", "5f0c", "rejected", "fel mottagare", social().id, {moment("2025-03-20T10:00:00+01:00"), "2025-03-20T10:00:00+01:00"}};

  tree::Document kept = to_document(write, r4().names());

  EXPECT_TRUE(is_write(kept));
  EXPECT_TRUE(fhir::check(kept, r4()).empty());
  Result<Write> again = read_write(kept);
  ASSERT_TRUE(again) << again.failure().says;
  EXPECT_EQ(*again, write);
}

TEST(Write, OfNotesAloneIsKeptAndReadBackToo) {
  Write write{"w1", "5f0c", "", "", social().id, {moment("2025-03-20T10:00:00+01:00"), "2025-03-20T10:00:00+01:00"}};
  write.reason_codes = {{"urn:test", "1", "a", "Alfa", "true"}, {"", "", "b", "", ""}};
  write.notes = {{"ring först", "", true, social().id, "2025-03-20T10:00:00+01:00"},
                 {"bärs ner", "Eva", false, social().id, "2025-03-20"},
                 {"klart", "Enhet 2", true, social().id, "2025"}};

  tree::Document kept = to_document(write, r4().names());

  EXPECT_TRUE(fhir::check(kept, r4()).empty());
  Result<Write> again = read_write(kept);
  ASSERT_TRUE(again) << again.failure().says;
  EXPECT_EQ(*again, write);
  EXPECT_FALSE(read_write(from_json("{'resourceType': 'Parameters'}")));
}

Story admitted() {
  Story story;
  story.add(Event::Admission, "2025-03-20T10:00:00+01:00");
  return story;
}

TEST(Write, MovesTheTaskAndTheCase) {
  Story story = admitted();
  EXPECT_EQ(story.project().standing.state, State::Inskriven);

  story.write(nursing(), KvitteraInskrivning, "accepted", "2025-03-20T11:00:00+01:00");

  Projection now = story.project();
  EXPECT_EQ(status_of(now, KvitteraInskrivning, nursing()), "accepted");
  EXPECT_EQ(status_of(now, KvitteraInskrivning, social()), "requested");
  EXPECT_EQ(now.standing.state, State::Planeras);
}

TEST(Write, RejectingANoticeDoesNotStartThePlanning) {
  Story story = admitted();

  story.write(social(), KvitteraInskrivning, "rejected", "2025-03-20T11:00:00+01:00");

  Projection now = story.project();
  EXPECT_EQ(now.standing.state, State::Inskriven);
  EXPECT_TRUE(has_finding(now, "receiver-rejects"));
}

// Concern: a write accepted by the API must hold, even if the hospital's clock is ahead of ours.
TEST(Write, HoldsEvenWhenItIsDatedBeforeTheNotice) {
  Story story = admitted();

  story.write(nursing(), KvitteraInskrivning, "completed", "2025-03-20T09:59:00+01:00");

  EXPECT_EQ(status_of(story.project(), KvitteraInskrivning, nursing()), "completed");
}

TEST(Write, IsCheckedBeforeItIsTaken) {
  Story story = admitted();
  Projection now = story.project();
  Write write{"w", find_case_task(now, KvitteraInskrivning, nursing())->id, "accepted", "", nursing().id, {}};
  EXPECT_TRUE(check_write(now, write));

  write.status = "cancelled";
  EXPECT_EQ(check_write(now, write).failure().cause, Cause::Conflict);
  write.status = "accepted";
  write.organisation = social().id;
  EXPECT_EQ(check_write(now, write).failure().cause, Cause::Forbidden) << "another party's Task";
  write.organisation = nursing().id;
  write.task = "none";
  EXPECT_EQ(check_write(now, write).failure().cause, Cause::NotFound);
}

Write remark_on(const Projection& now, const Party& by, std::string status, std::string text, std::string_view when) {
  const std::string at(when);
  Write write{"w-" + text, find_case_task(now, KvitteraInskrivning, by)->id, std::move(status), "", by.id, {moment(when), at}};
  write.notes = {{std::move(text), "", true, by.id, at}};
  return write;
}

TEST(Write, ANoteIsReadOnTheTaskAndToldToTheOthersThoughItsStatusStays) {
  Story story = admitted();
  Projection before = story.project();
  Chain chain = story.chain();
  chain.push_back(remark_on(before, nursing(), "", "ring hemmet först", "2025-03-20T11:00:00+01:00"));

  Projection now = story.project(chain);

  EXPECT_EQ(status_of(now, KvitteraInskrivning, nursing()), "requested");
  const Projected* task = find_resource(now, "Task", "ring hemmet först");
  ASSERT_NE(task, nullptr);
  EXPECT_NE(to_text(task->document).find(nursing().name), std::string::npos);
  EXPECT_TRUE(fhir::check(task->document, r4()).empty());
  const std::vector<std::string> events = notified(case_events(before, now));
  EXPECT_EQ(events.size(), now.parties.size() - 1) << "everybody but who wrote";
}

TEST(Write, ANoteIsKeptWhereTheStatusItCameWithDoesNotHold) {
  Story story = admitted();
  const Projection before = story.project();
  Chain chain = story.chain();
  chain.push_back(remark_on(before, nursing(), "accepted", "vi kommer", "2025-03-20T11:00:00+01:00"));
  chain.push_back(remark_on(before, nursing(), "rejected", "inte vi", "2025-03-20T10:30:00+01:00"));

  Projection now = story.project(chain);

  EXPECT_EQ(status_of(now, KvitteraInskrivning, nursing()), "rejected");
  EXPECT_TRUE(has_finding(now, "write-not-allowed"));
  EXPECT_NE(find_resource(now, "Task", "vi kommer"), nullptr);
  EXPECT_NE(find_resource(now, "Task", "inte vi"), nullptr);
}

TEST(Write, ToAStrangersTaskChangesNothing) {
  Story story = admitted();
  std::string task = find_case_task(story.project(), KvitteraInskrivning, nursing())->id;
  Chain chain = story.chain();
  chain.push_back(
      Write{"w", task, "accepted", "", far_social().id, {moment("2025-03-20T11:00:00+01:00"), "2025-03-20T11:00:00+01:00"}});

  Projection now = story.project(chain);

  EXPECT_EQ(status_of(now, KvitteraInskrivning, nursing()), "requested");
  EXPECT_TRUE(has_finding(now, "write-unknown-task"));
}

}  // namespace
}  // namespace vardbron::care
