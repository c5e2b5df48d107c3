#include "tests/fhirpath/fixture.h"

#include <gtest/gtest.h>

// Concern: hierarchies of code systems, of the definitions and of the input, wherever codes are compared or looked up in a value
// set.
namespace vardbron::fhirpath {
namespace {

using testing::expect_all;
using testing::parse_json;

/// Colours: red is the parent of pink and rose, and rose and blue are parents of violet; parts of a wheel are not is-a.
tree::Document a_bundle_of_colours() {
  return parse_json(R"({"resourceType": "Bundle", "type": "collection", "entry": [
    {"resource": {"resourceType": "CodeSystem", "url": "urn:colour", "status": "draft", "content": "complete", "concept": [
      {"code": "red", "display": "Red", "concept": [
        {"code": "pink", "property": [{"code": "warm", "valueBoolean": true}, {"code": "tone", "valueCode": "light"}]},
        {"code": "rose", "property": [{"code": "child", "valueCode": "violet"}, {"code": "tone", "valueCode": "dark"}]}]},
      {"code": "blue"},
      {"code": "violet", "property": [{"code": "subsumedBy", "valueCode": "blue"}]}]}},
    {"resource": {"resourceType": "CodeSystem", "url": "urn:part", "status": "draft", "content": "complete",
      "hierarchyMeaning": "part-of", "concept": [{"code": "wheel", "concept": [{"code": "spoke"}]}]}},
    {"resource": {"resourceType": "CodeSystem", "url": "urn:fragment", "status": "draft", "content": "fragment",
      "concept": [{"code": "a", "concept": [{"code": "b"}]}]}},
    {"resource": {"resourceType": "CodeSystem", "url": "urn:ring", "status": "draft", "content": "complete", "concept": [
      {"code": "a", "property": [{"code": "parent", "valueCode": "b"}]},
      {"code": "b", "property": [{"code": "parent", "valueCode": "a"}]}, {"code": "c"}]}}]})");
}

TEST(FhirPathHierarchy, LetsACodeSubsumeWhatStandsBelowIt) {
  const tree::Document colours = a_bundle_of_colours();
  struct Pair {
    std::string_view system, general, special, expected;
  };
  const std::string v3 = "http://terminology.hl7.org/CodeSystem/v3-";
  const std::string role = v3 + "RoleCode", act = v3 + "ActCode";
  for (const Pair& pair :
       {Pair{role, "FAMMEMB", "CHILD", "true"}, Pair{role, "FAMMEMB", "CHLDADOPT", "true"},
        Pair{role, "CHILD", "FAMMEMB", "false"}, Pair{role, "CHILD", "CHILD", "true"}, Pair{role, "CHILD", "none", ""},
        Pair{act, "_ActEncounterCode", "IMP", "true"}, Pair{act, "IMP", "ACUTE", "true"}, Pair{act, "AMB", "IMP", "false"},
        Pair{"urn:colour", "red", "violet", "true"}, Pair{"urn:colour", "blue", "violet", "true"},
        Pair{"urn:colour", "blue", "pink", "false"}, Pair{"urn:part", "wheel", "spoke", "false"},
        Pair{"urn:fragment", "a", "b", ""}, Pair{"urn:ring", "a", "b", "true"}, Pair{"urn:ring", "b", "a", "true"},
        Pair{"urn:ring", "c", "a", "false"}, Pair{"urn:nowhere", "a", "b", ""}, Pair{"urn:nowhere", "a", "a", "true"}}) {
    auto coding = [&pair](std::string_view code) {
      return "Coding { system: '" + std::string(pair.system) + "', code: '" + std::string(code) + "' }";
    };
    const std::string down = coding(pair.general) + ".subsumes(" + coding(pair.special) + ")";
    const std::string up = coding(pair.special) + ".subsumedBy(" + coding(pair.general) + ")";
    const std::string concepts = "CodeableConcept { coding: " + coding("other") + " | " + coding(pair.general) +
                                 " }.subsumes(CodeableConcept { coding: " + coding(pair.special) + " })";
    EXPECT_EQ(testing::answer(down, {.document = &colours}), pair.expected) << down;
    EXPECT_EQ(testing::answer(up, {.document = &colours}), pair.expected) << up;
    // The other coding is unknown.
    EXPECT_EQ(testing::answer(concepts, {.document = &colours}), pair.expected == "true" ? "true" : "") << concepts;
  }
}

