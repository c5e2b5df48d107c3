#include "gateway/base/limits.h"
#include "tests/rest/house.h"

#include <gtest/gtest.h>

#include <string>

namespace vardbron::rest {
namespace {

constexpr std::string_view a_subscription =
    R"({"resourceType":"Subscription","status":"requested","reason":"notices",)"
    R"("criteria":"https://vardbron.example/fhir/SubscriptionTopic/case",)"
    R"("channel":{"type":"rest-hook","endpoint":"https://a.example/hook","header":["Authorization: Bearer secret-word"]}})";

TEST(Subscriptions, SaysWhereANewSubscriptionIsAndAnswersThere) {
  House house;
  http::Response made = house.ask("POST", "/fhir/Subscription", home_care_token, std::string(a_subscription));
  ASSERT_EQ(made.status, 201u) << made.body;
  const std::string location(http::find(made.fields, "Location"));
  ASSERT_TRUE(location.starts_with(house.base_url + "/Subscription/")) << location;
  const std::string there = location.substr(house.base_url.size() - 5);  // "/fhir" and what follows

  http::Response read = house.ask("GET", there, home_care_token);

  EXPECT_EQ(read.status, 200u) << there << ": " << read.body;
  EXPECT_TRUE(holds(read, "{\"resourceType\":\"Subscription\""));
  EXPECT_FALSE(holds(read, "secret-word"));
  EXPECT_EQ(http::find(read.fields, "ETag"), http::find(made.fields, "ETag"));
  EXPECT_EQ(house.ask("GET", there, stranger_token).status, 404u);
  EXPECT_EQ(house.ask("GET", there.substr(0, there.size() - 1) + "7", home_care_token).status, 404u);
  EXPECT_EQ(house.ask("GET", there.substr(0, there.size() - 1) + "x", home_care_token).status, 404u);
}

TEST(Service, ShowsAnEarlierVersionOfASubscriptionAsItWasWritten) {
  House house;
  http::Response made = house.ask("POST", "/fhir/Subscription", home_care_token, std::string(a_subscription));
  const std::string location(http::find(made.fields, "Location"));
  const std::string id = location.substr(location.rfind("/Subscription/") + 14, 36), there = "/fhir/Subscription/" + id;
  std::string ended(a_subscription);
  ended.replace(ended.find("requested"), 9, "off");
  ended.insert(1, "\"id\":\"" + id + "\",");
  ASSERT_EQ(house.ask("PUT", there, home_care_token, ended).status, 200u);

  http::Response first = house.ask("GET", there + "/_history/1", home_care_token);
  http::Response second = house.ask("GET", there + "/_history/2", home_care_token);
  ASSERT_EQ(house.ask("DELETE", there, home_care_token).status, 204u);

  EXPECT_TRUE(holds(first, "\"status\":\"requested\"")) << first.body;
  EXPECT_TRUE(holds(second, "\"status\":\"off\"")) << second.body;
  EXPECT_FALSE(holds(first, "secret-word"));
  EXPECT_EQ(house.ask("GET", there + "/_history/1", home_care_token).status, 200u);
  EXPECT_EQ(house.ask("GET", there + "/_history/3", home_care_token).status, 410u);
}

TEST(Service, TakesASubscriptionUpToItsSizeAndNoneBeyond) {
  House house;
  std::string body(a_subscription);
  body.append(limits::subscription_bytes_max - body.size(), ' ');
  EXPECT_EQ(house.ask("POST", "/fhir/Subscription", home_care_token, body).status, 201u);

  http::Response refused = house.ask("POST", "/fhir/Subscription", home_care_token, body + " ");

  EXPECT_EQ(refused.status, 413u);
  EXPECT_TRUE(holds(refused, "A Subscription has at most 65536 bytes. Nothing was kept.")) << refused.body;
}

TEST(Subscriptions, NamesTheTopicsToWhoeverAsksForAnotherAndTheOneThatIsNear) {
  House house;
  const std::string root = "https://vardbron.example/fhir/SubscriptionTopic/";
  struct Row {
    std::string criteria, meant;
  };
  for (const Row& row : {Row{root + "cas", "case"}, Row{root + "dischage", "discharge"}, Row{"http://other.example/Task", "task"},
                         Row{root + "bed-bath", ""}, Row{"Encounter?status=finished", ""}}) {
    std::string body(a_subscription);
    body.replace(body.find(root + "case"), root.size() + 4, row.criteria);
    const http::Response refused = house.ask("POST", "/fhir/Subscription", home_care_token, body);
    EXPECT_EQ(refused.status, 422u) << refused.body;
    EXPECT_TRUE(holds(refused, root + " and one of admission, discharge-ready, ")) << refused.body;
    EXPECT_TRUE(holds(refused, ", task, case.")) << refused.body;
    EXPECT_EQ(holds(refused, "Did you mean " + root + row.meant + "?"), !row.meant.empty()) << refused.body;
    EXPECT_EQ(holds(refused, "Did you mean"), !row.meant.empty()) << refused.body;
  }
}

// An ignored parameter would be taken for obeyed.
TEST(Subscriptions, RefusesParametersOfItsOperationsThatAreNoneUnlessTheCallerIsLenient) {
  House house;
  http::Response made = house.ask("POST", "/fhir/Subscription", home_care_token, std::string(a_subscription));
  const std::string location(http::find(made.fields, "Location"));
  const std::string id = location.substr(location.rfind("/Subscription/") + 14, 36), one = "/fhir/Subscription/" + id;
  for (const std::string& target :
       {one + "/$status?x=1", one + "/$status?_format=json&colour=red", std::string("/fhir/Subscription/$status?ids=" + id),
        one + "/$events?eventsSince=1", one + "/$events?eventsSinceNumber=0&x="}) {
    const http::Response refused = house.ask("GET", target, home_care_token);
    EXPECT_EQ(refused.status, 400u) << target << refused.body;
    EXPECT_TRUE(holds(refused, "There is no such parameter here")) << refused.body;
    EXPECT_TRUE(
        holds(refused, target.find("$events") == std::string::npos ? "there are id, status." : "eventsUntilNumber, content."))
        << refused.body;
    EXPECT_EQ(house.ask("GET", target, home_care_token, "", {{"Prefer", "handling=lenient"}}).status, 200u) << target;
  }
  for (const std::string& target :
       {one + "/$status", one + "/$status?_format=json&_pretty=true", one + "/$status?id=other&status=off",
        std::string("/fhir/Subscription/$status?id=" + id + "&status=requested"),
        one + "/$events?eventsSinceNumber=0&eventsUntilNumber=3&content=id-only"}) {
    EXPECT_EQ(house.ask("GET", target, home_care_token).status, 200u) << target;
  }
  const std::string posted = R"({"resourceType":"Parameters","parameter":[{"name":"colour","valueString":"red"}]})";
  EXPECT_EQ(house.ask("POST", one + "/$status", home_care_token, posted).status, 400u);
  EXPECT_EQ(house.ask("POST", one + "/$events", home_care_token, posted).status, 400u);
}

TEST(Subscriptions, RefusesEventNumbersThatAreGivenTwice) {
  House house;
  http::Response made = house.ask("POST", "/fhir/Subscription", home_care_token, std::string(a_subscription));
  const std::string location(http::find(made.fields, "Location"));
  const std::string events = "/fhir/Subscription/" + location.substr(location.rfind("/Subscription/") + 14, 36) + "/$events?";
  for (const char* twice : {"eventsSinceNumber=1&eventsSinceNumber=2", "eventsSinceNumber=1&eventsSinceNumber=1",
                            "eventsUntilNumber=3&eventsSinceNumber=1&eventsUntilNumber=4"}) {
    const http::Response refused = house.ask("GET", events + twice, home_care_token);
    EXPECT_EQ(refused.status, 400u) << twice;
    EXPECT_TRUE(holds(refused, "is given once")) << refused.body;
  }
  EXPECT_EQ(house.ask("GET", events + "eventsSinceNumber=1&eventsUntilNumber=2", home_care_token).status, 200u);
}

// The client writes these fields, and a proxy may pass them on unchanged.
TEST(Service, TakesItsOwnAddressFromNobodyWhoAsks) {
  House house;
  ASSERT_EQ(house.send(ANotice("admission")).status, 200u);
  const http::Fields lies = {{"Host", "evil.example"},
                             {"Forwarded", "host=evil.example;proto=https"},
                             {"X-Forwarded-Host", "evil.example"},
                             {"X-Forwarded-Proto", "https"},
                             {"X-Forwarded-Prefix", "/evil"},
                             {"X-Original-URL", "/fhir/evil"}};
  for (const char* target : {"/fhir/Task", "/fhir/Encounter?_count=1", "/fhir/metadata", "/fhir/Subscription"}) {
    http::Response answer = house.ask("GET", target, home_care_token, "", lies);
    EXPECT_EQ(answer.status, 200u) << target;
    EXPECT_FALSE(holds(answer, "evil")) << answer.body;
  }
  http::Response made = house.ask("POST", "/fhir/Subscription", home_care_token, std::string(a_subscription), lies);
  EXPECT_TRUE(http::find(made.fields, "Location").starts_with(house.base_url + "/Subscription/"));
}

}  // namespace
}  // namespace vardbron::rest
