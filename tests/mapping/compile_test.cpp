#include "tests/mapping/workshop.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace vardbron::mapping {
namespace {

using testing::HasSubstr;

constexpr std::string_view model_a =
    "A\n name 0..1 string\n part 0..* BackboneElement\n part.code 0..1 code\n value[x] 0..1 string|integer";
constexpr std::string_view model_b =
    "B\n name 0..1 string\n flag 0..1 boolean\n concept 0..1 CodeableConcept\n value[x] 0..1 string|integer\n resource 0..* "
    "Resource\n"
    " part 0..* BackboneElement\n part.code 0..1 code";

struct WrongMap {
  const char* rules;  ///< at line 6, column 1
  const char* where;
  const char* says;
};

class FmlCheck : public testing::TestWithParam<WrongMap> {};

TEST_P(FmlCheck, RefusesWhatTheModelsRuleOut) {
  std::string result =
      map_once(model_a, model_b, std::string("group g(source src : A, target tgt : B) {\n") + GetParam().rules + "\n}",
               "{\"name\":\"x\"}");
  EXPECT_THAT(result, HasSubstr(std::string("!") + GetParam().where + ": "));
  EXPECT_THAT(result, HasSubstr(GetParam().says));
}

INSTANTIATE_TEST_SUITE_P(
    Table, FmlCheck,
    testing::Values(
        WrongMap{"src.nmae as n -> tgt.name = n;", "m.fml:6:5", "A has no element 'nmae'; did you mean 'name'?"},
        WrongMap{"src.name as n -> tgt.naem = n;", "m.fml:6:22", "B has no element 'naem'; did you mean 'name'?"},
        WrongMap{"src.name as n -> tgt.name = m;", "m.fml:6:29", "there is no variable 'm' here"},
        WrongMap{"scr.name as n -> tgt.name = n;", "m.fml:6:1", "did you mean 'src'?"},
        WrongMap{"src.name as n -> tgt.name = truncte(n, 2);", "m.fml:6:29", "did you mean 'truncate'?"},
        WrongMap{"src.name as n -> tgt.name = truncate(n);", "m.fml:6:29", "takes a text and a length"},
        WrongMap{"src.name as n -> tgt.concept = n;", "m.fml:6:18", "'concept' cannot hold a string; it is a CodeableConcept"},
        WrongMap{"src.part as p -> tgt.name = p;", "m.fml:6:18", "'name' cannot hold a"},
        WrongMap{"src.name as n -> tgt.name as m;", "m.fml:6:18", "needs a value"},
        WrongMap{"src.name as n -> tgt.value as m;", "m.fml:6:18", "may have several types"},
        WrongMap{"src.name as n -> tgt.resource as m;", "m.fml:6:18", "may have several types"},
        WrongMap{"src.name as n -> tgt.value = create('Patient') as m;", "m.fml:6:18", "cannot hold a Patient"},
        WrongMap{"src.name as n -> tgt.resource = create('Patiennt') as m;", "m.fml:6:40", "did you mean 'Patient'?"},
        WrongMap{"src.name as n -> tgt.flag = 'yes';", "m.fml:6:29", "'yes' is no boolean"},
        WrongMap{"src.name as n -> tgt.name = n first;", "m.fml:6:18", "which does not repeat"},
        WrongMap{"src.name as n -> src.name = n;", "m.fml:6:18", "a source is never written"},
        WrongMap{"src.name : Patient as n -> tgt.name = n;", "m.fml:6:12", "is never a Patient"},
        WrongMap{"src.name as n then h(n, tgt);", "m.fml:6:20", "there is no group 'h'"},
        WrongMap{"src.name as n then g(src);", "m.fml:6:20", "takes 2 arguments, but is given 1"},
        WrongMap{"src.name as n then g(src, n);", "m.fml:6:27", "needs a target variable"},
        WrongMap{"src.name as n -> tgt.name = translate(n, '#none', 'code');", "m.fml:6:42", "no concept map '#none'"},
        WrongMap{"src.part -> tgt.name;", "m.fml:6:13", "no default group"},
        WrongMap{"src.name as n -> uuid();", "m.fml:6:18", "needs a name"},
        WrongMap{"src.name as n where (n = ) -> tgt.name = n;", "m.fml:6:25", "Expected a value"},
        WrongMap{"src -> tgt.resource = create('Patient') as p, p.gender = 'man';", "m.fml:6:58", "'man' is no code of"}));

TEST(FmlCompile, ChecksUntypedGroupsWithTheTypesTheyAreCalledWith) {
  std::string rules = R"(group g(source src : A, target tgt : B) { src.part as p -> tgt.part as q then inner(p, q); }
group inner(source s, target t) { s.cdoe -> t.code; })";
  EXPECT_THAT(map_once(model_a, model_b, rules, "{\"name\":\"x\"}"), HasSubstr("has no element 'cdoe'; did you mean 'code'?"));
}

