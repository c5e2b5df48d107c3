#include "gateway/formats/json/write.h"
#include "tests/mappings/house.h"

#include <gtest/gtest.h>

#include <cstdlib>
#include <string>

// Concern: HL7 v2 ADT messages, from bytes to the case (mappings/hl7v2-adt).
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

// Scenario 71.
TEST(Adt, AMergeAndAChangedNumberAreAboutThePersonAlone) {
  for (const char* name : {"merge", "number-changed"}) {
    House house;
    EXPECT_NE(house.send("adt", case_input(name)).text.find("It joins nothing now"), std::string::npos) << name;
    house.send("adt", case_input("admission"));
    const exchange::Receipt again = house.send("adt", case_input(name));
    EXPECT_EQ(again.outcome, store::Outcome::Duplicate) << name;
  }
  House house;
  house.send("adt", case_input("admission"));
  EXPECT_NE(house.send("adt", case_input("merge")).text.find("one ärende of your organisation follows"), std::string::npos);
}

TEST(Adt, CancelsTheMovementThatZbeNames) {
  House house;
  house.send("adt", case_input("admission"));
  house.send("adt", case_input("discharge"));

  house.send("adt", case_input("discharge-cancelled"));

  EXPECT_NE(house.resource("Encounter").find("\"in-progress\""), std::string::npos);
}

/// A case's message with one text replaced.
std::string changed(const std::string& name, const std::string& from, const std::string& to) {
  std::string text = case_input(name);
  const std::size_t at = text.find(from);
  EXPECT_NE(at, std::string::npos) << from;
  return text.replace(at, from.size(), to);
}

std::size_t count_of(const std::string& text, const std::string& what) {
  std::size_t count = 0;
  for (std::size_t at = text.find(what); at != std::string::npos; at = text.find(what, at + 1)) ++count;
  return count;
}

// Once the receiver was lost with a 200 if its ROL followed a PR1 or IN1, and the movement if its ZBE did.
TEST(Adt, FindsReceiversAndTheMovementWhereverTheyStand) {
  const Result<tree::Document> plain = mapped(*real_library().find("Hl7v2Adt"), case_input("admission"));
  ASSERT_TRUE(plain);
  for (const char* group : {"PR1|1||X\r", "IN1|1|A|B\r", "PR1|1||X\rIN1|1|A|B\rIN2|1\r"}) {
    for (const char* segment : {"ROL|1|", "ROL|2|", "ZBE|"}) {
      SCOPED_TRACE(std::string(group) + segment);
      const Result<tree::Document> notice =
          mapped(*real_library().find("Hl7v2Adt"), changed("admission", segment, group + std::string(segment)));

      ASSERT_TRUE(notice) << notice.failure().says;
      for (const char* part : {"destination", "identifier"})
        EXPECT_EQ(count_of(json::write(*notice), part), count_of(json::write(*plain), part)) << part;
    }
  }
}

TEST(Adt, TellsNobodyByARoleThatIsDeleted) {
  struct Action {
    const char* code;
    std::size_t receivers;
  };
  for (const Action& action : {Action{"AD", 3}, Action{"UC", 3}, Action{"UP", 3}, Action{"CO", 3}, Action{"LI", 3}, Action{"", 3},
                               Action{"A", 3}, Action{"DE", 2}, Action{"UN", 2}, Action{"D", 2}, Action{"de ", 2}}) {
    const std::string body = changed("admission", "ROL|1|AD|", "ROL|1|" + std::string(action.code) + "|");

    const Result<tree::Document> notice = mapped(*real_library().find("Hl7v2Adt"), body);

    ASSERT_TRUE(notice) << action.code << notice.failure().says;
    EXPECT_EQ(count_of(json::write(*notice), "\"receiver\""), action.receivers) << action.code;
  }
}

