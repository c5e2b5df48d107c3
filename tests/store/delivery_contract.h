#pragma once

#include "gateway/base/limits.h"
#include "tests/store/contract.h"

#include <algorithm>
#include <atomic>
#include <string>
#include <vector>

namespace vardbron::store {

/// What every store keeps for delivery and for the access log.
template <class House>
class DeliveryContract : public StoreContract<House> {};

TYPED_TEST_SUITE_P(DeliveryContract);

TYPED_TEST_P(DeliveryContract, KeepsStatusAndCountersApart) {
  ASSERT_TRUE(this->house.run(this->house.store().set_subscription_status("sub-1", "active", "")).ok());
  this->must_commit(a_change("m1"));
  this->must_commit(a_change("m2", "case-1", 1));

  ASSERT_TRUE(this->house.run(this->house.store().set_subscription_status("sub-1", "error", "HTTP 500")).ok());

  SubscriptionState state = this->subscription("sub-1");
  EXPECT_EQ(state.status, "error");
  EXPECT_EQ(state.error, "HTTP 500");
  EXPECT_EQ(state.events, 2);
  EXPECT_THAT(*this->house.run(this->house.store().subscriptions()), SizeIs(1));
  EXPECT_EQ(this->cause(this->house.run(this->house.store().subscription("sub-2"))), Cause::NotFound);
}

TYPED_TEST_P(DeliveryContract, RemembersWhatHoldsADeliveryUpUntilTheNextStatus) {
  for (const DeliveryHold hold : {DeliveryHold::HandshakeDue, DeliveryHold::Stopped, DeliveryHold::None}) {
    ASSERT_TRUE(this->house.run(this->house.store().set_subscription_status("sub-1", "error", "", hold)).ok());
    EXPECT_EQ(this->subscription("sub-1").hold, hold);
    this->must_commit(a_change("m" + std::to_string(static_cast<int>(hold)), "case-" + std::to_string(static_cast<int>(hold))));
    ASSERT_TRUE(this->house.run(this->house.store().advance("sub-1", 1)).ok());
    this->house.reopen();
    EXPECT_EQ(this->subscription("sub-1").hold, hold);
  }
  ASSERT_TRUE(this->house.run(this->house.store().set_subscription_status("sub-1", "error", "", DeliveryHold::Stopped)).ok());
  ASSERT_TRUE(this->house.run(this->house.store().set_subscription_status("sub-1", "active", "")).ok());
  EXPECT_EQ(this->subscription("sub-1").hold, DeliveryHold::None);
}

TYPED_TEST_P(DeliveryContract, NeverGoesBackInDelivery) {
  for (int version = 0; version < 5; ++version) this->must_commit(a_change("m" + std::to_string(version), "case-1", version));
  auto advance = [&](std::int64_t number) {
    EXPECT_TRUE(this->house.run(this->house.store().advance("sub-1", number)).ok());
    return this->subscription("sub-1").delivered;
  };
  EXPECT_EQ(advance(3), 3);
  EXPECT_EQ(advance(2), 3);
  EXPECT_EQ(advance(99), 5);
  EXPECT_EQ(this->cause(this->house.run(this->house.store().advance("sub-2", 1))), Cause::NotFound);
}

TYPED_TEST_P(DeliveryContract, RemembersHowFarTheNotificationUnderWayGoes) {
  for (int version = 0; version < 5; ++version) this->must_commit(a_change("m" + std::to_string(version), "case-1", version));
  EXPECT_EQ(this->subscription("sub-1").under_way, 0);
  ASSERT_TRUE(this->house.run(this->house.store().advance("sub-1", 2)).ok());

  ASSERT_TRUE(this->house.run(this->house.store().begin_notification("sub-1", 4)).ok());
  EXPECT_EQ(this->subscription("sub-1").under_way, 4);
  EXPECT_EQ(this->cause(this->house.run(this->house.store().begin_notification("sub-2", 1))), Cause::NotFound);
  this->house.reopen();

  EXPECT_EQ(this->subscription("sub-1").under_way, 4);
  EXPECT_EQ(this->subscription("sub-1").delivered, 2);
  EXPECT_EQ(this->subscription("sub-1").events, 5);
}

TYPED_TEST_P(DeliveryContract, AnAdvanceBringsItsRowsOfTheAccessLog) {
  for (int version = 0; version < 3; ++version) this->must_commit(a_change("m" + std::to_string(version), "case-1", version));

  std::vector<AuditRow> first = {an_audit_row("deliver"), an_audit_row("withhold")}, second = {an_audit_row("deliver")};
  ASSERT_TRUE(this->house.run(this->house.store().advance("sub-1", 2, first)).ok());
  ASSERT_TRUE(this->house.run(this->house.store().advance("sub-1", 3, second)).ok());
  EXPECT_EQ(this->cause(this->house.run(this->house.store().advance("sub-2", 1, first))), Cause::NotFound);

  this->house.reopen();

  EXPECT_EQ(this->subscription("sub-1").delivered, 3);
  std::vector<AuditRow> rows = *this->house.run(this->house.store().audit_rows(3, 10));
  ASSERT_THAT(rows, SizeIs(3));
  EXPECT_EQ(rows[0].action, "deliver");
  EXPECT_EQ(rows[1].action, "withhold");
  EXPECT_EQ(rows[2].number, 6);
  EXPECT_EQ(*this->house.run(this->house.store().verify_audit()), 6);
}

TYPED_TEST_P(DeliveryContract, AnswersEventsByRangeAndKeepsTheDeadOnes) {
  for (int version = 0; version < 5; ++version) this->must_commit(a_change("m" + std::to_string(version), "case-1", version));

  ASSERT_TRUE(this->house.run(this->house.store().dead_letter("sub-1", 2, "404 for three days")).ok());

  std::vector<Event> some = this->events("sub-1", 2, 4, 2);
  ASSERT_THAT(some, SizeIs(2));
  EXPECT_EQ(some[0].number, 2);
  EXPECT_TRUE(some[0].dead);
  EXPECT_EQ(some[0].reason, "404 for three days");
  EXPECT_FALSE(some[1].dead);
  EXPECT_EQ(some[1].focus, "Encounter/e1");
  EXPECT_THAT(some[1].context, ElementsAre("Patient/p1", "Task/t1"));
  EXPECT_EQ(this->subscription("sub-1").delivered, 2);
  EXPECT_EQ(this->cause(this->house.run(this->house.store().dead_letter("sub-1", 6, ""))), Cause::NotFound);
  EXPECT_EQ(this->cause(this->house.run(this->house.store().dead_letter("sub-2", 1, ""))), Cause::NotFound);
  EXPECT_THAT(this->events("sub-2"), IsEmpty());
}

TYPED_TEST_P(DeliveryContract, NumbersAuditRowsOfChangesAndOfReadsInOneChain) {
  this->must_commit(a_change("m1"));
  std::vector<AuditRow> rows = {an_audit_row("read"), an_audit_row("refuse")};
  ASSERT_TRUE(this->house.run(this->house.store().audit(rows)).ok());

  Result<std::vector<AuditRow>> kept = this->house.run(this->house.store().audit_rows(1, 10));

  ASSERT_TRUE(kept.ok());
  ASSERT_THAT(*kept, SizeIs(2));
  EXPECT_EQ(kept->at(0).number, 2);
  EXPECT_EQ(kept->at(1).action, "refuse");
  EXPECT_EQ(kept->at(1).caller, municipality);
  EXPECT_EQ(*this->house.run(this->house.store().verify_audit()), 3);
}

TYPED_TEST_P(DeliveryContract, ForgetsADeletedSubscriptionInStepsAndNothingElse) {
  const auto events = static_cast<std::int64_t>(2 * limits::forgotten_events_per_commit_max + 1);
  Change change = a_change("m1");
  const EventWrite of_another = change.events.at(0);
  const std::shared_ptr<const Audience> gone = audience_of({"gone"});
  change.events.clear();
  for (std::int64_t each = 0; each < events; ++each) {
    change.events.push_back(of_another);
    change.events.back().to = gone;
  }
  change.events.push_back(of_another);
  this->must_commit(std::move(change));
  ASSERT_TRUE(this->house.run(this->house.store().advance("gone", events)).ok());
  ASSERT_TRUE(this->house.run(this->house.store().set_subscription_status("gone", "off", "")).ok());
  const auto forget = [&] { return *this->house.run(this->house.store().forget_subscription("gone")); };

  EXPECT_FALSE(forget());
  SubscriptionState half = this->subscription("gone");
  EXPECT_EQ(half.events, events - static_cast<std::int64_t>(limits::forgotten_events_per_commit_max));
  EXPECT_EQ(half.delivered, half.events);
  EXPECT_EQ(half.status, "off");
  EXPECT_TRUE(this->house.run(this->house.store().verify())->findings.empty());
  this->house.reopen();
  EXPECT_FALSE(forget());
  EXPECT_TRUE(forget());
  EXPECT_TRUE(forget()) << "it is gone already";

  for (const bool is_reopened : {false, true}) {
    if (is_reopened) this->house.reopen();
    EXPECT_EQ(this->cause(this->house.run(this->house.store().subscription("gone"))), Cause::NotFound);
    EXPECT_THAT(*this->house.run(this->house.store().events("gone", 1, events, 10'000)), SizeIs(0));
    EXPECT_EQ(this->cause(this->house.run(this->house.store().advance("gone", 1))), Cause::NotFound);
    EXPECT_EQ(this->subscription(of_another.to->name).events, 1);
    EXPECT_TRUE(this->house.run(this->house.store().verify())->findings.empty());
  }
}

TYPED_TEST_P(DeliveryContract, FindsTheRowsOfCasesInOrderAndPages) {
  std::vector<AuditRow> rows;
  for (int each = 0; each < 30; ++each) {
    rows.push_back(an_audit_row("read", "Task/t" + std::to_string(each)));
    rows.back().case_key = each % 3 == 0 ? "case-1" : each % 3 == 1 ? "case-2" : "";
  }
  ASSERT_TRUE(this->house.run(this->house.store().audit(rows)).ok());
  this->house.reopen();
  const auto numbers = [&](std::vector<std::string> cases, std::int64_t after, std::size_t count) {
    std::vector<std::int64_t> found;
    for (const AuditRow& each : *this->house.run(this->house.store().audit_rows_of(std::move(cases), after, count)))
      found.push_back(each.number);
    return found;
  };
  EXPECT_THAT(numbers({"case-1"}, 0, 4), ElementsAre(1, 4, 7, 10));
  EXPECT_THAT(numbers({"case-2", "case-1"}, 10, 5), ElementsAre(11, 13, 14, 16, 17));
  EXPECT_THAT(numbers({"case-2", "case-1"}, 0, 100), SizeIs(20));
  EXPECT_THAT(numbers({"", "another"}, 0, 100), IsEmpty()) << "rows of no case are of nobody";
  EXPECT_THAT(numbers({}, 0, 100), IsEmpty());
}

REGISTER_TYPED_TEST_SUITE_P(DeliveryContract, FindsTheRowsOfCasesInOrderAndPages,
                            ForgetsADeletedSubscriptionInStepsAndNothingElse, KeepsStatusAndCountersApart,
                            RemembersWhatHoldsADeliveryUpUntilTheNextStatus, NeverGoesBackInDelivery,
                            RemembersHowFarTheNotificationUnderWayGoes, AnAdvanceBringsItsRowsOfTheAccessLog,
                            AnswersEventsByRangeAndKeepsTheDeadOnes, NumbersAuditRowsOfChangesAndOfReadsInOneChain);

}  // namespace vardbron::store
