#include "gateway/fhirpath/language/functions.h"
#include "tests/fhirpath/fixture.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cctype>
#include <map>
#include <string>

// Concern: every row of the function tables runs the function of its name, with the result that the row declares.
namespace vardbron::fhirpath {
namespace {

const tree::Document& a_document() {
  static const tree::Document document = testing::parse_json(R"({
    "resourceType": "Patient", "id": "p1",
    "text": {"status": "generated", "div": "<div xmlns=\"http://www.w3.org/1999/xhtml\">x</div>"},
    "contained": [{"resourceType": "Organization", "id": "o1", "name": "Region Syd"},
      {"resourceType": "StructureDefinition", "url": "urn:profile", "status": "draft", "abstract": false, "kind": "resource", "name": "P",
       "type": "Patient", "snapshot": {"element": [
        {"id": "Patient.telecom", "path": "Patient.telecom", "slicing": {"discriminator": [{"type": "value", "path": "system"}]}},
        {"id": "Patient.telecom:phone", "path": "Patient.telecom", "sliceName": "phone"},
        {"id": "Patient.telecom:phone.system", "path": "Patient.telecom.system", "fixedCode": "phone"}]}},
      {"resourceType": "ConceptMap", "url": "urn:map", "status": "draft", "group": [{"source": "urn:s", "target": "urn:t", "element": [
        {"code": "a", "target": [{"code": "A", "equivalence": "equivalent"}]}]}]}],
    "extension": [{"url": "http://hl7.org/fhir/StructureDefinition/ordinalValue", "valueDecimal": 3}],
    "modifierExtension": [{"url": "urn:m", "valueBoolean": true}],
    "active": true,
    "name": [{"family": "Berg", "given": ["Tolvan", "Tage"]}, {"given": ["Tolle"]}],
    "telecom": [{"system": "phone", "value": "08-1"}, {"system": "email", "value": "t@example.org"}],
    "gender": "male", "birthDate": "1950-09-07",
    "generalPractitioner": [{"reference": "Practitioner/d1"}, {"reference": "Organization/o2"}],
    "managingOrganization": {"reference": "#o1"}})");
  return document;
}

struct Example {
  std::string expression, result;
};

/// An example of each function, by name; no other function of its table gives the same result.
const std::map<std::string_view, Example> examples = {
    {"empty", {"{}.empty().combine('a'.empty())", "true, false"}},
    {"exists", {"{}.exists().combine((1 | 2).exists($this = 2))", "false, true"}},
    {"all", {"(1 | 2).all($this > 0).combine((1 | 2).all($this > 1))", "true, false"}},
    {"allTrue", {"true.allTrue().combine((true | false).allTrue()).combine({}.allTrue())", "true, false, true"}},
    {"anyTrue", {"false.anyTrue().combine((true | false).anyTrue())", "false, true"}},
    {"allFalse", {"false.allFalse().combine((true | false).allFalse()).combine({}.allFalse())", "true, false, true"}},
    {"anyFalse", {"true.anyFalse().combine((true | false).anyFalse())", "false, true"}},
    {"subsetOf", {"(1 | 2).subsetOf(1 | 2 | 3).combine((1 | 4).subsetOf(1 | 2))", "true, false"}},
    {"supersetOf", {"(1 | 2 | 3).supersetOf(1 | 2).combine(1.supersetOf(2))", "true, false"}},
    {"count", {"(1 | 5 | 7).count()", "3"}},
    {"distinct", {"2.combine(1).combine(2).distinct()", "2, 1"}},
    {"isDistinct", {"1.combine(1).isDistinct().combine(1.isDistinct()).combine({}.isDistinct())", "false, true, true"}},
    {"not", {"true.not().combine(false.not()).combine({}.not())", "false, true"}},
    {"where", {"(1 | 2 | 3).where($this > 1)", "2, 3"}},
    {"select", {"(1 | 2).select($this + 1)", "2, 3"}},
    {"sort", {"(3 | 1 | 2).sort()", "1, 2, 3"}},
    {"repeat", {"1.combine(1).repeat(iif($this < 3, $this + 1, {}))", "2, 3"}},
    {"repeatAll", {"1.combine(1).repeatAll(iif($this < 3, $this + 1, {}))", "2, 2, 3, 3"}},
    {"ofType", {"(1 | 'a').ofType(String)", "a"}},
    {"coalesce", {"{}.coalesce({}, 'a', 'b')", "a"}},
    {"iif", {"iif(false, 'a', 'b')", "b"}},
    {"single", {"(1 | 2).single()", "error: single() found 2 items. @1:9 Patient"}},
    {"first", {"(2 | 1 | 5 | 3).first()", "2"}},
    {"last", {"(2 | 1 | 5 | 3).last()", "3"}},
    {"tail", {"(2 | 1 | 5 | 3).tail()", "1, 5, 3"}},
    {"skip", {"(2 | 1 | 5 | 3).skip(2)", "5, 3"}},
    {"take", {"(2 | 1 | 5 | 3).take(2)", "2, 1"}},
    {"intersect", {"(1 | 2 | 3).intersect(3 | 2 | 5)", "2, 3"}},
    {"exclude", {"(1 | 2 | 3).exclude(2)", "1, 3"}},
    {"union", {"1.combine(1).union(2 | 1)", "1, 2"}},
    {"combine", {"1.combine(1)", "1, 1"}},
    {"toBoolean", {"'yes'.toBoolean().combine('no'.toBoolean())", "true, false"}},
    {"convertsToBoolean",
     {"'yes'.convertsToBoolean().combine('1.5'.convertsToBoolean()).combine('1'.convertsToBoolean())", "true, false, true"}},
    {"toInteger", {"'42'.toInteger()", "42"}},
    {"convertsToInteger",
     {"'42'.convertsToInteger().combine('3000000000'.convertsToInteger()).combine('4.0'.convertsToInteger())",
      "true, false, false"}},
    {"toLong", {"'42'.toLong()", "42"}},
    {"convertsToLong",
     {"'42'.convertsToLong().combine('3000000000'.convertsToLong()).combine('4.0'.convertsToLong())", "true, true, false"}},
    {"toDecimal", {"'4.20'.toDecimal()", "4.20"}},
    {"convertsToDecimal", {"'4.2'.convertsToDecimal().combine('4 days'.convertsToDecimal())", "true, false"}},
    {"toString", {"1.50.toString()", "1.50"}},
    {"convertsToString",
     {"1.convertsToString().combine('x'.convertsToString()).combine(Coding { code: 'a' }.convertsToString())",
      "true, true, false"}},
    {"toDate", {"'2014-01-25'.toDate()", "2014-01-25"}},
    {"convertsToDate", {"'2014-01-25'.convertsToDate().combine('10:30'.convertsToDate())", "true, false"}},
    {"toDateTime", {"'2014-01-25T10:30'.toDateTime()", "2014-01-25T10:30"}},
    {"convertsToDateTime", {"'2014-01-25T10:30'.convertsToDateTime().combine('10:30'.convertsToDateTime())", "true, false"}},
    {"toTime", {"'10:30'.toTime()", "10:30"}},
    {"convertsToTime", {"'10:30'.convertsToTime().combine('2014'.convertsToTime())", "true, false"}},
    {"toQuantity", {"'4 days'.toQuantity()", "4 days"}},
    {"convertsToQuantity", {"'4 days'.convertsToQuantity().combine('days'.convertsToQuantity())", "true, false"}},
    {"indexOf", {"'abcb'.indexOf('b')", "1"}},
    {"lastIndexOf", {"'abcb'.lastIndexOf('b')", "3"}},
    {"substring", {"'abcdef'.substring(1, 3)", "bcd"}},
    {"startsWith", {"'abc'.startsWith('ab').combine('abc'.startsWith('bc'))", "true, false"}},
    {"endsWith", {"'abc'.endsWith('bc').combine('abc'.endsWith('ab'))", "true, false"}},
    {"contains", {"'a.c'.contains('.').combine('abc'.contains('.'))", "true, false"}},
    {"upper", {"'aBc'.upper()", "ABC"}},
    {"lower", {"'aBc'.lower()", "abc"}},
    {"replace", {"'a.a'.replace('.', 'b')", "aba"}},
    {"matches", {"'abc'.matches('b.').combine('abc'.matches('b'))", "true, true"}},
    {"matchesFull", {"'abc'.matchesFull('a.c').combine('abcd'.matchesFull('a.c'))", "true, false"}},
    {"replaceMatches", {"'a1b2'.replaceMatches('[0-9]', '-')", "a-b-"}},
    {"length", {"'abc'.length()", "3"}},
    {"toChars", {"'abc'.toChars()", "a, b, c"}},
    {"encode", {"'a?'.encode('hex')", "613f"}},
    {"decode", {"'613f'.decode('hex')", "a?"}},
    {"escape", {"'<'.escape('html')", "&lt;"}},
    {"unescape", {"'&lt;'.unescape('html')", "<"}},
    {"trim", {"' a '.trim()", "a"}},
    {"split", {"'a,b'.split(',')", "a, b"}},
    {"join", {"('a' | 'b').join('-')", "a-b"}},
    {"abs", {"(-5.5).abs()", "5.5"}},
    {"ceiling", {"1.2.ceiling()", "2"}},
    {"exp", {"0.exp()", "1"}},
    {"floor", {"(-1.5).floor()", "-2"}},
    {"ln", {"1.ln()", "0"}},
    {"log", {"16.log(2)", "4"}},
    {"power", {"2.power(3)", "8"}},
    {"round", {"2.4.round()", "2"}},
    {"sqrt", {"81.sqrt()", "9"}},
    {"truncate", {"1.7.truncate().combine((-1.7).truncate())", "1, -1"}},
    {"aggregate", {"(1 | 2 | 3).aggregate($this + $total, 10)", "16"}},
    {"sum", {"(1 | 2 | 3).sum()", "6"}},
    {"min", {"(2 | 1 | 5 | 3).min()", "1"}},
    {"max", {"(2 | 1 | 5 | 3).max()", "5"}},
    {"avg", {"(2 | 1 | 5 | 3).avg()", "2.75"}},
    {"now", {"now()", "2025-09-16T07:20:00.123+02:00"}},
    {"timeOfDay", {"timeOfDay()", "07:20:00.123"}},
    {"today", {"today()", "2025-09-16"}},
    {"yearOf", {"@2014-03-25T10:30:45.123+02:00.yearOf()", "2014"}},
    {"monthOf", {"@2014-03-25T10:30:45.123+02:00.monthOf()", "3"}},
    {"dayOf", {"@2014-03-25T10:30:45.123+02:00.dayOf()", "25"}},
    {"hourOf", {"@2014-03-25T10:30:45.123+02:00.hourOf()", "10"}},
    {"minuteOf", {"@2014-03-25T10:30:45.123+02:00.minuteOf()", "30"}},
    {"secondOf", {"@2014-03-25T10:30:45.123+02:00.secondOf()", "45"}},
    {"millisecondOf", {"@2014-03-25T10:30:45.123+02:00.millisecondOf()", "123"}},
    {"timezoneOffsetOf", {"@2014-03-25T10:30:45.123+02:00.timezoneOffsetOf()", "2.0"}},
    {"dateOf", {"@2014-03-25T10:30.dateOf().combine('2014-03-25'.dateOf())", "2014-03-25"}},
    {"timeOf", {"@2014-03-25T10:30.timeOf()", "10:30"}},
    {"duration", {"@2014-01-31.duration(@2014-03-01, 'months')", "1"}},
    {"difference", {"@2014-01-31.difference(@2014-03-01, 'months')", "2"}},
    {"lowBoundary", {"1.5.lowBoundary()", "1.45000000"}},
    {"highBoundary", {"1.5.highBoundary()", "1.55000000"}},
    {"precision", {"1.587.precision()", "3"}},
    {"comparable", {"(1 'cm').comparable(1 '[in_i]').combine((1 'cm').comparable(1 's'))", "true, false"}},
    {"children", {"contained[2].children().count()", "3"}},
    {"descendants", {"Patient.select(descendants().count() > children().count() + 9)", "true"}},
    {"is", {"1.is(Integer).combine('a'.is(Integer))", "true, false"}},
    {"as", {"('a' | 'b').as(String)", "error: as() works on one item, and there are 2. @1:13 Patient"}},
    {"type", {"1.type()", R"({"namespace":"System","name":"Integer","baseType":"System.Any"})"}},
    {"trace", {"(1 | 2).trace('x', $this.single())", "1, 2"}},
    {"defineVariable", {"1.defineVariable('a', 5).select(%a)", "5"}},
    {"pathname", {"name[0].pathname()", "Patient.name[0]"}},
    {"extension", {"extension('http://hl7.org/fhir/StructureDefinition/ordinalValue').value", "3"}},
    {"hasValue", {"gender.hasValue().combine(name.hasValue())", "true, false"}},
    {"getValue", {"gender.getValue().combine(active.getValue())", "male, true"}},
    {"resolve", {"managingOrganization.resolve().name", "Region Syd"}},
    {"memberOf",
     {"gender.memberOf(%`vs-administrative-gender`).combine('none'.memberOf(%`vs-administrative-gender`))", "true, false"}},
    {"conformsTo",
     {"conformsTo('http://hl7.org/fhir/StructureDefinition/Patient').combine(conformsTo('http://hl7.org/fhir/StructureDefinition/"
      "Group'))",
      "true, false"}},
    {"htmlChecks", {"text.div.htmlChecks().combine(gender.htmlChecks())", "true"}},
    {"htmlChecks1", {"text.div.htmlChecks1().combine(gender.htmlChecks1())", "true"}},
    {"htmlChecks2", {"text.div.htmlChecks2().combine(gender.htmlChecks2())", "true"}},
    {"checkModifiers",
     {"checkModifiers('urn:x')", "error: This element carries a modifier extension that is not allowed for. @1:1 Patient"}},
    {"subsumes",
     {"%factory.Coding('http://terminology.hl7.org/CodeSystem/v3-RoleCode', 'FAMMEMB').subsumes("
      "%factory.Coding('http://terminology.hl7.org/CodeSystem/v3-RoleCode', 'CHLDADOPT'))",
      "true"}},
    {"subsumedBy",
     {"%factory.Coding('http://terminology.hl7.org/CodeSystem/v3-RoleCode', 'FAMMEMB').subsumedBy("
      "%factory.Coding('http://terminology.hl7.org/CodeSystem/v3-RoleCode', 'CHLDADOPT'))",
      "false"}},
    {"weight", {"weight()", "3"}},
    {"getResourceKey", {"getResourceKey()", "p1"}},
    {"getReferenceKey", {"generalPractitioner.getReferenceKey(Practitioner)", "d1"}},
    {"elementDefinition", {"gender.elementDefinition().path", "Patient.gender"}},
    {"slice", {"telecom.slice('urn:profile', 'phone').value", "08-1"}},
    {"%factory.Extension", {"%factory.Extension('u', 1)", R"({"url":"u","valueInteger":1})"}},
    {"%factory.Identifier", {"%factory.Identifier('s', 'v')", R"({"system":"s","value":"v"})"}},
    {"%factory.HumanName", {"%factory.HumanName('f', 'g')", R"({"family":"f","given":["g"]})"}},
    {"%factory.ContactPoint", {"%factory.ContactPoint('phone', '1', 'work')", R"({"system":"phone","value":"1","use":"work"})"}},
    {"%factory.Address", {"%factory.Address('l', 'c')", R"({"line":["l"],"city":"c"})"}},
    {"%factory.Quantity", {"%factory.Quantity('s', 'c', 1, 'u').value", "1"}},
    {"%factory.Coding", {"%factory.Coding('s', 'c', 'd')", R"({"system":"s","code":"c","display":"d"})"}},
    {"%factory.CodeableConcept", {"%factory.CodeableConcept(%factory.Coding('s', 'c'), 't').text", "t"}},
    {"%factory.create", {"%factory.create(Coding).type().name & %factory.create(Identifier).type().name", "CodingIdentifier"}},
    {"%factory.withExtension", {"%factory.withExtension(gender, 'u', 1).extension.value", "1"}},
    {"%factory.withProperty", {"%factory.withProperty(name[0], 'family', 'Ek').family", "Ek"}},
    {"%terminologies.at", {"%terminologies.at('http://tx.example').lookup('x').empty()", "true"}},
    {"%terminologies.expand", {"%terminologies.expand(%`vs-administrative-gender`).expansion.total", "4"}},
    {"%terminologies.lookup",
     {"%terminologies.lookup(%factory.Coding('http://hl7.org/fhir/administrative-gender', 'male')).parameter.value.first()",
      "http://hl7.org/fhir/administrative-gender"}},
    {"%terminologies.validateVS",
     {"%terminologies.validateVS(%`vs-administrative-gender`, gender).parameter.value.first()", "true"}},
    {"%terminologies.validateCS",
     {"%terminologies.validateCS('http://hl7.org/fhir/administrative-gender', gender).parameter.value.first()", "true"}},
    {"%terminologies.subsumes",
     {"%terminologies.subsumes('http://terminology.hl7.org/CodeSystem/v3-RoleCode', 'FAMMEMB', 'CHLDADOPT')", "subsumes"}},
    {"%terminologies.translate", {"%terminologies.translate('urn:map', 'a').parameter.part.value.code", "A"}},
    {"%server.at", {"%server.at('http://fhir.example').read('Patient', '1').empty()", "true"}},
    {"%server.read", {"%server.read('Patient', '1').empty()", "true"}},
    {"%server.create", {"%server.create(%resource).empty()", "true"}},
    {"%server.update", {"%server.update(%resource).empty()", "true"}},
    {"%server.delete", {"%server.delete(%resource)", "false"}},
    {"%server.patch", {"%server.patch(%resource).empty()", "true"}},
    {"%server.search", {"%server.search('Patient').empty()", "true"}},
    {"%server.capabilities", {"%server.capabilities().empty()", "true"}},
    {"%server.validate", {"%server.validate(%resource).empty()", "true"}},
    {"%server.transform", {"%server.transform('urn:m', %resource).empty()", "true"}},
    {"%server.everything", {"%server.everything('Patient', 'p1').empty()", "true"}},
    {"%server.apply", {"%server.apply(%resource).empty()", "true"}}};

std::string answer(const std::string& expression) { return testing::answer(expression, {.document = &a_document()}); }
std::string type_of(const std::string& expression) { return answer("(" + expression + ").type().name"); }

/// Replaces each call of `name` in an expression by `other`.
std::string renamed(std::string expression, std::string_view name, std::string_view other) {
  const std::string call = std::string(name) + "(";
  for (std::size_t at = expression.find(call); at != std::string::npos; at = expression.find(call, at + other.size())) {
    const bool is_longer = at > 0 && std::isalnum(static_cast<unsigned char>(expression[at - 1])) != 0;
    if (!is_longer) expression.replace(at, name.size(), other);
  }
  return expression;
}

template <class Use>
void each_row(Use use) {
  for (FunctionTable table : function_tables())
    for (const Function& row : table) use(std::string(row.name), row);
  for (const Service& service : services())
    for (const Function& row : service.functions) use("%" + std::string(service.name) + "." + std::string(row.name), row);
}

std::string_view kind_name(Gives gives) {
  switch (gives) {
    case Gives::Boolean: return "Boolean";
    case Gives::Integer: return "Integer";
    case Gives::Long: return "Long";
    case Gives::Decimal: return "Decimal";
    case Gives::Text:
    case Gives::Texts: return "String";
    case Gives::Date: return "Date";
    case Gives::DateTime: return "DateTime";
    case Gives::Time: return "Time";
    case Gives::Quantity: return "Quantity";
    default: return "";
  }
}

TEST(FhirPathFunctionTable, HasAnExampleOfEachRowThatGivesItsResult) {
  std::size_t rows = 0;
  each_row([&rows](const std::string& name, const Function&) {
    ++rows;
    const auto example = examples.find(name);
    ASSERT_NE(example, examples.end()) << "no example of " << name;
    EXPECT_EQ(answer(example->second.expression), example->second.result) << example->second.expression;
  });
  EXPECT_EQ(rows, examples.size()) << "an example of a function that is not there, or two rows of one name";
}

/// Every date is a dateTime too, so these two cannot be distinguished.
bool are_alike(std::string_view left, std::string_view right) {
  constexpr std::string_view alike[] = {"convertsToDate", "convertsToDateTime"};
  return std::count(std::begin(alike), std::end(alike), left) != 0 && std::count(std::begin(alike), std::end(alike), right) != 0;
}

// The functions of a table are in one file, so a wrong row runs another function of the same table.
TEST(FhirPathFunctionTable, NoOtherFunctionOfItsTableGivesTheResultOfAnExample) {
  const auto expect_different = [](const std::string& name, const Function& row, FunctionTable table) {
    const Example& example = examples.at(name);
    for (const Function& other : table) {
      if (other.run == row.run || are_alike(row.name, other.name)) continue;
      const std::string expression = renamed(example.expression, row.name, other.name);
      const bool is_same = answer(expression) == example.result && type_of(expression) == type_of(example.expression);
      EXPECT_FALSE(is_same) << name << " does not differ from " << other.name << ": " << expression;
    }
  };
  for (FunctionTable table : function_tables())
    for (const Function& row : table) expect_different(std::string(row.name), row, table);
  for (const Service& service : services())
    for (const Function& row : service.functions)
      expect_different("%" + std::string(service.name) + "." + std::string(row.name), row, service.functions);
}

TEST(FhirPathFunctionTable, GivesTheTypeThatTheRowSays) {
  each_row([](const std::string& name, const Function& row) {
    const std::string_view kind = kind_name(row.gives);
    if (kind.empty()) return;
    std::string types = type_of(examples.at(name).expression);
    EXPECT_EQ(types.substr(0, types.find(',')), kind) << name;
    EXPECT_EQ(types.substr(types.rfind(' ') + 1), kind) << name;
  });
}

TEST(FhirPathFunctionTable, TakesAsManyArgumentsAsTheRowSays) {
  each_row([](const std::string& name, const Function& row) {
    const auto called_with = [&name](std::size_t count) {
      std::string text = (name.starts_with('%') ? "" : "%resource.") + name + "(";
      for (std::size_t place = 0; place < count; ++place) text += place == 0 ? "Coding" : ", Coding";
      return answer(text + ")");
    };
    const auto is_refused = [&](std::size_t count) {
      return called_with(count).find("() takes ") != std::string::npos &&
             called_with(count).find("argument") != std::string::npos;
    };
    if (row.arguments.min > 0) {
      EXPECT_TRUE(is_refused(row.arguments.min - 1u)) << name << " " << called_with(row.arguments.min - 1u);
    }
    if (row.arguments.max != Arguments::any_number) {
      EXPECT_TRUE(is_refused(row.arguments.max + 1u)) << name << " " << called_with(row.arguments.max + 1u);
    }
    EXPECT_FALSE(is_refused(row.arguments.min)) << name << " " << called_with(row.arguments.min);
  });
}

}  // namespace
}  // namespace vardbron::fhirpath
