#include "gateway/fhir/primitive.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace vardbron::fhir {
namespace {

struct Row {
  std::string type;
  std::vector<std::string> right, wrong;
};

TEST(Primitive, HasTheFormOfItsType) {
  const std::string id_64(64, 'a');
  for (const Row& row : std::vector<Row>{
           {"boolean", {"true", "false"}, {"True", "1", ""}},
           {"integer", {"0", "-1", "2147483647", "-2147483648"}, {"", "-", "-0", "01", "+1", "2147483648", "1.0", "1e2", " 1"}},
           {"unsignedInt", {"0", "2147483647"}, {"-1", "-0", "2147483648"}},
           {"positiveInt", {"1"}, {"0", "-1"}},
           {"decimal",
            {"0", "-0.0", "1.10", "1e10", "1.5E-3", "12345678901234567890.1"},
            {"", ".5", "1.", "01", "+1", "1e", "NaN"}},
           {"string", {"a", " a ", "a\nb"}, {"", " ", "\n"}},
           {"code", {"a", "in-progress", "a b"}, {"", " a", "a ", "a  b"}},
           {"uri", {"urn:oid:1.2", "http://a.b/c", "#a"}, {"", "a b", "a\n"}},
           {"canonical", {"http://a.b/c|1.0"}, {"http://a.b/c |1"}},
           {"id", {"a", "A-1.b", id_64}, {"", "a_b", "a/b", id_64 + "a", "å"}},
           {"oid",
            {"urn:oid:1.2.752.29.4.19", "urn:oid:2.0"},
            {"urn:oid:3.1", "urn:oid:1", "urn:oid:1.02", "1.2.3", "urn:oid:1."}},
           {"uuid",
            {"urn:uuid:c757873d-ec9a-4326-a141-556f43239520"},
            {"c757873d-ec9a-4326-a141-556f43239520", "urn:uuid:C757873D-ec9a-4326-a141-556f43239520"}},
           {"base64Binary", {"YQ==", "YWJj", "YW Jj\n"}, {"", "YQ=", "Y", "YQ==YQ==", "Y!=="}},
           {"date", {"2025", "2025-03-27"}, {"2025-03-27T10:00:00Z", "27/3"}},
           {"dateTime", {"2025", "2025-03-27T10:00:00Z"}, {"2025-03-27T10:00:00"}},
           {"instant", {"2025-03-27T10:00:00.1Z"}, {"2025-03-27"}},
           {"time", {"10:00:00"}, {"10:00"}},
           {"xhtml", {"anything"}, {}}}) {
    for (const std::string& text : row.right) EXPECT_TRUE(has_form_of(row.type, text)) << row.type << " " << text;
    for (const std::string& text : row.wrong) EXPECT_FALSE(has_form_of(row.type, text)) << row.type << " " << text;
  }
}

TEST(Kind, TakesOnlyWhatJsonTakesAsItStands) {
  for (std::string_view number : {"0", "-0.10", "1e3", "7.5E-2"}) EXPECT_TRUE(fits_kind(tree::Kind::Number, number)) << number;
  for (std::string_view other : {"", "-", "01", "+1", ".5", "5.", "1e", "true", "1 "})
    EXPECT_FALSE(fits_kind(tree::Kind::Number, other)) << other;
  EXPECT_TRUE(fits_kind(tree::Kind::Boolean, "false"));
  EXPECT_FALSE(fits_kind(tree::Kind::Boolean, "rue"));
  EXPECT_TRUE(fits_kind(tree::Kind::String, "rue"));
}

}  // namespace
}  // namespace vardbron::fhir
