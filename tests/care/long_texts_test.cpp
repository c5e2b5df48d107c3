#include "gateway/base/limits.h"
#include "gateway/care/chain/long_texts.h"
#include "json_text.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

// Concern: one text of megabytes is kept, and given to each receiver in each version.
namespace vardbron::care {
namespace {

using testing::HasSubstr;
using testing::IsEmpty;

std::vector<Failure> found_in(const std::string& resource) {
  return long_texts(
      from_json(R"({"resourceType": "Bundle", "entry": [{"resource": {"resourceType": "MessageHeader"}}, {"resource": )" +
                resource + "}]}"));
}

TEST(LongTexts, AreThoseAboveTheLimit) {
  const std::string most(limits::notice_text_bytes_max, 'x');
  const auto encounter = [](const std::string& text) {
    return R"({"resourceType": "Encounter", "reasonCode": [{"text": "short"}, {"text": ")" + text + R"("}]})";
  };
  EXPECT_THAT(found_in(encounter(most)), IsEmpty());
  const std::vector<Failure> found = found_in(encounter(most + "y"));
  ASSERT_EQ(found.size(), 1u);
  EXPECT_EQ(found[0].cause, Cause::Invalid);
  EXPECT_EQ(found[0].where, "Bundle.entry[1].resource.reasonCode[1].text");
  EXPECT_THAT(found[0].says, HasSubstr("The text has 32769 bytes, and one of a notice has at most 32768."));
}

TEST(LongTexts, AreAllNamed) {
  const std::string text(limits::notice_text_bytes_max + 1, 'x');
  EXPECT_EQ(found_in(R"({"resourceType": "Patient", "name": [{"family": ")" + text + R"(", "given": ["a", ")" + text + R"("]}]})")
                .size(),
            2u);
}

TEST(LongTexts, AreNotThoseThatHaveALimitOfTheirOwnOrAreNotTakenOver) {
  const std::string text(limits::notice_text_bytes_max + 1, 'x');
  for (const std::string& resource :
       {R"({"resourceType": "Communication", "payload": [{"contentString": ")" + text + R"("}]})",
        R"({"resourceType": "Communication", "payload": [{"contentAttachment": {"data": ")" + text + R"("}}]})",
        R"({"resourceType": "Patient", "photo": [{"contentType": "image/png", "data": ")" + text + R"("}]})"})
    EXPECT_THAT(found_in(resource), IsEmpty()) << resource.substr(0, 40);
}

}  // namespace
}  // namespace vardbron::care
