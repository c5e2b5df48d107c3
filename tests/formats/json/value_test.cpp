#include "gateway/formats/json/value.h"

#include <gtest/gtest.h>

#include <string>
#include <string_view>

// Concern: what a stranger wrote is read to the letter or refused in words that say where and why.
namespace vardbron::json {
namespace {

using namespace std::literals;
using Kind = Value::Kind;

Value read(std::string_view text) {
  Result<Value> value = read_value(text);
  EXPECT_TRUE(value) << text << ": " << (value ? "" : value.failure().where + " " + value.failure().says);
  return value ? std::move(*value) : Value();
}

std::string refusal(std::string_view text, ReadOptions options = {}) {
  Result<Value> value = read_value(text, options);
  return value ? "read" : value.failure().where + " " + value.failure().says;
}

TEST(JsonValue, KnowsEachKind) {
  const std::string text =
      R"( {"text":"å\n","number":-1.50,"yes":true,"no":false,"nothing":null,"list":[1,[],{}],"object":{"a":{"b":2}}} )";
  const Value value = read(text);

  ASSERT_TRUE(value.is(Kind::Object));
  EXPECT_EQ(value.text_of("text"), "å\n");
  EXPECT_EQ(value.text_of("number"), "-1.50");
  EXPECT_TRUE(value.find("number")->is(Kind::Number));
  EXPECT_TRUE(value.find("yes")->is(Kind::Boolean));
  EXPECT_EQ(value.text_of("no"), "false");
  EXPECT_TRUE(value.find("nothing")->is(Kind::Null));
  ASSERT_EQ(value.find("list")->items.size(), 3u);
  EXPECT_TRUE(value.find("list")->items[1].is(Kind::List));
  EXPECT_EQ(value.find("object")->find("a")->text_of("b"), "2");
  EXPECT_EQ(value.find("b"), nullptr);
  EXPECT_EQ(value.text_of("missing"), "");
  EXPECT_EQ(value.members[0].name, "text");
  EXPECT_EQ(value.members.back().name, "object");
}

TEST(JsonValue, MayBeAnyValue) {
  EXPECT_EQ(read("\"x\"").text, "x");
  EXPECT_EQ(read(" 5 ").text, "5");
  EXPECT_TRUE(read("null").is(Kind::Null));
  EXPECT_EQ(read("[1]").items.size(), 1u);
}

TEST(JsonValue, SaysWhatWasWrittenOfEachPart) {
  const std::string text = "{ \"a\" : { \"b\" : [ 1.50 , \"\\u00e5\" ,null ] , \"c\":[ ] } ,\n\"d\":-0}";
  const Value value = read(text);

  EXPECT_EQ(value.written, text);
  const Value& a = *value.find("a");
  EXPECT_EQ(a.written, "{ \"b\" : [ 1.50 , \"\\u00e5\" ,null ] , \"c\":[ ] }");
  EXPECT_EQ(a.find("b")->written, "[ 1.50 , \"\\u00e5\" ,null ]");
  EXPECT_EQ(a.find("b")->items[0].written, "1.50");
  EXPECT_EQ(a.find("b")->items[1].written, "\"\\u00e5\"");
  EXPECT_EQ(a.find("b")->items[2].written, "null");
  EXPECT_EQ(a.find("c")->written, "[ ]");
  EXPECT_EQ(value.find("d")->written, "-0");
}

// RapidJSON alone refuses what passes a double.
TEST(JsonValue, KeepsTheDigitsOfEveryNumber) {
  for (const std::string& number : {"0"s, "-0"s, "1.50"s, "-0.0"s, "1E+3"s, "1e400"s, "1e-400"s, "1e99999999999999999999"s,
                                    std::string(400, '9'), "0." + std::string(400, '1') + "e-17",
                                    "-" + std::string(20, '1') + "." + std::string(20, '2') + "E+" + std::string(20, '3')}) {
    const Value value = read("[" + number + "," + number + "]");
    ASSERT_EQ(value.items.size(), 2u) << number;
    EXPECT_EQ(value.items[0].text, number);
    EXPECT_EQ(value.items[1].text, number);
    EXPECT_EQ(read(number).text, number);
  }
}

TEST(JsonValue, DecodesEveryEscape) {
  EXPECT_EQ(read(R"("\"\\\/\b\f\n\r\t\u0041\u00E5\u20ac\uD83D\uDE00")").text, "\"\\/\b\f\n\r\tAå€\xF0\x9F\x98\x80");
  EXPECT_EQ(read(R"("a\u0000b")").text, "a\0b"sv);
  EXPECT_EQ(read(R"({"\u0061":1})").text_of("a"), "1");
  EXPECT_EQ(read("\"1e400 \\\" 99999999999999999999\"").text, "1e400 \" 99999999999999999999");
}

struct Row {
  std::string_view text, says;
};

TEST(JsonValue, RefusesInPlainWordsWithThePlace) {
  for (const Row& row : {
           Row{"", "1:1 The document is empty."},
           Row{" \n ", "2:2 The document is empty."},
           Row{"}", "1:1 A value is missing or is no JSON."},
           Row{"nul", "1:4 A value is missing or is no JSON."},
           Row{"{\"a\":}", "1:6 A value is missing or is no JSON."},
           Row{"[1,]", "1:4 A value is missing or is no JSON."},
           Row{"[01]", "1:3 A comma or the closing bracket is missing."},
           Row{"{a:1}", "1:2 A key in double quotes is missing."},
           Row{"{\"a\":1,}", "1:8 A key in double quotes is missing."},
           Row{"{\"a\" 1}", "1:6 A colon behind the key is missing."},
           Row{"{\"a\":1", "1:7 A comma or the closing brace is missing."},
           Row{"{\"a\":1 \"b\":2}", "1:8 A comma or the closing brace is missing."},
           Row{"[1 2]", "1:4 A comma or the closing bracket is missing."},
           Row{"{}\n{}", "2:1 Something follows the end of the document."},
           Row{"\"abc", "1:5 A text has no closing quote."},
           Row{R"("\x")", "1:2 A text holds an unknown escape."},
           Row{R"("\u00g0")", "1:2 An escape \\u needs four hexadecimal digits."},
           Row{"\"a\tb\"", "1:3 A text holds a control character; write it as an escape."},
           Row{"\"a\nb\"", "1:3 A text holds a control character; write it as an escape."},
           Row{"1.", "1:3 A number is not complete."},
           Row{"1e", "1:3 A number is not complete."},
           Row{"-", "1:2 A value is missing or is no JSON."},
           Row{"[NaN]", "1:2 A value is missing or is no JSON."},
           Row{"[Infinity]", "1:2 A value is missing or is no JSON."},
           Row{"\xEF\xBB\xBF{}", "1:1 A value is missing or is no JSON."},
           Row{"[1] // why", "1:5 Something follows the end of the document."},
       })
    EXPECT_EQ(refusal(row.text), row.says) << row.text;
}

TEST(JsonValue, RefusesATextThatANulEnds) {
  EXPECT_EQ(refusal("{}\0"sv), "1:3 Something follows the end of the document.");
  EXPECT_EQ(refusal("{}\0{}"sv), "1:3 Something follows the end of the document.");
  EXPECT_EQ(refusal("[1,\0]"sv), "1:4 A value is missing or is no JSON.");
  EXPECT_EQ(refusal("\"a\0b\""sv), "1:3 A text holds a control character; write it as an escape.");
}

// Source: RFC 8259 4. Which of two members counts is not the same for all readers.
TEST(JsonValue, RefusesAKeyThatComesTwice) {
  EXPECT_EQ(refusal(R"({"a":1,"b":2,"a":3})"), "1:14 A key comes twice.");
  EXPECT_EQ(refusal(R"({"a":1,"\u0061":1})"), "1:8 A key comes twice.");
  EXPECT_EQ(refusal(R"([{"x":[{"b":1,"c":{"b":1},"b":2}]}])"), "1:27 A key comes twice.");
  EXPECT_EQ(refusal(R"({"a":{"a":{"a":1}},"b":{"a":1}})"), "read");
  EXPECT_EQ(refusal(R"({"a":1,"A":2})"), "read");
  EXPECT_EQ(refusal(R"({"":1})"), "1:2 A key is empty.");
}

TEST(JsonValue, FindsATwinAmongManyMembers) {
  std::string text = "{";
  for (int at = 0; at < 5'000; ++at) text += "\"k" + std::to_string(at) + "\":0,";
  EXPECT_EQ(refusal(text + "\"last\":1}"), "read");
  EXPECT_NE(refusal(text + "\"k77\":1}").find("A key comes twice."), std::string::npos);
}

// Source: RFC 8259 8.2. RapidJSON decodes a lone low surrogate to bytes that are no UTF-8.
TEST(JsonValue, RefusesHalvesOfSurrogatePairs) {
  for (std::string_view text : {R"("\uD800")", R"("\uDBFF ")", R"("\uDC00")", R"("\uDFFF")", R"("a\uDE00\uD83D")",
                                R"("\uD83D\uD83D")", R"("\uD83D\u0041")", R"("\uD83Dx")", R"({"\uDC00":1})"})
    EXPECT_NE(refusal(text).find("A text holds half a surrogate pair."), std::string::npos) << text << refusal(text);
}

TEST(JsonValue, RefusesBytesThatAreNoUtf8) {
  for (std::string_view bytes : {"\x80", "\xFF", "\xC3", "\xC0\xAF", "\xE2\x82", "\xED\xA0\x80", "\xED\xBF\xBF",
                                 "\xF4\x90\x80\x80", "\xF8\x88\x80\x80\x80"})
    EXPECT_EQ(refusal("[\"a" + std::string(bytes) + "\"]"), "1:4 The text is not UTF-8.");
}

TEST(JsonValue, HasLimits) {
  const ReadOptions options{.depth_max = 3, .values_max = 6, .members_max = 2};
  EXPECT_EQ(refusal("[[[1]]]", options), "read");
  EXPECT_EQ(refusal("[[{\"a\":[]}]]", options), "1:8 The document is nested too deep.");
  EXPECT_EQ(refusal("[1,2,3,4,5]", options), "read");
  EXPECT_EQ(refusal("[1,2,3,4,5,6]", options), "1:12 The document has too many elements.");
  EXPECT_EQ(refusal(R"({"a":1,"b":2})", options), "read");
  EXPECT_EQ(refusal(R"({"a":1,"b":2,"c":3})", options), "1:14 An object has too many members.");
  EXPECT_EQ(read_value("[[[[]]]]", options).failure().cause, Cause::TooLarge);
}

// Concern: no stack is used up, neither while reading nor when what was read goes.
TEST(JsonValue, RefusesAMillionBrackets) {
  EXPECT_NE(refusal(std::string(1'000'000, '[')).find("nested too deep"), std::string::npos);
  std::string objects;
  for (int at = 0; at < 100'000; ++at) objects += "{\"a\":";
  EXPECT_NE(refusal(objects).find("nested too deep"), std::string::npos);
}

// Concern: half a text is refused and never read beyond its end.
TEST(JsonValue, RefusesEveryBeginning) {
  const std::string whole = R"({"a":[1.5e3,"å\u00e5\uD83D\uDE00",{"b":true}],"c":null})";
  for (std::size_t length = 0; length < whole.size(); ++length) {
    const std::string part = whole.substr(0, length);
    EXPECT_NE(refusal(part), "read") << part;
  }
  EXPECT_EQ(refusal(whole), "read");
}

TEST(JsonValue, IsEqualWhateverStoodAroundIt) {
  EXPECT_TRUE(read(R"({"a":[1,"b"]})") == read(" {\t\"\\u0061\" : [ 1 , \"b\" ] }"));
  EXPECT_FALSE(read("[1]") == read("[1.0]"));
  EXPECT_FALSE(read("[1]") == read("[\"1\"]"));
  EXPECT_FALSE(read(R"({"a":1,"b":2})") == read(R"({"b":2,"a":1})"));
}

}  // namespace
}  // namespace vardbron::json
