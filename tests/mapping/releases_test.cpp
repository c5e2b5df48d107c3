#include "gateway/fhir/other_release.h"
#include "gateway/formats/json/parse.h"
#include "gateway/formats/json/write.h"
#include "gateway/mapping/compile/types.h"
#include "gateway/mapping/library.h"
#include "r4.h"
#include "r5.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <array>

// Concern: a copy of a whole type from one FHIR release to another neither loses nor gains an element.
namespace vardbron::mapping {
namespace {

using testing::Contains;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

/// R4's types with R5's added. Built once, since it takes time.
const fhir::Definitions& both() {
  static const fhir::Definitions definitions = [] {
    Result<fhir::Definitions> laid = r4().with_models(fhir::structures_of_other_release(r5(), r4()));
    CHECK(laid);
    return *std::move(laid);
  }();
  return definitions;
}

fhir::TypeId of_r4(const std::string& name) { return both().find_type(name); }
fhir::TypeId of_r5(const std::string& name) { return both().find_type(fhir::canonical_in_release("5.0", name)); }

struct Copy {
  std::string from, to, type, rules;
};

std::string uses(const std::string& release, const std::string& type, const std::string& mode, const std::string& alias) {
  return "uses 'http://hl7.org/fhir/" + release + "/StructureDefinition/" + type + "' alias " + alias + " as " + mode + "\n";
}

std::string run_copy(const Copy& copy, const std::string& input, std::string* lints = nullptr) {
  Library library(both());
  Result<void> added = library.add_map("m.fml", "map 'http://t/m' = 'm'\n" + uses(copy.from, copy.type, "source", "S") +
                                                    uses(copy.to, copy.type, "target", "T") +
                                                    "group main(source s : S, target t : T) {\n" + copy.rules + "\n}\n");
  if (!added) return "!" + added.failure().says;
  if (const std::vector<Failure> failures = library.build(); !failures.empty()) return "!" + failures[0].says;
  const Map& map = *library.maps().front();
  for (const Failure& lint : map.lints()) {
    EXPECT_EQ(lint.cause, Cause::Unsupported);
    if (lints != nullptr) *lints += lint.says + "\n";
  }
  Result<tree::Document> source = json::parse(input, library.definitions().names());
  if (!source) return "!" + source.failure().says;
  const std::array<tree::Item, 1> sources{tree::root(*source)};
  Result<tree::Document> target = run(map, sources, {});
  return target ? json::write(*target) : "!" + target.failure().says;
}

struct CopyCase {
  const char* name;
  Copy copy;
  std::string input, result;  ///< "!" and a part of what is said, where the run fails
};

class CopyBetweenReleases : public testing::TestWithParam<CopyCase> {};

TEST_P(CopyBetweenReleases, KeepsAllOrSaysWhatHasNoPlace) {
  const CopyCase& given = GetParam();
  const std::string result = run_copy(given.copy, given.input);
  if (given.result[0] == '!') {
    EXPECT_THAT(result, HasSubstr(given.result.substr(1)));
    EXPECT_EQ(result[0], '!');
  } else {
    EXPECT_EQ(result, given.result);
  }
}

const std::string request = R"({"resourceType":"MedicationRequest",)";

INSTANTIATE_TEST_SUITE_P(
    Table, CopyBetweenReleases,
    testing::Values(CopyCase{"WhatBothHave",
                             {"4.0", "5.0", "Patient", "s.name -> t.name;"},
                             R"({"resourceType":"Patient","name":[{"use":"old","given":["A","B"],"period":{"start":"2020"}}]})",
                             R"({"resourceType":"Patient","name":[{"use":"old","given":["A","B"],"period":{"start":"2020"}}]})"},
                    CopyCase{"ByAVariable",
                             {"5.0", "4.0", "Patient", "s.name as n -> t.name = n;"},
                             R"({"resourceType":"Patient","name":[{"family":"B"}]})",
                             R"({"resourceType":"Patient","name":[{"family":"B"}]})"},
                    CopyCase{"ByAnExpression",
                             {"4.0", "5.0", "Patient", "s -> t.name = (s.name.first());"},
                             R"({"resourceType":"Patient","name":[{"family":"B"}]})",
                             R"({"resourceType":"Patient","name":[{"family":"B"}]})"},
                    CopyCase{"AnElementTheOtherLacks",
                             {"4.0", "5.0", "MedicationRequest", "s.dosageInstruction -> t.dosageInstruction;"},
                             request + R"("dosageInstruction":[{"text":"a","asNeededBoolean":true}]})",
                             "!'asNeededBoolean' is no element of Dosage of FHIR 5.0"},
                    CopyCase{"ByAVariableToo",
                             {"4.0", "5.0", "MedicationRequest", "s.dosageInstruction as d -> t.dosageInstruction = d;"},
                             request + R"("dosageInstruction":[{"asNeededCodeableConcept":{"text":"x"}}]})",
                             "!'asNeededCodeableConcept' is no element of Dosage of FHIR 5.0"},
                    CopyCase{"WithoutTheElementItIsCopied",
                             {"4.0", "5.0", "MedicationRequest", "s.dosageInstruction -> t.dosageInstruction;"},
                             request + R"("dosageInstruction":[{"text":"a","doseAndRate":[{"doseQuantity":{"value":1.50}}]}]})",
                             request + R"("dosageInstruction":[{"text":"a","doseAndRate":[{"doseQuantity":{"value":1.50}}]}]})"},
                    CopyCase{"AnElementOfTheNewerRelease",
                             {"5.0", "4.0", "Patient", "s.photo -> t.photo;"},
                             R"({"resourceType":"Patient","photo":[{"url":"x","height":3}]})",
                             "!'height' is no element of Attachment of FHIR 4.0"},
                    CopyCase{"WithinAnExtension",
                             {"5.0", "4.0", "Patient", "s.name -> t.name;"},
                             R"({"resourceType":"Patient","name":[{"extension":[{"url":"u","valueAttachment":{"pages":3}}]}]})",
                             "!'pages' is no element of Attachment of FHIR 4.0"},
                    CopyCase{"PrimitivesAreTheSame",
                             {"4.0", "5.0", "Patient", "s.birthDate -> t.birthDate; s.active as a -> t.active = a;"},
                             R"({"resourceType":"Patient","active":true,"birthDate":"2001-02-03"})",
                             R"({"resourceType":"Patient","active":true,"birthDate":"2001-02-03"})"},
                    CopyCase{"AResourceWhole",
                             {"4.0", "5.0", "Patient", "s.contained as c -> t.contained = c;"},
                             R"({"resourceType":"Patient","contained":[{"resourceType":"Organization","name":"O"}]})",
                             R"({"resourceType":"Patient","contained":[{"resourceType":"Organization","name":"O"}]})"},
                    CopyCase{"OneReleaseOnly",
                             {"4.0", "4.0", "MedicationRequest", "s.dosageInstruction -> t.dosageInstruction;"},
                             request + R"("dosageInstruction":[{"asNeededBoolean":true}]})",
                             request + R"("dosageInstruction":[{"asNeededBoolean":true}]})"}),
    [](const auto& of) { return std::string(of.param.name); });

TEST(CopiesBetweenReleases, AreNotedWhereTheMapIsCompiled) {
  std::string lints;
  run_copy({"4.0", "5.0", "MedicationRequest", "s.dosageInstruction -> t.dosageInstruction; s.note -> t.note;"},
           request + R"("id":"x"})", &lints);

  EXPECT_THAT(lints, HasSubstr("Dosage of FHIR 4.0 has elements that FHIR 5.0 lacks (asNeeded : boolean, asNeeded : "
                               "CodeableConcept): a message with one of them is refused"));
  EXPECT_THAT(lints, Not(HasSubstr("Annotation")));
}

TEST(CopiesBetweenReleases, FindTheirCounterparts) {
  EXPECT_TRUE(are_of_two_releases(both(), of_r4("Patient"), of_r5("Patient")));
  EXPECT_FALSE(are_of_two_releases(both(), of_r4("Patient"), of_r4("DomainResource")));
  EXPECT_FALSE(are_of_two_releases(both(), of_r5("Age"), of_r5("Quantity")));
  EXPECT_EQ(counterpart(both(), of_r4("Patient"), of_r5("Resource")), of_r5("Patient"));
  EXPECT_EQ(counterpart(both(), of_r5("Patient"), of_r4("Patient")), of_r4("Patient"));
  EXPECT_EQ(counterpart(both(), of_r5("SubscriptionTopic"), of_r4("Resource")), 0u);
  EXPECT_EQ(release_of(both(), of_r4("Patient")) + release_of(both(), of_r5("Patient")), "4.05.0");
}

TEST(CopiesBetweenReleases, KnowWhatATypeLacks) {
  EXPECT_THAT(lacking_elements(both(), of_r4("HumanName"), of_r5("HumanName")), IsEmpty());
  EXPECT_THAT(lacking_elements(both(), of_r5("Attachment"), of_r4("Attachment")), Contains("height"));
  EXPECT_THAT(lacking_elements(both(), of_r4("MedicationRequest"), of_r5("MedicationRequest")),
              Contains("medication : CodeableConcept"));
}

}  // namespace
}  // namespace vardbron::mapping
