#include "gateway/mapping/syntax/parse.h"
#include "gateway/mapping/syntax/print.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <random>
#include <sstream>

// Concern: the output of `vardbron format` is equivalent to its input, keeps all comments, and is stable.
namespace vardbron::mapping {
namespace {

namespace fs = std::filesystem;
using syntax::Argument;
using syntax::Name;
using syntax::Rule;
using syntax::Target;
using testing::HasSubstr;

syntax::Map parsed(const std::string& text, const std::string& file = "test.fml") {
  Result<syntax::Map> map = parse(file, text);
  EXPECT_TRUE(map.ok()) << (map.ok() ? "" : map.failure().where + " " + map.failure().says) << "\n" << text;
  return map.ok() ? std::move(*map) : syntax::Map{};
}

std::string formatted(const std::string& text) { return print(parsed(text)); }

/// The lines of a group with these rules, printed.
std::string formatted_rules(const std::string& rules) {
  const std::string head = "group g(source s : A, target t : B) {\n";
  std::string text = formatted(head + rules + "\n}");
  EXPECT_EQ(text.substr(0, head.size()), head);
  EXPECT_EQ(text.substr(text.size() - 2), "}\n");
  return text.substr(head.size(), text.size() - head.size() - 2);
}

std::vector<std::string> comments_of(const syntax::Map& map) {
  std::vector<std::string> out;
  for (const syntax::Comment& comment : map.comments) out.push_back(comment.text);
  std::sort(out.begin(), out.end());
  return out;
}

struct RuleCase {
  std::string name, given, printed;
};

class PrintedRule : public testing::TestWithParam<RuleCase> {};

TEST_P(PrintedRule, HasOneLayout) {
  const RuleCase& c = GetParam();

  const std::string once = formatted_rules(c.given);

  EXPECT_EQ(once, c.printed);
  EXPECT_EQ(formatted_rules(once), once);
}

INSTANTIATE_TEST_SUITE_P(
    Table, PrintedRule,
    testing::Values(
        RuleCase{"Copy", "s.a   as  v->t.b=v  'copy' ;", "  s.a as v -> t.b = v \"copy\";\n"},
        RuleCase{"Identity", "s.a->t.b;", "  s.a -> t.b;\n"}, RuleCase{"NoTarget", "s.a ;", "  s.a;\n"},
        RuleCase{"AllOfASource", "s.a log('x') check(true) where(y) as v last default('q') 1..* : `a b` -> t.b = v;",
                 "  s.a : `a b` 1..* default ('q') last as v where (y) check (true) log ('x') -> t.b = v;\n"},
        RuleCase{"ListModes", "s.a as v -> t.b = v first as w, t.c = v share k, t.d = v collate, t.e as x last;",
                 "  s.a as v -> t.b = v as w first, t.c = v share k, t.d = v single, t.e as x last;\n"},
        RuleCase{"Literals",
                 "s -> t.a = \"it's\", t.b = -5, t.c = 1.50, t.d = @2015-02-04, t.e = @2015T, t.f = @T14:30, t.g = true;",
                 "  s -> t.a = 'it\\'s', t.b = -5, t.c = 1.50, t.d = @2015-02-04, t.e = @2015T, t.f = @T14:30, t.g = true;\n"},
        RuleCase{"Calls", "s.a as v then one(v,t) , two( 'x',v.b , (v & 'y') ) {v.c->t.c;} ;",
                 "  s.a as v then one(v, t), two('x', v.b, (v & 'y')) {\n    v.c -> t.c;\n  };\n"},
        RuleCase{"Batch", "s -> t : a,  b.c \"all\";", "  s -> t: a, b.c \"all\";\n"},
        RuleCase{"BatchWithAType", "s : A -> t : a,b;", "  s : A -> t: a, b;\n"},
        RuleCase{"ExpressionOverLines", "s.a as v where (v.x\n   or  v.y = 'a  b') -> t.b = (v\n  .z);",
                 "  s.a as v where (v.x or v.y = 'a  b') -> t.b = (v .z);\n"},
        RuleCase{"R4Clause", "s.a as v where v.x = \"q\" and v.y -> t.b = v;",
                 "  s.a as v where (v.x = 'q' and v.y) -> t.b = v;\n"},
        RuleCase{"OddNames", "s.`a-b` as v -> t.`c\\`d` = v;", "  s.`a-b` as v -> t.`c\\`d` = v;\n"},
        RuleCase{"BareTarget", "s.a as v -> uuid() as id, (v & 'x') as y;", "  s.a as v -> uuid() as id, (v & 'x') as y;\n"},
        RuleCase{"TransformInATransform", "s.a as v -> t.b = c('http://x', translate( v,'#m','code'));",
                 "  s.a as v -> t.b = c('http://x', translate( v,'#m','code'));\n"},
        RuleCase{"Twofold", "s.a as v, s.b as w -> t.c = append(v,w);", "  s.a as v, s.b as w -> t.c = append(v, w);\n"}),
    [](const auto& of) { return of.param.name; });

INSTANTIATE_TEST_SUITE_P(
    Lines, PrintedRule,
    testing::Values(
        RuleCase{"WhatBelongsTogetherStandsTogether",
                 "s.someLongElementName as v -> t.anotherElement as first, first.reference = append('urn:uuid:', v), "
                 "t.third = v then Group(v, first) \"name\";",
                 "  s.someLongElementName as v -> t.anotherElement as first, first.reference = append('urn:uuid:', v),\n"
                 "      t.third = v then Group(v, first) \"name\";\n"},
        RuleCase{"ATargetThatFitsALineHasOne",
                 "s.someLongElementName as v -> t.anotherElement = "
                 "cc('http://example.org/a/long/address/of/a/code/system', translate(v, '#somewhere', 'code')) \"n\";",
                 "  s.someLongElementName as v\n      -> t.anotherElement = "
                 "cc('http://example.org/a/long/address/of/a/code/system', translate(v, '#somewhere', 'code')) \"n\";\n"},
        RuleCase{
            "ALongerOneGoesOnBehindTheEqualsSign",
            "s.someLongElementName as v -> t.anotherElement = "
            "cc('http://example.org/a/much/longer/address/of/a/code/system', translate(v, '#somewhere-else', 'code')) \"n\";",
            "  s.someLongElementName as v -> t.anotherElement =\n          "
            "cc('http://example.org/a/much/longer/address/of/a/code/system', translate(v, '#somewhere-else', 'code')) \"n\";\n"},
        RuleCase{"ALongSourceGoesOnBeforeItsClauses",
                 "s.someLongElementName as v where (other.exists() and another.startsWith('something that is rather long')) "
                 "check (third.exists() or fourth.exists()) -> t.b = v;",
                 "  s.someLongElementName as v where (other.exists() and another.startsWith('something that is rather long'))\n"
                 "      check (third.exists() or fourth.exists()) -> t.b = v;\n"},
        RuleCase{"FreeLinesStayOnce", "s.a -> t.a;\n\n\n\ns.b -> t.b; s.c -> t.c;",
                 "  s.a -> t.a;\n\n  s.b -> t.b;\n  s.c -> t.c;\n"},
        RuleCase{"CommentAbove", "// why\n   s.a -> t.a;", "  // why\n  s.a -> t.a;\n"},
        RuleCase{"CommentBehind", "s.a -> t.a;   // why", "  s.a -> t.a;  // why\n"},
        RuleCase{"CommentInside", "s.a /* what */ -> t.a;", "  /* what */\n  s.a -> t.a;\n"},
        RuleCase{"CommentAtTheEndOfABlock", "s.a then {\n s.b -> t.b;\n // nothing else\n} \"x\"; // end",
                 "  s.a then {\n    s.b -> t.b;\n    // nothing else\n  } \"x\";  // end\n"},
        RuleCase{"CommentBehindTheBrace", "s.a then { // begin\n s.b -> t.b; };",
                 "  s.a then {  // begin\n    s.b -> t.b;\n  };\n"},
        RuleCase{"CommentBehindATarget", "s.a as v -> t.b = v, // one\n  t.c = v; // two",
                 "  s.a as v -> t.b = v,  // one\n      t.c = v;  // two\n"},
        RuleCase{"CommentBeforeATarget", "s.a as v ->\n // one\n t.b = v;", "  s.a as v\n      // one\n      -> t.b = v;\n"},
        RuleCase{"CommentThatIsNone", "s.a as v -> t.b = 'http://x // y';", "  s.a as v -> t.b = 'http://x // y';\n"},
        RuleCase{"MetadataThatIsAComment", "/// url = 'x'\ns.a -> t.a;", "  /// url = 'x'\n  s.a -> t.a;\n"}),
    [](const auto& of) { return of.param.name; });

TEST(FmlPrint, BringsDeclarationsIntoTheOrderOfTheGrammar) {
  const std::string text = formatted(R"(map "http://x/m" = "M"
// the models
uses "http://x/A" alias A as source
let b = a & 'z' ;
imports 'http://x/*'
let a = 'q';
conceptmap "#c" { prefix s = 'http://s' prefix t = "http://t"
  unmapped for s = provided
  s:A==t:'b c' // one
  s:"1" - t:'x\'y' }
uses 'http://x/B' as target
group g(source s : A, target t) extends h <<type+>> { }
group h(source s : A, target t : "B C") { s.a -> t.a; })");

  EXPECT_EQ(text, R"(/// url = 'http://x/m'
/// name = 'M'

conceptmap "c" {
  prefix s = "http://s"
  prefix t = "http://t"
  unmapped for s = provided
  s:A == t:'b c'  // one
  s:'1' - t:'x\'y'
}

// the models
uses "http://x/A" alias A as source
uses "http://x/B" as target

imports "http://x/*"

let b = a & 'z';
let a = 'q';

group g(source s : A, target t) extends h <<type+>> {
}

group h(source s : A, target t : `B C`) {
  s.a -> t.a;
}
)");
}

TEST(FmlPrint, KeepsLongAndOddMetadata) {
  const std::string text =
      "/// url = 'u'\n/// experimental = true\n/// title = 'it\\'s'\n/// description = \"\"\"\nTwo\n  lines\n\"\"\"\n"
      "\ngroup g(source a, target b) {\n}\n";

  EXPECT_EQ(formatted(text), text);
  EXPECT_EQ(parsed(text).meta("description"), "Two\n  lines");
}

TEST(FmlPrint, BreaksLongParameterLists) {
  const std::string text = formatted(
      "group aGroupWithALongName(source parameterNumberOne : BackboneElement, source parameterNumberTwo : "
      "BackboneElement, target three : BackboneElement) { }");

  EXPECT_EQ(
      text,
      "group aGroupWithALongName(source parameterNumberOne : BackboneElement, source parameterNumberTwo : BackboneElement,\n"
      "    target three : BackboneElement) {\n}\n");
}

TEST(FmlPrint, GivesCommentsOfATreeThatWasNeverAText) {
  syntax::Map map;
  syntax::Group group;
  group.name = {"g", 10};
  group.parameters = {{true, {"s"}, {}}, {false, {"t"}, {}}};
  for (const syntax::Offset at : {20u, 30u}) {
    Rule& rule = group.rules.emplace_back();
    rule.offset = at;
    rule.is_identity = true;
    rule.sources.emplace_back().path = {{"s"}, {"a"}};
    rule.sources[0].offset = at;
    rule.targets.emplace_back().path = {{"t"}, {"b"}};
    rule.targets[0].offset = at + 1;
  }
  group.close = 40;
  map.groups.push_back(group);
  map.comments = {{"// first", 30}, {"// last", 40}};

  EXPECT_EQ(print(map), "group g(source s, target t) {\n  s.a -> t.b;\n  // first\n  s.a -> t.b;\n  // last\n}\n");
}

std::string read_file(const fs::path& path) {
  std::ifstream file(path, std::ios::binary);
  std::stringstream text;
  text << file.rdbuf();
  return text.str();
}

fs::path suites() {
  const char* given = std::getenv("VARDBRON_CONFORMANCE");
  return given != nullptr ? fs::path(given) : fs::path(VARDBRON_SOURCE_DIR) / "../shared/conformance";
}

void expect_stable(const std::string& text, const std::string& file) {
  Result<syntax::Map> first = parse(file, text);
  if (!first) return;  // suites have maps that must be refused
  const std::string once = print(*first);
  const syntax::Map second = parsed(once, file);
  EXPECT_TRUE(same(*first, second)) << file << "\n" << once;
  EXPECT_EQ(print(second), once) << file;
  EXPECT_EQ(comments_of(second), comments_of(*first)) << file;
}

TEST(FmlPrint, KeepsTheMeaningOfEveryMapThereIs) {
  std::size_t maps = 0;
  for (const fs::path& folder :
       {fs::path(VARDBRON_SOURCE_DIR) / "mappings", suites() / "fml-reference", suites() / "fml-tutorial"}) {
    if (!fs::exists(folder)) {
      std::cout << "skipped: " << folder << " is not there\n";
      continue;
    }
    for (const fs::directory_entry& entry : fs::recursive_directory_iterator(folder)) {
      if (entry.path().extension() != ".fml" && entry.path().extension() != ".map") continue;
      expect_stable(read_file(entry.path()), entry.path().string());
      ++maps;
    }
  }
  EXPECT_GE(maps, 2u);
}

/// Generates trees that a parser could have returned.
class Author {
 public:
  explicit Author(std::uint32_t seed) : random_(seed) {}

