#include "tests/mapping/workshop.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

// Concern: arguments of transforms and calls: empty, too few, and wrong ones; combinations of list modes and clauses.
namespace vardbron::mapping {
namespace {

using testing::HasSubstr;
using testing::StartsWith;

constexpr std::string_view model_a =
    "A\n  one 0..1 string\n  many 0..* string\n  none 0..1 string\n  number 0..1 integer\n  code 0..1 code\n  coding 0..1 "
    "Coding\n"
    "  name 0..* HumanName\n  day 0..1 date";
constexpr std::string_view model_b =
    "B\n  one 0..1 string\n  many 0..* string\n  number 0..1 integer\n  flag 0..1 boolean\n  day 0..1 date\n"
    "  when 0..1 dateTime\n  time 0..1 time\n  code 0..1 code\n  system 0..1 uri\n  coding 0..* Coding\n"
    "  concept 0..1 CodeableConcept\n  quantity 0..1 Quantity\n  identifier 0..* Identifier\n  telecom 0..* ContactPoint\n"
    "  reference 0..1 Reference\n  name 0..* HumanName\n  resource 0..* Resource";

constexpr const char* before = R"(conceptmap "c" {
  prefix s = "http://s"
  prefix t = "http://t"
  s:a == t:x "An X"
  s:n --
  s:d != t:y
  s:w <= t:wide
  s:v >= t:narrow
  s:u ~ t:near
  s:two - t:p
  s:two - t:q
}
let k = 'constant';
let number = 7;
group g(source src : A, target tgt : B) {
)";

constexpr const char* behind = R"(
}
group h(source n, target t, source lit) { n.family as f -> t.many = append(lit, f); }
group values(source v, target t) { v as x -> t.many = x; }
)";

std::string answer(const std::string& rules, const std::string& source) {
  const std::string result = map_once(model_a, model_b, before + rules + behind, source);
  const std::string type = R"({"resourceType":"B")";
  if (!result.starts_with(type)) return result;
  const std::string rest = result.substr(type.size());
  return rest == "}" ? "" : rest.substr(1, rest.size() - 2);
}

const std::string source =
    R"({"one":"x","many":["a","b","c"],"number":3,"code":"a","name":[{"family":"Berg","given":["Ada"]},{"family":"Ek"}],"day":"2024-02-29"})";

struct Good {
  const char *name, *rules, *result;
};

class FmlArguments : public testing::TestWithParam<Good> {};

TEST_P(FmlArguments, GiveWhatTheGuideSays) { EXPECT_EQ(answer(GetParam().rules, source), GetParam().result) << GetParam().rules; }

const auto case_name = [](const auto& of) { return std::string(of.param.name); };

