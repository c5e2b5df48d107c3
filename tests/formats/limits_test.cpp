#include "gateway/base/limits.h"
#include "gateway/formats/csv/parse.h"
#include "gateway/formats/hl7v2/escape.h"
#include "gateway/formats/hl7v2/parse.h"
#include "gateway/formats/json/parse.h"
#include "gateway/formats/xml/parse.h"

#include <gtest/gtest.h>

#include <string>
#include <string_view>
#include <vector>

// Concern: a document at a limit of base/limits.h is parsed, and one above is refused with a message.

namespace vardbron::formats {
namespace {

std::string times(std::size_t count, std::string_view text) {
  std::string all;
  all.reserve(count * text.size());
  for (; count > 0; --count) all += text;
  return all;
}

/// `text(0) text(1) ..`, each with its number in place of #.
std::string numbered(std::size_t count, std::string_view text) {
  const std::size_t at = text.find('#');
  std::string all;
  for (std::size_t number = 0; number < count; ++number) {
    all += text.substr(0, at);
    all += std::to_string(number);
    all += text.substr(at + 1);
  }
  return all;
}

template <class Parse>
std::string says(Parse parse, std::string body) {
  const tree::Names names;
  Result<tree::Document> document = parse(std::move(body), names, {});
  if (document) return "accepted";
  EXPECT_EQ(document.failure().cause, Cause::TooLarge) << document.failure().says;
  return document.failure().says;
}

std::string of_json(std::string body) {
  return says([](std::string text, const tree::Names& names,
                 json::ParseOptions options) { return json::parse(std::move(text), names, options); },
              std::move(body));
}
std::string of_xml(std::string body) {
  return says([](std::string text, const tree::Names& names,
                 xml::ParseOptions options) { return xml::parse(std::move(text), names, options); },
              std::move(body));
}
std::string of_csv(std::string body) {
  return says([](std::string text, const tree::Names& names,
                 csv::ParseOptions options) { return csv::parse(std::move(text), names, options); },
              std::move(body));
}
std::string of_v2(std::string body) {
  return says([](std::string text, const tree::Names& names,
                 hl7v2::ParseOptions options) { return hl7v2::parse(std::move(text), names, options); },
              std::move(body));
}

TEST(DocumentLimits, NestsAsDeepAsItMay) {
  constexpr std::size_t most = limits::document_depth_max;
  const auto objects = [](std::size_t depth) { return times(depth - 1, "{\"a\":") + "{}" + times(depth - 1, "}"); };
  const auto elements = [](std::size_t depth) { return times(depth, "<a>") + times(depth, "</a>"); };

  EXPECT_EQ(of_json(objects(most)), "accepted");
  EXPECT_EQ(of_json(objects(most + 1)), "The document is nested too deep.");
  EXPECT_EQ(of_xml(elements(most)), "accepted");
  EXPECT_EQ(of_xml(elements(most + 1)), "The document is nested too deep.");
}

// The object itself and its list's name are elements, too.
TEST(DocumentLimits, HoldsAsManyElementsAsItMay) {
  const auto list = [](std::size_t nodes) { return "{\"a\":[" + times(nodes - 2, "1,") + "1]}"; };

  EXPECT_EQ(of_json(list(limits::document_nodes_max)), "accepted");
  EXPECT_EQ(of_json(list(limits::document_nodes_max + 1)), "The document has too many elements.");
}

/// Names k0, k1 .. that are in the table, so that they are not local ones.
struct KnownNames {
  explicit KnownNames(std::size_t count) {
    for (std::size_t number = 0; number < count; ++number) texts.push_back("k" + std::to_string(number));
    const std::vector<std::string_view> views(texts.begin(), texts.end());
    names = tree::Names(views);
  }
  std::vector<std::string> texts;
  tree::Names names;
};

std::string outcome_of(const Result<tree::Document>& document) { return document ? "accepted" : document.failure().says; }

TEST(DocumentLimits, HasAsManyMembersInAnObjectAsItMay) {
  constexpr std::size_t most = limits::members_per_object_max;
  const KnownNames known(most + 2);
  const auto object = [](std::size_t members) { return "{" + numbered(members - 1, "\"k#\":1,") + "\"last\":1}"; };
  const auto element = [](std::size_t attributes) { return "<a" + numbered(attributes, " k#='1'") + "/>"; };
  const auto heading = [](std::size_t columns) { return numbered(columns - 1, "k#,") + "last\n"; };
  const auto segment = [](std::size_t fields) {
    return "MSH|^~\\&|A||||20261122||ADT^A01|1|P|2.5\rZZZ" + times(fields, "|1") + "\r";
  };

  EXPECT_EQ(outcome_of(json::parse(object(most), known.names, {})), "accepted");
  EXPECT_EQ(outcome_of(json::parse(object(most + 1), known.names, {})), "An object has too many members.");
  EXPECT_EQ(outcome_of(xml::parse(element(most), known.names, {})), "accepted");
  EXPECT_EQ(outcome_of(xml::parse(element(most + 1), known.names, {})), "An element has too many attributes.");
  EXPECT_EQ(of_csv(heading(most)), "accepted");
  EXPECT_EQ(of_csv(heading(most + 1)), "A row has too many columns.");
  EXPECT_EQ(of_v2(segment(most)), "accepted");
  EXPECT_EQ(of_v2(segment(most + 1)), "There are too many fields, repetitions or components.");
}

TEST(DocumentLimits, KnowsAsManyStrangeNamesAsItMay) {
  constexpr std::size_t most = limits::local_names_max;
  const auto objects = [](std::size_t names) { return "[" + numbered(names, "{\"k#\":1},") + "{}]"; };
  const auto elements = [](std::size_t names) { return "<k0>" + numbered(names, "<k#/>") + "</k0>"; };
  const auto of_any_json = [](std::string body) {
    return says(
        [](std::string text, const tree::Names& names, json::ParseOptions options) {
          options.fhir = false;
          return json::parse(std::move(text), names, options);
        },
        std::move(body));
  };

  EXPECT_EQ(of_any_json(objects(most)), "accepted");
  EXPECT_EQ(of_any_json(objects(most + 1)), "Too many unknown keys.");
  EXPECT_EQ(of_xml(elements(most)), "accepted");
  EXPECT_EQ(of_xml(elements(most + 1)), "Too many unknown names.");
}

TEST(DocumentLimits, DeclaresAsManyNamespacesAsItMay) {
  const auto element = [](std::size_t spaces) { return "<a" + numbered(spaces, " xmlns:p#='urn:#'") + "/>"; };

  EXPECT_EQ(of_xml(element(limits::namespaces_max)), "accepted");
  EXPECT_EQ(of_xml(element(limits::namespaces_max + 1)), "Too many namespaces.");
}

TEST(DocumentLimits, WritesAsManyBlanksForAnEscapeAsItMay) {
  constexpr hl7v2::Delimiters usual{'|', '^', '~', '\\', '&', '#'};
  const auto blanks = [&](std::int64_t count) {
    std::string out;
    hl7v2::unescape("a\\.sk" + std::to_string(count) + "\\b", usual, Charset::Utf8, out);
    return out;
  };

  EXPECT_EQ(blanks(limits::escaped_blanks_max), "a" + std::string(limits::escaped_blanks_max, ' ') + "b");
  EXPECT_LT(blanks(limits::escaped_blanks_max + 1).size(), 20u) << "what asks for more is left as it was written";
}

}  // namespace
}  // namespace vardbron::formats
