#include "gateway/subscription/subscription.h"

#include "gateway/base/check.h"
#include "gateway/base/limits.h"
#include "gateway/formats/json/parse.h"
#include "r4.h"
#include "tests/subscription/wishes.h"

#include <gtest/gtest.h>

#include <span>

namespace vardbron::subscription {
namespace {

using namespace std::chrono_literals;

constexpr const char* organisation = "SE2120000167-K001";

Result<Subscription> read(const std::string& json) {
  Result<Endpoints> endpoints = Endpoints::open({{organisation, "https://a.example"}}, false);
  CHECK(endpoints);
  Result<tree::Document> document = json::parse(json, r4().names());
  CHECK(document);
  return parse_subscription(tree::root(*document), organisation, *endpoints);
}

TEST(Subscription, IsReadWithEverythingTheProfileHas) {
  Wish wish;
  wish.topic = "https://vardbron.example/fhir/SubscriptionTopic/discharge|1.0";
  wish.filters = {"Encounter?jurisdiction=0182&event=discharge", "recipient=SE2120000167-K001"};
  wish.headers = {"Authorization: Bearer abc", "X-Unit:hemtjanst"};
  wish.content = "full-resource";
  wish.mime = "application/fhir+json; fhirVersion=4.0; charset=utf-8";
  wish.channel_extensions = Wish::extension("backport-heartbeat-period", "UnsignedInt", "60") + "," +
                            Wish::extension("backport-timeout", "UnsignedInt", "7") + "," +
                            Wish::extension("backport-max-count", "PositiveInt", "20");
  wish.further = R"("id":"s1","end":"2026-12-31T12:00:00+01:00",)";

  Result<Subscription> subscription = read(wish.json());

  ASSERT_TRUE(subscription) << subscription.failure().says;
  EXPECT_EQ(subscription->id, "s1");
  EXPECT_EQ(subscription->organisation, organisation);
  EXPECT_EQ(subscription->topic->code, "discharge");
  EXPECT_EQ(subscription->criteria, wish.topic);
  ASSERT_EQ(subscription->filters.size(), 3u);
  EXPECT_EQ(subscription->filters[0], (Filter{"jurisdiction", false, {"0182"}}));
  EXPECT_EQ(subscription->filters[1], (Filter{"event", false, {"discharge"}}));
  EXPECT_EQ(subscription->to.address, (net::Address{"a.example", 443, true}));
  EXPECT_EQ(subscription->to.target, "/hook");
  ASSERT_EQ(subscription->headers.size(), 2u);
  EXPECT_EQ(subscription->headers[0].name, "Authorization");
  EXPECT_EQ(subscription->headers[0].value, "Bearer abc");
  EXPECT_EQ(subscription->headers[1].value, "hemtjanst");
  EXPECT_EQ(subscription->content, Content::FullResource);
  EXPECT_EQ(subscription->syntax, Syntax::Json);
  EXPECT_EQ(subscription->content_type, wish.mime);
  EXPECT_EQ(subscription->heartbeat, 60s);
  EXPECT_EQ(subscription->attempt_time_max, 7s);
  EXPECT_EQ(subscription->events_per_notification_max, 20u);
  ASSERT_TRUE(subscription->end);
  EXPECT_EQ(subscription->end->time_since_epoch(), 1'798'714'800'000ms);
}

TEST(Subscription, TellsIdsOnlyInJsonWhenThePayloadIsLeftOut) {
  std::string json =
      R"({"resourceType":"Subscription","status":"requested","reason":"r","criteria":"https://vardbron.example/fhir/SubscriptionTopic/task",)"
      R"("channel":{"type":"rest-hook","endpoint":"https://a.example/hook"}})";

  Result<Subscription> subscription = read(json);

  ASSERT_TRUE(subscription) << subscription.failure().says;
  EXPECT_EQ(subscription->content, Content::IdOnly);
  EXPECT_EQ(subscription->syntax, Syntax::Json);
  EXPECT_EQ(subscription->content_type, "application/fhir+json");
  EXPECT_EQ(subscription->heartbeat, 0s);
  EXPECT_EQ(subscription->attempt_time_max, limits::delivery_time_max);
  EXPECT_EQ(subscription->events_per_notification_max, limits::events_per_notification_max);
  EXPECT_FALSE(subscription->end);
}

TEST(Subscription, AsksForNoMoreThanTheLimits) {
  Wish wish;
  wish.channel_extensions = Wish::extension("backport-timeout", "UnsignedInt", "86400") + "," +
                            Wish::extension("backport-max-count", "PositiveInt", "100000");

  Result<Subscription> subscription = read(wish.json());

  ASSERT_TRUE(subscription);
  EXPECT_EQ(subscription->attempt_time_max, limits::delivery_time_max);
  EXPECT_EQ(subscription->events_per_notification_max, limits::events_per_notification_max);
}

TEST(Subscription, TakesTheMimeTypesOfFhir) {
  for (const char* mime :
       {"application/fhir+json", "application/json", "application/fhir+json;fhirVersion=4.0.1", "APPLICATION/FHIR+JSON"}) {
    Wish wish;
    wish.mime = mime;
    ASSERT_TRUE(read(wish.json())) << mime;
    EXPECT_EQ(read(wish.json())->syntax, Syntax::Json) << mime;
  }
  for (const char* mime : {"application/fhir+xml", "text/xml", "application/fhir+xml; charset=UTF-8"}) {
    Wish wish;
    wish.mime = mime;
    ASSERT_TRUE(read(wish.json())) << mime;
    EXPECT_EQ(read(wish.json())->syntax, Syntax::Xml) << mime;
    EXPECT_EQ(read(wish.json())->content_type, mime);
  }
}

struct Refusal {
  const char* what;
  Wish wish;
  Cause cause;
  const char* where;
};

Wish with(void (*change)(Wish&)) {
  Wish wish;
  change(wish);
  return wish;
}

void expect_refused(std::span<const Refusal> table) {
  for (const Refusal& row : table) {
    Result<Subscription> subscription = read(row.wish.json());
    ASSERT_FALSE(subscription) << row.what;
    EXPECT_EQ(subscription.failure().cause, row.cause) << row.what << ": " << subscription.failure().says;
    EXPECT_EQ(subscription.failure().where, row.where) << row.what;
  }
}

// Concern: whatever a server would not do must be refused, never dropped. Source: backport guide, P1, P4, P5, P6, P7.
TEST(Subscription, NamesTheCriterionOrPayloadThatIsNotSupported) {
  const Refusal table[] = {
      {"unknown topic", with([](Wish& w) { w.topic = "http://elsewhere.example/topic"; }), Cause::Unsupported,
       "Subscription.criteria"},
      {"R4 search criteria", with([](Wish& w) { w.topic = "Encounter?status=finished"; }), Cause::Unsupported,
       "Subscription.criteria"},
      {"unknown filter", with([](Wish& w) {
         w.filters = {"event=death", "colour=red"};
       }),
       Cause::Unsupported, "Subscription.criteria.extension[1]"},
      {"unknown modifier", with([](Wish& w) { w.filters = {"event:above=death"}; }), Cause::Unsupported,
       "Subscription.criteria.extension[0]"},
      {"unknown event", with([](Wish& w) { w.filters = {"event=birth"}; }), Cause::Unsupported,
       "Subscription.criteria.extension[0]"},
      {"empty filter", with([](Wish& w) { w.filters = {""}; }), Cause::Unsupported, "Subscription.criteria.extension[0]"},
      {"unknown content", with([](Wish& w) { w.content = "everything"; }), Cause::Unsupported,
       "Subscription.channel.payload.extension[0]"},
      {"unknown MIME type", with([](Wish& w) { w.mime = "text/plain"; }), Cause::Unsupported, "Subscription.channel.payload"},
      {"other FHIR version", with([](Wish& w) { w.mime = "application/fhir+json; fhirVersion=5.0"; }), Cause::Unsupported,
       "Subscription.channel.payload"},
      {"unknown MIME parameter", with([](Wish& w) { w.mime = "application/fhir+json; attach=1"; }), Cause::Unsupported,
       "Subscription.channel.payload"},
      {"other charset", with([](Wish& w) { w.mime = "application/fhir+json; charset=latin1"; }), Cause::Unsupported,
       "Subscription.channel.payload"},
  };
  expect_refused(table);
}

TEST(Subscription, NamesThePlaceInTheChannelOrFrameThatIsNotSupported) {
  const Refusal table[] = {
      {"plain http", with([](Wish& w) { w.endpoint = "http://a.example/hook"; }), Cause::Invalid,
       "Subscription.channel.endpoint"},
      {"endpoint not agreed", with([](Wish& w) { w.endpoint = "https://b.example/hook"; }), Cause::Forbidden,
       "Subscription.channel.endpoint"},
      {"no endpoint", with([](Wish& w) { w.endpoint = ""; }), Cause::Invalid, "Subscription.channel.endpoint"},
      {"header without name", with([](Wish& w) {
         w.headers = {"X-A: b", "novalue"};
       }),
       Cause::Invalid, "Subscription.channel.header[1]"},
      {"header that frames", with([](Wish& w) { w.headers = {"content-length: 5"}; }), Cause::Unsupported,
       "Subscription.channel.header[0]"},
      {"header with a line end", with([](Wish& w) { w.headers = {"X-A: b\\r\\nHost: c"}; }), Cause::Invalid,
       "Subscription.channel.header[0]"},
      {"our own header", with([](Wish& w) { w.headers = {"Idempotency-Key: 1"}; }), Cause::Unsupported,
       "Subscription.channel.header[0]"},
      {"timeout of nothing",
       with([](Wish& w) { w.channel_extensions = Wish::extension("backport-timeout", "UnsignedInt", "0"); }), Cause::Invalid,
       "Subscription.channel.extension[0]"},
      {"count of nothing",
       with([](Wish& w) { w.channel_extensions = Wish::extension("backport-max-count", "PositiveInt", "0"); }), Cause::Invalid,
       "Subscription.channel.extension[0]"},
      {"count of another type",
       with([](Wish& w) { w.channel_extensions = Wish::extension("backport-max-count", "String", "\"5\""); }), Cause::Invalid,
       "Subscription.channel.extension[0]"},
      {"unknown extension", with([](Wish& w) { w.channel_extensions = R"({"url":"http://x.example/y","valueCode":"z"})"; }),
       Cause::Unsupported, "Subscription.channel.extension[0]"},
      {"cross-version extension", with([](Wish& w) {
         w.further =
             R"("extension":[{"url":"http://hl7.org/fhir/5.0/StructureDefinition/extension-Subscription.maxCount","valuePositiveInt":5}],)";
       }),
       Cause::Unsupported, "Subscription.extension[0]"},
      {"modifier extension",
       with([](Wish& w) { w.further = R"("modifierExtension":[{"url":"http://x.example/y","valueCode":"z"}],)"; }),
       Cause::Unsupported, "Subscription"},
      {"end that is no instant", with([](Wish& w) { w.further = R"("end":"2026-12-31",)"; }), Cause::Invalid, "Subscription.end"},
      {"end without zone", with([](Wish& w) { w.further = R"("end":"2026-12-31T10:00:00",)"; }), Cause::Invalid,
       "Subscription.end"},
      {"unknown status", with([](Wish& w) { w.status = "entered-in-error"; }), Cause::Invalid, "Subscription.status"},
  };
  expect_refused(table);
}

TEST(Subscription, IsRefusedWithoutWhatItMustHave) {
  const std::string whole = Wish().json();
  struct Row {
    const char* cut;
    const char* put;
    const char* where;
  };
  const Row table[] = {{R"("resourceType":"Subscription")", R"("resourceType":"Basic")", "resourceType"},
                       {R"("reason":"notices",)", "", "Subscription.reason"},
                       {R"("status":"requested",)", "", "Subscription.status"},
                       {R"("type":"rest-hook",)", "", "Subscription.channel.type"},
                       {R"("type":"rest-hook")", R"("type":"websocket")", "Subscription.channel.type"},
                       {R"("type":"rest-hook")", R"("type":"email")", "Subscription.channel.type"},
                       {R"("type":"rest-hook")", R"("type":"message")", "Subscription.channel.type"}};
  for (const Row& row : table) {
    std::string json = whole;
    std::size_t place = json.find(row.cut);
    ASSERT_NE(place, std::string::npos) << row.cut;
    json.replace(place, std::string(row.cut).size(), row.put);

    Result<Subscription> subscription = read(json);

    ASSERT_FALSE(subscription) << row.cut;
    EXPECT_EQ(subscription.failure().where, row.where) << row.cut;
  }
}

TEST(Subscription, IsRefusedWithAChannelTypeOfItsOwn) {
  std::string json = Wish().json();
  json.replace(json.find(R"("endpoint")"), 0,
               R"("_type":{"extension":[)" + Wish::extension("backport-channel-type", "Coding", R"({"code":"zulip"})") + "]},");

  Result<Subscription> subscription = read(json);

  ASSERT_FALSE(subscription);
  EXPECT_EQ(subscription.failure().cause, Cause::Unsupported);
  EXPECT_EQ(subscription.failure().where, "Subscription.channel.type.extension[0]");
}

struct Spelling {
  const char* text;
  std::vector<Filter> filters;
};

// Source: backport guide, components: the shapes its text and its examples use.
TEST(Filters, AreReadInAllSpellings) {
  const Spelling table[] = {
      {"event=death", {{"event", false, {"death"}}}},
      {"event=death,discharge", {{"event", false, {"death", "discharge"}}}},
      {"event:not=death", {{"event", true, {"death"}}}},
      {"Encounter.patient=Patient/1", {{"patient", false, {"Patient/1"}}}},
      {"Encounter?patient=Patient/1", {{"patient", false, {"Patient/1"}}}},
      {"Encounter?patient=1&event:not=death", {{"patient", false, {"Patient/1"}}, {"event", true, {"death"}}}},
      {"Task?event=task", {{"event", false, {"task"}}}},
      {"recipient=urn:oid:1.2.752.29.4.19|SE-1", {{"recipient", false, {"SE-1"}}}},
      {"recipient=urn:oid:1.2.752.29.4.19|se2120990011-hsv1", {{"recipient", false, {"SE2120990011-HSV1"}}}},
      {"recipient=http://electronichealth.se/identifier/hsaid|SE2120990011-hsv1", {{"recipient", false, {"SE2120990011-HSV1"}}}},
      {"recipient= se2120990011-hsv1 ,Organization/se2321990018-vc07",
       {{"recipient", false, {"SE2120990011-HSV1", "SE2321990018-VC07"}}}},
      {"recipient=urn:oid:1.2.208.176.1.1| 441211000016002", {{"recipient", false, {"urn:oid:1.2.208.176.1.1|441211000016002"}}}},
      {"recipient=urn:oid:1.2.208.176.1.1|441\\,1", {{"recipient", false, {"urn:oid:1.2.208.176.1.1|441,1"}}}},
      {"jurisdiction=0182,0180", {{"jurisdiction", false, {"0182", "0180"}}}},
  };
  for (const Spelling& row : table) {
    Result<std::vector<Filter>> read = parse_filter(row.text, case_topic());
    ASSERT_TRUE(read) << row.text << ": " << read.failure().says;
    EXPECT_EQ(*read, row.filters) << row.text;
  }
}

TEST(Filters, AreRefusedWhenTheyWouldNeverMatch) {
  for (const char* text :
       {"", "event", "=death", "event=", "event=death,", "Event=death", "event:missing=true", "Observation?event=death",
        "Patient.patient=1", "jurisdiction=182", "jurisdiction=Nacka", "patient=Encounter/1", "recipient=Organization/1",
        "event=death\\", "a b=c", "Encounter?", "Encounter?event=death&", "?event=death"}) {
    Result<std::vector<Filter>> read = parse_filter(text, case_topic());
    EXPECT_FALSE(read) << text;
    if (!read) {
      EXPECT_EQ(read.failure().cause, Cause::Unsupported) << text;
    }
  }
  EXPECT_FALSE(parse_filter("Task?event=task", *find_topic_code("death")));
  EXPECT_TRUE(parse_filter("Encounter?event=death", *find_topic_code("death")));
}

}  // namespace
}  // namespace vardbron::subscription
