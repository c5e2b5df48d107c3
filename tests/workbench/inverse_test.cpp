#include "gateway/workbench/inverse.h"

#include "gateway/base/random.h"
#include "gateway/formats/json/write.h"
#include "gateway/mapping/syntax/parse.h"
#include "gateway/mapping/syntax/print.h"
#include "gateway/workbench/generate.h"
#include "gateway/workbench/inverse_proof.h"
#include "tests/workbench/room.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>

// Concern: a rule reported as inverted restores the value, and no other, for any message.
namespace vardbron::workbench {
namespace {

using testing::HasSubstr;

constexpr std::string_view model_a =
    "A\nid 0..1 string\ncode 0..1 code\nsize 0..1 integer\nflag 0..1 boolean\nlist 0..* string\npart 0..* BackboneElement\n"
    "part.id 0..1 string\npart.kind 0..1 code\nhead 0..1 BackboneElement\nhead.id 0..1 string\nhead.other 0..1 string";
constexpr std::string_view model_b =
    "B\nname 0..1 string\nid 0..1 string\ncode 0..1 code\nsize 0..1 integer\ntext 0..1 string\nlist 0..* string\n"
    "identifier 0..* Identifier\nconcept 0..1 CodeableConcept\ncoding 0..1 Coding\nphone 0..* ContactPoint\npart 0..* "
    "BackboneElement\n"
    "part.id 0..1 string\npart.kind 0..1 code\npart.type 0..1 code\nhead 0..1 BackboneElement\nhead.id 0..1 string\nhead.other "
    "0..1 string";

struct Tried {
  Room room;
  std::vector<tree::Document> messages;
  std::string failures;
  std::optional<Proof> proof;
};

constexpr std::string_view codes =
    "conceptmap \"one\" { prefix a = \"http://a\" prefix b = \"http://b\" a:RED == b:r a:BLUE == b:b }\n"
    "conceptmap \"two\" { prefix a = \"http://a\" prefix b = \"http://b\" a:RED == b:x a:BLUE == b:x }\n"
    "let base = 'http://base/';\n";

void prove_rules(Tried& out, const std::string& rules, const std::string& imports = {}) {
  out.room.model(model_a).model(model_b).rules(imports + std::string(codes) + "group g(source s : A, target t : B) {\n" + rules +
                                               "\n}\n");
  out.failures = out.room.build();
  ASSERT_EQ(out.failures, "");
  const fhir::Definitions& definitions = out.room.definitions();
  const CodeHints hints = code_hints(out.room.texts());
  for (std::uint64_t seed = 0; seed < 40; ++seed) {
    SeededRandom random(seed);
    Result<tree::Document> message =
        generate(definitions, definitions.find_type("A"), random, {.optional_percent = 70, .codes = &hints});
    ASSERT_TRUE(message.ok());
    out.messages.push_back(std::move(*message));
  }
  Result<Proof> proof = prove({*out.room.texts().back(), *out.room.library().find("http://test/m"), definitions, out.messages,
                               nullptr, out.room.texts()});
  ASSERT_TRUE(proof.ok()) << proof.failure().where << " " << proof.failure().says;
  out.proof.emplace(std::move(*proof));
}

const Verdict& verdict_of(const Proof& proof, std::string_view path) {
  const auto found = std::find_if(proof.inverse.rules.begin(), proof.inverse.rules.end(),
                                  [&](const Verdict& verdict) { return verdict.path == path; });
  EXPECT_NE(found, proof.inverse.rules.end()) << path;
  return found == proof.inverse.rules.end() ? proof.inverse.rules.front() : *found;
}

struct RuleCase {
  std::string name, rules;
  Verdict::Kind kind;
  std::string says;     ///< part of the verdict's text
  std::string inverse;  ///< part of the inverse map's text
};

class InvertedRule : public testing::TestWithParam<RuleCase> {};

TEST_P(InvertedRule, SurvivesItsProof) {
  const RuleCase& c = GetParam();
  Tried tried;

  prove_rules(tried, c.rules);

  ASSERT_TRUE(tried.proof.has_value());
  const Verdict& verdict = verdict_of(*tried.proof, "g/r");
  EXPECT_EQ(verdict.kind, c.kind) << verdict.says << "\n" << tried.proof->text;
  EXPECT_THAT(verdict.says, HasSubstr(c.says)) << tried.proof->text;
  EXPECT_THAT(tried.proof->text, HasSubstr(c.inverse));
  EXPECT_EQ(tried.proof->written.count("r") > 0, c.kind == Verdict::Kind::Inverted) << tried.proof->text;
}

using enum Verdict::Kind;

INSTANTIATE_TEST_SUITE_P(
    Table, InvertedRule,
    testing::Values(
        RuleCase{"Copy", "s.id as v -> t.name = v \"r\";", Inverted, "copy", "t.name as v -> s.id = v \"r\";"},
        RuleCase{"Identity", "s.id -> t.name \"r\";", Inverted, "copy", "t.name -> s.id \"r\";"},
        RuleCase{"List", "s.list as v -> t.list = v \"r\";", Inverted, "copy", "t.list as v -> s.list = v"},
        RuleCase{"Cast", "s.size as v -> t.text = cast(v, 'string') \"r\";", Inverted, "cast", "t.text as v -> s.size = v"},
        RuleCase{"CodeList", "s.code as v -> t.code = translate(v, '#one', 'code') \"r\";", Inverted, "code list",
                 "s.code = translate(v, '#one', 'code')"},
        RuleCase{"CodeListThatMeets", "s.code as v -> t.code = translate(v, '#two', 'code') \"r\";", Lost,
                 "the codes 'RED' and 'BLUE' both become 'x'", "// lost: g/r"},
        RuleCase{"Prefix", "s.id as v -> t.name = append('urn:x:', v) \"r\";", Inverted, "prefix",
                 "substring('urn:x:'.length())"},
        RuleCase{"Identifier", "s.id as v -> t.identifier = id('http://sys', v) \"r\";", Inverted, "copy out of id",
                 "where (system = 'http://sys')"},
        RuleCase{"Concept", "s.code as v -> t.concept = cc('http://sys', v) \"r\";", Inverted, "copy out of cc", ".coding as"},
        RuleCase{"CodingOfACodeList", "s.code as v -> t.coding = c('http://sys', translate(v, '#one', 'code')) \"r\";", Inverted,
                 "code list", "translate(v, '#one', 'code')"},
        RuleCase{"Phone", "s.id as v -> t.phone = cp('phone', v) \"r\";", Inverted, "copy out of cp", "system = 'phone'"},
        RuleCase{"ElementByElement", "s.part as p -> t.part as q then {\n p.id as v -> q.id = v \"i\";\n} \"r\";", Inverted,
                 "element by element", "t.part as q -> s.part as p then {"},
        RuleCase{"GuardedElements", "s.part as p -> t.part as q, q.type = 'a' then {\n p.id as v -> q.id = v \"i\";\n} \"r\";",
                 Inverted, "element by element", "t.part as q where (type = 'a')"},
        RuleCase{"ConstantOnly", "s -> t.name = 'x' \"r\";", Constant, "nothing of the message", ""},
        RuleCase{"Default", "s.id default ('x') as v -> t.name = v \"r\";", Lost, "a default", ""},
        RuleCase{"FirstOfAList", "s.list first as v -> t.name = v \"r\";", Lost, "list mode", ""},
        RuleCase{"Expression", "s.id as v -> t.name = (%v & 'x') \"r\";", Lost, "part of an expression", ""},
        RuleCase{"Truncated", "s.id as v -> t.name = truncate(v, 2) \"r\";", Lost, "nothing undoes truncate", ""},
        RuleCase{"Unread", "s.id as v -> t.name = 'x' \"r\";", Lost, "nothing is written", ""}),
    [](const auto& of) { return of.param.name; });

TEST(Inverse, ReadsRulesInsideThatOnlyNameAVariable) {
  Tried tried;

  prove_rules(tried, "s.id as v -> t.part as q then {\n v -> q.id = v \"i\";\n v -> q.type = 'a' \"t\";\n} \"r\";");

  ASSERT_TRUE(tried.proof.has_value());
  EXPECT_EQ(verdict_of(*tried.proof, "g/r").kind, Inverted);
  EXPECT_THAT(tried.proof->text, HasSubstr("t.part as q where (type = 'a') then {"));
  EXPECT_EQ(verdict_of(*tried.proof, "g/r/i").says, "taken back with the rule around it");
}

TEST(Inverse, HoldsOnMessagesTheProofHasNotSeen) {
  Tried tried;
  prove_rules(tried,
              "s.id as v -> t.name = v \"r\";\ns.part as p -> t.part as q, q.type = 'a' then {\n p.id as v -> q.id = v \"i\";\n"
              " p.kind as v -> q.kind = translate(v, '#one', 'code') \"k\";\n} \"p\";\ns.list as v -> t.list = v \"l\";\n"
              "s.size as v -> t.text = cast(v, 'string') \"s\";\ns.head as h then {\n h.id as v -> t.identifier = id('http://x', "
              "v) \"h\";\n} \"w\";");
  ASSERT_TRUE(tried.proof.has_value());
  const fhir::Definitions& definitions = tried.room.definitions();
  const CodeHints hints = code_hints(tried.room.texts());
  std::vector<tree::Document> others;
  for (std::uint64_t seed = 1'000; seed < 1'200; ++seed) {
    SeededRandom random(seed);
    Result<tree::Document> message =
        generate(definitions, definitions.find_type("A"), random, {.optional_percent = 60, .codes = &hints});
    ASSERT_TRUE(message.ok());
    others.push_back(std::move(*message));
  }

  Result<Proof> again = prove({*tried.room.texts()[0], *tried.room.library().maps()[0], definitions, others, nullptr});

  ASSERT_TRUE(again.ok());
  EXPECT_EQ(again->text, tried.proof->text);
  EXPECT_GT(again->returned, others.size());
}

TEST(Inverse, TakesOutWhatTheProofFindsWrong) {
  Tried tried;

  // Both rules write into one list, so the values cannot be attributed.
  prove_rules(tried, "s.id as v -> t.list = v \"r\";\ns.code as v -> t.list = v \"q\";");

  ASSERT_TRUE(tried.proof.has_value());
  EXPECT_EQ(verdict_of(*tried.proof, "g/r").kind, Lost);
  EXPECT_THAT(verdict_of(*tried.proof, "g/r").says, HasSubstr("comes back"));
}

TEST(Inverse, TakesOutOnlyTheRuleThatIsWrongSeveralTimesInOneMessage) {
  Tried tried;

  prove_rules(tried,
              "s.part as p -> t.part as q then {\n p.id as v -> q.id = v \"i\";\n p.kind as v -> q.kind = v \"k\";\n"
              " p where (id.exists()) -> q.kind = 'x' \"c\";\n} \"p\";");

  ASSERT_TRUE(tried.proof.has_value());
  EXPECT_EQ(verdict_of(*tried.proof, "g/p/k").kind, Lost);
  std::size_t wrong = 0;
  for (tree::Document& message : tried.messages) {
    std::vector<tree::Document> alone;
    alone.push_back(std::move(message));
    Result<Proof> proof =
        prove({*tried.room.texts()[0], *tried.room.library().maps()[0], tried.room.definitions(), alone, nullptr});
    ASSERT_TRUE(proof.ok());
    EXPECT_EQ(verdict_of(*proof, "g/p").kind, Inverted) << verdict_of(*proof, "g/p").says;
    EXPECT_EQ(verdict_of(*proof, "g/p/i").kind, Inverted) << verdict_of(*proof, "g/p/i").says;
    if (verdict_of(*proof, "g/p/k").kind == Lost) ++wrong;
  }
  EXPECT_GT(wrong, 0U);
}

TEST(Inverse, TakesOutNoOtherRuleOfTheSameName) {
  Tried tried;

  // Without "p" the first "k" is gone too; the second is another rule.
  prove_rules(tried,
              "s.size as v -> t.size = v then {\n s.code as w -> t.code = w \"k\";\n} \"p\";\n"
              "s where (flag.exists()) -> t.size = 7, t.code = 'x' \"c\";\ns.id as v -> t.name = v \"k\";");

  ASSERT_TRUE(tried.proof.has_value());
  EXPECT_EQ(verdict_of(*tried.proof, "g/p").kind, Lost);
  EXPECT_EQ(verdict_of(*tried.proof, "g/k").kind, Inverted) << verdict_of(*tried.proof, "g/k").says;
}

TEST(Inverse, TellsWhatIsLostAndWhy) {
  Tried tried;

  prove_rules(tried, "s.id as v -> t.name = v \"r\";\ns.size as v -> t.text = (%v + 1) \"q\";");

  ASSERT_TRUE(tried.proof.has_value());
  std::string losses;
  for (const Loss& loss : tried.proof->losses) losses += loss.path + ": " + loss.why + "\n";
  EXPECT_THAT(losses, HasSubstr("size: m.fml:10 g/q: it is only part of an expression\n"));
  EXPECT_THAT(losses, HasSubstr("part.kind: no rule reads it by itself\n"));
  EXPECT_THAT(losses, testing::Not(HasSubstr("\nid:")));
}

TEST(Inverse, FollowsGroupsAndTheirParameters) {
  Tried tried;

  prove_rules(tried,
              "s.head as h -> t.head as k then Head(h, k) \"r\";\n}\n"
              "group Head(source from : BackboneElement, target to : BackboneElement) {\n  from.id as v -> to.id = v \"i\";\n"
              "  from.other as v -> to.other = v \"o\";");

  ASSERT_TRUE(tried.proof.has_value());
  EXPECT_THAT(tried.proof->text, HasSubstr("group HeadInverse(source to : BackboneElement, target from : BackboneElement) {"));
  EXPECT_EQ(tried.proof->written.count("o"), 1u) << tried.proof->text;
  for (const Loss& loss : tried.proof->losses) EXPECT_NE(loss.path.substr(0, 4), "head");
}

/// A map that others import.
std::string imported(const std::string& name, const std::string& text) {
  return "/// url = 'http://test/other/" + name + "'\n/// name = '" + name + "'\n" + text;
}

TEST(Inverse, TakesTheGroupsOfImportedMapsWithIt) {
  Tried tried;
  tried.room.map("deep.fml", imported("deep",
                                      "let mark = 'a';\ngroup Id(source f, target o) {\n"
                                      "  f.id as v -> o.id = v \"deep\";\n}\n"));
  tried.room.map(
      "heads.fml",
      imported("heads",
               "conceptmap \"one\" { prefix a = \"http://a\" prefix b = \"http://b\" a:RED == b:R2 a:BLUE == b:B2 }\n"
               "imports \"http://test/other/deep\"\n"
               "group Part(source from, target to) {\n"
               "  from then Id(from, to) \"way\";\n  from.kind as v -> to.kind = translate(v, '#one', 'code') \"kind\";\n}\n"
               "group Unused(source from, target to) {\n  from.a as v -> to.b = v;\n}\n"));

  prove_rules(tried,
              "s.part as p -> t.part as q then Part(p, q) \"r\";\ns.code as v -> t.code = translate(v, '#one', 'code') \"c\";",
              "imports \"http://test/other/h*\"\n");

  ASSERT_TRUE(tried.proof.has_value());
  const std::string& text = tried.proof->text;
  EXPECT_EQ(verdict_of(*tried.proof, "g/r").kind, Inverted) << text;
  EXPECT_EQ(verdict_of(*tried.proof, "Part/kind").kind, Inverted) << text;
  EXPECT_EQ(verdict_of(*tried.proof, "Id/deep").kind, Inverted) << text;
  EXPECT_EQ(verdict_of(*tried.proof, "Id/deep").where.substr(0, 8), "deep.fml");
  EXPECT_THAT(text, HasSubstr("group PartInverse("));
  EXPECT_THAT(text, HasSubstr("translate(v, '#one-2', 'code')"));
  EXPECT_THAT(text, testing::Not(HasSubstr("imports")));
  EXPECT_THAT(text, testing::Not(HasSubstr("Unused")));
  EXPECT_EQ(tried.proof->written.count("deep"), 1u) << text;
  for (const Loss& loss : tried.proof->losses) EXPECT_NE(loss.path.substr(0, 4), "part") << loss.why;
}

TEST(Inverse, KeepsDefaultGroupsOfImportedMaps) {
  Tried tried;
  tried.room.map("types.fml", imported("types",
                                       "uses \"http://hl7.org/fhir/StructureDefinition/string\" alias string as source\n"
                                       "group Text(source f : BackboneElement, target o : BackboneElement) <<types>> {\n"
                                       "  f.id as v -> o.id = v \"text\";\n}\n"));

  prove_rules(tried, "s.part as p -> t.part as q then {\n  p.id -> q.id \"i\";\n} \"r\";",
              "imports \"http://test/other/types\"\n");

  ASSERT_TRUE(tried.proof.has_value());
  EXPECT_THAT(tried.proof->text, HasSubstr("group TextInverse(")) << tried.proof->text;
  EXPECT_THAT(tried.proof->text, HasSubstr("<<types>>"));
  EXPECT_EQ(verdict_of(*tried.proof, "g/r/i").kind, Inverted);
}

TEST(Inverse, TellsOfALostCallBesideWhatComesBack) {
  Tried tried;

  prove_rules(tried,
              "s.head as h -> t.head as k then Head(h, k), Kind(h, 'x') \"r\";\n}\n"
              "group Head(source from : BackboneElement, target to : BackboneElement) {\n  from.id as v -> to.id = v \"i\";\n}\n"
              "group Kind(source from : BackboneElement, source word : string) {\n  from.id as v log (%v) \"k\";");

  ASSERT_TRUE(tried.proof.has_value());
  EXPECT_EQ(verdict_of(*tried.proof, "g/r").kind, Inverted) << tried.proof->text;
  for (const Verdict& verdict : tried.proof->inverse.rules) EXPECT_NE(verdict.says, "") << verdict.path;
}

TEST(Inverse, IsATextThatSaysTheSameAsItsTree) {
  Tried tried;

  prove_rules(tried,
              "s.id as v -> t.name = v \"r\";\ns.size as v -> t.text = (%v + 1) \"q\";\ns.part as p -> t.part as q then {\n"
              " p.id as v -> q.id = v \"i\";\n p.kind first as v -> q.kind = v \"k\";\n} \"p\";");

  ASSERT_TRUE(tried.proof.has_value());
  Result<mapping::syntax::Map> read = mapping::parse("inverse.fml", tried.proof->text);
  ASSERT_TRUE(read.ok());
  EXPECT_TRUE(mapping::same(tried.proof->inverse.map, *read)) << tried.proof->text;
  EXPECT_EQ(mapping::print(*read), tried.proof->text);
}

}  // namespace
}  // namespace vardbron::workbench
