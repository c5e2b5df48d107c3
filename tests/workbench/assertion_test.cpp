#include "gateway/workbench/assertion.h"

#include "gateway/formats/json/parse.h"
#include "tests/mapping/workshop.h"

#include <gtest/gtest.h>

namespace vardbron::workbench {
namespace {

tree::Document read(const char* text) {
  Result<tree::Document> document = json::parse(text, r4().names());
  CHECK(document.ok());
  return std::move(*document);
}

std::vector<Assertion> compile(std::string_view text) {
  Result<std::vector<Assertion>> all = read_assertions("a.fhirpath", text, r4(), {0, r4().find_type("Patient")});
  EXPECT_TRUE(all.ok()) << (all.ok() ? "" : all.failure().where + all.failure().says);
  return all.ok() ? std::move(*all) : std::vector<Assertion>();
}

/// "" if the only assertion of the text holds.
std::string objection_to(std::string_view text, const char* output, const char* source = "{}") {
  const std::vector<Assertion> all = compile(text);
  const tree::Document from = read(source), to = read(output);
  return objection(all.at(0), tree::root(from), tree::root(to), r4(), WallTime{}).value_or("");
}

TEST(Assertions, AreNamedByTheirComments) {
  const std::vector<Assertion> all = compile(
      "// has a name\n"
      "name.exists()\n"
      "\n"
      "gender = 'male'   // is a man\r\n"
      "identifier.where(system = 'http://x').exists()\n");

  ASSERT_EQ(all.size(), 3u);
  EXPECT_EQ(all[0].name, "has a name");
  EXPECT_EQ(all[0].where, "a.fhirpath:2");
  EXPECT_EQ(all[1].name, "is a man");
  EXPECT_EQ(all[2].name, "identifier.where(system = 'http://x').exists()");
  EXPECT_EQ(all[2].where, "a.fhirpath:5");
}

TEST(Assertions, ThatDoNotCompileNameTheirPlace) {
  Result<std::vector<Assertion>> all = read_assertions("a.fhirpath", "true\nname.where(\n", r4(), {});

  ASSERT_FALSE(all.ok());
  EXPECT_EQ(all.failure().where.substr(0, 13), "a.fhirpath:2:");
}

TEST(Assertion, HoldsOnlyWhenItIsTrue) {
  constexpr const char* patient = R"({"resourceType":"Patient","gender":"male","active":false})";
  EXPECT_EQ(objection_to("gender = 'male'", patient), "");
  EXPECT_EQ(objection_to("gender = 'female'", patient), "it is false");
  EXPECT_EQ(objection_to("birthDate > @2000", patient), "it is empty");
  EXPECT_EQ(objection_to("active", patient), "it is false");
  EXPECT_NE(objection_to("gender.toInteger() + 1 = (1 | 2)", patient), "");
}

TEST(Assertion, SeesTheMessageAsSource) {
  constexpr const char* patient = R"({"resourceType":"Patient","gender":"male"})";
  EXPECT_EQ(objection_to("%source.item.count() = 2", patient, R"({"item":["a","b"]})"), "");
  EXPECT_EQ(objection_to("%source.sex.exists() implies gender.exists()", patient, R"({"sex":"1"})"), "");
  EXPECT_EQ(objection_to("%source.sex.exists()", patient), "it is false");
}

}  // namespace
}  // namespace vardbron::workbench
