// Concern: a receiver knows a repeated notification by its key, which is made of the numbers of its first and its last event.
#include "tests/subscription/machine_driver.h"

#include <gtest/gtest.h>

namespace vardbron::subscription {
namespace {

TEST(NotificationBounds, RepeatsWhatWasUnderWayBeforeARestartWithinItsOldBounds) {
  DeliveryMachine::State before = active(2, 9);
  before.under_way = 5;
  Driver driver({.batch_max = 100}, before);
  driver.machine.committed(20);

  DeliveryMachine::Step step = driver.next();

  EXPECT_EQ(step.from, 3);
  EXPECT_EQ(step.to, 5);
  EXPECT_FALSE(step.may_end_earlier);
  driver.went_well();
  EXPECT_EQ(name(driver.next()), "post event-notification");
}

TEST(NotificationBounds, ForgetsANotificationThatIsDone) {
  for (std::int64_t under_way : {0, 1, 2}) {
    DeliveryMachine::State before = active(2, 9);
    before.under_way = under_way;
    EXPECT_EQ(Driver({.batch_max = 100}, before).next().to, 9) << under_way;
  }
}

TEST(NotificationBounds, WritesDownOnlyBoundsThatARestartWouldNotFindAgain) {
  struct Row {
    const char* what;
    std::int64_t batch, committed;
    bool expected;
  };
  for (const Row& row : {Row{"one by one", 1, 5, false}, Row{"full", 5, 5, false}, Row{"more behind it", 5, 9, false},
                         Row{"others may join", 100, 5, true}, Row{"one, where more could be", 100, 1, true}}) {
    Driver driver({.batch_max = row.batch}, active(0, row.committed));
    driver.next();
    driver.went_well();
    EXPECT_EQ(name(driver.next()), row.expected ? "begin" : "post event-notification") << row.what;
    if (row.expected) driver.went_well();
    if (row.expected) EXPECT_EQ(name(driver.next()), "post event-notification") << row.what;
  }
}

TEST(NotificationBounds, WritesDownBoundsThatChangedAfterAll) {
  Driver driver({.batch_max = 5}, active(0, 5));
  EXPECT_TRUE(driver.next().may_end_earlier);
  EXPECT_EQ(driver.made(3).until("begin").given.to, 3);   // more do not fit
  driver.until("post event-notification").answered(413);  // refused, and cut into single events
  EXPECT_EQ(driver.until("begin").given.to, 1);
}

TEST(NotificationBounds, KeepsTheBoundsOfWhatIsUnderWayThroughAHandshakeThatFails) {
  Driver driver({.batch_max = 100}, active(0, 3));
  EXPECT_EQ(driver.until("post event-notification").given.to, 3);
  driver.answered(0);
  for (unsigned status : {500u, 200u}) {
    driver.machine.changed(driver.settings, DeliveryMachine::Asks::Handshake);
    driver.until("post handshake").answered(status).until("set");
    driver.went_well();
    driver.machine.committed(9);
  }
  EXPECT_EQ(driver.until("post event-notification").given.to, 3);
}

}  // namespace
}  // namespace vardbron::subscription
