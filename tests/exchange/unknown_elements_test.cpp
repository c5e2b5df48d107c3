// Concern: elements of a canonical notice that FHIR does not have are not ignored.
#include "tests/exchange/spine.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace vardbron::exchange {
namespace {

using testing::HasSubstr;

std::string admission_with(const std::string& more) {
  std::string json = ANotice("admission").json();
  const std::string before = "\"resourceType\":\"Encounter\",";
  const std::size_t at = json.find(before);
  CHECK(at != std::string::npos);
  return json.insert(at + before.size(), more);
}

TEST(UnknownElements, AreRefusedByName) {
  Spine spine;

  const Result<Receipt> receipt = spine.accept(admission_with("\"statuss\":\"planned\","));

  ASSERT_TRUE(receipt);
  EXPECT_EQ(receipt->outcome, store::Outcome::Quarantined);
  EXPECT_THAT(receipt->text, HasSubstr("FHIR knows no such element in Encounter."));
  EXPECT_THAT(receipt->text, HasSubstr("statuss"));
}

}  // namespace
}  // namespace vardbron::exchange