TEST(Adt, RefusesAnActionItDoesNotKnowOrThatContradictsTheEvent) {
  EXPECT_FALSE(mapped(*real_library().find("Hl7v2Adt"), changed("admission", "ROL|1|AD|", "ROL|1|XX|")));
  EXPECT_FALSE(mapped(*real_library().find("Hl7v2Adt"), changed("admission", "|INSERT|", "|CANCEL|")));
  EXPECT_FALSE(mapped(*real_library().find("Hl7v2Adt"), changed("discharge-cancelled", "|CANCEL|", "|INSERT|")));
}

TEST(Adt, IsALocalAdmissionWhenEveryReceiverIsDeleted) {
  std::string body = case_input("admission");
  for (std::size_t at = body.find("|AD|"); at != std::string::npos; at = body.find("|AD|")) body.replace(at, 4, "|DE|");

  const Result<tree::Document> notice = mapped(*real_library().find("Hl7v2Adt"), body);

  ASSERT_TRUE(notice);
  EXPECT_EQ(count_of(json::write(*notice), "\"admission.local\""), 1u);
}

// Once a date was dropped with a 200, or made more precise than it was.
TEST(Adt, KeepsTheKnownPartOfADateAndWarns) {
  House house;

  const exchange::Receipt receipt = house.send("adt", changed("admission", "|19500907|", "|19500900|"));

  EXPECT_EQ(receipt.outcome, store::Outcome::Stored);
  EXPECT_NE(house.resource("Patient").find("\"birthDate\":\"1950-09\""), std::string::npos);
  EXPECT_NE(receipt.text.find("PID-7 in line 3: its day is 00, so year and month were kept."), std::string::npos) << receipt.text;
}

TEST(Adt, WarnsOfADateThatItCannotReadWhereTheMapReadsIt) {
  House house;
  const std::string read = changed("admission", "|19500907|", "|i september|");
  EXPECT_NE(house.send("adt", read)
                .text.find("PID-7 in line 3: it is no date or time (YYYYMMDD, then HHMM or HHMMSS) and cannot be read. Its shape "
                           "is a aaaaaaaaa."),
            std::string::npos);

  House other;
  const std::string unread = changed("admission", "PID|1||", "PV1|1|I|SE2321990018-MED5|||||||||||||||||||||x\rPID|1||");
  EXPECT_EQ(other.send("adt", unread).text.find("PV1-24"), std::string::npos);
}

TEST(Adt, RefusesAMessageThatDoesNotSayWhenItWasMadeOrHappened) {
  for (const auto& [from, to] :
       {std::pair("|VARDBRON||20260310091200|", "|VARDBRON||202603|"),
        std::pair("|VARDBRON||20260310091200|", "|VARDBRON||20260310|"), std::pair("||||20260309224000\r", "||||202603\r"),
        std::pair("||||20260309224000\r", "||||20260900\r")}) {
    House house;

    const exchange::Receipt receipt = house.send("adt", changed("admission", from, to));

    EXPECT_EQ(receipt.outcome, store::Outcome::Quarantined) << to;
  }
}

TEST(Adt, KeepsAPlannedDischargeWithoutADayAsItIs) {
  House house;

  const exchange::Receipt receipt = house.send("adt", changed("admission", "|20260313\r", "|20260300\r"));

  EXPECT_NE(house.resource("Encounter").find("\"valueDate\":\"2026-03\""), std::string::npos) << house.resource("Encounter");
  EXPECT_NE(receipt.text.find("PV2-9 in line 5"), std::string::npos) << receipt.text;
}

