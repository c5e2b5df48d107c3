#include "gateway/fhir/definitions.h"
#include "json_text.h"

#include <gtest/gtest.h>

#include <vector>

namespace vardbron::fhir {
namespace {

constexpr std::string_view notice_url = "http://a.se/StructureDefinition/Notice";

std::string notice(std::string_view elements) {
  return "{'resourceType':'StructureDefinition','url':'http://a.se/StructureDefinition/Notice','name':'Notice','kind':'logical',"
         "'abstract':false,'type':'http://a.se/StructureDefinition/Notice','derivation':'specialization',"
         "'baseDefinition':'http://hl7.org/fhir/StructureDefinition/Element','extension':[{'url':"
         "'http://hl7.org/fhir/tools/StructureDefinition/xml-namespace','valueUri':'urn:a'}],'differential':{'element':["
         "{'id':'Notice','path':'Notice'}" +
         std::string(elements) + "]}}";
}

std::vector<tree::Document> documents(std::vector<std::string> texts) {
  std::vector<tree::Document> made;
  for (std::string& text : texts) made.push_back(from_json(std::move(text)));
  return made;
}

Result<Definitions> with(std::vector<std::string> texts) { return r4().with_models(documents(std::move(texts))); }

TEST(Models, BecomeTypesBesideFhirs) {
  Result<Definitions> both =
      with({notice(",{'path':'Notice.sent','min':1,'max':'1','type':[{'code':'dateTime'}],'representation':['xmlAttr']},"
                   "{'path':'Notice.patient','min':1,'max':'1','type':[{'code':'BackboneElement'}]},"
                   "{'path':'Notice.patient.idValue','max':'*','type':[{'code':'string'}],'extension':[{'url':"
                   "'http://hl7.org/fhir/StructureDefinition/elementdefinition-xml-name','valueString':'id-value'}]},"
                   "{'path':'Notice.note[x]','min':0,'max':'1','type':[{'code':'string'},{'code':'Annotation'}]}")});
  ASSERT_TRUE(both) << both.failure().says << both.failure().where;

  TypeId model = both->find_type(notice_url);
  EXPECT_EQ(model, both->find_type("Notice"));
  EXPECT_EQ(both->name(model), "Notice");
  EXPECT_EQ(both->kind(model), TypeKind::Logical);
  EXPECT_EQ(both->xml_namespace(model), "urn:a");
  EXPECT_TRUE(both->is_a(model, both->find_type("Element")));

  auto step = [&](TypeId from, std::string_view name) { return both->step(from, both->names().find(name)); };
  EXPECT_TRUE(step(model, "sent").element->is_attribute);
  EXPECT_TRUE(step(model, "id"));  // inherited
  TypeId patient = step(model, "patient").type;
  EXPECT_EQ(both->name(patient), "Notice.patient");
  EXPECT_EQ(both->kind(patient), TypeKind::Backbone);
  EXPECT_EQ(both->text(step(patient, "idValue").element->xml_name), "id-value");
  EXPECT_EQ(step(patient, "idValue").element->max, 0xFFFF);
  EXPECT_EQ(both->name(step(model, "noteAnnotation").type), "Annotation");
}

TEST(Models, MayRefineAPartOfAnElementOfTheirBase) {
  const std::string base = notice(
      ",{'path':'Notice.patient','min':1,'max':'*','type':[{'code':'BackboneElement'}]},"
      "{'path':'Notice.patient.name','max':'1','type':[{'code':'HumanName'}]},"
      "{'path':'Notice.patient.born','max':'1','type':[{'code':'date'}]}");
  const auto derived = [](const std::string& elements) {
    return "{'resourceType':'StructureDefinition','url':'http://a.se/StructureDefinition/Death','name':'Death','kind':'logical',"
           "'abstract':false,'type':'http://a.se/StructureDefinition/Death','derivation':'specialization','baseDefinition':'" +
           std::string(notice_url) + "','differential':{'element':[{'path':'Death'}" + elements + "]}}";
  };
  Result<Definitions> both =
      with({derived(",{'path':'Death.patient.born','min':1,'max':'1'},{'path':'Death.patient.name.family','min':1,'max':'1'},"
                    "{'path':'Death.at','min':1,'max':'1','type':[{'code':'dateTime'}]}"),
            base});
  ASSERT_TRUE(both) << both.failure().says << both.failure().where;
  const auto step = [&](TypeId from, std::string_view name) { return both->step(from, both->names().find(name)); };
  const TypeId death = both->find_type("Death");
  EXPECT_TRUE(both->is_a(death, both->find_type("Notice")));
  const Step patient = step(death, "patient");
  EXPECT_EQ(patient.element->min, 1);
  EXPECT_EQ(patient.element->max, 0xFFFF);
  EXPECT_TRUE(both->is_a(patient.type, step(both->find_type("Notice"), "patient").type));
  EXPECT_EQ(step(patient.type, "born").element->min, 1);
  EXPECT_EQ(both->name(step(patient.type, "born").type), "date");
  EXPECT_TRUE(both->is_a(step(patient.type, "name").type, both->find_type("HumanName")));
  EXPECT_EQ(step(step(patient.type, "name").type, "family").element->min, 1);
  EXPECT_TRUE(step(step(patient.type, "name").type, "given"));
  EXPECT_EQ(step(step(both->find_type("Notice"), "patient").type, "born").element->min, 0) << "the base is as it was";

  const Result<Definitions> none = with({derived(",{'path':'Death.unknown.born','min':1,'max':'1'}"), base});
  ASSERT_FALSE(none);
  EXPECT_EQ(none.failure().where, "Death.unknown.born");
}

// A differential names the type of an element again when it adds parts to it.
TEST(Models, KeepThePartsOfAnElementOfTheirBaseWhoseTypeTheyNameAgain) {
  const std::string base = notice(
      ",{'path':'Notice.patient','min':0,'max':'*','type':[{'code':'BackboneElement'}]},"
      "{'path':'Notice.patient.born','max':'1','type':[{'code':'date'}]}");
  const std::string derived =
      "{'resourceType':'StructureDefinition','url':'http://a.se/StructureDefinition/Death','name':'Death','kind':'logical',"
      "'abstract':false,'type':'http://a.se/StructureDefinition/Death','derivation':'specialization','baseDefinition':'" +
      std::string(notice_url) +
      "','differential':{'element':[{'path':'Death'},"
      "{'path':'Death.patient','min':1,'max':'1','type':[{'code':'BackboneElement'}]},"
      "{'path':'Death.patient.died','min':1,'max':'1','type':[{'code':'date'}]}]}}";
  Result<Definitions> both = with({derived, base});
  ASSERT_TRUE(both) << both.failure().says << both.failure().where;
  const auto step = [&](TypeId from, std::string_view name) { return both->step(from, both->names().find(name)); };
  const Step patient = step(both->find_type("Death"), "patient");
  EXPECT_EQ(patient.element->min, 1);
  EXPECT_TRUE(step(patient.type, "died"));
  EXPECT_TRUE(step(patient.type, "born"));
  EXPECT_TRUE(both->is_a(patient.type, step(both->find_type("Notice"), "patient").type));
}

TEST(Models, LeaveAllOfFhirAsItWas) {
  Result<Definitions> both = with({notice(",{'path':'Notice.unheard','type':[{'code':'string'}]}")});
  ASSERT_TRUE(both);
  for (TypeId id : r4().all_types()) {
    EXPECT_EQ(both->name(id), r4().name(id));
    EXPECT_EQ(both->elements(id).size(), r4().elements(id).size());
    EXPECT_EQ(both->search_parameters(id).size(), r4().search_parameters(id).size());
  }
  for (tree::NameId name = 1; name < r4().names().size(); ++name) EXPECT_EQ(both->names().text(name), r4().names().text(name));
  EXPECT_NE(both->names().find("unheard"), 0u);
  EXPECT_EQ(r4().names().find("unheard"), 0u);
  EXPECT_EQ(both->value_sets(), r4().value_sets());
  EXPECT_TRUE(*both->holds("http://hl7.org/fhir/ValueSet/administrative-gender", "male"));
}

TEST(Models, MayBearTheNameOfAFhirType) {
  Result<Definitions> both =
      with({"{'resourceType':'StructureDefinition','url':'urn:cda/Patient','name':'Patient','kind':'logical',"
            "'type':'Patient','differential':{'element':[{'path':'Patient'},{'path':'Patient.raceCode',"
            "'type':[{'code':'Element'}]},{'path':'Patient.raceCode.code','type':[{'code':'code'}]}]}}"});
  ASSERT_TRUE(both);
  EXPECT_EQ(both->kind(both->find_type("Patient")), TypeKind::Resource);
  TypeId cda = both->find_type("urn:cda/Patient");
  EXPECT_EQ(both->kind(cda), TypeKind::Logical);
  EXPECT_EQ(both->name(both->step(cda, both->names().find("raceCode")).type), "urn:cda/Patient.raceCode");
}

TEST(Models, MayDeriveFromEachOtherInAnyOrder) {
  std::string base = notice(",{'path':'Notice.sent','type':[{'code':'dateTime'}]}");
  std::string derived =
      "{'resourceType':'StructureDefinition','url':'http://a.se/Late','name':'Late','kind':'logical','type':'Late',"
      "'baseDefinition':'http://a.se/StructureDefinition/Notice','differential':{'element':[{'path':'Late'},"
      "{'path':'Late.reason','type':[{'code':'string'}]},{'path':'Late.other','type':[{'code':'http://a.se/StructureDefinition/"
      "Notice'}]}]}}";
  for (const auto& order : {std::vector<std::string>{base, derived}, std::vector<std::string>{derived, base}}) {
    Result<Definitions> both = with(order);
    ASSERT_TRUE(both);
    TypeId late = both->find_type("Late");
    EXPECT_TRUE(both->is_a(late, both->find_type("Notice")));
    EXPECT_TRUE(both->step(late, both->names().find("sent")));
    EXPECT_EQ(both->step(late, both->names().find("other")).type, both->find_type("Notice"));
  }
}

TEST(Models, AreRefusedWithTheElementThatIsWrong) {
  struct Row {
    std::string text, where;
  };
  for (const Row& row :
       {Row{notice(",{'path':'Notice.a','type':[{'code':'strin'}]}"), "Notice.a"},
        Row{notice(",{'path':'Notice.a.b','type':[{'code':'string'}]}"), "Notice.a.b"},
        Row{notice(",{'path':'Notice.a','contentReference':'#Notice.none'}"), "Notice.a"},
        Row{notice(",{'path':'Notice.[x]','type':[{'code':'string'}]}"), "Notice.[x]"},
        Row{"{'resourceType':'Patient','url':'http://a.se/x'}", "http://a.se/x"},
        Row{"{'resourceType':'StructureDefinition','url':'http://a.se/x','kind':'logical'}", "http://a.se/x"},
        Row{"{'resourceType':'StructureDefinition','url':'http://a.se/x','kind':'resource','derivation':'constraint',"
            "'snapshot':{'element':[{'path':'Patient'}]}}",
            "http://a.se/x"},
        Row{"{'resourceType':'StructureDefinition','url':'http://hl7.org/fhir/StructureDefinition/Patient','kind':"
            "'resource','snapshot':{'element':[{'path':'Patient'}]}}",
            "http://hl7.org/fhir/StructureDefinition/Patient"}}) {
    Result<Definitions> both = with({row.text});
    ASSERT_FALSE(both) << row.text;
    EXPECT_EQ(both.failure().cause, Cause::Invalid);
    EXPECT_EQ(both.failure().where, row.where) << both.failure().says;
  }
}

TEST(Models, MustNotDeriveFromThemselves) {
  auto one = [](std::string url, std::string base) {
    return "{'resourceType':'StructureDefinition','url':'" + url + "','kind':'logical','type':'" + url + "','baseDefinition':'" +
           base + "','differential':{'element':[{'path':'" + url + "'}]}}";
  };
  EXPECT_FALSE(with({one("A", "B"), one("B", "A")}));
  EXPECT_FALSE(with({one("A", "A")}));
  EXPECT_FALSE(with({one("A", ""), one("A", "")}));
}

TEST(Models, MayBeLaidOverModels) {
  Result<Definitions> once = with({notice("")});
  ASSERT_TRUE(once);
  std::vector<tree::Document> more;
  more.push_back(
      from_json("{'resourceType':'StructureDefinition','url':'B','kind':'logical','type':'B','differential':{'element':["
                "{'path':'B'},{'path':'B.notice','type':[{'code':'Notice'}]}]}}",
                once->names()));
  Result<Definitions> twice = once->with_models(more);
  ASSERT_TRUE(twice);
  EXPECT_EQ(twice->step(twice->find_type("B"), twice->names().find("notice")).type, twice->find_type(notice_url));
}

}  // namespace
}  // namespace vardbron::fhir
