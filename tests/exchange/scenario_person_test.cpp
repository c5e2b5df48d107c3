// Scenarios 24 to 27 and 33 as they go through the store: several ärenden of one person, and who reads what of them.
//
// What was once found wrong in the care process, row by row, and the test that each has now:
//
// | row | what was wrong | test |
// |---|---|---|
// | M1, M2 | days counted from the assessment and not from the message | ScenarioClock (Scenario4_M1, Scenario5_M2) |
// | M3 | billable without a call to a SIP | Scenario6 |
// | M4 | the ward's call counted | Scenario7.ACallByTheWard.., Scenario37.ACallByTheWard.. |
// | M5 | two municipalities paid | Scenario11 |
// | M6 | a company paid | Scenario12 |
// | M7 | a municipality paid before it was notified | Charge.StartsForAMunicipalityThatComesLater.. |
// | M8 | the debtor's interruption stopped its clock, and the discharge after it was lost | Scenario18 |
// | M9 | days before the admission | Scenario1 |
// | M10 | the average of a month was summed by nobody | Scenario17, MonthSum |
// | M11 | one policy for all | Policies.AreChosenByMunicipalityKindOfCareAndDay |
// | P1 | the wrong person stayed readable as the right one | Scenario25 |
// | P2 | earlier versions showed a protected address | Scenario26 |
// | P3 | who joined later read what was before | FormerVersions.AreNotReadByWhoJoinedLater |
// | P4 | the ward of a protected person was said | Scenario26.AFlagThatArrivesLastHidesThePlace.. |
// | C1, C2 | a party's own token reached no ärende | Scenario29 |
// | C3 | the name in a completed Task was dropped | Scenario30 |
// | C4 | a fast omsorgskontakt fulfilled LUS 2:5 | Scenario31 |
// | C5 | two contacts in one CareTeam | Scenario32 |
// | C6 | a readmission knew nothing of the stay before it | Scenario24 |
// | S1 | a municipality closed the case, and contact and call were lost | Scenario22 |
// | S2 | a plan stayed a draft for ever | the plan's own states: tests/care/plan |
// | S3 | a second call overwrote the first | Scenario38 |
// | S4 | a Task appeared as cancelled when the call came first | Scenario37.ACallBefore.. |
// | A1 | a new planned discharge changed nothing | Scenario19 |
// | A2 | nobody said that the admission notice was late | Scenario21 |
// | A3, A4 | nor what it lacked | Scenario20 |
// | A5 | receivers and municipalities that are none were taken | DefectA5 |
// | A6 to A8 | forms and centuries of numbers, births that cannot be | Scenario69 |
// | A9 | reserve numbers of regions were refused | Cosmic.PutsAReserveNumberIntoItsRegister |
// | latency | a long case was read and folded whole for each notice | AKeptCase.SavesReadingItsLinks,
// Projection.OfAFoldThatWentOnIsTheSame |
#include "tests/exchange/persons.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>
#include <string>
#include <vector>

