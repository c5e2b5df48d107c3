#include "tests/fhirpath/fixture.h"

#include <gtest/gtest.h>

#include <string>

// Concern: every expression ends within its limits, and the error names the limit.
namespace vardbron::fhirpath {
namespace {

using testing::answer;
using testing::Setting;

constexpr std::string_view ten = "(0|1|2|3|4|5|6|7|8|9)";

std::string many(std::string_view text, int count) {
  std::string all;
  for (; count > 0; --count) all += text;
  return all;
}

/// A text of 2^doublings characters.
std::string long_text(std::string_view letters, int doublings) {
  return "'" + std::string(letters) + "'" + many(".select($this & $this)", doublings);
}

struct Runaway {
  std::string expression, says;
};

constexpr std::string_view too_many_items = "error: This expression makes a collection of more than";
constexpr std::string_view too_many_steps = "error: This expression does not come to an end";
constexpr std::string_view too_much_memory = "error: This expression takes more memory for its lists than it may";
constexpr std::string_view too_much_text = "error: This expression makes more text than it may";

void expect_stopped(std::initializer_list<Runaway> runaways, Setting setting = {}) {
  for (const Runaway& runaway : runaways)
    EXPECT_TRUE(answer(runaway.expression, setting).starts_with(runaway.says))
        << runaway.expression << "\n  " << answer(runaway.expression, setting);
}

TEST(FhirPathRunaways, CollectionsEndAtTheirSize) {
  const std::string select = ".select(" + std::string(ten) + ")";
  expect_stopped(
      {{std::string(ten) + many(select, 8), std::string(too_much_memory)},
       {"'a'.repeatAll($this | 'b')", std::string(too_many_items)},
       {"name.select(%resource.descendants())" + many(".select(%resource.descendants())", 4), std::string(too_many_items)}});
}

TEST(FhirPathRunaways, ListsTogetherEndAtTheirMemory) {
  // 100,000 items each, and no list is near its end; %a to %z stay until the whole is done.
  std::string lists = "defineVariable('all', " + std::string(ten) + many(".select(" + std::string(ten) + ")", 4) + ")";
  for (char name = 'a'; name <= 'z'; ++name) lists += ".defineVariable('" + std::string(1, name) + "', %all.select($this + 1))";
  expect_stopped({{lists + ".exists()", std::string(too_much_memory)},
                  {"0.repeat($this + 1).count()", std::string(too_many_items)},
                  {"(0 | 1).repeat($this + 2 | $this + 3 | $this * 5).count()", std::string(too_much_memory)}});
}

TEST(FhirPathRunaways, WhatFitsIsGivenBackAndUsedAgain) {
  // 1,000 times a list of 10,000 different values and its index: together far more than a run may hold at once.
  EXPECT_EQ(answer("defineVariable('l', " + std::string(ten) + many(".select(" + std::string(ten) + ")", 2) +
                   ").select(%l.count()).first() | " + std::string(ten) + many(".select(" + std::string(ten) + ")", 2) +
                   ".select(%context.descendants().distinct().count()).distinct().count()"),
            "1000, 1");
}

TEST(FhirPathRunaways, LoopsWithinLoopsEndAtTheirSteps) {
  const std::string all = std::string(ten) + ".all(", where = std::string(ten) + ".where(";
  expect_stopped({{many(all, 9) + "true" + many(")", 9), std::string(too_many_steps)},
                  {many(where, 9) + "true" + many(").exists()", 9), std::string(too_many_steps)},
                  {"1.repeat($this + 1).count()", std::string(too_many_steps)}},
                 {.steps_max = 200'000});
}

TEST(FhirPathRunaways, TextsEndAtTheirBytes) {
  const std::string select = ".select(" + std::string(ten) + ")";
  expect_stopped(
      {{long_text("aaaaaaaaaaaaaaaa", 40), std::string(too_much_text)},
       {long_text("a", 12) + ".replace('', " + long_text("b", 15) + ").length()", std::string(too_much_text)},
       {long_text("a", 12) + ".replace('a', " + long_text("b", 15) + ").length()", std::string(too_much_text)},
       {long_text("a", 12) + ".replaceMatches('a', " + long_text("b", 15) + ").length()", std::string(too_much_text)},
       {long_text("a", 12) + ".replaceMatches('(a+)', " + long_text("$1", 15) + ").length()", std::string(too_much_text)},
       {"'a'" + many(".encode('hex')", 30), std::string(too_much_text)},
       {std::string(ten) + many(select, 3) + ".select('" + std::string(10'000, 'a') + "').join('').length()",
        std::string(too_much_text)}});
}

TEST(FhirPathRunaways, ComparingTreesAndListsCountsByTheirPairs) {
  // Each pair is compared within one call, which is one step of its caller.
  const std::string thousand = std::string(ten) + many(".select(" + std::string(ten) + ")", 2);
  expect_stopped(
      {{thousand + " ~ " + thousand + ".sort()", std::string(too_many_steps)},
       {thousand + ".where(%context.descendants() = %context.children().descendants() | 1).count()", std::string(too_many_steps)},
       {thousand + ".where((%context | 1).first() ~ (%context.name | 1).first()).count()", std::string(too_many_steps)}},
      {.steps_max = 20'000});
}

TEST(FhirPathRunaways, PassingOverManyChildrenCounts) {
  std::string extensions, contained;
  for (int number = 0; number < 2000; ++number) {
    extensions += std::string(number > 0 ? "," : "") + R"({"url":"u","valueReference":{"reference":"#c1999"}})";
    contained +=
        std::string(number > 0 ? "," : "") + R"({"resourceType":"Organization","id":"c)" + std::to_string(number) + "\"}";
  }
  const tree::Document wide =
      testing::parse_json(R"({"resourceType":"Patient","extension":[)" + extensions + R"(],"contained":[)" + contained + "]}");
  // Few results each, but thousands of nodes are visited for each of them.
  expect_stopped({{"extension.select(%resource.id).count()", std::string(too_many_steps)},
                  {"extension.select(%resource.multipleBirth).count()", std::string(too_many_steps)},
                  {"extension.select(%resource.extension('v')).count()", std::string(too_many_steps)},
                  {"extension.value.resolve().count()", std::string(too_many_steps)}},
                 {.document = &wide, .steps_max = 100'000});
}

TEST(FhirPathRunaways, AReferenceOfABundleFindsItsEntryWithoutASearch) {
  std::string entries;
  for (int number = 0; number < 3000; ++number) {
    const std::string id = std::to_string(number);
    entries += std::string(number > 0 ? "," : "") + R"({"resource":{"resourceType":"Encounter","contained":[{"resourceType":)" +
               R"("Patient","id":"p","gender":")" + (number % 2 == 0 ? "male" : "female") +
               R"("}],"subject":{"reference":"#p"}}})";
    if (number % 7 == 0) entries += R"(,{"fullUrl":"urn:x"})";  // an entry without a resource
  }
  const tree::Document bundle = testing::parse_json(R"({"resourceType":"Bundle","entry":[)" + entries + "]}");
  EXPECT_EQ(answer("entry.resource.subject.resolve().where(gender = 'male').count()", {.document = &bundle}), "1500");
  EXPECT_EQ(answer("entry[8].resource.subject.resolve().gender", {.document = &bundle}),
            answer("entry[8].resource.contained.gender", {.document = &bundle}));
}

TEST(FhirPathRunaways, WorkOnLongTextsCountsByTheirLength) {
  const std::string text = long_text("ab", 16), part = long_text("ab", 15);
  // In repetitive text a search must not take the product of both lengths.
  EXPECT_EQ(answer("(" + text + ").indexOf((" + part + ") & 'c')"), "-1");
  EXPECT_EQ(answer("(" + text + ").contains((" + part + ") & 'c')"), "false");
  EXPECT_EQ(answer("(" + text + ").replace((" + part + ") & 'c', '').length()"), "131072");
  expect_stopped({{"(" + text + ").lastIndexOf((" + part + ") & 'c')", std::string(too_many_steps)},
                  {"(" + text + ").select(" + many("iif($this.upper() = 'x', 1, ", 90) + "0" + many(")", 90) + ")",
                   std::string(too_many_steps)},
                  {"defineVariable('t', " + text + ").select(" + std::string(ten) + many(".select(" + std::string(ten) + ")", 2) +
                       ".where(%t = %t & '').count())",
                   std::string(too_many_steps)}},
                 {.steps_max = 100'000});
}

TEST(FhirPathRunaways, PatternsRunInLinearTimeOrNotAtAll) {
  EXPECT_EQ(answer("'" + std::string(40, 'a') + "!'.matches('^(a+)+$')"), "false");
  for (std::string_view pattern :
       {"((a{0,1000}){0,1000}){0,1000}", "(?=a)b", "(a)\\\\1", "a{1001}", "((((a{100}){10}){10}){10}){10}"})
    EXPECT_TRUE(answer("'a'.matches('" + std::string(pattern) + "')").starts_with("error: This is no regular expression"))
        << pattern << answer("'a'.matches('" + std::string(pattern) + "')");
  // A pattern computed for each item is charged by its size.
  expect_stopped({{std::string(ten) + many(".select(" + std::string(ten) + ")", 3) +
                       ".where('b'.matches('(a{0,500})' & toString())).count()",
                   std::string(too_many_steps)},
                  {"(" + long_text("ab", 16) + ").matches('(.*)(.*)(.*)(.*)[z]{3,200}')", std::string(too_many_steps)}},
                 {.steps_max = 100'000});
}

TEST(FhirPathRunaways, NumbersAndDatesAtTheirEndsAreEmpty) {
  for (std::string_view text : {"9999999999.power(9999999999)", "2.power(1000000)", "1000000.exp()", "@9999-12-31 + 1 day",
                                "@2020-01-01 + 99999999999999999999999999 years", "2147483647 + 1", "9223372036854775807L + 1L"})
    EXPECT_EQ(answer(text), "") << text;
  EXPECT_EQ(answer("'abc'.substring(1, 2147483647)"), "bc");
  EXPECT_FALSE(answer("0.1" + many(" * 0.123456789", 50)).starts_with("error: "));
}

}  // namespace
}  // namespace vardbron::fhirpath
