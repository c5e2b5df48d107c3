#include "gateway/fhir/definitions.h"
#include "gateway/formats/json/write.h"
#include "gateway/mapping/syntax/parse.h"
#include "gateway/mapping/syntax/print.h"
#include "gateway/mapping/syntax/structure_map.h"
#include "tests/mapping/workshop.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

// Concern: every form that R4's, R5's or the guide's grammar allows is parsed, is equivalent to its plain form, and is printed to
// an equivalent text.
namespace vardbron::mapping {
namespace {

using testing::HasSubstr;

syntax::Map parsed(const std::string& text) {
  Result<syntax::Map> map = parse("test.fml", text);
  EXPECT_TRUE(map.ok()) << (map.ok() ? "" : map.failure().where + " " + map.failure().says) << "\n" << text;
  return map.ok() ? std::move(*map) : syntax::Map{};
}

struct Form {
  std::string name, text, plain;
};

class FmlForm : public testing::TestWithParam<Form> {};

TEST_P(FmlForm, MeansWhatThePlainOneMeansAndIsPrintedWhole) {
  const syntax::Map map = parsed(GetParam().text);
  const syntax::Map plain = parsed(GetParam().plain);

  EXPECT_TRUE(same(map, plain)) << print(map) << "-- and --\n" << print(plain);
  const std::string once = print(map);
  EXPECT_TRUE(same(map, parsed(once))) << once;
  EXPECT_EQ(print(parsed(once)), once);
}

const auto form_name = [](const auto& of) { return of.param.name; };

Form rule_form(std::string name, const std::string& text, const std::string& plain) {
  const std::string head = "group g(source s : A, target t : B) {\n", tail = "\n}\n";
  return {std::move(name), head + text + tail, head + plain + tail};
}

INSTANTIATE_TEST_SUITE_P(
    Targets, FmlForm,
    testing::Values(rule_form("VariableWithPercentSign", "s.a as v -> t.b = %v;", "s.a as v -> t.b = (%v);"),
                    rule_form("ConstantWithMembers", "s -> t.b = %k.part[0].given.first() as w;",
                              "s -> t.b = (%k.part[0].given.first()) as w;"),
                    rule_form("VariableInBackticks", "s.a as v -> t.b = %`v w` share x;", "s.a as v -> t.b = (%`v w`) share x;"),
                    rule_form("VariableInQuotes", "s -> t.b = %'vs-x', t.c = 1;", "s -> t.b = (%'vs-x'), t.c = 1;"),
                    rule_form("QuantityWithUnit", "s -> t.b = 5 'mg';", "s -> t.b = (5 'mg');"),
                    rule_form("QuantityWithUnitAndName", "s -> t.b = 1.5 'mg' \"n\";", "s -> t.b = (1.5 'mg') \"n\";"),
                    rule_form("QuantityOfTime", "s -> t.b = 4 days, t.c = 1 year;", "s -> t.b = (4 days), t.c = (1 year);"),
                    rule_form("NothingAtAll", "s -> t.b = {}, t.c = { };", "s -> t.b = ({}), t.c = ({});"),
                    rule_form("LongNumber", "s -> t.b = 5L;", "s -> t.b = 5;"),
                    rule_form("DecimalWithoutItsZero", "s -> t.b = .5, t.c = qty(.25, 'mg');",
                              "s -> t.b = 0.5, t.c = qty(0.25, 'mg');"),
                    rule_form("NegativeNumber", "s -> t.b = -.5;", "s -> t.b = -0.5;"),
                    rule_form("TransformInBackticks", "s.a as v -> t.b = `append`(v, 'x');", "s.a as v -> t.b = append(v, 'x');"),
                    rule_form("CollateIsSingle", "s.a as v -> t.b = v collate;", "s.a as v -> t.b = v single;"),
                    rule_form("ListModeBeforeTheVariable", "s.a as v -> t.b = v first as w;", "s.a as v -> t.b = v as w first;"),
                    rule_form("ChoiceElement", "s.value[x] as v -> t.value[x] = v;", "s.value as v -> t.value = v;")),
    form_name);

INSTANTIATE_TEST_SUITE_P(
    Names, FmlForm,
    testing::Values(
        rule_form("RuleNameThatIsAWord", "s.a as v -> t.b = v copyB;", "s.a as v -> t.b = v \"copyB\";"),
        rule_form("RuleNameOfAnIdentity", "s.a -> t.b copyB;", "s.a -> t.b \"copyB\";"),
        rule_form("RuleNameBehindACall", "s.a as v then h(v, t) copyB;", "s.a as v then h(v, t) \"copyB\";"),
        rule_form("RuleNameBehindABlock", "s.a as v then { v.c -> t.c; } copyB;", "s.a as v then { v.c -> t.c; } \"copyB\";"),
        rule_form("RuleNameBehindAClause", "s.a as v where (v = 1) copyB;", "s.a as v where (v = 1) \"copyB\";"),
        rule_form("RuleNameOfABatch", "s -> t: a, b both;", "s -> t: a, b \"both\";"),
        rule_form("RuleNameInBackticks", "s.a -> t.b `the rule`;", "s.a -> t.b \"the rule\";"),
        rule_form("ListModeIsNoRuleName", "s.a as v -> t.b = v first;", "s.a as v -> t.b = v first;"),
        rule_form("GroupInQuotes", "s.a as v then \"h\"(v, t), 'i'(v, t);", "s.a as v then h(v, t), i(v, t);"),
        Form{"GroupsInQuotes", "group \"g\"(source s, target t) extends 'h' { }\ngroup `h i`(source s, target t) { }",
             "group g(source s, target t) extends h { }\ngroup 'h i'(source s, target t) { }"},
        Form{"GroupThatIsOnlyExtended", "group h() { s.a -> t.a; }\ngroup g(source s, target t) extends h { }",
             "group h( ) { s.a -> t.a; }\ngroup g(source s, target t) extends h { }"},
        Form{"HeaderWithQuotedName", "map `http://x/m` = `M`\ngroup g(source s, target t) { }",
             "map \"http://x/m\" = M\ngroup g(source s, target t) { }"},
        Form{"UsesInQuotesOfAllKinds",
             "uses `http://x/A` alias \"A\" as source\nuses 'http://x/B' alias 'B C' as target\nimports `http://x/*`;\n"
             "group g(source s : A, target t : `B C`) { }",
             "uses \"http://x/A\" alias A as source;\nuses \"http://x/B\" alias `B C` as target;\nimports \"http://x/*\"\n"
             "group g(source s : A, target t : 'B C') { }"}),
    form_name);

INSTANTIATE_TEST_SUITE_P(
    Sources, FmlForm,
    testing::Values(
        rule_form("NegativeDefault", "s.a default -5 as v -> t.a = v;", "s.a default (-5) as v -> t.a = v;"),
        rule_form("DefaultInDoubleQuotes", "s.a default \"it's\" as v -> t.a = v;", "s.a default ('it\\'s') as v -> t.a = v;"),
        rule_form("ClausesBeforeTheVariable", "s.a where (x) check (y) first as v -> t.a = v;",
                  "s.a first as v where (x) check (y) -> t.a = v;"),
        rule_form("ConditionWithoutParentheses", "s.a where $this = 'x' or $this = 'y' -> t.a = 1;",
                  "s.a where ($this = 'x' or $this = 'y') -> t.a = 1;"),
        rule_form("DoubleQuotesBehindAWord", "s.a as v where x = \"a\" or \"b\" = y \"n\";",
                  "s.a as v where (x = 'a' or 'b' = y) \"n\";"),
        rule_form("PartsOfAConditionInParentheses", "s.a as v where (x = 1) and y.exists() then h(v, t);",
                  "s.a as v where ((x = 1) and y.exists()) then h(v, t);"),
        rule_form("KeywordsAsElements", "s.as as first, s.where as last, s.imports as i -> t.div = first, t.is = last;",
                  "s.`as` as `first`, s.`where` as `last`, s.imports as i -> t.`div` = `first`, t.`is` = `last`;")),
    form_name);

Form codes_form(std::string name, const std::string& text, const std::string& plain) {
  const std::string head = "conceptmap \"c\" {\nprefix s = \"http://s\"\nprefix t = \"http://t\"\n";
  const std::string tail = "\n}\ngroup g(source a, target b) { }";
  return {std::move(name), head + text + tail, head + plain + tail};
}

INSTANTIATE_TEST_SUITE_P(
    Codes, FmlForm,
    testing::Values(
        codes_form("Displays", "s:a \"An A\" == t:b 'A B'\ns:c - t:d", "s:'a' 'An A' == t:'b' \"A B\"\ns:c - t:d"),
        codes_form("DisplayBehindACodeInQuotes", "s:\"a\" \"An A\" - t:\"b\"", "s:a 'An A' - t:b"),
        codes_form("CodesThatBeginWithDigits", "s:1a - t:2.5\ns:2a-3b.4 == t:12", "s:'1a' - t:'2.5'\ns:'2a-3b.4' == t:'12'"),
        codes_form("NoEquivalent", "s:a --\ns:b --\ns:c - t:d\ns:e \"E\" --", "s:a !=\ns:b !=\ns:c - t:d\ns:e \"E\" !="),
        codes_form("NoEquivalentAndATarget", "s:a -- t:b\ns:c -- t:d \"D\"\ns:e --", "s:a != t:b\ns:c != t:d \"D\"\ns:e --"),
        codes_form("NoEquivalentBeforeAPrefix", "s:a --\nprefix u = 'http://u'\nunmapped for s = provided",
                   "unmapped for s = provided\nprefix u = 'http://u'\ns:a --"),
        codes_form("PrefixesCalledLikeKeywords",
                   "prefix prefix = 'http://p'\nprefix:a - t:b\nprefix:c --\nunmapped for s = error",
                   "prefix prefix = 'http://p'\nunmapped for s = error\nprefix:a - t:b\nprefix:c --")),
    form_name);

constexpr const char* group_of_nothing = "\ngroup g(source s, target t) { }";

Form text_form(std::string name, const std::string& text, const std::string& plain) {
  return {std::move(name), text + group_of_nothing, plain + group_of_nothing};
}

INSTANTIATE_TEST_SUITE_P(
    Metadata, FmlForm,
    testing::Values(
        text_form("LongTextInSingleQuotes", "/// url = 'u'\n/// description = '''\nOne\n  \"two\"\n'''\n/// status = draft",
                  "/// url = 'u'\n/// description = 'One\\n  \"two\"'\n/// status = 'draft'"),
        text_form("LongTextInOneLine", "/// description = \"\"\"One\"\"\"\n/// url = 'u'",
                  "/// description = 'One'\n/// url = 'u'"),
        text_form("TextOfSeveralLines", "/// description = 'One\ntwo'\n/// url = 'u'",
                  "/// description = 'One\\ntwo'\n/// url = 'u'"),
        text_form("CommentBehindALiteral", "/// experimental = true // for now\n/// url = 'u' // where",
                  "/// experimental = true\n/// url = 'u'"),
        text_form("UrlWithoutQuotes", "/// url = http://x//y", "/// url = 'http://x//y'"),
        text_form("DateAsFhirpathHasIt", "/// date = @2024-05-01", "/// date = '2024-05-01'"),
        text_form("NothingAtAll", "/// title = {}\n/// jurisdiction =", "/// title = ''\n/// jurisdiction = ''"),
        text_form("NumberAndBackticks", "/// version = 1.0.0\n/// name = `M`", "/// version = '1.0.0'\n/// name = 'M'"),
        text_form("HeaderAndLines", "/// url = 'u'\n/// name = 'N'\n\nmap 'u' = N",
                  "/// url = 'u'\n/// name = 'N'\n/// url = 'u'\n/// name = 'N'")),
    form_name);

INSTANTIATE_TEST_SUITE_P(Blanks, FmlForm,
                         testing::Values(rule_form("NoBreakSpaces",
                                                   "s.a\xC2\xA0"
                                                   "as\xE2\x80\xAF"
                                                   "v where\xE3\x80\x80(v\xC2\xA0= 'x\xC2\xA0y')\xE2\x80\xA8->\xC2\x85t.b = v;",
                                                   "s.a as v where (v = 'x\xC2\xA0y') -> t.b = v;"),
                                         rule_form("LinesThatEndInACarriageReturn", "s.a -> t.a; // one\r  s.b -> t.b;\r\n",
                                                   "s.a -> t.a;\ns.b -> t.b;"),
                                         rule_form("CommentThatEndsInAnEndOfLineOfUnicode",
                                                   "// one\xE2\x80\xA9s.a -> t.a; // two\xC2\x85s.b -> t.b;",
                                                   "s.a -> t.a;\ns.b -> t.b;"),
                                         text_form("MetadataWithCarriageReturns", "/// url = 'u'\r\n/// experimental = true\r\n",
                                                   "/// url = 'u'\n/// experimental = true\n")),
                         form_name);

struct Odd {
  const char* text;
  const char* where;
  const char* says;
};

class OddFml : public testing::TestWithParam<Odd> {};

TEST_P(OddFml, IsRefusedWithPlaceAndExpectation) {
  Result<syntax::Map> map = parse("m.fml", GetParam().text);
  ASSERT_FALSE(map.ok());
  EXPECT_EQ(map.failure().where, GetParam().where);
  EXPECT_THAT(map.failure().says, HasSubstr(GetParam().says));
}

INSTANTIATE_TEST_SUITE_P(
    Table, OddFml,
    testing::Values(Odd{"group g(source a, target b) {\n  a.x as v -> b.y = v name\n}", "m.fml:2:23", "expected ';'"},
                    Odd{"group g(source a, target b) {\n  a.x as v -> b.y = v\n  a.z -> b.z;\n}", "m.fml:3:3", "expected ';'"},
                    Odd{"group g(source a, target b) {\n  a -> b.y = {x};\n}", "m.fml:2:14", "expected a transform"},
                    Odd{"group g(source a, target b) {\n  a -> b.y = - v;\n}", "m.fml:2:16", "expected a number"},
                    Odd{"conceptmap 'c' {\n  prefix s = 'x'\n  s:a ==\n}", "m.fml:4:1", "expected a prefix"},
                    Odd{"conceptmap 'c' {\n  s:a 'A' 'B' - t:b\n}", "m.fml:2:11", "between the codes"},
                    Odd{"group g(source a, target b) {\n  a -> b.y as m first share k;\n}", "m.fml:2:23",
                        "a target has one list mode"},
                    Odd{"uses http as source", "m.fml:1:6", "the model's url in quotes"}));

TEST(FmlForms, WithoutParametersAGroupIsThereToBeExtended) {
  Workshop workshop;
  workshop.model("A\n  one 0..1 string").model("B\n  one 0..1 string");
  workshop.map("m.fml",
               "/// url = 'http://test/m'\n/// name = 'm'\nuses \"http://test/A\" alias A as source\n"
               "uses \"http://test/B\" alias B as target\n"
               "group every() { source.one as v -> target.one = (v & '!'); }\n"
               "group g(source source : A, target target : B) extends every { }\n");

  EXPECT_EQ(workshop.build(), "");
  EXPECT_EQ(workshop.run("m", {R"({"resourceType":"A","one":"x"})"}), R"({"resourceType":"B","one":"x!"})");
}

TEST(FmlForms, SayWhenNoGroupHasParameters) {
  Workshop workshop;
  workshop.map("m.fml", "/// url = 'http://test/m'\n/// name = 'm'\ngroup g() { s.a -> t.a; }\n");

  EXPECT_THAT(workshop.build(), HasSubstr("there is no variable 's' here"));
}

struct Value {
  const char *rules, *result;
};

class FmlValue : public testing::TestWithParam<Value> {};

TEST_P(FmlValue, IsWritten) {
  const std::string result = map_once(
      "A\n  one 0..1 string\n  number 0..1 integer", "B\n  one 0..1 string\n  number 0..1 decimal\n  quantity 0..1 Quantity",
      std::string("let k = 'constant';\nlet n = 7;\ngroup g(source src : A, target tgt : B) {\n") + GetParam().rules + "\n}",
      R"({"resourceType":"A","one":"x","number":3})");
  EXPECT_EQ(result, std::string(R"({"resourceType":"B")") + GetParam().result + "}");
}

INSTANTIATE_TEST_SUITE_P(
    Terms, FmlValue,
    testing::Values(Value{"src -> tgt.one = %k;", R"(,"one":"constant")"}, Value{"src -> tgt.number = %n;", R"(,"number":7)"},
                    Value{"src.one as v -> tgt.one = %v;", R"(,"one":"x")"},
                    Value{"src -> tgt.one = %src.one.upper();", R"(,"one":"X")"},
                    Value{"src.one as v -> tgt.one = append(%v, %k);", R"(,"one":"xconstant")"},
                    Value{"src -> tgt.one = {};", ""}, Value{"src -> tgt.one = append('a', {});", ""},
                    Value{"src -> tgt.number = 5L;", R"(,"number":5)"}, Value{"src -> tgt.number = .5;", R"(,"number":0.5)"},
                    Value{"src -> tgt.quantity = 5 'mg';",
                          R"(,"quantity":{"value":5,"unit":"mg","system":"http://unitsofmeasure.org","code":"mg"})"}));

}  // namespace
}  // namespace vardbron::mapping
