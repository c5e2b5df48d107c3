#include "gateway/exchange/samples.h"

#include "tests/exchange/spine.h"

#include <gtest/gtest.h>

#include <string>

namespace vardbron::exchange {
namespace {

SampleMessage notice(ANotice made) { return {"fhir", "application/fhir+json", made.json()}; }

TEST(Samples, AreWhatTheStoreGetsOfTheSameMessage) {
  Spine spine;
  const SampleMessage message = notice(ANotice("admission"));
  const store::Samples samples = samples_of(spine.channels, {message}, spine.case_parts().rules);
  ASSERT_EQ(samples.messages.size(), 1u);
  EXPECT_EQ(samples.messages.at("fhir"), std::vector<std::string>{message.body});
  ASSERT_TRUE(spine.accept(ANotice("admission")));
  const store::Case stored = spine.stored_case("A-1");
  ASSERT_EQ(samples.links.size(), 2u) << "the notice, and what it says of the person";
  EXPECT_EQ(samples.links[0].size(), stored.links[0].body.size());
  ASSERT_EQ(samples.receipts.size(), 1u);
  EXPECT_NE(samples.receipts[0].find("OperationOutcome"), std::string::npos);
  ASSERT_EQ(samples.changes.size(), 1u);
  for (const char* type : {"Encounter", "Patient", "Task"})
    EXPECT_NE(samples.changes[0].find("\"resourceType\":\"" + std::string(type) + '"'), std::string::npos) << type;
}

TEST(Samples, AreTheSameAtAnyTime) {
  Spine spine, later;
  later.world.clock.shift_wall(std::chrono::hours(1000));
  const std::vector<SampleMessage> messages{notice(ANotice("admission")), notice(ANotice("discharge").with_status("finished"))};
  const store::Samples first = samples_of(spine.channels, messages, spine.case_parts().rules);
  const store::Samples second = samples_of(later.channels, messages, later.case_parts().rules);
  EXPECT_EQ(first.links, second.links);
  EXPECT_EQ(first.changes, second.changes);
  EXPECT_EQ(first.changes.size(), 2u);
  EXPECT_EQ(first.receipts, second.receipts);
  EXPECT_EQ(first.receipts.size(), 2u);
}

TEST(Samples, OfARefusedMessageAreTheMessageItself) {
  Spine spine;
  const std::vector<SampleMessage> messages{{"fhir", "application/fhir+json", "{\"resourceType\":\"Bundle\"}"},
                                            {"fhir", "application/fhir+json", "no JSON"},
                                            {"no such channel", "text/plain", "x"}};
  const store::Samples samples = samples_of(spine.channels, messages, spine.case_parts().rules);
  EXPECT_EQ(samples.messages.at("fhir").size(), 2u);
  EXPECT_EQ(samples.messages.at("no such channel").size(), 1u);
  EXPECT_TRUE(samples.links.empty());
  EXPECT_TRUE(samples.changes.empty());
}

}  // namespace
}  // namespace vardbron::exchange
