#include "gateway/workbench/map_comparison.h"

#include "tests/workbench/room.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

// Concern: differences between two versions of a map are reported with their rule.
namespace vardbron::workbench {
namespace {

using testing::HasSubstr;

struct Versions {
  Versions(const std::string& before, const std::string& after) {
    for (auto [room, text] : {std::pair{&old_room, &before}, std::pair{&new_room, &after}}) {
      room->model("A\nid 0..1 string\nsize 0..1 integer\nlist 0..* string")
          .model("B\nid 0..1 string\nname 0..1 string\nlist 0..* string");
      room->rules("group g(source s : A, target t : B) {\n" + *text + "\n}");
      EXPECT_EQ(room->build(), "");
    }
  }

  std::vector<ComparisonGroup> compare(const std::vector<std::string>& messages) {
    MapComparison comparison({*old_room.library().maps()[0], old_room.definitions()},
                             {*new_room.library().maps()[0], new_room.definitions()}, nullptr, 2);
    for (std::size_t i = 0; i < messages.size(); ++i)
      comparison.compare("m" + std::to_string(i), old_room.read(messages[i]), new_room.read(messages[i]));
    changed = comparison.changed();
    refused = comparison.refused();
    return comparison.groups();
  }

  Room old_room, new_room;
  std::size_t changed = 0, refused = 0;
};

const std::vector<std::string> three{R"({"id":"1","list":["a"]})", R"({"id":"2"})", R"({"id":"3","size":4})"};

TEST(MapComparison, FindsNothingWhereBothSayTheSame) {
  Versions versions("s.id as v -> t.id = v \"i\";", "s.id as w -> t.id = (%w & '') \"other\";");

  EXPECT_TRUE(versions.compare(three).empty());
  EXPECT_EQ(versions.changed, 0u);
}

TEST(MapComparison, NamesTheNewRuleOfWhatIsOtherwise) {
  Versions versions("s.id as v -> t.id = v \"i\";", "s.id as v -> t.id = append('x', v) \"i\";");

  const std::vector<ComparisonGroup> groups = versions.compare(three);

  ASSERT_EQ(groups.size(), 1u);
  EXPECT_THAT(groups[0].rule, HasSubstr("m.fml:6"));
  EXPECT_THAT(groups[0].rule, HasSubstr("g/i"));
  EXPECT_FALSE(groups[0].is_old);
  EXPECT_EQ(groups[0].count, 3u);
  EXPECT_EQ(groups[0].messages, 3u);
  EXPECT_EQ(groups[0].examples.size(), 2u);
  EXPECT_THAT(groups[0].examples[0], HasSubstr("m0"));
  EXPECT_THAT(groups[0].examples[0], HasSubstr("x1"));
  EXPECT_EQ(versions.changed, 3u);
}

TEST(MapComparison, NamesTheOldRuleOfWhatIsNotWrittenAnyMore) {
  Versions versions("s.id as v -> t.id = v \"i\";\ns.list as v -> t.list = v \"l\";", "s.id as v -> t.id = v \"i\";");

  const std::vector<ComparisonGroup> groups = versions.compare(three);

  ASSERT_EQ(groups.size(), 1u);
  EXPECT_TRUE(groups[0].is_old);
  EXPECT_THAT(groups[0].rule, HasSubstr("g/l"));
  EXPECT_EQ(versions.changed, 1u);
}

TEST(MapComparison, CountsWhatBothRefuse) {
  Versions versions("s.list 0..0 as v -> t.list = v \"l\";", "s.list 0..0 as v -> t.list = v \"l\";");

  EXPECT_TRUE(versions.compare(three).empty());
  EXPECT_EQ(versions.changed, 0u);
  EXPECT_EQ(versions.refused, 1u);
}

TEST(MapComparison, TellsWhoRefusesWhat) {
  Versions versions("s.id as v -> t.id = v \"i\";\ns.list 0..0 as v -> t.list = v \"l\";",
                    "s.id as v -> t.id = v \"i\";\ns.size 0..0 as v -> t.name = v \"n\";");

  const std::vector<ComparisonGroup> groups = versions.compare(three);

  ASSERT_EQ(groups.size(), 2u);
  EXPECT_EQ(groups[0].rule, "refused by the new map");
  EXPECT_EQ(groups[1].rule, "refused by the old map only");
}

TEST(MapComparison, PutsTheRuleWithTheMostChangesFirst) {
  Versions versions("s.id as v -> t.id = v \"i\";",
                    "s.size as v -> t.name = 'n' \"n\";\ns.id as v -> t.id = append('x', v) \"i\";");

  const std::vector<ComparisonGroup> groups = versions.compare(three);

  ASSERT_EQ(groups.size(), 2u);
  EXPECT_THAT(groups[0].rule, HasSubstr("g/i"));
  EXPECT_THAT(groups[1].rule, HasSubstr("g/n"));
}

}  // namespace
}  // namespace vardbron::workbench
