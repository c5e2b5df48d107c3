#include "tests/fhirpath/fixture.h"

#include <gtest/gtest.h>

// Concern: how expressions walk through resources, Bundles and what they contain.
namespace vardbron::fhirpath {
namespace {

using testing::answer;
using testing::Row;

const tree::Document& a_bundle() {
  static const tree::Document document = testing::parse_json(R"({"resourceType":"Bundle","type":"collection","entry":[
 {"fullUrl":"http://s/Patient/1","resource":{"resourceType":"Patient","id":"1","name":[{"family":"A"}],"managingOrganization":{"reference":"Organization/2"},"generalPractitioner":[{"reference":"#p"}],"contained":[{"resourceType":"Practitioner","id":"p","name":[{"family":"P"}]}]}},
 {"fullUrl":"http://s/Organization/2","resource":{"resourceType":"Organization","id":"2","name":"Org","partOf":{"reference":"http://s/Organization/3"}}},
 {"fullUrl":"http://s/Organization/3","resource":{"resourceType":"Organization","id":"3","name":"Top"}},
 {"fullUrl":"urn:uuid:04121321-4af5-424c-a0e1-ed3aab1c349d","resource":{"resourceType":"Observation","id":"o","status":"final","code":{"text":"x"},"subject":{"reference":"Patient/1"},"performer":[{"reference":"urn:uuid:9a9a9a9a-4af5-424c-a0e1-ed3aab1c349d"}],"valueQuantity":{"value":185,"unit":"lbs","system":"http://unitsofmeasure.org","code":"[lb_av]"},"component":[{"code":{"text":"c"},"valueString":"s"},{"code":{"text":"d"},"valueInteger":5}]}},
 {"fullUrl":"urn:uuid:9a9a9a9a-4af5-424c-a0e1-ed3aab1c349d","resource":{"resourceType":"Practitioner","id":"q"}}]})");
  return document;
}

const tree::Document& an_observation() {
  static const tree::Document document = testing::parse_json(
      R"({"resourceType":"Observation","id":"o","status":"final","contained":[{"resourceType":"Patient","id":"p1","birthDate":"1990-01-01","name":[{"family":"C"}]}],"code":{"coding":[{"system":"http://loinc.org","code":"1","display":"One"}],"text":"x"},"subject":{"reference":"#p1"},
"extension":[{"url":"http://a","valueString":"ext"},{"url":"http://b","extension":[{"url":"c","valueInteger":5},{"url":"d","valueCode":"z"}]}],
"_status":{"id":"st","extension":[{"url":"http://s","valueBoolean":true}]},
"effectiveDateTime":"2020-05-05T10:00:00+02:00","valueQuantity":{"value":185,"unit":"lbs","system":"http://unitsofmeasure.org","code":"[lb_av]"},
"issued":"2020-05-05T10:00:00.123+02:00","referenceRange":[{"low":{"value":1.50,"unit":"mg"},"high":{"value":2,"unit":"mg"}}],
"component":[{"code":{"text":"c"},"valueString":"s"},{"code":{"text":"d"},"valueInteger":5},{"code":{"text":"e"},"valueTime":"10:30:00"},{"code":{"text":"f"},"valuePeriod":{"start":"2020-01-01"}}]})");
  return document;
}

void expect_all(const tree::Document& document, std::initializer_list<Row> rows) {
  testing::expect_all(rows, {.document = &document});
}

