#include "gateway/formats/json/parse.h"

#include <gtest/gtest.h>

namespace vardbron::json {
namespace {

TEST(JsonShortCompanions, AreAcceptedOnlyWhenAskedFor) {
  tree::Names names;
  const char* body = R"({"given":[null,"James"],"_given":[{"id":"a"}]})";

  EXPECT_FALSE(parse(body, names));
  Result<tree::Document> read = parse(body, names, {.short_companions = true});

  ASSERT_TRUE(read);
  EXPECT_EQ(tree::root(*read).first_child().text_of("id"), "a");
  EXPECT_FALSE(parse(R"({"given":["James"],"_given":[null,{"id":"a"}]})", names, {.short_companions = true}));
}

}  // namespace
}  // namespace vardbron::json
