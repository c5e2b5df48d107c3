#include "gateway/formats/json/write.h"

#include "gateway/formats/json/parse.h"
#include "gateway/tree/compare.h"

#include <gtest/gtest.h>

#include <random>
#include <string>
#include <vector>

namespace vardbron::json {
namespace {

using tree::Document;
using tree::Kind;
using tree::NodeId;

class JsonWrite : public testing::Test {
 protected:
  std::string rewritten(const std::string& body, WriteOptions write_options = {}, ParseOptions parse_options = {}) const {
    Result<Document> read = parse(body, names, parse_options);
    if (!read) return "refused: " + read.failure().says;
    return write(*read, write_options);
  }
  NodeId add(std::string_view name, std::string_view text, bool in_list = false) {
    return document.add_text(0, document.intern(name), Kind::String, text, in_list);
  }
  const tree::Names names;
  Document document{names};
};

TEST_F(JsonWrite, GivesBackCompactTextUnchanged) {
  for (const char* body : {
           R"({"resourceType":"Patient","active":true,"n":[1.10,1e400,-0],"name":[{"given":["Tove","Li"]}]})",
           R"({"given":["A",null,"C"],"_given":[null,{"id":"b"},{"id":"c"}]})",
           R"({"birthDate":"1950-09-07","_birthDate":{"extension":[{"url":"u","valueTime":"08:15:00"}]},"last":1})",
           R"({"_birthDate":{"id":"only"},"last":1})",
           R"({"_given":[null,{"id":"b"}]})",
           R"({"given":[null,null],"single":null})",
           R"({"m":[[1,2],[[3],{"a":1}]],"empty":{}})",
           R"({"text":"\" \\ \b\f\n\r\t\u0001 / åäö 😀"})",
           R"({})",
       }) {
    EXPECT_EQ(rewritten(body, {}, {.fhir = std::string_view(body).find("\\u0001") == std::string_view::npos}), body);
  }
}

TEST_F(JsonWrite, WritesAListAtTheRoot) { EXPECT_EQ(rewritten("[1,[2],{\"a\":3}]", {}, {.fhir = false}), "[1,[2],{\"a\":3}]"); }

TEST_F(JsonWrite, IndentsByTwoSpacesWhenPretty) {
  EXPECT_EQ(rewritten(R"({"a":1,"b":[{"c":"d"},{}],"e":["f",null],"_e":[null,{"id":"g"}],"m":[[1,2]]})", {.pretty = true}),
            R"({
  "a": 1,
  "b": [
    {
      "c": "d"
    },
    {}
  ],
  "e": [
    "f",
    null
  ],
  "_e": [
    null,
    {
      "id": "g"
    }
  ],
  "m": [
    [
      1,
      2
    ]
  ]
})");
}

TEST_F(JsonWrite, BringsSiblingsOfOneNameTogetherWhereTheFirstStands) {
  add("given", "A", true);
  add("family", "Berg");
  add("given", "B", true);
  add("use", "official");
  const NodeId last = add("given", "C", true);
  document.add_text(last, document.intern("id"), Kind::String, "c");
  EXPECT_EQ(write(document), R"({"given":["A","B","C"],"_given":[null,null,{"id":"c"}],"family":"Berg","use":"official"})");
}

TEST_F(JsonWrite, MakesAListOfUnmarkedSiblingsRatherThanAKeyTwice) {
  add("given", "A");
  add("given", "B");
  EXPECT_EQ(write(document), R"({"given":["A","B"]})");
}

TEST_F(JsonWrite, WritesAOneItemListAsAList) {
  add("given", "A", true);
  EXPECT_EQ(write(document), R"({"given":["A"]})");
}

TEST_F(JsonWrite, LeavesChildrenOfPrimitivesOutOfOtherSchemas) {
  document.add_text(add("given", "A"), document.intern("id"), Kind::String, "a");
  EXPECT_EQ(write(document, {.fhir = false}), R"({"given":"A"})");
}

