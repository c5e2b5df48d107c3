#include "tests/fhirpath/fixture.h"

#include <gtest/gtest.h>

#include <string>

// Concern: which Quantities of FHIR data are quantities of FHIRPath, and what 'a' and 'mo' mean in them (FHIR R4
// fhirpath.html#quantity).
namespace vardbron::fhirpath {
namespace {

using testing::expect_all;
using testing::parse_json;

/// An Observation with this Quantity, and with 3 of the same as its reference range.
tree::Document an_observation(std::string_view rest, std::string_view value = "4") {
  const auto quantity = [&](std::string_view amount) { return R"({"value": )" + std::string(amount) + std::string(rest) + "}"; };
  return parse_json(R"({"resourceType": "Observation", "status": "final", "code": {"text": "x"}, "valueQuantity": )" +
                    quantity(value) + R"(, "referenceRange": [{"low": )" + quantity("3") + "}]}");
}

TEST(FhirQuantity, OfUcumIsAQuantityOfFhirPath) {
  const tree::Document document = an_observation(R"(, "unit": "milligram", "system": "http://unitsofmeasure.org", "code": "mg")");
  expect_all({{"value = 4 'mg'", "true"}, {"value > 3 'mg'", "true"}, {"value + 1 'g'", "1004 'mg'"}}, {.document = &document});
}

TEST(FhirQuantity, OfAnotherSystemOrWithoutCodeIsNone) {
  for (std::string_view rest :
       {R"(, "unit": "mg", "code": "mg", "system": "http://example.org/our-units")", R"(, "unit": "mg", "code": "mg")",
        R"(, "unit": "mg")", "", R"(, "unit": "mg", "system": "http://unitsofmeasure.org")"}) {
    const tree::Document document = an_observation(rest);
    expect_all({{"value = 4 'mg'", ""},
                {"value != 4 'mg'", ""},
                {"value ~ 4 'mg'", "false"},
                {"value > 3 'mg'", ""},
                {"value + 1 'mg'", ""},
                {"value * 2", ""},
                {"value.value", "4"},
                {"value > referenceRange.low", "true"},
                {"value = referenceRange.low", "false"},
                {"value = value", "true"}},
               {.document = &document});
  }
}

TEST(FhirQuantity, OrdersOnlyWithinOneUnitOfItsOwn) {
  const tree::Document document = parse_json(
      R"({"resourceType": "Observation", "status": "final", "code": {"text": "x"}, "valueQuantity": {"value": 4, "unit": "mg"},
          "referenceRange": [{"low": {"value": 3, "unit": "g"}, "high": {"value": 5, "unit": "mg", "comparator": "<"}}]})");
  expect_all({{"value > referenceRange.low", ""}, {"value < referenceRange.high", ""}}, {.document = &document});
}

TEST(FhirQuantity, WithYearsOfUcumCountsByTheCalendar) {
  const tree::Document document = an_observation(R"(, "unit": "yr", "system": "http://unitsofmeasure.org", "code": "a")", "1");
  expect_all({{"value = 1 year", "true"},
              {"value + 1 year = 2 years", "true"},
              {"1 year + value = 2 years", "true"},
              {"value - 1 year", "0 year"},
              {"value * 2 = 2 years", "true"},
              {"@2025 + value", "2026"},
              {"@2025 + value * 2", "2027"},
              {"@2025 + 2 * value", "2027"},
              {"@2025 + value / 1", "2026"},
              {"@2025 + (value + value)", "2027"},
              {"value * 1 'm'", "1 'a.m'"}},
             {.document = &document});
}

}  // namespace
}  // namespace vardbron::fhirpath
