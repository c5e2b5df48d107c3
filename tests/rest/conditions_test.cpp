// Concern: preferences and conditions of a request are obeyed or refused by name, and obeyed ones are confirmed.
#include "tests/rest/house.h"

#include <gtest/gtest.h>

#include <string>

namespace vardbron::rest {
namespace {

std::string wish_for(const std::string& endpoint, const std::string& topic = "case") {
  return R"({"resourceType":"Subscription","status":"requested","reason":"notices","criteria":")"
         R"(https://vardbron.example/fhir/SubscriptionTopic/)" +
         topic + R"(","channel":{"type":"rest-hook","endpoint":")" + endpoint + R"(","payload":"application/fhir+json"}})";
}

struct Subscribing : House {
  http::Response create(const std::string& body, http::Fields fields = {}) {
    return ask("POST", "/fhir/Subscription", home_care_token, body, std::move(fields));
  }
  std::string id_of(const http::Response& made) const { return made.body.substr(made.body.find("\"id\":\"") + 6, 36); }
};

TEST(IfNoneExist, MakesASubscriptionOnceHoweverOftenItIsSent) {
  Subscribing house;
  const std::string body = wish_for("https://a.example/hook");
  const http::Fields condition{
      {"If-None-Exist", "url=https://a.example/hook&criteria=https://vardbron.example/fhir/SubscriptionTopic/case"}};
  const http::Response first = house.create(body, condition);
  ASSERT_EQ(first.status, 201u) << first.body;

  const http::Response again = house.create(body, condition);

  EXPECT_EQ(again.status, 200u) << again.body;
  EXPECT_EQ(house.id_of(again), house.id_of(first));
  EXPECT_EQ(http::find(again.fields, "Location"), http::find(first.fields, "Location"));
  EXPECT_TRUE(holds(house.ask("GET", "/fhir/Subscription", home_care_token), "\"total\":1"));
  EXPECT_EQ(
      house
          .create(wish_for("https://a.example/hook", "task"),
                  {{"If-None-Exist", "url=https://a.example/hook&criteria=https://vardbron.example/fhir/SubscriptionTopic/task"}})
          .status,
      201u)
      << "of another topic there is none";
  const http::Response several = house.create(body, {{"If-None-Exist", "url=https://a.example/hook"}});
  EXPECT_EQ(several.status, 412u) << several.body;
  EXPECT_TRUE(holds(several, "2 Subscriptions fit If-None-Exist. Nothing was made.")) << several.body;
}

TEST(IfNoneExist, ThatCannotBeObeyedIsRefused) {
  Subscribing house;
  for (const char* condition : {"", "?", "_count=1", "contact=x", "urll=x", "url:text=x", "status=", "url"}) {
    const http::Response refused =
        house.create(wish_for("https://a.example/hook"), {{"If-None-Exist", condition}, {"Prefer", "handling=lenient"}});
    EXPECT_EQ(refused.status, 400u) << condition << refused.body;
    EXPECT_TRUE(holds(refused, "\"OperationOutcome\"")) << condition;
  }
  EXPECT_TRUE(holds(house.ask("GET", "/fhir/Subscription", home_care_token), "\"total\":0"));
}

TEST(Conditions, ThatAPlaceDoesNotObeyAreRefusedByName) {
  Subscribing house;
  ASSERT_EQ(house.send(ANotice("admission")).status, 200u);
  const std::string notice = ANotice("planning").with_id("M-2").json(), task = "/fhir/Task/" + house.first_id("Task");
  struct Row {
    std::string method, target, token, field;
  };
  for (const Row& row :
       {Row{"POST", "/fhir/$process-message", hospital_token, "If-None-Exist"},
        Row{"POST", "/intake/fhir", hospital_token, "If-None-Exist"}, Row{"POST", "/intake/fhir", hospital_token, "If-Match"},
        Row{"PUT", task, home_care_token, "If-None-Match"}, Row{"PUT", task, home_care_token, "If-None-Exist"},
        Row{"PUT", task, home_care_token, "If-Unmodified-Since"}, Row{"POST", "/fhir/Subscription", home_care_token, "If-Match"},
        Row{"GET", task, home_care_token, "If-Match"}, Row{"DELETE", "/fhir/Subscription/1", home_care_token, "If-None-Match"}}) {
    const bool has_body = row.method == "POST" || row.method == "PUT";
    const http::Response answer = house.ask(row.method, row.target, row.token, has_body ? notice : "", {{row.field, "W/\"1\""}});
    EXPECT_EQ(answer.status, 400u) << row.method << row.target;
    EXPECT_TRUE(holds(answer, row.field + " is not obeyed here")) << answer.body;
  }
  EXPECT_EQ(house.ask("GET", task, home_care_token).status, 200u);
}