INSTANTIATE_TEST_SUITE_P(
    Transforms, FmlArguments,
    testing::Values(
        Good{"ContextThatIsAPath", "src -> tgt.many = evaluate(src.name, family);", R"("many":["Berg","Ek"])"},
        Good{"ContextThatIsAConstant", "src -> tgt.one = evaluate(k, $this & '!');", R"("one":"constant!")"},
        Good{"ContextThatIsALiteral", "src -> tgt.one = evaluate('a', $this & 'b');", R"("one":"ab")"},
        Good{"ContextThatIsAnExpression", "src -> tgt.one = evaluate(src.name.first(), given.first());", R"("one":"Ada")"},
        Good{"ContextWithPercentSign", "src.name first as n -> tgt.one = evaluate(%n, family);", R"("one":"Berg")"},
        Good{"LengthAsText", "src -> tgt.one = truncate(k, '3');", R"("one":"con")"},
        Good{"LengthFromTheSource", "src.number as n -> tgt.one = truncate(k, n);", R"("one":"con")"},
        Good{"LengthThatIsAConstant", "src -> tgt.one = truncate(k, number);", R"("one":"constan")"},
        Good{"CastOfAConstant", "src -> tgt.one = cast(number, 'string');", R"("one":"7")"},
        Good{"CastWithoutType", "src.number as n -> tgt.one = cast(n);", R"("one":"3")"},
        Good{"TranslateToEachPart",
             "src.code as c -> tgt.code = translate(c, '#c', 'code'), tgt.system = translate(c, '#c', 'system'), tgt.one = "
             "translate(c, '#c', 'display'), tgt.coding = translate(c, '#c', 'Coding'), tgt.concept = translate(c, '#c', "
             "'CodeableConcept');",
             R"("one":"An X","code":"x","system":"http://t","coding":[{"system":"http://t","code":"x","display":"An X"}],)"
             R"("concept":{"coding":[{"system":"http://t","code":"x","display":"An X"}]})"},
        Good{"TranslateOfALiteral", "src -> tgt.code = translate('w', '#c', 'code');", R"("code":"wide")"},
        Good{"TranslateToNarrowerAndNear", "src -> tgt.one = translate('v', '#c', 'code'), tgt.code = translate('u', '#c');",
             R"("one":"narrow","code":"near")"},
        Good{"TranslateWithoutEquivalent", "src -> tgt.one = translate('n', '#c', 'code'), tgt.code = translate('d', '#c');", ""},
        Good{"ReferenceToWhatWasMade", "src -> tgt.resource = create('Patient') as p, p.id = 'i', tgt.reference = reference(p);",
             R"("reference":{"reference":"Patient/i"},"resource":[{"resourceType":"Patient","id":"i"}])"},
        Good{"PointerToWhatWasMade", "src -> tgt.resource = create('Patient') as p, p.id = 'i', tgt.one = pointer(p);",
             R"("one":"urn:uuid:i","resource":[{"resourceType":"Patient","id":"i"}])"},
        Good{"QuantityWithoutSystem", "src.number as n -> tgt.quantity = qty(n, 'mg');", R"("quantity":{"value":3,"unit":"mg"})"},
        Good{"QuantityThatIsNegative", "src -> tgt.quantity = qty(-1.50, 'mg');", R"("quantity":{"value":-1.50,"unit":"mg"})"},
        Good{"ContactByItsNumber", "src -> tgt.telecom = cp('+46 8 123 456');",
             R"("telecom":[{"system":"phone","value":"+46 8 123 456"}])"},
        Good{"ContactByItsAddress", "src -> tgt.telecom = cp('https://example.org');",
             R"("telecom":[{"system":"url","value":"https://example.org"}])"},
        Good{"DateWithoutFormat", "src -> tgt.day = toDate('2024-06-03'), tgt.time = toTime('10:11:12');",
             R"("day":"2024-06-03","time":"10:11:12")"},
        Good{"DateTimeWithoutFormat", "src -> tgt.when = toDateTime('2024-06-03T10:00:00Z');",
             R"("when":"2024-06-03T10:00:00Z")"},
        Good{"UnixOfAConstant", "src -> tgt.when = unixToDateTime(number);", R"("when":"1970-01-01T00:00:07Z")"},
        Good{"DayMovedOverAYear", "src.day as d -> tgt.day = dateOp(d, '1 year');", R"("day":"2025-02-28")"}),
    case_name);

INSTANTIATE_TEST_SUITE_P(
    NothingFromNothing, FmlArguments,
    testing::Values(
        Good{"Copy", "src.coding as c -> tgt.coding = copy(c);", ""},
        Good{"Translate", "src -> tgt.code = translate(src.coding, '#c', 'code');", ""},
        Good{"Cast", "src -> tgt.number = cast((src.coding.code), 'integer');", ""},
        Good{"Escape", "src -> tgt.one = escape((src.coding.code), 'html');", ""},
        Good{"Dates",
             "src -> tgt.day = toDate((src.coding.code), 'yyyy'), tgt.when = toDateTime((src.coding.code)), tgt.time = "
             "unixToTime((src.coding.code));",
             ""},
        Good{"Quantity", "src -> tgt.quantity = qty((src.coding.code), 'mg');", ""},
        Good{"Contact", "src -> tgt.telecom = cp('phone', (src.coding.code));", ""},
        Good{"Identifier", "src -> tgt.identifier = id('http://s', (src.coding.code));", ""},
        Good{"Reference", "src -> tgt.reference = reference((src.coding));", ""},
        Good{"DateOp", "src -> tgt.day = dateOp((src.coding.code), '1 day');", ""}),
    case_name);

INSTANTIATE_TEST_SUITE_P(
    CallsAndSources, FmlArguments,
    testing::Values(
        Good{"LiteralArgument", "src.name as n then h(n, tgt, 'x');", R"("many":["xBerg","xEk"])"},
        Good{"ConstantArgument", "src.name first as n then h(n, tgt, k);", R"("many":["constantBerg"])"},
        Good{"VariablesWithPercentSigns", "src.name first as n then h(%n, %tgt, %k);", R"("many":["constantBerg"])"},
        Good{"ExpressionArgument", "src.name last as n then h(n, tgt, (n.family.length() + 1));", R"("many":["3Ek"])"},
        Good{"TargetAsASource", "src.one as o -> tgt.one = o then values((tgt.one), tgt);", R"("one":"x","many":["x"])"},
        Good{"ConditionsOfSeveralSources",
             "src.many as m where ($this != 'b'), src.name as n where (family = 'Ek') -> tgt.many = append(m, n.family);",
             R"("many":["aEk","cEk"])"},
        Good{"ConditionOnTheSourceBefore", "src.many as m, src.name as n where (m = 'a') -> tgt.many = append(m, n.family);",
             R"("many":["aBerg","aEk"])"},
        Good{"NotLast", "src.many not_last as m -> tgt.many = m;", R"("many":["a","b"])"},
        Good{"NotFirstOfWhatIsLeft", "src.many not_first as m where (m != 'b') -> tgt.many = m;", R"("many":["c"])"},
        Good{"OnlyOneOfWhatIsLeft", "src.many only_one as m where (m = 'b') -> tgt.many = m;", R"("many":["b"])"},
        Good{"CheckOfWhatIsLeft", "src.many as m where (m != 'b') check (m != 'b') -> tgt.many = m;", R"("many":["a","c"])"},
        Good{"DefaultOnce", "src.none default ('d') as m -> tgt.many = m; src.one default ('e') as o -> tgt.one = o;",
             R"("one":"x","many":["d"])"},
        Good{"ShareOfTwoRules",
             "src.one as o -> tgt.name as n share k, n.family = o; src.number as o -> tgt.name as n share k, n.text = o;",
             R"("name":[{"text":"3","family":"x"}])"},
        Good{"FirstAndLast",
             "src.one as o -> tgt.many = o; src.code as c -> tgt.many = 'l' last; src.day as d -> tgt.many = 'f' first; "
             "src.number as n -> tgt.many = n;",
             R"("many":["f","x","3","l"])"}),
    case_name);

class FmlWrongArguments : public testing::TestWithParam<Good> {};

TEST_P(FmlWrongArguments, AreRefused) {
  const std::string result = answer(GetParam().rules, source);
  EXPECT_THAT(result, StartsWith("!"));
  EXPECT_THAT(result, HasSubstr(GetParam().result)) << GetParam().rules;
}

INSTANTIATE_TEST_SUITE_P(
    WhenTheMapIsCompiled, FmlWrongArguments,
    testing::Values(
        Good{"TruncateOfAText", "src.one as o -> tgt.one = truncate(o, 'x');", "m.fml:20:39: the length of truncate"},
        Good{"TruncateBelowNothing", "src.one as o -> tgt.one = truncate(o, '-1');", "0 or more, not '-1'"},
        Good{"UnknownEscape", "src.one as o -> tgt.one = escape(o, 'htm', 'xml');", "m.fml:20:37: escape knows the formats"},
        Good{"UnknownEscapeTarget", "src.one as o -> tgt.one = escape(o, 'html', 'yaml');", "escape knows the formats"},
        Good{"TooFew", "src.one as o -> tgt.one = truncate(o);", "takes a text and a length, but is given 1 argument"},
        Good{"TooMany", "src -> tgt.one = uuid('x');", "takes nothing, but is given 1 argument"},
        Good{"UnknownTransform", "src.one as o -> tgt.one = trunkate(o, 1);", "did you mean 'truncate'?"},
        Good{"UnknownMap", "src.code as c -> tgt.code = translate(c, '#d');", "did you mean '#c'?"},
        Good{"UnknownOutput", "src.code as c -> tgt.code = translate(c, '#c', 'uri');", "expected 'code', 'system'"},
        Good{"CastToAComplexType", "src.one as o -> tgt.name = cast(o, 'HumanName');", "cast makes primitive types only"},
        Good{"CodingForAText", "src -> tgt.one = c('s', 'c');", "cannot hold a Coding"},
        Good{"UnknownVariable", "src.one as one1 -> tgt.one = append(one2);", "did you mean 'one1'?"},
        Good{"SourceForATarget", "src.name as n then h(n, n, 'x');", "needs a target variable"},
        Good{"TooFewForAGroup", "src.name as n then h(n, tgt);", "takes 3 arguments, but is given 2"},
        Good{"ListModeWhereNothingRepeats", "src.one as o -> tgt.one = o first;", "which does not repeat"}),
    case_name);

INSTANTIATE_TEST_SUITE_P(
    WhenItRuns, FmlWrongArguments,
    testing::Values(Good{"UnlistedCode", "src -> tgt.code = translate('zz', '#c');", "'zz' is not listed"},
                    Good{"TwoTargets", "src -> tgt.code = translate('two', '#c');", "has several targets"},
                    Good{"ElementForAText", "src.name as n -> tgt.many = append(n, 'x');", "a single value is needed"},
                    Good{"NoNumber", "src.one as o -> tgt.number = cast(o);", "integer"},
                    Good{"NoQuantity", "src.one as o -> tgt.quantity = qty(o, 'mg');", "the quantity's value is no number"},
                    Good{"NoDate", "src.one as o -> tgt.day = toDate(o);", "(g/1)"},
                    Good{"LengthOfTheSource", "src.one as o -> tgt.one = truncate(k, o);", "the length of truncate is no number"},
                    Good{"OnlyOne", "src.many only_one as m -> tgt.many = m;", "only_one"},
                    Good{"TooManyForTheElement", "src -> tgt.one = evaluate(src.many, $this);",
                         "3 values, but there is room for one"},
                    Good{"Check", "src.many as m where (m != 'a') check (m = 'b') -> tgt.many = m;", "does not hold"}),
    case_name);

}  // namespace
}  // namespace vardbron::mapping
