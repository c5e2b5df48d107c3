#include "tests/mapping/workshop.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace vardbron::mapping {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::StartsWith;

constexpr std::string_view model_a = R"(A
  one 0..1 string
  many 0..* string
  number 0..1 integer
  flag 0..1 boolean
  when 0..1 dateTime
  value[x] 0..1 string|integer|Quantity
  part 0..* BackboneElement
  part.name 0..1 string
  part.kind 0..1 code
  part.sub 0..* BackboneElement
  part.sub.name 0..1 string
  concept 0..1 CodeableConcept
  coding 0..1 Coding)";

constexpr std::string_view model_b = R"(B
  one 0..1 string
  many 0..* string
  number 0..1 integer
  flag 0..1 boolean
  when 0..1 dateTime
  day 0..1 date
  value[x] 0..1 string|integer|Quantity|dateTime|CodeableConcept
  part 0..* BackboneElement
  part.name 0..1 string
  part.kind 0..1 code
  single 0..1 BackboneElement
  single.name 0..1 string
  single.part 0..* BackboneElement
  single.part.name 0..1 string
  concept 0..1 CodeableConcept
  coding 0..1 Coding
  reference 0..1 Reference
  quantity 0..1 Quantity
  identifier 0..* Identifier
  telecom 0..* ContactPoint
  resource 0..* Resource)";

std::string run_rules(const std::string& rules, std::string source, const Environment& environment = {}) {
  return map_once(model_a, model_b, "group g(source src : A, target tgt : B) {\n" + rules + "\n}", std::move(source),
                  environment);
}

struct RuleCase {
  const char* rules;
  const char* source;
  const char* result;  ///< after {"resourceType":"B",
};

class FmlRule : public testing::TestWithParam<RuleCase> {};

TEST_P(FmlRule, GivesWhatItSays) {
  std::string wanted = std::string("{\"resourceType\":\"B\"") + (GetParam().result[0] != 0 ? "," : "") + GetParam().result + "}";
  EXPECT_EQ(run_rules(GetParam().rules, GetParam().source), wanted) << GetParam().rules;
}

INSTANTIATE_TEST_SUITE_P(
    Copies, FmlRule,
    testing::Values(
        RuleCase{"src.one as a -> tgt.one = a;", R"({"one":"x"})", R"("one":"x")"},
        RuleCase{"src.one as a -> tgt.one = a;", R"({"number":1})", ""},
        RuleCase{"src.one -> tgt.one;", R"({"one":"x"})", R"("one":"x")"},
        RuleCase{"src -> tgt: one, number, flag;", R"({"number":1,"flag":true,"one":"x"})",
                 R"("one":"x","number":1,"flag":true)"},
        RuleCase{"src.many as a -> tgt.many = a;", R"({"many":["x","y"]})", R"("many":["x","y"])"},
        RuleCase{"src.one as a -> tgt.many = a;", R"({"one":"x"})", R"("many":["x"])"},
        RuleCase{"src.one as a -> tgt.number = a;", R"({"one":"12"})", R"("number":12)"},
        RuleCase{"src.number as a -> tgt.one = a;", R"({"number":12})", R"("one":"12")"},
        RuleCase{"src.value : Quantity as q then { q.value as v -> tgt.number = v; };", R"({"valueQuantity":{"value":3.0}})",
                 R"("number":3)"},
        RuleCase{"src.when as w -> tgt.day = w;", R"({"when":"2026-01-31T10:00:00Z"})", R"("day":"2026-01-31")"},
        RuleCase{"src.value as a -> tgt.value = a;", R"({"valueInteger":12})", R"("valueInteger":12)"},
        RuleCase{"src.value -> tgt.value;", R"({"valueQuantity":{"value":1.10}})", R"("valueQuantity":{"value":1.10})"},
        RuleCase{"src.value : string as a -> tgt.one = a;", R"({"valueInteger":12})", ""},
        RuleCase{"src.value : integer as a -> tgt.number = a;", R"({"valueInteger":12})", R"("number":12)"},
        RuleCase{"src.concept as c -> tgt.concept = c;", R"({"concept":{"coding":[{"code":"x"}]}})",
                 R"("concept":{"coding":[{"code":"x"}]})"},
        RuleCase{"src.one as a -> tgt.one = a;", R"({"one":"x","_one":{"id":"i"}})", R"("one":"x","_one":{"id":"i"})"},
        RuleCase{"src.part as p -> tgt.part as q then { p.name -> q.name; };", R"({"part":[{"name":"x"},{"name":"y"}]})",
                 R"("part":[{"name":"x"},{"name":"y"}])"},
        RuleCase{"src.part.sub.name as n -> tgt.many = n;",
                 R"({"part":[{"sub":[{"name":"x"},{"name":"y"}]},{"sub":[{"name":"z"}]}]})", R"("many":["x","y","z"])"},
        RuleCase{"src.one as a -> tgt.single.name = a;", R"({"one":"x"})", R"("single":{"name":"x"})"},
        RuleCase{"src.many as a -> tgt.single.part.name = a;", R"({"many":["x","y"]})",
                 R"("single":{"part":[{"name":"x"},{"name":"y"}]})"}));

