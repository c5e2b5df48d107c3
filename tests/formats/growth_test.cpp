#include "gateway/formats/csv/parse.h"
#include "gateway/formats/hl7v2/parse.h"
#include "gateway/formats/json/parse.h"
#include "gateway/formats/json/write.h"
#include "gateway/formats/xml/parse.h"
#include "gateway/formats/xml/write.h"
#include "growth.h"

#include <gtest/gtest.h>

#include <cstddef>
#include <functional>
#include <string>
#include <string_view>

// Concern: no input of any shape takes more than linear time.
namespace vardbron {
namespace {

using tree::Document;

std::string times(std::size_t count, const std::function<std::string(std::size_t)>& part) {
  std::string all;
  for (std::size_t number = 0; number < count; ++number) all += part(number);
  return all;
}

std::string times(std::size_t count, std::string_view part) {
  return times(count, [&](std::size_t) { return std::string(part); });
}

struct Shape {
  std::string_view name;
  std::size_t size;
  Result<Document> (*read)(std::string, const tree::Names&);
  std::function<std::string(std::size_t)> make;
};

Result<Document> read_json(std::string text, const tree::Names& names) {
  return json::parse(std::move(text), names, {.fhir = true, .positions = true});
}
Result<Document> read_xml(std::string text, const tree::Names& names) {
  xml::ParseOptions options;
  options.positions = true;
  return xml::parse(std::move(text), names, options);
}
Result<Document> read_v2(std::string text, const tree::Names& names) {
  return hl7v2::parse(std::move(text), names, {.positions = true});
}
Result<Document> read_csv(std::string text, const tree::Names& names) {
  csv::ParseOptions options;
  options.positions = true;
  return csv::parse(std::move(text), names, options);
}

std::string number(std::size_t value) { return std::to_string(value); }

const Shape shapes[] = {
    {"many items of one list", 4000, read_json, [](std::size_t n) { return "{\"a\":[" + times(n, "1,") + "1]}"; }},
    {"many small objects with names of their own", 1000, read_json,
     [](std::size_t n) { return "{\"a\":[" + times(n, [](std::size_t at) { return "{\"k" + number(at) + "\":1},"; }) + "{}]}"; }},
    {"objects of twenty members, after many names", 50, read_json,
     [](std::size_t n) {
       return "{\"a\":[" +
              times(n,
                    [](std::size_t at) {
                      return "{" + times(20, [&](std::size_t of) { return "\"k" + number(20 * at + of) + "\":1,"; }) +
                             "\"z\":1},";
                    }) +
              "{}]}";
     }},
    {"one list and its companion", 2000, read_json,
     [](std::size_t n) { return "{\"a\":[" + times(n, "null,") + "1],\"_a\":[" + times(n, "{\"id\":\"x\"},") + "null]}"; }},
    {"escapes without end", 8000, read_json, [](std::size_t n) { return "{\"a\":\"" + times(n, "\\u00e5\\n") + "\"}"; }},
    {"children of two names in turn", 2000, read_xml, [](std::size_t n) { return "<r>" + times(n, "<a/><b/>") + "</r>"; }},
    {"each child with a namespace of its own", 1000, read_xml,
     [](std::size_t n) {
       return "<r>" + times(n, [](std::size_t at) { return "<a xmlns='u" + number(at) + "' x='1'/>"; }) + "</r>";
     }},
    {"each child with a prefix of its own", 1000, read_xml,
     [](std::size_t n) {
       return "<r>" + times(n, [](std::size_t at) { return "<p:a xmlns:p='u" + number(at) + "' p:x='1'/>"; }) + "</r>";
     }},
    {"many attributes", 1000, read_xml,
     [](std::size_t n) { return "<r" + times(n, [](std::size_t at) { return " a" + number(at) + "='1'"; }) + "/>"; }},
    {"references, comments and sections in one text", 3000, read_xml,
     [](std::size_t n) { return "<r>" + times(n, "&amp;&#229;<!-- c --><![CDATA[x]]>") + "</r>"; }},
    {"segments with nothing in them", 20000, read_v2,
     [](std::size_t n) { return "MSH|^~\\&|a|b|||||ADT^A01^ADT_A01\r" + times(n, "ZZZ\r"); }},
    {"segments of one field", 10000, read_v2,
     [](std::size_t n) { return "MSH|^~\\&|a|b|||||ADT^A01^ADT_A01\r" + times(n, "TXA|1\r"); }},
    {"segments with a text that ends in an escape", 5000, read_v2,
     [](std::size_t n) { return "MSH|^~\\&|a|b|||||ADT^A01^ADT_A01\r" + times(n, "NTE|1||a\\T\\b\\\r"); }},
    {"a field of many repetitions", 1000, read_v2,
     [](std::size_t n) { return "MSH|^~\\&|a|b|||||ADT^A01^ADT_A01\rPID|" + times(n, "a^b&c~") + "d\r"; }},
    {"rows of one column", 10000, read_csv, [](std::size_t n) { return "a\n" + times(n, "1\n"); }},
    {"cells with quotes", 3000, read_csv, [](std::size_t n) { return "a,b\n" + times(n, "\"x\"\"y\",\"\"\n"); }},
    {"a row of many columns", 1000, read_csv,
     [](std::size_t n) {
       return times(n, [](std::size_t at) { return "c" + number(at) + ","; }) + "z\n" + times(n, "1,") + "1\n";
     }},
};

TEST(Growth, ReadersTakeTimeInProportion) {
  const tree::Names names;
  for (const Shape& shape : shapes) {
    const std::string few = shape.make(shape.size), many = shape.make(growth::larger * shape.size);
    ASSERT_TRUE(shape.read(many, names)) << shape.name << ": " << shape.read(many, names).failure().says;
    const double grows =
        growth::of(shape.size, [&](std::size_t size) { (void)shape.read(size == shape.size ? few : many, names); });
    EXPECT_LT(grows, growth::largest_growth) << shape.name;
  }
}

TEST(Growth, WritersTakeTimeInProportion) {
  const tree::Names names;
  for (const Shape& shape : shapes) {
    const Result<Document> few = shape.read(shape.make(shape.size), names);
    const Result<Document> many = shape.read(shape.make(growth::larger * shape.size), names);
    ASSERT_TRUE(few && many) << shape.name;
    const auto written = [&](std::size_t size) -> const Document& { return size == shape.size ? *few : *many; };
    const auto as_json = [&](std::size_t size) { (void)json::write(written(size), {.pretty = true}); };
    EXPECT_LT(growth::of(shape.size, as_json), growth::largest_growth) << shape.name;
    if (shape.read != read_xml) continue;
    const auto as_xml = [&](std::size_t size) { (void)xml::write(written(size), {.pretty = true}); };
    EXPECT_LT(growth::of(shape.size, as_xml), growth::largest_growth) << shape.name;
  }
}

}  // namespace
}  // namespace vardbron
