// Concern: scenarios of part D, from the notice to what each organisation may read.
#include "gateway/exchange/plan_of_notice.h"
#include "gateway/time/civil.h"
#include "tests/exchange/plans.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <vector>

namespace vardbron::exchange {
namespace {

TEST(Scenario37, ACallIsADraftAndABookedMeetingForThoseWhoAreCalled) {
  Plans all;
  all.takes(health_centre, APlanNotice("plan.need").to_everybody());
  all.takes(health_centre, APlanNotice("sip.invitation")
                               .with_id("P-3")
                               .at("2026-03-13T10:00:00+01:00")
                               .to_everybody()
                               .meeting_at("2026-03-20T13:00:00+01:00"));
  for (const char* reader : {home_care, hospital}) {
    EXPECT_TRUE(has(all.only(reader, "CarePlan"), R"("status":"draft")")) << all.only(reader, "CarePlan");
    EXPECT_TRUE(has(all.only(reader, "Appointment"), R"("status":"booked")")) << all.only(reader, "Appointment");
    EXPECT_TRUE(has(all.only(reader, "Appointment"), "https://video.example/sip"));
  }
  EXPECT_TRUE(all.read(social, "CarePlan").empty()) << "it is not called";
}

TEST(Scenario38, ARebookedMeetingIsTheNextVersionOfItsAppointmentAndTheFirstCallIsKept) {
  Plans all;
  const auto call = [&](const char* id, const char* at, const char* start) {
    all.takes(health_centre, APlanNotice("sip.invitation").with_id(id).at(at).to_everybody().meeting_at(start));
  };
  call("P-3", "2026-03-13T10:00:00+01:00", "2026-03-20T13:00:00+01:00");
  call("P-5", "2026-03-16T10:00:00+01:00", "2026-03-24T13:00:00+01:00");
  EXPECT_TRUE(has(all.only(home_care, "Appointment"), R"("start":"2026-03-24T13:00:00+01:00")"));
  EXPECT_TRUE(has(all.only(home_care, "CarePlan"), R"("created":"2026-03-13T10:00:00+01:00")"));
}

TEST(Scenario39, OfARefusalNothingIsShownButThatThereIsNoPlan) {
  Plans all;
  all.takes(health_centre, APlanNotice("plan.need").to_everybody());
  all.watch("municipality", home_care, "plan");
  all.takes(health_centre, APlanNotice("consent").with_id("P-2").at("2026-03-12T12:00:00+01:00").deciding("rejected"));
  EXPECT_TRUE(has(all.only(home_care, "CarePlan"), R"("status":"revoked")"));
  EXPECT_TRUE(all.read(home_care, "Consent").empty());
  ASSERT_EQ(all.events("municipality").size(), 1u);
  for (const std::string& each : all.read(home_care, "Communication"))
    EXPECT_FALSE(has(each, R"("code":"consent")")) << "not that the person refused";
}

TEST(Scenario40, APlanThatLacksAPointIsRefusedByTheNameOfThePoint) {
  Plans all;
  all.takes(health_centre, APlanNotice("plan.need").to_everybody());
  const Result<Receipt> receipt =
      all.send(health_centre, APlanNotice("plan.agreed").with_id("P-4").with_four_points().without_main_responsible());
  ASSERT_TRUE(receipt);
  EXPECT_EQ(receipt->outcome, store::Outcome::Quarantined);
  EXPECT_TRUE(has(receipt->text, "vilken huvudman som har det övergripande ansvaret")) << receipt->text;
  EXPECT_TRUE(has(all.only(home_care, "CarePlan"), R"("status":"draft")"));
}

TEST(Scenario41, AnAgreedPlanIsActiveWithGoalsTeamAndATaskForEachInsats) {
  Plans all;
  all.until_agreed();
  EXPECT_TRUE(has(all.only(home_care, "CarePlan"), R"("status":"active")"));
  EXPECT_TRUE(has(all.only(home_care, "Goal"), "Bo hemma"));
  EXPECT_TRUE(has(all.only(home_care, "CareTeam"), R"("status":"active")"));
  EXPECT_EQ(all.read(home_care, "Task").size(), 2u) << "the insats and the follow-up";
}

TEST(Scenario42, AFollowUpThatIsNotRegisteredIsLateWhenItsDayIsOver) {
  Plans all;
  all.until_agreed();
  all.watch("main", health_centre, "task");
  const auto days = time::start_of(std::chrono::local_days(std::chrono::year(2026) / 5 / 5)) - all.world.clock.wall();
  all.world.run_for(days);
  all.settle();
  bool is_late = false;
  for (const std::string& each : all.read(home_care, "Task")) is_late |= has(each, "folj-upp-sip") && has(each, "forsenad");
  EXPECT_TRUE(is_late);
  EXPECT_FALSE(all.events("main").empty()) << "the main responsible is notified";
  all.takes(health_centre, APlanNotice("plan.followed-up").with_id("P-9").at("2026-05-05T10:00:00+02:00"));
  EXPECT_TRUE(has(all.only(home_care, "CarePlan"), "uppfoljd"));
}

TEST(Scenario43, APlanNeedsNoStay) {
  Plans all;
  all.takes(social, APlanNotice("plan.need").to_everybody());
  EXPECT_TRUE(has(all.only(health_centre, "CarePlan"), "behov-bedomt"));
  EXPECT_TRUE(all.read(health_centre, "Encounter").empty());
  EXPECT_EQ(all.read(health_centre, "Patient").size(), 1u) << "who takes part reads for whom it is";
}

// Anybody may say that a person needs a plan, and learns nothing of the person by it.
TEST(Scenario43, WhoSaysThatThereIsANeedReadsNothingThatOthersSayOfThePerson) {
  Plans all;
  all.until_agreed();
  EXPECT_EQ(all.read(home_care, "Patient").size(), 1u);
  EXPECT_TRUE(all.read("SE2120001000-H001", "Patient").empty());
  all.takes("SE2120001000-H001", APlanNotice("plan.need").with_id("S-1"));
  EXPECT_EQ(all.read("SE2120001000-H001", "CarePlan").size(), 1u);
  EXPECT_TRUE(all.read("SE2120001000-H001", "Patient").empty());
  EXPECT_EQ(all.read(home_care, "Patient").size(), 1u);
}

TEST(Scenario43, WhatIsTakenBackFromAPlanThatNobodyKnowsIsWarnedOf) {
  Plans all;
  const Result<Receipt> receipt =
      all.send(health_centre, APlanNotice("consent").with_id("P-2").at("2026-03-12T12:00:00+01:00").deciding("inactive"));
  ASSERT_TRUE(receipt);
  EXPECT_NE(receipt->text.find("nothing was taken back"), std::string::npos) << receipt->text;
}

TEST(Scenario44, ARevisionReplacesThePlanAndKeepsTheIdsOfTheTasks) {
  Plans all;
  all.until_agreed();
  const auto ids = [&] {
    std::vector<std::string> found;
    for (const std::string& each : all.read(home_care, "Task")) found.push_back(each.substr(each.find("\"id\":"), 43));
    std::sort(found.begin(), found.end());
    return found;
  };
  const std::vector<std::string> before = ids();
  all.takes(health_centre, APlanNotice("plan.revised")
                               .with_id("P-6")
                               .at("2026-04-02T10:00:00+02:00")
                               .to_everybody()
                               .with_four_points()
                               .describing("Hemsjukvård en gång i veckan"));
  EXPECT_EQ(ids(), before);
  const std::vector<std::string> plans = all.read(home_care, "CarePlan");
  ASSERT_EQ(plans.size(), 2u);
  const auto completed =
      std::count_if(plans.begin(), plans.end(), [](const std::string& each) { return has(each, R"("status":"completed")"); });
  const auto replacing =
      std::count_if(plans.begin(), plans.end(), [](const std::string& each) { return has(each, R"("replaces":)"); });
  EXPECT_EQ(completed, 1);
  EXPECT_EQ(replacing, 1);
}

TEST(Scenario45, ConsentWithdrawnForAUnitEndsItsSightAtOnceAndTheOthersLearnOnlyThatTheParticipantsChanged) {
  Plans all;
  all.until_agreed();
  all.watch("ward", hospital, "plan");
  ASSERT_EQ(all.read(home_care, "CarePlan").size(), 1u);
  all.takes(health_centre, APlanNotice("consent").with_id("P-7").at("2026-03-25T10:00:00+01:00").deciding("inactive", home_care));
  for (const char* type : {"CarePlan", "CareTeam", "Goal", "Appointment", "Task", "Consent", "Communication"})
    EXPECT_TRUE(all.read(home_care, type).empty()) << type;
  ASSERT_EQ(all.events("ward").size(), 1u);
  const std::vector<std::string> words = all.read(hospital, "Communication");
  EXPECT_TRUE(std::any_of(words.begin(), words.end(), [](const auto& each) { return has(each, "plan.participants"); }));
  bool is_cancelled = false;
  for (const std::string& each : all.read(hospital, "Task"))
    is_cancelled |= has(each, R"("status":"cancelled")") && has(each, "ändrade deltagare");
  EXPECT_TRUE(is_cancelled);
}

/// An ärende with a call to a SIP by the öppenvård.
struct Stay : Plans {
  Stay() {
    tell(hospital, ANotice("admission"));
    tell(health_centre, call());
  }
  static ANotice call() { return ANotice("sip.invitation").with_id("K-1").at("2026-03-11T10:00:00+01:00"); }
  void tell(const std::string& by, ANotice notice) {
    access::Caller caller{by, by, true, true, false};
    const Result<Receipt> receipt =
        world.complete(path->accept({caller, "fhir", "application/fhir+json", notice.sent_by(by).json()}));
    ASSERT_TRUE(receipt);
    EXPECT_EQ(receipt->outcome, store::Outcome::Stored) << receipt->text;
    settle();
  }
  APlanNotice of_arende(std::string event, std::string id, std::string at) {
    return APlanNotice(std::move(event)).of_case("A-1").with_id(std::move(id)).at(std::move(at));
  }
};

TEST(Plan, OfAnArendeBeginsWithItsKallelseAndIsTheOnlyCarePlan) {
  Stay stay;
  const std::string plan = stay.only(health_centre, "CarePlan");
  EXPECT_TRUE(has(plan, R"("status":"draft")") && has(plan, "kallad")) << plan;
  EXPECT_TRUE(has(plan, R"("encounter":{"reference":"Encounter/)")) << plan;
  EXPECT_TRUE(has(plan, R"("created":"2026-03-11T10:00:00+01:00")"));
}

TEST(Plan, OfAnArendeHasWhatThePersonDecidedAndIsAgreed) {
  Stay stay;
  stay.takes(health_centre, stay.of_arende("consent", "P-2", "2026-03-12T12:00:00+01:00").deciding("active"));
  stay.takes(health_centre, stay.of_arende("plan.agreed", "P-4", "2026-03-20T15:00:00+01:00").to_everybody().with_four_points());
  EXPECT_TRUE(has(stay.only(home_care, "CarePlan"), R"("status":"active")")) << stay.only(home_care, "CarePlan");
}

TEST(Plan, OfAnArendeIsCancelledWithItsKallelse) {
  Stay stay;
  stay.tell(health_centre, ANotice("nullified").with_id("K-2").at("2026-03-11T11:00:00+01:00").replacing("K-1"));
  EXPECT_TRUE(stay.read(health_centre, "CarePlan").empty()) << "all that was said of it is in error";
}

TEST(Scenario48, TheClosingOfAnArendeLeavesItsPlanAsItWas) {
  Stay stay;
  stay.tell(hospital, ANotice("discharge").with_id("U-1").at("2026-03-13T10:00:00+01:00"));
  const std::string before = stay.only(health_centre, "CarePlan");
  stay.tell(hospital, ANotice("case.closed").with_id("S-1").at("2026-05-13T10:00:00+02:00"));
  EXPECT_EQ(stay.only(health_centre, "CarePlan"), before);
}

TEST(Scenario47, ThePlanOfOneStayIsNotReadByTheHospitalOfTheNext) {
  Plans all;
  all.takes(health_centre, APlanNotice("plan.need").with_id("P-1"));
  access::Caller caller{hospital, hospital, true, true, false};
  ASSERT_TRUE(all.world.complete(all.path->accept({caller, "fhir", "application/fhir+json", ANotice("admission").json()})));
  all.settle();
  EXPECT_TRUE(all.read(hospital, "CarePlan").empty()) << "it takes no part in it";
  EXPECT_EQ(all.read(health_centre, "CarePlan").size(), 1u);
}

TEST(Scenario27, ADeathInTheStayEndsThePlanAndItsCancellationRestoresIt) {
  Stay stay;
  stay.takes(health_centre, stay.of_arende("consent", "P-2", "2026-03-12T12:00:00+01:00").deciding("active"));
  stay.takes(health_centre, stay.of_arende("sip.invitation", "P-3", "2026-03-12T13:00:00+01:00")
                                .to_everybody()
                                .meeting_at("2026-03-20T13:00:00+01:00"));
  const auto meeting = [&] {
    const std::string body = stay.only(home_care, "Appointment");
    return body.substr(std::min(body.find("\"status\""), body.size()));
  };
  const std::string before = meeting();
  stay.tell(hospital, ANotice("death").with_id("D-1").at("2026-03-16T10:00:00+01:00"));
  EXPECT_TRUE(has(stay.only(home_care, "CarePlan"), R"("status":"revoked")")) << stay.only(home_care, "CarePlan");
  EXPECT_TRUE(has(stay.only(home_care, "Appointment"), R"("status":"cancelled")"));
  stay.tell(hospital, ANotice("nullified").with_id("D-2").at("2026-03-16T11:00:00+01:00").replacing("D-1"));
  EXPECT_EQ(meeting(), before);
  EXPECT_TRUE(has(stay.only(home_care, "CarePlan"), R"("status":"draft")"));
}

// A stranger may know the plan's identity.
TEST(Plan, AStrangersNoticeOpensAPlanOfItsOwnAndLearnsNothing) {
  Plans all;
  all.until_agreed();
  const Result<Receipt> receipt =
      all.send("SE2120001000-H001", APlanNotice("plan.need").with_id("S-1").at("2020-01-01T10:00:00+01:00"));
  ASSERT_TRUE(receipt);
  EXPECT_TRUE(has(all.only(home_care, "CarePlan"), R"("status":"active")")) << "as it was, though the other is earlier";
  EXPECT_EQ(receipt->outcome, store::Outcome::Stored) << receipt->text;
  EXPECT_FALSE(has(receipt->text, "upprattad")) << receipt->text;
}

TEST(Plan, IsNotifiedToThoseWhoTakePart) {
  Plans all;
  all.watch("municipality", home_care, "plan");
  all.watch("stranger", social, "plan");
  all.takes(health_centre, APlanNotice("plan.need").to_everybody());
  ASSERT_EQ(all.events("municipality").size(), 1u);
  EXPECT_TRUE(all.events("municipality")[0].focus.starts_with("CarePlan/"));
  EXPECT_TRUE(all.events("stranger").empty());
}

TEST(Plan, TheSameNoticeAgainGivesTheSameReceipt) {
  Plans all;
  all.takes(health_centre, APlanNotice("plan.need").to_everybody());
  const Result<Receipt> again = all.send(health_centre, APlanNotice("plan.need").to_everybody());
  ASSERT_TRUE(again);
  EXPECT_EQ(again->outcome, store::Outcome::Duplicate);
}

}  // namespace
}  // namespace vardbron::exchange
