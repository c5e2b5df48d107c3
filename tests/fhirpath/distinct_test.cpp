#include "gateway/base/random.h"
#include "tests/fhirpath/fixture.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <string>
#include <vector>

// Concern: set functions find equal items by hash, with the same result as comparing all pairs.
namespace vardbron::fhirpath {
namespace {

using testing::answer;
using testing::Setting;

constexpr std::size_t many = 3000;

template <class Text>
std::string list_of(Text text) {
  std::string list;
  for (std::size_t number = 0; number < many; ++number) list += (number > 0 ? "," : "") + text(number);
  return list;
}

std::string quoted(std::size_t number) { return "\"n" + std::to_string(number) + "\""; }
std::string plain(std::size_t number) { return std::to_string(number); }
std::string moment(std::size_t number) {
  const std::string hours = std::to_string(100 + number / 60 % 24), minutes = std::to_string(100 + number % 60);
  const std::string day = std::to_string(101 + number / 1440);
  return "\"2026-03-" + day.substr(1) + "T" + hours.substr(1) + ":" + minutes.substr(1) + ":00+01:00\"";
}

void expect_few_steps(const tree::Document& document, const std::string& items, bool typed = true) {
  const Setting setting{.document = &document, .typed = typed, .steps_max = 60 * many};
  const std::string all = std::to_string(many);
  for (const std::string& expression :
       {"(" + items + " | " + items + ").count()", items + ".combine(" + items + ").distinct().count()",
        items + ".union(" + items + ").count()", items + ".intersect(" + items + ").count()"})
    EXPECT_EQ(answer(expression, setting), all) << expression;
  EXPECT_EQ(answer(items + ".exclude(" + items + ").count()", setting), "0");
  EXPECT_EQ(answer(items + ".isDistinct()", setting), "true");
  EXPECT_EQ(answer(items + ".subsetOf(" + items + ")", setting), "true");
  EXPECT_EQ(answer(items + ".supersetOf(" + items + ")", setting), "true");
}

TEST(FhirPathSets, ThousandsOfItemsTakeStepsByTheirNumberAndNotByItsSquare) {
  const tree::Document patient =
      testing::parse_json(R"({"resourceType": "Patient", "name": [{"given": [)" + list_of(quoted) + "]}]}");
  expect_few_steps(patient, "name.given");
  const tree::Document request =
      testing::parse_json(R"({"resourceType": "ServiceRequest", "occurrenceTiming": {"event": [)" + list_of(moment) + "]}}");
  expect_few_steps(request, "occurrence.event");
}

/// Distinct items of one length and more, whose texts are alike.
void expect_steps_by_number(const std::string& prefix, const std::string& suffix, std::size_t width) {
  std::string list;
  for (std::size_t number = 0; number < many; ++number) {
    std::string digits = std::to_string(number);
    if (digits.size() < width) digits.insert(0, width - digits.size(), '0');
    list += (number > 0 ? ",\"" : "\"") + prefix + digits + suffix + "\"";
  }
  const tree::Document patient = testing::parse_json(R"({"resourceType": "Patient", "name": [{"given": [)" + list + "]}]}");
  // A fingerprint that two items share costs a comparison, which is a step.
  const Setting setting{.document = &patient, .steps_max = 4 * many + many / 16 + 20};
  EXPECT_EQ(answer("name.given.distinct().count()", setting), std::to_string(many)) << prefix << width << suffix;
}

TEST(FhirPathSets, TellAlikeTextsOfEveryLengthApartWithoutComparingThem) {
  for (std::size_t width = 0; width < 20; ++width) {
    for (const std::string affix : {"", "a", "ab", "abcdefgh", "00000000", "åäö"}) {
      expect_steps_by_number(affix, "", width);
      expect_steps_by_number("", affix, width);
    }
  }
}

TEST(FhirPathSets, SoDoItemsOfNoKnownType) {
  const tree::Document texts = testing::parse_json(R"({"a": [)" + list_of(quoted) + "]}");
  expect_few_steps(texts, "a", false);
  const tree::Document numbers = testing::parse_json(R"({"a": [)" + list_of(plain) + "]}");
  expect_few_steps(numbers, "a", false);
}

TEST(FhirPathSets, OverARandomWalkGiveWhatComparingEachWithEachGives) {
  const tree::Document document = testing::parse_json(
      R"({"t": "1", "n": 1, "b": true, "d": "2014-01-01", "o": {"x": "1"}, "p": {"x": 1}, "q": {"x": "1"}, "y": "true"})");
  const Setting setting{.document = &document, .typed = false};
  const std::vector<std::string> pool = {"1",
                                         "1.0",
                                         "1.00",
                                         "(1 '1')",
                                         "'1'",
                                         "true",
                                         "'true'",
                                         "@2014",
                                         "@2014-01-01",
                                         "@2014-01-01T",
                                         "@2014-01-01T10:00:00Z",
                                         "@2014-01-01T11:00:00.000+01:00",
                                         "@2014-01-01T10+00:30",
                                         "@2014-01-01T10+00:00",
                                         "@2014-01-01T10:00:00",
                                         "@T10:00",
                                         "(1 'm')",
                                         "(100 'cm')",
                                         "(1 year)",
                                         "Coding { code: 'a' }",
                                         "Coding { code: 'a' }",
                                         "Coding { code: 'b' }",
                                         "t",
                                         "n",
                                         "b",
                                         "d",
                                         "o",
                                         "p",
                                         "q",
                                         "y"};
  std::map<std::pair<std::size_t, std::size_t>, bool> known;
  const auto are_equal = [&](std::size_t left, std::size_t right) {
    const auto [at, is_new] = known.try_emplace({left, right});
    if (is_new) at->second = answer(pool[left] + " = " + pool[right], setting) == "true";
    return at->second;
  };
  SeededRandom random(11);
  for (int round = 0; round < 100; ++round) {
    std::vector<std::size_t> distinct;
    std::string list = "{}", expected = "{}";
    for (std::size_t size = 1 + random.below(40); size > 0; --size) {
      const std::size_t item = random.below(pool.size());
      list += ".combine(%resource.select(" + pool[item] + "))";
      if (std::any_of(distinct.begin(), distinct.end(), [&](std::size_t before) { return are_equal(before, item); })) continue;
      distinct.push_back(item);
      expected += ".combine(%resource.select(" + pool[item] + "))";
    }
    EXPECT_EQ(answer(list + ".distinct()", setting), answer(expected, setting)) << list;
    EXPECT_EQ(answer("(" + list + " | {})", setting), answer(expected, setting)) << list;
  }
}

}  // namespace
}  // namespace vardbron::fhirpath
