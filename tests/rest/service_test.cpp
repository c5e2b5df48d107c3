#include "gateway/rest/service.h"

#include "gateway/base/limits.h"
#include "tests/rest/askings.h"
#include "tests/rest/house.h"

#include <gtest/gtest.h>

#include <cstdio>
#include <map>
#include <memory>
#include <regex>
#include <string>
#include <variant>

namespace vardbron::rest {
namespace {

TEST(Service, AnswersANoticeWithAReceipt) {
  House house;
  http::Response stored = house.send(ANotice("admission"));
  EXPECT_EQ(stored.status, 200u);
  EXPECT_TRUE(holds(stored, "\"resourceType\":\"OperationOutcome\"")) << stored.body;
  http::Response again = house.send(ANotice("admission"));
  EXPECT_EQ(again.status, 200u);
  EXPECT_EQ(again.body, stored.body);
}

TEST(Service, TurnsAStrangerAwayByTheHeadAlone) {
  House house;
  http::Request head;
  head.method = "POST";
  head.target = "/intake/cosmic";
  head.fields = {{"Host", "h"}, {"Accept", "application/fhir+xml"}};
  std::variant<std::string, http::Response> checked = house.service->check_head(head);
  const auto* turned_away = std::get_if<http::Response>(&checked);
  ASSERT_NE(turned_away, nullptr);
  http::Response whole = house.ask("POST", head.target, "", "<a/>", {{"Accept", "application/fhir+xml"}});
  EXPECT_EQ(turned_away->status, 401u);
  EXPECT_EQ(turned_away->body, whole.body);
  EXPECT_TRUE(holds(house.ask("GET", "/metrics", ""), "vardbron_http_refusals_total{reason=\"Unauthorized\"} 2"));

  head.target = "/%zz";
  checked = house.service->check_head(head);
  turned_away = std::get_if<http::Response>(&checked);
  ASSERT_NE(turned_away, nullptr);
  EXPECT_EQ(turned_away->status, 401u);

  head.fields.push_back({"Authorization", std::string("Bearer ") + hospital_token});
  checked = house.service->check_head(head);
  ASSERT_TRUE(std::holds_alternative<std::string>(checked));
  EXPECT_EQ(std::get<std::string>(checked), exchange::hospital);
}

// Concern: a caller that exceeds its share gets an error, and the others are answered.
TEST(Service, AnswersOthersWhileOneCallerHasAsManyRequestsUnderWayAsItMay) {
  House house;
  std::size_t under_way = 0;
  while (house.requests.take(exchange::hospital, 1)) ++under_way;
  EXPECT_EQ(under_way, limits::requests_under_way_max / 3 + 1);

  const http::Response refused = house.send(ANotice("admission"));
  EXPECT_EQ(refused.status, 429u);
  EXPECT_EQ(http::find(refused.fields, "Retry-After"), "1");
  EXPECT_TRUE(
      holds(refused, "Too many requests of your organisation are under way. Nothing of the message was kept. Send it again."))
      << refused.body;
  EXPECT_EQ(house.ask("GET", "/fhir/Task?status=requested", home_care_token).status, 200u);
  EXPECT_EQ(house.ask("GET", "/health", hospital_token).status, 200u) << "what costs nothing is open to all";
  EXPECT_TRUE(holds(house.ask("GET", "/metrics", ""), "vardbron_http_refusals_total{reason=\"Too Many Requests\"} 1"));

  house.requests.give_back(exchange::hospital, 1);
  EXPECT_EQ(house.send(ANotice("admission")).status, 200u);
  EXPECT_EQ(house.send(ANotice("admission").with_id("M-2")).status, 200u) << "what is answered is under way no more";
}

TEST(Service, SaysWhatToChangeInANoticeItKeepsInQuarantine) {
  House house;
  http::Response answer = house.send(ANotice("admission").without_class());
  EXPECT_EQ(answer.status, 422u);
  EXPECT_TRUE(holds(answer, "class")) << answer.body;
  http::Response list = house.ask("GET", "/operate/quarantine", operator_token);
  EXPECT_TRUE(holds(list, "\"number\":1")) << list.body;
  EXPECT_FALSE(holds(list, "Exempelsson"));
}

TEST(Service, NoAnswerThatQuotesItsSenderTurnsOrMovesATerminal) {
  House house;
  const std::string raw = "\u009B\u0085\u202E";
  std::string event = ANotice("admission").json(), unit = event, name = event, of_case = event;
  for (std::size_t at; (at = of_case.find("\"A-1\"")) != std::string::npos;) of_case.replace(at, 5, "\"A" + raw + "\"");
  event.insert(event.find("\"admission\"") + 3, raw);
  for (std::size_t at; (at = unit.find("SE2321990018-MED5")) != std::string::npos;) unit.replace(at, 17, raw);
  name.insert(name.find("\"type\"") + 2, raw);
  const auto post = [&](const std::string& body, const char* accept) {
    return house.ask("POST", "/fhir/$process-message", hospital_token, body, {{"Accept", accept}});
  };
  std::size_t quoted = 0;
  for (const char* accept : {"application/fhir+json", "application/fhir+xml"}) {
    for (const http::Response& each :
         {post(event, accept), post(unit, accept), post(name, accept), post(of_case, accept),
          house.ask("GET", "/fhir/Task?ow%C2%9B%C2%85%E2%80%AEner=x", home_care_token, "", {{"Accept", accept}})}) {
      for (const char* character : {"\u009B", "\u0085", "\u202E"}) EXPECT_FALSE(holds(each, character)) << each.body;
      if (holds(each, "u202E")) ++quoted;
    }
  }
  EXPECT_GE(quoted, 4u);
}

TEST(Service, VerifiesTheStoreForWhoOperatesItAndLogsThat) {
  House house;
  ASSERT_EQ(house.send(ANotice("admission")).status, 200u);
  http::Response verified = house.ask("GET", "/operate/verify", operator_token);
  EXPECT_EQ(verified.status, 200u);
  EXPECT_TRUE(holds(verified, R"({"clean":true,)")) << verified.body;
  EXPECT_TRUE(holds(verified, R"("journal":1,)")) << verified.body;
  EXPECT_TRUE(holds(house.ask("GET", "/metrics", ""), "vardbron_store_verify_findings 0"));
  EXPECT_EQ(house.ask("GET", "/operate/verify", home_care_token).status, 404u);
}

TEST(Service, RefusesEverybodyItDoesNotKnowAlike) {
  House house;
  ASSERT_EQ(house.send(ANotice("admission")).status, 200u);
  const std::string there = "/fhir/Encounter/" + house.first_id("Encounter");
  http::Response without = house.ask("GET", there, "");
  http::Response wrong = house.ask("GET", there, "no-token-of-this-gateway");
  http::Response nowhere = house.ask("GET", "/fhir/Encounter/none", "");
  EXPECT_EQ(without.status, 401u);
  EXPECT_EQ(wrong.status, 401u);
  EXPECT_EQ(without.body, wrong.body);
  EXPECT_EQ(without.body, nowhere.body);
}

TEST(Service, AnswersAboutAForeignCaseAsAboutNone) {
  House house;
  ASSERT_EQ(house.send(ANotice("admission")).status, 200u);
  for (const std::string type : {"Encounter", "Patient", "Task"}) {
    http::Response foreign = house.ask("GET", "/fhir/" + type + "/" + house.first_id(type), stranger_token);
    http::Response none = house.ask("GET", "/fhir/" + type + "/none", stranger_token);
    EXPECT_EQ(foreign.status, 404u);
    EXPECT_EQ(foreign.body, none.body);
    EXPECT_TRUE(holds(house.ask("GET", "/fhir/" + type + "?_total=accurate", stranger_token), "\"total\":0"));
  }
}

std::string lines_of(const http::Fields& fields) {
  std::string lines;
  for (const http::Field& each : fields) lines += each.name + ": " + each.value + "\n";
  return lines;
}

// A caller that is party to nothing gets the same bytes from a gateway that has the case and from one that has nothing.
TEST(Service, TellsAStrangerNothingThatAnEmptyGatewayWouldNotTell) {
  House full, empty;
  ASSERT_EQ(full.send(ANotice("admission")).status, 200u);
  ASSERT_EQ(full.send(ANotice("discharge-ready").with_id("M-2").at("2026-03-11T09:10:00+01:00")).status, 200u);
  const std::vector<Asking> askings = askings_about(full.spine.stored_case("A-1").resources);
  const std::string newest_id = "([0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[0-9a-f]{4}-[0-9a-f]{12})";  // made for this answer alone

  for (const Asking& each : askings) {
    const http::Response one = full.ask(each.method, each.target, stranger_token, each.body, each.fields);
    const http::Response other = empty.ask(each.method, each.target, stranger_token, each.body, each.fields);
    ASSERT_EQ(one.status, other.status) << each.method << " " << each.target;
    ASSERT_EQ(lines_of(one.fields), lines_of(other.fields)) << each.method << " " << each.target;
    const std::regex made(newest_id);
    ASSERT_EQ(std::regex_replace(one.body, made, "id"), std::regex_replace(other.body, made, "id"))
        << each.method << " " << each.target;
  }
  EXPECT_GT(askings.size(), 2'000u);
  std::printf("%zu askings of a stranger, answered as by an empty gateway\n", askings.size());
}

TEST(Service, LetsNobodyDoWhatTheTokenIsNotFor) {
  House house;
  EXPECT_EQ(house.ask("POST", "/fhir/$process-message", home_care_token, ANotice("admission").json()).status, 403u);
  EXPECT_EQ(house.ask("GET", "/operate/quarantine", home_care_token).status, 404u);
  EXPECT_EQ(house.ask("PUT", "/fhir/Task/x", hospital_token, "{\"resourceType\":\"Task\",\"id\":\"x\"}").status, 403u);
}

TEST(Service, ReadsInJsonAndXmlWithVersionAndTime) {
  House house;
  ASSERT_EQ(house.send(ANotice("admission")).status, 200u);
  const std::string there = "/fhir/Encounter/" + house.first_id("Encounter");
  http::Response json = house.ask("GET", there, home_care_token);
  EXPECT_EQ(json.status, 200u);
  EXPECT_EQ(http::find(json.fields, "ETag"), "W/\"1\"");
  http::Response xml = house.ask("GET", there, home_care_token, "", {{"Accept", "application/fhir+xml"}});
  EXPECT_TRUE(xml.body.starts_with("<Encounter xmlns=\"http://hl7.org/fhir\">")) << xml.body;
  EXPECT_EQ(house.ask("GET", there, home_care_token, "", {{"Accept", "text/html"}}).status, 406u);
  EXPECT_EQ(house.ask("GET", there + "/_history/1", home_care_token).status, 200u);
  EXPECT_EQ(house.ask("GET", there + "/_history/9", home_care_token).status, 404u);
}

TEST(Service, GivesNothingAgainToWhoHasThatVersion) {
  House house;
  ASSERT_EQ(house.send(ANotice("admission")).status, 200u);
  const std::string there = "/fhir/Encounter/" + house.first_id("Encounter");
  http::Response first = house.ask("GET", there, home_care_token);
  const std::string changed(http::find(first.fields, "Last-Modified"));
  struct Row {
    http::Fields asked;
    unsigned status;
  };
  for (const Row& row :
       {Row{{{"If-None-Match", "W/\"1\""}}, 304}, Row{{{"If-None-Match", "\"7\", \"1\""}}, 304},
        Row{{{"If-None-Match", "*"}}, 304}, Row{{{"If-None-Match", "W/\"2\""}}, 200}, Row{{{"If-Modified-Since", changed}}, 304},
        Row{{{"If-Modified-Since", "Sun, 06 Nov 1994 08:49:37 GMT"}}, 200}, Row{{{"If-Modified-Since", "yesterday"}}, 200},
        Row{{{"If-Modified-Since", "Monday, 01-Jan-35 00:00:00 GMT"}}, 304},
        Row{{{"If-Modified-Since", "Mon Jan  1 00:00:00 2035"}}, 304},
        Row{{{"If-None-Match", "W/\"2\""}, {"If-Modified-Since", changed}}, 200}}) {
    http::Response answer = house.ask("GET", there, home_care_token, "", row.asked);
    EXPECT_EQ(answer.status, row.status) << row.asked[0].name << ": " << row.asked[0].value;
    EXPECT_EQ(answer.body.empty(), row.status == 304);
    EXPECT_EQ(http::find(answer.fields, "ETag"), "W/\"1\"");
  }
}

TEST(Service, FindsWhatBelongsToAPatientHoweverTheReferenceIsSpelt) {
  House house;
  ASSERT_EQ(house.send(ANotice("admission")).status, 200u);
  const std::string patient = "Patient/" + house.first_id("Patient");
  for (const std::string& spelt : {patient, patient + "/_history/1", house.base_url + "/" + patient,
                                   house.base_url + "/" + patient + "/_history/1", patient.substr(8)}) {
    http::Response found = house.ask("GET", "/fhir/Encounter?_total=accurate&patient=" + spelt, home_care_token);
    EXPECT_TRUE(holds(found, "\"total\":1")) << spelt << ": " << found.body;
  }
  http::Response elsewhere =
      house.ask("GET", "/fhir/Encounter?_total=accurate&patient=http://other.example/fhir/" + patient, home_care_token);
  EXPECT_TRUE(holds(elsewhere, "\"total\":0"));
}

std::string next_link(const http::Response& page) {
  const std::size_t at = page.body.find("\"next\",\"url\":\"");
  if (at == std::string::npos) return {};
  const std::size_t begin = page.body.find("/fhir/", at);
  return page.body.substr(begin, page.body.find('"', begin) - begin);
}

TEST(Service, PagesThroughWhatAPostAskedForWithoutNamingItInTheLink) {
  House house;
  ASSERT_EQ(house.send(ANotice("admission")).status, 200u);
  const std::string form = "owner=SE2120990011-HSV1%2CSE2321990018-VC07&_count=1";
  const http::Fields fields{{"Content-Type", "application/x-www-form-urlencoded"}};
  http::Response page = house.ask("POST", "/fhir/Task/_search", operator_token, form, fields);
  ASSERT_EQ(page.status, 200u) << page.body;
  std::size_t pages = 1;
  for (std::string next = next_link(page); !next.empty() && pages < 100; next = next_link(page), ++pages) {
    EXPECT_EQ(next.find("SE2120990011"), std::string::npos) << next;
    EXPECT_EQ(house.ask("GET", next, home_care_token).status, 400u) << "it is nobody else's";
    page = house.ask("GET", next, operator_token);
    ASSERT_EQ(page.status, 200u) << page.body;
  }
  http::Response all = house.ask("GET", "/fhir/Task?owner=SE2120990011-HSV1,SE2321990018-VC07&_count=0", operator_token);
  EXPECT_TRUE(holds(all, "\"total\":" + std::to_string(pages))) << all.body;
  EXPECT_GT(pages, 1u);
}

TEST(Service, SearchesByGetOfSearchAndHidesTheQueryInItsLinks) {
  House house;
  ASSERT_EQ(house.send(ANotice("admission")).status, 200u);
  http::Response page = house.ask("GET", "/fhir/Task/_search?owner=SE2120990011-HSV1,SE2321990018-VC07&_count=1", operator_token);
  ASSERT_EQ(page.status, 200u) << page.body;
  EXPECT_TRUE(holds(page, "/fhir/Task/_search?_page=")) << page.body;
  const std::string links = page.body.substr(0, page.body.find("\"entry\""));
  EXPECT_EQ(links.find("SE2120990011"), std::string::npos) << links;
  EXPECT_EQ(house.ask("GET", next_link(page), operator_token).status, 200u);
  EXPECT_TRUE(holds(house.ask("GET", "/fhir/Task/_search", home_care_token), "\"type\":\"searchset\""));
}

// A position is a secret of the caller: it would count what all others have written.
TEST(Service, PagesByATokenThatIsOfOneCallerAndOneType) {
  House house;
  ASSERT_EQ(house.send(ANotice("admission")).status, 200u);
  const std::string first = "/fhir/Task?_count=1";
  const std::string next = next_link(house.ask("GET", first, operator_token)),
                    again = next_link(house.ask("GET", first, operator_token));
  ASSERT_NE(next.find("_after="), std::string::npos) << next;
  EXPECT_NE(next, again) << "the same position is never written the same";
  const std::string token = next.substr(next.find("_after=") + 7);
  const http::Response second = house.ask("GET", next, operator_token);
  EXPECT_EQ(second.status, 200u) << second.body;
  EXPECT_TRUE(holds(second, "_after=")) << "its self link";
  EXPECT_EQ(house.ask("GET", next, home_care_token).status, 400u);
  EXPECT_EQ(house.ask("GET", "/fhir/Encounter?_after=" + token, operator_token).status, 400u);
  for (const char* wrong : {"a1", "1", "x"}) {
    const http::Response refused = house.ask("GET", std::string("/fhir/Task?_after=") + wrong, operator_token);
    EXPECT_EQ(refused.status, 400u) << wrong;
    EXPECT_TRUE(holds(refused, "This page is not known any more: search again.")) << refused.body;
  }
}

TEST(Service, ShowsASummaryOrTheElementsThatAreAskedFor) {
  House house;
  ASSERT_EQ(house.send(ANotice("admission")).status, 200u);
  const std::string tasks = "/fhir/Task?owner=SE2120990011-HSV1";
  EXPECT_TRUE(holds(house.ask("GET", tasks, home_care_token), "\"restriction\""));
  for (const char* shape : {"&_summary=true", "&_elements=status", "&_summary=text"}) {
    const http::Response found = house.ask("GET", tasks + shape, home_care_token);
    EXPECT_EQ(found.status, 200u) << found.body;
    EXPECT_TRUE(holds(found, "\"code\":\"SUBSETTED\"") && holds(found, "\"intent\"")) << shape << found.body;
    EXPECT_FALSE(holds(found, "\"restriction\"")) << shape << found.body;
    EXPECT_TRUE(holds(found, shape)) << "the self link says so: " << found.body;
  }
  EXPECT_TRUE(holds(house.ask("GET", tasks + "&_summary=data", home_care_token), "\"restriction\""));
  const http::Response count = house.ask("GET", tasks + "&_summary=count", home_care_token);
  EXPECT_TRUE(holds(count, "\"total\":1") && !holds(count, "\"entry\"")) << count.body;
  EXPECT_EQ(house.ask("GET", tasks + "&_elements=statsu", home_care_token).status, 400u);
}

TEST(Service, WarnsOfACodeThatNothingHas) {
  House house;
  ASSERT_EQ(house.send(ANotice("admission")).status, 200u);
  const http::Response found = house.ask("GET", "/fhir/Task?_total=accurate&status=requestedd", home_care_token);
  EXPECT_EQ(found.status, 200u);
  EXPECT_TRUE(holds(found, "\"total\":0") && holds(found, "Did you mean requested?") && holds(found, "\"mode\":\"outcome\""))
      << found.body;
  EXPECT_FALSE(holds(house.ask("GET", "/fhir/Task?status=requested", home_care_token), "\"mode\":\"outcome\""));
}

TEST(Service, FindsByParametersAndModifiersOfEachKind) {
  House house;
  ASSERT_EQ(house.send(ANotice("admission")).status, 200u);
  for (const char* target :
       {"/fhir/Task?intent=order", "/fhir/Task?status:not=completed", "/fhir/Task?authored-on=ap2026-03-09",
        "/fhir/Task?status:in=http://hl7.org/fhir/ValueSet/task-status", "/fhir/Patient?deceased=false",
        "/fhir/Task?_profile:missing=false", "/fhir/Encounter?class:below=http://terminology.hl7.org/CodeSystem/v3-ActCode%7CIMP",
        "/fhir/Encounter?date=ge2026"}) {
    const http::Response found = house.ask("GET", target, home_care_token);
    EXPECT_EQ(found.status, 200u) << target << found.body;
    EXPECT_FALSE(holds(found, "\"total\":0")) << target << found.body;
  }
}

TEST(Service, ShowsNothingToATokenWithoutTheRightToReceive) {
  House house;
  ASSERT_EQ(house.send(ANotice("admission")).status, 200u);
  const std::string there = "/fhir/Encounter/" + house.first_id("Encounter");
  for (const std::string& target : {there, there + "/_history/1", std::string("/fhir/Encounter/none"),
                                    std::string("/fhir/Encounter"), std::string("/fhir/Task?owner=x")}) {
    http::Response answer = house.ask("GET", target, hospital_token);
    EXPECT_EQ(answer.status, 403u) << target;
    EXPECT_EQ(answer.body, house.ask("GET", "/fhir/Patient/none", hospital_token).body);
  }
  EXPECT_EQ(house.ask("GET", there, operator_token).status, 200u);
}

TEST(Service, SaysOfATypeItNeverKeepsThatItKeepsNone) {
  House house;
  EXPECT_EQ(house.ask("GET", "/fhir/Observation", home_care_token).status, 404u);
  EXPECT_EQ(house.ask("GET", "/fhir/Observation/1", home_care_token).status, 404u);
}

TEST(Service, FindsTasksByOwnerAndRefusesWhatItDoesNotIndex) {
  House house;
  ASSERT_EQ(house.send(ANotice("admission")).status, 200u);
  http::Response found = house.ask("GET", "/fhir/Task?owner=SE2120990011-HSV1&status=requested", home_care_token);
  EXPECT_EQ(found.status, 200u);
  EXPECT_TRUE(holds(found, "kvittera-inskrivning")) << found.body;
  EXPECT_EQ(house.ask("GET", "/fhir/Task?_content=order", home_care_token).status, 400u);
  EXPECT_EQ(house.ask("GET", "/fhir/Task?sttaus=requested", home_care_token).status, 400u);
  EXPECT_EQ(house.ask("GET", "/fhir/Tsak", home_care_token).status, 404u);
}

TEST(Service, TakesATaskOfItsOwnerOnceAndByTheRightVersion) {
  House house;
  ASSERT_EQ(house.send(ANotice("admission")).status, 200u);
  http::Response found = house.ask("GET", "/fhir/Task?owner=SE2120990011-HSV1", home_care_token);
  const std::size_t at = found.body.find("\"resourceType\":\"Task\",\"id\":\"") + 28;
  const std::string id = found.body.substr(at, 36);
  const std::string body = "{\"resourceType\":\"Task\",\"id\":\"" + id + "\",\"status\":\"accepted\",\"intent\":\"order\"}";
  EXPECT_EQ(house.ask("PUT", "/fhir/Task/" + id, stranger_token, body).status, 404u);
  EXPECT_EQ(house.ask("PUT", "/fhir/Task/" + id, home_care_token, body, {{"If-Match", "W/\"7\""}}).status, 412u);
  http::Response accepted = house.ask("PUT", "/fhir/Task/" + id, home_care_token, body, {{"If-Match", "W/\"1\""}});
  EXPECT_EQ(accepted.status, 200u) << accepted.body;
  EXPECT_TRUE(holds(accepted, "\"status\":\"accepted\""));
  EXPECT_EQ(http::find(accepted.fields, "ETag"), "W/\"2\"");
  EXPECT_EQ(http::find(accepted.fields, "Location"), house.base_url + "/Task/" + id + "/_history/2");
  EXPECT_EQ(house.ask("PUT", "/fhir/Task/other", home_care_token, body).status, 400u);
}

TEST(Service, TellsStrangersWhatItCanDoAndNothingOfWhatItHolds) {
  House house;
  ASSERT_EQ(house.send(ANotice("admission")).status, 200u);
  http::Response statement = house.ask("GET", "/fhir/metadata", "");
  EXPECT_EQ(statement.status, 200u);
  EXPECT_TRUE(holds(statement, "backport-subscription"));
  EXPECT_FALSE(holds(statement, "Exempel"));
  EXPECT_EQ(house.ask("GET", "/health", "").status, 200u);
  EXPECT_TRUE(holds(house.ask("GET", "/metrics", ""), "vardbron_notices_total{outcome=\"stored\"} 1"));
}

TEST(Service, NamesTheMethodsOfAPlace) {
  House house;
  http::Response response = house.ask("DELETE", "/fhir/Encounter/1", home_care_token);
  EXPECT_EQ(response.status, 405u);
  EXPECT_EQ(http::find(response.fields, "Allow"), "GET, HEAD");
  EXPECT_EQ(house.ask("GET", "/nowhere", home_care_token).status, 404u);
}

std::string wish_for(const std::string& endpoint) {
  return R"({"resourceType":"Subscription","status":"requested","reason":"notices","criteria":")"
         R"(https://vardbron.example/fhir/SubscriptionTopic/case","channel":{"type":"rest-hook","endpoint":")" +
         endpoint + R"(","payload":"application/fhir+json"}})";
}

