#include "gateway/base/random.h"
#include "tests/fhirpath/fixture.h"

#include <gtest/gtest.h>

// Concern: errors and their positions, and that every run ends.
namespace vardbron::fhirpath {
namespace {

using testing::answer;
using testing::Row;
using testing::Setting;

/// The position after the @ of an error; "" if there is none.
std::string place_of(const std::string& shown) {
  std::size_t at = shown.rfind('@');
  return shown.starts_with("error: ") && at != std::string::npos ? shown.substr(at + 1) : "";
}

TEST(FhirPathErrors, PointAtTheTokenThatIsWrong) {
  const Row rows[] = {
      {"", "1:1"},         {"1 +", "1:4"},   {"name.", "1:6"},    {"name[0", "1:7"},   {"(1", "1:3"},
      {"a.b(1,)", "1:7"},  {"1 2", "1:3"},   {"'abc", "1:1"},     {"a /* b", "1:3"},   {"name\n  .given(\n", "3:1"},
      {"%", "1:2"},        {"% sct", "1:3"}, {"@2015-13", "1:1"}, {"$that", "1:1"},    {"a; b", "1:2"},
      {"and true", "1:1"}, {"a is", "1:5"},  {"{1}", "1:2"},      {"@T14:30Z", "1:8"}, {"1.5L", "1:4"}};
  for (const Row& row : rows) {
    Result<void> read = check_syntax(row.expression);
    ASSERT_FALSE(read) << row.expression;
    EXPECT_EQ(read.failure().where, row.expected) << row.expression << ": " << read.failure().says;
  }
}

TEST(FhirPathErrors, CountFromWhereTheTextBegins) {
  Result<void> read = check_syntax("a +", {12, 30});
  ASSERT_FALSE(read);
  EXPECT_EQ(read.failure().where, "12:33");
}

TEST(FhirPathErrors, NameWhatIsNotKnownAndWhatIsClose) {
  EXPECT_EQ(answer("name.frist()"), "error: There is no function frist(). Did you mean first()? @1:6");
  EXPECT_EQ(answer("%nothing"), "error: There is no variable %nothing. @1:1");
  EXPECT_EQ(answer("gender as strng"), "error: There is no type strng. Did you mean 'string'? @1:8");
  EXPECT_EQ(answer("name.first(1)"), "error: first() takes no arguments, and has one argument. @1:6");
  EXPECT_EQ(answer("name.take()"), "error: take() takes one argument, and has no arguments. @1:6");
  EXPECT_EQ(answer("name.familly", {.strict = true}), "error: 'familly' is no element of HumanName. Did you mean 'family'? @1:6");
  EXPECT_EQ(place_of(answer("deceasedBoolean")), "1:1");
  EXPECT_EQ(place_of(answer("'x'.matches('(')")), "1:13");
}

TEST(FhirPathErrors, AreFoundBeforeRunningInStrictMode) {
  for (std::string_view text : {"Encounter.name",
                                "name.given1",
                                "(extension.value as Period).unit",
                                "name.startsWith('a')",
                                "children().first()",
                                "birthDate + 7",
                                "birthDate < 'x'",
                                "name > 1",
                                "iif('x', 1, 2)",
                                "name.where('x')",
                                "Patient.birthDate | Person.birthDay",
                                "(1 | 2).foo",
                                "name.elementDefinition().pat",
                                "%terminologies.expand('x').expansio",
                                "%terminologies.lookup('x').name",
                                "%factory.Coding('a', 'b').cod",
                                "Coding { code: 'x' }.cod",
                                "gender.upper().value",
                                "(3 'mg').code",
                                "name.where(Person.name | use)",
                                "telecom.rank.upper()",
                                "descendants()[0]"}) {
    EXPECT_TRUE(answer(text, {.strict = true}).starts_with("error: ")) << text;
  }
  for (std::string_view text :
       {"(3 'mg').unit & birthDate.value.toString()", "type().name", "name.elementDefinition().path",
        "%terminologies.expand('x').expansion.contains.code", "%terminologies.at('x').lookup('y').parameter.name",
        "%factory.withProperty(name.first(), 'family', 'x').family", "extension.value.ofType(System.Quantity).unit",
        "Patient.birthDate | Person.birthDate | (Observation.value as Quantity).unit",
        "Person.name | Patient.name.where(use = 'usual')", "name.given", "extension.value.ofType(Quantity).unit",
        "contained.name", "name.where(use = 'usual').given.first()", "telecom.rank > 1", "birthDate + 7 days", "resolve().name",
        "name.exists(family)"}) {
    EXPECT_FALSE(answer(text, {.strict = true}).find("is no element") != std::string::npos)
        << text << answer(text, {.strict = true});
  }
}

TEST(FhirPathErrors, TellThePathOfTheElementWhenRunning) {
  EXPECT_EQ(place_of(answer("name.given.single()")), "1:12 Patient.name[0].given[0]");
  EXPECT_EQ(place_of(answer("telecom.select(rank + value)")), "1:21 Patient.telecom[0].rank");
  for (std::string_view text :
       {"(1 | 2).toString()", "-'a'", "1 < 'a'", "'a' - 'b'", "(1 | 2) & 'b'", "-1.convertsToInteger()", "(1|2).not()",
        "name.as(HumanName)", "@2020-01-01 + 1 'mo'", "@2020-01-01 + 1 'cm'", "@T10:00 + 1 day", "(true | 'foo').allTrue()",
        "('a' | 'b').iif(true, 1)", "conformsTo('http://nowhere.example')",
        "conformsTo('http://hl7.org/fhir/StructureDefinition/Patient|9.9')", "1.0.log(-1)", "name.lowBoundary()",
        "'x'.matches('a', 'q')", "name['x']"}) {
    EXPECT_TRUE(answer(text).starts_with("error: ")) << text << " gave " << answer(text);
  }
}

TEST(FhirPathLimits, StopWhatRunsAway) {
  const Row rows[] = {{"'a'.repeatAll($this)", "error: This expression makes a collection"},
                      {"1.repeat($this + 1).count()", "error: This expression does not come to an end"},
                      {"'aaaaaaaaaaaaaaaa'.repeatAll($this + $this).count()", "error: This expression"}};
  for (const Row& row : rows)
    EXPECT_TRUE(answer(row.expression, {.steps_max = 3'000'000}).starts_with(row.expected))
        << answer(row.expression, {.steps_max = 3'000'000});
}

TEST(FhirPathLimits, RefuseWhatIsTooDeepOrTooLong) {
  std::string deep = std::string(300, '(') + "1" + std::string(300, ')');
  std::string chain = "1";
  for (int count = 0; count < 2000; ++count) chain += "+1";
  std::string path = "a";
  for (int count = 0; count < 2000; ++count) path += ".a";
  std::string signs = std::string(300, '-') + "1";

  for (const std::string& text : {deep, chain, path, signs}) EXPECT_FALSE(check_syntax(text)) << text.substr(0, 10);
  EXPECT_EQ(check_syntax(std::string(70'000, ' ')).failure().cause, Cause::TooLarge);

  std::string allowed = "1";
  for (int count = 0; count < 900; ++count) allowed += "+1";
  EXPECT_EQ(answer(allowed), "901");
}

/// Combines pieces of the language at random, whether they fit or not.
std::string random_expression(Random& random, int depth) {
  static constexpr std::string_view leaves[] = {"name",      "given",   "Patient",   "1",        "2.50",
                                                "'ab'",      "{}",      "true",      "@2020-02", "@T10:30",
                                                "4 days",    "3 'mg'",  "$this",     "$index",   "%resource",
                                                "birthDate", "telecom", "extension", "%weight",  "@2020-01-01T10:00:00+02:00",
                                                "value"};
  static constexpr std::string_view operators[] = {"+", "-",  "*", "/",  "div", "mod",      "&",   "|",  "=",   "!=",
                                                   "~", "!~", "<", ">=", "in",  "contains", "and", "or", "xor", "implies"};
  static constexpr std::string_view functions[] = {
      "where",     "select",      "exists",         "all",        "first",       "count",    "toString",  "toInteger",
      "substring", "matches",     "repeat",         "children",   "descendants", "ofType",   "is",        "as",
      "iif",       "skip",        "take",           "combine",    "union",       "sort",     "aggregate", "round",
      "power",     "lowBoundary", "highBoundary",   "toQuantity", "split",       "join",     "replace",   "extension",
      "resolve",   "trace",       "defineVariable", "type",       "comparable",  "distinct", "encode",    "duration",
      "sum",       "min",         "precision",      "coalesce",   "not"};
  if (depth == 0 || random.below(4) == 0) return std::string(leaves[random.below(std::size(leaves))]);
  switch (random.below(6)) {
    case 4: return "Extension { url: 'u', value: " + random_expression(random, depth - 1) + " }";
    case 0:
      return random_expression(random, depth - 1) + " " + std::string(operators[random.below(std::size(operators))]) + " " +
             random_expression(random, depth - 1);
    case 1: return "(" + random_expression(random, depth - 1) + ")";
    case 2: return random_expression(random, depth - 1) + "[" + random_expression(random, depth - 1) + "]";
    case 3: return random_expression(random, depth - 1) + " is " + (random.below(2) == 0 ? "Quantity" : "string");
    default: break;
  }
  std::string text =
      random_expression(random, depth - 1) + "." + std::string(functions[random.below(std::size(functions))]) + "(";
  for (std::uint64_t count = random.below(3); count > 0; --count)
    text += random_expression(random, depth - 1) + (count > 1 ? ", " : "");
  return text + ")";
}

TEST(FhirPathRandom, ExpressionsNeverBreakTheEngine) {
  int answered = 0;
  for (std::uint64_t seed = 0; seed < 2000; ++seed) {
    SeededRandom random(seed);
    std::string text = random_expression(random, 4);
    Setting setting{.strict = seed % 3 == 0, .typed = seed % 5 != 0, .steps_max = 20'000};
    answered += answer(text, setting).starts_with("error: ") ? 0 : 1;
  }
  EXPECT_GT(answered, 400);
}

TEST(FhirPathRandom, BytesNeverBreakTheParser) {
  constexpr std::string_view letters = "abn.()[]{}'`@$%0123-+*/<>=~!|&,\\\" \nTZL:é";
  for (std::uint64_t seed = 0; seed < 20'000; ++seed) {
    SeededRandom random(seed);
    std::string text;
    for (std::uint64_t count = random.below(24); count > 0; --count) text += letters[random.below(letters.size())];
    (void)check_syntax(text);
  }
}

}  // namespace
}  // namespace vardbron::fhirpath
