// Concern: what a party writes of a plan through the API is lost, or is another thing than the notice of the same would be.
#include "tests/rest/plan_acts.h"

#include "gateway/care/chain/elements.h"
#include "gateway/formats/json/parse.h"
#include "gateway/formats/json/write.h"
#include "gateway/time/civil.h"
#include "tests/exchange/plan_notices.h"
#include "tests/rest/element_samples.h"

#include <gtest/gtest.h>

#include <regex>
#include <string>
#include <utility>

namespace vardbron::rest {
namespace acts_of_plans {

TEST_F(PlanActs, APlanIsBegunAndThoseWhoAreCalledToItSeeIt) {
  begin();
  EXPECT_TRUE(holds(get(of_plan, home_care_token), R"("status":"draft")"));
  EXPECT_EQ(get(of_plan, stranger_token).status, 404u);
  const http::Response again = post("CarePlan", plan());
  EXPECT_EQ(again.status, 200u) << again.body;
  EXPECT_EQ(place_of(again), of_plan);
  EXPECT_EQ(put(of_plan, get(of_plan).body).status, 200u) << "as it is";
}

TEST_F(PlanActs, WhoMaySendNothingBeginsNoPlanAboutWhomItDoesNotSee) {
  const std::string alone = std::regex_replace(plan(), std::regex(R"rx(,"contributor":.*\])rx"), "");
  const std::string by_number = std::regex_replace(
      alone, std::regex(R"rx("subject":\{[^}]*\})rx"),
      R"("subject":{"identifier":{"system":"http://electronichealth.se/identifier/personnummer","value":"195009072553"}})");
  EXPECT_EQ(post("CarePlan", by_number, stranger_token).status, 403u);
  const http::Response by_reference = post("CarePlan", alone, stranger_token);
  EXPECT_EQ(by_reference.status, 422u);
  EXPECT_TRUE(holds(by_reference, "that you may see")) << by_reference.body;
}

TEST_F(PlanActs, APlanIsAgreedWhenItStatesWhatTheLawAsksFor) {
  begin();
  const std::string wanted = with(get(of_plan).body, R"("status":"draft")", R"("status":"active")");
  const http::Response lacking = put(of_plan, wanted);
  EXPECT_EQ(lacking.status, 422u) << lacking.body;
  EXPECT_TRUE(holds(lacking, R"("expression":["CarePlan.activity"])")) << lacking.body;
  const http::Response without_consent = put(of_plan, with(wanted, R"("intent")", points() + R"("intent")"));
  EXPECT_EQ(without_consent.status, 422u) << without_consent.body;
  EXPECT_TRUE(holds(without_consent, "the person consents")) << without_consent.body;
  EXPECT_TRUE(holds(get(of_plan), R"("status":"draft")"));
}

TEST_F(PlanActs, AnAgreedPlanIsReplacedAndClosed) {
  agree();
  const std::string agreed = get(of_plan).body;
  EXPECT_EQ(put(of_plan, agreed).status, 200u) << "as it is";
  EXPECT_TRUE(holds(put(of_plan, with(agreed, "Vård i hemmet", "Vård")), "POST of a CarePlan that replaces this one"));
  const http::Response revised = post(
      "CarePlan",
      with(with(with(plan(), R"("status":"draft")", R"("status":"active")"), R"("intent")", points() + R"("intent")"),
           R"("intent")",
           R"("author":{)" + unit(exchange::health_centre) + R"(},"replaces":[{"reference":")" + of_plan + R"("}],"intent")"),
      home_care_token);
  ASSERT_EQ(revised.status, 201u) << revised.body;
  EXPECT_TRUE(holds(revised, of_plan) && holds(revised, R"("status":"active")")) << revised.body;
  EXPECT_TRUE(holds(get(of_plan), R"("status":"completed")"));
  const http::Response closed = put(place_of(revised), with(revised.body, R"("status":"active")", R"("status":"completed")"));
  ASSERT_EQ(closed.status, 200u) << closed.body;
  EXPECT_TRUE(holds(closed, "avslutad"));
}

TEST_F(PlanActs, AnInsatsThatHasANameGoesOnUnderIt) {
  const auto notice = [&](exchange::APlanNotice plan) {
    const http::Response sent = ask("POST", "/fhir/$process-message", hospital_token, plan.json());
    ASSERT_EQ(sent.status, 200u) << sent.body;
  };
  const auto id_of = [](const std::string& text, const std::string& type) {
    std::smatch found;
    CHECK(std::regex_search(text, found, std::regex(type + "/[0-9a-f-]{36}")));
    return found.str();
  };
  notice(exchange::APlanNotice("plan.need").with_id("N-1").to_everybody());
  notice(exchange::APlanNotice("consent").with_id("N-2").at("2026-03-12T11:01:00+01:00").deciding("active"));
  notice(exchange::APlanNotice("plan.agreed").with_id("N-3").at("2026-03-12T11:02:00+01:00").with_four_points());
  const std::string plans = ask("GET", "/fhir/CarePlan?status=active", health_centre_token).body;
  of_plan = id_of(plans, "CarePlan");
  const std::string insats = id_of(get(of_plan).body, "Task"), goal = id_of(get(of_plan).body, "Goal");
  const http::Response revised =
      post("CarePlan", with(with(plan(), R"("status":"draft")", R"("status":"active")"), R"("intent")",
                            R"("author":{)" + unit(exchange::health_centre) + R"(},"replaces":[{"reference":")" + of_plan +
                                R"("}],"description":"Mer","goal":[{"reference":")" + goal +
                                R"("}],"activity":[{"reference":{"reference":")" + insats + R"("}}],"note":[{"text":)" +
                                R"("Åtgärder av andra: Ingen annan än regionen och kommunen vidtar åtgärder."}],"intent")"));
  ASSERT_EQ(revised.status, 201u) << revised.body;
  EXPECT_TRUE(holds(revised, insats) && holds(revised, goal)) << revised.body;
  EXPECT_FALSE(holds(get(insats, home_care_token), "cancelled")) << get(insats, home_care_token).body;
}

TEST_F(PlanActs, AMeetingIsCalledAnsweredMovedHeldAndCalledOff) {
  begin();
  const http::Response called = post("Appointment", meeting());
  ASSERT_EQ(called.status, 201u) << called.body;
  const std::string there = place_of(called);
  const std::string seen = get(there, home_care_token).body;
  const std::size_t own = seen.find(exchange::home_care);
  ASSERT_NE(own, std::string::npos) << seen;
  std::string answered = seen;
  answered.replace(answered.find("needs-action", own), 12, "accepted");
  EXPECT_TRUE(holds(put(there, answered), "Each unit answers for itself"));
  const http::Response answer = put(there, answered, home_care_token);
  ASSERT_EQ(answer.status, 200u) << answer.body;
  EXPECT_TRUE(holds(answer, R"("status":"accepted")"));
  const http::Response moved = put(there, with(answer.body, "2026-03-20T10:00", "2026-03-20T09:00"));
  ASSERT_EQ(moved.status, 200u) << moved.body;
  EXPECT_TRUE(holds(moved, "2026-03-20T09:00")) << moved.body;
  EXPECT_TRUE(holds(put(there, with(with(moved.body, "booked", "cancelled"), "T09:00", "T08:00")), "one at a time"));
  const http::Response held = put(there, with(moved.body, "booked", "fulfilled"));
  ASSERT_EQ(held.status, 200u) << held.body;
  EXPECT_TRUE(holds(held, R"("status":"fulfilled")"));
}

TEST_F(PlanActs, AMeetingIsCalledOff) {
  begin();
  const http::Response called = post("Appointment", meeting());
  const http::Response off = put(place_of(called), with(called.body, "booked", "cancelled"));
  ASSERT_EQ(off.status, 200u) << off.body;
  EXPECT_TRUE(holds(off, R"("status":"cancelled")"));
}

TEST_F(PlanActs, AConsentIsGivenAndWithdrawn) {
  begin();
  const http::Response given = post("Consent", consent("active"));
  ASSERT_EQ(given.status, 201u) << given.body;
  EXPECT_EQ(put(place_of(given), given.body).status, 200u) << "as it is";
  const http::Response withdrawn = put(place_of(given), with(given.body, R"("status":"active")", R"("status":"inactive")"));
  ASSERT_EQ(withdrawn.status, 200u) << withdrawn.body;
  EXPECT_TRUE(holds(withdrawn, R"("status":"inactive")") && holds(withdrawn, R"("type":"deny")"));
  EXPECT_TRUE(holds(get(of_plan), "ej-aktuell"));
}

TEST_F(PlanActs, SharingWithAUnitIsWithdrawn) {
  begin();
  const std::string wish = with(consent("rejected"), R"("provision":{)",
                                R"("provision":{"type":"deny","actor":[{"role":{"coding":[{"code":"IRCP"}]},"reference":{)" +
                                    unit(exchange::home_care) + "}}],");
  const http::Response refused = post("Consent", wish);
  ASSERT_EQ(refused.status, 201u) << refused.body;
  EXPECT_EQ(get(of_plan, home_care_token).status, 404u);
}

TEST_F(PlanActs, ANoticeIsAcknowledgedByItsCommunication) {
  const http::Response found =
      ask("GET", "/fhir/Communication?recipient:identifier=" + std::string(exchange::home_care), home_care_token);
  std::smatch id;
  ASSERT_TRUE(std::regex_search(found.body, id, std::regex("Communication/([0-9a-f-]{36})"))) << found.body;
  const std::string there = "Communication/" + id[1].str();
  const std::string body = get(there, home_care_token).body;
  const std::string received = with(body, R"("status":"completed")",
                                    R"("status":"completed","received":")" + time::format_local(spine.world.clock.wall()) + "\"");
  EXPECT_EQ(put(there, with(received, R"("received":"20)", R"("received":"19)"), home_care_token).status, 422u);
  EXPECT_EQ(put(there, received, hospital_reader_token).status, 403u);
  const http::Response written = put(there, received, home_care_token);
  ASSERT_EQ(written.status, 200u) << written.body;
  EXPECT_TRUE(holds(written, R"("received":)"));
  EXPECT_EQ(put(there, written.body, home_care_token).status, 200u) << "as it is";
}

