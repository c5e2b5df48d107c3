// Scenarios 10 and 26 of a person whose identity is protected: who pays, and that nothing says where the person is registered.
#include "tests/care/scenario.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <vector>

namespace vardbron::care {
namespace {

/// A stay that costs two days.
struct Protected : Start {
  Protected() : ready(n6("2026-03-12T10:00:00")) {
    n8();
    discharge = &out("2026-03-17T13:00:00");
  }
  /// As read_person does it: what must not be known is not read.
  void protect(Notice& notice) {
    notice.person.protection = Protection::Sekretessmarkering;
    notice.person.kommun.clear();
    notice.person.addresses.clear();
  }

  Notice& ready;
  Notice* discharge = nullptr;
};

const ChargeReport* that_counts(const Projection& now) {
  for (const ChargeReport& charge : now.charges)
    if (charge.status != ChargeStatus::EnteredInError) return &charge;
  return nullptr;
}

void expect_nothing_of(const Projection& now, std::string_view text) {
  for (const Projected& resource : now.resources)
    EXPECT_EQ(to_text(resource.document).find(text), std::string::npos) << resource.type << to_text(resource.document);
  for (const Finding& finding : now.findings) EXPECT_EQ(finding.says.find(text), std::string::npos) << finding.says;
}

TEST(Scenario10, WhoPlacedAProtectedPersonPays) {
  Protected stay;
  stay.organisationsnummer = {{"0881", "2120001124"}};
  stay.receivers.push_back(soc_1280());
  for (Notice* each : {&stay.n1, &stay.ready}) each->receivers = stay.receivers;
  for (Notice* each : {&stay.n1, &stay.ready, stay.discharge}) stay.protect(*each);
  stay.ready.person.placing_kommun = "0881";

  const Projection now = stay.later();
  ASSERT_NE(that_counts(now), nullptr);
  EXPECT_EQ(that_counts(now)->status, ChargeStatus::Billable) << charged(now).text;
  EXPECT_EQ(that_counts(now)->days, 2);
  EXPECT_EQ(that_counts(now)->parties, (std::vector{soc_1280().id, med5().id})) << "the hospital and the one that pays";
  EXPECT_TRUE(now.kommuner.empty()) << "no filter by municipality tells of it";
  for (const Projected& resource : now.resources) {
    if (resource.type != "ChargeItem") {
      EXPECT_EQ(to_text(resource.document).find("0881"), std::string::npos) << resource.type;
    }
  }
}

TEST(Scenario10, OfAProtectedPersonWhomNobodyPlacedAPersonDecidesWhoPays) {
  Protected stay;
  for (Notice* each : {&stay.n1, &stay.ready, stay.discharge}) stay.protect(*each);
  const Projection now = stay.later();
  EXPECT_EQ(charged(now).status, "planned");
  EXPECT_EQ(charged(now).payer, "");
  EXPECT_EQ(villkor(now, "betalare"), "oppet");
  EXPECT_EQ(villkor(now, "inskrivning-innehall"), "uppfyllt") << "no address is asked for";
  EXPECT_TRUE(finding_says(now, *stay.discharge, "villkor-betalare", "The identity is protected"));
  EXPECT_EQ(that_counts(now)->parties, std::vector{med5().id});
}

TEST(Scenario26, NothingSaysWhereAPersonIsRegisteredOnceTheFlagHasCome) {
  Protected stay;
  Agreement local;
  local.terms.name = "AVTAL-0880";
  local.terms.free_days = 1;
  local.kommuner = {"0880"};
  stay.agreements = {local};
  const Projection before = stay.later();
  EXPECT_EQ(charged(before).payer, "2120990011");
  EXPECT_NE(find_resource(before, "ChargeItem", "AVTAL-0880"), nullptr);

  stay.protect(stay.ward(Event::Admin, "2026-03-18T10:00:00"));
  const Projection now = stay.later();
  for (std::string_view text : {"0880", "AVTAL", "Brogatan"}) expect_nothing_of(now, text);
  ASSERT_EQ(now.charges.size(), 2u) << "the one that was there stays, in error";
  for (const Projected& resource : now.resources) {
    if (resource.type != "ChargeItem") continue;
    EXPECT_EQ(to_text(resource.document).find("2120990011"), std::string::npos);
    EXPECT_NE(to_text(resource.document).find("display=Okänd kommun"), std::string::npos);
  }
  EXPECT_EQ(that_counts(now)->status, ChargeStatus::Planned);
  EXPECT_TRUE(now.kommuner.empty());
}

TEST(Scenario26, AChargeStaysWhereItWasWhenTheFlagIsTakenBack) {
  Protected stay;
  Notice& flag = stay.ward(Event::Planning, "2026-03-13T10:00:00");
  stay.protect(flag);
  std::vector<std::string> ids;
  for (const ChargeReport& charge : stay.later().charges) ids.push_back(charge.id);
  stay.correct(flag, "2026-03-13T11:00:00").person = stay.n1.person;
  const Projection now = stay.later();
  EXPECT_EQ(charged(now).items, 2);
  EXPECT_EQ(that_counts(now)->status, ChargeStatus::Billable);
  for (const std::string& id : ids)
    EXPECT_TRUE(std::any_of(now.charges.begin(), now.charges.end(), [&](const ChargeReport& one) { return one.id == id; }));
}

}  // namespace
}  // namespace vardbron::care
