#include "tests/fhirpath/fixture.h"

#include <gtest/gtest.h>

// Concern: equality (=) and equivalence (~) of FHIR elements; fhirpath.html#changes.
namespace vardbron::fhirpath {
namespace {

using testing::answer;
using testing::Row;

const tree::Document& an_observation() {
  static const tree::Document document = testing::parse_json(R"({
    "resourceType": "Observation", "id": "o1", "status": "final",
    "code": {"id": "c1", "text": "Weight", "coding": [
      {"id": "k1", "system": "http://loinc.org", "code": "29463-7", "display": "Body weight", "version": "2.70"},
      {"system": "http://snomed.info/sct", "code": "27113001"}]},
    "category": [
      {"text": "weight, short", "coding": [{"system": "http://loinc.org", "code": "29463-7", "userSelected": true}]},
      {"coding": [{"system": "http://loinc.org", "code": "3141-9"}]},
      {"coding": [{"code": "29463-7"}]},
      {"text": "Weight"}, {"text": "weight"}],
    "identifier": [
      {"id": "i1", "system": "urn:x", "value": "1"}, {"id": "i2", "system": "urn:x", "value": "1"},
      {"system": "urn:x", "value": "1", "type": {"coding": [{"system": "http://loinc.org", "code": "29463-7"}]}},
      {"system": "urn:x", "value": "1", "type": {"coding": [
        {"system": "urn:y", "code": "z"}, {"system": "http://loinc.org", "code": "29463-7", "display": "W"}]}},
      {"system": "urn:X", "value": "1"}, {"value": "1", "system": "urn:x"}],
    "effectivePeriod": {"start": "2020-01-01", "end": "2020-01-02"},
    "component": [
      {"code": {"text": "a"}, "valuePeriod": {"end": "2020-01-02", "start": "2020-01-01"}},
      {"code": {"text": "b"}, "valuePeriod": {"start": "2020-01", "end": "2020-01-02"}},
      {"code": {"text": "c"}, "valueQuantity": {"value": 2, "system": "http://unitsofmeasure.org", "code": "g", "unit": "gram"}},
      {"code": {"text": "d"}, "valueQuantity": {"value": 2000, "system": "http://unitsofmeasure.org", "code": "mg"}}]})");
  return document;
}

void expect_all(std::initializer_list<Row> rows) { testing::expect_all(rows, {.document = &an_observation()}); }

TEST(FhirPathEquivalence, OfCodingsAsksForSystemAndCodeAlone) {
  expect_all({{"code.coding[0] ~ category[0].coding[0]", "true"},
              {"code.coding[0] = category[0].coding[0]", "false"},
              {"code.coding[0] ~ category[1].coding[0]", "false"},
              {"code.coding[0] ~ category[2].coding[0]", "false"},
              {"code.coding[0] !~ code.coding[1]", "true"},
              {"code.coding ~ (code.coding[1] | code.coding[0])", "true"}});
}

TEST(FhirPathEquivalence, OfConceptsIsACodingTheyShare) {
  expect_all({{"code ~ category[0]", "true"},
              {"category[0] ~ code", "true"},
              {"code ~ category[1]", "false"},
              {"code ~ category[2]", "false"},
              {"code = code", "true"},
              {"code ~ code", "true"},
              {"category[3] ~ category[4]", "false"},
              {"category.where($this ~ %context.code).text", "weight, short"}});
}

TEST(FhirPathEquivalence, PassesOverIdsWhichEqualityDoesNot) {
  expect_all({{"identifier[0] ~ identifier[1]", "true"},
              {"identifier[0] = identifier[1]", "false"},
              {"identifier[0] ~ identifier[5]", "true"},
              {"identifier[0] ~ identifier[2]", "false"},
              {"identifier[2] ~ identifier[3]", "true"},
              {"identifier[2] = identifier[3]", "false"},
              {"identifier[0] ~ identifier[4]", "true"},
              {"identifier[0] = identifier[4]", "false"}});
}

TEST(FhirPathEquivalence, OfOtherTypesLooksAtAllTheirChildren) {
  expect_all({{"effective ~ component[0].value", "true"},
              {"effective = component[0].value", "true"},
              {"effective ~ component[1].value", "false"},
              {"component[2].value ~ component[3].value", "true"},
              {"component[2].value = component[3].value", "true"},
              {"effective ~ component[2].value", "false"},
              {"component[0] ~ component[0]", "true"},
              {"code ~ 'Weight'", "false"},
              {"status ~ 'FINAL'", "true"},
              {"status = 'FINAL'", "false"}});
}

TEST(FhirPathEquivalence, OfDataWithoutModelKnowsNoConcepts) {
  const tree::Document plain = testing::parse_json(R"({"a": {"id": "1", "x": "y"}, "b": {"id": "2", "x": "y"},
    "c": {"x": "Y", "id": "1"}, "d": {"system": "s", "code": "c"}, "e": {"system": "s", "code": "c", "display": "d"}})");
  for (const Row& row : std::initializer_list<Row>{{"a ~ b", "false"}, {"a ~ c", "true"}, {"a = c", "false"}, {"d ~ e", "false"}})
    EXPECT_EQ(answer(row.expression, {.document = &plain, .typed = false}), row.expected) << row.expression;
}

}  // namespace
}  // namespace vardbron::fhirpath
