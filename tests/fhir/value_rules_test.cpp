#include "gateway/fhir/value_rules.h"

#include "gateway/fhir/check.h"
#include "json_text.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

// Concern: fixed values, patterns and bounds of a model are in the table and are checked.
namespace vardbron::fhir {
namespace {

std::string model(std::string_view name, std::string_view base, std::string_view elements) {
  const std::string own(name);
  return "{'resourceType':'StructureDefinition','url':'http://a.se/" + own + "','name':'" + own +
         "','kind':'logical','abstract':false,'type':'" + own + "','derivation':'specialization','baseDefinition':'" +
         std::string(base) + "','differential':{'element':[{'id':'" + own + "','path':'" + own + "'}" + std::string(elements) +
         "]}}";
}

constexpr std::string_view element_url = "http://hl7.org/fhir/StructureDefinition/Element";

Definitions with(std::vector<std::string> texts) {
  std::vector<tree::Document> documents;
  for (std::string& text : texts) documents.push_back(from_json(std::move(text)));
  Result<Definitions> both = r4().with_models(documents);
  CHECK(both.ok());
  return std::move(*both);
}

std::string element(std::string_view rest) {
  return ",{'path':'M.x','min':0,'max':'*','type':[{'code':'" + std::string(rest) + "}";
}

struct Row {
  std::string name, says;  ///< says: the element's type and what is said of its value
  std::string value;       ///< of the element, JSON
  std::string objection;   ///< "" = none
};

class SaidValue : public testing::TestWithParam<Row> {};

TEST_P(SaidValue, IsHeldAgainstTheElement) {
  const Definitions definitions = with({model("M", element_url, element(GetParam().says))});
  const tree::Document instance = from_json("{'x':[" + GetParam().value + "]}", definitions.names());

  const std::vector<Issue> issues = check(root(instance), definitions.find_type("M"), definitions);

  EXPECT_EQ(issues.empty() ? "" : issues[0].says, GetParam().objection);
  EXPECT_LE(issues.size(), 1u);
}

const std::string concept_type =
    "CodeableConcept'}],'patternCodeableConcept':{'coding':[{'system':'s','code':'a'},{'code':'b'}]}";

INSTANTIATE_TEST_SUITE_P(
    Table, SaidValue,
    testing::Values(Row{"Fixed", "code'}],'fixedCode':'a'", "'a'", ""},
                    Row{"AnotherThanFixed", "code'}],'fixedCode':'a'", "'b'", "The value must be 'a'."},
                    Row{"FixedNumber", "integer'}],'fixedInteger':4", "4", ""},
                    Row{"AnotherNumber", "integer'}],'fixedInteger':4", "5", "The value must be '4'."},
                    Row{"FixedBoolean", "boolean'}],'fixedBoolean':true", "false", "The value must be 'true'."},
                    Row{"FixedObject", "Coding'}],'fixedCoding':{'system':'s','code':'a'}", "{'code':'a','system':'s'}", ""},
                    Row{"MoreThanFixed", "Coding'}],'fixedCoding':{'system':'s'}", "{'system':'s','code':'a'}",
                        "The value must be {system: 's'}."},
                    Row{"Pattern", concept_type,
                        "{'text':'t','coding':[{'code':'b','display':'B'},{'code':'c'},{'code':'a','system':'s'}]}", ""},
                    Row{"LessThanPattern", concept_type, "{'coding':[{'code':'b'},{'code':'a'}]}",
                        "The value must hold {coding: {system: 's', code: 'a'}, coding: {code: 'b'}}."},
                    Row{"PatternOfAValue", "string'}],'patternString':'a'", "'b'", "The value must hold 'a'."},
                    Row{"Least", "integer'}],'minValueInteger':-4", "-4", ""},
                    Row{"BelowLeast", "integer'}],'minValueInteger':-4", "-5", "The value must be at least -4."},
                    Row{"AboveMost", "decimal'}],'maxValueDecimal':9.5", "10", "The value must be at most 9.5."},
                    Row{"DateBetween", "date'}],'minValueDate':'2026-01-01','maxValueDate':'2026-12-31'", "'2026-11'", ""},
                    Row{"DateBefore", "date'}],'minValueDate':'2026-01-01'", "'2025-12-31'",
                        "The value must be at least 2026-01-01."},
                    Row{"LettersNotBytes", "string'}],'maxLength':3", "'åäö'", ""},
                    Row{"TooLong", "string'}],'maxLength':3", "'åäöx'", "The value may have at most 3 characters."}),
    [](const auto& of) { return of.param.name; });

TEST(ValueRules, HoldForTheChoiceTheyAreSaidOf) {
  const Definitions definitions =
      with({model("M", element_url, ",{'path':'M.y[x]','max':'1','type':[{'code':'code'},{'code':'string'}],'fixedCode':'a'}")});
  auto issues = [&](std::string text) {
    return check(root(from_json(std::move(text), definitions.names())), definitions.find_type("M"), definitions).size();
  };

  EXPECT_EQ(issues("{'yCode':'a'}"), 0u);
  EXPECT_EQ(issues("{'yCode':'b'}"), 1u);
  EXPECT_EQ(issues("{'yString':'b'}"), 0u);
}

TEST(ValueRules, StayInWhatDerivesFromTheModel) {
  const Definitions definitions =
      with({model("M", element_url, element("code'}],'fixedCode':'a'")),
            model("N", "http://a.se/M", ",{'path':'N.x','min':1,'max':'1'},{'path':'N.z','type':[{'code':'string'}]}")});
  const Step x = definitions.step(definitions.find_type("N"), definitions.names().find("x"));
  ASSERT_TRUE(x);

  const std::vector<ValueRule> rules = value_rules(*x.element, x.element->name, definitions);

  ASSERT_EQ(rules.size(), 1u);
  EXPECT_EQ(definitions.text(rules[0][0].text), "a");
  EXPECT_TRUE(definitions.values(*definitions.step(definitions.find_type("N"), definitions.names().find("z")).element).empty());
}

TEST(ValueRules, AreNotSaidOfFhirsOwnElements) {
  for (const TypeId type : r4().all_types()) {
    for (const Element& element : r4().elements(type)) EXPECT_EQ(element.values_count, 0u) << r4().text(element.path);
  }
}

}  // namespace
}  // namespace vardbron::fhir