  syntax::Map map() {
    syntax::Map out;
    for (std::size_t i = below(3); i > 0; --i) out.metadata.push_back({word(), text(), 0, 0});
    for (std::size_t i = below(3); i > 0; --i) out.concept_maps.push_back(codes());
    for (std::size_t i = below(3); i > 0; --i)
      out.uses.push_back({{text()}, maybe() ? Name{word()} : Name{}, static_cast<syntax::ModelMode>(below(4))});
    for (std::size_t i = below(2); i > 0; --i) out.imports.push_back({text()});
    for (std::size_t i = below(3); i > 0; --i) out.constants.push_back({{"k" + std::to_string(i)}, expression()});
    for (std::size_t i = 1 + below(3); i > 0; --i) out.groups.push_back(group());
    return out;
  }

 private:
  std::size_t below(std::size_t count) { return random_() % count; }
  bool maybe() { return below(2) == 0; }

  std::string word() {
    static constexpr std::array<std::string_view, 8> words{"a", "Bundle", "value_1", "src", "x", "then", "first", "group"};
    return std::string(words[below(words.size())]);
  }
  std::string plain_word() { return "v" + std::to_string(below(9)); }
  std::string text() {
    static constexpr std::array<std::string_view, 10> pieces{"x", " ", "'", "\"", "\\", "\n", "`", "å", "//", "true"};
    std::string out = "t";
    for (std::size_t i = below(6); i > 0; --i) out += pieces[below(pieces.size())];
    return out + "t";
  }
  syntax::Expression expression() {
    static constexpr std::array<std::string_view, 6> all{"a.b(c, 'x)y')", "'it\\'s'  &   b", "{}",
                                                         "(a) and (b)",   "a['//'] = 1",     "%x.where($this > 2)"};
    return {std::string(all[below(all.size())]), 0};
  }
  Name name() { return maybe() ? Name{word()} : Name{text()}; }
  std::vector<Name> path() {
    std::vector<Name> out{{plain_word()}};
    for (std::size_t i = below(3); i > 0; --i) out.push_back(name());
    return out;
  }
  Argument literal() {
    Argument out;
    out.literal = static_cast<syntax::LiteralKind>(1 + below(7));
    static const std::array<std::string, 8> texts{"",        "true", "42", "1.50", "", "2015-02-04", "2015-02-04T10:00:00+01:00",
                                                  "14:30:15"};
    out.text = out.literal == syntax::LiteralKind::String ? text() : texts[static_cast<std::size_t>(out.literal)];
    return out;
  }
  Argument argument() {
    if (maybe()) return literal();
    Argument out;
    out.kind = maybe() ? Argument::Kind::Path : Argument::Kind::Expression;
    if (out.kind == Argument::Kind::Path) {
      out.path = path();
    } else {
      out.expression = expression();
      out.expression.text = "(" + out.expression.text + ")";
    }
    return out;
  }
  std::vector<Argument> arguments() {
    std::vector<Argument> out;
    for (std::size_t i = below(4); i > 0; --i) out.push_back(argument());
    return out;
  }
  syntax::EmbeddedConceptMap codes() {
    syntax::EmbeddedConceptMap out;
    out.id = {"id" + text()};
    for (std::size_t i = below(3); i > 0; --i) out.prefixes.push_back({{word()}, {text()}});
    for (std::size_t i = below(2); i > 0; --i) out.unmapped.push_back({{word()}, maybe() ? "provided" : "error"});
    static constexpr std::array<std::string_view, 7> relations{"-", "==", "=", "~", "<=", ">=", "!="};
    for (std::size_t i = below(4); i > 0; --i) {
      syntax::CodePair& pair = out.pairs.emplace_back(
          syntax::CodePair{{"p"}, name(), {"q"}, name(), std::string(relations[below(7)]), maybe() ? "" : text(), {}});
      if (maybe()) pair.target_display = text();
      if (maybe()) pair = {{"p"}, pair.source_code, {}, {}, "!=", pair.source_display, {}};
    }
    return out;
  }
  syntax::Source source() {
    syntax::Source out;
    out.path = path();
    if (maybe()) return out;
    if (maybe()) out.type = {maybe() ? "Bundle.entry" : text()};
    if (maybe()) {
      out.has_cardinality = true;
      out.min = static_cast<std::uint32_t>(below(3));
      if (maybe()) out.max = out.min + static_cast<std::uint32_t>(below(3));
    }
    if (maybe()) out.default_value = expression();
    out.list = static_cast<syntax::SourceList>(below(6));
    if (maybe()) out.alias = {plain_word()};
    if (maybe()) out.where = expression();
    if (maybe()) out.check = expression();
    if (maybe()) out.log = expression();
    return out;
  }
  Target target() {
    Target out;
    out.kind = static_cast<Target::Kind>(below(5));
    const bool needs_path = out.kind != Target::Kind::Call && out.kind != Target::Kind::Expression;
    if (needs_path || maybe()) out.path = path();
    if (out.kind == Target::Kind::Call) {
      out.function = {word()};
      out.arguments = arguments();
    }
    if (out.kind == Target::Kind::Literal) out.arguments = {literal()};
    if (out.kind == Target::Kind::Copy) {
      out.arguments.emplace_back().kind = Argument::Kind::Path;
      out.arguments[0].path = path();
    }
    if (out.kind == Target::Kind::Expression) out.expression = expression();
    if (maybe()) out.alias = {plain_word()};
    out.list = static_cast<syntax::TargetList>(below(5));
    if (out.list == syntax::TargetList::Share) out.share = {word()};
    return out;
  }
  Rule rule(std::size_t depth) {
    Rule out;
    for (std::size_t i = 1 + below(2); i > 0; --i) out.sources.push_back(source());
    for (std::size_t i = below(4); i > 0; --i) out.targets.push_back(target());
    for (std::size_t i = below(3); i > 1; --i) out.calls.push_back({name(), arguments()});
    for (std::size_t i = depth < 3 ? below(3) : 0; i > 0; --i) out.rules.push_back(rule(depth + 1));
    if (maybe()) out.name = text();
    return out;
  }
  syntax::Group group() {
    syntax::Group out;
    out.name = name();
    for (std::size_t i = below(4); i > 0; --i) out.parameters.push_back({maybe(), {word()}, maybe() ? Name{word()} : Name{}});
    if (maybe()) out.extends = name();
    out.mode = static_cast<syntax::TypeMode>(below(3));
    for (std::size_t i = below(4); i > 0; --i) out.rules.push_back(rule(0));
    return out;
  }

