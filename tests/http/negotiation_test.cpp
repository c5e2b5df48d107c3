#include "gateway/http/negotiation.h"

#include <gtest/gtest.h>

#include <array>
#include <vector>

namespace vardbron::http {
namespace {

constexpr std::array<std::string_view, 3> offered = {"application/fhir+json", "application/fhir+xml", "text/html"};

TEST(Negotiation, GivesTheOfferWithTheGreatestWeightThenTheOneNamedFirst) {
  struct Case {
    const char* accept;
    const char* chosen;
  };
  const std::vector<Case> cases = {
      {"", "application/fhir+json"},
      {"*/*", "application/fhir+json"},
      {"application/fhir+xml", "application/fhir+xml"},
      {"APPLICATION/FHIR+XML;charset=utf-8", "application/fhir+xml"},
      {"application/*", "application/fhir+json"},
      {"text/*, application/fhir+json", "text/html"},
      {"image/png, */*;q=0.1", "application/fhir+json"},
      {"image/png", ""},
      {"application/fhir+json;q=0, application/*", "application/fhir+xml"},
      {"*/*;q=0", ""},
      {"application/fhir+json ; q=0.000 , text/html", "text/html"},
      {"appl*", ""},
      {"application/fhir+json;q=0.5, application/fhir+xml", "application/fhir+xml"},
      {"application/fhir+json;q=0.5, application/fhir+xml;q=0.501", "application/fhir+xml"},
      {"text/html;q=0.2, application/*;q=0.3", "application/fhir+json"},
      {"*/*;q=0.9, application/fhir+json;q=0.1", "application/fhir+xml"},
      {"application/*;q=0.1, application/fhir+xml;q=1.000, */*;q=1", "application/fhir+xml"},
      {"application/fhir+xml;q=nonsense, application/fhir+json;q=0.9", "application/fhir+xml"},
  };
  for (const Case& one : cases) EXPECT_EQ(acceptable({{"Accept", one.accept}}, offered), one.chosen) << one.accept;
}

TEST(Negotiation, TellsTheVersionsOfOneTypeApart) {
  constexpr std::array<std::string_view, 4> versions = {
      "application/fhir+json; fhirVersion=4.0", "application/fhir+xml; fhirVersion=4.0", "application/fhir+json; fhirVersion=5.0",
      "application/fhir+xml; fhirVersion=5.0"};
  struct Case {
    const char* accept;
    const char* chosen;
  };
  const std::vector<Case> cases = {
      {"", "application/fhir+json; fhirVersion=4.0"},
      {"*/*", "application/fhir+json; fhirVersion=4.0"},
      {"application/fhir+xml", "application/fhir+xml; fhirVersion=4.0"},
      {"application/fhir+json; fhirVersion=5.0", "application/fhir+json; fhirVersion=5.0"},
      {"application/fhir+xml;fhirversion=\"5.0\"", "application/fhir+xml; fhirVersion=5.0"},
      {"application/fhir+json; fhirVersion=4.0.1", "application/fhir+json; fhirVersion=4.0"},
      {"application/fhir+json; fhirVersion=5.0.0; charset=utf-8", "application/fhir+json; fhirVersion=5.0"},
      {"application/fhir+json; fhirVersion=5", ""},
      {"application/fhir+json; fhirVersion=5.01", ""},
      {"application/fhir+json; fhirVersion=4.3", ""},
      {"application/fhir+json; fhirVersion=4.3, */*;q=0.1", "application/fhir+json; fhirVersion=4.0"},
      {"application/fhir+json; fhirVersion=5.0;q=0.5, application/fhir+json", "application/fhir+json; fhirVersion=4.0"},
      {"application/fhir+json;q=0.5, application/fhir+json; fhirVersion=5.0", "application/fhir+json; fhirVersion=5.0"},
      {"application/fhir+json; fhirVersion=4.0;q=0, application/fhir+json", "application/fhir+json; fhirVersion=5.0"},
  };
  for (const Case& one : cases) EXPECT_EQ(acceptable({{"Accept", one.accept}}, versions), one.chosen) << one.accept;
}

TEST(Negotiation, ReadsSeveralAcceptFieldsAsOne) {
  Fields fields = {{"Accept", "image/png"}, {"accept", "application/fhir+xml"}};

  EXPECT_EQ(acceptable(fields, offered), "application/fhir+xml");
  EXPECT_EQ(acceptable({}, offered), "application/fhir+json");
}

TEST(Negotiation, TakesATypeAndItsParametersApart) {
  EXPECT_EQ(media_type(" Application/FHIR+json ; fhirVersion=4.0"), "application/fhir+json");
  EXPECT_EQ(media_parameter("application/fhir+json; fhirVersion=\"4.0\"; charset = UTF-8", "charset"), "UTF-8");
  EXPECT_EQ(media_parameter("application/fhir+json; fhirVersion=\"4.0\"", "FHIRVERSION"), "4.0");
  EXPECT_EQ(media_parameter("text/plain", "charset"), "");
}

TEST(Negotiation, FindsPreferencesInOneOrManyFields) {
  Fields fields = {{"Prefer", "respond-async, wait=10"}, {"prefer", "return=\"OperationOutcome\"; x=y, handling=strict"}};

  EXPECT_EQ(preference(fields, "respond-async"), "true");
  EXPECT_EQ(preference(fields, "wait"), "10");
  EXPECT_EQ(preference(fields, "Return"), "OperationOutcome");
  EXPECT_EQ(preference(fields, "handling"), "strict");
  EXPECT_EQ(preference(fields, "absent"), "");
}

}  // namespace
}  // namespace vardbron::http
