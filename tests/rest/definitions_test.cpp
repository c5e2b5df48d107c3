#include "gateway/care/chain/profiles.h"
#include "gateway/rest/own_definitions.h"
#include "tests/rest/house.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

// Concern: the definitions that resources name are read where the resources are.
namespace vardbron::rest {
namespace {

using testing::HasSubstr;
using testing::Not;

constexpr const char* xml = "application/fhir+xml";

const std::vector<std::string> texts = {
    R"({"resourceType":"CodeSystem","id":"uppgift","url":"http://e.example/CodeSystem/uppgift","name":"Uppgift","status":"draft",)"
    R"("content":"complete","concept":[{"code":"insats","display":"Insats",)"
    R"("designation":[{"language":"en","value":"Activity of a plan"}]}]})",
    R"({"resourceType":"CodeSystem","id":"uppgift-lage","url":"http://e.example/CodeSystem/uppgift-lage","name":"UppgiftLage",)"
    R"("status":"draft","content":"complete"})",
    "{\n  \"resourceType\": \"ValueSet\", \"id\": \"pretty\", \"status\": \"draft\"\n}",
    R"({"resourceType":"NamingSystem","id":"arende","name":"Arende","status":"draft","kind":"identifier","date":"2026-12-01",)"
    R"("uniqueId":[{"type":"uri","value":"urn:vardbron:arende"}]})",
    R"({"resourceType":"Patient","id":"an-example"})"};

class Definitions : public testing::Test {
 protected:
  Definitions() { house_.own_definitions = *OwnDefinitions::read(texts, exchange::empty_library().definitions()); }
  http::Response get(std::string target, http::Fields fields = {}, std::string token = hospital_token) {
    return house_.ask("GET", std::move(target), token, "", std::move(fields));
  }

