#include "gateway/care/plan/plan_key.h"

#include "tests/care/plan/plan_story.h"

#include <gtest/gtest.h>

#include <optional>

namespace vardbron::care::plan {
namespace {

TEST(PlanKey, IsThePlansIdentityWhereTheTextHasOne) {
  PlanStory story;
  Notice& notice = story.need();
  notice.plan = PlanContent{"urn:example:plans", "P1", PlanKind::Vp};
  ASSERT_TRUE(plan_key(notice));
  EXPECT_EQ(plan_key(notice)->key, "urn:example:plans|P1");
  EXPECT_EQ(plan_key(notice)->kind, PlanKind::Vp);
  EXPECT_EQ(chain_key(*plan_key(notice)), "plan|urn:example:plans|P1");
}

TEST(PlanKey, IsElseThatOfTheArende) {
  PlanStory story;
  const Notice& call = story.call("2026-03-13T10:00:00", "2026-03-20T13:00:00+01:00");
  ASSERT_TRUE(plan_key(call));
  EXPECT_EQ(plan_key(call)->key, "sip|" + call.case_key);
  const Notice& consent = story.consent(Consent::Decision::Given, "2026-03-12T12:00:00");
  EXPECT_EQ(plan_key(consent), plan_key(call));
}

TEST(PlanKey, IsNoneOfWhatIsAboutNoPlan) {
  PlanStory story;
  EXPECT_EQ(plan_key(story.says(med5(), Event::Admission, "2026-03-10T09:00:00")), std::nullopt);
  Notice& consent = story.consent(Consent::Decision::Given, "2026-03-12T12:00:00");
  consent.consent->scopes = {"utlamnande"};
  EXPECT_EQ(plan_key(consent), std::nullopt);
  Notice& without_stay = story.need();
  without_stay.case_identity = {};
  EXPECT_EQ(plan_key(without_stay), std::nullopt) << "neither a plan nor an ärende";
  Notice& care_managers = story.need();
  care_managers.plan = PlanContent{"", "", PlanKind::Vp};
  EXPECT_EQ(plan_key(care_managers), std::nullopt) << "a plan of that kind belongs to no ärende";
}

}  // namespace
}  // namespace vardbron::care::plan
