#include "gateway/fhir/definitions.h"
#include "r4.h"
#include "r5.h"

#include <gtest/gtest.h>

#include <map>
#include <set>
#include <string>
#include <string_view>

// Concern: the second table: same layout, other release, opened on request only.
namespace vardbron::fhir {
namespace {

TypeId type(std::string_view name) { return r5().find_type(name); }

std::string led_to(std::string_view from, std::string_view name) {
  Step step = r5().step(type(from), r5().names().find(name));
  if (!step) return "";
  return step.type == 0 ? "several" : std::string(r5().name(step.type));
}

TEST(DefinitionsOfR5, HoldTheWholeOfR5) {
  std::map<TypeKind, int> kinds;
  for (TypeId id : r5().all_types()) {
    if (!r5().canonical(id).starts_with("https://vardbron.example/v2/")) ++kinds[r5().kind(id)];
  }
  EXPECT_EQ(r5().version(), "5.0.0");
  EXPECT_EQ(kinds[TypeKind::Resource], 162);
  EXPECT_EQ(kinds[TypeKind::Primitive], 21);
  EXPECT_EQ(kinds[TypeKind::Logical], 0);
  EXPECT_GT(r5().value_sets(), 500u);
}

TEST(DefinitionsOfR5, KnowWhatR5Changed) {
  struct Row {
    std::string_view from, name, expected;
  };
  for (const Row& row : {Row{"Encounter", "actualPeriod", "Period"},
                         {"Encounter", "period", ""},
                         {"Encounter", "class", "CodeableConcept"},
                         {"MedicationRequest", "medication", "CodeableReference"},
                         {"Attachment", "size", "integer64"},
                         {"Observation", "value", "several"},
                         {"Observation", "valueQuantity", "Quantity"},
                         {"Bundle", "issues", "Resource"},
                         {"Patient.contact", "name", "HumanName"},
                         {"StructureMap.group.rule.target", "transform", "code"}})
    EXPECT_EQ(led_to(row.from, row.name), row.expected) << row.from << "." << row.name;
}

TEST(DefinitionsOfR5, StandOnBase) {
  for (auto [below, above] : {std::pair{"Patient", "Base"},
                              {"Element", "Base"},
                              {"string", "PrimitiveType"},
                              {"code", "string"},
                              {"HumanName", "DataType"},
                              {"Timing", "BackboneType"},
                              {"Patient.contact", "BackboneElement"}})
    EXPECT_TRUE(r5().is_a(type(below), type(above))) << below;
  EXPECT_EQ(r5().base(type("Base")), 0u);
  EXPECT_EQ(r4().find_type("Base"), 0u);
}

TEST(DefinitionsOfR5, ReadPrimitivesAsTheTypesOfTheLanguage) {
  for (auto [primitive, system] : {std::pair{"integer64", "System.Long"},
                                   {"positiveInt", "System.Integer"},
                                   {"unsignedInt", "System.Integer"},
                                   {"code", "System.String"},
                                   {"instant", "System.DateTime"},
                                   {"Age", "System.Quantity"}})
    EXPECT_EQ(r5().name(r5().system_type(type(primitive))), system) << primitive;
  // FHIR R5 json.html#primitive: integer64 is written as a text.
  EXPECT_EQ(r5().json_kind(type("integer64")), tree::Kind::String);
}

TEST(DefinitionsOfR5, MayBothBeOpenAtOnce) {
  EXPECT_NE(r4().find_type("DeviceUseStatement"), 0u);
  EXPECT_EQ(r5().find_type("DeviceUseStatement"), 0u);
  EXPECT_NE(r4().names().find("actualPeriod"), r5().names().find("actualPeriod"));
}

TEST(DefinitionsOfR5, SaveWhereAnElementRefersToAnother) {
  Step rule = r5().step(type("StructureMap.group.rule"), r5().names().find("rule"));
  ASSERT_TRUE(rule);
  EXPECT_EQ(r5().name(rule.type), "StructureMap.group.rule");
}

}  // namespace
}  // namespace vardbron::fhir
