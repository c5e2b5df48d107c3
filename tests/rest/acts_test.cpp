// Concern: what a party writes through the API is lost, is done twice, is done to what is not its own, or tells a stranger
// something.
#include "tests/rest/house.h"

#include <gtest/gtest.h>

#include <regex>
#include <string>
#include <utility>

namespace vardbron::rest {
namespace {

std::string_view field(const http::Response& response, std::string_view name) { return http::find(response.fields, name); }

std::string with(std::string text, const std::string& part, const std::string& other) {
  const std::size_t at = text.find(part);
  CHECK(at != std::string::npos);
  return text.replace(at, part.size(), other);
}

struct Acts : House, testing::Test {
  Acts() {
    CHECK(send(ANotice("admission")).status == 200u);
    spine.world.run_for(std::chrono::seconds(1));
    stay = "Encounter/" + first_id("Encounter");
  }

  std::string team(const std::string& name = "Eva Ek", const std::string& phone = "040-2") const {
    return R"({"resourceType":"CareTeam","status":"active","category":[{"coding":[{"system":)"
           R"("https://vardbron.example/fhir/CodeSystem/vardteam","code":"fast-kontakt"}]}],"encounter":{"reference":")" +
           stay + R"("},"contained":[{"resourceType":"PractitionerRole","id":"kontakt","practitioner":{"display":")" + name +
           R"("},"telecom":[{"system":"phone","value":")" + phone +
           R"("}]}],"participant":[{"role":[{"coding":[{"system":"urn:oid:1.2.752.129.5.1.69","code":"1"}]}],)"
           R"("member":{"reference":"#kontakt","type":"PractitionerRole","display":")" +
           name +
           R"("}}],"managingOrganization":[{"type":"Organization","identifier":{"system":"urn:oid:1.2.752.29.4.19",)"
           R"("value":"SE2120990011-HSV1"}}]})";
  }
  std::string identified(const std::string& body, const std::string& value) const {
    return with(body, R"("status":)", R"("identifier":[{"system":"urn:test:own","value":")" + value + R"("}],"status":)");
  }
  http::Response post(const std::string& body, const char* token = home_care_token, http::Fields fields = {}) {
    spine.world.run_for(std::chrono::seconds(1));
    return ask("POST", "/fhir/CareTeam", token, body, std::move(fields));
  }
  /// Path of what an answer is about: "/fhir/CareTeam/4711".
  std::string place_of(const http::Response& response) const {
    const std::string location(field(response, "Location"));
    const std::size_t start = location.find("/fhir/"), end = location.find("/_history");
    CHECK(start != std::string::npos && end != std::string::npos);
    return location.substr(start, end - start);
  }
  std::size_t links() { return spine.stored_case("A-1").links.size(); }

  std::string stay;
};

TEST_F(Acts, AContactIsAppointedByPostOfItsCareTeam) {
  const http::Response made = post(team());
  ASSERT_EQ(made.status, 201u) << made.body;
  EXPECT_EQ(field(made, "ETag"), "W/\"1\"");
  EXPECT_FALSE(field(made, "X-Journal-Id").empty());
  EXPECT_TRUE(holds(made, "Eva Ek") && holds(made, "040-2") && holds(made, R"("status":"active")"));
  EXPECT_EQ(ask("GET", place_of(made), stranger_token).status, 404u);
  EXPECT_EQ(ask("GET", place_of(made), home_care_token).body, made.body);
  EXPECT_EQ(spine.stored_case("A-1").links.back().kind, "fast-vardkontakt");
}

TEST_F(Acts, AContactOfTheHealthCentreCompletesItsTask) {
  EXPECT_FALSE(holds(ask("GET", "/fhir/Task?status=completed", health_centre_token), "utse-fast-vardkontakt"));
  const http::Response made =
      post(std::regex_replace(team(), std::regex("SE2120990011-HSV1"), exchange::health_centre), health_centre_token);
  ASSERT_EQ(made.status, 201u) << made.body;
  EXPECT_TRUE(holds(ask("GET", "/fhir/Task?status=completed", health_centre_token), "utse-fast-vardkontakt"));
}

TEST_F(Acts, TwoOfOneMomentAreInTheOrderInWhichTheyCame) {
  http::Response made = post(team());
  for (const char* phone : {"040-5", "040-4", "040-7", "040-6"}) {
    made = ask("PUT", place_of(made), home_care_token, std::regex_replace(made.body, std::regex("040-[0-9]"), phone));
    EXPECT_TRUE(holds(made, phone)) << made.body;
  }
}

TEST_F(Acts, TheSameActAgainIsOne) {
  const http::Response made = post(identified(team(), "K-1"));
  ASSERT_EQ(made.status, 201u) << made.body;
  const std::size_t before = links();
  spine.world.run_for(std::chrono::seconds(5));
  const http::Response again = post(identified(team(), "K-1"));
  EXPECT_EQ(again.status, 200u) << again.body;
  EXPECT_EQ(place_of(again), place_of(made));
  EXPECT_EQ(links(), before);
  const http::Response same_contact = post(identified(team(), "K-2"));
  EXPECT_EQ(same_contact.status, 200u) << same_contact.body;
  EXPECT_EQ(place_of(same_contact), place_of(made)) << "the same contact, confirmed";
}

TEST_F(Acts, WhatWasReadIsWrittenBackWithOneElementChanged) {
  const http::Response made = post(team());
  const std::string there = place_of(made);
  const std::size_t before = links();
  EXPECT_EQ(ask("PUT", there, home_care_token, made.body).status, 200u) << "unchanged";
  EXPECT_EQ(links(), before);
  std::string changed = std::regex_replace(made.body, std::regex("040-2"), "040-9");
  const http::Response written = ask("PUT", there, home_care_token, changed, {{"If-Match", "W/\"1\""}});
  ASSERT_EQ(written.status, 200u) << written.body;
  EXPECT_TRUE(holds(written, "040-9") && !holds(written, "040-2"));
  EXPECT_EQ(field(written, "ETag"), "W/\"2\"");
  changed = std::regex_replace(written.body, std::regex("040-9"), "040-8");
  EXPECT_EQ(ask("PUT", there, home_care_token, changed, {{"If-Match", "W/\"1\""}}).status, 412u);
  EXPECT_EQ(ask("PUT", there, home_care_token, changed, {{"If-Match", "\"2\""}}).status, 200u);
}

TEST_F(Acts, XmlIsWrittenBackLikeJson) {
  const std::string there = place_of(post(team()));
  const http::Response read = ask("GET", there, home_care_token, "", {{"Accept", "application/fhir+xml"}});
  const http::Fields xml = {{"Content-Type", "application/fhir+xml"}};
  EXPECT_EQ(ask("PUT", there, home_care_token, read.body, xml).status, 200u) << "as it is";
  const http::Response written =
      ask("PUT", there, home_care_token, std::regex_replace(read.body, std::regex("040-2"), "040-9"), xml);
  ASSERT_EQ(written.status, 200u) << written.body;
  EXPECT_TRUE(holds(written, "040-9"));
}

TEST_F(Acts, AContactIsEndedByStatusOrByPeriod) {
  http::Response made = post(team());
  http::Response ended =
      ask("PUT", place_of(made), home_care_token, with(made.body, R"("status":"active")", R"("status":"inactive")"));
  ASSERT_EQ(ended.status, 200u) << ended.body;
  EXPECT_TRUE(holds(ended, R"("status":"inactive")") && holds(ended, R"("end":)"));
  EXPECT_EQ(ask("PUT", place_of(made), home_care_token, ended.body).status, 200u) << "as it is";
  const http::Response again =
      ask("PUT", place_of(made), home_care_token, with(ended.body, R"("status":"inactive")", R"("status":"active")"));
  EXPECT_EQ(again.status, 422u);
  EXPECT_TRUE(holds(again, "Appoint one by POST")) << again.body;

  made = post(team("Bo Berg"));
  ASSERT_EQ(made.status, 201u) << made.body;
  const std::string now(std::regex_replace(made.body, std::regex(R"(("period":\{"start":)(\"[^"]*\"))"), R"($1$2,"end":$2)"));
  ended = ask("PUT", place_of(made), home_care_token, now);
  ASSERT_EQ(ended.status, 200u) << ended.body;
  EXPECT_TRUE(holds(ended, R"("status":"inactive")")) << ended.body;
}