TEST(FhirPathHierarchy, IsAskedOfTheServiceToo) {
  const tree::Document colours = a_bundle_of_colours();
  expect_all(
      {{"%terminologies.subsumes('urn:colour', 'red', 'violet')", "subsumes"},
       {"%terminologies.subsumes('urn:colour', 'violet', 'blue')", "subsumed-by"},
       {"%terminologies.subsumes('urn:colour', 'pink', 'rose')", "not-subsumed"},
       {"%terminologies.subsumes('urn:ring', 'a', 'b')", "equivalent"},
       {"%terminologies.subsumes('urn:fragment', 'a', 'b')", ""},
       {"%terminologies.lookup(Coding { system: 'urn:colour', code: 'red' }).parameter.where(name = 'display').value", "Red"},
       {"%terminologies.lookup(Coding { system: 'urn:colour', code: 'violet' }).parameter.where(name = 'property')"
        ".where(part.where(name = 'code').value = 'parent').part.where(name = 'value').value.sort()",
        "blue, rose"},
       {"%terminologies.lookup(Coding { system: 'urn:colour', code: 'red' }).parameter.where(name = 'property')"
        ".where(part.where(name = 'code').value = 'child').part.where(name = 'value').value.sort()",
        "pink, rose"},
       {"%terminologies.validateCS('urn:colour', 'violet').parameter.where(name = 'result').value", "true"},
       {"%terminologies.validateCS('urn:colour', 'green').parameter.where(name = 'result').value", "false"}},
      {.document = &colours});
}

