// Concern: a plan with an identity of its own is reached by all who take part in it, and by nobody else.
#include "tests/exchange/plans.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace vardbron::exchange {
namespace {

constexpr const char* stranger = "SE2120001000-H001";

/// What the sender is answered, without what is its own.
std::string answer(Plans& all, const std::string& by, APlanNotice notice) {
  const Result<Receipt> receipt = all.send(by, std::move(notice));
  all.settle();
  return receipt ? receipt->text : receipt.failure().says;
}

APlanNotice coming(const char* id, const char* at = "2026-03-14T10:00:00+01:00") {
  return APlanNotice("plan.answer").with_id(id).at(at).answering("accepted");
}

TEST(PlanIdentity, IsShownAsItWasSentWithWhoBeganThePlan) {
  Plans all;
  all.takes(health_centre, APlanNotice("plan.need").to_everybody());
  const std::string plan = all.only(home_care, "CarePlan");
  EXPECT_TRUE(has(plan, R"("identifier":[{"system":"urn:test:plans","value":"P-1","assigner":{)")) << plan;
  EXPECT_TRUE(has(plan, health_centre)) << plan;
}

TEST(PlanIdentity, IsReachedByWhoIsCalled) {
  Plans all;
  all.takes(health_centre, APlanNotice("plan.need").to_everybody());
  all.takes(health_centre, APlanNotice("sip.invitation")
                               .with_id("P-3")
                               .at("2026-03-13T10:00:00+01:00")
                               .to_everybody()
                               .meeting_at("2026-03-20T13:00:00+01:00"));
  all.takes(home_care, coming("A-1"));
  EXPECT_TRUE(has(all.only(health_centre, "Appointment"), R"("status":"accepted")")) << all.only(health_centre, "Appointment");
}

TEST(PlanIdentity, IsReachedByTheWithdrawalOfAnotherUnit) {
  Plans all;
  all.takes(health_centre, APlanNotice("plan.need").to_everybody());
  all.takes(home_care, APlanNotice("consent").with_id("W-1").at("2026-03-16T10:00:00+01:00").deciding("inactive", home_care));
  EXPECT_TRUE(all.read(home_care, "CarePlan").empty());
  EXPECT_FALSE(all.read(hospital, "CarePlan").empty());
}

TEST(PlanIdentity, OfTwoOrganisationsIsTwoPlans) {
  Plans all;
  all.takes(health_centre, APlanNotice("plan.need"));
  all.takes(stranger, APlanNotice("plan.need").with_id("S-1"));
  EXPECT_EQ(all.read(health_centre, "CarePlan").size(), 1u);
  EXPECT_EQ(all.read(stranger, "CarePlan").size(), 1u);
  EXPECT_NE(all.only(health_centre, "CarePlan"), all.only(stranger, "CarePlan"));
}

// A stranger names the identity first, and its victim as receiver.
TEST(PlanIdentity, IsNotTakenOverByWhoNamesItFirst) {
  Plans all;
  all.takes(stranger, APlanNotice("plan.need").with_id("S-1").to({health_centre}));
  const std::string said = answer(all, health_centre, APlanNotice("plan.need").to({home_care}));
  EXPECT_TRUE(has(said, "It is of a plan of your own organisation") && has(said, stranger)) << said;
  all.takes(health_centre, APlanNotice("consent").with_id("P-2").at("2026-03-12T12:00:00+01:00").deciding("active"));
  all.takes(health_centre, APlanNotice("sip.invitation")
                               .with_id("P-3")
                               .at("2026-03-13T10:00:00+01:00")
                               .to({home_care})
                               .meeting_at("2026-03-20T13:00:00+01:00"));
  EXPECT_TRUE(all.read(stranger, "Appointment").empty());
  EXPECT_TRUE(has(all.only(stranger, "CarePlan"), "behov-bedomt")) << "nothing of the other plan";
  EXPECT_TRUE(has(all.only(home_care, "CarePlan"), "kallad"));
}

TEST(PlanIdentity, OfWhomTheStrangerCallsTooIsToldApartByWhoBeganThePlan) {
  Plans all;
  all.takes(health_centre, APlanNotice("plan.need").to({home_care}));
  all.takes(stranger, APlanNotice("plan.need").with_id("S-1").to({home_care}));
  const std::string which = answer(all, home_care, coming("A-1"));
  EXPECT_TRUE(has(which, "several plans with this identity") && has(which, stranger) && has(which, health_centre)) << which;
  EXPECT_TRUE(has(which, "assigner")) << which;
  all.takes(home_care, coming("A-2").begun_by(health_centre));
}

TEST(PlanIdentity, OfAnotherPersonIsAnotherPlan) {
  Plans all;
  all.takes(health_centre, APlanNotice("plan.need").to_everybody());
  const std::string said = answer(all, home_care, coming("A-1").of_person("189001019802"));
  EXPECT_TRUE(has(said, "no plan with this identity is known")) << said;
}

TEST(PlanIdentity, IsAnsweredToAStrangerAsIfThereWereNoSuchPlan) {
  Plans with, without;
  with.until_agreed();
  const auto names_opener = [](const char* id) { return coming(id).begun_by(health_centre); };
  EXPECT_EQ(answer(with, stranger, coming("A-1")), answer(without, stranger, coming("A-1")));
  const auto until_kept = [](const std::string& text) { return text.substr(0, text.find("The message is kept")); };
  EXPECT_EQ(until_kept(answer(with, stranger, names_opener("A-2"))), until_kept(answer(without, stranger, names_opener("A-2"))));
  EXPECT_TRUE(with.read(stranger, "CarePlan").empty());
}

// Whoever has no consent is answered in the words of who never had a plan.
TEST(PlanIdentity, IsAnsweredToAUnitWithoutConsentAsIfThereWereNoSuchPlan) {
  Plans with, without;
  with.until_agreed();
  with.takes(health_centre,
             APlanNotice("consent").with_id("W-1").at("2026-03-25T10:00:00+01:00").deciding("inactive", home_care));
  const APlanNotice late = coming("A-1", "2026-03-26T10:00:00+01:00");
  EXPECT_EQ(answer(with, home_care, late), answer(without, home_care, late));
}

TEST(PlanIdentity, OfWhoBeganAPlanAndIsDeniedItBeginsItNoMore) {
  Plans with;
  with.takes(health_centre, APlanNotice("plan.need").to_everybody());
  with.takes(home_care, APlanNotice("consent").with_id("W-1").at("2026-03-16T10:00:00+01:00").deciding("inactive"));
  with.takes(home_care,
             APlanNotice("consent").with_id("W-2").at("2026-03-16T11:00:00+01:00").deciding("rejected", health_centre));
  EXPECT_TRUE(with.read(health_centre, "CarePlan").empty());
  const std::string said = answer(with, health_centre, APlanNotice("plan.need").with_id("N-2").at("2026-03-17T10:00:00+01:00"));
  EXPECT_FALSE(has(said, "behov-bedomt")) << said;
  EXPECT_TRUE(with.read(health_centre, "CarePlan").empty());
}

// A withdrawal that comes before the call must not begin a plan that hides the one to which its sender is called then.
TEST(PlanIdentity, IsReachedByWhoTookSomethingBackBeforeItWasCalled) {
  Plans all;
  const APlanNotice early = APlanNotice("consent").with_id("W-1").at("2026-03-12T10:00:00+01:00").deciding("inactive");
  EXPECT_TRUE(has(answer(all, home_care, early), "nothing was taken back"));
  all.takes(health_centre, APlanNotice("plan.need").to_everybody());
  all.takes(home_care, APlanNotice("consent").with_id("W-2").at("2026-03-13T10:00:00+01:00").deciding("inactive"));
  EXPECT_TRUE(has(all.only(health_centre, "CarePlan"), R"("status":"revoked")")) << all.only(health_centre, "CarePlan");
}

// The organisation's plan was begun by a unit of it; a stranger calls another one of its units.
TEST(PlanIdentity, OfItsOwnOrganisationGoesBeforeThatOfAStranger) {
  Plans all;
  access::Caller region{"SE2321990018-REG", "SE2321990018-REG", true, true, false};
  const auto send = [&](APlanNotice notice) {
    const Result<Receipt> receipt =
        all.world.complete(all.path->accept({region, "fhir", "application/fhir+json", notice.json()}));
    ASSERT_TRUE(receipt);
    EXPECT_EQ(receipt->outcome, store::Outcome::Stored) << receipt->text;
    all.settle();
  };
  send(APlanNotice("plan.need").sent_by(hospital));
  all.takes(stranger, APlanNotice("plan.need").with_id("S-1").to({health_centre}));
  send(APlanNotice("plan.need").with_id("P-2").at("2026-03-13T10:00:00+01:00").sent_by(health_centre));
  const std::vector<std::string> team = all.read(stranger, "CareTeam");
  ASSERT_EQ(team.size(), 1u);
  EXPECT_FALSE(has(team.front(), hospital));
  EXPECT_EQ(all.read(stranger, "Communication").size(), 1u) << "nothing but its own call";
}

TEST(PlanIdentity, IsGoneOnWithByWhoHasSaidSomethingInThePlan) {
  Plans all;
  all.takes(social, APlanNotice("plan.need").to_everybody());
  all.takes(health_centre, APlanNotice("sip.invitation")
                               .with_id("P-3")
                               .at("2026-03-13T10:00:00+01:00")
                               .to_everybody()
                               .begun_by(social)
                               .meeting_at("2026-03-20T13:00:00+01:00"));
  all.takes(health_centre, APlanNotice("consent").with_id("P-2").at("2026-03-14T12:00:00+01:00").deciding("active"));
  all.takes(health_centre,
            APlanNotice("plan.agreed").with_id("P-4").at("2026-03-20T15:00:00+01:00").to_everybody().with_four_points());
  EXPECT_TRUE(has(all.only(social, "CarePlan"), R"("status":"active")")) << all.only(social, "CarePlan");
}

/// An ärende of which social services are no party, and are called to its SIP.
struct Invited : Plans {
  Invited() {
    access::Caller caller{hospital, hospital, true, true, false};
    const Result<Receipt> receipt =
        world.complete(path->accept({caller, "fhir", "application/fhir+json", ANotice("admission").json()}));
    EXPECT_TRUE(receipt);
    settle();
    takes(health_centre, APlanNotice("sip.invitation")
                             .of_case("A-1")
                             .with_id("K-1")
                             .at("2026-03-12T10:00:00+01:00")
                             .to({home_care, social})
                             .meeting_at("2026-03-20T13:00:00+01:00"));
  }
};

TEST(PlanIdentity, OfAnArendeIsReachedByWhoIsCalledToItsPlanAlone) {
  Invited all;
  ASSERT_EQ(all.read(social, "CarePlan").size(), 1u);
  ASSERT_TRUE(all.read(social, "Encounter").empty()) << "it is no party of the ärende";
  all.takes(social, coming("A-1").of_case("A-1"));
  EXPECT_TRUE(has(all.only(health_centre, "Appointment"), R"("status":"accepted")")) << all.only(health_centre, "Appointment");
  all.takes(social, APlanNotice("plan.need").of_case("A-1").with_id("A-2").at("2026-03-14T11:00:00+01:00"));
  all.takes(social, APlanNotice("consent").of_case("A-1").with_id("A-3").at("2026-03-14T12:00:00+01:00").deciding("inactive"));
  EXPECT_TRUE(has(all.only(health_centre, "CarePlan"), R"("status":"revoked")")) << all.only(health_centre, "CarePlan");
}

TEST(PlanIdentity, OfAnArendeIsNotReachedByWhoIsNotCalled) {
  Invited all;
  const std::string said = answer(all, stranger, coming("A-1").of_case("A-1"));
  EXPECT_TRUE(has(said, "no plan with this identity is known")) << said;
  EXPECT_FALSE(has(all.only(health_centre, "Appointment"), R"("status":"accepted")"));
}

TEST(PlanIdentity, ACancelledNoticeOfThePlanOfAnArendeIsCancelledThere) {
  Invited all;
  all.takes(health_centre, coming("A-1").of_case("A-1"));
  const std::string said =
      answer(all, health_centre,
             APlanNotice("nullified").of_case("A-1").with_id("A-2").at("2026-03-14T11:00:00+01:00").replacing("A-1"));
  EXPECT_FALSE(has(said, "has not come")) << said;
  EXPECT_FALSE(has(all.only(home_care, "Appointment"), R"("status":"accepted")"));
}

}  // namespace
}  // namespace vardbron::exchange