// Once answered with 200 and visible to nobody, or put into a separate case.
TEST(Adt, ReadsIdentifiersWhateverTheirCaseAndTheBlanksAroundThem) {
  House plain;
  plain.send("adt", case_input("admission"));
  for (const auto& [from, to] :
       {std::pair("|SE2120990011-HSV1^", "|SE2120990011-HSV1 ^"), std::pair("|SE2120990011-HSV1^", "| se2120990011-hsv1^"),
        std::pair("|V-2026-000417|", "|V-2026-000417 |"), std::pair("|V-2026-000417|", "| V-2026-000417|"),
        std::pair("|KOMMUNAL_HSV|", "|KOMMUNAL_HSV |"), std::pair("|KOMMUNAL_HSV|", "| Kommunal_hsv|"),
        std::pair("|SE2321990018-MED5|", "|se2321990018-med5 |"), std::pair("|195009072553^", "| 19500907-2553 ^"),
        std::pair("|195009072553^", "|500907-2553^"), std::pair("^0880", "^ 0880 ")}) {
    SCOPED_TRACE(to);
    House house;

    const exchange::Receipt receipt = house.send("adt", changed("admission", from, to));

    EXPECT_EQ(receipt.outcome, store::Outcome::Stored) << receipt.text;
    EXPECT_EQ(house.case_key, plain.case_key);
    for (const char* type : {"Encounter", "Patient", "Organization", "Communication"})
      EXPECT_EQ(house.resources(type), plain.resources(type)) << type;
  }
}

TEST(Adt, TakesReserveNumbersOfEveryRegister) {
  House house;

  house.send("adt", changed("admission", "195009072553^^^&1.2.752.129.2.1.3.1&", "991981000010^^^&1.2.752.97.3.1.3&"));

  EXPECT_NE(house.resource("Patient").find("\"system\":\"urn:oid:1.2.752.97.3.1.3\",\"value\":\"991981000010\""),
            std::string::npos);
}

// A second given name, a telephone: unread elements are reported.
TEST(Adt, TellsWhatItDoesNotReadAndDoesNotListAsUnused) {
  House plain, more;

  EXPECT_EQ(plain.send("adt", case_input("admission")).text.find("Nothing was made of"), std::string::npos);
  const exchange::Receipt receipt =
      more.send("adt", changed("admission", "Exempelsson^Astrid|", "Exempelsson^Astrid^Maria|") + "ZXX|1\r");

  EXPECT_NE(receipt.text.find("Nothing was made of PID-5.3, ZXX: the map neither reads them nor lists them as unused."),
            std::string::npos)
      << receipt.text;
  EXPECT_EQ(receipt.text.find("Maria"), std::string::npos);
}

TEST(Adt, WarnsOfLettersThatAreNotOfTheNamedSet) {
  House house;

  const exchange::Receipt receipt = house.send("adt", changed("admission", "|8859/1", "|"));

  EXPECT_EQ(receipt.outcome, store::Outcome::Stored);
  EXPECT_NE(receipt.text.find("MSH-18 names no character set, which means ASCII, and ROL-4 in line 6 has other letters"),
            std::string::npos)
      << receipt.text;
}

TEST(Adt, ReadsASenderWithoutMsh18InTheSetOfItsChannel) {
  House house;
  Result<exchange::Channels> opened = exchange::Channels::open(
      {{"adt", "https://vardbron.example/fhir/StructureMap/Hl7v2Adt", formats::Charset::Latin1}}, real_library());
  ASSERT_TRUE(opened);
  house.channels = std::move(*opened);
  house.be_at("2026-03-10T09:12:00");

  const exchange::Receipt receipt = house.send("adt", changed("admission", "|8859/1", "|"));

  EXPECT_EQ(receipt.text.find("warning"), std::string::npos) << receipt.text;
  std::string all;
  for (const std::string& each : house.resources("Organization")) all += each;
  EXPECT_NE(all.find("Hemsjukvården"), std::string::npos) << all;
}

TEST(Adt, KeepsAMessageItCannotMapForLater) {
  House house;

  const exchange::Receipt receipt = house.send("adt", case_input("update"));

  EXPECT_NE(receipt.outcome, store::Outcome::Stored);
}

// Public messages: each becomes a notice, or is refused with place and reason.
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
