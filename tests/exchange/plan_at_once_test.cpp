// Concern: what ends the sight of an ärende's plan ends it in the commit of the notice, before its sender is answered.
#include "gateway/exchange/plan_refold.h"
#include "tests/exchange/plans.h"

#include <gtest/gtest.h>

#include <string>

namespace vardbron::exchange {
namespace {

/// A plan of an ärende that is agreed, with a meeting to come.
struct PlanOfStay : Plans {
  PlanOfStay() {
    tell(hospital, ANotice("admission"));
    takes(health_centre,
          of_arende("sip.invitation", "K-1", "2026-03-11T10:00:00+01:00").to_everybody().meeting_at("2026-03-20T13:00:00+01:00"));
    takes(health_centre, of_arende("consent", "P-2", "2026-03-12T12:00:00+01:00").deciding("active"));
    takes(health_centre, of_arende("plan.agreed", "P-4", "2026-03-20T15:00:00+01:00").to_everybody().with_four_points());
  }
  static APlanNotice of_arende(std::string event, std::string id, std::string at) {
    return APlanNotice(std::move(event)).of_case("A-1").with_id(std::move(id)).at(std::move(at));
  }
  /// Stored; nothing that is due is computed.
  void tell(const std::string& by, const ANotice& notice) { tell_json(by, notice.json()); }
  void tell_json(const std::string& by, const std::string& json) {
    access::Caller caller{by, by, true, true, false};
    const Result<Receipt> receipt = world.complete(path->accept({caller, "fhir", "application/fhir+json", json}));
    ASSERT_TRUE(receipt);
    EXPECT_EQ(receipt->outcome, store::Outcome::Stored) << receipt->text;
  }
};

TEST(PlanAtOnce, AWithdrawalHasEndedTheSightWhenItsSenderIsAnswered) {
  PlanOfStay all;
  ASSERT_TRUE(has(all.only(home_care, "CarePlan"), R"("status":"active")"));
  all.tell_json(health_centre, PlanOfStay::of_arende("consent", "P-7", "2026-03-25T10:00:00+01:00").deciding("inactive").json());
  const std::string plan = all.only(home_care, "CarePlan");
  EXPECT_TRUE(has(plan, R"("status":"revoked")")) << plan;
  EXPECT_FALSE(has(plan, "Vård i hemmet")) << plan;
  for (const std::string& each : all.read(home_care, "Task"))
    if (has(each, "insats")) EXPECT_TRUE(has(each, R"("status":"cancelled")")) << each;
}

TEST(PlanAtOnce, ADeathHasEndedThePlanWhenItsSenderIsAnswered) {
  PlanOfStay all;
  all.tell(hospital, ANotice("death").with_id("D-1").at("2026-03-21T10:00:00+01:00"));
  EXPECT_TRUE(has(all.only(home_care, "CarePlan"), R"("status":"revoked")")) << all.only(home_care, "CarePlan");
  all.tell(hospital, ANotice("nullified").with_id("D-2").at("2026-03-21T11:00:00+01:00").replacing("D-1"));
  EXPECT_TRUE(has(all.only(home_care, "CarePlan"), R"("status":"active")")) << all.only(home_care, "CarePlan");
}

TEST(PlanAtOnce, AProtectedIdentityHoldsForThePlanWhenItsSenderIsAnswered) {
  PlanOfStay all;
  all.tell(hospital, ANotice("planning").with_id("S-1").at("2026-03-21T10:00:00+01:00").with_protected_identity());
  EXPECT_TRUE(has(all.only(home_care, "CarePlan"), "sekretessmarkering")) << all.only(home_care, "CarePlan");
}

TEST(PlanAtOnce, TheClockComputesTheSameOnceMoreAndNotifiesNobodyTwice) {
  PlanOfStay all;
  all.watch("municipality", home_care, "plan");
  all.tell_json(health_centre, PlanOfStay::of_arende("consent", "P-7", "2026-03-25T10:00:00+01:00").deciding("inactive").json());
  const std::string before = all.only(home_care, "CarePlan");
  const std::size_t events = all.events("municipality").size();
  EXPECT_EQ(events, 1u);
  all.settle();
  EXPECT_EQ(all.only(home_care, "CarePlan"), before);
  EXPECT_EQ(all.events("municipality").size(), events);
}

}  // namespace
}  // namespace vardbron::exchange
