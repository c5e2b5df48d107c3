#include "gateway/fhir/plain_conversion.h"

#include "gateway/formats/json/write.h"
#include "gateway/formats/xml/parse.h"
#include "gateway/tree/path.h"

#include <gtest/gtest.h>

#include <string>

namespace vardbron::fhir {
namespace {

std::string shaped(const std::string& text) {
  tree::Names names;
  Result<tree::Document> xml = xml::parse(text, names, {});
  if (!xml) return "!" + xml.failure().says;
  return json::write(from_plain_xml(*xml, text, names), {.pretty = false, .fhir = false});
}

struct ShapeCase {
  const char *name, *xml, *json;
};

class PlainShapeOf : public testing::TestWithParam<ShapeCase> {};

TEST_P(PlainShapeOf, AResourceIsThatOfItsJson) { EXPECT_EQ(shaped(GetParam().xml), GetParam().json); }

INSTANTIATE_TEST_SUITE_P(
    Table, PlainShapeOf,
    testing::Values(
        ShapeCase{"Values", R"(<Basic xmlns="http://hl7.org/fhir"><id value="a"/><language value="sv"/></Basic>)",
                  R"({"resourceType":"Basic","id":["a"],"language":["sv"]})"},
        ShapeCase{"Nesting", R"(<Basic xmlns="http://hl7.org/fhir"><code><coding><code value="x"/></coding></code></Basic>)",
                  R"({"resourceType":"Basic","code":[{"coding":[{"code":["x"]}]}]})"},
        ShapeCase{"Lists", R"(<Basic xmlns="http://hl7.org/fhir"><a value="1"/><a value="2"/></Basic>)",
                  R"({"resourceType":"Basic","a":["1","2"]})"},
        ShapeCase{"ContainedLosesItsWrapper",
                  R"(<Basic xmlns="http://hl7.org/fhir"><contained><ConceptMap><id value="c"/></ConceptMap></contained></Basic>)",
                  R"({"resourceType":"Basic","contained":[{"resourceType":"ConceptMap","id":["c"]}]})"},
        ShapeCase{"TheUrlOfAnExtension",
                  R"(<Basic xmlns="http://hl7.org/fhir"><extension url="http://e"><valueCode value="x"/></extension></Basic>)",
                  R"({"resourceType":"Basic","extension":[{"url":"http://e","valueCode":["x"]}]})"},
        ShapeCase{"AttributesOfOtherNamespacesAreNoElements",
                  R"(<Basic xmlns="http://hl7.org/fhir" xmlns:q="http://q" q:hint="h"><id value="a"/></Basic>)",
                  R"({"resourceType":"Basic","id":["a"]})"},
        ShapeCase{"EmptyContained", R"(<Basic xmlns="http://hl7.org/fhir"><contained/></Basic>)",
                  R"({"resourceType":"Basic","contained":[{}]})"},
        ShapeCase{"OnlyARoot", R"(<StructureMap xmlns="http://hl7.org/fhir"/>)", R"({"resourceType":"StructureMap"})"},
        ShapeCase{"CharactersOfAllKinds", R"(<Basic xmlns="http://hl7.org/fhir"><id value="&lt;å&#10;&quot;"/></Basic>)",
                  R"({"resourceType":"Basic","id":["<å\n\""]})"}),
    [](const testing::TestParamInfo<ShapeCase>& of) { return std::string(of.param.name); });

TEST(PlainShape, KeepsAnExtensionBesideTheValueItStandsAt) {
  tree::Names names;
  const std::string text =
      R"(<Basic xmlns="http://hl7.org/fhir"><id value="a"><extension url="http://e"><valueCode value="x"/></extension></id></Basic>)";
  Result<tree::Document> xml = xml::parse(text, names, {});
  ASSERT_TRUE(xml.ok());

  const tree::Document shaped = from_plain_xml(*xml, text, names);

  const tree::Item id = tree::root(shaped).child("id");
  EXPECT_EQ(id.text(), "a");
  EXPECT_EQ(id.child("extension").text_of("url"), "http://e");
  EXPECT_EQ(id.child("extension").child("valueCode").text(), "x");
}

TEST(PlainShape, CarriesPositionsOfElementsToTheTree) {
  tree::Names names;
  const std::string text =
      "<Basic xmlns=\"http://hl7.org/fhir\">\n  <id value=\"a\"/>\n  <code>\n    <text value=\"t\"/>\n  </code>\n</Basic>";
  Result<tree::Document> xml = xml::parse(text, names, {.positions = true});
  ASSERT_TRUE(xml.ok());

  const tree::Document shaped = from_plain_xml(*xml, text, names);

  const tree::Item root = tree::root(shaped);
  EXPECT_EQ(shaped.position(root.child("id").node).line, 2u);
  EXPECT_EQ(shaped.position(root.child("code").node).line, 3u);
  EXPECT_EQ(shaped.position(root.child("code").child("text").node).line, 4u);
}

TEST(PlainShape, MayUseOtherNamesThanItsXml) {
  tree::Names of_xml, of_tree;
  const std::string text = R"(<Basic xmlns="http://hl7.org/fhir"><id value="a"/></Basic>)";
  Result<tree::Document> xml = xml::parse(text, of_xml, {});
  ASSERT_TRUE(xml.ok());

  const tree::Document shaped = from_plain_xml(*xml, text, of_tree);

  EXPECT_EQ(&shaped.names(), &of_tree);
  EXPECT_EQ(tree::root(shaped).text_of("id"), "a");
}

}  // namespace
}  // namespace vardbron::fhir
