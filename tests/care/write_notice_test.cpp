// Concern: what a party says through the API is lost, or becomes something else, on its way into the chain.
#include "gateway/care/chain/write_notice.h"
#include "gateway/time/civil.h"
#include "gateway/tree/names.h"

#include <gtest/gtest.h>

#include <string>

namespace vardbron::care {
namespace {

Party unit(const std::string& id, Role role) { return {id, {"urn:oid:1.2.752.29.4.19", id}, "Enheten " + id, "040-1", role}; }

Notice said(Event event) {
  const std::string at = "2026-03-12T11:00:00.250+01:00";
  Notice notice;
  notice.identity = {"urn:test", "1"};
  notice.event = event;
  notice.happened = {time::parse_civil(at)->at, at};
  notice.sent = notice.happened.at;
  notice.sender = unit("SE2321990018-VC07", Role::Oppenvard);
  notice.receivers = {unit("SE2120990011-HSV1", Role::KommunalHsv)};
  notice.person.identifiers = {{"http://electronichealth.se/identifier/personnummer", "195009072553"}};
  notice.case_identity = {"urn:test:cases", "A-1"};
  notice.case_key = "urn:test:cases|A-1";
  notice.stay.status = "in-progress";
  notice.stay.class_code = "IMP";
  return notice;
}

void expect_read_back(const Notice& notice) {
  static const tree::Names names;
  const Result<Notice> read = read_notice(to_bundle(notice, names));
  ASSERT_TRUE(read) << read.failure().says << " " << read.failure().where;
  EXPECT_EQ(read->doubts.size(), 0u);
  if (notice.plan) {
    EXPECT_TRUE(read->plan->participants == notice.plan->participants);
    EXPECT_TRUE(read->plan->meeting == notice.plan->meeting);
    EXPECT_TRUE(read->plan->goals == notice.plan->goals);
    EXPECT_TRUE(read->plan->activities == notice.plan->activities);
    EXPECT_TRUE(read->plan->follow_up == notice.plan->follow_up);
    EXPECT_TRUE(read->plan == notice.plan);
  }
  EXPECT_TRUE(*read == notice);
}

TEST(WriteNotice, AContactIsReadBack) {
  Notice notice = said(Event::FastVardkontakt);
  notice.contact = Contact{"Eva Ek", "040-2", "4", "2026-03-01", "2026-03-11", {{"urn:test:roles", "7"}}, "Hemteamet", "040-3"};
  expect_read_back(notice);
}

TEST(WriteNotice, AConsentIsReadBack) {
  Notice notice = said(Event::Consent);
  notice.consent = Consent{Consent::Decision::Withdrawn, true, {"sip"}, "Dottern", "2026-03-11", {"SE2120990011-HSV1"}};
  expect_read_back(notice);
}

TEST(WriteNotice, AReceiptIsReadBack) {
  Notice notice = said(Event::Receipt);
  notice.acknowledges = Identity{"", "M-1"};
  notice.acknowledges_ok = false;
  notice.reason = "Fel enhet";
  expect_read_back(notice);
}

TEST(WriteNotice, APlanWithEverythingInItIsReadBack) {
  Notice notice = said(Event::PlanAgreed);
  PlanContent plan;
  plan.system = "urn:test:plans";
  plan.value = "P-1";
  plan.begun_by = "SE2120990011-HSV1";
  plan.kind = PlanKind::SplptLrv;
  plan.wished_by = "patient";
  plan.meeting = PlanMeeting{"2026-03-12T10:00:00+01:00", "2026-03-12T11:00:00+01:00", "Rum 4", "https://video.example/sip"};
  plan.participants = {{"SE2120990011-HSV1", "", "", "", "accepted"}, {"", "narstaende", "Dottern", "", ""}};
  plan.need = "Hemsjukvård";
  plan.decision = "Beviljat";
  plan.attitude = "Positiv";
  plan.own_words = "Hem";
  plan.goals = {{"g1", "Gå", "2026-05-01", true, true, "in-progress"}, {"", "Bo hemma", "", false, false, ""}};
  plan.activities = {{"a1", "Träning", "SE2120990011-HSV1", "", "2026-03-13", "2026-04-30", "completed", "Bra"},
                     {"", "Städning", "", "Dottern", "", "", "requested", ""}};
  plan.nobody_else_acts = true;
  plan.main_responsible = "SE2321990018-VC07";
  plan.if_worse = "Ring";
  plan.follow_up = PlanFollowUp{"2026-05-04", "telefon", "SE2120990011-HSV1"};
  notice.plan = plan;
  expect_read_back(notice);
}

}  // namespace
}  // namespace vardbron::care
