#include "gateway/base/limits.h"
#include "gateway/mapping/syntax/parse.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <sstream>

namespace vardbron::mapping {
namespace {

using syntax::SourceList;
using syntax::Target;
using syntax::TargetList;
using testing::HasSubstr;

syntax::Map parsed(std::string text) {
  Result<syntax::Map> map = parse("test.fml", std::move(text));
  EXPECT_TRUE(map.ok()) << (map.ok() ? "" : map.failure().where + " " + map.failure().says);
  return map.ok() ? std::move(*map) : syntax::Map{};
}

/// The rules of a group with these rules.
std::vector<syntax::Rule> rules(const std::string& text) {
  syntax::Map map = parsed("group g(source src : A, target tgt : B) {\n" + text + "\n}");
  return map.groups.empty() ? std::vector<syntax::Rule>{} : std::move(map.groups[0].rules);
}

syntax::Rule rule(const std::string& text) {
  std::vector<syntax::Rule> all = rules(text);
  EXPECT_EQ(all.size(), 1u);
  return all.empty() ? syntax::Rule{} : std::move(all[0]);
}

TEST(FmlParser, ReadsTheDeclarationsAroundTheGroups) {
  syntax::Map map = parsed(R"(/// url = 'http://example.org/map'
/// name = "Example"
/// experimental = true
/// jurisdiction =
/// description = """
Two lines, one with group x(.
"""
// a comment
uses "http://example.org/A" alias A as source // documentation
uses 'http://example.org/B' as target
imports "http://example.org/*"
let base = 'http://x' & '/y;z';
group first(source a : A, target b : B) extends other <<type+>> { }
group other(source a : A, target b : B) <<types>> { }
)");

  EXPECT_EQ(map.url(), "http://example.org/map");
  EXPECT_EQ(map.name(), "Example");
  EXPECT_EQ(map.meta("experimental"), "true");
  EXPECT_EQ(map.meta("description"), "Two lines, one with group x(.");
  ASSERT_EQ(map.uses.size(), 2u);
  EXPECT_EQ(map.uses[0].alias.text, "A");
  EXPECT_EQ(map.uses[1].mode, syntax::ModelMode::Target);
  EXPECT_EQ(map.imports.at(0).text, "http://example.org/*");
  EXPECT_EQ(map.constants.at(0).value.text, "'http://x' & '/y;z'");
  ASSERT_EQ(map.groups.size(), 2u);
  EXPECT_EQ(map.groups[0].extends.text, "other");
  EXPECT_EQ(map.groups[0].mode, syntax::TypeMode::TypePlus);
  EXPECT_EQ(map.groups[1].mode, syntax::TypeMode::Types);
}

TEST(FmlParser, ReadsAnEscapedSurrogatePairAsOneCharacter) {
  const auto name = [](const std::string& text) { return parsed("/// name = '" + text + "'\ngroup g(source a) {}\n").name(); };

  EXPECT_EQ(name("a \\uD83D\\uDE00 \\u00e5"), "a 😀 å");
  EXPECT_EQ(name("half \\uD83D!"), "half \uFFFD!");
}

TEST(FmlParser, ReadsTheHeaderOfR4) {
  syntax::Map map = parsed("map \"http://example.org/m\" = \"old name\"\ngroup g(source a, target b) { }");
  EXPECT_EQ(map.url(), "http://example.org/m");
  EXPECT_EQ(map.name(), "old name");
}

TEST(FmlParser, ReadsAnEmbeddedConceptMap) {
  syntax::Map map = parsed(R"(conceptmap "#gender" {
  prefix s = "http://s"  prefix t = "http://t"
  unmapped for s = provided
  s:male - t:M
  s:"entered-in-error" == t:'E 1'
}
group g(source a, target b) { })");
  ASSERT_EQ(map.concept_maps.size(), 1u);
  EXPECT_EQ(map.concept_maps[0].id.text, "gender");
  EXPECT_EQ(map.concept_maps[0].pairs.at(1).source_code.text, "entered-in-error");
  EXPECT_EQ(map.concept_maps[0].pairs.at(1).target_code.text, "E 1");
  EXPECT_EQ(map.concept_maps[0].unmapped.at(0).second, "provided");
}

TEST(FmlParser, ReadsEveryPartOfASource) {
  syntax::Rule read =
      rule("src.value : integer 0..* default (10) first as v where (v >= 10) check (v <= 100) log ('x' & v) -> tgt.x = v;");
  const syntax::Source& source = read.sources.at(0);
  EXPECT_EQ(source.path.size(), 2u);
  EXPECT_EQ(source.type.text, "integer");
  EXPECT_TRUE(source.has_cardinality);
  EXPECT_EQ(source.min, 0u);
  EXPECT_EQ(source.max, UINT32_MAX);
  EXPECT_EQ(source.default_value.text, "10");
  EXPECT_EQ(source.list, SourceList::First);
  EXPECT_EQ(source.alias.text, "v");
  EXPECT_EQ(source.where.text, "v >= 10");
  EXPECT_EQ(source.check.text, "v <= 100");
  EXPECT_EQ(source.log.text, "'x' & v");
}

struct ClauseCase {
  const char* text;
  const char* where;
};

class FmlClause : public testing::TestWithParam<ClauseCase> {};

TEST_P(FmlClause, IsCutOutWhole) { EXPECT_EQ(rule(GetParam().text).sources.at(0).where.text, GetParam().where); }

INSTANTIATE_TEST_SUITE_P(Table, FmlClause,
                         testing::Values(ClauseCase{"src.a as a where (a = ')') -> tgt.b = a;", "a = ')'"},
                                         ClauseCase{"src.a as a where (a = \"it's\") -> tgt.b = a;", "a = 'it\\'s'"},
                                         ClauseCase{"src.a as a where a.length() <= 20 -> tgt.b = a;", "a.length() <= 20"},
                                         ClauseCase{"src.a as a where type = 'author' -> tgt.b as t then X(a, t);",
                                                    "type = 'author'"},
                                         ClauseCase{"src.a as a where (x) and (y) -> tgt.b = a;", "(x) and (y)"},
                                         ClauseCase{"src.a as a where x = 1 check y = 2 -> tgt.b = a;", "x = 1"},
                                         ClauseCase{"src.a as a where x in ('a', 'b') then g(a, tgt);", "x in ('a', 'b')"},
                                         ClauseCase{"src.a as a where (x /* ) */ = 1) -> tgt.b = a;", "x         = 1"},
                                         ClauseCase{"src where conformsTo('http://x')-> tgt as p;", "conformsTo('http://x')"},
                                         ClauseCase{"src.a as a where x = y \"name\";", "x = y"},
                                         ClauseCase{"src.a as a where x = \"y\" then g(a, tgt);", "x = 'y'"},
                                         ClauseCase{"src.a as a where x = \"y\" check z;", "x = 'y'"},
                                         ClauseCase{"src.a as a where x = \"y\" \"name\";", "x = 'y'"},
                                         ClauseCase{"src.a as a where x = {} then g(a, tgt);", "x = {}"}));

TEST(FmlParser, ReadsTargetsOfEveryKind) {
  syntax::Rule read = rule(
      "src.a as a, src.b as b -> tgt.x = a, tgt.y = 'text' first, tgt.z = create(\"Patient\") as p, (a & b) as ab, uuid() as u, "
      "tgt.l.m as m share key, tgt.n = (a + 1) last, tgt.o = -5, tgt.p = @2020-01-02 \"named\";");
  ASSERT_EQ(read.sources.size(), 2u);
  ASSERT_EQ(read.targets.size(), 9u);
  EXPECT_EQ(read.targets[0].kind, Target::Kind::Copy);
  EXPECT_EQ(read.targets[1].kind, Target::Kind::Literal);
  EXPECT_EQ(read.targets[1].list, TargetList::First);
  EXPECT_EQ(read.targets[2].kind, Target::Kind::Call);
  EXPECT_EQ(read.targets[2].arguments.at(0).text, "Patient");
  EXPECT_EQ(read.targets[3].kind, Target::Kind::Expression);
  EXPECT_TRUE(read.targets[3].path.empty());
  EXPECT_EQ(read.targets[4].function.text, "uuid");
  EXPECT_EQ(read.targets[5].list, TargetList::Share);
  EXPECT_EQ(read.targets[5].share.text, "key");
  EXPECT_EQ(read.targets[5].path.size(), 3u);
  EXPECT_EQ(read.targets[6].expression.text, "a + 1");
  EXPECT_EQ(read.targets[7].arguments.at(0).text, "-5");
  EXPECT_EQ(read.targets[8].arguments.at(0).literal, syntax::LiteralKind::Date);
  EXPECT_EQ(read.targets[8].arguments.at(0).text, "2020-01-02");
  EXPECT_EQ(read.name, "named");
}

TEST(FmlParser, ReadsArgumentsThatAreExpressions) {
  syntax::Rule read = rule("src -> tgt.a = evaluate(src, iif(src.is(X), \"yes, sir\", 'no'));");
  const auto& arguments = read.targets.at(0).arguments;
  ASSERT_EQ(arguments.size(), 2u);
  EXPECT_EQ(arguments[0].kind, syntax::Argument::Kind::Path);
  EXPECT_EQ(arguments[1].kind, syntax::Argument::Kind::Expression);
  EXPECT_EQ(arguments[1].expression.text, "iif(src.is(X), 'yes, sir', 'no')");
}

TEST(FmlParser, ReadsATransformInsideATransformAsOne) {
  syntax::Rule read = rule("src.a as a -> tgt.b = c('http://s', truncate( append(a, 'x') , 3));");
  const syntax::Argument& outer = read.targets.at(0).arguments.at(1);
  ASSERT_EQ(outer.transform.size(), 1u);
  EXPECT_EQ(outer.transform[0].function.text, "truncate");
  EXPECT_EQ(outer.transform[0].offset, outer.offset);
  const syntax::Argument& inner = outer.transform[0].arguments.at(0);
  ASSERT_EQ(inner.transform.size(), 1u);
  EXPECT_EQ(inner.transform[0].arguments.at(1).text, "x");
  EXPECT_EQ(inner.expression.text, "append(a, 'x')");

  for (const char* argument : {"a", "'truncate(a, 3)'", "a.truncate()", "iif(a, 'x', 'y')", "append(a, 'x') & 'y'", "append"})
    EXPECT_TRUE(
        rule("src.a as a -> tgt.b = c('s', " + std::string(argument) + ");").targets.at(0).arguments.at(1).transform.empty())
        << argument;
}

TEST(FmlParser, LeavesATransformThatIsNestedTooDeepToFhirPath) {
  std::string text = "v";
  for (std::size_t depth = 0; depth < 20 * limits::expression_depth_max; ++depth) text = "append(" + text + ")";
  const syntax::Rule read = rule("src.a as v -> tgt.b = " + text + ";");
  std::size_t depth = 0;
  const syntax::Argument* argument = &read.targets.at(0).arguments.at(0);
  for (; !argument->transform.empty(); ++depth) argument = &argument->transform[0].arguments.at(0);
  EXPECT_EQ(depth, limits::expression_depth_max);
  EXPECT_EQ(argument->kind, syntax::Argument::Kind::Expression);
}

TEST(FmlParser, TakesR4CollateForSingleAndNamesInSingleQuotes) {
  syntax::Rule read = rule("src.a as a -> tgt.b = a collate 'named';");
  EXPECT_EQ(read.targets.at(0).list, TargetList::Single);
  EXPECT_EQ(read.name, "named");
}

TEST(FmlParser, KnowsTheShortForms) {
  EXPECT_TRUE(rule("src.a -> tgt.a;").is_identity);
  EXPECT_TRUE(rule("src.a -> tgt.a \"named\";").is_identity);
  for (const char* clause : {": string", "1..1", "first", "where (x)", "check (x)", "default 'x'"})
    EXPECT_TRUE(rule(std::string("src.a ") + clause + " -> tgt.a;").is_identity) << clause;
  EXPECT_FALSE(rule("src.a as a -> tgt.a;").is_identity);
  EXPECT_FALSE(rule("src.a -> tgt.a as b;").is_identity);

  std::vector<syntax::Rule> batch = rules("src -> tgt: id, active, gender \"all\";");
  ASSERT_EQ(batch.size(), 3u);
  EXPECT_TRUE(batch[1].is_identity);
  EXPECT_EQ(batch[1].sources.at(0).path.at(1).text, "active");
  EXPECT_EQ(batch[1].targets.at(0).path.at(1).text, "active");
  EXPECT_EQ(batch[1].name, "all.active");
}

TEST(FmlParser, ReadsCallsFollowedByInlineRules) {
  syntax::Rule read = rule("src.a as a -> tgt.b as b then one(a, b), two(a, 'x') { a.c -> b.c; } \"both\";");
  ASSERT_EQ(read.calls.size(), 2u);
  EXPECT_EQ(read.calls[1].arguments.at(1).text, "x");
  ASSERT_EQ(read.rules.size(), 1u);
  EXPECT_EQ(read.name, "both");
}

TEST(FmlParser, AllowsBacktickedElementsAndKeywordsAsElements) {
  syntax::Rule read = rule("src.`not-found` as n -> tgt.group = n, tgt.where = n;");
  EXPECT_EQ(read.sources.at(0).path.at(1).text, "not-found");
  EXPECT_EQ(read.targets.at(1).path.at(1).text, "where");
}

struct WrongCase {
  const char* text;
  const char* where;
  const char* says;
};

class WrongFml : public testing::TestWithParam<WrongCase> {};

TEST_P(WrongFml, IsRefusedWithPlaceAndExpectation) {
  Result<syntax::Map> map = parse("m.fml", GetParam().text);
  ASSERT_FALSE(map.ok());
  EXPECT_EQ(map.failure().where, GetParam().where);
  EXPECT_THAT(map.failure().says, HasSubstr(GetParam().says));
}

INSTANTIATE_TEST_SUITE_P(
    Table, WrongFml,
    testing::Values(WrongCase{"", "m.fml:1:1", "at least one group"},
                    WrongCase{"use 'x' as source", "m.fml:1:1", "expected 'uses'"},
                    WrongCase{"group g(source a, target b) {\n  a.x -> b.y\n}", "m.fml:3:1", "expected ';'"},
                    WrongCase{"group g(source a, target b) {\n  a.x -> ;\n}", "m.fml:2:10", "expected a name"},
                    WrongCase{"group g(source a, target b) {\n  a.x as v where (v -> b.y = v;\n}", "m.fml:2:18", "never closed"},
                    WrongCase{"group g(source a, target b) {\n  a.x as v -> b.y = ;\n}", "m.fml:2:21", "expected a transform"},
                    WrongCase{"group g(source a, target b) {\n  a.x 2..1 as v;\n}", "m.fml:2:12", "below the lower bound"},
                    WrongCase{"group g(source a, both b) { }", "m.fml:1:19", "'source' or 'target'"},
                    WrongCase{"group g(source a, target b) <<typ>> { }", "m.fml:1:31", "'types' or 'type+'"},
                    WrongCase{"let a = 1; let a = 2; group g(source a, target b) { }", "m.fml:1:16", "declared twice"},
                    WrongCase{"uses 'x as source", "m.fml:1:6", "quote is never closed"},
                    WrongCase{"group g(source a, target b) { a -> b.c = f(a", "m.fml:1:45", "the text ends"}));

TEST(FmlParser, PassesOverTheForOfOlderTexts) {
  EXPECT_EQ(rule("for src.row as row, row.name as n -> tgt.x = n;").sources.at(1).alias.text, "n");
  EXPECT_EQ(rule("for `src`.row as row then { for row.a as a -> tgt.x = a; };").rules.at(0).sources.at(0).path.at(0).text, "row");
  EXPECT_EQ(rule("for.row as row -> tgt.x = row;").sources.at(0).path.at(0).text, "for");
  EXPECT_EQ(rule("for where (x) -> tgt.x = for;").sources.at(0).path.at(0).text, "for");
  EXPECT_EQ(rule("for -> tgt.x = for;").sources.at(0).path.at(0).text, "for");
}

TEST(FmlParser, TakesVariablesInBackticks) {
  EXPECT_EQ(rule("src.x as `the x` -> tgt.y = `the x` as `y`;").sources.at(0).alias.text, "the x");
}

struct CodeCase {
  const char *line, *source, *target;
};

class FmlCode : public testing::TestWithParam<CodeCase> {};

TEST_P(FmlCode, MayHaveDashesAndDotsWithoutQuotes) {
  Result<syntax::Map> map =
      parse("m.fml", "conceptmap \"c\" {\nprefix s = 'http://s'\nprefix t = 'http://t'\n" + std::string(GetParam().line) +
                         "\n}\ngroup g(source a, target b) { a -> b.x = 1; }");
  ASSERT_TRUE(map.ok()) << map.failure().says;
  const syntax::CodePair& pair = map->concept_maps.at(0).pairs.at(0);
  EXPECT_EQ(pair.source_code.text, GetParam().source);
  EXPECT_EQ(pair.target_code.text, GetParam().target);
}

INSTANTIATE_TEST_SUITE_P(Table, FmlCode,
                         testing::Values(CodeCase{"s:not-done - t:in-progress", "not-done", "in-progress"},
                                         CodeCase{"s:a-t:b", "a", "b"}, CodeCase{"s:a.b == t:c-1", "a.b", "c-1"},
                                         CodeCase{"s:a - t:b", "a", "b"}, CodeCase{"s:\"a-b\" - t:'c d'", "a-b", "c d"},
                                         CodeCase{"s:12 - t:b", "12", "b"}, CodeCase{"s:a-b-t:c", "a-b", "c"}));

struct SignCase {
  const char *sign, *relation;  ///< "" = refused
};

class FmlSign : public testing::TestWithParam<SignCase> {};

TEST_P(FmlSign, StandsBetweenCodes) {
  Result<syntax::Map> map =
      parse("m.fml", "conceptmap \"c\" {\nprefix s = 'http://s'\nprefix t = 'http://t'\ns:a " + std::string(GetParam().sign) +
                         " t:b\n}\ngroup g(source a, target b) { a -> b.x = 1; }");
  ASSERT_EQ(map.ok(), *GetParam().relation != 0) << GetParam().sign;
  if (map) {
    EXPECT_EQ(map->concept_maps.at(0).pairs.at(0).relation, GetParam().relation);
    EXPECT_EQ(map->concept_maps.at(0).pairs.at(0).target_code.text, "b");
  }
}

INSTANTIATE_TEST_SUITE_P(Table, FmlSign,
                         testing::Values(SignCase{"-", "-"}, SignCase{"=", "="}, SignCase{"==", "=="}, SignCase{"~", "~"},
                                         SignCase{"<=", "<="}, SignCase{">=", ">="}, SignCase{"!=", "!="}, SignCase{"<-", "<="},
                                         SignCase{">-", ">="}, SignCase{"--", "!="}, SignCase{"<", ""}, SignCase{">", ""},
                                         SignCase{"< -", ""}, SignCase{"- -", ""}, SignCase{"+", ""}));

TEST(FmlParser, StopsAtRulesNestedTooDeep) {
  std::string text = "group g(source a, target b) {";
  for (int i = 0; i < 1000; ++i) text += "a.b as c then {";
  EXPECT_FALSE(parse("deep.fml", text).ok());
}

}  // namespace
}  // namespace vardbron::mapping
