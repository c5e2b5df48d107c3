#pragma once

#include "tests/rest/house.h"

#include <gtest/gtest.h>

#include <string>

namespace vardbron::rest::acts_of_plans {

inline std::string_view field(const http::Response& response, std::string_view name) { return http::find(response.fields, name); }

inline std::string with(std::string text, const std::string& part, const std::string& other) {
  const std::size_t at = text.find(part);
  CHECK(at != std::string::npos);
  return text.replace(at, part.size(), other);
}

inline std::string unit(const std::string& id) {
  return R"("identifier":{"system":"urn:oid:1.2.752.29.4.19","value":")" + id + "\"}";
}

/// Home care, the health centre and the hospital are known here, and no ärende is about the plan.
struct PlanActs : House, testing::Test {
  PlanActs() {
    CHECK(send(ANotice("admission")).status == 200u);
    CHECK(send(ANotice("admission").with_id("M-2").of_case("A-2").to_health_centre()).status == 200u);
  }

  std::string plan() {
    return R"({"resourceType":"CarePlan","identifier":[{"system":"urn:test:plans","value":"P-1"}],"status":"draft","intent":"plan",)"
           R"("category":[{"coding":[{"system":"https://vardbron.example/fhir/CodeSystem/plan-typ","code":"SIP"}]}],)"
           R"("subject":{"reference":"Patient/)" +
           spine.patients().front().id + R"("},"contributor":[{)" + unit(exchange::home_care) + "}]}";
  }
  std::string points() const {
    return R"("description":"Vård i hemmet","contained":[{"resourceType":"Goal","id":"g","lifecycleStatus":"proposed","description":{"text":"Bo hemma"},)"
           R"("subject":{"display":"Patienten"}}],"goal":[{"reference":"#g"}],)"
           R"("activity":[{"detail":{"kind":"Task","status":"not-started","description":"Hemsjukvård","performer":[{)" +
           unit(exchange::home_care) +
           R"(}]}},{"detail":{"status":"not-started","description":"telefon","scheduledPeriod":{"end":"2026-05-04"},"code":{"coding":[)"
           R"({"system":"https://vardbron.example/fhir/CodeSystem/uppgift","code":"folj-upp-sip"}]}}}],"note":[{"text":)"
           R"("Åtgärder av andra: Ingen annan än regionen och kommunen vidtar åtgärder."}],)";
  }
  std::string meeting() const {
    return R"({"resourceType":"Appointment","status":"booked","start":"2026-03-20T10:00:00+01:00","end":)"
           R"("2026-03-20T11:00:00+01:00","supportingInformation":[{"reference":")" +
           of_plan + R"("}],"participant":[{"actor":{)" + unit(exchange::home_care) + R"(},"status":"needs-action"}]})";
  }
  std::string consent(const std::string& status) const {
    return R"({"resourceType":"Consent","status":")" + status +
           R"(","scope":{"coding":[{"system":"http://terminology.hl7.org/CodeSystem/consentscope","code":"patient-privacy"}]},)"
           R"("category":[{"coding":[{"system":"https://vardbron.example/fhir/CodeSystem/samtycke-omfattning","code":"sip"}]}],)"
           R"("policyRule":{"coding":[{"system":"https://vardbron.example/fhir/CodeSystem/samtycke-grund","code":"samtycke"}]},)"
           R"("provision":{"data":[{"meaning":"related","reference":{"reference":")" +
           of_plan + R"("}}]}})";
  }
  http::Response post(const std::string& type, const std::string& body, const char* token = health_centre_token) {
    spine.world.run_for(std::chrono::seconds(1));
    return ask("POST", "/fhir/" + type, token, body);
  }
  http::Response put(const std::string& place, const std::string& body, const char* token = health_centre_token) {
    spine.world.run_for(std::chrono::seconds(1));
    return ask("PUT", "/fhir/" + place, token, body);
  }
  http::Response get(const std::string& place, const char* token = health_centre_token) {
    return ask("GET", "/fhir/" + place, token);
  }
  /// "CareTeam/4711"
  std::string place_of(const http::Response& response) const {
    const std::string location(field(response, "Location"));
    const std::size_t start = location.find("/fhir/"), end = location.find("/_history");
    CHECK(start != std::string::npos && end != std::string::npos);
    return location.substr(start + 6, end - start - 6);
  }
  void begin() {
    const http::Response made = post("CarePlan", plan());
    ASSERT_EQ(made.status, 201u) << made.body;
    of_plan = place_of(made);
  }
  void agree() {
    begin();
    const http::Response given = post("Consent", consent("active"));
    ASSERT_EQ(given.status, 201u) << given.body;
    const http::Response agreed = put(of_plan, with(with(get(of_plan).body, R"("status":"draft")", R"("status":"active")"),
                                                    R"("intent")", points() + R"("intent")"));
    ASSERT_EQ(agreed.status, 200u) << agreed.body;
    ASSERT_TRUE(holds(agreed, R"("status":"active")")) << agreed.body;
  }

  std::string of_plan;  // reference to its CarePlan
};

}  // namespace vardbron::rest::acts_of_plans
