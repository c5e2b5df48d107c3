#include "gateway/access/audit.h"

#include <gtest/gtest.h>

namespace vardbron::access {
namespace {

const Caller nacka{"SE-A", "A", false, true, false};

TEST(Audit, SaysWhoDidWhatToWhat) {
  store::AuditRow read = shown(nacka, "Encounter/1", "case-1");
  store::AuditRow write = updated(nacka, "Task/2", "case-1");

  EXPECT_EQ(read.action, "read");
  EXPECT_EQ(read.caller, "SE-A");
  EXPECT_EQ(read.subject, "Encounter/1");
  EXPECT_EQ(read.case_key, "case-1");
  EXPECT_EQ(write.action, "update");
  EXPECT_EQ(write.subject, "Task/2");
}

TEST(Audit, CountsWhatASearchFound) {
  store::AuditRow found = searched(nacka, "Task", 3);

  EXPECT_EQ(found.action, "search");
  EXPECT_EQ(found.subject, "Task");
  EXPECT_EQ(found.says, "3 matches");
}

TEST(Audit, NamesEachCaseThatASearchShowedSomethingOf) {
  store::Page page;
  page.resources.resize(3);
  page.included.resize(1);
  page.resources[0].case_key = "case-2";
  page.resources[1].case_key = page.included[0].case_key = "case-1";
  const std::vector<store::AuditRow> rows = searched(nacka, "Task", page);
  ASSERT_EQ(rows.size(), 3u);
  EXPECT_EQ(rows[0].case_key, "");
  EXPECT_EQ(rows[1].case_key, "case-1");
  EXPECT_EQ(rows[1].says, "2 matches");
  EXPECT_EQ(rows[2].case_key, "case-2");
  const std::vector<store::AuditRow> none = searched(nacka, "Task", store::Page{});
  ASSERT_EQ(none.size(), 1u);
  EXPECT_EQ(none[0].says, "0 matches");
}

TEST(Audit, KeepsRefusalsApartFromWhatWasDone) {
  store::AuditRow known = refused(nacka, "read", "Encounter/1", "no party of this case");
  store::AuditRow unknown = turned_away("GET", "192.0.2.7", 412);

  EXPECT_EQ(known.action, "refuse");
  EXPECT_EQ(known.caller, "SE-A");
  EXPECT_EQ(known.says, "read: no party of this case");
  EXPECT_EQ(unknown.action, "refuse");
  EXPECT_EQ(unknown.caller, "");
  EXPECT_EQ(unknown.says, "GET: no valid token; 412 requests from 192.0.2.7");
  EXPECT_EQ(turned_away(std::string(9000, 'X'), "192.0.2.7", 1).says, "other method: no valid token; 1 request from 192.0.2.7");
}

TEST(Audit, NamesTheCaseOfAnIntakeAndTheOperatorsAct) {
  EXPECT_EQ(intake(nacka, "case-1", "stored").case_key, "case-1");
  EXPECT_EQ(operated(nacka, "journal/7", "replayed").says, "replayed");
}

}  // namespace
}  // namespace vardbron::access
