#include "gateway/tree/path.h"
#include "tests/mapping/workshop.h"

#include <gtest/gtest.h>

#include <optional>
#include <string>
#include <string_view>

namespace vardbron::mapping {
namespace {

constexpr const char* model =
    "A\n id 0..1 string\n item 0..* BackboneElement\n item.kind 0..1 code\n item.text 0..1 string\n item.name 0..1 HumanName\n "
    "note 0..1 string";

constexpr const char* rules = R"(/// url = 'http://test/m'
/// name = 'm'
conceptmap "kinds" { prefix s = "http://s" prefix t = "http://t" s:a == t:x }
uses "http://test/A" alias A as source
group g(source a : A, target b) {
  a.id as id -> b.id = id "id";
  a.item as item where kind = 'a' -> b.item as out then one(item, out) "item";
}
group one(source item, target out) {
  item.kind as kind -> out.kind = translate(kind, '#kinds', 'code') "kind";
  item.name as name -> out.name = name "name";
  item.text as text where text.length() > 3 -> out.text = text "text";
}
)";

/// Marks of a run by element with a value, as "path:bits".
class Marked {
 public:
  explicit Marked(std::string message) {
    workshop.model(model).map("m.fml", rules);
    CHECK(workshop.build().empty());
    source.emplace(workshop.read(std::move(message)));
    tree::Item item = tree::root(*source);
    Environment environment;
    environment.identity = "x";
    environment.marks = &marks;
    tree::Document target(source->names());
    ran = Runner(*workshop.library().find("m")).run({&item, 1}, environment, target).ok();
  }

  std::uint8_t bits(std::string_view path) const {
    const tree::NodeId node = tree::find(*source, path);
    CHECK(node != tree::no_node);
    return marks.source.bits[node];
  }
  bool has(std::string_view path, tree::Marks::Bit bit) const { return (bits(path) & bit) != 0; }

  Workshop workshop;
  std::optional<tree::Document> source;
  Marks marks;
  bool ran = false;
};

TEST(Marks, TellWhatARuleTookAndWhatNobodyLookedAt) {
  const Marked run(R"({"id":"1","note":"unread","item":[{"kind":"a","text":"long enough"}]})");

  ASSERT_TRUE(run.ran);
  EXPECT_TRUE(run.has("id", tree::Marks::Used));
  EXPECT_TRUE(run.has("item[0].text", tree::Marks::Used));
  EXPECT_EQ(run.bits("note"), 0);
}

TEST(Marks, TellWhatAWhereDroppedAndWhichRuleItWas) {
  Marked run(R"({"item":[{"kind":"a","text":"no"},{"kind":"b","text":"never asked"}]})");

  EXPECT_TRUE(run.has("item[1]", tree::Marks::Rejected));
  EXPECT_FALSE(run.has("item[1]", tree::Marks::Used));
  EXPECT_TRUE(run.has("item[0].text", tree::Marks::Rejected));
  ASSERT_EQ(run.marks.rejected.size(), 2u);
  const Map& map = *run.workshop.library().find("m");
  EXPECT_EQ(map.rule(run.marks.rejected[0].second).path, "g/item");
  EXPECT_EQ(map.rule(run.marks.rejected[1].second).path, "one/text");
}

TEST(Marks, TellWhatAnExpressionSteppedOn) {
  const Marked run(R"({"item":[{"kind":"b"}]})");

  EXPECT_TRUE(run.has("item[0].kind", tree::Marks::Evaluated));
  EXPECT_FALSE(run.has("item[0].kind", tree::Marks::Used));
}

TEST(Marks, TellWhatWasCopiedWhole) {
  const Marked run(R"({"item":[{"kind":"a","name":{"family":"Berg"}}]})");

  EXPECT_TRUE(run.has("item[0].name", tree::Marks::Copied));
}

TEST(Marks, CountFiringsFromRunToRunAndMarkTheLastOnly) {
  Marked run(R"({"id":"1","item":[{"kind":"a"},{"kind":"a"}]})");
  const Map& map = *run.workshop.library().find("m");
  auto fired = [&](std::string_view path) {
    std::uint32_t sum = 0;
    for (RuleId rule = 0; rule < map.rule_count(); ++rule) sum += map.rule(rule).path == path ? run.marks.fired[rule] : 0;
    return sum;
  };
  EXPECT_EQ(fired("g/item"), 2u);

  tree::Document other = run.workshop.read(R"({"item":[{"kind":"a"}]})");
  tree::Item item = tree::root(other);
  tree::Document target(other.names());
  ASSERT_TRUE(Runner(map).run({&item, 1}, {.identity = "x", .marks = &run.marks}, target).ok());

  EXPECT_EQ(fired("g/item"), 3u);
  EXPECT_EQ(fired("g/id"), 1u);
  EXPECT_EQ(run.marks.source.bits.size(), other.size());
}

TEST(Marks, NameTheCodesThatMetNoMapping) {
  // The where asks for kind a, so the unlisted code comes through a second message whose where holds for it.
  Workshop workshop;
  workshop.model("A\n code 0..1 code");
  workshop.map("m.fml",
               "/// url = 'http://test/m'\n/// name = 'm'\n"
               "conceptmap \"kinds\" { prefix s = \"http://s\" prefix t = \"http://t\" s:a == t:x }\n"
               "uses \"http://test/A\" alias A as source\n"
               "group g(source a : A, target b) { a.code as c -> b.code = translate(c, '#kinds', 'code') \"code\"; }");
  ASSERT_EQ(workshop.build(), "");
  tree::Document source = workshop.read(R"({"code":"q"})");
  tree::Item item = tree::root(source);
  tree::Document target(source.names());
  Marks marks;

  const Result<void> ran = Runner(*workshop.library().find("m")).run({&item, 1}, {.identity = "x", .marks = &marks}, target);

  EXPECT_FALSE(ran.ok());
  ASSERT_EQ(marks.unlisted.size(), 1u);
  EXPECT_EQ(marks.unlisted[0].code, "q");
  EXPECT_FALSE(marks.unlisted[0].has_fallback);
}

/// Records its calls, one word each.
class Diary : public Observer {
 public:
  void fired(RuleId, std::span<const tree::Item>) override { words += " fired"; }
  void ended(RuleId) override { words += " ended"; }
  void entered(std::string_view group) override { words += " +" + std::string(group); }
  void left(std::string_view group) override { words += " -" + std::string(group); }
  std::string words;
};

TEST(Observer, HearsWhereGroupsAndRulesBeginAndEnd) {
  Marked run(R"({"item":[{"kind":"a"}]})");
  Diary diary;
  tree::Item item = tree::root(*run.source);
  tree::Document target(run.source->names());

  ASSERT_TRUE(Runner(*run.workshop.library().find("m")).run({&item, 1}, {.identity = "x", .observer = &diary}, target).ok());

  EXPECT_EQ(diary.words, " +g fired +one fired ended -one ended -g");
}

}  // namespace
}  // namespace vardbron::mapping
