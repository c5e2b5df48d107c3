#include "gateway/base/limits.h"
#include "gateway/care/chain/read_plan.h"
#include "json_text.h"

#include <gtest/gtest.h>

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace vardbron::care {
namespace {

constexpr std::string_view plan_bundle = R"({
  "resourceType": "Bundle", "type": "message", "identifier": {"system": "urn:example:messages", "value": "m1"},
  "timestamp": "2026-03-20T15:05:00+01:00",
  "entry": [
    {"fullUrl": "urn:uuid:a1", "resource": {"resourceType": "MessageHeader", "id": "a1",
      "extension": [{"url": "https://vardbron.example/fhir/StructureDefinition/event-time", "valueDateTime": "2026-03-20T15:00:00+01:00"}],
      "eventCoding": {"system": "https://vardbron.example/fhir/CodeSystem/notice-event", "code": "plan.agreed"},
      "sender": {"reference": "urn:uuid:o1"}, "source": {"endpoint": "urn:s"}}},
    {"fullUrl": "urn:uuid:p1", "resource": {"resourceType": "Patient", "id": "p1",
      "identifier": [{"system": "urn:oid:1.2.752.129.2.1.3.1", "value": "195009072553"}]}},
    {"fullUrl": "urn:uuid:o1", "resource": {"resourceType": "Organization", "id": "o1",
      "identifier": [{"system": "urn:oid:1.2.752.129.2.1.4.1", "value": "SE2321990018-VC07"}],
      "type": [{"coding": [{"system": "https://vardbron.example/fhir/CodeSystem/part-roll", "code": "oppenvard"}]}]}},
    {"fullUrl": "urn:uuid:o2", "resource": {"resourceType": "Organization", "id": "o2",
      "identifier": [{"system": "urn:oid:1.2.752.129.2.1.4.1", "value": "SE2120990011-SOC1"}],
      "type": [{"coding": [{"system": "https://vardbron.example/fhir/CodeSystem/part-roll", "code": "socialtjanst"}]}]}},
    {"resource": {"resourceType": "CarePlan",
      "extension": [{"url": "https://vardbron.example/fhir/StructureDefinition/onskad-av", "valueCode": "narstaende"},
        {"url": "https://vardbron.example/fhir/StructureDefinition/om-det-blir-samre", "valueString": "Ring 1177"},
        {"url": "https://vardbron.example/fhir/StructureDefinition/egna-ord", "valueString": "Att bo hemma"},
        {"url": "https://vardbron.example/fhir/StructureDefinition/ingen-annan-atgard", "valueBoolean": true}],
      "identifier": [{"system": "urn:example:plans", "value": "P1"}], "status": "active", "intent": "plan",
      "category": [{"coding": [{"code": "SIP"}]}], "description": "Hjälp hemma", "subject": {"reference": "urn:uuid:p1"},
      "author": {"reference": "urn:uuid:o1"}}},
    {"resource": {"resourceType": "Goal", "lifecycleStatus": "active", "identifier": [{"value": "g1"}],
      "category": [{"coding": [{"system": "https://vardbron.example/fhir/CodeSystem/plan-mal", "code": "delmal"}]}],
      "description": {"text": "Gå till brevlådan"}, "subject": {"reference": "urn:uuid:p1"}, "target": [{"dueDate": "2026-06-01"}],
      "expressedBy": {"reference": "urn:uuid:p1"}}},
    {"resource": {"resourceType": "Task", "status": "requested", "intent": "order", "identifier": [{"value": "a1"}],
      "code": {"coding": [{"system": "https://vardbron.example/fhir/CodeSystem/uppgift", "code": "insats"}]},
      "description": "Hemtjänst", "executionPeriod": {"start": "2026-03-21"}, "owner": {"reference": "urn:uuid:o2"},
      "restriction": {"period": {"end": "2026-05-31"}}}},
    {"resource": {"resourceType": "Task", "status": "requested", "intent": "order", "description": "Arbetsträning",
      "owner": {"display": "Försäkringskassan"}}},
    {"resource": {"resourceType": "Task", "status": "requested", "intent": "order",
      "code": {"coding": [{"system": "https://vardbron.example/fhir/CodeSystem/uppgift", "code": "folj-upp-sip"}]},
      "description": "telefon", "restriction": {"period": {"end": "2026-05-04"}}}},
    {"resource": {"resourceType": "Appointment", "status": "booked",
      "extension": [{"url": "https://vardbron.example/fhir/StructureDefinition/videolank", "valueUrl": "https://video.example/1"}],
      "start": "2026-03-20T13:00:00+01:00", "end": "2026-03-20T14:00:00+01:00",
      "participant": [{"actor": {"type": "Location", "display": "Sal 1"}, "status": "accepted"},
        {"actor": {"reference": "urn:uuid:o2"}, "status": "accepted"},
        {"actor": {"type": "RelatedPerson", "display": "Maj Berg"}, "status": "declined"}]}},
    {"resource": {"resourceType": "CareTeam",
      "participant": [{"role": [{"coding": [{"system": "https://vardbron.example/fhir/CodeSystem/plan-roll", "code": "bistandshandlaggare"}]}],
          "member": {"reference": "urn:uuid:o2", "display": "Kim Ek"}},
        {"role": [{"coding": [{"system": "https://vardbron.example/fhir/CodeSystem/plan-roll", "code": "narstaende"}]}],
          "member": {"display": "Maj Berg"}}]}}
  ]})";

