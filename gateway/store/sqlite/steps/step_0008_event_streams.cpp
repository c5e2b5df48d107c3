// Tested by tests/system/store/sqlite/schema_test.cpp.

#include "gateway/store/sqlite/event_pack.h"
#include "gateway/store/sqlite/pack.h"
#include "gateway/store/sqlite/steps/steps.h"

#include <string>
#include <vector>

namespace vardbron::store {

namespace {

// `event` was one row for each subscription and event. Now
//  * event_content: what happened, once for all who are notified; `events` rows of `event` name it.
//  * stream: an audience whose members get the same events; `rows` of its numbers up to `events` are still there.
//  * event_segment: from its event `first` until the next segment a subscription's events are those of the stream, whose numbers
//    are `before` higher. The last one ends with the stream if the subscription follows it (subscription.stream), else with
//    subscription.events; of one that follows a stream that column is the number before the segment.
//  * word: topics, and types of resources. Ids that are UUIDs are 16 bytes.
constexpr const char* tables = R"sql(
ALTER TABLE event RENAME TO event_before;
ALTER TABLE subscription RENAME TO subscription_before;
CREATE TABLE subscription(number INTEGER PRIMARY KEY, id BLOB NOT NULL UNIQUE, status TEXT NOT NULL, events INTEGER NOT NULL,
  delivered INTEGER NOT NULL, error TEXT NOT NULL, under_way INTEGER NOT NULL, hold INTEGER NOT NULL, stream INTEGER NOT NULL);
CREATE TABLE stream(number INTEGER PRIMARY KEY, name TEXT NOT NULL, events INTEGER NOT NULL, rows INTEGER NOT NULL);
CREATE TABLE event(stream INTEGER NOT NULL, number INTEGER NOT NULL, content INTEGER NOT NULL, topic INTEGER NOT NULL,
  PRIMARY KEY(stream, number)) WITHOUT ROWID;
CREATE TABLE event_content(number INTEGER PRIMARY KEY, events INTEGER NOT NULL, at INTEGER NOT NULL, patient_case TEXT NOT NULL,
  resources BLOB NOT NULL);
CREATE TABLE event_segment(subscription INTEGER NOT NULL, first INTEGER NOT NULL, stream INTEGER NOT NULL,
  before INTEGER NOT NULL, PRIMARY KEY(subscription, first)) WITHOUT ROWID;
CREATE TABLE dead_letter(subscription INTEGER NOT NULL, number INTEGER NOT NULL, reason TEXT NOT NULL,
  PRIMARY KEY(subscription, number)) WITHOUT ROWID;
CREATE TABLE word(number INTEGER PRIMARY KEY, text TEXT NOT NULL);
)sql";

void carry_subscriptions(Database& database) {
  Statement rows = database.prepare("SELECT number, id FROM subscription_before");
  Statement insert = database.prepare(
      "INSERT INTO subscription SELECT number, ?, status, 0, delivered, error, under_way, hold, iif(events>0, number, 0) FROM "
      "subscription_before WHERE number=?");
  rows.query();
  while (rows.next()) {
    const StoredId id(rows.text(1));
    if (id.is_binary()) {
      insert.run(Blob{id.bytes()}, rows.integer(0));
    } else {
      insert.run(id.bytes(), rows.integer(0));
    }
  }
}

// Each subscription has a stream of its own, in which its numbers stay as they are.
void carry_streams(Database& database) {
  database.execute(
      "INSERT INTO stream SELECT number, id, events, (SELECT count(*) FROM event_before WHERE subscription=kept.number) FROM "
      "subscription_before AS kept WHERE events>0");
  database.execute("INSERT INTO event_segment SELECT number, 1, number, 0 FROM subscription_before WHERE events>0");
  database.execute(
      "INSERT INTO dead_letter SELECT subscription, number, reason FROM event_before WHERE dead<>0 AND subscription IN (SELECT "
      "number FROM stream)");
}

void carry_events(Database& database, StepContext& context) {
  const std::int64_t total = database.number("SELECT count(*) FROM event_before");
  Statement rows = database.prepare(
      "SELECT subscription, number, at, topic, patient_case, focus, context FROM event_before WHERE subscription IN (SELECT "
      "number FROM stream) ORDER BY subscription, number");
  Statement event = database.prepare("INSERT INTO event(stream, number, content, topic) VALUES(?,?,?,?)");
  Statement content =
      database.prepare("INSERT INTO event_content(number, events, at, patient_case, resources) VALUES(?,1,?,?,?)");
  EventWords words(database);
  std::int64_t carried = 0;
  rows.query();
  while (rows.next()) {
    std::vector<std::string> resources = split_lines(rows.text(6));
    resources.insert(resources.begin(), rows.string(5));
    const std::string packed = pack_references(resources, words);
    content.run(++carried, rows.integer(2), rows.text(4), Blob{packed});
    event.run(rows.integer(0), rows.integer(1), carried, words.number_of(rows.text(3)));
    context.progress(carried, total);
  }
}

}  // namespace

// Subscriptions of one organisation that ask for the same events no longer have a row each.
Result<void> add_event_streams(Database& database, StepContext& context) {
  database.execute(tables);
  carry_subscriptions(database);
  carry_streams(database);
  carry_events(database, context);
  database.execute("DROP TABLE event_before");
  database.execute("DROP TABLE subscription_before");
  return done();
}

}  // namespace vardbron::store
