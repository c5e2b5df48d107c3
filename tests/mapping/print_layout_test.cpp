#include "gateway/base/random.h"
#include "gateway/base/text.h"
#include "gateway/mapping/syntax/parse.h"
#include "gateway/mapping/syntax/print.h"
#include "gateway/mapping/syntax/print_layout.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdlib>
#include <string>

// Concern: where a rule that is too long for one line is broken.
namespace vardbron::mapping {
namespace {

struct FoldCase {
  const char* given;
  std::size_t room;  ///< on the first line
  const char* folded;
};

TEST(Folded, GoesOnAsFarOutOfParenthesesAsItCan) {
  for (const FoldCase& row : {
           FoldCase{"t.a = f(x, y)", 13, "t.a = f(x, y)"},
           FoldCase{"t.a = f(x, y)", 12, "t.a =\n    f(x, y)"},
           FoldCase{"f(x, y)", 6, "f(x,\n      y)"},
           FoldCase{"f(g(x, y), z)", 12, "f(g(x, y),\n      z)"},
           FoldCase{"(a and b, c)", 11, "(a and b,\n      c)"},
           FoldCase{"(a = b and c)", 12, "(a = b\n      and c)"},
           FoldCase{"s.a where (x and y) check (z)", 28, "s.a where (x and y)\n    check (z)"},
           FoldCase{"s.a where (x)", 12, "s.a\n    where (x)"},
           FoldCase{"f('a, b', \"c, d\", `e, f`)", 20, "f('a, b', \"c, d\",\n      `e, f`)"},
           FoldCase{"f('it\\'s, so', x)", 16, "f('it\\'s, so',\n      x)"},
           FoldCase{"nothing to break here", 4, "nothing to break here"},
           FoldCase{"(ö & ö & ö)", 11, "(ö & ö & ö)"},
       }) {
    EXPECT_EQ(folded(row.given, {width_max - row.room, 4, 0}), row.folded) << row.given;
  }
}

TEST(Folded, LeavesRoomForWhatStandsBehind) {
  EXPECT_EQ(folded("f(x, y)", {width_max - 8, 4, 1}), "f(x, y)");
  EXPECT_EQ(folded("f(x, y)", {width_max - 7, 4, 1}), "f(x,\n      y)");
}

std::string formatted(const std::string& rule) {
  Result<syntax::Map> map = parse("m.fml", "group g(source s, target t) {\n" + rule + "\n}\n");
  CHECK(map);
  return print(*map);
}

TEST(InLines, BeginsALineWhereSomethingNewBegins) {
  EXPECT_EQ(
      formatted("s -> t.entry as entry, entry.resource = create('MessageHeader') as header, header.id = uuid() as headerId, "
                "entry.fullUrl = append('urn:uuid:', headerId), t.entry as second, second.resource = create('Patient') as "
                "patient, t.type = 'message' then { s.a -> header.a; };"),
      "group g(source s, target t) {\n"
      "  s -> t.entry as entry, entry.resource = create('MessageHeader') as header, header.id = uuid() as headerId,\n"
      "        entry.fullUrl = append('urn:uuid:', headerId),\n"
      "      t.entry as second, second.resource = create('Patient') as patient,\n"
      "      t.type = 'message' then {\n"
      "    s.a -> header.a;\n"
      "  };\n"
      "}\n");
}

/// A random rule: sources with clauses, targets that build on each other or do not, with or without a call.
std::string any_rule(Random& random) {
  auto word = [&random] { return "name" + std::to_string(random.below(1'000'000)); };
  auto call = [&] {
    const std::string inner = random.below(2) == 0 ? "translate(v, '#" + word() + "', 'code')" : word();
    return random.below(3) == 0 ? "(" + word() + " & ', ' & " + word() + ")" : "cc('http://" + word() + "', " + inner + ")";
  };
  std::string rule = "s." + word() + " as v";
  if (random.below(2) == 0) rule += " where (" + word() + ".exists() and " + word() + " = 'a, b')";
  if (random.below(3) == 0) rule += " check (" + word() + ".exists() or " + word() + ".empty())";
  std::string context = "t";
  for (std::size_t count = 1 + random.below(8), i = 0; i < count; ++i) {
    rule += i == 0 ? " -> " : ", ";
    rule += (random.below(3) == 0 ? "t" : context) + "." + word();
    if (random.below(2) == 0) {
      context = word();
      rule += " as " + context;
    } else {
      rule += " = " + call();
    }
  }
  if (random.below(3) == 0) rule += " then Group(v, " + context + ")";
  return rule + " \"" + word() + "\";";
}

TEST(InLines, SaysTheSameInLinesThatFitAndStaysAsItIs) {
  const char* given = std::getenv("VARDBRON_SEEDS");
  const std::uint64_t seeds = given != nullptr ? std::strtoull(given, nullptr, 10) : 500;
  for (std::uint64_t seed = 1; seed <= seeds; ++seed) {
    SeededRandom random(seed);
    const std::string rule = any_rule(random);
    SCOPED_TRACE("seed " + std::to_string(seed) + ": " + rule);

    const std::string text = formatted(rule);

    for (const std::string_view line : split(text, '\n')) EXPECT_LE(characters_in(line), width_max) << line;
    Result<syntax::Map> before = parse("m.fml", "group g(source s, target t) {\n" + rule + "\n}\n"), after = parse("m.fml", text);
    ASSERT_TRUE(before && after);
    EXPECT_TRUE(same(*before, *after)) << text;
    EXPECT_EQ(print(*after), text);
  }
}

}  // namespace
}  // namespace vardbron::mapping