TEST_F(Acts, AnotherContactIsAppointedByPostAndEndsTheOneBefore) {
  const http::Response first = post(team());
  const http::Response refused =
      ask("PUT", place_of(first), home_care_token, std::regex_replace(first.body, std::regex("Eva Ek"), "Bo Berg"));
  EXPECT_EQ(refused.status, 422u);
  EXPECT_TRUE(holds(refused, "appointed by POST")) << refused.body;
  spine.world.run_for(std::chrono::seconds(5));
  const http::Response second = post(team("Bo Berg"));
  ASSERT_EQ(second.status, 201u) << second.body;
  EXPECT_TRUE(holds(ask("GET", place_of(first), home_care_token), R"("status":"inactive")"));
}

TEST_F(Acts, WhatIsNotTheCallersIsRefused) {
  const http::Response made = post(team());
  const std::string there = place_of(made);
  const std::string changed = std::regex_replace(made.body, std::regex("040-2"), "040-9");
  EXPECT_EQ(ask("PUT", there, stranger_token, changed).status, 404u);
  EXPECT_EQ(ask("PUT", there, hospital_reader_token, changed).status, 403u);
  const std::string elsewhere = "/fhir/CareTeam/01234567-0123-8123-8123-0123456789ab";
  const std::string moved = std::regex_replace(changed, std::regex(there.substr(15)), elsewhere.substr(15));
  EXPECT_EQ(std::regex_replace(ask("PUT", elsewhere, home_care_token, moved).body, std::regex("[0-9a-f-]{36}"), ""),
            std::regex_replace(ask("PUT", there, stranger_token, changed).body, std::regex("[0-9a-f-]{36}"), ""));
}

