#include "gateway/access/rules.h"

#include <gtest/gtest.h>

#include <vector>

namespace vardbron::access {
namespace {

Caller caller(bool send, bool receive, bool operate) { return Caller{"SE-A", "A", send, receive, operate}; }

TEST(Rules, ShowACaseToItsPartiesAndToOperatorsOnly) {
  const std::vector<std::string> ours{"SE-B", "SE-A"}, others{"SE-B", "SE-A2"}, none;

  EXPECT_TRUE(may_see(caller(false, true, false), ours));
  EXPECT_FALSE(may_see(caller(false, true, false), others));
  EXPECT_FALSE(may_see(caller(false, true, false), none));
  EXPECT_FALSE(may_see(caller(true, false, false), ours));
  EXPECT_TRUE(may_see(caller(false, false, true), others));
}

TEST(Rules, ShowNothingToACallerWithoutOrganisation) {
  Caller nobody = caller(false, true, false);
  nobody.organisation.clear();

  EXPECT_FALSE(may_see(nobody, std::vector<std::string>{""}));
}

TEST(Rules, GiveTheStoreTheSameAnswer) {
  EXPECT_EQ(reader_of(caller(false, true, false)).organisation, "SE-A");
  EXPECT_FALSE(reader_of(caller(false, true, false)).sees_all);
  EXPECT_EQ(reader_of(caller(true, false, false)).organisation, "");
  EXPECT_FALSE(reader_of(caller(true, false, false)).sees_all);
  EXPECT_TRUE(reader_of(caller(false, false, true)).sees_all);
}

TEST(Rules, OwnRowsOfTheAccessLogAreThoseOfTheOrganisationAndOfItsCases) {
  struct Row {
    const char* caller;
    const char* case_key;
    bool is_read;
  };
  const std::string own = "SE2321990018-MED5", unit = "SE2321990018-VC07";
  const Row table[] = {{"SE2321990018-MED5", "", true},
                       {"SE2321990018-VC07", "SE9999999999-X|urn:a|1", true},
                       {"SE2120990011-HSV1", "SE2321990018-MED5|urn:a|1", true},
                       {"SE2120990011-HSV1", "plan|sip|SE2321990018-VC07|urn:a|1", true},
                       {"SE2120990011-HSV1", "plan|SE2321990018-VC07|urn:a|1", true},
                       {"SE2120990011-HSV1", "SE2120990011-HSV1|urn:a|1", false},
                       {"SE2120990011-HSV1", "plan|sip|SE2120990011-HSV1|urn:a|1", false},
                       {"SE2120990011-HSV1", "3f2a", false},
                       {"", "", false},
                       {"", "SE2321990018-MED5|urn:a|1", true}};
  for (const Row& row : table) {
    store::AuditRow logged;
    logged.caller = row.caller;
    logged.case_key = row.case_key;
    EXPECT_EQ(may_read_log({own, "", true, true, false}, logged), row.is_read) << row.caller << ' ' << row.case_key;
    EXPECT_FALSE(may_read_log({own, "", true, false, false}, logged)) << "without the right to receive";
    EXPECT_TRUE(may_read_log({"SE-OP", "", false, false, true}, logged));
  }
}

TEST(Rules, AskForEachRightByItself) {
  EXPECT_TRUE(require(caller(true, false, false), Right::Send));
  EXPECT_TRUE(require(caller(false, true, false), Right::Receive));
  EXPECT_TRUE(require(caller(false, false, true), Right::Operate));
  EXPECT_FALSE(require(caller(false, true, true), Right::Send));
  EXPECT_FALSE(require(caller(true, false, true), Right::Receive));
  Result<void> refused = require(caller(true, true, false), Right::Operate);
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.failure().cause, Cause::Forbidden);
}

}  // namespace
}  // namespace vardbron::access