TEST(Service, PagesThroughSubscriptionsAndForgetsTheDeletedOnes) {
  House house;
  Result<subscription::Endpoints> allowed = subscription::Endpoints::open({{exchange::home_care, "https://care.example"}}, false);
  ASSERT_TRUE(allowed);
  house.endpoints = std::move(*allowed);
  std::string last;
  for (const char* name : {"a", "b", "c"}) {
    const std::string endpoint = std::string("https://care.example/") + name;
    http::Response made = house.ask("POST", "/fhir/Subscription", home_care_token, wish_for(endpoint));
    ASSERT_EQ(made.status, 201u) << made.body;
    last = made.body.substr(made.body.find("\"id\":\"") + 6, 36);
  }
  http::Response none = house.ask("GET", "/fhir/Subscription?_count=0", home_care_token);
  EXPECT_TRUE(holds(none, "\"total\":3") && !holds(none, "\"entry\"")) << none.body;
  http::Response page = house.ask("GET", "/fhir/Subscription?_count=2", home_care_token);
  ASSERT_EQ(page.status, 200u) << page.body;
  const std::string next = next_link(page);
  ASSERT_FALSE(next.empty()) << page.body;
  http::Response rest = house.ask("GET", next, home_care_token);
  EXPECT_EQ(rest.status, 200u) << rest.body;
  EXPECT_TRUE(holds(rest, last) && !holds(page, last));
  EXPECT_FALSE(holds(rest, "\"next\""));
  EXPECT_EQ(house.ask("GET", "/fhir/Subscription?_count=many", home_care_token).status, 400u);

  EXPECT_EQ(house.ask("DELETE", "/fhir/Subscription/" + last, home_care_token).status, 204u);
  EXPECT_EQ(house.ask("GET", "/fhir/Subscription/" + last, home_care_token).status, 410u);
  EXPECT_EQ(house.ask("GET", "/fhir/Subscription/" + last, stranger_token).status, 404u);
  EXPECT_EQ(house.ask("DELETE", "/fhir/Subscription/" + last, home_care_token).status, 204u);
  EXPECT_TRUE(holds(house.ask("GET", "/fhir/Subscription", home_care_token), "\"total\":2"));
}

