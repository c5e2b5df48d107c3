#include "gateway/workbench/generate.h"

#include "gateway/fhir/check.h"
#include "gateway/fhir/primitive.h"
#include "gateway/formats/json/parse.h"
#include "gateway/formats/json/write.h"
#include "gateway/mapping/syntax/parse.h"
#include "gateway/workbench/generate_value.h"
#include "r5.h"
#include "tests/workbench/room.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdlib>
#include <set>

// Concern: a generated message is valid, and is the same on every machine.
namespace vardbron::workbench {
namespace {

std::string generated(const fhir::Definitions& definitions, std::string_view type, std::uint64_t seed,
                      const GenerateOptions& options = {}) {
  SeededRandom random(seed);
  Result<tree::Document> message = generate(definitions, definitions.find_type(type), random, options);
  EXPECT_TRUE(message.ok()) << (message.ok() ? "" : message.failure().says);
  return message.ok() ? json::write(*message) : "";
}

class GeneratedType : public testing::TestWithParam<std::string> {};

TEST_P(GeneratedType, IsValidForEverySeed) {
  for (std::uint64_t seed = 0; seed < 30; ++seed) {
    Result<tree::Document> message = json::parse(generated(r4(), GetParam(), seed), r4().names());
    ASSERT_TRUE(message.ok()) << seed;
    for (const fhir::Issue& issue : fhir::check(*message, r4())) {
      ADD_FAILURE() << GetParam() << " seed " << seed << " " << issue.where << " " << issue.says << "\n" << json::write(*message);
      return;
    }
  }
}

INSTANTIATE_TEST_SUITE_P(Table, GeneratedType,
                         testing::Values("Patient", "Encounter", "Bundle", "Observation", "Task", "CarePlan", "Organization",
                                         "PractitionerRole", "MessageHeader", "Questionnaire", "Communication", "ServiceRequest",
                                         "QuestionnaireResponse", "MedicationRequest", "ValueSet", "StructureMap"),
                         [](const auto& of) { return of.param; });

TEST(Generate, IsTheSameForTheSameSeedAndAnotherForAnother) {
  std::set<std::string> all;
  for (std::uint64_t seed = 0; seed < 20; ++seed) {
    EXPECT_EQ(generated(r4(), "Patient", seed), generated(r4(), "Patient", seed));
    all.insert(generated(r4(), "Patient", seed));
  }
  EXPECT_GE(all.size(), 19u);
}

TEST(Generate, GivesTheseBytesOnEveryMachine) {
  GenerateOptions little;
  little.optional_percent = 20;

  EXPECT_EQ(generated(r4(), "Period", 4711, {.optional_percent = 100}),
            generated(r4(), "Period", 4711, {.optional_percent = 100}));
  SeededRandom random(1);
  EXPECT_EQ(random_value("integer", "", random), std::to_string(static_cast<int>(SeededRandom(1).below(2000)) - 1000));
}

TEST(Generate, KeepsToCardinalitiesOfAModel) {
  Room room;
  room.model("A\none 1..1 string\nmany 2..4 string\nnone 0..0 string\npart 1..* BackboneElement\npart.size 1..1 integer");
  ASSERT_EQ(room.build(), "");
  for (std::uint64_t seed = 0; seed < 50; ++seed) {
    SeededRandom random(seed);
    Result<tree::Document> message = generate(room.definitions(), room.definitions().find_type("A"), random);
    ASSERT_TRUE(message.ok());
    EXPECT_TRUE(fhir::check(tree::root(*message), room.definitions().find_type("A"), room.definitions()).empty())
        << json::write(*message);
  }
}

TEST(Generate, TakesTheCodesOfAMapWhereTheModelKnowsNone) {
  Room room;
  room.model("A\nhead 1..1 BackboneElement\nhead.kind 1..1 code\nkind 1..1 code").model("B\nkind 0..1 code");
  room.rules(
      "conceptmap \"k\" { prefix a = \"http://a\" a:RED == a:r a:BLUE == a:b }\n"
      "conceptmap \"n\" { prefix a = \"http://a\" a:ONE == a:o }\n"
      "group g(source s : A, target t : B) {\n  s.head as h then {\n    h.kind as k -> t.kind = translate(k, '#k', 'code');\n  "
      "};\n"
      "  s.kind as k -> t.kind = (translate(k, '#n', 'code'));\n}");
  const CodeHints hints = code_hints(room.texts());
  room.build();

  GenerateOptions options;
  options.codes = &hints;

  ASSERT_EQ(hints.count("head.kind"), 1u);
  EXPECT_EQ(hints.at("head.kind").at(0), (std::vector<std::string>{"RED", "BLUE"}));
  for (std::uint64_t seed = 0; seed < 10; ++seed)
    EXPECT_THAT(generated(room.definitions(), "A", seed, options), testing::ContainsRegex("\"kind\":\"(RED|BLUE)\""));
}

TEST(Generate, WritesNumbersAndTruthValuesWhateverCodesAMapTakes) {
  Room room;
  room.model("A\nrank 1..1 integer\nflag 1..1 boolean").model("B\nkind 0..1 code\nflag 0..1 code");
  room.rules(
      "conceptmap \"k\" { prefix a = \"http://a\" a:RED == a:r a:BLUE == a:b }\n"
      "group g(source s : A, target t : B) {\n  s.rank as k -> t.kind = translate(k, '#k', 'code');\n"
      "  s.flag as k -> t.flag = translate(k, '#k', 'code');\n}");
  const CodeHints hints = code_hints(room.texts());
  room.build();
  ASSERT_EQ(hints.count("rank"), 1u);
  GenerateOptions options;
  options.codes = &hints;
  for (std::uint64_t seed = 0; seed < 10; ++seed) {
    const std::string message = generated(room.definitions(), "A", seed, options);
    EXPECT_THAT(message, testing::ContainsRegex("\"rank\":[0-9]+,\"flag\":(true|false)"));
  }
}

constexpr const char* said_model = R"({"resourceType":"StructureDefinition","url":"http://test/S","name":"S","status":"draft",
  "kind":"logical","abstract":false,"type":"S","baseDefinition":"http://hl7.org/fhir/StructureDefinition/Element",
  "derivation":"specialization","differential":{"element":[{"path":"S","min":0,"max":"*"},
  {"path":"S.version","min":1,"max":"1","type":[{"code":"string"}],"fixedString":"1.0"},
  {"path":"S.kind","min":1,"max":"*","type":[{"code":"CodeableConcept"}],
   "patternCodeableConcept":{"coding":[{"system":"urn:s","code":"a"}]}},
  {"path":"S.who","min":0,"max":"1","type":[{"code":"Identifier"}],"fixedIdentifier":{"system":"urn:s","value":"7"}},
  {"path":"S.count","min":0,"max":"*","type":[{"code":"integer"}],"minValueInteger":1,"maxValueInteger":3},
  {"path":"S.day","min":0,"max":"1","type":[{"code":"date"}],"minValueDate":"2020-01-01"},
  {"path":"S.word","min":0,"max":"*","type":[{"code":"string"}],"maxLength":2},
  {"path":"S.any[x]","min":0,"max":"1","type":[{"code":"string"},{"code":"boolean"}],"fixedBoolean":true}]}})";

