#include "tests/rest/house.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <set>
#include <stop_token>

// Concern: what a party may see it can follow through its versions, and nobody else learns of them.

namespace vardbron::rest {
namespace {

std::size_t count(const http::Response& answer, std::string_view text) {
  std::size_t found = 0;
  for (std::size_t at = answer.body.find(text); at != std::string::npos; at = answer.body.find(text, at + 1)) ++found;
  return found;
}

std::string link(const http::Response& page, const std::string& relation) {
  const std::string start = "\"" + relation + "\",\"url\":\"http://gateway.example";
  const std::size_t at = page.body.find(start);
  if (at == std::string::npos) return {};
  const std::size_t begin = at + start.size();
  return page.body.substr(begin, page.body.find('"', begin) - begin);
}

class History : public testing::Test {
 protected:
  History() {
    EXPECT_EQ(house_.send(ANotice("admission")).status, 200u);
    EXPECT_EQ(house_.send(ANotice("discharge-ready").with_id("M-2")).status, 200u);
  }
  http::Response get(const std::string& target, const std::string& token = home_care_token) {
    return house_.ask("GET", target, token);
  }
  House house_;
};

TEST_F(History, OfAResourceHasItsVersionsNewestFirst) {
  const std::string encounter = "/fhir/Encounter/" + house_.first_id("Encounter");

  const http::Response all = get(encounter + "/_history");

  ASSERT_EQ(all.status, 200u) << all.body;
  EXPECT_TRUE(holds(all, "\"type\":\"history\""));
  EXPECT_EQ(count(all, "\"method\":\"PUT\""), 2u) << all.body;
  EXPECT_LT(all.body.find("W/\\\"2\\\""), all.body.find("W/\\\"1\\\""));
  EXPECT_TRUE(holds(all, "\"status\":\"201\"") && holds(all, "\"status\":\"200\""));
  EXPECT_EQ(get(encounter + "/_history", stranger_token).body, get("/fhir/Encounter/none/_history", stranger_token).body);
  EXPECT_EQ(get(encounter + "/_history", stranger_token).status, 404u);
}

TEST_F(History, OfATypeComesInPages) {
  const http::Response first = get("/fhir/Encounter/_history?_count=1");
  ASSERT_EQ(first.status, 200u) << first.body;
  EXPECT_EQ(count(first, "\"fullUrl\""), 1u);
  const http::Response second = get(link(first, "next"));
  ASSERT_EQ(second.status, 200u) << second.body;
  EXPECT_EQ(count(second, "\"fullUrl\""), 1u);
  EXPECT_EQ(link(second, "next"), "");
  EXPECT_EQ(get(link(first, "next"), stranger_token).status, 400u) << "a page is its caller's";
  EXPECT_EQ(count(get("/fhir/Encounter/_history", stranger_token), "\"fullUrl\""), 0u);
}

TEST_F(History, APageLinkIsGoodInItsOwnSearchOnly) {
  const std::string next = link(get("/fhir/Task?_count=1&_sort=code"), "next");
  EXPECT_EQ(get(next).status, 200u);
  auto changed = [&](const std::string& from, const std::string& to) {
    std::string other = next;
    other.replace(other.find(from), from.size(), to);
    return get(other).status;
  };
  EXPECT_EQ(changed("_sort=code", "_sort=-code"), 400u);
  EXPECT_EQ(changed("_after=", "_before="), 400u);
  EXPECT_EQ(get(next + "&status=completed").status, 400u);
}

TEST_F(History, OfSortedPagesEachResourceIsShownOnceAlsoWhenOneIsWrittenMeanwhile) {
  std::multiset<std::string> seen;
  std::string next = "/fhir/Task?_count=1&_sort=intent";
  for (int page = 0; page < 50 && !next.empty(); ++page) {
    const http::Response answer = get(next);
    const std::size_t at = answer.body.find("\"fullUrl\":\"");
    ASSERT_NE(at, std::string::npos) << answer.body;
    seen.insert(answer.body.substr(at, answer.body.find('"', at + 11) - at));
    next = link(answer, "next");
    if (page == 0) ASSERT_EQ(house_.send(ANotice("discharge").with_id("M-3")).status, 200u);
  }
  for (const std::string& each : seen) EXPECT_EQ(seen.count(each), 1u) << each;
}

TEST_F(History, AReadIsCutAsAskedForAndRefusesWhatItDoesNotKnow) {
  const std::string task = "/fhir/Task/" + house_.first_id("Task");
  const http::Response cut = get(task + "?_elements=status");
  EXPECT_TRUE(holds(cut, "SUBSETTED") && !holds(cut, "\"owner\"")) << cut.body;
  EXPECT_TRUE(holds(get(task + "/_history/1?_summary=true"), "SUBSETTED"));
  for (const char* wrong : {"_elements=nope", "foo=1", "_include=Task:patient", "_summary=count"})
    EXPECT_EQ(get(task + "?" + wrong).status, 400u) << wrong;
}

TEST_F(History, IsNarrowedByTimeAndRefusesWhatItDoesNotKnow) {
  EXPECT_EQ(count(get("/fhir/Encounter/_history?_since=2099-01-01"), "\"fullUrl\""), 0u);
  EXPECT_EQ(count(get("/fhir/Encounter/_history?_since=1999-01-01"), "\"fullUrl\""), 2u);
  EXPECT_EQ(count(get("/fhir/Encounter/_history?_at=2099"), "\"fullUrl\""), 1u) << "the one that is current then";
  for (const char* wrong : {"_since=yesterday", "_at=x", "_count=-1", "_after=x", "_sort=date"})
    EXPECT_EQ(get(std::string("/fhir/Encounter/_history?") + wrong).status, 400u) << wrong;
}

TEST_F(History, OfACallerWhoHasHungUpIsEndedLikeASearchAndNothingWasShown) {
  std::stop_source source;
  source.request_stop();
  const std::string encounter = "/fhir/Encounter/" + house_.first_id("Encounter");
  for (const std::string& target :
       {encounter + "/_history", std::string("/fhir/Encounter/_history"), std::string("/fhir/Task?status=requested"),
        "/fhir/Patient/" + house_.first_id("Patient") + "/$everything"}) {
    http::Request request;
    request.method = "GET";
    request.target = target;
    request.fields = {{"Authorization", std::string("Bearer ") + home_care_token}};
    request.abandoned = source.get_token();
    const std::size_t rows = house_.spine.store.tables().audit_rows(0, 10'000).size();
    const http::Response ended = house_.spine.world.complete(house_.service->answer(std::move(request)));
    EXPECT_EQ(ended.status, 503u) << target;
    for (const store::AuditRow& row : house_.spine.store.tables().audit_rows(static_cast<std::int64_t>(rows), 100)) {
      EXPECT_EQ(row.action, "refuse") << target;
      EXPECT_EQ(row.says.find("no party"), std::string::npos) << row.says;
    }
    EXPECT_EQ(get(target).status, 200u) << target;
  }
}

}  // namespace
}  // namespace vardbron::rest