TEST(ChangeOfMaps, IsForOperatorsAndForNobodyElseThere) {
  House house;
  for (const char* token : {hospital_token, home_care_token, stranger_token})
    EXPECT_EQ(house.ask("POST", "/fhir/$reload-maps", token).status, 404u);
  EXPECT_EQ(house.ask("POST", "/fhir/$reload-maps", "").status, 401u);
  EXPECT_EQ(house.ask("GET", "/fhir/$reload-maps", operator_token).status, 405u);
  EXPECT_EQ(house.keeper.asked, "");
}

TEST(ChangeOfMaps, TellsWhichMapsAreInUseAndLeavesATrace) {
  House house;
  http::Response answer = house.ask("POST", "/fhir/$reload-maps", operator_token);

  EXPECT_EQ(answer.status, 200u);
  EXPECT_TRUE(holds(answer, "\"severity\":\"information\"")) << answer.body;
  EXPECT_TRUE(holds(answer, "New maps are in use: 2 maps, 39 cases pass. Digest d1.")) << answer.body;
  EXPECT_EQ(house.keeper.asked, "reload ");
  const std::vector<store::AuditRow> rows = house.spine.store.tables().audit_rows(0, 10);
  ASSERT_FALSE(rows.empty());
  EXPECT_NE(rows.back().says.find("reloaded, maps d1"), std::string::npos) << rows.back().says;
}

