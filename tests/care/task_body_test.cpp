#include "gateway/care/task_body.h"

#include "gateway/base/limits.h"
#include "json_text.h"
#include "tests/care/story.h"

#include <gtest/gtest.h>

#include <string>

// Concern: each element that a party writes into a Task is kept or refused by name.
namespace vardbron::care {
namespace {

const WallTime now = moment("2025-03-20T10:00:00Z");

std::string a_task(const std::string& more, const std::string& status = "accepted") {
  return "{'resourceType': 'Task', 'id': 't1', 'status': '" + status + "', 'intent': 'order', 'owner': {'display': 'x'}" +
         (more.empty() ? "" : ", " + more) + "}";
}

Result<Write> read(const std::string& put, const std::string& current = a_task("")) {
  const tree::Document known = from_json(current);
  return read_task(from_json(put), {known}, social().id, now);
}

TEST(TaskBody, TellsTheStatusAndWhyItIsSo) {
  Result<Write> write = read(a_task("'statusReason': {'text': 'okänd'}", "rejected"));

  ASSERT_TRUE(write);
  EXPECT_EQ(write->task, "t1");
  EXPECT_EQ(write->status, "rejected");
  EXPECT_EQ(write->reason, "okänd");
  EXPECT_EQ(write->organisation, social().id);
  EXPECT_EQ(write->at.text, "2025-03-20T11:00:00+01:00");
}

TEST(TaskBody, SaysWhatATaskLacks) {
  EXPECT_EQ(read("{'resourceType': 'Patient'}").failure().where, "Task");
  EXPECT_EQ(read("{'resourceType': 'Task', 'status': 'accepted'}").failure().where, "Task.id");
  EXPECT_EQ(read("{'resourceType': 'Task', 'id': 't'}").failure().where, "Task.status");
}

TEST(TaskBody, ThatIsAsItWasReadWishesNothing) {
  const std::string task = a_task("'note': [{'text': 'a', 'time': '2025-03-01'}], 'statusReason': {'text': 'okänd'}");
  EXPECT_TRUE(is_empty(*read(task, task)));
  EXPECT_TRUE(is_empty(*read("{'status': 'accepted', 'id': 't1', 'resourceType': 'Task'}", task))) << "what is left out stays";
}

TEST(TaskBody, OfAnEarlierVersionIsHeldToThatVersion) {
  const tree::Document current = from_json(a_task("'priority': 'urgent', 'note': [{'text': 'a'}, {'text': 'b'}]"));
  const tree::Document earlier = from_json(a_task("'priority': 'routine', 'note': [{'text': 'a'}]"));
  const tree::Document put = from_json(a_task("'priority': 'routine', 'note': [{'text': 'a'}, {'text': 'c'}]"));

  EXPECT_EQ(read_task(put, {current}, social().id, now).failure().where, "Task.priority");
  Result<Write> write = read_task(put, {current, &earlier}, social().id, now);

  ASSERT_TRUE(write) << write.failure().says;
  ASSERT_EQ(write->notes.size(), 1u);
  EXPECT_EQ(write->notes[0].text, "c");
}

TEST(TaskBody, NewNotesAreAddedToTheEarlierOnes) {
  const std::string earlier = "{'authorString': 'Eva', 'time': '2025-03-01', 'text': 'a'}";
  const std::string task = a_task("'note': [" + earlier + ", {'text': 'b'}]");
  struct Row {
    std::string notes;
    std::size_t is_new;
  };
  for (const Row& row : {Row{"{'text': 'c'}", 1}, Row{earlier + ", {'text': 'b'}, {'text': 'c'}, {'text': 'd'}", 2},
                         Row{"{'text': 'c'}, {'text': 'c'}", 2}, Row{"{'text': 'b'}, " + earlier, 0},
                         Row{"{'text': 'b'}, {'text': 'a'}, {'text': 'a'}", 1}}) {
    Result<Write> write = read(a_task("'note': [" + row.notes + "]"), task);
    ASSERT_TRUE(write) << row.notes << write.failure().says;
    EXPECT_EQ(write->notes.size(), row.is_new) << row.notes;
  }
  for (const std::string& notes : {earlier, earlier + ", {'text': 'c'}", std::string("{'text': 'b'}, {'text': 'A'}")})
    EXPECT_EQ(read(a_task("'note': [" + notes + "]"), task).failure().where, "Task.note") << notes;
}

TEST(TaskBody, ANoteIsItsOrganisationsAndSaysWhen) {
  Result<Write> write =
      read(a_task("'note': [{'text': 'a'}, {'text': 'b', 'time': '2025-03-01', 'authorString': 'Eva'}, {'text': 'c', "
                  "'authorReference': {'identifier': {'system': 'urn:oid:1.2.752.29.4.19', 'value': '" +
                  social().id + "'}, 'display': 'Enhet 2'}}]"));
  ASSERT_TRUE(write) << write.failure().says;
  EXPECT_EQ(write->notes, (std::vector<Note>{{"a", "", true, social().id, "2025-03-20T11:00:00+01:00"},
                                             {"b", "Eva", false, social().id, "2025-03-01"},
                                             {"c", "Enhet 2", true, social().id, "2025-03-20T11:00:00+01:00"}}));
}

TEST(TaskBody, WhatIsNotKeptIsRefusedByItsName) {
  const std::string big(limits::task_text_bytes_max + 1, 'x');
  struct Row {
    std::string put, where;
  };
  for (const Row& row :
       {Row{"'note': [{'text': 'a', 'authorReference': {'reference': 'Practitioner/1'}}]",
            "Task.note[0].authorReference.reference"},
        Row{"'note': [{'text': 'a', 'authorReference': {'identifier': {'value': 'SE2321990018-MED5'}}}]",
            "Task.note[0].authorReference.identifier"},
        Row{"'note': [{'text': 'a'}, {'authorString': 'Eva'}]", "Task.note[1].text"},
        Row{"'note': [{'text': '" + big + "'}]", "Task.note[0].text"},
        Row{"'note': [{'text': 'a', '_text': {'extension': [{'url': 'u'}]}}]", "Task.note[0].text.extension"},
        Row{"'statusReason': {'text': '" + big + "'}", "Task.statusReason.text"},
        Row{"'statusReason': {'coding': [{'code': 'a'}, {'id': 'b'}]}", "Task.statusReason.coding[1].id"},
        Row{"'_status': {'extension': [{'url': 'u'}]}", "Task.status.extension"}, Row{"'owner': {'display': 'y'}", "Task.owner"},
        Row{"'meta': {'tag': [{'code': 'x'}]}", "Task.meta.tag"}, Row{"'output': [{'valueString': 'x'}]", "Task.output[0]"},
        Row{"'statusReason': [{'text': 'a'}, {'text': 'b'}]", "Task.statusReason[1]"}}) {
    std::string task = a_task(row.put);
    if (row.where == "Task.owner") task.erase(task.find(", 'owner'"), 27);
    Result<Write> write = read(task);
    ASSERT_FALSE(write) << row.where;
    EXPECT_EQ(write.failure().where, row.where);
    EXPECT_EQ(write.failure().cause, Cause::Unsupported);
  }
}

TEST(TaskBody, ATaskHasNoMoreNotesThanItsLimit) {
  std::string notes;
  for (std::size_t each = 0; each < limits::notes_per_task_max; ++each)
    notes += (notes.empty() ? "{'text': '" : ", {'text': '") + std::to_string(each) + "'}";
  const std::string full = a_task("'note': [" + notes + "]");
  EXPECT_EQ(read(full)->notes.size(), limits::notes_per_task_max);
  EXPECT_EQ(read(a_task("'note': [{'text': 'more'}]"), full).failure().where, "Task.note");
}

}  // namespace
}  // namespace vardbron::care
