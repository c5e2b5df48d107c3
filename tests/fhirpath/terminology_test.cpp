#include "tests/fhirpath/fixture.h"

#include <gtest/gtest.h>

// Concern: %terminologies, answered from the codes of the definitions; empty for others.
namespace vardbron::fhirpath {
namespace {

using testing::answer;
using testing::expect_all;

TEST(FhirPathTerminologies, ExpandsWhatCanBeListed) {
  expect_all({{"%terminologies.expand(%'vs-administrative-gender').expansion.contains.code", "male, female, other, unknown"},
              {"%terminologies.expand(%'vs-administrative-gender') is ValueSet", "true"},
              {"%terminologies.expand(%'vs-administrative-gender' & '|4.0.1').url",
               "http://hl7.org/fhir/ValueSet/administrative-gender"},
              {"%terminologies.expand(%'vs-administrative-gender').expansion.total", "4"},
              {"%terminologies.expand(%'vs-administrative-gender', 'filter=Female').expansion.contains.code", "female"},
              {"%terminologies.expand(%'vs-administrative-gender', 'count=2&offset=1').expansion.contains.code", "female, other"},
              {"%terminologies.expand(%'vs-administrative-gender', 'offset=9').expansion.contains.code", ""},
              {"%terminologies.expand(%'vs-administrative-gender').expansion.timestamp", "2025-09-16T07:20:00.123+02:00"},
              {"%terminologies.expand(ValueSet { url: %'vs-administrative-gender' }).expansion.contains.count()", "4"},
              {"%terminologies.expand('http://nowhere.example')", ""},
              {"%terminologies.expand({})", ""},
              {"%terminologies.expand('a' | 'b')", ""},
              {"%terminologies.expand(%'vs-administrative-gender', 1)", ""},
              {"%terminologies.at('http://tx.example').expand(%'vs-administrative-gender')", ""},
              {"%terminologies", ""}});
  const tree::Document set = testing::parse_json(R"({"resourceType": "ValueSet", "url": "urn:own", "status": "draft", "compose": {
    "include": [{"system": "urn:s", "concept": [{"code": "a", "display": "A"}, {"code": "b"}]},
                {"system": "urn:t", "concept": [{"code": "c"}]}]}})");
  expect_all({{"%terminologies.expand(%resource).expansion.contains.select(system & '#' & code)", "urn:s#a, urn:s#b, urn:t#c"},
              {"%terminologies.validateVS(%resource, 'c').parameter.where(name = 'result').value", "true"},
              {"%terminologies.validateVS(%resource, Coding { system: 'urn:s', code: 'c' }).parameter[0].value", "false"}},
             {.document = &set});
}

TEST(FhirPathTerminologies, LooksCodesUp) {
  expect_all(
      {{"%terminologies.lookup(%factory.Coding('http://hl7.org/fhir/administrative-gender', 'male'))"
        ".parameter.where(name = 'display').value",
        "Male"},
       {"%terminologies.lookup(CodeableConcept { coding: Coding { system: 'urn:x', code: 'y' } | "
        "Coding { system: 'http://hl7.org/fhir/administrative-gender', code: 'other' } }).parameter.where(name = 'code').value",
        "other"},
       {"%terminologies.lookup(Coding { system: 'urn:x', code: 'y' })", ""},
       {"%terminologies.lookup(gender)", ""}});
}

TEST(FhirPathTerminologies, TellsTheNeighboursOfACodeThatIsLookedUp) {
  expect_all({{"%terminologies.lookup(Coding { system: 'http://terminology.hl7.org/CodeSystem/v3-RoleCode', code: 'CHILD' "
               "}).parameter.where(name = 'property')"
               ".where(part.where(name = 'code').value = 'parent').part.where(name = 'value').value",
               "FAMMEMB"},
              {"'NCHILD' in %terminologies.lookup(Coding { system: 'http://terminology.hl7.org/CodeSystem/v3-RoleCode', code: "
               "'CHILD' }).parameter.where(name = 'property')"
               ".where(part.where(name = 'code').value = 'child').part.where(name = 'value').value",
               "true"},
              {"%terminologies.lookup(%factory.Coding('http://hl7.org/fhir/administrative-gender', 'male'))"
               ".parameter.where(name = 'property').count()",
               "0"}});
}

TEST(FhirPathTerminologies, ValidatesCodes) {
  expect_all(
      {{"%terminologies.validateVS(%'vs-administrative-gender', gender).parameter.where(name = 'result').value", "true"},
       {"%terminologies.validateVS(%'vs-administrative-gender', 'none').parameter.where(name = 'result').value", "false"},
       {"%terminologies.validateVS(%'vs-administrative-gender', 'none').parameter.where(name = 'message').exists()", "true"},
       {"%terminologies.validateVS('http://nowhere.example', gender)", ""},
       {"%terminologies.validateCS('http://hl7.org/fhir/administrative-gender', gender).parameter.where(name = 'display').value",
        "Male"},
       {"%terminologies.validateCS('http://hl7.org/fhir/administrative-gender', Coding { system: 'urn:x', code: 'male' })"
        ".parameter.where(name = 'result').value",
        "false"},
       {"%terminologies.validateCS('urn:x', gender)", ""}});
}

