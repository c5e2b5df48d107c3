#include "gateway/tree/compare.h"

#include <gtest/gtest.h>

#include <functional>

namespace vardbron::tree {
namespace {

class CompareTest : public testing::Test {
 protected:
  void build(const std::function<void(Document&)>& build_left, const std::function<void(Document&)>& build_right) {
    build_left(left);
    build_right(right);
  }
  const Names names;
  const Names other_names{std::vector<std::string_view>{"b", "a"}};
  Document left{names};
  Document right{other_names};
};

void add(Document& document, std::string_view name, std::string_view text, Kind kind = Kind::String, bool in_list = false) {
  document.add_text(0, document.intern(name), kind, text, in_list);
}

TEST_F(CompareTest, IgnoresTheOrderOfDifferentNames) {
  add(left, "a", "1");
  add(left, "b", "2");
  add(right, "b", "2");
  add(right, "a", "1");
  EXPECT_EQ(describe_differences(left, right), "");
}

TEST_F(CompareTest, HoldsTheOrderOfAListForMeaning) {
  add(left, "a", "1", Kind::String, true);
  add(left, "a", "2", Kind::String, true);
  add(right, "a", "2", Kind::String, true);
  add(right, "a", "1", Kind::String, true);
  EXPECT_EQ(differences(left, right).size(), 2u);
}

TEST_F(CompareTest, ComparesDecimalsDigitByDigit) {
  add(left, "a", "1.10", Kind::Number);
  add(right, "a", "1.1", Kind::Number);
  EXPECT_EQ(describe_differences(left, right), "a: '1.10' on the left, '1.1' on the right\n");
}

TEST_F(CompareTest, TellsAStringFromANumber) {
  add(left, "a", "1", Kind::Number);
  add(right, "a", "1", Kind::String);
  EXPECT_EQ(describe_differences(left, right), "a: number on the left, string on the right\n");
}

TEST_F(CompareTest, NamesWhatStandsOnOneSideOnly) {
  add(left, "a", "1");
  add(right, "b", "1");
  EXPECT_EQ(describe_differences(left, right), "a: only on the left\nb: only on the right\n");
}

TEST_F(CompareTest, LooksBelowAPrimitive) {
  left.add_text(left.add_text(0, left.intern("a"), Kind::String, "1"), left.intern("id"), Kind::String, "x");
  right.add_text(right.add_text(0, right.intern("a"), Kind::String, "1"), right.intern("id"), Kind::String, "y");
  EXPECT_EQ(describe_differences(left, right), "a.id: 'x' on the left, 'y' on the right\n");
}

TEST_F(CompareTest, OverlooksListMarksAttributesAndNamespacesOnRequest) {
  add(left, "a", "1", Kind::String, true);
  left.set_attribute(left.first_child(0));
  left.set_namespace(left.first_child(0), "urn:test");
  add(right, "a", "1");
  EXPECT_EQ(differences(left, right).size(), 3u);
  EXPECT_TRUE(differences(left, right, {.list_marks = false, .attributes = false, .namespaces = false}).empty());
}

TEST_F(CompareTest, StopsAtTheGivenNumberOfDifferences) {
  for (int number = 0; number < 10; ++number) add(left, "only" + std::to_string(number), "1");
  EXPECT_EQ(differences(left, right, {.differences_max = 3}).size(), 3u);
}

TEST_F(CompareTest, TellsRootElementsOfDifferentNamesApart) {
  left.set_name(0, left.intern("Patient"));
  EXPECT_EQ(differences(left, right).size(), 1u);
}

}  // namespace
}  // namespace vardbron::tree