TEST(FhirPathBundles, LeadFromEntryToEntry) {
  expect_all(a_bundle(),
             {{"Bundle.entry.resource.ofType(Patient).name.family", "A"},
              {"entry.resource.where($this is Patient).id", "1"},
              {"entry[0].resource.managingOrganization.resolve().name", "Org"},
              {"entry.resource.ofType(Patient).managingOrganization.resolve().partOf.resolve().name", "Top"},
              {"entry.resource.ofType(Observation).subject.resolve().name.family", "A"},
              {"entry.resource.ofType(Observation).performer.resolve().id", "q"},
              {"entry.resource.ofType(Patient).generalPractitioner.resolve().name.family", "P"},
              {"entry.resource.generalPractitioner.resolve().ofType(Practitioner).id", "p"},
              {"entry.fullUrl.first().resolve().id", "1"},
              {"entry.resource.select(id)", "1, 2, 3, o, q"},
              {"entry.resource.ofType(Observation).value.ofType(Quantity).unit", "lbs"},
              {"entry.resource.ofType(Observation).component.value.ofType(string)", "s"},
              {"entry.resource.ofType(Observation).component.value", "s, 5"},
              {"(entry.resource.ofType(Observation).component.where(code.text='d').value as integer) + 1", "6"},
              {"entry.resource.ofType(Observation).component.value.ofType(FHIR.integer)", "5"},
              {"entry.resource.contained.id", "p"},
              {"entry.resource.descendants().ofType(HumanName).family", "A, P"},
              {"descendants().ofType(Practitioner).count()", "2"},
              {"entry.resource.all(id.exists())", "true"},
              {"entry.select(resource as Patient).id", "1"},
              {"entry.resource.ofType(DomainResource).count()", "5"},
              {"entry.resource.ofType(Resource).count()", "5"},
              {"%resource.type().name", "Bundle"},
              {"entry.resource.select(%resource.type().name).distinct()", "Bundle"},
              {"entry.resource.select(%rootResource.type().name).distinct()", "Bundle"},
              {"resolve()", ""},
              {"entry.resource.ofType(Observation).subject.where(resolve() is Patient).count()", "1"},
              {"'Patient/1'.resolve().id", "1"},
              {"'http://s/Patient/1'.resolve().id", "1"},
              {"'#p'.resolve()", ""},
              {"entry.resource.name.elementDefinition().path", "Patient.name, Organization.name, Organization.name"},
              {"entry.resource.getResourceKey()", "1, 2, 3, o, q"},
              {"entry.resource.subject.getReferenceKey()", "1"},
              {"entry.resource.subject.getReferenceKey(Patient)", "1"},
              {"entry.resource.subject.getReferenceKey(Group)", ""},
              {"entry.resource.performer.getReferenceKey()", ""},
              {"entry.resource.ofType(Patient).getResourceKey() = entry.resource.subject.getReferenceKey()", "true"}});
}

TEST(FhirPathResources, LeadToExtensionsContainedAndChoices) {
  expect_all(an_observation(), {{"subject.resolve().birthDate", "1990-01-01"},
                                {"subject.resolve() is Patient", "true"},
                                {"'#p1'.resolve().id", "p1"},
                                {"'#'.resolve().id", "o"},
                                {"'#nope'.resolve()", ""},
                                {"contained.ofType(Patient).name.family", "C"},
                                {"contained.name.family", "C"},
                                {"contained.where(%resource.id = 'o').id", "p1"},
                                {"contained.where('#'+id in %resource.descendants().reference).id", "p1"},
                                {"extension('http://a').value", "ext"},
                                {"extension('http://b').extension('c').value", "5"},
                                {"extension('http://b').extension.value", "5, z"},
                                {"extension.where(url='http://a').value is string", "true"},
                                {"extension('nope')", ""},
                                {"extension({})", ""},
                                {"status.extension('http://s').value", "true"},
                                {"status.extension.value", "true"},
                                {"status.id", "st"},
                                {"status = 'final'", "true"},
                                {"status & 'x'", "finalx"},
                                {"status.value", "final"},
                                {"status.value is System.String", "true"},
                                {"status.children().count()", "2"},
                                {"value.unit", "lbs"},
                                {"value.value", "185"},
                                {"value.value is decimal", "true"},
                                {"value > 180 '[lb_av]'", "true"},
                                {"value > 80 'kg'", "true"},
                                {"value + 1 '[lb_av]'", "186 '[lb_av]'"},
                                {"value as Quantity", "185 '[lb_av]'"},
                                {"value is Quantity", "true"},
                                {"valueQuantity", "error"},
                                {"value.ofType(Quantity).value", "185"},
                                {"effective is dateTime", "true"},
                                {"effective > @2020-05-05T07:00:00Z", "true"},
                                {"effective.toString()", "2020-05-05T10:00:00+02:00"},
                                {"effective + 1 hour", "2020-05-05T11:00:00+02:00"},
                                {"effective.toDate()", "2020-05-05"}});
}

