#include "gateway/fhir/model_xml.h"

#include "gateway/formats/json/parse.h"
#include "gateway/formats/json/write.h"
#include "gateway/formats/xml/parse.h"
#include "gateway/formats/xml/write.h"
#include "gateway/tree/path.h"
#include "json_text.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <vector>

// Concern: instances of logical models that name a namespace for their XML.
namespace vardbron::fhir {
namespace {

constexpr const char* note_model =
    "{'resourceType':'StructureDefinition','url':'http://a.example/Note','name':'Note','kind':'logical','abstract':false,"
    "'type':'Note','derivation':'specialization','baseDefinition':'http://hl7.org/fhir/StructureDefinition/Element',"
    "'extension':[{'url':'http://hl7.org/fhir/tools/StructureDefinition/xml-namespace','valueUri':'urn:note'}],"
    "'differential':{'element':[{'path':'Note'},"
    "{'path':'Note.kind','min':0,'max':'1','type':[{'code':'code'}],'representation':['xmlAttr']},"
    "{'path':'Note.count','min':0,'max':'1','type':[{'code':'integer'}]},"
    "{'path':'Note.weight','min':0,'max':'1','type':[{'code':'decimal'}]},"
    "{'path':'Note.flag','min':0,'max':'1','type':[{'code':'boolean'}]},"
    "{'path':'Note.line','min':0,'max':'*','type':[{'code':'string'}]},"
    "{'path':'Note.part','min':0,'max':'*','type':[{'code':'BackboneElement'}]},"
    "{'path':'Note.part.unit','min':0,'max':'1','type':[{'code':'string'}],'representation':['xmlAttr']},"
    "{'path':'Note.part.body','min':0,'max':'1','type':[{'code':'string'}],'representation':['xmlText']},"
    "{'path':'Note.writer','min':0,'max':'1','type':[{'code':'BackboneElement'}]},"
    "{'path':'Note.writer.fullName','min':0,'max':'1','type':[{'code':'string'}],'extension':[{'url':"
    "'http://hl7.org/fhir/StructureDefinition/elementdefinition-xml-name','valueString':'full-name'}]},"
    "{'path':'Note.about','min':0,'max':'1','type':[{'code':'Resource'}]}]}}";

const Definitions& definitions() {
  static const Definitions both = [] {
    std::vector<tree::Document> models;
    models.push_back(from_json(note_model));
    Result<Definitions> made = r4().with_models(std::move(models));
    CHECK(made);
    return std::move(*made);
  }();
  return both;
}

std::string doubled(std::string text) {
  std::replace(text.begin(), text.end(), '\'', '"');
  return text;
}

Result<tree::Document> plain(const std::string& text) { return xml::parse(text, definitions().names(), {.positions = true}); }

std::string read(const std::string& text) {
  Result<tree::Document> xml = plain(text);
  return xml ? json::write(from_model_xml(*xml, text, definitions())) : "!" + xml.failure().says;
}

std::string written(const std::string& json) {
  Result<tree::Document> instance = json::parse(json, definitions().names());
  CHECK(instance);
  Result<tree::Document> xml = to_model_xml(*instance, definitions());
  return xml ? xml::write(*xml) : "!" + xml.failure().where + ": " + xml.failure().says;
}

struct Pair {
  const char *name, *xml, *json;
};

class ModelXml : public testing::TestWithParam<Pair> {};

TEST_P(ModelXml, IsReadAndWrittenAsTheModelHasIt) {
  const std::string xml = doubled(GetParam().xml), json = doubled(GetParam().json);

  EXPECT_EQ(read(xml), json);
  EXPECT_EQ(written(json), xml);
}

INSTANTIATE_TEST_SUITE_P(
    Table, ModelXml,
    testing::Values(Pair{"Empty", "<Note xmlns='urn:note'/>", "{'resourceType':'Note'}"},
                    Pair{"Attributes", "<Note xmlns='urn:note' kind='k'/>", "{'resourceType':'Note','kind':'k'}"},
                    Pair{"NumbersKeepTheirDigits", "<Note xmlns='urn:note'><count value='12'/><weight value='1.10'/></Note>",
                         "{'resourceType':'Note','count':12,'weight':1.10}"},
                    Pair{"Booleans", "<Note xmlns='urn:note'><flag value='true'/></Note>", "{'resourceType':'Note','flag':true}"},
                    Pair{"AListOfOne", "<Note xmlns='urn:note'><line value='a'/></Note>", "{'resourceType':'Note','line':['a']}"},
                    Pair{"AList", "<Note xmlns='urn:note'><line value='a'/><line value='b'/></Note>",
                         "{'resourceType':'Note','line':['a','b']}"},
                    Pair{"TextAndAttribute", "<Note xmlns='urn:note'><part unit='mg'>five</part></Note>",
                         "{'resourceType':'Note','part':[{'body':'five','unit':'mg'}]}"},
                    Pair{"NamesOfXml", "<Note xmlns='urn:note'><writer><full-name value='Alva Berg'/></writer></Note>",
                         "{'resourceType':'Note','writer':{'fullName':'Alva Berg'}}"},
                    Pair{
                        "AResource",
                        "<Note xmlns='urn:note'><about><Patient xmlns='http://hl7.org/fhir'><id value='p'/><active value='true'/>"
                        "</Patient></about></Note>",
                        "{'resourceType':'Note','about':{'resourceType':'Patient','id':'p','active':true}}"},
                    Pair{"Letters", "<Note xmlns='urn:note'><line value='&lt;å &amp; ö&gt;'/></Note>",
                         "{'resourceType':'Note','line':['<å & ö>']}"}),
    [](const testing::TestParamInfo<Pair>& of) { return std::string(of.param.name); });

struct OneWay {
  const char *name, *xml, *json;
};

class ReadModelXml : public testing::TestWithParam<OneWay> {};

TEST_P(ReadModelXml, TakesWhatOthersWrite) { EXPECT_EQ(read(doubled(GetParam().xml)), doubled(GetParam().json)); }

INSTANTIATE_TEST_SUITE_P(
    Table, ReadModelXml,
    testing::Values(
        OneWay{"ValuesAsTexts", "<Note xmlns='urn:note'><count>12</count><line>a</line></Note>",
               "{'resourceType':'Note','count':12,'line':['a']}"},
        OneWay{"ANumberThatIsNoneStaysAText", "<Note xmlns='urn:note'><count value='012'/><weight value='1.'/></Note>",
               "{'resourceType':'Note','count':'012','weight':'1.'}"},
        OneWay{"ABooleanThatIsNoneStaysAText", "<Note xmlns='urn:note'><flag value='yes'/></Note>",
               "{'resourceType':'Note','flag':'yes'}"},
        OneWay{"AnyPrefix", "<n:Note xmlns:n='urn:note'><n:line value='a'/></n:Note>", "{'resourceType':'Note','line':['a']}"},
        OneWay{"TheSchemaInstanceNamespaceSaysNothing",
               "<Note xmlns='urn:note' xmlns:xsi='http://www.w3.org/2001/XMLSchema-instance' xsi:type='Note'>"
               "<line value='a'/></Note>",
               "{'resourceType':'Note','line':['a']}"},
        OneWay{"ListsThatDoNotStandTogether",
               "<Note xmlns='urn:note'><line value='a'/><flag value='true'/><line value='b'/></Note>",
               "{'resourceType':'Note','line':['a','b'],'flag':true}"}),
    [](const testing::TestParamInfo<OneWay>& of) { return std::string(of.param.name); });

TEST(ModelXmlInstance, IsKnownByNameAndNamespace) {
  const auto is_one = [](const std::string& text) {
    Result<tree::Document> xml = plain(text);
    return xml && is_model_instance(*xml, definitions());
  };

  EXPECT_TRUE(is_one(R"(<Note xmlns="urn:note"/>)"));
  EXPECT_TRUE(is_one(R"(<x:Note xmlns:x="urn:note"/>)"));
  EXPECT_FALSE(is_one(R"(<Note xmlns="urn:other"/>)"));
  EXPECT_FALSE(is_one("<Note/>"));
  EXPECT_FALSE(is_one(R"(<Patient xmlns="urn:note"/>)"));
  EXPECT_FALSE(is_one(R"(<Nothing xmlns="urn:note"/>)"));
}

TEST(ToModelXml, WritesAttributesFirstAndElementsInTheModelsOrder) {
  EXPECT_EQ(written(doubled("{'resourceType':'Note','line':['a'],'count':1,'kind':'k'}")),
            doubled("<Note xmlns='urn:note' kind='k'><count value='1'/><line value='a'/></Note>"));
}

TEST(ToModelXml, RefusesWhatItsModelDoesNotKnow) {
  EXPECT_EQ(written(doubled("{'resourceType':'Note','writer':{'nick':'x'}}")),
            "!Note.writer.nick: The model knows no such element here.");
  EXPECT_EQ(written(doubled("{'resourceType':'Note','about':{'id':'x'}}")), "!Note.about: This names no resource.");
  EXPECT_EQ(written(doubled("{'resourceType':'Patient','id':'x'}")), "!Patient: This is not an instance of a logical model.");
  EXPECT_EQ(written("{}"), "!: This is not an instance of a logical model.");
}

TEST(FromModelXml, KeepsThePlaceOfEachElement) {
  const std::string text = "<Note xmlns=\"urn:note\">\n  <line value=\"a\"/>\n  <part unit=\"mg\">x</part>\n</Note>";
  Result<tree::Document> xml = plain(text);
  ASSERT_TRUE(xml.ok());

  const tree::Document note = from_model_xml(*xml, text, definitions());

  EXPECT_EQ(note.position(tree::root(note).child("line").node).line, 2u);
  EXPECT_EQ(note.position(tree::root(note).child("part").node).line, 3u);
}

}  // namespace
}  // namespace vardbron::fhir
