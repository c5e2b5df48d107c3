#include "gateway/mapping/run/source.h"
#include "gateway/tree/path.h"
#include "r4.h"
#include "tests/mapping/workshop.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace vardbron::mapping {
namespace {

struct Source {
  const char* content_type;
  const char* body;
  const char* path;
  const char* text;
};

class ReadSource : public testing::TestWithParam<Source> {};

TEST_P(ReadSource, GivesATreeMapsWorkOn) {
  Result<tree::Document> document = read_source(GetParam().content_type, GetParam().body, r4());
  ASSERT_TRUE(document) << document.failure().says;

  const tree::NodeId node = find(*document, GetParam().path);
  ASSERT_NE(node, tree::no_node);
  EXPECT_EQ(document->text(node), GetParam().text);
  EXPECT_TRUE(document->keeps_positions() || document->namespace_of(0).empty());
}

constexpr const char* patient_json = R"({"resourceType":"Patient","name":[{"family":"Berg"}]})";
constexpr const char* patient_xml = R"(<Patient xmlns="http://hl7.org/fhir"><name><family value="Berg"/></name></Patient>)";
constexpr const char* message = "MSH|^~\\&|A||||20261122||ADT^A01|1|P|2.5.1\rPID|1||4711||Berg\r";

INSTANTIATE_TEST_SUITE_P(ByContentType, ReadSource,
                         testing::Values(Source{"application/fhir+json", patient_json, "Patient.name[0].family", "Berg"},
                                         Source{"application/fhir+xml", patient_xml, "Patient.name[0].family", "Berg"},
                                         Source{"application/xml", "<Export><id>1</id></Export>", "Export.id", "1"},
                                         Source{"x-application/hl7-v2+er7", message, "ADT_A01.PID.f5[0].c1.s1", "Berg"},
                                         Source{"text/csv", "id;namn\n1;Berg\n", "csv.record[0].namn", "Berg"},
                                         Source{"text/csv; charset=iso-8859-15", "id\n\xA4\n", "csv.record[0].id", "€"}));

INSTANTIATE_TEST_SUITE_P(ByWhatItBeginsWith, ReadSource,
                         testing::Values(Source{"", patient_json, "Patient.name[0].family", "Berg"},
                                         Source{"text/plain", message, "ADT_A01.PID.f3[0].c1", "4711"},
                                         Source{"", "<Export><id>1</id></Export>", "Export.id", "1"}));

TEST(ReadSource, RefusesWhatNothingTells) {
  Result<tree::Document> document = read_source("text/plain", "id;namn\n1;Berg\n", r4());

  ASSERT_FALSE(document);
  EXPECT_EQ(document.failure().cause, Cause::Unsupported);
}

TEST(ReadSource, TellsWhatItTolerated) {
  tree::Notes notes;
  Result<tree::Document> document =
      read_source("", "MSH|^~\\&|A||||20261122||ADT^A01^ADT_A01|1|P|2.5.1\nPID|1\nTXA|1\n", r4(), {0, &notes});

  ASSERT_TRUE(document);
  ASSERT_EQ(notes.size(), 2u);
  EXPECT_EQ(notes[0].says, "Segments end in a line feed; the standard's end is a carriage return.");
  EXPECT_EQ(notes[1].says, "The segment TXA is not where its message has it.");
}

struct Message {
  const char *content_type, *body, *expected, *says;
};

TEST(Misfit, IsSaidOfWhatNamesItselfOtherwise) {
  Workshop workshop;
  workshop.model("Export\n  id 0..1 string");
  workshop.model("Named\n  resourceType 0..1 string");
  ASSERT_EQ(workshop.build(), "");
  const fhir::Definitions& definitions = workshop.library().definitions();
  for (const Message& row : {
           Message{"", patient_json, "Patient", ""},
           Message{"", patient_json, "Resource", ""},
           Message{"", patient_json, "Observation", "This is a resource of type 'Patient', but the map takes 'Observation'."},
           Message{"", patient_json, "Export", "This is a resource of type 'Patient', but the map takes 'Export'."},
           Message{"", patient_json, "Named", ""},
           Message{"", patient_json, "HumanName", ""},
           Message{"", R"({"resourceType":"Patiet"})", "Patient",
                   "This is a resource of type 'Patiet', but the map takes 'Patient'."},
           Message{"", R"({"resourceType":"http://hl7.org/fhir/StructureDefinition/Patient"})", "Patient", ""},
           Message{"", R"({"id":"1"})", "Patient", ""},
           Message{"", R"({"id":"1"})", "Export", ""},
           Message{"", patient_xml, "Patient", ""},
           Message{"", patient_xml, "Bundle", "This is a resource of type 'Patient', but the map takes 'Bundle'."},
           Message{"", "<Patient><id value='1'/></Patient>", "Patient",
                   "The root element 'Patient' is not in FHIR's namespace; write xmlns=\"http://hl7.org/fhir\"."},
           Message{"", "<Export><id>1</id></Export>", "Export", ""},
           Message{"", "<Export xmlns='urn:any'><id>1</id></Export>", "Export", ""},
           Message{"", "<Import><id>1</id></Import>", "Export", "The root element is 'Import', but the map takes 'Export'."},
           Message{"", "<Import><id>1</id></Import>", "Patient", "The root element is 'Import', but the map takes 'Patient'."},
           Message{"text/csv", "id\n1\n", "Export", ""},
       }) {
    Result<tree::Document> document = read_source(row.content_type, row.body, definitions);
    ASSERT_TRUE(document) << row.body;
    EXPECT_EQ(misfit(tree::root(*document), definitions.find_type(row.expected), definitions), row.says)
        << row.body << " as " << row.expected;
  }
}

TEST(Misfit, IsNotSaidWhereAMapTakesAnything) {
  Result<tree::Document> document = read_source("", "<Import/>", r4());
  ASSERT_TRUE(document);

  EXPECT_EQ(misfit(tree::root(*document), 0, r4()), "");
}

// Elements that a map reads have the same path in many structures (mappings/hl7v2-adt/adt-with-movement.json).
TEST(Misfit, LeavesTheStructuresOfHl7v2ToTheMap) {
  Result<tree::Document> document = read_source("", message, r4());
  ASSERT_TRUE(document) << document.failure().says;

  const fhir::TypeId other = r4().find_type("https://vardbron.example/v2/ADT_A03");
  EXPECT_EQ(misfit(tree::root(*document), other, r4()), "");
  for (const char* body : {patient_json, patient_xml}) {
    Result<tree::Document> patient = read_source("", body, r4());
    ASSERT_TRUE(patient);
    EXPECT_EQ(misfit(tree::root(*patient), other, r4()), "This is a 'Patient', but the map takes an HL7 v2 message.");
  }
  EXPECT_EQ(misfit(tree::root(*document), r4().find_type("Patient"), r4()),
            "This is an HL7 v2 message, but the map takes 'Patient'.");
}

TEST(Misfit, IsARefusalWithThePlaceOfTheRoot) {
  Workshop workshop;
  workshop.map("m.fml",
               "/// url = 'http://test/m'\nuses \"http://hl7.org/fhir/StructureDefinition/Patient\" alias Patient as source\n"
               "group g(source src : Patient, target tgt : Basic) {\n  src.id as id -> tgt.id = id;\n}\n");
  ASSERT_EQ(workshop.build(), "");

  EXPECT_EQ(workshop.run("http://test/m", {R"({"resourceType":"Observation","id":"1"})"}),
            "!Observation (1:1): This is a resource of type 'Observation', but the map takes 'Patient'.");
  EXPECT_EQ(workshop.run("http://test/m", {R"({"resourceType":"Patient","id":"1"})"}), R"({"resourceType":"Basic","id":"1"})");
}

}  // namespace
}  // namespace vardbron::mapping
