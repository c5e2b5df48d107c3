#include "tests/rest/house.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <set>

// Concern: a parameter is obeyed or its sender is told, by its name, that it is not: of reads, histories, operations and forms.

namespace vardbron::rest {
namespace {

const std::string form = "application/x-www-form-urlencoded";

class Parameters : public testing::Test {
 protected:
  Parameters() {
    EXPECT_EQ(house_.send(ANotice("admission")).status, 200u);
    EXPECT_EQ(house_.send(ANotice("discharge-ready").with_id("M-2")).status, 200u);
    patient_ = "/fhir/Patient/" + house_.first_id("Patient");
    task_ = "/fhir/Task/" + house_.first_id("Task");
  }
  http::Response get(const std::string& target, http::Fields fields = {}) {
    return house_.ask("GET", target, home_care_token, "", std::move(fields));
  }
  http::Response post(const std::string& target, const std::string& body, const std::string& type = "application/fhir+json") {
    http::Fields fields;
    if (!type.empty()) fields.push_back({"Content-Type", type});
    return house_.ask("POST", target, home_care_token, body, std::move(fields));
  }
  /// A refusal names the parameter and begins with the sentence.
  void expect_refused(const http::Response& answer, const std::string& name, const std::string& says, unsigned status = 400) {
    EXPECT_EQ(answer.status, status) << name << ": " << answer.body;
    EXPECT_TRUE(holds(answer, "\"OperationOutcome\"")) << answer.body;
    const std::string place = R"(","expression":[")" + name + "\"]";
    EXPECT_TRUE(holds(answer, "\"" + name + ": " + says) || (holds(answer, says) && holds(answer, place)))
        << name << ": " << answer.body;
  }

  House house_;
  std::string patient_, task_;
};

std::set<std::string> types_in(const http::Response& page) {
  std::set<std::string> types;
  const std::string start = "\"fullUrl\":\"http://gateway.example/fhir/";
  for (std::size_t at = page.body.find(start); at != std::string::npos; at = page.body.find(start, at + 1)) {
    const std::size_t begin = at + start.size();
    types.insert(page.body.substr(begin, page.body.find('/', begin) - begin));
  }
  return types;
}

TEST_F(Parameters, AreGivenOnceAndHaveAValue) {
  const std::string one = task_ + "/_history", all = "/fhir/Task/_history", everything = patient_ + "/$everything";
  struct Row {
    std::string target;
    std::vector<std::string> names;
  };
  const std::string value = "2026-03-09T10:00:00Z";
  for (const Row& row : {Row{one, {"_since", "_at", "_count", "_after"}}, Row{all, {"_since", "_at", "_count", "_after"}},
                         Row{everything, {"_since", "_count", "_after"}}, Row{task_, {"_summary", "_elements"}},
                         Row{task_ + "/_history/1", {"_summary", "_elements"}}}) {
    for (const std::string& name : row.names) {
      const std::string of_name = name == "_count" ? "7" : name == "_summary" ? "true" : name == "_elements" ? "status" : value;
      expect_refused(get(row.target + "?" + name + "="), name, "This parameter has no value.");
      expect_refused(get(row.target + "?" + name), name, "This parameter has no value.");
      expect_refused(get(row.target + "?" + name + "=" + of_name + "&" + name + "=" + of_name), name,
                     "This parameter is given once.");
    }
  }
  expect_refused(get(everything + "?_type="), "_type", "This parameter has no value.");
  expect_refused(get("/fhir/Task?_format=json&_format=xml"), "_format", "This parameter is given once.");
}

// A + in an address is a blank, which nobody sees who has written it.
TEST_F(Parameters, WithAPlusForTheZoneSayHowItIsWritten) {
  const std::string plus = "2026-03-09T21:17:00+01:00", advice = "In an address a + means a blank: write the zone as %2B01:00.";
  for (const auto& [target, name] :
       {std::pair(std::string("/fhir/Task?_lastUpdated=gt"), "_lastUpdated"), std::pair(task_ + "/_history?_since=", "_since"),
        std::pair(std::string("/fhir/Task/_history?_at="), "_at"), std::pair(patient_ + "/$everything?_since=", "_since"),
        std::pair(patient_ + "/$everything?start=", "start")}) {
    const http::Response refused = get(target + plus);
    EXPECT_EQ(refused.status, 400u) << target;
    EXPECT_TRUE(holds(refused, advice)) << refused.body;
    EXPECT_TRUE(holds(refused, name)) << refused.body;
    EXPECT_EQ(get(target + "2026-03-09T21:17:00%2B01:00").status, 200u) << target;
    EXPECT_FALSE(holds(get(target + "soon"), advice));
  }
}

TEST_F(Parameters, WithoutAZoneAreTakenAsUtcAndTheAnswerSaysSo) {
  const std::string says = "A time without a zone is taken as UTC.";
  EXPECT_TRUE(holds(get("/fhir/Task?_lastUpdated=gt2026-03-09T21:17:00"), says));
  EXPECT_TRUE(holds(get("/fhir/Task?authored-on=lt2026-03-09,gt2026-03-09T21:17"), says));
  EXPECT_FALSE(holds(get("/fhir/Task?_lastUpdated=gt2026-03-09T21:17:00Z"), says));
  EXPECT_FALSE(holds(get("/fhir/Task?_lastUpdated=gt2026-03-09T21:17:00%2B01:00&authored-on=gt2026-03-09"), says));
  EXPECT_TRUE(holds(get("/fhir/metadata"), "A time without a zone in a search is taken as UTC, and a day is the day in UTC."));
}

TEST_F(Parameters, ThatContradictEachOtherAreRefused) {
  const std::string history = task_ + "/_history";
  expect_refused(get(history + "?_since=2026-03-10&_at=2026-03-09"), "_at", "This time ends before _since");
  expect_refused(get("/fhir/Task/_history?_at=2025&_since=2026"), "_at", "This time ends before _since");
  EXPECT_EQ(get(history + "?_since=2026-03-09T12:00:00Z&_at=2026-03-09").status, 200u) << "a day reaches to its end";
  expect_refused(get(task_ + "?_summary=true&_elements=status"), "_elements",
                 "_summary and _elements are not asked for together.");
  EXPECT_EQ(get(task_ + "?_summary=false&_elements=status").status, 200u);
  expect_refused(post(patient_ + "/$everything?_count=1",
                      R"({"resourceType":"Parameters","parameter":[{"name":"_count","valueInteger":2}]})"),
                 "_count", "This parameter is given once.");
}

TEST_F(Parameters, OfEverythingMayNameSeveralTypesInEitherWay) {
  const std::string target = patient_ + "/$everything";
  const std::set<std::string> both{"Encounter", "Task"}, all = types_in(get(target));
  EXPECT_THAT(all, testing::IsSupersetOf({"Patient", "Encounter", "Task", "Organization"}));
  EXPECT_EQ(types_in(get(target + "?_type=Task,Encounter")), both);
  EXPECT_EQ(types_in(get(target + "?_type=Task&_type=Encounter")), both);
  EXPECT_EQ(types_in(post(target, R"({"resourceType":"Parameters","parameter":[{"name":"_type","valueCode":"Task"},)"
                                  R"({"name":"_type","valueCode":"Encounter"}]})")),
            both);
  EXPECT_EQ(types_in(get(target + "?_type=Patient,Encounter,Organization")),
            (std::set<std::string>{"Encounter", "Organization", "Patient"}));
  expect_refused(get(target + "?_type=Organization"), "_type",
                 "An Organization comes with what refers to it: name another type too.");
  expect_refused(get(target + "?_type=Task,"), "_type", "This gateway keeps no such type.");
  expect_refused(get(target + "?_type=Task&_type=Tusk"), "_type", "This gateway keeps no such type.");
  for (const std::string name : {"starts", "ends", "_typ"})
    expect_refused(get(target + "?" + name + "=2026"), name, "There is no such parameter here; there are _since, _type, _count");
}

TEST_F(Parameters, OfAnOperationArePostedAsParametersAndNothingElse) {
  const std::string operation = patient_ + "/$everything";
  struct Row {
    std::string body, place, says;
  };
  const std::string no_parameters = "An operation is posted with a resource Parameters, not with ",
                    no_value = "Here a parameter has a plain value: a code, a number or a time.",
                    first = "Parameters.parameter[0]";
  for (const Row& row :
       {Row{R"({"resourceType":"Patient","active":true})", "", no_parameters + "Patient."},
        Row{R"({"resourceType":"Bundle","type":"batch"})", "", no_parameters + "Bundle."},
        Row{R"({"parameter":[{"name":"_type","valueCode":"Task"}]})", "", ""}, Row{"[]", "", ""}, Row{"7", "", ""},
        Row{"_type=Task", "", ""}, Row{" ", "", ""},
        Row{R"({"resourceType":"Parameters","parameter":[{"valueCode":"Task"}]})", first, "This parameter has no name."},
        Row{R"({"resourceType":"Parameters","parameter":[{"name":"_type"}]})", first + ".value", no_value},
        Row{R"({"resourceType":"Parameters","parameter":[{"name":"_type","part":[{"name":"x","valueCode":"Task"}]}]})",
            first + ".value", no_value},
        Row{R"({"resourceType":"Parameters","parameter":[{"name":"_type","resource":{"resourceType":"Task"}}]})",
            first + ".value", no_value},
        Row{R"({"resourceType":"Parameters","parameter":[{"name":"_count","valueInteger":1},)"
            R"({"name":"_since","valuePeriod":{"start":"2026"}}]})",
            "Parameters.parameter[1].value", no_value},
        Row{R"({"resourceType":"Parameters","parameter":[{"name":"_typ","valueCode":"Task"}]})", "_typ",
            "There is no such parameter here"}}) {
    const http::Response answer = post(operation, row.body);
    EXPECT_EQ(answer.status, 400u) << row.body << answer.body;
    EXPECT_TRUE(holds(answer, "\"OperationOutcome\"") && holds(answer, row.says)) << row.body << answer.body;
    if (!row.place.empty())
      EXPECT_TRUE(holds(answer, row.place + "\"") || holds(answer, row.place + ": ")) << row.body << answer.body;
  }
  EXPECT_EQ(post(operation, R"({"resourceType":"Parameters"})", "text/plain").status, 415u);
  EXPECT_EQ(post(operation, R"({"resourceType":"Parameters"})").status, 200u);
  EXPECT_EQ(post(operation, "", "").status, 200u) << "without parameters";
  EXPECT_EQ(post("/fhir/Subscription/$status", R"({"resourceType":"Patient"})").status, 400u) << "its neighbour";
}

TEST_F(Parameters, OfAPostedSearchAreAForm) {
  for (const std::string place : {"/fhir/Task/_search", "/fhir/Subscription/_search"}) {
    for (const std::string& type : {form, form + "; charset=UTF-8", form + ";charset=\"utf-8\"",
                                    std::string("Application/X-WWW-Form-Urlencoded"), form + "; boundary=x"})
      EXPECT_EQ(post(place, "status=requested", type).status, 200u) << place << type;
    for (const std::string type : {"", "application/fhir+json", "application/json", "text/plain", "multipart/form-data",
                                   "application/x-www-form", "nonsense"}) {
      const http::Response refused = post(place, "status=requested", type.empty() ? " " : type);
      expect_refused(refused, "Content-Type", "send the parameters of a search as " + form, 415);
    }
    expect_refused(post(place, "status=requested", form + "; charset=iso-8859-1"), "Content-Type",
                   "send the parameters of a search in UTF-8.", 415);
    EXPECT_EQ(post(place + "?status=requested", "", "").status, 200u) << "all of it in the URL";
    EXPECT_EQ(post(place + "?status=requested", "", "text/plain").status, 415u);
  }
  EXPECT_EQ(house_.ask("POST", "/fhir/Task/_search", "", "status=requested", {{"Content-Type", "text/plain"}}).status, 401u);
  EXPECT_TRUE(holds(post("/fhir/Task/_search", "status=nonsense", form), "No value has this code."));
}

TEST_F(Parameters, ThatAreIgnoredAreNotInLinksAndAreTold) {
  const http::Fields lenient{{"Prefer", "handling=lenient"}};
  for (const std::string& target :
       {task_ + "/_history?foo=1&_count=5", patient_ + "/$everything?foo=1&_count=5", std::string("/fhir/Task?foo=1&_count=5")}) {
    const http::Response answer = get(target, lenient);
    ASSERT_EQ(answer.status, 200u) << answer.body;
    EXPECT_TRUE(holds(answer, "?_count=5\"")) << answer.body;
    EXPECT_FALSE(holds(answer, "foo=1")) << answer.body;
    EXPECT_EQ(get(target).status, 400u) << "strict";
    if (target.find("_history") == std::string::npos) EXPECT_TRUE(holds(answer, "The search went without it.")) << answer.body;
  }
  const http::Response include = get("/fhir/Task?_include:recurse=Task:patient&_count=5", lenient);
  EXPECT_TRUE(holds(include, "The search went without it. R4's name of this modifier is :iterate.")) << include.body;
  EXPECT_FALSE(holds(include, "recurse=")) << include.body;
  EXPECT_FALSE(holds(include, "\"mode\":\"include\"")) << include.body;
  expect_refused(get("/fhir/Task?_include:recurse=Task:patient"), "_include:recurse", "R4's name of this modifier is :iterate.");
}

TEST_F(Parameters, ShowInLinksThePageSizeThatWasUsed) {
  for (const std::string& target :
       {std::string("/fhir/Task?status=requested&"), task_ + "/_history?", std::string("/fhir/Task/_history?"),
        patient_ + "/$everything?", std::string("/fhir/Subscription?"), patient_ + "/Encounter?"}) {
    for (const std::string asked : {"201", "1000000", "9223372036854775807"}) {
      const http::Response answer = get(target + "_count=" + asked);
      ASSERT_EQ(answer.status, 200u) << answer.body;
      EXPECT_TRUE(holds(answer, "_count=200\"")) << target << answer.body;
    }
    for (const std::string asked : {"200", "1", "199"})
      EXPECT_TRUE(holds(get(target + "_count=" + asked), "_count=" + asked + "\"")) << target;
  }
}

// What stood beside it was passed over.
TEST_F(Parameters, BesideALinkToAPageAreRefused) {
  const http::Response first = post("/fhir/Task/_search", "_count=1", form);
  const std::string start = R"("next","url":"http://gateway.example)";
  const std::size_t at = first.body.find(start) + start.size();
  const std::string next = first.body.substr(at, first.body.find('"', at) - at);
  ASSERT_TRUE(next.starts_with("/fhir/Task/_search?_page=")) << first.body;
  EXPECT_EQ(get(next).status, 200u);
  EXPECT_TRUE(get(next + "&_format=xml").body.starts_with("<")) << "the form of the answer is no part of the search";
  for (const std::string name : {"status", "_count", "_after", "_page", "nonsense"})
    expect_refused(get(next + "&" + name + "=1"), name,
                   "A link to a page has its whole search in it and takes no other parameter.");
  expect_refused(post(next, "status=requested", form), "status", "A link to a page has its whole search in it");
  EXPECT_EQ(get("/fhir/Task/_search?_page=").status, 400u);
}

// The connection sends the length of the body and leaves the body out (tests/http/connection_test.cpp).
TEST_F(Parameters, OfAHeadAreThoseOfAGet) {
  for (const std::string& target :
       {task_, std::string("/fhir/Task?status=requested"), task_ + "/_history", patient_ + "/$everything",
        std::string("/fhir/metadata"), std::string("/fhir/Task/none"), std::string("/fhir/Task?x=1")}) {
    const http::Response whole = get(target), head = house_.ask("HEAD", target, home_care_token);
    EXPECT_EQ(head.status, whole.status) << target;
    EXPECT_EQ(head.body.size(), whole.body.size()) << target;
    EXPECT_GT(head.body.size(), 0u);
    EXPECT_EQ(head.fields.size(), whole.fields.size());
  }
}

}  // namespace
}  // namespace vardbron::rest