TEST(ChangeOfMaps, SaysWhereAMapIsWrong) {
  House house;
  house.keeper.next = {
      .digest = "d0", .maps = 2, .cases = 0, .failures = {{Cause::Invalid, "expected '->'", "m.fml:3:7"}}, .is_new = false};
  http::Response answer = house.ask("POST", "/fhir/$reload-maps", operator_token);

  EXPECT_EQ(answer.status, 422u);
  EXPECT_TRUE(holds(answer, "m.fml:3:7: expected '->'")) << answer.body;
  EXPECT_TRUE(holds(answer, "what they were")) << answer.body;
}

TEST(ChangeOfMaps, RollsBack) {
  House house;
  EXPECT_EQ(house.ask("POST", "/fhir/$rollback-maps", operator_token).status, 200u);
  EXPECT_EQ(house.keeper.asked, "rollback ");
}

TEST(Service, CountsWhatIsHeldBackAndShowsItToTheOperatorAlone) {
  House house;
  http::Response kept = house.send(ANotice("death").with_id("M-9"));
  EXPECT_EQ(kept.status, 200u);
  EXPECT_TRUE(holds(kept, "Nobody was told")) << kept.body;

  EXPECT_TRUE(holds(house.ask("GET", "/metrics", ""), "outcome=\"held\"} 1"));
  EXPECT_TRUE(holds(house.ask("GET", "/fhir/Encounter?status=unknown&_total=accurate", operator_token), "\"total\":1"));
  EXPECT_TRUE(holds(house.ask("GET", "/fhir/Encounter?status=unknown&_total=accurate", home_care_token), "\"total\":0"));

  // And an admission notice that happened before it sets it free.
  ASSERT_EQ(house.send(ANotice("admission").with_id("M-1").at("2026-03-09T23:00:00+01:00")).status, 200u);
  EXPECT_TRUE(holds(house.ask("GET", "/fhir/Encounter?status=unknown&_total=accurate", operator_token), "\"total\":0"));
}

}  // namespace
}  // namespace vardbron::rest