TEST_F(PlanActs, ThePlanOfAnArendeIsWrittenLikeOneOfItsOwn) {
  const std::string stay = R"("encounter":{"reference":"Encounter/)" + first_id("Encounter") + R"("},"intent")";
  const std::string of_stay = std::regex_replace(plan(), std::regex(R"rx("identifier":\[.*?\],)rx"), "");
  const http::Response made = post("CarePlan", with(of_stay, R"("intent")", stay));
  ASSERT_EQ(made.status, 201u) << made.body;
  of_plan = place_of(made);
  const http::Response called = post("Appointment", meeting());
  ASSERT_EQ(called.status, 201u) << called.body;
  EXPECT_TRUE(holds(ask("GET", "/fhir/Encounter", health_centre_token), first_id("Encounter")));
  const http::Response moved = put(place_of(called), with(called.body, "2026-03-20T10:00", "2026-03-20T09:00"));
  ASSERT_EQ(moved.status, 200u) << moved.body;
  EXPECT_TRUE(holds(moved, "2026-03-20T09:00")) << moved.body;
  const http::Response given = post("Consent", consent("active"));
  ASSERT_EQ(given.status, 201u) << given.body;
  const http::Response refused = put(place_of(given), with(given.body, R"("status":"active")", R"("status":"rejected")"));
  ASSERT_EQ(refused.status, 200u) << refused.body;
  EXPECT_TRUE(holds(refused, R"("status":"rejected")")) << refused.body;
  EXPECT_TRUE(holds(get(of_plan), "ej-aktuell")) << get(of_plan).body;
}