  House house_;
};

TEST_F(Definitions, AreReadByEveryCallerWhoIsKnown) {
  for (const char* token : {hospital_token, home_care_token, operator_token, stranger_token}) {
    const http::Response read = get("/fhir/CodeSystem/uppgift", {}, token);
    EXPECT_EQ(read.status, 200u);
    EXPECT_EQ(read.body, texts[0]);
  }
  EXPECT_EQ(get("/fhir/ValueSet/pretty").body, R"({"resourceType":"ValueSet","id":"pretty","status":"draft"})");
  EXPECT_EQ(get("/fhir/CodeSystem/uppgift", {}, "").status, 401u);
  EXPECT_EQ(get("/fhir/CodeSystem/none").status, 404u);
  EXPECT_EQ(get("/fhir/ValueSet/uppgift").status, 404u);
  EXPECT_EQ(get("/fhir/CodeSystem/uppgift/_history/1", {}, home_care_token).status, 404u) << "there are no versions";
  for (const char* type : {"CodeSystem", "ValueSet", "StructureDefinition", "NamingSystem", "AuditEvent"}) {
    const http::Response answer = get("/fhir/" + std::string(type) + "/uppgift/_history", {}, home_care_token);
    EXPECT_EQ(answer.status, 404u) << type;
    EXPECT_THAT(answer.body, HasSubstr(std::string(type) + " has no such address and no versions")) << "it is kept";
  }
  const http::Response written = house_.ask("PUT", "/fhir/CodeSystem/uppgift", hospital_token, texts[0]);
  EXPECT_EQ(written.status, 405u);
}

TEST_F(Definitions, ComeAsXmlWithTheirDesignations) {
  const http::Response read = get("/fhir/CodeSystem/uppgift", {{"Accept", xml}});
  EXPECT_EQ(read.status, 200u);
  EXPECT_THAT(read.body, HasSubstr("<display value=\"Insats\"/>"));
  EXPECT_THAT(read.body, HasSubstr("<language value=\"en\"/><value value=\"Activity of a plan\"/>"));
}

TEST_F(Definitions, AreFoundByUrlNameAndId) {
  struct Row {
    const char* query;
    int total;
  };
  for (const Row& row :
       {Row{"", 2}, Row{"?url=http://e.example/CodeSystem/uppgift", 1}, Row{"?url=http://e.example/CodeSystem", 0},
        Row{"?name=uppgift", 2}, Row{"?name=uppgiftl", 1}, Row{"?_id=uppgift,uppgift-lage", 2},
        Row{"?_id=uppgift&name=Uppgift", 1}, Row{"?_id=uppgift&_id=uppgift-lage", 0}}) {
    const http::Response found = get(std::string("/fhir/CodeSystem") + row.query);
    EXPECT_EQ(found.status, 200u) << row.query << found.body;
    EXPECT_THAT(found.body, HasSubstr("\"total\":" + std::to_string(row.total) + ",")) << row.query;
  }
  const http::Response named = get("/fhir/NamingSystem?value=urn:vardbron:arende");
  EXPECT_THAT(named.body, HasSubstr("\"fullUrl\":\"http://gateway.example/fhir/NamingSystem/arende\""));
  EXPECT_THAT(get("/fhir/StructureDefinition").body, HasSubstr("\"total\":0"));
}

TEST_F(Definitions, AreSearchedByPostToo) {
  const http::Response found = house_.ask("POST", "/fhir/CodeSystem/_search", hospital_token, "name=UppgiftL");
  EXPECT_EQ(found.status, 200u) << found.body;
  EXPECT_THAT(found.body, HasSubstr("\"id\":\"uppgift-lage\""));
  EXPECT_THAT(get("/fhir/CodeSystem/_search?_id=uppgift").body, HasSubstr("\"total\":1"));
}

TEST_F(Definitions, RefuseAParameterThatTheyDoNotHaveUnlessTheCallerIsLenient) {
  for (const char* query : {"?status=draft", "?url=", "?name:contains=gift"}) {
    EXPECT_EQ(get(std::string("/fhir/CodeSystem") + query).status, 400u) << query;
  }
  EXPECT_EQ(get("/fhir/NamingSystem?url=urn:x").status, 400u) << "R4 has none";
  const http::Response lenient = get("/fhir/CodeSystem?status=draft", {{"Prefer", "handling=lenient"}});
  EXPECT_EQ(lenient.status, 200u);
  EXPECT_THAT(lenient.body, HasSubstr("\"mode\":\"outcome\""));
}

TEST_F(Definitions, AreShownInPartWhereThatIsAskedFor) {
  const http::Response summary = get("/fhir/CodeSystem?_id=uppgift&_summary=true");
  EXPECT_THAT(summary.body, HasSubstr("SUBSETTED"));
  EXPECT_THAT(summary.body, Not(HasSubstr("designation")));
  EXPECT_THAT(get("/fhir/CodeSystem?_summary=count").body, Not(HasSubstr("\"entry\"")));
  EXPECT_THAT(get("/fhir/CodeSystem/uppgift?_elements=name").body, Not(HasSubstr("concept")));
  EXPECT_EQ(get("/fhir/CodeSystem/uppgift?_summary=count").status, 400u);
  EXPECT_EQ(get("/fhir/CodeSystem?_summary=some").status, 400u);
}

TEST_F(Definitions, AreInTheCapabilityStatementWithTheProfilesOfEachType) {
  const std::string statement = get("/fhir/metadata").body;
  for (const char* type : {"CodeSystem", "NamingSystem", "StructureDefinition", "ValueSet"})
    EXPECT_THAT(statement, HasSubstr("{\"type\":\"" + std::string(type) + "\",\"interaction\":[{\"code\":\"read\"}")) << type;
  for (const care::Profile& each : care::profiles())
    if (each.type != "MeasureReport") EXPECT_THAT(statement, HasSubstr("\"" + std::string(each.canonical) + "\""));
}

TEST(OwnDefinitions, AreRefusedWhenOneCannotBeRead) {
  const std::vector<std::string> broken = {texts[0], "{"};
  const Result<OwnDefinitions> read = OwnDefinitions::read(broken, exchange::empty_library().definitions());
  ASSERT_FALSE(read);
  EXPECT_EQ(read.failure().cause, Cause::Broken);
}

// The profile is named by what was stored, and found by it.
TEST_F(Definitions, OfAStoredResourceAreWhatItIsSearchedBy) {
  ASSERT_EQ(house_.send(ANotice("admission")).status, 200u);
  const std::string task = "https://vardbron.example/fhir/StructureDefinition/task-kvittera-inskrivning";
  const http::Response found = get("/fhir/Task?_profile=" + task, {}, home_care_token);
  EXPECT_THAT(found.body, HasSubstr("\"profile\":[\"" + task + "\"]"));
  EXPECT_THAT(found.body, Not(HasSubstr("task-ta-over-patient")));
  EXPECT_THAT(get("/fhir/Task?_profile:below=https://vardbron.example/fhir", {}, home_care_token).body, HasSubstr(task));
  EXPECT_THAT(get("/fhir/Task?_profile:missing=true", {}, home_care_token).body, HasSubstr("\"total\":0"));
}

}  // namespace
}  // namespace vardbron::rest