TEST(IfMatch, IsObeyedByPutAndDeleteOfASubscription) {
  Subscribing house;
  const http::Response made = house.create(wish_for("https://a.example/hook"));
  const std::string id = house.id_of(made), there = "/fhir/Subscription/" + id;
  std::string body = wish_for("https://a.example/hook");
  body.insert(1, "\"id\":\"" + id + "\",");
  for (const char* method : {"PUT", "DELETE"}) {
    const std::string sent = method == std::string("PUT") ? body : "";
    EXPECT_EQ(house.ask(method, there, home_care_token, sent, {{"If-Match", "W/\"7\""}}).status, 412u) << method;
    for (const char* tag : {"W/3", "*", "W/\"x\"", "W/\"1\", W/\"2\"", "W/\"\""})
      EXPECT_EQ(house.ask(method, there, home_care_token, sent, {{"If-Match", tag}}).status, 400u) << method << tag;
  }
  body.replace(body.find("notices"), 7, "all notices");
  const http::Response updated = house.ask("PUT", there, home_care_token, body, {{"If-Match", "W/\"1\""}});
  EXPECT_EQ(updated.status, 200u) << updated.body;
  EXPECT_EQ(house.ask("DELETE", there, home_care_token, "", {{"If-Match", "W/\"1\""}}).status, 412u);
  EXPECT_EQ(house.ask("DELETE", there, home_care_token, "", {{"If-Match", "W/\"2\""}}).status, 204u);
}

TEST(Prefer, ReturnIsObeyedByEveryWriteAndTold) {
  Subscribing house;
  ASSERT_EQ(house.send(ANotice("admission")).status, 200u);
  const store::Resource task = house.spine.task("A-1", "kvittera-inskrivning", exchange::home_care);
  auto put = [&](const std::string& status, const std::string& wish) {
    const std::string body = R"({"resourceType":"Task","id":")" + task.id + R"(","status":")" + status + "\"}";
    return house.ask("PUT", "/fhir/Task/" + task.id, home_care_token, body, {{"Prefer", wish}});
  };
  auto subscribe = [&](const std::string&, const std::string& wish) {
    return house.create(wish_for("https://a.example/hook"), {{"Prefer", wish}});
  };
  auto check = [&](auto&& write, const char* status, const char* type) {
    const http::Response minimal = write(status, "return=minimal"), whole = write(status, "return=representation"),
                         outcome = write(status, "return=OperationOutcome"), unknown = write(status, "return=all, mood=good");
    EXPECT_TRUE(minimal.body.empty()) << minimal.body;
    EXPECT_EQ(http::find(minimal.fields, "Preference-Applied"), "return=minimal");
    EXPECT_TRUE(holds(whole, std::string("{\"resourceType\":\"") + type)) << whole.body;
    EXPECT_EQ(http::find(whole.fields, "Preference-Applied"), "return=representation");
    EXPECT_TRUE(holds(outcome, "\"severity\":\"information\"") && holds(outcome, "was written, it is version ")) << outcome.body;
    EXPECT_EQ(http::find(outcome.fields, "Preference-Applied"), "return=OperationOutcome");
    EXPECT_FALSE(http::find(outcome.fields, "ETag").empty());
    EXPECT_TRUE(holds(unknown, std::string("{\"resourceType\":\"") + type)) << unknown.body;
    EXPECT_EQ(http::find(unknown.fields, "Preference-Applied"), "") << "RFC 7240 lets it pass";
  };
  check(put, "accepted", "Task");
  check(subscribe, "", "Subscription");
  const std::string there = "/fhir/Subscription/" + house.id_of(subscribe("", ""));
  const http::Response deleted = house.ask("DELETE", there, home_care_token, "", {{"Prefer", "return=OperationOutcome"}});
  EXPECT_EQ(deleted.status, 200u);
  EXPECT_TRUE(holds(deleted, "is deleted")) << deleted.body;
}

