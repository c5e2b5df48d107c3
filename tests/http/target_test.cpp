#include "gateway/http/target.h"

#include <gtest/gtest.h>

#include <vector>

namespace vardbron::http {
namespace {

using Segments = std::vector<std::string>;
using Parameters = std::vector<Parameter>;

TEST(Target, TakesPathAndQueryApart) {
  struct Case {
    const char* target;
    Target parsed;
  };
  const std::vector<Case> cases = {
      {"/", {{}, {}}},
      {"/fhir", {{"fhir"}, {}}},
      {"/fhir/", {{"fhir"}, {}}},
      {"/fhir/Task/1/_history/2", {{"fhir", "Task", "1", "_history", "2"}, {}}},
      {"/fhir/Task?status=requested", {{"fhir", "Task"}, {{"status", "requested"}}}},
      {"/fhir/Task?a=1&a=2&b", {{"fhir", "Task"}, {{"a", "1"}, {"a", "2"}, {"b", ""}}}},
      {"/fhir/Task?", {{"fhir", "Task"}, {}}},
      {"/a%20b/%C3%B6?q=%C3%B6+x%2By", {{"a b", "\xC3\xB6"}, {{"q", "\xC3\xB6 x+y"}}}},
      {"/a+b", {{"a+b"}, {}}},
      {"/x?identifier=urn:oid:1.2|3&n=a=b", {{"x"}, {{"identifier", "urn:oid:1.2|3"}, {"n", "a=b"}}}},
      {"/x?a=1&&b=2&", {{"x"}, {{"a", "1"}, {"b", "2"}}}},
      {"/x?u=http://h/p?q", {{"x"}, {{"u", "http://h/p?q"}}}},
      {"/%24process-message", {{"$process-message"}, {}}},
      {"/%F0%9F%8F%A5", {{"\xF0\x9F\x8F\xA5"}, {}}},
  };
  for (const Case& one : cases) {
    Result<Target> parsed = parse_target(one.target);
    ASSERT_TRUE(parsed) << one.target;
    EXPECT_EQ(*parsed, one.parsed) << one.target;
  }
}

TEST(Target, RefusesWhatCouldMeanSomethingElseElsewhere) {
  for (const char* target :
       {"",         "fhir",        "*",     "//fhir", "/fhir//Task", "/fhir/../x", "/./x",       "/%2e%2e/x",     "/.%2E",
        "/a%2Fb",   "/a%2fb",      "/%",    "/%4",    "/%zz",        "/%00",       "/%0A",       "/a?%",          "/a?x=%1",
        "/a?x=%00", "/a?x=%0d%0a", "/a?=1", "/%C3",   "/%C3%28",     "/%C0%AF",    "/%ED%A0%80", "/%F5%80%80%80", "/%F4%90%80%80",
        "/%80",     "/a?x=%FF"}) {
    Result<Target> parsed = parse_target(target);
    ASSERT_FALSE(parsed) << target;
    EXPECT_EQ(parsed.failure().cause, Cause::Invalid);
  }
}

TEST(Target, ReadsAFormLikeAQuery) {
  Result<Parameters> form = parse_form("owner=Organization%2F1&status=requested%2Caccepted&text=two+words");

  ASSERT_TRUE(form);
  EXPECT_EQ(*form, (Parameters{{"owner", "Organization/1"}, {"status", "requested,accepted"}, {"text", "two words"}}));
}

TEST(Target, EncodesWhatItDecodesAgain) {
  std::string all;
  for (int c = 0x20; c < 0x7F; ++c) all.push_back(static_cast<char>(c));
  all += "\xC3\xA5\xC3\xA4\xC3\xB6";

  Result<Parameters> form = parse_form("v=" + percent_encoded(all));

  ASSERT_TRUE(form);
  EXPECT_EQ(form->front().value, all);
  EXPECT_EQ(percent_encoded("a b/ö"), "a%20b%2F%C3%B6");
}

}  // namespace
}  // namespace vardbron::http
