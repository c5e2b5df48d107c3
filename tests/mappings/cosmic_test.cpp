#include "tests/mappings/house.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>

// Concern: the cases of the Cosmic-style map told as one patient's story, through map, message path and store.
namespace vardbron {
namespace {

using testing::AllOf;
using testing::HasSubstr;

std::string message(const std::string& name) {
  return text_of_file(mappings_folder() / "cosmic-notice" / "cases" / name / "input.xml");
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

TEST(CosmicStory, EveryMessageReachesTheSameCase) {
  House house;
  tell(house, story);

  EXPECT_EQ(house.only_case().version, static_cast<std::int64_t>(story.size()));
  EXPECT_THAT(house.resource("Encounter"),
              AllOf(HasSubstr(R"("status":"finished")"), HasSubstr(R"("end":"2026-03-13T14:15:00+01:00")"),
                    HasSubstr("sarskilt-boende"), HasSubstr(R"("valueCode":"utskriven")"), HasSubstr("statusHistory")));
  EXPECT_THAT(house.resource("CareTeam"), HasSubstr("Sara Påhittad"));
  EXPECT_THAT(house.resource("CarePlan"), HasSubstr("SIP"));
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

TEST(CosmicStory, AMessageThatCannotBeMappedIsKeptAside) {
  House house;
  const exchange::Receipt receipt = house.send("cosmic", message("unknown-type"));

  EXPECT_EQ(receipt.outcome, store::Outcome::Quarantined);
  EXPECT_THAT(receipt.text, HasSubstr("meddelande.typ"));
}

}  // namespace
}  // namespace vardbron