TEST_F(Acts, AStrangerLearnsNothing) {
  std::string body = std::regex_replace(team(), std::regex("SE2120990011-HSV1"), "SE2120990029-HSV9");
  const std::size_t before = links();
  const http::Response there = post(body, stranger_token);
  EXPECT_EQ(there.status, 422u);
  EXPECT_TRUE(holds(there, "There is no such Encounter that you may see")) << there.body;
  const std::string nowhere = std::regex_replace(body, std::regex(stay), "Encounter/01234567-0123-8123-8123-0123456789ab");
  EXPECT_EQ(post(nowhere, stranger_token).body, there.body);
  EXPECT_EQ(post(team(), stranger_token).status, 403u) << "for another body's unit";
  EXPECT_EQ(links(), before);
}

TEST_F(Acts, PreferIsObeyed) {
  http::Response made = post(team(), home_care_token, {{"Prefer", "return=minimal"}});
  EXPECT_EQ(made.status, 201u);
  EXPECT_EQ(made.body, "");
  EXPECT_FALSE(field(made, "Location").empty());
  made = post(team("Bo Berg"), home_care_token, {{"Prefer", "return=OperationOutcome"}});
  EXPECT_EQ(made.status, 201u);
  EXPECT_TRUE(holds(made, "Stored: fast-vardkontakt of case A-1.")) << made.body;
}

TEST_F(Acts, DeleteNamesTheActThatEnds) {
  const http::Response refused = ask("DELETE", place_of(post(team())), home_care_token);
  EXPECT_EQ(refused.status, 405u);
  EXPECT_EQ(field(refused, "Allow"), "GET, HEAD, PUT");
  EXPECT_TRUE(holds(refused, "ended by PUT")) << refused.body;
}

TEST_F(Acts, WhatIsNoActNamesThoseThatThereAre) {
  for (const char* type : {"QuestionnaireResponse", "Communication", "Encounter"}) {
    const http::Response refused =
        ask("POST", std::string("/fhir/") + type, home_care_token, R"({"resourceType":")" + std::string(type) + "\"}");
    EXPECT_EQ(refused.status, 405u) << type;
    EXPECT_TRUE(holds(refused, "CarePlan (POST, PUT)") && holds(refused, "Communication (PUT)")) << refused.body;
    EXPECT_TRUE(holds(refused, "$process-message")) << refused.body;
  }
}

TEST_F(Acts, WhatTheRulesLeaveWithoutEffectIsSaid) {
  ASSERT_EQ(send(ANotice("nullified").with_id("M-2").replacing("M-1").at("2026-03-11T10:00:00+01:00")).status, 200u);
  const http::Response refused = post(team());
  EXPECT_EQ(refused.status, 422u) << refused.body;
}

TEST_F(Acts, OneForWhichThereIsNoRoomIsKeptAndIsOfItsOwnTimeWhenItIsReplayed) {
  const http::Response now = post(team("Bo Berg"));
  spine.rules_limits.notices = 0;
  spine.open_path({});
  const http::Response kept = post(team());
  EXPECT_EQ(kept.status, 413u) << kept.body;
  EXPECT_TRUE(holds(kept, "is kept as it came")) << kept.body;
  spine.world.run_for(std::chrono::hours(2));
  spine.rules_limits = {};
  spine.open_path({});
  EXPECT_EQ(ask("POST", "/operate/quarantine/3/replay", operator_token).status, 200u);
  const std::string found = ask("GET", "/fhir/CareTeam?status=active", home_care_token).body;
  ASSERT_NE(found.find("Eva Ek"), std::string::npos) << found;
  const auto hour_of = [&](const std::string& body) {
    std::smatch start;
    CHECK(std::regex_search(body, start, std::regex(R"rx("period":\{"start":"(.{13}))rx")));
    return start[1].str();
  };
  EXPECT_EQ(hour_of(found), hour_of(now.body));
}

TEST_F(Acts, ABodyOfAnEarlierVersionTakesNothingBack) {
  const http::Response first = post(team());
  const std::string there = place_of(first);
  ASSERT_EQ(ask("PUT", there, home_care_token, std::regex_replace(first.body, std::regex("040-2"), "040-9")).status, 200u);
  const http::Response again = ask("PUT", there, home_care_token, first.body);
  EXPECT_EQ(again.status, 200u);
  EXPECT_TRUE(holds(again, "040-9")) << again.body;
}

TEST_F(Acts, TheStatementListsThem) {
  const std::string statement = ask("GET", "/fhir/metadata", "").body;
  EXPECT_TRUE(std::regex_search(statement, std::regex(R"("type":"CareTeam",.*?"interaction":\[.*?"update".*?"create")")));
}

}  // namespace
}  // namespace vardbron::rest