TEST(FhirPathBundles, FindWhatACanonicalNames) {
  const tree::Document bundle = testing::parse_json(R"({"resourceType": "Bundle", "type": "collection", "entry": [
    {"resource": {"resourceType": "Questionnaire", "url": "http://x.example/q", "version": "2", "status": "draft", "title": "Q"}},
    {"resource": {"resourceType": "ValueSet", "url": "urn:set", "status": "draft",
      "compose": {"include": [{"system": "urn:s", "concept": [{"code": "a"}]}]}}},
    {"resource": {"resourceType": "QuestionnaireResponse", "status": "completed", "questionnaire": "http://x.example/q|2"}}]})");
  expect_all(bundle, {{"entry.resource.questionnaire.resolve().title", "Q"},
                      {"'http://x.example/q'.resolve().title", "Q"},
                      {"'http://x.example/other'.resolve()", ""},
                      {"'urn:set'.resolve() is ValueSet", "true"},
                      {"%terminologies.expand('urn:set').expansion.contains.code", "a"},
                      {"%terminologies.validateVS('urn:set', 'b').parameter[0].value", "false"}});
  expect_all(an_observation(), {{"'http://x.example/q'.resolve()", ""}});
}

TEST(FhirPathResources, TellTheWayToTheirParts) {
  expect_all(an_observation(), {{"pathname()", "Observation"},
                                {"value.pathname()", "Observation.value[0]"},
                                {"value.value.pathname()", "Observation.value[0].value[0]"},
                                {"value.pathname(true)", "Observation.value"},
                                {"code.coding.pathname()", "Observation.code[0].coding[0]"},
                                {"code.coding.pathname(true)", "Observation.code.coding[0]"},
                                {"contained.name.family.pathname(true)", "Observation.contained[0].name[0].family"},
                                {"subject.resolve().name.pathname()", "Observation.contained[0].name[0]"},
                                {"status.extension.value.pathname(true)", "Observation.status.extension[0].value"},
                                {"component.value.pathname()",
                                 "Observation.component[0].value[0], Observation.component[1].value[0], "
                                 "Observation.component[2].value[0], Observation.component[3].value[0]"},
                                {"component[1].code.text.pathname(false)", "Observation.component[1].code[0].text[0]"},
                                {"Coding { code: 'x' }.pathname()", ""},
                                {"component.code.text.select($this & 'x').pathname()", ""},
                                {"{}.pathname()", ""},
                                {"pathname('x')", "error"}});
  expect_all(a_bundle(), {{"entry[3].resource.subject.resolve().name.pathname(true)", "Bundle.entry[0].resource.name[0]"},
                          {"entry.resource.contained.pathname(true)", "Bundle.entry[0].resource.contained[0]"}});
  const tree::Document plain = testing::parse_json(R"({"a-b": [{"c": 1}, {"c": 2}], "d": {"e": true}})");
  for (const Row& row : std::initializer_list<Row>{{"`a-b`.c.pathname()", "`a-b`[0].c[0], `a-b`[1].c[0]"},
                                                   {"d.e.pathname(true)", "d.e"},
                                                   {"`a-b`[1].c.pathname(true)", "`a-b`[1].c"}})
    EXPECT_EQ(answer(row.expression, {.document = &plain, .typed = false}), row.expected) << row.expression;
}

TEST(FhirPathResources, AnswerOnlyWhatTheirKindOfElementCan) {
  const tree::Document task = testing::parse_json(R"({"resourceType": "Task", "status": "draft", "intent": "order",
    "text": {"status": "generated", "div": "<div xmlns=\"http://www.w3.org/1999/xhtml\">a</div>"},
    "modifierExtension": [{"url": "urn:a", "valueBoolean": true}, {"url": "urn:b", "valueBoolean": true}],
    "code": {"coding": [{"system": "urn:s", "code": "x", "display": "X"}, {"system": "urn:t", "code": "y"}]},
    "input": [{"type": {"coding": [{"system": "urn:s", "code": "x"}]}, "valueCoding": {"system": "urn:u", "code": "x"}},
              {"type": {"text": "x"}, "valueQuantity": {"value": 1, "unit": "mg"}}]})");
  expect_all(task, {{"text.div.htmlChecks()", "true"},
                    {"text.htmlChecks()", ""},
                    {"status.htmlChecks()", ""},
                    {"checkModifiers('urn:a', 'urn:b').id.empty()", "true"},
                    {"checkModifiers('urn:a, urn:b').status", "draft"},
                    {"checkModifiers('urn:a').status", "error"},
                    {"checkModifiers(1).status", "error"},
                    {"code.subsumes(input[0].type)", "true"},
                    {"code.subsumes(input[0].type.coding)", "true"},
                    {"code.coding[0].subsumedBy(code)", "true"},
                    {"code.subsumes(input[0].value)", ""},
                    {"code.subsumes(input[1].type)", ""},
                    {"code.subsumes({})", ""},
                    {"input[1].value.getValue()", ""},
                    {"input[1].value.value.getValue()", "1"},
                    {"status.getValue() is System.String", "true"},
                    {"input.type.coding.code.getValue()", "x"},
                    {"input[1].value.hasValue()", "false"}});
}