/// A Bundle with the colours and a value set urn:set of that compose.
std::string codes_of_set(std::string_view compose) {
  const tree::Document bundle = parse_json(R"({"resourceType": "Bundle", "type": "collection", "entry": [
    {"resource": {"resourceType": "CodeSystem", "url": "urn:colour", "status": "draft", "content": "complete", "concept": [
      {"code": "red", "display": "Red", "concept": [
        {"code": "pink", "property": [{"code": "warm", "valueBoolean": true}, {"code": "tone", "valueCode": "light"}]},
        {"code": "rose", "property": [{"code": "child", "valueCode": "violet"}, {"code": "tone", "valueCode": "dark"}]}]},
      {"code": "blue"},
      {"code": "violet", "property": [{"code": "subsumedBy", "valueCode": "blue"}]}]}},
    {"resource": {"resourceType": "ValueSet", "url": "urn:two", "status": "draft", "compose": {
      "include": [{"system": "urn:colour", "concept": [{"code": "red"}, {"code": "blue"}]}]}}},
    {"resource": {"resourceType": "ValueSet", "url": "urn:set", "status": "draft", "compose": {)" +
                                           std::string(compose) + "}}}]}");
  const std::string listed =
      testing::answer("%terminologies.expand('urn:set').expansion.contains.code.join(' ')", {.document = &bundle});
  // Membership says the same of each code.
  for (std::string_view code : {"red", "pink", "rose", "blue", "violet"}) {
    const std::string is_member = testing::answer(
        "Coding { system: 'urn:colour', code: '" + std::string(code) + "' }.memberOf('urn:set')", {.document = &bundle});
    const bool is_listed = (" " + listed + " ").find(" " + std::string(code) + " ") != std::string::npos;
    EXPECT_EQ(is_member, is_listed ? "true" : is_member.empty() ? "" : "false") << compose << " " << code;
  }
  const std::string is_known = testing::answer("'red'.memberOf('urn:set').exists()", {.document = &bundle});
  return is_known == "true" ? listed : "unknown";
}

TEST(FhirPathHierarchy, ComposesValueSetsByTheirFilters) {
  struct Case {
    std::string_view compose, expected;
  };
  auto filter = [](std::string_view property, std::string_view operation, std::string_view value) {
    return R"("include": [{"system": "urn:colour", "filter": [{"property": ")" + std::string(property) + R"(", "op": ")" +
           std::string(operation) + R"(", "value": ")" + std::string(value) + R"("}]}])";
  };
  EXPECT_EQ(codes_of_set(filter("concept", "is-a", "red")), "red pink rose violet");
  EXPECT_EQ(codes_of_set(filter("concept", "descendent-of", "red")), "pink rose violet");
  EXPECT_EQ(codes_of_set(filter("concept", "is-not-a", "red")), "blue");
  EXPECT_EQ(codes_of_set(filter("concept", "generalizes", "violet")), "red rose blue violet");
  EXPECT_EQ(codes_of_set(filter("concept", "in", "blue, red")), "red blue");
  EXPECT_EQ(codes_of_set(filter("concept", "not-in", "blue,red")), "pink rose violet");
  EXPECT_EQ(codes_of_set(filter("concept", "=", "rose")), "rose");
  EXPECT_EQ(codes_of_set(filter("tone", "=", "dark")), "rose");
  EXPECT_EQ(codes_of_set(filter("tone", "in", "dark,light")), "pink rose");
  EXPECT_EQ(codes_of_set(filter("warm", "=", "true")), "pink");
  EXPECT_EQ(codes_of_set(filter("tone", "exists", "true")), "pink rose");
  EXPECT_EQ(codes_of_set(filter("tone", "exists", "false")), "red blue violet");
  EXPECT_EQ(codes_of_set(filter("code", "regex", "r.*")), "unknown");
  for (const Case& each :
       {Case{R"("include": [{"system": "urn:colour"}])", "red pink rose blue violet"},
        Case{R"("include": [{"system": "urn:nowhere"}])", "unknown"},
        Case{R"("include": [{"valueSet": ["urn:two"]}])", "red blue"},
        Case{R"("include": [{"system": "urn:colour", "valueSet": ["urn:two"]}])", "red blue"},
        Case{R"("include": [{"valueSet": ["urn:set"]}])", "unknown"},
        Case{R"("include": [{"system": "urn:colour"}], "exclude": [{"valueSet": ["urn:two"]}])", "pink rose violet"},
        Case{R"("include": [{"valueSet": ["urn:two"]}, {"system": "urn:colour"}])", "red blue pink rose violet"}})
    EXPECT_EQ(codes_of_set(each.compose), each.expected) << each.compose;
}

TEST(FhirPathHierarchy, OfTheDefinitionsComposesSetsBesideTheInput) {
  const tree::Document set = parse_json(R"({"resourceType": "ValueSet", "url": "urn:set", "status": "draft", "compose": {
    "include": [{"system": "http://terminology.hl7.org/CodeSystem/v3-ActCode",
                 "filter": [{"property": "concept", "op": "is-a", "value": "_ActEncounterCode"}]}]}})");
  expect_all(
      {{"Coding { system: 'http://terminology.hl7.org/CodeSystem/v3-ActCode', code: 'ACUTE' }.memberOf('urn:set')", "true"},
       {"Coding { system: 'http://terminology.hl7.org/CodeSystem/v3-ActCode', code: 'CANVAL' }.memberOf('urn:set')", "false"},
       {"'IMP'.memberOf('urn:set|1')", "true"},
       {"'IMP'.memberOf('urn:other')", ""}},
      {.document = &set});
}

}  // namespace
}  // namespace vardbron::fhirpath
