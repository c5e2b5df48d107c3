#include "tests/rest/askings.h"

#include "gateway/search/parameter.h"
#include "gateway/search/served.h"
#include "r4.h"

#include <string_view>

namespace vardbron::rest {

namespace {

void add_askings_for(const std::string& type, const std::string& id, std::vector<Asking>& all) {
  const std::string there = "/fhir/" + type + "/" + id, version = "W/\"1\"";
  for (const char* more : {"", "?_format=xml", "?_summary=true", "/_history", "/_history/1", "/_history/2", "/_history?_count=0"})
    all.push_back({"GET", there + more, ""});
  all.push_back({"HEAD", there, ""});
  all.push_back({"GET", there, "", {{"If-None-Match", version}}});
  all.push_back({"GET", there, "", {{"If-Modified-Since", "Sat, 28 Mar 2026 23:00:00 GMT"}}});
  const std::string body = R"({"resourceType":")" + type + R"(","id":")" + id + R"(","status":"accepted"})";
  all.push_back({"PUT", there, body});
  all.push_back({"PUT", there, body, {{"If-Match", version}}});
  all.push_back({"PUT", there, body, {{"If-Match", "W/\"9\""}}});
  all.push_back({"PATCH", there, body});
  all.push_back({"DELETE", there, ""});
  for (std::string_view served : search::served()) {
    const std::string type_asked(served);
    for (const char* size : {"", "&_count=0", "&_count=1", "&_summary=count", "&_sort=-_lastUpdated"}) {
      all.push_back({"GET", "/fhir/" + type_asked + "?_id=" + id + size, ""});
      for (const char* chain : {"patient._id=", "focus._id=", "encounter._id=", "_has:Task:focus:_id=", "_has:Task:patient:_id="})
        all.push_back({"GET", "/fhir/" + type_asked + "?" + chain + id + size, ""});
      for (const search::ServedParameter& each : search::served_parameters(r4(), served)) {
        if (each.kind != search::KeyKind::Reference && each.kind != search::KeyKind::Token) continue;
        const std::string parameter(each.code);
        all.push_back({"GET", "/fhir/" + type_asked + "?" + parameter + "=" + type + "/" + id + size, ""});
      }
    }
  }
}

}  // namespace

std::vector<Asking> askings_about(const std::vector<store::CaseResource>& resources) {
  std::vector<Asking> all;
  for (const store::CaseResource& each : resources) add_askings_for(each.type, each.id, all);
  for (std::string_view served : search::served()) {
    const std::string type(served);
    for (const char* known : {"",
                              "_count=0",
                              "status=in-progress",
                              "status=requested",
                              "identifier=urn:test:cases|A-1",
                              "identifier=A-1",
                              "owner=SE2120990011-HSV1",
                              "owner:identifier=SE2120990011-HSV1",
                              "code=utse-fast-vardkontakt",
                              "recipient=SE2120990011-HSV1",
                              "_lastUpdated=gt2020-01-01",
                              "class=IMP",
                              "patient.identifier:missing=false",
                              "patient.gender:missing=false",
                              "owner.name=a",
                              "focus.status=in-progress",
                              "_has:Task:focus:status=requested",
                              "_has:Encounter:patient:status=in-progress",
                              "_has:Task:owner:status=requested",
                              "_sort=status",
                              "_sort=-authored-on,_id",
                              "_sort=-date",
                              "_total=accurate",
                              "_total=estimate",
                              "_summary=true",
                              "_summary=text",
                              "_elements=identifier",
                              "_include=*",
                              "_include=Task:patient",
                              "_include=Task:*&_include:iterate=Encounter:patient",
                              "_revinclude=Task:focus",
                              "_revinclude=Encounter:patient",
                              "status:not=completed",
                              "code:text=a",
                              "identifier:missing=true"})
      all.push_back({"GET", "/fhir/" + type + "?" + known, ""});
  }
  return all;
}

}  // namespace vardbron::rest
