#include "gateway/care/plan/plan_kind.h"

#include "tests/care/plan/plan_story.h"

#include <gtest/gtest.h>

#include <functional>
#include <string>
#include <vector>

namespace vardbron::care::plan {
namespace {

const std::vector<Party>& cast() {
  static const std::vector<Party> parties = {vc07(), hsv1(), soc1(), med5()};
  return parties;
}

// HSL 16:4 st 3, SoL 10:8 st 2.
TEST(PlanKind, ASipStatesFourPointsAndIsRefusedByTheNameOfTheOneItLacks) {
  const std::pair<std::string_view, std::function<void(PlanContent&)>> lacking[] = {
      {"vilka insatser som behövs",
       [](PlanContent& content) {
         content.need.clear();
         content.activities.clear();
       }},
      {"vilka insatser respektive huvudman ska svara för", [](PlanContent& content) { content.activities[0].organisation = ""; }},
      {"vilka åtgärder som vidtas av någon annan än regionen eller kommunen",
       [](PlanContent& content) { content.nobody_else_acts = false; }},
      {"vilken huvudman som har det övergripande ansvaret", [](PlanContent& content) { content.main_responsible = ""; }},
  };
  EXPECT_TRUE(check_points(sip(), cast()));
  for (const auto& [point, change] : lacking) {
    PlanContent content = sip();
    change(content);
    const Result<void> checked = check_points(content, cast());
    ASSERT_FALSE(checked) << point;
    EXPECT_EQ(checked.failure().cause, Cause::Invalid);
    EXPECT_NE(checked.failure().says.find(point), std::string::npos) << checked.failure().says;
    EXPECT_NE(checked.failure().says.find("HSL 16:4"), std::string::npos);
  }
}

TEST(PlanKind, WhoIsNoHuvudmanCannotHaveTheOverallResponsibility) {
  Party school{"SE5565594230-SKOLA", {"urn:oid:1.2.752.29.4.19", "SE5565594230-SKOLA"}, "Friskolan", "", Role::Unknown};
  std::vector<Party> parties = cast();
  parties.push_back(school);
  PlanContent content = sip();
  content.main_responsible = school.id;
  EXPECT_EQ(missing_points(content, parties), std::vector<Point>{Point::MainResponsible});
}

TEST(PlanKind, AMeasureOfSomebodyElseIsThatPoint) {
  PlanContent content = sip();
  content.nobody_else_acts = false;
  content.activities.push_back({"a3", "Arbetsträning", "", "Försäkringskassan", "", "", "", ""});
  EXPECT_TRUE(missing_points(content, cast()).empty());
}

// LPT 7 a §: need, decision, the unit that is responsible for each insats; measures of others where there are any.
TEST(PlanKind, ASamordnadVardplanHasPointsOfItsOwn) {
  PlanContent content = sip();
  content.kind = PlanKind::SplptLrv;
  content.nobody_else_acts = false;
  content.main_responsible.clear();
  EXPECT_EQ(missing_points(content, cast()), std::vector<Point>{Point::Decision});
  content.decision = "Beslut om boendestöd";
  EXPECT_TRUE(missing_points(content, cast()).empty());
  content.activities[1].organisation.clear();
  EXPECT_EQ(missing_points(content, cast()), std::vector<Point>{Point::ResponsibleUnit});
  EXPECT_TRUE(kind_of(PlanKind::SplptLrv).is_approved_by_units);
  EXPECT_TRUE(kind_of(PlanKind::SplptLrv).replaces_sip);
  EXPECT_FALSE(kind_of(PlanKind::SplptLrv).needs_consent);
}

TEST(PlanKind, IsFoundByItsNationalCode) {
  for (int kind = 0; kind < plan_kinds_count; ++kind) {
    EXPECT_EQ(kind_of(PlanKind(kind)).kind, PlanKind(kind));
    EXPECT_EQ(find_plan_kind(code_of(PlanKind(kind))), PlanKind(kind));
  }
  EXPECT_EQ(find_plan_kind("HP"), std::nullopt);
}

}  // namespace
}  // namespace vardbron::care::plan
