#include "gateway/fhir/xml_conversion.h"
#include "gateway/formats/json/parse.h"
#include "gateway/formats/xml/write.h"
#include "suite_line.h"
#include "tests/mappings/house.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>

// Concern: MedCom's published test messages, through map, message path and store. They are not copied into the repository.
namespace vardbron {
namespace {

namespace fs = std::filesystem;
using testing::AllOf;
using testing::HasSubstr;
using testing::Not;

fs::path suite_folder() {
  const char* given = std::getenv("VARDBRON_CONFORMANCE");
  return (given != nullptr ? fs::path(given) : fs::path(VARDBRON_SOURCE_DIR "/../shared/conformance")) / "medcom";
}

std::string sample(const std::string& name) {
  std::string text = text_of_file(suite_folder() / ("HospitalNotification_Ex_" + name + ".json"));
  CHECK(!text.empty());
  return text;
}

std::string as_xml(const std::string& json) {
  const fhir::Definitions& definitions = real_library().definitions();
  Result<tree::Document> document = json::parse(json, definitions.names());
  CHECK(document);
  Result<tree::Document> plain = fhir::to_xml(*document, definitions);
  CHECK(plain);
  return xml::write(*plain);
}

const mapping::Map& medcom_map() {
  const mapping::Map* found = real_library().find("MedComHospitalNotification");
  CHECK(found);
  return *found;
}

std::string episode_of(const std::string& json) {
  Result<tree::Document> notice = mapped(medcom_map(), json);
  CHECK(notice);
  Result<care::Notice> read = care::read_notice(*notice);
  CHECK(read);
  return read->case_identity.value;
}

/// A message moved to the admission of another one, for flows of which only some messages are published.
std::string sample_in_case_of(const std::string& name, const std::string& other) {
  std::string text = sample(name);
  const std::string from = episode_of(text), to = episode_of(sample(other));
  for (std::size_t at = text.find(from); at != std::string::npos; at = text.find(from, at + to.size()))
    text.replace(at, from.size(), to);
  return text;
}

class MedComMessages : public testing::Test {
 protected:
  void SetUp() override {
    if (!fs::exists(suite_folder())) GTEST_SKIP() << "no MedCom messages in " << suite_folder() << " (VARDBRON_CONFORMANCE)";
  }

  /// Sends them in this order; every one must be stored.
  void send(std::initializer_list<const char*> names) {
    for (const char* name : names) {
      const exchange::Receipt receipt = house.send("medcom", sample(name));
      EXPECT_EQ(receipt.outcome, store::Outcome::Stored) << name << ": " << receipt.text;
    }
  }

  std::string encounter() { return house.resource("Encounter"); }

