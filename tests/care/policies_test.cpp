#include "gateway/care/arende/charges.h"
#include "gateway/care/arende/payer.h"
#include "gateway/care/chain/policies.h"
#include "gateway/sweden/kommun.h"
#include "gateway/sweden/organisationsnummer.h"
#include "tests/care/scenario.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <chrono>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace vardbron::care {
namespace {

using std::chrono::local_days;
using std::chrono::year;

Agreement agreed(std::string name, std::vector<std::string> kommuner, CareKind care_kind = CareKind::Unknown) {
  Agreement made;
  made.terms.name = std::move(name);
  made.kommuner = std::move(kommuner);
  made.care_kind = care_kind;
  return made;
}

TEST(Policies, KnowWhereAnAverageMayDecideAndFindItsTermsByName) {
  Policies policies;
  EXPECT_FALSE(policies.may_average("1280"));
  Agreement skane = agreed("SKANE", {"12"}), later = skane, other = agreed("PER_PATIENT", {"14"});
  skane.terms.counting = later.terms.counting = Counting::MonthlyAverage;
  skane.until = local_days(year(2025) / 12 / 31);
  later.from = local_days(year(2026) / 1 / 1);
  later.terms.free_average_tenths = 25;
  policies.agreements = {skane, later, other};
  EXPECT_TRUE(policies.may_average("1280"));
  EXPECT_FALSE(policies.may_average("1480"));
  EXPECT_EQ(policies.find_average("SKANE", local_days(year(2025) / 3 / 31))->free_average_tenths, 30);
  EXPECT_EQ(policies.find_average("SKANE", local_days(year(2026) / 3 / 31))->free_average_tenths, 25);
  EXPECT_EQ(policies.find_average("PER_PATIENT", local_days(year(2026) / 3 / 31)), nullptr);
  EXPECT_EQ(policies.find_average("NONE", local_days(year(2026) / 3 / 31)), nullptr);
  policies.everywhere = average();
  EXPECT_TRUE(policies.may_average(""));
  EXPECT_EQ(policies.find_average("AVERAGE", local_days(year(2026) / 3 / 31)), &policies.everywhere);
}

struct PolicyRow {
  std::string_view kommun;
  CareKind care_kind;
  local_days day;
  std::string_view name;
};

TEST(Policies, AreChosenByMunicipalityKindOfCareAndDay) {
  Policies policies;
  policies.agreements = {agreed("COUNTY", {"01"}), agreed("COUNTY_PSYCH", {"01"}, CareKind::Psykiatrisk),
                         agreed("CITY", {"0180"}), agreed("PSYCH", {}, CareKind::Psykiatrisk),
                         agreed("SECOND", {"01"}), agreed("OLD", {"0880"})};
  policies.agreements[5].from = local_days(year(2020) / 1 / 1);
  policies.agreements[5].until = local_days(year(2025) / 12 / 31);
  const local_days day(year(2026) / 3 / 12);
  for (const PolicyRow& row :
       {PolicyRow{"0114", CareKind::Unknown, day, "COUNTY"}, PolicyRow{"0114", CareKind::Somatisk, day, "COUNTY"},
        PolicyRow{"0114", CareKind::Psykiatrisk, day, "COUNTY_PSYCH"}, PolicyRow{"0180", CareKind::Somatisk, day, "CITY"},
        PolicyRow{"0180", CareKind::Psykiatrisk, day, "CITY"}, PolicyRow{"1280", CareKind::Psykiatrisk, day, "PSYCH"},
        PolicyRow{"1280", CareKind::Somatisk, day, "LAW"}, PolicyRow{"", CareKind::Unknown, day, "LAW"},
        PolicyRow{"0880", CareKind::Unknown, day, "LAW"},
        PolicyRow{"0880", CareKind::Unknown, local_days(year(2025) / 12 / 31), "OLD"},
        PolicyRow{"0880", CareKind::Unknown, local_days(year(2020) / 1 / 1), "OLD"},
        PolicyRow{"0880", CareKind::Unknown, local_days(year(2019) / 12 / 31), "LAW"}})
    EXPECT_EQ(policies.of(row.kommun, row.care_kind, row.day).name, row.name) << row.kommun;
}

TEST(Policies, KnowThePriceOfAnAgreementBeforeThatOfTheRegulation) {
  Policies policies;
  policies.prices = {{2023, 10'500}};
  Policy terms;
  EXPECT_EQ(policies.price(terms, 2023), 10'500);
  EXPECT_FALSE(policies.price(terms, 2024));
  terms.prices = {{2023, 8'000}};
  EXPECT_EQ(policies.price(terms, 2023), 8'000);
}

// M11: of two wards of one region, and of two municipalities.
TEST(Policies, DecideTheFreeDaysOfEachCharge) {
  Start start;
  start.agreements = {agreed("STHLM_PSYCH", {"08"}, CareKind::Psykiatrisk)};
  start.agreements[0].terms.free_days = 5;
  start.n6("2026-03-12T10:00:00");
  start.n8();
  start.out("2026-03-20T13:00:00");
  EXPECT_EQ(charged(start.later()).days, "5");
  start.n1.stay.care_kind = CareKind::Psykiatrisk;
  EXPECT_EQ(charged(start.later()).days, "3");
  EXPECT_NE(charged(start.later()).text.find("valueCode=STHLM_PSYCH"), std::string::npos);
  start.agreements[0].until = local_days(year(2026) / 3 / 11);
  EXPECT_EQ(charged(start.later()).days, "5") << "the agreement had ended";
}

TEST(PayerNumbers, AreOrganisationsnummerOfMunicipalitiesThatThereAre) {
  std::set<std::string_view> numbers;
  std::string_view last;
  for (const PayerNumber& row : payer_numbers()) {
    EXPECT_TRUE(sweden::parse_kommunkod(row.kommun)) << row.kommun;
    EXPECT_TRUE(sweden::parse_organisationsnummer(row.number)) << row.number;
    EXPECT_TRUE(row.number.starts_with("212")) << row.number;
    EXPECT_TRUE(numbers.insert(row.number).second) << row.number;
    EXPECT_LT(last, row.kommun) << "sorted, each once";
    last = row.kommun;
  }
  EXPECT_GE(numbers.size(), 11u);
}

struct FindRow {
  const char* what;
  NamedPayer named;
  std::vector<Party> notified;
  const char* number;
};

TEST(FindPayer, TakesTheNumberOfAReceiverOnlyWhenItCanBeNoOthers) {
  const Party stockholm{"SE2120000142-SOC", {"urn:oid:1.2.752.29.4.19", "SE2120000142-SOC"}, "", "", Role::Socialtjanst};
  const Party unlisted{"SE2120009994-SOC", {"urn:oid:1.2.752.29.4.19", "SE2120009994-SOC"}, "", "", Role::Socialtjanst};
  const FindRow rows[] = {
      {"its own units", {"0880", false}, {hsv1(), soc1(), vc07()}, "2120990011"},
      {"beside a listed one", {"0880", false}, {hsv1(), stockholm}, "2120990011"},
      {"beside another unlisted one", {"0880", false}, {hsv1(), unlisted}, ""},
      {"beside a company", {"0880", false}, {hsv1(), home_care_ltd()}, "2120990011"},
      {"a company alone", {"0880", false}, {home_care_ltd()}, ""},
      {"only another municipality's", {"0880", false}, {stockholm}, ""},
      {"a region's unit", {"0880", false}, {vc07()}, ""},
      {"who placed the patient", {"0881", true}, {hsv1(), soc1()}, ""},
      {"listed, and others receive", {"1280", false}, {hsv1()}, "2120001124"},
      {"listed and placed it", {"1280", true}, {hsv1()}, "2120001124"},
      {"nobody", {"", false}, {hsv1()}, ""},
  };
  for (const FindRow& row : rows) {
    Membership members;
    for (const Party& party : row.notified) {
      members.learn(party);
      members.trust(party);
    }
    const Payer payer = find_payer(row.named, members, {});
    EXPECT_EQ(payer.number, row.number) << row.what;
    EXPECT_EQ(payer.number.empty(), payer.number_from == Payer::NumberFrom::Nowhere) << row.what;
    for (const std::string& unit : units_of(payer, members)) EXPECT_TRUE(unit.starts_with("SE" + payer.number)) << row.what;
  }
  Policies policies;
  policies.organisationsnummer["0880"] = "2120009994";
  Membership members;
  members.learn(hsv1());
  EXPECT_EQ(find_payer({"0880", false}, members, policies).number, "2120009994") << "the configuration is asked first";
}

TEST(NamedPayer, IsWhoPlacedThePatientBeforeWhereThePersonIsRegistered) {
  Person person;
  EXPECT_EQ(payer_named_by(person), NamedPayer{});
  person.kommun = "0880";
  EXPECT_EQ(payer_named_by(person), (NamedPayer{"0880", false}));
  person.placing_kommun = "0881";
  EXPECT_EQ(payer_named_by(person), (NamedPayer{"0881", true}));
  person.placing_kommun = "0899";
  EXPECT_EQ(payer_named_by(person), (NamedPayer{"0880", false})) << "there is no such municipality";
}

}  // namespace
}  // namespace vardbron::care
