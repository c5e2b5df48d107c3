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
  EXPECT_TRUE(identifiers_of({}).empty());
  EXPECT_EQ(identifiers_of(root(document)).front().token(), "a|1");
}

}  // namespace
}  // namespace vardbron::fhir
