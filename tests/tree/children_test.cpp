#include "gateway/tree/children.h"

#include <gtest/gtest.h>

#include <array>
#include <string>
#include <vector>

namespace vardbron::tree {
namespace {

TEST(Children, OfANameAreCalledInTheirOrder) {
  static constexpr std::array<std::string_view, 2> texts = {"given", "family"};
  const Names names{texts};
  Document document(names);
  for (const char* text : {"Ada", "Berg", "Eva"})
    document.add_text(0, names.find(text[0] == 'B' ? "family" : "given"), Kind::String, text);

  std::vector<std::string> seen;
  for_each_child(root(document), "given", [&](Item each) { seen.emplace_back(each.text()); });
  for_each_child(root(document).child("neverHeardOf"), "given", [&](Item each) { seen.emplace_back(each.text()); });

  EXPECT_EQ(seen, (std::vector<std::string>{"Ada", "Eva"}));
}

}  // namespace
}  // namespace vardbron::tree