std::string replaced(std::string_view from, std::string_view to) {
  std::string text(plan_bundle);
  const std::size_t at = text.find(from);
  CHECK(at != std::string::npos);
  return text.replace(at, from.size(), to);
}

Result<Notice> read_plan(std::string text) { return read_notice(from_json(std::move(text))); }

TEST(ReadPlan, ReadsThePlanWithItsGoalsInsatserMeetingAndParticipants) {
  const Result<Notice> notice = read_plan(std::string(plan_bundle));
  ASSERT_TRUE(notice) << notice.failure().says << " at " << notice.failure().where;
  EXPECT_EQ(notice->case_key, "") << "it is made without a stay";
  ASSERT_TRUE(notice->plan);
  PlanContent expected{"urn:example:plans", "P1", PlanKind::Sip, "narstaende"};
  expected.need = "Hjälp hemma";
  expected.own_words = "Att bo hemma";
  expected.if_worse = "Ring 1177";
  expected.nobody_else_acts = true;
  expected.main_responsible = "SE2321990018-VC07";
  expected.goals = {{"g1", "Gå till brevlådan", "2026-06-01", true, true, ""}};
  expected.activities = {{"a1", "Hemtjänst", "SE2120990011-SOC1", "", "2026-03-21", "2026-05-31", "requested", ""},
                         {"", "Arbetsträning", "", "Försäkringskassan", "", "", "requested", ""}};
  expected.follow_up = PlanFollowUp{"2026-05-04", "telefon", ""};
  expected.meeting = PlanMeeting{"2026-03-20T13:00:00+01:00", "2026-03-20T14:00:00+01:00", "Sal 1", "https://video.example/1"};
  expected.participants = {{"SE2120990011-SOC1", "bistandshandlaggare", "Kim Ek", "", "accepted"},
                           {"", "narstaende", "Maj Berg", "", "declined"}};
  EXPECT_EQ(*notice->plan, expected);
  ASSERT_EQ(notice->others.size(), 1u);
  EXPECT_EQ(notice->others[0].role, Role::Socialtjanst) << "what the organisation is decides which huvudman it is of";
}

