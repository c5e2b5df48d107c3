#include "tests/fhirpath/fixture.h"

#include <gtest/gtest.h>

// Concern: slice(), with profiles in the Bundle.
namespace vardbron::fhirpath {
namespace {

using testing::answer;
using testing::Row;

/// A Bundle with a patient, an observation and the profiles that slice them.
const tree::Document& a_bundle() {
  static const tree::Document document = testing::parse_json(R"({"resourceType": "Bundle", "type": "collection", "entry": [
    {"resource": {"resourceType": "Patient",
      "extension": [{"url": "urn:one", "valueInteger": 1}, {"url": "urn:two", "valueInteger": 2}],
      "identifier": [{"system": "urn:s", "value": "1"}, {"system": "urn:t", "value": "2", "type": {"text": "x"}},
        {"value": "3", "type": {"text": "MR", "coding": [{"system": "urn:c", "code": "MR", "display": "Record"}]}}],
      "telecom": [{"system": "phone", "use": "home", "value": "1"}, {"system": "phone", "use": "work", "value": "2"},
        {"system": "email", "use": "home", "value": "3"}, {"value": "4"}]}},
    {"resource": {"resourceType": "Observation", "status": "final", "code": {"text": "x"},
      "component": [{"code": {"text": "a"}, "valueQuantity": {"value": 1}}, {"code": {"text": "b"}, "valueString": "s"}]}},
    {"resource": {"resourceType": "StructureDefinition", "url": "urn:profile", "status": "draft", "abstract": false,
      "kind": "resource", "name": "P", "type": "Patient", "snapshot": {"element": [
      {"id": "Patient", "path": "Patient"},
      {"id": "Patient.extension", "path": "Patient.extension", "slicing": {"rules": "open", "discriminator": [{"type": "value", "path": "url"}]}},
      {"id": "Patient.extension:two", "path": "Patient.extension", "sliceName": "two", "type": [{"code": "Extension", "profile": ["urn:two"]}]},
      {"id": "Patient.identifier", "path": "Patient.identifier", "slicing": {"rules": "open", "discriminator": [{"type": "pattern", "path": "type"}]}},
      {"id": "Patient.identifier:mr", "path": "Patient.identifier", "sliceName": "mr"},
      {"id": "Patient.identifier:mr.type", "path": "Patient.identifier.type", "patternCodeableConcept": {"coding": [{"system": "urn:c", "code": "MR"}]}},
      {"id": "Patient.identifier:exact", "path": "Patient.identifier", "sliceName": "exact"},
      {"id": "Patient.identifier:exact.type", "path": "Patient.identifier.type", "fixedCodeableConcept": {"text": "x"}},
      {"id": "Patient.telecom", "path": "Patient.telecom", "slicing": {"rules": "open", "discriminator": [
        {"type": "value", "path": "system"}, {"type": "value", "path": "use"}]}},
      {"id": "Patient.telecom:homephone", "path": "Patient.telecom", "sliceName": "homephone"},
      {"id": "Patient.telecom:homephone.system", "path": "Patient.telecom.system", "fixedCode": "phone"},
      {"id": "Patient.telecom:homephone.use", "path": "Patient.telecom.use", "patternCode": "home"},
      {"id": "Patient.telecom:open", "path": "Patient.telecom", "sliceName": "open"}]}}},
    {"resource": {"resourceType": "StructureDefinition", "url": "urn:other", "status": "draft", "abstract": false,
      "kind": "resource", "name": "O", "type": "Observation", "differential": {"element": [
      {"id": "Observation.component", "path": "Observation.component", "slicing": {"rules": "open", "discriminator": [{"type": "type", "path": "value"}]}},
      {"id": "Observation.component:measured", "path": "Observation.component", "sliceName": "measured"},
      {"id": "Observation.component:measured.value", "path": "Observation.component.value[x]", "type": [{"code": "Quantity"}]},
      {"id": "Observation.code", "path": "Observation.code", "slicing": {"rules": "open", "discriminator": [{"type": "exists", "path": "coding"}]}},
      {"id": "Observation.code:plain", "path": "Observation.code", "sliceName": "plain"},
      {"id": "Observation.code:plain.coding", "path": "Observation.code.coding", "max": "0"},
      {"id": "Observation.code:coded", "path": "Observation.code", "sliceName": "coded"},
      {"id": "Observation.code:coded.coding", "path": "Observation.code.coding", "min": 1}]}}}]})");
  return document;
}

void expect_all(std::initializer_list<Row> rows) { testing::expect_all(rows, {.document = &a_bundle()}); }

TEST(FhirPathSlice, FiltersByWhatTheProfileSaysOfTheSlice) {
  expect_all({{"entry.resource.telecom.slice('urn:profile', 'homephone').value", "1"},
              {"entry.resource.telecom.slice('urn:profile', 'Patient.telecom:homephone').value", "1"},
              {"entry.resource.telecom.slice('urn:profile|1.0', 'homephone').value", "1"},
              {"entry.resource.identifier.slice('urn:profile', 'mr').value", "3"},
              {"entry.resource.identifier.slice('urn:profile', 'exact').value", "2"},
              {"entry.resource.extension.slice('urn:profile', 'two').value", "2"},
              {"entry.resource.component.slice('urn:other', 'measured').code.text", "a"},
              {"entry.resource.code.slice('urn:other', 'plain').text", "x"},
              {"entry.resource.code.slice('urn:other', 'coded').text", ""}});
}

TEST(FhirPathSlice, IsEmptyWhereNothingIsAsked) {
  expect_all({{"{}.slice('urn:profile', 'homephone')", ""},
              {"entry.resource.telecom.slice({}, 'homephone')", ""},
              {"entry.resource.telecom.slice('urn:profile', {})", ""},
              {"1.slice('urn:profile', 'homephone')", ""}});
}

TEST(FhirPathSlice, SaysWhatItDoesNotKnow) {
  const Row rows[] = {{"entry.resource.telecom.slice('urn:nowhere', 'homephone')", "The profile urn:nowhere is not known here."},
                      {"entry.resource.telecom.slice('urn:profile', 'fax')", "The profile has no slice fax."},
                      {"entry.resource.telecom.slice('urn:profile', 'open')", "cannot be followed here: value of system."}};
  for (const Row& row : rows)
    EXPECT_NE(answer(row.expression, {.document = &a_bundle()}).find(row.expected), std::string::npos)
        << answer(row.expression, {.document = &a_bundle()});
}

}  // namespace
}  // namespace vardbron::fhirpath
