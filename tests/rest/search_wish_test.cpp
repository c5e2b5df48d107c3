#include "gateway/rest/search_wish.h"

#include "gateway/formats/json/parse.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

// Concern: a page of a search is FHIR JSON however many entries it has, with stored bodies as they were stored.
namespace vardbron::rest {
namespace {

store::Resource resource(const std::string& id, const std::string& body) {
  store::Resource made;
  made.type = "Task";
  made.id = id;
  made.body = body;
  return made;
}

Searchset page(std::vector<store::Resource>& resources, std::string next = {}, std::string outcome = {}) {
  Searchset set{"https://gw.example/fhir", "b1", 7, "https://gw.example/fhir/Task?code=\"a\"&x=å", std::move(next)};
  set.resources = resources;
  set.outcome = std::move(outcome);
  return set;
}

constexpr std::string_view head =
    R"({"resourceType":"Bundle","id":"b1","type":"searchset","total":7,"link":[{"relation":"self","url":"https://gw.example/fhir/Task?code=\"a\"&x=å"})";

TEST(Searchset, HasNoListOfEntriesWhenNothingWasFound) {
  std::vector<store::Resource> none;
  EXPECT_EQ(write(page(none)), std::string(head) + "]}");
}

TEST(Searchset, HoldsBodiesByteByByteAndTheWayOn) {
  std::vector<store::Resource> found{resource("1", R"({"resourceType":"Task", "n":1.10})"), resource("2", "{}")};
  EXPECT_EQ(
      write(page(found, "https://gw.example/next")),
      std::string(head) +
          R"(,{"relation":"next","url":"https://gw.example/next"}],"entry":[)"
          R"({"fullUrl":"https://gw.example/fhir/Task/1","resource":{"resourceType":"Task", "n":1.10},"search":{"mode":"match"}},)"
          R"({"fullUrl":"https://gw.example/fhir/Task/2","resource":{},"search":{"mode":"match"}}]})");
}

TEST(Searchset, EndsWithWhatTheSearchWentWithout) {
  std::vector<store::Resource> none, one{resource("1", "{}")};
  const std::string outcome = R"({"resourceType":"OperationOutcome"})",
                    entry = R"({"resource":{"resourceType":"OperationOutcome"},"search":{"mode":"outcome"}}]})";
  EXPECT_EQ(write(page(none, {}, outcome)), std::string(head) + R"(],"entry":[)" + entry);
  EXPECT_EQ(write(page(one, {}, outcome)),
            std::string(head) +
                R"(],"entry":[{"fullUrl":"https://gw.example/fhir/Task/1","resource":{},"search":{"mode":"match"}},)" + entry);
}

TEST(Searchset, IsFhirJsonWhateverItsLinksHold) {
  const tree::Names names;
  for (const std::string text : {"\x01\x1F\x7F", "\"\\", "\xFF\xC3", "\xED\xA0\x80", "å\n"}) {
    std::vector<store::Resource> found{resource(text, "{}")};
    Result<tree::Document> read = json::parse(write(page(found, text)), names, {.fhir = false});
    ASSERT_TRUE(read) << text;
    EXPECT_EQ(tree::root(*read).child("entry").child("search").text_of("mode"), "match");
  }
}

store::Resource of_type(const std::string& type, const std::string& id) {
  store::Resource made = resource(id, R"({"resourceType":")" + type + "\"}");
  made.type = type;
  return made;
}

TEST(Searchset, TellsMatchesFromWhatIsIncluded) {
  const std::vector<store::Resource> matches{of_type("Task", "1")}, included{of_type("Organization", "2")};
  Searchset set{"https://a.example/fhir", "b", std::nullopt, "self-url"};
  set.total = 7;
  set.next = "next-url";
  set.previous = "previous-url";
  set.resources = matches;
  set.included = included;
  set.outcome = R"({"resourceType":"OperationOutcome"})";
  EXPECT_EQ(
      write(set),
      R"({"resourceType":"Bundle","id":"b","type":"searchset","total":7,"link":[{"relation":"self","url":"self-url"},)"
      R"({"relation":"previous","url":"previous-url"},{"relation":"next","url":"next-url"}],"entry":[)"
      R"({"fullUrl":"https://a.example/fhir/Task/1","resource":{"resourceType":"Task"},"search":{"mode":"match"}},)"
      R"({"fullUrl":"https://a.example/fhir/Organization/2","resource":{"resourceType":"Organization"},"search":{"mode":"include"}},)"
      R"({"resource":{"resourceType":"OperationOutcome"},"search":{"mode":"outcome"}}]})");
}

TEST(Searchset, HasNeitherTotalNorEntriesThatAreNotThere) {
  Searchset set{"https://a.example/fhir", "b", std::nullopt, "self-url"};
  EXPECT_EQ(write(set), R"({"resourceType":"Bundle","id":"b","type":"searchset","link":[{"relation":"self","url":"self-url"}]})");
}

TEST(PageQuery, PutsATokenInThePlaceOfTheCallsOwn) {
  struct Row {
    http::Parameter token;
    std::string name, value, expected;
  };
  for (const Row& row :
       {Row{{"", ""}, "", "", "status=a%2Cb"}, Row{{"", ""}, "_after", "x1", "status=a%2Cb&_after=x1"},
        Row{{"_after", "x1"}, "", "", "status=a%2Cb&_after=x1"}, Row{{"_after", "x1"}, "_after", "x2", "status=a%2Cb&_after=x2"},
        Row{{"_after", "x1"}, "_before", "x&", "status=a%2Cb&_before=x%26"},
        Row{{"_before", "x1"}, "_after", "x2", "status=a%2Cb&_after=x2"}}) {
    Call call;
    call.target.query = {{"status", "a,b"}};
    if (!row.token.name.empty()) call.target.query.push_back(row.token);
    EXPECT_EQ(page_query(call, row.name, row.value), row.expected);
  }
}

}  // namespace
}  // namespace vardbron::rest
