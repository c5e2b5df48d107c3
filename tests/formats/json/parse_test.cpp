#include "gateway/formats/json/parse.h"

#include "gateway/formats/json/write.h"
#include "gateway/tree/path.h"
#include "tests/formats/parsing.h"

#include <gtest/gtest.h>

#include <array>
#include <string>
#include <vector>

namespace vardbron::json {
namespace {

using tree::Document;
using tree::Kind;
using tree::NodeId;

constexpr std::array<std::string_view, 6> texts = {"resourceType", "id", "extension", "name", "given", "div"};

class JsonParse : public formats::Parsing<ParseOptions, parse> {
 protected:
  JsonParse() : Parsing(texts) {}
};

std::string repeated(std::string_view text, std::size_t times) {
  std::string all;
  while (times-- > 0) all += text;
  return all;
}

TEST_F(JsonParse, KeepsTypesTextsAndOrder) {
  const Document document = parsed(R"({"resourceType":"Patient","active":true,"count":12,"name":[{"given":["Tove","Li"]}]})");
  const NodeId type = document.first_child(0);
  EXPECT_EQ(document.name_text(document.name(type)), "resourceType");
  EXPECT_EQ(text_at(document, "resourceType"), "Patient");
  EXPECT_EQ(document.kind(find(document, "active")), Kind::Boolean);
  EXPECT_EQ(text_at(document, "active"), "true");
  EXPECT_EQ(document.kind(find(document, "count")), Kind::Number);
  const NodeId second = find(document, "name[0].given[1]");
  EXPECT_EQ(document.text(second), "Li");
  EXPECT_TRUE(document.in_list(second));
  EXPECT_TRUE(document.in_list(find(document, "name")));
  EXPECT_FALSE(document.in_list(type));
}

TEST_F(JsonParse, KeepsTheDigitsOfNumbers) {
  for (const char* number : {"1.10", "1e400", "-0", "0", "-0.0", "1E+5", "100000000000000000000.123", "0.00000000000000000001"}) {
    const Document document = parsed("{\"v\":" + std::string(number) + "}");
    EXPECT_EQ(text_at(document, "v"), number);
    EXPECT_EQ(document.kind(find(document, "v")), Kind::Number);
  }
}

TEST_F(JsonParse, KeepsNumbersBehindDecodedTextsApart) {
  const Document document = parsed(R"({"a":"x\ny","b":1.50,"c":[2,3.0]})");
  EXPECT_EQ(text_at(document, "a"), "x\ny");
  EXPECT_EQ(text_at(document, "b"), "1.50");
  EXPECT_EQ(text_at(document, "c[1]"), "3.0");
}

TEST_F(JsonParse, DecodesEscapes) {
  const Document document = parsed("{\"a\":\"\\u00e5\\u20ac\\ud83d\\ude00 \\\"\\\\\\/\\t\\r\\n\",\"\\u0069d\":\"key\"}");
  EXPECT_EQ(text_at(document, "a"), "\xC3\xA5\xE2\x82\xAC\xF0\x9F\x98\x80 \"\\/\t\r\n");
  EXPECT_EQ(text_at(document, "id"), "key");
}

TEST_F(JsonParse, HangsTheUnderscoreSiblingBelowItsPrimitiveWhereverItStands) {
  for (const char* body : {R"({"given":"Tove","x":1,"_given":{"id":"a"}})", R"({"_given":{"id":"a"},"x":1,"given":"Tove"})",
                           R"({"x":1,"_given":{"id":"a"},"given":"Tove"})"}) {
    const Document document = parsed(body);
    EXPECT_EQ(text_at(document, "given"), "Tove");
    EXPECT_EQ(text_at(document, "given.id"), "a");
    EXPECT_EQ(text_at(document, "given[1]"), "(none)");
    EXPECT_EQ(text_at(document, "x"), "1");
  }
}

TEST_F(JsonParse, MatchesUnderscoreListsItemByItem) {
  const Document document = parsed(R"({"_given":[null,{"id":"b"},{"id":"c"}],"given":["A",null,"C"]})");
  EXPECT_EQ(text_at(document, "given[0]"), "A");
  EXPECT_EQ(document.first_child(find(document, "given[0]")), tree::no_node);
  EXPECT_EQ(document.kind(find(document, "given[1]")), Kind::Null);
  EXPECT_EQ(text_at(document, "given[1].id"), "b");
  EXPECT_EQ(text_at(document, "given[2]"), "C");
  EXPECT_EQ(text_at(document, "given[2].id"), "c");
  EXPECT_EQ(text_at(document, "given[3]"), "(none)");
}

TEST_F(JsonParse, MakesANullNodeOfAnUnderscoreKeyAlone) {
  const Document document = parsed(R"({"_given":{"id":"a"},"_name":[null,{"id":"b"}]})");
  EXPECT_EQ(document.kind(find(document, "given")), Kind::Null);
  EXPECT_EQ(text_at(document, "given.id"), "a");
  EXPECT_FALSE(document.in_list(find(document, "given")));
  EXPECT_EQ(document.kind(find(document, "name[1]")), Kind::Null);
  EXPECT_EQ(text_at(document, "name[1].id"), "b");
  EXPECT_TRUE(document.in_list(find(document, "name[0]")));
}

TEST_F(JsonParse, JoinsUnderscoreKeysInsideUnderscoreKeys) {
  const Document document = parsed(R"({"_a":{"extension":[{"url":"u","_valueString":{"id":"deep"}}]},"a":"v"})");
  EXPECT_EQ(text_at(document, "a.extension[0].valueString.id"), "deep");
}

TEST_F(JsonParse, JoinsUnderscoreKeysOfObjectsWithManyMembers) {
  // Concern: beyond a number of members keys are found through a table.
  std::string body = "{";
  for (int at = 0; at < 50; ++at) {
    const std::string key = "k" + std::to_string(at);
    body += "\"_" + key + "\":{\"id\":\"e" + std::to_string(at) + "\"},";
    if (at % 3 != 0) body += "\"" + key + "\":\"v" + std::to_string(at) + "\",";
  }
  const Document document = parsed(body + "\"last\":1}");
  for (int at = 0; at < 50; ++at) {
    const std::string key = "k" + std::to_string(at);
    EXPECT_EQ(text_at(document, key + ".id"), "e" + std::to_string(at));
    EXPECT_EQ(text_at(document, key), at % 3 != 0 ? "v" + std::to_string(at) : "");
    EXPECT_EQ(text_at(document, key + "[1]"), "(none)");
  }
}

TEST_F(JsonParse, CallsNarrativeXhtml) {
  const Document document = parsed(R"({"text":{"div":"<div xmlns=\"http://www.w3.org/1999/xhtml\">Hej</div>"},"div":"12 / 3"})");
  EXPECT_EQ(document.kind(find(document, "text.div")), Kind::Xhtml);
  EXPECT_EQ(document.kind(find(document, "div")), Kind::String);
}

