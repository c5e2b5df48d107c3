#include "gateway/fhir/reference.h"

#include "json_text.h"

#include <gtest/gtest.h>

namespace vardbron::fhir {
namespace {

using Form = Reference::Form;

TEST(Reference, IsTakenApart) {
  struct Row {
    std::string_view literal;
    Form form;
    std::string_view base, type, id, version;
  };
  for (const Row& row : {Row{"", Form::None, "", "", "", ""}, Row{"Patient/1", Form::Relative, "", "Patient", "1", ""},
                         Row{"Patient/1/_history/2", Form::Relative, "", "Patient", "1", "2"},
                         Row{"https://a.se/fhir/Task/x-1", Form::Absolute, "https://a.se/fhir", "Task", "x-1", ""},
                         Row{"http://a.se/Task/1/_history/3", Form::Absolute, "http://a.se", "Task", "1", "3"},
                         Row{"urn:uuid:c757873d-ec9a-4326-a141-556f43239520", Form::Urn, "", "", "", ""},
                         Row{"#p1", Form::Contained, "", "", "p1", ""}, Row{"#", Form::Container, "", "", "", ""},
                         Row{"patient/1", Form::Other, "", "", "", ""}, Row{"Patient", Form::Other, "", "", "", ""},
                         Row{"a/Patient/1", Form::Other, "", "", "", ""}, Row{"Patient/a_b", Form::Other, "", "", "", ""},
                         Row{"http://Patient/1", Form::Other, "", "", "", ""}, Row{"/Patient/1", Form::Other, "", "", "", ""},
                         Row{"http://a.se/things?x=1", Form::Other, "", "", "", ""}}) {
    Reference made = parse_reference(row.literal);
    EXPECT_EQ(made.form, row.form) << row.literal;
    EXPECT_EQ(made.base, row.base) << row.literal;
    EXPECT_EQ(made.type, row.type) << row.literal;
    EXPECT_EQ(made.id, row.id) << row.literal;
    EXPECT_EQ(made.version, row.version) << row.literal;
  }
}

TEST(Reference, IsLogicalWhenOnlyAnIdentifierStands) {
  tree::Document document = from_json(
      "{'resourceType':'Task','owner':{'type':'Organization','identifier':{'system':'urn:oid:1.2.752.29.4.19','value':'SE1-X'}},"
      "'for':{'reference':'Patient/1','identifier':{'value':'2'}},'focus':{'display':'none'}}");

  Reference owner = read_reference(root(document).child("owner"));
  EXPECT_EQ(owner.form, Form::Logical);
  EXPECT_EQ(owner.type, "Organization");
  EXPECT_EQ(owner.identifier_value, "SE1-X");
  EXPECT_EQ(local_reference(owner), "");

  Reference patient = read_reference(root(document).child("for"));
  EXPECT_EQ(patient.form, Form::Relative);
  EXPECT_EQ(patient.identifier_value, "2");
  EXPECT_EQ(local_reference(patient), "Patient/1");

  EXPECT_EQ(read_reference(root(document).child("focus")).form, Form::None);
  EXPECT_EQ(read_reference({}).form, Form::None);
}

}  // namespace
}  // namespace vardbron::fhir
