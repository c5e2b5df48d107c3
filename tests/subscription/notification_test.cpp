#include "gateway/subscription/notification.h"

#include "gateway/base/check.h"
#include "gateway/base/limits.h"
#include "gateway/base/random.h"
#include "gateway/formats/json/parse.h"
#include "r4.h"

#include <gtest/gtest.h>

namespace vardbron::subscription {
namespace {

using namespace std::chrono_literals;

constexpr WallTime now{1'774'692'000'000ms};

Subscription subscription(Content content) {
  Subscription made;
  made.id = "s1";
  made.topic = find_topic_code("discharge");
  made.criteria = made.topic->canonical;
  made.content = content;
  return made;
}

Shown here(const std::string& type, const std::string& id, std::int64_t version = 1) {
  Shown shown;
  shown.as = Shown::As::Here;
  shown.reference = type + "/" + id;
  shown.resource = {type, id, version, now, false, "", R"({"resourceType":")" + type + R"(","id":")" + id + "\"}"};
  return shown;
}

ShownEvent event(std::int64_t number, Shown focus, std::vector<Shown> context = {}) {
  return {number, now, std::move(focus), std::move(context)};
}

struct Written {
  std::string json;
  tree::Document document;
  tree::Item root() const { return tree::root(document); }
};

Written read(std::string json) {
  Result<tree::Document> document = json::parse(json, r4().names());
  CHECK(document);
  return {std::move(json), std::move(*document)};
}

Written notification(Content content, std::vector<ShownEvent> events, NotificationType type = NotificationType::EventNotification,
                     Status status = Status::Active) {
  Subscription made = subscription(content);
  StatusFacts facts{&made, status, type, 12, ""};
  return read(BundleWriter("https://gw.example/fhir").notification(facts, events, "b1", now).json);
}

std::vector<tree::Item> list(tree::Item parent, std::string_view name) {
  std::vector<tree::Item> found;
  for (tree::Item child = parent.first_child(); child; child = child.next()) {
    if (child.name_text() == name) found.push_back(child);
  }
  return found;
}

std::vector<std::string> parameter_names(tree::Item parameters) {
  std::vector<std::string> names;
  for (tree::Item parameter : list(parameters, "parameter")) names.emplace_back(parameter.text_of("name"));
  return names;
}

std::vector<std::string> part_names(tree::Item parameters) {
  std::vector<std::string> names;
  for (tree::Item parameter : list(parameters, "parameter")) {
    for (tree::Item part : list(parameter, "part")) names.emplace_back(part.text_of("name"));
  }
  return names;
}

using Names = std::vector<std::string>;

// Source: backport guide N1 to N3, N5; R4 Bundle bdl-3, bdl-4.
TEST(Notification, IsAHistoryBundleWithTheStatusFirst) {
  Written bundle = notification(Content::IdOnly, {event(11, here("Encounter", "e1")), event(12, here("Task", "t1", 3))});

  EXPECT_EQ(bundle.root().text_of("type"), "history");
  EXPECT_EQ(bundle.root().text_of("id"), "b1");
  EXPECT_EQ(bundle.root().text_of("timestamp"), "2026-03-28T10:00:00.000Z");
  std::vector<tree::Item> entries = list(bundle.root(), "entry");
  ASSERT_EQ(entries.size(), 3u);
  tree::Item parameters = entries[0].child("resource");
  EXPECT_EQ(parameters.text_of("resourceType"), "Parameters");
  EXPECT_EQ(parameters.child("meta").text_of("profile"),
            "http://hl7.org/fhir/uv/subscriptions-backport/StructureDefinition/backport-subscription-status-r4");
  EXPECT_EQ(parameter_names(parameters), (Names{"subscription", "topic", "status", "type", "events-since-subscription-start",
                                                "notification-event", "notification-event"}));
  EXPECT_EQ(entries[0].child("request").text_of("url"), "https://gw.example/fhir/Subscription/s1/$status");
  for (tree::Item entry : entries) {
    EXPECT_NE(entry.child("request").text_of("method"), "");
    EXPECT_NE(entry.child("response").text_of("status"), "");
    EXPECT_NE(entry.text_of("fullUrl"), "");
  }
}

TEST(Notification, NumbersEventsAsStrings) {
  Written bundle = notification(Content::IdOnly, {event(12, here("Encounter", "e1"))});

  EXPECT_NE(bundle.json.find(R"({"name":"event-number","valueString":"12"})"), std::string::npos);
  EXPECT_NE(bundle.json.find(R"({"name":"events-since-subscription-start","valueString":"12"})"), std::string::npos);
  EXPECT_NE(bundle.json.find(R"({"name":"timestamp","valueInstant":"2026-03-28T10:00:00.000Z"})"), std::string::npos);
}

// Source: backport guide N6, N7.
TEST(Notification, OfNoContentNamesNeitherTopicNorFocus) {
  Written bundle = notification(Content::Empty, {event(1, here("Encounter", "e1"), {here("Task", "t1")})});

  std::vector<tree::Item> entries = list(bundle.root(), "entry");
  ASSERT_EQ(entries.size(), 1u);
  EXPECT_EQ(parameter_names(entries[0].child("resource")),
            (Names{"subscription", "status", "type", "events-since-subscription-start", "notification-event"}));
  EXPECT_EQ(part_names(entries[0].child("resource")), (Names{"event-number", "timestamp"}));
  EXPECT_EQ(bundle.json.find("Encounter"), std::string::npos);
  EXPECT_EQ(bundle.json.find("Task"), std::string::npos);
}

// Source: backport guide N8.
TEST(Notification, OfIdsHasEntriesWithoutResources) {
  Written bundle = notification(Content::IdOnly, {event(1, here("Encounter", "e1", 2), {here("Task", "t1")})});

  std::vector<tree::Item> entries = list(bundle.root(), "entry");
  ASSERT_EQ(entries.size(), 3u);
  EXPECT_EQ(part_names(entries[0].child("resource")), (Names{"event-number", "timestamp", "focus", "additional-context"}));
  EXPECT_EQ(entries[1].text_of("fullUrl"), "https://gw.example/fhir/Encounter/e1");
  EXPECT_FALSE(entries[1].child("resource"));
  EXPECT_EQ(entries[1].child("request").text_of("method"), "PUT");
  EXPECT_EQ(entries[1].child("request").text_of("url"), "Encounter/e1");
  EXPECT_EQ(entries[1].child("response").text_of("status"), "200");
  EXPECT_EQ(entries[1].child("response").text_of("etag"), "W/\"2\"");
  EXPECT_EQ(entries[2].child("request").text_of("method"), "POST");
  EXPECT_EQ(entries[2].child("request").text_of("url"), "Task");
  EXPECT_EQ(entries[2].child("response").text_of("status"), "201");
}

// Source: backport guide N9.
TEST(Notification, OfFullResourcesCarriesTheStoredBytes) {
  Shown encounter = here("Encounter", "e1");
  encounter.resource.body = R"({"resourceType":"Encounter","id":"e1","length":{"value":1.10}})";

  Written bundle = notification(Content::FullResource, {event(1, encounter)});

  EXPECT_NE(bundle.json.find(R"("resource":{"resourceType":"Encounter","id":"e1","length":{"value":1.10}},"request")"),
            std::string::npos);
}

// Concern: what others wrote never breaks the bundle, and what fits is counted in its bytes.
TEST(Notification, IsUtf8AndJsonWhateverItsTextsHold) {
  for (const std::string text : {"\"\\", "\b\f\n\r\t\x01\x1F\x7F", "å\xFF\xC3", "\xED\xA0\x80", "exactly sixteen."}) {
    Subscription made = subscription(Content::FullResource);
    made.id = text;
    StatusFacts facts{&made, Status::Error, NotificationType::EventNotification, 1, "It said " + text};
    std::vector<ShownEvent> events{event(1, here("Encounter", text))};
    events[0].focus.resource.body = R"({"resourceType":"Encounter"})";
    const BundleWriter writer("https://gw.example/fhir");
    for (const std::string& json :
         {writer.notification(facts, events, text, now).json, writer.statuses({&facts, 1}, text, now)}) {
      Result<tree::Document> document = json::parse(json, r4().names(), {.fhir = false});
      ASSERT_TRUE(document) << json;
    }
  }
}

TEST(Notification, ShowsAResourceOnceHoweverManyEventsSpeakOfIt) {
  Written bundle = notification(Content::FullResource, {event(1, here("Encounter", "e1", 3), {here("Patient", "p1")}),
                                                        event(2, here("Encounter", "e1", 3), {here("Patient", "p1")})});

  EXPECT_EQ(list(bundle.root(), "entry").size(), 3u);
}

// Both ways of writing give the same bytes: the one that fits, and the one that leaves out what does not.
TEST(Notification, ThatFitsIsTheOneThatLeavesNothingOut) {
  SeededRandom random(11);
  int fitting = 0, others = 0;
  for (int round = 0; round < 300; ++round) {
    Subscription made = subscription(random.below(2) == 0 ? Content::FullResource : Content::IdOnly);
    StatusFacts facts{&made, Status::Active, NotificationType::EventNotification, 12, ""};
    std::vector<ShownEvent> events;
    for (std::int64_t number = 1; number <= 1 + static_cast<std::int64_t>(random.below(9)); ++number) {
      Shown focus = here("Encounter", std::to_string(random.below(9)));
      focus.resource.body = "{\"text\":\"" + std::string(random.below(limits::notification_bytes_max / 2), 'x') + "\"}";
      events.push_back(event(number, std::move(focus)));
    }
    const BundleWriter writer("https://gw.example/fhir");
    const Notification all = writer.notification(facts, events, "b1", now);
    const std::optional<Notification> whole = writer.notification_that_fits(facts, events, "b1", now);
    const bool fits = all.left_out == 0 && all.json.size() <= limits::notification_bytes_max;
    ASSERT_EQ(whole.has_value(), fits) << all.json.size();
    EXPECT_EQ(writer.events_that_fit(facts, events) == events.size(), fits) << all.json.size();
    if (whole) EXPECT_TRUE(whole->json == all.json);
    ++(whole ? fitting : others);
  }
  EXPECT_GT(fitting, 20);
  EXPECT_GT(others, 20);
}

TEST(Notification, TellsThatAResourceWasDeleted) {
  Shown gone;
  gone.as = Shown::As::Deleted;
  gone.reference = "Task/t1";

  Written bundle = notification(Content::FullResource, {event(1, gone)});

  std::vector<tree::Item> entries = list(bundle.root(), "entry");
  ASSERT_EQ(entries.size(), 2u);
  EXPECT_FALSE(entries[1].child("resource"));
  EXPECT_EQ(entries[1].child("request").text_of("method"), "DELETE");
  EXPECT_EQ(entries[1].child("request").text_of("url"), "Task/t1");
}

// Concern: who left a case must not learn its ids, and yet must not take the missing number for a loss.
TEST(Notification, KeepsNumberAndTimeOfWhatIsWithheld) {
  Shown withheld;
  withheld.reference = "Encounter/secret";
  Shown also_withheld;
  also_withheld.reference = "Task/hidden";

  Written bundle = notification(Content::FullResource,
                                {event(1, withheld, {here("Task", "t1")}), event(2, here("Encounter", "e2"), {also_withheld})});

  EXPECT_EQ(part_names(list(bundle.root(), "entry")[0].child("resource")),
            (Names{"event-number", "timestamp", "event-number", "timestamp", "focus"}));
  EXPECT_EQ(list(bundle.root(), "entry").size(), 2u);
  for (const char* hidden : {"secret", "hidden", "t1"}) EXPECT_EQ(bundle.json.find(hidden), std::string::npos) << hidden;
}

TEST(Notification, SaysWhatKindItIs) {
  struct Row {
    NotificationType type;
    const char* code;
  };
  const Row table[] = {{NotificationType::Handshake, "handshake"},
                       {NotificationType::Heartbeat, "heartbeat"},
                       {NotificationType::EventNotification, "event-notification"},
                       {NotificationType::QueryStatus, "query-status"},
                       {NotificationType::QueryEvent, "query-event"}};
  for (const Row& row : table) {
    Written bundle = notification(Content::IdOnly, {}, row.type);
    EXPECT_NE(bundle.json.find(R"({"name":"type","valueCode":")" + std::string(row.code) + "\"}"), std::string::npos) << row.code;
    EXPECT_EQ(list(bundle.root(), "entry").size(), 1u);
  }
}