TEST_F(JsonParse, LeavesOtherSchemasAlone) {
  const Document document = parsed(R"({"_id":"x","id":"y","empty":[],"nothing":null,"bell":"\u0007"})", {.fhir = false});
  EXPECT_EQ(text_at(document, "_id"), "x");
  EXPECT_EQ(text_at(document, "id"), "y");
  EXPECT_EQ(text_at(document, "empty"), "(none)");
  EXPECT_EQ(document.kind(find(document, "nothing")), Kind::Null);
  EXPECT_EQ(text_at(document, "bell"), "\a");
}

TEST_F(JsonParse, GivesTheItemsOfAListInAListNoName) {
  const Document document = parsed(R"({"m":[[1,2],[[3]]]})");
  EXPECT_EQ(text_at(document, "m[0][1]"), "2");
  EXPECT_EQ(text_at(document, "m[1][0][0]"), "3");
  const Document plain = parsed(R"([{"a":1},[2]])", {.fhir = false});
  EXPECT_EQ(text_at(plain, "[0].a"), "1");
  EXPECT_EQ(text_at(plain, "[1][0]"), "2");
}

TEST_F(JsonParse, TellsLineAndColumnOfEveryNodeOnRequest) {
  const Document document = parsed("{\n  \"a\": \"line\\nend\",\n  \"b\": [true,\n null, {\"c\": 1}]\n}", {.positions = true});
  const auto at = [&](std::string_view path) { return to_string(document.position(find(document, path))); };
  EXPECT_EQ(at(""), "1:1");
  EXPECT_EQ(at("a"), "2:8");
  EXPECT_EQ(at("b[0]"), "3:9");
  EXPECT_EQ(at("b[1]"), "4:2");
  EXPECT_EQ(at("b[2]"), "4:8");
  EXPECT_EQ(at("b[2].c"), "4:14");
}