INSTANTIATE_TEST_SUITE_P(
    Sources, FmlRule,
    testing::Values(
        RuleCase{"src.many as a where (many.length() > 1) -> tgt.many = a;", R"({"many":["x","yy"]})", R"("many":["yy"])"},
        RuleCase{"src.many first as a -> tgt.many = a;", R"({"many":["x","y","z"]})", R"("many":["x"])"},
        RuleCase{"src.many last as a -> tgt.many = a;", R"({"many":["x","y","z"]})", R"("many":["z"])"},
        RuleCase{"src.many not_first as a -> tgt.many = a;", R"({"many":["x","y","z"]})", R"("many":["y","z"])"},
        RuleCase{"src.many not_last as a -> tgt.many = a;", R"({"many":["x","y","z"]})", R"("many":["x","y"])"},
        RuleCase{"src.many only_one as a -> tgt.many = a;", R"({"many":["x"]})", R"("many":["x"])"},
        RuleCase{"src.many first as a where (a != 'x') -> tgt.many = a;", R"({"many":["x","y","z"]})", R"("many":["y"])"},
        RuleCase{"src.one default ('d') as a -> tgt.one = a;", "{\"number\":1}", R"("one":"d")"},
        RuleCase{"src.many default (src.number) as a -> tgt.many = a;", "{\"number\":1}", R"("many":["1"])"},
        RuleCase{"src.many as a, src.part as p, p.name as n -> tgt.many = (a & n);",
                 R"({"many":["1","2"],"part":[{"name":"x"}]})", R"("many":["1x","2x"])"},
        RuleCase{"src.many as a, src.one as b -> tgt.many = a;", R"({"many":["1","2"]})", ""},
        // The standard's example: a source below another source of the rule takes the elements of all of them.
        RuleCase{"src.part as p, p.name as n -> tgt.many = n;", R"({"part":[{"name":"x"},{"name":"y"}]})",
                 R"("many":["x","y","x","y"])"},
        RuleCase{"src.part as p where (kind = 'k') -> tgt.many = (p.name);", R"({"part":[{"name":"x","kind":"k"},{"name":"y"}]})",
                 R"("many":["x"])"},
        RuleCase{"src where (src.number > 3) -> tgt.flag = true;", R"({"number":4})", R"("flag":true)"},
        RuleCase{"src where src.number > 3 -> tgt.flag = true;", R"({"number":3})", ""},
        RuleCase{"src.one as one where (%one = one) -> tgt.one = one;", R"({"one":"x"})", R"("one":"x")"}));

