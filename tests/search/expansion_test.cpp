#include "gateway/search/expansion.h"

#include "r4.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <string>

namespace vardbron::search {
namespace {

Operand code(std::string system, std::string value) {
  Operand operand;
  operand.any_system = false;
  operand.system = std::move(system);
  operand.value = std::move(value);
  return operand;
}

std::string codes(const Result<std::vector<Operand>>& expanded) {
  if (!expanded) return expanded.failure().says;
  std::vector<std::string> all;
  for (const Operand& operand : *expanded) {
    EXPECT_FALSE(operand.any_system);
    all.push_back(operand.value);
  }
  std::sort(all.begin(), all.end());
  std::string text;
  for (const std::string& each : all) text += (text.empty() ? "" : " ") + each;
  return text;
}

constexpr std::string_view act_class = "http://terminology.hl7.org/CodeSystem/v3-ActCode";
constexpr std::string_view task_status = "http://hl7.org/fhir/task-status";

TEST(Expansion, ListsTheCodesOfAValueSet) {
  Result<std::vector<Operand>> genders = codes_in(r4(), "http://hl7.org/fhir/ValueSet/administrative-gender", "gender:in");
  EXPECT_EQ(codes(genders), "female male other unknown");
  EXPECT_EQ(genders->front().system, "http://hl7.org/fhir/administrative-gender");
  EXPECT_EQ(codes(codes_in(r4(), "http://hl7.org/fhir/ValueSet/administrative-gender|4.0.1", "gender:in")),
            "female male other unknown");
}

TEST(Expansion, SaysWhyAValueSetHasNoCodes) {
  Result<std::vector<Operand>> unknown = codes_in(r4(), "http://a.example/ValueSet/x", "code:in");
  EXPECT_EQ(
      unknown.failure(),
      (Failure{Cause::Invalid, "This gateway has no such value set; those of FHIR R4 are there by their URLs.", "code:in"}));
  EXPECT_EQ(codes_in(r4(), "http://hl7.org/fhir/ValueSet/condition-code", "code:in").failure().cause, Cause::Unsupported);
  EXPECT_EQ(codes_in(r4(), "http://hl7.org/fhir/ValueSet/mimetypes", "code:in").failure().cause, Cause::Unsupported);
}

TEST(Expansion, FollowsTheHierarchyOfACodeSystem) {
  const std::string inpatient = codes(codes_around(r4(), code(std::string(act_class), "IMP"), Modifier::Below, "class:below"));
  EXPECT_EQ(inpatient, "ACUTE IMP NONAC");
  const std::string above = codes(codes_around(r4(), code(std::string(act_class), "ACUTE"), Modifier::Above, "class:above"));
  EXPECT_NE(above.find("IMP"), std::string::npos) << above;
  EXPECT_EQ(above.find("NONAC"), std::string::npos) << above;
  EXPECT_EQ(codes(codes_around(r4(), code(std::string(task_status), "requested"), Modifier::Below, "status:below")), "requested")
      << "a flat system";
}

TEST(Expansion, SaysWhyACodeHasNoPlaceInAHierarchy) {
  Operand without_system;
  without_system.value = "IMP";
  EXPECT_EQ(codes(codes_around(r4(), without_system, Modifier::Below, "class:below")), "Here the value is system|code.");
  EXPECT_EQ(codes(codes_around(r4(), code("", "IMP"), Modifier::Below, "class:below")), "Here the value is system|code.");
  EXPECT_EQ(codes(codes_around(r4(), code("urn:x", "IMP"), Modifier::Below, "class:below")),
            "This gateway has no such code system; those of FHIR R4 are there by their URLs.");
  EXPECT_EQ(codes(codes_around(r4(), code(std::string(task_status), "requestedd"), Modifier::Above, "status:above")),
            "The code system has no such code.");
}

}  // namespace
}  // namespace vardbron::search