TEST(Prefer, AStrictSearchRefusesWhatALenientOneGoesWithoutAndTells) {
  House house;
  ASSERT_EQ(house.send(ANotice("admission")).status, 200u);
  for (const std::string parameter : {"sttaus=requested", "_content=order", "_contained=true", "patient.nmae=x"}) {
    const std::string name = parameter.substr(0, parameter.find('='));
    for (const std::string& target :
         {"/fhir/Task?owner=SE2120990011-HSV1&_count=1&" + parameter, "/fhir/Subscription?" + parameter}) {
      if (target.starts_with("/fhir/Sub") && name != "sttaus" && name != "_contained") continue;
      for (const char* wish : {"", "handling=strict"})
        EXPECT_EQ(house.ask("GET", target, home_care_token, "", {{"Prefer", wish}}).status, 400u) << target;
      const http::Response lenient = house.ask("GET", target, home_care_token, "", {{"Prefer", "handling=lenient"}});
      EXPECT_EQ(lenient.status, 200u) << lenient.body;
      EXPECT_EQ(http::find(lenient.fields, "Preference-Applied"), "handling=lenient");
      EXPECT_TRUE(holds(lenient, R"("severity":"warning")") && holds(lenient, "The search went without it.") &&
                  holds(lenient, R"("search":{"mode":"outcome"})"))
          << lenient.body;
      const std::string links = lenient.body.substr(0, lenient.body.find("\"entry\""));
      EXPECT_EQ(links.find(parameter), std::string::npos) << "the self link says what was done: " << links;
      EXPECT_NE(links.find("\"self\""), std::string::npos);
    }
  }
  for (const char* wrong : {"/fhir/Task?status=", "/fhir/Task?status:in=x", "/fhir/Task?_lastUpdated=yesterday"})
    EXPECT_EQ(house.ask("GET", wrong, home_care_token, "", {{"Prefer", "handling=lenient"}}).status, 400u) << wrong;
  const http::Response none =
      house.ask("GET", "/fhir/Task?owner=x&sttaus=a&_total=accurate", home_care_token, "", {{"Prefer", "handling=lenient"}});
  EXPECT_TRUE(holds(none, "\"total\":0") && holds(none, "\"mode\":\"outcome\"")) << none.body;
}

TEST(Service, NamesTheMethodsOfEveryPlace) {
  House house;
  const std::string reads = "GET, HEAD";
  struct Row {
    std::string method, target, token, allowed;
  };
  for (const Row& row :
       {Row{"POST", "/health", "", reads}, Row{"PUT", "/ready", "", reads}, Row{"DELETE", "/metrics", "", reads},
        Row{"POST", "/fhir/metadata", "", reads}, Row{"POST", "/operate/journal", operator_token, reads},
        Row{"DELETE", "/operate/quarantine", operator_token, reads}, Row{"PUT", "/operate/verify", operator_token, reads},
        Row{"GET", "/operate/quarantine/1/replay", operator_token, "POST"},
        Row{"PUT", "/operate/clock", operator_token, "GET, HEAD, POST"},
        Row{"GET", "/operate/clock/repair", operator_token, "POST"},
        Row{"PATCH", "/fhir/Task/1", home_care_token, "GET, HEAD, PUT"}, Row{"OPTIONS", "/fhir/Task", home_care_token, reads},
        Row{"BREW", "/fhir/Patient/1", home_care_token, reads}, Row{"DELETE", "/fhir/Task/1/_history/1", home_care_token, reads},
        Row{"PUT", "/fhir/Task/_search", home_care_token, "GET, HEAD, POST"}, Row{"GET", "/intake/fhir", hospital_token, "POST"},
        Row{"PUT", "/fhir/Subscription/$status", home_care_token, "GET, HEAD, POST"},
        Row{"DELETE", "/fhir/Subscription/1/_history/1", home_care_token, reads},
        Row{"PATCH", "/fhir/Subscription", home_care_token, "GET, HEAD, POST"}}) {
    const http::Response answer = house.ask(row.method, row.target, row.token);
    EXPECT_EQ(answer.status, 405u) << row.method << " " << row.target << answer.body;
    EXPECT_EQ(http::find(answer.fields, "Allow"), row.allowed) << row.method << " " << row.target;
    EXPECT_TRUE(holds(answer, "\"OperationOutcome\"")) << answer.body;
  }
  EXPECT_EQ(house.ask("DELETE", "/operate/quarantine", home_care_token).status, 404u) << "whoever may not operate learns nothing";
  EXPECT_EQ(house.ask("HEAD", "/operate/journal", operator_token).status, 200u);
}

