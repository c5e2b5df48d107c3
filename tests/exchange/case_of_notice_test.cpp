// Concern: a party's notice reaches the ärende that it names when it is sent with the party's own token (scenario C 29), and a
// stranger's reaches nobody and learns nothing.
#include "gateway/exchange/case_of_notice.h"

#include "tests/exchange/spine.h"

#include <gtest/gtest.h>

#include <algorithm>

namespace vardbron::exchange {
namespace {

constexpr const char* other_hospital = "SE2321000016-AKUT";
constexpr const char* stranger = "SE2120001000-H001";

struct Parties : Spine {
  Result<Receipt> send(const std::string& by, ANotice notice) {
    access::Caller caller{by, by, true, true, false};
    return world.complete(path->accept({caller, "fhir", "application/fhir+json", notice.sent_by(by).json()}));
  }
  void admit(const std::string& by, bool is_to_health_centre = false) {
    ANotice notice("admission");
    notice.with_id("M-" + by);
    if (is_to_health_centre) notice.to_health_centre();
    const Result<Receipt> receipt = send(by, notice);
    ASSERT_TRUE(receipt);
    ASSERT_EQ(receipt->outcome, store::Outcome::Stored) << receipt->text;
  }
  std::size_t links_of(const std::string& opener) {
    Result<store::Case> found = world.complete(store.load_case(opener + "|urn:test:cases|A-1"));
    return found ? found->links.size() : 0;
  }
};

ANotice contact_notice() {
  return ANotice("fast-vardkontakt").with_id("C-1").at("2026-03-11T10:00:00+01:00").naming_contact("Bo Lind");
}
ANotice receipt_notice() { return ANotice("receipt").with_id("R-1").at("2026-03-10T11:00:00+01:00"); }
std::string status_in(const store::Resource& task) {
  const std::size_t at = task.body.find("\"status\":\"");
  return at == std::string::npos ? "" : task.body.substr(at + 10, task.body.find('"', at + 10) - at - 10);
}

TEST(Scenario29, AContactOfTheHealthCentresOwnTokenReachesTheArendeThatItNames) {
  Parties all;
  all.admit(hospital);
  all.watch("municipality", home_care, "update");
  all.watch("of contacts", home_care, "fast-vardkontakt");
  const Result<Receipt> receipt = all.send(health_centre, contact_notice());
  ASSERT_TRUE(receipt);
  EXPECT_EQ(receipt->outcome, store::Outcome::Stored);
  EXPECT_FALSE(receipt->is_held) << receipt->text;
  EXPECT_EQ(all.events("of contacts").size(), 1u);
  EXPECT_EQ(status_in(all.task("A-1", "utse-fast-vardkontakt", health_centre)), "completed");
  EXPECT_EQ(all.events("municipality").size(), 1u);
  EXPECT_EQ(all.links_of(health_centre), 0u) << "no case of its own";
  EXPECT_EQ(all.send(health_centre, contact_notice())->outcome, store::Outcome::Duplicate);
}

TEST(Scenario29, AReceiptOfTheMunicipalitysOwnTokenReachesTheArendeThatItNames) {
  Parties all;
  all.admit(hospital);
  const Result<Receipt> receipt = all.send(home_care, receipt_notice());
  ASSERT_TRUE(receipt);
  EXPECT_FALSE(receipt->is_held) << receipt->text;
  EXPECT_EQ(status_in(all.task("A-1", "kvittera-inskrivning", home_care)), "completed");
  EXPECT_EQ(all.links_of(home_care), 0u);
}

// A map makes the namespace of the organisation that sends: the municipality's is another than the hospital's.
TEST(Scenario29, ANumberInANamespaceThatAMapMadeIsTheHospitals) {
  struct Row {
    const char *of_hospital, *of_party;
    bool is_reached;
  };
  for (const Row& row : {Row{"urn:vardbron:arende:SE2321990018", "urn:vardbron:arende:SE2120990011", true},
                         Row{"urn:vardbron:arende:SE2321990018", "urn:other", false},
                         Row{"urn:other", "urn:vardbron:arende:SE2120990011", false}, Row{"urn:other", "urn:another", false}}) {
    Parties all;
    ASSERT_TRUE(all.send(hospital, ANotice("admission").in_namespace(row.of_hospital)));
    // By the municipality's clock it happened before the admission.
    ANotice early = ANotice("planning").with_id("P-1").at("2026-03-10T09:09:00+01:00").in_namespace(row.of_party);
    ASSERT_TRUE(all.send(home_care, early));
    const Result<Receipt> receipt = all.send(home_care, receipt_notice().in_namespace(row.of_party));
    ASSERT_TRUE(receipt);
    EXPECT_EQ(receipt->is_held, !row.is_reached) << row.of_hospital << " " << row.of_party << receipt->text;
    Result<store::Case> found = all.world.complete(all.store.load_case(std::string(hospital) + "|" + row.of_hospital + "|A-1"));
    ASSERT_TRUE(found);
    EXPECT_EQ(found->links.size(), row.is_reached ? 3u : 1u);
    for (const store::CaseResource& each : found->resources) {
      Result<store::Resource> read = all.store.tables().read({"", true}, each.type, each.id, 0);
      ASSERT_TRUE(read);
      EXPECT_EQ(read->body.find(row.of_party), std::string::npos) << read->body;
    }
  }
}

TEST(Scenario29, OfTwoHospitalsWithTheSameNumberTheSendersMembershipDecides) {
  Parties all;
  all.admit(other_hospital, true);
  all.admit(hospital);
  EXPECT_FALSE(all.send(home_care, receipt_notice())->is_held);
  EXPECT_EQ(all.links_of(hospital), 2u);
  EXPECT_EQ(all.links_of(other_hospital), 1u);
}

TEST(Scenario29, APartyToTwoArendenOfTheSameNumberIsRefusedWithTheReason) {
  Parties all;
  all.admit(other_hospital);
  all.admit(hospital);
  const Result<Receipt> receipt = all.send(health_centre, contact_notice());
  ASSERT_TRUE(receipt);
  EXPECT_EQ(receipt->outcome, store::Outcome::Quarantined);
  EXPECT_NE(receipt->text.find("several ärenden with this number"), std::string::npos) << receipt->text;
  EXPECT_EQ(receipt->text.find(hospital), std::string::npos) << receipt->text;
  EXPECT_EQ(all.links_of(hospital) + all.links_of(other_hospital), 2u);
}

TEST(Scenario29, TheHospitalsOwnNoticesStayInItsOwnCase) {
  Parties all;
  all.admit(other_hospital);
  EXPECT_FALSE(all.send(hospital, ANotice("planning").with_id("P-1"))->text.empty());
  all.admit(hospital);
  EXPECT_EQ(all.links_of(other_hospital), 1u);
  EXPECT_EQ(all.links_of(hospital), 2u);
}

TEST(Scenario29, AStrangersNoticeIsKeptAndTheAnswerIsThatOfANumberThatNobodyHas) {
  Parties with, without;
  with.admit(hospital);
  for (const char* by : {stranger, "SE2120001000-H002"}) {
    const Result<Receipt> known = with.send(by, contact_notice()), unknown = without.send(by, contact_notice());
    ASSERT_TRUE(known && unknown);
    EXPECT_EQ(known->text, unknown->text);
    EXPECT_TRUE(known->is_held);
    EXPECT_NE(known->text.find("is party to no ärende with the number \\\"A-1\\\""), std::string::npos) << known->text;
    EXPECT_EQ(with.links_of(by), 1u) << "kept";
  }
  EXPECT_EQ(with.links_of(hospital), 1u);
}

std::size_t warnings_in(const std::string& text) {
  std::size_t count = 0;
  for (std::size_t at = text.find("\"warning\""); at != std::string::npos; at = text.find("\"warning\"", at + 1)) ++count;
  return count;
}

// Before, one warning said that the notice is told when an admission comes, and another one that it reaches nobody.
TEST(Scenario29, AStrangersNoticeGetsOneWarningThatSaysWhatToDo) {
  Parties all;
  for (const char* event : {"planning", "fast-vardkontakt"}) {
    const Result<Receipt> receipt = all.send(stranger, ANotice(event).with_id(event).at("2026-03-11T10:00:00+01:00"));
    ASSERT_TRUE(receipt);
    EXPECT_EQ(warnings_in(receipt->text), 1u) << receipt->text;
    EXPECT_NE(receipt->text.find(R"(Nobody was told: \"SE2120001000-H001\" is party to no ärende with the number \"A-1\")"),
              std::string::npos)
        << receipt->text;
    EXPECT_EQ(receipt->text.find("told when an admission notice comes"), std::string::npos) << receipt->text;
  }
}

TEST(Scenario29, AFormerPartysNoticeIsAStrangers) {
  Parties all;
  all.admit(hospital);
  ASSERT_TRUE(all.send(hospital, ANotice("party.changed").with_id("M-2").at("2026-03-10T12:00:00+01:00").to_health_centre()));
  const Result<Receipt> receipt = all.send(home_care, ANotice("planning").with_id("P-1").at("2026-03-11T11:00:00+01:00"));
  ASSERT_TRUE(receipt);
  EXPECT_TRUE(receipt->is_held);
  EXPECT_NE(receipt->text.find("is party to no ärende with the number \\\"A-1\\\""), std::string::npos) << receipt->text;
  EXPECT_EQ(all.links_of(hospital), 2u);
}

// Before, it was a stranger's: what it had said wrongly stayed as it was.
TEST(Scenario29, AFormerPartyCorrectsAndCancelsWhatItSaid) {
  for (const char* event : {"corrected", "nullified"}) {
    Parties all;
    all.admit(hospital);
    all.watch("hospital", hospital, "case");
    ANotice planning = ANotice("planning").with_id("P-1").at("2026-03-10T11:00:00+01:00");
    ASSERT_FALSE(all.send(home_care, planning)->is_held);
    ASSERT_TRUE(all.send(hospital, ANotice("party.changed").with_id("M-2").at("2026-03-10T12:00:00+01:00").to_health_centre()));
    const std::size_t before = all.events("hospital").size();

    ANotice later = ANotice(event).with_id("P-2").at("2026-03-11T11:00:00+01:00").replacing("P-1");
    if (std::string(event) == "corrected") later.correcting("planning");
    const Result<Receipt> receipt = all.send(home_care, later);

    ASSERT_TRUE(receipt);
    EXPECT_EQ(receipt->outcome, store::Outcome::Stored) << receipt->text;
    EXPECT_EQ(warnings_in(receipt->text), 0u) << receipt->text;
    EXPECT_EQ(all.links_of(hospital), 4u);
    EXPECT_EQ(all.links_of(home_care), 0u);
    EXPECT_GT(all.events("hospital").size(), before) << "who got it hears of it";
    const Result<Receipt> another =
        all.send(home_care, ANotice("nullified").with_id("P-3").at("2026-03-11T12:00:00+01:00").replacing("M-SE2321990018-MED5"));
    ASSERT_TRUE(another);
    EXPECT_EQ(status_in(all.task("A-1", "kvittera-inskrivning", health_centre)), "requested") << "the admission stays";
    const Result<Receipt> foreign =
        all.send(stranger, ANotice("nullified").with_id("X-1").at("2026-03-11T12:00:00+01:00").replacing("P-1"));
    ASSERT_TRUE(foreign);
    EXPECT_EQ(all.links_of(stranger), 1u) << "a stranger reaches nothing";
  }
}

TEST(Scenario29, BeforeTheAdmissionTheSenderLearnsThatNobodyIsNotifiedAndSentAgainItReachesTheArende) {
  Parties all;
  const Result<Receipt> early = all.send(health_centre, contact_notice());
  ASSERT_TRUE(early);
  EXPECT_TRUE(early->is_held);
  EXPECT_NE(early->text.find("send the notice again, as it is, when the admission notice has come"), std::string::npos)
      << early->text;
  all.admit(hospital);
  const Result<Receipt> again = all.send(health_centre, contact_notice());
  ASSERT_TRUE(again);
  EXPECT_EQ(again->outcome, store::Outcome::Stored);
  EXPECT_FALSE(again->is_held) << again->text;
  EXPECT_EQ(status_in(all.task("A-1", "utse-fast-vardkontakt", health_centre)), "completed");
}

}  // namespace
}  // namespace vardbron::exchange
