#include "gateway/formats/xml/parse.h"

#include "gateway/formats/read.h"
#include "gateway/tree/path.h"
#include "tests/formats/parsing.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace vardbron::xml {
namespace {

using tree::Document;
using tree::Kind;
using tree::NodeId;

class XmlParse : public formats::Parsing<ParseOptions, parse> {
 protected:
  static std::string uri_at(const Document& document, std::string_view path) {
    return std::string(document.namespace_of(find(document, path)));
  }
};

// Values are looked through sixteen bytes at once: what counts may be at any place of such a block, or after it.
TEST_F(XmlParse, FindsWhatCountsInAValueAtEveryPlaceOfIt) {
  struct Row {
    const char *written, *read;  ///< in an attribute; nullptr: refused
    const char* in_text;
  };
  for (const Row& row : {Row{"&amp;", "&", "&"},
                         {"\n", " ", "\n"},
                         {"\t", " ", "\t"},
                         {"\r\n", " ", "\n"},
                         {"'", "'", "'"},
                         {"<", nullptr, nullptr},
                         {"&", nullptr, nullptr},
                         {"\u00e5", "\u00e5", "\u00e5"},
                         {"/>", "/>", "/>"}}) {
    for (std::size_t before = 0; before < 40; ++before) {
      for (std::size_t after : {0, 1, 15, 16, 17}) {
        const std::string front(before, 'x'), back(after, 'y');
        const std::string value = front + row.written + back;
        const Result<Document> read = parse("<a b=\"" + value + "\" c='" + value + "'/>", names);
        const bool is_quote = std::string_view(row.written) == "'";
        ASSERT_EQ(read.ok(), row.read != nullptr && !is_quote) << value;
        if (!read) continue;
        EXPECT_EQ(text_at(*read, "b"), front + row.read + back);
        EXPECT_EQ(text_at(*read, "c"), front + row.read + back);
        EXPECT_EQ(text_at(parsed("<a><b>z" + value + "</b></a>"), "b"), "z" + front + row.in_text + back);
      }
    }
  }
}

TEST_F(XmlParse, ReadsNamesOfEveryLengthAndEndTagsWithWhiteSpace) {
  for (std::size_t length = 1; length < 40; ++length) {
    const std::string name = std::string(length - 1, 'n') + (length % 2 == 0 ? "-" : "\u00e5");
    if (name.front() == '-') continue;
    for (const char* end : {">", " >", "\n>"})
      EXPECT_EQ(text_at(parsed("<a><" + name + ">x</" + name + end + "</a>"), name), "x");
    for (const char* end : {"x>", "", "/>", " x>"})
      EXPECT_FALSE(parse("<a><" + name + ">x</" + name + end + "</a>", names)) << end;
    EXPECT_FALSE(parse("<a><" + name + ">x</" + name.substr(1) + "></a>", names));
  }
}

TEST_F(XmlParse, MakesThePlainTreeOfElementsAttributesAndTexts) {
  const Document document =
      parsed("<Arende id=\"a1\" typ='ny'>\n  <patient>Astrid</patient>\n  <tom/>\n  <rad nr=\"1\">x</rad>\n</Arende>");
  EXPECT_EQ(document.name_text(document.name(0)), "Arende");
  EXPECT_EQ(document.kind(0), Kind::Object);
  const NodeId id = document.first_child(0);
  EXPECT_TRUE(document.is_attribute(id));
  EXPECT_EQ(document.text(id), "a1");
  EXPECT_EQ(text_at(document, "typ"), "ny");
  EXPECT_EQ(text_at(document, "patient"), "Astrid");
  EXPECT_EQ(document.kind(find(document, "patient")), Kind::String);
  EXPECT_EQ(document.kind(find(document, "tom")), Kind::Object);
  EXPECT_EQ(text_at(document, "rad"), "x");
  EXPECT_EQ(text_at(document, "rad.nr"), "1");
  EXPECT_FALSE(document.in_list(find(document, "rad")));
}

TEST_F(XmlParse, DecodesReferencesCdataAndLineEnds) {
  const Document document =
      parsed("<a b=\"&lt;&#229;&#xe5;&quot;\r\n\t&#10;\"><c>&amp;<![CDATA[<&amp;>\r\n]]>x<!-- no -->y\r\nz&gt;</c></a>");
  EXPECT_EQ(text_at(document, "b"), "<åå\"  \n");
  EXPECT_EQ(text_at(document, "c"), "&<&amp;>\nxy\nz>");
}

TEST_F(XmlParse, KeepsWhiteSpaceAroundTextAndDropsItAlone) {
  const Document document = parsed("<a> <b> x </b> <c>  </c> <d><![CDATA[ ]]></d> </a>");
  EXPECT_EQ(text_at(document, "b"), " x ");
  EXPECT_EQ(document.kind(find(document, "c")), Kind::Object);
  EXPECT_EQ(text_at(document, "d"), " ");
}

TEST_F(XmlParse, ResolvesNamespacesOfElementsAndAttributes) {
  const Document document = parsed(
      "<p:a xmlns:p='urn:p' xmlns='urn:d'><b xml:lang='sv' p:x='1' y='2'><c xmlns=''/></b><p:d xmlns:p='urn:q'/><p:e/></p:a>");
  EXPECT_EQ(uri_at(document, ""), "urn:p");
  EXPECT_EQ(uri_at(document, "b"), "urn:d");
  EXPECT_EQ(uri_at(document, "b.lang"), "http://www.w3.org/XML/1998/namespace");
  EXPECT_EQ(uri_at(document, "b.x"), "urn:p");
  EXPECT_EQ(uri_at(document, "b.y"), "");
  EXPECT_EQ(uri_at(document, "b.c"), "");
  EXPECT_EQ(uri_at(document, "d"), "urn:q");
  EXPECT_EQ(uri_at(document, "e"), "urn:p");
}

TEST_F(XmlParse, CutsTheNarrativeOutAsItWasWritten) {
  const std::string div =
      "<div xmlns=\"http://www.w3.org/1999/xhtml\" title=\"a &amp; b\"><p>Hej <b>du</b> &lt;<br/></p><div>in</div></div>";
  const Document document =
      parsed("<Patient xmlns=\"http://hl7.org/fhir\"><text><status value=\"generated\"/>" + div + "</text></Patient>");
  const NodeId node = find(document, "text.div");
  EXPECT_EQ(document.kind(node), Kind::Xhtml);
  EXPECT_EQ(document.text(node), div);
  EXPECT_EQ(document.first_child(node), tree::no_node);
  EXPECT_EQ(text_at(document, "text.status.value"), "generated");
}

TEST_F(XmlParse, DeclaresTheNamespaceOfANarrativeThatInheritsIt) {
  const Document document = parsed("<a xmlns=\"http://www.w3.org/1999/xhtml\"><div class=\"x\">1\r\n2</div></a>");
  EXPECT_EQ(text_at(document, "div"), "<div xmlns=\"http://www.w3.org/1999/xhtml\" class=\"x\">1\n2</div>");
}

TEST_F(XmlParse, KeepsTextBetweenElementsOnRequest) {
  const Document document = parsed("<a>one<b>two</b>three</a>", {.keep_mixed = true});
  std::string all;
  for (NodeId at = document.first_child(0); at != tree::no_node; at = document.next(at)) {
    all += std::string(document.name_text(document.name(at))) + "=" + std::string(document.text(at)) + " ";
  }
  EXPECT_EQ(all, "=one b=two =three ");
}

TEST_F(XmlParse, IgnoresCommentsAndInstructions) {
  const Document document = parsed(
      "<?xml version=\"1.0\" encoding='UTF-8' standalone=\"yes\"?>\n<!-- a --><?go on?><a><?x?>1<!----></a>\n<!-- b -->\n");
  EXPECT_EQ(document.text(0), "1");
}

TEST_F(XmlParse, ConvertsLatinEncodings) {
  EXPECT_EQ(parsed("<?xml version='1.0' encoding='ISO-8859-1'?><a>\xE5\xE4\xF6</a>").text(0), "åäö");
  EXPECT_EQ(parsed("<?xml version='1.0' encoding='windows-1252'?><a>\x80\xE5</a>").text(0), "€å");
  EXPECT_EQ(parsed("\xEF\xBB\xBF<a>å</a>").text(0), "å");
}

TEST_F(XmlParse, TellsLineAndColumnOfEveryNodeOnRequest) {
  const Document document = parsed("<a>\n  <b x='1'\n     y='2'>t</b>\n</a>", {.positions = true});
  const auto at = [&](std::string_view path) { return to_string(document.position(find(document, path))); };
  EXPECT_EQ(at(""), "1:1");
  EXPECT_EQ(at("b"), "2:3");
  EXPECT_EQ(at("b.x"), "2:6");
  EXPECT_EQ(at("b.y"), "3:6");
}

struct Refusal {
  std::string body, expected;
};
const std::string div = "<a><div xmlns='http://www.w3.org/1999/xhtml'>";
const std::vector<Refusal> refusals = {
    {"", "1:1 The document is empty."},
    {"<!-- x -->", "1:11 The document is empty."},
    {"text", "1:1 The document does not begin with an element."},
    {"<!DOCTYPE a><a/>", "1:1 A document type declaration is not allowed."},
    {"<?xml version='1.0'?>\n<!DOCTYPE a [<!ENTITY x 'y'>]><a/>", "2:1 A document type declaration is not allowed."},
    {"<a/><b/>", "1:5 Something follows the end of the document."},
    {"<a/>\ntext", "2:1 Something follows the end of the document."},
    {"<a/><![CDATA[x]]>", "1:5 Something follows the end of the document."},
    {"<a>", "1:4 An element has no end tag. The open element is 'a', which begins at 1:1."},
    {"<a", "1:1 A tag is not closed. It is 'a'."},
    {"<a>\n<b", "2:1 A tag is not closed. It is 'b'. The open element is 'a', which begins at 1:1."},
    {"<a></b>", "1:4 An end tag does not belong to the open element. It is 'b'. The open element is 'a', which begins at 1:1."},
    {"<a>\n <part>x</a>",
     "2:9 An end tag does not belong to the open element. It is 'a'. The open element is 'part', which begins at 2:2."},
    {"<a></a", "1:4 An end tag is not closed. It is 'a'. The open element is 'a', which begins at 1:1."},
    {"</a>", "1:1 An end tag belongs to no open element. It is 'a'."},
    {"<1a/>", "1:2 The name of an element is missing or not valid."},
    {"< a/>", "1:2 The name of an element is missing or not valid."},
    {"<a:b:c/>", "1:1 The name of an element is not valid."},
    {"<p:a/>", "1:1 A namespace prefix is not declared."},
    {"<a p:b='1'/>", "1:4 A namespace prefix is not declared."},
    {"<a b='1' b='2'/>", "1:10 An attribute comes twice in one element."},
    {"<a xmlns:p='u' xmlns:q='u' p:b='1' q:b='2'/>", "1:36 An attribute comes twice in one element."},
    {"<a xmlns='u' xmlns='u'/>", "1:14 An attribute comes twice in one element."},
    {"<a xmlns:p=''/>", "1:4 A namespace declaration is not allowed."},
    {"<a xmlns:xml='urn:x'/>", "1:4 A namespace declaration is not allowed."},
    {"<a b/>", "1:5 An attribute needs '=' and a value in quotes."},
    {"<a b=1/>", "1:6 An attribute needs '=' and a value in quotes."},
    {"<a b='1'c='2'/>", "1:9 White space in front of an attribute is missing."},
    {"<a b='1/>", "1:6 The value of an attribute has no closing quote."},
    {"<a b='x<'/>", "1:8 The value of an attribute holds '<'; write &lt;."},
    {"<a>&nbsp;</a>", "1:4 An entity other than lt, gt, amp, apos and quot is not allowed."},
    {"<a b='&x;'/>", "1:7 An entity other than lt, gt, amp, apos and quot is not allowed."},
    {"<a>x & y</a>", "1:6 An '&' begins no reference; write &amp;."},
    {"<a>&#00000000000000000000000000000000000000000000000000000000000000000115;</a>",
     "1:4 A reference to a character is longer than 64 characters."},
    {"<a>&#0;</a>", "1:4 A reference stands for no character that XML allows."},
    {"<a>&#xD800;</a>", "1:4 A reference stands for no character that XML allows."},
    {"<a>&#-5;</a>", "1:4 A reference stands for no character that XML allows."},
    {"<a>x]]></a>", "1:5 A text holds ']]>'; write ]]&gt;."},
    {"<a><![CDATA[x</a>", "1:4 A CDATA section is not closed."},
    {"<a><!-- x -- y --></a>", "1:11 A comment holds '--'."},
    {"<a><!-- x</a>", "1:4 A comment is not closed."},
    {"<a><?x</a>", "1:4 A processing instruction is not closed."},
    {"<a><?xml version='1.0'?></a>", "1:4 An XML declaration stands at the very start only."},
    {"<a>\n  text<b/></a>", "2:3 Text stands between elements."},
    {"<a><b/>text</a>", "1:8 Text stands between elements."},
    {"<a>\xFF</a>", "1:4 The text is not UTF-8."},
    {"<a>\x01</a>", "1:4 There is a control character."},
    {"<a>\xEF\xBF\xBF</a>", "1:4 There is a character that XML does not allow."},
    {div + "<x:b/></div></a>", "1:46 A namespace prefix is not declared."},
    {div + "<x:b xmlns:x='urn:x'/></div></a>", "1:46 An element of a narrative has a prefix."},
    {div + "<p x:b='1'/></div></a>", "1:49 An attribute of a narrative has a prefix."},
    {div + "<p a='1' a='2'/></div></a>", "1:55 An attribute comes twice in one element."},
    {div + "<p xmlns='urn:x'/></div></a>", "1:49 An element of a narrative is not XHTML."},
    {div + "<p>&nbsp;</p></div></a>", "1:49 An entity other than lt, gt, amp, apos and quot is not allowed."},
    {"<?xml version='1.1'?><a/>", "1:1 Only XML 1.0 is supported."},
    {"<?xml encoding='UTF-8'?><a/>", "1:1 The XML declaration is not valid."},
    {"<?xml version='1.0' encoding='UTF-16'?><a/>", "1:1 The declared encoding is not supported; send UTF-8."},
    {std::string("\xFF\xFE<\0a\0", 6), "1:1 The encoding UTF-16 is not supported; send UTF-8."},
    {"<?xml version='1.0' encoding='windows-1252'?>\n<a>\x81</a>", "2:4 A byte is no character of windows-1252."},
};

TEST_F(XmlParse, RefusesWithThePlace) {
  for (const Refusal& each : refusals) EXPECT_EQ(refusal(each.body), each.expected) << each.body;
}

std::string nested(std::size_t depth) {
  std::string body;
  for (std::size_t at = 0; at < depth; ++at) body += "<a>";
  for (std::size_t at = 0; at < depth; ++at) body += "</a>";
  return body;
}

TEST_F(XmlParse, RefusesMoreThanItsLimits) {
  EXPECT_EQ(refusal(nested(64)), "accepted");
  EXPECT_EQ(refusal(nested(65)), "1:193 The document is nested too deep.");
  EXPECT_EQ(refusal("<a><b/><c/></a>", {.nodes_max = 3}), "accepted");
  EXPECT_EQ(refusal("<a><b/><c/><d/></a>", {.nodes_max = 3}), "1:12 The document has too many elements.");
  EXPECT_EQ(refusal("<a b='1' c='2'/>", {.members_max = 1}), "1:10 An element has too many attributes.");
  std::string many = "<a";
  for (int at = 0; at < 300; ++at) many += " xmlns:p" + std::to_string(at) + "='u'";
  EXPECT_EQ(parse(many + "/>", names).failure().says, "Too many namespaces.");
}

TEST_F(XmlParse, ReadsAnotherMessageIntoTheSameDocument) {
  Document document(names);
  ASSERT_TRUE(parse_into(document, "<a xmlns='urn:a'><b>1</b></a>"));
  ASSERT_FALSE(parse_into(document, "<a xmlns='urn:a'><b>1</b>"));
  EXPECT_EQ(document.size(), 1u);
  EXPECT_EQ(document.name(0), 0u);
  ASSERT_TRUE(parse_into(document, "<c>2</c>"));
  EXPECT_EQ(document.text(0), "2");
  EXPECT_EQ(document.namespace_of(0), "");
}

TEST(Read, GuessesTheFormatByContentTypeThenByTheFirstLetter) {
  using formats::check_content_type;
  using formats::Format;
  using formats::guess;
  EXPECT_EQ(guess("application/fhir+json; charset=utf-8", "<a/>"), Format::Json);
  EXPECT_EQ(check_content_type("application/fhir+json", "\xEF\xBB\xBF <a/>").failure().says,
            "This is XML, but Content-Type says JSON.");
  EXPECT_EQ(check_content_type("text/xml", "[1]").failure().says, "This is JSON, but Content-Type says XML.");
  EXPECT_EQ(check_content_type("application/json", "MSH|^~\\&|a").failure().says, "This is HL7 v2, but Content-Type says JSON.");
  EXPECT_TRUE(check_content_type("text/csv", "[1]") && check_content_type("text/plain", "<a/>") &&
              check_content_type("text/xml", ""));
  EXPECT_EQ(guess(" Application/FHIR+XML ", "{}"), Format::Xml);
  EXPECT_EQ(guess("text/xml", ""), Format::Xml);
  EXPECT_EQ(guess("json", ""), Format::Json);
  EXPECT_EQ(guess("text/plain", " \n{}"), Format::Json);
  EXPECT_EQ(guess("", "\xEF\xBB\xBF<a/>"), Format::Xml);
  EXPECT_EQ(guess("", "MSH|^~\\&|"), Format::Hl7v2);
  EXPECT_EQ(guess("", ""), Format::Unknown);
}

TEST(Read, ReadsWhatItIsToldToRead) {
  const tree::Names names;
  EXPECT_TRUE(formats::read(formats::Format::Json, "{\"_id\":1}", names, {.fhir = false}));
  EXPECT_TRUE(formats::read(formats::Format::Xml, "<a/>", names));
  EXPECT_EQ(formats::read(formats::Format::Unknown, "MSH", names).failure().cause, Cause::Unsupported);
}

}  // namespace
}  // namespace vardbron::xml
