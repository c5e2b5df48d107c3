#include "tests/mappings/house.h"

#include <gtest/gtest.h>

#include <cstdlib>
#include <string>

// Concern: HL7 v2 ADT messages, from their bytes to what the case is (mappings/hl7v2-adt).
namespace vardbron {
namespace {

namespace fs = std::filesystem;

std::string case_input(const std::string& name) {
  return text_of_file(mappings_folder() / "hl7v2-adt/cases" / name / "input.hl7");
}

TEST(Adt, TellsAnAdmissionToThoseItNames) {
  House house;

  const exchange::Receipt receipt = house.send("adt", case_input("admission"));

  EXPECT_EQ(receipt.outcome, store::Outcome::Stored);
  EXPECT_NE(house.resource("Encounter").find("\"in-progress\""), std::string::npos);
  EXPECT_EQ(house.resources("Communication").size(), 3u);
  EXPECT_NE(house.resource("Patient").find("Exempelsson"), std::string::npos);
}

TEST(Adt, FollowsAStayFromAdmissionToDischarge) {
  House house;
  for (const char* name : {"admission", "transfer", "leave", "leave-end", "planned-discharge-changed", "discharge"})
    EXPECT_EQ(house.send("adt", case_input(name)).outcome, store::Outcome::Stored) << name;

  EXPECT_NE(house.resource("Encounter").find("\"finished\""), std::string::npos);
}

TEST(Adt, CancelsTheMovementThatZbeNames) {
  House house;
  house.send("adt", case_input("admission"));
  house.send("adt", case_input("discharge"));

  house.send("adt", case_input("discharge-cancelled"));

  EXPECT_NE(house.resource("Encounter").find("\"in-progress\""), std::string::npos);
}

TEST(Adt, KeepsAMessageItCannotMapForLater) {
  House house;

  const exchange::Receipt receipt = house.send("adt", case_input("update"));

  EXPECT_NE(receipt.outcome, store::Outcome::Stored);
}

// Messages nobody here wrote: each becomes a notice, or its refusal says where and why.
TEST(Adt, MapsThePublicMessagesOrSaysWhyNot) {
  const char* given = std::getenv("VARDBRON_CONFORMANCE");
  const fs::path folder = fs::path(given ? given : VARDBRON_SOURCE_DIR "/../shared/conformance") / "hl7v2";
  if (!fs::exists(folder)) GTEST_SKIP() << folder << " is not here";
  const mapping::Map* map = real_library().find("Hl7v2Adt");
  ASSERT_NE(map, nullptr);
  for (const fs::directory_entry& file : fs::directory_iterator(folder)) {
    if (!file.path().filename().string().starts_with("ADT")) continue;
    const Result<tree::Document> notice = mapped(*map, text_of_file(file.path()));
    if (notice) continue;
    EXPECT_NE(notice.failure().says, "") << file.path();
    EXPECT_NE(notice.failure().where.find("ADT_A"), std::string::npos) << file.path() << ": " << notice.failure().where;
  }
}

}  // namespace
}  // namespace vardbron