TEST(Notification, EscapesWhatOthersWrote) {
  Subscription made = subscription(Content::IdOnly);
  StatusFacts facts{&made, Status::Error, NotificationType::Heartbeat, 0, "it \"failed\"\n"};

  Written bundle = read(BundleWriter("https://gw.example/fhir").notification(facts, {}, "b1", now).json);

  EXPECT_NE(bundle.json.find(R"({"name":"error","valueCodeableConcept":{"text":"it \"failed\"\n"}})"), std::string::npos);
}

TEST(StatusBundle, IsASearchsetOfStatuses) {
  Subscription one = subscription(Content::Empty), other = subscription(Content::IdOnly);
  other.id = "s2";
  const StatusFacts facts[] = {{&one, Status::Active, NotificationType::QueryStatus, 3, ""},
                               {&other, Status::Off, NotificationType::QueryStatus, 0, ""}};

  Written bundle = read(BundleWriter("https://gw.example/fhir").statuses(facts, "b1", now));

  EXPECT_EQ(bundle.root().text_of("type"), "searchset");
  EXPECT_EQ(bundle.root().text_of("total"), "2");
  std::vector<tree::Item> entries = list(bundle.root(), "entry");
  ASSERT_EQ(entries.size(), 2u);
  for (tree::Item entry : entries) {
    EXPECT_EQ(entry.child("search").text_of("mode"), "match");
    EXPECT_FALSE(entry.child("request"));
    EXPECT_EQ(parameter_names(entry.child("resource")),
              (Names{"subscription", "topic", "status", "type", "events-since-subscription-start"}));
  }
  EXPECT_NE(entries[0].text_of("fullUrl"), entries[1].text_of("fullUrl"));
}

TEST(StatusBundle, HasNoEntryListWhenThereIsNothing) {
  Written bundle = read(BundleWriter("https://gw.example/fhir").statuses({}, "b1", now));

  EXPECT_EQ(bundle.root().text_of("total"), "0");
  EXPECT_FALSE(bundle.root().child("entry"));
}

TEST(NotificationId, IsTheSameForTheSameEventsOnly) {
  EXPECT_EQ(notification_id("s1", 1, 5), notification_id("s1", 1, 5));
  EXPECT_NE(notification_id("s1", 1, 5), notification_id("s1", 1, 6));
  EXPECT_NE(notification_id("s1", 1, 5), notification_id("s2", 1, 5));
  EXPECT_NE(notification_id("s1", 1, 15), notification_id("s1", 11, 5));
}

}  // namespace
}  // namespace vardbron::subscription
