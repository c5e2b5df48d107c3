// Concern: the access log as FHIR: each organisation its own rows, nobody another's, and reading them is in it too.
#include "gateway/fhir/check.h"
#include "gateway/formats/json/parse.h"
#include "tests/rest/house.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <set>
#include <string>
#include <vector>

namespace vardbron::rest {
namespace {

using exchange::home_care;
using exchange::hospital;
using testing::HasSubstr;
using testing::Not;

class AuditEvents : public testing::Test {
 protected:
  AuditEvents() {
    EXPECT_EQ(house_.send(ANotice("admission")).status, 200u);
    patient_ = house_.first_id("Patient");
    encounter_ = house_.first_id("Encounter");
  }
  http::Response get(const std::string& target, const std::string& token) { return house_.ask("GET", target, token); }
  std::string events(const std::string& query, const std::string& token) {
    const http::Response answer = get("/fhir/AuditEvent" + query, token);
    EXPECT_EQ(answer.status, 200u) << answer.body;
    return answer.body;
  }
  std::string of_patient() const { return "?patient=Patient/" + patient_; }
  static std::size_t count(const std::string& text, const std::string& part) {
    std::size_t found = 0;
    for (std::size_t at = text.find(part); at != std::string::npos; at = text.find(part, at + 1)) ++found;
    return found;
  }