struct Refusal {
  std::string body, expected;
};
const std::vector<Refusal> refusals = {
    {"", "1:1 The document is empty."},
    {"  \n ", "2:2 The document is empty."},
    {"{", "1:2 A key in double quotes is missing."},
    {"{\"a\":1", "1:7 A comma or the closing brace is missing."},
    {"{\"a\" 1}", "1:6 A colon behind the key is missing."},
    {"{\"a\":[1", "1:8 A comma or the closing bracket is missing."},
    {"{\"a\":[1,]}", "1:9 A value is missing or is no JSON."},
    {"{\"a\":1,}", "1:8 A key in double quotes is missing."},
    {"{a:1}", "1:2 A key in double quotes is missing."},
    {"{\"a\":'x'}", "1:6 A value is missing or is no JSON."},
    {"{\"a\":NaN}", "1:6 A value is missing or is no JSON."},
    {"{\"a\":01}", "1:7 A comma or the closing brace is missing."},
    {"{\"a\":1.}", "1:8 A number is not complete."},
    {"{\"a\":1e}", "1:8 A number is not complete."},
    {"{\"a\":+1}", "1:6 A value is missing or is no JSON."},
    {"{\"a\":tru}", "1:6 A value is missing or is no JSON."},
    {"{\"a\":1}\n x", "2:2 Something follows the end of the document."},
    {"{\"a\":1}{}", "1:8 Something follows the end of the document."},
    {"{} // comment", "1:4 Something follows the end of the document."},
    {"[1]", "1:1 A document is an object."},
    {"\"a\"", "1:1 A document is an object."},
    {"12", "1:1 A document is an object."},
    {"null", "1:1 A document is an object."},
    {"\xEF\xBB\xBF{}", "1:1 A byte order mark stands in front of the document."},
    {std::string("{}\0", 3), "1:3 There is a control character."},
    {std::string("{\"a\":\"x\0y\"}", 11), "1:8 There is a control character."},
    {"{\"a\":\"x\x1Fy and more than a block\"}", "1:8 There is a control character."},
    {"{\"a\":\"x\ny\"}", "1:8 A text holds a line end or a tab; write it as an escape."},
    {"{\"a\":\"x\ty\"}", "1:8 A text holds a line end or a tab; write it as an escape."},
    {"{\n\"a\":\"\xFF\"}", "2:6 The text is not UTF-8."},
    {"{\"a\":\"\xC0\x80\"}", "1:7 The text is not UTF-8."},
    {"{\"a\":\"\xED\xA0\x80\"}", "1:7 The text is not UTF-8."},
    {"{\"a\":\"\xF4\x90\x80\x80\"}", "1:7 The text is not UTF-8."},
    {"{\"a\":\"\xC3", "1:7 The text is not UTF-8."},
    {"{\"a\":\"\\x\"}", "1:7 A text holds an unknown escape."},
    {"{\"a\":\"\\u12G4\"}", "1:7 An escape \\u needs four hexadecimal digits."},
    {"{\"a\":\"\\ud83d\"}", "1:7 A text holds half a surrogate pair."},
    {"{\"a\":\"\\ud83dx\"}", "1:7 A text holds half a surrogate pair."},
    {"{\"a\":\"\\ud83d\\u0041\"}", "1:7 A text holds half a surrogate pair."},
    {"{\"a\":\"\\udc00\"}", "1:7 A text holds half a surrogate pair."},
    {"{\"a\":\"\\u0000\"}", "1:7 A text holds a control character."},
    {"{\"a\":\"long enough for blocks: \\u001f\"}", "1:31 A text holds a control character."},
    {"{\"\\u0001\":1}", "1:3 A text holds a control character."},
    {"{\"a\":\"open", "1:11 A text has no closing quote."},
    {"{\"\":1}", "1:2 A key is empty."},
    {"{\"a\":1,\n \"b\":2, \"a\":3}", "2:9 A key comes twice in one object."},
    {"{\"a\":{\"b\":1,\"b\":2}}", "1:13 A key comes twice in one object."},
    {"{\"_a\":{\"id\":\"1\"},\"_a\":{\"id\":\"2\"}}", "1:18 A key comes twice in one object."},
    {"{\"a\":[]}", "1:7 A list is never empty; leave the key out."},
    {"{\"__a\":{}}", "1:2 A key starts with one '_' at most."},
    {"{\"_a\":\"x\"}", "1:7 The value of a key with '_' is an object."},
    {"{\"_a\":[1]}", "1:8 The value of a key with '_' is an object."},
    {"{\"_a\":[[{}]]}", "1:8 The value of a key with '_' is an object."},
    {"{\"a\":[\"1\",\"2\"],\"_a\":[null]}", "1:16 The lists of a key with '_' and of the one without differ in length."},
    {"{\"a\":\"1\",\"_a\":{}}", "1:10 An object is never empty."},
    {"{\"_a\":[null,{\"id\":\"1\"},{\"id\":\"1\"}],\"a\":[\"1\",\"2\"]}",
     "1:2 The lists of a key with '_' and of the one without differ in length."},
    {"{\"a\":\"1\",\"_a\":[{}]}", "1:10 A key with '_' and the one without must both be lists, or neither."},
    {"{\"a\":{\"b\":1},\"_a\":{}}", "1:14 A key with '_' belongs to a primitive, but here it goes with an object."},
};