namespace vardbron::exchange {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::Not;

ANotice about_first(const char* event, const char* id, const char* at) {
  return ANotice(event).with_id(id).of_case("A-1").at(at);
}

ANotice contact(const char* id, const char* of_case, const char* at) {
  return ANotice("fast-vardkontakt").with_id(id).of_case(of_case).at(at).sent_by(health_centre).naming_contact("Bo Lind");
}

/// Discharged on the 17th at noon, and admitted again 20 hours later.
struct Readmitted : Persons {
  Readmitted() {
    take(admission_of(1));
    take(contact("F-1", "A-1", "2026-03-11T10:00:00+01:00"));
    take(about_first("discharge", "D-1", "2026-03-17T12:00:00+01:00"));
    take(admission_of(2).admitted_at("2026-03-18T08:00:00+01:00").at("2026-03-18T08:30:00+01:00"));
    follow();
  }
  std::string first_of(const std::string& case_name, const std::string& type) {
    for (const std::string& body : texts(case_name))
      if (body.find("\"resourceType\":\"" + type + '"') != std::string::npos) return body;
    return {};
  }
};

TEST(Scenario24, AReadmissionAfterTwentyHoursHasTheStayBeforeItAndTheContactToConfirm) {
  Readmitted house;
  EXPECT_THAT(house.first_of("A-2", "Encounter"), HasSubstr("encounter-associatedEncounter"));
  const std::string task = house.task("A-2", "utse-fast-vardkontakt", health_centre).body;
  EXPECT_THAT(task, AllOf(HasSubstr("\"status\":\"requested\""), HasSubstr("Bo Lind"), HasSubstr("Bekräfta")));
  EXPECT_EQ(house.first_of("A-2", "ChargeItem"), "") << "the clock begins from zero";
}

TEST(Scenario33, AContactConfirmedInTheSecondStayIsOneSinceTheFirst) {
  Readmitted house;
  house.take(contact("F-2", "A-2", "2026-03-19T10:00:00+01:00"));
  house.follow();
  EXPECT_THAT(house.first_of("A-2", "CareTeam"), HasSubstr("\"start\":\"2026-03-11T10:00:00+01:00\""));
  EXPECT_THAT(house.task("A-2", "utse-fast-vardkontakt", health_centre).body, HasSubstr("\"status\":\"completed\""));
  const std::string first = house.first_of("A-1", "CareTeam");
  house.take(about_first("planning", "P-1", "2026-03-12T10:00:00+01:00"));
  EXPECT_EQ(house.first_of("A-1", "CareTeam"), first) << "the first stay has nothing of the second";
}

TEST(Scenario25, AWrongPersonWhoWasReadyForDischargeLeavesAChargeInErrorAndNothingToRead) {
  Persons house;
  house.take(admission_of(1).in_kommun("0880"));
  house.take(about_first("discharge-ready", "M-2", "2026-03-12T10:00:00+01:00").in_kommun("0880"));
  house.take(about_first("nullified", "M-3", "2026-03-12T11:00:00+01:00").replacing("M-1").with_status("entered-in-error"));
  std::string charge;
  for (const std::string& body : house.texts("A-1"))
    if (body.find("\"resourceType\":\"ChargeItem\"") != std::string::npos) charge = body;
  EXPECT_THAT(charge, HasSubstr("\"status\":\"entered-in-error\""));
  house.take(admission_of(1, second_person).with_id("M-4").at("2026-03-12T12:00:00+01:00"));
  house.follow();
  store::HistoryQuery history;
  history.type = "Patient";
  history.count = 200;
  for (const char* party : {home_care, health_centre}) {
    for (std::int64_t version = 0; version < 5; ++version) EXPECT_FALSE(house.patient(party, first_person, version)) << version;
    const Result<store::Page> page = house.store.tables().history({party, false}, history);
    ASSERT_TRUE(page);
    for (const store::Resource& each : page->resources) EXPECT_NE(each.id, house.patient_id(first_person)) << party;
    EXPECT_TRUE(house.patient(party, second_person));
  }
  EXPECT_TRUE(house.patient(hospital, first_person));
}

TEST(Scenario26, AFlagThatArrivesLastHidesThePlaceFromAPartyThatJoinedBeforeIt) {
  Persons house;
  house.take(admission_of(1).to_health_centre().with_address().in_kommun("0880"));
  house.take(admission_of(1).with_id("M-2").with_address().in_kommun("0880").at("2026-03-11T10:00:00+01:00"));
  const auto readable = [&] {
    std::vector<store::CaseResource> resources = house.stored_case("A-1").resources;
    for (const store::CaseResource& each : house.patients()) resources.push_back(each);
    std::string all;
    for (const store::CaseResource& each : resources)
      for (std::int64_t version = 0; version <= each.version; ++version)
        if (const Result<store::Resource> read = house.store.tables().read({home_care, false}, each.type, each.id, version))
          all += read->body + "\n";
    return all;
  };
  ASSERT_THAT(readable(), AllOf(HasSubstr("Provgatan"), HasSubstr("0880"), HasSubstr(hospital)));
  house.take(about_first("planning", "P-1", "2026-03-12T10:00:00+01:00").with_protected_identity());
  EXPECT_THAT(readable(), AllOf(Not(HasSubstr("Provgatan")), Not(HasSubstr("0880"))));
  // The ward is a place too; who sends a notice or asks for a Task is still named, or nobody could answer.
  for (const std::string& body : house.texts("A-1")) {
    EXPECT_THAT(body, Not(HasSubstr("/hsa/" + std::string(hospital))));
    if (body.find("\"resourceType\":\"Encounter\"") == std::string::npos) continue;
    EXPECT_THAT(body, AllOf(Not(HasSubstr(hospital)), Not(HasSubstr("serviceProvider"))));
    EXPECT_THAT(body, HasSubstr("/hsa/SE2321990018\""));
  }
}

TEST(Scenario27, ADeathInOneArendeEndsWhatIsOpenInTheOthersAndItsCancellationRestoresIt) {
  Persons house;
  house.take(admission_of(1));
  house.take(admission_of(2).at("2026-03-12T09:10:00+01:00"));
  house.take(contact("F-2", "A-2", "2026-03-13T10:00:00+01:00"));
  house.take(ANotice("sip.invitation").with_id("S-2").of_case("A-2").at("2026-03-13T11:00:00+01:00").sent_by(health_centre));
  house.follow();
  const auto look = [&] { return house.stored({"A-2"}, {}); };
  const std::map<std::string, std::string> before = look();
  house.take(about_first("death", "D-1", "2026-03-16T10:00:00+01:00"));
  house.follow();
  for (const std::string& body : house.texts("A-2")) {
    if (body.find("\"resourceType\":\"Task\"") != std::string::npos) EXPECT_THAT(body, Not(HasSubstr("\"requested\"")));
    if (body.find("\"resourceType\":\"CareTeam\"") != std::string::npos)
      EXPECT_THAT(body, AllOf(HasSubstr("\"inactive\""), HasSubstr("2026-03-16T10:00:00+01:00")));
    if (body.find("\"resourceType\":\"CarePlan\"") != std::string::npos) EXPECT_THAT(body, HasSubstr("\"revoked\""));
  }
  house.take(about_first("nullified", "X-1", "2026-03-16T12:00:00+01:00").replacing("D-1"));
  house.follow();
  EXPECT_EQ(look(), before);
}

}  // namespace
}  // namespace vardbron::exchange
