#include "gateway/fhir/xml_conversion.h"

#include "gateway/formats/xml/parse.h"
#include "gateway/formats/xml/write.h"
#include "gateway/tree/path.h"
#include "json_text.h"

#include <gtest/gtest.h>

namespace vardbron::fhir {
namespace {

Result<tree::Document> read(std::string text) {
  for (char& letter : text)
    if (letter == '\'') letter = '"';
  Result<tree::Document> xml = xml::parse(std::move(text), r4().names(), {.positions = true});
  CHECK(xml);
  return from_xml(*xml, r4());
}

std::string written(std::string json) {
  Result<tree::Document> xml = to_xml(from_json(std::move(json)), r4());
  if (!xml) return xml.failure().where + ": " + xml.failure().says;
  std::string text = xml::write(*xml);
  for (char& letter : text)
    if (letter == '"') letter = '\'';
  return text;
}

struct Pair {
  std::string json, xml;
};

const std::vector<Pair>& pairs() {
  static const std::vector<Pair> all = {
      {"{'resourceType':'Patient','id':'p','active':true,'name':[{'family':'Berg','given':['Alva','Kim']}]}",
       "<Patient xmlns='http://hl7.org/fhir'><id value='p'/><active value='true'/><name><family value='Berg'/><given "
       "value='Alva'/>"
       "<given value='Kim'/></name></Patient>"},
      // A primitive's id and extension, with and without a value.
      {"{'resourceType':'Patient','name':[{'given':['Alva',null],'_given':[null,{'extension':[{'url':'u','valueCode':'x'}]}]}],"
       "'birthDate':'1990','_birthDate':{'id':'b'}}",
       "<Patient xmlns='http://hl7.org/fhir'><name><given value='Alva'/><given><extension url='u'><valueCode "
       "value='x'/></extension></given>"
       "</name><birthDate id='b' value='1990'/></Patient>"},
      // Digits stay as they are.
      {"{'resourceType':'Observation','status':'final','code':{'text':'x'},'valueQuantity':{'value':1.10}}",
       "<Observation xmlns='http://hl7.org/fhir'><status value='final'/><code><text value='x'/></code><valueQuantity><value "
       "value='1.10'/>"
       "</valueQuantity></Observation>"},
      {"{'resourceType':'Bundle','type':'batch','entry':[{'resource':{'resourceType':'Basic','contained':[{'resourceType':'"
       "Patient',"
       "'id':'p'}],'code':{'text':'x'}}}]}",
       "<Bundle xmlns='http://hl7.org/fhir'><type value='batch'/><entry><resource><Basic><contained><Patient><id "
       "value='p'/></Patient>"
       "</contained><code><text value='x'/></code></Basic></resource></entry></Bundle>"},
  };
  return all;
}

TEST(XmlShape, ReadsWhatJsonSays) {
  for (const Pair& pair : pairs()) {
    Result<tree::Document> document = read(pair.xml);
    ASSERT_TRUE(document) << document.failure().where << document.failure().says;
    EXPECT_EQ(to_json(*document), pair.json);
  }
}

TEST(XmlShape, WritesWhatJsonSays) {
  for (const Pair& pair : pairs()) {
    Result<tree::Document> back = read(written(pair.json));
    ASSERT_TRUE(back) << written(pair.json);
    EXPECT_EQ(to_json(*back), pair.json);
  }
  EXPECT_EQ(written(pairs()[0].json), pairs()[0].xml);
}

TEST(XmlShape, KeepsTheNarrativeAsItWasWritten) {
  std::string xml =
      "<Patient xmlns='http://hl7.org/fhir'><text><status value='generated'/><div xmlns='http://www.w3.org/1999/xhtml'><p>a "
      "<b>b</b></p>"
      "</div></text></Patient>";
  Result<tree::Document> document = read(xml);
  ASSERT_TRUE(document) << document.failure().where;
  EXPECT_EQ(document->text(tree::find(*document, "text.div")),
            "<div xmlns=\"http://www.w3.org/1999/xhtml\"><p>a <b>b</b></p></div>");
  EXPECT_EQ(document->kind(tree::find(*document, "text.div")), tree::Kind::Xhtml);
  EXPECT_EQ(written(json::write(*document)), xml);
}

TEST(XmlShape, BringsACarriageReturnInTheNarrativeThroughXml) {
  std::string json =
      R"({"resourceType":"Patient","text":{"status":"generated","div":"<div xmlns=\"http://www.w3.org/1999/xhtml\"><p title=\"a\r>\">b\r\nc</p></div>"}})";
  std::string xml = written(json);
  EXPECT_NE(xml.find("b&#13;\nc"), std::string::npos) << xml;
  Result<tree::Document> back = read(xml);
  ASSERT_TRUE(back);
  EXPECT_TRUE(back->text(tree::find(*back, "text.div")).ends_with("<p title=\"a\r>\">b\r\nc</p></div>"));
}

TEST(XmlShape, OrdersElementsAsTheDefinitionsDo) {
  EXPECT_EQ(written("{'gender':'male','name':[{'given':['A'],'family':'B'}],'id':'p','resourceType':'Patient'}"),
            "<Patient xmlns='http://hl7.org/fhir'><id value='p'/><name><family value='B'/><given value='A'/></name><gender "
            "value='male'/>"
            "</Patient>");
}