INSTANTIATE_TEST_SUITE_P(
    Targets, FmlRule,
    testing::Values(
        RuleCase{"src.many as a -> tgt.part as p first then { a -> p.name = a; }; src.one as o -> tgt.part as p then { o -> "
                 "p.name = o; };",
                 R"({"many":["x"],"one":"y"})", R"("part":[{"name":"x"},{"name":"y"}])"},
        RuleCase{"src.many as a -> tgt.many = a; src.one as o -> tgt.many = o first;", R"({"many":["x","y"],"one":"z"})",
                 R"("many":["z","x","y"])"},
        RuleCase{"src.one as o -> tgt.many = o last; src.many as a -> tgt.many = a;", R"({"many":["x","y"],"one":"z"})",
                 R"("many":["x","y","z"])"},
        RuleCase{"src.one as o -> tgt.part as p share s then { o -> p.name = o; }; src.one as o -> tgt.part as p share s then { "
                 "o -> p.kind = o; };",
                 R"({"one":"z"})", R"("part":[{"name":"z","kind":"z"}])"},
        RuleCase{"src.many as a -> tgt.part as p single then { a -> p.name = a; };", R"({"many":["x","y"]})",
                 R"("part":[{"name":"y"}])"},
        RuleCase{"src.one as o -> tgt.part as p collate, p.name = o; src.one as o -> tgt.part as p collate, p.kind = o;",
                 R"({"one":"z"})", R"("part":[{"name":"z","kind":"z"}])"},
        RuleCase{"src -> tgt.one = 'a' , tgt.one = 'b';", "{\"one\":\"x\"}", R"("one":"b")"},
        RuleCase{"src -> tgt.value = 'a'; src.number as n -> tgt.value = n;", R"({"number":5})", R"("valueInteger":5)"},
        RuleCase{"src -> tgt.flag = true; src -> tgt.one = 'a';", "{\"one\":\"x\"}", R"("one":"a","flag":true)"},
        RuleCase{"src -> create('Patient') as p, tgt.resource = p then { src -> p.gender = 'male'; };", "{\"one\":\"x\"}",
                 R"("resource":[{"resourceType":"Patient","gender":"male"}])"},
        RuleCase{"src -> tgt.resource = create('Patient') as p, p.active = true, p.id = '1', tgt.one = reference(p);",
                 "{\"one\":\"x\"}", R"("one":"Patient/1","resource":[{"resourceType":"Patient","id":"1","active":true}])"},
        RuleCase{"src -> tgt.resource = create('Patient') as p, p.id = '1', tgt.reference = reference(p);", "{\"one\":\"x\"}",
                 R"("reference":{"reference":"Patient/1"},"resource":[{"resourceType":"Patient","id":"1"}])"},
        RuleCase{"src -> tgt.resource = create('Patient') as p, p.id = '1', tgt.one = pointer(p);", "{\"one\":\"x\"}",
                 R"("one":"urn:uuid:1","resource":[{"resourceType":"Patient","id":"1"}])"}));

