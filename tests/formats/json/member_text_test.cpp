#include "gateway/formats/json/member_text.h"

#include <gtest/gtest.h>

#include <optional>
#include <string>
#include <string_view>

namespace vardbron::json {
namespace {

std::string_view member_text(std::string_view object, std::string_view name) {
  WrittenMembers members(object);
  while (const std::optional<WrittenMember> member = members.next()) {
    if (member->name == name) return member->value;
  }
  return {};
}

struct Row {
  const char *name, *object, *text;
};

class MemberText : public testing::TestWithParam<Row> {};

TEST_P(MemberText, IsWhatStoodThere) { EXPECT_EQ(member_text(GetParam().object, "id"), GetParam().text); }

INSTANTIATE_TEST_SUITE_P(
    Table, MemberText,
    testing::Values(Row{"AString", R"({"id":"a"})", R"("a")"}, Row{"AnEmptyList", R"({"id":[],"x":1})", "[]"},
                    Row{"AListOfEmptyLists", R"({"x":[1,{"id":2}],"id":[[],[{}]]})", "[[],[{}]]"},
                    Row{"AnEmptyObject", R"({"id": { } , "x":1})", "{ }"}, Row{"Null", R"({ "id" : null })", "null"},
                    Row{"ANumberOfManyDigits", "{\"id\":12345678901234567890.10e+3\n}", "12345678901234567890.10e+3"},
                    Row{"BracketsInStrings", R"({"x":"}],{\"","id":"]\\"})", R"("]\\")"},
                    Row{"BlanksAllOver", "\t{\r\n \"x\" : [ ] ,\n \"id\" : true \n}", "true"},
                    Row{"OneOfAnObjectInside", R"({"x":{"id":1}})", ""}, Row{"NoMember", R"({"x":1})", ""},
                    Row{"NoObject", R"(["id",1])", ""}, Row{"NothingAtAll", "", ""}, Row{"AnEmptyObjectOnly", "{}", ""}),
    [](const testing::TestParamInfo<Row>& of) { return std::string(of.param.name); });

// Concern: a truncated text must not be read beyond its end.
TEST(MemberTextOfABrokenObject, NeverReadsBeyondIt) {
  const std::string whole = R"({"x":[{"y":"\"}"}],"id":{"z":[1]}})";

  for (std::size_t length = 0; length < whole.size(); ++length) {
    const std::string_view found = member_text(std::string_view(whole).substr(0, length), "id");
    EXPECT_LE(found.size(), length);
  }
}

}  // namespace
}  // namespace vardbron::json