TEST(Service, WordsWhatTheConnectionRefusesInTheFormatAskedFor) {
  House house;
  http::Request head;
  head.method = "POST";
  head.target = "/fhir/$process-message";
  head.fields = {{"Accept", "application/fhir+xml"}};
  const http::Response xml = house.service->refuse(head, http::body_too_large(8));
  EXPECT_EQ(xml.status, 413u);
  EXPECT_EQ(http::find(xml.fields, "Content-Type"), "application/fhir+xml; charset=utf-8");
  EXPECT_TRUE(holds(xml, "A body has at most 8 bytes. Nothing of the message was kept.")) << xml.body;
  const http::Response json = house.service->refuse({}, {400, "The head is no head."});
  EXPECT_TRUE(holds(json, "The head is no head. Nothing of the request was kept.") && holds(json, "\"OperationOutcome\""))
      << json.body;
  EXPECT_EQ(http::find(house.service->refuse({}, {501, "This method is not offered."}).fields, "Allow"),
            "GET, HEAD, POST, PUT, DELETE");
}

TEST(Service, SaysWhenTheBodyIsNotWhatItsContentTypeSays) {
  House house;
  ASSERT_EQ(house.send(ANotice("admission")).status, 200u);
  const std::string task = "/fhir/Task/" + house.first_id("Task");
  const http::Fields json{{"Content-Type", "application/fhir+json"}}, xml{{"Content-Type", "application/fhir+xml"}};
  const std::string is_xml = "This is XML, but Content-Type says JSON.", is_json = "This is JSON, but Content-Type says XML.";
  const http::Response one = house.ask("PUT", task, home_care_token, "<Task/>", json);
  EXPECT_EQ(one.status, 400u);
  EXPECT_TRUE(holds(one, is_xml)) << one.body;
  EXPECT_TRUE(holds(house.ask("PUT", task, home_care_token, "{}", xml), is_json));
  const http::Response notice =
      house.ask("POST", "/fhir/$process-message", hospital_token, ANotice("planning").with_id("M-2").json(), xml);
  EXPECT_EQ(notice.status, 422u);
  EXPECT_TRUE(holds(notice, is_json) && holds(notice, "kept as it came")) << notice.body;
  const http::Response pdf =
      house.ask("PUT", task, home_care_token, "%PDF", {{"Content-Type", "application/pdf"}, {"Accept", "text/xml"}});
  EXPECT_EQ(pdf.status, 415u);
  EXPECT_TRUE(holds(pdf, "Send application/fhir+json or application/fhir+xml.") && pdf.body.starts_with("<OperationOutcome "))
      << pdf.body;
}

TEST(Service, FindsOrganisationsHoweverTheirHsaIdIsWritten) {
  House house;
  ASSERT_EQ(house.send(ANotice("admission")).status, 200u);
  for (const char* found : {"/fhir/Task?owner=se2120990011-hsv1", "/fhir/Task?owner=%20SE2120990011-HSV1%20",
                            "/fhir/Task?owner=Organization/se2120990011-hsv1",
                            "/fhir/Task?owner:identifier=urn:oid:1.2.752.29.4.19|se2120990011-hsv1",
                            "/fhir/Communication?recipient=http://electronichealth.se/identifier/hsaid|se2120990011-hsv1",
                            "/fhir/Organization?identifier=urn:oid:1.2.752.29.4.19|se2120990011-hsv1",
                            "/fhir/Organization?identifier=se2120990011-hsv1",
                            "/fhir/Patient?identifier=urn:oid:1.2.752.129.2.1.3.1|19500907-2553"}) {
    const http::Response answer = house.ask("GET", found, home_care_token);
    EXPECT_EQ(answer.status, 200u) << answer.body;
    EXPECT_FALSE(holds(answer, "\"total\":0")) << found;
  }
}

}  // namespace
}  // namespace vardbron::rest
