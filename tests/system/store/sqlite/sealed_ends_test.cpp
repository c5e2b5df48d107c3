#include "gateway/store/sqlite/sealed_ends.h"

#include "gateway/base/random.h"
#include "gateway/store/sqlite/page_sum.h"
#include "gateway/store/sqlite/sealer.h"
#include "tests/store/builders.h"
#include "tests/system/store/closed_store.h"
#include "tests/system/store/verify_file.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>

// Concern: a store whose end was cut off is not opened: new rows would get the numbers of those that are gone.

namespace vardbron::store {
namespace {

using testing::HasSubstr;

/// With rows at the end of each table.
class SealedEnds : public ClosedStore {
 protected:
  SealedEnds() {
    subscribe();
    for (int version = 0; version < 6; ++version) {
      commit(version);
      CHECK(house_.run(house_.store().audit({an_audit_row("read")})));
    }
    close();
  }
};

TEST_F(SealedEnds, AStoreWhoseEndIsGoneIsRefusedWithWhatIsMissing) {
  struct Row {
    const char *change, *says;
  };
  for (const Row& row :
       {Row{"DELETE FROM journal WHERE number>4", "The journal ends with number 4, but number 6 was sealed"},
        Row{"DELETE FROM journal", "The journal ends with number 0, but number 6 was sealed"},
        Row{"DELETE FROM audit WHERE number=(SELECT max(number) FROM audit)", "The access log ends with number"},
        Row{"DELETE FROM audit", "The access log ends with number 0"},
        Row{"UPDATE journal SET chain=zeroblob(32) WHERE number=6", "The chain of the journal does not end as it was sealed"},
        Row{"UPDATE audit SET chain=zeroblob(32) WHERE number=(SELECT max(number) FROM audit)", "The chain of the access log"},
        Row{"INSERT INTO audit SELECT number+1, at, action, caller, subject, patient_case, says, chain FROM audit ORDER BY "
            "number "
            "DESC LIMIT 1",
            "The access log goes on behind number"},
        Row{"DELETE FROM change WHERE number=(SELECT max(number) FROM change)", "in the table change"},
        Row{"DELETE FROM link WHERE number>3", "There are 3 rows at most in the table link, but 6 were sealed"},
        Row{"DELETE FROM event WHERE number>4", "the last event is number 4, but there were 6"},
        Row{"DELETE FROM event", "the last event is number 0, but there were 6"},
        Row{"DELETE FROM event WHERE number>4; UPDATE stream SET events=4, rows=4 WHERE events=6",
            "There are 8 events, but 12 were sealed"},
        Row{"DELETE FROM subscription WHERE id='s-2'", "There are 2 subscriptions, but 3 were sealed"}}) {
    SCOPED_TRACE(row.change);
    restore();
    edit(row.change);
    for (int start = 0; start < 2; ++start) {
      const Result<void> opened = house_.try_open();
      ASSERT_FALSE(opened.ok());
      EXPECT_THAT(opened.failure().says, testing::AllOf(HasSubstr(row.says), HasSubstr("verify --seal-anew")));
    }
    EXPECT_FALSE(verify_file(house_.file()).is_clean());
  }
}

TEST_F(SealedEnds, AnOperatorGoesOnWithoutWhatIsGone) {
  edit("DELETE FROM journal WHERE number>4");
  ASSERT_FALSE(house_.try_open().ok());
  SqliteOptions options{house_.file().parent_path(), 1};
  options.is_sealed_anew = true;
  RealClock clock;
  SystemRandom random;
  Result<std::unique_ptr<Store>> opened = open_sqlite_store(options, clock, random);
  ASSERT_TRUE(opened.ok()) << opened.failure().says;
  house_.use(*std::move(opened));
  house_.reopen();
  EXPECT_EQ(*house_.run(house_.store().verify_journal()), 4);
}

TEST_F(SealedEnds, WhatWasChangedBeforeTheEndKeepsNoGatewayClosed) {
  for (const char* change : {"UPDATE journal SET receipt='{}' WHERE number=6", "DELETE FROM audit WHERE number=2",
                             "DELETE FROM event WHERE number=3", "UPDATE subscription SET status='off'"}) {
    restore();
    edit(change);
    ASSERT_TRUE(house_.try_open().ok()) << change;
    house_.close();
  }
}

TEST_F(SealedEnds, SubscriptionsThatAreForgottenInStepsEndAsTheyWereSealed) {
  house_.open();
  ASSERT_TRUE(house_.run(house_.store().forget_subscription("s-1")).ok());
  house_.reopen();
  house_.close();
  EXPECT_EQ(all_of(verify_file(house_.file())), "");
}

// A page that is damaged is met by who needs it; the others are served.
TEST_F(SealedEnds, AnEndThatCannotBeReadIsNoCutEnd) {
  std::ifstream stream(house_.file(), std::ios::binary);
  std::string bytes{std::istreambuf_iterator<char>(stream), {}};
  const auto page =
      open_database(house_.file(), Database::Use::Read)->number("SELECT rootpage FROM sqlite_schema WHERE name='event'");
  bytes[static_cast<std::size_t>(page - 1) * page_bytes + 3000] ^= 1;
  std::ofstream(house_.file(), std::ios::binary) << bytes;
  EXPECT_TRUE(house_.try_open().ok());
}

}  // namespace
}  // namespace vardbron::store
