#pragma once

#include "tests/store/contract.h"

#include <string>
#include <vector>

namespace vardbron::store {

/// What every store vouches for.
template <class House>
class ConditionContract : public StoreContract<House> {
 protected:
  StoreCondition condition() {
    Result<StoreCondition> reported = this->house.run(this->house.store().condition());
    EXPECT_TRUE(reported.ok());
    return reported.ok() ? *std::move(reported) : StoreCondition{};
  }
};

TYPED_TEST_SUITE_P(ConditionContract);

TYPED_TEST_P(ConditionContract, AFreshStoreWritesAndHasNothingLeftToDo) {
  StoreCondition condition = this->condition();

  EXPECT_TRUE(condition.is_writing);
  EXPECT_EQ(condition.says, "");
  EXPECT_FALSE(condition.failing_since);
  EXPECT_TRUE(condition.last_commit);
  EXPECT_FALSE(condition.oldest_undelivered);
  EXPECT_EQ(condition.pending, 0);
  EXPECT_EQ(condition.quarantined, 0);
}

TYPED_TEST_P(ConditionContract, TellsWhenTheOldestEventCameThatIsNotDelivered) {
  Committed first = this->must_commit(a_change("m1"));
  Change later = a_change("m2", "case-1", 1);
  later.events.push_back(an_event("sub-2"));
  Committed second = this->must_commit(std::move(later));
  EXPECT_EQ(this->condition().oldest_undelivered, first.at);

  ASSERT_TRUE(this->house.run(this->house.store().advance("sub-1", 1)).ok());
  EXPECT_EQ(this->condition().oldest_undelivered, second.at);

  // Nobody waits for what a subscription that is off would have got.
  ASSERT_TRUE(this->house.run(this->house.store().advance("sub-1", 2)).ok());
  ASSERT_TRUE(this->house.run(this->house.store().set_subscription_status("sub-2", "off", "")).ok());
  EXPECT_FALSE(this->condition().oldest_undelivered);
}

TYPED_TEST_P(ConditionContract, CountsWhatWaitsAndWhatIsInQuarantine) {
  for (const char* identity : {"m1", "m2", "m3"})
    ASSERT_TRUE(this->house.run(this->house.store().journal(a_message(identity))).ok());
  Change refused;
  refused.journal_number = 2;
  refused.outcome = Outcome::Quarantined;
  this->must_commit(std::move(refused));

  StoreCondition condition = this->condition();
  EXPECT_EQ(condition.pending, 2);
  EXPECT_EQ(condition.quarantined, 1);
}

TYPED_TEST_P(ConditionContract, AskingLeavesNothingBehindThatOthersSee) {
  this->must_commit(a_change("m1"));
  for (int times = 0; times < 3; ++times) (void)this->condition();

  EXPECT_EQ(*this->house.run(this->house.store().verify_journal()), 1);
  EXPECT_EQ(*this->house.run(this->house.store().verify_audit()), 1);
  EXPECT_EQ(this->must_commit(a_change("m2", "case-1", 1)).journal_number, 2);
}

REGISTER_TYPED_TEST_SUITE_P(ConditionContract, AFreshStoreWritesAndHasNothingLeftToDo,
                            TellsWhenTheOldestEventCameThatIsNotDelivered, CountsWhatWaitsAndWhatIsInQuarantine,
                            AskingLeavesNothingBehindThatOthersSee);

}  // namespace vardbron::store
