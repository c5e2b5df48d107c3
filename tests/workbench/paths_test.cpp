#include "gateway/workbench/paths.h"

#include "gateway/base/random.h"
#include "gateway/formats/json/parse.h"
#include "gateway/tree/path.h"
#include "gateway/tree/walk.h"

#include <gtest/gtest.h>

#include <cstdlib>
#include <string>

// Concern: paths computed in one walk are those of tree::path_of.
namespace vardbron::workbench {
namespace {

void expect_equal(const tree::Document& document) {
  const Paths paths(document);
  for (tree::NodeId node = 0; node < document.size(); ++node)
    ASSERT_EQ(paths.of(node), tree::path_of(document, node)) << "node " << node;
}

TEST(Paths, AreThoseOfEveryKindOfDocument) {
  const tree::Names names;
  for (const char* json :
       {"{}", R"({"a":1})", R"({"a":[1]})", R"({"a":[1,[2,3]],"b":{"a":{"a":[{},{"x":null}]}}})",
        R"({"resourceType":"Patient","name":[{"given":["A","B"],"_given":[null,{"id":"x"}]},{"family":"C"}]})",
        R"({"resourceType":"Bundle","entry":[{"resource":{"resourceType":"Basic","id":"1"}},{"fullUrl":"urn:x"}]})"}) {
    Result<tree::Document> document = json::parse(json, names);
    ASSERT_TRUE(document) << json;
    expect_equal(*document);
  }
}

TEST(Paths, KnowNothingOfWhatHangsNowhere) {
  const tree::Names names;
  tree::Document document(names);
  const tree::NodeId kept = document.add(0, document.intern("a"), tree::Kind::Object);
  const tree::NodeId removed = document.add(0, document.intern("a"), tree::Kind::Object);
  document.remove(0, removed);

  const Paths paths(document);
  const tree::NodeId later = document.add(0, document.intern("b"), tree::Kind::Object);

  EXPECT_EQ(paths.of(kept), "a");
  EXPECT_EQ(paths.of(removed), "");
  EXPECT_EQ(paths.of(later), "");
}

TEST(Paths, AreThoseOfTreesThatNobodyWrote) {
  const tree::Names names;
  const char* given = std::getenv("VARDBRON_SEEDS");
  const std::uint64_t seeds = given != nullptr ? std::strtoull(given, nullptr, 10) : 50;
  for (std::uint64_t seed = 1; seed <= seeds; ++seed) {
    SeededRandom random(seed);
    tree::Document document(names);
    std::vector<tree::NodeId> open{0};
    for (int count = 0; count < 60; ++count) {
      const tree::NodeId parent = open[random.below(open.size())];
      const std::string name(1, static_cast<char>('a' + random.below(3)));
      open.push_back(document.add(parent, document.intern(name), tree::Kind::Object, random.below(4) == 0));
    }
    expect_equal(document);
  }
}

}  // namespace
}  // namespace vardbron::workbench