TEST(FhirPathResources, TellTypesAndDefinitionsOfTheirParts) {
  expect_all(an_observation(),
             {{"effective.dateOf()", "2020-05-05"},
              {"effective.timezoneOffsetOf()", "2.0"},
              {"issued > effective", "true"},
              {"issued is instant", "true"},
              {"issued.millisecondOf()", "123"},
              {"component.value.ofType(time)", "10:30:00"},
              {"component.value.ofType(Period).start", "2020-01-01"},
              {"component.where(value is integer).code.text", "d"},
              {"component.value.type().name", "string, integer, time, Period"},
              {"referenceRange.low.value", "1.50"},
              {"referenceRange.low < referenceRange.high", "true"},
              {"code.coding.display", "One"},
              {"code.coding ~ Coding{system:'http://loinc.org', code:'1'}", "true"},
              {"code ~ CodeableConcept{coding: Coding{system:'http://loinc.org', code:'1'}}", "true"},
              {"code.coding.where(system = %loinc).exists()", "true"},
              {"hasValue()", "false"},
              {"status.hasValue()", "true"},
              {"code.hasValue()", "false"},
              {"getValue()", ""},
              {"component.getValue()", ""},
              {"issued.getValue() is System.DateTime", "true"},
              {"id.getValue()", "o"},
              {"Observation.status", "final"},
              {"Patient.status", ""},
              {"DomainResource.contained.id", "p1"},
              {"Resource.id", "o"},
              {"children().ofType(Quantity).value", "185"},
              {"descendants().ofType(Quantity).value", "185, 1.50, 2"},
              {"descendants().where($this is Quantity).count()", "3"},
              {"component.exists(value = 5)", "true"},
              {"component.exists(value = 's')", "true"},
              {"component.value.where($this is string) = 's'", "true"},
              {"component.code.text.join('|')", "c|d|e|f"},
              {"component[1].value + 1", "6"},
              {"component.value contains 5", "true"},
              {"5 in component.value", "true"},
              {"checkModifiers('x').id", "o"},
              {"conformsTo('http://hl7.org/fhir/StructureDefinition/Observation')", "true"},
              {"conformsTo('http://hl7.org/fhir/StructureDefinition/vitalsigns')", "error"},
              {"value.elementDefinition().path", "Observation.value[x]"},
              {"status.elementDefinition().select(min.toString() & max)", "11"},
              {"status.elementDefinition().binding.strength", "required"},
              {"component.elementDefinition().type.code.distinct()", "BackboneElement"},
              {"value.elementDefinition().type.code contains 'Quantity'", "true"},
              {"elementDefinition().path", "Observation"},
              {"contained.name.elementDefinition().path", "Patient.name"},
              {"1.elementDefinition()", ""},
              {"component.slice('urn:x', 'y')", "error"},
              {"component.weight()", ""},
              {"%factory.withExtension(Coding {:}, 'http://hl7.org/fhir/StructureDefinition/itemWeight', 3.5).weight()", "3.5"},
              {"QuestionnaireResponse.item.answer { value: %factory.withExtension(Coding {:}, "
               "'http://hl7.org/fhir/StructureDefinition/ordinalValue', 2) }.weight()",
               "2"}});
}

}  // namespace
}  // namespace vardbron::fhirpath
