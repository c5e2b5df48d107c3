#include "gateway/search/compartment.h"

#include "gateway/search/parameter.h"
#include "gateway/search/served.h"
#include "json_text.h"
#include "r4.h"

#include <gtest/gtest.h>

#include <fstream>
#include <iterator>
#include <map>
#include <span>
#include <vector>

namespace vardbron::search {
namespace {

TEST(PatientCompartment, IsFoundByReferencesOfItsTypes) {
  Result<Compartment> read = read_compartment("Patient/p1", "CarePlan");
  ASSERT_TRUE(read.ok());
  EXPECT_EQ(read->reference, "Patient/p1");
  EXPECT_EQ(read->parameters, (std::vector<std::string>{"patient", "performer"}));
  for (std::string_view type : served()) {
    for (std::string_view code : patient_parameters(type)) {
      const fhir::TypeId id = r4().find_type(type);
      const fhir::SearchParameter* parameter = find_parameter(r4(), id, code);
      ASSERT_NE(parameter, nullptr) << type << "." << code;
      std::optional<ParameterPaths> paths = compile_parameter(r4(), id, *parameter);
      ASSERT_TRUE(paths) << type << "." << code;
      EXPECT_EQ(paths->kind, KeyKind::Reference) << type << "." << code;
    }
  }
}

TEST(PatientCompartment, IsThatOfTheStandard) {
  std::ifstream file(VARDBRON_PACKAGE "/CompartmentDefinition-patient.json");
  if (!file) GTEST_SKIP() << "HL7's package is not here; the tables are another build's";
  const tree::Document definition = from_json({std::istreambuf_iterator<char>(file), {}});
  std::map<std::string_view, std::vector<std::string_view>> published;
  for (tree::Item row = tree::root(definition).first_child(); row; row = row.next()) {
    if (row.name_text() != "resource") continue;
    for (tree::Item each = row.first_child(); each; each = each.next()) {
      if (each.name_text() == "param") published[row.text_of("code")].push_back(each.text());
    }
  }
  EXPECT_GT(published.size(), 60u);
  for (std::string_view type : served()) {
    const std::span<const std::string_view> ours = patient_parameters(type);
    EXPECT_EQ(std::vector<std::string_view>(ours.begin(), ours.end()), published[type]) << type;
  }
}

TEST(PatientCompartment, RefusesWhatIsNone) {
  EXPECT_EQ(read_compartment("Patient/p1", "Task").failure().says, "In FHIR R4 no Task is in the compartment of a Patient.");
  EXPECT_EQ(read_compartment("Encounter/e1", "Communication").failure().cause, Cause::Unsupported);
  for (const char* wrong : {"Patient", "Patient/", "p1", "", "Patient/p1/_history/2", "https://a.example/Patient/1", "#p1"})
    EXPECT_EQ(read_compartment(wrong, "CarePlan").failure().cause, Cause::Invalid) << wrong;
}

}  // namespace
}  // namespace vardbron::search