TEST(Generate, KeepsToWhatAModelFixesItsPatternsAndBounds) {
  Room room;
  ASSERT_TRUE(room.library().add_resource("s.json", room.read(said_model)).ok());
  ASSERT_EQ(room.build(), "");
  const fhir::TypeId type = room.definitions().find_type("S");
  std::set<std::string> all;

  for (std::uint64_t seed = 0; seed < 200; ++seed) {
    SeededRandom random(seed);
    Result<tree::Document> message = generate(room.definitions(), type, random);
    ASSERT_TRUE(message.ok());
    all.insert(json::write(*message));
    for (const fhir::Issue& issue : fhir::check(tree::root(*message), type, room.definitions()))
      ADD_FAILURE() << seed << " " << issue.where << " " << issue.says << "\n" << json::write(*message);
    EXPECT_EQ(tree::root(*message).text_of("version"), "1.0");
  }
  EXPECT_GT(all.size(), 100u);
}

/// The number of seeds; more on request, for a long run.
std::uint64_t seeds() {
  const char* asked = std::getenv("VARDBRON_SEEDS");
  return asked == nullptr ? 3 : std::strtoull(asked, nullptr, 10);
}

/// Generates messages of all types, validated by the same definitions.
void check_all_types(const fhir::Definitions& definitions, std::uint64_t seeds) {
  std::size_t types = 0;
  for (const fhir::TypeId type : definitions.all_types()) {
    const fhir::TypeKind kind = definitions.kind(type);
    const bool is_asked = kind == fhir::TypeKind::Resource || kind == fhir::TypeKind::Complex || kind == fhir::TypeKind::Logical;
    if (!is_asked || (definitions.is_abstract(type) && kind != fhir::TypeKind::Logical)) continue;
    types += kind == fhir::TypeKind::Resource;
    for (std::uint64_t seed = 0; seed < seeds; ++seed) {
      SeededRandom random(seed);
      Result<tree::Document> message = generate(definitions, type, random);
      if (!message) break;  // a type without elements
      const std::vector<fhir::Issue> issues = fhir::check(tree::root(*message), type, definitions);
      if (issues.empty()) continue;
      ADD_FAILURE() << definitions.name(type) << " seed " << seed << " " << issues[0].where << " " << issues[0].says;
      break;
    }
  }
  EXPECT_GT(types, 100u);
}

TEST(Generate, MakesEveryTypeOfR4AndV2Valid) { check_all_types(r4(), seeds()); }

TEST(Generate, MakesEveryTypeOfR5Valid) { check_all_types(r5(), seeds()); }

TEST(Generate, RefusesWhatNoMessageIsMadeOf) {
  SeededRandom random(1);

  EXPECT_EQ(generate(r4(), r4().find_type("string"), random).failure().cause, Cause::Unsupported);

  EXPECT_EQ(generate(r4(), 0, random).failure().cause, Cause::NotFound);
  EXPECT_EQ(generate(r4(), r4().find_type("DomainResource"), random).failure().cause, Cause::Unsupported);
}

class GeneratedValue : public testing::TestWithParam<std::string> {};

TEST_P(GeneratedValue, HasTheFormOfItsType) {
  SeededRandom random(7);
  for (int i = 0; i < 500; ++i) {
    const std::string value = random_value(GetParam(), "", random);
    ASSERT_TRUE(fhir::has_form_of(GetParam(), value)) << value;
  }
}

INSTANTIATE_TEST_SUITE_P(Table, GeneratedValue,
                         testing::Values("boolean", "integer", "positiveInt", "unsignedInt", "decimal", "string", "code", "id",
                                         "uri", "url", "canonical", "oid", "uuid", "date", "dateTime", "instant", "time",
                                         "base64Binary", "markdown"),
                         [](const auto& of) { return of.param; });

}  // namespace
}  // namespace vardbron::workbench