TEST_F(PlanActs, AConsentToPassInformationOnIsOfTheArende) {
  of_plan = "Encounter/" + first_id("Encounter");
  const http::Response given = post("Consent", with(consent("active"), R"("code":"sip")", R"("code":"utlamnande")"));
  ASSERT_EQ(given.status, 201u) << given.body;
  EXPECT_TRUE(holds(given, "utlamnande"));
  const http::Response withdrawn = put(place_of(given), with(given.body, R"("status":"active")", R"("status":"inactive")"));
  ASSERT_EQ(withdrawn.status, 200u) << withdrawn.body;
  EXPECT_TRUE(holds(withdrawn, R"("status":"inactive")"));
}

TEST_F(PlanActs, EachElementIsKeptOrRefusedByItsName) {
  begin();
  const std::string communications = ask("GET", "/fhir/Communication", home_care_token).body;
  std::smatch communication;
  ASSERT_TRUE(std::regex_search(communications, communication, std::regex("Communication/[0-9a-f-]{36}")));
  const std::string contact =
      R"({"resourceType":"CareTeam","status":"active","category":[{"coding":[{"system":)"
      R"("https://vardbron.example/fhir/CodeSystem/vardteam","code":"fast-kontakt"}]}],"encounter":{"reference":"Encounter/)" +
      first_id("Encounter") + R"("},"participant":[{"member":{"display":"Eva Ek"}}]})";
  const fhir::Definitions& definitions = exchange::empty_library().definitions();
  std::size_t refused = 0, kept = 0;
  for (const std::string& place :
       {of_plan, place_of(post("Appointment", meeting())), place_of(post("Consent", consent("active"))),
        place_of(post("CareTeam", contact)), communication.str()}) {
    const char* token = place.starts_with("Communication") ? home_care_token : health_centre_token;
    const std::string type = place.substr(0, place.find('/'));
    for (const fhir::Element& element : definitions.elements(definitions.find_type(type))) {
      for (const fhir::ElementType& each : definitions.types(element)) {
        const std::string name(definitions.names().text(element.is_choice ? each.choice_name : element.name));
        const std::string value = sample(definitions.name(each.type));
        if (value.empty() || name == "id") continue;
        Result<tree::Document> document = json::parse(get(place, token).body, definitions.names());
        ASSERT_TRUE(document);
        for (const tree::Item old : care::items_of(tree::root(*document), name)) document->remove(0, old.node);
        std::string body = json::write(*document);
        body.insert(body.size() - 1, ",\"" + name + "\":" + (element.max == 1 ? value : "[" + value + "]"));
        const http::Response answer = put(place, body, token);
        if (answer.status == 200) {
          ++kept;
          const std::string inner = value.front() == '{' ? value.substr(1, value.size() - 2) : value;
          EXPECT_TRUE(holds(get(place, token), inner)) << type << "." << name << " was written and is not there";
          continue;
        }
        ++refused;
        EXPECT_TRUE(answer.status == 422 || answer.status == 400) << type << "." << name << answer.body;
        // What is contained is missed where it is referred to.
        const std::string top = type + "." + (name == "contained" ? "" : name);
        EXPECT_TRUE(holds(answer, "\"expression\":[\"" + top)) << name << ": " << answer.body;
      }
    }
  }
  EXPECT_GT(refused, 80u);
  EXPECT_GE(kept, 2u) << "CarePlan.description, Consent.dateTime";
}

