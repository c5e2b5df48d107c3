#include "gateway/tree/path.h"

#include "gateway/tree/walk.h"

#include <gtest/gtest.h>

namespace vardbron::tree {
namespace {

class PathTest : public testing::Test {
 protected:
  PathTest() {
    document.add_text(0, document.intern("resourceType"), Kind::String, "Bundle");
    for (const char* family : {"Berg", "Lund"}) {
      const NodeId entry = document.add(0, document.intern("entry"), Kind::Object, true);
      const NodeId resource = document.add(entry, document.intern("resource"), Kind::Object);
      const NodeId name = document.add(resource, document.intern("name"), Kind::Object, true);
      last = document.add_text(name, document.intern("family"), Kind::String, family);
    }
  }
  const Names names;
  Document document{names};
  NodeId last = no_node;
};

TEST_F(PathTest, NamesEveryStepAndCountsWhereThingsRepeat) {
  EXPECT_EQ(path_of(document, last), "Bundle.entry[1].resource.name[0].family");
  EXPECT_EQ(path_of(document, 0), "Bundle");
}

TEST_F(PathTest, IsEmptyForANodeThatHangsNowhere) {
  const NodeId lost = document.add(0, document.intern("lost"), Kind::Object);
  document.remove(0, lost);
  EXPECT_EQ(path_of(document, lost), "");
}

TEST_F(PathTest, CallsAnXmlRootByItsElement) {
  Document xml(names);
  xml.set_name(0, xml.intern("Utskrivning"));
  const NodeId child = xml.add_text(0, xml.intern("patient"), Kind::String, "x");
  EXPECT_EQ(path_of(xml, child), "Utskrivning.patient");
}

TEST_F(PathTest, FindsEveryNodeUnderItsOwnPath) {
  const NodeId outer = document.add(0, document.intern("matrix"), Kind::Object, true);
  document.add_text(outer, 0, Kind::Number, "1", true);
  document.add_text(outer, 0, Kind::Number, "2", true);
  for (Walk walk(document, 0); walk.node() != no_node; walk.advance()) {
    EXPECT_EQ(find(document, path_of(document, walk.node())), walk.node()) << path_of(document, walk.node());
  }
}

TEST_F(PathTest, TakesTheFirstWhereNoIndexStands) {
  EXPECT_EQ(document.text(find(document, "entry.resource.name.family")), "Berg");
  EXPECT_EQ(document.text(find(document, "entry[1].resource.name.family")), "Lund");
}

TEST_F(PathTest, FindsNothingUnderAWrongPath) {
  for (const char* path : {"entry[2]", "entry[", "entry[x]", "entry[0", "Patient.entry", "entry..name", "neverHeardOf"}) {
    EXPECT_EQ(find(document, path), no_node) << path;
  }
}

TEST_F(PathTest, WalksParentsBeforeChildrenAndCanSkipABranch) {
  std::string names_met;
  for (Walk walk(document, 0); walk.node() != no_node;) {
    names_met += std::string(document.name_text(document.name(walk.node()))) + std::to_string(walk.depth()) + " ";
    document.name(walk.node()) == document.find_name("name") ? walk.skip_children() : walk.advance();
  }
  EXPECT_EQ(names_met, "0 resourceType1 entry1 resource2 name3 entry1 resource2 name3 ");
}

}  // namespace
}  // namespace vardbron::tree
