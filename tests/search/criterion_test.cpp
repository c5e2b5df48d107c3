#include "gateway/search/criterion.h"

#include "gateway/base/limits.h"
#include "r4.h"

#include <gtest/gtest.h>

#include <string>

namespace vardbron::search {
namespace {

struct Read {
  std::optional<Criterion> criterion;
  Failure failure{};
  std::vector<Failure> warnings{};
};

Read read(std::string_view type, std::string name, std::string_view value) {
  Result<std::vector<Place>> places = find_places(r4(), r4().find_type(type), name);
  CHECK(places);
  CriterionReader reader{r4(), ""};
  Result<Criterion> criterion = reader.read(places->front(), name, value);
  if (!criterion) return {std::nullopt, criterion.failure()};
  return {*criterion, {}, reader.warnings};
}

std::string operands(const Criterion& criterion) {
  std::string text;
  for (const Operand& operand : criterion.operands) {
    text += (text.empty() ? "" : " ") + (operand.any_system ? std::string() : "<" + operand.system + ">") + operand.value;
  }
  return text;
}

constexpr auto plain = Modifier::None;

TEST(CriterionReader, TurnsModifiersIntoWhatStoresKnow) {
  struct Row {
    std::string type, name, value, parameter;
    KeyKind kind;
    Modifier modifier;
    std::string operands;
  };
  const std::string act = "http://terminology.hl7.org/CodeSystem/v3-ActCode";
  for (const Row& row :
       {Row{"Task", "status:not", "completed", "status", KeyKind::Token, Modifier::Not, "completed"},
        Row{"Patient", "family:exact", "Berg", "family", KeyKind::String, Modifier::Exact, "Berg"},
        Row{"Patient", "family:contains", "er", "family", KeyKind::String, Modifier::Contains, "er"},
        Row{"Encounter", "identifier:missing", "true", "identifier", KeyKind::Token, Modifier::Missing, "true"},
        Row{"Encounter", "length:missing", "false", "length", KeyKind::Quantity, Modifier::Missing, "false"},
        Row{"Task", "owner:identifier", "urn:s|1", "owner", KeyKind::Reference, Modifier::Identifier, "<urn:s>1"},
        Row{"Task", "owner:Organization", "1", "owner", KeyKind::Reference, plain, "Organization/1"},
        Row{"Task", "code:text", "Utse,Kalla", "code:text", KeyKind::String, plain, "Utse Kalla"},
        Row{"Task", "owner:text", "nacka", "owner:text", KeyKind::String, plain, "nacka"},
        Row{"Patient", "identifier:text", "journal", "identifier:text", KeyKind::String, plain, "journal"},
        Row{"Patient", "identifier:of-type", "urn:t|MR|42", "identifier:of-type", KeyKind::Token, plain, "<urn:t>MR|42"},
        Row{"Patient", "identifier:of-type", R"(|M\|R|4\,2)", "identifier:of-type", KeyKind::Token, plain, "<>M|R|4,2"},
        Row{"Patient", "gender:in", "http://hl7.org/fhir/ValueSet/administrative-gender", "gender", KeyKind::Token, plain,
            "<http://hl7.org/fhir/administrative-gender>male <http://hl7.org/fhir/administrative-gender>female "
            "<http://hl7.org/fhir/administrative-gender>other <http://hl7.org/fhir/administrative-gender>unknown"},
        Row{"Patient", "gender:not-in", "http://hl7.org/fhir/ValueSet/administrative-gender", "gender", KeyKind::Token,
            Modifier::Not,
            "<http://hl7.org/fhir/administrative-gender>male <http://hl7.org/fhir/administrative-gender>female "
            "<http://hl7.org/fhir/administrative-gender>other <http://hl7.org/fhir/administrative-gender>unknown"},
        Row{"Encounter", "class:below", act + "|IMP", "class", KeyKind::Token, plain,
            "<" + act + ">IMP <" + act + ">ACUTE <" + act + ">NONAC"},
        Row{"Task", "_profile:below", "http://a.example/p", "_profile", KeyKind::Uri, Modifier::Below, "http://a.example/p"},
        Row{"CarePlan", "instantiates-uri:above", "http://a/b", "instantiates-uri", KeyKind::Uri, Modifier::Above,
            "http://a/b"}}) {
    const Read got = read(row.type, row.name, row.value);
    ASSERT_TRUE(got.criterion) << row.name << ": " << got.failure.says;
    EXPECT_EQ(got.criterion->parameter, row.parameter) << row.name;
    EXPECT_EQ(got.criterion->kind, row.kind) << row.name;
    EXPECT_EQ(got.criterion->modifier, row.modifier) << row.name;
    EXPECT_EQ(operands(*got.criterion), row.operands) << row.name;
  }
}

TEST(CriterionReader, RefusesModifiersThatTheParameterDoesNotHave) {
  struct Row {
    std::string type, name, value, says;
  };
  for (const Row& row :
       {Row{"Task", "status:text", "x",
            "This parameter has no such modifier; it has :missing, :not, :in, :not-in, :above, :below."},
        Row{"Task", "code:of-type", "a|b|c",
            "This parameter has no such modifier; it has :missing, :not, :text, :in, :not-in, :above, :below."},
        Row{"Task", "owner:exact", "x", "This parameter has no such modifier; it has :missing, :identifier, :text, :Type."},
        Row{"Patient", "family:text", "x", "This parameter has no such modifier; it has :missing, :exact, :contains."},
        Row{"Task", "authored-on:not", "2026", "This parameter has no such modifier; it has :missing."},
        Row{"Task", "owner:Encounter", "1", "The parameter never refers to a resource of this type."},
        Row{"Task", "owner:Organisation", "1",
            "This parameter has no such modifier; it has :missing, :identifier, :text, :Type."},
        Row{"Patient", "identifier:of-type", "MR|42", "The value is system|code|value: those of the type, and the identifier's."},
        Row{"Patient", "identifier:of-type", "urn:t||42",
            "The value is system|code|value: those of the type, and the identifier's."},
        Row{"Patient", "identifier:of-type", "urn:t|MR|",
            "The value is system|code|value: those of the type, and the identifier's."},
        Row{"Patient", "gender:in", "x", "This gateway has no such value set; those of FHIR R4 are there by their URLs."},
        Row{"Encounter", "class:below", "IMP", "Here the value is system|code."},
        Row{"Task", "status:missing", "yes", ":missing is true or false."},
        Row{"Task", "code:text", "a,", "The parameter has an empty value."}}) {
    const Read got = read(row.type, row.name, row.value);
    ASSERT_FALSE(got.criterion) << row.name;
    EXPECT_EQ(got.failure.says, row.says) << row.name;
    EXPECT_EQ(got.failure.cause, Cause::Invalid) << row.name;
    EXPECT_EQ(got.failure.where, row.name);
  }
}

TEST(CriterionReader, WarnsOfACodeThatNoValueHas) {
  struct Row {
    std::string name, value, says;
  };
  for (const Row& row : {Row{"status", "requestedd", "No value has this code. Did you mean requested?"},
                         Row{"status:not", "urn:x|requested", "No value has this code. Did you mean requested?"},
                         Row{"status", "requested", ""}, Row{"status", "http://hl7.org/fhir/task-status|requested", ""},
                         Row{"status", "http://hl7.org/fhir/task-status|", ""}, Row{"code", "requestedd", ""},
                         Row{"intent", "9",
                             "No value has this code. There are unknown, proposal, plan, order, original-order, "
                             "reflex-order, filler-order, instance-order, option."}}) {
    const Read got = read("Task", row.name, row.value);
    ASSERT_TRUE(got.criterion) << row.value;
    EXPECT_EQ(got.warnings.size(), row.says.empty() ? 0u : 1u) << row.value;
    if (!got.warnings.empty()) EXPECT_EQ(got.warnings[0].says, row.says);
    if (!got.warnings.empty()) EXPECT_EQ(got.warnings[0].where, row.name);
  }
}

}  // namespace
}  // namespace vardbron::search