TEST(FmlCompile, ChecksGroupsThatNobodyCalls) {
  std::string rules = R"(group g(source src : A, target tgt : B) { src.name -> tgt.name; }
group lonely(source src : A, target tgt : B) { src.nom -> tgt.name; })";
  EXPECT_THAT(map_once(model_a, model_b, rules, "{\"name\":\"x\"}"), HasSubstr("A has no element 'nom'"));
}

TEST(FmlCompile, NamesAModelThatIsNotLoaded) {
  Workshop workshop;
  workshop.map("m.fml", "uses \"http://test/None\" alias N as source\ngroup g(source a : N, target b) { a.x -> b.y; }");
  EXPECT_THAT(workshop.build(), HasSubstr("m.fml:1:6: the model 'http://test/None' is not loaded"));
  EXPECT_EQ(workshop.build({.unknown_models_are_untyped = true}), "");
}

TEST(FmlCompile, TakesALogicalModelOfTheNameUnderAnotherUrlAndSaysSo) {
  Workshop workshop;
  workshop.model(model_a).model(model_b);
  workshop.map("m.fml",
               "/// url = 'http://test/m'\nuses \"http://test/old/A\" alias A as source\n"
               "group g(source src : A, target tgt : B) { src.name -> tgt.name; }");

  ASSERT_EQ(workshop.build(), "");

  std::string lints;
  for (const Failure& lint : workshop.library().find("http://test/m")->lints()) lints += lint.where + ": " + lint.says + "\n";
  EXPECT_THAT(lints, HasSubstr("m.fml:2:6: the model 'http://test/old/A' is not loaded; the one called 'A' is taken for it"));
}

TEST(FmlCompile, DoesNotTakeATypeOfFhirForAModelThatIsNotLoaded) {
  Workshop workshop;
  workshop.map("m.fml",
               "uses \"http://hl7.org/fhir/3.0/StructureDefinition/Patient\" alias Patient as source\n"
               "group g(source a : Patient, target b : Patient) { a.id -> b.id; }");
  EXPECT_THAT(workshop.build(), HasSubstr("is not loaded"));
}

TEST(FmlCompile, FollowsImportsWithWildcardAndOfImports) {
  Workshop workshop;
  workshop.model(model_a).model(model_b);
  std::string uses = "uses \"http://test/A\" alias A as source\nuses \"http://test/B\" alias B as target\n";
  workshop.map("a.fml", "/// url = 'http://test/a'\n/// name = 'a'\n" + uses +
                            "imports \"http://test/lib-*\"\ngroup g(source src : A, target tgt : B) { src then one(src, tgt); }");
  workshop.map("b.fml",
               "/// url = 'http://test/lib-b'\n" + uses +
                   "imports \"http://test/deep\"\ngroup one(source src : A, target tgt : B) { src then two(src, tgt); }");
  workshop.map("c.fml",
               "/// url = 'http://test/deep'\n" + uses + "group two(source src : A, target tgt : B) { src.name -> tgt.name; }");
  ASSERT_EQ(workshop.build(), "");
  EXPECT_EQ(workshop.run("a", {R"({"name":"x"})"}), R"({"resourceType":"B","name":"x"})");
}