TEST(XmlShape, RefusesWhatIsNotFhir) {
  struct Row {
    std::string xml, where;
  };
  for (const Row& row : {
           Row{"<Patient/>", "Patient"},
           Row{"<Patient xmlns='urn:x'/>", "Patient"},
           Row{"<Patiant xmlns='http://hl7.org/fhir'/>", "Patiant"},
           Row{"<HumanName xmlns='http://hl7.org/fhir'/>", "HumanName"},
           Row{"<DomainResource xmlns='http://hl7.org/fhir'/>", "DomainResource"},
           Row{"<Patient xmlns='http://hl7.org/fhir'><nam value='x'/></Patient>", "Patient.nam"},
           Row{"<Patient xmlns='http://hl7.org/fhir'><name xmlns='urn:x'/></Patient>", "Patient.name"},
           Row{"<Patient xmlns='http://hl7.org/fhir'><deceased value='true'/></Patient>", "Patient.deceased"},
           Row{"<Patient xmlns='http://hl7.org/fhir'><deceasedString value='true'/></Patient>", "Patient.deceasedString"},
           Row{"<Patient xmlns='http://hl7.org/fhir' id='p'/>", "Patient.id"},
           Row{"<Patient xmlns='http://hl7.org/fhir'><gender value='male' use='x'/></Patient>", "Patient.gender.use"},
           Row{"<Patient xmlns='http://hl7.org/fhir'><gender>male</gender></Patient>", "Patient.gender"},
           Row{"<Patient xmlns='http://hl7.org/fhir'><gender/></Patient>", "Patient.gender"},
           Row{"<Patient xmlns='http://hl7.org/fhir'><gender value=''/></Patient>", "Patient.gender"},
           Row{"<Patient xmlns='http://hl7.org/fhir'><active value='1'/></Patient>", "Patient.active"},
           Row{"<Patient xmlns='http://hl7.org/fhir'><active value='TRUE'/></Patient>", "Patient.active"},
           Row{"<Patient xmlns='http://hl7.org/fhir'><multipleBirthInteger value='two'/></Patient>",
               "Patient.multipleBirthInteger"},
           Row{"<Patient xmlns='http://hl7.org/fhir'><multipleBirthInteger value='+-2'/></Patient>",
               "Patient.multipleBirthInteger"},
           Row{"<Patient xmlns='http://hl7.org/fhir'><text><status value='generated'/><div "
               "xmlns='http://www.w3.org/1999/xhtml'><script>x</script></div></text></Patient>",
               "Patient.text.div"},
           Row{"<Patient xmlns='http://hl7.org/fhir'><name value='x'/></Patient>", "Patient.name.value"},
           Row{"<Patient xmlns='http://hl7.org/fhir'><name><given value='a'/><given value='b'/><x/></name></Patient>",
               "Patient.name.x"},
           Row{"<Patient xmlns='http://hl7.org/fhir'><contained><HumanName/></contained></Patient>",
               "Patient.contained.HumanName"},
           Row{"<Patient xmlns='http://hl7.org/fhir'><contained/></Patient>", "Patient.contained"},
           Row{"<Patient xmlns='http://hl7.org/fhir'><contained><Basic/><Basic/></contained></Patient>", "Patient.contained"},
           Row{"<Patient xmlns='http://hl7.org/fhir'><text><div value='x'/></text></Patient>", "Patient.text.div"},
       }) {
    Result<tree::Document> document = read(row.xml);
    ASSERT_FALSE(document) << row.xml;
    EXPECT_EQ(document.failure().cause, Cause::Invalid);
    EXPECT_EQ(document.failure().where.substr(0, document.failure().where.find(" at ")), row.where) << row.xml;
  }
}

TEST(XmlShape, ReadsAnIntegerWithItsPlusSign) {
  Result<tree::Document> document = read("<Patient xmlns='http://hl7.org/fhir'><multipleBirthInteger value='+2'/></Patient>");
  ASSERT_TRUE(document) << document.failure().says;
  EXPECT_EQ(to_json(*document), "{'resourceType':'Patient','multipleBirthInteger':2}");
}

TEST(XmlShape, WritesNoNarrativeThatWouldBeMoreThanANarrative) {
  EXPECT_EQ(written("{'resourceType':'Patient','text':{'status':'generated','div':'<div xmlns=\\u0022http://www.w3.org/1999/xhtml"
                    "\\u0022>x</div></text><deceasedBoolean value=\\u0022true\\u0022/><text>'}}"),
            "Patient.text.div: The narrative has an end tag that closes no element, at byte 50 of it.");
}

TEST(XmlShape, TellsLineAndColumn) {
  Result<tree::Document> document = read("<Patient xmlns='http://hl7.org/fhir'>\n  <nam value='x'/>\n</Patient>");
  ASSERT_FALSE(document);
  EXPECT_EQ(document.failure().where, "Patient.nam at 2:3");
}

TEST(XmlShape, DropsASchemaLocationAndComments) {
  Result<tree::Document> document = read(
      "<Patient xmlns='http://hl7.org/fhir' xmlns:xsi='http://www.w3.org/2001/XMLSchema-instance' xsi:schemaLocation='a b'>"
      "<!-- nothing --><id value='p'/></Patient>");
  ASSERT_TRUE(document) << document.failure().where;
  EXPECT_EQ(to_json(*document), "{'resourceType':'Patient','id':'p'}");
}

TEST(XmlShape, RefusesToWriteWhatFhirDoesNotKnow) {
  EXPECT_EQ(written("{'resourceType':'Patiant'}"), "Patiant: This is not a resource of FHIR R4.");
  EXPECT_EQ(written("{'resourceType':'Patient','nam':1}"), "Patient.nam: FHIR knows no such element here.");
  EXPECT_EQ(written("{'resourceType':'Patient','name':['x']}"), "Patient.name[0]: Here stands a value where FHIR has an object.");
  EXPECT_EQ(written("{'resourceType':'Patient','contained':[{'id':'x'}]}"),
            "Patient.contained[0]: This is not a resource of FHIR R4.");
}

}  // namespace
}  // namespace vardbron::fhir
