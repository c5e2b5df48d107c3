// Concern: an unknown receiver gets no notice; the sender, the case and the operator see it.
#include "tests/exchange/spine.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace vardbron::exchange {
namespace {

using testing::HasSubstr;
using testing::Not;

access::Principal organisation(const std::string& id) {
  access::Principal made;
  made.organisation = id;
  made.may_receive = true;
  return made;
}

/// A gateway that knows the hospital, the home care and the health centre.
struct Known : Spine {
  Known() {
    receivers = access::Receivers({organisation(hospital), organisation(home_care), organisation(health_centre)});
    open_path({});
  }
};

std::string admission_for(const std::string& receiver) {
  std::string json = ANotice("admission").json();
  const std::string from = std::string("\"") + home_care + "\"";
  for (std::size_t at = json.find(from); at != std::string::npos; at = json.find(from, at + 1))
    json.replace(at, from.size(), "\"" + receiver + "\"");
  return json;
}

TEST(UnknownReceivers, AreNamedInTheReceipt) {
  for (const auto& [receiver, reported] :
       {std::pair("SE2120990011-HSV7", "The receiver \\\"SE2120990011-HSV7\\\" is not known to this gateway"),
        std::pair("hemsjukvården", "The receiver \\\"hemsjukvården\\\" is not named by an HSA-id"),
        std::pair("hemsjukvården", "The receiver \\\"hemsjukvården\\\" is not known to this gateway")}) {
    Known gateway;

    const Result<Receipt> receipt = gateway.accept(admission_for(receiver));

    ASSERT_TRUE(receipt);
    EXPECT_THAT(receipt->text, HasSubstr(reported));
    EXPECT_THAT(receipt->text, HasSubstr("not told, since this gateway does not know them: " + std::string(receiver)));
    EXPECT_THAT(gateway.metrics.text(), HasSubstr("vardbron_unknown_receivers_total{channel=\"fhir\"} 1"));
  }
}

TEST(UnknownReceivers, AreNoMisspellingOfAnotherReceiverOfTheMessage) {
  for (const auto& [receiver, is_meant] : {std::pair("SE2120000142-VC08", false), std::pair("SE2120990011-HSV7", true)}) {
    Known gateway;
    const Result<Receipt> receipt = gateway.accept(admission_for(receiver));
    ASSERT_TRUE(receipt);
    EXPECT_THAT(receipt->text, HasSubstr("is not known to this gateway"));
    EXPECT_EQ(receipt->text.find("Did you mean") != std::string::npos, is_meant) << receipt->text;
  }
}

TEST(UnknownReceivers, AreAFindingOfTheCaseFromThenOn) {
  Known gateway;
  ASSERT_TRUE(gateway.accept(admission_for("SE2120990011-HSV7")));

  const CaseRules rules = gateway.case_parts().rules;
  Result<KeptCase> known = read_case(gateway.stored_case("A-1"), rules);
  ASSERT_TRUE(known);
  const Result<ProjectedCase> projected = project_case(*known, std::nullopt, rules, gateway.world.clock.wall());

  ASSERT_TRUE(projected);
  EXPECT_TRUE(std::any_of(projected->after.findings.begin(), projected->after.findings.end(),
                          [](const care::Finding& finding) { return finding.code == "unknown-receiver"; }));
}

TEST(KnownReceivers, AreReachedHoweverTheirHsaIdIsSpelt) {
  for (const char* spelling : {"SE2120990011-HSV1", "se2120990011-hsv1", " SE2120990011-HSV1 ", "\\n  SE2120990011-Hsv1\\n"}) {
    Known gateway;
    gateway.watch("home", home_care, "case");

    const Result<Receipt> receipt = gateway.accept(admission_for(spelling));

    ASSERT_TRUE(receipt);
    EXPECT_EQ(gateway.events("home").size(), 1u) << spelling;
    EXPECT_THAT(receipt->text, Not(HasSubstr("not known"))) << receipt->text;
  }
}

TEST(KnownReceivers, AreCountedByHowTheyLearnOfIt) {
  Known gateway;
  gateway.watch("home", home_care, "case");

  const Result<Receipt> receipt = gateway.accept(ANotice("admission"));

  ASSERT_TRUE(receipt);
  EXPECT_THAT(receipt->text, HasSubstr("3 organisations are party to it, its sender among them. "));
  EXPECT_THAT(receipt->text,
              HasSubstr("1 organisation is notified by its subscription (SE2120990011-HSV1), 1 organisation finds it by search "
                        "(SE2321990018-VC07)."));
  EXPECT_THAT(gateway.metrics.text(), Not(HasSubstr("vardbron_unknown_receivers_total{")));
}

/// A subscription of the home care, in that state.
struct Subscribed : Known {
  void subscribe(subscription::Reach reach) {
    watch("home", home_care, "case");
    matcher = std::make_shared<const subscription::Matcher>(subscriptions, reaches);
    share.belong_to(subscription::audience_name(*subscriptions.front()));
    share.set(reach);
  }
  std::shared_ptr<subscription::Reaches> reaches = std::make_shared<subscription::Reaches>();
  subscription::ReachShare share{reaches};
};

TEST(KnownReceivers, WhoseSystemDoesNotAnswerAreNotCountedAsNotified) {
  for (const auto& [reach, says] :
       {std::pair(subscription::Reach::NotTaking,
                  "does not take notifications at present: SE2120990011-HSV1. It gets this one as"),
        std::pair(subscription::Reach::Stopped, "its subscription is stopped: SE2120990011-HSV1. It gets this notice once")}) {
    Subscribed gateway;
    gateway.subscribe(reach);
    const std::string admission = ANotice("admission").json();

    const Result<Receipt> receipt = gateway.accept(admission);

    ASSERT_TRUE(receipt);
    EXPECT_THAT(receipt->text,
                HasSubstr("No organisation is notified, 1 organisation is not notified now, 1 organisation finds it"));
    EXPECT_THAT(receipt->text, HasSubstr("{\"severity\":\"warning\",\"code\":\"processing\",\"diagnostics\":\"Not told"));
    EXPECT_THAT(receipt->text, HasSubstr(says));
    EXPECT_EQ(gateway.events("home").size(), 1u) << "counted on, and sent later";
    gateway.share.set(subscription::Reach::Delivering);
    EXPECT_EQ(gateway.accept(admission)->text, receipt->text) << "the same message again";
  }
}

TEST(KnownReceivers, WithOneSubscriptionThatDeliversAreNotified) {
  Subscribed gateway;
  gateway.subscribe(subscription::Reach::Delivering);
  subscription::ReachShare other(gateway.reaches);
  gateway.watch("other", home_care, "admission");
  gateway.matcher = std::make_shared<const subscription::Matcher>(gateway.subscriptions, gateway.reaches);
  other.belong_to(subscription::audience_name(*gateway.subscriptions.back()));
  other.set(subscription::Reach::Stopped);

  const Result<Receipt> receipt = gateway.accept(ANotice("admission"));

  ASSERT_TRUE(receipt);
  EXPECT_THAT(receipt->text,
              HasSubstr("1 organisation is notified by its subscription (SE2120990011-HSV1), 1 organisation finds"));
  EXPECT_THAT(receipt->text, Not(HasSubstr("Not told")));
}

TEST(KnownReceivers, AreToldNothingWhereNothingMayBeTold) {
  Known gateway;
  gateway.watch("home", home_care, "case");

  const Result<Receipt> receipt = gateway.accept(ANotice("discharge"));

  ASSERT_TRUE(receipt);
  EXPECT_THAT(receipt->text, HasSubstr("No organisation is notified."));
}

}  // namespace
}  // namespace vardbron::exchange
