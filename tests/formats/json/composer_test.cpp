#include "gateway/formats/json/composer.h"

#include "gateway/base/utf8.h"
#include "gateway/formats/json/parse.h"
#include "gateway/formats/json/value.h"

#include <gtest/gtest.h>

#include <limits>
#include <random>
#include <string>
#include <string_view>
#include <vector>

// Concern: whatever texts go in, what comes out is one JSON value of the shape that was asked for, in UTF-8.
namespace vardbron::json {
namespace {

using Kind = Value::Kind;

TEST(Composer, PlacesCommasAndColons) {
  Composer json;
  json.begin_object().text("a", "b").begin_list("list").number(1).number(-2).boolean(true).null().end_list();
  json.begin_object("empty").end_object().begin_list("none").end_list();
  json.begin_list("within").begin_list().end_list().begin_object().number("n", 3u).boolean("no", false).end_object().end_list();
  json.key("last").null();

  EXPECT_EQ(json.end_object().finish(),
            R"({"a":"b","list":[1,-2,true,null],"empty":{},"none":[],"within":[[],{"n":3,"no":false}],"last":null})");
}

TEST(Composer, TakesEveryValueAsTheWhole) {
  EXPECT_EQ(Composer().text("x").finish(), "\"x\"");
  EXPECT_EQ(Composer().number(0).finish(), "0");
  EXPECT_EQ(Composer().boolean(false).finish(), "false");
  EXPECT_EQ(Composer().null().finish(), "null");
  EXPECT_EQ(Composer().raw("[1.10]").finish(), "[1.10]");
  EXPECT_EQ(Composer().begin_list().end_list().finish(), "[]");
}

TEST(Composer, WritesTheLargestNumbersOfBothKinds) {
  Composer json;
  json.begin_list().number(std::numeric_limits<std::int64_t>::min()).number(std::numeric_limits<std::int64_t>::max());
  json.number(std::numeric_limits<std::uint64_t>::max()).number(std::size_t{7}).number(std::uint8_t{200}).end_list();

  EXPECT_EQ(json.finish(), "[-9223372036854775808,9223372036854775807,18446744073709551615,7,200]");
}

struct Escaped {
  std::string_view text, json;
};

TEST(Composer, EscapesWhatJsonWantsEscaped) {
  using namespace std::literals;
  for (const Escaped& row : {Escaped{"", R"("")"},
                             {"a\"b\\c/", R"("a\"b\\c/")"},
                             {"\b\f\n\r\t", R"("\b\f\n\r\t")"},
                             {"\0\x01\x1f\x7f"sv, "\"\\u0000\\u0001\\u001F\x7F\""},
                             {"åäö \xF0\x9F\x98\x80", "\"åäö \xF0\x9F\x98\x80\""},
                             {"exactly sixteen.", R"("exactly sixteen.")"},
                             {"sixteen and one..\n", R"("sixteen and one..\n")"}})
    EXPECT_EQ(as_json(row.text), row.json);
}

TEST(Composer, EscapesKeysToo) {
  EXPECT_EQ(Composer().begin_object().number("a\"\n", 1).end_object().finish(), R"({"a\"\n":1})");
}

// Source: RFC 8259 8.1. A lone surrogate, an overlong form, a sequence that is cut off, a byte that is never one.
TEST(Composer, MakesUPlusFffdOfBytesThatAreNoUtf8) {
  const std::string mark = "\xEF\xBF\xBD";
  for (const auto& [text, shown] :
       std::vector<std::pair<std::string, std::string>>{{"\xFF", mark},
                                                        {"a\xC3", "a" + mark},
                                                        {"\xED\xA0\x80!", mark + mark + mark + "!"},
                                                        {"\xC0\xAF", mark + mark},
                                                        {"\xF4\x90\x80\x80", mark + mark + mark + mark},
                                                        {"å\xE2\x82\"", "å" + mark + mark + "\\\""}})
    EXPECT_EQ(as_json(text), "\"" + shown + "\"");
}

// Concern: bytes after the end of a view do not complete its last sequence.
TEST(Composer, TakesNoByteFromAfterTheEndOfAText) {
  const std::string whole = "\"åäö\xF0\x9F\x98\x80";
  for (std::size_t end = 0; end <= whole.size(); ++end) {
    const std::string_view part = std::string_view(whole).substr(0, end);
    const std::string alone(part);  // its last byte is followed by a NUL
    EXPECT_EQ(as_json(part), as_json(alone)) << end;
    EXPECT_EQ(Composer().begin_list().raw(part).end_list().finish(), Composer().begin_list().raw(alone).end_list().finish());
    EXPECT_EQ(as_json(part) == "\"\\" + alone + "\"", is_utf8(part) && end > 0) << end;
  }
}

TEST(Composer, RepairsRawValuesAndKeysLikewise) {
  EXPECT_EQ(Composer().begin_object().raw("a\xFF", "{\"b\":\"\xC3\"}").end_object().finish(),
            "{\"a\xEF\xBF\xBD\":{\"b\":\"\xEF\xBF\xBD\"}}");
}

TEST(Composer, WritesNullForARawValueOfNothing) {
  EXPECT_EQ(Composer().begin_object().raw("body", "").end_object().finish(), R"({"body":null})");
}

TEST(Composer, KeepsARawValueByteByByte) {
  const std::string body = "{ \"n\" : 1.10e400, \"å\":[ ] }" + std::string(100'000, ' ');
  EXPECT_EQ(Composer(1).begin_list().raw(body).raw("1").end_list().finish(), "[" + body + ",1]");
}

TEST(Composer, SaysItsSizeAllAlong) {
  Composer json(1);
  json.begin_list();
  EXPECT_EQ(json.size(), 1u);
  json.text("abc").raw("{}");
  EXPECT_EQ(json.size(), 9u);
  EXPECT_EQ(json.end_list().finish(), R"(["abc",{}])");
}

TEST(ComposerDeathTest, StopsWhenTheValueIsNotWhole) {
  EXPECT_DEATH(Composer().begin_object().finish(), "IsComplete");
  EXPECT_DEATH(Composer().finish(), "IsComplete");
  EXPECT_DEATH(Composer().begin_object().number(1), "");
  EXPECT_DEATH(Composer().begin_list().end_object(), "");
  EXPECT_DEATH(Composer().number(1).number(2), "");
}

std::string text_of(std::uint32_t point) {
  std::string text;
  append_utf8(text, point);
  return text;
}

// Concern: each code point alone and beside its neighbours, through the way for plain texts and the other one.
TEST(Composer, IsReadBackEqualForAllOfUnicode) {
  const tree::Names names;
  std::string block;
  for (std::uint32_t point = 0; point <= 0x10FFFF; ++point) {
    if (is_surrogate(point)) continue;
    block += text_of(point);
    const bool is_alone = point < 0x100;
    if (!is_alone && block.size() < 20'000 && point != 0x10FFFF) continue;
    const std::string json = as_json(block);
    Result<Value> read = read_value(json);
    ASSERT_TRUE(read) << point << read.failure().says;
    ASSERT_EQ(read->text, block) << point;
    Result<tree::Document> lossless = parse("{\"a\":" + json + "}", names, {.fhir = false});
    ASSERT_TRUE(lossless) << point;
    ASSERT_EQ(tree::root(*lossless).text_of("a"), block) << point;
    block.clear();
  }
}

class Walk {
 public:
  explicit Walk(unsigned seed) : random_(seed) {}

  std::string bytes() {
    std::string made(below(40), ' ');
    for (char& byte : made) byte = static_cast<char>(below(256));
    return made;
  }
  std::string text() {
    std::string made;
    for (unsigned left = below(24); left > 0; --left) {
      static constexpr std::uint32_t ends[] = {0x20, 0x7F, 0x100, 0x800, 0x10000, 0x110000};
      append_utf8(made, below(ends[below(6)]));
    }
    return made;
  }
  Value value(unsigned depth) {
    Value made;
    made.kind = static_cast<Kind>(below(depth == 0 ? 4 : 6));
    if (made.is(Kind::Boolean)) made.text = below(2) == 0 ? "true" : "false";
    if (made.is(Kind::Number)) made.text = number();
    if (made.is(Kind::Text)) made.text = text();
    for (unsigned left = made.is(Kind::List) ? below(5) : 0; left > 0; --left) made.items.push_back(value(depth - 1));
    for (unsigned left = made.is(Kind::Object) ? below(5) : 0; left > 0; --left)
      made.members.push_back({std::to_string(left) + text(), value(depth - 1)});
    return made;
  }

 private:
  unsigned below(unsigned end) { return static_cast<unsigned>(random_() % end); }
  std::string digits() {
    std::string made(1, static_cast<char>('1' + below(9)));
    for (unsigned left = below(40); left > 0; --left) made += static_cast<char>('0' + below(10));
    return made;
  }
  std::string number() {
    std::string made = std::string(below(2) == 0 ? "-" : "") + (below(4) == 0 ? "0" : digits());
    if (below(2) == 0) made += "." + digits();
    if (below(2) == 0)
      made += (below(2) == 0 ? "e" : "E") + std::string(below(3) == 0 ? "+" : below(2) == 0 ? "-" : "") + digits();
    return made;
  }

  std::mt19937 random_;
};

TEST(Composer, IsReadBackEqualWhateverTheShape) {
  for (unsigned seed = 0; seed < 2'000; ++seed) {
    const Value made = Walk(seed).value(4);
    const std::string json = compact(made);
    Result<Value> read = read_value(json);
    ASSERT_TRUE(read) << seed << ": " << read.failure().says << " in " << json;
    ASSERT_TRUE(*read == made) << seed << ": " << json;
    ASSERT_EQ(compact(*read), json) << seed;
    ASSERT_EQ(read->written, json) << seed;
  }
}

TEST(Composer, LetsNoBytesOutThatAreNoUtf8) {
  for (unsigned seed = 0; seed < 5'000; ++seed) {
    const std::string bytes = Walk(seed).bytes();
    const std::string json = Composer().begin_object().text(bytes, bytes).end_object().finish();
    ASSERT_TRUE(is_utf8(json)) << seed;
    Result<Value> read = read_value(json);
    ASSERT_TRUE(read || bytes.empty()) << seed;
    if (bytes.empty()) continue;
    ASSERT_EQ(read->members[0].name, read->members[0].value.text) << seed;
    if (is_utf8(bytes)) {
      ASSERT_EQ(read->members[0].name, bytes) << seed;
    }
  }
}

}  // namespace
}  // namespace vardbron::json
