#include "gateway/rest/call.h"
#include "r4.h"

#include <gtest/gtest.h>

#include <string>

// Concern: what a party writes by FHIR's API is values of FHIR, or is refused with its place.
namespace vardbron::rest {
namespace {

Result<tree::Document> read_as(std::string type, std::string body) {
  Call call;
  if (!type.empty()) call.request.fields.push_back({"Content-Type", std::move(type)});
  call.request.body = std::move(body);
  return read_body(call, r4());
}

Result<tree::Document> read(std::string body) {
  const bool is_xml = body.starts_with('<');
  return read_as(is_xml ? "application/fhir+xml" : "application/fhir+json", std::move(body));
}

TEST(ReadBody, RefusesWhatIsNoValueOfFhirWithItsPlace) {
  struct Row {
    const char *body, *place;
  };
  for (
      const Row& row : {
          Row{R"({"resourceType":"Task","status":null,"intent":"order"})", "Task.status"},
          Row{R"({"resourceType":"Task","status":"accepted","authoredOn":"2026-02-30"})", "Task.authoredOn"},
          Row{R"({"resourceType":"Task","status":"accepted","authoredOn":"2026-02-28T10:00:00"})", "Task.authoredOn"},
          Row{R"({"resourceType":"Task","statuss":"accepted"})", "Task.statuss"},
          Row{R"({"resourceType":"Task","note":[{}]})", "Task.note[0]"},
          Row{R"({"resourceType":"Task","priority":""})", "Task.priority"},
          Row{R"({"resourceType":"Subscription","end":"tomorrow"})", "Subscription.end"},
          Row{R"({"resourceType":"Subscription","text":{"status":"generated","div":"<div xmlns=\"http://www.w3.org/1999/xhtml\">x</div></text><contact/><text>"}})",
              "Subscription.text.div"},
          Row{R"(<Task xmlns="http://hl7.org/fhir"><authoredOn value="2026-13-01"/></Task>)", "Task.authoredOn"},
          Row{R"({"resource":"Task"})", ""},
      }) {
    Result<tree::Document> document = read(row.body);
    ASSERT_FALSE(document) << row.body;
    EXPECT_EQ(document.failure().cause, Cause::Invalid);
    EXPECT_EQ(document.failure().where, row.place) << row.body;
  }
}

TEST(ReadBody, TakesWhatIsRight) {
  EXPECT_TRUE(read(R"({"resourceType":"Task","status":"accepted","authoredOn":"2026-02-28T10:00:00Z"})"));
  EXPECT_TRUE(read(R"(<Task xmlns="http://hl7.org/fhir"><status value="accepted"/></Task>)"));
  EXPECT_TRUE(read(R"({"resourceType":"Parameters","parameter":[{"name":"id","valueId":"x"}]})"));
}

// It was taken by how it began, whatever its type said.
TEST(ReadBody, TakesJsonAndXmlAndWhatSaysNothingAndNoOtherType) {
  const std::string json = R"({"resourceType":"Task","status":"accepted"})";
  const std::string xml = R"(<Task xmlns="http://hl7.org/fhir"><status value="accepted"/></Task>)";
  for (const char* type : {"", " ", "application/fhir+json", "application/json; charset=utf-8", "text/json", "APPLICATION/JSON"})
    EXPECT_TRUE(read_as(type, json)) << type;
  for (const char* type : {"", "application/fhir+xml", "application/xml", "text/xml; charset=utf-8"})
    EXPECT_TRUE(read_as(type, xml)) << type;
  for (const char* type : {"text/plain", "text/plain; charset=utf-8", "application/octet-stream", "text/html", "text/csv",
                           "application/x-www-form-urlencoded", "x-application/hl7-v2+er7", "nonsense"}) {
    for (const std::string& body : {json, xml}) {
      Result<tree::Document> refused = read_as(type, body);
      ASSERT_FALSE(refused) << type;
      const bool says_hl7 = std::string_view(type).find("hl7") != std::string_view::npos;
      EXPECT_EQ(refused.failure().cause, says_hl7 ? Cause::Invalid : Cause::Unsupported) << type;
    }
  }
}

}  // namespace
}  // namespace vardbron::rest
