#include "tests/rest/house.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <set>

// Concern: who takes a patient over gets all that it may see of the patient, once, and nothing of others.

namespace vardbron::rest {
namespace {

std::set<std::string> urls(const http::Response& page) {
  std::set<std::string> found;
  const std::string start = "\"fullUrl\":\"http://gateway.example/fhir/";
  for (std::size_t at = page.body.find(start); at != std::string::npos; at = page.body.find(start, at + 1)) {
    const std::size_t begin = at + start.size();
    found.insert(page.body.substr(begin, page.body.find('"', begin) - begin));
  }
  return found;
}

std::string next_of(const http::Response& page) {
  const std::string start = "\"next\",\"url\":\"http://gateway.example";
  const std::size_t at = page.body.find(start);
  if (at == std::string::npos) return {};
  const std::size_t begin = at + start.size();
  return page.body.substr(begin, page.body.find('"', begin) - begin);
}

std::set<std::string> types_of(const std::set<std::string>& names) {
  std::set<std::string> types;
  for (const std::string& name : names) types.insert(name.substr(0, name.find('/')));
  return types;
}

class PatientEverything : public testing::Test {
 protected:
  PatientEverything() {
    EXPECT_EQ(house_.send(ANotice("admission")).status, 200u);
    patient_ = "/fhir/Patient/" + house_.first_id("Patient");
  }
  http::Response get(const std::string& target, const std::string& token = home_care_token) {
    return house_.ask("GET", target, token);
  }
  House house_;
  std::string patient_;
};

// A store whose disk fails does not find what it wrote last.
TEST_F(PatientEverything, SaysLikeEverySearchWhatItCannotFind) {
  for (const std::string& target : {patient_ + "/$everything", std::string("/fhir/Task")}) {
    EXPECT_THAT(get(target).body, testing::Not(testing::HasSubstr("is not lost")));
    house_.spine.store.lack_newest(true);
    const http::Response page = get(target);
    EXPECT_EQ(page.status, 200u) << target;
    EXPECT_THAT(page.body, testing::HasSubstr("searches do not find what was stored right before it failed. It is not lost"));
    house_.spine.store.lack_newest(false);
  }
}

TEST_F(PatientEverything, HasAllThatConcernsThePatientInAnyNumberOfPages) {
  const http::Response whole = get(patient_ + "/$everything");
  ASSERT_EQ(whole.status, 200u) << whole.body;
  const std::set<std::string> all = urls(whole);
  EXPECT_THAT(types_of(all), testing::IsSupersetOf({"Patient", "Encounter", "Task", "Organization"}));

  std::set<std::string> by_pages;
  std::string next = patient_ + "/$everything?_count=1";
  for (int page = 0; page < 100 && !next.empty(); ++page) {
    const http::Response answer = get(next);
    ASSERT_EQ(answer.status, 200u) << answer.body;
    by_pages.merge(urls(answer));
    next = next_of(answer);
  }
  EXPECT_EQ(by_pages, all);
}

TEST_F(PatientEverything, IsNarrowedByTypeAndTime) {
  EXPECT_THAT(types_of(urls(get(patient_ + "/$everything?_type=Task"))), testing::Not(testing::Contains("Encounter")));
  EXPECT_TRUE(urls(get(patient_ + "/$everything?_since=2099-01-01")).empty());
  for (const char* wrong :
       {"_type=Tusk", "_since=x", "_count=0", "_after=x", "start=x", "end=2026-13-01", "start=2026-03-12&end=2026-03-11"})
    EXPECT_EQ(get(patient_ + "/$everything?" + wrong).status, 400u) << wrong;
  const std::string parameters = R"({"resourceType":"Parameters","parameter":[{"name":"_type","valueCode":"Task"}]})";
  const http::Response posted = house_.ask("POST", patient_ + "/$everything", home_care_token, parameters);
  EXPECT_EQ(urls(posted), urls(get(patient_ + "/$everything?_type=Task"))) << posted.body;
}

// Source: R4 operation-patient-everything.html: start and end are of the care, not of the records.
TEST_F(PatientEverything, IsNarrowedByTheDatesOfCare) {
  const std::set<std::string> all = urls(get(patient_ + "/$everything"));
  for (const char* range : {"start=2026-03-10", "end=2026-03-10", "start=2026-03-01&end=2026-03-31", "start=2026&end=2026"})
    EXPECT_EQ(urls(get(patient_ + "/$everything?" + range)), all) << range;

  const std::set<std::string> before = types_of(urls(get(patient_ + "/$everything?end=2020-01-01")));
  EXPECT_THAT(before, testing::Contains("Patient"));
  for (const char* type : {"Encounter", "Task", "Communication"}) EXPECT_THAT(before, testing::Not(testing::Contains(type)));
  const std::set<std::string> after = types_of(urls(get(patient_ + "/$everything?start=2099-01-01")));
  EXPECT_THAT(after, testing::Contains("Encounter")) << "the stay has no end yet";
  EXPECT_THAT(after, testing::Not(testing::Contains("Task")));
}

TEST_F(PatientEverything, HasTheRecordsOfARangeInAnyNumberOfPages) {
  const std::set<std::string> all = urls(get(patient_ + "/$everything?start=2026-03-01&end=2026-03-31"));
  std::set<std::string> by_pages;
  std::string next = patient_ + "/$everything?start=2026-03-01&end=2026-03-31&_count=1";
  for (int page = 0; page < 100 && !next.empty(); ++page) {
    const http::Response answer = get(next);
    ASSERT_EQ(answer.status, 200u) << answer.body;
    by_pages.merge(urls(answer));
    next = next_of(answer);
  }
  EXPECT_EQ(by_pages, all);
}

TEST_F(PatientEverything, SaysOfAForeignPatientWhatItSaysOfNone) {
  for (const char* rest : {"/$everything", "/Encounter"}) {
    const http::Response foreign = get(patient_ + rest, stranger_token);
    EXPECT_EQ(urls(foreign).size(), 0u);
    EXPECT_EQ(foreign.status, get(std::string("/fhir/Patient/none") + rest, stranger_token).status);
  }
}

TEST_F(PatientEverything, ItsCompartmentIsSearchedByType) {
  EXPECT_EQ(urls(get(patient_ + "/Encounter")).size(), 1u);
  EXPECT_TRUE(urls(get(patient_ + "/Encounter?status=finished")).empty());
  EXPECT_EQ(get(patient_ + "/Organization").status, 404u);
}

TEST_F(PatientEverything, WhatRefersToThePatientIsFoundByChainsAndIncluded) {
  const std::string id = house_.first_id("Patient");
  const http::Response chained = get("/fhir/Task?_total=accurate&patient:Patient._id=" + id);
  ASSERT_EQ(chained.status, 200u) << chained.body;
  EXPECT_FALSE(urls(chained).empty());
  EXPECT_TRUE(urls(get("/fhir/Task?patient:Patient._id=none")).empty());
  EXPECT_EQ(types_of(urls(get("/fhir/Patient?_id=" + id + "&_revinclude=Task:patient"))),
            (std::set<std::string>{"Patient", "Task"}));
  EXPECT_EQ(urls(get("/fhir/Patient?_has:Task:patient:status=requested")).size(), 1u);
  EXPECT_TRUE(urls(get("/fhir/Patient?_has:Task:patient:status=requested", stranger_token)).empty());
  EXPECT_EQ(types_of(urls(get("/fhir/Encounter?_include=Encounter:subject"))), (std::set<std::string>{"Encounter", "Patient"}));
  const http::Response first = get("/fhir/Task?_count=1&_sort=-code");
  const http::Response second = get(next_of(first));
  EXPECT_TRUE(holds(second, "\"previous\""));
}

}  // namespace
}  // namespace vardbron::rest
