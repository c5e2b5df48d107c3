#include "gateway/store/meta.h"

#include <gtest/gtest.h>

namespace vardbron::store {
namespace {

constexpr WallTime moment{std::chrono::milliseconds{1'774'692'000'123}};
const std::string mark = R"("meta":{"versionId":"7","lastUpdated":"2026-03-28T10:00:00.123Z")";

TEST(Stamp, PutsVersionAndTimeIntoMetaAndKeepsTheRest) {
  struct Row {
    std::string body, expected;
  };
  for (const Row& row : {
           Row{R"({"resourceType":"Task","id":"1","status":"x"})",
               R"({"resourceType":"Task","id":"1",)" + mark + R"(},"status":"x"})"},
           Row{R"({"resourceType":"Task","id":"1"})", R"({"resourceType":"Task","id":"1",)" + mark + "}}"},
           Row{R"({"resourceType":"Task"})", R"({"resourceType":"Task",)" + mark + "}}"},
           Row{R"({"status":"x"})", "{" + mark + R"(},"status":"x"})"},
           Row{"{}", "{" + mark + "}}"},
           Row{R"({"id":"1","meta":{}})", R"({"id":"1",)" + mark + "}}"},
           Row{R"({"id":"1","meta":{"profile":["p"],"versionId":"3","tag":[{"code":"}"}]},"a":1})",
               R"({"id":"1",)" + mark + R"(,"profile":["p"],"tag":[{"code":"}"}]},"a":1})"},
           Row{R"({ "meta" : { "lastUpdated" : "old" } , "a" : [ 1 , { "meta" : 2 } ] })",
               "{ " + mark + R"(} , "a" : [ 1 , { "meta" : 2 } ] })"},
           Row{R"({"a":"\"meta\":{","contained":[{"meta":{"versionId":"1"}}],"id":"1"})",
               R"({"a":"\"meta\":{","contained":[{"meta":{"versionId":"1"}}],"id":"1",)" + mark + "}}"},
       }) {
    EXPECT_EQ(with_meta(row.body, 7, moment), row.expected) << row.body;
  }
}

TEST(Stamp, StampingAgainReplacesTheStamp) {
  std::string once = with_meta(R"({"resourceType":"Task","id":"1","meta":{"tag":[]}})", 6, moment);
  EXPECT_EQ(with_meta(once, 7, moment), with_meta(R"({"resourceType":"Task","id":"1","meta":{"tag":[]}})", 7, moment));
}

TEST(Stamp, NeverReadsPastTheEndOfWhatIsNoJson) {
  std::string whole = R"({"id":"a\"b","meta":{"versionId":"1","tag":[{"code":"\\"}]},"x":[1,{"y":"z"}]})";
  for (std::size_t length = 0; length < whole.size(); ++length) {
    std::string cut = whole.substr(0, length);
    EXPECT_GE(with_meta(cut, 1, moment).size(), 0u);
  }
  EXPECT_EQ(with_meta("", 1, moment), "");
  EXPECT_EQ(with_meta("[1]", 1, moment), "[1]");
}

}  // namespace
}  // namespace vardbron::store
