#include "tests/fhirpath/fixture.h"

#include <gtest/gtest.h>

// Concern: elements created by an expression: instance selectors and %factory.
namespace vardbron::fhirpath {
namespace {

using testing::answer;
using testing::expect_all;
using testing::Row;

void expect_refused(std::initializer_list<Row> rows) {
  for (const Row& row : rows) {
    const std::string given = answer(row.expression);
    EXPECT_TRUE(given.starts_with("error: ")) << row.expression << " gave " << given;
    EXPECT_NE(given.find(row.expected), std::string::npos) << row.expression << " gave " << given;
  }
}

TEST(FhirPathInstances, AreMadeOfTheirElements) {
  expect_all({{"Coding { system: 'urn:x', code: 'c1' }", R"({"system":"urn:x","code":"c1"})"},
              {"FHIR.Identifier{system:'urn:x',value:'N1'}", R"({"system":"urn:x","value":"N1"})"},
              {"FHIR.`Coding` { `code`: 'c1' }.code", "c1"},
              {"Period {:}", "{}"},
              {"Period { : }.exists()", "true"},
              {"Identifier { type: CodeableConcept { coding: Coding { code: 'MR' } }, period: Period { start: @2001-05-06 } }",
               R"({"type":{"coding":[{"code":"MR"}]},"period":{"start":"2001-05-06"}})"},
              {"Coding { system: {}, code: 'x' }", R"({"code":"x"})"},
              {"code { value: 'final' }", "final"},
              {"code { value: 'final' } is code", "true"},
              {"boolean { value: true } and true", "true"},
              {"Coding { code: 'x' } is FHIR.Coding", "true"},
              {"Coding { code: 'x' }.type().name", "Coding"},
              {"Coding { code: 'x' } = Coding { code: 'x' }", "true"},
              {"(Coding { code: 'x' } | Coding { code: 'x' }).count()", "1"},
              {"Patient { active: true }", R"({"resourceType":"Patient","active":true})"},
              {"Patient.contact { gender: 'male' }.gender", "male"}});
}

TEST(FhirPathInstances, TakeWhatTheInputHas) {
  expect_all({{"Patient.select(Coding { system: 'urn:x', code: gender }).code", "male"},
              {"name.select(HumanName { family: family, given: given, use: use }).where(use = 'official').given", "Tolvan, Tage"},
              {"HumanName { given: name.given }.given.count()", "4"},
              {"Patient { birthDate: birthDate }.birthDate.extension.value", "1950-09-07T14:35:45+01:00"},
              {"Patient { contained: contained }.contained.name", "Region Syd"},
              {"CodeableConcept { coding: Coding { code: 'a' } | Coding { code: 'b' } }.coding.code", "a, b"},
              {"CodeableConcept { coding: (1 | 2).select(Coding { code: $index.toString() }) }.coding.code", "0, 1"},
              {"link.select(Coding { code: 'x' })", ""},
              {"link.iif(true, Coding { code: 'x' })", ""},
              {"name.where(Coding { code: use }.code = 'usual').given.last()", "Tolle"}});
}

TEST(FhirPathInstances, GiveAChoiceTheTypeOfItsValue) {
  expect_all({{"Extension { url: 'u', value: 'y' }", R"({"url":"u","valueString":"y"})"},
              {"Extension { url: 'u', value: gender }", R"({"url":"u","valueCode":"male"})"},
              {"Extension { url: 'u', value: 1.50 }", R"({"url":"u","valueDecimal":1.50})"},
              {"Extension { url: 'u', value: @T10:30 }", R"({"url":"u","valueTime":"10:30"})"},
              {"Extension { url: 'u', value: name.first() }.value.family", "Berg"},
              {"Extension { url: 'u', value: Period { start: @2020 } }.value.start", "2020"},
              {"Extension { url: 'u', valueCode: 'y' }", R"({"url":"u","valueCode":"y"})"},
              {"Extension { url: 'u', value: 3 'mg' }.value = 3000 'ug'", "true"},
              {"Extension { url: 'u', value: 3 'mg' }.value.system", "http://unitsofmeasure.org"},
              {"Extension { url: 'u', value: 2 weeks }.value.code", "weeks"},
              {"Extension { url: 'u', value: 2 weeks }.value = 14 days", "true"},
              {"Patient { deceased: @2020-01-01T10:00:00Z }.deceased.type().name", "dateTime"},
              {"Patient { deceased: false }.deceased", "false"},
              {"Patient { multipleBirth: 2 }.multipleBirth + 1", "3"}});
}

TEST(FhirPathInstances, OfSystemQuantitiesAreQuantities) {
  expect_all({{"System.Quantity { value: 3, unit: 'mg' } = 3 'mg'", "true"},
              {"System.Quantity { value: 3, unit: 'days' } = 3 days", "true"},
              {"System.Quantity { value: 3 } + 1", "4 '1'"},
              {"System.Quantity { unit: 'mg' }", ""},
              {"Quantity { value: 3, unit: 'mg' } is FHIR.Quantity", "true"},
              {"Quantity { value: 3, system: %ucum, code: 'mg' } + 1 'g'", "1003 'mg'"}});
}

TEST(FhirPathInstances, AreRefusedWhereTheyDoNotFitTheModel) {
  expect_refused({{"HumanName { familly: 'x' }", "Did you mean 'family'?"},
                  {"Nope { a: 1 }", "There is no type Nope."},
                  {"System.String { value: 'x' }", "Nothing can be made"},
                  {"System.Quantity { code: 'x' }", "value and a unit"},
                  {"System.Quantity { value: 'x' }", "one number"},
                  {"HumanName { family: 'a' | 'b' }", "stands once at most"},
                  {"HumanName { period: 'x' }", "cannot hold a value of this type"},
                  {"Period { start: 'yesterday' }", "cannot hold this value"},
                  {"Patient { active: 'perhaps' }", "cannot hold this value"},
                  {"Patient { deceased: 'x' }", "cannot hold a value of this type"},
                  {"integer { value: 1.5 }", "cannot hold this value"},
                  {"name.iif(true, Coding {:})", "works on one item"},
                  {"name.HumanName { family: 'x' }", "There is no type"},
                  {"Coding { }", "name of an element"},
                  {"Coding { code 'x' }", "':'"},
                  {"Coding { code: 'x', }", "name of an element"},
                  {"Coding { code: 'x'", "'}' or ','"},
                  {"1 { code: 'x' }", "operator or the end"}});
}

TEST(FhirPathFactory, MakesTheUsualTypesByTheirElementsInOrder) {
  expect_all(
      {{"%factory.Extension('u', 'v')", R"({"url":"u","valueString":"v"})"},
       {"%factory.Identifier('urn:x', '1', 'official')", R"({"system":"urn:x","value":"1","use":"official"})"},
       {"%factory.HumanName('Berg', 'Ada' | 'Eva', {}, {}, 'Ada Berg')",
        R"({"family":"Berg","given":["Ada","Eva"],"text":"Ada Berg"})"},
       {"%factory.ContactPoint('email', 'a@example.org', 'work')", R"({"system":"email","value":"a@example.org","use":"work"})"},
       {"%factory.Address('Gatan 1', 'Lund', {}, '22100', 'SE', 'home', 'physical')",
        R"({"line":["Gatan 1"],"city":"Lund","postalCode":"22100","country":"SE","use":"home","type":"physical"})"},
       {"%factory.Quantity(%ucum, 'mg/dL', '5.03', 'mg/dL') = 5.03 'mg/dL'", "true"},
       {"%factory.Coding('urn:x', '1', 'One', '1.02')", R"({"system":"urn:x","code":"1","display":"One","version":"1.02"})"},
       {"%factory.CodeableConcept(%factory.Coding('urn:x', '1'), 'One').coding.code", "1"},
       {"%factory.Coding()", "{}"}});
}

TEST(FhirPathFactory, MakesAnyTypeAndChangesCopies) {
  expect_all({{"%factory.code('final') is code", "true"},
              {"%factory.integer(5) + 1", "6"},
              {"%factory.integer('5') + 1", "6"},
              {"%factory.string('x', %factory.Extension('u', 1)).extension.value", "1"},
              {"%factory.integer({}, %factory.Extension('u', 1)).hasValue()", "false"},
              {"%factory.create(SampledData).type().name", "SampledData"},
              {"%factory.create(FHIR.Period)", "{}"},
              {"%factory.withExtension(%factory.create(Money), 'u', %factory.code('t'))",
               R"({"extension":[{"url":"u","valueCode":"t"}]})"},
              {"%factory.withExtension(birthDate, 'u', 1).extension.url.count()", "2"},
              {"%factory.withExtension(birthDate, 'u', 1)", "1950-09-07"},
              {"%factory.withProperty(name.first(), 'family', 'Lind').select(given | family)", "Tolvan, Tage, Lind"},
              {"%factory.withProperty(Extension { url: 'u', value: 1 }, 'value', 'x')", R"({"url":"u","valueString":"x"})"},
              {"%factory.withProperty(name.first(), 'given', {}).given", ""},
              {"%factory.withProperty({}, 'given', 'x')", ""},
              {"name.first().given.count()", "2"},
              {"%factory", ""}});
  expect_refused({{"%factory.nope()", "has no function nope()"},
                  {"%factory.create(Nope)", "no type Nope"},
                  {"%factory.create()", "takes 1 to 1"},
                  {"%factory.Coding(1, 2, 3, 4, 5)", "takes 0 to 4"},
                  {"%factory.integer('x')", "cannot hold this value"},
                  {"%factory.withProperty(name, 'family', 'x')", "changes one element"},
                  {"%factory.withProperty(name.first(), 'nope', 'x')", "is not known"},
                  {"defineVariable('factory', 1)", "There is a variable"}});
}

TEST(FhirPathServers, AreNotAskedFromHere) {
  expect_all({{"%server.read('Patient', '1')", ""},
              {"%server.at('http://example.org').search(false, 'name=x')", ""},
              {"%server.delete(%resource)", "false"},
              {"%server.capabilities()", ""}});
  expect_refused({{"%server.nope()", "has no function nope()"}, {"%server.read()", "takes 2 to 2"}});
}

TEST(FhirPathInstances, CountAsMemory) {
  std::string ten = "(0|1|2|3|4|5|6|7|8|9)", many = ten;
  for (int round = 0; round < 5; ++round) many += ".select(" + ten + ")";
  const std::string given = answer(many + ".select(HumanName { text: 'x' })", {.steps_max = 100'000'000});
  EXPECT_TRUE(given.starts_with("error: This expression")) << given.substr(0, 100);
}

}  // namespace
}  // namespace vardbron::fhirpath
