#include "gateway/fhir/xsi_type.h"

#include "gateway/fhir/model_xml.h"
#include "gateway/fhir/narrative_v3.h"
#include "gateway/fhir/v3_time.h"
#include "gateway/formats/json/parse.h"
#include "gateway/formats/json/write.h"
#include "gateway/formats/xml/parse.h"
#include "gateway/formats/xml/write.h"
#include "json_text.h"
#include "v3_models.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <vector>

// Concern: logical models of the shapes that HL7 v3 and CDA have.
namespace vardbron::fhir {
namespace {

const Definitions& definitions() {
  static const Definitions both = [] {
    std::vector<tree::Document> models;
    for (const std::string& model : v3_models()) models.push_back(from_json(model));
    Result<Definitions> made = r4().with_models(models);
    CHECK(made);
    return std::move(*made);
  }();
  return both;
}

std::string doubled(std::string text) {
  std::replace(text.begin(), text.end(), '\'', '"');
  return text;
}

std::string read(const std::string& text) {
  Result<tree::Document> xml = xml::parse(text, definitions().names(), {.positions = true, .keep_mixed = true});
  if (!xml) return "!" + xml.failure().says;
  return is_model_instance(*xml, definitions()) ? json::write(from_model_xml(*xml, text, definitions())) : "!no instance";
}

std::string written(const std::string& json) {
  Result<tree::Document> instance = json::parse(json, definitions().names());
  CHECK(instance);
  Result<tree::Document> xml = to_model_xml(*instance, definitions());
  return xml ? xml::write(*xml) : "!" + xml.failure().where + ": " + xml.failure().says;
}

constexpr const char* xsi = " xmlns:xsi='http://www.w3.org/2001/XMLSchema-instance'";
constexpr const char* sdtc = " xmlns:sdtc='urn:hl7-org:sdtc'";

struct Pair {
  const char* name;
  std::string xml, json;  // below Paper
  std::string spaces = "";
};

class V3Xml : public testing::TestWithParam<Pair> {};

TEST_P(V3Xml, IsReadAndWrittenAsTheModelHasIt) {
  const std::string xml = doubled("<Paper xmlns='urn:hl7-org:v3'" + GetParam().spaces + ">" + GetParam().xml + "</Paper>");
  const std::string json = doubled("{'resourceType':'Paper'," + GetParam().json + "}");

  EXPECT_EQ(read(xml), json);
  EXPECT_EQ(written(json), xml);
}

std::string observed(const std::string& xml) { return "<observation>" + xml + "</observation>"; }
std::string observed_json(const std::string& json) { return "'observation':[{" + json + "}]"; }

INSTANTIATE_TEST_SUITE_P(
    Table, V3Xml,
    testing::Values(
        Pair{"Attributes", "<id root='1.2' extension='x'/>", "'id':{'root':'1.2','extension':'x'}"},
        Pair{"ATextOfAnInheritedType", "<title mediaType='text/plain'>A paper</title>",
             "'title':{'xmlText':'A paper','mediaType':'text/plain'}"},
        Pair{"ATextInFrontOfAnElement", "<code code='c'><originalText>as said <reference value='#a'/></originalText></code>",
             "'code':{'code':'c','originalText':{'xmlText':'as said ','reference':{'value':'#a'}}}"},
        Pair{"AnAttributeOfAnotherNamespace", "<code code='c' sdtc:valueSet='1.9'/>", "'code':{'code':'c','sdtcValueSet':'1.9'}",
             sdtc},
        Pair{"AnElementOfAnotherNamespace", "<subject><deceasedInd xmlns='urn:hl7-org:sdtc' value='true'/></subject>",
             "'subject':{'sdtcDeceasedInd':{'value':true}}"},
        Pair{"PartsOfAnElementOfAnotherNamespace",
             observed("<precondition xmlns='urn:hl7-org:sdtc' code='p'><originalText xmlns='urn:hl7-org:v3'>t</originalText>"
                      "</precondition>"),
             observed_json("'sdtcPrecondition':[{'code':'p','originalText':{'xmlText':'t'}}]")},
        Pair{"ATimeWithZone", "<effectiveTime value='20260102153000+0100'/>",
             "'effectiveTime':{'value':'2026-01-02T15:30:00+01:00'}"},
        Pair{"ATimeWithFraction", "<effectiveTime value='20260102153000.125-0530'/>",
             "'effectiveTime':{'value':'2026-01-02T15:30:00.125-05:30'}"},
        Pair{"AMonth", "<effectiveTime value='202601'/>", "'effectiveTime':{'value':'2026-01'}"},
        Pair{"ATimeThatIsNone", "<effectiveTime value='soon'/>", "'effectiveTime':{'value':'soon'}"},
        Pair{"AListInAnAttribute", "<subject><name use='L P'/></subject>", "'subject':{'name':[{'use':['L','P']}]}"},
        Pair{"PartsInTheirOrder",
             "<subject><name>Dr <given qualifier='CL BR'>Alva</given><given>Bo</given><family>Berg</family> MD</name></subject>",
             "'subject':{'name':[{'item':[{'xmlText':'Dr '},{'given':{'xmlText':'Alva','qualifier':['CL','BR']}},"
             "{'given':{'xmlText':'Bo'}},{'family':{'xmlText':'Berg'}},{'xmlText':' MD'}]}]}"},
        Pair{"OnlyAText", "<subject><name>Alva Berg</name></subject>", "'subject':{'name':[{'item':[{'xmlText':'Alva Berg'}]}]}"},
        Pair{"TypesThatAreTold",
             observed(
                 "<value xsi:type='PQ' value='1.50' unit='mg'/><value xsi:type='CD' code='k'/><value xsi:type='ST'>t</value>"),
             observed_json("'value':[{'xsi:type':'PQ','value':1.50,'unit':'mg'},{'xsi:type':'CD','code':'k'},"
                           "{'xsi:type':'ST','xmlText':'t'}]"),
             xsi},
        Pair{"ATypeWhoseCanonicalEndsOtherwise", observed("<value xsi:type='IVL_TS'><low value='2025'/></value>"),
             observed_json("'value':[{'xsi:type':'IVL_TS','low':{'value':'2025'}}]"), xsi},
        Pair{"AModelsNameInXml", observed("<component typeCode='C'><observation classCode='O'/></component>"),
             observed_json("'component':[{'typeCode':'C','observation':{'classCode':'O'}}]")},
        Pair{
            "ANarrative",
            "<section><text><paragraph styleCode='Bold'>a <content ID='i'>b &amp; c</content></paragraph><list><item>1</item>"
            "</list><table><tbody><tr><td colspan='2'>x</td></tr></tbody></table><linkHtml "
            "href='#i'>l</linkHtml></text></section>",
            R"('section':[{'text':'<div xmlns=\'http://www.w3.org/1999/xhtml\'><p class=\'Bold\'>a <span id=\'i\'>b &amp; c</span>)"
            R"(</p><ul><li>1</li></ul><table><tbody><tr><td colspan=\'2\'>x</td></tr></tbody></table><a href=\'#i\'>l</a></div>'}])"},
        Pair{"AnOrderedList", "<section><text><list listType='ordered'><item>1</item></list></text></section>",
             R"('section':[{'text':'<div xmlns=\'http://www.w3.org/1999/xhtml\'><ol><li>1</li></ol></div>'}])"}),
    [](const testing::TestParamInfo<Pair>& of) { return std::string(of.param.name); });

TEST(V3XmlOfOthers, PrefixesOfTypesAndElementsDoNotMatter) {
  const std::string text = doubled(
      "<h:Paper xmlns:h='urn:hl7-org:v3' xmlns:i='http://www.w3.org/2001/XMLSchema-instance'>"
      "<h:observation><h:value i:type='h:PQ' unit='mg'/></h:observation></h:Paper>");

  EXPECT_EQ(read(text), doubled("{'resourceType':'Paper','observation':[{'value':[{'xsi:type':'PQ','unit':'mg'}]}]}"));
}

TEST(V3XmlOfOthers, WithoutATypeIsOfTheFirst) {
  const std::string text = doubled("<Paper xmlns='urn:hl7-org:v3'><observation><value nullFlavor='UNK'/></observation></Paper>");

  EXPECT_EQ(read(text), doubled("{'resourceType':'Paper','observation':[{'value':[{'nullFlavor':'UNK'}]}]}"));
}

TEST(V3XmlOfOthers, TheOnlyTypeIsToldWhenWritten) {
  EXPECT_EQ(written(doubled("{'resourceType':'Paper','observation':[{'code':{'code':'c'}}]}")),
            doubled("<Paper xmlns='urn:hl7-org:v3' xmlns:xsi='http://www.w3.org/2001/XMLSchema-instance'>"
                    "<observation><code xsi:type='CD' code='c'/></observation></Paper>"));
}

TEST(V3Models, AModelWithTheNameOfOneOfFhirsStandsBesideIt) {
  const TypeId model = definitions().find_type(v3_url("Observation"));

  EXPECT_NE(definitions().find_type("Observation"), model);
  EXPECT_EQ(instance_name(definitions(), model), "observation");
  EXPECT_EQ(find_instance_type(definitions(), "observation", "urn:hl7-org:v3"), model);
  EXPECT_EQ(read(doubled("<observation xmlns='urn:hl7-org:v3' classCode='O'/>")),
            doubled("{'resourceType':'http://v3.example/StructureDefinition/Observation','classCode':'O'}"));
}

TEST(V3Models, TakeTheNamesOfDataTypesOfV2) {
  for (const char* name : {"CD", "CE", "ED", "ST", "TS", "PQ"})
    EXPECT_EQ(definitions().canonical(definitions().find_type(name)), v3_url(name)) << name;
  EXPECT_NE(r4().find_type("CD"), 0u);
}

TEST(V3Models, ADifferentialKeepsTheTypesItDoesNotName) {
  const std::string derived = v3_model({"Narrow", "CD", {}});
  const std::string differential = doubled(
      "{'id':'Narrow','path':'Narrow'},{'path':'Narrow.code','min':1},"
      "{'path':'Narrow.translation','max':'1'}");
  std::string changed = derived;
  changed.replace(changed.find(R"({"id":"Narrow","path":"Narrow"})"), 31, differential);
  std::vector<tree::Document> models;
  models.push_back(from_json(changed));
  for (const std::string& model : v3_models()) models.push_back(from_json(model));
  Result<Definitions> made = r4().with_models(models);
  ASSERT_TRUE(made) << made.failure().says << made.failure().where;

  const TypeId narrow = made->find_type("Narrow");
  const Step code = made->step(narrow, made->names().find("code"));
  ASSERT_TRUE(code);
  EXPECT_EQ(made->name(code.type), "code");
  EXPECT_TRUE(code.element->is_attribute);
  EXPECT_EQ(code.element->min, 1);
  EXPECT_TRUE(has_xsi_type(*made, *made->step(narrow, made->names().find("translation")).element));
}

TEST(V3Time, IsReadAndWrittenWithEveryPrecision) {
  for (const auto& [fhir, v3] :
       std::vector<std::pair<std::string, std::string>>{{"2026", "2026"},
                                                        {"2026-01", "202601"},
                                                        {"2026-01-02", "20260102"},
                                                        {"2026-01-02T03:04:05", "20260102030405"},
                                                        {"2026-01-02T03:04:05Z", "20260102030405+0000"},
                                                        {"2026-01-02T03:04:05.6-11:00", "20260102030405.6-1100"},
                                                        {"no time", "no time"}})
    EXPECT_EQ(date_time_to_v3(fhir), v3);
}

TEST(NarrativeOfV3, DropsCommentsAndKeepsLettersThatLookLikeTags) {
  EXPECT_EQ(narrative_of_xhtml("<div a='>'><!-- <p> --><b title=\"a > b\">x &lt; y</b><br/><img src='p'/></div>", "text"),
            "<text><content>x &lt; y</content><br/><content/></text>");
}

}  // namespace
}  // namespace vardbron::fhir