  House house;
};

TEST_F(MedComMessages, AdmissionThenDischargeLeavesThePatientAtHome) {
  send({"STIN_H"});
  EXPECT_THAT(encounter(), HasSubstr(R"("status":"in-progress")"));
  send({"SLHJ_H"});

  EXPECT_THAT(encounter(), AllOf(HasSubstr(R"("status":"finished")"), HasSubstr(R"("end":"2023-03-07T09:45:30+01:00")")));
}

TEST_F(MedComMessages, LeaveShowsThePatientOnLeave) {
  send({"STIN_F", "STOR_F"});

  EXPECT_THAT(encounter(), HasSubstr(R"("status":"onleave")"));
}

TEST_F(MedComMessages, BackFromLeaveShowsThePatientInHospital) {
  send({"STIN_G"});
  EXPECT_EQ(house.send("medcom", sample_in_case_of("STOR_F", "STIN_G")).outcome, store::Outcome::Stored);
  EXPECT_THAT(encounter(), HasSubstr(R"("status":"onleave")"));
  send({"SLOR_G"});

  EXPECT_THAT(encounter(), AllOf(HasSubstr(R"("status":"in-progress")"), HasSubstr("statusHistory")));
}

TEST_F(MedComMessages, BackFromLeaveIsKnownEvenWhenTheMessageOfItsBeginIsLost) {
  send({"STIN_G", "SLOR_G"});

  EXPECT_THAT(encounter(), HasSubstr(R"("status":"in-progress")"));
}

TEST_F(MedComMessages, ACancelledAdmissionLeavesNothingActive) {
  send({"STIN_N", "AN_STIN_N"});

  EXPECT_THAT(encounter(), AllOf(HasSubstr(R"("status":"entered-in-error")"), HasSubstr(R"("valueCode":"makulerad")")));
  for (const std::string& patient : house.resources("Patient"))
    EXPECT_THAT(patient, AllOf(HasSubstr(R"("active":false)"), Not(HasSubstr("Elmer"))));
  for (const std::string& task : house.resources("Task")) EXPECT_THAT(task, HasSubstr(R"("status":"entered-in-error")"));
}

TEST_F(MedComMessages, ACorrectedAdmissionIsOneAdmissionWithTheNewTime) {
  send({"STIN_O"});
  const std::size_t tasks = house.resources("Task").size();
  send({"RE_STIN_O"});

  EXPECT_THAT(encounter(), AllOf(HasSubstr(R"("status":"in-progress")"), HasSubstr(R"("start":"2023-03-01T08:00:00+01:00")")));
  EXPECT_EQ(house.resources("Task").size(), tasks) << "no second report is asked for";
  std::size_t in_error = 0;
  for (const std::string& each : house.resources("Communication"))
    in_error += each.find(R"("status":"entered-in-error")") != std::string::npos ? 1 : 0;
  EXPECT_EQ(in_error, 1u) << "the old admission notice, and only that";
}

TEST_F(MedComMessages, ACorrectionMayComeBeforeWhatItCorrects) {
  send({"RE_STIN_O", "STIN_O"});

  EXPECT_THAT(encounter(), HasSubstr(R"("start":"2023-03-01T08:00:00+01:00")"));
}

TEST_F(MedComMessages, TheSameMessageTwiceIsOneChangeWithEqualReceipts) {
  const exchange::Receipt first = house.send("medcom", sample("TEK_DUB"));
  const exchange::Receipt second = house.send("medcom", sample("TEK_DUB"));

  EXPECT_EQ(first.outcome, store::Outcome::Stored);
  EXPECT_EQ(second.outcome, store::Outcome::Duplicate);
  EXPECT_EQ(first.text, second.text);
  EXPECT_EQ(house.only_case().version, 1);
  EXPECT_EQ(house.notified.size(), 1u);
}

TEST_F(MedComMessages, ALateAdmissionDoesNotBringADischargedPatientBack) {
  send({"TEK_STAA_A", "TEK_SLHJ_A"});
  send({"TEK_STIN_B"});

  EXPECT_THAT(encounter(), HasSubstr(R"("status":"finished")"));
  EXPECT_EQ(house.only_case().version, 3);
}

TEST_F(MedComMessages, AMessageWithoutClassIsKeptAsideAndSaysWhere) {
  const exchange::Receipt receipt = house.send("medcom", sample("TEK_FCC"));

  EXPECT_EQ(receipt.outcome, store::Outcome::Quarantined);
  ASSERT_TRUE(receipt.refused);
  EXPECT_THAT(receipt.refused->where + " " + receipt.refused->says, HasSubstr("class"));
  EXPECT_THAT(receipt.text, HasSubstr("class"));
}

// gateway/care withholds everything until an admission is known.
TEST_F(MedComMessages, ADeathWithoutAdmissionIsKeptAndShownToNobodyOutside) {
  const exchange::Receipt receipt = house.send("medcom", sample("MORS_J"));

  EXPECT_EQ(receipt.outcome, store::Outcome::Stored);
  EXPECT_THAT(receipt.text, AllOf(HasSubstr(R"("severity":"warning")"), HasSubstr("Nobody was told"), HasSubstr("by telephone")));
  for (const store::Committed& each : house.notified) EXPECT_TRUE(each.events.empty());
  for (const std::string& each : house.resources("Communication")) EXPECT_THAT(each, HasSubstr(R"("status":"not-done")"));
  EXPECT_EQ(house.only_case().version, 1);
  EXPECT_THAT(encounter(), HasSubstr(R"("status":"unknown")"));
}

TEST_F(MedComMessages, ADeathStopsWhatAnAdmissionAskedFor) {
  EXPECT_EQ(house.send("medcom", sample_in_case_of("STIN_A", "MORS_J")).outcome, store::Outcome::Stored);
  send({"MORS_J"});

  EXPECT_THAT(encounter(), AllOf(HasSubstr(R"("status":"finished")"), HasSubstr(R"("valueCode":"avliden")")));
  for (const std::string& task : house.resources("Task")) EXPECT_THAT(task, HasSubstr(R"("status":"cancelled")"));
}

TEST_F(MedComMessages, AcuteBecomesInpatientInTheSameCase) {
  send({"STAA_E"});
  EXPECT_THAT(encounter(), HasSubstr(R"("code":"EMER")"));
  const std::size_t tasks = house.resources("Task").size();
  send({"STIN_E"});

  EXPECT_THAT(encounter(), HasSubstr(R"("code":"IMP")"));
  EXPECT_EQ(house.resources("Task").size(), tasks) << "no second report is asked for";
}

std::vector<std::string> all_samples() {
  std::vector<std::string> names;
  std::error_code error;
  for (const fs::directory_entry& each : fs::directory_iterator(suite_folder(), error))
    if (each.path().extension() == ".json") names.push_back(each.path().filename().string());
  std::sort(names.begin(), names.end());
  return names;
}

TEST_F(MedComMessages, EveryMessageAloneIsStoredOrKeptAside) {
  std::size_t stored = 0;
  for (const std::string& name : all_samples()) {
    House alone;
    const exchange::Receipt receipt = alone.send("medcom", text_of_file(suite_folder() / name));
    const bool is_faulty = name.find("TEK_FCC") != std::string::npos;
    EXPECT_EQ(receipt.outcome, is_faulty ? store::Outcome::Quarantined : store::Outcome::Stored) << name << ": " << receipt.text;
    stored += receipt.outcome == store::Outcome::Stored ? 1 : 0;
  }
  suite::print_line("MedCom HospitalNotification, official messages", stored, all_samples().size());
  EXPECT_GE(stored, 20u);
}

TEST_F(MedComMessages, XmlAndJsonGiveTheSameNotice) {
  for (const std::string& name : all_samples()) {
    const std::string json = text_of_file(suite_folder() / name);
    Result<tree::Document> from_json = mapped(medcom_map(), json), from_xml = mapped(medcom_map(), as_xml(json));
    ASSERT_EQ(from_json.ok(), from_xml.ok()) << name;
    if (!from_json) continue;
    Result<care::Notice> one = care::read_notice(*from_json), other = care::read_notice(*from_xml);
    ASSERT_TRUE(one && other) << name;
    EXPECT_EQ(*one, *other) << name;
  }
}

TEST_F(MedComMessages, MessagesInXmlHaveIdsOfTheirOwn) {
  house.send("medcom", as_xml(sample("STIN_G")));
  house.send("medcom", as_xml(sample("SLOR_G")));

  const store::Case known = house.only_case();
  ASSERT_EQ(known.links.size(), 2u);
  constexpr std::size_t up_to_the_id =
      std::string_view(R"({"resourceType":"Bundle","id":"5141a925-f732-5be2-abb9-01b83098ed8f")").size();
  EXPECT_NE(known.links[0].body.substr(0, up_to_the_id), known.links[1].body.substr(0, up_to_the_id));
}

// Fourteen of the published admissions share one MessageHeader.id.
TEST_F(MedComMessages, AdmissionsThatShareAHeaderIdAreDifferentMessages) {
  send({"STIN_A", "STIN_B1", "STIN_F", "STIN_G", "STIN_H", "STIN_N", "STIN_O", "TEK_DUB", "TEK_STIN_A"});

  EXPECT_EQ(house.notified.size(), 9u);
}

}  // namespace
}  // namespace vardbron
