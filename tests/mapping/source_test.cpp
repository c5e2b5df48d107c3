#include "gateway/mapping/source.h"

#include "gateway/tree/path.h"
#include "r4.h"

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
  std::vector<std::string> notes;
  Result<tree::Document> document =
      read_source("", "MSH|^~\\&|A||||20261122||ADT^A01^ADT_A01|1|P|2.5.1\nPID|1\nTXA|1\n", r4(), &notes);

  ASSERT_TRUE(document);
  EXPECT_EQ(notes, (std::vector<std::string>{"Segments end in a line feed; the standard's end is a carriage return.",
                                             "The segment TXA is not where its message has it."}));
}

}  // namespace
}  // namespace vardbron::mapping
