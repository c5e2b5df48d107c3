#include "gateway/fhir/narrative.h"

#include "gateway/base/limits.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

// Concern: which text may be a narrative's div, and so be written into XML unchanged.
namespace vardbron::fhir {
namespace {

using testing::HasSubstr;

std::string div(std::string_view inside) {
  return "<div xmlns=\"http://www.w3.org/1999/xhtml\">" + std::string(inside) + "</div>";
}

TEST(Narrative, IsFormattedTextWithLinksAndImages) {
  for (const std::string& text :
       {div("x"), " " + div("x") + "\n", div("<p class=\"a\">5 &lt; 6 &amp; &quot;&apos;&#160;&#xA0;</p>"),
        div("<!-- a - comment --><b>x</b><br/>"), div("<br></br>x"), div("<![CDATA[5 < 6]]>"), div("<img src='#pic' alt='x'/>"),
        div("<img src=\"data:image/png;base64,AAAA\"/>"), div("<img src=\"https://a.se/x.png\"/>"), div("<img src='Binary/1'/>"),
        div("<a href=\"http://a.se?a=1&amp;b=2\">x</a><a href=\"mailto:a@b.se\" name='q'>x</a><a href='#top'>x</a>"),
        div("<table border='1'><tr><td colspan='2' style=\"color: red\">å</td></tr></table>"),
        div("<span xml:lang=\"sv\" lang = 'sv'>x</span>"), std::string("<div xmlns='http://www.w3.org/1999/xhtml'>x</div >")})
    EXPECT_EQ(narrative_fault(text), "") << text;
}

TEST(Narrative, IsOneWellFormedElement) {
  for (const std::string& text : {std::string(),
                                  std::string("x"),
                                  div("<p>a"),
                                  div("a</p>"),
                                  div("<p><b>a</p></b>"),
                                  div("5 < 6"),
                                  div("a & b"),
                                  div("a&b;"),
                                  div("&nbsp;"),
                                  div("&#0;"),
                                  div("&#xFFFE;"),
                                  div("&#xD800;"),
                                  div("&#x110000;"),
                                  div("&#;"),
                                  div("<p title=\"<\">x</p>"),
                                  div("<p title=\"&copy;\">x</p>"),
                                  div("<p title=a>x</p>"),
                                  div("<p title>x</p>"),
                                  div("<p title='a'id='b'>x</p>"),
                                  div("<p id='a' id='b'>x</p>"),
                                  div("]]>"),
                                  div("<!-- a -- b -->x"),
                                  div("<!-- x"),
                                  div("<![CDATA[x"),
                                  div("<p"),
                                  div("< p>x</p>"),
                                  div("\x01x"),
                                  div("\xEF\xBF\xBF"),
                                  div("x") + div("y"),
                                  div("x") + "y",
                                  "y" + div("x"),
                                  div("x") + "</text>",
                                  "<?xml version=\"1.0\"?>" + div("x"),
                                  "<!DOCTYPE div>" + div("x"),
                                  "<!DOCTYPE div [<!ENTITY e 'x'>]>" + div("&e;"),
                                  div("<?php x ?>y"),
                                  div("x</div></text><deceasedBoolean value=\"true\"/><text><div>")})
    EXPECT_NE(narrative_fault(text), "") << text;
}

TEST(Narrative, IsADivOfXhtmlWithWhatFhirAllows) {
  for (const std::string& text : {std::string("<div>x</div>"),
                                  std::string("<p xmlns=\"http://www.w3.org/1999/xhtml\">x</p>"),
                                  std::string("<div xmlns=\"http://hl7.org/fhir\">x</div>"),
                                  std::string("<DIV xmlns=\"http://www.w3.org/1999/xhtml\">x</DIV>"),
                                  div("<p xmlns=\"http://hl7.org/fhir\">x</p>"),
                                  div("<h:p xmlns:h=\"http://www.w3.org/1999/xhtml\">x</h:p>"),
                                  div("<u>x</u>"),
                                  div("<script>x</script>"),
                                  div("<SCRIPT>x</SCRIPT>"),
                                  div("<style>p {}</style>x"),
                                  div("<link href='a'/>x"),
                                  div("<form>x</form>"),
                                  div("<input/>x"),
                                  div("<iframe src='a'>x</iframe>"),
                                  div("<object>x</object>"),
                                  div("<embed/>x"),
                                  div("<body>x</body>"),
                                  div("<head>x</head>"),
                                  div("<base href='a'/>x"),
                                  div("<svg>x</svg>"),
                                  div("<video/>x"),
                                  div("<font>x</font>"),
                                  div("<p onclick=\"a()\">x</p>"),
                                  div("<img src='#a' onerror='a()'/>"),
                                  div("<p ONCLICK='a()'>x</p>"),
                                  div("<p xlink:href='a'>x</p>"),
                                  div("<p srcdoc='a'>x</p>")})
    EXPECT_NE(narrative_fault(text), "") << text;
}

TEST(Narrative, RunsNothingHoweverItIsSpelt) {
  for (const std::string& text :
       {div("<a href=\"javascript:a()\">x</a>"), div("<a href=\" JavaScript:a()\">x</a>"),
        div("<a href=\"java&#115;cript:a()\">x</a>"), div("<a href=\"java&#10;script:a()\">x</a>"),
        div("<a href=\"&#x6A;avascript:a()\">x</a>"), div("<a href='vbscript:a'>x</a>"),
        div("<a href=\"data:text/html,x\">x</a>"), div("<q cite=\"javascript:a()\">x</q>"), div("<img src=\"javascript:a()\"/>"),
        div("<img src=\"data:text/html;base64,AAAA\"/>"), div("<img src=\"file:///etc/passwd\"/>"),
        div("<p style=\"background: url(javascript:a())\">x</p>"), div("<p style=\"width: expression(a())\">x</p>"),
        div("<p style=\"width: exp/**/ression(a())\">x</p>"), div("<p style=\"@import 'a.css'\">x</p>")})
    EXPECT_NE(narrative_fault(text), "") << text;
}

TEST(Narrative, HasSomethingToReadWhereThatIsAskedFor) {
  for (const std::string& text : {div(""), div(" \n<br/>"), div("<!-- x -->"), div("<p></p>")}) {
    EXPECT_EQ(narrative_fault(text), "") << text;
    EXPECT_THAT(narrative_or_emptiness_fault(text), HasSubstr("nothing to read")) << text;
  }
  EXPECT_EQ(narrative_or_emptiness_fault(div("<img src='#a'/>")), "");
  EXPECT_NE(narrative_or_emptiness_fault("<div>"), "");
}

TEST(Narrative, IsNotNestedDeeperThanADocument) {
  std::string deep = "x";
  for (std::size_t depth = 0; depth <= limits::document_depth_max; ++depth) deep = "<b>" + deep + "</b>";
  EXPECT_THAT(narrative_fault(div(deep)), HasSubstr("too deep"));
}

TEST(Narrative, TellsThePlaceAndQuotesNothing) {
  const std::string fault = narrative_fault(div("<p>Exempelsson</p><Exempelsson/>"));
  EXPECT_THAT(fault, HasSubstr("at byte 61 of it"));
  EXPECT_EQ(fault.find("Exempelsson"), std::string::npos) << fault;
}

TEST(Markup, OfOtherModelsIsOneWellFormedElement) {
  EXPECT_EQ(markup_fault("<text><paragraph styleCode='x'>5 &lt; 6</paragraph></text>"), "");
  for (std::string_view text : {"", "x", "<a>", "<a></b>", "<a/><b/>", "<!DOCTYPE a><a/>", "<a>&nbsp;</a>", "<?a b?><a/>"})
    EXPECT_NE(markup_fault(text), "") << text;
}

}  // namespace
}  // namespace vardbron::fhir