TEST_F(JsonWrite, WritesABranchAndAppendsToWhatIsThere) {
  const NodeId name = document.add(0, document.intern("name"), Kind::Object);
  document.add_text(name, document.intern("family"), Kind::String, "Berg");
  std::string out = "data: ";
  write_to(out, document, name);
  EXPECT_EQ(out, R"(data: {"family":"Berg"})");
}

TEST_F(JsonWrite, EscapesWhereverInABlockTheLetterStands) {
  for (std::size_t length = 0; length < 70; ++length) {
    for (std::size_t at = 0; at < length; ++at) {
      std::string text(length, 'x');
      text[at] = '"';
      Document one(names);
      one.add_text(0, one.intern("a"), Kind::String, text);
      text.insert(at, "\\");
      ASSERT_EQ(write(one), "{\"a\":\"" + text + "\"}");
    }
  }
}

TEST_F(JsonWrite, GrowsForTextsThatAreAllEscapes) {
  add("a", std::string(100'000, '\x01'));
  const std::string out = write(document);
  EXPECT_EQ(out.size(), 600'000u + 8u);
  EXPECT_TRUE(out.ends_with("\\u0001\"}"));
}

/// Random documents of the shapes that JSON can hold.
class RandomDocument {
 public:
  RandomDocument(Document& document, std::uint32_t seed) : document_(document), chance_(seed) {}

  void fill(NodeId parent, int depth) {
    const int members = pick(depth == 0 ? 12 : 5);
    const int first_name = pick(8);
    for (int at = 0; at < members; ++at) {
      const tree::NameId name = document_.intern("name" + std::to_string(first_name + at));
      const bool in_list = pick(3) == 0;
      const bool is_object = pick(4) == 0 && depth < 6;
      for (int items = in_list ? 1 + pick(3) : 1; items > 0; --items) {
        is_object ? fill(document_.add(parent, name, Kind::Object, in_list), depth + 1) : add_primitive(parent, name, in_list);
      }
    }
  }

 private:
  int pick(int bound) { return static_cast<int>(chance_() % static_cast<unsigned>(bound)); }

  void add_primitive(NodeId parent, tree::NameId name, bool in_list) {
    NodeId node = tree::no_node;
    switch (pick(6)) {
      case 0: node = document_.add_text(parent, name, Kind::Number, pick(2) == 0 ? "1.10" : "-0e99999", in_list); break;
      case 1: node = document_.add_text(parent, name, Kind::Boolean, "true", in_list); break;
      case 2: node = document_.add(parent, name, Kind::Null, in_list); break;
      default: node = document_.add_text(parent, name, Kind::String, text(), in_list);
    }
    if (pick(4) == 0) document_.add_text(node, document_.intern("id"), Kind::String, text());
  }

  std::string text() {
    static constexpr const char* pieces[] = {
        "a", "Åsa", "\"", "\\", "\n", "\t", "😀", "/", "a longer piece without anything in it", ""};
    std::string made;
    for (int left = pick(6); left > 0; --left) made += pieces[pick(10)];
    return made;
  }

  Document& document_;
  std::mt19937 chance_;
};

TEST_F(JsonWrite, IsReadBackAsTheSameTree) {
  for (std::uint32_t seed = 0; seed < 500; ++seed) {
    Document original(names);
    RandomDocument(original, seed).fill(0, 0);
    const std::string compact = write(original);
    Result<Document> back = parse(compact, names);
    ASSERT_TRUE(back) << "seed " << seed << ": " << back.failure().says << "\n" << compact;
    ASSERT_EQ(tree::describe_differences(original, *back), "") << "seed " << seed;
    ASSERT_EQ(write(*back), compact) << "seed " << seed;
    Result<Document> from_pretty = parse(write(original, {.pretty = true}), names);
    ASSERT_TRUE(from_pretty) << "seed " << seed;
    ASSERT_EQ(tree::describe_differences(original, *from_pretty), "") << "seed " << seed;
  }
}

}  // namespace
}  // namespace vardbron::json
