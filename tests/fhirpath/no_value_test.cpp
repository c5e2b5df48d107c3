#include "gateway/fhirpath/language/functions.h"
#include "tests/fhirpath/fixture.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <string>

// Concern: a primitive that has only extensions (masked by its sender) exists, and its value is empty: for every operator and
// function of the language (FHIR R4 fhirpath.html#types, FHIRPath 4.5 and 6).
namespace vardbron::fhirpath {
namespace {

using testing::expect_all;
using testing::parse_json;
using testing::Row;

const tree::Document& a_masked_patient() {
  static const tree::Document document = parse_json(R"({
    "resourceType": "Patient",
    "name": [{"given": [null, "Eva"], "_given": [{"extension": [{"url": "m", "valueCode": "masked"}]}, null],
              "_family": {"extension": [{"url": "m", "valueCode": "masked"}]}}],
    "_gender": {"extension": [{"url": "m", "valueCode": "masked"}]},
    "_birthDate": {"extension": [{"url": "m", "valueCode": "masked"}]},
    "_active": {"extension": [{"url": "m", "valueCode": "masked"}]},
    "_multipleBirthInteger": {"extension": [{"url": "m", "valueCode": "masked"}]},
    "text": {"status": "generated", "_div": {"extension": [{"url": "m", "valueCode": "masked"}]}},
    "managingOrganization": {"_reference": {"extension": [{"url": "m", "valueCode": "masked"}]}},
    "extension": [
      {"url": "decimal", "_valueDecimal": {"extension": [{"url": "m", "valueCode": "masked"}]}},
      {"url": "dateTime", "_valueDateTime": {"extension": [{"url": "m", "valueCode": "masked"}]}},
      {"url": "time", "_valueTime": {"extension": [{"url": "m", "valueCode": "masked"}]}},
      {"url": "quantity", "valueQuantity": {"_value": {"extension": [{"url": "m", "valueCode": "masked"}]},
                                            "system": "http://unitsofmeasure.org", "code": "mg"}},
      {"url": "coding", "valueCoding": {"system": "http://hl7.org/fhir/administrative-gender",
                                        "_code": {"extension": [{"url": "m", "valueCode": "masked"}]}}}]})");
  return document;
}

const testing::Setting masked{.document = &a_masked_patient()};

constexpr Row operator_rows[] = {{"gender = 'male'", ""},
                                 {"'male' = gender", ""},
                                 {"gender = gender", ""},
                                 {"gender = ('a' | 'b')", ""},
                                 {"gender != 'male'", ""},
                                 {"birthDate != @2000-01-01", ""},
                                 {"active = true", ""},
                                 {"active != true", ""},
                                 {"multipleBirth = 1", ""},
                                 {"name.given = ('Bo' | 'Eva')", ""},
                                 {"name.given = ('Bo' | 'Bea')", "false"},
                                 {"name.given != ('Bo' | 'Eva')", ""},
                                 {"name.given = ('Bo' | 'Eva' | 'Bea')", "false"},
                                 {"gender ~ 'male'", "false"},
                                 {"gender ~ {}", "true"},
                                 {"gender !~ {}", "false"},
                                 {"gender !~ 'male'", "true"},
                                 {"gender ~ name.family", "true"},
                                 {"gender < 'x'", ""},
                                 {"gender <= 'x'", ""},
                                 {"'x' > gender", ""},
                                 {"'x' >= gender", ""},
                                 {"birthDate < today()", ""},
                                 {"today() > birthDate", ""},
                                 {"extension[0].value < 1.0", ""},
                                 {"extension[1].value <= now()", ""},
                                 {"extension[2].value > @T10:00", ""},
                                 {"extension[3].value > 3 'mg'", ""},
                                 {"extension[3].value = 3 'mg'", ""},
                                 {"gender in ('male' | 'female')", ""},
                                 {"('male' | 'female') contains gender", ""},
                                 {"'male' in gender", "false"},
                                 {"'Eva' in name.given", "true"},
                                 {"gender in {}", ""},
                                 {"(gender | 'x').count()", "2"},
                                 {"gender & 'x'", "x"},
                                 {"'Mr ' & gender & '!'", "Mr !"},
                                 {"gender + 'x'", ""},
                                 {"'x' + gender", ""},
                                 {"birthDate + 1 day", ""},
                                 {"birthDate - 1 year", ""},
                                 {"@2020-01-01 + extension[3].value", ""},
                                 {"extension[2].value + 1 hour", ""},
                                 {"multipleBirth + 1", ""},
                                 {"multipleBirth - 1", ""},
                                 {"2 * multipleBirth", ""},
                                 {"multipleBirth / 2", ""},
                                 {"multipleBirth div 2", ""},
                                 {"2 mod multipleBirth", ""},
                                 {"extension[3].value + 1 'mg'", ""},
                                 {"extension[3].value * 2", ""},
                                 {"-multipleBirth", ""},
                                 {"+extension[3].value", ""},
                                 {"name.given[multipleBirth]", ""},
                                 {"active and true", ""},
                                 {"active and false", "false"},
                                 {"active or true", "true"},
                                 {"active or false", ""},
                                 {"active xor true", ""},
                                 {"active implies true", "true"},
                                 {"active implies false", ""},
                                 {"true implies active", ""},
                                 {"gender and true", ""}};

TEST(FhirPathWithoutValue, OperatorsFindNothing) {
  for (const Row& row : operator_rows) expect_all({row}, masked);
}

TEST(FhirPathWithoutValue, TheElementIsThereWithItsTypeAndItsChildren) {
  expect_all({{"gender.exists()", "true"},
              {"gender.empty()", "false"},
              {"gender.count()", "1"},
              {"name.given.count()", "2"},
              {"gender.hasValue()", "false"},
              {"gender.value", ""},
              {"gender is code", "true"},
              {"gender as code is code", "true"},
              {"gender is System.String", "false"},
              {"gender.extension.value", "masked"},
              {"gender.children().count()", "1"},
              {"gender.extension('m').value", "masked"}},
             masked);
}

/// One line or more for each function of the language.
constexpr Row function_rows[] = {{"gender.empty()", "false"},
                                 {"gender.exists()", "true"},
                                 {"name.given.exists($this != 'Bo')", "true"},
                                 {"gender.exists($this != 'male')", "false"},
                                 {"gender.all($this = 'male')", "false"},
                                 {"active.allTrue()", ""},
                                 {"active.combine(false).allTrue()", "false"},
                                 {"active.anyTrue()", ""},
                                 {"active.combine(true).anyTrue()", "true"},
                                 {"active.allFalse()", ""},
                                 {"active.combine(true).allFalse()", "false"},
                                 {"active.anyFalse()", ""},
                                 {"active.combine(false).anyFalse()", "true"},
                                 {"gender.subsetOf('male')", "false"},
                                 {"gender.supersetOf('male')", "false"},
                                 {"gender.count()", "1"},
                                 {"gender.combine(gender).distinct().count()", "1"},
                                 {"gender.combine('x').isDistinct()", "true"},
                                 {"active.not()", ""},
                                 {"gender.where($this != 'male').count()", "0"},
                                 {"gender.where($this).count()", "0"},
                                 {"name.given.where($this != 'Bo')", "Eva"},
                                 {"gender.select($this & 'x')", "x"},
                                 {"name.given.sort($this).count()", "2"},
                                 {"name.given.sort().last()", "Eva"},
                                 {"gender.repeat(extension).count()", "1"},
                                 {"gender.repeatAll(extension).count()", "1"},
                                 {"gender.ofType(code).count()", "1"},
                                 {"gender.ofType(System.String).count()", "0"},
                                 {"coalesce(gender.value, 'x')", "x"},
                                 {"iif(active, 'a', 'b')", "b"},
                                 {"gender.single().count()", "1"},
                                 {"name.given.first().count()", "1"},
                                 {"name.given.last()", "Eva"},
                                 {"name.given.tail()", "Eva"},
                                 {"name.given.skip(1)", "Eva"},
                                 {"name.given.skip(multipleBirth).count()", "0"},
                                 {"name.given.take(1).count()", "1"},
                                 {"name.given.intersect('Eva')", "Eva"},
                                 {"name.given.exclude('Eva').count()", "1"},
                                 {"gender.union('x').count()", "2"},
                                 {"gender.combine('x').count()", "2"},
                                 {"active.toBoolean()", ""},
                                 {"active.convertsToBoolean()", ""},
                                 {"multipleBirth.toInteger()", ""},
                                 {"multipleBirth.convertsToInteger()", ""},
                                 {"multipleBirth.toLong()", ""},
                                 {"multipleBirth.convertsToLong()", ""},
                                 {"extension[0].value.toDecimal()", ""},
                                 {"extension[0].value.convertsToDecimal()", ""},
                                 {"gender.toString()", ""},
                                 {"gender.convertsToString()", ""},
                                 {"birthDate.toDate()", ""},
                                 {"birthDate.convertsToDate()", ""},
                                 {"'2020'.toDate(gender)", "2020"},
                                 {"birthDate.toDateTime()", ""},
                                 {"birthDate.convertsToDateTime()", ""},
                                 {"extension[2].value.toTime()", ""},
                                 {"extension[2].value.convertsToTime()", ""},
                                 {"extension[3].value.toQuantity()", ""},
                                 {"extension[3].value.convertsToQuantity()", ""},
                                 {"gender.indexOf('a')", ""},
                                 {"'abc'.indexOf(gender)", ""},
                                 {"gender.lastIndexOf('a')", ""},
                                 {"'abc'.lastIndexOf(gender)", ""},
                                 {"gender.substring(1)", ""},
                                 {"'abc'.substring(multipleBirth)", ""},
                                 {"gender.startsWith('a')", ""},
                                 {"'abc'.startsWith(gender)", ""},
                                 {"birthDate.startsWith('19')", ""},
                                 {"gender.endsWith('a')", ""},
                                 {"'abc'.endsWith(gender)", ""},
                                 {"gender.contains('a')", ""},
                                 {"'abc'.contains(gender)", ""},
                                 {"gender.upper()", ""},
                                 {"gender.lower()", ""},
                                 {"gender.replace('a', 'b')", ""},
                                 {"'abc'.replace(gender, 'b')", ""},
                                 {"'abc'.replace('a', gender)", ""},
                                 {"gender.matches('a')", ""},
                                 {"'abc'.matches(gender)", ""},
                                 {"gender.matchesFull('a')", ""},
                                 {"'abc'.matchesFull(gender)", ""},
                                 {"gender.replaceMatches('a', 'b')", ""},
                                 {"'abc'.replaceMatches('a', gender)", ""},
                                 {"gender.length()", ""},
                                 {"gender.toChars()", ""},
                                 {"gender.encode('hex')", ""},
                                 {"'abc'.encode(gender)", ""},
                                 {"gender.decode('hex')", ""},
                                 {"'abc'.decode(gender)", ""},
                                 {"gender.escape('html')", ""},
                                 {"'abc'.escape(gender)", ""},
                                 {"gender.unescape('html')", ""},
                                 {"'abc'.unescape(gender)", ""},
                                 {"gender.trim()", ""},
                                 {"gender.split(',')", ""},
                                 {"'a,b'.split(gender)", ""},
                                 {"name.given.join(', ')", "Eva"},
                                 {"('a' | 'b').join(gender)", "ab"},
                                 {"multipleBirth.abs()", ""},
                                 {"extension[0].value.ceiling()", ""},
                                 {"multipleBirth.exp()", ""},
                                 {"extension[0].value.floor()", ""},
                                 {"multipleBirth.ln()", ""},
                                 {"multipleBirth.log(2)", ""},
                                 {"16.log(multipleBirth)", ""},
                                 {"multipleBirth.power(2)", ""},
                                 {"2.power(multipleBirth)", ""},
                                 {"extension[0].value.round(1)", ""},
                                 {"multipleBirth.sqrt()", ""},
                                 {"extension[0].value.truncate()", ""},
                                 {"multipleBirth.combine(1).aggregate($this + $total, 0)", ""},
                                 {"multipleBirth.combine(1).sum()", ""},
                                 {"multipleBirth.sum()", ""},
                                 {"(1).combine(multipleBirth).min()", ""},
                                 {"(1).combine(multipleBirth).max()", ""},
                                 {"multipleBirth.max()", ""},
                                 {"(1).combine(multipleBirth).avg()", ""},
                                 {"gender.select(now()).count()", "1"},
                                 {"gender.select(timeOfDay()).count()", "1"},
                                 {"gender.select(today()).count()", "1"},
                                 {"birthDate.yearOf()", ""},
                                 {"birthDate.monthOf()", ""},
                                 {"birthDate.dayOf()", ""},
                                 {"extension[1].value.hourOf()", ""},
                                 {"extension[1].value.minuteOf()", ""},
                                 {"extension[1].value.secondOf()", ""},
                                 {"extension[1].value.millisecondOf()", ""},
                                 {"extension[1].value.timezoneOffsetOf()", ""},
                                 {"extension[1].value.dateOf()", ""},
                                 {"extension[1].value.timeOf()", ""},
                                 {"birthDate.duration(today(), 'years')", ""},
                                 {"@2020-01-01.duration(birthDate, 'years')", ""},
                                 {"birthDate.difference(today(), 'years')", ""},
                                 {"@2020-01-01.difference(birthDate, 'years')", ""},
                                 {"birthDate.lowBoundary()", ""},
                                 {"extension[3].value.lowBoundary()", ""},
                                 {"birthDate.highBoundary()", ""},
                                 {"1.5.highBoundary(multipleBirth)", "1.55000000"},
                                 {"birthDate.precision()", ""},
                                 {"multipleBirth.comparable(1)", ""},
                                 {"1 'mg'.comparable(extension[3].value)", ""},
                                 {"gender.children().count()", "1"},
                                 {"gender.descendants().count()", "3"},
                                 {"gender.is(code)", "true"},
                                 {"gender.as(code).count()", "1"},
                                 {"gender.as(System.String).count()", "0"},
                                 {"gender.type().name", "code"},
                                 {"gender.trace(name.family).count()", "1"},
                                 {"defineVariable('x', gender).select(%x = 'male')", ""},
                                 {"gender.pathname()", "Patient.gender[0]"},
                                 {"gender.extension('m').count()", "1"},
                                 {"gender.extension(name.family).count()", "0"},
                                 {"gender.hasValue()", "false"},
                                 {"gender.getValue()", ""},
                                 {"managingOrganization.resolve()", ""},
                                 {"managingOrganization.reference.resolve()", ""},
                                 {"gender.memberOf('http://hl7.org/fhir/ValueSet/administrative-gender')", ""},
                                 {"extension[4].value.memberOf('http://hl7.org/fhir/ValueSet/administrative-gender')", ""},
                                 {"'male'.memberOf(gender)", ""},
                                 {"gender.conformsTo(name.family)", ""},
                                 {"text.div.htmlChecks()", ""},
                                 {"text.div.htmlChecks1()", ""},
                                 {"text.div.htmlChecks2()", ""},
                                 {"checkModifiers(gender).count()", "1"},
                                 {"gender.subsumes('male')", ""},
                                 {"extension[4].value.subsumes('male')", ""},
                                 {"gender.subsumedBy('male')", ""},
                                 {"'male'.subsumedBy(gender)", ""},
                                 {"gender.weight()", ""},
                                 {"getResourceKey()", ""},
                                 {"managingOrganization.getReferenceKey()", ""},
                                 {"gender.elementDefinition().path", "Patient.gender"},
                                 {"extension.slice(gender, 'x').count()", "0"}};

TEST(FhirPathWithoutValue, FunctionsFindNothing) {
  for (const Row& row : function_rows) expect_all({row}, masked);
}

TEST(FhirPathWithoutValue, EveryFunctionStandsInTheTable) {
  const auto is_called = [](const std::string& name) {
    return std::any_of(std::begin(function_rows), std::end(function_rows), [&name](const Row& row) {
      return row.expression.find("." + name + "(") != std::string_view::npos || row.expression.starts_with(name + "(") ||
             row.expression.find("(" + name + "(") != std::string_view::npos;
    });
  };
  for (FunctionTable table : function_tables())
    for (const Function& row : table) EXPECT_TRUE(is_called(std::string(row.name))) << row.name;
}

TEST(FhirPathWithoutValue, ServicesTakeNothingForAnArgument) {
  expect_all({{"%factory.HumanName(name.family, 'Eva').family.hasValue()", "false"},
              {"%factory.HumanName(name.family, 'Eva').given", "Eva"},
              {"%factory.string(gender).hasValue()", "false"},
              {"HumanName { family: name.family, given: 'Eva' }.family.extension.value", "masked"},
              {"Quantity { value: multipleBirth, unit: 'mg' }.value.hasValue()", "false"},
              {"%terminologies.validateVS('http://hl7.org/fhir/ValueSet/administrative-gender', gender)", ""},
              {"%terminologies.expand(gender)", ""},
              {"%terminologies.lookup(gender)", ""},
              {"%terminologies.subsumes('http://hl7.org/fhir/administrative-gender', gender, 'male')", ""}},
             masked);
}

TEST(FhirPathWithoutValue, NullsOfNoModelAreTheSame) {
  static const tree::Document plain =
      parse_json(R"({"a": null, "_a": {"extension": [{"url": "m", "valueCode": "masked"}]}, "b": true})");
  testing::Setting untyped{.document = &plain, .typed = false};
  expect_all({{"b and true", "true"}, {"a & 'x'", "x"}, {"a = 'x'", ""}}, untyped);
}

}  // namespace
}  // namespace vardbron::fhirpath