TEST_F(PlanActs, WhatIsNotKeptIsRefusedByItsName) {
  begin();
  const auto refused = [&](const http::Response& response, const std::string& where) {
    EXPECT_EQ(response.status, 422u) << response.body;
    EXPECT_TRUE(holds(response, "\"expression\":[\"" + where + "\"]")) << response.body;
  };
  const std::string now = get(of_plan).body;
  refused(put(of_plan, with(now, R"("intent")", R"("addresses":[{"display":"x"}],"intent")")), "CarePlan.addresses[0]");
  refused(put(of_plan, with(now, R"("status":"draft")", R"("status":"revoked")")), "CarePlan.status");
  refused(put(of_plan, with(now, R"("intent")", R"("note":[{"text":"x"}],"intent")")), "CarePlan.note[0].text");
  refused(put(of_plan, with(now, R"("intent")", R"("activity":[{"detail":{"status":"completed","description":"x"}}],"intent")")),
          "CarePlan.activity[0].detail.status");
  refused(put(of_plan, with(now, R"("intent")",
                            R"("activity":[{"detail":{"status":"not-started","description":"x","performer":[{)" +
                                unit("SE2120001355-X1") + R"(}]}}],"intent")")),
          "CarePlan.activity[0].detail.performer[0].identifier");
  refused(put(of_plan, with(now, R"("intent")", R"("goal":[{"reference":"Goal/x"}],"intent")")), "CarePlan.goal[0].reference");
  refused(post("CarePlan", with(plan(), R"("code":"SIP")", R"("code":"OTHER")")), "CarePlan.category");
  refused(post("CarePlan", with(plan(), R"("status":"draft")", R"("status":"completed")")), "CarePlan.status");
  refused(post("CarePlan", with(plan(), R"("intent":"plan")", R"("intent":"order")")), "CarePlan.intent");
  refused(post("CarePlan", with(plan(), R"("intent")", R"("title":"x","intent")")), "CarePlan.title");
  refused(post("Appointment", with(meeting(), R"("status":"booked")", R"("comment":"x","status":"booked")")),
          "Appointment.comment");
  refused(post("Appointment", with(meeting(), of_plan, "CarePlan/x")), "Appointment.supportingInformation.reference");
  refused(post("Appointment", with(meeting(), "needs-action", "accepted")), "Appointment.participant[0].status");
  refused(post("Appointment", with(meeting(), R"("status":"booked")", R"("status":"arrived")")), "Appointment.status");
  refused(post("Consent", with(consent("active"), R"("code":"sip")", R"("code":"x")")), "Consent.category[0]");
  refused(post("Consent", consent("proposed")), "Consent.status");
  refused(post("Consent", with(consent("active"), R"("provision":{)", R"("provision":{"type":"deny",)")),
          "Consent.provision.type");
  refused(post("Consent", with(consent("active"), R"("provision":{)", R"("provision":{"purpose":[{"code":"x"}],)")),
          "Consent.provision.purpose");
}