TEST(ReadPlan, NamesThePlaceOfWhatIsWrong) {
  const std::pair<std::string, std::string_view> wrong[] = {
      {replaced(R"("code": "SIP")", R"("code": "XYZ")"), "Bundle.entry[4].resource.category"},
      {replaced(R"("dueDate": "2026-06-01")", R"("dueDate": "i juni")"), "Bundle.entry[5].resource.target.dueDate"},
      {replaced(R"("owner": {"reference": "urn:uuid:o2"})", R"("owner": {"reference": "urn:uuid:o9"})"),
       "Bundle.entry[6].resource.owner"},
      {replaced(R"("description": "Arbetsträning",)", ""), "Bundle.entry[7].resource.description"},
      {replaced(R"(, "restriction": {"period": {"end": "2026-05-04"}})", ""), "Bundle.entry[8].resource.restriction.period.end"},
      {replaced(R"("identifier": [{"system": "urn:example:plans", "value": "P1"}], )", ""),
       "Bundle.entry[4].resource.identifier"},
  };
  for (const auto& [text, where] : wrong) {
    const Result<Notice> notice = read_plan(text);
    ASSERT_FALSE(notice) << where;
    EXPECT_EQ(notice.failure().where, where) << notice.failure().says;
  }
}

TEST(ReadPlan, ARoleThatIsNoCodeIsNotKeptAndSaidToBe) {
  const auto doubts = [](const std::string& text) {
    const Result<Notice> notice = read_plan(text);
    std::string says;
    for (const Doubt& each : notice->doubts) says += each.says + "\n";
    return std::pair(notice->plan->participants.at(0).role, says);
  };
  EXPECT_EQ(doubts(replaced("bistandshandlaggare", "bistandshandlaggare")),
            std::pair(std::string("bistandshandlaggare"), std::string()));
  EXPECT_EQ(doubts(replaced("bistandshandlaggare", "chef")),
            std::pair(std::string(), std::string("A participant's role is no code of plan-roll, and is not kept: \"chef\".\n")));
  EXPECT_EQ(doubts(replaced("plan-roll", "annan-roll")),
            std::pair(std::string(), std::string("A participant's role has no code of plan-roll, and is not kept.\n")));
}

TEST(ReadPlan, ANoticeOfAStayStillNeedsItsEncounter) {
  const Result<Notice> notice = read_plan(replaced("plan.agreed", "discharge-ready"));
  ASSERT_FALSE(notice);
  EXPECT_EQ(notice.failure().says, "A notice of a stay has exactly one Encounter.");
}

TEST(ReadPlan, HasALimit) {
  std::string goals;
  for (std::size_t each = 0; each <= limits::plan_items_per_notice_max; ++each)
    goals += R"({"resource": {"resourceType": "Goal", "description": {"text": "Mål"}}},)";
  const Result<Notice> notice =
      read_plan(replaced(R"({"resource": {"resourceType": "Goal")", goals + R"({"resource": {"resourceType": "Goal")"));
  ASSERT_FALSE(notice);
  EXPECT_EQ(notice.failure().cause, Cause::TooLarge);
}

std::string with_consent(std::string_view scopes, std::string_view unit) {
  return replaced(R"({"resource": {"resourceType": "CareTeam")",
                  R"({"resource": {"resourceType": "Consent", "status": "inactive", "category": [{"coding": [)" +
                      std::string(scopes) + R"(]}], "provision": {"actor": [{"reference": {"reference": ")" + std::string(unit) +
                      R"("}}]}}}, {"resource": {"resourceType": "CareTeam")");
}

constexpr std::string_view sip_scope =
    R"({"system": "https://vardbron.example/fhir/CodeSystem/samtycke-omfattning", "code": "sip"})";

TEST(ReadPlan, AConsentNamesTheUnitsItIsAbout) {
  const Result<Notice> notice = read_plan(with_consent(sip_scope, "urn:uuid:o2"));
  ASSERT_TRUE(notice) << notice.failure().says;
  EXPECT_EQ(notice->consent->units, std::vector<std::string>{"SE2120990011-SOC1"});
  EXPECT_FALSE(read_plan(with_consent(sip_scope, "urn:uuid:o9")));
}

// Concern: what is said of one unit is not taken for what is said of all.
TEST(ReadPlan, OnlyAConsentToAPlanIsAboutUnits) {
  const std::string scopes =
      std::string(sip_scope) +
      R"(, {"system": "https://vardbron.example/fhir/CodeSystem/samtycke-omfattning", "code": "utlamnande"})";
  EXPECT_FALSE(read_plan(with_consent(scopes, "urn:uuid:o2")));
}

}  // namespace
}  // namespace vardbron::care
