#include "gateway/tree/names.h"

#include <gtest/gtest.h>

#include <array>
#include <set>
#include <string>

namespace vardbron::tree {
namespace {

TEST(Names, NumbersTextsFromOneInTheirOrder) {
  const std::array<std::string_view, 3> texts = {"id", "meta", "resourceType"};
  const Names names(texts);
  EXPECT_EQ(names.size(), 4u);
  EXPECT_EQ(names.find("id"), 1u);
  EXPECT_EQ(names.find("meta"), 2u);
  EXPECT_EQ(names.find("resourceType"), 3u);
  EXPECT_EQ(names.text(3), "resourceType");
}

TEST(Names, KeepsTheFirstIdOfATextGivenTwice) {
  const std::array<std::string_view, 3> texts = {"id", "id", "meta"};
  const Names names(texts);
  EXPECT_EQ(names.find("id"), 1u);
  EXPECT_EQ(names.find("meta"), 2u);
}

TEST(Names, KnowsNothingWhenItIsEmpty) {
  const Names names;
  EXPECT_EQ(names.find("id"), 0u);
  EXPECT_EQ(names.find(""), 0u);
  EXPECT_EQ(names.text(0), "");
}

TEST(Names, TellsTextsApartThatShareHeadTailOrLength) {
  // Concern: up to 16 bytes a text is identified by head, tail and length; beyond that by its characters.
  const std::array<std::string_view, 10> texts = {"a",
                                                  "aa",
                                                  "aaa",
                                                  "aaaa",
                                                  "aaaaaaaa",
                                                  "aaaaaaaaa",
                                                  "abcdefghijklmnop",
                                                  "abcdefghXijklmnop",
                                                  "abcdefghYijklmnop",
                                                  "abcdefghijklmnopabcdefghijklmnop"};
  const Names names(texts);
  for (NameId id = 1; id < names.size(); ++id) EXPECT_EQ(names.find(texts[id - 1]), id) << texts[id - 1];
  EXPECT_EQ(names.find("aaaaa"), 0u);
  EXPECT_EQ(names.find("abcdefghZijklmnop"), 0u);
  EXPECT_EQ(names.find("aba"), 0u);
}

TEST(Names, FindsEveryOneOfManyThousandTexts) {
  std::vector<std::string> kept;
  for (int number = 0; number < 5000; ++number) kept.push_back("element" + std::to_string(number));
  kept.push_back(std::string(3000, 'x'));
  kept.push_back("behindTheLongOne");
  const std::vector<std::string_view> texts(kept.begin(), kept.end());

  const Names names(texts);

  for (NameId id = 1; id < names.size(); ++id) {
    ASSERT_EQ(names.find(texts[id - 1]), id);
    ASSERT_EQ(names.text(id), texts[id - 1]);
  }
}

TEST(NameTable, ForgetsItsTextsAndNumbersAnewAfterClear) {
  NameTable table(4711);
  table.add("first");
  table.add("second");

  table.clear();

  EXPECT_EQ(table.size(), 0u);
  EXPECT_EQ(table.find("first"), NameTable::none);
  EXPECT_EQ(table.add("second"), 0u);
}

}  // namespace
}  // namespace vardbron::tree
