#include "gateway/care/write.h"

#include "gateway/fhir/check.h"
#include "json_text.h"
#include "tests/care/story.h"

#include <gtest/gtest.h>

#include <string>

namespace vardbron::care {
namespace {

using enum TodoKind;

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

TEST(Write, IsReadFromTheTaskThatAPartyPuts) {
  Result<Write> write = read_task(
      from_json(
          R"({"resourceType": "Task", "id": "t1", "status": "rejected", "statusReason": {"text": "okänd"}, "intent": "order"})"),
      social().id, moment("2025-03-20T10:00:00Z"));

  ASSERT_TRUE(write);
  EXPECT_EQ(write->task, "t1");
  EXPECT_EQ(write->status, "rejected");
  EXPECT_EQ(write->reason, "okänd");
  EXPECT_EQ(write->organisation, social().id);
  EXPECT_EQ(write->at.text, "2025-03-20T11:00:00+01:00");
}

TEST(Write, SaysWhatATaskLacks) {
  WallTime now = moment("2025-03-20T10:00:00Z");
  EXPECT_EQ(read_task(from_json("{'resourceType': 'Patient'}"), "x", now).failure().where, "Task");
  EXPECT_EQ(read_task(from_json("{'resourceType': 'Task', 'status': 'accepted'}"), "x", now).failure().where, "Task.id");
  EXPECT_EQ(read_task(from_json("{'resourceType': 'Task', 'id': 't'}"), "x", now).failure().where, "Task.status");
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

// Concern: the hospital's clock runs before ours; what the API accepted must hold.
TEST(Write, HoldsEvenWhenItIsDatedBeforeTheNotice) {
  Story story = admitted();

  story.write(nursing(), KvitteraInskrivning, "completed", "2025-03-20T09:59:00+01:00");

  EXPECT_EQ(status_of(story.project(), KvitteraInskrivning, nursing()), "completed");
}

TEST(Write, IsCheckedBeforeItIsTaken) {
  Story story = admitted();
  Projection now = story.project();
  Write write{"w", find_todo(now, KvitteraInskrivning, nursing())->id, "accepted", "", nursing().id, {}};
  EXPECT_TRUE(check_write(now, write));

  write.status = "cancelled";
  EXPECT_EQ(check_write(now, write).failure().cause, Cause::Conflict);
  write.status = "accepted";
  write.organisation = social().id;
  EXPECT_EQ(check_write(now, write).failure().cause, Cause::NotFound) << "another party's Task";
  write.organisation = nursing().id;
  write.task = "none";
  EXPECT_EQ(check_write(now, write).failure().cause, Cause::NotFound);
}

TEST(Write, ToAStrangersTaskChangesNothing) {
  Story story = admitted();
  std::string task = find_todo(story.project(), KvitteraInskrivning, nursing())->id;
  Chain chain = story.chain();
  chain.push_back(
      Write{"w", task, "accepted", "", far_social().id, {moment("2025-03-20T11:00:00+01:00"), "2025-03-20T11:00:00+01:00"}});

  Projection now = story.project(chain);

  EXPECT_EQ(status_of(now, KvitteraInskrivning, nursing()), "requested");
  EXPECT_TRUE(has_finding(now, "write-unknown-task"));
}

}  // namespace
}  // namespace vardbron::care