TEST_F(JsonParse, RefusesWithThePlace) {
  for (const Refusal& each : refusals) EXPECT_EQ(refusal(each.body), each.expected) << each.body;
}

TEST_F(JsonParse, CountsLinesRightBehindDecodedLineFeeds) {
  EXPECT_EQ(refusal("{\"a\":\"1\\n2\\n3\",\n\"b\":\"4\\n\\x\"}"), "2:9 A text holds an unknown escape.");
}

TEST_F(JsonParse, RefusesMoreThanItsLimits) {
  const auto nested = [](std::size_t depth) { return repeated("{\"a\":", depth - 1) + "{}" + repeated("}", depth - 1); };
  EXPECT_EQ(refusal(nested(64)), "accepted");
  EXPECT_EQ(refusal(nested(65)), "1:321 The document is nested too deep.");
  EXPECT_EQ(refusal("{\"a\":" + repeated("[", 64) + "1" + repeated("]", 64) + "}"), "accepted");
  EXPECT_EQ(refusal("{\"a\":" + repeated("[", 65) + "1" + repeated("]", 65) + "}"), "1:70 The document is nested too deep.");
  EXPECT_EQ(refusal(repeated("[", 200'000), {.fhir = false}), "1:65 The document is nested too deep.");
  EXPECT_EQ(refusal("{\"a\":[1,2,3]}", {.nodes_max = 4}), "accepted");
  EXPECT_EQ(refusal("{\"a\":[1,2,3,4]}", {.nodes_max = 4}), "1:13 The document has too many elements.");
  EXPECT_EQ(refusal("{\"a\":1,\"b\":2}", {.members_max = 2}), "accepted");
  EXPECT_EQ(refusal("{\"a\":1,\"b\":2,\"c\":3}", {.members_max = 2}), "1:14 An object has too many members.");
}

TEST_F(JsonParse, CallsALimitTooLargeAndTheRestInvalid) {
  EXPECT_EQ(parse("{\"a\":[1,2]}", names, {.nodes_max = 2}).failure().cause, Cause::TooLarge);
  EXPECT_EQ(parse("{", names).failure().cause, Cause::Invalid);
}

TEST_F(JsonParse, FindsATwinAmongThousandsOfMembers) {
  std::string body = "{";
  for (int at = 0; at < 9'000; ++at) body += "\"k" + std::to_string(at) + "\":1,";
  EXPECT_EQ(refusal(body + "\"last\":1}"), "accepted");
  EXPECT_EQ(refusal(body + "\n\"k17\":1}"), "2:1 A key comes twice in one object.");
}

TEST_F(JsonParse, RefusesMoreUnknownKeysThanATableMayHold) {
  std::string body = "{\"a\":[";
  for (int at = 0; at < 11'000; ++at) body += (at > 0 ? ",{\"k" : "{\"k") + std::to_string(at) + "\":1}";
  EXPECT_EQ(parse(body + "]}", names).failure().says, "Too many unknown keys.");
}

TEST_F(JsonParse, ReadsAnotherMessageIntoTheSameDocument) {
  Parser parser;
  Document document(names);
  ASSERT_TRUE(parser.parse(R"({"a":"first message, long enough for the heap","_b":{"id":"x"},"b":"y"})", document));
  ASSERT_FALSE(parser.parse(R"({"a":[{"b":"c"},)", document));
  EXPECT_EQ(document.size(), 1u);
  ASSERT_TRUE(parser.parse(R"({"b":{"a":2}})", document));
  EXPECT_EQ(text_at(document, "b.a"), "2");
  EXPECT_EQ(text_at(document, "a"), "(none)");
}

}  // namespace
}  // namespace vardbron::json
