#include "gateway/formats/xml/write.h"

#include "gateway/formats/xml/parse.h"
#include "gateway/tree/compare.h"

#include <gtest/gtest.h>

#include <random>
#include <string>

namespace vardbron::xml {
namespace {

using tree::Document;
using tree::Kind;
using tree::NodeId;

class XmlWrite : public testing::Test {
 protected:
  std::string rewritten(const std::string& body, WriteOptions write_options = {}, ParseOptions parse_options = {}) const {
    Result<Document> read = parse(body, names, parse_options);
    if (!read) return "refused: " + read.failure().says;
    return write(*read, write_options);
  }
  const tree::Names names;
};

TEST_F(XmlWrite, EscapesWhatCountsAtEveryPlaceOfAText) {
  for (const char* special : {"&amp;", "&lt;", "&gt;", "&#13;", "\u00e5", "\xEF\xBC\x8A"}) {
    for (std::size_t before = 0; before < 40; ++before) {
      for (std::size_t after : {0, 1, 15, 16, 17}) {
        const std::string text = std::string(before, 'x') + special + std::string(after, 'y');
        const std::string body = "<a b=\"" + text + "\"><c>" + text + "</c></a>";
        EXPECT_EQ(rewritten(body), body);
      }
    }
  }
}

TEST_F(XmlWrite, GivesBackCompactTextUnchanged) {
  for (const char* body : {
           R"(<a/>)",
           R"(<a xmlns="urn:a" b="1"><c>text</c><c d="&lt;&quot;&amp;&#10;&#9;"/><e xmlns="urn:e"><f xmlns=""/></e></a>)",
           R"(<a xml:lang="sv" xmlns:ns0="urn:p" ns0:x="1" ns0:y="2"/>)",
           R"(<text xmlns="http://hl7.org/fhir"><div xmlns="http://www.w3.org/1999/xhtml"><p>Hej  <b>du</b></p></div></text>)",
           "<a>line\nline&#13; &lt; &amp; &gt; \" ' åäö</a>",
       }) {
    EXPECT_EQ(rewritten(body), body);
  }
}

TEST_F(XmlWrite, IndentsByTwoSpacesWhenPretty) {
  EXPECT_EQ(rewritten("<a><b><c>x</c><d e=\"1\"/></b></a>", {.pretty = true, .declaration = true}),
            "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<a>\n  <b>\n    <c>x</c>\n    <d e=\"1\"/>\n  </b>\n</a>");
}

TEST_F(XmlWrite, LeavesMixedContentOnOneLine) {
  EXPECT_EQ(rewritten("<a>one<b>two</b>three</a>", {.pretty = true}, {.keep_mixed = true}), "<a>one<b>two</b>three</a>");
}

TEST_F(XmlWrite, ReplacesWhatXmlCannotHold) {
  Document document(names);
  document.set_name(0, document.intern("a"));
  document.set_text(0, Kind::String, "x\x01y\xEF\xBF\xBFz");
  EXPECT_EQ(write(document), "<a>x\xEF\xBF\xBDy\xEF\xBF\xBDz</a>");
}

TEST_F(XmlWrite, IsReadBackAsTheSameTree) {
  static constexpr const char* texts[] = {"x", "å ä", "<&>\"'", "\r\n", "a\tb\nc", "]]>", "😀"};
  static constexpr const char* uris[] = {"", "urn:a", "urn:b?x&y", "http://www.w3.org/XML/1998/namespace"};
  for (std::uint32_t seed = 0; seed < 300; ++seed) {
    std::mt19937 chance(seed);
    const auto pick = [&](unsigned bound) { return static_cast<unsigned>(chance() % bound); };
    Document original(names);
    original.set_name(0, original.intern("root"));
    std::vector<NodeId> elements{0};
    for (unsigned left = pick(30); left > 0; --left) {
      const NodeId parent = elements[pick(static_cast<unsigned>(elements.size()))];
      if (original.has_value(parent)) continue;
      const NodeId node = original.add(parent, original.intern("e" + std::to_string(pick(4))), Kind::Object);
      original.set_namespace(node, uris[pick(4)]);
      for (unsigned attributes = pick(3); attributes > 0; --attributes) {
        const NodeId made =
            original.add_text(node, original.intern("a" + std::to_string(attributes)), Kind::String, texts[pick(7)]);
        original.set_attribute(made);
        original.set_namespace(made, uris[pick(4)]);
      }
      pick(2) == 0 ? elements.push_back(node) : original.set_text(node, Kind::String, std::string("t") + texts[pick(7)]);
    }
    for (const bool pretty : {false, true}) {
      const std::string body = write(original, {.pretty = pretty});
      Result<Document> back = parse(body, names);
      ASSERT_TRUE(back) << "seed " << seed << ": " << back.failure().where << " " << back.failure().says << "\n" << body;
      ASSERT_EQ(tree::describe_differences(original, *back), "") << "seed " << seed << "\n" << body;
    }
  }
}

TEST(XmlWritePrefix, IsWrittenForAnElementOfTheXmlNamespace) {
  const tree::Names names;
  const std::string body = "<xml:qac xmlns=''><in a='1'/><xml:in xmlns='urn:x'><deep/></xml:in></xml:qac>";
  Result<Document> read = parse(body, names);
  ASSERT_TRUE(read) << read.failure().says;
  const std::string written = write(*read, {});
  Result<Document> back = parse(written, names);
  ASSERT_TRUE(back) << written << ": " << back.failure().says;
  EXPECT_EQ(tree::describe_differences(*read, *back), "") << written;
}

}  // namespace
}  // namespace vardbron::xml
