// Concern: what goes out although the patient refused it is answered to whom sends it, and a plan is not promised (scenario 39).
#include "tests/care/scenario.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <vector>

namespace vardbron::care {
namespace {

using Decision = Consent::Decision;

Notice& decide(Start& start, std::string_view when, Decision decision, std::vector<std::string> scopes) {
  Notice& notice = start.ward(Event::Consent, when);
  notice.consent = Consent{decision, false, std::move(scopes), "Patienten", ""};
  return notice;
}

constexpr std::string_view despite = "sent-despite-refusal";

TEST(RefusedConsent, WarnsTheSenderOfEachNoticeOfWhatIsSentToWhom) {
  for (const auto& [decision, word] : {std::pair(Decision::Refused, "refused"), std::pair(Decision::Withdrawn, "withdrawn")}) {
    Start start;
    Notice& no = decide(start, "2026-03-11T10:00:00", decision, {"utlamnande"});
    Notice& ready = start.n6("2026-03-12T10:00:00");
    Notice& information = start.ward(Event::DischargeInformation, "2026-03-12T11:00:00");
    information.receivers = {hsv1()};
    information.payloads = {{"insatser", "Trygghetslarm", {}}, {"", "", Attachment{"application/pdf", "Epikris", "QQ==", 1}}};
    const Projection now = start.later();

    EXPECT_FALSE(finding_says(now, start.n1, despite)) << "it was sent before";
    EXPECT_TRUE(finding_says(now, no, despite, "(UTLAMNANDE) is " + std::string(word)));
    EXPECT_TRUE(
        finding_says(now, ready, despite, "discharge-ready; to SE2120990011-HSV1, SE2120990011-SOC1, SE2321990018-VC07."));
    EXPECT_TRUE(finding_says(now, information, despite, "discharge.information, texts: 1, files: 1; to SE2120990011-HSV1."));
    EXPECT_TRUE(finding_says(now, information, despite, "LUS 2:1"));
    EXPECT_EQ(communication_status(now, ready, soc1()), "completed") << "nothing is held back";
  }
}

TEST(RefusedConsent, OfAnotherScopeOrOneThatWasGivenSinceOrCancelledWarnsOfNothing) {
  for (const char* scope : {"sip", "sammanhallen-journal", "arbetsgivare"}) {
    Start start;
    decide(start, "2026-03-11T10:00:00", Decision::Refused, {scope});
    start.n6("2026-03-12T10:00:00");
    EXPECT_FALSE(has_finding(start.later(), despite)) << scope;
  }
  Start given;
  decide(given, "2026-03-11T10:00:00", Decision::Refused, {"utlamnande"});
  decide(given, "2026-03-11T12:00:00", Decision::Given, {"utlamnande"});
  Notice& ready = given.n6("2026-03-12T10:00:00");
  EXPECT_FALSE(finding_says(given.later(), ready, despite));
  Start cancelled;
  cancelled.cancel(decide(cancelled, "2026-03-11T10:00:00", Decision::Refused, {"utlamnande"}), "2026-03-11T11:00:00");
  cancelled.n6("2026-03-12T10:00:00");
  EXPECT_FALSE(has_finding(cancelled.later(), despite));
}

TEST(RefusedConsent, SaysOfNobodyWhomTheGatewayDoesNotReachThatItWasSentThere) {
  const Finding finding{"urn:x|1", std::string(despite), "This was sent: discharge-ready", {hsv1().id, soc1().id}};
  EXPECT_EQ(text_of(finding), "This was sent: discharge-ready; to SE2120990011-HSV1, SE2120990011-SOC1.");
  EXPECT_EQ(text_of(finding, {soc1().id}),
            "This was sent: discharge-ready; to SE2120990011-HSV1, and not, since this gateway does not know them, to "
            "SE2120990011-SOC1.");
  EXPECT_EQ(text_of(finding, {hsv1().id, soc1().id}),
            "This was sent: discharge-ready; to nobody, and not, since this gateway does not know them, to SE2120990011-HSV1, "
            "SE2120990011-SOC1.");
  EXPECT_EQ(text_of({"urn:x|1", "other", "It says so.", {}}, {soc1().id}), "It says so.");
}

TEST(RefusedConsent, WarnsAPartyToo) {
  Start start;
  decide(start, "2026-03-11T10:00:00", Decision::Refused, {"utlamnande"});
  Notice& planning = from(start.ward(Event::Planning, "2026-03-12T10:00:00"), hsv1(), {med5()});
  Notice& receipt = start.receipt(start.n1, hsv1(), "2026-03-12T11:00:00");
  EXPECT_TRUE(finding_says(start.later(), planning, despite, "planning; to SE2321990018-MED5."));
  EXPECT_FALSE(finding_says(start.later(), receipt, despite)) << "a receipt says nothing of the patient";
}

TEST(RefusedConsent, OfAProtectedPersonNamesThePartiesAndNothingOfThePerson) {
  Start start;
  decide(start, "2026-03-11T10:00:00", Decision::Refused, {"utlamnande"}).person.protection = Protection::Sekretessmarkering;
  start.n6("2026-03-12T10:00:00");
  for (const Finding& finding : start.later().findings) {
    EXPECT_EQ(finding.says.find("0880"), std::string::npos);
    EXPECT_EQ(finding.says.find("Patienten"), std::string::npos);
  }
}

TEST(Scenario39, ACallToASipThatWasRefusedPromisesNoPlan) {
  Start start;
  decide(start, "2026-03-11T10:00:00", Decision::Refused, {"sip"});
  Notice& call = start.n8();
  EXPECT_TRUE(finding_says(start.later(), call, "call-despite-refusal", "LUS 4:2"));
  decide(start, "2026-03-11T12:00:00", Decision::Given, {"sip"});
  EXPECT_FALSE(has_finding(start.later(), "call-despite-refusal"));
}

}  // namespace
}  // namespace vardbron::care
