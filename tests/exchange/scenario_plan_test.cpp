// Concern: plans beside what happens to the stay and the person, from the notice to what each organisation may read.
#include "tests/exchange/persons.h"
#include "tests/exchange/plans.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <vector>

namespace vardbron::exchange {
namespace {

struct PlansAndStays : Plans {
  void tell(const ANotice& notice) {
    access::Caller caller{notice.sender(), notice.sender(), true, true, false};
    const Result<Receipt> receipt = world.complete(path->accept({caller, "fhir", "application/fhir+json", notice.json()}));
    ASSERT_TRUE(receipt);
    EXPECT_EQ(receipt->outcome, store::Outcome::Stored) << receipt->text;
    settle();
    settle();
  }
  bool is_asked_to_call() {
    const std::vector<std::string> tasks = read(health_centre, "Task");
    return std::any_of(tasks.begin(), tasks.end(), [](const std::string& each) {
      return has(each, "kalla-till-sip") && (has(each, R"("status":"requested")") || has(each, R"("status":"draft")"));
    });
  }
  std::vector<std::string> ids(const std::string& by, const std::string& type) {
    std::vector<std::string> found;
    for (const std::string& each : read(by, type)) found.push_back(each.substr(each.find("\"id\":"), 43));
    std::sort(found.begin(), found.end());
    return found;
  }
};

APlanNotice of_arende(std::string event, std::string id, std::string at) {
  return APlanNotice(std::move(event)).of_case("A-1").with_id(std::move(id)).at(std::move(at));
}

// LPT 7 a §, LUS 3:1 st 2 and 4:1 st 2: the notice of öppen psykiatrisk tvångsvård counts as that of utskrivningsklar.
TEST(Scenario46, ASamordnadVardplanIsActiveWhenEachNamedUnitHasApprovedItAndNoSipIsCalledTo) {
  PlansAndStays all;
  all.tell(ANotice("admission"));
  all.takes(hospital, of_arende("plan.agreed", "P-1", "2026-03-12T10:00:00+01:00")
                          .of_kind("SPLPTLRV")
                          .to_everybody()
                          .with_four_points()
                          .deciding_insatser("Öppen psykiatrisk tvångsvård"));
  EXPECT_TRUE(has(all.only(home_care, "CarePlan"), R"("status":"draft")")) << all.only(home_care, "CarePlan");
  EXPECT_TRUE(has(all.only(home_care, "CarePlan"), "justeras"));
  all.tell(ANotice("discharge-ready").with_id("N6").at("2026-03-12T11:00:00+01:00"));
  EXPECT_FALSE(all.is_asked_to_call());
  all.takes(health_centre, of_arende("plan.approved", "P-2", "2026-03-12T12:00:00+01:00").of_kind("SPLPTLRV"));
  EXPECT_TRUE(has(all.only(home_care, "CarePlan"), R"("status":"draft")")) << "a unit that answers for nothing decides nothing";
  all.takes(home_care, of_arende("plan.approved", "P-3", "2026-03-12T13:00:00+01:00").of_kind("SPLPTLRV"));
  EXPECT_TRUE(has(all.only(health_centre, "CarePlan"), R"("status":"active")")) << all.only(health_centre, "CarePlan");
  EXPECT_FALSE(all.is_asked_to_call());
}

TEST(Scenario46, AnApprovalReachesAPlanWithAnIdentityOfItsOwn) {
  PlansAndStays all;
  all.takes(hospital, APlanNotice("plan.agreed")
                          .of_kind("SPLPTLRV")
                          .to_everybody()
                          .with_four_points()
                          .deciding_insatser("Öppen psykiatrisk tvångsvård"));
  all.takes(home_care, APlanNotice("plan.approved").with_id("P-3").at("2026-03-12T13:00:00+01:00").of_kind("SPLPTLRV"));
  EXPECT_TRUE(has(all.only(health_centre, "CarePlan"), R"("status":"active")")) << all.only(health_centre, "CarePlan");
}

TEST(Scenario24, AnOpenPlanGoesOnInTheNextStay) {
  PlansAndStays all;
  all.until_agreed();
  const std::vector<std::string> before = all.ids(home_care, "CarePlan");
  all.tell(ANotice("admission").with_id("N1").at("2026-03-21T09:10:00+01:00").admitted_at("2026-03-21T08:00:00+01:00"));
  all.tell(ANotice("discharge").with_id("U-1").at("2026-03-22T10:00:00+01:00"));
  all.tell(
      ANotice("admission").with_id("N2").of_case("A-2").at("2026-03-23T07:10:00+01:00").admitted_at("2026-03-23T06:00:00+01:00"));
  EXPECT_EQ(all.ids(home_care, "CarePlan"), before);
  EXPECT_EQ(all.ids(hospital, "CarePlan"), before) << "the hospital takes part";
  EXPECT_TRUE(has(all.only(hospital, "CarePlan"), R"("status":"active")"));
}

TEST(Scenario71, AMergeOfTwoPersonsWithOpenPlansKeepsBothAndWidensNoAudience) {
  PlansAndStays all;
  all.tell(ANotice("admission").with_id("N1"));
  all.tell(ANotice("admission").with_id("N2").of_case("A-2").about(second_person));
  all.takes(health_centre, APlanNotice("plan.need").to({home_care}));
  all.takes(social, APlanNotice("plan.need").with_id("P-2").of_person(second_person).to({hospital}));
  all.tell(ANotice("person.merged").with_id("MERGE").about(second_person).merging(first_person).at("2026-03-14T09:00:00+01:00"));
  for (const char* reader : {health_centre, home_care, social, hospital}) {
    EXPECT_EQ(all.read(reader, "CarePlan").size(), 1u) << reader;
    EXPECT_TRUE(has(all.only(reader, "CarePlan"), R"("status":"draft")")) << reader;
  }
  EXPECT_NE(all.ids(home_care, "CarePlan"), all.ids(hospital, "CarePlan"));
  // Who takes part in the plan of the number that is used no more reaches it with the one that the person has.
  all.takes(
      home_care,
      APlanNotice("plan.answer").with_id("P-3").at("2026-03-15T10:00:00+01:00").of_person(second_person).answering("accepted"));
}

TEST(PlanReceipt, IsShownOnTheCommunicationThatItIsOf) {
  PlansAndStays all;
  all.takes(health_centre, APlanNotice("plan.need").with_id("N-1").to_everybody());
  all.watch("caller", health_centre, "plan");
  all.watch("ward", hospital, "plan");
  all.takes(home_care, APlanNotice("receipt").with_id("R-1").at("2026-03-12T12:00:00+01:00").acknowledging("N-1"));
  EXPECT_EQ(all.events("caller").size(), 1u);
  EXPECT_TRUE(all.events("ward").empty());
  bool is_received = false;
  for (const std::string& each : all.read(health_centre, "Communication"))
    is_received |= has(each, R"("received":"2026-03-12T12:00:00+01:00")") && has(each, home_care);
  EXPECT_TRUE(is_received);
}

TEST(PlanReceipt, ReachesThePlanOfAnArende) {
  PlansAndStays all;
  all.tell(ANotice("admission"));
  all.takes(health_centre, of_arende("plan.need", "N-1", "2026-03-12T10:00:00+01:00").to_everybody());
  all.takes(home_care, of_arende("receipt", "R-1", "2026-03-12T12:00:00+01:00").acknowledging("N-1"));
  bool is_received = false;
  for (const std::string& each : all.read(health_centre, "Communication"))
    is_received |= has(each, R"("received":"2026-03-12T12:00:00+01:00")");
  EXPECT_TRUE(is_received);
}

}  // namespace
}  // namespace vardbron::exchange
