#include "gateway/tree/branch.h"

#include "gateway/base/random.h"
#include "tests/sim/seeds.h"

#include <gtest/gtest.h>

#include <array>
#include <string>
#include <vector>

namespace vardbron::tree {
namespace {

constexpr std::array<std::string_view, 4> texts = {"name", "given", "family", "use"};

/// A node and its descendants, as text.
std::string shown(const Document& document, NodeId node) {
  std::string out(document.name_text(document.name(node)));
  if (document.in_list(node)) out += '*';
  if (document.has_value(node)) return out + "=" + std::string(document.text(node));
  out += '(';
  for (NodeId child = document.first_child(node); child != no_node; child = document.next(child))
    out += shown(document, child) + ' ';
  return out + ')';
}

class BranchTest : public testing::Test {
 protected:
  const Names names{texts};
  Document document{names};
  Document::Branch branch;
};

TEST_F(BranchTest, StandsBehindTheChildrenItsParentHasEachTimeItIsAdded) {
  branch.add(0, names.find("name"), Kind::Object, true);
  branch.add(0, names.find("use"), Kind::String);
  branch.add(0, names.find("family"), Kind::String);
  branch.set_text(1, document.keep("usual"));
  branch.set_text(2, document.keep("Berg"));

  const NodeId first = document.add_branch(0, branch);
  branch.set_text(2, document.keep("Lind"));
  const NodeId second = document.add_branch(0, branch);
  document.add_text(first, names.find("given"), Kind::String, "Ada", true);

  EXPECT_EQ(shown(document, 0), "(name*(use=usual family=Berg given*=Ada ) name*(use=usual family=Lind ) )");
  EXPECT_EQ(second, first + branch.size());
}

TEST_F(BranchTest, TakesTextsOfNoLength) {
  branch.add(0, names.find("use"), Kind::String);
  document.add_branch(0, branch);

  EXPECT_EQ(shown(document, 0), "(use= )");
}

/// The same tree, part by part and at once, below a random node of a random document.
TEST(Branches, AddWhatTheirPartsWouldGive) {
  sim::for_each_seed(200, [](std::uint64_t seed) {
    SeededRandom random(seed);
    const Names names{texts};
    Document at_once(names), by_part(names);
    for (int round = 0; round < 8; ++round) {
      Document::Branch branch;
      std::vector<NodeId> open;
      for (NodeId node = 0; node < at_once.size(); ++node) {
        if (!at_once.has_value(node)) open.push_back(node);
      }
      const NodeId parent = open[random.below(open.size())];
      std::vector<NodeId> made;
      std::vector<bool> is_open;
      for (std::uint64_t part = 0, parts = 1 + random.below(70); part < parts; ++part) {
        std::uint32_t above = 0;
        do above = static_cast<std::uint32_t>(part == 0 ? 0 : random.below(part));
        while (part != 0 && !is_open[above]);
        const bool has_value = part != 0 && random.below(2) == 0;
        const NameId name = names.find(texts[random.below(texts.size())]);
        const bool in_list = random.below(2) == 0;
        branch.add(above, name, has_value ? Kind::String : Kind::Object, in_list);
        const NodeId below = part == 0 ? parent : made[above];
        const std::string text = std::to_string(random.below(1000));
        made.push_back(has_value ? by_part.add_text(below, name, Kind::String, text, in_list)
                                 : by_part.add(below, name, Kind::Object, in_list));
        is_open.push_back(!has_value);
        if (has_value) branch.set_text(static_cast<std::uint32_t>(part), at_once.keep(text));
      }
      at_once.add_branch(parent, branch);
      ASSERT_EQ(shown(at_once, 0), shown(by_part, 0));
    }
  });
}

}  // namespace
}  // namespace vardbron::tree
