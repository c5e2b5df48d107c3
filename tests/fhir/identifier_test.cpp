#include "gateway/fhir/identifier.h"

#include "json_text.h"

#include <gtest/gtest.h>

namespace vardbron::fhir {
namespace {

TEST(Identifier, IsReadWhereItHasAValue) {
  tree::Document document = from_json(
      "{'resourceType':'Patient','identifier':[{'system':'a','value':'1'},{'system':'b'},{'value':'2'},{'system':'a','value':'3'}"
      "]}");
  EXPECT_EQ(identifiers_of(root(document)), (std::vector<Identifier>{{"a", "1"}, {"", "2"}, {"a", "3"}}));
  EXPECT_EQ(find_identifier(root(document), "a"), (Identifier{"a", "1"}));
  EXPECT_TRUE(find_identifier(root(document), "b").is_empty());
  EXPECT_TRUE(identifiers_of({}).empty());
  EXPECT_EQ(find_identifier(root(document), "a").token(), "a|1");
}

TEST(Identifier, IsReadFromAToken) {
  EXPECT_EQ(parse_token("a|1"), (Identifier{"a", "1"}));
  EXPECT_EQ(parse_token("|1"), (Identifier{"", "1"}));
  EXPECT_EQ(parse_token("1"), (Identifier{"", "1"}));
  EXPECT_EQ(parse_token("a|"), (Identifier{"a", ""}));
}

}  // namespace
}  // namespace vardbron::fhir
