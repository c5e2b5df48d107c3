#include "gateway/tree/document.h"

#include <gtest/gtest.h>

#include <array>
#include <map>
#include <random>
#include <string>
#include <vector>

namespace vardbron::tree {
namespace {

class DocumentTest : public testing::Test {
 protected:
  static constexpr std::array<std::string_view, 5> texts = {"id", "extension", "name", "given", "family"};
  const Names names{texts};
  Document document{names};
  const NameId given = names.find("given");
  const NameId id = names.find("id");

  std::vector<std::string> texts_below(NodeId parent) const {
    std::vector<std::string> found;
    for (NodeId at = document.first_child(parent); at != no_node; at = document.next(at)) found.emplace_back(document.text(at));
    return found;
  }
};

using Texts = std::vector<std::string>;

TEST_F(DocumentTest, StartsWithAnEmptyRoot) {
  EXPECT_EQ(document.size(), 1u);
  EXPECT_EQ(document.kind(0), Kind::Object);
  EXPECT_EQ(document.first_child(0), no_node);
  EXPECT_EQ(document.next(0), no_node);
  EXPECT_EQ(document.text(0), "");
}

TEST_F(DocumentTest, MovesTheLastChildBehindAnother) {
  for (const char* text : {"a", "b", "c"}) document.add_text(0, given, Kind::String, text);
  const NodeId a = document.first_child(0), b = document.next(a), c = document.next(b);

  document.move_last(0, b, a);
  EXPECT_EQ(texts_below(0), (Texts{"a", "c", "b"}));
  document.move_last(0, c, no_node);
  EXPECT_EQ(texts_below(0), (Texts{"b", "a", "c"}));
  document.move_last(0, a, a);
  document.add_text(0, given, Kind::String, "d");
  EXPECT_EQ(texts_below(0), (Texts{"b", "a", "c", "d"}));
}

TEST_F(DocumentTest, KeepsChildrenInTheirOrderWithKindTextAndMarks) {
  const NodeId name = document.add(0, names.find("name"), Kind::Object, true);
  const NodeId first = document.add_text(name, given, Kind::String, "Tove", true);
  const NodeId second = document.add_text(name, given, Kind::String, "Li", true);
  const NodeId number = document.add_text(0, id, Kind::Number, "1.10");
  document.set_attribute(number);

  EXPECT_EQ(document.first_child(name), first);
  EXPECT_EQ(document.next(first), second);
  EXPECT_EQ(document.next(second), no_node);
  EXPECT_EQ(document.next(name), number);
  EXPECT_EQ(document.last_child(0), number);
  EXPECT_TRUE(document.in_list(second));
  EXPECT_FALSE(document.in_list(number));
  EXPECT_TRUE(document.is_attribute(number));
  EXPECT_EQ(document.name(number), id);
  EXPECT_EQ(document.kind(number), Kind::Number);
  EXPECT_EQ(document.text(number), "1.10");
  EXPECT_EQ(document.child(name, given), first);
  EXPECT_EQ(document.child(0, "name"), name);
  EXPECT_EQ(document.child(0, "family"), no_node);
  EXPECT_EQ(document.child(0, "neverHeardOf"), no_node);
}

TEST_F(DocumentTest, ReadsTextsOutOfTheBodyWithoutCopyingThem) {
  const std::string& body = document.own_body("{\"id\":\"p1\"}");
  const NodeId node = document.add_in_body(0, id, Kind::String, 7, 2);
  EXPECT_EQ(document.text(node), "p1");
  EXPECT_EQ(document.text(node).data(), body.data() + 7);
}

TEST_F(DocumentTest, KeepsTextsOfAShortBodyWhereTheyAreWhenItMoves) {
  // Concern: moving a short std::string moves its characters.
  document.own_body("{\"id\":\"p1\"}");
  const NodeId node = document.add_in_body(0, id, Kind::String, 7, 2);
  const char* before = document.text(node).data();
  const Document moved = std::move(document);
  EXPECT_EQ(moved.text(node).data(), before);
}

TEST_F(DocumentTest, LetsALeafCarryChildrenBesideItsText) {
  const NodeId leaf = document.add_text(0, given, Kind::String, "Tove");
  EXPECT_EQ(document.first_child(leaf), no_node);

  const NodeId one = document.add_text(leaf, id, Kind::String, "a");
  const NodeId two = document.add(leaf, names.find("extension"), Kind::Object, true);

  EXPECT_EQ(document.text(leaf), "Tove");
  EXPECT_EQ(document.first_child(leaf), one);
  EXPECT_EQ(document.next(one), two);
  EXPECT_EQ(document.next(two), no_node);
  EXPECT_EQ(document.last_child(leaf), two);
}

TEST_F(DocumentTest, GivesABranchAValueAndTakesItAwayAgain) {
  const NodeId branch = document.add(0, given, Kind::Null);
  const NodeId child = document.add_text(branch, id, Kind::String, "a");

  document.set_text(branch, Kind::String, "Tove");
  EXPECT_EQ(document.text(branch), "Tove");
  EXPECT_EQ(document.first_child(branch), child);
  document.set_text(branch, Kind::Number, "12");
  EXPECT_EQ(document.text(branch), "12");
  document.set_kind(branch, Kind::Object);
  EXPECT_EQ(document.text(branch), "");
  EXPECT_EQ(document.first_child(branch), child);
  const NodeId later = document.add_text(branch, id, Kind::String, "b");
  EXPECT_EQ(document.next(child), later);
}

TEST_F(DocumentTest, TakesTheValueFromALeafThatLostItsChildren) {
  const NodeId leaf = document.add_text(0, given, Kind::String, "Tove");
  document.remove(leaf, document.add(leaf, id, Kind::Null));
  EXPECT_EQ(document.text(leaf), "Tove");
  EXPECT_EQ(document.first_child(leaf), no_node);
  EXPECT_EQ(document.last_child(leaf), no_node);

  document.set_kind(leaf, Kind::Object);

  EXPECT_EQ(document.first_child(leaf), no_node);
  const NodeId child = document.add(leaf, id, Kind::Null);
  EXPECT_EQ(document.first_child(leaf), child);
}

TEST_F(DocumentTest, UnhooksTheFirstAMiddleAndTheLastChild) {
  std::vector<NodeId> children;
  for (const char* text : {"a", "b", "c", "d"}) children.push_back(document.add_text(0, given, Kind::String, text, true));

  document.remove(0, children[1]);
  EXPECT_EQ(texts_below(0), (Texts{"a", "c", "d"}));
  document.remove(0, children[0]);
  EXPECT_EQ(texts_below(0), (Texts{"c", "d"}));
  document.remove(0, children[3]);
  EXPECT_EQ(texts_below(0), (Texts{"c"}));
  document.add_text(0, given, Kind::String, "e", true);
  EXPECT_EQ(texts_below(0), (Texts{"c", "e"}));
}

TEST_F(DocumentTest, UnhooksARunOfChildrenAtOnce) {
  std::vector<NodeId> children;
  for (const char* text : {"a", "b", "c", "d"}) children.push_back(document.add_text(0, given, Kind::String, text, true));
  document.remove_run(0, children[0], children[2]);
  EXPECT_EQ(texts_below(0), (Texts{"a", "d"}));
  document.remove_run(0, no_node, children[3]);
  EXPECT_EQ(texts_below(0), Texts{});
}

TEST_F(DocumentTest, MovesChildrenBehindThoseOfAnotherNode) {
  const NodeId leaf = document.add_text(0, given, Kind::String, "Tove");
  const NodeId other = document.add(0, given, Kind::Object);
  document.add_text(other, id, Kind::String, "a");
  document.add_text(other, id, Kind::String, "b");

  document.take_children(leaf, other);
  document.add_text(leaf, id, Kind::String, "c");

  EXPECT_EQ(texts_below(leaf), (Texts{"a", "b", "c"}));
  EXPECT_EQ(document.text(leaf), "Tove");
  EXPECT_EQ(texts_below(other), Texts{});
}

TEST_F(DocumentTest, LetsSeveralNodesHaveOneKeptText) {
  const Document::Kept kept = document.keep("shared");
  const NodeId first = document.add_kept(0, id, Kind::String, kept);
  const NodeId second = document.add_kept(0, id, Kind::String, kept, true);

  document.set_text(first, Kind::String, "own");
  document.add(second, given, Kind::Object);

  EXPECT_EQ(document.text(first), "own");
  EXPECT_EQ(document.text(second), "shared");
  EXPECT_FALSE(document.in_list(first));
  EXPECT_TRUE(document.in_list(second));
}

TEST_F(DocumentTest, GivesUnknownNamesIdsBehindTheTables) {
  EXPECT_EQ(document.find_name("samordnare"), 0u);
  const NameId local = document.intern("samordnare");
  EXPECT_EQ(local, names.size());
  EXPECT_EQ(document.intern("samordnare"), local);
  EXPECT_EQ(document.intern("family"), names.find("family"));
  EXPECT_EQ(document.name_text(local), "samordnare");
  EXPECT_EQ(document.find_name("samordnare"), local);
  EXPECT_EQ(document.local_names(), 1u);
}

TEST_F(DocumentTest, CopiesABranchOfAnotherDocumentWithAllThatHangsBelowIt) {
  Document source(names);
  const NodeId name = source.add(0, names.find("name"), Kind::Object, true);
  const NodeId leaf = source.add_text(name, given, Kind::String, "Tove", true);
  source.set_attribute(source.add_text(leaf, source.intern("strange"), Kind::String, "x"));
  source.set_namespace(leaf, "urn:test");
  document.intern("another");

  const NodeId made = document.copy(0, source, name, names.find("family"));

  EXPECT_EQ(document.name_text(document.name(made)), "family");
  EXPECT_FALSE(document.in_list(made));
  const NodeId copied = document.child(made, given);
  ASSERT_NE(copied, no_node);
  EXPECT_TRUE(document.in_list(copied));
  EXPECT_EQ(document.text(copied), "Tove");
  EXPECT_EQ(document.namespace_of(copied), "urn:test");
  const NodeId strange = document.child(copied, "strange");
  ASSERT_NE(strange, no_node);
  EXPECT_TRUE(document.is_attribute(strange));
  EXPECT_EQ(document.text(strange), "x");
}

TEST_F(DocumentTest, CopiesABranchBelowItselfOnce) {
  const NodeId name = document.add(0, names.find("name"), Kind::Object);
  document.add_text(name, given, Kind::String, "Tove");
  const NodeId made = document.copy(name, document, name);
  EXPECT_EQ(texts_below(made), Texts{"Tove"});
}

TEST_F(DocumentTest, KnowsPositionsOnlyWhenAskedToKeepThem) {
  document.own_body("{\n  \"id\": 1\n}");
  const NodeId before = document.add(0, id, Kind::Null);
  document.set_offset(before, 4);
  EXPECT_EQ(document.position(before), Position{});

  document.keep_positions();
  document.set_offset(before, 4);

  EXPECT_EQ(document.position(before), (Position{2, 3}));
  EXPECT_EQ(to_string(document.position(before)), "2:3");
  EXPECT_EQ(document.position(0), Position{});
}

TEST_F(DocumentTest, KeepsNamespacesOfTheNodesThatHaveOne) {
  const NodeId one = document.add(0, id, Kind::Null);
  const NodeId two = document.add(0, id, Kind::Null);
  document.set_namespace(two, "http://hl7.org/fhir");
  EXPECT_EQ(document.namespace_of(one), "");
  EXPECT_EQ(document.namespace_of(two), "http://hl7.org/fhir");
  EXPECT_TRUE(document.has_namespace("http://hl7.org/fhir"));
  EXPECT_FALSE(document.has_namespace("urn:test"));
  document.set_namespace(two, "");
  EXPECT_EQ(document.namespace_of(two), "");
}

TEST_F(DocumentTest, KeepsTheNamespaceOfEachNodeInWhateverOrderTheyAreSet) {
  std::mt19937 random(5);
  const char* uris[] = {"", "urn:a", "urn:b", "http://hl7.org/fhir"};
  for (int round = 0; round < 50; ++round) {
    document.clear();
    EXPECT_FALSE(document.has_namespace("urn:a"));
    std::vector<std::pair<NodeId, std::string>> given;
    for (int each = 0; each < 20; ++each) {
      given.emplace_back(document.add(0, id, Kind::Null), uris[random() % 4]);
      document.set_namespace(given.back().first, given.back().second);
    }
    for (const auto& [node, uri] : given) EXPECT_EQ(document.namespace_of(node), uri);
  }
}

TEST_F(DocumentTest, ForgetsEverythingWhenCleared) {
  document.own_body("{ }");
  document.keep_positions();
  const NodeId node = document.add_text(0, document.intern("strange"), Kind::String, std::string(100'000, 'x'));
  document.set_offset(node, 1);
  document.set_namespace(node, "urn:test");

  document.clear();

  EXPECT_EQ(document.size(), 1u);
  EXPECT_EQ(document.body(), "");
  EXPECT_EQ(document.find_name("strange"), 0u);
  const NodeId again = document.add_text(0, id, Kind::String, "a");
  EXPECT_EQ(document.text(again), "a");
  EXPECT_EQ(document.namespace_of(again), "");
  EXPECT_EQ(document.position(again), Position{});
}

TEST_F(DocumentTest, KeepsTextAddressesWhilePagesAndNodesGrow) {
  std::vector<std::string_view> views;
  for (int round = 0; round < 3000; ++round) {
    const std::size_t length = round % 500 == 0 ? 70'000u : static_cast<std::size_t>(round % 300);
    const std::string text(length, static_cast<char>('a' + round % 26));
    views.push_back(document.text(document.add_text(0, id, Kind::String, text)));
  }
  std::size_t round = 0;
  for (NodeId at = document.first_child(0); at != no_node; at = document.next(at), ++round) {
    ASSERT_EQ(document.text(at), views[round]);
    ASSERT_EQ(views[round].find_first_not_of(static_cast<char>('a' + round % 26)), std::string_view::npos);
  }
}

TEST_F(DocumentTest, HoldsWhatAPlainModelHoldsWhateverIsDoneToIt) {
  // Concern: splitting, unlinking and setting values in any order. The model keeps text and children per node.
  struct Model {
    std::string text;
    std::vector<NodeId> children;
  };
  std::map<NodeId, Model> model{{0, {}}};
  std::mt19937 chance(4711);
  const auto pick = [&] { return std::next(model.begin(), static_cast<long>(chance() % model.size()))->first; };
  for (int round = 0; round < 4000; ++round) {
    const NodeId node = pick();
    const std::string text = "t" + std::to_string(round);
    switch (chance() % 6) {
      case 0:
      case 1: {
        const NodeId child = document.add_text(node, id, Kind::String, text);
        model[child].text = text;
        model[node].children.push_back(child);
        break;
      }
      case 2: {
        const NodeId child = document.add(node, given, Kind::Object);
        model[child];
        model[node].children.push_back(child);
        break;
      }
      case 3: document.set_text(node, Kind::Number, model[node].text = text); break;
      case 4:
        document.set_kind(node, chance() % 2 == 0 ? Kind::Object : Kind::Null);
        model[node].text.clear();
        break;
      case 5:
        if (auto& children = model[node].children; !children.empty()) {
          const auto child = children.begin() + static_cast<long>(chance() % children.size());
          document.remove(node, *child);
          children.erase(child);
        }
        break;
    }
  }
  for (const auto& [node, expected] : model) {
    ASSERT_EQ(document.text(node), expected.text);
    std::vector<NodeId> children;
    for (NodeId at = document.first_child(node); at != no_node; at = document.next(at)) children.push_back(at);
    ASSERT_EQ(children, expected.children);
    ASSERT_EQ(document.last_child(node), children.empty() ? no_node : children.back());
  }
}

TEST(Item, AnEmptyHandleHasNoValueAndNoChildren) {
  const Names names;
  const Document document(names);
  for (const Item item : {Item{}, Item{&document, no_node}, root(document).child("missing"), root(document).first_child()}) {
    EXPECT_FALSE(item);
    EXPECT_FALSE(item.has_value());
    EXPECT_FALSE(item.first_child());
    EXPECT_FALSE(item.child("name"));
    EXPECT_EQ(item.text_of("name"), "");
  }
}

}  // namespace
}  // namespace vardbron::tree