TEST_F(PlanActs, APartOfAGoalStaysOne) {
  begin();
  const std::string code =
      R"("category":[{"coding":[{"system":"https://vardbron.example/fhir/CodeSystem/plan-mal","code":"delmal"}]}],)";
  const std::string stated = with(points(), R"("description":{"text")", code + R"("description":{"text")");
  const http::Response written =
      put(of_plan, with(get(of_plan).body, R"("intent")", stated.substr(0, stated.find(R"("activity")")) + R"("intent")"));
  std::smatch goal;
  ASSERT_TRUE(std::regex_search(written.body, goal, std::regex("Goal/[0-9a-f-]{36}"))) << written.body;
  EXPECT_TRUE(holds(get(goal.str()), R"("code":"delmal")")) << get(goal.str()).body;
  const http::Response again = put(of_plan, with(written.body, "Vård i hemmet", "Mer vård"));
  ASSERT_EQ(again.status, 200u) << again.body;
  EXPECT_TRUE(holds(get(goal.str()), R"("code":"delmal")")) << "of the one that is referred to: " << get(goal.str()).body;
}

TEST_F(PlanActs, AMeetingThatIsMovedIsWhereItWas) {
  begin();
  const std::string where = with(
      meeting(), R"("participant":[)",
      R"("extension":[{"url":"https://vardbron.example/fhir/StructureDefinition/videolank","valueUrl":"https://a.example/1"}],)"
      R"("participant":[{"actor":{"type":"Location","display":"Rum 1"},"status":"accepted"},)");
  const http::Response called = post("Appointment", where);
  ASSERT_TRUE(holds(called, "Plats: Rum 1 Video: https://a.example/1")) << called.body;
  const std::string there = place_of(called);
  http::Response moved = put(there, with(called.body, "2026-03-20T10:00", "2026-03-20T09:00"));
  EXPECT_TRUE(holds(moved, "T09:00") && holds(moved, "Plats: Rum 1 Video: https://a.example/1")) << moved.body;
  EXPECT_TRUE(holds(moved, R"("end":"2026-03-20T11:00)")) << moved.body;
  moved = put(there, with(with(moved.body, "2026-03-20T09:00", "2026-03-20T08:00"), R"("end":"2026-03-20T11:00:00+01:00",)", ""));
  EXPECT_TRUE(holds(moved, "T08:00") && holds(moved, R"("end":"2026-03-20T11:00)")) << "what is left out stays: " << moved.body;
  const http::Response refused = put(there, with(moved.body, "2026-03-20T08:00", "2026-03-20T12:00"));
  EXPECT_EQ(refused.status, 422u);
  EXPECT_TRUE(holds(refused, R"("expression":["Appointment.end"])")) << refused.body;
}

TEST_F(PlanActs, ADecisionThatIsOlderThanTheNewestChangesNothing) {
  begin();
  ASSERT_EQ(post("Consent", consent("active")).status, 201u);
  const http::Response withdrawn = post("Consent", consent("inactive"));
  ASSERT_EQ(withdrawn.status, 200u) << withdrawn.body;
  const auto given_at = [&](const std::string& time) {
    return post("Consent", with(consent("active"), R"("scope")", R"("dateTime":")" + time + R"(","scope")"));
  };
  for (const char* time : {"2026-03-01", "2026-03-28T10:59:00+01:00"}) {
    const http::Response older = given_at(time);
    EXPECT_EQ(older.status, 422u) << older.body;
    EXPECT_TRUE(holds(older, R"("expression":["Consent.dateTime"])")) << older.body;
  }
  EXPECT_TRUE(holds(get(of_plan), "ej-aktuell"));
  EXPECT_EQ(given_at("2026-03-28").status, 200u) << "of the same day";
  EXPECT_TRUE(holds(get(of_plan), "samtyckt"));
}

TEST_F(PlanActs, WhoBeganAPlanAndIsDeniedItLearnsNothingOfItByBeginningItAgain) {
  begin();
  ASSERT_EQ(post("Consent", consent("active")).status, 201u);
  const std::string of_unit =
      R"("type":"deny","actor":[{"role":{"coding":[{"code":"IRCP"}]},"reference":{)" + unit(exchange::health_centre) + "}}],";
  ASSERT_LT(post("Consent", consent("inactive"), home_care_token).status, 300u);
  const http::Response denied =
      post("Consent", with(consent("rejected"), R"("provision":{)", R"("provision":{)" + of_unit), home_care_token);
  EXPECT_EQ(denied.status, 201u) << denied.body;
  ASSERT_EQ(get(of_plan).status, 404u);
  const std::string of_others = get(of_plan, home_care_token).body;

  const http::Response same = post("CarePlan", plan());
  EXPECT_EQ(same.status, 422u);
  EXPECT_TRUE(holds(same, R"("code":"duplicate","diagnostics":"The same act was taken before and is not done again.)"))
      << same.body;
  const http::Response other = post("CarePlan", with(plan(), R"("status":"draft")", R"("description":"Behov","status":"draft")"));
  EXPECT_EQ(other.status, 422u);
  EXPECT_TRUE(holds(other, "no plan with this identity is known in which")) << other.body;
  EXPECT_FALSE(holds(other, "behov-bedomt") || holds(other, "ej-aktuell")) << other.body;
  EXPECT_EQ(get(of_plan).status, 404u);
  EXPECT_EQ(get(of_plan, home_care_token).body, of_others) << "nothing is changed";
}

TEST_F(PlanActs, WhoReplacesAnEarlierVersionReplacesNothing) {
  agree();
  const auto revise = [&](const std::string& text) {
    return post("CarePlan", with(with(with(plan(), R"("status":"draft")", R"("status":"active")"), R"("intent")",
                                      points() + R"("author":{)" + unit(exchange::health_centre) +
                                          R"(},"replaces":[{"reference":")" + of_plan + R"("}],"intent")"),
                                 "Vård i hemmet", text));
  };
  const http::Response revised = revise("Ett");
  ASSERT_EQ(revised.status, 201u) << revised.body;
  EXPECT_EQ(revise("Ett").status, 200u) << "the same act again";
  const http::Response late = revise("Två");
  EXPECT_EQ(late.status, 422u);
  EXPECT_TRUE(holds(late, R"("expression":["CarePlan.replaces[0]"])")) << late.body;
  of_plan = place_of(revised);
  EXPECT_TRUE(holds(get(of_plan), R"("status":"active")"));
  const http::Response renamed =
      post("CarePlan", with(with(with(plan(), R"("status":"draft")", R"("status":"active")"), R"("intent")",
                                 points() + R"("author":{)" + unit(exchange::health_centre) + R"(},"replaces":[{"reference":")" +
                                     of_plan + R"("}],"intent")"),
                            "P-1", "P-2"));
  EXPECT_TRUE(holds(renamed, R"("expression":["CarePlan.identifier[0]"])")) << renamed.body;
}

