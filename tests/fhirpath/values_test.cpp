#include "gateway/base/random.h"
#include "gateway/fhirpath/values/units.h"
#include "tests/fhirpath/fixture.h"

#include <gtest/gtest.h>

// Concern: numbers, dates and units by themselves, and values as returned to callers.
namespace vardbron::fhirpath {
namespace {

Decimal number(std::string_view text) { return *Decimal::parse(text); }

TEST(Decimal, KeepsTheDigitsThatWereWritten) {
  for (std::string_view text : {"0", "1.10", "-0.05", "12345678901234567890.123456789012345678", "0.000"})
    EXPECT_EQ(number(text).to_string(), text);
  EXPECT_EQ(number("1e3").to_string(), "1000");
  EXPECT_EQ(number("1.5e-3").to_string(), "0.0015");
  for (std::string_view text : {"", "+", ".5", "5.", "1e", "1e1000", "0x1", "1 ", "1234567890123456789012345678901234567890"})
    EXPECT_FALSE(Decimal::parse(text)) << text;
}

TEST(Decimal, CalculatesLikeWholeNumbersOverARandomWalk) {
  SeededRandom random(7);
  for (int round = 0; round < 20'000; ++round) {
    std::int64_t left = static_cast<std::int64_t>(random.below(2'000'001)) - 1'000'000;
    std::int64_t right = static_cast<std::int64_t>(random.below(2'000'001)) - 1'000'000;
    int scale = static_cast<int>(random.below(6));
    Decimal a(Decimal::Wide{left}, scale), b(Decimal::Wide{right}, scale);
    EXPECT_EQ(*a.plus(b), Decimal(Decimal::Wide{left + right}, scale));
    EXPECT_EQ(*a.times(b), Decimal(Decimal::Wide{left} * right, scale * 2));
    EXPECT_EQ(a <=> b, left <=> right);
    if (right == 0) continue;
    Decimal quotient = *a.divided_by(b);
    EXPECT_EQ(quotient.times(b)->rounded(12), a.rounded(12)) << left << "/" << right;
  }
}

TEST(Decimal, HasNoValueWhereDigitsDoNotFit) {
  Decimal large = number("99999999999999999999999999999999999999");
  EXPECT_FALSE(large.plus(large));
  EXPECT_FALSE(large.times(large));
  EXPECT_FALSE(large.divided_by(Decimal()));
  EXPECT_EQ(*large.divided_by(large), Decimal(std::int64_t{1}));
}

TEST(Moment, ReadsAndWritesTheSameText) {
  for (std::string_view text :
       {"2014", "2014-02", "2014-02-28", "2014-02-28T10", "2014-02-28T10:30", "2014-02-28T10:30:05",
        "2014-02-28T10:30:05.120+05:30", "0001-01-01", "9999-12-31T23:59:59.999-12:00", "2000-02-29T00:00:00Z"}) {
    std::optional<Moment> moment = Moment::parse(text, Moment::Form::DateTime, time::fhirpath_text);
    ASSERT_TRUE(moment) << text;
    EXPECT_EQ(moment->to_string(), text);
  }
  for (std::string_view text : {"", "14", "2014-13", "2014-02-30", "2014-2-3", "2014-02-28T25", "2014-02-28T10:60",
                                "2014-02-28T10:30:05+15:00", "2014-02-28x"}) {
    EXPECT_FALSE(Moment::parse(text, Moment::Form::DateTime, time::fhirpath_text)) << text;
  }
}

TEST(Moment, WalksTheCalendarForwardAndBack) {
  SeededRandom random(3);
  Moment start = *Moment::parse("2000-01-31", Moment::Form::Date, time::fhirpath_text);
  for (int round = 0; round < 2000; ++round) {
    Decimal days(static_cast<std::int64_t>(random.below(100'000)));
    Moment there = *plus(start, days, Moment::Step::Day);
    EXPECT_EQ(plus(there, days.negated(), Moment::Step::Day)->to_string(), "2000-01-31");
  }
}

TEST(Units, AreReadWithPrefixesExponentsAndAnnotations) {
  for (std::string_view code :
       {"mg",    "mmol/L",    "10*3/uL", "kg.m/s2",          "mm[Hg]",  "/min",   "{score}", "mg{total}", "(8.h)",   "[lb_av]",
        "U/L",   "ug/kg/min", "%",       "mL/min/{1.73_m2}", "[iU]/mL", "m[H2O]", "cm2",     "s-1",       "dB[SPL]", "kcal",
        "meq/L", "nmol/mol",  "1"}) {
    EXPECT_TRUE(find_unit(code)) << code;
  }
  for (std::string_view code : {"", "foo", "mmin", "k", "m//s", "m.", "(m", "[s]", "m{", "lbs", "10**3"})
    EXPECT_FALSE(find_unit(code)) << code;
}

TEST(Units, ConvertExactly) {
  struct Conversion {
    std::string_view value, from, to, result;
  };
  const Conversion rows[] = {{"1", "[in_i]", "cm", "2.54"},
                             {"1", "[lb_av]", "g", "453.59237"},
                             {"90", "min", "h", "1.5"},
                             {"1", "mmol/L", "umol/L", "1000"},
                             {"36", "km/h", "m/s", "10"},
                             {"1", "dL", "mL", "100"},
                             {"120", "mm[Hg]", "kPa", "15.99864"},
                             {"5", "mg/dL", "g/L", "0.05"},
                             {"1", "U", "umol/min", "1"},
                             {"2", "wk", "d", "14"},
                             {"1", "kcal", "kJ", "4.184"},
                             {"50", "%", "1", "0.5"}};
  for (const Conversion& row : rows) {
    std::optional<Decimal> changed = converted({number(row.value), row.from}, {Decimal(), row.to});
    ASSERT_TRUE(changed) << row.from;
    EXPECT_EQ(changed->to_string(), row.result) << row.from << " to " << row.to;
  }
}

TEST(FhirPathValues, AreTwentyFourBytes) { EXPECT_EQ(sizeof(Value), 24u); }

TEST(FhirPathValues, OutliveTheRunInTheirCollection) {
  Result<Program> program = compile("name.select(family & '!' | given.join('+'))", {.definitions = r4()});
  Collection kept;
  {
    Result<Collection> result = run(*program, element(tree::root(testing::a_patient()), r4()), {});
    ASSERT_TRUE(result);
    Collection moved = std::move(*result);
    kept = moved;
  }
  ASSERT_EQ(kept.size(), 4u);
  EXPECT_EQ(kept[0].text(), "Berg!");
  EXPECT_EQ(kept[1].text(), "Tolvan+Tage");
  EXPECT_EQ(kept[3].text(), "Tolle");
}

TEST(FhirPathValues, AreDescribedByTypeAndJson) {
  auto described = [](std::string_view text) {
    Result<Program> program = compile(text, {.definitions = r4()});
    Result<Collection> result = run(*program, element(tree::root(testing::a_patient()), r4()), {});
    Description description = describe((*result)[0], r4());
    return description.type + " " + description.json;
  };
  EXPECT_EQ(
      described("name[1]"),
      R"(HumanName {"use":"usual","given":[null,"Tolle"],"_given":[{"extension":[{"url":"http://example.org/a","valueString":"b"}]},null]})");
  EXPECT_EQ(described("gender"), "code \"male\"");
  EXPECT_EQ(described("1 + 1"), "integer 2");
  EXPECT_EQ(described("1.50"), "decimal 1.50");
  EXPECT_EQ(described("'a\"b'"), R"(string "a\"b")");
  EXPECT_EQ(described("@2020-01"), "date \"2020-01\"");
  EXPECT_EQ(described("3 'mg'"), R"(Quantity {"value":3,"unit":"mg"})");
  EXPECT_EQ(described("telecom[0].rank"), "positiveInt 2");
}

TEST(FhirPathUntyped, FollowsNamesOfTreesWithoutModel) {
  tree::Document order = testing::parse_json(
      R"({"valueQuantity":{"value":3},"rows":[{"code":"A","amount":"12"},{"code":"B","amount":"7"}],"day":"2025-01-02","n":1.50,
          "moment":"2025-01-02T10:30:00Z","hour":"11:30","large":3000000000,"larger":12345678901234567890})");
  testing::Setting plain{.document = &order, .typed = false};
  const testing::Row rows[] = {{"rows.code", "A, B"},
                               {"rows.where(code = 'B').amount", "7"},
                               {"rows.where(amount > 10).code", "A"},
                               {"valueQuantity.value", "3"},
                               {"day < @2025-02-01", "true"},
                               {"n", "1.50"},
                               {"rows.amount.toInteger()", "error"},
                               {"rows.select(amount.toInteger()).sum()", "19"},
                               {"rows[0].nothing", ""},
                               {"day + 1 day", "2025-01-03"},
                               {"moment - 1 hour", "2025-01-02T09:30:00Z"},
                               {"hour + 30 minutes", "12:00"},
                               {"rows[0].code + 1 day", "error"},
                               {"large + 1", "3000000001"},
                               {"large is Long", "true"},
                               {"larger + 1", "12345678901234567891"},
                               {"larger is Decimal", "true"},
                               {"n is Decimal", "true"},
                               {"children().count()", "9"},
                               {"descendants().count()", "14"}};
  for (const testing::Row& row : rows)
    EXPECT_TRUE(testing::answer(row.expression, plain).starts_with(row.expected))
        << row.expression << testing::answer(row.expression, plain);
}

class Recorder final : public Hooks {
 public:
  Result<std::optional<Value>> resolve(std::string_view reference) override {
    asked.emplace_back(reference);
    return std::optional<Value>(Value(true));
  }
  Result<std::optional<bool>> member_of(const Value&, std::string_view) override { return std::optional<bool>(false); }
  Result<std::optional<bool>> subsumes(const Value&, const Value&) override {
    return Failure{Cause::Busy, "No terminology here.", ""};
  }
  void trace(std::string_view name, std::span<const Value> values) override {
    traced += std::string(name) + std::to_string(values.size());
  }
  std::vector<std::string> asked;
  std::string traced;
};

TEST(FhirPathHooks, AnswerWhatTheTreeCannot) {
  Recorder hooks;
  testing::Setting setting{.hooks = &hooks};
  EXPECT_EQ(testing::answer("'Patient/2'.resolve()", setting), "true");
  EXPECT_EQ(hooks.asked, std::vector<std::string>{"Patient/2"});
  EXPECT_EQ(testing::answer("gender.memberOf('http://x')", setting), "false");
  EXPECT_EQ(testing::answer("name.trace('n', given).count()", setting), "2");
  EXPECT_EQ(hooks.traced, "n4");
  EXPECT_TRUE(testing::answer("gender.subsumes(gender)", setting).starts_with("error: No terminology"));
}

TEST(FhirPathHooks, ReferencesInABundleAreFoundByTheirEntry) {
  tree::Document bundle = testing::parse_json(R"({"resourceType":"Bundle","type":"collection","entry":[
    {"fullUrl":"http://x.example/Encounter/1","resource":{"resourceType":"Encounter","id":"1","status":"planned","subject":{"reference":"Patient/7"}}},
    {"fullUrl":"http://x.example/Patient/7","resource":{"resourceType":"Patient","id":"7","gender":"female"}}]})");
  EXPECT_EQ(testing::answer("entry.resource.ofType(Encounter).subject.resolve().gender", {.document = &bundle}), "female");
  EXPECT_EQ(testing::answer("entry.resource.status", {.document = &bundle}), "planned");
}

TEST(FhirPathBareNames, MeanTheVariableOnlyWhereAskedFor) {
  Value seven = Value::of(std::int64_t{7});
  std::span<const Value> given[] = {{&seven, 1}};
  for (bool bare : {false, true}) {
    Result<Program> program =
        compile("gender", {.definitions = r4(), .variables = {{"gender", 0}}, .bare_names_may_be_variables = bare});
    Result<Collection> result = run(*program, element(tree::root(testing::a_patient()), r4()), {.variables = given});
    EXPECT_EQ(*to_string((*result)[0], r4()), bare ? "7" : "male");
  }
}

TEST(FhirPathEquality, OfManyItemsIsFoundByTheirHash) {
  std::string list = "(1";
  for (int count = 2; count <= 40; ++count) list += " | " + std::to_string(count);
  list += ")";
  EXPECT_EQ(testing::answer("(" + list + " | " + list + " | 1.0 | '1').count()"), "41");
  EXPECT_EQ(testing::answer("(descendants() | descendants()).count() <= descendants().count()"), "true");
}

}  // namespace
}  // namespace vardbron::fhirpath
