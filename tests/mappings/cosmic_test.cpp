#include "tests/mappings/house.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>

// Concern: the cases of the Cosmic-style map as one patient's story, through map, message path and store.
namespace vardbron {
namespace {

using testing::AllOf;
using testing::HasSubstr;

std::string message(const std::string& name) {
  const std::filesystem::path folder = mappings_folder() / "cosmic-notice" / "cases" / name;
  return text_of_file(std::filesystem::exists(folder / "input.xml") ? folder / "input.xml" : folder / "input.json");
}

void tell(House& house, const std::vector<std::string>& names) {
  for (const std::string& name : names) {
    const exchange::Receipt receipt = house.send("cosmic", message(name));
    EXPECT_EQ(receipt.outcome, store::Outcome::Stored) << name << ": " << receipt.text;
  }
}

const std::vector<std::string> story = {"admission",       "receipt",        "planning",  "planned-discharge-changed",
                                        "transfer",        "leave-start",    "leave-end", "fast-vardkontakt",
                                        "discharge-ready", "sip-invitation", "discharge", "corrected"};

/// A case's message with one text replaced.
std::string changed(const std::string& name, const std::string& from, const std::string& to) {
  std::string text = message(name);
  const std::size_t at = text.find(from);
  EXPECT_NE(at, std::string::npos) << from;
  return text.replace(at, from.size(), to);
}

// Once answered with 200 and visible to nobody, put into a separate case, or refused.
TEST(Cosmic, ReadsIdentifiersAndCodesWhateverTheWhiteSpaceAroundThem) {
  House plain;
  plain.send("cosmic", message("admission"));
  for (const auto& [from, to] :
       {std::pair(">SE2120990011-HSV1<", ">\n      SE2120990011-HSV1\n    <"),
        std::pair(">SE2120990011-HSV1<", ">se2120990011-hsv1<"), std::pair(">A-2026-000417<", "> A-2026-000417 <"),
        std::pair(">KOMMUNAL_HSV<", ">\n KOMMUNAL_HSV <"), std::pair(">INSKRIVNING<", "> INSKRIVNING <"),
        std::pair(">2026-03-10T09:10:00<", "> 2026-03-10T09:10:00\n<"), std::pair(">195009072553<", "> 195009072553 <"),
        std::pair(">195009072553<", ">500907-2553<"), std::pair(">SE2321990018-MED5<", "> se2321990018-med5 <"),
        std::pair(">0880<", "> 0880 <")}) {
    SCOPED_TRACE(to);
    House house;

    const exchange::Receipt receipt = house.send("cosmic", changed("admission", from, to));

    EXPECT_EQ(receipt.outcome, store::Outcome::Stored) << receipt.text;
    EXPECT_EQ(house.case_key, plain.case_key);
    for (const char* type : {"Encounter", "Patient", "Organization", "Communication"})
      EXPECT_EQ(house.resources(type), plain.resources(type)) << type;
  }
}

TEST(Cosmic, TellsAMisspeltElement) {
  House house;
  std::string body = changed("admission", "<beraknadUtskrivning>", "<beraknadUtskrivningg>");
  body.replace(body.find("</beraknadUtskrivning>"), 22, "</beraknadUtskrivningg>");

  const exchange::Receipt receipt = house.send("cosmic", body);

  EXPECT_THAT(receipt.text, HasSubstr("Nothing was made of vardtillfalle.beraknadUtskrivningg"));
}

TEST(Cosmic, PutsAReserveNumberIntoItsRegister) {
  for (const auto& [number, system] :
       {std::pair("991981000010", "urn:oid:1.2.752.97.3.1.3"), std::pair("198108320014", "urn:oid:1.2.752.129.2.1.3.2"),
        std::pair("22950606-FH20", "http://electronichealth.se/identifier/nationelltReservnummer")}) {
    House house;
    std::string body = changed("admission", "<personId>195009072553</personId>\n    <personIdTyp>PNR<",
                               "<personId>" + std::string(number) + "</personId>\n    <personIdTyp>RES<");

    const exchange::Receipt receipt = house.send("cosmic", body);

    EXPECT_EQ(receipt.outcome, store::Outcome::Stored) << receipt.text;
    EXPECT_NE(house.resource("Patient").find("\"system\":\"" + std::string(system) + "\""), std::string::npos) << number;
  }
}

TEST(Cosmic, RefusesAnAnswerThatIsNeitherYesNorNo) {
  House house;
  const exchange::Receipt receipt = house.send("cosmic", changed("conditions", "<sip>NEJ<", "<sip>KANSKE<"));

  EXPECT_EQ(receipt.outcome, store::Outcome::Quarantined);
  EXPECT_THAT(receipt.text, HasSubstr("vardtillfalle.sip in line"));
}

TEST(Cosmic, WarnsOfABirthThatCannotBe) {
  for (const char* number : {"204001010000", "180001010008"}) {
    House house;

    const exchange::Receipt receipt = house.send("cosmic", changed("admission", "195009072553", number));

    EXPECT_NE(receipt.text.find("The person's number names a"), std::string::npos) << receipt.text;
  }
}

TEST(CosmicStory, EveryMessageReachesTheSameCase) {
  House house;
  tell(house, story);

  EXPECT_EQ(house.only_case().version, static_cast<std::int64_t>(story.size()));
  EXPECT_THAT(house.resource("Encounter"),
              AllOf(HasSubstr(R"("status":"finished")"), HasSubstr(R"("end":"2026-03-13T14:15:00+01:00")"),
                    HasSubstr("sarskilt-boende"), HasSubstr(R"("valueCode":"utskriven")"), HasSubstr("statusHistory")));
  EXPECT_THAT(house.resource("CareTeam"), HasSubstr("Sara Påhittad"));
  // The kallelse is about the plan too, which is computed right after it.
  house.case_key = "plan|sip|" + house.case_key;
  EXPECT_TRUE(house.world.complete(house.path->let_time_pass(house.case_key)));
  EXPECT_THAT(house.resource("CarePlan"), AllOf(HasSubstr("SIP"), HasSubstr(R"("status":"draft")")));
}

// Scenario 71: as XML, and as JSON.
TEST(CosmicStory, AMergeCountsIsCancelledAndTakenApart) {
  House house;
  tell(house, {"admission"});
  EXPECT_THAT(house.send("cosmic", message("person-merged")).text,
              HasSubstr("The numbers are one person's; one ärende of your organisation follows."));
  EXPECT_THAT(house.send("cosmic", message("person-merged-cancelled")).text,
              HasSubstr("What it is about is cancelled; one ärende"));
  const exchange::Receipt again = house.send("cosmic", changed("person-merged", "M-1201", "M-1299"));
  EXPECT_THAT(again.text, HasSubstr("The numbers are one person's"));
  EXPECT_THAT(house.send("cosmic", message("person-unmerged")).text, HasSubstr("one person's no more; one ärende"));
}

TEST(CosmicStory, WhatAPartySaysInWordsAndFilesReachesThoseItIsFor) {
  House house;
  tell(house, {"admission", "content"});

  const std::vector<std::string> all = house.resources("Communication");
  EXPECT_EQ(std::count_if(all.begin(), all.end(),
                          [](const std::string& each) {
                            return each.find(R"("valueCode":"egenvard"}],"contentString":"Dottern delar)") != std::string::npos &&
                                   each.find(R"("title":"Läkemedelslista")") != std::string::npos;
                          }),
            3)
      << "home care, social services and health centre";
  EXPECT_THAT(house.resource("Patient"), AllOf(HasSubstr("Maj Exempelsson"), HasSubstr("god-man"), HasSubstr("dotter")));
}

std::size_t communications_with(House& house, const std::string& words) {
  const std::vector<std::string> all = house.resources("Communication");
  return static_cast<std::size_t>(
      std::count_if(all.begin(), all.end(), [&](const std::string& each) { return each.find(words) != std::string::npos; }));
}

// N10, N11: also when the ärende is over, since the stay's facts are still needed.
TEST(CosmicStory, TheInformationAtDischargeReachesThoseItIsForWhateverBecameOfTheCase) {
  for (const std::vector<std::string>& before :
       {std::vector<std::string>{"admission", "discharge"}, {"admission"}, {"admission", "discharge", "case-closed"}}) {
    House house;
    tell(house, before);
    for (const char* name : {"discharge-information", "patient-information"}) {
      const exchange::Receipt receipt = house.send("cosmic", message(name));
      EXPECT_EQ(receipt.outcome, store::Outcome::Stored) << receipt.text;
      EXPECT_THAT(receipt.text, testing::Not(HasSubstr("changes nothing"))) << name;
    }
    EXPECT_EQ(communications_with(house, "Ingen fraktur"), 3u);
    EXPECT_EQ(communications_with(house, "Fast vårdkontakt är Sara"), 1u) << "for the health centre alone";
  }
}

// Before the stay a party's word reaches the sluten vård that it names.
TEST(CosmicStory, ACareRequestReachesTheWardBeforeThePatientDoes) {
  House house;
  const exchange::Receipt receipt = house.send("cosmic", message("care-request"));

  EXPECT_EQ(receipt.outcome, store::Outcome::Stored) << receipt.text;
  EXPECT_THAT(receipt.text, testing::Not(HasSubstr("Nobody was told")));
  EXPECT_EQ(communications_with(house, "nedsatt allmäntillstånd"), 1u);
  EXPECT_THAT(house.resource("Encounter"), HasSubstr(R"("valueCode":"ingen")"));

  tell(house, {"admission", "municipal-report", "admin"});
  EXPECT_THAT(house.resource("Encounter"), AllOf(HasSubstr(R"("valueCode":"planeras")"), HasSubstr(R"("code":"IMP")")));
  EXPECT_EQ(communications_with(house, "Övertaget läkemedelsansvar"), 1u);
  EXPECT_EQ(communications_with(house, "Nycklarna lämnas"), 1u);
}

TEST(CosmicStory, AnyOtherMessageWithoutAStayIsRefused) {
  House house;
  std::string text = message("admission");
  text.erase(text.find("  <vardtillfalle>"), text.find("</vardtillfalle>") + 17 - text.find("  <vardtillfalle>"));
  const exchange::Receipt receipt = house.send("cosmic", text);

  EXPECT_EQ(receipt.outcome, store::Outcome::Quarantined);
  EXPECT_THAT(receipt.text, HasSubstr("vardtillfalle"));
}

TEST(CosmicStory, ADecisionOfThePatientIsAConsentAndTheNewestCounts) {
  House house;
  tell(house, {"admission", "consent"});
  ASSERT_EQ(house.resources("Consent").size(), 2u);
  for (const std::string& each : house.resources("Consent"))
    EXPECT_THAT(each, AllOf(HasSubstr(R"("status":"active")"), HasSubstr("Patienten"), HasSubstr(R"("type":"permit")")));

  tell(house, {"consent-refused"});
  const std::vector<std::string> all = house.resources("Consent");
  EXPECT_EQ(std::count_if(all.begin(), all.end(),
                          [](const std::string& each) {
                            return each.find(R"("status":"rejected")") != std::string::npos &&
                                   each.find("menprovning") != std::string::npos &&
                                   each.find(R"("code":"sip")") != std::string::npos;
                          }),
            1);
}

TEST(CosmicStory, AMessageOfConsentWithoutOneIsRefused) {
  House house;
  std::string text = message("consent");
  text.erase(text.find("  <samtycke>"), text.find("</samtycke>") + 11 - text.find("  <samtycke>"));
  const exchange::Receipt receipt = house.send("cosmic", text);

  EXPECT_EQ(receipt.outcome, store::Outcome::Quarantined);
  EXPECT_THAT(receipt.text, HasSubstr("samtycke"));
}

// Our own samples obey the law: the fast vårdkontakt in the öppenvård calls to the SIP (LUS 4:3).
TEST(CosmicStory, ObeysTheLaw) {
  House house;
  for (const std::string& name : story) {
    const std::string text = message(name);
    house.be_at(std::string_view(text).substr(text.find("<skapad>") + 8, 19));
    const exchange::Receipt receipt = house.send("cosmic", text);
    EXPECT_THAT(receipt.text, testing::Not(HasSubstr("LUS"))) << name << ": " << receipt.text;
    EXPECT_THAT(receipt.text, testing::Not(HasSubstr("nobody has been appointed"))) << name;
  }
}

TEST(CosmicStory, InformationAtDischargeThatHoldsNothingIsSaidToItsSender) {
  House house;
  tell(house, {"admission", "discharge"});
  std::string text = message("discharge-information");
  text.erase(text.find("  <innehall>"), text.rfind("</innehall>") + 11 - text.find("  <innehall>"));

  EXPECT_THAT(house.send("cosmic", text).text, HasSubstr("neither a text nor a file"));
}

TEST(CosmicStory, AnHourThatIsThereTwiceIsMarkedAndNotChosenInSilence) {
  House house;
  tell(house, {"admission"});
  const exchange::Receipt receipt = house.send("cosmic", message("hour-that-is-there-twice"));

  EXPECT_THAT(receipt.text, HasSubstr("an hour that is there twice"));
  const std::vector<std::string> all = house.resources("Communication");
  EXPECT_TRUE(std::any_of(all.begin(), all.end(),
                          [](const std::string& each) { return each.find("data-ambiguous") != std::string::npos; }));
}

TEST(CosmicStory, TheTransferMovesThePatientAndNothingElse) {
  House house;
  tell(house, {"admission", "transfer"});

  EXPECT_THAT(house.resource("Encounter"), AllOf(HasSubstr("SE2321990018-GER2"), HasSubstr(R"("status":"in-progress")")));
}

TEST(CosmicStory, AKvittensFromTheMunicipalityIsSeenAtTheHospital) {
  House house;
  tell(house, {"admission", "receipt"});

  const std::vector<std::string> all = house.resources("Communication");
  EXPECT_TRUE(std::any_of(all.begin(), all.end(), [](const std::string& each) {
    return each.find("SE2120990011-HSV1") != std::string::npos && each.find("\"received\"") != std::string::npos;
  }));
}

TEST(CosmicStory, TheOrderOfArrivalDoesNotMatter) {
  House in_order, backwards;
  tell(in_order, story);
  tell(backwards, {story.rbegin(), story.rend()});

  EXPECT_EQ(in_order.resource("CareTeam").size(), backwards.resource("CareTeam").size());
  EXPECT_EQ(in_order.resources("Task").size(), backwards.resources("Task").size());
  EXPECT_THAT(backwards.resource("Encounter"),
              AllOf(HasSubstr(R"("status":"finished")"), HasSubstr(R"("end":"2026-03-13T14:15:00+01:00")")));
}

TEST(CosmicStory, AProtectedPersonsAddressIsNowhere) {
  House house;
  tell(house, {"protected-identity"});

  EXPECT_THAT(house.resource("Patient"), AllOf(HasSubstr("sekretessmarkering"), testing::Not(HasSubstr("address"))));
}

TEST(CosmicStory, ABirthDateThatIsNoDateReachesNobody) {
  for (std::string_view said : {"1950-13-01", "1950-02-30", "19500907", "1950-09-07T00:00:00", "x"}) {
    House house;
    std::string body = message("admission");
    const std::size_t at = body.find("<fodelsedatum>") + 14;
    body.replace(at, body.find('<', at) - at, said);
    const exchange::Receipt receipt = house.send("cosmic", body);
    EXPECT_EQ(receipt.outcome, store::Outcome::Quarantined) << said;
    EXPECT_THAT(receipt.text, AllOf(HasSubstr("resource.birthDate"), HasSubstr("the form of date"))) << said;
  }
}

TEST(CosmicStory, AMessageThatCannotBeMappedIsKeptAside) {
  House house;
  const exchange::Receipt receipt = house.send("cosmic", message("unknown-type"));

  EXPECT_EQ(receipt.outcome, store::Outcome::Quarantined);
  EXPECT_THAT(receipt.text, HasSubstr("meddelande.typ"));
}

}  // namespace
}  // namespace vardbron