/// What is said twice, or of what nothing is kept, and where that is answered.
TEST_F(PlanActs, WhatIsSaidTwiceOrOfAnotherIsRefused) {
  begin();
  const std::string now = get(of_plan).body, other = R"("Patient/01234567-0123-8123-8123-0123456789ab")";
  const auto refused = [&](const http::Response& response, const std::string& where) {
    EXPECT_EQ(response.status, 422u) << where << response.body;
    EXPECT_TRUE(holds(response, "\"expression\":[\"" + where + "\"]")) << response.body;
  };
  const auto stating = [&](const std::string& text) { return put(of_plan, with(now, R"("intent")", text + R"("intent")")); };
  const auto agreeing = [&](const std::string& text) {
    return put(of_plan, with(with(now, R"("status":"draft")", R"("status":"active")"), R"("intent")", text + R"("intent")"));
  };
  const auto goal = [&](const std::string& text) {
    return stating(R"("goal":[{"reference":"#g"}],"contained":[{"resourceType":"Goal","id":"g","lifecycleStatus":"active",)" +
                   text + R"("description":{"text":"Bo hemma"},"subject":{"display":"Patienten"}}],)");
  };
  const auto follow_up = [](const std::string& text) {
    return R"({"detail":{"status":"not-started","description":"telefon",)" + text +
           R"("code":{"coding":[{"system":"https://vardbron.example/fhir/CodeSystem/uppgift","code":"folj-upp-sip"}]}}})";
  };
  const std::string due = R"("scheduledPeriod":{"end":"2026-05-04"},)";
  refused(post("CarePlan", with(plan(), R"("value":"P-1"})", R"("value":"P-9"},{"value":"P-8"})")), "CarePlan.identifier[1]");
  refused(post("CarePlan", with(plan(), R"("value":"P-1"})", R"("value":"P-9","use":"old"})")), "CarePlan.identifier[0].use");
  refused(stating(R"("note":[{"text":"Om det blir sämre: Ring"}],)"), "CarePlan.note[0].text");
  refused(post("CarePlan", with(plan(), R"("intent")", R"("author":{)" + unit(exchange::home_care) + R"(},"intent")")),
          "CarePlan.author");
  refused(stating("\"activity\":[" + follow_up(due) + "],"), "CarePlan.activity[0].detail");
  refused(agreeing(R"("note":[{"text":"Om det blir sämre: Ring"},{"text":"Om det blir sämre: Vänta"}],)"), "CarePlan.note[1]");
  refused(agreeing("\"activity\":[" + follow_up(due) + "," + follow_up(due) + "],"), "CarePlan.activity[1].detail");
  refused(agreeing("\"activity\":[" + follow_up(R"("scheduledPeriod":{"start":"2026-05-01","end":"2026-05-04"},)") + "],"),
          "CarePlan.activity[0].detail.scheduledPeriod.start");
  refused(agreeing("\"activity\":[" + follow_up(due + R"("performer":[{"display":"Eva"}],)") + "],"),
          "CarePlan.activity[0].detail.performer[0]");
  refused(stating(R"("note":[{"authorReference":{"reference":)" + other + R"(},"text":"x"}],)"),
          "CarePlan.note[0].authorReference.reference");
  refused(goal(R"("target":[{"dueDate":"2026-05-01"},{"dueDate":"2026-06-01"}],)"), "CarePlan.contained[0].target[1]");
  refused(goal(R"("category":[{"coding":[{"code":"dietary"}]}],)"), "CarePlan.contained[0].category[0]");
  refused(goal(R"("expressedBy":{"display":"Läkaren"},)"), "CarePlan.contained[0].expressedBy");
  const auto calling = [&](const std::string& text) {
    return post("Appointment", with(meeting(), R"("participant":[)", R"("participant":[)" + text));
  };
  const std::string room = R"({"actor":{"type":"Location","display":"Rum 1"},"status":"accepted"},)";
  refused(calling(room + room), "Appointment.participant[1]");
  refused(calling(R"({"actor":{"reference":)" + other + R"(},"status":"needs-action"},)"),
          "Appointment.participant[0].actor.reference");
  refused(calling(with(R"({"actor":{"reference":"Patient/x"},"status":"declined"},)", "x", spine.patients().front().id)),
          "Appointment.participant[0].status");
  refused(post("Appointment", with(meeting(), "T11:00", "T09:00")), "Appointment.end");
  refused(post("Appointment", with(meeting(), R"("status":"needs-action")", R"("type":[{"text":"x"}],"status":"needs-action")")),
          "Appointment.participant[0].type[0]");
  refused(post("Consent", with(consent("active"), R"("data":[)",
                               R"("data":[{"meaning":"related","reference":{"reference":")" + of_plan + R"("}},)")),
          "Consent.provision.data[1]");
  EXPECT_EQ(get(of_plan).body, now);
}

}  // namespace acts_of_plans
}  // namespace vardbron::rest