TEST(FmlCompile, RefusesAGroupThatStandsInTwoImports) {
  Workshop workshop;
  workshop.map("a.fml",
               "/// url = 'http://test/a'\nimports \"http://test/lib-*\"\ngroup g(source a, target b) { a then one(a, b); }");
  workshop.map("b.fml", "/// url = 'http://test/lib-b'\ngroup one(source a, target b) { a.x -> b.x; }");
  workshop.map("c.fml", "/// url = 'http://test/lib-c'\ngroup one(source a, target b) { a.x -> b.x; }");
  EXPECT_THAT(workshop.build(), HasSubstr("stands in two imported maps"));
}

TEST(FmlCompile, RefusesAnImportThatIsNotLoaded) {
  Workshop workshop;
  workshop.map("a.fml", "imports \"http://test/none\"\ngroup g(source a, target b) { a.x -> b.x; }");
  EXPECT_THAT(workshop.build(), HasSubstr("a.fml:1:9: no map 'http://test/none' is loaded"));
}

TEST(FmlCompile, RunsWithoutAnyModel) {
  Workshop workshop;
  workshop.map("m.fml",
               "/// name = 'm'\ngroup g(source a, target b) { a.x as x -> b.y = x; a.list as i -> b.items as j then { i.n as n "
               "-> j.m = n; }; a -> b.k = 'v'; }");
  ASSERT_EQ(workshop.build(), "");
  EXPECT_EQ(workshop.run("m", {R"({"x":1,"list":[{"n":"a"},{"n":"b"}]})"}), R"({"y":1,"items":[{"m":"a"},{"m":"b"}],"k":"v"})");
}

TEST(FmlCompile, TakesAnElementWhoseTypeNothingTells) {
  Workshop workshop;
  workshop.map(
      "m.fml",
      "/// name = 'm'\ngroup g(source a, target b) { a.x : string as x -> b.y = x; a.r : Patient as p -> b.z = 'patient'; }");
  ASSERT_EQ(workshop.build(), "");
  EXPECT_EQ(workshop.run("m", {R"({"x":"v","r":{"resourceType":"Task"}})"}), R"({"y":"v"})");
}

TEST(FmlCompile, TakesAProfileForItsType) {
  Workshop workshop;
  workshop.resource(R"({"resourceType":"StructureDefinition","url":"http://test/OurPatient","name":"OurPatient","status":"draft",
    "kind":"resource","abstract":false,"type":"Patient","derivation":"constraint",
    "baseDefinition":"http://hl7.org/fhir/StructureDefinition/Patient","differential":{"element":[{"id":"Patient","path":"Patient"}]}})");
  workshop.map(
      "m.fml",
      "/// name = 'm'\nuses \"http://test/OurPatient|1.0\" alias P as source\nuses \"http://test/OurPatient\" alias Q as target\n"
      "group g(source p : P, target q : Q) { p.gender -> q.gender; }");
  ASSERT_EQ(workshop.build(), "");
  EXPECT_EQ(workshop.run("m", {R"({"resourceType":"Patient","gender":"female"})"}),
            R"({"resourceType":"Patient","gender":"female"})");
}

TEST(FmlCompile, TakesSeveralSources) {
  Workshop workshop;
  workshop.model(model_a).model(model_b);
  workshop.map("m.fml",
               "/// name = 'm'\nuses \"http://test/A\" alias A as source\nuses \"http://test/B\" alias B as target\n"
               "group g(source one : A, source two : A, target tgt : B) { one.name as a, two.name as b -> tgt.name = (a & b); }");
  ASSERT_EQ(workshop.build(), "");
  EXPECT_EQ(workshop.run("m", {R"({"name":"x"})", R"({"name":"y"})"}), R"({"resourceType":"B","name":"xy"})");
  EXPECT_THAT(workshop.run("m", {R"({"name":"x"})"}), HasSubstr("takes 2 sources, but is given 1"));
}

}  // namespace
}  // namespace vardbron::mapping