TEST(FhirPathTerminologies, KnowsWhichCodeStandsAboveAnother) {
  expect_all(
      {{"%terminologies.subsumes('http://hl7.org/fhir/administrative-gender', gender, 'male')", "equivalent"},
       {"%terminologies.subsumes('http://hl7.org/fhir/administrative-gender', gender, 'female')", "not-subsumed"},
       {"%terminologies.subsumes('http://hl7.org/fhir/administrative-gender|4.0.1', 'male', gender)", "equivalent"},
       {"%terminologies.subsumes('http://terminology.hl7.org/CodeSystem/v3-RoleCode', 'FAMMEMB', 'CHLDADOPT')", "subsumes"},
       {"%terminologies.subsumes('http://terminology.hl7.org/CodeSystem/v3-RoleCode', 'CHLDADOPT', 'FAMMEMB')", "subsumed-by"},
       {"%terminologies.subsumes('http://terminology.hl7.org/CodeSystem/v3-RoleCode', 'CHILD', 'MTH')", "not-subsumed"},
       {"%terminologies.subsumes('http://terminology.hl7.org/CodeSystem/v3-RoleCode', Coding { system: "
        "'http://terminology.hl7.org/CodeSystem/v3-RoleCode', code: 'CHILD' }, 'SON')",
        "subsumes"},
       {"%terminologies.subsumes('http://terminology.hl7.org/CodeSystem/v3-RoleCode', Coding { system: 'urn:x', code: 'CHILD' }, "
        "'SON')",
        ""},
       {"%terminologies.subsumes('http://snomed.info/sct', '1', '2')", ""},
       {"%terminologies.subsumes('http://hl7.org/fhir/administrative-gender', 'x', 'x')", ""},
       {"%terminologies.subsumes('urn:x', 'x', 'x')", ""}});
}

TEST(FhirPathTerminologies, TranslatesWithTheMapAtHand) {
  const tree::Document map = testing::parse_json(R"({"resourceType": "ConceptMap", "url": "urn:map", "status": "draft", "group": [
    {"source": "urn:s", "target": "urn:t", "element": [
      {"code": "a", "target": [{"code": "A", "display": "Letter A", "equivalence": "equivalent"}, {"code": "AA", "equivalence": "wider"}]},
      {"code": "b", "target": [{"code": "X", "equivalence": "unmatched"}]}]},
    {"source": "urn:u", "target": "urn:v", "element": [{"code": "a", "target": [{"code": "V", "equivalence": "equal"}]}]}]})");
  expect_all(
      {{"%terminologies.translate(%resource, Coding { system: 'urn:s', code: 'a' }).parameter.where(name = 'result').value",
        "true"},
       {"%terminologies.translate(%resource, Coding { system: 'urn:s', code: 'a' }).parameter.part.value.code", "A, AA"},
       {"%terminologies.translate(%resource, 'a').parameter.part.where(name = 'equivalence').value", "equivalent, wider, equal"},
       {"%terminologies.translate(%resource, 'b').parameter.where(name = 'result').value", "false"},
       {"%terminologies.translate(%resource, 'c').parameter.where(name = 'result').value", "false"},
       {"%terminologies.translate('urn:map', 'b').parameter.where(name = 'result').value", "false"},
       {"%terminologies.translate('urn:map|1.0', 'a').parameter.where(name = 'result').value", "true"},
       {"%terminologies.translate('http://nowhere.example', 'a')", ""},
       {"%terminologies.translate(%resource, {})", ""}},
      {.document = &map});
}

TEST(FhirPathTerminologies, TranslatesWithTheMapsOfTheDefinitions) {
  expect_all(
      {{"%terminologies.translate('http://hl7.org/fhir/ConceptMap/cm-administrative-gender-v3', gender)"
        ".parameter.where(name = 'result').value",
        "true"},
       {"%terminologies.translate('http://hl7.org/fhir/ConceptMap/cm-administrative-gender-v3|4.0.1', 'other')"
        ".parameter.where(name = 'match').part.value.select(iif($this is Coding, code, $this))",
        "wider, UN"},
       {"%terminologies.translate('http://hl7.org/fhir/ConceptMap/cm-administrative-gender-v3', "
        "Coding { system: 'urn:x', code: 'male' }).parameter.value",
        "false"},
       {"%terminologies.translate('http://hl7.org/fhir/ConceptMap/cm-administrative-gender-v3', 'x').parameter.value", "false"}});
}

TEST(FhirPathTerminologies, RefusesWhatItDoesNotHave) {
  for (std::string_view text : {"%terminologies.nope()", "%terminologies.expand()", "%terminologies.subsumes('a', 'b')",
                                "defineVariable('terminologies')"})
    EXPECT_TRUE(answer(text).starts_with("error: ")) << text;
}

}  // namespace
}  // namespace vardbron::fhirpath
