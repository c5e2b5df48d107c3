#include "gateway/rest/search_wish.h"

#include "gateway/formats/json/parse.h"
#include "r4.h"

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

Call asking(std::vector<http::Parameter> query, const std::string& handling = {}) {
  Call call;
  call.target.query = std::move(query);
  if (!handling.empty()) call.request.fields.push_back({"Prefer", "handling=" + handling});
  return call;
}

Result<SearchWish> read(Call& call, bool is_plain_only) {
  Offered offered{[](std::string_view name) { return name != "intent"; }};
  offered.is_plain_only = is_plain_only;
  return read_search(call, "Task", r4(), "https://a.example/fhir", WallTime{}, offered);
}

const std::vector<http::Parameter> beyond_plain{{"patient.identifier", "1"}, {"_has:Task:part-of:status", "draft"},
                                                {"_include", "Task:owner"},  {"_revinclude:iterate", "Task:part-of"},
                                                {"_sort", "-authored-on"},   {"_before", "x"}};

TEST(ReadSearch, OffersChainsAndTheirLikeWhereTheyAreFound) {
  for (const http::Parameter& each : beyond_plain) {
    Call whole = asking({each, {"status", "requested"}}), plain = whole,
         lenient = asking({each, {"status", "requested"}}, "lenient");
    EXPECT_TRUE(read(whole, false).ok()) << each.name;
    EXPECT_EQ(whole.target.query.size(), 2u);
    EXPECT_EQ(read(plain, true).failure(), (Failure{Cause::Unsupported, "This search parameter is not offered.", each.name}));
    Result<SearchWish> without = read(lenient, true);
    ASSERT_TRUE(without.ok()) << each.name;
    ASSERT_EQ(without->ignored.size(), 1u);
    EXPECT_EQ(without->ignored[0].name, each.name);
    EXPECT_EQ(lenient.target.query.size(), 1u) << "links are without it";
  }
}

TEST(ReadSearch, OffersNumbersWhereTheyAreFound) {
  for (bool is_plain_only : {true, false}) {
    Call call = asking({{"quantity", "3"}, {"factor-override", "1"}});
    Offered offered{[](std::string_view) { return true; }};
    offered.is_plain_only = is_plain_only;
    EXPECT_EQ(read_search(call, "ChargeItem", r4(), "", WallTime{}, offered).ok(), !is_plain_only);
  }
}

TEST(ReadSearch, TellsWhatItWentWithoutAndWhatFindsNothing) {
  Call strict = asking({{"intent", "order"}}),
       lenient = asking({{"intent", "order"}, {"status", "requestedd"}, {"sttaus", "x"}}, "lenient");
  EXPECT_EQ(read(strict, true).failure().where, "intent");
  Result<SearchWish> wish = read(lenient, true);
  ASSERT_TRUE(wish.ok());
  EXPECT_EQ(wish->query.criteria.size(), 1u);
  const std::string outcome = search_outcome(*wish, r4());
  for (const char* part :
       {"The search went without it. Searching Task by it is not offered; there are those that /fhir/metadata lists.",
        "The search went without it. Task has no such search parameter. Did you mean status?",
        "\"No value has this code. Did you mean requested?"})
    EXPECT_NE(outcome.find(part), std::string::npos) << part << outcome;
  EXPECT_EQ(outcome.find("\"error\""), std::string::npos) << outcome;
  EXPECT_EQ(search_outcome({}, r4()), "");
}

}  // namespace
}  // namespace vardbron::rest