  House house_;
  std::string patient_, encounter_;
};

TEST_F(AuditEvents, TellWhoDidWhatWithWhichPatientAndAreTheOrganisationsOwn) {
  EXPECT_EQ(get("/fhir/Encounter/" + encounter_, home_care_token).status, 200u);
  EXPECT_EQ(get("/fhir/Task", home_care_token).status, 200u);
  EXPECT_EQ(get("/fhir/Encounter/" + encounter_, hospital_reader_token).status, 200u);
  const std::string own_patient = "\"what\":{\"reference\":\"Patient/" + patient_ + "\"}";
  const std::string of_hospital = events(of_patient(), hospital_reader_token);
  EXPECT_EQ(count(of_hospital, "\"resourceType\":\"AuditEvent\""), 4u) << of_hospital;  // notice, two reads, and the search
  EXPECT_EQ(count(of_hospital, own_patient), 4u);
  EXPECT_THAT(of_hospital, HasSubstr("{\"reference\":\"Encounter/" + encounter_ + "\"}"));
  EXPECT_THAT(of_hospital, HasSubstr(home_care));
  const std::string of_home_care = events(of_patient(), home_care_token);
  EXPECT_EQ(count(of_home_care, "\"resourceType\":\"AuditEvent\""), 2u) << of_home_care;  // its own two
  EXPECT_THAT(of_home_care, Not(HasSubstr(hospital)));
  EXPECT_EQ(count(events(of_patient(), stranger_token), "\"resourceType\":\"AuditEvent\""), 0u);
  EXPECT_EQ(get("/fhir/AuditEvent" + of_patient(), hospital_token).status, 403u) << "it may not receive";
}

TEST_F(AuditEvents, AreFhirAndFollowThePatternsOfIhe) {
  house_.spine.watch("home", home_care, "case");
  EXPECT_EQ(get("/fhir/Encounter/" + encounter_, home_care_token).status, 200u);
  EXPECT_EQ(get("/fhir/Task?status=requested", home_care_token).status, 200u);
  EXPECT_EQ(get("/fhir/Encounter/" + encounter_, stranger_token).status, 404u);
  std::vector<store::AuditRow> rows;
  for (const char* action : {"deliver", "withhold", "time", "extract", "operate", "update", "lost"}) {
    store::AuditRow row;
    row.action = action;
    row.caller = row.action == "time" ? "" : home_care;
    row.subject = "Encounter/" + encounter_;
    row.says = "Subscription/s1 event 1";
    rows.push_back(row);
  }
  ASSERT_TRUE(house_.spine.world.complete(house_.spine.store.audit(rows)));
  const fhir::Definitions& definitions = exchange::empty_library().definitions();
  const std::string all = events("?_count=200", operator_token);
  const Result<tree::Document> bundle = json::parse(all, definitions.names());
  ASSERT_TRUE(bundle);
  for (const fhir::Issue& each : fhir::check(*bundle, definitions)) ADD_FAILURE() << each.says << ' ' << each.where;
  struct Row {
    const char* what;
    const char* part;
  };
  const Row table[] = {
      {"a read goes to its client",
       R"("subtype":[{"system":"http://hl7.org/fhir/restful-interaction","code":"read"}],"action":"R")"},
      {"a search is executed", R"("code":"search"}],"action":"E")"},
      {"a refusal has failed", R"("outcome":"4","outcomeDesc":)"},
      {"a notification is an export", R"("code":"110106")"},
      {"a read has its destination first", R"("code":"110152"}]},"who":{"type":"Organization")"},
      {"a search has its source first", R"("code":"110153"}]},"who":{"type":"Organization")"},
      {"time has no caller", R"("action":"U")"},
  };
  for (const Row& row : table) EXPECT_THAT(all, HasSubstr(row.part)) << row.what;
}

TEST_F(AuditEvents, AreSearchedByPatientDateAgentAndEntityAndPaged) {
  for (int each = 0; each < 5; ++each) EXPECT_EQ(get("/fhir/Encounter/" + encounter_, home_care_token).status, 200u);
  const std::string entity = "Encounter/" + encounter_;
  EXPECT_EQ(count(events("?entity=" + entity, hospital_reader_token), "\"AuditEvent\",\"id\""), 5u);
  EXPECT_EQ(count(events("?entity=" + entity + "&agent=" + hospital, hospital_reader_token), "\"AuditEvent\",\"id\""), 0u);
  EXPECT_EQ(count(events("?entity=" + entity + "&agent=urn:oid:1.2.752.29.4.19%7C" + home_care, hospital_reader_token),
                  "\"AuditEvent\",\"id\""),
            5u);
  EXPECT_EQ(count(events("?entity=" + entity + "&date=lt2020-01-01", hospital_reader_token), "\"AuditEvent\",\"id\""), 0u);
  EXPECT_EQ(count(events("?entity=" + entity + "&date=ge2020-01-01&date=lt2100", hospital_reader_token), "\"AuditEvent\",\"id\""),
            5u);
  EXPECT_EQ(get("/fhir/AuditEvent?date=soon", hospital_reader_token).status, 400u);
  EXPECT_EQ(get("/fhir/AuditEvent?subtype=read", hospital_reader_token).status, 400u);
  std::set<std::string> ids;
  std::string next = "/fhir/AuditEvent?_count=2&entity=" + entity;
  for (int page = 0; page < 10 && !next.empty(); ++page) {
    const std::string body = get(next, hospital_reader_token).body;
    for (std::size_t at = body.find("\"AuditEvent\",\"id\":\""); at != std::string::npos;
         at = body.find("\"AuditEvent\",\"id\":\"", at + 1))
      EXPECT_TRUE(ids.insert(body.substr(at + 19, 16)).second);
    const std::string start = "\"next\",\"url\":\"http://gateway.example";
    const std::size_t at = body.find(start);
    next = at == std::string::npos ? "" : body.substr(at + start.size(), body.find('"', at + start.size()) - at - start.size());
  }
  EXPECT_EQ(ids.size(), 5u);
  const std::string one = *ids.begin();
  EXPECT_EQ(get("/fhir/AuditEvent/" + one, hospital_reader_token).status, 200u);
  EXPECT_EQ(get("/fhir/AuditEvent/" + one, home_care_token).status, 200u) << "it did it";
  EXPECT_EQ(get("/fhir/AuditEvent/" + one, stranger_token).status, 404u);
  EXPECT_EQ(get("/fhir/AuditEvent/1", hospital_reader_token).status, 404u);
}

// Each page is a row of the log too.
TEST_F(AuditEvents, HaveALastPageAlsoWhenAPageHasOneRow) {
  for (int each = 0; each < 3; ++each) EXPECT_EQ(get("/fhir/Encounter/" + encounter_, home_care_token).status, 200u);
  std::string next = "/fhir/AuditEvent?_count=1";
  std::size_t found = 0;
  for (int page = 0; page < 20 && !next.empty(); ++page) {
    house_.spine.world.clock.shift_wall(std::chrono::milliseconds{1});
    const std::string body = get(next, home_care_token).body;
    found += count(body, "\"AuditEvent\",\"id\"");
    const std::string start = "\"next\",\"url\":\"http://gateway.example";
    const std::size_t at = body.find(start);
    next = at == std::string::npos ? "" : body.substr(at + start.size(), body.find('"', at + start.size()) - at - start.size());
  }
  EXPECT_EQ(next, "");
  EXPECT_EQ(found, 4u) << "three reads, and the first page, which is of the millisecond in which it looks";
}

TEST_F(AuditEvents, RefuseWhatTheyWouldNotObey) {
  for (const char* query :
       {"?patient=Patient/", "?patient=a,b", "?agent=urn:other%7CSE2120990011-HSV1", "?agent=SE2120990011-HSV1%7C",
        "?agent=SE-A,SE-B", "?agent=SE-A&agent:identifier=SE-B", "?entity=4711", "?entity=Task/1,Task/2"})
    EXPECT_EQ(get(std::string("/fhir/AuditEvent") + query, home_care_token).status, 400u) << query;
  EXPECT_EQ(get("/fhir/AuditEvent?agent=%7CSE2120990011-HSV1", home_care_token).status, 200u);
  const http::Response lenient =
      house_.ask("GET", "/fhir/AuditEvent?subtype=read", home_care_token, "", {{"Prefer", "handling=lenient"}});
  EXPECT_EQ(lenient.status, 200u);
  EXPECT_THAT(lenient.body, HasSubstr("The search went without it."));
  EXPECT_THAT(lenient.body, Not(HasSubstr("?subtype=")));
}

TEST_F(AuditEvents, ReadingTheLogIsInTheLogWithThePatient) {
  events(of_patient(), home_care_token);
  const std::string again = events(of_patient(), home_care_token);
  EXPECT_THAT(again, HasSubstr("\"name\":\"AuditEvent\""));
  EXPECT_THAT(again, Not(HasSubstr("195009072553")));
}

// A search that shows two persons is in the log of both.
TEST_F(AuditEvents, ASearchIsFoundByEachPatientThatItShowed) {
  EXPECT_EQ(house_.send(ANotice("admission").of_case("A-2").with_id("M-2").about("196408233234")).status, 200u);
  EXPECT_EQ(get("/fhir/Task", home_care_token).status, 200u);
  std::size_t found = 0;
  for (const store::CaseResource& each : house_.spine.patients())
    found += count(events("?patient=" + each.id, home_care_token), "\"code\":\"search\"") > 0 ? 1 : 0;
  EXPECT_EQ(found, 2u);
}

}  // namespace
}  // namespace vardbron::rest