  std::mt19937 random_;
};

/// Only the parser sets is_identity.
void take_identities(std::vector<Rule>& to, const std::vector<Rule>& from) {
  for (std::size_t i = 0; i < to.size() && i < from.size(); ++i) {
    to[i].is_identity = from[i].is_identity;
    take_identities(to[i].rules, from[i].rules);
  }
}

TEST(FmlPrint, GivesBackWhatAnyTreeSays) {
  const char* given = std::getenv("VARDBRON_SEEDS");
  const std::uint32_t seeds = given != nullptr ? static_cast<std::uint32_t>(std::atoi(given)) : 400;
  for (std::uint32_t seed = 0; seed < seeds; ++seed) {
    syntax::Map map = Author(seed).map();
    const std::string text = print(map);
    const syntax::Map again = parsed(text);
    for (std::size_t i = 0; i < map.groups.size() && i < again.groups.size(); ++i)
      take_identities(map.groups[i].rules, again.groups[i].rules);
    ASSERT_TRUE(same(map, again)) << "seed " << seed << "\n" << text << "\n-- and again --\n" << print(again);
    ASSERT_EQ(print(again), text) << "seed " << seed;
  }
}

TEST(FmlPrint, LosesNoCommentWhereverItStands) {
  // A comment is put between any two tokens of a map; printing it once is enough.
  const std::string text = R"(/// url = 'u'
conceptmap "c" {
  prefix s = "http://s"
  s:A == s:B
}
uses "http://x/A" alias A as source
let k = 'x' & 'y';
group g(source s : A, target t : B) {
  s.a as v where (v.x = 'q') -> t.b = append(v, 'x'), t.c as c then h(v, c) {
    v.d -> c.d;
  } "name";
  s -> t: x, y;
}
)";
  for (std::size_t at = text.find("conceptmap"); at < text.size(); ++at) {
    const bool in_quotes = std::count(text.begin(), text.begin() + static_cast<std::ptrdiff_t>(at), '"') % 2 == 1 ||
                           std::count(text.begin(), text.begin() + static_cast<std::ptrdiff_t>(at), '\'') % 2 == 1;
    if (in_quotes || text[at] != ' ') continue;
    for (const std::string comment : {"// one\n", " // two\n// three\n", "/* four */", "\n\n/* five\n six */\n"}) {
      std::string with = text;
      with.insert(at, comment);
      expect_stable(with, comment + " at " + std::to_string(at));
    }
  }
}

}  // namespace
}  // namespace vardbron::mapping