INSTANTIATE_TEST_SUITE_P(
    Transforms, FmlRule,
    testing::Values(
        RuleCase{"src.one as a -> tgt.one = copy(a);", R"({"one":"x"})", R"("one":"x")"},
        RuleCase{"src.one as a -> tgt.one = truncate(a, 2);", R"({"one":"åäö"})", R"("one":"åä")"},
        RuleCase{"src.one as a -> tgt.one = escape(a, 'html', 'json');", R"({"one":"&lt;a&#228;"})", R"("one":"<aä")"},
        RuleCase{"src.one as a -> tgt.one = escape(a, 'none', 'xml');", R"({"one":"<a>"})", R"("one":"&lt;a&gt;")"},
        RuleCase{"src.one as a -> tgt.value = cast(a, 'integer');", R"({"one":" +12 "})", R"("valueInteger":12)"},
        RuleCase{"src.one as a -> tgt.flag = cast(a);", R"({"one":"1"})", R"("flag":true)"},
        RuleCase{"src.one as a, src.number as n -> tgt.one = append(a, '-', n);", R"({"one":"x","number":3})", R"("one":"x-3")"},
        RuleCase{"src -> tgt.one = evaluate(src, one & 'y');", R"({"one":"x"})", R"("one":"xy")"},
        RuleCase{"src -> tgt.many = (src.many);", R"({"many":["x","y"]})", R"("many":["x","y"])"},
        RuleCase{"src -> tgt.value = (src.number + 1);", R"({"number":3})", R"("valueInteger":4)"},
        RuleCase{"src -> tgt.value = (src.when + 1 day);", R"({"when":"2026-01-31T10:00:00Z"})",
                 R"("valueDateTime":"2026-02-01T10:00:00Z")"},
        RuleCase{"src -> tgt.one = (src.one);", R"({"number":3})", ""},
        RuleCase{"src -> tgt.one = evaluate(src, 'one & \\'y\\'');", R"({"one":"x"})", R"("one":"xy")"},
        RuleCase{"src -> tgt.one = evaluate(one & 'y');", R"({"one":"x"})", R"("one":"xy")"},
        RuleCase{"src.part as p -> tgt.many = evaluate(p, name & kind);", R"({"part":[{"name":"x","kind":"k"}]})",
                 R"("many":["xk"])"},
        RuleCase{"src.part as p -> tgt.one = (%resource.one & %rootResource.one);", R"({"one":"x","part":[{"name":"y"}]})",
                 R"("one":"xx")"},
        RuleCase{"src.part as p, p.name as n -> tgt.one = (%resource.one), tgt.many = ($this.name);",
                 R"({"one":"x","part":[{"name":"y"}]})", R"("one":"x","many":["y"])"},
        RuleCase{"src.one as a -> tgt.one = append(a, 1, 2.50, true, '!');", R"({"one":"x"})", R"("one":"x12.50true!")"},
        RuleCase{"src.one as a -> tgt.one = truncate(a, 0);", R"({"one":"x"})", ""},
        RuleCase{"src.one as a -> tgt.one = truncate(a, 99);", R"({"one":"x"})", R"("one":"x")"},
        RuleCase{"src.one as a -> (a & '-') as u, tgt.one = u, tgt.many = append(u, u);", R"({"one":"x"})",
                 R"("one":"x-","many":["x-x-"])"},
        RuleCase{"src.one as a -> tgt.day = toDate(a, 'd MMMM yyyy');", R"({"one":"3 juni 2024"})", R"("day":"2024-06-03")"},
        RuleCase{"src.one as a -> tgt.when = toDateTime(a, \"yyyy-MM-dd'T'HH:mm z\");", R"({"one":"2024-06-03T10:00 CEST"})",
                 R"("when":"2024-06-03T10:00:00+02:00")"},
        RuleCase{"src.one as a -> tgt.value = toDateTime(a, 'yyyyMMdd');", R"({"one":"20240603"})",
                 R"("valueDateTime":"2024-06-03")"},
        RuleCase{"src.number as a -> tgt.day = unixToDate(a, '-05:00');", R"({"number":0})", R"("day":"1969-12-31")"},
        RuleCase{"src.number as a -> tgt.one = unixToTime(a, '+05:30');", R"({"number":0})", R"("one":"05:30:00")"},
        RuleCase{"src.one as a -> tgt.value = cast(a, 'FHIR.integer');", R"({"one":"3"})", R"("valueInteger":3)"},
        RuleCase{"src.one as a -> tgt.value = cc('http://s', a);", R"({"one":"x"})",
                 R"("valueCodeableConcept":{"coding":[{"system":"http://s","code":"x"}]})"},
        RuleCase{"src -> tgt.resource = create('http://hl7.org/fhir/StructureDefinition/Patient') as p, p.id = 'i';",
                 R"({"one":"x"})", R"("resource":[{"resourceType":"Patient","id":"i"}])"},
        RuleCase{
            "src -> tgt.resource = create('Bundle') as b, b.entry = create('Bundle.entry') as e, e.fullUrl = 'x:y', "
            "e.resource = create('Patient') as p, p.active = true;",
            R"({"one":"x"})",
            R"("resource":[{"resourceType":"Bundle","entry":[{"fullUrl":"x:y","resource":{"resourceType":"Patient","active":true}}]}])"},
        RuleCase{"src.one as a -> tgt.concept = cc(a);", R"({"one":"x"})", R"("concept":{"text":"x"})"},
        RuleCase{"src.one as a -> tgt.concept = cc('http://s', a, 'D');", R"({"one":"x"})",
                 R"("concept":{"coding":[{"system":"http://s","code":"x","display":"D"}]})"},
        RuleCase{"src.one as a -> tgt.coding = c('http://s', a);", R"({"one":"x"})",
                 R"("coding":{"system":"http://s","code":"x"})"},
        RuleCase{"src.number as a -> tgt.quantity = qty(a, 'mg', 'http://unitsofmeasure.org', 'mg');", R"({"number":5})",
                 R"("quantity":{"value":5,"unit":"mg","system":"http://unitsofmeasure.org","code":"mg"})"},
        RuleCase{"src.one as a -> tgt.quantity = qty(a);", R"({"one":"<5.50 mg"})",
                 R"("quantity":{"value":5.50,"comparator":"<","unit":"mg"})"},
        RuleCase{"src.one as a -> tgt.identifier = id('http://s', a);", R"({"one":"x"})",
                 R"("identifier":[{"system":"http://s","value":"x"}])"},
        RuleCase{
            "src.one as a -> tgt.identifier = id('http://s', a, 'MR');", R"({"one":"x"})",
            R"("identifier":[{"type":{"coding":[{"system":"http://terminology.hl7.org/CodeSystem/v2-0203","code":"MR"}]},"system":"http://s","value":"x"}])"},
        RuleCase{"src.one as a -> tgt.telecom = cp(a);", R"({"one":"a@b.example"})",
                 R"("telecom":[{"system":"email","value":"a@b.example"}])"},
        RuleCase{"src.one as a -> tgt.telecom = cp('phone', a);", R"({"one":"08-1"})",
                 R"("telecom":[{"system":"phone","value":"08-1"}])"},
        RuleCase{"src.one as a -> tgt.day = toDate(a, 'yyyyMMdd');", R"({"one":"20260131"})", R"("day":"2026-01-31")"},
        RuleCase{"src.one as a -> tgt.when = toDateTime(a, 'dd/MM/yyyy HH:mm Z');", R"({"one":"31/01/2026 09:05 +0100"})",
                 R"("when":"2026-01-31T09:05:00+01:00")"},
        RuleCase{"src.one as a -> tgt.one = toTime(a, 'hh:mm a');", R"({"one":"12:30 AM"})", R"("one":"00:30:00")"},
        RuleCase{"src.number as a -> tgt.when = unixToDateTime(a);", R"({"number":86400})", R"("when":"1970-01-02T00:00:00Z")"},
        RuleCase{"src.number as a -> tgt.when = unixToDateTime(a, '+02:00');", R"({"number":86400})",
                 R"("when":"1970-01-02T02:00:00+02:00")"},
        RuleCase{"src.one as a -> tgt.day = dateOp(a, '-5 days');", R"({"one":"2026-01-03"})", R"("day":"2025-12-29")"},
        RuleCase{"src.one as a -> tgt.coding = c('http://s', truncate(a, 1));", R"({"one":"xy"})",
                 R"("coding":{"system":"http://s","code":"x"})"}));

INSTANTIATE_TEST_SUITE_P(
    Empty, FmlRule,
    testing::Values(RuleCase{"src.one as a -> tgt.one = a;", R"({"one":""})", ""},
                    RuleCase{"src -> tgt.one = append('x', src.one);", R"({"number":1})", ""},
                    RuleCase{"src -> tgt.concept = cc('http://s', (src.one));", R"({"number":1})", ""},
                    RuleCase{"src -> tgt.one = truncate((src.one), 2);", R"({"number":1})", ""},
                    RuleCase{"src -> tgt.concept = cc('', ''), tgt.coding = c('', '', '');", R"({"number":1})", ""},
                    RuleCase{"src.one 1..1 default ('d') as a -> tgt.one = a;", R"({"number":1})", R"("one":"d")"},
                    RuleCase{"src.one as a -> tgt.one = (a.value);", R"({"one":"x"})", R"("one":"x")"},
                    RuleCase{"src.one.value as a -> tgt.one.value = a;", R"({"one":"x"})", R"("one":"x")"},
                    RuleCase{"src -> tgt.single as s;", R"({"one":"x"})", ""},
                    RuleCase{"src -> tgt.single as s, s.part as p;", R"({"one":"x"})", ""},
                    RuleCase{"src.part as p -> tgt.part as q then { p.name -> q.name; };",
                             R"({"part":[{"name":"x"},{"sub":[{"name":"y"}]}]})", R"("part":[{"name":"x"}])"},
                    RuleCase{"src -> tgt.value = create('Quantity') as q, tgt.value = create('string') as s, s = 'x';",
                             R"({"one":"x"})", R"("valueString":"x")"},
                    RuleCase{"src -> tgt.value = create('dateTime');", R"({"one":"x"})", ""},
                    RuleCase{"src.concept as c -> tgt.concept = c;", R"({"concept":{"coding":[{}]}})", ""},
                    RuleCase{"src.concept as c -> tgt.concept = c;", R"({"concept":{"coding":[{"period":{}},{"code":"x"}]}})",
                             R"("concept":{"coding":[{"code":"x"}]})"},
                    RuleCase{"src -> create('CodeableConcept') as c, tgt.concept = c, c.text = 'x';", R"({"one":"x"})",
                             R"("concept":{"text":"x"})"},
                    RuleCase{"src -> create('CodeableConcept') as c, tgt.concept = c;", R"({"one":"x"})", ""}));

struct ObjectForValue {
  const char *rules, *source, *says;  ///< "" = taken
};

class FmlObjectForValue : public testing::TestWithParam<ObjectForValue> {};

// FHIR R4 json.html#primitive: a primitive has an id and extensions only, besides its value.
TEST_P(FmlObjectForValue, IsRefusedWhereItHasOtherParts) {
  const std::string result = run_rules(GetParam().rules, GetParam().source);
  if (*GetParam().says == 0)
    EXPECT_NE(result[0], '!') << result;
  else
    EXPECT_THAT(result, testing::AllOf(testing::StartsWith("!"), HasSubstr(GetParam().says)));
}

INSTANTIATE_TEST_SUITE_P(
    Table, FmlObjectForValue,
    testing::Values(ObjectForValue{"src.one as a -> tgt.one = a;", R"({"one":{"id":"i"}})", ""},
                    ObjectForValue{"src.one as a -> tgt.one = a;", R"({"_one":{"extension":[{"url":"u"}]}})", ""},
                    ObjectForValue{"src.one as a -> tgt.one = a;", R"({"one":{"text":"x"}})",
                                   "a string is one value, but an object with 'text' stands in its place"},
                    ObjectForValue{"src.one -> tgt.one;", R"({"one":{"id":"i","text":"x"}})", "an object with 'text'"},
                    ObjectForValue{"src.many as m -> tgt.many = m;", R"({"many":["a",{"b":1}]})", "an object with 'b'"},
                    ObjectForValue{"src.concept as c -> tgt.concept = c;", R"({"concept":{"text":{"x":1}}})",
                                   "a string is one value"},
                    ObjectForValue{"src.concept as c -> tgt.concept = c;", R"({"concept":{"coding":[{"code":{"x":1}}]}})",
                                   "a code is one value"}));

TEST(FmlRun, WritesChildrenInTheOrderOfTheDefinition) {
  std::string result = map_once(
      model_a, model_b,
      "group g(source src : A, target tgt : B) {\n src -> tgt.resource = create('Patient') as p, p.birthDate = '2000-01-01', "
      "p.gender = 'male', p.active = true, p.id = 'x';\n}",
      "{\"one\":\"x\"}");
  EXPECT_THAT(result, HasSubstr(R"({"resourceType":"Patient","id":"x","active":true,"gender":"male","birthDate":"2000-01-01"})"));
}

TEST(FmlRun, CopiesDeeplySoThatLaterWritesDoNotReachTheSource) {
  std::string result =
      run_rules("src.concept as c -> tgt.concept = c as d, d.text = 'new', tgt.value = c;", R"({"concept":{"text":"old"}})");
  EXPECT_EQ(result, R"({"resourceType":"B","valueCodeableConcept":{"text":"old"},"concept":{"text":"new"}})");
}

TEST(FmlRun, GoesOnWritingWhereATransformHasWritten) {
  std::string result =
      run_rules("src.one as a -> tgt.coding = c('http://s', a) as k, k.code = 'new', k.version = '1';", R"({"one":"x"})");
  EXPECT_EQ(result, R"({"resourceType":"B","coding":{"system":"http://s","version":"1","code":"new"}})");
}

TEST(FmlRun, TakesBackboneElementForTheElementItself) {
  std::string result = map_once(model_a, model_b,
                                "group g(source src : A, target tgt : B) {\n src -> tgt.resource = create('Patient') as p, "
                                "p.contact = create('BackboneElement') as c, c.gender = 'male';\n}",
                                "{\"one\":\"x\"}");
  EXPECT_THAT(result, HasSubstr(R"({"resourceType":"Patient","contact":[{"gender":"male"}]})"));
}

TEST(FmlRun, RunsTheExtendedGroupFirst) {
  std::string rules = R"(
group g(source src : A, target tgt : B) extends base { src -> tgt.many = 'own'; }
group base(source src : A, target tgt : B) { src -> tgt.many = 'base'; })";
  EXPECT_EQ(map_once(model_a, model_b, rules, "{\"one\":\"x\"}"), R"({"resourceType":"B","many":["base","own"]})");
}

TEST(FmlRun, UsesTheDefaultGroupOfTwoTypes) {
  std::string rules = R"(
uses "http://hl7.org/fhir/StructureDefinition/Coding" alias Coding as source
group g(source src : A, target tgt : B) { src.coding -> tgt.concept; }
group codes(source c : Coding, target cc : CodeableConcept) <<types>> { c -> cc.text = 'by group'; })";
  EXPECT_EQ(map_once(model_a, model_b, rules, R"({"coding":{"code":"x"}})"),
            R"({"resourceType":"B","concept":{"text":"by group"}})");
}

TEST(FmlRun, LetsTypePlusChooseTheTargetType) {
  std::string rules = R"(
group g(source src : A, target tgt : B) { src.coding -> tgt.value; }
group codes(source c : Coding, target cc : CodeableConcept) <<type+>> { c.code as code -> cc.text = code; })";
  EXPECT_EQ(map_once(model_a, model_b, rules, R"({"coding":{"code":"x"}})"),
            R"({"resourceType":"B","valueCodeableConcept":{"text":"x"}})");
}

TEST(FmlRun, EvaluatesConstantsLazilyAndRefusesCircles) {
  std::string rules = R"(
let base = 'http://x/' & name;
let name = 'y';
group g(source src : A, target tgt : B) { src -> tgt.one = (base), tgt.many = name; })";
  EXPECT_EQ(map_once(model_a, model_b, rules, "{\"one\":\"x\"}"), R"({"resourceType":"B","one":"http://x/y","many":["y"]})");

  std::string circle = "let a = b; let b = a;\ngroup g(source src : A, target tgt : B) { src -> tgt.one = (a); }";
  EXPECT_THAT(map_once(model_a, model_b, circle, "{\"one\":\"x\"}"), HasSubstr("needs itself"));
}

TEST(FmlRun, LetsAVariableWinOverAnElementOfItsName) {
  // In a where the focus is the part, which has an element `name`; the variable `name` takes precedence.
  std::string result = run_rules("src.one as name then { src.part as p where (name = 'v') -> tgt.flag = true; };",
                                 R"({"one":"v","part":[{"name":"other"}]})");
  EXPECT_EQ(result, R"({"resourceType":"B","flag":true})");
}

struct FailCase {
  const char* rules;
  const char* source;
  const char* says;
  const char* where;
};

class FmlRunFailure : public testing::TestWithParam<FailCase> {};

TEST_P(FmlRunFailure, NamesTheRuleAndThePlaceInTheSource) {
  std::string result = run_rules(GetParam().rules, GetParam().source);
  EXPECT_THAT(result,
              AllOf(HasSubstr(std::string("!") + GetParam().where), HasSubstr("m.fml:6:1 (g/1)"), HasSubstr(GetParam().says)));
}

INSTANTIATE_TEST_SUITE_P(
    Table, FmlRunFailure,
    testing::Values(FailCase{"src.one as a check (a.length() < 3) -> tgt.one = a;", R"({"one":"long"})",
                             "the check (a.length() < 3) does not hold", "one (1:"},
                    FailCase{"src.many 2..3 as a -> tgt.many = a;", R"({"many":["x"]})", "1 of 'many', but 2..3", ""},
                    FailCase{"src.many only_one as a -> tgt.many = a;", R"({"many":["x","y"]})", "only_one", ""},
                    FailCase{"src.one as a -> tgt.number = a;", R"({"one":"abc"})", "the value is no integer", "one (1:"},
                    FailCase{"src.value : Quantity as q, q.value as v -> tgt.number = v;", R"({"valueQuantity":{"value":3.5}})",
                             "the value is no integer", "valueQuantity"},
                    FailCase{"src.one as a -> tgt.day = toDate(a, 'yyyyMMdd');", R"({"one":"20260231"})", "no such date", "one"},
                    FailCase{"src.one as a -> tgt.when = toDateTime(a, 'yyyyMMddHHmm');", R"({"one":"202602010900"})",
                             "without a zone", "one"},
                    FailCase{"src -> tgt.one = (src.many);", R"({"many":["x","y"]})", "2 values, but there is room for one", ""},
                    FailCase{"src -> tgt.one = reference(src);", R"({"one":"x"})", "no id", ""},
                    FailCase{"src.many as a -> tgt.many = a single;", R"({"many":["x","y"]})", "single item", "many"}));

struct EntryCase {
  const char *name, *groups, *result;
};

class FmlEntry : public testing::TestWithParam<EntryCase> {};

TEST_P(FmlEntry, WithSeveralTargetsGivesParameters) {
  std::string result = map_once(model_a, model_b, GetParam().groups, R"({"one":"x","many":["y"]})");
  EXPECT_THAT(result, HasSubstr(GetParam().result));
}

INSTANTIATE_TEST_SUITE_P(
    Table, FmlEntry,
    testing::Values(
        EntryCase{"Written", "group g(source src : A, target b : B, target p : Patient) { src.one as o -> b.one = o, p.id = o; }",
                  R"({"resourceType":"Parameters","parameter":[{"name":"b","resource":{"resourceType":"B","one":"x"}},)"
                  R"({"name":"p","resource":{"resourceType":"Patient","id":"x"}}]})"},
        EntryCase{"NothingWritten", "group g(target b : B, source src : A, target c : B) { src.number as n -> b.number = n; }",
                  R"({"resourceType":"Parameters","parameter":[{"name":"b","resource":{"resourceType":"B"}},)"
                  R"({"name":"c","resource":{"resourceType":"B"}}]})"},
        EntryCase{"ReferringToEachOther",
                  "group g(source src : A, target p : Patient, target o : Observation) {\n"
                  "src.one as i -> p.id = i, o.subject = reference(p); }",
                  R"("resource":{"resourceType":"Observation","subject":{"reference":"Patient/x"}})"},
        EntryCase{"WithoutAType", "group g(source src : A, target b : B, target c) { src.one as o -> b.one = o; }",
                  "each needs a type: 'c : ..'"}),
    [](const testing::TestParamInfo<EntryCase>& of) { return std::string(of.param.name); });

TEST(FmlRun, RefusesTwoRulesThatWantToBeFirst) {
  std::string result = run_rules("src.one as a -> tgt.many = a first;\nsrc.one as a -> tgt.many = a first;", R"({"one":"x"})");
  EXPECT_THAT(result, HasSubstr("two rules want to be first"));
}

TEST(FmlRun, StopsAGroupThatCallsItselfForEver) {
  std::string rules = "group g(source src : A, target tgt : B) { src -> tgt.one = 'x' then g(src, tgt); }";
  EXPECT_THAT(map_once(model_a, model_b, rules, "{\"one\":\"x\"}"), HasSubstr("map_depth_max"));
}

TEST(FmlRun, StopsSourcesThatMultiplyEvenWhereNothingFires) {
  std::string items = "\"x\"";
  for (int i = 0; i < 299; ++i) items += ",\"x\"";
  std::string result = run_rules("src.many as a, src.many as b, src.many as c, src.many : Patient as d -> tgt.one = 'x';",
                                 "{\"many\":[" + items + "]}");
  EXPECT_THAT(result, HasSubstr("is never a Patient"));

  result = run_rules("src.many as a, src.many as b, src.many first as c, src.many 0..* not_last as d -> tgt.one = 'x';",
                     "{\"many\":[" + items + "]}");
  EXPECT_THAT(result, HasSubstr("evaluation_steps_max"));
}

TEST(FmlRun, DerivesTheSameIdsFromTheSameIdentityOnly) {
  const char* rules = "src -> tgt.one = uuid(), tgt.many = uuid(), tgt.many = uuid();";
  Environment first{.identity = "sender|1"}, second{.identity = "sender|2"};
  std::string once = run_rules(rules, "{\"one\":\"x\"}", first);

  EXPECT_EQ(run_rules(rules, "{\"one\":\"x\"}", first), once);
  EXPECT_EQ(run_rules(std::string("\n\n  ") + rules, "{\"one\":\"x\"}", first), once) << "a re-format must not change ids";
  EXPECT_NE(run_rules(rules, "{\"one\":\"x\"}", second), once);
  std::size_t many = once.find("many") + 8;
  EXPECT_NE(once.substr(many, 36), once.substr(many + 39, 36));
}

class WinterTime : public CivilZone {
 public:
  int offset_minutes(std::int64_t) const override { return 60; }
};

TEST(FmlRun, GivesLocalTimesTheZoneOfThePlace) {
  WinterTime zone;
  Environment environment;
  environment.zone = &zone;
  const char* copy = "src.one as a -> tgt.when = a;";
  EXPECT_EQ(run_rules(copy, R"({"one":"2026-03-10T09:12"})", environment),
            R"({"resourceType":"B","when":"2026-03-10T09:12:00+01:00"})");
  EXPECT_EQ(run_rules(copy, R"({"one":"2026-03-10T09:12:00Z"})", environment),
            R"({"resourceType":"B","when":"2026-03-10T09:12:00Z"})");
  EXPECT_EQ(run_rules(copy, R"({"one":"2026-03-10"})", environment), R"({"resourceType":"B","when":"2026-03-10"})");
  EXPECT_EQ(run_rules("src.one as a -> tgt.when = toDateTime(a, 'yyyyMMddHHmm');", R"({"one":"202603100912"})", environment),
            R"({"resourceType":"B","when":"2026-03-10T09:12:00+01:00"})");
}

class Recorder : public Observer {
 public:
  void fired(RuleId, std::span<const tree::Item> sources) override { fired_count += sources.size(); }
  void rejected(RuleId, tree::Item) override { ++rejected_count; }
  void wrote(RuleId, tree::Item target, tree::Item) override { written += std::string(target.name_text()) + " "; }
  void logged(RuleId, std::string_view text) override { log += std::string(text) + " "; }
  std::size_t fired_count = 0, rejected_count = 0;
  std::string written, log;
};

TEST(FmlRun, TellsAnObserverWhatItDoes) {
  Recorder recorder;
  Environment environment;
  environment.observer = &recorder;
  run_rules("src.many as a where (a != 'x') log ('saw ' & a) -> tgt.many = a;", R"({"many":["x","y"]})", environment);
  EXPECT_EQ(recorder.fired_count, 1u);
  EXPECT_EQ(recorder.rejected_count, 1u);
  EXPECT_EQ(recorder.written, "many ");
  EXPECT_EQ(recorder.log, "saw y ");
}

}  // namespace
}  // namespace vardbron::mapping
