// Concern: every answer to a notice shows whether the gateway has it now.
#include "gateway/base/uuid.h"
#include "tests/rest/house.h"

#include <gtest/gtest.h>

#include <string>

namespace vardbron::rest {
namespace {

TEST(Service, EveryRefusalOfANoticeSaysThatItWasNotKept) {
  House house;
  const std::string body = ANotice("admission").json();
  auto refused = [&](const std::string& target, const std::string& token, http::Fields fields = {}) {
    return house.ask("POST", target, token, body, std::move(fields));
  };
  const std::string message = "/fhir/$process-message", not_kept = "Nothing of the message was kept.";
  for (const http::Response& each : {refused(message, ""), refused(message, "no-token-of-this-gateway"),
                                     refused(message, home_care_token), refused("/intake/none", hospital_token),
                                     refused("/intake/none", ""), refused(message, hospital_token, {{"Accept", "image/png"}})}) {
    EXPECT_GE(each.status, 400u);
    EXPECT_TRUE(holds(each, not_kept)) << each.status << each.body;
  }
  for (const std::string prefer : {"", "respond-async"}) {
    house.spine.store.fail_write(1, Cause::Busy);
    http::Response busy = refused(message, hospital_token, {{"Prefer", prefer}});
    EXPECT_EQ(busy.status, 503u);
    EXPECT_TRUE(holds(busy, not_kept + " Send it again.")) << busy.body;
  }
  house.spine.store.fail_write(1, Cause::Busy);
  const http::Response once = refused(message, hospital_token);
  EXPECT_EQ(once.body.find("kept"), once.body.rfind("kept")) << once.body;
  house.spine.store.fail_write(1, Cause::Broken);
  http::Response broken = refused(message, hospital_token);
  EXPECT_TRUE(holds(broken, "kept")) << broken.status << broken.body;
  EXPECT_FALSE(holds(refused("/operate/journal", hospital_token), "kept")) << "nobody sent a notice there";
}

TEST(Service, EveryRefusalOfANoticeThatIsKeptSaysSoAndUnderWhichId) {
  House house;
  house.spine.rules_limits = {1, 1, 1};
  house.spine.open_path({});
  ASSERT_EQ(house.send(ANotice("admission")).status, 200u);
  const http::Response not_understood = house.send(ANotice("planning").without_class());
  const http::Response full = house.send(ANotice("admission").with_id("M-2"));
  EXPECT_EQ(not_understood.status, 422u);
  EXPECT_EQ(full.status, 413u);
  for (const http::Response& each : {not_understood, full}) {
    const std::string id(http::find(each.fields, "X-Journal-Id"));
    EXPECT_TRUE(is_uuid(id)) << id;
    EXPECT_TRUE(holds(each, "The message is kept as it came, as journal entry " + id + ",")) << each.body;
  }
  EXPECT_TRUE(holds(house.ask("GET", "/operate/quarantine", operator_token), "decisive_notices_per_case"));
  EXPECT_TRUE(holds(house.ask("GET", "/metrics", ""), "outcome=\"quarantined\"} 2"));
}

TEST(Service, ATaskThatIsPutAsItIsAnswersWithItsVersion) {
  House house;
  ASSERT_EQ(house.send(ANotice("admission")).status, 200u);
  const store::Resource task = house.spine.task("A-1", "kvittera-inskrivning", exchange::home_care);
  const std::string accepted = R"({"resourceType":"Task","id":")" + task.id + R"(","status":"accepted"})";
  http::Response first = house.ask("PUT", "/fhir/Task/" + task.id, home_care_token, accepted);
  ASSERT_EQ(first.status, 200u) << first.body;
  for (int each = 0; each < 3; ++each) {
    http::Response again = house.ask("PUT", "/fhir/Task/" + task.id, home_care_token, first.body);
    EXPECT_EQ(again.status, 200u) << again.body;
    EXPECT_EQ(http::find(again.fields, "ETag"), http::find(first.fields, "ETag"));
    EXPECT_EQ(again.body, first.body);
  }
}

}  // namespace
}  // namespace vardbron::rest
